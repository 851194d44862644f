"""Segments of whole tables, for Spark (`mapInArrow`), Ray, Polars, DuckDB and what else speaks Arrow.

Needs pyarrow: ``pip install 'cesura[arrow]'``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from cesura.client import Client
from cesura.document import Document
from cesura.errors import CesuraError, InvalidInputError
from cesura.v1.document_pb2 import BlockKind, SegmentationOptions

# Signed: Spark and the other engines of the JVM know no unsigned integers.
_COLUMNS = [
    pa.field("unit", pa.int32()),
    pa.field("segment", pa.int32()),
    pa.field("kind", pa.string()),
    pa.field("translatable", pa.bool_()),
    pa.field("start", pa.int32()),
    pa.field("end", pa.int32()),
    pa.field("text", pa.string()),
    pa.field("language", pa.string()),
    pa.field("error", pa.string()),
]


def schema(id_type: pa.DataType) -> pa.Schema:
    """Schema of the batches that `segment_batches` gives, for ids of a type.

    One row a segment: the id of its document; numbers of its unit and of itself, from 1; kind of the
    block, for example ``headline``; whether it is to be translated; offsets in the document, in
    code points unless asked otherwise; text; language of the unit. A document that was refused is
    one row with `error`, a stable word, and nothing else but its id.
    """
    return pa.schema([pa.field("id", id_type), *_COLUMNS])


def segment_batches(
    client: Client,
    batches: Iterable[pa.RecordBatch],
    *,
    id_column: str = "id",
    text_column: str = "text",
    options: SegmentationOptions | None = None,
    rows_max: int = 10_000,
    **settings: Any,
) -> Iterator[pa.RecordBatch]:
    """Segments the documents of record batches; gives record batches with a row for each segment.

    Documents keep their order unless ``ordered=False`` is given; their rows stay together. No more is
    read ahead than `Client.segment_documents` does.

    Example, in Spark::

        def segments(batches):
            with cesura.Client("segmenter:50051") as client:
                yield from cesura.arrow.segment_batches(client, batches)

        articles.mapInArrow(segments, from_arrow_schema(cesura.arrow.schema(pa.string())))

    with ``from_arrow_schema`` of ``pyspark.sql.pandas.types``.

    Args:
        id_column: Column with ids, of any type.
        text_column: Column with documents: strings, or binary in UTF-8. A null is answered by
            ``TEXT_MISSING``.
        options: Choices for all documents.
        rows_max: Rows of a batch about; a document is never cut.
        settings: Further arguments of `Client.segment_documents`, for example `streams`.

    Raises:
        KeyError: a column is missing.
        CesuraError: as `Client.segment_documents`.
    """
    if rows_max < 1:
        raise ValueError(f"rows_max is {rows_max}; it must be 1 or more")
    id_type: pa.DataType | None = None

    def documents() -> Iterator[tuple[Any, Any]]:
        nonlocal id_type
        for batch in batches:
            ids, texts = batch.column(id_column), batch.column(text_column)
            id_type = ids.type
            yield from zip(ids.to_pylist(), texts.to_pylist())

    def source(row: tuple[Any, Any]) -> Any:
        if row[1] is None:
            raise InvalidInputError("the text is null", reason="TEXT_MISSING", field=text_column)
        return row[1]

    rows: list[tuple[Any, ...]] = []
    answers = client.segment_documents(documents(), source=source, options=options, **settings)
    for (document_id, _), answer in answers:
        rows.extend(_rows(document_id, answer))
        if len(rows) >= rows_max:
            yield _batch(rows, id_type)
            rows = []
    if rows:
        yield _batch(rows, id_type)


def _rows(document_id: Any, answer: Document | CesuraError) -> Iterator[tuple[Any, ...]]:
    if isinstance(answer, CesuraError):
        yield (document_id, *[None] * (len(_COLUMNS) - 1), answer.reason or answer.code.name)
        return
    for unit in answer.units:
        kind = BlockKind.Name(unit.kind).removeprefix("BLOCK_KIND_").lower()
        for segment in unit.segments:
            yield (
                document_id,
                unit.number,
                segment.number,
                kind,
                unit.translatable,
                segment.span.start,
                segment.span.end,
                segment.text,
                unit.language.language_code,
                None,
            )


def _batch(rows: list[tuple[Any, ...]], id_type: pa.DataType | None) -> pa.RecordBatch:
    fields = schema(id_type or pa.null())
    columns = [pa.array(list(column), type=field.type) for column, field in zip(zip(*rows), fields)]
    return pa.RecordBatch.from_arrays(columns, schema=fields)
