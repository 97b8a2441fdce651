"""The facts of health: whose they are, from which day on, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.store import records
from acctcli.store.facts import health
from acctcli.store.journal import Writing


@pytest.fixture
def accounts(tx: Writing) -> tuple[str, str]:
    """Add two accounts; the tests ask for the first."""
    one, other = (add(tx, "account", name=name) for name in "AB")
    return one, other


def test_tasks_are_dated_and_open_or_were_due_lately(
    tx: Writing, accounts: tuple[str, str]
) -> None:
    for account in (*accounts, None):
        add(tx, "task", text="T", account=account, due="2026-12-01", owed_by="them")
        add(tx, "task", text="T", account=account)
        for due in ("2026-11-23", "2026-11-22", "2026-08-24", "2026-08-23"):
            done: dict[str, Any] = {"due": due, "done_at": "2026-11-01T09:00:00Z"}
            add(tx, "task", text="T", account=account, **done)
    days = date(2026, 8, 24), date(2026, 11, 22)
    entered = "2026-11-22"
    expected = [
        (accounts[0], "2026-08-24", "us", None, "2026-11-01", entered),
        (accounts[0], "2026-11-22", "us", None, "2026-11-01", entered),
        (accounts[0], "2026-12-01", "them", None, None, entered),
    ]
    assert sorted(health.tasks(tx.con, accounts[:1], *days)) == expected
    assert len(health.tasks(tx.con, None, *days)) == 6
    assert health.tasks(tx.con, [], *days) == []


def test_people_of_whom_it_may_be_known_whose_side_they_are_on(
    tx: Writing, accounts: tuple[str, str]
) -> None:
    one, other = accounts
    known: dict[str, Any] = {"influence": "high", "stance": "supporter"}
    own = add(tx, "contact", name="Own", account=one, role="legal", **known)
    add(tx, "contact", name="Nowhere", **known)
    linked = add(tx, "contact", name="Linked", account=other, **known)
    neither = add(tx, "contact", name="Neither", account=other, influence="high")
    add(tx, "affiliation", contact=neither, account=one)
    champion = add(tx, "contact", name="Champion", account=other)
    left = add(tx, "contact", name="Left", account=other, **known)
    add(tx, "affiliation", contact=linked, account=one, role="coach")
    add(tx, "affiliation", contact=own, account=one, role="coach")  # they work there already
    add(tx, "affiliation", contact=champion, account=one, role="champion")
    add(tx, "affiliation", contact=left, account=one, to_on="2026-01-01")
    at_one = {
        (one, own, "high", "supporter", "legal"),
        (one, linked, "high", "supporter", "coach"),
        (one, champion, None, None, "champion"),
    }
    assert set(health.people(tx.con, [one])) == at_one
    at_other = {(other, id, "high", "supporter", None) for id in (linked, left)}
    assert set(health.people(tx.con, None)) == at_one | at_other


def test_who_left_lately(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    moved = add(tx, "contact", name="Moved", account=other, stance="champion")
    back = add(tx, "contact", name="Back", account=one)
    linked = add(tx, "contact", name="Linked", account=other)
    for person, day in (
        *((moved, "2026-10-01"), (moved, "2026-05-25"), (back, "2026-10-01")),
        (linked, "2026-10-01"),
    ):
        add(tx, "affiliation", contact=person, account=one, role="coach", to_on=day)
    add(tx, "affiliation", contact=linked, account=one)
    gone: dict[str, Any] = {"account": one, "role": "champion"}
    deleted, merged = (add(tx, "contact", name=name, **gone) for name in ("Deleted", "Merged"))
    records.delete(tx, "contact", deleted)
    (row,) = tx.rows("contact", "id", merged)
    tx.delete("contact", row["id"], merged_into=back)
    since = date(2026, 5, 26)
    expected = [
        (one, "2026-10-01", "coach", "champion"),
        (one, "2026-11-22", "champion", None),
    ]
    assert sorted(health.left(tx.con, [one], since)) == expected
    assert sorted(health.left(tx.con, None, since)) == expected
    assert health.left(tx.con, [other], since) == []


def test_deals_decided_lately(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    for account in accounts:
        for title, day, category in (
            *(("won", "2026-11-01", "closed"), ("lost", "2026-10-30", "omitted")),
            ("long ago", "2026-01-01", "omitted"),
        ):
            values: dict[str, Any] = {"closed_on": day, "category": category}
            id = add(tx, "deal", account=account, title=title, opened_on="2026-01-01", **values)
            change: dict[str, Any] = {"deal": id, "account": account, "field": "close_date"}
            change |= {"old": "2026-09-01", "new": "2026-10-01"}
            add(tx, "deal_change", changed_on="2026-08-01", **change)
            at = "2026-10-30T09:00:00Z"
            add(tx, "log", account=account, deal=id, kind="call", at=at)
        add(tx, "deal", account=account, title="open")
    since = date(2026, 10, 1)
    assert health.decided(tx.con, [one], since) == [
        (one, "lost", "2026-10-30", False, None, "2026-08-01", 1),
        (one, "won", "2026-11-01", True, None, "2026-10-30", 1),
    ]
    assert len(health.decided(tx.con, None, since)) == 4
    assert health.decided(tx.con, [other], date(2026, 11, 2)) == []


def test_open_deals_by_close_date(tx: Writing, accounts: tuple[str, str]) -> None:
    for account in accounts:
        for title, close in (("later", "2027-01-01"), ("sooner", "2026-12-01")):
            add(tx, "deal", account=account, title=title, close_date=close)
        add(tx, "deal", account=account, title="won", closed_on="2026-11-01")
    found = health.deals(tx.con, accounts[:1])
    assert [row[2:] for row in found] == [
        ("sooner", "2026-12-01", "2026-11-01", 0),
        ("later", "2027-01-01", "2026-11-01", 0),
    ]
    assert len(health.deals(tx.con, None)) == 4


def test_what_was_bought_besides_contracts(tx: Writing, accounts: tuple[str, str]) -> None:
    for account in accounts:
        for day, amount in (
            *(("2024-11-22", 1), ("2024-11-23", 2), ("2025-11-22", 4), ("2025-11-23", 8)),
            *(("2026-11-22", 16), ("2026-11-23", 32)),
        ):
            add(tx, "purchase", account=account, purchased_on=day, amount=amount)
    one = accounts[0]
    term: dict[str, Any] = {"purchased_on": "2026-01-01", "ends_on": "2026-12-31"}
    add(tx, "purchase", account=one, amount=64, currency="EUR", **term)
    add(tx, "purchase", account=one, amount=128, recurring="yearly", **term)
    won: dict[str, Any] = {"title": "D", "stage": "won", "category": "closed", "currency": "SGD"}
    deal = add(tx, "deal", account=one, amount=256, closed_on="2026-02-01", **won)
    add(tx, "deal", account=one, amount=512, closed_on="2026-02-01", **won)
    add(tx, "purchase", account=one, deal=deal, amount=1024, purchased_on="2026-02-01")
    days = date(2025, 11, 23), date(2024, 11, 23), date(2026, 11, 22)
    assert sorted(health.spending(tx.con, [one], *days)) == [
        (one, "EUR", 64, 0),
        (one, "SGD", 24 + 512 + 1024, 6),
    ]
    assert len(health.spending(tx.con, None, *days)) == 3


def test_tickets_surveys_and_reviews(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    for account in accounts:
        at: dict[str, Any] = {"account": account, "kind": "ticket"}
        add(tx, "log", at="2026-11-01T09:00:00Z", **at)
        add(tx, "log", at="2026-11-02T09:00:00Z", resolved_at="2026-11-03T09:00:00Z", **at)
        add(tx, "log", account=account)
        survey: dict[str, Any] = {"account": account, "kind": "survey"}
        for day, score in (("02", 90), ("01", 20), ("03", None)):
            add(tx, "log", at=f"2026-11-{day}T09:00:00Z", score=score, summary="S", **survey)
        for day, figure in (("2026-03-01", 50), ("2026-01-01", 70), ("2026-05-01", None)):
            add(tx, "review", account=account, held_on=day, health=figure)
    assert sorted(health.tickets(tx.con, [one])) == [
        *((one, "2026-11-01", 1), (one, "2026-11-02", 0))
    ]
    assert health.surveys(tx.con, [other]) == [
        *((other, "2026-11-01", 20, "S", None), (other, "2026-11-02", 90, "S", None))
    ]
    assert health.reviews(tx.con, [one]) == [
        *((one, "2026-01-01", 70, None), (one, "2026-03-01", 50, None))
    ]
    for read in (health.tickets, health.surveys, health.reviews):
        assert len(read(tx.con, None)) == 4


def test_messages_that_wait_and_touches_that_answer(tx: Writing, accounts: tuple[str, str]) -> None:
    one, _ = accounts
    since = "2026-11-01T00:00:00Z"
    for account in accounts:
        for at, kind, direction in (
            *(("05", "email", "out"), ("03", "email", "in"), ("04", "social", "out")),
            *(("06", "call", None), ("07", "note", None), ("08", "proposal", "out")),
            ("09", "social", "in"),
        ):
            values: dict[str, Any] = {"kind": kind, "direction": direction}
            add(tx, "log", account=account, at=f"2026-11-{at}T09:00:00Z", **values)
        add(tx, "log", account=account, at=since, kind="call")
        add(tx, "log", account=account, at="2026-10-31T23:59:59Z", kind="call")
    assert health.messages(tx.con, [one], since) == [
        (one, "2026-11-01", 1),
        (one, "2026-11-03", 1),
        (one, "2026-11-04", 0),
        (one, "2026-11-05", 0),
        (one, "2026-11-06", 1),
        (one, "2026-11-09", 1),
    ]
    assert len(health.messages(tx.con, None, since)) == 12
