"""Engines for tests: they do what they are told, and remember what they were asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from cesura_translate import Engine, EngineLimits, LanguagePair

PAIR = LanguagePair("it", "es")


class ScriptedEngine(Engine):
    """Puts `es:` before each text, or does what `act` says."""

    def __init__(
        self,
        options: Mapping[str, str] | None = None,
        act: Callable[[ScriptedEngine, Sequence[str]], list[str]] | None = None,
        limits: EngineLimits = EngineLimits(texts_max=4, characters_max=500),
    ) -> None:
        options = options or {}
        self._act = act
        self._limits = limits
        self._seconds = float(options.get("seconds", "0"))
        self._fails_after = int(options.get("fails-after", "-1"))
        self._log = options.get("log")
        self.batches: list[list[str]] = []
        self.timeouts: list[float | None] = []

    @property
    def name(self) -> str:
        return "scripted"

    @property
    def limits(self) -> EngineLimits:
        return self._limits

    @property
    def texts(self) -> list[str]:
        """All texts of all batches."""
        return [text for batch in self.batches for text in batch]

    def language_pairs(self) -> Collection[LanguagePair]:
        return [PAIR]

    def translate(self, texts: Sequence[str], pair: LanguagePair, timeout: float | None) -> list[str]:
        self.batches.append(list(texts))
        self.timeouts.append(timeout)
        if self._log is not None:
            with open(self._log, "a", encoding="utf-8") as log:
                log.writelines(f"{text}\n" for text in texts)
        time.sleep(self._seconds)
        if 0 <= self._fails_after < len(self.batches):
            raise RuntimeError("the engine died")
        return self.as_usual(texts) if self._act is None else self._act(self, texts)

    @staticmethod
    def as_usual(texts: Sequence[str]) -> list[str]:
        """What it does where nothing else was said."""
        return [f"es:{text}" for text in texts]
