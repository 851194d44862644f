"""Placeholders that engines moved, doubled, spoiled and lost."""

from __future__ import annotations

import pytest

from cesura_translate.placeholders import Placeholder, restored

ONE, TWELVE = Placeholder("{1}", "uno"), Placeholder("{12}", "{1}")
TAG = Placeholder('<x id="1"/>', "ANSA")


@pytest.mark.parametrize(
    ("target", "placeholders", "text"),
    [
        ("{12} y {1}.", [ONE, TWELVE], "{1} y uno."),
        ("{1}{1}", [ONE], "unouno"),
        ("{ 1 } y ｛１２｝.", [ONE, TWELVE], "uno y {1}."),
        ("Nada.", [ONE], "Nada. uno"),
        ("Nada.", [], "Nada."),
        ("{1} {2}", [ONE], "uno {2}"),
        ("{ 1 } { 1 }", [ONE], "uno { 1 }"),
        ("{ {12} 1}", [ONE, TWELVE], "{ {1} 1} uno"),
        ("según <X ID = «1» />", [TAG], "según ANSA"),
        ("", [ONE], " uno"),
    ],
)
def test_they_are_put_back(target: str, placeholders: list[Placeholder], text: str) -> None:
    pieces = restored(target, placeholders)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    held = [piece.placeholder for piece in pieces if piece.placeholder is not None]
    assert set(held) == set(placeholders)
