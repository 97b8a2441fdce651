"""Sources: everybody is counted once per source, and unknown values are left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.sources import (
    ClosedDeal,
    Origin,
    SourceLine,
    by_source,
    by_tag,
    in_period,
    total,
)
from acctcli.values.periods import period

TODAY = date(2026, 11, 22)
days = st.dates(date(2025, 1, 1), TODAY)
maybe = st.none() | days


def account(id: str = "a", **given: Any) -> Origin:
    """Return a lead that was entered on 1 March, unless given otherwise."""
    values: dict[str, Any] = {
        "id": id,
        "source": None,
        "tags": (),
        "status": "lead",
        "entered": date(2026, 3, 1),
        "first_log": None,
        "first_deal": None,
        "first_won": None,
        "first_purchase": None,
        **given,
    }
    return Origin(**values)


def won(
    account: str, amount: int, *, source: str | None = None, currency: str = "SGD"
) -> ClosedDeal:
    return ClosedDeal(account, source, True, amount, currency)


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Origin], list[ClosedDeal]]:
    accounts = [
        account(
            id,
            source=draw(st.none() | st.sampled_from(["web", "Web", "expo"])),
            tags=draw(st.sets(st.sampled_from(["vip", "grid"]))),
            status=draw(st.sampled_from(["lead", "prospect", "customer", "former"])),
            entered=draw(days),
            first_log=draw(maybe),
            first_deal=draw(maybe),
            first_won=draw(maybe),
            first_purchase=draw(maybe),
        )
        for id in "abcdef"
    ]
    deals = [
        ClosedDeal(
            draw(st.sampled_from("abcdefxyz")),
            draw(st.none() | st.sampled_from(["web", "partner"])),
            draw(st.booleans()),
            draw(st.none() | st.integers(0, 10**9)),
            draw(st.sampled_from(["SGD", "EUR"])),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    return accounts, deals


@given(books())
def test_the_sources_add_up_to_the_book(book: tuple[list[Origin], list[ClosedDeal]]) -> None:
    accounts, deals = book
    found, whole = by_source(accounts, deals), total(accounts, deals)
    for name in ("leads", "qualified", "customers", "won", "lost"):
        assert sum(getattr(line, name) for line in found) == getattr(whole, name)
    assert whole.leads == len(accounts)
    for currency in ("SGD", "EUR"):
        assert sum(dict(line.value).get(currency, 0) for line in found) == dict(whole.value).get(
            currency, 0
        )


@given(books())
def test_customers_are_qualified_and_qualified_are_leads(
    book: tuple[list[Origin], list[ClosedDeal]],
) -> None:
    for line in (*by_source(*book), *by_tag(*book)):
        if line.leads:
            assert line.customers <= line.qualified <= line.leads
            assert line.days_to_customer is None or line.days_to_customer > 0
            assert line.days_to_qualify is None or line.days_to_qualify >= 0
            assert (line.days_to_qualify is None) == (line.qualified_timed == 0)


def test_the_way_of_a_source() -> None:
    accounts = [
        account("a", source="expo"),
        account("b", source="expo", first_deal=date(2026, 3, 11)),
        account(
            "c",
            source="expo",
            status="prospect",
            first_log=date(2026, 2, 1),
            first_deal=date(2026, 3, 3),
            first_won=date(2026, 6, 1),
        ),
        account("d", source="expo", status="former"),
    ]
    deals = [won("c", 500), won("c", 70, currency="EUR"), ClosedDeal("b", None, False, 9, "SGD")]
    (line,) = by_source(accounts, deals)
    assert line == SourceLine(
        name="expo",
        leads=4,
        qualified=3,
        customers=2,
        won=2,
        lost=1,
        value=[("EUR", 70), ("SGD", 500)],
        days_to_qualify=20,
        qualified_timed=2,
        days_to_customer=120,
        customer_timed=1,
    )
    # Of so few there are counts, and no percentages.
    assert (line.qualified_rate, line.customer_rate, line.win_rate) == (None, None, None)
    many = total([*accounts, account("e", status="lead")], [*deals, won("c", 1), won("c", 1)])
    assert (many.qualified_rate, many.customer_rate, many.win_rate) == (60.0, 40.0, 80.0)


@pytest.mark.parametrize(
    ("known", "days"),
    [
        ({}, None),
        ({"first_deal": date(2026, 1, 25)}, 20),
        ({"left_lead": date(2026, 1, 15), "first_deal": date(2026, 1, 25)}, 10),
        ({"left_lead": date(2026, 1, 5)}, 0),
        ({"left_lead": date(2026, 1, 5), "imported": True}, None),
        ({"left_lead": date(2026, 1, 6), "imported": True}, 1),
        ({"first_deal": date(2025, 1, 25)}, None),
        ({"first_log": date(2026, 1, 1), "first_deal": date(2026, 1, 25)}, 24),
        ({"entered": None, "first_deal": date(2026, 1, 25)}, None),
    ],
)
def test_days_to_qualify_count_from_entry(known: dict[str, Any], days: int | None) -> None:
    assert account(**{"entered": date(2026, 1, 5), **known}).days_to_qualify == days


def test_who_came_as_a_customer_says_nothing_of_how_long_it_takes() -> None:
    day = date(2026, 1, 5)
    known = account(status="customer", first_deal=day, first_won=day, first_purchase=day)
    line = total([known], [])
    assert (line.customers, line.days_to_qualify, line.days_to_customer) == (1, None, None)


def test_a_deals_own_source_goes_before_its_accounts() -> None:
    accounts = [account("a", source="expo", status="customer")]
    found = by_source(accounts, [won("a", 500), won("a", 900, source="partner")])
    assert [(line.name, line.leads, line.value) for line in found] == [
        ("expo", 1, [("SGD", 500)]),
        ("partner", 0, [("SGD", 900)]),
    ]
    assert found[1].customer_rate is None


def test_an_account_counts_under_each_of_its_tags_and_under_none_without() -> None:
    accounts = [account("a", tags=("vip", "grid")), account("b", tags=("VIP",)), account("c")]
    found = by_tag(accounts, [won("a", 500), won("c", 900)])
    assert [(line.name, line.leads, line.value) for line in found] == [
        ("vip", 2, [("SGD", 500)]),
        ("grid", 1, [("SGD", 500)]),
    ]


def test_without_a_source_comes_last() -> None:
    accounts = [account("a", status="customer"), account("b", source="web")]
    assert [line.name for line in by_source(accounts, [])] == ["web", None]


@given(books())
def test_a_period_is_about_those_who_came_in_it(
    book: tuple[list[Origin], list[ClosedDeal]],
) -> None:
    accounts, _ = book
    parts = [in_period(accounts, period(year, TODAY)) for year in ("2025", "2026")]
    assert sum(map(len, parts)) == len(in_period(accounts, None)) == len(accounts)


def test_nothing_comes_of_nothing() -> None:
    empty = total([], [])
    assert (empty.leads, empty.qualified_rate, empty.customer_rate) == (0, None, None)
    assert by_source([], [won("a", 1)]) == by_tag([], []) == []
