"""The blocking client."""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

import grpc

from cesura import _methods as methods
from cesura import _requests as requests
from cesura._documents import DocumentsRun
from cesura._methods import A, Method, Q
from cesura._requests import AnyText, Source
from cesura._window import Window, check_counts
from cesura.alignment import Alignment
from cesura.comparison import Comparison
from cesura.connection import TLS, Token, connection
from cesura.document import Document
from cesura.errors import CesuraError, ServerError, error_of_call
from cesura.exchange import Export, Merged
from cesura.retry import Deadline, RetryPolicy
from cesura.stream import DocumentStream, Progress
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


class Client:
    """A connection to a server of cesura, for programs without asyncio.

    It may be used by several threads at once. Close it, or use it in a ``with`` block: afterwards
    none of its threads is left. Nothing is connected before the first call. A client must not be
    taken over a fork; make one in each process.

    Offsets count code points unless `SegmentationOptions.offset_encoding` says otherwise, so
    ``text[span.start:span.end]`` is the text of a span.

    Example::

        with cesura.Client("127.0.0.1:50051") as client:
            for segment in client.segment("Il dott. Rossi è qui. Poi esce.").segments:
                print(segment.text)

    Args:
        target: Address of the server as grpc writes it: ``host:port``, ``dns:///name:port``,
            ``ipv4:10.0.0.1:50051,10.0.0.2:50051``, ``unix:path``. Of several addresses each call
            takes the next.
        tls: True, or a `TLS` with certificates, for an encrypted connection.
        token: Bearer token that goes with every call, or a function that gives the current one.
            Only with `tls`, or to this machine.
        timeout: Seconds that a call may take, retries and their delays included; for
            `segment_documents` seconds without any answer. ``math.inf``: no limit. Each method
            takes its own instead.
        retry: When what failed is tried again.
        authority: What goes into ``:authority``, where a proxy asks for it.
        keepalive_interval: Seconds of silence after which a call that is under way asks whether the
            server is still there.
        message_bytes_max: Bytes of one message in either direction at most.
        metadata: Pairs that go with every call.
        channel_options: Options of grpc, which win over those of this library.

    Raises:
        ValueError: a setting is not allowed.
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
        options = self._connection.options()
        if self._connection.tls is None:
            self._channel = grpc.insecure_channel(target, options)
        else:
            self._channel = grpc.secure_channel(target, self._connection.tls.credentials(), options)
        self._closed = threading.Event()
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()
        self._info: GetServerInfoResponse | None = None

    # Segmentation

    def detect_language(self, text: str, *, timeout: float | None = None) -> LanguageDetection:
        """The language of a text. Of a long one the first 2 KiB are looked at.

        Example::

            client.detect_language("Il governo non ha ancora detto nulla.").language_code  # 'it'

        Raises:
            InvalidInputError: the text holds a lone surrogate.
            CesuraError: the call failed.
        """
        return self.detect_languages([text], timeout=timeout)[0]

    def detect_languages(
        self, texts: Sequence[str], *, timeout: float | None = None
    ) -> list[LanguageDetection]:
        """The languages of texts, one for each, in their order.

        Raises:
            InvalidInputError: more texts than `Limits.texts_max`, or one with a lone surrogate.
            CesuraError: the call failed.
        """
        if not texts:
            return []
        response = self._unary(methods.DETECT_LANGUAGE, requests.detect(texts), timeout)
        return list(response.detections)

    def segment(
        self,
        source: Source,
        *,
        options: SegmentationOptions | None = None,
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float | None = None,
    ) -> Document:
        """Segments a document and gives it back as a whole.

        Example::

            options = cesura.SegmentationOptions(details=[cesura.DETAIL_QUOTATIONS])
            document = client.segment(html_free_bytes, charset="windows-1252", options=options)

        Args:
            source: The text, its bytes, or a `SourceDocument`; at most `Limits.document_bytes_max`
                bytes of UTF-8. Longer ones go by `segment_chunks`.
            options: What the answer is to hold, and how to segment.
            document_id: Your own id, given back in the head; at most 512 bytes.
            language_code: BCP-47 tag of the document's language; empty: it is detected.
            charset: WHATWG label of the character set of bytes; empty: UTF-8.
            timeout: Seconds; None: the client's.

        Raises:
            InvalidInputError: the document or an option is not allowed; `field` says which.
            CesuraError: the call failed.
        """
        request = requests.segment(source, options, document_id, language_code, charset)
        return self._whole(
            methods.SEGMENT_DOCUMENT, request, timeout, lambda answer: Document(_events(answer))
        )

    def segment_chunks(
        self,
        chunks: Iterable[bytes],
        *,
        options: SegmentationOptions | None = None,
        document_id: str = "",
        language_code: str = "",
        charset: str = "",
        timeout: float = math.inf,
    ) -> DocumentStream:
        """Segments one document that arrives in pieces of bytes, cut anywhere.

        Events come while the input is still being read, and neither side holds the whole. The
        chunks are read in a thread of their own, and no faster than the server takes them. What
        the iterable raises is raised here. As it cannot be read twice, a connection that breaks
        after its first chunk ends the stream with an error; `segment_file` goes on instead.

        Example::

            with client.segment_chunks(response.iter_content(65536)) as stream:
                for segment in stream.segments():
                    print(segment.text)

        Args:
            chunks: Pieces of the document's bytes, of any length.
            timeout: Seconds for the whole; as long as it takes where it is left out.

        The others are those of `segment`. Errors are raised while the stream is read.
        """
        start = requests.chunks_start(options, document_id, language_code, charset)
        if isinstance(chunks, (bytes, bytearray, memoryview, str)):
            raise TypeError("chunks must be an iterable of bytes; put one bytes object into a list")
        return DocumentStream(self._chunks(start, lambda: chunks, False, timeout))

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
    ) -> DocumentStream:
        """Segments a file of any length, up to `Limits.chunked_document_bytes_max`, while reading it.

        Where the connection breaks, the file is sent again from its beginning and the stream goes
        on behind the last event that was given out.

        Example::

            with client.segment_file("articolo.txt") as stream:
                for segment in stream.segments():
                    print(segment.span.start, segment.text)

        Args:
            path: The file.
            document_id: Your own id; the file's name where it is left out.
            chunk_bytes: Bytes that are read at once.

        The others are those of `segment_chunks`.

        Raises:
            OSError: the file cannot be read; at once where it cannot be opened.
            ServerError: ``ANSWER_CHANGED``, the file or the server changed meanwhile.
        """
        if chunk_bytes < 1:
            raise ValueError(f"chunk_bytes is {chunk_bytes}; it must be 1 or more")
        with open(path, "rb"):
            pass
        if document_id is None:
            document_id = requests.file_name(path)
        start = requests.chunks_start(options, document_id, language_code, charset)

        def read() -> Iterator[bytes]:
            with open(path, "rb") as file:
                while chunk := file.read(chunk_bytes):
                    yield chunk

        return DocumentStream(self._chunks(start, read, True, timeout))

    @overload
    def segment_documents(
        self,
        documents: Iterable[S],
        *,
        options: SegmentationOptions | None = ...,
        ordered: bool = ...,
        streams: int = ...,
        documents_per_message: int = ...,
        documents_in_flight: int = ...,
        bytes_in_flight: int = ...,
        documents_per_stream: int | None = ...,
        timeout: float | None = ...,
    ) -> Generator[tuple[S, Document | CesuraError], None, None]: ...

    @overload
    def segment_documents(
        self,
        documents: Iterable[D],
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
    ) -> Generator[tuple[D, Document | CesuraError], None, None]: ...

    def segment_documents(
        self,
        documents: Iterable[Any],
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
    ) -> Generator[tuple[Any, Document | CesuraError], None, None]:
        """Segments many documents, each answered by itself: for corpora.

        Gives pairs of a document as you gave it and its answer, a `Document` or the `CesuraError`
        with which this one document was refused; the others go on. Every document is answered
        once: those that a broken connection left open are sent again. No more than
        `documents_in_flight` are read ahead of what you have taken, so neither the corpus nor its
        answers need to fit in memory. Breaking out of the loop cancels what is under way.

        Example::

            for row, answer in client.segment_documents(rows, source=lambda row: row["text"]):
                if isinstance(answer, cesura.CesuraError):
                    print(row["id"], answer.reason)
                else:
                    print(row["id"], len(answer.segments))

        Args:
            documents: Texts, bytes or `SourceDocument`; or anything, with `source`. They are read
                in a thread of this library, ahead of the answers; where they depend on answers
                that you have not taken yet, set `documents_per_message` and `documents_in_flight`
                to 1. What the iterable raises is raised here, behind the answers to what it gave
                before.
            source: What of an item is the document.
            options: Choices for all of them.
            ordered: Give answers in the order of the documents. False: as they come, and the server
                may let short documents overtake long ones.
            streams: Streams at the same time. One keeps one processor of the server busy. A stream
                stays with one server, so take several where a target has several servers.
            documents_per_message: Documents of one message at most; 8 to 64 are the fastest. A
                message leaves when it is full, or nothing more may be read: 1 for documents that
                trickle in.
            documents_in_flight: Documents that were read and whose answers were not taken, at most.
            bytes_in_flight: About how many bytes of documents these may be.
            documents_per_stream: Documents after which a stream ends and another begins, perhaps
                with a server that came up since. `Identity.first_document_index` looks no further
                back than the beginning of a stream.
            timeout: Seconds without any answer while the server owes one; None: the client's.

        Raises:
            DeadlineExceededError: the server owed answers for longer than `timeout`.
            UnavailableError: the server did not come back within the attempts of `RetryPolicy`.
            CesuraError: a stream as a whole was refused.
            ValueError: a number is not allowed.
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
        run: DocumentsRun[Any] = DocumentsRun(
            documents,
            source or (lambda item: item),
            window,
            open_stream=self._documents_stream,
            message_bytes_max=self._message_bytes_max,
            retry=self._connection.retry,
            streams=streams,
            documents_per_stream=documents_per_stream,
            timeout=self._connection.timeout if timeout is None else timeout,
        )
        self._open.add(run)
        return run.results()

    # Alignment and comparison

    def align(
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
        """Aligns a text with its translation, segment by segment.

        Example::

            alignment = client.align(italian, ["The summit is today.", "14 ministers are expected."])

        Args:
            source: A text, its bytes, a `SourceDocument`, a `Document` that was segmented, or
                segments that are ready: a sequence of str, or `ReadySegments`.
            target: Its translation, as any of these.
            dictionary: Pairs of single words, source and target, that may translate each other.
            options: How documents are segmented; `details` and `packing` are not allowed.
            source_language_code: BCP-47 tag; empty: detected.
            target_language_code: BCP-47 tag; empty: detected.
            timeout: Seconds; None: the client's.

        Raises:
            InvalidInputError: a text or an option is not allowed.
            CesuraError: the call failed.
        """
        request = requests.align(
            source, target, dictionary, options, source_language_code, target_language_code
        )
        return self._whole(
            methods.ALIGN_TEXTS, request, timeout, lambda answer: Alignment(_events(answer))
        )

    def compare(
        self,
        documents: Iterable[AnyText],
        *,
        pairs: bool = False,
        related_pairs: bool = False,
        score_min: float = 0.0,
        options: SegmentationOptions | None = None,
        timeout: float | None = None,
    ) -> Comparison:
        """Finds what articles have in common: segments of different ones that say the same.

        Example::

            first, second = client.segment(one), client.segment(other)
            for group in client.compare([first, second]).groups:
                for member in group.members:
                    print((first, second)[member.document].segments[member.segment].text)

        Args:
            documents: The articles, each as for `align`.
            pairs: Also say the pairs that the groups are made of.
            related_pairs: With `pairs`: also those that are only related.
            score_min: With `pairs`: score under which they are left out, 0 to 1.
            options: How documents are segmented; `details` and `packing` are not allowed.
            timeout: Seconds; None: the client's.

        Raises:
            InvalidInputError: a text or an option is not allowed.
            CesuraError: the call failed.
        """
        request = requests.compare(documents, pairs, related_pairs, score_min, options)
        return self._whole(
            methods.COMPARE_DOCUMENTS, request, timeout, lambda answer: Comparison(_events(answer))
        )

    # Exchange

    def export(
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
    ) -> Export:
        """Writes a document in a format of other tools.

        Bytes come while the document is still being segmented. A connection that breaks before the
        first of them is tried again.

        Example::

            with client.export(text, cesura.EXPORT_FORMAT_PLAIN) as export:
                lines = export.read().decode().splitlines()

        Args:
            source: The document, as for `segment`.
            format: For example `cesura.EXPORT_FORMAT_XLIFF_2_1`.
            xliff: Choices for XLIFF; not allowed with other formats.
            plain: Choices for plain text and its back-map; not allowed with other formats.

        The others are those of `segment`.

        Raises:
            InvalidInputError: the document, the format or an option is not allowed.
            UnimplementedError: the server is older than this method.
            CesuraError: the call failed.
        """
        request = requests.export(
            format, source, options, document_id, language_code, charset, xliff, plain
        )
        return Export(self._pieces(methods.EXPORT, request, timeout))

    def export_alignment(
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
    ) -> Export:
        """Writes a text and its translation as a translation memory (TMX) or as JSON Lines.

        Example::

            with client.export_alignment(italian, english, cesura.EXPORT_FORMAT_TMX_1_4) as export:
                pathlib.Path("memory.tmx").write_bytes(export.read())

        Beads that are less sure than `confidence_min` (0 to 1) are left out of TMX. The other
        arguments are those of `align`, errors those of `export`; texts that are no translations of
        each other are refused with NOT_PARALLEL.
        """
        content = requests.align(
            source, target, dictionary, options, source_language_code, target_language_code
        )
        request = requests.export_alignment(format, content, confidence_min)
        return Export(self._pieces(methods.EXPORT, request, timeout))

    def merge_xliff(
        self,
        xliff: str | bytes,
        *,
        missing_target: MissingTargetPolicy.ValueType = MISSING_TARGET_POLICY_UNSPECIFIED,
        missing_placeholder: MissingPlaceholderPolicy.ValueType = (
            MISSING_PLACEHOLDER_POLICY_UNSPECIFIED
        ),
        timeout: float | None = None,
    ) -> Merged:
        """Gives back the translated document of an XLIFF file that `export` wrote.

        Example::

            merged = client.merge_xliff(pathlib.Path("article.en.xlf").read_bytes())

        Args:
            xliff: The file, with targets.
            missing_target: What to do where a target is missing or empty; the source stands in its
                place where nothing is said.
            missing_placeholder: What to do where a target lost a placeholder; what it stands for
                is put behind the target where nothing is said.
            timeout: Seconds; None: the client's.

        Raises:
            InvalidInputError: ``XLIFF_INVALID``, the file cannot be read; the message says where.
            FailedPreconditionError: ``TARGET_MISSING``, where `missing_target` refuses that.
            CesuraError: the call failed.
        """
        request = requests.merge_xliff(xliff, missing_target, missing_placeholder)
        return self._whole(methods.MERGE, request, timeout, lambda answer: Merged(_events(answer)))

    def merge_segments(
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
        """Puts translations of segments in the place of their sources; all else stays as it is.

        Example::

            document = client.segment(text)
            targets = {segment.number: translate(segment.text)
                       for segment in document.translatable_segments}
            client.merge_segments(text, targets, target_language_code="en").text

        Args:
            source: The same document as was segmented.
            targets: Translations by `Segment.number`, or by `Identity.id`.
            masked: They hold placeholders of `Segment.masked_text`, which are put back.
            target_language_code: BCP-47 tag, given back in the head.
            options: Those that the document was segmented with; details need not be asked for.

        The others are those of `merge_xliff` and `segment`.

        Raises:
            InvalidInputError: the document or an option is not allowed.
            FailedPreconditionError: ``TARGET_MISSING``, where `missing_target` refuses that.
            CesuraError: the call failed.
        """
        document = requests.segment(source, options, document_id, language_code, charset)
        request = requests.merge_segments(
            document, targets, masked, target_language_code, missing_target, missing_placeholder
        )
        return self._whole(methods.MERGE, request, timeout, lambda answer: Merged(_events(answer)))

    def merge_lines(
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
        """Gives back the translated document of its plain export.

        Example::

            lines = client.export(text, cesura.EXPORT_FORMAT_PLAIN).read().decode().splitlines()
            back_map = client.export(text, cesura.EXPORT_FORMAT_BACK_MAP).read()
            client.merge_lines(text, back_map, [translate(line) for line in lines]).text

        Args:
            source: The same document as was exported.
            back_map: Its export as `cesura.EXPORT_FORMAT_BACK_MAP`.
            lines: The translations, one for each line of the export; empty: there is none.
            target_language_code: BCP-47 tag, given back in the head.

        The others are those of `merge_xliff`.

        Raises:
            FailedPreconditionError: ``SOURCE_CHANGED``, the back-map is not of this document.
            InvalidInputError: a line holds a line end, or there are too many or too few.
            CesuraError: the call failed.
        """
        document = requests.source_document(source, charset=charset)
        request = requests.merge_lines(
            document, back_map, lines, target_language_code, missing_target, missing_placeholder
        )
        return self._whole(methods.MERGE, request, timeout, lambda answer: Merged(_events(answer)))

    # About the server

    def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """Version, limits and languages of the server.

        Example::

            client.server_info().limits.document_bytes_max      # 2097152

        Raises:
            CesuraError: the call failed.
        """
        self._info = self._unary(methods.GET_SERVER_INFO, GetServerInfoRequest(), timeout)
        return self._info

    def list_rules(self, language_code: str = "", *, timeout: float | None = None) -> list[Rule]:
        """The rules that can appear as `rule_id`, in the order in which they are asked.

        Args:
            language_code: BCP-47 tag: only those of its documents. Empty: all.
            timeout: Seconds; None: the client's.

        Raises:
            InvalidInputError: this is no language tag.
            CesuraError: the call failed.
        """
        request = ListRulesRequest(language_code=requests.checked(language_code, "language_code"))
        return list(self._unary(methods.LIST_RULES, request, timeout).rules)

    # The life of the client

    def close(self) -> None:
        """Cancels what is under way and closes the connection. A closed client stays closed."""
        self._closed.set()
        for run in list(self._open):
            run.close()
        self._channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<cesura.Client of {self._connection.target}{', closed' * self._closed.is_set()}>"

    # How calls are made

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise RuntimeError("the client is closed")

    def _unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A:
        call = self._channel.unary_unary(method.path, method.encode, method.decode)

        def attempt(seconds: float | None) -> A:
            answer: A = call(request, timeout=seconds, metadata=self._connection.call_metadata())
            return answer

        return self._with_retries(attempt, timeout)

    def _whole(
        self,
        method: Method[Q, A],
        request: Q,
        timeout: float | None,
        assemble: Callable[[list[A]], T],
    ) -> T:
        """A call with several answers that are of use together only."""
        stub = self._channel.unary_stream(method.path, method.encode, method.decode)

        def attempt(seconds: float | None) -> T:
            call = stub(request, timeout=seconds, metadata=self._connection.call_metadata())
            try:
                return assemble(list(call))
            finally:
                call.cancel()

        return self._with_retries(attempt, timeout)

    def _with_retries(self, attempt: Callable[[float | None], T], timeout: float | None) -> T:
        deadline = Deadline(self._connection.timeout if timeout is None else timeout)
        failures = 0
        while True:
            self._check_open()
            try:
                return attempt(deadline.remaining())
            except grpc.RpcError as error:
                failure = error_of_call(error)
            except ServerError as error:
                failure = error
            failures += 1
            self._wait(failures, failure, deadline)

    def _wait(self, failures: int, failure: CesuraError, deadline: Deadline) -> None:
        """Waits for the next attempt, or raises where there is none."""
        delay = self._connection.retry.delay_after(failures, failure)
        if delay is None or deadline.is_within(delay) or self._closed.wait(delay):
            raise failure

    def _pieces(
        self, method: Method[Q, ExportResponse], request: Q, timeout: float | None
    ) -> Generator[ExportResponse, None, None]:
        stub = self._channel.unary_stream(method.path, method.encode, method.decode)
        deadline = Deadline(self._connection.timeout if timeout is None else timeout)
        failures = 0
        while True:
            self._check_open()
            given = False
            call = stub(
                request, timeout=deadline.remaining(), metadata=self._connection.call_metadata()
            )
            try:
                for response in call:
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
            self._wait(failures, failure, deadline)

    def _chunks(
        self,
        start: SegmentChunksRequest,
        open_chunks: Callable[[], Iterable[bytes]],
        again: bool,
        timeout: float,
    ) -> Generator[DocumentEvent, None, None]:
        method = methods.SEGMENT_CHUNKS
        stub = self._channel.stream_stream(method.path, method.encode, method.decode)
        deadline = Deadline(timeout)
        progress = Progress()
        failures = 0
        while True:
            self._check_open()
            upload = _Upload(start, open_chunks)
            call = stub(
                iter(upload), timeout=deadline.remaining(), metadata=self._connection.call_metadata()
            )
            progress.begin()
            failure: CesuraError
            try:
                for response in call:
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
                upload.stop()
                call.cancel()
            if upload.error is not None:
                raise upload.error
            if upload.begun and not again:
                raise failure
            failures += 1
            self._wait(failures, failure, deadline)

    def _documents_stream(self, messages: Iterator[Any]) -> Any:
        self._check_open()
        method = methods.SEGMENT_DOCUMENTS
        stub = self._channel.stream_stream(method.path, method.encode, method.decode)
        return stub(messages, metadata=self._connection.call_metadata())

    def _message_bytes_max(self) -> int:
        """Bytes of a message that both sides take."""
        info = self._info or self.server_info()
        return min(info.limits.message_bytes_max, self._connection.message_bytes_max)


class _Upload:
    """The messages of a document in chunks, which grpc reads in a thread of its own."""

    def __init__(
        self, start: SegmentChunksRequest, open_chunks: Callable[[], Iterable[bytes]]
    ) -> None:
        self._start = start
        self._open_chunks = open_chunks
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.begun = False
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[SegmentChunksRequest]:
        yield self._start
        # Behind the first message, which leaves only where there is a connection.
        try:
            with self._lock:
                if self._stopped.is_set():
                    return
                self.begun = True
            for chunk in self._open_chunks():
                if self._stopped.is_set():
                    return
                yield from requests.chunk_messages(chunk)
                if self._stopped.is_set():
                    return
        except GeneratorExit:
            raise
        except BaseException as error:
            # Ending without `end` lets the server give up; grpc would only say UNKNOWN.
            self.error = error
            return
        yield requests.chunks_end()

    def stop(self) -> None:
        """Afterwards `begun` does not change any more."""
        with self._lock:
            self._stopped.set()


def _events(answer: Iterable[Any]) -> Iterator[Any]:
    return (event for response in answer for event in response.events)
