from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import set_zone
from tests.store.making import add

from acctcli.domain.agenda_facts import PersonFacts
from acctcli.domain.coverage import SIGNING
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import agenda as sql
from acctcli.store.facts import contracts as contract_sql
from acctcli.store.facts import reorder as reorder_sql
from acctcli.store.journal import Writing

TODAY = date(2026, 11, 22)


def acme(tx: Writing, name: str = "Acme", **values: Any) -> str:
    return add(tx, "account", name=name, **values)


# Tasks


def test_tasks_that_are_open_and_have_a_date(tx: Writing) -> None:
    id = acme(tx)
    mei = add(tx, "contact", name="Mei Tan", account=id)
    deal = add(tx, "deal", account=id, title="Platform")
    add(tx, "task", account=id, text="Some day")
    add(tx, "task", account=id, text="Done", due="2026-11-01", done_at="2026-11-01T09:00:00Z")
    promised = add(
        tx, "task", account=id, text="Quote", due="2026-11-20", contact=mei, deal=deal,
        snoozed_until="2026-11-21", owed_by="them",
    )  # fmt: skip
    own = add(tx, "task", text="Tax", due="2027-01-31")
    untimed = (None, None, None)
    assert sorted(map(tuple, sql.tasks(tx.con))) == sorted(
        [
            (
                promised,
                id,
                deal,
                "Quote",
                "2026-11-20",
                "2026-11-21",
                "them",
                "Mei Tan",
                *untimed,
            ),
            (own, None, None, "Tax", "2027-01-31", None, "us", None, *untimed),
        ]
    )


