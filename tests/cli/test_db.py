"""`acct db` as it is typed; the details are in store/test_backup.py and test_check.py."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program

from acctcli.store.sync import machine
from acctcli.store.sync.machine import Machine

SHARED = Machine("0a1b2c3d", "laptop", "/hub", ("book",), "book", "book")
POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture
def filled(run: Program, book: Path) -> Path:
    run("account", "add", "GreenTech Ltd", "--tier", "key")
    run("account", "add", "Acme", "--tier", "growth")
    return book


class TestPathAndInit:
    def test_the_default_place(self, run: Program, book: Path) -> None:
        assert run("db", "path") == (0, f"{book}\n", "")
        assert run("db", "path", "-f", "json").json() == {
            "path": str(book),
            "exists": False,
            "backups": str(book.parent / "book-backups"),
        }
        assert not book.parent.exists()

    def test_a_named_place(self, run: Program, tmp_path: Path) -> None:
        assert run("db", "path", env={"ACCTCLI_DB": "x.db"}).out == "x.db\n"
        assert run("--db", "y.db", "db", "path", env={"ACCTCLI_DB": "x.db"}).out == "y.db\n"

    def test_init_starts_a_book_that_a_name_alone_does_not(
        self, run: Program, tmp_path: Path
    ) -> None:
        other = tmp_path / "o t h e r" / "böök?.db"
        assert run("--db", other, "account", "list").code == 3
        assert not other.parent.exists()
        done = run("--db", other, "db", "init")
        assert done == (0, f"{other}\n", f"Created a book at {other}.\n")
        assert run("--db", other, "account", "add", "Acme").code == 0
        before = other.read_bytes()
        again = run("--db", other, "db", "init", "-f", "json")
        assert again.json() == {"path": str(other), "created": False}
        assert again.err == f"There is already a book at {other}.\n"
        assert other.read_bytes() == before

    def test_init_over_another_file_is_refused(self, run: Program, tmp_path: Path) -> None:
        notes = tmp_path / "notes.txt"
        notes.write_text("mine")
        assert run("--db", notes, "db", "init").code == 6
        assert notes.read_text() == "mine"


class TestCheck:
    def test_a_sound_book(self, run: Program, filled: Path) -> None:
        assert run("db", "check") == (0, "", f"{filled} is sound.\n")
        assert run("db", "check", "-f", "json").json() == []

    def test_contradictions_are_four_and_can_be_mended(self, run: Program, filled: Path) -> None:
        books.change(filled, "UPDATE account SET name = 'Acme Ltd' WHERE name = 'Acme'")
        found = run("db", "check", "-f", "json")
        assert found.code == 4
        assert json.loads(found.err)["error"]["kind"] == "invalid"
        assert {row["check"] for row in found.json()} == {"names", "search"}
        assert {row["severity"] for row in found.json()} == {"problem"}
        assert all(row["fixable"] for row in found.json())
        assert run("account", "list", "--where", "name = acme ltd").code in (0, 2)
        fixed = run("db", "check", "--fix")
        assert fixed.code == 0
        assert fixed.err.startswith(
            'acct: repaired: account.name_key "acme" does not match the name'
        )
        assert run("search", "acme ltd", "-f", "ids").out

    def test_the_finding_and_a_short_id_fit_a_terminal(self, run: Program, filled: Path) -> None:
        (id,) = run("contact", "add", "Mei Tan", "--account", "acme", "-f", "ids").out.split()
        with closing(sqlite3.connect(filled)) as con, con:
            con.execute("UPDATE contact SET birthday = 'spring'")
        shown = run("db", "check", "-f", "table").out.splitlines()
        said = 'problem   contact.birthday "spring" is not a real day  contact  '
        assert shown[1] == said + id[-4:]
        assert len(shown[1]) <= 80
        assert run("db", "check", "-f", "json").json()[0]["record_id"] == id

    def test_damage_is_six(self, run: Program, filled: Path) -> None:
        with filled.open("r+b") as file:
            file.seek(5 * 4096)
            file.write(b"\xff" * 512)
        found = run("db", "check", "-f", "json")
        assert found.code == 6
        assert found.json()[0]["severity"] == "damage"
        assert "acct db restore" in found.err
        assert run("db", "check", "--fix").code == 6

    @POSIX
    def test_warnings_are_zero(self, run: Program, filled: Path) -> None:
        filled.chmod(0o644)
        found = run("db", "check")
        assert found.code == 0
        assert found.out.startswith("warning\t")
        assert run("db", "check", "--fix").code == 0
        assert stat.S_IMODE(filled.stat().st_mode) == 0o600

    def test_a_stage_that_was_renamed_is_a_warning(self, run: Program, filled: Path) -> None:
        run("deal", "add", "acme", "Rollout", "--stage", "proposal", "--amount", "SGD 1k")
        books.change(filled, "UPDATE deal SET stage = 'limbo'")
        assert "stage limbo is not in the settings" in run("db", "check").out


class TestBackup:
    def test_it_is_made_listed_and_restored(self, run: Program, filled: Path) -> None:
        made = run("db", "backup")
        assert made.code == 0
        name = Path(made.out.strip()).name
        assert re.fullmatch(
            rf"Backed up to {made.out.strip()} \(\d\.\d MB, checked\)\.\n", made.err
        )
        before = run("export", "--as", "account", "-f", "json").out
        assert "GreenTech" in before
        run("account", "add", "Later")
        [row] = run("db", "backup", "--list", "-f", "json").json()
        assert (row["name"], row["reason"]) == (name, "manual")
        assert row["bytes"] == Path(row["path"]).stat().st_size
        done = run("db", "restore", "latest", "--yes")
        assert done.code == 0
        assert f"Restored {name} to {filled}. The previous book is in" in done.err
        assert run("export", "--as", "account", "-f", "json").out == before
        assert [r["reason"] for r in run("db", "restore", "-f", "json").json()] == [
            "restore",
            "manual",
        ]

    def test_elsewhere_and_never_over_a_file(
        self, run: Program, filled: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "usb.db"
        assert run("db", "backup", "--to", target).out == f"{target}\n"
        assert books.dump(target) == books.dump(filled)
        assert run("db", "backup", "--to", target).code == 4
        assert run("db", "backup", "--list").out == ""

    def test_of_a_book_that_is_not_there(self, run: Program, tmp_path: Path) -> None:
        assert run("--db", tmp_path / "no.db", "db", "backup").code == 3
        assert list(tmp_path.glob("no*")) == []


class TestRestore:
    @pytest.mark.parametrize("words", [(), ("latest",), ("latest", "--yes"), ("-f", "json")])
    def test_with_no_backups_it_says_so(
        self, run: Program, filled: Path, words: tuple[str, ...]
    ) -> None:
        refused = run("db", "restore", *words)
        assert (refused.code, refused.out) == (3, "")
        assert f"there are no backups of {filled} yet. To make one: acct db backup" in refused.err

    def test_latest_where_only_a_restore_kept_something(
        self, run: Program, filled: Path, tmp_path: Path
    ) -> None:
        run("db", "backup", "--to", tmp_path / "copy.db")
        run("db", "restore", tmp_path / "copy.db", "--yes")
        refused = run("db", "restore", "latest", "--yes")
        assert refused.code == 3
        assert "the only backups are what a restore kept" in refused.err

    def test_it_asks_first(self, run: Program, filled: Path) -> None:
        run("db", "backup")
        before = filled.read_bytes()
        refused = run("db", "restore", "latest")
        assert refused.code == 2
        assert "--yes" in refused.err
        assert filled.read_bytes() == before

    def test_to_another_file(self, run: Program, filled: Path, tmp_path: Path) -> None:
        run("db", "backup")
        before = books.dump(filled)
        run("account", "add", "Later")
        target = tmp_path / "look.db"
        assert run("db", "restore", "latest", "--to", target).out == f"{target}\n"
        assert books.dump(target) == before
        assert len(books.dump(filled)["account"]) == 3
        assert run("db", "restore", "latest", "--to", target).code == 4

    def test_from_a_file(self, run: Program, filled: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        run("db", "backup", "--to", copy)
        run("account", "add", "Later")
        assert run("db", "restore", copy, "--yes").code == 0
        assert books.dump(filled) == books.dump(copy)

    def test_a_book_that_is_lost(self, run: Program, filled: Path) -> None:
        run("db", "backup")
        before = books.dump(filled)
        filled.unlink()
        assert run("db", "restore", "latest", "--yes").code == 0
        assert books.dump(filled) == before

    def test_for_all_it_is_an_edit_that_can_be_undone(self, run: Program, filled: Path) -> None:
        run("db", "backup")
        run("account", "add", "Later")
        asked = run("db", "restore", "latest", "--for-all")
        assert asked.code == 2
        assert "holds: delete 1 account? Nothing was changed. To go ahead: --yes" in asked.err
        assert "Later" in run("account", "list").out
        done = run("db", "restore", "latest", "--for-all", "--yes", "-f", "json")
        assert done.json()["deleted"] == {"account": 1}
        assert Path(done.json()["kept"]).exists()
        assert "Later" not in run("account", "list").out
        assert "Went back to" in run("history").out.splitlines()[0]
        again = run("db", "restore", "latest", "--for-all", "--yes")
        assert "already holds what" in again.err
        assert run("undo").code == 0
        assert "Later" in run("account", "list").out

    def test_for_all_and_to_another_file_do_not_go_together(
        self, run: Program, filled: Path, tmp_path: Path
    ) -> None:
        assert run("db", "restore", "latest", "--for-all", "--to", tmp_path / "x.db").code == 2

    def test_in_a_shared_book_it_says_what_the_next_sync_does(
        self, run: Program, filled: Path
    ) -> None:
        run("db", "backup")
        assert "next sync" not in run("db", "restore", "latest", "--yes").err
        machine.write(filled, SHARED)
        assert "To go back for everybody: --for-all" in run("db", "restore", "latest").err
        assert "next sync" not in run("db", "restore", "latest", "--for-all", "--yes").err

    @pytest.mark.parametrize("name", ["nonsense", "../book.db.nope"])
    def test_what_is_no_backup(self, run: Program, filled: Path, name: str) -> None:
        assert run("db", "restore", name, "--yes").code == 3


class TestTables:
    def test_every_table_says_what_is_in_it(self, run: Program, filled: Path) -> None:
        found = {row["table"]: row for row in run("db", "tables", "-f", "json").json()}
        assert found["account"]["rows"] == 2
        assert found["account"]["columns"][:2] == ["id", "created_at"]
        assert found["deal"]["points_to"] == ["account", "campaign", "product"]
        assert not [name for name in found if name.startswith(("search_", "sqlite_"))]
        with closing(sqlite3.connect(filled)) as con:
            for name, row in found.items():
                assert con.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (row["rows"],)

    def test_a_schema_makes_the_same_tables(self, run: Program, filled: Path) -> None:
        sql = run("db", "schema", "account", "tag").out
        with closing(sqlite3.connect(":memory:")) as con, closing(sqlite3.connect(filled)) as book:
            con.executescript(sql)
            made = con.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
            there = book.execute(
                "SELECT name FROM sqlite_schema WHERE tbl_name IN ('account', 'tag') ORDER BY name"
            ).fetchall()
        assert made == there
        whole = run("db", "schema", "-f", "json").json()
        assert {"account", "change", "search"} <= whole.keys()

    def test_a_table_that_is_not_there(self, run: Program, filled: Path) -> None:
        refused = run("db", "schema", "acount")
        assert refused == (
            3,
            "",
            'acct: no table "acount". Did you mean account? All: acct db tables\n',
        )

    def test_a_book_that_is_not_there_is_not_made(self, run: Program, tmp_path: Path) -> None:
        for words in (("tables",), ("schema",), ("query", "SELECT 1")):
            assert run("--db", tmp_path / "no.db", "db", *words).code == 3
        assert not (tmp_path / "no.db").exists()


class TestShell:
    def test_a_query_in_every_format(self, run: Program, filled: Path) -> None:
        sql = "SELECT tier, count(*) AS accounts FROM account GROUP BY tier ORDER BY 1"
        assert run("db", "query", sql).out == "growth\t1\nkey\t1\n"
        assert run("db", "query", sql, "-f", "csv").out == "tier,accounts\r\ngrowth,1\r\nkey,1\r\n"
        assert run("db", "query", sql, "-f", "json").json() == [
            {"tier": "growth", "accounts": 1},
            {"tier": "key", "accounts": 1},
        ]
        assert "growth" in run("db", "query", sql, "-f", "table").out

    def test_columns_stand_as_they_were_asked_for(self, run: Program, filled: Path) -> None:
        sql = "SELECT name, id, id, 1.5 AS n, NULL, x'ff' FROM account WHERE tier = 'key'"
        [row] = run("db", "query", sql, "-f", "json").json()
        assert list(row) == ["name", "id", "id_2", "n", "NULL", "x'ff'"]
        assert [row["n"], row["NULL"], row["x'ff'"]] == [1.5, None, "ff"]
        assert run("db", "query", sql).out.startswith("GreenTech Ltd\t")
        assert run("db", "query", sql, "-f", "ids").out == row["id"] + "\n"
        assert run("db", "query", "SELECT name FROM account", "-f", "ids").code == 2

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM account",
            "UPDATE account SET name = 'x'",
            "CREATE TABLE t (a)",
            "PRAGMA user_version = 9",
            "SELECT 1; DELETE FROM account",
            "ATTACH 'other.db' AS other",
            "VACUUM INTO 'other.db'",
            "SELEC 1",
            "SELECT * FROM nowhere",
            "",
        ],
    )
    def test_nothing_else_is_run(self, run: Program, filled: Path, sql: str) -> None:
        before, beside = filled.read_bytes(), sorted(Path().iterdir())
        refused = run("db", "query", sql)
        assert refused.code == 2
        assert refused.err.count("\n") == 1
        assert sorted(Path().iterdir()) == beside
        assert filled.read_bytes() == before

    def test_what_a_query_gives_is_made_safe(self, run: Program, filled: Path) -> None:
        assert run("db", "query", "SELECT char(27) || '[31m' AS c").out == "\\x1b[31m\n"

    @pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 program is missing")
    def test_the_sqlite3_program_reads_and_writes_only_when_told(
        self, acct: Program, filled: Path
    ) -> None:
        count = "SELECT count(*) FROM account;"
        assert acct("db", "shell", input=count).out == "2\n"
        refused = acct("db", "shell", input="DELETE FROM account;")
        assert refused.code == 4
        assert "readonly" in refused.err
        written = acct("db", "shell", "--write", input="UPDATE account SET tier = NULL;")
        assert written.code == 0
        assert "cannot be undone; a backup is in" in written.err
        assert books.value(filled, "SELECT count(tier) FROM account") == 0
        assert acct("db", "restore", "-f", "json").json()[0]["reason"] == "shell"
        assert "sync" not in written.err
        machine.write(filled, SHARED)
        assert "acct sync now --full" in acct("db", "shell", "--write", input=count).err
        assert "sync" not in acct("db", "shell", input=count).err

    def test_a_query_is_for_a_command_of_its_own(self, run: Program, filled: Path) -> None:
        refused = run("db", "shell", "SELECT 'a b'")
        assert refused.code == 2
        hint = refused.err.partition(": acct ")[2]
        assert run(*shlex.split(hint)).out == "a b\n"

    def test_without_the_program_it_says_what_works(
        self, run: Program, filled: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        said = run("db", "shell")
        assert said.code == 3
        assert "one query at a time: acct help db query" in said.err

    def test_a_query_and_write_do_not_go_together(self, run: Program, filled: Path) -> None:
        assert run("db", "query", "SELECT 1", "--write").code == 2

    def test_a_busy_book_is_waited_for(
        self, run: Program, filled: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from acctcli.store import connection

        monkeypatch.setattr(connection, "WAIT_SECONDS", 0.2)
        other = sqlite3.connect(filled, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            assert run("db", "query", "SELECT 1").code == 5
        finally:
            other.close()


def test_the_list_of_backups_has_times_and_sizes(run: Program) -> None:
    run("account", "add", "Acme")
    run("db", "backup")
    shown = run("db", "restore", "-f", "table").out
    assert re.search(r"\d\d:\d\d  manual  \d+\.\d MB\n", shown)
