"""The client for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from typing import Any, TypeVar, Union, overload

import grpc
import grpc.aio

from cesura import _methods as methods
from cesura import _requests as requests
from cesura._aio_documents import AsyncDocumentsRun
from cesura._methods import A, Method, Q
from cesura._requests import AnyText, Source
from cesura._window import Window, check_counts
from cesura.alignment import Alignment
from cesura.comparison import Comparison
from cesura.connection import TLS, Token, connection
from cesura.document import Document
from cesura.errors import CesuraError, ServerError, error_of_call
from cesura.exchange import AsyncExport, Merged
from cesura.retry import Deadline, RetryPolicy
from cesura.stream import AsyncDocumentStream, Progress
from cesura.v1.document_pb2 import (
    DocumentEvent,
    LanguageDetection,
    SegmentationOptions,
    SourceDocument,
)
from cesura.v1.exchange_service_pb2 import (
    MISSING_PLACEHOLDER_POLICY_UNSPECIFIED,
    MISSING_TARGET_POLICY_UNSPECIFIED,
    ExportFormat,
    ExportRequest,
    ExportResponse,
    MissingPlaceholderPolicy,
    MissingTargetPolicy,
    PlainOptions,
    SegmentTarget,
    XliffOptions,
)
from cesura.v1.segmentation_service_pb2 import (
    GetServerInfoRequest,
    GetServerInfoResponse,
    ListRulesRequest,
    Rule,
    SegmentChunksRequest,
)

D = TypeVar("D")
T = TypeVar("T")
S = TypeVar("S", bound=Source)
Chunks = Union[Iterable[bytes], AsyncIterable[bytes]]


class AsyncClient:
    """`cesura.Client` for asyncio: the same methods with the same arguments and errors.

    It belongs to the event loop in which its first call is made. Close it with ``await
    client.aclose()``, or use it in an ``async with`` block.

    Example::

        async with cesura.AsyncClient("127.0.0.1:50051") as client:
            document = await client.segment("Il dott. Rossi è qui. Poi esce.")
            async with client.segment_file("articolo.txt") as stream:
                async for segment in stream.segments():
                    print(segment.text)

    Arguments are those of `Client`.
    """

    def __init__(
        self,
        target: str = "127.0.0.1:50051",
        *,
        tls: TLS | bool | None = None,
        token: Token | None = None,
        timeout: float = 60.0,
        retry: RetryPolicy | None = None,
        authority: str = "",
        keepalive_interval: float = 60.0,
        message_bytes_max: int = 64 << 20,
        metadata: Sequence[tuple[str, str | bytes]] = (),
        channel_options: Sequence[tuple[str, object]] = (),
    ) -> None:
        self._connection = connection(
            target,
            tls=tls,
            token=token,
            timeout=timeout,
            retry=retry,
            authority=authority,
            keepalive_interval=keepalive_interval,
            message_bytes_max=message_bytes_max,
            metadata=metadata,
            channel_options=channel_options,
        )
        # A channel binds to the loop that runs when it is made, so it is made by the first call.
        self._made: grpc.aio.Channel | None = None
        self._closed = False
        self._info: GetServerInfoResponse | None = None

    # Segmentation

    async def detect_language(
        self, text: str, *, timeout: float | None = None
    ) -> LanguageDetection:
        """The language of a text: see `Client.detect_language`."""
        return (await self.detect_languages([text], timeout=timeout))[0]

    async def detect_languages(
        self, texts: Sequence[str], *, timeout: float | None = None
    ) -> list[LanguageDetection]:
        """The languages of texts, in their order: see `Client.detect_languages`."""
        if not texts:
            return []
        response = await self._unary(methods.DETECT_LANGUAGE, requests.detect(texts), timeout)
        return list(response.detections)

    async def segment(
        self,
        source: Source,
        *,
        options: SegmentationOptions | None = None,
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float | None = None,
    ) -> Document:
        """Segments a document and gives it back as a whole: see `Client.segment`."""
        request = requests.segment(source, options, document_id, language_code, charset)
        return await self._whole(
            methods.SEGMENT_DOCUMENT, request, timeout, lambda answer: Document(_events(answer))
        )

    def segment_chunks(
        self,
        chunks: Chunks,
        *,
        options: SegmentationOptions | None = None,
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float = math.inf,
    ) -> AsyncDocumentStream:
        """Segments one document that arrives in pieces: see `Client.segment_chunks`.

        `chunks` may be an asynchronous iterable or an ordinary one, which must not block.
        """
        start = requests.chunks_start(options, document_id, language_code, charset)
        if isinstance(chunks, (bytes, bytearray, memoryview, str)):
            raise TypeError("chunks must be an iterable of bytes; put one bytes object into a list")
        return AsyncDocumentStream(self._chunks(start, lambda: _async(chunks), False, timeout))

    def segment_file(
        self,
        path: str | os.PathLike[str],
        *,
        options: SegmentationOptions | None = None,
        document_id: str | None = None,
        language_code: str = "",
        charset: str = "",
        chunk_bytes: int = 64 << 10,
        timeout: float = math.inf,
    ) -> AsyncDocumentStream:
        """Segments a file of any length while reading it: see `Client.segment_file`."""
        if chunk_bytes < 1:
            raise ValueError(f"chunk_bytes is {chunk_bytes}; it must be 1 or more")
        with open(path, "rb"):
            pass
        if document_id is None:
            document_id = requests.file_name(path)
        start = requests.chunks_start(options, document_id, language_code, charset)

        async def read() -> AsyncGenerator[bytes, None]:
            with open(path, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, chunk_bytes):
                    yield chunk

        return AsyncDocumentStream(self._chunks(start, read, True, timeout))

    @overload
    def segment_documents(
        self,
        documents: Iterable[S] | AsyncIterable[S],
        *,
        options: SegmentationOptions | None = ...,
        ordered: bool = ...,
        streams: int = ...,
        documents_per_message: int = ...,
        documents_in_flight: int = ...,
        bytes_in_flight: int = ...,
        documents_per_stream: int | None = ...,
        timeout: float | None = ...,
    ) -> AsyncGenerator[tuple[S, Document | CesuraError], None]: ...

    @overload
    def segment_documents(
        self,
        documents: Iterable[D] | AsyncIterable[D],
        *,
        source: Callable[[D], Source],
        options: SegmentationOptions | None = ...,
        ordered: bool = ...,
        streams: int = ...,
        documents_per_message: int = ...,
        documents_in_flight: int = ...,
        bytes_in_flight: int = ...,
        documents_per_stream: int | None = ...,
        timeout: float | None = ...,
    ) -> AsyncGenerator[tuple[D, Document | CesuraError], None]: ...

    def segment_documents(
        self,
        documents: Iterable[Any] | AsyncIterable[Any],
        *,
        source: Callable[[Any], Source] | None = None,
        options: SegmentationOptions | None = None,
        ordered: bool = True,
        streams: int = 1,
        documents_per_message: int = 32,
        documents_in_flight: int = 256,
        bytes_in_flight: int = 32 << 20,
        documents_per_stream: int | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[tuple[Any, Document | CesuraError], None]:
        """Segments many documents, each answered by itself: see `Client.segment_documents`.

        `documents` may be an asynchronous iterable or an ordinary one, which must not block. To
        leave the loop early, wrap it in `contextlib.aclosing`, which ends what is under way at
        once.
        """
        check_counts(
            streams=streams,
            documents_per_message=documents_per_message,
            documents_in_flight=documents_in_flight,
            bytes_in_flight=bytes_in_flight,
            documents_per_stream=documents_per_stream,
        )
        self._check_open()
        window: Window[Any] = Window(
            options=requests.options_or_default(options),
            documents_max=documents_in_flight,
            bytes_max=bytes_in_flight,
            per_message_max=min(documents_per_message, documents_in_flight),
            message_bytes_max=requests.CHUNK_BYTES_MAX,
            ordered=ordered,
        )
        run: AsyncDocumentsRun[Any] = AsyncDocumentsRun(
            _async(documents),
            source or (lambda item: item),
            window,
            open_stream=self._documents_stream,
            message_bytes_max=self._message_bytes_max,
            retry=self._connection.retry,
            streams=streams,
            documents_per_stream=documents_per_stream,
            timeout=self._connection.timeout if timeout is None else timeout,
        )
        return run.results()

    # Alignment and comparison

    async def align(
        self,
        source: AnyText,
        target: AnyText,
        *,
        dictionary: Iterable[tuple[str, str]] = (),
        options: SegmentationOptions | None = None,
        source_language_code: str = "",
        target_language_code: str = "",
        timeout: float | None = None,
    ) -> Alignment:
        """Aligns a text with its translation: see `Client.align`."""
        request = requests.align(
            source, target, dictionary, options, source_language_code, target_language_code
        )
        return await self._whole(
            methods.ALIGN_TEXTS, request, timeout, lambda answer: Alignment(_events(answer))
        )

    async def compare(
        self,
        documents: Iterable[AnyText],
        *,
        pairs: bool = False,
        related_pairs: bool = False,
        score_min: float = 0.0,
        options: SegmentationOptions | None = None,
        timeout: float | None = None,
    ) -> Comparison:
        """Finds what articles have in common: see `Client.compare`."""
        request = requests.compare(documents, pairs, related_pairs, score_min, options)
        return await self._whole(
            methods.COMPARE_DOCUMENTS, request, timeout, lambda answer: Comparison(_events(answer))
        )

    # Exchange

    async def export(
        self,
        source: Source,
        format: ExportFormat.ValueType,
        *,
        options: SegmentationOptions | None = None,
        xliff: XliffOptions | None = None,
        plain: PlainOptions | None = None,
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float | None = None,
    ) -> AsyncExport:
        """Writes a document in a format of other tools: see `Client.export`.

        Example::

            export = await client.export(text, cesura.EXPORT_FORMAT_XLIFF_2_1)
            content = await export.read()
        """
        request = requests.export(
            format, source, options, document_id, language_code, charset, xliff, plain
        )
        return await self._export(request, timeout)

    async def export_alignment(
        self,
        source: AnyText,
        target: AnyText,
        format: ExportFormat.ValueType,
        *,
        dictionary: Iterable[tuple[str, str]] = (),
        options: SegmentationOptions | None = None,
        source_language_code: str = "",
        target_language_code: str = "",
        confidence_min: float = 0.0,
        timeout: float | None = None,
    ) -> AsyncExport:
        """Writes a text and its translation as TMX or JSON Lines: see `Client.export_alignment`."""
        content = requests.align(
            source, target, dictionary, options, source_language_code, target_language_code
        )
        return await self._export(requests.export_alignment(format, content, confidence_min), timeout)

    async def merge_xliff(
        self,
        xliff: str | bytes,
        *,
        missing_target: MissingTargetPolicy.ValueType = MISSING_TARGET_POLICY_UNSPECIFIED,
        missing_placeholder: MissingPlaceholderPolicy.ValueType = (
            MISSING_PLACEHOLDER_POLICY_UNSPECIFIED
        ),
        timeout: float | None = None,
    ) -> Merged:
        """Gives back the translated document of an XLIFF file: see `Client.merge_xliff`."""
        request = requests.merge_xliff(xliff, missing_target, missing_placeholder)
        return await self._merge(request, timeout)

    async def merge_segments(
        self,
        source: Source,
        targets: Mapping[int, str] | Mapping[str, str] | Iterable[SegmentTarget],
        *,
        masked: bool = False,
        target_language_code: str = "",
        options: SegmentationOptions | None = None,
        missing_target: MissingTargetPolicy.ValueType = MISSING_TARGET_POLICY_UNSPECIFIED,
        missing_placeholder: MissingPlaceholderPolicy.ValueType = (
            MISSING_PLACEHOLDER_POLICY_UNSPECIFIED
        ),
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float | None = None,
    ) -> Merged:
        """Puts translations of segments in place of their sources: see `Client.merge_segments`."""
        document = requests.segment(source, options, document_id, language_code, charset)
        request = requests.merge_segments(
            document, targets, masked, target_language_code, missing_target, missing_placeholder
        )
        return await self._merge(request, timeout)

    async def merge_lines(
        self,
        source: Source,
        back_map: str | bytes,
        lines: str | Sequence[str],
        *,
        target_language_code: str = "",
        missing_target: MissingTargetPolicy.ValueType = MISSING_TARGET_POLICY_UNSPECIFIED,
        missing_placeholder: MissingPlaceholderPolicy.ValueType = (
            MISSING_PLACEHOLDER_POLICY_UNSPECIFIED
        ),
        charset: str = "",
        timeout: float | None = None,
    ) -> Merged:
        """Gives back the translated document of its plain export: see `Client.merge_lines`."""
        document = requests.source_document(source, charset=charset)
        request = requests.merge_lines(
            document, back_map, lines, target_language_code, missing_target, missing_placeholder
        )
        return await self._merge(request, timeout)

    # About the server

    async def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """Version, limits and languages of the server: see `Client.server_info`."""
        self._info = await self._unary(methods.GET_SERVER_INFO, GetServerInfoRequest(), timeout)
        return self._info

    async def list_rules(
        self, language_code: str = "", *, timeout: float | None = None
    ) -> list[Rule]:
        """The rules that can appear as `rule_id`: see `Client.list_rules`."""
        request = ListRulesRequest(language_code=requests.checked(language_code, "language_code"))
        return list((await self._unary(methods.LIST_RULES, request, timeout)).rules)

    # The life of the client

    async def aclose(self) -> None:
        """Cancels what is under way and closes the connection. A closed client stays closed."""
        self._closed = True
        if self._made is not None:
            await self._made.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<cesura.AsyncClient of {self._connection.target}{', closed' * self._closed}>"

    # How calls are made

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the client is closed")

    @property
    def _channel(self) -> grpc.aio.Channel:
        self._check_open()
        if self._made is None:
            known = self._connection
            if known.tls is None:
                self._made = grpc.aio.insecure_channel(known.target, known.options())
            else:
                self._made = grpc.aio.secure_channel(
                    known.target, known.tls.credentials(), known.options()
                )
        return self._made

    async def _unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A:
        async def attempt(seconds: float | None) -> A:
            call = self._channel.unary_unary(method.path, method.encode, method.decode)
            answer: A = await call(
                request, timeout=seconds, metadata=self._connection.call_metadata()
            )
            return answer

        return await self._with_retries(attempt, timeout)

    async def _whole(
        self,
        method: Method[Q, A],
        request: Q,
        timeout: float | None,
        assemble: Callable[[list[A]], T],
    ) -> T:
        """A call with several answers that are of use together only."""

        async def attempt(seconds: float | None) -> T:
            stub = self._channel.unary_stream(method.path, method.encode, method.decode)
            call = stub(request, timeout=seconds, metadata=self._connection.call_metadata())
            try:
                return assemble([response async for response in call])
            finally:
                call.cancel()

        return await self._with_retries(attempt, timeout)

    async def _with_retries(
        self, attempt: Callable[[float | None], Awaitable[T]], timeout: float | None
    ) -> T:
        deadline = Deadline(self._connection.timeout if timeout is None else timeout)
        failures = 0
        while True:
            self._check_open()
            try:
                return await attempt(deadline.remaining())
            except grpc.RpcError as error:
                failure = error_of_call(error)
            except ServerError as error:
                failure = error
            failures += 1
            await self._wait(failures, failure, deadline)

    async def _wait(self, failures: int, failure: CesuraError, deadline: Deadline) -> None:
        """Waits for the next attempt, or raises where there is none."""
        delay = self._connection.retry.delay_after(failures, failure)
        if delay is None or deadline.is_within(delay):
            raise failure
        await asyncio.sleep(delay)

    async def _merge(self, request: Any, timeout: float | None) -> Merged:
        return await self._whole(
            methods.MERGE, request, timeout, lambda answer: Merged(_events(answer))
        )

    async def _export(self, request: ExportRequest, timeout: float | None) -> AsyncExport:
        responses = self._pieces(methods.EXPORT, request, timeout)
        async for first in responses:
            return AsyncExport(first, responses)
        raise ServerError("the export ended before it began", reason="ANSWER_CUT")

    async def _pieces(
        self, method: Method[Q, ExportResponse], request: Q, timeout: float | None
    ) -> AsyncGenerator[ExportResponse, None]:
        deadline = Deadline(self._connection.timeout if timeout is None else timeout)
        failures = 0
        while True:
            given = False
            stub = self._channel.unary_stream(method.path, method.encode, method.decode)
            call = stub(
                request,
                timeout=deadline.remaining(),
                metadata=self._connection.call_metadata(),
            )
            try:
                async for response in call:
                    given = True
                    yield response
                return
            except grpc.RpcError as error:
                failure = error_of_call(error)
            finally:
                call.cancel()
            if given:
                raise failure
            failures += 1
            await self._wait(failures, failure, deadline)

    async def _chunks(
        self,
        start: SegmentChunksRequest,
        open_chunks: Callable[[], AsyncGenerator[bytes, None]],
        again: bool,
        timeout: float,
    ) -> AsyncGenerator[DocumentEvent, None]:
        method = methods.SEGMENT_CHUNKS
        deadline = Deadline(timeout)
        progress = Progress()
        failures = 0
        while True:
            stub = self._channel.stream_stream(method.path, method.encode, method.decode)
            call = stub(
                timeout=deadline.remaining(), metadata=self._connection.call_metadata()
            )
            upload = _Upload(call, start, open_chunks)
            sending = asyncio.create_task(upload.send())
            progress.begin()
            failure: CesuraError
            try:
                async for response in _responses(call):
                    for event in response.events:
                        if progress.is_new(event):
                            failures = 0
                            yield event
                if progress.whole:
                    return
                failure = ServerError(
                    "the answer ended before its tail; the document is not whole",
                    reason="ANSWER_CUT",
                )
            except grpc.RpcError as error:
                failure = error_of_call(error)
            finally:
                sending.cancel()
                call.cancel()
                await asyncio.wait([sending])
            if upload.error is not None:
                raise upload.error
            if upload.begun and not again:
                raise failure
            failures += 1
            await self._wait(failures, failure, deadline)

    def _documents_stream(self) -> Any:
        method = methods.SEGMENT_DOCUMENTS
        stub = self._channel.stream_stream(method.path, method.encode, method.decode)
        return stub(metadata=self._connection.call_metadata())

    async def _message_bytes_max(self) -> int:
        """Bytes of a message that both sides take."""
        info = self._info or await self.server_info()
        return min(info.limits.message_bytes_max, self._connection.message_bytes_max)


class _Upload:
    """The messages of a document in chunks, sent by a task of their own."""

    def __init__(
        self,
        call: Any,
        start: SegmentChunksRequest,
        open_chunks: Callable[[], AsyncGenerator[bytes, None]],
    ) -> None:
        self._call = call
        self._start = start
        self._open_chunks = open_chunks
        self.begun = False
        self.error: BaseException | None = None

    async def send(self) -> None:
        try:
            await self._call.write(self._start)
            # Behind the first message, which leaves only where there is a connection.
            self.begun = True
            async with contextlib.aclosing(self._open_chunks()) as chunks:
                while True:
                    try:
                        messages = list(requests.chunk_messages(await anext(chunks)))
                    except StopAsyncIteration:
                        break
                    except Exception as error:
                        self.error = error
                        # Without `end`, so that the server gives up.
                        await self._call.done_writing()
                        return
                    for message in messages:
                        await self._call.write(message)
            await self._call.write(requests.chunks_end())
            await self._call.done_writing()
        except (grpc.RpcError, asyncio.InvalidStateError):
            # The call is over; whoever reads it learns why.
            return


async def _responses(call: Any) -> AsyncIterator[Any]:
    """Answers of a call that is written to by hand, whose failure is raised at the end."""
    while (response := await call.read()) is not grpc.aio.EOF:
        yield response


async def _async(items: Iterable[T] | AsyncIterable[T]) -> AsyncGenerator[T, None]:
    """Either kind of iterable as an asynchronous one."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
            # A long list must not keep other tasks of the loop waiting.
            await asyncio.sleep(0)


def _events(answer: Iterable[Any]) -> Iterable[Any]:
    return (event for response in answer for event in response.events)
