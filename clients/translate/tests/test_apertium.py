"""The real Apertium, and the traps that its adapter goes around."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest
from engines_that_obey import PAIR

from cesura_translate import EngineError, EngineUnavailable, LanguagePair
from cesura_translate.engines import ApertiumEngine


@pytest.fixture(scope="module")
def engine() -> ApertiumEngine:
    return ApertiumEngine()


@pytest.fixture(scope="module")
def sentences(seeds: list[pathlib.Path]) -> list[str]:
    """The first sentences of the seeds, cut roughly: what they are does not matter here."""
    lines = [line for path in seeds for line in path.read_text("utf-8").splitlines()]
    return [f"{line.split('. ')[0].strip()}." for line in lines if len(line) > 60][:40]


def alone(text: str) -> str:
    """What the `apertium` command makes of one text."""
    run = subprocess.run(["apertium", "-u", "ita-spa"], input=text + "\n", capture_output=True, text=True, check=True)
    return run.stdout.rstrip("\n")


def test_it_knows_what_is_installed(engine: ApertiumEngine) -> None:
    assert PAIR in engine.language_pairs()
    assert engine.identity(PAIR).startswith("apertium/ita-spa/")


def test_a_text_is_translated_as_if_it_were_alone(engine: ApertiumEngine, sentences: list[str]) -> None:
    together = engine.translate(sentences, PAIR, None)
    assert engine.translate(sentences[::-1], PAIR, None)[::-1] == together
    # Ten are enough: the command takes a third of a second for each.
    assert [alone(text) for text in sentences[:10]] == together[:10]


def test_full_stops_stay(engine: ApertiumEngine, sentences: list[str]) -> None:
    assert all(target.endswith(".") for target in engine.translate(sentences, PAIR, None))
    assert engine.translate(["Vertice a Mosca"], PAIR, None) == ["Cumbre a Mosca"]


@pytest.mark.parametrize(
    "template",
    [
        "{{n}}",
        '<x id="{n}"/>',
        "[{n}]",
        "[[{n}]]",
        "@{n}@",
        "#{n}#",
        "_{n}_",
        "⟦{n}⟧",
        "¤{n}¤",
        "«{n}»",
        "$({n})",
        "<{n}>",
    ],
)
def test_placeholders_come_through_in_the_place_of_any_word(
    engine: ApertiumEngine, sentences: list[str], template: str
) -> None:
    token = template.replace("{n}", "1")
    masked = []
    for sentence in sentences[:6]:
        words = sentence.split(" ")
        masked += [" ".join([*words[:place], token, *words[place + 1 :]]) for place in range(len(words))]
    targets = engine.translate(masked[:60], PAIR, None)
    assert [text for text in targets if text.count(token) != 1] == []


@pytest.mark.parametrize(
    "text",
    [
        r"a / b \ c", "[x] ^y$ @z #w", "<b>x</b> &amp; &lt;", "[][ .[]", r"a\\", r"\[x\]", "[a]b]c[", "~ {1} ~", "{1}{2}", "^",
        "$", "@", "[", "]", ".", "...", "*", "http://x.it/a?b=c&d", "1.000,50 €", "😀", "a\u00a0b",
    ],
)  # fmt: skip
def test_signs_of_apertium_s_own_come_through(engine: ApertiumEngine, text: str) -> None:
    assert engine.translate([text], PAIR, None) == [text]


def test_a_text_is_one_line_whatever_is_in_it(engine: ApertiumEngine) -> None:
    given = ["Il treno\nè qui.\0Poi\r\n\r\nparte.", "Ciao."]
    assert engine.translate(given, PAIR, None) == [
        engine.translate(["Il treno è qui. Poi parte."], PAIR, None)[0],
        engine.translate(["Ciao."], PAIR, None)[0],
    ]


def test_the_sign_of_a_share_stays(engine: ApertiumEngine) -> None:
    assert alone("Perde il 2,5% oggi.") == "Pierde el 2,5 hoy.", "Apertium was mended: the space is needed no more"
    targets = engine.translate(["Perde il 2,5% oggi.", "Dal 40%-50% al 60 %."], PAIR, None)
    assert [target.count("%") for target in targets] == [1, 3]


def test_a_missing_program_is_told_by_its_package(
    engine: ApertiumEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    modes = pathlib.Path(shutil.which("apertium") or "").parent.parent / "share/apertium"
    for name in ("lt-proc", "apertium-tagger"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="cg-proc.*install cg3"):
        ApertiumEngine({"data": str(modes)}).translate(["Ciao."], PAIR, None)
    monkeypatch.delenv("APERTIUM_DATADIR", raising=False)
    with pytest.raises(EngineError, match="apt-get install apertium"):
        ApertiumEngine()


def mode_of(tmp_path: pathlib.Path, text: str) -> ApertiumEngine:
    (tmp_path / "modes").mkdir()
    (tmp_path / "modes" / "ita-spa.mode").write_text(text, "utf-8")
    return ApertiumEngine({"data": str(tmp_path)})


def test_a_program_that_fails_is_told(tmp_path: pathlib.Path) -> None:
    program = tmp_path / "failing"
    program.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(EngineUnavailable, match="status 3"):
        mode_of(tmp_path, f"{program} | cat").translate(["Ciao."], PAIR, None)


def test_a_wrong_count_is_told(tmp_path: pathlib.Path) -> None:
    program = tmp_path / "forgetful"
    program.write_text("#!/bin/sh\nexec head -z -n 1\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(EngineError, match="1 texts for 2"):
        mode_of(tmp_path, str(program)).translate(["Ciao.", "Ciao."], PAIR, None)


def test_a_program_that_hangs_is_ended(tmp_path: pathlib.Path) -> None:
    program = tmp_path / "hanging"
    program.write_text("#!/bin/sh\nexec sleep 600\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(EngineUnavailable, match="in time"):
        mode_of(tmp_path, str(program)).translate(["Ciao."] * 50, PAIR, 0.3)


def test_a_mode_that_is_more_than_a_pipe_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(EngineError, match="not understood"):
        mode_of(tmp_path, "cat > file; rm file").translate(["Ciao."], PAIR, None)


def test_a_mode_may_be_chosen_by_name(tmp_path: pathlib.Path) -> None:
    program = tmp_path / "unchanged"
    program.write_text("#!/bin/sh\nexec cat\n", "utf-8")
    program.chmod(0o755)
    (tmp_path / "modes").mkdir()
    (tmp_path / "modes" / "ita-cat_old.mode").write_text(f"{program} $1 $2 | {program}", "utf-8")
    engine = ApertiumEngine({"data": str(tmp_path), "mode": "ita-cat_old"})
    pair = LanguagePair("it", "ca")
    assert list(engine.language_pairs()) == [pair] and engine.identity(pair).startswith("apertium/ita-cat_old/")
    assert engine.translate(["Ciao.", "[a] 5%"], pair, None) == ["Ciao.", "[a] 5\u00a0%"]
    # Without its name it is no mode of that pair.
    assert list(ApertiumEngine({"data": str(tmp_path)}).language_pairs()) == []


def test_options_and_modes_that_do_not_exist() -> None:
    with pytest.raises(EngineError, match="no option 'speed'"):
        ApertiumEngine({"speed": "9"})
    with pytest.raises(EngineError, match="cannot be read"):
        ApertiumEngine().translate(["Ciao."], LanguagePair("it", "tlh"), None)
