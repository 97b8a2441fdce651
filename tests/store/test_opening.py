"""Opening the book: who may create one, and what other programs have set."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.store.making import bare_writing, product_row

from acctcli.errors import NotFound, StorageError
from acctcli.store.opening import open_book, snapshot

POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


@pytest.fixture
def made(path: Path) -> Path:
    open_book(path, create=True).close()
    return path


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "a#b.db", "%41.db", "ü.db", "'; drop.db"])
def test_any_file_name_works(tmp_path: Path, name: str) -> None:
    open_book(tmp_path / name, create=True).close()
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [name]
    with snapshot(tmp_path / name) as con:
        assert con.execute("SELECT count(*) FROM account").fetchone() == (0,)


@POSIX
def test_a_new_book_and_the_folders_made_for_it_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        open_book(tmp_path / "share" / "acctcli" / "book.db", create=True).close()
    finally:
        os.umask(before)
    made = [tmp_path / "share", tmp_path / "share/acctcli", tmp_path / "share/acctcli/book.db"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in made] == [0o700, 0o700, 0o600]


def test_a_mistyped_path_makes_no_file(path: Path) -> None:
    with pytest.raises(NotFound, match="db init"):
        open_book(path)
    assert not path.exists()


def test_an_empty_file_becomes_a_book_only_where_one_may_be_made(path: Path) -> None:
    path.touch()
    with pytest.raises(StorageError, match="is empty"):
        open_book(path)
    assert path.stat().st_size == 0
    open_book(path, create=True).close()
    assert books.sound(path)


def test_write_ahead_logging_set_by_another_tool_is_left_again(made: Path) -> None:
    with closing(sqlite3.connect(made)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE theirs (a)")
        other.commit()
    with snapshot(made) as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert con.execute("SELECT count(*) FROM theirs").fetchone() == (0,)
    assert list(made.parent.glob("book.db*")) == [made]


def test_while_another_tool_has_it_open_write_ahead_logging_stays(made: Path) -> None:
    with closing(sqlite3.connect(made)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM account").fetchone()
        with bare_writing(made) as tx:
            tx.insert("product", product_row(1))
        assert other.execute("SELECT count(*) FROM product").fetchone() == (1,)
