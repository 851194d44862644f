"""What the tests share: a real server on this machine, the seeds, engines that do as they are told."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Iterator

import cesura
import pytest
from cesura.testing import ServerProcess
from libretranslate_stand_in import LibreTranslateStandIn

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def binary() -> pathlib.Path:
    found = pathlib.Path(os.environ.get("CESURA_BIN") or ROOT / "target/release/cesura")
    assert found.exists(), f"no server at {found}: build it, or set CESURA_BIN"
    return found.resolve()


@pytest.fixture(scope="session")
def service(binary: pathlib.Path) -> Iterator[str]:
    """Address of a server that stays for all tests."""
    with ServerProcess(binary) as server:
        yield server.target


@pytest.fixture
def client(service: str) -> Iterator[cesura.Client]:
    with cesura.Client(service) as client:
        yield client


@pytest.fixture
def start(binary: pathlib.Path) -> Iterator[Callable[..., ServerProcess]]:
    """Starts servers that a test may stop and kill."""
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
def seeds() -> list[pathlib.Path]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    assert len(paths) == 5
    return paths


@pytest.fixture
def stand_in() -> Iterator[LibreTranslateStandIn]:
    """A server that speaks LibreTranslate's protocol and misbehaves on demand."""
    with LibreTranslateStandIn() as server:
        yield server


@pytest.fixture
def article(tmp_path: pathlib.Path) -> pathlib.Path:
    """A page with what a translation must leave alone, and sentences that stand twice."""
    path = tmp_path / "article.txt"
    path.write_text(
        "Sciopero dei treni, oggi disagi in tutta Italia\n"
        "\n"
        "Il sindacato ha confermato lo sciopero di ventiquattro ore. Il ministro incontra le parti domani.\n"
        "\n"
        "Per informazioni si può scrivere a treni@esempio.it entro le 18. La notizia è di ANSA.  I pendolari"
        " protestano.\n"
        "\n"
        "Il ministro incontra le parti domani. Perde il 2,5% anche la Borsa di Milano.\n"
        "\n"
        "Lascia un commento\n"
        "\n"
        "Il tuo indirizzo email non sarà pubblicato.\n",
        encoding="utf-8",
    )
    return path
