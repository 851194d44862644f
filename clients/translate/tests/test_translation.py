"""The way of a document between a real service and engines that obey."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time
from collections.abc import Callable, Sequence

import cesura
import pytest
from cesura.testing import ServerProcess
from engines_that_obey import PAIR, ScriptedEngine

from cesura_translate import (
    CHANNEL_OPTIONS,
    Bitext,
    Deadline,
    DeadlinePassed,
    EngineAnswerError,
    EngineError,
    EngineLimits,
    EngineUnavailable,
    Journal,
    Origin,
    ServiceStalled,
    TranslationProgress,
    TranslationSettings,
    Translator,
    segmentation_options,
)

QUICK = TranslationSettings(engine_delay_first=0.01)


def opened(client: cesura.Client, path: pathlib.Path) -> Callable[[float], cesura.DocumentStream]:
    return lambda timeout: client.segment_file(path, options=segmentation_options("it"), timeout=timeout)


def translated(
    client: cesura.Client,
    path: pathlib.Path,
    engine: ScriptedEngine,
    journal: Journal | None = None,
    settings: TranslationSettings = QUICK,
    deadline: float | None = None,
) -> Bitext:
    translator = Translator(engine, PAIR, journal or Journal(None), Deadline(deadline), settings)
    return translator.translate(opened(client, path))


def long_article(tmp_path: pathlib.Path, sentences: int) -> pathlib.Path:
    """Sentences that are all different, ten a paragraph."""
    path = tmp_path / "long.txt"
    said = [f"La seduta numero {number} del consiglio comunale è stata rinviata." for number in range(sentences)]
    path.write_text("\n\n".join(" ".join(said[at : at + 10]) for at in range(0, sentences, 10)) + "\n", "utf-8")
    return path


def test_only_what_is_to_be_translated_is_sent_and_once(client: cesura.Client, article: pathlib.Path) -> None:
    for texts_max in (1, 4, 50):
        # The second of two may come in the same batch, or a later one.
        check_what_is_sent(client, article, ScriptedEngine(limits=EngineLimits(texts_max, 5000)))


def check_what_is_sent(client: cesura.Client, article: pathlib.Path, engine: ScriptedEngine) -> None:
    bitext = translated(client, article, engine)
    assert len(engine.texts) == len(set(engine.texts)) == 7
    assert not [text for text in engine.texts if "commento" in text or "email" in text]
    assert "Per informazioni si può scrivere a {1} entro le 18." in engine.texts
    assert [bitext.count(origin) for origin in Origin] == [7, 0, 1, 0]
    assert [pair.target_text for pair in bitext.pairs()].count("es:Il ministro incontra le parti domani.") == 2
    assert bitext.pairs()[3].target_text == "es:Per informazioni si può scrivere a treni@esempio.it entro le 18."


def test_batches_keep_to_the_limits(client: cesura.Client, tmp_path: pathlib.Path) -> None:
    engine = ScriptedEngine(limits=EngineLimits(texts_max=7, characters_max=250))
    bitext = translated(client, long_article(tmp_path, 100), engine)
    assert len(bitext.targets) == len(engine.texts) == 100
    assert all(len(batch) <= 7 and sum(map(len, batch)) <= 250 for batch in engine.batches)
    assert len(engine.batches) < 40


def test_a_text_over_the_limit_is_told_and_not_sent(client: cesura.Client, article: pathlib.Path) -> None:
    engine = ScriptedEngine(limits=EngineLimits(texts_max=50, characters_max=50))
    translator = Translator(engine, PAIR, Journal(None), Deadline(None), QUICK)
    bitext = translator.translate(opened(client, article))
    assert all(len(text) <= 50 for text in engine.texts)
    assert {problem.kind for problem in translator.problems} == {"TEXT_TOO_LONG"}
    assert len(translator.problems) + len(bitext.targets) == len(bitext.sources)


def test_a_slow_engine_holds_the_reader_back(client: cesura.Client, tmp_path: pathlib.Path) -> None:
    ahead: list[int] = []
    events = 0

    class Counted:
        """A stream that counts what was taken from it."""

        def __init__(self, stream: cesura.DocumentStream) -> None:
            self._stream = stream

        def __enter__(self) -> Counted:
            return self

        def __exit__(self, *_: object) -> None:
            self._stream.close()

        def __iter__(self) -> object:
            nonlocal events
            for event in self._stream:
                events += len(event.unit.segments)
                yield event

    def slowly(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        time.sleep(0.005)
        ahead.append(events - len(engine.texts))
        return engine.as_usual(texts)

    path = long_article(tmp_path, 2000)
    engine = ScriptedEngine(act=slowly, limits=EngineLimits(texts_max=10, characters_max=5000))
    settings = dataclasses.replace(QUICK, segments_ahead_max=50)
    translator = Translator(engine, PAIR, Journal(None), Deadline(None), settings)
    bitext = translator.translate(lambda timeout: Counted(opened(client, path)(timeout)))  # type: ignore[arg-type,return-value]
    assert len(bitext.targets) == 2000
    # The window, and the unit of ten that the reader has in its hands.
    assert max(ahead) <= 60


def test_the_service_itself_is_held_back(start: Callable[..., ServerProcess], tmp_path: pathlib.Path) -> None:
    def slowly(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        time.sleep(0.2)
        return engine.as_usual(texts)

    server = start()
    engine = ScriptedEngine(act=slowly, limits=EngineLimits(texts_max=300, characters_max=50_000))
    with cesura.Client(server.target, channel_options=CHANNEL_OPTIONS) as client:
        assert len(translated(client, long_article(tmp_path, 4500), engine).targets) == 4500
    server.stop()
    calls = [json.loads(line) for line in server.log().splitlines() if '"SegmentChunks"' in line]
    # Three seconds for the engine, and a part of one for the service if nobody held it.
    assert len(calls) == 1 and calls[0]["elapsed_us"] > 1_500_000


def test_an_engine_that_is_away_for_a_while_is_asked_again(client: cesura.Client, article: pathlib.Path) -> None:
    def at_the_third_time(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        if len(engine.batches) in (1, 2, 4):
            raise EngineUnavailable("busy", retry_after=0.05)
        return engine.as_usual(texts)

    engine = ScriptedEngine(act=at_the_third_time)
    begun = time.monotonic()
    assert len(translated(client, article, engine).targets) == 8
    assert engine.batches[0] == engine.batches[1] == engine.batches[2]
    assert time.monotonic() - begun >= 0.15


def test_an_engine_that_stays_away_ends_the_run(client: cesura.Client, article: pathlib.Path) -> None:
    def never(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        raise EngineUnavailable("gone")

    engine = ScriptedEngine(act=never)
    with pytest.raises(EngineUnavailable, match="gone"):
        translated(client, article, engine, settings=dataclasses.replace(QUICK, engine_attempts_max=3))
    assert len(engine.batches) == 3

    def for_an_hour(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        raise EngineUnavailable("come back in an hour", retry_after=3600)

    with pytest.raises(EngineUnavailable, match="in an hour"):
        translated(client, article, ScriptedEngine(act=for_an_hour))


def test_of_an_adapter_that_breaks_only_the_kind_is_told(client: cesura.Client, article: pathlib.Path) -> None:
    def breaks(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        raise KeyError(texts[0])

    with pytest.raises(EngineError, match="^scripted failed with KeyError$"):
        translated(client, article, ScriptedEngine(act=breaks))


@pytest.mark.parametrize(
    "change",
    [lambda texts: texts[:-1], lambda texts: [*texts, "más"], lambda texts: [], lambda texts: [None for _ in texts]],
)
def test_a_wrong_count_is_refused_and_nothing_of_it_is_kept(
    client: cesura.Client, article: pathlib.Path, change: Callable[[list[str]], list[str]]
) -> None:
    journal = Journal(None)
    engine = ScriptedEngine(act=lambda engine, texts: change(engine.as_usual(texts)))
    with pytest.raises(EngineAnswerError, match="texts for|no text"):
        translated(client, article, engine, journal)
    assert journal.count == 0 and len(engine.batches) == 1


def test_an_engine_that_dies_half_way_is_gone_on_from(
    client: cesura.Client, tmp_path: pathlib.Path, article: pathlib.Path
) -> None:
    def dies_at_the_sixth(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        if len(engine.batches) == 6:
            raise EngineError("died")
        return engine.as_usual(texts)

    path, journal = long_article(tmp_path, 60), tmp_path / "run.journal"
    whole = translated(client, path, ScriptedEngine())
    with Journal(journal) as first, pytest.raises(EngineError, match="died"):
        translated(client, path, ScriptedEngine(act=dies_at_the_sixth), first)
    second_engine = ScriptedEngine()
    with Journal(journal) as second:
        assert second.count == 20
        resumed = translated(client, path, second_engine, second)
    assert len(second_engine.texts) == 40
    assert [resumed.count(origin) for origin in Origin] == [40, 20, 0, 0]
    assert [pair.target for pair in resumed.pairs()] == [pair.target for pair in whole.pairs()]
    third_engine = ScriptedEngine()
    with Journal(journal) as third:
        translated(client, path, third_engine, third)
    assert third_engine.texts == []


def test_targets_on_several_lines_and_empty_ones(client: cesura.Client, article: pathlib.Path) -> None:
    def oddly(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        return ["" if "pendolari" in text else f" uno \r\n\r\n dos\u2028{text}\n" for text in texts]

    journal = Journal(None)
    bitext = translated(client, article, ScriptedEngine(act=oddly), journal)
    assert all(pair.target.startswith("uno dos ") for pair in bitext.pairs())
    assert all(len(pair.target.splitlines()) == 1 for pair in bitext.pairs())
    assert len(bitext.targets) == 7 and len(bitext.sources) == 8 and journal.count == 6


def test_text_without_words_is_not_sent(client: cesura.Client, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "figures.txt"
    path.write_text("Il bilancio della giornata è di tre feriti in tutto. 24! E poi basta.\n", "utf-8")
    engine = ScriptedEngine()
    bitext = translated(client, path, engine)
    assert engine.texts == ["Il bilancio della giornata è di tre feriti in tutto.", "E poi basta."]
    assert bitext.pairs()[1].target == "24!" and bitext.pairs()[1].origin is Origin.NO_WORDS


def test_a_deadline_ends_the_run_and_bounds_each_call(client: cesura.Client, tmp_path: pathlib.Path) -> None:
    def slowly(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        time.sleep(0.1)
        return engine.as_usual(texts)

    engine, journal = ScriptedEngine(act=slowly), Journal(None)
    with pytest.raises(DeadlinePassed):
        translated(client, long_article(tmp_path, 400), engine, journal, deadline=0.6)
    assert 1 <= journal.count < 400
    assert all(timeout is not None and timeout <= 0.6 for timeout in engine.timeouts)


def test_a_deadline_does_not_wait_for_an_attempt_behind_it(client: cesura.Client, article: pathlib.Path) -> None:
    def later(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        raise EngineUnavailable("busy", retry_after=30)

    with pytest.raises(DeadlinePassed, match="before the next attempt"):
        translated(client, article, ScriptedEngine(act=later), deadline=2)


def test_a_service_that_is_killed_and_comes_back(start: Callable[..., ServerProcess], tmp_path: pathlib.Path) -> None:
    server = start()
    path = long_article(tmp_path, 1500)

    def while_the_server_dies(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        if len(engine.batches) == 3:
            server.kill()
            server.start()
        return engine.as_usual(texts)

    engine = ScriptedEngine(act=while_the_server_dies, limits=EngineLimits(texts_max=50, characters_max=10_000))
    settings = dataclasses.replace(QUICK, segments_ahead_max=20)
    with cesura.Client(server.target) as client:
        bitext = translated(client, path, engine, settings=settings)
    assert [source.number for source in bitext.sources] == list(range(1, 1501))
    assert len(bitext.targets) == len(engine.texts) == len(set(engine.texts)) == 1500


def test_a_service_that_hangs_is_told(start: Callable[..., ServerProcess], tmp_path: pathlib.Path) -> None:
    server = start()

    def hold(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
        if len(engine.batches) == 1:
            server.pause()
        return engine.as_usual(texts)

    settings = dataclasses.replace(QUICK, segments_ahead_max=5, call_timeout=1.0)
    with cesura.Client(server.target) as client:
        with pytest.raises(ServiceStalled, match="said nothing"):
            translated(client, long_article(tmp_path, 20_000), ScriptedEngine(act=hold), settings=settings)
        server.go_on()


def test_a_service_that_is_not_there(tmp_path: pathlib.Path, article: pathlib.Path) -> None:
    policy = cesura.RetryPolicy(attempts_max=2, delay_first=0.01)
    with cesura.Client("127.0.0.1:1", retry=policy) as client, pytest.raises(cesura.UnavailableError):
        translated(client, article, ScriptedEngine())


def test_progress_is_told(client: cesura.Client, article: pathlib.Path) -> None:
    seen: list[TranslationProgress] = []
    translator = Translator(ScriptedEngine(), PAIR, Journal(None), Deadline(None), QUICK)
    translator.translate(opened(client, article), lambda progress: seen.append(dataclasses.replace(progress)))
    assert seen[-1] == TranslationProgress(read=8, translated=8, from_engine=7)
    assert all(one.translated <= one.read for one in seen)
