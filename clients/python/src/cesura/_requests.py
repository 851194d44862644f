"""What the two clients send, made of what callers give. Nothing is sent from here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Union

from cesura.document import Document
from cesura.errors import InvalidInputError
from cesura.v1.alignment_service_pb2 import AlignmentOptions, AlignTextsRequest, WordPair
from cesura.v1.comparison_service_pb2 import CompareDocumentsRequest, ComparisonOptions
from cesura.v1.document_pb2 import (
    OFFSET_ENCODING_UNSPECIFIED,
    OFFSET_ENCODING_UTF32,
    GivenText,
    ReadySegment,
    ReadySegments,
    SegmentationOptions,
    SourceDocument,
)
from cesura.v1.exchange_service_pb2 import (
    EXPORT_FORMAT_JSONL,
    ExportFormat,
    ExportRequest,
    LineTargets,
    MergeRequest,
    MissingPlaceholderPolicy,
    MissingTargetPolicy,
    PlainOptions,
    SegmentTarget,
    SegmentTargets,
    TmxOptions,
    XliffOptions,
)
from cesura.v1.segmentation_service_pb2 import (
    DetectLanguageRequest,
    DocumentEnd,
    DocumentStart,
    SegmentChunksRequest,
    SegmentDocumentRequest,
)

# Longer pieces are cut: one message must stay well below what servers take.
CHUNK_BYTES_MAX = 1 << 20

Source = Union[str, bytes, bytearray, memoryview, SourceDocument]
"""A document: text, bytes in UTF-8 or another character set, or the message with its id."""

AnyText = Union[Source, Document, Sequence[str], ReadySegments, GivenText]
"""A text for `align` and `compare`: a document, one that was segmented, or ready segments."""


def checked(text: str, field: str) -> str:
    """The text, if it can be sent at all."""
    if not isinstance(text, str):
        raise TypeError(f"{field} must be a str, not {type(text).__name__}")
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError as error:
        at = error.start
    # Raised out here, for the other error holds the whole text and would come along into logs.
    unit = f"U+{ord(text[at]):04X}"
    raise InvalidInputError(
        f"{field}: a lone surrogate, {unit}, at index {at}; this is no character. "
        "Decode the bytes with errors='replace', or pass them as bytes",
        reason="LONE_SURROGATE",
        field=field,
        facts={"index": str(at), "code_unit": unit},
    )


def source_document(
    source: Source,
    document_id: str = "",
    language_code: str = "",
    charset: str = "",
    field: str = "document",
) -> SourceDocument:
    if isinstance(source, SourceDocument):
        if not (document_id or language_code or charset):
            return source
        message = SourceDocument()
        message.CopyFrom(source)
        message.document_id = document_id or source.document_id
        message.language_code = language_code or source.language_code
        message.charset = charset or source.charset
        return message
    message = SourceDocument(
        document_id=checked(document_id, f"{field}.document_id"),
        language_code=checked(language_code, f"{field}.language_code"),
        charset=checked(charset, f"{field}.charset"),
    )
    if isinstance(source, str):
        message.text = checked(source, f"{field}.text")
    elif isinstance(source, (bytes, bytearray, memoryview)):
        message.content = bytes(source)
    else:
        raise TypeError(
            f"{field} must be str, bytes or SourceDocument, not {type(source).__name__}"
        )
    return message


def options_or_default(options: SegmentationOptions | None) -> SegmentationOptions:
    """The options, with offsets in code points where nothing else is said."""
    chosen = SegmentationOptions()
    if options is not None:
        chosen.CopyFrom(options)
    if chosen.offset_encoding == OFFSET_ENCODING_UNSPECIFIED:
        chosen.offset_encoding = OFFSET_ENCODING_UTF32
    return chosen


def given_text(text: AnyText, language_code: str, field: str) -> GivenText:
    if isinstance(text, GivenText):
        return text
    if isinstance(text, Document):
        return GivenText(segments=text.ready_segments())
    if isinstance(text, ReadySegments):
        return GivenText(segments=text)
    if isinstance(text, (str, bytes, bytearray, memoryview, SourceDocument)):
        document = source_document(text, language_code=language_code, field=f"{field}.document")
        return GivenText(document=document)
    segments = [
        ReadySegment(text=checked(segment, f"{field}.segments[{place}].text"))
        for place, segment in enumerate(text)
    ]
    return GivenText(segments=ReadySegments(language_code=language_code, segments=segments))


def detect(texts: Sequence[str]) -> DetectLanguageRequest:
    return DetectLanguageRequest(
        texts=[checked(text, f"texts[{place}]") for place, text in enumerate(texts)]
    )


def segment(
    source: Source,
    options: SegmentationOptions | None,
    document_id: str = "",
    language_code: str = "",
    charset: str = "",
) -> SegmentDocumentRequest:
    return SegmentDocumentRequest(
        document=source_document(source, document_id, language_code, charset),
        options=options_or_default(options),
    )


def chunks_start(
    options: SegmentationOptions | None, document_id: str, language_code: str, charset: str
) -> SegmentChunksRequest:
    chosen = options_or_default(options)
    if language_code:
        chosen.language_code = language_code
    return SegmentChunksRequest(
        start=DocumentStart(
            document_id=checked(document_id, "start.document_id"), charset=charset, options=chosen
        )
    )


def chunk_messages(chunk: object) -> Iterator[SegmentChunksRequest]:
    """The messages of one chunk of the caller's: several where it is long, none where empty."""
    if not isinstance(chunk, (bytes, bytearray, memoryview)):
        hint = " (one bytes object alone goes into a list)" if isinstance(chunk, int) else ""
        raise TypeError(f"chunks must be bytes, not {type(chunk).__name__}{hint}")
    view = memoryview(chunk)
    for at in range(0, len(view), CHUNK_BYTES_MAX):
        yield SegmentChunksRequest(chunk=bytes(view[at : at + CHUNK_BYTES_MAX]))


