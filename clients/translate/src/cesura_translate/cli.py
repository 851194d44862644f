"""The command `cesura-translate`."""

from __future__ import annotations

import argparse
import enum
import json
import math
import os
import pathlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import cesura

import cesura_translate
from cesura_translate.deadline import Deadline, DeadlinePassed
from cesura_translate.engines import Engine, EngineError, LanguagePair, engine_names, find_pair, open_engine
from cesura_translate.journal import Journal, JournalError
from cesura_translate.output import write_all, write_whole
from cesura_translate.progress import ProgressLine
from cesura_translate.report import Report
from cesura_translate.run import DocumentTooLarge, Format, Run, SourceFile, TranslatedFile, segmentation_options
from cesura_translate.translation import (
    CHANNEL_OPTIONS,
    ServiceStalled,
    TranslationProgress,
    TranslationSettings,
    Translator,
)
from cesura_translate.xliff import XliffError

#: Problems of one document that are told one by one; the report holds all.
_PROBLEMS_TOLD_MAX = 20
#: The variable that holds a bearer token for the service.
TOKEN_VARIABLE = "CESURA_TRANSLATE_TOKEN"


class ExitCode(enum.IntEnum):
    """What the command's exit status says. 1 is Python's own, for a mistake of ours."""

    #: All documents are translated and written.
    DONE = 0
    #: The command line is wrong.
    USAGE = 2
    #: An input cannot be read, or the service refuses it.
    INPUT = 3
    #: The engine failed.
    ENGINE = 4
    #: The service cannot be reached, or failed.
    SERVICE = 5
    #: The deadline has passed.
    DEADLINE = 6
    #: An output, the journal or the report cannot be read or written.
    OUTPUT = 7
    #: All is written, but there are problems, and `--strict` was given.
    PROBLEMS = 8
    #: Ctrl-C.
    INTERRUPTED = 130
    #: SIGTERM.
    TERMINATED = 143


class _Terminated(BaseException):
    """SIGTERM came."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns what `ExitCode` says."""
    parser = _parser()
    given = parser.parse_args(arguments)
    _check(parser, given)
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        return int(_Command(given).run())
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise _Terminated


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cesura-translate",
        description="Translates documents segment by segment, and puts the translation back in place.",
        epilog="Exit status: "
        + ", ".join(f"{code.value} {code.name.lower()}" for code in ExitCode)
        + ". The README says more.",
    )
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE", help="documents; - or none: standard input")
    add("--to", metavar="TAG", help="BCP-47 tag of the language to translate into, for example es")
    add("--from", dest="source", default="it", metavar="TAG", help="language of the documents (default: it)")
    add("--charset", default="", metavar="LABEL", help="character set of the documents (default: UTF-8)")
    add("--format", dest="formats", action="append", choices=[one.value for one in Format],
        help="what to write; may be given several times (default: text)")  # fmt: skip
    add("-o", "--output", metavar="FILE", help="where to, for one document and one format (default: standard output)")
    add("-d", "--output-dir", metavar="DIR", help="folder for NAME.TAG.txt, NAME.TAG.xlf and NAME.TAG.tmx")
    add("--engine", default="apertium", metavar="NAME",
        help=f"{', '.join(engine_names())}, or package.module:Class (default: apertium)")  # fmt: skip
    add("--engine-option", dest="engine_options", action="append", default=[], metavar="NAME=VALUE",
        help="an option of the engine, for example url=http://127.0.0.1:5000; may be given several times")  # fmt: skip
    add("--list-pairs", action="store_true", help="say which languages the engine translates, and end")
    add("--service", default=os.environ.get("CESURA_TRANSLATE_SERVICE", "127.0.0.1:50051"), metavar="HOST:PORT",
        help="address of cesura (default: the variable CESURA_TRANSLATE_SERVICE, or 127.0.0.1:50051)")  # fmt: skip
    add("--tls", action="store_true", help=f"reach the service over TLS; {TOKEN_VARIABLE} may hold a bearer token")
    add("--ca-file", metavar="FILE", help="certificates (PEM) that the service's is checked against")
    add("--journal", metavar="FILE", help="keep translations here; an interrupted run goes on from them")
    add("--report", metavar="FILE", help="write what was done, and all problems, as JSON")
    add("--deadline", type=_seconds, metavar="SECONDS", help="time for the whole run (default: as long as it takes)")
    add("--call-timeout", type=_seconds, default=60.0, metavar="SECONDS",
        help="time for one call of the engine or the service (default: 60)")  # fmt: skip
    add("--progress", action=argparse.BooleanOptionalAction, default=None,
        help="tell on standard error how far the run is (default: on a terminal)")  # fmt: skip
    add("--strict", action="store_true", help="exit with status 8 where a translation lost or broke something")
    add("--version", action="version", version=f"%(prog)s {cesura_translate.__version__}")
    return parser


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds") from None
    if not (seconds > 0 and math.isfinite(seconds)):
        raise argparse.ArgumentTypeError(f"{value!r} must be more than 0 seconds")
    return seconds


