"""The HTTP adapter against a stand-in that misbehaves."""

from __future__ import annotations

import email.utils
import pathlib
import subprocess
import time

import pytest
from engines_that_obey import PAIR
from libretranslate_stand_in import LibreTranslateStandIn

from cesura_translate import EngineAnswerError, EngineError, EngineUnavailable, open_engine
from cesura_translate.engines.libretranslate import API_KEY_VARIABLE, LibreTranslateEngine


@pytest.fixture
def engine(stand_in: LibreTranslateStandIn) -> LibreTranslateEngine:
    return LibreTranslateEngine({"url": stand_in.url + "/"})


def test_a_batch_is_one_request(stand_in: LibreTranslateStandIn, engine: LibreTranslateEngine) -> None:
    assert PAIR in engine.language_pairs()
    assert engine.translate(["Ciao.", "Perché «no»?"], PAIR, 5) == ["es:Ciao.", "es:Perché «no»?"]
    assert stand_in.requests == [{"q": ["Ciao.", "Perché «no»?"], "source": "it", "target": "es", "format": "text"}]


def test_the_key_comes_from_a_variable_or_a_file(
    stand_in: LibreTranslateStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setenv(API_KEY_VARIABLE, "from-variable")
    LibreTranslateEngine({"url": stand_in.url}).translate(["Ciao."], PAIR, 5)
    key = tmp_path / "key"
    key.write_text("from-file\n")
    LibreTranslateEngine({"url": stand_in.url, "api-key-file": str(key)}).translate(["Ciao."], PAIR, 5)
    assert [request["api_key"] for request in stand_in.requests] == ["from-variable", "from-file"]


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ("unavailable", EngineUnavailable, "503: Service unavailable"),
        ("gone", EngineUnavailable, "cannot be reached"),
        ("key", EngineError, "403: Invalid API key"),
        ("limit", EngineError, "exceeds text limit"),
        ("error", EngineError, "500$"),
        ("redirect", EngineError, "302"),
        ("html", EngineAnswerError, "not answer in JSON"),
        ("text", EngineAnswerError, "list of texts"),
        ("short", EngineAnswerError, "1 texts for 2"),
        ("long", EngineAnswerError, "3 texts for 2"),
    ],
)
def test_faults_are_told_apart(
    stand_in: LibreTranslateStandIn, engine: LibreTranslateEngine, fault: str, error: type[EngineError], said: str
) -> None:
    stand_in.faults = [fault]
    with pytest.raises(error, match=said) as raised:
        engine.translate(["Un testo segreto.", "Ciao."], PAIR, 5)
    assert isinstance(raised.value, EngineUnavailable) == (error is EngineUnavailable)
    assert "segreto" not in str(raised.value)


@pytest.mark.parametrize("fault", ["stall", "trickle"])
def test_an_answer_that_does_not_come_ends_with_the_timeout(
    stand_in: LibreTranslateStandIn, engine: LibreTranslateEngine, fault: str
) -> None:
    stand_in.faults = [fault]
    with pytest.raises(EngineUnavailable, match="in time"):
        engine.translate(["Ciao."], PAIR, 0.4)


def test_a_late_answer_is_an_answer(stand_in: LibreTranslateStandIn, engine: LibreTranslateEngine) -> None:
    stand_in.faults = ["late"]
    assert engine.translate(["Ciao."], PAIR, 5) == ["es:Ciao."]


def test_retry_after_is_seconds_or_a_date(stand_in: LibreTranslateStandIn, engine: LibreTranslateEngine) -> None:
    for value, least, most in [("7", 7, 7), (email.utils.formatdate(time.time() + 60, usegmt=True), 55, 61)]:
        stand_in.faults, stand_in.retry_after = ["busy"], value
        with pytest.raises(EngineUnavailable, match="429: Slowdown") as raised:
            engine.translate(["Ciao."], PAIR, 5)
        assert raised.value.retry_after is not None and least <= raised.value.retry_after <= most
    stand_in.faults, stand_in.retry_after = ["busy"], "soon"
    with pytest.raises(EngineUnavailable) as raised:
        engine.translate(["Ciao."], PAIR, 5)
    assert raised.value.retry_after is None


def test_tls_is_checked(tmp_path: pathlib.Path) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with LibreTranslateStandIn((certificate, key)) as server:
        trusting = LibreTranslateEngine({"url": server.url, "ca-file": certificate})
        assert trusting.translate(["Ciao."], PAIR, 5) == ["es:Ciao."]
        with pytest.raises(EngineError, match="certificate .* is not trusted") as raised:
            LibreTranslateEngine({"url": server.url}).translate(["Ciao."], PAIR, 5)
        assert not isinstance(raised.value, EngineUnavailable)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "needs the option 'url'"),
        ({"url": "ftp://x"}, "must be http"),
        ({"url": "http://me:secret@x"}, "name or password"),
        ({"url": "http://x", "texts-max": "0"}, "whole number from 1"),
        ({"url": "http://x", "colour": "red"}, "no option 'colour'"),
        ({"url": "http://x", "api-key-file": "/nonexistent"}, "cannot be read"),
        ({"url": "https://x", "ca-file": "/nonexistent"}, "cannot be used"),
    ],
)
def test_wrong_options_are_told(options: dict[str, str], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        open_engine("libretranslate", options)


def test_nobody_there() -> None:
    with LibreTranslateStandIn() as server:
        url = server.url
    with pytest.raises(EngineUnavailable, match="cannot be reached: Connection refused"):
        LibreTranslateEngine({"url": url}).translate(["Ciao."], PAIR, 5)
