"""What is in a book beside rows: what acct made, and what it did not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program

from acctcli.errors import StorageError
from acctcli.store import backup, connection, migrations, schema
from acctcli.store.opening import open_book

TRIGGER = (
    "CREATE TRIGGER thief AFTER INSERT ON account BEGIN DELETE FROM account WHERE id <> new.id; END"
)
VIEW = "CREATE VIEW spy AS SELECT name FROM account"


@pytest.fixture
def path(tmp_path: Path, run: Program) -> Path:
    path = tmp_path / "book.db"
    open_book(path, create=True).close()
    assert run("--db", path, "account", "add", "Acme").code == 0
    return path


def found(path: Path) -> list[str]:
    with closing(connection.connect(path)) as con:
        return [one.says for one in schema.differences(con)]


def test_a_new_book_is_as_the_migrations_make_it(path: Path) -> None:
    assert found(path) == []
    books.change(path, "ANALYZE")  # SQLite keeps a table of its own for that
    books.change(path, "VACUUM")
    assert found(path) == []


@pytest.mark.parametrize(
    ("sql", "says", "fixable"),
    [
        (TRIGGER, 'a trigger "thief" was not made by acct', True),
        (VIEW, 'a view "spy" was not made by acct', True),
        ("CREATE TABLE extra (x)", 'a table "extra" was not made by acct', False),
        ("CREATE INDEX own ON account (city)", 'an index "own" was not made by acct', True),
        ("DROP INDEX account_by_tail", 'the index "account_by_tail" is missing', True),
        ("ALTER TABLE deal ADD COLUMN mood TEXT", 'the table "deal" is not as acct made it', False),
        ("ALTER TABLE deal DROP COLUMN source", 'the table "deal" is not as acct made it', False),
        ("DROP TABLE preset", 'the table "preset" is missing', False),
    ],
)
def test_what_is_not_as_it_was_made_is_named(
    path: Path, run: Program, sql: str, says: str, fixable: bool
) -> None:
    books.change(path, sql)
    assert found(path) == [says]
    harmful = sql.startswith(("DROP TABLE", "ALTER TABLE deal DROP"))
    done = run("--db", path, "db", "check", "-f", "json")
    assert done.code == (6 if harmful else 4)
    (finding,) = [one for one in done.json() if one["check"] == "schema"]
    assert (finding["what"], finding["fixable"]) == (says, fixable)
    repaired = run("--db", path, "db", "check", "--repair")
    assert (repaired.code == 0) == fixable, repaired.err
    assert (says in repaired.err) == fixable
    assert found(path) == ([] if fixable else [says])
    if fixable:
        (kept,) = backup.listed(path)
        assert kept.reason == "repair"
        assert found(kept.path) == [says]


def test_an_index_that_was_changed_is_made_again(path: Path, run: Program) -> None:
    books.change(path, "DROP INDEX account_by_name")
    books.change(path, "CREATE UNIQUE INDEX account_by_name ON account (city)")
    assert found(path) == ['the index "account_by_name" is not as acct made it']
    assert run("--db", path, "db", "check", "--fix").code == 0
    assert found(path) == []


@pytest.mark.parametrize("sql", [TRIGGER, VIEW])
def test_a_book_with_more_than_rows_is_read_and_not_written(
    path: Path, run: Program, sql: str
) -> None:
    books.change(path, sql)
    before = path.read_bytes()
    for words in (("account", "list"), ("today",), ("search", "acme"), ("history",)):
        done = run("--db", path, *words)
        assert done.code == 0, done.err
        assert "was not made by acct: what is shown may come from there" in done.err
    changing: tuple[tuple[str, ...], ...] = (
        ("account", "add", "B"),
        ("account", "edit", "acme", "--tier", "key"),
        ("undo",),
        ("db", "init"),
        ("account", "delete", "Acme", "--yes"),
        ("import", __file__, "--as", "account"),
    )
    for change in changing:
        done = run("--db", path, *change)
        assert done.code in (4, 6), (change, done.err)
        if change[0] != "import":
            assert "nothing is written to it" in done.err.splitlines()[-1]
    assert path.read_bytes() == before
    assert run("--db", path, "db", "check", "--repair").code == 0
    assert run("--db", path, "account", "add", "B").code == 0
    assert len(run("--db", path, "account", "list", "-f", "ids").out.split()) == 2


def test_a_name_that_means_to_break_out_is_dropped_as_well(path: Path, run: Program) -> None:
    name = 'x"; DROP TABLE account; --\x1b[2J'
    books.change(path, 'CREATE VIEW "' + name.replace('"', '""') + '" AS SELECT 1')
    told = run("--db", path, "account", "list").err
    assert "\x1b" not in told
    assert run("--db", path, "db", "check", "--repair").code == 0
    assert found(path) == []
    assert run("--db", path, "account", "list", "-f", "ids").out


def test_an_older_book_with_a_trigger_is_repaired_before_it_is_upgraded(
    path: Path, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.change(path, TRIGGER)

    def step(con: sqlite3.Connection) -> None:
        con.execute("ALTER TABLE account ADD COLUMN motto TEXT")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    monkeypatch.setattr(migrations, "LATEST", migrations.LATEST + 1)
    before = path.read_bytes()
    assert run("--db", path, "account", "list").code == 6
    assert path.read_bytes() == before
    assert run("--db", path, "db", "check", "--repair").code == 0
    assert found(path) == []


def test_a_backup_with_a_trigger_is_copied_and_told_and_not_restored(
    path: Path, run: Program, tmp_path: Path
) -> None:
    run("--db", path, "db", "backup", "--to", tmp_path / "theirs.db")
    theirs = tmp_path / "theirs.db"
    books.change(theirs, TRIGGER)
    before = path.read_bytes()
    done = run("--db", path, "db", "restore", theirs, "--yes")
    assert done.code == 6
    assert f"acct --db {theirs} db check --fix" in done.err
    assert path.read_bytes() == before
    done = run("--db", path, "db", "restore", theirs, "--to", tmp_path / "look.db")
    assert done.code == 0
    assert "the copy has that too" in done.err
    assert run("--db", theirs, "db", "check", "--repair").code == 0
    assert run("--db", path, "db", "restore", theirs, "--yes").code == 0


def test_erasing_stops_at_a_backup_with_a_trigger(path: Path, run: Program) -> None:
    run("--db", path, "contact", "add", "Mei Tan")
    kept = backup.make(path, "manual")
    books.change(kept, TRIGGER)
    before = path.read_bytes()
    done = run("--db", path, "contact", "delete", "Mei Tan", "--erase", "--yes")
    assert done.code == 6
    assert f"the backup {kept} cannot be rewritten" in done.err
    assert path.read_bytes() == before


def test_erasing_names_a_table_that_it_did_not_look_into(path: Path, run: Program) -> None:
    run("--db", path, "contact", "add", "Mei Tan")
    books.change(path, "CREATE TABLE extra (x)")
    done = run("--db", path, "contact", "delete", "Mei Tan", "--erase", "--yes")
    assert 'whatever is in a table "extra" was not made by acct' in done.err


def test_opening_for_writing_is_what_is_refused(path: Path) -> None:
    books.change(path, VIEW)
    with pytest.raises(StorageError, match="nothing is written to it"):
        open_book(path)
    notices: list[str] = []
    open_book(path, reading=True, notice=notices.append).close()
    assert len(notices) == 1
