"""Export and merge, where the server has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import cesura

TEXT = "Il vertice di Trieste\n\nIl dott. Rossi è qui.  Poi esce: scrivi a capo@esempio.it oggi.\n"


@pytest.fixture
def exchange(client: Any) -> Iterator[Any]:
    try:
        client.export("x", cesura.EXPORT_FORMAT_PLAIN).read()
    except cesura.UnimplementedError:
        pytest.skip("this server has no ExchangeService")
    yield client


def test_every_format_of_a_document(exchange: Any) -> None:
    for format in cesura.ExportFormat.values():
        if format in (cesura.EXPORT_FORMAT_UNSPECIFIED, cesura.EXPORT_FORMAT_TMX_1_4):
            continue
        with exchange.export(TEXT, format, document_id="a", language_code="it") as export:
            content = export.read()
        assert content and export.media_type and export.file_extension.startswith(".")
        assert b"".join(exchange.export(TEXT, format, document_id="a", language_code="it")) == content


def test_an_alignment_as_a_translation_memory(exchange: Any) -> None:
    english = ["The summit of Trieste", "Dr Rossi is here.", "Then he leaves."]
    italian = ["Il vertice di Trieste", "Il dott. Rossi è qui.", "Poi esce."]
    with exchange.export_alignment(italian, english, cesura.EXPORT_FORMAT_TMX_1_4) as export:
        content = export.read().decode()
    assert "<tmx" in content and "Dr Rossi is here." in content


def test_a_format_that_does_not_fit(exchange: Any) -> None:
    with pytest.raises(cesura.InvalidInputError):
        exchange.export(TEXT, cesura.EXPORT_FORMAT_TMX_1_4)
    with pytest.raises(cesura.InvalidInputError):
        exchange.export(TEXT, cesura.EXPORT_FORMAT_UNSPECIFIED)


def test_targets_by_number_and_by_id_stand_where_their_sources_stood(exchange: Any) -> None:
    options = cesura.SegmentationOptions(
        details=[cesura.DETAIL_IDENTITIES, cesura.DETAIL_MASKED_TEXT]
    )
    document = exchange.segment(TEXT, options=options)
    sources = {segment.number: segment.text for segment in document.segments}
    merged = exchange.merge_segments(TEXT, sources)
    assert merged.text == TEXT and not merged.problems
    assert merged.tail.content_digest == document.tail.source_digest

    by_id = {segment.identity.id: segment.text.upper() for segment in document.segments}
    merged = exchange.merge_segments(TEXT, by_id, target_language_code="en")
    assert merged.text == TEXT.upper() and merged.head.target_language_code == "en"

    masked = {segment.number: segment.masked_text.text for segment in document.segments}
    assert any("{1}" in text for text in masked.values())
    assert exchange.merge_segments(TEXT, masked, masked=True).text == TEXT


def test_a_missing_target_is_told_or_refused(exchange: Any) -> None:
    merged = exchange.merge_segments(TEXT, {1: "The summit of Trieste"})
    assert merged.text.startswith("The summit of Trieste\n\nIl dott. Rossi")
    assert {problem.kind for problem in merged.problems} == {cesura.MERGE_PROBLEM_KIND_TARGET_MISSING}
    with pytest.raises(cesura.FailedPreconditionError) as caught:
        exchange.merge_segments(
            TEXT, {1: "The summit"}, missing_target=cesura.MISSING_TARGET_POLICY_REFUSE
        )
    assert caught.value.reason == "TARGET_MISSING"


def test_lines_and_their_way_back(exchange: Any) -> None:
    lines = exchange.export(TEXT, cesura.EXPORT_FORMAT_PLAIN).read().decode().splitlines()
    back_map = exchange.export(TEXT, cesura.EXPORT_FORMAT_BACK_MAP).read()
    merged = exchange.merge_lines(TEXT, back_map, [line.upper() for line in lines])
    assert merged.text == TEXT.upper()
    with pytest.raises(cesura.FailedPreconditionError) as caught:
        exchange.merge_lines(TEXT + "Altro.", back_map, lines)
    assert caught.value.reason == "SOURCE_CHANGED"


def test_an_xliff_file_and_its_way_back(exchange: Any) -> None:
    for format in (cesura.EXPORT_FORMAT_XLIFF_2_1, cesura.EXPORT_FORMAT_XLIFF_1_2):
        xliff = exchange.export(TEXT, format).read()
        merged = exchange.merge_xliff(xliff)
        assert merged.text == TEXT
    with pytest.raises(cesura.InvalidInputError) as caught:
        exchange.merge_xliff("<xliff")
    assert caught.value.reason == "XLIFF_INVALID"


def test_a_line_end_inside_a_line_is_refused_here(client: Any) -> None:
    with pytest.raises(cesura.InvalidInputError, match=r"lines\[1\]"):
        client.merge_lines("x", b"", ["a", "b\nc"])
