"""How servers are reached, and what is tried again: against a server that answers to order."""

from __future__ import annotations

import concurrent.futures
import gzip
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
import trustme
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

import cesura
from cesura._methods import SEGMENT_DOCUMENT
from cesura.connection import TLS
from cesura.testing import ServerProcess

QUICK = cesura.RetryPolicy(attempts_max=4, delay_first=0.01, delay_max=0.05)


class ToOrder(grpc.GenericRpcHandler):
    """Answers each method by a function of the request (or requests) and the context."""

    def __init__(self, answers: dict[str, Callable[[Any, grpc.ServicerContext], Any]]) -> None:
        self.calls: list[dict[str, Any]] = []
        self._answers = answers

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        name = details.method.rpartition("/")[2]
        if name not in self._answers:
            return None
        self.calls.append(dict(details.invocation_metadata))
        method = getattr(cesura._methods, _constant(name))
        kinds: dict[str, Any] = {
            "DetectLanguage": grpc.unary_unary_rpc_method_handler,
            "GetServerInfo": grpc.unary_unary_rpc_method_handler,
            "SegmentDocument": grpc.unary_stream_rpc_method_handler,
            "Export": grpc.unary_stream_rpc_method_handler,
            "Merge": grpc.unary_stream_rpc_method_handler,
        }
        kind = kinds.get(name, grpc.stream_stream_rpc_method_handler)
        return kind(  # type: ignore[no-any-return]
            self._answers[name], method.request.FromString, method.response.SerializeToString
        )


def _constant(name: str) -> str:
    return "".join("_" + letter if letter.isupper() else letter for letter in name).strip("_").upper()


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[str, ToOrder]]]:
    servers = []

    def start(
        credentials: grpc.ServerCredentials | None = None, **answers: Callable[[Any, Any], Any]
    ) -> tuple[str, ToOrder]:
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
        handler = ToOrder(answers)
        server.add_generic_rpc_handlers((handler,))
        if credentials is None:
            port = server.add_insecure_port("127.0.0.1:0")
        else:
            port = server.add_secure_port("127.0.0.1:0", credentials)
        server.start()
        servers.append(server)
        return f"127.0.0.1:{port}", handler

    yield start
    for server in servers:
        server.stop(None).wait()


def refuse(context: Any, code: grpc.StatusCode, message: str, *details: Message) -> None:
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, message)


def come_back(seconds: float) -> Any:
    retry: Any = error_details_pb2.RetryInfo()
    retry.retry_delay.FromMicroseconds(int(seconds * 1e6))
    return retry


def detected(request: Any, context: Any) -> Any:
    return cesura.DetectLanguageResponse(detections=[cesura.LanguageDetection(language_code="it")])


def test_exhausted_is_tried_again_only_with_retry_info(make: Any, serve: Any) -> None:
    left = 2

    def answer(request: Any, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "later", come_back(0.3))
        return detected(request, context)

    target, handler = serve(DetectLanguage=answer)
    with make(target, retry=QUICK) as client:
        assert client.detect_language("x").language_code == "it"
        assert len(handler.calls) == 3
        left = 1
        with pytest.raises(cesura.ResourceExhaustedError) as caught:
            client.detect_language("x", timeout=0.2)
        assert caught.value.retry_after == pytest.approx(0.3)

    def too_large(request: Any, context: Any) -> Any:
        info = error_details_pb2.ErrorInfo(reason="MESSAGE_TOO_LARGE", domain="cesura.v1")
        refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "too large", info)

    target, handler = serve(DetectLanguage=too_large)
    with make(target, retry=QUICK) as client:
        with pytest.raises(cesura.ResourceExhaustedError) as caught:
            client.detect_language("x")
    assert len(handler.calls) == 1 and caught.value.reason == "MESSAGE_TOO_LARGE"


def test_attempts_end(make: Any, serve: Any) -> None:
    def unavailable(request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNAVAILABLE, "not now")

    target, handler = serve(DetectLanguage=unavailable, SegmentDocuments=unavailable)
    with make(target, retry=QUICK) as client:
        with pytest.raises(cesura.UnavailableError, match="not now"):
            client.detect_language("x")
        assert len(handler.calls) == 4
        with pytest.raises(cesura.UnavailableError, match="not now"):
            list(client.segment_documents(["x"]))
        assert len(handler.calls) == 8


def whole(text: str) -> list[cesura.DocumentEvent]:
    return [
        cesura.DocumentEvent(head=cesura.DocumentHead(offset_encoding=cesura.OFFSET_ENCODING_UTF32)),
        cesura.DocumentEvent(skeleton=cesura.Skeleton(text=text)),
        cesura.DocumentEvent(tail=cesura.DocumentTail()),
    ]


def test_a_cut_answer_is_not_a_document(make: Any, serve: Any) -> None:
    def cut(request: Any, context: Any) -> Any:
        yield cesura.SegmentDocumentResponse(events=whole("x")[:2])

    target, handler = serve(SegmentDocument=cut)
    with make(target, retry=QUICK) as client:
        with pytest.raises(cesura.ServerError) as caught:
            client.segment("x")
    assert caught.value.reason == "ANSWER_CUT" and len(handler.calls) == 4


