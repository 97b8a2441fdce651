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
from tests.conftest import Program

from acctcli.model import KINDS


@pytest.fixture
def look(run: Program, tmp_path: Path) -> Path:
    """A book with one of most things, as a SQLite file."""
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
    """What datasette answers for a path below the database."""
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
        f"acct: {look} is there already. To write over it: --force\n",
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
