"""What the interoperability tests of gRPC ask of a server, asked of our own methods by grpcio.

Usage: interop.py TARGET, with the stubs of the proto on the path.
"""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable, Iterator

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from cesura.v1 import document_pb2 as document
from cesura.v1 import segmentation_service_pb2 as api
from cesura.v1.segmentation_service_pb2_grpc import SegmentationServiceStub

SENTENCE = "Il governo non ha detto nulla."


def refused(call: Callable[[], object]) -> grpc.RpcError:
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call was not refused")


def reason(error: grpc.RpcError) -> str:
    info = error_details_pb2.ErrorInfo()
    for detail in rpc_status.from_call(error).details:
        if detail.Unpack(info):
            return info.reason
    raise AssertionError(f"no ErrorInfo: {error}")


def bulk(*texts: str) -> api.SegmentDocumentsRequest:
    documents = [document.SourceDocument(document_id=text[:20], text=text) for text in texts]
    return api.SegmentDocumentsRequest(documents=documents)


def chunks(*texts: str, end: bool = True) -> Iterator[api.SegmentChunksRequest]:
    for text in texts:
        yield api.SegmentChunksRequest(chunk=text.encode())
    if end:
        yield api.SegmentChunksRequest(end=api.DocumentEnd())


def empty_unary(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    assert stub.GetServerInfo(api.GetServerInfoRequest()).version


def large_unary(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    # Just under the 4 MiB of a message, in one answer.
    texts = [f"{SENTENCE} {'Poi esce. ' * 390}" for _ in range(1000)]
    request = api.DetectLanguageRequest(texts=texts)
    assert 3_900_000 < request.ByteSize() < 4 << 20
    assert {found.language_code for found in stub.DetectLanguage(request).detections} == {"it"}
    over = api.DetectLanguageRequest(texts=["a" * ((4 << 20) + 1)])
    error = refused(lambda: stub.DetectLanguage(over))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED and reason(error) == "MESSAGE_TOO_LARGE", error


def compressed(stub: SegmentationServiceStub, channel: grpc.Channel) -> None:
    plain = stub.DetectLanguage(api.DetectLanguageRequest(texts=[SENTENCE] * 50))
    for compression in (grpc.Compression.Gzip, grpc.Compression.NoCompression):
        request = api.DetectLanguageRequest(texts=[SENTENCE] * 50)
        assert stub.DetectLanguage(request, compression=compression) == plain
        answers = stub.SegmentChunks(chunks(*[SENTENCE + " "] * 200), compression=compression)
        segments = [one for answer in answers for event in answer.events for one in event.unit.segments]
        assert len(segments) == 200, len(segments)
    # What is compressed by rules that the server does not know.
    error = refused(lambda: stub.DetectLanguage(request, compression=grpc.Compression.Deflate))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED, error


def empty_stream(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    assert list(stub.SegmentDocuments(iter(()))) == []
    # A document is one only with its end.
    error = refused(lambda: list(stub.SegmentChunks(iter(()))))
    assert error.code() is grpc.StatusCode.CANCELLED and reason(error) == "DOCUMENT_ABANDONED", error


def ping_pong(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    sent: queue.Queue[api.SegmentDocumentsRequest | None] = queue.Queue()
    answers = stub.SegmentDocuments(iter(sent.get, None))
    for size in (1, 10, 1000, 20_000, 3):
        text = f"Numero {size}. " * size
        sent.put(bulk(text))
        last, texts = False, ""
        while not last:
            for result in next(answers).results:
                for event in result.events:
                    parts = [*event.unit.segments, *event.unit.ignorables]
                    texts += "".join(part.text for part in sorted(parts, key=lambda part: part.span.start))
                    texts += event.skeleton.text
                last = result.last
        assert texts == text, f"{size}: {texts[:100]}"
    sent.put(None)
    assert list(answers) == []


def cancel_after_begin(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    never: queue.Queue[None] = queue.Queue()
    answers = stub.SegmentChunks(iter(never.get, None))
    answers.cancel()
    assert refused(lambda: next(answers)).code() is grpc.StatusCode.CANCELLED
    never.put(None)


def cancel_after_first_response(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    sent: queue.Queue[api.SegmentDocumentsRequest | None] = queue.Queue()
    sent.put(bulk(SENTENCE))
    answers = stub.SegmentDocuments(iter(sent.get, None))
    assert next(answers).results
    answers.cancel()
    assert refused(lambda: next(answers)).code() is grpc.StatusCode.CANCELLED
    sent.put(None)


def timeout(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    sent: queue.Queue[api.SegmentChunksRequest | None] = queue.Queue()
    sent.put(api.SegmentChunksRequest(chunk=SENTENCE.encode()))
    answers = stub.SegmentChunks(iter(sent.get, None), timeout=0.3)
    assert refused(lambda: list(answers)).code() is grpc.StatusCode.DEADLINE_EXCEEDED
    sent.put(None)


def unimplemented(_: SegmentationServiceStub, channel: grpc.Channel) -> None:
    for path in ("/cesura.v1.SegmentationService/NoSuchMethod", "/cesura.v1.NoSuchService/SegmentDocument"):
        error = refused(lambda: channel.unary_unary(path)(b""))  # noqa: B023
        assert error.code() is grpc.StatusCode.UNIMPLEMENTED and "cesura.v1." in error.details(), error


def status_code_and_message(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    # What was given stands in the message, whatever letters it has; what cannot be seen, escaped.
    for given, shown in (("no tag", "no tag"), ("\t\r\n☺ 😈\n", "\\t\\r\\n☺ 😈\\n"), ("100 %zz", "100 %zz")):
        options = document.SegmentationOptions(language_code=given)
        request = api.SegmentDocumentRequest(document=document.SourceDocument(text=SENTENCE), options=options)
        error = refused(lambda: list(stub.SegmentDocument(request)))  # noqa: B023
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT, error
        assert reason(error) == "MALFORMED_LANGUAGE_TAG", error
        assert rpc_status.from_call(error).message == error.details(), error
        assert f'"{shown}"' in error.details(), error


def custom_metadata(stub: SegmentationServiceStub, _: grpc.Channel) -> None:
    metadata = (("x-request-id", "interop/1"), ("x-other", "a"), ("x-trailing-bin", b"\x0a\x0b\xff"))
    _, call = stub.DetectLanguage.with_call(api.DetectLanguageRequest(texts=[SENTENCE]), metadata=metadata)
    assert dict(call.initial_metadata())["x-request-id"] == "interop/1"
    answers = stub.SegmentDocuments(iter([bulk(SENTENCE)]), metadata=metadata)
    list(answers)
    assert dict(answers.initial_metadata())["x-request-id"] == "interop/1"
    # One that cannot stand in a log is replaced.
    _, call = stub.DetectLanguage.with_call(
        api.DetectLanguageRequest(texts=[SENTENCE]), metadata=(("x-request-id", "a b"),)
    )
    assert " " not in dict(call.initial_metadata())["x-request-id"]


CASES = [
    empty_unary, large_unary, compressed, empty_stream, ping_pong, cancel_after_begin, cancel_after_first_response,
    timeout, unimplemented, status_code_and_message, custom_metadata,
]  # fmt: skip


def main(target: str) -> None:
    with grpc.insecure_channel(target) as channel:
        stub = SegmentationServiceStub(channel)
        for case in CASES:
            case(stub, channel)
            # Whatever became of it, the connection is as good as before.
            empty_unary(stub, channel)
            print(f"  ok  {case.__name__}")


if __name__ == "__main__":
    main(sys.argv[1])
