"""Facts for scores: from which moment they count, and whose they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import score
from acctcli.store.journal import Writing

SINCE = "2026-08-24T00:00:00Z"


def test_what_was_bought_by_the_year(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    for day, amount in (
        *(("2024-11-22", 1), ("2024-11-23", 2), ("2025-11-22", 4), ("2025-11-23", 8)),
        *(("2026-11-22", 16), ("2026-11-23", 32)),
    ):
        add(tx, "purchase", account=account, purchased_on=day, amount=amount)
    days = date(2025, 11, 23), date(2024, 11, 23), date(2026, 11, 22)
    assert score.spending(tx.con, *days) == [(account, "SGD", 24, 6)]


def test_the_weight_of_open_deals_and_what_an_account_could_spend(tx: Writing) -> None:
    account = add(tx, "account", name="A", annual_revenue=500, currency="EUR")
    add(tx, "account", name="B")
    deal: dict[str, Any] = {"account": account, "title": "D", "currency": "SGD"}
    for amount, probability in ((1000, 50), (1000, 30), (None, 50), (1000, None)):
        add(tx, "deal", amount=amount, probability=probability, **deal)
    add(tx, "deal", amount=9000, probability=100, closed_on="2026-11-01", **deal)
    assert score.pipeline(tx.con) == [(account, "SGD", 800)]
    assert score.potential(tx.con) == [(account, "EUR", 500)]


def test_signals_since_a_moment_and_of_the_accounts_that_are_asked_for(tx: Writing) -> None:
    one, quiet, noted = (add(tx, "account", name=name) for name in "ABC")
    for at, kind, direction in (
        ("2026-08-23T23:59:59Z", "meeting", None),  # a second too early
        (SINCE, "meeting", None),
        ("2026-09-01T09:00:00Z", "demo", "in"),
        ("2026-09-02T09:00:00Z", "email", "in"),
        ("2026-09-03T09:00:00Z", "email", "out"),
        ("2026-09-04T09:00:00Z", "ticket", "in"),
    ):
        add(tx, "log", account=one, at=at, kind=kind, direction=direction)
    add(tx, "log", account=quiet, at="2020-01-01T09:00:00Z", kind="call")
    add(tx, "log", account=noted, at="2026-09-01T09:00:00Z", kind="note")
    found = [(one, 3, 2, 2), (quiet, 0, 0, 0)]
    assert sorted(score.signals(tx.con, None, SINCE)) == sorted(found)
    assert score.signals(tx.con, [quiet, noted], SINCE) == [(quiet, 0, 0, 0)]


def test_people_count_once_however_often_they_talk(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    mei, raj = (add(tx, "contact", name=name, account=account) for name in ("Mei", "Raj"))
    for at, kind, people in (
        (SINCE, "call", (mei,)),
        ("2026-09-01T09:00:00Z", "call", (mei,)),
        ("2026-09-02T09:00:00Z", "note", (raj,)),
        ("2026-08-23T23:59:59Z", "call", (raj,)),
    ):
        add(tx, "log", account=account, at=at, kind=kind, contacts=people)
    assert score.people(tx.con, None, SINCE) == {account: 1}
    assert score.people(tx.con, [other], SINCE) == {}
    add(tx, "log", account=account, at=SINCE, kind="call", contacts=(mei, raj))
    assert score.people(tx.con, [account], SINCE) == {account: 2}


@pytest.mark.parametrize(
    ("kind", "values", "sold"),
    [
        ("purchase", {}, True),
        ("deal", {"title": "D", "category": "closed", "closed_on": "2026-11-01"}, True),
        ("deal", {"title": "D", "category": "omitted", "closed_on": "2026-11-01"}, False),
        ("deal", {"title": "D", "category": "closed"}, False),
        ("log", {}, False),
    ],
)
def test_whether_anything_was_sold(
    kind: str, values: dict[str, Any], sold: bool, tx: Writing
) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    add(tx, kind, account=account, **values)
    assert score.has_bought(tx.con, account) == sold
    assert not score.has_bought(tx.con, other)


def test_the_last_signal(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    assert score.last_signal(tx.con, account, SINCE) is None
    for summary, at, kind, direction in (
        ("early", "2026-08-23T23:59:59Z", "meeting", None),
        ("ours", "2026-09-03T09:00:00Z", "email", "out"),
        ("ticket", "2026-09-04T09:00:00Z", "ticket", "in"),
    ):
        add(tx, "log", account=account, at=at, kind=kind, direction=direction, summary=summary)
    assert score.last_signal(tx.con, account, SINCE) is None
    for summary, at, kind, direction in (
        ("first", SINCE, "meeting", None),
        ("last", "2026-09-01T09:00:00Z", "email", "in"),
        ("before", "2026-08-31T09:00:00Z", "demo", None),
    ):
        add(tx, "log", account=account, at=at, kind=kind, direction=direction, summary=summary)
        assert score.last_signal(tx.con, other, SINCE) is None
    assert score.last_signal(tx.con, account, "2026-09-02T00:00:00Z") is None
    assert score.last_signal(tx.con, account, SINCE) == (
        *("email", "in"),
        *("2026-09-01T09:00:00Z", "last"),
    )
    add(tx, "log", account=account, at="2026-09-01T09:00:00Z", kind="demo", summary="entered later")
    found = score.last_signal(tx.con, account, SINCE)
    assert found is not None
    assert found[3] == "entered later"
    tx.con.execute("DELETE FROM log WHERE at > ?", (SINCE,))
    found = score.last_signal(tx.con, account, SINCE)
    assert found is not None
    assert found[3] == "first"
