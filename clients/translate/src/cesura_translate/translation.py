"""The way of a document: its segments are read, batched, translated and kept in the journal.

The reader has a thread of its own and a window of so many segments. When the window is full it takes
nothing from the connection, the service waits, and memory stays where it is, however slow the engine.
"""

from __future__ import annotations

import dataclasses
import queue
import random
import re
import threading
import time
from collections.abc import Callable, Iterator

import cesura

from cesura_translate.batching import Batch, never_fits
from cesura_translate.bitext import Bitext, Origin, SourceSegment, TranslatedSegment
from cesura_translate.deadline import Deadline
from cesura_translate.engines import Engine, EngineAnswerError, EngineError, EngineUnavailable, LanguagePair
from cesura_translate.journal import Journal, TranslationKey
from cesura_translate.problems import TEXT_TOO_LONG, Problem

#: Seconds that a batch which is not full waits for more segments.
_LINGER = 0.25
#: How often a reader whose window is full looks whether it is still wanted, in seconds.
_PATIENCE = 0.1
#: Line ends and control characters, with the white space around them.
_LINE_END = re.compile(r"\s*[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]\s*")
#: Halves of characters, which JSON can hold and no encoding of text.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

#: Options of grpc for `cesura.Client`. Left alone grpc measures the line and takes in megabytes that nobody
#: has asked for; with a window of fixed size the service itself is held back by a slow engine.
CHANNEL_OPTIONS: tuple[tuple[str, object], ...] = (("grpc.http2.bdp_probe", 0),)


class ServiceStalled(Exception):
    """The service says nothing though it is waited for."""


@dataclasses.dataclass(frozen=True)
class TranslationSettings:
    """How a run goes about its work. Times are in seconds."""

    #: Segments that are read ahead of the engine at most.
    segments_ahead_max: int = 256
    #: How long one call of the engine or the service may take.
    call_timeout: float = 60.0
    #: How often the engine is asked for one batch at most.
    engine_attempts_max: int = 6
    #: The first delay between two attempts; it doubles up to `engine_delay_max`.
    engine_delay_first: float = 0.5
    engine_delay_max: float = 30.0
    #: If the engine asks for a longer pause than this, the run ends.
    engine_pause_max: float = 300.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} is {getattr(self, field.name)}; it must be more than 0")


@dataclasses.dataclass
class TranslationProgress:
    """How far a document is: segments that were read, and those that have their target."""

    read: int = 0
    translated: int = 0
    from_engine: int = 0


#: Makes the stream of events of one document; it is read in a thread of its own.
OpenStream = Callable[[float], cesura.DocumentStream]
Observer = Callable[[TranslationProgress], None]


class Translator:
    """Translates documents with one engine, into one language, through one journal.

    Example::

        translator = Translator(engine, LanguagePair("it", "es"), Journal(None), Deadline(None))
        bitext = translator.translate(lambda timeout: client.segment_file(path, options=options, timeout=timeout))
        for pair in bitext.pairs():
            print(pair.source.text, "→", pair.target_text)
    """

    def __init__(
        self,
        engine: Engine,
        pair: LanguagePair,
        journal: Journal,
        deadline: Deadline,
        settings: TranslationSettings | None = None,
    ) -> None:
        self._engine = engine
        self._pair = pair
        self._journal = journal
        self._deadline = deadline
        self._settings = settings or TranslationSettings()
        self._identity = engine.identity(pair)
        self._translated_now: set[TranslationKey] = set()
        #: What was seen of the documents so far that were translated, by this object's `translate`.
        self.problems: list[Problem] = []

    def translate(self, open_stream: OpenStream, observe: Observer | None = None) -> Bitext:
        """Translates one document. `problems` afterwards holds what was seen of it.

        Whatever is raised, what was translated before is in the journal.

        Raises EngineError, DeadlinePassed, ServiceStalled, JournalError and cesura.CesuraError.
        """
        self.problems = []
        reader = _Reader(open_stream, self._settings.segments_ahead_max, self._deadline)
        run = _DocumentRun(self, observe or (lambda _: None))
        reader.start()
        try:
            for segment in self._arriving(reader, run):
                run.take(segment)
            run.send()
        finally:
            reader.stop()
        assert reader.head is not None and reader.tail is not None
        return Bitext(reader.head, reader.tail, tuple(run.sources), run.targets)

    def _arriving(self, reader: _Reader, run: _DocumentRun) -> Iterator[SourceSegment]:
        while True:
            waited = time.monotonic()
            try:
                wait = _LINGER if run.has_waiting else self._settings.call_timeout
                item = reader.window.get(timeout=self._deadline.within(wait))
            except queue.Empty:
                self._deadline.remaining()
                if run.has_waiting:
                    run.send()
                    continue
                seconds = time.monotonic() - waited
                raise ServiceStalled(f"the service said nothing for {seconds:.0f} s") from None
            if isinstance(item, BaseException):
                raise item
            if item is None:
                return
            yield item

    # What a _DocumentRun needs of its translator.

    def _key(self, segment: SourceSegment) -> TranslationKey:
        return TranslationKey.of(segment.content_digest, segment.masked_text, self._identity, str(self._pair))

    def _ask(self, texts: list[str]) -> list[str]:
        """Asks the engine, again where that may help. As many targets as texts, or an error."""
        settings = self._settings
        for attempt in range(1, settings.engine_attempts_max + 1):
            try:
                answer = self._engine_answer(texts, self._deadline.within(settings.call_timeout))
                break
            except EngineUnavailable as error:
                self._deadline.remaining()
                longest = min(settings.engine_delay_max, settings.engine_delay_first * 2 ** (attempt - 1))
                delay = max(random.uniform(longest / 2, longest), error.retry_after or 0.0)
                if attempt == settings.engine_attempts_max or delay > settings.engine_pause_max:
                    raise
                self._deadline.sleep(delay)
        # An adapter of somebody else's may get this wrong; a shift by one would spoil all that follows.
        if len(answer) != len(texts):
            raise EngineAnswerError(f"{self._engine.name} gave {len(answer)} texts for {len(texts)}")
        if not all(isinstance(text, str) for text in answer):
            raise EngineAnswerError(f"{self._engine.name} gave something that is no text")
        return answer

    def _engine_answer(self, texts: list[str], timeout: float) -> list[str]:
        try:
            return list(self._engine.translate(texts, self._pair, timeout))
        except EngineError:
            raise
        except Exception as error:
            # Of an adapter that fails otherwise only the kind is told: its message may quote the text.
            raise EngineError(f"{self._engine.name} failed with {type(error).__name__}") from error


