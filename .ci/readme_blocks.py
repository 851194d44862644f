"""Runs the README's console blocks that need a server, and compares what they print.

A line that begins with `$ ` is a command, the lines below are its output, `…` stands for any lines
or for the rest of one. Blocks without a server are run by `cargo test`; together they are all.
"""

import pathlib
import re
import subprocess
import sys

NEEDS_SERVER = ("grpcurl", "--endpoint")


def steps(readme):
    for block in re.findall(r"```console\n(.*?)```", readme, re.S):
        command, expected = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, expected
                command, expected = line[2:], []
            else:
                expected.append(line)
        if command:
            yield command, expected


def fits(expected, found):
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in expected
    )
    return re.fullmatch(pattern, "".join(line + "\n" for line in found)) is not None


def main():
    readme = pathlib.Path("README.md").read_text(encoding="utf-8")
    run = 0
    for command, expected in steps(readme):
        if not any(word in command for word in NEEDS_SERVER):
            continue
        output = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
        found = output.stdout.rstrip().splitlines()
        if output.returncode or not fits(expected, found):
            sys.exit(f"{command}\nprints\n{output.stdout}{output.stderr}")
        print("as in the README:", command[:90])
        run += 1
    if run < 4:
        sys.exit(f"only {run} blocks were run")


main()
