"""Promise 6: a book of any released version is upgraded, completely or not at all."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.promises.processes import adding, ended, needs_strace, under_strace

from acctcli.errors import StorageError
from acctcli.store import backup, doubts, migrations, schema
from acctcli.store.opening import open_book

pytestmark = pytest.mark.slow

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures" / "schema").glob("v*.db.gz"))
"""One book for each released schema, kept forever; make_fixture.py beside them makes the next."""

UNFINISHED = False
"""Whether the latest step may still change: its book is made when it is final."""

POSIX = pytest.mark.skipif(os.name != "posix", reason="several processes and SIGKILL")


@pytest.fixture
def path(tmp_path: Path, run: Program) -> Path:
    path = tmp_path / "book.db"
    open_book(path, create=True).close()
    for name in ("GreenTech Ltd", "Acme"):
        assert run("--db", path, "account", "add", name, "--tag", "x").code == 0
    return path


def next_step(con: sqlite3.Connection) -> None:
    """Change the schema as a later release might: a table, a column, a new value in every row."""
    con.execute("CREATE TABLE later (id TEXT PRIMARY KEY NOT NULL) STRICT")
    con.execute("ALTER TABLE account ADD COLUMN motto TEXT")
    con.execute("UPDATE account SET motto = 'Onwards'")


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, next_step))
    monkeypatch.setattr(migrations, "LATEST", migrations.LATEST + 1)
    return migrations.LATEST


NEXT_PROGRAM = """
import sys
from tests.promises.test_upgrade import migrations, next_step
migrations.STEPS += (next_step,)
migrations.LATEST += 1
from acctcli.main import run
sys.exit(run(sys.argv[1:]))
"""
"""The program as it would be with that step."""


def of_next_version(path: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", NEXT_PROGRAM, "--db", str(path), *words]


def test_there_is_a_book_of_every_released_version() -> None:
    held = [int(file.name.removeprefix("v").removesuffix(".db.gz")) for file in FIXTURES]
    assert held == list(range(1, migrations.LATEST + (not UNFINISHED)))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.name)
def test_a_released_book_opens_with_everything_in_it(
    tmp_path: Path, run: Program, fixture: Path
) -> None:
    path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    before = rows(path)
    end = run("--db", path, "account", "show", "greentech.sg", "-f", "json")
    assert end.code == 0
    assert books.sound(path)
    after = rows(path)
    for table, known in before.items():
        assert len(after[table]) == len(known) > 0 or table in WITHOUT_ROWS, table
        for id, row in known.items():
            assert row.items() <= after[table][id].items(), table
    assert run("--db", path, "undo").code == 0


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.name)
def test_a_released_book_becomes_what_a_new_one_is(tmp_path: Path, fixture: Path) -> None:
    path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    with closing(open_book(path)) as con:
        assert schema.differences(con) == []
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.name)
def test_every_command_of_a_released_book_can_still_be_undone(
    tmp_path: Path, run: Program, fixture: Path
) -> None:
    path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    before = journal(path)
    commands = run("--db", path, "history", "-f", "ids").out.split()
    assert journal(path) == before
    assert len(commands) == len(before["command"]) > 10
    while run("--db", path, "undo").code == 0:
        assert books.value(path, "SELECT max(seq) FROM command") < 3 * len(commands)
    assert {table: rows for table, rows in books.dump(path).items() if rows} == {}


def journal(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the journal's entry of each command and change, without later columns."""
    later = {"origin", "version", "file_change", "file_schema"}
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        return {
            table: [
                {name: value for name, value in dict(row).items() if name not in later}
                for row in con.execute(f"SELECT * FROM {table} ORDER BY seq")
            ]
            for table in ("command", "change")
        }


WITHOUT_ROWS = ("external_id", "distinct_account", "distinct_contact")
"""Tables that only an import, or a review of duplicates, fills."""


