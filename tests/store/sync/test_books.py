from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.sync.pairing import paired, settle

from acctcli.store.sync.books import book_of
from acctcli.store.sync.keeping import Shelf
from acctcli.store.sync.machine import Machine

BOTH = Machine("0000000a", "ann", "x", ("west", "east"), "west", "east")


@pytest.mark.parametrize(
    ("table", "sql", "book"),
    [
        ("account", "SELECT id FROM account", "west"),
        ("email", "SELECT id FROM email", "west"),
        ("item", "SELECT id FROM item", "west"),
        ("product", "SELECT id FROM product", "east"),
        ("task", "SELECT id FROM task", "west"),
    ],
)
def test_a_row_is_read_by_those_who_read_its_account(
    run: Program, tmp_path: Path, table: str, sql: str, book: str
) -> None:
    (ann,) = paired(run, tmp_path, "ann", books=("west", "east"))
    ann("account", "add", "Acme")
    ann("contact", "add", "Pat", "--account", "Acme", "--email", "pat@acme.com")
    ann("product", "add", "Seat")
    ann("deal", "add", "Acme", "Licence", "--amount", "5")
    ann("deal", "item", "Licence", "--add", "Seat")
    ann("task", "add", "Acme", "tidy up")
    settle(ann)
    with closing(sqlite3.connect(ann.book)) as con:
        shelf = Shelf(con, BOTH)
        row = shelf.look(ann.value(sql), table)
        assert book_of(shelf, row) == book
        alone = Shelf(con, Machine("0000000a", "ann", "x", ("only",), "only", "only"))
        assert book_of(alone, alone.look(row.id, table)) == "only"
