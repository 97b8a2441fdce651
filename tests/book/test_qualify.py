"""How a lead becomes a prospect, and a prospect a customer."""

from __future__ import annotations

import pytest

from acctcli.book import qualify, reading
from acctcli.book.context import Context
from acctcli.book.qualify import Grounds
from acctcli.errors import Invalid
from acctcli.store import queries, records


@pytest.fixture
def lead(context: Context) -> str:
    with context.write() as tx:
        return records.insert(tx, "account", {"name": "Konex", "status": "lead"}, {})


def do(
    context: Context, id: str, target: str, grounds: Grounds, *, anyway: bool = False
) -> qualify.Qualified:
    deal = qualify.read_deal(context, grounds)
    with context.write() as tx:
        return qualify.qualify(context, tx, [id], target, grounds, deal, anyway=anyway)


def status(context: Context, id: str) -> str:
    with context.read() as con:
        found: str = queries.get(con, "account", context.fields("account"), id)["status"]
    return found


def test_what_is_said_makes_a_prospect_with_a_deal_and_a_note(context: Context, lead: str) -> None:
    deal = {"title": "Pilot", "amount": "50k SGD", "close_date": "eoq"}
    done = do(context, lead, "prospect", Grounds(["Same field"], "Asked for pricing", deal))
    assert done.rows[0]["status"] == "lead"
    said = "fit: Same field; intent: Asked for pricing; opportunity: Pilot 50,000 SGD"
    assert done.grounds == [f": {said}"]
    assert status(context, lead) == "prospect"
    with context.read() as con:
        (made,) = reading.whole(context, con, "deal")
        (note,) = reading.whole(context, con, "log")
    assert (made["title"], note["deal_id"]) == ("Pilot", made["id"])
    assert note["summary"] == f"Qualified as prospect: {said}"


def test_what_is_not_verified_stops_it_unless_it_is_done_anyway(
    context: Context, lead: str
) -> None:
    with context.read() as con:
        row = queries.get(con, "account", context.fields("account"), lead)
        checks = qualify.checked(context, con, row, "prospect", Grounds(), None)
    assert {check.code: check.holds for check in checks} == {
        "fit": None,
        "intent": False,
        "opportunity": False,
    }
    with pytest.raises(Invalid, match="is not verified as a prospect"):
        do(context, lead, "prospect", Grounds())
    assert status(context, lead) == "lead"
    done = do(context, lead, "prospect", Grounds(), anyway=True)
    assert done.grounds == [": not verified: intent, opportunity"]


def test_a_customer_has_bought(context: Context, lead: str) -> None:
    do(context, lead, "prospect", Grounds(), anyway=True)
    with pytest.raises(Invalid, match="nothing won or bought yet"):
        do(context, lead, "customer", Grounds([], "They promised"))
    purchase = {"account": lead, "amount": 100, "currency": "SGD", "bought_on": "2026-11-01"}
    with context.write() as tx:
        records.insert(tx, "purchase", purchase, {})
    do(context, lead, "customer", Grounds())
    assert status(context, lead) == "customer"
    with pytest.raises(Invalid, match="is already a customer"):
        do(context, lead, "customer", Grounds())
