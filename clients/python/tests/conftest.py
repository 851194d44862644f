"""What the tests share: a real server on this machine, the seeds, both clients."""

from __future__ import annotations

import asyncio
import os
import pathlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import cesura
from cesura.testing import ServerProcess

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def binary() -> pathlib.Path:
    found = pathlib.Path(os.environ.get("CESURA_BIN") or ROOT / "target/release/cesura")
    assert found.exists(), f"no server at {found}: build it, or set CESURA_BIN"
    return found.resolve()


@pytest.fixture(scope="session")
def target(binary: pathlib.Path) -> Iterator[str]:
    """Address of a server that stays for all tests."""
    with ServerProcess(binary) as server:
        yield server.target


@pytest.fixture
def start(binary: pathlib.Path) -> Iterator[Callable[..., ServerProcess]]:
    """Starts servers that a test may do with what it likes."""
    started: list[ServerProcess] = []

    def start_one(*flags: str) -> ServerProcess:
        server = ServerProcess(binary, flags)
        started.append(server)
        server.start()
        return server

    yield start_one
    for server in started:
        server.__exit__()


@pytest.fixture(scope="session")
def seeds() -> list[str]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    assert len(paths) == 5
    return [path.read_bytes().decode("utf-8") for path in paths]


@pytest.fixture(scope="session")
def seed_paths() -> list[pathlib.Path]:
    return sorted((ROOT / "seeds").glob("*.txt"))


class Driven:
    """An `AsyncClient` in ordinary calls, so that one test asks both clients."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._client = cesura.AsyncClient(*args, **settings)
        self._loop = asyncio.new_event_loop()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*args: Any, **named: Any) -> Any:
            answer = method(*args, **named)
            if asyncio.iscoroutine(answer):
                answer = self._run(answer)
            if isinstance(answer, cesura.AsyncExport):
                return DrivenExport(self, answer)
            if hasattr(answer, "__aiter__"):
                return self._drain(answer)
            return answer

        return call

    def _run(self, awaitable: Any) -> Any:
        return self._loop.run_until_complete(awaitable)

    def _drain(self, items: Any) -> Iterator[Any]:
        iterator = items.__aiter__()
        try:
            while True:
                try:
                    yield self._run(iterator.__anext__())
                except StopAsyncIteration:
                    return
        finally:
            self._run(iterator.aclose())

    def close(self) -> None:
        self._run(self._client.aclose())
        self._run(self._loop.shutdown_asyncgens())
        self._run(self._loop.shutdown_default_executor())
        self._loop.close()

    def __enter__(self) -> Driven:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class DrivenExport:
    """An `AsyncExport` in ordinary calls."""

    def __init__(self, driven: Driven, export: cesura.AsyncExport) -> None:
        self._driven = driven
        self._export = export
        self.media_type = export.media_type
        self.file_extension = export.file_extension

    def __iter__(self) -> Iterator[bytes]:
        return self._driven._drain(self._export)

    def read(self) -> Any:
        return self._driven._run(self._export.read())

    def __enter__(self) -> DrivenExport:
        return self

    def __exit__(self, *_: object) -> None:
        self._driven._run(self._export.aclose())


@pytest.fixture(params=[cesura.Client, Driven], ids=["blocking", "asyncio"])
def make(request: pytest.FixtureRequest) -> Any:
    """Makes a client, of either kind."""
    return request.param


@pytest.fixture
def client(make: Any, target: str) -> Iterator[Any]:
    """A client of the lasting server, of either kind."""
    with make(target) as made:
        yield made


@pytest.fixture
def no_threads_left() -> Iterator[None]:
    """Whatever threads a test starts end with it."""
    before = set(threading.enumerate())
    yield
    ends = time.monotonic() + 5
    while left := [thread for thread in threading.enumerate() if thread not in before]:
        assert time.monotonic() < ends, f"threads left behind: {left}"
        time.sleep(0.02)


async def trickle(items: list[Any]) -> AsyncIterator[Any]:
    """The items, with other tasks in between."""
    for item in items:
        await asyncio.sleep(0)
        yield item
