"""cesura in datatrove: a step that splits documents into segments, and a tokenizer for its own steps.

    LocalPipelineExecutor([JsonlReader("in"), SegmentDocuments("127.0.0.1:50051"), JsonlWriter("out")], tasks=8)
    SentenceDedupSignature(..., language=CesuraTokenizer("127.0.0.1:50051"))
"""

from __future__ import annotations

from collections.abc import Iterator

import cesura
from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.word_tokenizers import WordTokenizer

STREAMS = 2


class SegmentDocuments(PipelineStep):
    """Each document becomes one for each of its segments: `id` is `DOCUMENT/NUMBER`, `metadata` says of which
    document and block it is. A document that is refused goes on with `error` in `metadata` and no text.

    Args:
        target: The server, as for `cesura.Client`.
        translatable: Only segments that are to be translated.
    """

    type = "cesura"
    name = "segments"

    def __init__(self, target: str, *, translatable: bool = False) -> None:
        super().__init__()
        self.target = target
        self.translatable = translatable

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        if not data:
            return
        with cesura.Client(self.target) as client:
            answers = client.segment_documents(
                data, source=lambda document: document.text, ordered=False, streams=STREAMS
            )
            for document, answer in answers:
                with self.track_time():
                    self.update_doc_stats(document)
                yield from self._segments(document, answer)

    def _segments(self, document: Document, answer: cesura.Document | cesura.CesuraError) -> Iterator[Document]:
        about = {**document.metadata, "document": document.id}
        if isinstance(answer, cesura.CesuraError):
            self.stat_update("refused")
            yield Document(text="", id=f"{document.id}/0", metadata={**about, "error": answer.reason})
            return
        for unit in answer.units:
            if self.translatable and not unit.translatable:
                continue
            kind = cesura.BlockKind.Name(unit.kind).removeprefix("BLOCK_KIND_").lower()
            for segment in unit.segments:
                self.stat_update("segments")
                yield Document(
                    text=segment.text,
                    id=f"{document.id}/{segment.number}",
                    metadata={**about, "segment": segment.number, "kind": kind},
                )


class CesuraTokenizer(WordTokenizer):
    """Sentences by cesura, wherever datatrove takes a language: `load_word_tokenizer` gives back what is one
    already. It splits no words: steps that ask for words, not for sentences, need another one.

    Args:
        target: The server, as for `cesura.Client`.
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
        self._client: cesura.Client | None = None

    def __getstate__(self) -> dict[str, object]:
        # A connection does not travel to the workers.
        return {"target": self.target, "_client": None}

    def __hash__(self) -> int:
        return hash(self.target)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CesuraTokenizer) and other.target == self.target

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        if self._client is None:
            self._client = cesura.Client(self.target)
        return [(segment.span.start, segment.span.end) for segment in self._client.segment(text).segments]

    def sent_tokenize(self, text: str) -> list[str]:
        return [text[start:end] for start, end in self.span_tokenize(text)]

    def word_tokenize(self, text: str) -> list[str]:
        raise NotImplementedError("cesura splits sentences; for words use a tokenizer of words")
