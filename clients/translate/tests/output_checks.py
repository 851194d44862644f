"""What must hold of a document and its translation as text, XLIFF and TMX.

    python output_checks.py SERVICE SOURCE_DIR OUTPUT_DIR

asks the service at SERVICE how each document was segmented, checks the files that
`cesura-translate --to es --format text --format xliff --format tmx` wrote, prints a line for each, and
ends with status 1 where something does not hold.
"""

from __future__ import annotations

import pathlib
import re
import sys
from collections.abc import Iterator

import cesura
from lxml import etree
from translate.storage.tmx import tmxfile

from cesura_translate import segmentation_options
from cesura_translate.problems import terminator

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


def check(client: cesura.Client, source: pathlib.Path, output_dir: pathlib.Path) -> str:
    """Checks one document. Gives a line that says what was seen; raises AssertionError."""
    text = source.read_bytes().decode("utf-8")
    document = client.segment(text, options=segmentation_options("it"))
    translated = (output_dir / f"{source.stem}.es.txt").read_bytes().decode("utf-8")
    xliff = (output_dir / f"{source.stem}.es.xlf").read_bytes()
    targets = targets_by_id(output_dir / f"{source.stem}.es.tmx")
    segments = document.translatable_segments
    check_layout(text, translated)
    assert list(targets) == [segment.identity.id for segment in segments], "units of the TMX"
    # All of it at once: skeletons, white space and what is not to be translated are the source's, byte for
    # byte, and each segment that is to be translated is the target that the TMX has for it.
    assert "".join(expected(document, targets)) == translated, "the text is not made of source and targets"
    kept = check_untranslatable(document, translated)
    for segment in segments:
        target = targets[segment.identity.id]
        assert terminator(target) or not terminator(segment.text), f"segment {segment.number} lost its full stop"
        assert not re.search(r"\{\s*\d+\s*\}", target), f"segment {segment.number} has a placeholder left"
        for placeholder in segment.masked_text.placeholders:
            assert placeholder.original in target, f"segment {segment.number} lost what is not to be translated"
    check_xliff(client, xliff, translated, document)
    language = client.detect_language(translated).language_code
    assert language == "es", f"the translation is in {language}"
    placeholders = sum(len(segment.masked_text.placeholders) for segment in segments)
    lines = translated.count("\n") + 1
    return f"{len(targets)} segments, {lines} lines, {placeholders} placeholders back, {kept} units left alone"


def check_layout(text: str, translated: str) -> None:
    """As many lines, the same of them blank, the same white space around each."""
    before, after = text.split("\n"), translated.split("\n")
    assert len(before) == len(after), f"{len(before)} lines became {len(after)}"
    for number, (old, new) in enumerate(zip(before, after), start=1):
        assert bool(old.strip()) == bool(new.strip()), f"line {number} is blank on one side only"
        assert margins(old) == margins(new), f"white space around line {number} changed"


def margins(line: str) -> tuple[str, str]:
    """White space before and behind a line."""
    return line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]


def expected(document: cesura.Document, targets: dict[str, str]) -> Iterator[str]:
    """The pieces of the translated document, made from the source and the pairs of the TMX."""
    by_start = {segment.span.start: targets[segment.identity.id] for segment in document.translatable_segments}
    return (by_start.get(span.start, text) if span.end > span.start else text for span, text in document.pieces())


def check_untranslatable(document: cesura.Document, translated: str) -> int:
    """Units that are not to be translated stand in the translation as they were, in their order."""
    at, count = 0, 0
    for unit in document.units:
        if not unit.translatable:
            text = document.text[unit.span.start : unit.span.end]
            at = translated.find(text, at)
            assert at >= 0, f"unit {unit.number} was changed"
            at, count = at + len(text), count + 1
    return count


def targets_by_id(path: pathlib.Path) -> dict[str, str]:
    """The targets of a TMX, as translate-toolkit reads it."""
    memory = tmxfile.parsefile(str(path))
    units = [(unit.getid(), unit.target) for unit in memory.units]
    assert len(dict(units)) == len(units), "an id stands twice"
    return dict(units)


def check_xliff(client: cesura.Client, xliff: bytes, translated: str, document: cesura.Document) -> None:
    """Every segment that is to be translated has its target, and merged it is the translated text."""
    root = etree.fromstring(xliff)
    assert (root.get("srcLang"), root.get("trgLang")) == ("it", "es")
    segments = {segment.get("id"): segment for segment in root.iter(f"{CORE}segment")}
    translatable = {f"s{segment.number}" for segment in document.translatable_segments}
    assert set(segments) == {f"s{segment.number}" for segment in document.segments}
    for name, segment in segments.items():
        done = segment.get("state") == "translated" and segment.find(f"{CORE}target") is not None
        assert done == (name in translatable), f"{name} of the XLIFF"
    merged = client.merge_xliff(xliff, missing_target=cesura.MISSING_TARGET_POLICY_REFUSE)
    assert merged.text == translated, "the XLIFF merged is not the text"
    assert not merged.problems, "merging the XLIFF tells of problems"


def main(service: str, source_dir: str, output_dir: str) -> int:
    """Checks all documents of a folder."""
    failed = 0
    with cesura.Client(service) as client:
        for source in sorted(pathlib.Path(source_dir).glob("*.txt")):
            try:
                print(f"{source.name}: {check(client, source, pathlib.Path(output_dir))}")
            except (AssertionError, OSError) as error:
                failed += 1
                print(f"{source.name}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
