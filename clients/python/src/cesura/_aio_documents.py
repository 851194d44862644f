"""How the client for asyncio carries many documents over streams and back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, Generic, TypeVar

import grpc
import grpc.aio

from cesura._requests import Source
from cesura._window import Lane, Window, is_long, sendable, silent, source_of, unanswered
from cesura.document import Document
from cesura.errors import CesuraError, error_of_call
from cesura.retry import RetryPolicy
from cesura.v1.segmentation_service_pb2 import SegmentDocumentsRequest

D = TypeVar("D")


class AsyncDocumentsRun(Generic[D]):
    """One call of `segment_documents`: a task for each stream, which reads its answers, and one
    beside it, which reads the caller's documents and sends them. All end with the run."""

    def __init__(
        self,
        documents: AsyncIterator[D],
        source: Callable[[D], Source],
        window: Window[D],
        *,
        open_stream: Callable[[], Any],
        message_bytes_max: Callable[[], Awaitable[int]],
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
        self._reading: asyncio.Task[None] | None = None
        self._change = asyncio.Event()
        self._input_error: Exception | None = None
        self._failure: BaseException | None = None
        self._answered_at = time.monotonic()

    async def results(self) -> AsyncGenerator[tuple[D, Document | CesuraError], None]:
        tasks = [asyncio.create_task(self._carry()) for _ in range(self._streams)]
        try:
            while (result := await self._next_result()) is not None:
                yield result
        finally:
            if self._reading is not None:
                tasks.append(self._reading)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            aclose = getattr(self._documents, "aclose", None)
            if aclose is not None:
                await aclose()

    def _changed(self) -> None:
        """Wakes all that wait for any change."""
        change, self._change = self._change, asyncio.Event()
        change.set()

    async def _next_result(self) -> tuple[D, Document | CesuraError] | None:
        while True:
            result = self._window.take()
            if result is not None:
                self._changed()
                return result
            if self._failure is not None:
                raise self._failure
            if self._window.finished:
                if self._input_error is not None:
                    raise self._input_error
                return None
            seconds = None
            if self._window.owed:
                seconds = self._answered_at + self._timeout - time.monotonic()
                if seconds <= 0:
                    raise silent(self._window.owed, self._timeout)
            try:
                await asyncio.wait_for(self._change.wait(), seconds)
            except (TimeoutError, asyncio.TimeoutError):
                continue

    async def _carry(self) -> None:
        """A stream after the other, until nothing is left or one fails for good."""
        try:
            failures = 0
            while True:
                lane: Lane[D] = Lane()
                # A stream is opened when there is something for it: one that waits is ended by
                # the server.
                first = await self._next_message(lane)
                if first is None:
                    return
                error, progressed = await self._carry_stream(lane, first)
                if error is None:
                    failures = 0
                    continue
                failures = 1 if progressed else failures + 1
                delay = self._retry.delay_after(failures, error)
                if delay is None:
                    raise error
                await asyncio.sleep(delay)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self._failure = self._failure or error
            self._changed()

    async def _carry_stream(
        self, lane: Lane[D], first: SegmentDocumentsRequest
    ) -> tuple[CesuraError | None, bool]:
        """One stream: the error it ended with, if any, and whether it brought a result."""
        progressed = False
        error: CesuraError | None = None
        sending: asyncio.Task[None] | None = None
        call: Any = None
        try:
            call = self._open_stream()
            sending = asyncio.create_task(self._send(call, lane, first))
            while (response := await call.read()) is not grpc.aio.EOF:
                for result in response.results:
                    progressed |= self._window.answer(lane, result)
                self._answered_at = time.monotonic()
                self._changed()
        except grpc.RpcError as failure:
            error = error_of_call(failure)
        finally:
            owed = len(lane.owed)
            self._window.lose(lane)
            self._changed()
            if call is not None:
                call.cancel()
            if sending is not None:
                sending.cancel()
                await asyncio.wait([sending])
        if error is None and owed:
            error = unanswered(owed)
        if error is not None and error.reason == "STREAM_IDLE" and (progressed or not owed):
            # It waited for us: no failure.
            error = None
        return error, progressed

    async def _send(self, call: Any, lane: Lane[D], first: SegmentDocumentsRequest) -> None:
        message: SegmentDocumentsRequest | None = first
        try:
            while message is not None:
                await call.write(message)
                message = await self._next_message(lane)
            await call.done_writing()
        except (grpc.RpcError, asyncio.InvalidStateError):
            # The call is over; whoever reads it learns why.
            return

    async def _next_message(self, lane: Lane[D]) -> SegmentDocumentsRequest | None:
        """The next message of a stream, waiting for room and for documents; None: there is none."""
        window = self._window
        while True:
            full = self._documents_per_stream
            if lane.lost or (full is not None and len(lane.positions) >= full):
                return None
            if window.has_waiting and not window.wants_input:
                if not window.owed:
                    self._answered_at = time.monotonic()
                message = window.pack(lane)
                self._changed()
                return message
            if window.nothing_left:
                return None
            if window.wants_input and self._reading is None:
                # A task of its own: a stream that breaks cancels its sender, and an iterable that
                # is cancelled would lose its next document.
                self._reading = asyncio.create_task(self._read_one())
            await self._change.wait()

    async def _read_one(self) -> None:
        """Takes the next document of the caller's."""
        try:
            try:
                item = await anext(self._documents)
            except StopAsyncIteration:
                self._window.input_ended = True
                return
            document = source_of(self._source, item)
            if is_long(document):
                document = sendable(document, await self._message_bytes_max())
            self._window.accept(item, document)
        except Exception as error:
            # Raised to the caller behind the answers to what came before.
            self._window.input_ended = True
            self._input_error = error
        finally:
            self._reading = None
            self._changed()
