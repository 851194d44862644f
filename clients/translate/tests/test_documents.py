"""Documents that are not as documents should be: text, XLIFF and TMX must still agree."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence

import cesura
import pytest
from engines_that_obey import PAIR, ScriptedEngine
from lxml import etree
from translate.storage.tmx import tmxfile

from cesura_translate import Deadline, Engine, Journal, Translator, segmentation_options
from cesura_translate.run import Format, Run, SourceFile, TranslatedFile

DOCUMENTS = {
    "empty": "",
    "white space": " \n\t\n\u00a0\n",
    "line ends of another system": "Il treno è in ritardo.\r\n\r\nI pendolari protestano. Il sindaco tace.\r\n",
    "byte order mark": "\ufeffIl treno è in ritardo. Il sindaco tace.\n",
    "no line end": "Il treno è in ritardo.Poi riparte",
    "hard-wrapped": "Il treno delle sette che porta i pendolari verso la città è\nin ritardo anche questa mattina, come\n"
    "ieri e come quasi sempre nelle ultime\ndue settimane. Il sindaco tace.\n",
    "what looks like a placeholder": "Il codice {1} è scritto a mano da ANSA. Anche { 2 } e {3}. Vale {1}{1}.\n",
    "marks of markup": "Il <b>treno</b> & il tram: 3 < 4 > 2. ]]> Non è un \"segno\" <!-- qui -->.\n",
    "what XML cannot hold": "Il treno\x0b è in\x01 ritardo per ANSA\x02 oggi. Scrivi a a\x03b@esempio.it ora. \uffff\n",
    "beyond the basic plane": "Il treno 🚆 è in ritardo. 𝔄nche il tram. e\u0301 vero? 👨‍👩‍👧 sì.\n",
    "right to left": "Il treno è in ritardo. \u202eossor\u202c il semaforo. ثم غادر القطار المحطة.\n",
    "only furniture": "Lascia un commento\n\nIl tuo indirizzo email non sarà pubblicato.\n",
    "the same twice": "Il treno è in ritardo. Il treno è in ritardo.\n\nIl treno è in ritardo.\n",
    "many placeholders": "Da @uno, @due, @tre a @dieci: scrivete a a@b.it o c@d.it, dice ANSA con Reuters su https://x.it/?a=1&b={2}.\n",
    "odd spaces": "Il\u2003treno \u2009è\u202fin ritardo.  \u200bPoi\u2028riparte.\u0085Fine della corsa.\n",
}  # fmt: skip


def turned(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
    """Words from last to first, so that placeholders move."""
    return [" ".join(reversed(text.split(" "))) for text in texts]


def careless(engine: ScriptedEngine, texts: Sequence[str]) -> list[str]:
    """Placeholders spoiled, doubled and lost."""
    return [
        f"es\r\n {text.replace('{1}', '{ 1 }').replace('{2}', '{2} {2}').replace('{3}', '')} {{9}} \x00 <x> \ud800"
        for text in texts
    ]


def translated(client: cesura.Client, engine: Engine, content: bytes, charset: str = "") -> TranslatedFile:
    deadline = Deadline(None)
    translator = Translator(engine, PAIR, Journal(None), deadline)
    run = Run(client, translator, PAIR, segmentation_options("it"), list(Format), deadline, 30)
    return run.translate(SourceFile("document", content, charset))


@pytest.mark.parametrize("act", [turned, careless])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_all_formats_say_the_same(
    client: cesura.Client,
    tmp_path: pathlib.Path,
    name: str,
    act: Callable[[ScriptedEngine, Sequence[str]], list[str]],
) -> None:
    source = DOCUMENTS[name]
    made = translated(client, ScriptedEngine(act=act), source.encode())
    text = made.outputs[Format.TEXT].decode()
    document = client.segment(source, options=segmentation_options("it"))
    targets = {pair.source.number: pair.target_text for pair in made.bitext.pairs()}
    by_start = {segment.span.start: targets.get(segment.number) for segment in document.translatable_segments}
    pieces = [
        (by_start.get(span.start) if span.end > span.start else None) or piece for span, piece in document.pieces()
    ]
    assert "".join(pieces) == text
    etree.fromstring(made.outputs[Format.XLIFF])
    merged = client.merge_xliff(made.outputs[Format.XLIFF])
    # What XML cannot hold is a space in the targets of files.
    assert blank(merged.text, source) == blank(text, source)
    path = tmp_path / "memory.tmx"
    path.write_bytes(made.outputs[Format.TMX])
    memory = tmxfile.parsefile(str(path))
    assert len(memory.units) == len(targets) == len(document.translatable_segments)


def blank(text: str, source: str) -> str:
    return "".join(
        " " if character < " " and character not in "\t\n\r" or character == "\uffff" else character
        for character in text
    )


@pytest.mark.parametrize("charset", ["windows-1252", "utf-16le", "shift_jis"])
def test_other_character_sets(client: cesura.Client, charset: str) -> None:
    text = "Il treno e in ritardo per ANSA. Il sindaco tace.\n"
    made = translated(
        client,
        ScriptedEngine(),
        text.encode(charset.replace("-", "_") if charset != "windows-1252" else "cp1252"),
        charset,
    )
    assert made.outputs[Format.TEXT].decode() == "es:Il treno e in ritardo per ANSA. es:Il sindaco tace.\n"
