"""What can go wrong, as exceptions with the facts that the server told.

Every exception of a call is a `CesuraError`. The subclass says what to do: change the request
(`InvalidInputError`, `FailedPreconditionError`), try later (`UnavailableError`,
`ResourceExhaustedError`), give more time (`DeadlineExceededError`). `reason` is a stable word for
programs; `message` is for people. No exception holds the text of a document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}
# What proxies, and grpc's asyncio while it sends, make of a connection that broke: INTERNAL or
# UNKNOWN with nothing but such a message.
_BROKEN_CONNECTION = re.compile(
    r"RST_STREAM|GOAWAY|Stream removed|Socket closed|Connection reset|^Internal error from Core",
    re.IGNORECASE,
)


class CesuraError(Exception):
    """A call, or one document of a stream, failed.

    Example::

        try:
            client.segment(text)
        except cesura.InvalidInputError as error:
            print(error.field, error.reason, error.message)

    Attributes:
        code: The gRPC status code.
        message: What happened, for people.
        reason: A stable word in upper snake case, for example ``DOCUMENT_TOO_LARGE``; empty where
            none was given. `docs/conformance.md` and the protos name those of each method.
        field: Path of the field of the request that was refused, for example
            ``options.language_code``; empty where there is none.
        facts: Further facts for programs, for example ``{"bytes_max": "2097152"}``.
        retry_after: Seconds after which the server wants to be asked again; None where it did not
            say.
    """

    _usual_code = grpc.StatusCode.UNKNOWN

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode | None = None,
        reason: str = "",
        field: str = "",
        facts: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code: grpc.StatusCode = code or self._usual_code
        self.reason = reason
        self.field = field
        self.facts: dict[str, str] = dict(facts or {})
        self.retry_after = retry_after

    def __str__(self) -> str:
        named = f"{self.code.name} {self.reason}".rstrip()
        return f"{named}: {self.message}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keywords do not cross to other processes by themselves.
        facts = {
            "code": self.code,
            "reason": self.reason,
            "field": self.field,
            "facts": self.facts,
            "retry_after": self.retry_after,
        }
        return _rebuild, (type(self), self.message, facts)


class InvalidInputError(CesuraError, ValueError):
    """The request says what is not allowed; sending it again is of no use.

    Also raised before anything is sent, for example for a ``str`` with a lone surrogate
    (``LONE_SURROGATE``), which is no text in any encoding.
    """

    _usual_code = grpc.StatusCode.INVALID_ARGUMENT


class FailedPreconditionError(CesuraError):
    """The request is well formed, but what it refers to is not as it should be, for example a
    back-map that is not of this document (``SOURCE_CHANGED``)."""


class AuthenticationError(CesuraError):
    """The bearer token is missing or refused."""


class ResourceExhaustedError(CesuraError):
    """The server takes no more at the moment, where `retry_after` is set; else a message is over
    its limit (``MESSAGE_TOO_LARGE``)."""


class UnavailableError(CesuraError, ConnectionError):
    """No server answers there, or the connection broke, and trying again did not help."""


class DeadlineExceededError(CesuraError, TimeoutError):
    """There was no answer in the time allowed; or the server waited too long for us
    (``STREAM_IDLE``)."""

    _usual_code = grpc.StatusCode.DEADLINE_EXCEEDED


class CallCancelledError(CesuraError):
    """The call was cancelled, by closing the client or by the server."""


class UnimplementedError(CesuraError):
    """The server does not know this method: it is older than this library."""


class ServerError(CesuraError):
    """The server, or something before it, failed in a way that should not happen.

    Reasons of this library: ``ANSWER_CUT``, an answer ended without its tail; ``ANSWER_CHANGED``,
    the same document got another answer after the connection had broken.
    """


_CLASSES: dict[grpc.StatusCode, type[CesuraError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidInputError,
    grpc.StatusCode.OUT_OF_RANGE: InvalidInputError,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPreconditionError,
    grpc.StatusCode.UNAUTHENTICATED: AuthenticationError,
    grpc.StatusCode.PERMISSION_DENIED: AuthenticationError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhaustedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.CANCELLED: CallCancelledError,
    grpc.StatusCode.UNIMPLEMENTED: UnimplementedError,
}


def _rebuild(kind: type[CesuraError], message: str, facts: dict[str, Any]) -> CesuraError:
    return kind(message, **facts)


def error_of_status(status: status_pb2.Status) -> CesuraError:
    """The exception that a `google.rpc.Status` stands for, such as that of one document.

    Example::

        cesura.error_of_status(result.status).reason    # 'UNKNOWN_CHARSET'
    """
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    reason, facts, field = "", {}, ""
    retry_after: float | None = None
    info = error_details_pb2.ErrorInfo()
    request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    for detail in status.details:
        if detail.Unpack(info):
            reason, facts = info.reason, dict(info.metadata)
        elif detail.Unpack(request) and request.field_violations:
            field = request.field_violations[0].field
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
    kind = _CLASSES.get(code, ServerError)
    if kind is ServerError and not status.details and _BROKEN_CONNECTION.search(status.message):
        kind = UnavailableError
    return kind(
        status.message, code=code, reason=reason, field=field, facts=facts, retry_after=retry_after
    )


def error_of_call(error: grpc.RpcError) -> CesuraError:
    """The exception that a failure of grpc stands for, of its blocking or its asyncio kind."""
    # Both kinds have these methods, though their common type has not.
    call: Any = error
    code: grpc.StatusCode = call.code() or grpc.StatusCode.UNKNOWN
    message: str = call.details() or ""
    for key, value in call.trailing_metadata() or ():
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                status = status_pb2.Status.FromString(value)
            except DecodeError:
                break
            if status.code == code.value[0]:
                return error_of_status(status)
    return error_of_status(status_pb2.Status(code=code.value[0], message=message))


def is_passing(error: CesuraError) -> bool:
    """Whether the same request may succeed a little later, so that a retry is worth while."""
    if isinstance(error, UnavailableError):
        return True
    if isinstance(error, ResourceExhaustedError):
        return error.retry_after is not None
    # A stream that was silent for too long may be opened again.
    return error.reason in ("ANSWER_CUT", "STREAM_IDLE")
