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


def test_an_undone_merge_leaves_nothing_and_cannot_be_redone(book: Path, run: Program) -> None:
    run("account", "add", "GreenTech")
    given = ("--email", "mike@zebra.example", "--phone", "+6561234567", "--title", "Okapi")
    run("contact", "add", "Mike Ross", "--account", "GreenTech", *given)
    run("contact", "add", "Michael Ross", "--account", "GreenTech")
    assert run("contact", "merge", "Michael Ross", "Mike Ross", "--yes").code == 0
    assert run("undo").code == 0
    undone = books.value(book, "SELECT max(seq) FROM command")
    assert run("contact", "delete", "Mike Ross", "--erase", "--yes").code == 0
    run("undo", str(undone))  # which would redo the merge
    content = book.read_bytes()
    assert [
        one for one in (b"Mike Ross", b"zebra", b"6561234567", b"Okapi") if one in content
    ] == []
    assert books.value(book, "SELECT group_concat(name) FROM contact") == "Michael Ross"


def test_a_description_is_a_free_text_and_a_name_is_none() -> None:
    assert "description" in erased_journal.free_texts("account")
    assert "name" not in erased_journal.free_texts("account")
