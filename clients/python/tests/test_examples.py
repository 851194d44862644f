"""The examples, and the README, as a reader would run them."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parents[1]


def run(example: str, *arguments: str, given: bytes = b"") -> str:
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "examples" / example), *arguments],
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr.decode()) == (0, "")
    return ran.stdout.decode()


def test_article(target: str, seed_paths: list[pathlib.Path]) -> None:
    said = run("article.py", str(seed_paths[0]), target)
    assert "headline" in said and "Impostazioni privacy" not in said


def test_corpus(target: str, seeds: list[str]) -> None:
    given = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(seeds))
    lines = [json.loads(line) for line in run("corpus.py", target, given=given.encode()).splitlines()]
    assert {line["id"] for line in lines} == set(range(5))
    assert all(line["text"] in seeds[line["id"]] for line in lines)


def test_live_prints_before_the_input_ends(target: str) -> None:
    with subprocess.Popen(
        [sys.executable, str(HERE / "examples/live.py"), target],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        paragraph = "La giunta ha deciso ieri sera di chiudere la scuola. Il sindaco non era presente.\n\n"
        process.stdin.write((paragraph * 100).encode())
        process.stdin.flush()
        first = process.stdout.readline().decode()
        assert first == "La giunta ha deciso ieri sera di chiudere la scuola.\n"
        assert process.poll() is None
        process.stdin.close()
        assert process.stdout.read().decode().count("\n") == 199
        assert process.wait(10) == 0


def test_shared_news(target: str, seed_paths: list[pathlib.Path]) -> None:
    said = run("shared_news.py", target, *map(str, seed_paths))
    assert "statement" in said or "quotation" in said


def test_the_blocks_of_the_readme(target: str) -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|text)\n(.*?)```", text, re.DOTALL)
    shown = [
        (blocks[at][1], blocks[at + 1][1])
        for at in range(len(blocks) - 1)
        if blocks[at][0] == "python" and blocks[at + 1][0] == "text"
    ]
    assert len(shown) == 2
    for code, output in shown:
        code = "import cesura\n" + code.replace("127.0.0.1:50051", target)
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout == output
