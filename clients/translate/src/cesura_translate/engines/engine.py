"""What an engine is: the one interface that an adapter fills."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Collection, Sequence


@dataclasses.dataclass(frozen=True, order=True)
class LanguagePair:
    """A direction of translation, as two BCP-47 tags.

    >>> str(LanguagePair("it", "es"))
    'it-es'
    """

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}-{self.target}"


@dataclasses.dataclass(frozen=True)
class EngineLimits:
    """How much one request to an engine may hold.

    `texts_max` counts texts, `characters_max` Unicode scalar values of all texts together. A batch is
    also what an interrupted run may have to translate again, so huge limits are no gain.
    """

    texts_max: int
    characters_max: int

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value < 1:
                raise ValueError(f"{field.name} is {value}; it must be at least 1")


class EngineError(Exception):
    """The engine failed, and asking again is no use. The message holds no text of a document."""


class EngineUnavailable(EngineError):
    """The engine cannot answer now; asking again later may help.

    `retry_after` is how many seconds the engine asked to be left alone, None where it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineAnswerError(EngineError):
    """The engine's answer cannot be told apart by text: the wrong count, or no list of texts."""


class Engine(abc.ABC):
    """A machine translation engine.

    An adapter gives a name, limits, the pairs of languages and `translate`; the rest has defaults.
    One call is made at a time, always from the same thread. The README has a whole example.
    """

    #: How placeholders are to look so that this engine leaves them alone
    #: (`SegmentationOptions.mask_template`). Empty: the service's default, `{1}`, `{2}` and so on.
    mask_template: str = ""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Short name for messages and reports, for example `apertium`."""

    @property
    @abc.abstractmethod
    def limits(self) -> EngineLimits:
        """How much one call of `translate` may hold."""

    @abc.abstractmethod
    def language_pairs(self) -> Collection[LanguagePair]:
        """All directions that the engine translates. Asked for once, before any text is sent.

        Raises EngineUnavailable or EngineError.
        """

    @abc.abstractmethod
    def translate(self, texts: Sequence[str], pair: LanguagePair, timeout: float | None) -> list[str]:
        """Translates texts: as many come back as were given, in the same order.

        `texts` holds at least one text, none empty, none with a line end; together they keep to
        `limits`. `pair` is one of `language_pairs`. `timeout` is in seconds; None waits as long as it
        takes. The answer to a text must not depend on the texts beside it, or an interrupted run that
        is resumed gives another result.

        Raises EngineUnavailable where asking again may help, else EngineError.
        """

    def identity(self, pair: LanguagePair) -> str:
        """What the journal knows this engine's translations by. It should change when its models do."""
        return self.name

    def close(self) -> None:
        """Gives back what the engine holds. Called once, and last."""


def find_pair(pairs: Collection[LanguagePair], source: str, target: str) -> LanguagePair | None:
    """The pair of an engine that serves two BCP-47 tags; None where there is none.

    Tags are compared without regard to case; a tag with subtags (`pt-BR`) is served by its language
    alone (`pt`) where the engine has nothing nearer.

    >>> str(find_pair([LanguagePair("it", "pt")], "IT", "pt-BR"))
    'it-pt'
    """
    known = {(pair.source.lower(), pair.target.lower()): pair for pair in sorted(pairs)}
    for near_source in _nearest_first(source):
        for near_target in _nearest_first(target):
            if (near_source, near_target) in known:
                return known[near_source, near_target]
    return None


def _nearest_first(tag: str) -> list[str]:
    subtags = tag.lower().replace("_", "-").split("-")
    return ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]
