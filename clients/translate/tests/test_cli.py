"""The command as it is called: what it writes, what its exit status says, how it is interrupted."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from cesura.testing import ServerProcess
from libretranslate_stand_in import LibreTranslateStandIn
from lxml import etree
from translate.storage.tmx import tmxfile

from cesura_translate.cli import ExitCode, main

TESTS = pathlib.Path(__file__).parent
CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


@pytest.fixture
def translate(service: str, stand_in: LibreTranslateStandIn) -> Callable[..., int]:
    """Calls the command with the stand-in as its engine."""

    def call(*arguments: object) -> int:
        engine = ["--engine", "libretranslate", "--engine-option", f"url={stand_in.url}"]
        return main(["--service", service, "--to", "es", *engine, *map(str, arguments)])

    return call


def started(*arguments: object) -> subprocess.Popen[bytes]:
    """The command in a process of its own, with an engine that obeys."""
    engine = ["--engine", "engines_that_obey:ScriptedEngine"]
    return subprocess.Popen(
        [sys.executable, "-m", "cesura_translate", "--to", "es", *engine, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has SIGINT ignored, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def long_article(tmp_path: pathlib.Path, sentences: int) -> pathlib.Path:
    path = tmp_path / "long.txt"
    said = [f"La seduta numero {number} del consiglio comunale è stata rinviata." for number in range(sentences)]
    path.write_text("\n\n".join(" ".join(said[at : at + 10]) for at in range(0, sentences, 10)) + "\n", "utf-8")
    return path


def wait_for_lines(path: pathlib.Path, count: int) -> None:
    ends = time.monotonic() + 20
    while not path.exists() or len(path.read_bytes().splitlines()) < count:
        assert time.monotonic() < ends, "the engine is not asked"
        time.sleep(0.02)


def test_one_document_goes_to_standard_output(
    translate: Callable[..., int], article: pathlib.Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert translate(article) == ExitCode.DONE
    out, err = capfdbinary.readouterr()
    assert out.decode() == (
        "es:Sciopero dei treni, oggi disagi in tutta Italia\n"
        "\n"
        "es:Il sindacato ha confermato lo sciopero di ventiquattro ore. es:Il ministro incontra le parti domani.\n"
        "\n"
        "es:Per informazioni si può scrivere a treni@esempio.it entro le 18. es:La notizia è di ANSA.  es:I pendolari"
        " protestano.\n"
        "\n"
        "es:Il ministro incontra le parti domani. es:Perde il 2,5% anche la Borsa di Milano.\n"
        "\n"
        "Lascia un commento\n"
        "\n"
        "Il tuo indirizzo email non sarà pubblicato.\n"
    )
    assert err == b""


def test_standard_input_and_a_character_set(
    service: str, stand_in: LibreTranslateStandIn, tmp_path: pathlib.Path
) -> None:
    engine = ["--engine", "libretranslate", "--engine-option", f"url={stand_in.url}"]
    command = [sys.executable, "-m", "cesura_translate", "--service", service, "--to", "es", *engine]
    given = "Perché no? Così è la vita di città.\n".encode("windows-1252")
    run = subprocess.run([*command, "--charset", "windows-1252"], input=given, capture_output=True, check=True)
    assert run.stdout.decode() == "es:Perché no? es:Così è la vita di città.\n"
    run = subprocess.run(command, input=given, capture_output=True)
    assert run.returncode == ExitCode.INPUT and b"UTF-8" in run.stderr and run.stdout == b""


def test_all_formats_and_the_report(
    translate: Callable[..., int], article: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    out, report = tmp_path / "out", tmp_path / "report.json"
    formats = ["--format", "text", "--format", "xliff", "--format", "tmx"]
    assert translate(article, *formats, "--output-dir", out, "--report", report) == ExitCode.DONE
    assert sorted(path.name for path in out.iterdir()) == ["article.es.tmx", "article.es.txt", "article.es.xlf"]
    said = json.loads(report.read_text("utf-8"))
    assert said["documents"][0]["targets_from"] == {"engine": 7, "journal": 0, "repetition": 1, "no-words": 0}
    assert said["problem_count"] == 0 and said["outcome"] == "done"
    root = etree.fromstring((out / "article.es.xlf").read_bytes())
    marked = [mark for target in root.iter(f"{CORE}target") for mark in target.iter(f"{CORE}mrk")]
    assert [mark.text for mark in marked] == ["treni@esempio.it", "ANSA"]
    assert all(mark.get("translate") == "no" for mark in marked)
    memory = tmxfile.parsefile(str(out / "article.es.tmx"))
    assert [(unit.source, unit.target) for unit in memory.units][3] == (
        "Per informazioni si può scrivere a treni@esempio.it entro le 18.",
        "es:Per informazioni si può scrivere a treni@esempio.it entro le 18.",
    )


def test_what_an_engine_breaks_is_told(
    service: str, article: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.syspath_prepend(str(TESTS))
    import engines_that_obey

    def careless(texts: list[str]) -> list[str]:
        return [f"es:{text.replace('{1}', '{ 1 }' if 'ANSA' in text else '').rstrip('.')}" for text in texts]

    monkeypatch.setattr(engines_that_obey.ScriptedEngine, "as_usual", staticmethod(careless))
    arguments = ["--service", service, "--to", "es", "--engine", "engines_that_obey:ScriptedEngine", str(article)]
    out, report = tmp_path / "out", tmp_path / "report.json"
    places = ["--format", "text", "--format", "xliff", "--output-dir", str(out), "--report", str(report)]
    assert main([*arguments, *places, "--strict"]) == ExitCode.PROBLEMS
    kinds = [problem["kind"] for problem in json.loads(report.read_text("utf-8"))["documents"][0]["problems"]]
    assert kinds.count("PLACEHOLDER_MISSING") == 2 and kinds.count("TERMINATOR_LOST") == 7
    said = capsys.readouterr().err
    assert "article.txt: segment 4: PLACEHOLDER_MISSING" in said
    assert "treni" not in said and "ANSA" not in said
    translated = (out / "article.es.txt").read_text("utf-8")
    assert "es:Per informazioni si può scrivere a  entro le 18 treni@esempio.it" in translated
    root = etree.fromstring((out / "article.es.xlf").read_bytes())
    assert [
        etree.tostring(target, method="text", encoding="unicode", with_tail=False)
        for target in root.iter(f"{CORE}target")
    ][3] == ("es:Per informazioni si può scrivere a  entro le 18 treni@esempio.it")


def test_an_engine_that_dies_and_a_run_that_goes_on(
    translate: Callable[..., int],
    stand_in: LibreTranslateStandIn,
    tmp_path: pathlib.Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, journal, report = long_article(tmp_path, 200), tmp_path / "run.journal", tmp_path / "report.json"
    undisturbed, out = tmp_path / "undisturbed.txt", tmp_path / "out.txt"
    assert translate(path, "--output", undisturbed) == ExitCode.DONE
    stand_in.requests.clear()
    stand_in.faults = ["ok", "ok", "error"]
    places = ["--output", out, "--journal", journal, "--report", report]
    assert translate(path, *places) == ExitCode.ENGINE
    assert not out.exists()
    said = capsys.readouterr().err
    assert "answered 500" in said and "goes on from there" in said and "seduta" not in said
    unfinished = json.loads(report.read_text("utf-8"))
    assert unfinished["outcome"] == "engine" and not unfinished["documents"][0]["done"]
    kept = unfinished["documents"][0]["targets_from"]["engine"]
    assert kept == len(stand_in.requests[0]["q"]) + len(stand_in.requests[1]["q"])
    stand_in.requests.clear()
    assert translate(path, *places) == ExitCode.DONE
    assert len(stand_in.texts) == len(set(stand_in.texts)) == 200 - kept
    finished = json.loads(report.read_text("utf-8"))["documents"][0]
    assert finished["targets_from"] == {"engine": 200 - kept, "journal": kept, "repetition": 0, "no-words": 0}
    assert out.read_bytes() == undisturbed.read_bytes()


@pytest.mark.parametrize("fault", ["short", "long", "text", "html"])
def test_an_answer_that_does_not_fit_is_refused(
    translate: Callable[..., int], stand_in: LibreTranslateStandIn, article: pathlib.Path, tmp_path: pathlib.Path, fault: str
) -> None:  # fmt: skip
    stand_in.faults = [fault]
    assert translate(article, "--output", tmp_path / "out.txt") == ExitCode.ENGINE
    assert not (tmp_path / "out.txt").exists() and len(stand_in.requests) == 1


def test_a_busy_engine_is_waited_for(
    translate: Callable[..., int], stand_in: LibreTranslateStandIn, article: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    stand_in.faults = ["busy", "unavailable", "gone", "ok"]
    assert translate(article, "--output", tmp_path / "out.txt") == ExitCode.DONE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_leaves_a_journal_that_is_gone_on_from(
    service: str, tmp_path: pathlib.Path, number: signal.Signals
) -> None:
    path, journal, log, out = (tmp_path / name for name in ("long.txt", "run.journal", "log", "out.txt"))
    long_article(tmp_path, 60)
    common = ["--service", service, "--journal", journal, "--output", out, path]
    process = started("--engine-option", "seconds=0.15", "--engine-option", f"log={log}", *common)
    wait_for_lines(log, 12)
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    codes = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED, signal.SIGKILL: -signal.SIGKILL}
    assert process.returncode == codes[number], said
    assert b"Traceback" not in said and not out.exists()
    asked = log.read_text("utf-8").splitlines()
    kept = len(journal.read_bytes().splitlines()) - 1
    assert len(asked) - 4 <= kept <= len(asked) < 60 and kept >= 8
    log.unlink()
    process = started("--engine-option", f"log={log}", *common)
    _, said = process.communicate(timeout=20)
    assert process.returncode == ExitCode.DONE, said
    asked_now = log.read_text("utf-8").splitlines()
    assert len(asked_now) == 60 - kept and not set(asked_now) & set(asked[:kept])
    assert out.read_text("utf-8") == path.read_text("utf-8").replace("La seduta", "es:La seduta")


def test_a_service_that_is_killed_and_comes_back(start: Callable[..., ServerProcess], tmp_path: pathlib.Path) -> None:
    server, log, out = start(), tmp_path / "log", tmp_path / "out.txt"
    path = long_article(tmp_path, 120)
    options = ["--engine-option", "seconds=0.05", "--engine-option", f"log={log}"]
    process = started(*options, "--service", server.target, "--output", out, path)
    wait_for_lines(log, 12)
    server.kill()
    time.sleep(0.5)
    server.start()
    _, said = process.communicate(timeout=30)
    assert process.returncode == ExitCode.DONE, said
    assert len(log.read_text("utf-8").splitlines()) == 120
    assert out.read_text("utf-8") == path.read_text("utf-8").replace("La seduta", "es:La seduta")


def test_a_deadline(
    translate: Callable[..., int], stand_in: LibreTranslateStandIn, article: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    stand_in.faults = ["stall"]
    assert translate(article, "--deadline", "1", "--output", tmp_path / "out.txt") == ExitCode.DEADLINE
    assert not (tmp_path / "out.txt").exists()


def test_a_document_that_could_not_be_merged_is_refused_before_it_costs_anything(
    start: Callable[..., ServerProcess], stand_in: LibreTranslateStandIn, tmp_path: pathlib.Path
) -> None:
    server = start("--document-bytes-max", "1KiB")
    engine = ["--engine", "libretranslate", "--engine-option", f"url={stand_in.url}"]
    path = long_article(tmp_path, 60)
    assert main(["--service", server.target, "--to", "es", *engine, str(path)]) == ExitCode.INPUT
    assert stand_in.requests == []


def test_a_document_that_grows_too_large_is_told(
    start: Callable[..., ServerProcess], tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = start("--message-bytes-max", "128KiB", "--document-bytes-max", "100KiB")
    path = long_article(tmp_path, 1400)
    process = started("--service", server.target, "--journal", tmp_path / "run.journal", path)
    out, said = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INPUT and out == b"", said
    assert b"MESSAGE_TOO_LARGE" in said and b"seduta" not in said


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_slow_reader_gets_everything(
    service: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    path = long_article(tmp_path, 3000)
    process = started("--service", service, path)
    out, said = process.communicate(timeout=30)
    assert process.returncode == ExitCode.DONE, said
    assert out.decode() == path.read_text("utf-8").replace("La seduta", "es:La seduta")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_goes_away(
    service: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    process = started("--service", service, long_article(tmp_path, 3000))
    assert process.stdout is not None and process.stderr is not None
    with process:
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == ExitCode.OUTPUT and said == b"cesura-translate: error: Broken pipe\n"


def test_what_cannot_be_reached_read_or_written(
    translate: Callable[..., int], article: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translate(tmp_path / "no.txt") == ExitCode.INPUT
    assert translate(article, "--charset", "klingon") == ExitCode.INPUT
    assert translate(article, "--output", tmp_path / "no" / "out.txt") == ExitCode.OUTPUT
    assert translate(article, "--journal", article) == ExitCode.OUTPUT
    assert translate(article, "--from", "tlh") == ExitCode.ENGINE
    assert translate(article, "--service", "127.0.0.1:1", "--call-timeout", "1") == ExitCode.SERVICE
    assert translate(article, "--engine", "babelfish") == ExitCode.ENGINE
    assert translate(article, "--tls", "--ca-file", tmp_path / "no.pem") == ExitCode.INPUT
    said = capsys.readouterr().err
    for part in ("No such file", "klingon", "is no journal", "does not translate tlh", "no engine 'babelfish'"):
        assert part in said
    assert "sindacato" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.txt"], "--to is needed"),
        (["--to", "es", "a.txt", "b.txt"], "need --output-dir"),
        (["--to", "es", "--format", "text", "--format", "tmx", "a.txt"], "need --output-dir"),
        (["--to", "es", "-d", "x", "a/a.txt", "b/a.txt"], "two documents would be written to a.es.txt"),
        (["--to", "es", "-d", "x", "-", "-"], "once only"),
        (["--to", "es", "--deadline", "0", "a.txt"], "more than 0"),
        (["--to", "es", "--engine-option", "url", "a.txt"], "NAME=VALUE"),
        (["--to", "es", "-o", "x", "-d", "y", "a.txt"], "do not go together"),
        (["--to", "es", "--ca-file", "x", "a.txt"], "needs --tls"),
        (["--to", "es", "--format", "docx", "a.txt"], "invalid choice"),
    ],
)
def test_wrong_command_lines(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == ExitCode.USAGE and said in capsys.readouterr().err


def test_pairs_and_progress(
    translate: Callable[..., int], article: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translate("--list-pairs") == ExitCode.DONE
    assert "it es\n" in capsys.readouterr().out
    assert translate(article, "--output", tmp_path / "out.txt", "--progress") == ExitCode.DONE
    assert "article.txt: 8 of 8 segments, 7 by the engine" in capsys.readouterr().err
