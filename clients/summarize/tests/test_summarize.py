"""What summaries hold, and what they must not hold, on the seeds."""

from __future__ import annotations

import json
import re

import pytest

import cesura
import cesura_summarize
from cesura_summarize.command import main
from cesura_summarize.naive import summarize_naively
from cesura_summarize.ranking import METHODS, WORDS, rate, stems

# Read off the pages by hand: titles, crossheads, captions, dates, furniture, links to other articles.
NOT_IN_A_SUMMARY = [
    "Russia, Kim incontra Putin: “Pronti ad aiutarla",
    "Il leader della Corea del Nord, Kim Jong-un, è arrivato in Russia accolto",
    "Kim arriva in Russia ed incontra Putin",
    "Ansa Foto",
    "Notizie.com",
    "Kim incontra Putin: si tratta del secondo incontro tra i due",
    "Impostazioni privacy",
    "negoziano accordi sulle armi – Politica",
    "READ",
    "Trump ha posto il veto",
    "Parallelamente all’incontro, nella Corea del Nord vengono condotti",
    "Lascia un commento",
    "Il tuo indirizzo email",
    "Torna in alto",
    "date 2023-09",
    "sputniknews.com/2023",
    "Kim Jong Un è arrivato in Russia in vista dei colloqui con Vladimir Putin",
    "12.09.2023",
    "l’asse contro gli USA",
    "Un’indistruttibile relazione tra Mosca e Pyongyang",
    "Il messaggio di Kim Jong Un e la risposta degli Stati Uniti",
]


