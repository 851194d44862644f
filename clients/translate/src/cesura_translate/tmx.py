"""A translation memory of the pairs of one document.

The service can write TMX as well, from an alignment: it works out which segments belong together. Here
that is known, pair by pair, and known pairs need no guess, so they are written directly.
"""

from __future__ import annotations

import re

from translate.storage.tmx import tmxfile

from cesura_translate.bitext import Bitext
from cesura_translate.characters import as_xml_text
from cesura_translate.engines import LanguagePair


def tmx_of(bitext: Bitext, pair: LanguagePair, version: str = "0.1.0") -> bytes:
    """TMX 1.4 with one `tu` for each segment that has a target, in the order of the document.

    `tuid` is the segment's `Identity.id`, so a unit can be found again in the document. A line end inside
    a segment is a space, as translation memories have it.

    Example::

        pathlib.Path("article.es.tmx").write_bytes(tmx_of(bitext, LanguagePair("it", "es")))
    """
    memory = tmxfile(sourcelanguage=pair.source, targetlanguage=pair.target)
    header = next(memory.document.getroot().iter("header"))
    facts = {
        "creationtool": "cesura-translate",
        "creationtoolversion": version,
        "o-tmf": "cesura",
        "datatype": "plaintext",
    }
    for name, value in facts.items():
        header.set(name, value)
    for segment in bitext.pairs():
        texts = (_on_one_line(segment.source.text), _on_one_line(segment.target_text))
        memory.addtranslation(texts[0], pair.source, texts[1], pair.target)
        memory.units[-1].xmlelement.set("tuid", segment.source.id)
    written: bytes = bytes(memory)
    return written


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*[\r\n]\s*", " ", as_xml_text(text))
