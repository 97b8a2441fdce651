from __future__ import annotations

import json
import shutil
import zlib
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program

from acctcli.store.sync import machine, moved
from acctcli.store.sync.machine import Machine


@pytest.fixture
def shared(run: Program, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Share a book whose last two commands could not be sent."""
    monkeypatch.delenv("ACCTCLI_TODAY", raising=False)
    (tmp_path / "hub").mkdir()
    run("account", "add", "GreenTech Ltd")
    assert run("sync", "init", tmp_path / "hub").code == 0
    (tmp_path / "hub").rename(tmp_path / "away")
    for name in ("Acme", "Kan Code"):
        run("account", "add", name)
        assert run("sync", "now").code in (3, 6)
    (tmp_path / "away").rename(tmp_path / "hub")
    return book


def files(book: Path) -> list[tuple[str, int]]:
    listed = "SELECT group_concat(dev || ' ' || n) FROM sync_out ORDER BY n"
    found = str(books.value(book, listed) or "")
    return [(one.split()[0], int(one.split()[1])) for one in found.split(",") if one]


def moved_to(book: Path, new: str) -> tuple[Machine, Machine]:
    before = machine.read(book)
    assert before
    after = before.replace(device=new)
    moved.become(book, after)
    return before, after


def test_what_was_not_sent_waits_under_the_new_name_from_1_on(shared: Path) -> None:
    assert [n for _, n in files(shared)] == [2, 3]
    before, after = moved_to(shared, "abcdef01")
    assert files(shared) == [("abcdef01", 1), ("abcdef01", 2)]
    assert machine.read(shared) == after
    for n in (1, 2):
        blob = books.value(shared, f"SELECT blob FROM sync_out WHERE n = {n}")
        # The first file of the earlier machine was carried, its others may never come.
        assert json.loads(zlib.decompress(blob))["seen"].get(before.device, 0) <= 1
    seen = f"SELECT n FROM sync_seen WHERE dev = '{before.device}'"
    assert books.value(shared, seen) == 1
    assert books.value(shared, "SELECT v FROM sync_state WHERE k = 'last book'") == "2"


def test_a_kill_before_the_file_is_written_loses_nothing(shared: Path) -> None:
    before, _ = moved_to(shared, "abcdef01")
    machine.write(shared, before)
    moved_to(shared, "abcdef02")
    assert files(shared) == [("abcdef02", 1), ("abcdef02", 2)]


def test_a_moved_book_sends_what_was_left_and_others_take_it_in(
    run: Program, shared: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    there = tmp_path / "elsewhere" / "book.db"
    for name in ("book.db", "book.db.sync.toml"):
        shutil.move(shared.parent / name, tmp_path / "elsewhere" / name)
    done = run("--db", there, "sync", "now")
    assert done.code == 0, done.err
    assert "syncs as a new machine" in done.err
    assert files(there) == []
    other = tmp_path / "other.db"
    run("--db", other, "db", "init")
    assert run("--db", other, "sync", "join", tmp_path / "hub").code == 0
    names = run("--db", other, "account", "list", "--columns", "name").out.split("\n")
    assert names == ["Acme", "GreenTech Ltd", "Kan Code", ""]
    waiting = run("--db", other, "sync", "now", "-f", "json").json()
    assert (waiting["waiting"], waiting["quiet"]) == (0, True)


def test_a_copied_book_and_the_first_one_may_both_send_what_was_left(
    run: Program, shared: Path, tmp_path: Path
) -> None:
    there = tmp_path / "copy.db"
    shutil.copy(shared, there)
    shutil.copy(machine.file_of(shared), machine.file_of(there))
    for words in (("--db", there), (), ("--db", there), ()):
        done = run(*words, "sync", "now")
        assert done.code == 0, done.err
    for words in (("--db", there), ()):
        assert len(run(*words, "account", "list", "-f", "ids").out.split()) == 3
        assert run(*words, "sync", "now", "-f", "json").json()["quiet"]
        assert run(*words, "sync", "conflicts").out == ""
