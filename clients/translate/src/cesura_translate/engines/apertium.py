"""Apertium: translation by rules, on this machine, from Debian packages.

Four traps of Apertium 3.8, each found by trying, decide how it is called here:

* `apertium -f line` eats the full stop at the end of a text. The mode's programs are run directly, a
  text ended by U+0000 (their null-flush mode) behind the mark of a sentence end that
  `apertium-destxt` writes as well.
* `cg-proc` is only recommended by the Debian packages. Without it the pipe gives nothing and exit
  status 0. Programs are looked for before the first text, every exit status is looked at, and so is the
  number of texts.
* `cg-proc` and `apertium-tagger` remember what they have read: the same sentence comes out differently
  behind other sentences, in one `apertium` call as well. So these two are started anew for each text
  (20 ms together); a text always gets the same translation, that of `apertium` given it alone.
* `2,5%` becomes `2,5`: the sign is gone. It stays where a space stands before it, as Spanish and
  Catalan write it anyway; so a no-break space is put there.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from typing import IO

from cesura_translate.engines.engine import (
    Engine,
    EngineAnswerError,
    EngineError,
    EngineLimits,
    EngineUnavailable,
    LanguagePair,
)

#: ISO 639-3 as Apertium names its modes, and the shorter tag that BCP-47 wants.
_SHORT_TAGS = {
    "afr": "af", "ara": "ar", "arg": "an", "bel": "be", "bre": "br", "bul": "bg", "cat": "ca", "cym": "cy",
    "dan": "da", "deu": "de", "ell": "el", "eng": "en", "epo": "eo", "eus": "eu", "fra": "fr", "glg": "gl",
    "hin": "hi", "ind": "id", "isl": "is", "ita": "it", "kaz": "kk", "mkd": "mk", "mlt": "mt", "nld": "nl",
    "nno": "nn", "nob": "nb", "oci": "oc", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "slv": "sl",
    "spa": "es", "srd": "sc", "swe": "sv", "tat": "tt", "ukr": "uk", "urd": "ur", "zsm": "ms",
}  # fmt: skip

_MODE_NAME = re.compile(r"([a-z]{2,3})-([a-z]{2,3})")
#: Programs whose answer to a text depends on the texts before it.
_REMEMBERING = frozenset({"cg-proc", "apertium-tagger"})
#: What `apertium-destxt` puts behind a text: a full stop that the programs see and the reader does not.
_SENTENCE_END = ".[]"
_RESERVED = re.compile(r"[\\\[\]{}^$@/<>]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
#: White space and control characters: a text has one line, and U+0000 ends it.
_BLANK = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
_GLUED_PERCENT = re.compile(r"(?<=\d)(?=%)")


class ApertiumEngine(Engine):
    r"""Runs the modes of an Apertium installation, for example `ita-spa`.

    Options: `data`, the folder that holds `modes` (default: that of the installed `apertium`);
    `mode`, a mode by name where its name says no language pair that could be asked for, for example
    `ita-cat_pre2017`.

    >>> ApertiumEngine().translate(["Perde il 2,5% in Borsa."], LanguagePair("it", "es"), None)
    ['Pierde el 2,5\xa0% en Bolsa.']
    """

    #: Twelve forms of placeholders were put in the place of each word of 35 sentences of news: all came
    #: through whole, `{1}` among them, and none grew together with a word. So the service's own is kept.
    mask_template = ""

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        given = dict(options or {})
        data = given.pop("data", None)
        self._mode = given.pop("mode", None)
        if given:
            raise EngineError(f"apertium has no option {min(given)!r}; it has 'data' and 'mode'")
        self._modes = (pathlib.Path(data) if data else _installed_data()) / "modes"
        self._pipelines: dict[LanguagePair, _Pipeline] = {}

    @property
    def name(self) -> str:
        return "apertium"

    @property
    def limits(self) -> EngineLimits:
        # Apertium itself knows no limit. A start of the programs (0.2 s) is spread over a hundred texts.
        return EngineLimits(texts_max=100, characters_max=50_000)

    def language_pairs(self) -> Collection[LanguagePair]:
        if not self._modes.is_dir():
            raise EngineError(f"no folder {self._modes}: install apertium and a pair, such as apertium-spa-ita")
        found = set()
        for path in self._modes.glob("*.mode"):
            codes = _MODE_NAME.fullmatch(path.stem if self._mode is None else self._mode.partition("_")[0])
            if codes is not None:
                found.add(LanguagePair(*(_SHORT_TAGS.get(code, code) for code in codes.groups())))
        return found

    def identity(self, pair: LanguagePair) -> str:
        return f"apertium/{self._mode_name(pair)}/{self._pipeline(pair).data_digest}"

    def translate(self, texts: Sequence[str], pair: LanguagePair, timeout: float | None) -> list[str]:
        return self._pipeline(pair).translate(texts, None if timeout is None else time.monotonic() + timeout)

    def _mode_name(self, pair: LanguagePair) -> str:
        if self._mode is not None:
            return self._mode
        long_codes = {short: long for long, short in _SHORT_TAGS.items()}
        name = f"{long_codes.get(pair.source, pair.source)}-{long_codes.get(pair.target, pair.target)}"
        return name if (self._modes / f"{name}.mode").exists() else str(pair)

    def _pipeline(self, pair: LanguagePair) -> _Pipeline:
        if pair not in self._pipelines:
            path = self._modes / f"{self._mode_name(pair)}.mode"
            try:
                self._pipelines[pair] = _Pipeline(path.stem, path.read_text(encoding="utf-8"))
            except OSError as error:
                raise EngineError(f"the mode {path.stem} cannot be read: {error.strerror}") from error
        return self._pipelines[pair]


def _installed_data() -> pathlib.Path:
    configured = os.environ.get("APERTIUM_DATADIR")
    if configured:
        return pathlib.Path(configured)
    program = shutil.which("apertium")
    if program is None:
        raise EngineError("no program 'apertium': on Debian, apt-get install apertium apertium-spa-ita cg3")
    return pathlib.Path(program).parent.parent / "share" / "apertium"


class _Pipeline:
    """The programs of one mode, in three parts: those that remember what they read, and those around them."""

    def __init__(self, mode: str, text: str) -> None:
        self._mode = mode
        commands = _commands(mode, text)
        for command in commands:
            if shutil.which(command[0]) is None:
                package = "cg3" if command[0] == "cg-proc" else "the package that has it"
                raise EngineError(f"the mode {mode} needs the program '{command[0]}': install {package}")
        places = [place for place, command in enumerate(commands) if command[0] in _REMEMBERING]
        first, behind = (places[0], places[-1] + 1) if places else (len(commands), len(commands))
        self._before = [_null_flushed(command) for command in commands[:first]]
        self._one_by_one = commands[first:behind]
        self._behind = [_null_flushed(command) for command in commands[behind:]]
        self.data_digest = _data_digest(text, commands)

    def translate(self, texts: Sequence[str], end: float | None) -> list[str]:
        streams = self._all(self._before, [_to_stream(text) for text in texts], end)
        if self._one_by_one:
            streams = [self._run(self._one_by_one, stream, end) for stream in streams]
        return [self._from_stream(stream) for stream in self._all(self._behind, streams, end)]

    def _all(self, commands: list[list[str]], streams: list[bytes], end: float | None) -> list[bytes]:
        if not commands:
            return streams
        out = self._run(commands, b"".join(stream + b"\0" for stream in streams), end)
        *answers, rest = out.split(b"\0")
        # Each program may end one more text, an empty one, where its input ends. No answer of ours is
        # empty: it has the mark of its end at least.
        while answers and not answers[-1]:
            answers.pop()
        if len(answers) != len(streams) or rest:
            raise EngineAnswerError(f"apertium {self._mode} gave {len(answers)} texts for {len(streams)}")
        return answers

    def _run(self, commands: list[list[str]], given: bytes, end: float | None) -> bytes:
        running: list[subprocess.Popen[bytes]] = []
        try:
            source: IO[bytes] | int = subprocess.PIPE
            for command in commands:
                # A session of its own: Ctrl-C is for us, and we end what we started.
                running.append(
                    subprocess.Popen(
                        command,
                        stdin=source,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
                if not isinstance(source, int):
                    source.close()
                reader = running[-1].stdout
                assert reader is not None
                source = reader
            return self._exchange(commands, running, given, end)
        except OSError as error:
            raise EngineUnavailable(f"apertium {self._mode} cannot be started: {error.strerror}") from error
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                process.wait()
                for stream in (process.stdin, process.stdout):
                    if stream is not None and not stream.closed:
                        stream.close()

    def _exchange(
        self,
        commands: list[list[str]],
        running: list[subprocess.Popen[bytes]],
        given: bytes,
        end: float | None,
    ) -> bytes:
        first, last = running[0], running[-1]
        writer = threading.Thread(target=_feed, args=(first.stdin, given), daemon=True)
        # The writer owns this end; `communicate` below must not touch it where first and last are one.
        first.stdin = None
        writer.start()
        try:
            out, _ = last.communicate(timeout=None if end is None else max(0.0, end - time.monotonic()))
            for command, process in zip(commands, running):
                status = process.wait(timeout=5)
                if status != 0:
                    raise EngineUnavailable(f"apertium {self._mode}: {command[0]} ended with status {status}")
        except subprocess.TimeoutExpired as error:
            raise EngineUnavailable(f"apertium {self._mode} did not answer in time") from error
        return out

    def _from_stream(self, stream: bytes) -> str:
        try:
            text = stream.decode("utf-8")
        except UnicodeDecodeError as error:
            raise EngineAnswerError(f"apertium {self._mode} gave bytes that are not UTF-8") from error
        if not text.endswith(_SENTENCE_END):
            raise EngineAnswerError(f"apertium {self._mode} lost the end of a text")
        text = text.removesuffix(_SENTENCE_END)
        # What is left in brackets is what the programs were not to look at.
        text = re.sub(r"(?<!\\)((?:\\\\)*)\[((?:[^\\\]]|\\.)*)\]", r"\1\2", text)
        return _ESCAPED.sub(r"\1", text)


def _feed(stream: IO[bytes] | None, given: bytes) -> None:
    assert stream is not None
    try:
        stream.write(given)
        stream.close()
    except OSError:
        # The program ended early; its exit status tells.
        pass


def _commands(mode: str, text: str) -> list[list[str]]:
    """The programs of a mode file: one line of shell, programs joined by `|`."""
    words = shlex.shlex(text.strip(), posix=True, punctuation_chars="|;&<>()`")
    words.whitespace_split = True
    words.commenters = ""
    commands: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        elif word == "$1":
            # How the generator treats words that it does not know: without a mark (`apertium -u`).
            commands[-1].append("-n")
        elif word == "$2":
            # Options of the tagger for its own developers.
            continue
        elif re.search(r"[|;&<>()`$\n]", word):
            raise EngineError(f"the mode {mode} is more than programs joined by pipes; it is not understood")
        else:
            commands[-1].append(word)
    if not all(commands):
        raise EngineError(f"the mode {mode} is empty or has an empty part")
    return commands


def _null_flushed(command: list[str]) -> list[str]:
    return [command[0], "-z", *command[1:]]


def _data_digest(text: str, commands: list[list[str]]) -> str:
    """Changes with the programs' data, so that a journal does not mix translations of two versions."""
    digest = hashlib.sha256(text.encode())
    for word in sorted({word for command in commands for word in command[1:]}):
        if os.path.isfile(word):
            with open(word, "rb") as data:
                digest.update(hashlib.file_digest(data, "sha256").digest() if hasattr(hashlib, "file_digest")
                              else hashlib.sha256(data.read()).digest())  # fmt: skip
    return digest.hexdigest()[:12]


def _to_stream(text: str) -> bytes:
    text = _GLUED_PERCENT.sub("\N{NO-BREAK SPACE}", _BLANK.sub(" ", text))
    text = _RESERVED.sub(r"\\\g<0>", text)
    # A tilde is Apertium's own sign to the last program; in brackets it is nobody's.
    return (text.replace("~", "[~]") + _SENTENCE_END).encode("utf-8", "surrogatepass")
