"""What the package is made of: messages, methods, names."""

from __future__ import annotations

import importlib
import inspect
import pathlib
import subprocess
import sys

import cesura
from cesura import _methods as methods
from conftest import ROOT

PROTOS = ("alignment_service", "comparison_service", "document", "exchange_service", "segmentation_service")


def test_every_method_of_the_api_is_known() -> None:
    known = {method.path: method for method in vars(methods).values() if isinstance(method, methods.Method)}
    said = {}
    for proto in PROTOS:
        file = importlib.import_module(f"cesura.v1.{proto}_pb2").DESCRIPTOR
        for service in file.services_by_name.values():
            for method in service.methods:
                said[f"/{service.full_name}/{method.name}"] = method
    assert known.keys() == said.keys()
    for path, method in said.items():
        assert known[path].request.DESCRIPTOR is method.input_type
        assert known[path].response.DESCRIPTOR is method.output_type


def test_both_clients_have_the_same_methods() -> None:
    def signatures(kind: type) -> dict[str, list[str]]:
        return {
            name.removeprefix("a") if name == "aclose" else name: list(
                inspect.signature(method).parameters
            )
            for name, method in vars(kind).items()
            if callable(method) and not name.startswith("_")
        }

    assert signatures(cesura.Client) == signatures(cesura.AsyncClient)


def test_public_names_are_documented() -> None:
    for name in cesura.__all__:
        public = getattr(cesura, name)
        if inspect.isclass(public) and public.__module__.startswith("cesura."):
            if public.__module__.startswith("cesura.v1"):
                continue
            assert public.__doc__, name
            for member, value in vars(public).items():
                if inspect.isfunction(value) and not member.startswith("_"):
                    assert value.__doc__, f"{name}.{member}"
    assert len(set(cesura.__all__)) == len(cesura.__all__)


def test_importing_does_nothing_but_import() -> None:
    code = "import cesura, threading; print(threading.active_count(), cesura.__version__)"
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (ran.stdout.split()[0], ran.stderr) == ("1", "")


def test_licences_are_those_of_the_repository() -> None:
    here = pathlib.Path(__file__).resolve().parents[1]
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert (here / name).read_bytes() == (ROOT / name).read_bytes()
