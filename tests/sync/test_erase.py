"""An erased person is erased everywhere: on every machine, in its backups, and at the carrier."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.syncing import Machine, rest, same, shared

Two = tuple[Machine, Machine]

TRACES = {"mei tan", "mei@acme.example", "6561234567", "in-mei-88", "blue marlin"}


@pytest.fixture
def two(run: Program, tmp_path: Path) -> Two:
    """Two machines that share a book with a person, who is named in other texts too."""
    ann, ben = shared(run, tmp_path, "ann", "ben")
    ann("account", "add", "Acme")
    mei = ("--email", "mei@acme.example", "--phone", "+6561234567", "--linkedin", "in-mei-88")
    ann("contact", "add", "Mei Tan", "--account", "Acme", *mei)
    ann("contact", "edit", "Mei Tan", "--notes", "sails the Blue Marlin")
    ann("contact", "add", "Raj Nair", "--account", "Acme")
    ann("log", "call", "Acme", "Mei Tan likes tea", "--with", "Mei Tan")
    rest((ann, ben))
    ben("task", "add", "Acme", "Send tea to Mei Tan", "--contact", "Mei Tan")
    ben("contact", "edit", "Mei Tan", "--title", "CFO")
    rest((ann, ben))
    for one in (ann, ben):
        one("db", "backup")
    return ann, ben


def found(folder: Path) -> set[tuple[str, str]]:
    """Return which traces stand in which file below a folder, files of changes opened."""
    seen = set()
    for path in folder.rglob("*"):
        if path.is_file():
            content = b"\0".join((path.read_bytes(), *opened(path))).lower()
            seen |= {(path.name, trace) for trace in TRACES if trace.encode() in content}
    return seen


def opened(path: Path) -> list[bytes]:
    """Return what is compressed in a file of changes, and in those that wait in a book."""
    content = path.read_bytes()
    if content.startswith(b"SQLite format 3\0"):
        with closing(sqlite3.connect(path)) as con:
            try:
                waiting = [blob for (blob,) in con.execute("SELECT blob FROM sync_out")]
            except sqlite3.DatabaseError:
                return []
        return [inflated(blob) for blob in waiting]
    return [inflated(content)] if path.suffix == ".acct" else []


def inflated(content: bytes) -> bytes:
    """Return the compressed part of a file, wherever it begins."""
    for start in range(len(content)):
        if content[start : start + 1] == b"\x78":
            try:
                return zlib.decompressobj().decompress(content[start:])
            except zlib.error:
                continue
    raise AssertionError("nothing in it is compressed")


def test_the_search_for_traces_finds_them_before(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    for folder in (ann.home, ben.home, tmp_path / "shared"):
        assert {trace for _, trace in found(folder)} == TRACES


def test_nothing_is_left_on_any_machine_nor_at_the_carrier(two: Two, tmp_path: Path) -> None:
    ann, ben = two
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    rest(two)
    assert found(tmp_path) == set()
    same(two)
    assert ben.names("contact") == ["Raj Nair"]
    assert ben.tries("search", "Mei Tan").out == ""


def test_edits_on_another_machine_meanwhile_do_not_bring_them_back(
    two: Two, tmp_path: Path
) -> None:
    ann, ben = two
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    ben("contact", "edit", "Mei Tan", "--notes", "Mei Tan sails the Blue Marlin")
    ben("log", "note", "Acme", "Mei Tan rang", "--with", "Mei Tan")
    ben("contact", "merge", "Mei Tan", "Raj Nair", "--yes")
    rest(two)
    same(two)
    assert {trace for _, trace in found(ann.home)} <= {"mei tan"}
    # The note that named them came later: it is a record of its own, as one that is typed now.
    assert "mei@acme.example" not in str(ben.rows("SELECT * FROM email"))
    assert ben.value("SELECT count(*) FROM contact WHERE name = 'Mei Tan'") == 0


def test_an_old_backup_of_another_machine_does_not_bring_them_back(two: Two) -> None:
    ann, ben = two
    copy = ben.book.read_bytes()
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    rest(two)
    ben.book.write_bytes(copy)
    ben("account", "edit", "Acme", "--city", "Oslo")
    rest(two)
    same(two)
    assert ben.names("contact") == ann.names("contact") == ["Raj Nair"]


def test_the_status_names_the_machines_that_still_have_them(two: Two) -> None:
    ann, ben = two
    ann("contact", "delete", "Mei Tan", "--erase", "--yes")
    ann.sync()
    before = ann("sync", "status", "-f", "json").json()
    ben.sync()
    ann.sync()
    after = ann("sync", "status", "-f", "json").json()
    assert before != after
    assert "ben" in ann.tries("sync", "status", "-f", "table").out
