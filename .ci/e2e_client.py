"""Calls every method with stubs generated from the proto, and checks what comes back."""

import pathlib
import subprocess

import grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from cesura.v1 import alignment_service_pb2 as alignment, comparison_service_pb2 as comparison
from cesura.v1 import document_pb2 as document, segmentation_service_pb2 as api
from cesura.v1.alignment_service_pb2_grpc import AlignmentServiceStub
from cesura.v1.comparison_service_pb2_grpc import ComparisonServiceStub
from cesura.v1.segmentation_service_pb2_grpc import SegmentationServiceStub

TARGET = "127.0.0.1:50051"
SEEDS = sorted(pathlib.Path("seeds").glob("*.txt"))


def pieces(events):
    """Spans and texts of all that tiles the document, in order."""
    for event in events:
        if event.HasField("skeleton"):
            yield event.skeleton.span, event.skeleton.text
        elif event.HasField("unit"):
            parts = [*event.unit.segments, *event.unit.ignorables]
            for part in sorted(parts, key=lambda part: part.span.start):
                yield part.span, part.text


def check_tiling(text, events):
    at = 0
    for span, piece in pieces(events):
        assert (span.start, text[span.start : span.end]) == (at, piece), (at, piece)
        at = span.end
    assert at == len(text)
    assert events[0].HasField("head") and events[-1].HasField("tail")


def segments(events):
    return [segment.text for event in events for segment in event.unit.segments]


def whole(stub, text, options):
    source = document.SourceDocument(document_id="whole", text=text)
    request = api.SegmentDocumentRequest(document=source, options=options)
    return [event for response in stub.SegmentDocument(request) for event in response.events]


def chunked(stub, text, options, size):
    def requests():
        yield api.SegmentChunksRequest(start=api.DocumentStart(document_id="whole", options=options))
        data = text.encode()
        for at in range(0, len(data), size):
            yield api.SegmentChunksRequest(chunk=data[at : at + size])
        yield api.SegmentChunksRequest(end=api.DocumentEnd())

    return [event for response in stub.SegmentChunks(requests()) for event in response.events]


def bulk(stub, texts, options):
    documents = [document.SourceDocument(document_id=str(i), text=text) for i, text in enumerate(texts)]
    documents.append(document.SourceDocument(document_id="bad", content=b"caff\xe9 caldo"))
    requests = [api.SegmentDocumentsRequest(options=options, documents=documents)]
    results = {}
    for response in stub.SegmentDocuments(iter(requests)):
        for result in response.results:
            results.setdefault(result.document_id, []).append(result)
    return results


def check_details(text, events):
    """What a client does with machine text, masks and chunks, in code points as Python counts."""
    masked = chunks = 0
    for event in events:
        for segment in event.unit.segments:
            rebuilt, at = "", segment.span.start
            for edit in segment.machine_text.edits:
                rebuilt += text[at : edit.span.start]
                assert len(rebuilt) == edit.text_start
                rebuilt += segment.machine_text.text[edit.text_start : edit.text_end]
                at = edit.span.end
            assert rebuilt + text[at : segment.span.end] == segment.machine_text.text
            translation = " ".join(reversed(segment.masked_text.text.split(" ")))
            for placeholder in segment.masked_text.placeholders:
                assert text[placeholder.span.start : placeholder.span.end] == placeholder.original
                assert translation.count(placeholder.token) == 1
                translation = translation.replace(placeholder.token, placeholder.original)
                masked += 1
            assert all(placeholder.original in translation for placeholder in segment.masked_text.placeholders)
        if event.HasField("model_chunk"):
            chunks += 1
            for part in event.model_chunk.parts:
                held = event.model_chunk.text[part.text_start : part.text_end]
                assert held == text[part.span.start : part.span.end]
    return masked, chunks


def check_alignment(channel):
    """A document with segments that are ready: spans in the one, positions in both."""
    text = "Il vertice è a Trieste – oggi. Sono attesi 14 ministri."
    ready = ["The summit is in Trieste today.", "14 ministers are expected."]
    request = alignment.AlignTextsRequest(
        source=document.GivenText(document=document.SourceDocument(text=text)),
        target=document.GivenText(
            segments=document.ReadySegments(segments=[document.ReadySegment(text=one) for one in ready])
        ),
        options=alignment.AlignmentOptions(
            segmentation=document.SegmentationOptions(offset_encoding=document.OFFSET_ENCODING_UTF32)
        ),
    )
    stub = AlignmentServiceStub(channel)
    events = [event for response in stub.AlignTexts(request) for event in response.events]
    assert events[0].HasField("head") and events[-1].tail.parallel
    beads = [event.bead for event in events if event.HasField("bead")]
    for number, bead in enumerate(beads):
        assert list(bead.source.segments) == list(bead.target.segments) == [number], bead
        assert text[bead.source.span.start : bead.source.span.end] == bead.source.texts[0]
        assert bead.target.texts[0] == ready[number] and not bead.target.HasField("span")
    return len(beads)


