"""One document from end to end: segmented, translated, merged, exported."""

from __future__ import annotations

import dataclasses
import enum
import pathlib
import tempfile

import cesura

from cesura_translate.bitext import Bitext
from cesura_translate.deadline import Deadline
from cesura_translate.engines import LanguagePair
from cesura_translate.problems import Problem, problems_of
from cesura_translate.tmx import tmx_of
from cesura_translate.translation import Observer, Translator
from cesura_translate.xliff import with_targets


class Format(enum.Enum):
    """What is written of a translated document."""

    #: The translated document, everything else of it as it was.
    TEXT = "text"
    #: XLIFF 2.1 with targets.
    XLIFF = "xliff"
    #: TMX 1.4 with the pairs of segments.
    TMX = "tmx"

    @property
    def extension(self) -> str:
        """How the name of its file ends."""
        return {Format.TEXT: ".txt", Format.XLIFF: ".xlf", Format.TMX: ".tmx"}[self]


@dataclasses.dataclass(frozen=True)
class SourceFile:
    """A document to be translated: its name, its bytes, and their character set (empty: UTF-8)."""

    name: str
    content: bytes
    charset: str = ""


@dataclasses.dataclass(frozen=True)
class TranslatedFile:
    """What became of a document: its files by format, its pairs, and what was lost or broken."""

    name: str
    outputs: dict[Format, bytes]
    bitext: Bitext
    problems: tuple[Problem, ...]
    content_digest: str


class DocumentTooLarge(Exception):
    """The document is longer than the service merges."""


def segmentation_options(source_language: str, mask_template: str = "") -> cesura.SegmentationOptions:
    """Choices for documents that are to be translated: ids for the journal, masked texts for the engine.

    Few events a message: what is read ahead of a slow engine is what one message holds.
    """
    return cesura.SegmentationOptions(
        language_code=source_language,
        offset_encoding=cesura.OFFSET_ENCODING_UTF32,
        details=[cesura.DETAIL_IDENTITIES, cesura.DETAIL_MASKED_TEXT],
        mask_template=mask_template,
        events_per_message_max=16,
    )


class Run:
    """Translates documents, one after the other, into files of the formats that were asked for.

    Raises what `Translator.translate`, `with_targets` and cesura.Client raise, and DocumentTooLarge.
    """

    def __init__(
        self,
        client: cesura.Client,
        translator: Translator,
        pair: LanguagePair,
        options: cesura.SegmentationOptions,
        formats: list[Format],
        deadline: Deadline,
        call_timeout: float,
    ) -> None:
        self._client = client
        self._translator = translator
        self._pair = pair
        self._options = options
        self._formats = formats
        self._deadline = deadline
        self._call_timeout = call_timeout
        self._document_bytes_max: int | None = None

    def translate(self, source: SourceFile, observe: Observer | None = None) -> TranslatedFile:
        """Translates one document."""
        self._check(source)
        bitext = self._bitext(source, observe)
        merged = self._client.merge_segments(
            source.content,
            {number: segment.target for number, segment in bitext.targets.items()},
            masked=True,
            target_language_code=self._pair.target,
            options=self._options,
            document_id=source.name,
            charset=source.charset,
            timeout=self._deadline.within(self._call_timeout),
        )
        outputs: dict[Format, bytes] = {}
        for format in self._formats:
            if format is Format.TEXT:
                outputs[format] = merged.content
            elif format is Format.XLIFF:
                outputs[format] = with_targets(self._exported(source), bitext)
            else:
                outputs[format] = tmx_of(bitext, self._pair)
        problems = [*self._translator.problems, *(Problem.of_merge(problem) for problem in merged.problems)]
        problems += [problem for pair in bitext.pairs() for problem in problems_of(pair)]
        problems.sort(key=lambda problem: problem.segment_number)
        return TranslatedFile(source.name, outputs, bitext, tuple(problems), merged.tail.content_digest)

    def _check(self, source: SourceFile) -> None:
        """What would end the run behind the translation is told before anything has been translated."""
        if self._document_bytes_max is None:
            timeout = self._deadline.within(self._call_timeout)
            # A service that is older than merging says so here.
            self._client.merge_segments("", {}, options=self._options, timeout=timeout)
            info = self._client.server_info(timeout=timeout)
            self._document_bytes_max = info.limits.document_bytes_max
        # Segmenting takes longer documents, in chunks; merging needs them whole.
        if len(source.content) > self._document_bytes_max:
            raise DocumentTooLarge(
                f"{source.name} has {len(source.content)} bytes; the service merges at most {self._document_bytes_max}"
            )

    def _bitext(self, source: SourceFile, observe: Observer | None) -> Bitext:
        # A file of our own, so that what is segmented, and sent again after a broken connection, is what
        # is merged: pipes cannot be read twice, and files of others change.
        with tempfile.TemporaryDirectory(prefix="cesura-translate-") as folder:
            path = pathlib.Path(folder) / "source"
            path.write_bytes(source.content)
            return self._translator.translate(
                lambda timeout: self._client.segment_file(
                    path,
                    options=self._options,
                    document_id=source.name,
                    charset=source.charset,
                    timeout=timeout,
                ),
                observe,
            )

    def _exported(self, source: SourceFile) -> bytes:
        # A file has offsets in bytes, or none: other encodings are refused there.
        options = cesura.SegmentationOptions()
        options.CopyFrom(self._options)
        options.offset_encoding = cesura.OFFSET_ENCODING_UTF8
        choices = cesura.XliffOptions(
            target_language_code=self._pair.target, protected_form=cesura.PROTECTED_FORM_MARKED
        )
        with self._client.export(
            source.content,
            cesura.EXPORT_FORMAT_XLIFF_2_1,
            options=options,
            xliff=choices,
            document_id=source.name,
            charset=source.charset,
            timeout=self._deadline.within(self._call_timeout),
        ) as export:
            return export.read()