def test_a_long_answer_in_parts_that_breaks_begins_anew(make: Any, serve: Any) -> None:
    streams = 0

    def answer(requests: Any, context: Any) -> Any:
        nonlocal streams
        streams += 1
        index = 0
        for request in requests:
            for document in request.documents:
                events = whole(document.text)
                yield cesura.SegmentDocumentsResponse(
                    results=[cesura.DocumentResult(index=index, events=events[:2])]
                )
                if streams == 1 and index == 1:
                    context.abort(grpc.StatusCode.INTERNAL, "Received RST_STREAM with error code 2")
                yield cesura.SegmentDocumentsResponse(
                    results=[cesura.DocumentResult(index=index, events=events[2:], last=True)]
                )
                index += 1

    target, _ = serve(SegmentDocuments=answer)
    with make(target, retry=QUICK) as client:
        given = list(client.segment_documents(["a", "b", "c"]))
    assert [(text, len(answer.events)) for text, answer in given] == [("a", 3), ("b", 3), ("c", 3)]
    assert [answer.skeletons[0].text for _, answer in given] == ["a", "b", "c"]
    assert streams == 2


def test_another_answer_to_the_same_file_is_told(make: Any, serve: Any, tmp_path: Any) -> None:
    streams = 0

    def answer(requests: Any, context: Any) -> Any:
        nonlocal streams
        streams += 1
        for _ in requests:
            pass
        yield cesura.SegmentChunksResponse(events=whole(f"answer {streams}")[:2])
        context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    target, _ = serve(SegmentChunks=answer)
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")
    with make(target, retry=QUICK) as client:
        with pytest.raises(cesura.ServerError) as caught:
            list(client.segment_file(path))
    assert caught.value.reason == "ANSWER_CHANGED"


def test_an_older_server(make: Any, serve: Any) -> None:
    target, _ = serve(DetectLanguage=detected)
    with make(target) as client:
        with pytest.raises(cesura.UnimplementedError):
            client.export("x", cesura.EXPORT_FORMAT_PLAIN)


