from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests import books
from tests.conftest import Program

from acctcli.store import erased_journal


def test_the_rest_of_the_journal_stays(book: Path, run: Program) -> None:
    run("account", "add", "GreenTech")
    run("contact", "add", "Mei Tan", "--account", "GreenTech")
    run("account", "edit", "GreenTech", "--set", "description=Mei Tan signs")
    run("account", "edit", "GreenTech", "--set", "description=nobody signs")
    person = books.value(book, "SELECT id FROM contact WHERE name = 'Mei Tan'")
    with closing(sqlite3.connect(book)) as con:
        erased_journal.clear(con, [person], lambda value: value.replace("Mei Tan", "[erased]"))
        kept = con.execute("SELECT kind, before FROM change WHERE op = 'update'").fetchall()
    assert [kind for kind, _ in kept] == ["account", "account"]
    assert json.loads(kept[1][1])["description"] == "[erased] signs"


def test_a_description_is_a_free_text_and_a_name_is_none() -> None:
    assert "description" in erased_journal.free_texts("account")
    assert "name" not in erased_journal.free_texts("account")
