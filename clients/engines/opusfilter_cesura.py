"""Italian sentences as a preprocessor of OpusFilter. In its configuration:

    - type: preprocess
      parameters:
        inputs: [articles.it]
        outputs: [sentences.it]
        preprocessors:
          - CesuraSentenceSplitter: {language: it}
            module: opusfilter_cesura

with this file on `PYTHONPATH` and `cesura` on `PATH`. No server is needed: one `cesura lines` runs beside
OpusFilter for as long as the step does.
"""

from __future__ import annotations

import base64
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence

from opusfilter import ConfigurationError, PreprocessorABC


class CesuraSentenceSplitter(PreprocessorABC):
    """Each line, a document or a paragraph, becomes one line for each of its sentences.

    Args:
        language: BCP-47 tag; None: told from each line.
        program: The program ``cesura``.
        flags: Further flags of ``cesura lines``, for example ``["--translatable"]``.
    """

    def __init__(
        self, language: str | None = "it", program: str = "cesura", flags: Sequence[str] = (), **settings: object
    ) -> None:
        # In base64 each document keeps its line: what belongs together needs no further mark.
        self.command = [program, "lines", "--framing", "base64", "--quiet", *flags]
        if language:
            self.command += ["--language", language]
        super().__init__(**settings)

    def process(self, pairs: Iterable[Sequence[str]]) -> Iterator[list[str]]:
        failures: list[BaseException] = []
        with subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as splitter:
            assert splitter.stdin is not None and splitter.stdout is not None
            into = splitter.stdin

            def feed() -> None:
                try:
                    with into:
                        for columns in pairs:
                            if len(columns) != 1:
                                raise ConfigurationError("sentences of parallel lines would not stay parallel")
                            into.write(base64.b64encode(columns[0].encode()) + b"\n")
                except BaseException as failure:
                    failures.append(failure)

            feeder = threading.Thread(target=feed, name="cesura-feed")
            feeder.start()
            for line in splitter.stdout:
                for sentence in base64.b64decode(line).decode().splitlines():
                    yield [sentence]
            feeder.join()
        if failures:
            raise failures[0]
        if splitter.returncode:
            raise RuntimeError(f"{self.command[0]} ended with {splitter.returncode}")