def check_comparison(channel, texts):
    """The seeds share what they share, whatever their order; spans lead back to the text."""
    stub = ComparisonServiceStub(channel)

    def groups(texts):
        request = comparison.CompareDocumentsRequest(
            documents=[document.GivenText(document=document.SourceDocument(text=text)) for text in texts],
            options=comparison.ComparisonOptions(
                segmentation=document.SegmentationOptions(offset_encoding=document.OFFSET_ENCODING_UTF32)
            ),
        )
        events = [event for response in stub.CompareDocuments(request) for event in response.events]
        assert events[0].HasField("head") and events[-1].HasField("tail")
        found = [event.group for event in events if event.HasField("group")]
        for group in found:
            for member in group.members:
                assert texts[member.document][member.span.start : member.span.end] == member.text
        return sorted(sorted(member.text for member in group.members) for group in found)

    found = groups(texts)
    assert found == groups(texts[::-1])
    return len(found)


def refused(call):
    try:
        call()
    except grpc.RpcError as error:
        details = rpc_status.from_call(error).details
        found = {}
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest):
            for detail in details:
                message = kind()
                if detail.Unpack(message):
                    found[kind.__name__] = message
        return error, found
    raise AssertionError("the call was not refused")


def main():
    channel = grpc.insecure_channel(TARGET)
    stub = SegmentationServiceStub(channel)
    options = document.SegmentationOptions(offset_encoding=document.OFFSET_ENCODING_UTF32)

    texts = [path.read_text(encoding="utf-8") for path in SEEDS]
    assert len(texts) == 5
    results = bulk(stub, texts, options)
    for number, text in enumerate(texts):
        events = whole(stub, text, options)
        check_tiling(text, events)
        for size in (1, 100, 65536):
            again = chunked(stub, text, options, size)
            assert again == events, f"seed {number} in chunks of {size}"
        of_bulk = [event for part in results[str(number)] for event in part.events]
        assert segments(of_bulk) == segments(events)
        print(f"seed {number}: {len(segments(events))} segments, the same by all three methods")
    (bad,) = results["bad"]
    assert bad.last and bad.status.code == grpc.StatusCode.INVALID_ARGUMENT.value[0], bad

    print(f"aligned: {check_alignment(channel)} beads; compared: {check_comparison(channel, texts)} groups of the seeds")

    found = stub.DetectLanguage(api.DetectLanguageRequest(texts=texts)).detections
    assert [detection.language_code for detection in found] == ["it"] * 5
    rules = stub.ListRules(api.ListRulesRequest(language_code="it")).rules
    assert len(rules) > 40 and rules[-1].rule_id == "limit.block-cut" and all(rule.reason and rule.examples for rule in rules)
    info = stub.GetServerInfo(api.GetServerInfoRequest())
    print(f"cesura {info.version}, {len(rules)} rules, documents up to {info.limits.document_bytes_max} bytes")

    exported = subprocess.run(["target/release/cesura", "rules", "--srx", "--language", "it"], check=True, capture_output=True, text=True)
    by_srx = document.SegmentationOptions(srx=exported.stdout, explain=True)
    found = [segment for event in whole(stub, texts[0], by_srx) if event.HasField("unit") for segment in event.unit.segments]
    decided = [segment for segment in found if segment.rule_id.startswith("srx.request.line-")]
    assert len(decided) > len(found) / 3, (len(decided), len(found))
    choices = document.SegmentationOptions(
        newline_policy=document.NEWLINE_POLICY_BLOCK_END, whole_quotations=True, no_break_forms=["Alta."], break_forms=["ecc."])
    found = segments(whole(stub, "Rossi: «Sì. No». Alta. Bassa ecc. e poi\nbasta", choices))
    assert found == ["Rossi: «Sì. No».", "Alta. Bassa ecc.", "e poi", "basta"], found
    error, details = refused(lambda: whole(stub, "Testo.", document.SegmentationOptions(srx="<srx/>")))
    assert details["ErrorInfo"].reason == "SRX_NOT_SUPPORTED", error
    print(f"SRX exported, sent back in a request: it decided {len(decided)} boundaries")

    everything = document.SegmentationOptions(
        offset_encoding=document.OFFSET_ENCODING_UTF32,
        details=[document.DETAIL_ALL],
        packing=document.PackingOptions(budget=80, budget_unit=document.BUDGET_UNIT_WORDS, overlap_segments=1))
    counts = [check_details(text, whole(stub, text, everything)) for text in texts]
    masked, chunks = map(sum, zip(*counts))
    assert masked > 5 and chunks > 10, counts
    print(f"details: {masked} placeholders put back after words were turned around, {chunks} chunks")

    error, details = refused(lambda: whole(stub, "Testo.", document.SegmentationOptions(language_code="no tag")))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert details["ErrorInfo"].reason == "MALFORMED_LANGUAGE_TAG"
    assert details["BadRequest"].field_violations[0].field == "options.language_code"
    error, details = refused(lambda: list(stub.SegmentChunks(iter([api.SegmentChunksRequest(chunk=b"Il testo")]))))
    assert details["ErrorInfo"].reason == "DOCUMENT_ABANDONED", error

    health = health_pb2_grpc.HealthStub(channel)
    answer = health.Check(health_pb2.HealthCheckRequest(service="cesura.v1.SegmentationService"))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert "cesura.v1.SegmentationService" in ProtoReflectionDescriptorDatabase(channel).get_services()
    print("errors carry their details; health and reflection v1alpha answer")


main()
