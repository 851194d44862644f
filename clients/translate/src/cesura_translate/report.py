"""The report of a run, as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

from cesura_translate.bitext import Origin
from cesura_translate.run import TranslatedFile
from cesura_translate.translation import TranslationProgress


@dataclasses.dataclass
class Report:
    """What a run did. `as_json` gives the object that `--report` writes; the README says what it holds."""

    engine: str
    source_language: str
    target_language: str
    documents: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    outcome: str = "done"
    message: str = ""

    def add(self, translated: TranslatedFile, files: list[str]) -> None:
        """Takes a document that is done, with the names of its files."""
        bitext = translated.bitext
        self.documents.append(
            {
                "document": translated.name,
                "done": True,
                "source_digest": bitext.tail.source_digest,
                "content_digest": translated.content_digest,
                "files": files,
                "segments": bitext.tail.segment_count,
                "translatable_segments": len(bitext.sources),
                "targets": len(bitext.targets),
                "targets_from": {origin.value: bitext.count(origin) for origin in Origin},
                "problems": [dataclasses.asdict(problem) for problem in translated.problems],
            }
        )

    def add_unfinished(self, name: str, progress: TranslationProgress) -> None:
        """Takes a document that the run did not finish; what it translated is in the journal."""
        self.documents.append(
            {
                "document": name,
                "done": False,
                "segments_read": progress.read,
                "targets": progress.translated,
                "targets_from": {Origin.ENGINE.value: progress.from_engine},
            }
        )

    @property
    def problem_count(self) -> int:
        """Problems of all documents."""
        return sum(len(document.get("problems", ())) for document in self.documents)

    def as_json(self) -> dict[str, Any]:
        """The report as an object of JSON."""
        return {
            "report": "cesura-translate",
            "version": 1,
            "outcome": self.outcome,
            "message": self.message,
            "engine": self.engine,
            "source_language": self.source_language,
            "target_language": self.target_language,
            "problem_count": self.problem_count,
            "documents": self.documents,
        }
