"""How the blocking client carries many documents over streams and back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Generic, TypeVar

import grpc

from cesura._requests import Source
from cesura._window import Lane, Window, is_long, sendable, silent, source_of, unanswered
from cesura.document import Document
from cesura.errors import CesuraError, error_of_call
from cesura.retry import RetryPolicy
from cesura.v1.segmentation_service_pb2 import SegmentDocumentsRequest

D = TypeVar("D")

# Time that threads of a run get to end, once its calls are cancelled. One that is inside the
# caller's iterable cannot be stopped; it ends with the next item.
_THREADS_END = 2.0


class DocumentsRun(Generic[D]):
    """One call of `segment_documents`: a thread for each stream, which reads its answers, and one
    of grpc's beside it, which reads the caller's documents and sends them. All end with the run."""

    def __init__(
        self,
        documents: Iterable[D],
        source: Callable[[D], Source],
        window: Window[D],
        *,
        open_stream: Callable[[Iterator[SegmentDocumentsRequest]], Any],
        message_bytes_max: Callable[[], int],
        retry: RetryPolicy,
        streams: int,
        documents_per_stream: int | None,
        timeout: float,
    ) -> None:
        self._documents = documents
        self._source = source
        self._window = window
        self._open_stream = open_stream
        self._message_bytes_max = message_bytes_max
        self._retry = retry
        self._streams = streams
        self._documents_per_stream = documents_per_stream
        self._timeout = timeout
        self._iterator: Iterator[D] | None = None
        # Guards all that follows, and the window.
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._reading = False
        self._input_error: BaseException | None = None
        self._failure: BaseException | None = None
        self._calls: set[Any] = set()
        self._answered_at = time.monotonic()

    def results(self) -> Generator[tuple[D, Document | CesuraError], None, None]:
        """Runs it, in the caller's thread as far as results are concerned."""
        self._iterator = iter(self._documents)
        threads = [
            threading.Thread(target=self._carry, name="cesura-documents", daemon=True)
            for _ in range(self._streams)
        ]
        try:
            for thread in threads:
                thread.start()
            while (result := self._next_result()) is not None:
                yield result
        finally:
            self.close()
            ends = time.monotonic() + _THREADS_END
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(0.0, ends - time.monotonic()))

    def close(self) -> None:
        """Cancels what is under way. Results that were not taken are gone."""
        self._stopping.set()
        with self._changed:
            calls = list(self._calls)
            self._changed.notify_all()
        for call in calls:
            call.cancel()

    def _next_result(self) -> tuple[D, Document | CesuraError] | None:
        with self._changed:
            while True:
                result = self._window.take()
                if result is not None:
                    self._changed.notify_all()
                    return result
                if self._failure is not None:
                    raise self._failure
                if self._window.finished:
                    if self._input_error is not None:
                        raise self._input_error
                    return None
                if self._stopping.is_set():
                    raise RuntimeError("the client was closed while documents were under way")
                if not self._window.owed:
                    self._changed.wait()
                    continue
                silence_ends = self._answered_at + self._timeout
                seconds = silence_ends - time.monotonic()
                if seconds <= 0:
                    raise silent(self._window.owed, self._timeout)
                self._changed.wait(min(seconds, threading.TIMEOUT_MAX))

    def _carry(self) -> None:
        """A stream after the other, until nothing is left or one fails for good."""
        try:
            failures = 0
            while (failure := self._carry_stream()) is not _NOTHING_LEFT:
                if failure is None:
                    failures = 0
                    continue
                error, progressed = failure
                failures = 1 if progressed else failures + 1
                delay = self._retry.delay_after(failures, error)
                if delay is None:
                    raise error
                if self._stopping.wait(delay):
                    return
        except BaseException as error:
            with self._changed:
                self._failure = self._failure or error
                self._changed.notify_all()

    def _carry_stream(self) -> Any:
        """One stream: None where it came to its end, `_NOTHING_LEFT` where there is nothing for
        it, else the error it ended with and whether it brought a result."""
        lane: Lane[D] = Lane()
        # A stream is opened when there is something for it: one that waits is ended by the server.
        first = self._next_message(lane)
        if first is None:
            return _NOTHING_LEFT
        try:
            call = self._open_stream(self._messages(lane, first))
        except BaseException:
            with self._changed:
                self._window.lose(lane)
            raise
        with self._changed:
            self._calls.add(call)
        if self._stopping.is_set():
            call.cancel()
        progressed = False
        error: CesuraError | None = None
        try:
            for response in call:
                with self._changed:
                    for result in response.results:
                        progressed |= self._window.answer(lane, result)
                    self._answered_at = time.monotonic()
                    self._changed.notify_all()
        except grpc.RpcError as failure:
            error = error_of_call(failure)
        finally:
            call.cancel()
            with self._changed:
                self._calls.discard(call)
                owed = len(lane.owed)
                self._window.lose(lane)
                self._changed.notify_all()
        if self._stopping.is_set():
            return _NOTHING_LEFT
        if error is None and owed:
            error = unanswered(owed)
        if error is None or error.reason == "STREAM_IDLE" and (progressed or not owed):
            # At most it waited for us: no failure.
            return None
        return error, progressed

    def _messages(
        self, lane: Lane[D], first: SegmentDocumentsRequest
    ) -> Iterator[SegmentDocumentsRequest]:
        yield first
        while (message := self._next_message(lane)) is not None:
            yield message

    def _next_message(self, lane: Lane[D]) -> SegmentDocumentsRequest | None:
        """The next message of a stream, waiting for room and for documents; None: there is none."""
        while True:
            with self._changed:
                while True:
                    if lane.lost or self._stopping.is_set() or self._failure is not None:
                        return None
                    full = self._documents_per_stream
                    if full is not None and len(lane.positions) >= full:
                        return None
                    if self._window.has_waiting and not self._window.wants_input:
                        if not self._window.owed:
                            self._answered_at = time.monotonic()
                        message = self._window.pack(lane)
                        self._changed.notify_all()
                        return message
                    if self._window.nothing_left:
                        return None
                    if self._window.wants_input and not self._reading:
                        self._reading = True
                        break
                    self._changed.wait()
            self._read_one()

    def _read_one(self) -> None:
        """Takes the next document of the caller's. Outside the lock: it may take its time."""
        assert self._iterator is not None
        ended = False
        error: BaseException | None = None
        try:
            item = next(self._iterator)
        except StopIteration:
            ended = True
        except BaseException as raised:
            ended, error = True, raised
        if not ended:
            try:
                document = source_of(self._source, item)
                if is_long(document):
                    document = sendable(document, self._message_bytes_max())
            except BaseException as raised:
                ended, error = True, raised
        with self._changed:
            self._reading = False
            if ended:
                # Raised to the caller behind the answers to what came before.
                self._window.input_ended = True
                self._input_error = error
            else:
                self._window.accept(item, document)
            self._changed.notify_all()


_NOTHING_LEFT = object()
