"""Tables in, tables out."""

from __future__ import annotations

import pytest

import cesura

pa = pytest.importorskip("pyarrow")


def test_a_row_for_each_segment_in_the_order_of_the_table(target: str, seeds: list[str]) -> None:
    from cesura.arrow import schema, segment_batches

    table = pa.table({"id": list(range(50)), "text": [seeds[n % 5] for n in range(50)]})
    with cesura.Client(target) as client:
        batches = list(segment_batches(client, table.to_batches(max_chunksize=7), rows_max=100))
        assert len(batches) > 5 and all(batch.schema == schema(pa.int64()) for batch in batches)
        rows = pa.Table.from_batches(batches).to_pylist()
        assert len(rows) == sum(len(client.segment(seeds[n % 5]).segments) for n in range(50))
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    for row in rows:
        assert seeds[row["id"] % 5][row["start"] : row["end"]] == row["text"]
    assert rows[0]["kind"] == "headline" and rows[0]["error"] is None


def test_the_schema_has_no_type_that_engines_of_the_jvm_lack() -> None:
    from cesura.arrow import schema

    assert not [field for field in schema(pa.string()) if pa.types.is_unsigned_integer(field.type)]


def test_refused_documents_are_rows(target: str) -> None:
    from cesura.arrow import segment_batches

    batch = pa.record_batch({"key": ["a", "b", "c"], "body": [b"Una frase.", None, b"caff\xe9"]})
    with cesura.Client(target) as client:
        (answer,) = segment_batches(client, [batch], id_column="key", text_column="body")
        rows = answer.to_pylist()
        assert [(row["id"], row["text"], row["error"]) for row in rows] == [
            ("a", "Una frase.", None),
            ("b", None, "TEXT_MISSING"),
            ("c", None, "MALFORMED_TEXT"),
        ]
        assert list(segment_batches(client, [])) == []
        with pytest.raises(KeyError):
            list(segment_batches(client, [batch]))
