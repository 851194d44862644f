"""Placeholders in targets, and what they stand for.

The service puts them back itself where it merges a document. Files that hold pairs of segments (XLIFF,
TMX) need the same for one segment alone; the rules are the same, and a test holds them together.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence


@dataclasses.dataclass(frozen=True)
class Placeholder:
    """A token of a masked text, and the text of the document that it stands for."""

    token: str
    original: str


@dataclasses.dataclass(frozen=True)
class Piece:
    """A stretch of a target: plain text, or what a placeholder stands for."""

    text: str
    placeholder: Placeholder | None = None


def restored(target: str, placeholders: Sequence[Placeholder]) -> list[Piece]:
    """Cuts a masked target into text and what its placeholders stand for.

    A token counts wherever it stands, also more than once. One that is nowhere is looked for with
    spaces in it, other quotation marks, wide characters or another case, as engines spoil them. What
    is not found at all stands at the end, after a space, so that nothing is lost.

    >>> mail = Placeholder("{1}", "redazione@esempio.it")
    >>> "".join(piece.text for piece in restored("Escribe a { 1 }.", [mail]))
    'Escribe a redazione@esempio.it.'
    >>> "".join(piece.text for piece in restored("Escribe.", [mail]))
    'Escribe. redazione@esempio.it'
    """
    exact = [(place, one) for one in placeholders for place in _places(target, re.escape(one.token))]
    found = _without_overlap(exact, ())
    lost = [one for one in placeholders if not any(one is held for _, held in found)]
    folded = target.translate(_FOLDED)
    spoilt: list[_Held] = []
    for one in lost:
        letters = (re.escape(character) for character in one.token.translate(_FOLDED) if not character.isspace())
        places = _places(folded, r"\s*".join(letters), re.IGNORECASE | re.ASCII)
        free = _without_overlap([(place, one) for place in places], found + spoilt)
        spoilt += free[:1]
    pieces, behind = [], 0
    for (start, end), one in sorted(found + spoilt, key=lambda held: held[0]):
        if start > behind:
            pieces.append(Piece(target[behind:start]))
        pieces.append(Piece(one.original, one))
        behind = end
    if behind < len(target):
        pieces.append(Piece(target[behind:]))
    for one in lost:
        if not any(one is held for _, held in spoilt):
            pieces += [Piece(" "), Piece(one.original, one)]
    return pieces


_Place = tuple[int, int]
_Held = tuple[_Place, Placeholder]

#: Wide forms of ASCII, and the quotation marks that engines exchange.
_FOLDED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {ord(mark): '"' for mark in "“”„«»"}
_FOLDED |= {ord(mark): "'" for mark in "‘’"}


def _places(text: str, pattern: str, flags: int = 0) -> Iterable[_Place]:
    return (match.span() for match in re.finditer(pattern, text, flags))


def _without_overlap(candidates: list[_Held], taken: Iterable[_Held]) -> list[_Held]:
    """From left to right, of two that begin together the longer."""
    occupied = [place for place, _ in taken]
    kept: list[_Held] = []
    behind = 0
    for place, one in sorted(candidates, key=lambda held: (held[0][0], -held[0][1])):
        if place[0] >= behind and not any(place[0] < end and start < place[1] for start, end in occupied):
            kept.append((place, one))
            behind = place[1]
    return kept
