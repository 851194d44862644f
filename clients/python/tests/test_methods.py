"""Every method against a real server, by both clients."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

import cesura
from conftest import trickle


def test_segments_lie_where_their_spans_say(client: Any, seeds: list[str]) -> None:
    for text in seeds:
        document = client.segment(text, document_id="a")
        assert document.text == text
        assert document.document_id == "a"
        assert document.head.offset_encoding == cesura.OFFSET_ENCODING_UTF32
        assert document.head.language.language_code == "it"
        at = 0
        for span, piece in document.pieces():
            assert (span.start, text[span.start : span.end]) == (at, piece)
            at = span.end
        assert at == len(text)
        assert [segment.number for segment in document.segments] == list(
            range(1, document.tail.segment_count + 1)
        )
        assert len(document.translatable_segments) == document.tail.translatable_segment_count
        for segment in document.segments:
            assert segment in document.unit_of(segment.number).segments


def test_text_beyond_the_basic_plane_counts_code_points(client: Any) -> None:
    text = "Che bello 🎉🎉. Poi è uscito."
    document = client.segment(text)
    assert [text[s.span.start : s.span.end] for s in document.segments] == [
        "Che bello 🎉🎉.",
        "Poi è uscito.",
    ]
    options = cesura.SegmentationOptions(offset_encoding=cesura.OFFSET_ENCODING_UTF8)
    (_, second) = client.segment(text, options=options).segments
    assert text.encode()[second.span.start : second.span.end].decode() == second.text


def test_segments_without_white_space_between(client: Any) -> None:
    text = "Ha detto: «Non c'è fretta».Poi è uscito."
    document = client.segment(text)
    assert document.text == text and len(document.segments) == 2


def test_bytes_in_another_character_set(client: Any) -> None:
    text = "Perché no? È così."
    document = client.segment(text.encode("windows-1252"), charset="windows-1252")
    assert document.text == text and document.head.charset == "windows-1252"
    assert client.segment(bytearray(text.encode())).text == text


def test_empty_document(client: Any) -> None:
    for empty in ("", b""):
        document = client.segment(empty)
        assert document.text == "" and document.segments == ()


def test_options_reach_the_server_and_stay_as_they_were(client: Any) -> None:
    options = cesura.SegmentationOptions(
        details=[cesura.DETAIL_COUNTS],
        packing=cesura.PackingOptions(budget=16, budget_unit=cesura.BUDGET_UNIT_WORDS),
    )
    document = client.segment("Il dott. Rossi è qui. Poi esce.", options=options)
    assert [segment.counts.words for segment in document.segments] == [5, 2]
    assert [chunk.text for chunk in document.model_chunks] == ["Il dott. Rossi è qui. Poi esce."]
    assert options.offset_encoding == cesura.OFFSET_ENCODING_UNSPECIFIED


def test_omitted_text_is_not_made_up(client: Any) -> None:
    document = client.segment("Ciao.", options=cesura.SegmentationOptions(omit_text=True))
    with pytest.raises(ValueError, match="omit_text"):
        document.text


@pytest.mark.parametrize("size", [1, 7, 100, 65536])
def test_chunks_answer_like_the_whole(client: Any, seeds: list[str], size: int) -> None:
    data = seeds[3].encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    events = list(client.segment_chunks(chunks, document_id="c"))
    assert events == list(client.segment(seeds[3], document_id="c").events)
    assert list(client.segment_chunks([b"", *chunks, b""], document_id="c")) == events


def test_file_answers_like_the_whole(client: Any, seed_paths: list[pathlib.Path]) -> None:
    path = seed_paths[1]
    events = list(client.segment_file(path, chunk_bytes=333))
    assert cesura.Document(events).document_id == path.name
    assert events == list(client.segment(path.read_bytes(), document_id=path.name).events)


def test_a_chunk_longer_than_a_message_is_cut(client: Any) -> None:
    text = ("Il testo è lungo assai, e non finisce qui. " * 20 + "\n\n") * 3_000
    assert len(text) > 2 << 20
    units = sum(event.HasField("unit") for event in client.segment_chunks([text.encode()]))
    assert units == 3_000


def test_events_come_while_the_input_is_read(target: str) -> None:
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for _ in range(2_000):
            read += 1
            yield ("La giunta ha deciso ieri. Il sindaco non era presente.\n\n" * 20).encode()

    with cesura.Client(target) as client:
        with client.segment_chunks(chunks()) as stream:
            next(stream.segments())
            first = read
        # The rest is not read any more.
        assert first < 2_000 and read < 2_000


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"streams": 3},
        {"documents_per_message": 1, "documents_in_flight": 1},
        {"documents_per_message": 64, "documents_in_flight": 7},
        {"documents_per_stream": 10},
        {"bytes_in_flight": 1},
    ],
    ids=str,
)
def test_many_documents_in_order(client: Any, seeds: list[str], settings: dict[str, int]) -> None:
    texts = [f"Articolo numero {number}.\n\n{seeds[number % 5]}" for number in range(150)]
    given = list(client.segment_documents(texts, **settings))
    assert [text for text, _ in given] == texts
    for text, document in given:
        assert document.text == text


def test_many_documents_in_any_order(client: Any) -> None:
    rows = [(number, f"Articolo {number}. E basta.") for number in range(300)]
    given = client.segment_documents(rows, source=lambda row: row[1], ordered=False, streams=2)
    assert sorted((row, document.text) for row, document in given) == [(row, row[1]) for row in rows]


def test_a_long_document_gives_way_to_short_ones(client: Any) -> None:
    texts = ["Il presidente ha parlato a lungo. Poi è partito.\n\n" * 8000]
    texts += [f"Articolo {number}. E basta." for number in range(7)]
    given = client.segment_documents(texts, ordered=False, documents_per_message=8)
    assert [document.text for _, document in given] == [*texts[1:], texts[0]]


def test_no_documents(client: Any) -> None:
    assert list(client.segment_documents([])) == []


def test_documents_of_all_kinds_and_refused_ones(client: Any) -> None:
    documents = [
        "Una frase.",
        "caffè".encode("latin-1"),
        cesura.SourceDocument(document_id="x", content=b"Ciao.", charset="nonsense"),
        "\udc80",
        cesura.SourceDocument(document_id="y", text="Due. Frasi."),
        "lungo " * 1_000_000,
    ]
    answers = [answer for _, answer in client.segment_documents(documents)]
    assert answers[0].text == "Una frase."
    assert answers[1].reason == "MALFORMED_TEXT" and isinstance(answers[1], cesura.InvalidInputError)
    assert answers[2].reason == "UNKNOWN_CHARSET"
    assert answers[3].reason == "LONE_SURROGATE"
    assert answers[4].document_id == "y"
    assert answers[5].reason == "DOCUMENT_TOO_LARGE" and "segment_chunks" in str(answers[5])


def test_first_occurrences_name_places_among_all_documents(client: Any) -> None:
    texts = ["Una frase sola.", "Un'altra frase.", "Una frase sola."]
    options = cesura.SegmentationOptions(details=[cesura.DETAIL_IDENTITIES])
    answers = [answer for _, answer in client.segment_documents(texts, options=options)]
    assert answers[2].segments[0].identity.first_document_index == 0
    # On a stream of its own a document has nothing before it.
    answers = [
        answer
        for _, answer in client.segment_documents(texts * 2, options=options, documents_per_stream=3,
                                                  documents_per_message=3, documents_in_flight=3)
    ]
    assert answers[5].segments[0].identity.first_document_index == 3


def test_asynchronous_input(target: str, seeds: list[str]) -> None:
    from conftest import Driven

    with Driven(target) as client:
        given = list(client.segment_documents(trickle(seeds)))
        assert [text for text, _ in given] == seeds
        chunks = trickle([b"Una fra", b"se. Due."])
        document = cesura.Document(client.segment_chunks(chunks))
        assert [segment.text for segment in document.segments] == ["Una frase.", "Due."]


def test_languages(client: Any, seeds: list[str]) -> None:
    assert client.detect_language(seeds[0]).language_code == "it"
    found = client.detect_languages([*seeds, "The government has not said anything about it yet."])
    assert [detection.language_code for detection in found] == ["it"] * 5 + ["en"]
    assert client.detect_languages([]) == []


def test_alignment(client: Any) -> None:
    text = "Il vertice è a Trieste – oggi. Sono attesi 14 ministri."
    ready = ["The summit is in Trieste today.", "14 ministers are expected."]
    for source in (text, text.encode(), client.segment(text)):
        alignment = client.align(source, ready, dictionary=[("vertice", "summit")])
        assert alignment.tail.parallel
        assert [list(bead.target.texts) for bead in alignment.beads] == [[one] for one in ready]
        assert [list(bead.source.segments) for bead in alignment.beads] == [[0], [1]]
    span = client.align(text, ready).beads[1].source.span
    assert text[span.start : span.end] == "Sono attesi 14 ministri."


def test_comparison_in_places_of_segmented_documents(client: Any, seeds: list[str]) -> None:
    documents = [client.segment(text) for text in seeds]
    comparison = client.compare(documents, pairs=True)
    assert comparison.groups and comparison.pairs and len(comparison.shares) == 5
    for group in comparison.groups:
        assert len({member.document for member in group.members}) > 1
        for member in group.members:
            assert documents[member.document].segments[member.segment].text == member.text
    with pytest.raises(TypeError):
        client.compare("one text")


def test_rules_and_server_info(client: Any) -> None:
    info = client.server_info()
    assert info.limits.document_bytes_max > 0 and info.version
    assert "latin.abbreviation.title" in {rule.rule_id for rule in client.list_rules("it")}