def test_an_appointment_is_due_on_the_day_it_begins_here(
    tx: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made in London; in Singapore that evening is the next morning."""
    at = "2026-11-27T23:00:00Z"
    add(tx, "task", text="QBR", due="2026-11-27", at=at, duration=60, place="Room 4")
    monkeypatch.setenv("TZ", "Asia/Singapore")
    set_zone()
    (found,) = sql.tasks(tx.con)
    assert (found.due, found.at, found.duration, found.place) == ("2026-11-28", at, 60, "Room 4")


# Deals


def test_deals_that_are_left_out_of_the_forecast_are_left_out_of_today(tx: Writing) -> None:
    id = acme(tx)
    add(tx, "deal", account=id, title="Parked", category="omitted", close_date="2026-11-23")
    kept = add(tx, "deal", account=id, title="Live", close_date="2026-11-23")
    assert [deal.id for deal in sql.deals(tx.con, TODAY, SIGNING)] == [kept]


def test_open_deals(tx: Writing) -> None:
    id = acme(tx)
    far = add(
        tx, "deal", account=id, title="Far", close_date="2027-06-01", amount=5, currency="JPY"
    )
    add(tx, "deal", account=id, title="Won", closed_on="2026-11-01", stage="won")
    for day in ("02", "03"):
        add(tx, "log", account=id, deal=far, at=f"2026-11-{day}T09:00:00Z")
    add(tx, "log", account=id, deal=far, kind="email", direction="out", at="2026-11-09T09:00:00Z")
    assert sql.deals(tx.con, TODAY, SIGNING) == [
        (far, id, "Far", 5, "JPY", "2027-06-01", "2026-11-01", "2026-11-03", None, None)
    ]


def close_deal(tx: Writing, account: str) -> str:
    return add(tx, "deal", account=account, title="Now", close_date="2026-11-22")


def buyer_known(tx: Writing) -> int | None:
    (row,) = sql.deals(tx.con, TODAY, SIGNING)
    known: int | None = row[8]
    return known


def test_nobody_who_may_sign(tx: Writing) -> None:
    id = acme(tx)
    close_deal(tx, id)
    add(tx, "contact", name="Raj", account=id, role="champion")
    add(tx, "contact", name="Bo", account=acme(tx, "Other"), role="economic-buyer")
    assert buyer_known(tx) == 0


@pytest.mark.parametrize("role", SIGNING)
def test_somebody_of_the_account_may_sign(tx: Writing, role: str) -> None:
    id = acme(tx)
    close_deal(tx, id)
    add(tx, "contact", name="Mei", account=id, role=role)
    assert buyer_known(tx) == 1


@pytest.mark.parametrize(("until", "known"), [(None, 1), ("2026-10-01", 0)])
def test_somebody_linked_to_the_account_may_sign(
    tx: Writing, until: str | None, known: int
) -> None:
    id = acme(tx)
    close_deal(tx, id)
    mei = add(tx, "contact", name="Mei", account=acme(tx, "Group"))
    add(tx, "affiliation", contact=mei, account=id, role="decision-maker", to_on=until)
    assert buyer_known(tx) == known


def test_somebody_with_a_part_in_the_deal_may_sign(tx: Writing) -> None:
    id = acme(tx)
    deal = close_deal(tx, id)
    mei = add(tx, "contact", name="Mei", account=acme(tx, "Group"))
    add(tx, "deal_contact", deal=deal, account=id, contact=mei, role="economic-buyer")
    assert buyer_known(tx) == 1


def test_pushes_are_later_close_dates(tx: Writing) -> None:
    id = acme(tx)
    deal = close_deal(tx, id)
    for on, field, old, new in (
        ("2026-09-01", "close_date", None, "2026-10-01"),
        ("2026-10-01", "close_date", "2026-10-01", "2026-11-01"),
        ("2026-11-01", "close_date", "2026-11-01", "2026-12-01"),
        ("2026-11-04", "close_date", "2026-12-01", "2026-12-01"),
        ("2026-11-05", "close_date", "2026-12-01", "2026-11-22"),
        ("2026-11-06", "amount", "100", "200"),
    ):
        add(tx, "deal_change", deal=deal, account=id, changed_on=on, field=field, old=old, new=new)
    assert sql.pushes(tx.con) == [(deal, 2, "2026-11-01")]


# People


def test_whose_stance_is_known_where_a_deal_is_about_to_close(tx: Writing) -> None:
    group = acme(tx, "Group")
    linked = add(tx, "contact", name="Mei", account=group, influence="high", stance="supporter")
    silent = add(tx, "contact", name="Raj", account=group, influence="low")
    expected = []
    for place, (close, closed) in enumerate(
        [
            *(("2026-11-22", None), ("2026-11-29", None)),
            *(("2026-11-21", None), ("2026-11-30", None), ("2026-11-25", "2026-11-20")),
        ]
    ):
        id = acme(tx, f"Acme {place}")
        add(tx, "deal", account=id, title="D", close_date=close, closed_on=closed)
        known: dict[str, Any] = {"influence": "medium", "stance": "neutral"}
        add(tx, "contact", name="Ana", account=id, role="influencer", **known)
        add(tx, "contact", name="Bo", account=id, role="champion")
        for person, to_on in ((linked, None), (silent, None), (linked, "2026-01-01")):
            add(tx, "affiliation", contact=person, account=id, role="coach", to_on=to_on)
        if place < 2:
            expected += [
                (id, "influencer", "medium", "neutral"),
                (id, "champion", None, None),
                (id, "coach", "high", "supporter"),
            ]
    found = sql.people(tx.con, TODAY, date(2026, 11, 29))
    assert sorted(found, key=str) == sorted(map(PersonFacts._make, expected), key=str)


def test_who_speaks_for_us(tx: Writing) -> None:
    id, other = acme(tx), acme(tx, "Other")
    by_role = add(tx, "contact", name="By role", account=id, role="champion")
    by_stance = add(tx, "contact", name="By stance", account=id, stance="champion")
    by_link = add(tx, "contact", name="By link", account=other)
    add(tx, "affiliation", contact=by_link, account=id, role="champion")
    before = add(tx, "contact", name="Before", account=other)
    add(tx, "affiliation", contact=before, account=id, role="champion", to_on="2026-01-01")
    add(tx, "contact", name="Left alone", account=id, role="champion", do_not_contact=1)
    add(tx, "contact", name="Neither", account=id, role="influencer", stance="supporter")
    for at, kind in (("01", "call"), ("03", "call"), ("05", "note")):
        moment = f"2026-11-{at}T09:00:00Z"
        add(tx, "log", account=id, kind=kind, at=moment, contacts=(by_role,))
    found = sql.champions(tx.con, [id])
    assert sorted(found) == sorted(
        [
            (by_role, id, "By role", "champion", None, "2026-11-22", "2026-11-03"),
            (by_stance, id, "By stance", None, "champion", "2026-11-22", None),
            (by_link, id, "By link", "champion", None, "2026-11-22", None),
        ]
    )
    # Somebody may be a champion at two accounts: each account gets one line.
    add(tx, "affiliation", contact=by_role, account=id, role="champion")
    assert sorted(sql.champions(tx.con, [id])) == sorted(found)


def test_objectives_that_were_due(tx: Writing) -> None:
    id = acme(tx)
    due = [
        add(tx, "objective", account=id, text=day, due=day) for day in ("2026-11-21", "2026-11-22")
    ]
    add(tx, "objective", account=id, text="Later", due="2026-11-23")
    add(tx, "objective", account=id, text="Done", due="2026-11-01", state="met")
    assert sorted(row[0] for row in sql.objectives(tx.con, TODAY)) == sorted(due)


# Terms


# Reviews


def test_the_last_review_of_each_account(tx: Writing) -> None:
    id, other = acme(tx), acme(tx, "Other")
    acme(tx, "Never")
    add(tx, "review", account=id, held_on="2026-10-01", rating="red")
    add(tx, "review", account=id, held_on="2026-03-01", rating="green")
    add(tx, "review", account=id, held_on="2026-10-01", rating="amber", health=50)
    add(tx, "review", account=other, held_on="2026-01-01", next_review="2026-12-01")
    assert sorted(review[:5] for review in sql.reviews(tx.con)) == sorted(
        [
            (id, "2026-10-01", None, "amber", 50),
            (other, "2026-01-01", "2026-12-01", None, None),
        ]
    )


def test_the_reviews_before_one(tx: Writing) -> None:
    id, other = acme(tx), acme(tx, "Other")
    first, second, same_day, _ = (
        add(tx, "review", account=id, held_on=day)
        for day in ("2026-01-01", "2026-03-01", "2026-03-01", "2026-05-01")
    )
    add(tx, "review", account=other, held_on="2026-01-01")
    condition = sql.reviews_before(id, "2026-03-01", same_day)
    found = tx.con.execute(f"SELECT id FROM review t WHERE {condition.sql}", condition.parameters)
    assert sorted(row[0] for row in found.fetchall()) == sorted([first, second])


def test_what_happened_since_a_day(tx: Writing) -> None:
    id, other = acme(tx), acme(tx, "Other")
    for account in (id, other, other):
        deal = add(tx, "deal", account=account, title="D")
        for on in ("2026-10-12", "2026-10-13"):
            values: dict[str, Any] = {"field": "stage", "old": "a", "new": "b", "changed_on": on}
            add(tx, "deal_change", deal=deal, account=account, **values)
        add(tx, "task", account=account, text="That day", done_at="2026-10-12T09:00:00Z")
        add(tx, "log", account=account, at="2026-10-12T09:00:00Z")
        add(tx, "log", account=account, at="2026-10-13T09:00:00Z")
        add(tx, "purchase", account=account, purchased_on="2026-10-13")
        add(tx, "purchase", account=account, purchased_on="2026-10-12")
        add(tx, "task", account=account, text="Kept", done_at="2026-10-13T09:00:00Z")
        add(tx, "task", account=account, text="Before", done_at="2026-10-11T09:00:00Z")
        add(tx, "task", account=account, text="Late", due="2026-11-21")
        add(tx, "task", account=account, text="Today", due="2026-11-22")
    assert sql.happened_since(tx.con, id, date(2026, 10, 12), TODAY) == {
        "interactions": 1,
        "changes": 1,
        "purchases": 1,
        "kept": 1,
        "late": 1,
    }


# Speed


def plan(tx: Writing, statement: str) -> str:
    return "\n".join(row[3] for row in tx.con.execute(f"EXPLAIN QUERY PLAN {statement}"))


def test_facts_are_not_looked_for_record_by_record(tx: Writing) -> None:
    """Every inner look-up uses an index; a scan in one would take quadratic time."""
    statements: list[str] = []
    tx.con.set_trace_callback(statements.append)
    first, last = date(2026, 10, 23), date(2027, 2, 20)
    account_sql.accounts(tx.con, account_sql.awake(TODAY))
    sql.tasks(tx.con)
    sql.deals(tx.con, TODAY, SIGNING)
    sql.people(tx.con, first, last)
    sql.champions(tx.con, ["a"])
    sql.objectives(tx.con, TODAY)
    sql.pushes(tx.con)
    sql.reviews(tx.con)
    sql.senders(tx.con, ["a"])
    reorder_sql.days_of_all(tx.con)
    contract_sql.with_an_end(tx.con, TODAY, timedelta(days=120), timedelta(days=30))
    tx.con.set_trace_callback(None)
    plans = [plan(tx, statement) for statement in statements]
    assert len(plans) == 11
    for found in plans:
        _, *inner = found.split("CORRELATED")
        assert not any("SCAN" in one for one in inner), found


def test_what_was_said(tx: Writing) -> None:
    id = acme(tx)
    mei = add(tx, "contact", name="Mei", account=id)
    for day, kind, direction, attempt in (
        ("10", "email", "in", False),
        ("11", "email", "out", False),
        ("12", "call", "out", True),
        ("13", "meeting", None, False),
        ("14", "note", None, False),
        ("15", "social", "in", False),
    ):
        values: dict[str, Any] = {"account": id, "kind": kind, "direction": direction}
        values["attempt"] = attempt
        add(tx, "log", at=f"2026-11-{day}T09:00:00Z", contacts=(mei,), **values)
    found = sql.said(tx.con, date(2026, 11, 11))
    assert [(one.day[-2:], one.side) for one in found] == [
        ("11", "out"),
        ("12", "out"),
        ("13", "both"),
        ("15", "in"),
    ]


def test_who_wrote(tx: Writing) -> None:
    id = acme(tx)
    mei, raj = (add(tx, "contact", name=name, account=id) for name in ("Mei", "Raj"))
    values: dict[str, Any] = {"account": id, "kind": "email", "direction": "in"}
    values["at"] = "2026-11-10T09:00:00Z"
    both = add(tx, "log", contacts=(raj, mei), **values)
    nobody = add(tx, "log", **values)
    add(tx, "log", contacts=(mei,), **values)
    assert sql.senders(tx.con, [both, nobody]) == {both: "Raj"}
    assert sql.senders(tx.con, []) == {}


def test_open_tickets(tx: Writing) -> None:
    id = acme(tx)
    at = "2026-11-10T09:00:00Z"
    add(tx, "log", account=id, kind="ticket", summary="Down", at=at)
    add(tx, "log", account=id, kind="ticket", summary="Solved", at=at, resolved_at=at)
    assert [(one.summary, one.day) for one in sql.tickets(tx.con)] == [("Down", "2026-11-10")]


def test_who_left(tx: Writing) -> None:
    id = acme(tx)
    mei = add(tx, "contact", name="Mei", account=id, stance="champion")
    add(tx, "affiliation", contact=mei, account=id, role="champion", to_on="2026-11-15")
    add(tx, "affiliation", contact=mei, account=id, role="coach", to_on="2026-09-15")
    found = sql.left(tx.con, date(2026, 10, 23))
    assert [(one.name, one.role, one.stance, one.day) for one in found] == [
        ("Mei", "champion", "champion", "2026-11-15")
    ]


def test_quotes_without_an_answer(tx: Writing) -> None:
    id = acme(tx)
    deals = {
        name: add(tx, "deal", account=id, title=name, closed_on=closed)
        for name, closed in (("open", None), ("closed", "2026-11-20"))
    }

    def quote(number: str, until: str | None, status: str = "sent", deal: str = "open") -> None:
        values: dict[str, Any] = {"account": id, "deal": deals[deal], "number": number}
        add(tx, "quote", valid_until=until, status=status, gross=5, **values)

    quote("Q-1", "2026-11-20")
    quote("Q-2", "2026-11-19")
    quote("Q-3", "2026-11-29")
    quote("Q-4", "2026-11-30")
    quote("Q-5", None)
    quote("Q-6", "2026-11-25", status="draft")
    quote("Q-7", "2026-11-25", deal="closed")
    found = sql.quotes(tx.con, date(2026, 11, 20), date(2026, 11, 29))
    assert [(one.number, one.gross, one.currency) for one in found] == [
        ("Q-1", 5, "SGD"),
        ("Q-3", 5, "SGD"),
    ]
