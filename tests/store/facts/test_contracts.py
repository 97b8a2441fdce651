"""The contracts of the book and the deals that renew them, as facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.making import add

from acctcli.domain.contracts import (
    ContractFacts,
    ContractRules,
    RenewalDeal,
    contracts,
    needs_someone,
)
from acctcli.store.facts import contracts as sql
from acctcli.store.journal import Writing
from acctcli.values.dates import iso


def test_contracts_are_purchases_with_a_last_day_and_what_renews_one(tx: Writing) -> None:
    one = add(tx, "account", name="One", status="customer")
    gone = add(tx, "account", name="Gone", status="former")
    seats = add(tx, "product", name="Seats", notice_days=60)
    add(tx, "purchase", account=one)
    term: dict[str, Any] = {
        "starts_on": "2025-02-01",
        "ends_on": "2026-01-31",
        "recurring": "yearly",
    }
    first = add(tx, "purchase", account=one, product=seats, **term)
    own: dict[str, Any] = {"notice_days": 30, "auto_renews": True, "standalone": True}
    second = add(tx, "purchase", account=one, product=seats, ends_on="2026-12-31", **own)
    bare = add(tx, "purchase", account=gone, ends_on="2027-01-31")
    bought = add(tx, "purchase", account=one, renews=first, lapsed_ok=True)
    bought_on = date(2026, 10, 1)
    starts, ends = date(2025, 2, 1), date(2026, 1, 31)
    product = (seats, "Seats", 100, "SGD")
    facts = [
        ContractFacts(
            *(bought, one, None, None, 100, "SGD", bought_on, None),
            *("none", first, False, None, False, True),
        ),
        ContractFacts(
            *(first, one, *product, starts, ends, "yearly", None, False, 60, False, False),
        ),
        ContractFacts(
            *(second, one, *product, bought_on, date(2026, 12, 31)),
            *("none", None, True, 30, True, False),
        ),
        ContractFacts(
            *(bare, gone, None, None, 100, "SGD", bought_on, date(2027, 1, 31)),
            *("none", None, False, None, False, True),
        ),
    ]
    assert sql.contracts(tx.con) == facts
    assert sql.contracts(tx.con, sql.of_accounts(None)) == facts
    assert sql.contracts(tx.con, sql.of_accounts([gone])) == facts[3:]
    assert sql.contracts(tx.con, sql.of_accounts([])) == []


def test_renewal_deals_by_account(tx: Writing) -> None:
    one = add(tx, "account", name="One")
    add(tx, "deal", account=one, title="New business", type="new")
    id = add(tx, "deal", account=one, title="Renewal", type="renewal", close_date="2026-12-01")
    found = {one: [RenewalDeal(id, "Renewal", one, None, "2026-12-01", None)]}
    assert sql.renewal_deals(tx.con) == found
    assert sql.renewal_deals(tx.con, sql.of_accounts([])) == {}
    for stage, category in (("won", "closed"), ("lost", "omitted")):
        values: dict[str, Any] = {"stage": stage, "category": category, "closed_on": "2026-11-01"}
        add(tx, "deal", account=one, title=stage, type="renewal", **values)
    lost = {deal.title: deal.lost for deal in sql.renewal_deals(tx.con)[one]}
    assert lost == {"Renewal": False, "won": False, "lost": True}


starts = st.dates(date(2026, 1, 1), date(2026, 6, 30))
drawn = st.lists(
    st.tuples(
        *(starts, st.integers(0, 400), st.sampled_from(["a", "b"]), st.booleans()),
        *(st.none() | st.integers(0, 5), st.booleans(), st.booleans()),
        st.none() | st.integers(0, 60),
    ),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn, st.dates(date(2026, 6, 1), date(2027, 12, 31)), st.integers(0, 90))
def test_what_is_narrowed_down_judges_alike(
    tx: Writing, terms: list[Any], today: date, window: int
) -> None:
    """An account that is left out has nothing that somebody should see to."""
    rules = ContractRules(window=window)
    tx.con.execute("SAVEPOINT one")
    try:
        accounts = {name: add(tx, "account", name=name) for name in "ab"}
        ids: list[str] = []
        for start, length, name, alone, renews, auto, closed, notice in terms:
            ends = start + timedelta(days=length)
            named = ids[renews] if renews is not None and renews < len(ids) else None
            values: dict[str, Any] = {"starts_on": iso(start), "ends_on": iso(ends)}
            values |= {"notice_days": notice, "auto_renews": auto, "lapsed_ok": closed}
            values |= {"renews": named, "standalone": alone and named is None}
            ids.append(add(tx, "purchase", account=accounts[name], **values))
        whole = contracts(sql.contracts(tx.con), rules)
        days = [timedelta(days=rules.early), timedelta(days=rules.grace)]
        narrow = sql.with_an_end(tx.con, today + timedelta(days=window), *days)
        some = contracts(sql.contracts(tx.con, sql.of_accounts(narrow)), rules)
        assert [one for one in whole if needs_someone(one, {}, today)] == [
            one for one in some if needs_someone(one, {}, today)
        ]
    finally:
        tx.con.execute("ROLLBACK TO one")
        tx.con.execute("RELEASE one")