def _check(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """What argparse does not see of a wrong command line."""
    given.files = given.files or ["-"]
    given.formats = [Format(name) for name in dict.fromkeys(given.formats or ["text"])]
    for option in given.engine_options:
        if "=" not in option or option.startswith("="):
            parser.error(f"--engine-option {option!r} is not NAME=VALUE")
    if given.list_pairs:
        return
    if given.to is None:
        parser.error("--to is needed, for example --to es")
    if given.output is not None and given.output_dir is not None:
        parser.error("--output and --output-dir do not go together")
    if given.output_dir is None and (len(given.files) > 1 or len(given.formats) > 1):
        parser.error("several documents or formats need --output-dir")
    if given.files.count("-") > 1:
        parser.error("standard input can be read once only")
    if given.ca_file and not given.tls:
        parser.error("--ca-file needs --tls")
    if given.output_dir is not None:
        names = [_output_name(file, given.to, Format.TEXT) for file in given.files]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            parser.error(f"two documents would be written to {twice[0]}")


def _output_name(file: str, target: str, format: Format) -> str:
    stem = "stdin" if file == "-" else pathlib.Path(file).stem
    return f"{stem}.{target}{format.extension}"


class _Command:
    """One run of the command, with what its errors and its report have in common."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given = given
        wanted = sys.stderr.isatty() if given.progress is None else given.progress
        self._progress = ProgressLine(wanted)
        self._report = Report(given.engine, given.source, given.to or "")
        self._unfinished: tuple[str, TranslationProgress] | None = None

    def run(self) -> ExitCode:
        code, message = self._outcome()
        if code not in (ExitCode.DONE, ExitCode.PROBLEMS):
            self._report.outcome, self._report.message = code.name.lower(), message
            if self._unfinished is not None:
                self._report.add_unfinished(*self._unfinished)
            self._say(f"error: {message}")
            if self._given.journal and code is not ExitCode.OUTPUT:
                self._say(f"what was translated is in {self._given.journal}; the same command goes on from there")
        return self._write_report(code)

    def _outcome(self) -> tuple[ExitCode, str]:
        try:
            if self._given.list_pairs:
                return self._list_pairs(), ""
            self._translate()
            strict = self._given.strict and self._report.problem_count
            return (ExitCode.PROBLEMS if strict else ExitCode.DONE), ""
        except KeyboardInterrupt:
            return ExitCode.INTERRUPTED, "interrupted"
        except _Terminated:
            return ExitCode.TERMINATED, "terminated"
        except _InputError as error:
            return ExitCode.INPUT, str(error)
        except (DocumentTooLarge, cesura.InvalidInputError) as error:
            return ExitCode.INPUT, str(error)
        except cesura.ResourceExhaustedError as error:
            # Without a time to come back this is a message over its limit: a document with its targets.
            code = ExitCode.INPUT if error.retry_after is None else ExitCode.SERVICE
            return code, f"the service: {error}"
        except EngineError as error:
            return ExitCode.ENGINE, str(error)
        except DeadlinePassed as error:
            return ExitCode.DEADLINE, str(error)
        except cesura.DeadlineExceededError as error:
            passed = self._given.deadline is not None and self._deadline_is_over()
            return (ExitCode.DEADLINE if passed else ExitCode.SERVICE), f"the service: {error}"
        except (cesura.CesuraError, ServiceStalled) as error:
            return ExitCode.SERVICE, f"the service: {error}"
        except XliffError as error:
            return ExitCode.SERVICE, str(error)
        except JournalError as error:
            return ExitCode.OUTPUT, str(error)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return ExitCode.OUTPUT, f"{where}{error.strerror or type(error).__name__}"

    def _deadline_is_over(self) -> bool:
        try:
            self._deadline.remaining()
        except DeadlinePassed:
            return True
        return False

    def _list_pairs(self) -> ExitCode:
        engine = self._engine()
        try:
            for pair in sorted(engine.language_pairs()):
                print(f"{pair.source} {pair.target}")
        finally:
            engine.close()
        return ExitCode.DONE

    def _translate(self) -> None:
        given = self._given
        self._deadline = Deadline(given.deadline)
        if given.output_dir is not None:
            pathlib.Path(given.output_dir).mkdir(parents=True, exist_ok=True)
        engine = self._engine()
        try:
            pair = find_pair(engine.language_pairs(), given.source, given.to)
            if pair is None:
                raise EngineError(
                    f"{engine.name} does not translate {given.source} into {given.to};"
                    f" --list-pairs says what it translates"
                )
            self._report.engine = engine.identity(pair)
            options = segmentation_options(given.source, engine.mask_template)
            journal_path = pathlib.Path(given.journal) if given.journal else None
            with Journal(journal_path) as journal, self._client() as client:
                settings = TranslationSettings(call_timeout=given.call_timeout)
                translator = Translator(engine, pair, journal, self._deadline, settings)
                # What is written is in the language that was asked for, whatever the engine calls it.
                asked = LanguagePair(given.source, given.to)
                run = Run(client, translator, asked, options, given.formats, self._deadline, given.call_timeout)
                for file in given.files:
                    self._translate_file(run, file)
        finally:
            engine.close()

    def _translate_file(self, run: Run, file: str) -> None:
        source = self._source(file)
        progress = TranslationProgress()
        self._unfinished = (source.name, progress)

        def observe(now: TranslationProgress) -> None:
            self._unfinished = (source.name, now)
            self._progress.tell(source.name, now)

        translated = run.translate(source, observe)
        self._report.add(translated, self._write(file, translated))
        self._unfinished = None
        bitext = translated.bitext
        from_engine = self._report.documents[-1]["targets_from"]["engine"]
        self._progress.done(source.name, len(bitext.targets), len(bitext.sources), from_engine)
        self._tell_problems(translated)

    def _source(self, file: str) -> SourceFile:
        try:
            if file == "-":
                return SourceFile("stdin", sys.stdin.buffer.read(), self._given.charset)
            path = pathlib.Path(file)
            return SourceFile(path.name, path.read_bytes(), self._given.charset)
        except OSError as error:
            raise _InputError(f"{file} cannot be read: {error.strerror}") from error

    def _write(self, file: str, translated: TranslatedFile) -> list[str]:
        given = self._given
        if given.output_dir is None and given.output is None:
            try:
                write_all(sys.stdout.buffer, translated.outputs[given.formats[0]])
            except BrokenPipeError:
                # Nobody reads on; Python would try again at its end, and complain.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise
            return []
        written = []
        for format, content in translated.outputs.items():
            path = (
                pathlib.Path(given.output)
                if given.output is not None
                else pathlib.Path(given.output_dir) / _output_name(file, given.to, format)
            )
            write_whole(path, content)
            written.append(path.name)
        return written

    def _tell_problems(self, translated: TranslatedFile) -> None:
        for problem in translated.problems[:_PROBLEMS_TOLD_MAX]:
            where = f" segment {problem.segment_number}:" if problem.segment_number else ""
            self._say(f"{translated.name}:{where} {problem.kind}")
        more = len(translated.problems) - _PROBLEMS_TOLD_MAX
        if more > 0:
            self._say(f"{translated.name}: {more} more problems; --report FILE holds all")

    def _write_report(self, code: ExitCode) -> ExitCode:
        if not self._given.report or self._given.list_pairs:
            return code
        try:
            text = json.dumps(self._report.as_json(), ensure_ascii=False, indent=2) + "\n"
            write_whole(pathlib.Path(self._given.report), text.encode())
        except OSError as error:
            self._say(f"error: the report {self._given.report} cannot be written: {error.strerror}")
            return ExitCode.OUTPUT
        return code

    def _engine(self) -> Engine:
        options = dict(option.split("=", 1) for option in self._given.engine_options)
        return open_engine(self._given.engine, options)

    def _client(self) -> cesura.Client:
        given = self._given
        try:
            tls = cesura.TLS.from_files(root_certificates=given.ca_file) if given.tls else None
            return cesura.Client(
                given.service,
                tls=tls,
                token=os.environ.get(TOKEN_VARIABLE) or None,
                timeout=given.call_timeout,
                channel_options=CHANNEL_OPTIONS,
            )
        except OSError as error:
            raise _InputError(f"{given.ca_file} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise _InputError(str(error)) from error

    def _say(self, line: str) -> None:
        self._progress.clear()
        print(f"cesura-translate: {line}", file=sys.stderr)


class _InputError(Exception):
    """An input cannot be read."""


if __name__ == "__main__":
    sys.exit(main())
