"""What the README shows is what happens."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import types

import pytest
from engines_that_obey import PAIR
from libretranslate_stand_in import LibreTranslateStandIn

from cesura_translate import Engine, LanguagePair, open_engine
from cesura_translate.cli import ExitCode, main

README = (pathlib.Path(__file__).parents[1] / "README.md").read_text("utf-8")


def shown(command: str, block: str) -> str:
    """What stands behind a command in a block of the console."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)(?=^\$ |\Z)", block, re.MULTILINE | re.DOTALL)
    assert found is not None, f"the README has no command {command!r}"
    return found[1]


def block(language: str, holding: str) -> str:
    blocks = [text for text in re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S) if holding in text]
    assert len(blocks) == 1, f"{len(blocks)} blocks of {language} with {holding!r}"
    return str(blocks[0])


def test_the_first_screen(
    service: str,
    seeds: list[pathlib.Path],
    tmp_path: pathlib.Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = block("console", "cat article.txt")
    (tmp_path / "article.txt").write_text(shown("cat article.txt", screen), "utf-8")
    (tmp_path / "seeds").symlink_to(seeds[0].parent)
    monkeypatch.chdir(tmp_path)
    assert main(["--service", service, "--to", "es", "article.txt"]) == ExitCode.DONE
    assert capfd.readouterr().out == shown("cesura-translate --to es article.txt", screen)
    formats = "--format text --format xliff --format tmx"
    second = f"--to es {formats} --output-dir out --progress"
    assert main(["--service", service, *second.split(), *(f"seeds/{seed.name}" for seed in seeds)]) == ExitCode.DONE
    timeless = re.compile(r", [0-9.]+ s$", re.MULTILINE)
    # A slow machine tells of documents that are under way as well.
    lines = capfd.readouterr().err.splitlines(keepends=True)
    told = "".join(line for line in lines if not line.endswith(" read so far\n"))
    assert timeless.sub("", told) == timeless.sub("", shown(f"cesura-translate {second} seeds/*.txt", screen))
    written = sorted(path.name for path in pathlib.Path("out").iterdir())
    assert written[:3] == shown("ls out | head -n 3", screen).split()


def test_the_example_of_an_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """With models that only turn words around."""
    models, vocabularies = types.ModuleType("ctranslate2"), types.ModuleType("sentencepiece")

    class Translator:
        def __init__(self, folder: str, device: str) -> None:
            assert (folder, device) == ("models/it-es", "auto")

        def translate_batch(self, tokens: list[list[str]], **_: int) -> list[types.SimpleNamespace]:
            return [types.SimpleNamespace(hypotheses=[text[::-1]]) for text in tokens]

    class Processor:
        def __init__(self, file: str) -> None:
            assert file in ("models/it-es/source.spm", "models/it-es/target.spm")

        def encode(self, text: str, out_type: type) -> list[str]:
            return text.split()

        def decode(self, tokens: list[str]) -> str:
            return " ".join(tokens)

    monkeypatch.setattr(models, "Translator", Translator, raising=False)
    monkeypatch.setattr(vocabularies, "SentencePieceProcessor", Processor, raising=False)
    monkeypatch.setitem(sys.modules, "ctranslate2", models)
    monkeypatch.setitem(sys.modules, "sentencepiece", vocabularies)
    (tmp_path / "my_module.py").write_text(block("python", "class CTranslate2Engine"), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    options = {"model": "models/it-es", "from": "it", "to": "es"}
    engine: Engine = open_engine("my_module:CTranslate2Engine", options)
    assert list(engine.language_pairs()) == [LanguagePair("it", "es")]
    assert engine.translate(["uno due", "tre"], PAIR, None) == ["due uno", "tre"]
    assert engine.identity(PAIR) != engine.name


def test_the_report_has_what_is_shown(
    service: str, stand_in: LibreTranslateStandIn, article: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    shown_report = json.loads(block("json", '"report"'))
    engine = ["--engine", "libretranslate", "--engine-option", f"url={stand_in.url}"]
    places = ["--output", str(tmp_path / "article.es.txt"), "--report", str(tmp_path / "report.json")]
    assert main(["--service", service, "--to", "es", *engine, *places, str(article)]) == ExitCode.DONE
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert list(report) == list(shown_report)
    shown_document, document = shown_report["documents"][0], report["documents"][0]
    assert list(document) == list(shown_document)
    counts = [key for key, value in shown_document.items() if isinstance(value, (int, dict))]
    assert {key: document[key] for key in counts} == {key: shown_document[key] for key in counts}


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README.split("## Tests")[0]))))
def test_every_option_exists(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    if option in ("--no-install-recommends", "--batch-limit", "--char-limit"):
        return
    with pytest.raises(SystemExit):
        main(["--help"])
    assert option in capsys.readouterr().out


def test_every_exit_status_is_said() -> None:
    table = README.split("| exit status | |")[1].split("\n\n")[0]
    said = {int(number) for cell in re.findall(r"^\| ([0-9, ]+) \|", table, re.M) for number in cell.split(", ")}
    assert said == {int(code) for code in ExitCode}
