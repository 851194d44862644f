"""LibreTranslate, and any server that speaks its HTTP protocol: `GET /languages`, `POST /translate`."""

from __future__ import annotations

import datetime
import email.utils
import http.client
import json
import os
import pathlib
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cesura_translate.engines.engine import (
    Engine,
    EngineAnswerError,
    EngineError,
    EngineLimits,
    EngineUnavailable,
    LanguagePair,
)

#: The variable that holds the key, so that it stands in no list of processes.
API_KEY_VARIABLE = "CESURA_TRANSLATE_API_KEY"
#: Answers longer than this are refused: nobody's translation of a batch is.
_ANSWER_BYTES_MAX = 64 * 1024 * 1024
#: Status codes with which a server says "not now".
_NOT_NOW = frozenset({429, 502, 503, 504})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected request would carry texts and key to somebody who was not named."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class LibreTranslateEngine(Engine):
    """Asks a server over HTTP or HTTPS.

    Options: `url` of the server (needed), for example `https://translate.example.org`; `api-key-file`
    with the key, where the variable CESURA_TRANSLATE_API_KEY does not hold it; `ca-file` with the
    certificates (PEM) that the server's is checked against, where it is not one of the system's;
    `texts-max` (50) and `characters-max` (5000) of one request, which the server's `--batch-limit` and
    `--char-limit` must allow; `mask-template`, see `Engine.mask_template`.

    >>> engine = LibreTranslateEngine({"url": "http://127.0.0.1:5000"})
    >>> engine.name, engine.limits.texts_max
    ('libretranslate', 50)
    """

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        given = dict(options or {})
        self._url = _checked_url(given.pop("url", ""))
        self._key = _api_key(given.pop("api-key-file", None))
        self._limits = EngineLimits(
            texts_max=_count("texts-max", given.pop("texts-max", "50")),
            characters_max=_count("characters-max", given.pop("characters-max", "5000")),
        )
        self.mask_template = given.pop("mask-template", "")
        ca_file = given.pop("ca-file", None)
        if given:
            raise EngineError(
                f"libretranslate has no option {min(given)!r}; it has 'url', 'api-key-file', 'ca-file',"
                " 'texts-max', 'characters-max' and 'mask-template'"
            )
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise EngineError(f"the file of option 'ca-file' cannot be used: {error}") from error
        self._opener = urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=context))

    @property
    def name(self) -> str:
        return "libretranslate"

    @property
    def limits(self) -> EngineLimits:
        return self._limits

    def identity(self, pair: LanguagePair) -> str:
        # The protocol does not tell which models answer: another server is another engine.
        return f"libretranslate/{self._url}"

    def language_pairs(self) -> Collection[LanguagePair]:
        answer = self._ask("GET", "/languages", None, timeout=30.0)
        try:
            return {LanguagePair(one["code"], str(to)) for one in answer for to in one.get("targets") or []}
        except (TypeError, KeyError, AttributeError) as error:
            raise EngineAnswerError(f"{self._url}/languages did not answer with a list of languages") from error

    def translate(self, texts: Sequence[str], pair: LanguagePair, timeout: float | None) -> list[str]:
        request: dict[str, Any] = {
            "q": list(texts),
            "source": pair.source,
            "target": pair.target,
            "format": "text",
        }
        if self._key is not None:
            request["api_key"] = self._key
        answer = self._ask("POST", "/translate", json.dumps(request).encode(), timeout)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or not all(isinstance(text, str) for text in translated):
            raise EngineAnswerError(f"{self._url}/translate did not answer with a list of texts")
        if len(translated) != len(texts):
            raise EngineAnswerError(f"{self._url} gave {len(translated)} texts for {len(texts)}")
        return translated

    def _ask(self, method: str, path: str, body: bytes | None, timeout: float | None) -> Any:
        end = None if timeout is None else time.monotonic() + timeout
        request = urllib.request.Request(self._url + path, data=body, method=method)
        request.add_header("Accept", "application/json")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=timeout) as response:
                return json.loads(_read(response, end))
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, end) from error
        except (TimeoutError, ssl.SSLError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
            raise self._failure(error) from error
        except ValueError as error:
            raise EngineAnswerError(f"{self._url}{path} did not answer in JSON") from error

    def _refusal(self, error: urllib.error.HTTPError, end: float | None) -> EngineError:
        reason = self._reason(error, end)
        message = f"{self._url} answered {error.code}" + (f": {reason}" if reason else "")
        if error.code in _NOT_NOW:
            return EngineUnavailable(message, _retry_after(error.headers.get("Retry-After")))
        return EngineError(message)

    def _reason(self, error: urllib.error.HTTPError, end: float | None) -> str:
        """What the server says, but for status 500: `Cannot translate text: …` may quote the document."""
        if error.code == 500:
            return ""
        try:
            said = json.loads(_read(error, end)).get("error", "")
        except (ValueError, AttributeError, OSError, http.client.HTTPException):
            return ""
        return " ".join(str(said).split())[:200]

    def _failure(self, error: Exception) -> EngineError:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, ssl.SSLCertVerificationError):
            return EngineError(f"the certificate of {self._url} is not trusted: {cause.verify_message}")
        if isinstance(cause, TimeoutError):
            return EngineUnavailable(f"{self._url} did not answer in time")
        detail = cause.strerror if isinstance(cause, OSError) and cause.strerror else type(cause).__name__
        return EngineUnavailable(f"{self._url} cannot be reached: {detail}")


def _checked_url(url: str) -> str:
    if not url:
        raise EngineError("libretranslate needs the option 'url', for example url=http://127.0.0.1:5000")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise EngineError(f"option 'url' is {url!r}; it must be http://HOST[:PORT][/PATH] or https://…")
    if parts.username is not None or parts.password is not None:
        raise EngineError("option 'url' must not hold a name or password")
    return url.rstrip("/")


def _api_key(path: str | None) -> str | None:
    if path is None:
        return os.environ.get(API_KEY_VARIABLE) or None
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"the file of option 'api-key-file' cannot be read: {error}") from error


def _count(option: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise EngineError(f"option {option!r} is {value!r}; it must be a whole number from 1")
    return int(value)


def _read(response: Any, end: float | None) -> bytes:
    """The whole body. A socket's timeout counts from byte to byte; `end` holds for all of them."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(64 * 1024) if hasattr(response, "read1") else response.read(64 * 1024):
        pieces.append(piece)
        size += len(piece)
        if size > _ANSWER_BYTES_MAX:
            raise EngineAnswerError(f"an answer is longer than {_ANSWER_BYTES_MAX} bytes")
        if end is not None and time.monotonic() >= end:
            raise TimeoutError
    return b"".join(pieces)


def _retry_after(value: str | None) -> float | None:
    """Seconds of a `Retry-After` header: a count, or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (moment - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
