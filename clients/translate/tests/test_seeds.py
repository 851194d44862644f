"""The five seeds into Spanish, by the real command, the real service and the real engine."""

from __future__ import annotations

import json
import pathlib

import cesura
import output_checks
import pytest
from lxml import etree

from cesura_translate import segmentation_options
from cesura_translate.cli import main


@pytest.fixture(scope="module")
def output_dir(service: str, seeds: list[pathlib.Path], tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("seeds")
    formats = ["--format", "text", "--format", "xliff", "--format", "tmx"]
    places = ["--output-dir", str(folder), "--report", str(folder / "report.json")]
    assert main(["--service", service, "--to", "es", *formats, *places, *map(str, seeds)]) == 0
    return folder


@pytest.mark.parametrize("number", range(5))
def test_everything_holds(
    client: cesura.Client, seeds: list[pathlib.Path], output_dir: pathlib.Path, number: int
) -> None:
    output_checks.check(client, seeds[number], output_dir)


def test_the_report_says_what_was_done(output_dir: pathlib.Path) -> None:
    report = json.loads((output_dir / "report.json").read_text("utf-8"))
    assert report["outcome"] == "done" and report["engine"].startswith("apertium/ita-spa/")
    assert len(report["documents"]) == 5
    for document in report["documents"]:
        assert document["targets"] == document["translatable_segments"] == sum(document["targets_from"].values())
        assert document["problems"] == []
        assert len(document["files"]) == 3
    repeated = sum(document["targets_from"]["repetition"] for document in report["documents"])
    assert repeated >= 2


@pytest.mark.parametrize("number", range(5))
def test_nothing_of_the_exported_xliff_is_lost(
    client: cesura.Client, seeds: list[pathlib.Path], output_dir: pathlib.Path, number: int
) -> None:
    source = seeds[number]
    options = segmentation_options("it")
    options.offset_encoding = cesura.OFFSET_ENCODING_UTF8
    choices = cesura.XliffOptions(target_language_code="es", protected_form=cesura.PROTECTED_FORM_MARKED)
    with client.export(
        source.read_bytes(),
        cesura.EXPORT_FORMAT_XLIFF_2_1,
        options=options,
        xliff=choices,
        document_id=source.name,
    ) as export:
        exported = etree.fromstring(export.read())
    filled = etree.fromstring((output_dir / f"{source.stem}.es.xlf").read_bytes())
    for segment in filled.iter(f"{output_checks.CORE}segment"):
        target = segment.find(f"{output_checks.CORE}target")
        if target is not None:
            segment.attrib.pop("state")
            source_element = target.getprevious()
            assert source_element is not None
            source_element.tail = target.tail
            segment.remove(target)
    assert etree.tostring(filled, method="c14n") == etree.tostring(exported, method="c14n")
