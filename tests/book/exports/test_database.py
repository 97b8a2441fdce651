"""The whole book as one SQLite file, without any command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests import books

from acctcli.book.context import Context
from acctcli.book.exports import database
from acctcli.model import KINDS
from acctcli.store import records


def test_every_kind_is_counted_and_written(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    context = Context(db=str(path), today="2026-11-22")
    with context.write() as tx:
        for name in ("Acme", "Beta"):
            records.insert(tx, "account", {"name": name}, {})
    counts = database.write(context, tmp_path / "look.db")
    assert counts == {**dict.fromkeys(KINDS, 0), "account": 2}
    with closing(sqlite3.connect(tmp_path / "look.db")) as con:
        assert con.execute("SELECT name FROM accounts").fetchall() == [("Acme",), ("Beta",)]
