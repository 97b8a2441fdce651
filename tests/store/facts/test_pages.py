"""The account's page asks by account, through an index, whatever the size of the book."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.store.making import add

from acctcli.model import ENTRY_KINDS, KINDS
from acctcli.store import records
from acctcli.store.facts import pages
from acctcli.store.journal import Writing

# What may be walked: rows made up on the way, and lists of a handful.
HARMLESS = (
    *("CONSTANT ROW", "json_each", "SUBQUERY", "below", "above", "(subquery", "VIRTUAL TABLE"),
    *("main.setting", "main.sync_state", "SCAN sold"),
)


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


LEARNING = ("FROM deal t JOIN account a", "FROM deal_change t")
"""What reads every deal: probabilities are learnt from the whole book, if it is not too large."""


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
            if words[0] in ("show", "tree") and any(part in sql for part in LEARNING):
                continue
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


# Straight through the store


def test_who_is_linked_has_the_part_of_the_link(tx: Writing) -> None:
    here, there = (add(tx, "account", name=name) for name in "AB")
    add(tx, "contact", name="Own", account=here, title="CFO", role="influencer")
    linked = add(tx, "contact", name="Linked", account=there, title="CEO")
    add(tx, "affiliation", contact=linked, account=here, title="Advisor", role="coach")
    both = add(tx, "contact", name="Both", account=here, title="CTO")
    add(tx, "affiliation", contact=both, account=here, title="Of the link")
    once = add(tx, "contact", name="Once", account=there)
    add(tx, "affiliation", contact=once, account=here, to_on="2026-01-01")
    found = pages.people(tx.con, KINDS["contact"].fields, here)
    assert {row["name"]: (row["title"], row["role"]) for row in found} == {
        **{"Own": ("CFO", "influencer"), "Linked": ("Advisor", "coach"), "Both": ("CTO", None)}
    }


def test_the_last_touch_is_the_latest(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    fields = KINDS["log"].fields
    assert pages.last_touch(tx.con, fields, account) is None
    for day, kind in (("01", "call"), ("03", "meeting"), ("02", "call"), ("05", "note")):
        add(tx, "log", account=account, kind=kind, at=f"2026-11-{day}T09:00:00Z")
    found = pages.last_touch(tx.con, fields, account)
    assert found is not None
    assert found["at"] == "2026-11-03T09:00:00Z"


def test_a_step_of_a_deal_is_open_dated_and_its_own(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    deals = {
        title: add(tx, "deal", account=account, title=title)
        for title in ("step", "done", "undated", "none")
    }
    add(tx, "deal", account=account, title="Won", closed_on="2026-11-01")
    add(tx, "task", text="T", account=account, deal=deals["step"], due="2026-12-01")
    done: dict[str, Any] = {"due": "2026-11-01", "done_at": "2026-11-01T09:00:00Z"}
    add(tx, "task", text="T", account=account, deal=deals["done"], **done)
    add(tx, "task", text="T", account=account, deal=deals["undated"])
    found = pages.signs_of_life(tx.con, account)
    assert {title: found[id]["has_step"] for title, id in deals.items()} == {
        **{"step": 1, "done": 0, "undated": 0, "none": 0}
    }
    assert len(found) == 4


def test_a_deal_moves_when_it_is_changed_or_talked_about(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    deal, other = (
        add(tx, "deal", account=account, title=title, opened_on="2026-01-01") for title in "XY"
    )

    def moved_on() -> str:
        found: str = pages.signs_of_life(tx.con, account)[deal]["moved_on"]
        return found

    add(tx, "log", account=account, deal=other, at="2026-11-20T09:00:00Z")
    assert moved_on() == "2026-01-01"
    for day in ("2026-03-02", "2026-03-01"):
        add(tx, "log", account=account, deal=deal, at=f"{day}T09:00:00Z")
    assert moved_on() == "2026-03-02"
    for on, new in (("2026-04-02", "2026-05-01"), ("2026-04-01", "2026-05-01")):
        change: dict[str, Any] = {"field": "close_date", "old": "2026-05-01", "new": new}
        add(tx, "deal_change", deal=deal, account=account, changed_on=on, **change)
    sign = pages.signs_of_life(tx.con, account)[deal]
    assert (sign["moved_on"], sign["pushes"]) == ("2026-04-02", 0)


def test_open_tasks_of_a_timeline_have_a_day(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    for owner in (account, other):
        add(tx, "task", text="Due", account=owner, due="2026-12-01")
        add(tx, "task", text="Some day", account=owner)
        done: dict[str, Any] = {"due": "2026-11-01", "done_at": "2026-11-01T09:00:00Z"}
        add(tx, "task", text="Done", account=owner, **done)
    found = pages.timeline(tx.con, account, kinds=["task"])
    assert [(row["source"], row["text"]) for row in found] == [("done", "Done"), ("open", "Due")]
    for since, sources in (("2026-11-01", ["done", "open"]), ("2026-11-02", ["open"])):
        cut = pages.timeline(tx.con, account, kinds=["task"], since=date.fromisoformat(since))
        assert [row["source"] for row in cut] == sources


def test_a_deal_that_closed_without_a_change_of_stage_that_day_is_told(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    imported = {"account": account, "title": "Imported", "stage": "won", "closed_on": "2026-03-01"}
    records.insert_all(tx, "deal", [({"opened_on": "2026-01-01", **imported}, {})], history=False)
    closing = add(tx, "deal", account=account, title="Closing", amount=1, currency="SGD")
    records.update(tx, "deal", closing, {"stage": "won", "closed_on": "2026-11-20"})
    later = add(tx, "deal", account=account, title="Changed", amount=1, currency="SGD")
    records.update(tx, "deal", later, {"amount": 2})
    found = pages.timeline(tx.con, account, kinds=["deal"])
    assert [row["title"] for row in found if row["source"] == "closed"] == ["Imported"]
    changes = {row["title"]: row["closing"] for row in found if row["source"] == "change"}
    assert changes == {"Closing": 1, "Changed": None}


def test_spending_by_currency_the_larger_first(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    for day, amount, currency in (
        *(("2024-11-22", 1, "SGD"), ("2024-11-23", 2, "SGD"), ("2025-11-22", 4, "SGD")),
        *(("2025-11-23", 8, "SGD"), ("2026-11-22", 16, "SGD"), ("2026-11-23", 32, "SGD")),
        ("2026-01-01", 100, "EUR"),
    ):
        bought: dict[str, Any] = {"purchased_on": day, "amount": amount, "currency": currency}
        add(tx, "purchase", account=account, **bought)
    found = pages.spending(tx.con, account, "2025-11-23", "2024-11-23", "2026-11-22")
    assert [tuple(row.values()) for row in found] == [("EUR", 100, 0), ("SGD", 24, 6)]
