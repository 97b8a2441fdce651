"""Going back by an edit; `acct db restore --for-all` is in cli/test_db.py."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.store.making import writing

from acctcli.errors import Conflict, StorageError
from acctcli.store import backup, restoring, undo
from acctcli.store.restoring import Restored

OLDEST = min((Path(__file__).parents[1] / "fixtures" / "schema").glob("v*.db.gz"))


@pytest.fixture
def filled(run: Program, book: Path) -> Path:
    """Make a book with two accounts, and a deal with an item, a note and a tag."""
    for words in (
        ("account", "add", "GreenTech Ltd", "--tag", "pilot", "--website", "greentech.example"),
        ("account", "add", "Acme"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.example"),
        ("product", "add", "Platform", "--price", "SGD 100"),
        ("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k"),
        ("deal", "item", "rollout", "--add", "platform", "--quantity", "2"),
        ("log", "note", "greentech", "Asked about Platform"),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    return book


def back(book: Path, source: Path) -> Restored:
    with restoring.opened(source) as held, writing(book) as tx:
        done = restoring.edit_to(tx, held, source)
        tx.says = "Went back."
    return done


def differences(one: Path, other: Path) -> Mapping[str, object]:
    ours, theirs = books.dump(one), books.dump(other)
    return {table: rows for table, rows in ours.items() if rows != theirs[table]}


def test_every_table_is_as_it_was_and_one_undo_takes_it_back(
    run: Program, filled: Path, tmp_path: Path
) -> None:
    copy, later = tmp_path / "copy.db", tmp_path / "later.db"
    backup.export(filled, copy)
    for words in (
        ("account", "edit", "greentech", "--tier", "key", "--remove-tag", "pilot"),
        ("account", "add", "Later", "--tag", "new"),
        ("deal", "lose", "rollout", "--reason", "price"),
        ("account", "delete", "Acme", "--yes"),
        ("contact", "delete", "Mei Tan", "--yes"),
        ("config", "set", "cadence.key", "10"),
        ("task", "add", "greentech", "Call back"),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    backup.export(filled, later)
    restored = back(filled, copy)
    assert not differences(filled, copy)
    assert restored.added["account"] == 1
    assert restored.added["contact"] == 1
    assert restored.deleted == {"account": 1, "task": 1, "setting": 1}
    assert restored.changed["account"] == 1
    assert restored.changed["deal"] == 1
    assert "added 1 account" in restored.says
    assert "deleted 1 account" in restored.says
    assert run("db", "check").code == 0
    assert "Mei Tan" in run("search", "mei").out
    assert run("search", "later").out == ""
    assert run("undo").code == 0
    assert not differences(filled, later)
    assert run("undo", "--redo").code == 0
    assert not differences(filled, copy)


def test_what_is_the_same_leaves_no_trace(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.export(filled, copy)
    commands = books.value(filled, "SELECT count(*) FROM command")
    done = back(filled, copy)
    assert (done.added, done.deleted, done.changed, done.says) == ({}, {}, {}, "")
    assert books.value(filled, "SELECT count(*) FROM command") == commands


def test_a_backup_of_an_earlier_version_stays_as_it_is(book: Path, run: Program) -> None:
    run("account", "add", "Acme")
    old = book.parent / "old.db"
    old.write_bytes(gzip.decompress(OLDEST.read_bytes()))
    before = old.read_bytes()
    done = back(book, old)
    assert done.deleted == {"account": 1}
    assert done.added["account"] > 0
    assert old.read_bytes() == before
    assert run("db", "check").code == 0


def test_values_that_no_command_takes_come_back_and_are_named(
    run: Program, filled: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(filled)) as con, con:
        con.execute("PRAGMA ignore_check_constraints = ON")
        con.execute("UPDATE account SET tier = 'gold' WHERE name = 'Acme'")
        con.execute("UPDATE account SET industry = CAST(x'ff41' AS TEXT) WHERE name = 'Acme'")
    copy = tmp_path / "copy.db"
    backup.export(filled, copy)
    run("account", "edit", "acme", "--tier", "key", "--industry", "retail")
    back(filled, copy)
    assert books.value(filled, "SELECT tier FROM account WHERE name = 'Acme'") == "gold"
    assert books.value(filled, "SELECT hex(industry) FROM account WHERE name = 'Acme'") == "FF41"
    assert "gold" in run("db", "check").out


def test_who_was_erased_does_not_come_back(run: Program, filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.export(filled, copy)
    assert run("contact", "delete", "Mei Tan", "--erase", "--yes").code == 0
    before = filled.read_bytes()
    with pytest.raises(Conflict, match="1 person who was erased") as no:
        back(filled, copy)
    assert filled.read_bytes() == before
    command = str(no.value).partition("as well: acct ")[2]
    assert run(*command.split(), "--yes").code == 0
    back(filled, copy)
    assert "Mei" not in run("contact", "list").out


def test_what_is_no_book_is_refused(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine" * 200)
    with pytest.raises(StorageError), restoring.opened(tmp_path / "notes.txt"):
        pass


def test_many_rows_come_back(run: Program, filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("name\n" + "".join(f"Company {n}\n" for n in range(1_200)))
    assert run("import", file, "--as", "account").code == 0
    copy = tmp_path / "copy.db"
    backup.export(filled, copy)
    with writing(filled) as tx:
        undo.undo(tx, undo.last_undoable(tx.con))
    done = back(filled, copy)
    assert done.added == {"account": 1_200}
    assert not differences(filled, copy)