def rows(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Return every row of every table of records, by its id and its column names."""
    found = {}
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        for table in books.dump(path):
            read = con.execute(f'SELECT * FROM "{table}"').fetchall()
            found[table] = {row["id"]: dict(row) for row in read}
    return found


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_an_upgraded_book_is_not_looked_through_at_every_read(
    tmp_path: Path, fixture: Path
) -> None:
    path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    open_book(path).close()
    with closing(open_book(path, reading=True)) as con:
        doubts.settle(con, lambda notice: pytest.fail(notice))
        assert con.marked is not None


def test_it_is_upgraded_in_place_backed_up_and_said(
    path: Path, run: Program, next_version: int
) -> None:
    before = books.dump(path)
    end = run("--db", path, "account", "list", "--columns", "name")
    [made] = backup.listed(path)
    assert end == (
        *(0, "Acme\nGreenTech Ltd\n"),
        f"acct: the book was upgraded from version {next_version - 1}; as it was, it is in "
        f"{made.path}\n",
    )
    assert made.reason == "upgrade"
    assert books.dump(made.path) == before
    assert books.value(path, "SELECT group_concat(DISTINCT motto) FROM account") == "Onwards"
    assert books.value(path, "PRAGMA user_version") == next_version
    assert run("--db", path, "account", "list", "--columns", "name").err == ""


def test_a_step_that_fails_leaves_the_book_as_it_was(
    path: Path, run: Program, next_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(con: sqlite3.Connection) -> None:
        next_step(con)
        con.execute("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS[:-1], fail))
    before = path.read_bytes()
    says = f"has to be upgraded from version {next_version - 1} .* no such table"
    with pytest.raises(StorageError, match=says):
        open_book(path)
    assert run("--db", path, "account", "list").code == 6
    assert path.read_bytes() == before
    assert backup.listed(path) == []


def test_foreign_keys_watch_again_after_an_upgrade(path: Path, next_version: int) -> None:
    for _ in range(2):
        with closing(open_book(path)) as con:
            assert con.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_new_book_is_not_backed_up(tmp_path: Path) -> None:
    open_book(tmp_path / "new.db", create=True).close()
    assert backup.listed(tmp_path / "new.db") == []


@POSIX
def test_several_processes_upgrade_once(path: Path) -> None:
    command = of_next_version(path, "account", "list", "-f", "ids")
    racing = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ends = [(*process.communicate(timeout=60), process.returncode) for process in racing]
    assert [status for *_, status in ends] == [0] * 4
    assert {len(out.split()) for out, *_ in ends} == {2}
    assert [backup.reason for backup in backup.listed(path)] == ["upgrade"]


@needs_strace
@pytest.mark.parametrize(
    ("calls", "point"), [("pwrite64", 3), ("pwrite64", 140), ("fdatasync", 3), ("unlink", 1)]
)
def test_killed_in_the_middle_it_is_upgraded_by_the_next_command(
    path: Path, calls: str, point: int
) -> None:
    before = rows(path)
    command = of_next_version(path, "account", "list", "-f", "ids")
    assert ended(under_strace(calls, f"signal=SIGKILL:when={point}", command)).status < 0
    # This program reads it as if nothing had happened, after the journal is rolled back.
    assert books.value(path, "PRAGMA user_version") == migrations.LATEST
    assert rows(path) == before
    assert ended(adding(path, 9, 1)).status == 0
    end = ended(command)
    assert (end.status, len(end.printed)) == (0, 3)
    for table, known in before.items():
        after = rows(path)[table]
        assert all(row.items() <= after[id].items() for id, row in known.items())


@needs_strace
@pytest.mark.parametrize(
    ("file", "calls", "point"),
    [
        ("book.db-journal", "pwrite64", 5),  # the step is at work
        ("book.db", "pwrite64", 2),  # its commit is: some pages are those of the new schema
        ("book.db", "fdatasync", 1),
    ],
)
def test_killed_in_the_middle_of_the_latest_step_it_starts_again(
    tmp_path: Path, run: Program, file: str, calls: str, point: int
) -> None:
    path, undisturbed = tmp_path / "book.db", tmp_path / "undisturbed.db"
    for book in (path, undisturbed):
        book.write_bytes(gzip.decompress(FIXTURES[migrations.LATEST - 2].read_bytes()))
    before = rows(path)
    command = [sys.executable, "-m", "acctcli", "--db", str(path), "history", "-f", "ids"]
    inject = f"signal=SIGKILL:when={point}"
    assert ended(under_strace(calls, inject, command, on=tmp_path / file)).status < 0
    assert books.value(path, "PRAGMA user_version") == migrations.LATEST - 1
    assert rows(path) == before
    history = run("--db", path, "history", "-f", "json")
    assert "was upgraded from version" in history.err
    assert history.out == run("--db", undisturbed, "history", "-f", "json").out
    assert books.sound(path)
    with closing(open_book(path)) as con:
        assert schema.differences(con) == []
    assert run("--db", path, "undo").code == 0