def chunks_end() -> SegmentChunksRequest:
    return SegmentChunksRequest(end=DocumentEnd())


def file_name(path: str | os.PathLike[str]) -> str:
    """The last part of a path, as an id: never more bytes than a server takes."""
    name = os.path.basename(os.fspath(path)).encode("utf-8", "replace")
    return name[:512].decode("utf-8", "ignore")


def align(
    source: AnyText,
    target: AnyText,
    dictionary: Iterable[tuple[str, str]],
    options: SegmentationOptions | None,
    source_language_code: str,
    target_language_code: str,
) -> AlignTextsRequest:
    return AlignTextsRequest(
        source=given_text(source, source_language_code, "source"),
        target=given_text(target, target_language_code, "target"),
        options=AlignmentOptions(
            segmentation=options_or_default(options),
            dictionary=[WordPair(source=one, target=other) for one, other in dictionary],
        ),
    )


def compare(
    documents: Iterable[AnyText],
    pairs: bool,
    related_pairs: bool,
    score_min: float,
    options: SegmentationOptions | None,
) -> CompareDocumentsRequest:
    if isinstance(documents, (str, bytes)):
        raise TypeError("documents must be several texts, not one")
    return CompareDocumentsRequest(
        documents=[
            given_text(document, "", f"documents[{place}]")
            for place, document in enumerate(documents)
        ],
        options=ComparisonOptions(
            segmentation=options_or_default(options),
            pairs=pairs,
            related_pairs=related_pairs,
            score_min=score_min,
        ),
    )


def export(
    format: ExportFormat.ValueType,
    source: Source,
    options: SegmentationOptions | None,
    document_id: str,
    language_code: str,
    charset: str,
    xliff: XliffOptions | None,
    plain: PlainOptions | None,
) -> ExportRequest:
    document = segment(source, options, document_id, language_code, charset)
    if format != EXPORT_FORMAT_JSONL:
        # The other formats count bytes, and refuse options that mean nothing to them: only what the
        # caller said himself goes out.
        document.options.CopyFrom(options or SegmentationOptions())
    return ExportRequest(format=format, document=document, xliff=xliff, plain=plain)


def export_alignment(
    format: ExportFormat.ValueType, alignment: AlignTextsRequest, confidence_min: float
) -> ExportRequest:
    tmx = TmxOptions(confidence_min=confidence_min) if confidence_min else None
    return ExportRequest(format=format, alignment=alignment, tmx=tmx)


def merge_xliff(
    xliff: str | bytes,
    missing_target: MissingTargetPolicy.ValueType,
    missing_placeholder: MissingPlaceholderPolicy.ValueType,
) -> MergeRequest:
    held = checked(xliff, "xliff").encode("utf-8") if isinstance(xliff, str) else bytes(xliff)
    return MergeRequest(
        xliff=held,
        missing_target_policy=missing_target,
        missing_placeholder_policy=missing_placeholder,
    )


def merge_segments(
    document: SegmentDocumentRequest,
    targets: Mapping[int, str] | Mapping[str, str] | Iterable[SegmentTarget],
    masked: bool,
    target_language_code: str,
    missing_target: MissingTargetPolicy.ValueType,
    missing_placeholder: MissingPlaceholderPolicy.ValueType,
) -> MergeRequest:
    listed: list[SegmentTarget] = []
    if isinstance(targets, Mapping):
        for segment, text in targets.items():
            target = SegmentTarget(text=checked(text, f"targets[{segment!r}]"))
            if isinstance(segment, str):
                target.segment_id = segment
            else:
                target.segment_number = segment
            listed.append(target)
    else:
        listed.extend(targets)
    return MergeRequest(
        segments=SegmentTargets(
            document=document,
            targets=listed,
            masked=masked,
            target_language_code=target_language_code,
        ),
        missing_target_policy=missing_target,
        missing_placeholder_policy=missing_placeholder,
    )


def merge_lines(
    document: SourceDocument,
    back_map: str | bytes,
    lines: str | Sequence[str],
    target_language_code: str,
    missing_target: MissingTargetPolicy.ValueType,
    missing_placeholder: MissingPlaceholderPolicy.ValueType,
) -> MergeRequest:
    if not isinstance(lines, str):
        for place, line in enumerate(lines):
            if "\n" in line:
                raise InvalidInputError(
                    f"lines[{place}] holds a line end; each target is one line",
                    reason="LINE_END_IN_LINE",
                    field=f"lines[{place}]",
                )
        lines = "".join(f"{line}\n" for line in lines)
    return MergeRequest(
        lines=LineTargets(
            document=document,
            back_map=back_map.decode("utf-8") if isinstance(back_map, bytes) else back_map,
            text=checked(lines, "lines"),
            target_language_code=target_language_code,
        ),
        missing_target_policy=missing_target,
        missing_placeholder_policy=missing_placeholder,
    )
