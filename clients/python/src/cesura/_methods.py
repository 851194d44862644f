"""The methods of the API, each with its path and its messages."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from cesura.v1 import alignment_service_pb2 as alignment
from cesura.v1 import comparison_service_pb2 as comparison
from cesura.v1 import exchange_service_pb2 as exchange
from cesura.v1 import segmentation_service_pb2 as segmentation

Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=Message)

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Method(Generic[Q, A]):
    """A method: what is asked and what is answered."""

    service: str
    name: str
    request: type[Q]
    response: type[A]

    @property
    def path(self) -> str:
        return f"/cesura.v1.{self.service}/{self.name}"

    @staticmethod
    def encode(request: Q) -> bytes:
        return request.SerializeToString()

    def decode(self, data: bytes) -> A:
        # Where a deadline passes meanwhile, grpc's C core may hand over a message that it has not
        # unpacked, and would say INTERNAL of it. No message of ours begins as gzip does.
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
        return self.response.FromString(data)


DETECT_LANGUAGE = Method(
    "SegmentationService",
    "DetectLanguage",
    segmentation.DetectLanguageRequest,
    segmentation.DetectLanguageResponse,
)
GET_SERVER_INFO = Method(
    "SegmentationService",
    "GetServerInfo",
    segmentation.GetServerInfoRequest,
    segmentation.GetServerInfoResponse,
)
LIST_RULES = Method(
    "SegmentationService",
    "ListRules",
    segmentation.ListRulesRequest,
    segmentation.ListRulesResponse,
)
SEGMENT_DOCUMENT = Method(
    "SegmentationService",
    "SegmentDocument",
    segmentation.SegmentDocumentRequest,
    segmentation.SegmentDocumentResponse,
)
SEGMENT_CHUNKS = Method(
    "SegmentationService",
    "SegmentChunks",
    segmentation.SegmentChunksRequest,
    segmentation.SegmentChunksResponse,
)
SEGMENT_DOCUMENTS = Method(
    "SegmentationService",
    "SegmentDocuments",
    segmentation.SegmentDocumentsRequest,
    segmentation.SegmentDocumentsResponse,
)
ALIGN_TEXTS = Method(
    "AlignmentService", "AlignTexts", alignment.AlignTextsRequest, alignment.AlignTextsResponse
)
COMPARE_DOCUMENTS = Method(
    "ComparisonService",
    "CompareDocuments",
    comparison.CompareDocumentsRequest,
    comparison.CompareDocumentsResponse,
)
EXPORT = Method("ExchangeService", "Export", exchange.ExportRequest, exchange.ExportResponse)
MERGE = Method("ExchangeService", "Merge", exchange.MergeRequest, exchange.MergeResponse)
