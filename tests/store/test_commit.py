from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program

from acctcli import files
from acctcli.errors import StorageError
from acctcli.store import commit, connection
from acctcli.store.journal import writing
from acctcli.store.opening import open_book


def failing(path: Path, name: str) -> StorageError:
    """Return our error for an error of SQLite's."""
    error = sqlite3.OperationalError("it said so")
    error.sqlite_errorname = name
    try:
        with connection.our_errors(path):
            raise error
    except StorageError as told:
        return told


@pytest.mark.parametrize(
    ("name", "stands", "says"),
    [
        ("SQLITE_IOERR_UNLOCK", True, "the change was written, but the system reports an error"),
        ("SQLITE_IOERR_DIR_FSYNC", True, "the change was written, but may not last"),
        ("SQLITE_FULL", True, "the change was written, but: the disk under"),
        ("SQLITE_IOERR_FSYNC", False, "reports an error. Nothing was changed."),
        ("SQLITE_FULL", False, "is full. Nothing was changed."),
        ("SQLITE_IOERR_UNLOCK", None, "the change may or may not be written"),
    ],
)
def test_the_book_is_asked_and_not_the_error(
    path: Path, name: str, stands: bool | None, says: str
) -> None:
    told = commit.outcome(path, failing(path, name), lambda _: stands)
    assert says in told.message
    assert ("acct history" in told.message) == (stands is not False)


def test_a_book_that_cannot_be_asked_leaves_it_open(tmp_path: Path) -> None:
    gone = tmp_path / "gone.db"
    told = commit.outcome(gone, failing(gone, "SQLITE_IOERR_UNLOCK"), lambda _: True)
    assert "may or may not be written" in told.message


def test_what_a_command_left_is_known_by_its_number_moment_and_words(path: Path) -> None:
    def write(typed: str, *, leave: bool) -> None:
        now = "2026-11-22T09:00:00Z"
        with writing(path, now=now, today=now[:10], who="kim", typed=typed, notice=print) as tx:
            if leave:
                tx.number()
        with closing(connection.connect(path)) as look:
            assert tx.stands(look) is (True if leave else None)
            tx.typed = "another"
            assert tx.stands(look) is (False if leave else None)

    write("acct account add", leave=True)
    write("acct account list", leave=False)


def test_closing_twice_does_no_harm(path: Path) -> None:
    con = open_book(path)
    con.execute("BEGIN IMMEDIATE")
    con.execute("INSERT INTO preset VALUES ('a', '{}')")
    commit.end(con, path)
    commit.end(con, path)
    assert books.value(path, "SELECT count(*) FROM preset") == 0


def test_an_interrupt_after_the_commit_does_not_say_that_nothing_was_changed(
    run: Program, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    from acctcli.render import emit

    with monkeypatch.context() as patched:
        patched.setattr(emit, "emit", interrupted)
        done = run("--db", path, "account", "add", "Acme")
    assert done.code == 130
    assert "the changes were saved" in done.err
    monkeypatch.setattr(files, "sync_folder", interrupted)
    done = run("--db", path, "export", "--as", "account", "--output", path.with_name("a.csv"))
    assert (done.code, done.err) == (
        130,
        "acct: interrupted; changes made before that were saved. To see them: acct history\n",
    )
