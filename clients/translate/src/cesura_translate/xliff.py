"""Targets written into the XLIFF 2.1 file that the service exported. Everything else stays in it."""

from __future__ import annotations

import copy

from lxml import etree

from cesura_translate.bitext import Bitext, TranslatedSegment
from cesura_translate.characters import as_xml_text

_CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


class XliffError(Exception):
    """The exported file is not as expected. The message holds no text of the document."""


def with_targets(xliff: bytes, bitext: Bitext) -> bytes:
    """Writes the targets of a bitext into the file of its document, each with state `translated`.

    A stretch that no translation may touch keeps its inline element (`mrk` or `ph`) in the target, with
    the same id. Segments without a target stay as they are (state `initial`).

    Raises XliffError where the file does not parse, or lacks a segment of the bitext.

    Example::

        with client.export(text, cesura.EXPORT_FORMAT_XLIFF_2_1, xliff=choices, options=options) as export:
            pathlib.Path("article.es.xlf").write_bytes(with_targets(export.read(), bitext))
    """
    # Nothing is fetched and no entity is put in: the file comes over the network.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(xliff, parser)
    except etree.XMLSyntaxError as error:
        raise XliffError(f"the exported XLIFF does not parse: {error.msg}") from error
    pairs = {f"s{pair.source.number}": pair for pair in bitext.pairs()}
    for segment in root.iter(f"{_CORE}segment"):
        pair = pairs.pop(segment.get("id", ""), None)
        if pair is not None:
            _put_target(segment, pair)
    if pairs:
        raise XliffError(f"the exported XLIFF has no segment {min(pairs)}; the service segmented otherwise")
    written: bytes = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _put_target(segment: etree._Element, pair: TranslatedSegment) -> None:
    source = segment.find(f"{_CORE}source")
    if source is None:
        raise XliffError(f"segment {segment.get('id')} of the exported XLIFF has no source")
    for old in segment.findall(f"{_CORE}target"):
        segment.remove(old)
    target = etree.Element(f"{_CORE}target")
    target.tail, source.tail = source.tail, None
    source.addnext(target)
    segment.set("state", "translated")
    # The elements of the source, each to be used once, by what they hold.
    unused = [(_held_text(element), element) for element in source if element.tag != f"{_CORE}cp"]
    for piece in pair.pieces():
        element = None if piece.placeholder is None else _taken(unused, piece.text)
        if element is None:
            _append_text(target, piece.text)
        else:
            twin = copy.deepcopy(element)
            twin.tail = None
            target.append(twin)


def _taken(unused: list[tuple[str, etree._Element]], original: str) -> etree._Element | None:
    for place, (held, _) in enumerate(unused):
        if held == as_xml_text(original):
            return unused.pop(place)[1]
    return None


def _held_text(element: etree._Element) -> str:
    """What an inline element stands for: its own text, or that of the data it refers to."""
    reference = element.get("dataRef")
    if reference is None:
        return _text_of(element)
    unit = element
    while unit.tag != f"{_CORE}unit":
        parent = unit.getparent()
        if parent is None:
            return ""
        unit = parent
    for data in unit.iter(f"{_CORE}data"):
        if data.get("id") == reference:
            return _text_of(data)
    return ""


def _text_of(element: etree._Element) -> str:
    """Its text, with a space for each character that XML cannot hold, as `as_xml_text` has it."""
    text = element.text or ""
    for child in element:
        text += (" " if child.tag == f"{_CORE}cp" else _text_of(child)) + (child.tail or "")
    return text


def _append_text(target: etree._Element, text: str) -> None:
    text = as_xml_text(text)
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
