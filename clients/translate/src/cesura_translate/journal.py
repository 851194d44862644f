"""The journal: what has been translated already, so that an interrupted run picks up where it was.

A file of JSON Lines, written behind each batch and never rewritten. The first line says what it is;
every other holds one translation under the digest of its segment's content, the digest of the very text
that the engine was given, the engine and the language pair. It holds text of documents: it is made
readable for its owner only.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
from collections.abc import Iterable
from types import TracebackType

_FIRST_LINE = {"journal": "cesura-translate", "version": 1}


class JournalError(Exception):
    """The journal cannot be used. The message says why, without text of documents."""


@dataclasses.dataclass(frozen=True)
class TranslationKey:
    """What one translation is known by.

    `content_digest` is the segment's `Identity.content_digest`. It is the same for texts that differ in
    the shape of quotation marks only, and does not tell what was masked; so `text_digest`, that of the
    text as the engine is given it, stands beside it.
    """

    content_digest: str
    text_digest: str
    engine: str
    pair: str

    @classmethod
    def of(cls, content_digest: str, text: str, engine: str, pair: str) -> TranslationKey:
        """The key of a text.

        >>> TranslationKey.of("7d38…", "Ciao.", "apertium", "it-es").text_digest
        '3cc2c633532ade44'
        """
        return cls(content_digest, hashlib.sha256(text.encode()).hexdigest()[:16], engine, pair)


class Journal:
    """Translations by key: in memory, and in a file where a path is given.

    One run at a time may have a journal open. A last line that was cut by a crash is taken away.

    Raises JournalError where the file is no journal, is damaged before its last line, is in use, or
    cannot be read or written.

    >>> with Journal(None) as journal:
    ...     key = TranslationKey.of("7d38…", "Ciao.", "apertium", "it-es")
    ...     journal.add([(key, "Hola.")])
    ...     journal.get(key)
    'Hola.'
    """

    def __init__(self, path: pathlib.Path | None) -> None:
        self._targets: dict[TranslationKey, str] = {}
        self._file: int | None = None
        self._name = "" if path is None else path.name
        if path is None:
            return
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(f"the journal {path.name} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
        except BlockingIOError as error:
            self.close()
            raise JournalError(f"the journal {path.name} is in use by another run") from error
        except OSError as error:
            self.close()
            raise JournalError(f"the journal {path.name} cannot be read: {error.strerror}") from error
        except JournalError:
            self.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def count(self) -> int:
        """How many translations it holds."""
        return len(self._targets)

    def get(self, key: TranslationKey) -> str | None:
        """The translation under a key; None where there is none."""
        return self._targets.get(key)

    def add(self, translations: Iterable[tuple[TranslationKey, str]]) -> None:
        """Keeps translations. When this returns they are on the disk, and outlive a crash of the machine.

        Raises JournalError where the disk takes them not.
        """
        lines = []
        for key, target in translations:
            self._targets[key] = target
            lines.append(_line({**dataclasses.asdict(key), "target": target}))
        if self._file is None or not lines:
            return
        try:
            _write(self._file, b"".join(lines))
            os.fsync(self._file)
        except OSError as error:
            raise JournalError(f"the journal {self._name} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Gives the file back. May be called again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _read(self) -> None:
        assert self._file is not None
        with open(os.dup(self._file), "rb") as stream:
            stream.seek(0)
            data = stream.read()
        whole = data.rfind(b"\n") + 1
        lines = data[:whole].splitlines()
        if lines and not _is_first(lines[0]) or not lines and data and not _line(_FIRST_LINE).startswith(data):
            raise JournalError(f"{self._name} is no journal of cesura-translate")
        for number, line in enumerate(lines[1:], start=2):
            try:
                entry = json.loads(line)
                target = entry.pop("target")
                key = TranslationKey(**entry)
                if not isinstance(target, str):
                    raise TypeError("target")
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise JournalError(f"the journal {self._name} is damaged in line {number}") from error
            self._targets[key] = target
        if whole < len(data):
            os.ftruncate(self._file, whole)
        if not lines:
            _write(self._file, _line(_FIRST_LINE))


def _is_first(line: bytes) -> bool:
    try:
        return bool(json.loads(line) == _FIRST_LINE)
    except ValueError:
        return False


def _line(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
