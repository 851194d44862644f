"""The journal: what it keeps, and what it refuses."""

from __future__ import annotations

import pathlib
import stat

import pytest

from cesura_translate.journal import Journal, JournalError, TranslationKey

KEYS = [TranslationKey.of(f"{number:032x}", f"Testo {number}.", "engine/1", "it-es") for number in range(3)]


def test_what_was_kept_is_there_again(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "run.journal"
    with Journal(path) as journal:
        journal.add([(KEYS[0], "Texto «0»."), (KEYS[1], "a\u2028b")])
        journal.add([])
    with Journal(path) as journal:
        assert [journal.get(key) for key in KEYS] == ["Texto «0».", "a\u2028b", None]
        assert journal.count == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("change", ["content_digest", "text_digest", "engine", "pair"])
def test_each_part_of_a_key_counts(change: str) -> None:
    import dataclasses

    with Journal(None) as journal:
        journal.add([(KEYS[0], "x")])
        assert journal.get(dataclasses.replace(KEYS[0], **{change: "other"})) is None


def test_a_line_cut_by_a_crash_is_taken_away(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "run.journal"
    with Journal(path) as journal:
        journal.add([(KEYS[0], "0"), (KEYS[1], "1")])
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with Journal(path) as journal:
            assert journal.count == max(0, whole[:cut].count(b"\n") - 1)
            journal.add([(KEYS[2], "2")])
        with Journal(path) as journal:
            assert journal.get(KEYS[2]) == "2"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Caro diario\n", "is no journal"),
        (b"Caro diario", "is no journal"),
        (b'{"journal":"cesura-translate","version":2}\n', "is no journal"),
        (b'{"journal":"cesura-translate","version":1}\n{}\n', "damaged in line 2"),
        (b'{"journal":"cesura-translate","version":1}\nx\n{}\n', "damaged in line 2"),
        (b'{"journal":"cesura-translate","version":1}\n[1]\n', "damaged in line 2"),
    ],
)
def test_other_files_are_refused_and_left_alone(tmp_path: pathlib.Path, content: bytes, said: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=said):
        Journal(path)
    assert path.read_bytes() == content


def test_two_runs_do_not_share_one(tmp_path: pathlib.Path) -> None:
    with Journal(tmp_path / "run.journal"):
        with pytest.raises(JournalError, match="in use"):
            Journal(tmp_path / "run.journal")
    Journal(tmp_path / "run.journal").close()


def test_a_folder_that_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened: No such file"):
        Journal(tmp_path / "no" / "run.journal")
