"""Engines, and how one is found by its name."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Mapping

from cesura_translate.engines.apertium import ApertiumEngine
from cesura_translate.engines.engine import (
    Engine,
    EngineAnswerError,
    EngineError,
    EngineLimits,
    EngineUnavailable,
    LanguagePair,
    find_pair,
)
from cesura_translate.engines.libretranslate import LibreTranslateEngine

__all__ = [
    "ApertiumEngine",
    "Engine",
    "EngineAnswerError",
    "EngineError",
    "EngineLimits",
    "EngineUnavailable",
    "LanguagePair",
    "LibreTranslateEngine",
    "engine_names",
    "find_pair",
    "open_engine",
]

#: Packages that bring an engine name it in this group of entry points.
ENTRY_POINTS = "cesura_translate.engines"

_OWN = {"apertium": ApertiumEngine, "libretranslate": LibreTranslateEngine}


def engine_names() -> list[str]:
    """Names that `open_engine` knows: our own, and those that installed packages bring."""
    return sorted({*_OWN, *(entry.name for entry in importlib.metadata.entry_points(group=ENTRY_POINTS))})


def open_engine(name: str, options: Mapping[str, str] | None = None) -> Engine:
    """Makes an engine from its name and its options.

    `name` is one of `engine_names()`, or `package.module:Class` of an adapter that can be imported.
    The class is called with the options as its one argument.

    Raises EngineError where there is no such engine, or it refuses its options.

    >>> open_engine("libretranslate", {"url": "http://127.0.0.1:5000"}).name
    'libretranslate'
    """
    engine_class = _engine_class(name)
    try:
        made = engine_class(dict(options or {}))
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"the engine {name!r} cannot be opened: {type(error).__name__}: {error}") from error
    if not isinstance(made, Engine):
        raise EngineError(f"{name!r} is no cesura_translate.Engine")
    return made


def _engine_class(name: str) -> type:
    if name in _OWN:
        return _OWN[name]
    try:
        for entry in importlib.metadata.entry_points(group=ENTRY_POINTS, name=name):
            return _called(name, entry.load())
        module, colon, attribute = name.partition(":")
        if colon:
            return _called(name, getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError, ValueError) as error:
        raise EngineError(f"the engine {name!r} cannot be imported: {error}") from error
    raise EngineError(f"no engine {name!r}; there are {', '.join(engine_names())}, and package.module:Class")


def _called(name: str, found: object) -> type:
    if not isinstance(found, type):
        raise EngineError(f"{name!r} is no class")
    return found
