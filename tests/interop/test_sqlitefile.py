"""A plain SQLite file of the book, read by other programs."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.conftest import Program

from acctcli.interop import sqlitefile
from acctcli.model import KINDS


@pytest.fixture
def look(run: Program, tmp_path: Path) -> Path:
    """Return a SQLite file of a book with one of most things."""
    for words in (
        ("account", "add", "Söder & Co", "--tier", "key", "--tag", "expo", "--tag", "vip"),
        ("account", "add", "Söder North", "--parent", "Söder & Co"),
        ("contact", "add", "Mei Tan", "--account", "Söder & Co", "--email", "mei@soder.example"),
        ("log", "call", "Söder & Co", "Walked through pricing", "--at", "2026-11-20 9:00"),
        ("deal", "add", "Söder & Co", "Rollout", "--amount", "1200.50 SGD", "--close", "15 Dec"),
        ("product", "add", "Suite", "--price", "100 JPY"),
        ("purchase", "add", "Söder & Co", "99.99 EUR", "--product", "suite", "--quantity", "1.5"),
        ("task", "add", "Söder & Co", "Send quote", "--due", "1 Dec"),
    ):
        assert run(*words).code == 0
    target = tmp_path / "look.db"
    assert run("export", "--all", target).code == 0
    return target


def asked(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def served(path: Path, what: str) -> Any:
    """Return the answer of datasette for a path below the database."""
    done = subprocess.run(
        [sys.executable, "-m", "datasette", path, "--get", f"/look/{what}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def test_names_stand_for_records_and_amounts_are_decimals(look: Path) -> None:
    assert asked(look, "SELECT account, title, amount, currency FROM deals") == [
        ("Söder & Co", "Rollout", 1200.5, "SGD")
    ]
    assert asked(look, "SELECT product, amount, quantity FROM purchases") == [("Suite", 99.99, 1.5)]
    assert asked(look, "SELECT price FROM products") == [(100.0,)]
    assert asked(look, "SELECT tags FROM accounts WHERE parent IS NULL") == [("expo; vip",)]
    assert asked(look, "SELECT emails FROM contacts") == [("mei@soder.example",)]


def test_every_kind_is_a_table_and_references_lead_somewhere(look: Path) -> None:
    names = {name for (name,) in asked(look, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {kind.plural for kind in KINDS.values()} <= names
    assert asked(look, "PRAGMA foreign_key_check") == []
    keys = asked(look, "PRAGMA foreign_key_list(contacts)")
    assert ("accounts", "account_id") in {(key[2], key[3]) for key in keys}
    joined = "SELECT a.name FROM contacts c JOIN accounts a ON a.id = c.account_id"
    assert asked(look, joined) == [("Söder & Co",)]


def test_it_is_private_and_never_over_another_file(look: Path, run: Program) -> None:
    assert stat.S_IMODE(look.stat().st_mode) == 0o600
    before = look.read_bytes()
    refused = run("export", "--all", look)
    assert (refused.code, refused.err) == (
        4,
        f"acct: {look} already exists. To overwrite it: --force\n",
    )
    assert look.read_bytes() == before
    assert run("export", "--all", look, "--force").code == 0
    assert [p.name for p in look.parent.iterdir() if p.name.startswith(".look")] == []


def test_an_empty_book_has_its_tables(run: Program, tmp_path: Path) -> None:
    run("db", "init")
    assert run("export", "--all", tmp_path / "empty.sqlite").code == 0
    assert asked(tmp_path / "empty.sqlite", "SELECT * FROM open_deals") == []


def test_formats_are_for_folders(run: Program, tmp_path: Path) -> None:
    for words in (("-f", "json"), ("--excel-safe",)):
        assert run("export", "--all", tmp_path / "x.db", *words).code == 2
    assert not (tmp_path / "x.db").exists()


def test_fields_of_ones_own_have_a_column_whatever_they_are_called(
    run: Program, home: Path, tmp_path: Path
) -> None:
    names = ("rowid", "oid", "vip", "VIP", "select")
    configure(home, "".join(f"[fields.account.{name}]\ntype = 'text'\n" for name in names))
    given = [word for name in names for word in ("--set", f"{name}=of {name}")]
    assert run("account", "add", "Acme", *given).code == 0
    assert run("export", "--all", tmp_path / "own.db").code == 0
    found = asked(tmp_path / "own.db", 'SELECT rowid_, oid_, vip, VIP_, "select" FROM accounts')
    assert found == [tuple(f"of {name}" for name in names)]


def test_an_attempt_and_what_only_went_out_is_no_last_contact(look: Path, run: Program) -> None:
    for words in (
        ("log", "call", "Söder & Co", "No answer", "--no-answer", "--at", "2026-11-21 9:00"),
        ("log", "email", "Söder & Co", "News", "--out", "--at", "2026-11-21 10:00"),
    ):
        assert run(*words).code == 0
    assert run("export", "--all", look, "--force").code == 0
    found = asked(look, "SELECT account, last_at FROM last_contact ORDER BY last_at DESC")
    assert [(name, at and at[:10]) for name, at in found] == [
        ("Söder & Co", "2026-11-20"),
        ("Söder North", None),
    ]


def test_values_that_are_none_come_as_they_stand(run: Program, tmp_path: Path, book: Path) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Rollout", "--amount", "5k SGD")
    with closing(sqlite3.connect(book)) as con:
        con.execute("UPDATE deal SET account_id = 'gone', close_date = 'soon'")
        con.commit()
    assert run("export", "--all", tmp_path / "bad.db").code == 0
    found = asked(tmp_path / "bad.db", "SELECT account, account_id, close_date FROM deals")
    assert found == [(None, "gone", "soon")]


def test_a_full_disk_is_said_and_leaves_nothing(
    look: Path, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, parts: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlitefile, "_fill", full)
    target = look.with_name("other.db")
    refused = run("export", "--all", target)
    assert refused == (6, "", f"acct: {target} cannot be written: database or disk is full\n")
    assert [path.name for path in look.parent.iterdir() if "other" in path.name] == []


@pytest.mark.slow
def test_datasette_serves_tables_views_and_searches(look: Path) -> None:
    found = served(look, "accounts.json?_search=soder&_shape=array&_sort=name")
    assert [row["name"] for row in found] == ["Söder & Co", "Söder North"]
    (deal,) = served(look, "open_deals.json?_shape=array")
    assert (deal["account"], deal["amount"], deal["close_date"]) == (
        "Söder & Co",
        1200.5,
        "2026-12-15",
    )
    labelled = served(look, "contacts.json?_shape=array&_labels=on")
    assert labelled[0]["account_id"]["label"] == "Söder & Co"