class _DocumentRun:
    """The segments of one document between reader and engine."""

    def __init__(self, translator: Translator, observe: Observer) -> None:
        self._translator = translator
        self._observe = observe
        self._progress = TranslationProgress()
        self._batch = self._new_batch()
        self._waiting: dict[TranslationKey, list[SourceSegment]] = {}
        self.sources: list[SourceSegment] = []
        self.targets: dict[int, TranslatedSegment] = {}

    @property
    def has_waiting(self) -> bool:
        return bool(self._waiting)

    def _new_batch(self) -> Batch[TranslationKey]:
        return Batch(self._translator._engine.limits)

    def take(self, segment: SourceSegment) -> None:
        translator = self._translator
        self.sources.append(segment)
        self._progress.read += 1
        key = translator._key(segment)
        known = translator._journal.get(key)
        if not segment.has_words:
            self._settle(segment, segment.masked_text, Origin.NO_WORDS)
        elif known is not None:
            repeated = key in translator._translated_now
            self._settle(segment, known, Origin.REPETITION if repeated else Origin.JOURNAL)
        elif key in self._waiting:
            self._waiting[key].append(segment)
        elif never_fits(segment.masked_text, translator._engine.limits):
            detail = f"{len(segment.masked_text)} of {translator._engine.limits.characters_max} characters"
            translator.problems.append(Problem.of_segment(TEXT_TOO_LONG, segment, detail))
        else:
            text = _on_one_line(segment.masked_text)
            if not self._batch.add(text, key):
                self.send()
                self._batch.add(text, key)
            self._waiting[key] = [segment]
            if self._batch.full:
                self.send()
        self._observe(self._progress)

    def send(self) -> None:
        """Has the batch translated. What the engine answered is in the journal before it is used."""
        batch, waiting = self._batch, self._waiting
        self._batch, self._waiting = self._new_batch(), {}
        if not batch.texts:
            return
        translator = self._translator
        targets = [_on_one_line(target) for target in translator._ask(batch.texts)]
        # An empty target is none: the next run asks again, and merging tells of it.
        answered = [(key, target) for key, target in zip(batch.items, targets) if target]
        translator._journal.add(answered)
        translator._translated_now.update(key for key, _ in answered)
        self._progress.from_engine += len(answered)
        for key, target in answered:
            for place, segment in enumerate(waiting[key]):
                self._settle(segment, target, Origin.REPETITION if place else Origin.ENGINE)
        self._observe(self._progress)

    def _settle(self, segment: SourceSegment, target: str, origin: Origin) -> None:
        self.targets[segment.number] = TranslatedSegment(segment, target, origin)
        self._progress.translated += 1


class _Reader(threading.Thread):
    """Takes events from the service into a bounded window.

    The window holds segments, behind the last of them None, or what was raised instead.
    """

    def __init__(self, open_stream: OpenStream, ahead_max: int, deadline: Deadline) -> None:
        super().__init__(name="segments", daemon=True)
        self.window: queue.Queue[SourceSegment | BaseException | None] = queue.Queue(ahead_max)
        self.head: cesura.DocumentHead | None = None
        self.tail: cesura.DocumentTail | None = None
        self._open_stream = open_stream
        self._deadline = deadline
        self._unwanted = threading.Event()

    def stop(self) -> None:
        """Nobody takes from the window any more."""
        self._unwanted.set()

    def run(self) -> None:
        try:
            self._read()
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _read(self) -> None:
        with self._open_stream(self._deadline.remaining()) as stream:
            for event in stream:
                if self._unwanted.is_set():
                    return
                if event.HasField("head"):
                    self.head = event.head
                elif event.HasField("tail"):
                    self.tail = event.tail
                elif event.HasField("unit") and event.unit.translatable:
                    for segment in event.unit.segments:
                        self._put(SourceSegment.of(event.unit, segment))

    def _put(self, item: SourceSegment | BaseException | None) -> None:
        while not self._unwanted.is_set():
            try:
                self.window.put(item, timeout=_PATIENCE)
                return
            except queue.Full:
                continue


def _on_one_line(text: str) -> str:
    """A text without line ends and control characters: a target with one would change the layout."""
    return _LONE_SURROGATE.sub("\ufffd", _LINE_END.sub(" ", text)).strip()
