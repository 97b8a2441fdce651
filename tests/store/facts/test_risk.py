"""What the risk of deals is judged by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.store.making import add

from acctcli.store.facts import risk
from acctcli.store.journal import Writing


@pytest.fixture
def accounts(tx: Writing) -> tuple[str, str]:
    one, other = (add(tx, "account", name=name) for name in "AB")
    return one, other


def test_open_deals_with_their_stage_and_steps(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    deal = add(tx, "deal", account=one, title="D", close_date="2026-12-01")
    add(tx, "deal", account=one, title="Won", closed_on="2026-11-01")
    add(tx, "deal", account=other, title="Other")
    change: dict[str, Any] = {"deal": deal, "account": one, "field": "stage", "new": "proposal"}
    add(tx, "deal_change", changed_on="2026-11-05", **change)
    expected = (deal, one, "proposal", "2026-11-01", "2026-12-01", "2026-11-05", 0)
    assert risk.deals(tx.con, [one]) == [(*expected, False)]
    add(tx, "task", text="T", account=one, deal=deal, due="2026-12-01")
    assert risk.deals(tx.con, [one]) == [(*expected, True)]
    assert risk.loose_steps(tx.con, accounts) == set()
    add(tx, "task", text="T", account=other, due="2026-12-01")
    assert risk.loose_steps(tx.con, accounts) == {other}
    assert len(risk.deals(tx.con, accounts)) == 2


def test_what_was_said_in_order(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    for at, kind, more in (
        ("2026-11-04", "email", {"direction": "out"}),
        ("2026-11-03", "call", {"attempt": 1}),
        ("2026-11-05", "email", {"direction": "in"}),
        ("2026-11-06", "note", {}),
        ("2026-10-31", "call", {}),
    ):
        values: dict[str, Any] = {"kind": kind, "at": f"{at}T09:00:00Z", **more}
        add(tx, "log", account=one, **values)
        add(tx, "log", account=other, **values)
    of_one = [
        (one, None, "2026-11-03", False, True),
        (one, None, "2026-11-04", False, True),
        (one, None, "2026-11-05", True, False),
        (one, None, "2026-11-06", False, False),
    ]
    assert risk.said(tx.con, [], [one], date(2026, 11, 1)) == of_one
    deal = add(tx, "deal", account=other, title="D")
    add(tx, "log", account=other, deal=deal, kind="call", at="2026-11-05T10:00:00Z")
    about = (other, deal, "2026-11-05", True, False)
    assert risk.said(tx.con, [deal], [one], date(2026, 11, 1)) == [*of_one[:3], about, of_one[3]]
    assert risk.said(tx.con, [deal], [], date(2026, 11, 1)) == [about]


def test_everybody_at_an_account_and_their_parts(tx: Writing, accounts: tuple[str, str]) -> None:
    one, other = accounts
    own = add(tx, "contact", name="Own", account=one, role="legal", influence="low")
    linked = add(tx, "contact", name="Linked", account=other, stance="supporter")
    add(tx, "affiliation", contact=linked, account=one, role="coach")
    add(tx, "affiliation", contact=linked, account=one, role="legal", to_on="2026-01-01")
    deal = add(tx, "deal", account=one, title="D")
    add(tx, "deal_contact", deal=deal, account=one, contact=own, role="champion")
    assert set(risk.players(tx.con, [one])) == {
        (one, own, "Own", "legal", "low", None),
        (one, linked, "Linked", "coach", None, "supporter"),
    }
    assert risk.parts(tx.con, accounts) == [(deal, own, "champion")]
    assert risk.parts(tx.con, [other]) == []
