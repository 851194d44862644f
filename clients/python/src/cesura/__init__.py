"""Client of cesura, which splits Italian news articles into units and sentences for translation.

`Client` is for programs without asyncio, `AsyncClient` for those with it; their methods are the
same. Answers are made of the messages of the API, which this module offers under their own names.
Offsets count code points, as Python does, unless asked otherwise.

    import cesura

    with cesura.Client("127.0.0.1:50051") as client:
        document = client.segment("Il dott. Rossi è qui. Poi esce.")
        for segment in document.segments:
            assert document.text[segment.span.start : segment.span.end] == segment.text

What went wrong is told by a `CesuraError`, with `reason` and `field` from the server.
"""

from cesura import messages
from cesura._requests import AnyText, Source
from cesura.aio import AsyncClient
from cesura.alignment import Alignment
from cesura.client import Client
from cesura.comparison import Comparison
from cesura.connection import TLS, Token
from cesura.document import Document
from cesura.errors import (
    AuthenticationError,
    CallCancelledError,
    CesuraError,
    DeadlineExceededError,
    FailedPreconditionError,
    InvalidInputError,
    ResourceExhaustedError,
    ServerError,
    UnavailableError,
    UnimplementedError,
    error_of_call,
    error_of_status,
)
from cesura.exchange import AsyncExport, Export, Merged
from cesura.messages import *
from cesura.retry import RetryPolicy
from cesura.stream import AsyncDocumentStream, DocumentStream

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "AnyText",
    "AsyncClient",
    "AsyncDocumentStream",
    "AsyncExport",
    "AuthenticationError",
    "CallCancelledError",
    "CesuraError",
    "Client",
    "Comparison",
    "DeadlineExceededError",
    "Document",
    "DocumentStream",
    "Export",
    "FailedPreconditionError",
    "InvalidInputError",
    "Merged",
    "ResourceExhaustedError",
    "RetryPolicy",
    "ServerError",
    "Source",
    "TLS",
    "Token",
    "UnavailableError",
    "UnimplementedError",
    "error_of_call",
    "error_of_status",
]
__all__ += messages.__all__
