"""The account's page asks by account, through an index, whatever the size of the book."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import Program

from acctcli.model import ENTRY_KINDS
from acctcli.store import pages

# What may be walked: rows made up on the way, and lists of a handful.
HARMLESS = ("CONSTANT ROW", "json_each", "SUBQUERY", "below", "(subquery", "VIRTUAL TABLE")


@pytest.fixture
def greentech(run: Program, book: Path) -> str:
    """The id of an account with one of everything."""
    run("account", "add", "GreenTech Ltd", "--tier", "strategic")
    run("account", "add", "Suria", "--parent", "greentech")
    run("contact", "add", "Mei Tan", "--account", "greentech")
    run("product", "add", "Support")
    run("deal", "add", "greentech", "Rollout", "--amount", "120k", "--close", "2026-12-15")
    run(
        "log", "call", "greentech", "Spoke", "--with", "mei", "--next", "Send quote", "--due", "fri"
    )
    with closing(sqlite3.connect(book)) as con:
        id: str = con.execute("SELECT id FROM account WHERE name_key = 'greentech ltd'").fetchone()[
            0
        ]
    return id


@pytest.mark.parametrize(
    "words", [("show",), ("timeline", "--since", "2026-01-01"), ("tree",), ("show", "-f", "json")]
)
@pytest.mark.parametrize("typed", ["GreenTech Ltd", "A-0001"])
def test_every_query_of_a_page_goes_through_an_index(
    run: Program,
    greentech: str,
    book: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    typed: str,
) -> None:
    asked: list[str] = []
    connect = sqlite3.connect

    def watched(*args: object, **options: object) -> sqlite3.Connection:
        con: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        con.set_trace_callback(asked.append)
        return con

    monkeypatch.setattr(sqlite3, "connect", watched)
    assert run("account", words[0], typed, *words[1:]).code == 0
    monkeypatch.setattr(sqlite3, "connect", connect)
    queries = [sql for sql in asked if sql.startswith(("SELECT", "WITH")) and "schema" not in sql]
    assert len(queries) >= 3
    with closing(sqlite3.connect(book)) as con:
        con.create_function("key", 1, str)
        for sql in queries:
            for *_, step in con.execute(f"EXPLAIN QUERY PLAN {sql}"):
                walks = step.startswith("SCAN") and "USING" not in step
                assert not walks or any(word in step for word in HARMLESS), (step, sql)


def test_signs_of_life_of_a_deal(run: Program, greentech: str, book: Path) -> None:
    run("deal", "edit", "rollout", "--close", "2027-01-15", env={"ACCTCLI_TODAY": "2026-11-23"})
    run("deal", "edit", "rollout", "--close", "2026-12-31", env={"ACCTCLI_TODAY": "2026-11-24"})
    run("deal", "edit", "rollout", "--close", "2027-02-15", env={"ACCTCLI_TODAY": "2026-11-25"})
    with closing(sqlite3.connect(book)) as con:
        (sign,) = pages.signs_of_life(con, greentech).values()
    assert sign["pushes"] == 2
    assert sign["moved_on"] == "2026-11-25"
    assert sign["has_step"] == 0  # the step names no deal


def test_a_timeline_is_cut_by_day_kind_and_number(run: Program, greentech: str, book: Path) -> None:
    for day in ("2026-11-01", "2026-11-10", "2026-11-20"):
        run("log", "note", "greentech", f"of {day}", "--at", day)
    with closing(sqlite3.connect(book)) as con:
        notes = pages.timeline(con, greentech, kinds=["note"])
        recent = pages.timeline(con, greentech, kinds=["note"], since=date(2026, 11, 10))
        newest = pages.timeline(con, greentech, kinds=["note"], limit=1)
        closed = pages.timeline(con, greentech, kinds=ENTRY_KINDS, open_tasks=False)
        counted = pages.count_entries(con, greentech, ENTRY_KINDS)
    assert [row["summary"] for row in notes] == ["of 2026-11-20", "of 2026-11-10", "of 2026-11-01"]
    assert len(recent) == 2
    assert [row["summary"] for row in newest] == ["of 2026-11-20"]
    assert counted == len(closed) == 5  # three notes, the call, the deal; not the open task
    assert {row["source"] for row in closed} == {"log", "opened"}


def test_the_terms_of_an_account_are_the_last_of_each_product(
    run: Program, greentech: str, book: Path
) -> None:
    for on in ("2024-01-15", "2025-01-15"):
        bought = ("purchase", "add", "greentech", "9k", "--product", "support", "--on", on)
        assert run(*bought, "--recurring", "yearly").code == 0
    with closing(sqlite3.connect(book)) as con:
        assert [t["ends_on"] for t in pages.terms(con, greentech, "2024-06-01")] == ["2026-01-14"]
        assert pages.terms(con, greentech, "2026-01-15") == []
    run("deal", "add", "greentech", "Renewal", "--type", "renewal")
    with closing(sqlite3.connect(book)) as con:
        (term,) = pages.terms(con, greentech, "2024-06-01")
    assert term["deal"] == "Renewal"
    assert term["amount"] == 900_000