def test_an_export_is_tried_again_before_its_first_bytes_only(make: Any, serve: Any) -> None:
    calls = 0

    def answer(request: Any, context: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
        assert request.document.document.text == "x" and not request.HasField("xliff")
        assert not request.document.options.offset_encoding, "files count bytes"
        yield cesura.ExportResponse(media_type="text/plain", file_extension=".txt", content=b"a")
        yield cesura.ExportResponse(content=b"b")
        if calls == 3:
            context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    target, _ = serve(Export=answer)
    with make(target, retry=QUICK) as client:
        with client.export("x", cesura.EXPORT_FORMAT_PLAIN) as export:
            assert (export.media_type, export.file_extension) == ("text/plain", ".txt")
            assert export.read() == b"ab" and export.read() == b""
        with pytest.raises(cesura.UnavailableError, match="gone"):
            client.export("x", cesura.EXPORT_FORMAT_PLAIN).read()
    assert calls == 3


def test_what_a_merge_asks_and_gives(make: Any, serve: Any) -> None:
    asked: list[cesura.MergeRequest] = []

    def answer(request: Any, context: Any) -> Any:
        asked.append(request)
        problem = cesura.MergeProblem(kind=cesura.MERGE_PROBLEM_KIND_TARGET_MISSING)
        yield cesura.MergeResponse(
            events=[
                cesura.MergeEvent(head=cesura.MergeHead(target_language_code="en")),
                cesura.MergeEvent(content="È ".encode()[:1]),
                cesura.MergeEvent(content="È ".encode()[1:]),
                cesura.MergeEvent(problem=problem),
            ]
        )
        yield cesura.MergeResponse(events=[cesura.MergeEvent(tail=cesura.MergeTail(problem_count=1))])

    target, _ = serve(Merge=answer)
    with make(target, retry=QUICK) as client:
        merged = client.merge_segments("x", {2: "b"}, masked=True, target_language_code="en")
        assert merged.text == "È " and len(merged.problems) == merged.tail.problem_count == 1
        client.merge_segments("x", {"s-1": "b"})
        client.merge_segments("x", [cesura.SegmentTarget(segment_number=7, text="c")])
        client.merge_lines("x", b"map", ["a", "b"])
        client.merge_xliff("<a/>", missing_target=cesura.MISSING_TARGET_POLICY_REFUSE)
    assert asked[0].segments.targets[0].segment_number == 2 and asked[0].segments.masked
    assert asked[1].segments.targets[0].segment_id == "s-1"
    assert asked[2].segments.targets[0].segment_number == 7
    assert (asked[3].lines.back_map, asked[3].lines.text) == ("map", "a\nb\n")
    assert asked[4].xliff == b"<a/>"
    assert asked[4].missing_target_policy == cesura.MISSING_TARGET_POLICY_REFUSE


def test_tls_and_a_token_that_changes(make: Any, serve: Any) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("segmenter.internal")
    credentials = grpc.ssl_server_credentials(
        [(certificate.private_key_pem.bytes(), certificate.cert_chain_pems[0].bytes())]
    )
    target, handler = serve(credentials, DetectLanguage=detected)
    tokens = iter(["one", "two"])
    tls = TLS(authority.cert_pem.bytes(), server_name="segmenter.internal")
    with make(target, tls=tls, token=lambda: next(tokens)) as client:
        client.detect_language("x")
        client.detect_language("x")
    assert [call["authorization"] for call in handler.calls] == ["Bearer one", "Bearer two"]
    with make(target, tls=True, retry=QUICK) as client:
        with pytest.raises(cesura.UnavailableError):
            client.detect_language("x")


def test_tls_from_files(tmp_path: Any) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert TLS.from_files(root_certificates=tmp_path / "ca.pem").root_certificates
    with pytest.raises(ValueError, match="go together"):
        TLS(private_key=b"x")


@pytest.mark.parametrize(
    "target", ["10.0.0.1:50051", "dns:///segmenter:50051", "ipv4:127.0.0.1:1,10.0.0.1:1", "segmenter"]
)
def test_a_token_never_goes_over_a_network_in_plain_text(make: Any, target: str) -> None:
    with pytest.raises(ValueError, match="plain text"):
        make(target, token="secret")


@pytest.mark.parametrize("target", ["localhost:1", "[::1]:1", "ipv4:127.0.0.1:1,127.0.0.2:1", "unix:a"])
def test_a_token_may_stay_on_this_machine(make: Any, target: str) -> None:
    with make(target, token="secret") as client:
        assert "secret" not in repr(client)
    assert "secret" not in repr(TLS(private_key=b"secret", certificate_chain=b"chain"))


def test_metadata_goes_with_every_call(make: Any, serve: Any) -> None:
    target, handler = serve(DetectLanguage=detected)
    with make(target, metadata=[("x-team", "desk")], token="t") as client:
        client.detect_language("x")
    assert handler.calls[0]["x-team"] == "desk" and handler.calls[0]["authorization"] == "Bearer t"


def test_several_servers_take_turns_and_stand_in_for_each_other(
    make: Any, start: Callable[..., ServerProcess], seeds: list[str]
) -> None:
    """Without an authority of its own, grpc sends both addresses, and every call fails."""
    first, second = start(), start()
    with make(f"ipv4:{first.target},{second.target}") as client:
        for _ in range(6):
            assert client.segment("Una frase.").text == "Una frase."
        texts = [seeds[number % 5] for number in range(400)]
        given = []
        for text, answer in client.segment_documents(texts, streams=2, documents_in_flight=64):
            assert answer.text == text
            given.append(text)
            if len(given) == 50:
                first.kill()
        assert given == texts
        for _ in range(6):
            client.segment("Una frase.")


def test_settings_that_are_not_allowed(make: Any) -> None:
    with pytest.raises(ValueError, match="target is empty"):
        make("")
    with pytest.raises(ValueError, match="timeout"):
        make("a:1", timeout=0)
    wrong: Any
    for wrong in ({"attempts_max": 0}, {"delay_first": 3, "delay_max": 1}, {"multiplier": 0.5}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            cesura.RetryPolicy(**wrong)


def test_delays_grow_and_are_spread() -> None:
    policy = cesura.RetryPolicy(attempts_max=9, delay_first=1, delay_max=8, multiplier=2)
    error = cesura.UnavailableError("x")
    for failures, longest in ((1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (8, 8)):
        delays = [policy.delay_after(failures, error) for _ in range(200)]
        assert all(delay is not None and longest / 2 <= delay <= longest for delay in delays)
        assert len(set(delays)) > 100
    assert policy.delay_after(9, error) is None
    assert policy.delay_after(1, cesura.InvalidInputError("x")) is None
    asked = cesura.ResourceExhaustedError("x", retry_after=30.0)
    assert policy.delay_after(1, asked) == 30.0


def test_errors_go_to_other_processes() -> None:
    for kind in (cesura.UnavailableError, cesura.DeadlineExceededError, cesura.InvalidInputError):
        error = kind("what", reason="WHY", field="a.b", facts={"k": "v"}, retry_after=2.0)
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind and vars(again) == vars(error) and str(again) == str(error)
    status = status_pb2.Status(code=99, message="from the future")
    assert isinstance(cesura.error_of_status(status), cesura.ServerError)


def test_a_message_that_was_not_unpacked_is_read_all_the_same() -> None:
    message = cesura.messages.SegmentDocumentResponse()
    message.events.add().skeleton.text = "\n"
    packed = gzip.compress(message.SerializeToString())
    assert SEGMENT_DOCUMENT.decode(packed) == message == SEGMENT_DOCUMENT.decode(message.SerializeToString())
