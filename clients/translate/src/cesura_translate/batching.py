"""Texts gathered into batches that keep to an engine's limits."""

from __future__ import annotations

from typing import Generic, TypeVar

from cesura_translate.engines.engine import EngineLimits

Item = TypeVar("Item")


class Batch(Generic[Item]):
    """Texts for one request to an engine, each with what it belongs to.

    >>> batch = Batch[int](EngineLimits(texts_max=2, characters_max=10))
    >>> batch.add("Ciao.", 1), batch.add("Come va?", 2), batch.add("Bene.", 3)
    (True, False, True)
    >>> batch.texts, batch.items, batch.full
    (['Ciao.', 'Bene.'], [1, 3], True)
    """

    def __init__(self, limits: EngineLimits) -> None:
        self._limits = limits
        self._characters = 0
        self.texts: list[str] = []
        self.items: list[Item] = []

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def full(self) -> bool:
        """Whether no further text can fit."""
        return len(self.texts) >= self._limits.texts_max or self._characters >= self._limits.characters_max

    def add(self, text: str, item: Item) -> bool:
        """Takes a text if it fits; says whether it did. An empty batch takes what `never_fits` lets pass."""
        if len(self.texts) >= self._limits.texts_max:
            return False
        if self._characters + len(text) > self._limits.characters_max:
            return False
        self.texts.append(text)
        self.items.append(item)
        self._characters += len(text)
        return True


def never_fits(text: str, limits: EngineLimits) -> bool:
    """Whether a text alone is more than an engine takes in one request."""
    return len(text) > limits.characters_max
