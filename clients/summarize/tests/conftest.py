"""A real server, and the seeds."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import pytest

import cesura
from cesura.testing import ServerProcess

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def target() -> Iterator[str]:
    binary = pathlib.Path(os.environ.get("CESURA_BIN") or ROOT / "target/release/cesura")
    assert binary.exists(), f"no server at {binary}: build it, or set CESURA_BIN"
    with ServerProcess(binary.resolve()) as server:
        yield server.target


@pytest.fixture
def client(target: str) -> Iterator[cesura.Client]:
    with cesura.Client(target) as made:
        yield made


@pytest.fixture(scope="session")
def seeds() -> dict[str, str]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    assert len(paths) == 5
    return {path.name[:3]: path.read_bytes().decode("utf-8") for path in paths}


@pytest.fixture(scope="session")
def seed_files() -> list[str]:
    return [str(path) for path in sorted((ROOT / "seeds").glob("*.txt"))]
