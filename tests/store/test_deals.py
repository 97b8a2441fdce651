"""The queries of deals: open, won or lost on a day, and the contracts they renew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.domain.pipeline import outcome
from acctcli.model import CATEGORIES
from acctcli.store import columns, deals, queries
from acctcli.store.facts import deals as facts
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing
from acctcli.values.periods import Period


@pytest.fixture
def account(tx: Writing) -> str:
    return add(tx, "account", name="Acme", owner="Kim", tier="key")


def fitting(tx: Writing, *conditions: Condition) -> list[str]:
    ids = deals.fitting(tx.con, conditions)
    return sorted(row["title"] for id in ids for row in tx.rows("deal", "id", id))


@pytest.mark.parametrize("closed_on", [None, "2026-11-01"])
@pytest.mark.parametrize("category", [None, *CATEGORIES])
def test_sql_and_python_agree_on_what_is_won(
    tx: Writing, account: str, category: str | None, closed_on: str | None
) -> None:
    add(tx, "deal", account=account, title="One", category=category, closed_on=closed_on)
    sql = f"SELECT {queries.STANDING}, {columns.won('t')} FROM deal t"
    ((standing, won),) = tx.con.execute(sql).fetchall()
    assert standing == outcome(category, closed_on)
    assert bool(won) == (standing == "won")


def test_what_is_open_won_and_lost(tx: Writing, account: str) -> None:
    for title, values in {
        "open": {"category": "commit"},
        "odd": {"category": "closed"},
        "won": {"category": "closed", "closed_on": "2026-11-01"},
        "lost": {"category": "omitted", "closed_on": "2026-11-01"},
        "lost too": {"category": None, "closed_on": "2026-11-02"},
    }.items():
        add(tx, "deal", account=account, title=title, **values)  # type: ignore[arg-type]
    assert fitting(tx, deals.OPEN) == ["odd", "open"]
    assert fitting(tx, deals.WON) == ["won"]
    assert fitting(tx, deals.LOST) == ["lost", "lost too"]
    assert fitting(tx, deals.closed_since("2026-11-02")) == ["lost too", "odd", "open"]
    assert fitting(tx, deals.OPEN, Condition("t.title = ?", ["open"])) == ["open"]
    assert len(fitting(tx)) == 5


def test_the_day_that_decides_is_that_of_closing(tx: Writing, account: str) -> None:
    for title, closed, close in (
        *(("first", None, "2026-10-01"), ("last", None, "2026-12-31"), ("none", None, None)),
        *(("before", None, "2026-09-30"), ("after", None, "2027-01-01")),
        *(("late", "2026-10-01", "2026-01-01"), ("early", "2026-09-30", "2026-12-01")),
    ):
        add(tx, "deal", account=account, title=title, closed_on=closed, close_date=close)
    period = Period(date(2026, 10, 1), date(2026, 12, 31), "Q4 2026")
    assert fitting(tx, deals.closing_in(period)) == ["first", "last", "late"]


def test_about_a_product(tx: Writing, account: str) -> None:
    support, other = (add(tx, "product", name=name) for name in ("Support", "Other"))
    add(tx, "deal", account=account, title="main", product=support)
    add(tx, "deal", account=account, title="other", product=other)
    line = add(tx, "deal", account=account, title="line")
    add(tx, "item", account=account, deal=line, product=support)
    add(tx, "purchase", account=account, product=other)
    assert fitting(tx, deals.about_product(support)) == ["line", "main"]
    assert deals.uses_of_product(tx.con, support) == {"deal": 1, "item": 1}
    assert deals.uses_of_product(tx.con, other) == {"deal": 1, "purchase": 1}


def test_changes_in_order_and_the_stages_before(tx: Writing, account: str) -> None:
    deal = add(tx, "deal", account=account, title="A")
    other = add(tx, "deal", account=account, title="B")
    for of, on, field, old, new in (
        (deal, "2026-11-03", "stage", "demo", "proposal"),
        (deal, "2026-11-01", "stage", None, "talk"),
        (deal, "2026-11-02", "stage", "talk", "demo"),
        (deal, "2026-11-02", "amount", "1", "2"),
        (deal, "2026-11-03", "stage", "proposal", "won"),
        (other, "2026-11-02", "stage", "x", "y"),
    ):
        values: dict[str, Any] = {"changed_on": on, "field": field, "old": old, "new": new}
        add(tx, "deal_change", deal=of, account=account, **values)
    assert deals.stages_before(tx.con, deal) == ["proposal", "demo", "talk"]
    days = [row.day for row in facts.changes(tx.con)]
    assert days == sorted(days)
    assert [row.new for row in facts.changes(tx.con) if row.day == "2026-11-03"] == [
        *("proposal", "won")
    ]


def test_what_had_a_step_at_the_end_of_a_day(tx: Writing, account: str) -> None:
    day = "2026-11-20"
    for title, created, due, done in (
        ("due that day", "2026-11-20T09:00:00Z", day, None),
        ("due later", "2026-11-01T09:00:00Z", "2026-12-01", "2026-11-21T09:00:00Z"),
        ("late", "2026-11-01T09:00:00Z", "2026-11-19", None),
        ("done by then", "2026-11-01T09:00:00Z", "2026-12-01", "2026-11-20T09:00:00Z"),
        ("entered later", "2026-11-21T09:00:00Z", "2026-12-01", None),
        ("undated", "2026-11-01T09:00:00Z", None, None),
    ):
        deal = add(tx, "deal", account=account, title=title)
        values: dict[str, Any] = {"created_at": created, "due": due, "done_at": done}
        add(tx, "task", text="T", account=account, deal=deal, **values)
    add(tx, "task", text="T", account=account, due="2026-12-01", created_at="2026-01-01T09:00:00Z")
    titles = {row.title for row in facts.every(tx.con) if row.id in deals.planned(tx.con, day)}
    assert titles == {"due that day", "due later"}
    assert None not in deals.planned(tx.con, day)
