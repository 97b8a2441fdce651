from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests import books
from tests.store.making import bare_writing, product_row

from acctcli.bookheader import APPLICATION_ID
from acctcli.errors import Busy, StorageError
from acctcli.store import connection, migrations
from acctcli.store.opening import open_book, snapshot

POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


@pytest.fixture
def made(path: Path) -> Path:
    open_book(path, create=True).close()
    return path


@contextmanager
def locked(path: Path, how: str = "EXCLUSIVE") -> Iterator[None]:
    """Hold the book locked, as another program may."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


def test_every_setting_that_a_promise_rests_on_is_in_force(made: Path) -> None:
    with closing(open_book(made)) as con:
        in_force = {
            name: con.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "trusted_schema",
                "cell_size_check",
                "secure_delete",
                "mmap_size",
                "cache_spill",
                "application_id",
                "user_version",
            )
        }
    assert in_force == {
        "journal_mode": "delete",
        "synchronous": 3,  # EXTRA
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "mmap_size": 0,
        "cache_spill": connection.SPILL_PAGES,
        "application_id": APPLICATION_ID,
        "user_version": migrations.LATEST,
    }


def test_a_commit_waits_for_readers_and_readers_for_a_commit(made: Path) -> None:
    done = threading.Event()

    def write_one() -> None:
        with bare_writing(made) as tx:
            tx.insert("product", product_row(1))
        done.set()

    with snapshot(made) as con:
        assert con.execute("SELECT count(*) FROM product").fetchone() == (0,)
        writer = threading.Thread(target=write_one)
        writer.start()
        assert not done.wait(0.3)
        # What was opened before the commit stays as it was.
        assert con.execute("SELECT count(*) FROM product").fetchone() == (0,)
    writer.join(10)
    assert done.is_set()
    assert books.value(made, "SELECT count(*) FROM product") == 1


def begin_to_read(path: Path, notices: list[str]) -> None:
    with snapshot(path, notice=notices.append):
        pass


def begin_to_write(path: Path, notices: list[str]) -> None:
    with bare_writing(path, notices):
        pass


@pytest.mark.parametrize("attempt", [begin_to_read, begin_to_write])
def test_a_lock_is_waited_for_announced_once_and_given_up(
    made: Path, monkeypatch: pytest.MonkeyPatch, attempt: Callable[[Path, list[str]], None]
) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.6)
    monkeypatch.setattr(connection, "_TOLD_AFTER_SECONDS", 0.2)
    notices: list[str] = []
    started = time.monotonic()
    with locked(made), pytest.raises(Busy, match="in use by another program") as error:
        attempt(made, notices)
    assert error.value.exit_code == 5
    assert 0.6 <= time.monotonic() - started < 5
    assert len(notices) == 1
    assert "waiting for another program" in notices[0]


def test_the_wait_is_announced_after_a_second_and_lasts_thirty() -> None:
    assert (connection._TOLD_AFTER_SECONDS, connection.WAIT_SECONDS) == (1.0, 30.0)


def test_a_short_lock_is_not_even_mentioned(made: Path) -> None:
    notices: list[str] = []
    with locked(made):
        reader = threading.Thread(target=lambda: list(read_products(made, notices)))
        reader.start()
        time.sleep(0.2)
    reader.join(10)
    assert notices == []


def read_products(path: Path, notices: list[str]) -> Iterator[int]:
    with snapshot(path, notice=notices.append) as con:
        yield from (count for (count,) in con.execute("SELECT count(*) FROM product"))


def insert_and_fail(path: Path, error: BaseException) -> None:
    with bare_writing(path) as tx:
        tx.insert("product", product_row(1))
        raise error


def test_a_failing_command_leaves_nothing_and_no_lock(made: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        insert_and_fail(made, ZeroDivisionError())
    assert books.value(made, "SELECT count(*) FROM product") == 0
    assert books.value(made, "SELECT count(*) FROM command") == 0
    with bare_writing(made) as tx:
        tx.insert("product", product_row(1))
    assert books.value(made, "SELECT count(*) FROM product") == 1


def test_an_interrupt_after_the_commit_does_not_say_that_nothing_was_changed(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acctcli.store import journal

    def commit_then_interrupt(
        con: sqlite3.Connection, path: Path, sql: str, notice: object
    ) -> None:
        con.execute(sql)
        if sql == "COMMIT":
            raise KeyboardInterrupt

    monkeypatch.setattr(journal, "patiently", commit_then_interrupt)
    with bare_writing(made) as tx:
        tx.insert("product", product_row(1))
    assert books.value(made, "SELECT count(*) FROM product") == 1


def test_an_interrupt_before_the_commit_takes_everything_back(made: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        insert_and_fail(made, KeyboardInterrupt())
    assert books.value(made, "SELECT count(*) FROM product") == 0


def test_nothing_is_in_the_file_before_the_commit(made: Path) -> None:
    before = made.read_bytes()
    with bare_writing(made) as tx:
        # More than SQLite's page cache holds; it would write some pages out early.
        tx.insert_all(
            "product", [product_row(number) | {"family": "f" * 400} for number in range(20_000)]
        )
        assert made.read_bytes() == before
    assert books.value(made, "SELECT count(*) FROM product") == 20_000
    assert made.stat().st_size > len(before)


class TestErrors:
    """The errors of SQLite and the system, in the words of the program."""

    @pytest.mark.parametrize(
        ("name", "kind", "says"),
        [
            ("SQLITE_BUSY", Busy, "in use by another program for over 30 seconds"),
            ("SQLITE_LOCKED_SHAREDCACHE", Busy, "in use"),
            ("SQLITE_READONLY", StorageError, "can be read but not written"),
            ("SQLITE_READONLY_DIRECTORY", StorageError, "can be read but not written"),
            ("SQLITE_READONLY_ROLLBACK", StorageError, "must be undone first"),
            ("SQLITE_IOERR_DELETE", StorageError, "must be undone first"),
            ("SQLITE_FULL", StorageError, "is full"),
            ("SQLITE_CORRUPT_INDEX", connection.Damaged, "is damaged"),
            ("SQLITE_NOTADB", connection.Damaged, "not a book"),
            ("SQLITE_CANTOPEN_ISDIR", StorageError, "cannot be opened"),
            ("SQLITE_IOERR_FSYNC", StorageError, "reports an error. Nothing was changed"),
            ("SQLITE_IOERR_LOCK", StorageError, "the system cannot lock b.db"),
            ("SQLITE_IOERR_UNLOCK", StorageError, "the system cannot lock b.db"),
            ("SQLITE_PERM", StorageError, "the system cannot lock b.db"),
            ("SQLITE_SCHEMA", StorageError, "it said so"),
        ],
    )
    def test_each_has_its_own_line(self, name: str, kind: type, says: str) -> None:
        error = sqlite3.OperationalError("it said so")
        error.sqlite_errorname = name
        told = connection.storage_error(Path("b.db"), error)
        assert type(told) is kind
        assert says in told.message
        assert "\n" not in told.message

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StorageError, match="file"):
            open_book(tmp_path / "file" / "book.db", create=True)


def test_a_folder_without_permission_says_where_else_the_book_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> None:
        raise StorageError(f"{folder} cannot be made: Permission denied") from PermissionError()

    monkeypatch.setattr(connection, "make_private_folder", refused)
    with pytest.raises(StorageError) as error:
        connection.create_private(tmp_path / "book.db")
    assert error.value.message.endswith("To keep the book elsewhere, set ACCTCLI_DB or give --db")
