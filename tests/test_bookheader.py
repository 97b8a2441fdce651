from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from acctcli.bookheader import APPLICATION_ID, is_book


@pytest.mark.parametrize("id", [APPLICATION_ID, 0, APPLICATION_ID + 1])
def test_a_book_is_known_by_its_header(tmp_path: Path, id: int) -> None:
    file = tmp_path / "some.db"
    with sqlite3.connect(file) as con:
        con.execute(f"PRAGMA application_id = {id}")
        con.execute("CREATE TABLE t (a)")
    con.close()
    assert is_book(file) == (id == APPLICATION_ID)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3", b"x" * 200])
def test_anything_else_is_no_book(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.db"
    file.write_bytes(content)
    assert not is_book(file)
    assert not is_book(tmp_path)
    assert not is_book(tmp_path / "missing")
