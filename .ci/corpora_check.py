"""`cesura lines` in the pipelines that people have, run for real. Ends with 1 where one does not hold.

Usage: corpora_check.py CESURA
"""

from __future__ import annotations

import base64
import collections
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STARTS = 60


class Failed(Exception):
    """Something does not hold that has to."""


def check(holds: bool, what: str) -> None:
    if not holds:
        raise Failed(what)
    print(f"ok: {what}")


def ask(command: list[str], given: bytes, **settings: object) -> bytes:
    ran = subprocess.run(command, input=given, capture_output=True, timeout=120, **settings)
    if ran.returncode:
        raise Failed(f"{shlex.join(command)} ended with {ran.returncode}: {ran.stderr.decode()[-2000:]}")
    return ran.stdout


def lines_of(text: bytes) -> int:
    return text.count(b"\n")


def starts(cesura: str, paragraph: bytes) -> None:
    """Milliseconds from start to end for one paragraph, in turn with others on the same machine."""
    python = "import sys; from sentence_splitter import SentenceSplitter as S; "
    python += "print('\\n'.join(S(language='it').split(sys.stdin.read())))"
    commands = {
        "cesura lines -l it": [cesura, "lines", "-l", "it"],
        "cesura lines (detects the language)": [cesura, "lines"],
        "sentence-splitter 1.4 in Python": [sys.executable, "-c", python],
        "perl that does nothing": ["perl", "-e", "1"],
        "true": ["true"],
    }
    times: dict[str, list[float]] = collections.defaultdict(list)
    for _ in range(STARTS):
        for name, command in commands.items():
            began = time.perf_counter()
            ask(command, paragraph)
            times[name].append(time.perf_counter() - began)
    print(f"one paragraph of {len(paragraph)} bytes, {STARTS} starts each, milliseconds (median, fastest):")
    for name, taken in times.items():
        print(f"  {name:<38} {1000 * statistics.median(taken):7.1f} {1000 * min(taken):7.1f}")


def parallel(cesura: str, corpus: bytes, alone: bytes) -> None:
    """GNU parallel gives whole lines to several of us, and keeps their order."""
    pipe = ["parallel", "--will-cite", "--pipe", "--keep-order", "--jobs", "2", "--block", "100k"]
    said = ask([*pipe, cesura, "lines", "-q", "-f", "jsonl", "-j", "1", "-l", "it"], corpus)
    check(said == alone, f"GNU parallel: {lines_of(said)} lines, the same as of one process")
    text = b"".join(json.loads(line)["text"].replace("\n", " ").encode() + b"\n" for line in corpus.splitlines())
    said = ask([*pipe, cesura, "lines", "-q", "-b", "-k", "-n", "-l", "it"], text)
    check(
        said == ask([cesura, "lines", "-k", "-l", "it"], text),
        f"GNU parallel with the flags of Moses (-q -b -k -n -l it): {lines_of(said)} sentences",
    )


def bitextor(cesura: str, articles: list[str]) -> None:
    """As Bitextor calls a splitter: by its command line, once for each paragraph, text in, lines out;
    an exit code beside 0 is an error. And in the place of its whole step, on files with one base64
    document a line."""
    command = shlex.split(f"{shlex.quote(cesura)} lines -q -l it")
    paragraphs = [line for article in articles for line in article.split("\n") if line.strip()]
    began = time.perf_counter()
    sentences = [ask(command, paragraph.strip().encode()).decode().splitlines() for paragraph in paragraphs]
    taken = time.perf_counter() - began
    # Nothing is lost or made up: only white space and line ends differ.
    held = all(
        "".join("".join(said).split()) == "".join(paragraph.split())
        for said, paragraph in zip(sentences, paragraphs)
    )
    check(
        held,
        f"Bitextor, a command for each paragraph: {len(paragraphs)} paragraphs, "
        f"{1000 * taken / len(paragraphs):.1f} ms each",
    )
    lines = b"".join(base64.b64encode(article.encode()) + b"\n" for article in articles)
    answered = ask([cesura, "lines", "-q", "-f", "base64", "-l", "it"], lines).splitlines()
    check(len(answered) == len(articles), f"ParaCrawl's files: {len(answered)} documents, a line each")
    for article, line in zip(articles, answered):
        alone = ask([cesura, "lines", "-l", "it"], article.encode())
        if base64.b64decode(line) != alone:
            raise Failed("a document in base64 is split otherwise than by itself")


def opusfilter(cesura: str, articles: list[str], work: pathlib.Path) -> None:
    """OpusFilter itself, with our preprocessor from clients/engines."""
    lines = [" ".join(article.split()) for article in articles]
    (work / "articles.it").write_text("".join(line + "\n" for line in lines))
    step = {
        "type": "preprocess",
        "parameters": {
            "inputs": ["articles.it"],
            "outputs": ["sentences.it"],
            "preprocessors": [
                {
                    "CesuraSentenceSplitter": {"language": "it", "program": cesura},
                    "module": "opusfilter_cesura",
                }
            ],
        },
    }
    config = work / "config.yaml"
    # JSON is YAML.
    config.write_text(json.dumps({"common": {"output_directory": str(work)}, "steps": [step]}))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "clients/engines")}
    program = pathlib.Path(sys.executable).with_name("opusfilter")
    ask([str(program), str(config)], b"", env=environment)
    found = (work / "sentences.it").read_bytes()
    expected = ask([cesura, "lines", "-k", "-l", "it"], (work / "articles.it").read_bytes())
    check(found == expected, f"OpusFilter: {len(lines)} articles, {lines_of(found)} sentences")


def main() -> int:
    cesura = os.path.abspath(sys.argv[1])
    articles = [path.read_text() for path in sorted((ROOT / "seeds").glob("*.txt"))]
    records = [{"id": number, "text": articles[number % len(articles)]} for number in range(400)]
    corpus = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    alone = ask([cesura, "lines", "-q", "-f", "jsonl", "-l", "it"], corpus)
    check({json.loads(line)["id"] for line in alone.splitlines()} == set(range(400)), "every article is answered")
    parallel(cesura, corpus, alone)
    bitextor(cesura, articles)
    with tempfile.TemporaryDirectory() as work:
        opusfilter(cesura, articles, pathlib.Path(work))
    starts(cesura, max(articles[0].split("\n"), key=len).encode())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(f"WRONG: {failed}", file=sys.stderr)
        sys.exit(1)