def misplaced(texts: list[str]) -> list[str]:
    """What does not belong into a summary, repeats included."""
    found = [text for text in texts if any(bad in text for bad in NOT_IN_A_SUMMARY)]
    return found + [text for place, text in enumerate(texts) if text in texts[:place]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sentences", [2, 5, 8])
def test_no_furniture_title_caption_or_repeat(
    client: cesura.Client, seeds: dict[str, str], method: str, sentences: int
) -> None:
    alone = [
        summary
        for name, text in seeds.items()
        for summary in cesura_summarize.summarize(
            client, {name: text}, sentences=sentences, method=method
        )
    ]
    together = cesura_summarize.summarize(client, seeds, sentences=sentences, method=method)
    assert len(alone) == 5
    for summary in [*alone, *together]:
        assert len(summary.statements) == sentences
        assert misplaced([statement.text for statement in summary.statements]) == []


@pytest.mark.parametrize("method", METHODS)
def test_the_same_method_without_cesura_chooses_them(
    client: cesura.Client, seeds: dict[str, str], method: str
) -> None:
    found = []
    for name, text in seeds.items():
        articles = cesura_summarize.read_articles(client, {name: text})
        naive = summarize_naively(articles, sentences=5, method=method)
        assert len(naive) == 5
        texts = [sentence.text for sentence in naive]
        found += misplaced(texts)
        # What the page says of them agrees with what was read off by hand.
        faulty = [sentence.text for sentence in naive if sentence.fault not in ("", "cut")]
        assert set(misplaced(texts)) == set(faulty)
    assert len(found) >= 2, found


def test_lexrank_without_cesura_says_one_caption_twice(
    client: cesura.Client, seeds: dict[str, str]
) -> None:
    articles = cesura_summarize.read_articles(client, {"000": seeds["000"]})
    naive = summarize_naively(articles, sentences=2, method="lexrank")
    assert [sentence.text for sentence in naive] == ["Kim arriva in Russia ed incontra Putin"] * 2
    assert {sentence.fault for sentence in naive} == {"caption", "repeat"}


def test_one_summary_for_each_event(client: cesura.Client, seeds: dict[str, str]) -> None:
    """Two visits, in September 2023 and in June 2024, told in much the same words."""
    summaries = cesura_summarize.summarize(client, seeds)
    told = [[article.id for article in summary.articles] for summary in summaries]
    assert told == [["000", "001", "003"], ["002", "004"]]
    backwards = cesura_summarize.summarize(client, dict(reversed(seeds.items())))
    assert sorted(sorted(article.id for article in summary.articles) for summary in backwards) == told


def test_what_several_articles_say_is_said_once_and_names_them(
    client: cesura.Client, seeds: dict[str, str]
) -> None:
    sources = {name: seeds[name] for name in ("002", "004")}
    (summary,) = cesura_summarize.summarize(client, sources, sentences=12)
    shared = [statement for statement in summary.statements if len(statement.said_by) == 2]
    assert shared and all(set(statement.said_by) == {"002", "004"} for statement in shared)
    assert sum("imperialismo" in statement.text for statement in summary.statements) <= 1


def test_a_copy_of_an_article_adds_nothing(client: cesura.Client, seeds: dict[str, str]) -> None:
    (summary,) = cesura_summarize.summarize(
        client, {"a": seeds["002"], "b": seeds["002"]}, sentences=40
    )
    texts = [statement.text for statement in summary.statements]
    assert len(texts) == len(set(texts)) <= 11
    assert all(set(statement.said_by) == {"a", "b"} for statement in summary.statements)


def test_statements_lie_where_they_say(client: cesura.Client, seeds: dict[str, str]) -> None:
    for summary in cesura_summarize.summarize(client, seeds):
        for statement in summary.statements:
            source = seeds[statement.said_by[0]][statement.start : statement.end]
            assert " ".join(source.split()) == statement.text
    (summary,) = cesura_summarize.summarize(client, {"001": seeds["001"]}, sentences=12)
    assert {statement.section for statement in summary.statements} == {
        "",
        "Parallelamente all’incontro, nella Corea del Nord vengono condotti test missilistici",
    }


def test_quotations_stay_whole(client: cesura.Client) -> None:
    text = (
        "Il sindaco di Trieste ha parlato ieri in piazza. «Non c'è fretta di decidere. Vedremo domani "
        "che cosa fare della scuola», ha detto il sindaco ai cittadini di Trieste."
    )
    (summary,) = cesura_summarize.summarize(client, {"a": text})
    for statement in summary.statements:
        assert statement.text.count("«") == statement.text.count("»")


def test_a_long_article_is_ranked_in_chunks(client: cesura.Client, seeds: dict[str, str]) -> None:
    long = "\n\n".join(seeds.values())
    (article,) = cesura_summarize.read_articles(client, {"a": long}, chunk_tokens=200)
    assert len(article.chunks) > 5
    numbers = [statement.segment for statement in article.statements]
    assert numbers == sorted(set(numbers))
    (summary,) = cesura_summarize.summarize(client, {"a": long}, chunk_tokens=200)
    assert len(summary.statements) == 5


def test_little_to_say(client: cesura.Client) -> None:
    assert cesura_summarize.summarize(client, {}) == []
    (summary,) = cesura_summarize.summarize(client, {"a": ""})
    assert summary.statements == () and summary.title == ""
    (summary,) = cesura_summarize.summarize(client, {"a": "Il sindaco di Trieste si è dimesso."})
    assert summary.text == "Il sindaco di Trieste si è dimesso."


def test_what_is_refused(client: cesura.Client) -> None:
    with pytest.raises(cesura.InvalidInputError):
        cesura_summarize.summarize(client, {"a": b"caff\xe9"})
    with pytest.raises(ValueError, match="sentences"):
        cesura_summarize.summarize(client, {"a": "x"}, sentences=0)
    with pytest.raises(ValueError, match="method"):
        cesura_summarize.summarize(client, {"a": "x"}, method="best")


def test_words_and_ratings() -> None:
    assert WORDS.to_words("L’imperialismo dell'ONU, nel 2024!") == (
        "l", "imperialismo", "dell", "onu", "nel", "2024",
    )
    assert stems("Lavora per la pace") & stems("lavoravano di notte per la pace")
    sentences = ["Putin incontra Kim a Mosca.", "Kim incontra Putin.", "Piove molto a Trieste."]
    for method in METHODS:
        rated = rate(sentences, method)
        assert len(rated) == 3 and max(rated) == 1 and rated == rate(sentences, method)
    assert rate([]) == [] and rate(["Solo."]) == [1.0] and rate(["", ""]) == [1.0, 1.0]
    for method in METHODS:
        assert len(rate(["Piove.", "Nevica sempre."], method)) == 2


def test_the_command(
    target: str, seed_files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--target", target, *seed_files]) == 0
    said = capsys.readouterr().out
    assert said.count("\n- ") == 10 and re.search(r"\[1\]\[2\]|\[2\]\[1\]", said)

    assert main(["--target", target, "--beside-naive", *seed_files]) == 0
    left, right = [], []
    for line in capsys.readouterr().out.splitlines():
        left.append(line[:58])
        right.append(line[58:])
    assert "✗ caption" in "".join(right) and "✗ repeat" in "".join(right)
    assert "✗" not in "".join(left)

    assert main(["--target", target, "--json", *seed_files]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(line["articles"]) for line in lines] == [3, 2]

    assert main(["--target", target, "--chunks", "--chunk-tokens", "128", *seed_files]) == 0
    chunks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(chunks) > 20 and all(chunk["tokens_estimate"] <= 128 for chunk in chunks)


def test_the_command_says_what_is_wrong(
    target: str, seed_files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--target", target, "nowhere.txt"]) == 1
    assert "nowhere.txt" in capsys.readouterr().err
    assert main(["--target", target, "--sentences", "0", seed_files[0]]) == 2
    assert main(["--target", target, "--chunk-tokens", "3", seed_files[0]]) == 1
    assert "budget" in capsys.readouterr().err
