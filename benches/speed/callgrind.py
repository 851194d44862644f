"""The measured program, and a run of one of its cases under valgrind: for `instructions` and `stages`."""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TEXTURES = ["news", "pages"]


def build() -> str:
    """Builds the program; its path."""
    manifest = ["--manifest-path", HERE / "Cargo.toml"]
    subprocess.run(["cargo", "build", "--quiet", "--release", *manifest], check=True)
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps", *manifest],
        check=True, capture_output=True, text=True,
    ).stdout
    return re.search(r'"target_directory":"([^"]+)"', metadata)[1] + "/release/cesura-speed"


def count(program: str, case: str, texture: str, rounds: int, out: str = "/dev/null") -> tuple[int, int]:
    """Instructions of a case over a texture, so many times, and the bytes of the texture. What each
    function took goes to the file `out`."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
         program, "--case", case, "--texture", texture, "--rounds", str(rounds)],
        check=True, capture_output=True, text=True,
    )
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]), int(done.stdout.split()[-2])
