"""Contracts: succession, live days, ARR, and their state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.contracts import (
    AHEAD,
    DUE,
    ENDED,
    LAPSED,
    MISSED,
    RENEWED,
    RUNNING,
    STANDINGS,
    Contract,
    ContractFacts,
    ContractRules,
    RenewalDeal,
    arr_on,
    contracts,
    renewal_deal,
    renewing,
    whole_months,
)
from acctcli.values.dates import add_months

TODAY = date(2026, 11, 27)


def contract(id: str, starts: str, ends: str | None, amount: int = 1200, **more: Any) -> Any:
    """A yearly contract of one account and product, unless it says otherwise."""
    values: dict[str, Any] = {
        **{"account_id": "a", "product_id": "seats", "product": "Seats", "currency": "GBP"},
        **{"recurring": "yearly", "renews_id": None, "alone": False, "notice_days": None},
        **{"auto_renews": False, "closed": False},
        **{"id": id, "amount": amount, "starts_on": date.fromisoformat(starts)},
        "ends_on": date.fromisoformat(ends) if ends else None,
        **more,
    }
    return ContractFacts(**values)


def known(*facts: ContractFacts, **rules: int) -> dict[str, Contract]:
    """The contracts by id."""
    return {one.facts.id: one for one in contracts(facts, ContractRules(**rules))}


def arr(facts: Sequence[ContractFacts], day: date | str) -> int:
    """The ARR on a day of the only account."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return sum(arr_on(contracts(facts), on).values())


def standing(facts: ContractFacts, day: str) -> str:
    (found,) = contracts([facts])
    return found.standing(date.fromisoformat(day))


# Which succeeds which


def renewed(*facts: ContractFacts) -> dict[str, list[str]]:
    """The ids of what succeeds each contract."""
    return {id: [s.id for s in one.successors] for id, one in known(*facts).items()}


def test_the_next_term_of_a_product_succeeds_the_one_before() -> None:
    terms = [
        contract("1", "2024-01-01", "2024-12-31"),
        contract("2", "2025-01-01", "2025-12-31"),
        contract("3", "2026-01-01", "2026-12-31"),
    ]
    assert renewed(*reversed(terms)) == {"1": ["2"], "2": ["3"], "3": []}


@pytest.mark.parametrize(
    ("starts", "ends", "succeeds"),
    [
        ("2025-09-02", "2026-09-01", True),  # 120 days before the end
        ("2025-09-01", "2026-08-31", False),  # 121 days
        ("2025-12-01", "2025-12-31", False),  # it does not end after it
        ("2026-06-01", "2027-05-31", True),  # five months late
    ],
)
def test_a_renewal_starts_around_the_end_and_ends_after_it(
    starts: str, ends: str, succeeds: bool
) -> None:
    found = renewed(contract("1", "2025-01-01", "2025-12-31"), contract("2", starts, ends))
    assert found["1"] == (["2"] if succeeds else [])


def test_another_product_or_account_renews_nothing() -> None:
    term = contract("1", "2025-01-01", "2025-12-31")
    for other in ({"product_id": "support"}, {"product_id": None}, {"account_id": "b"}):
        assert renewed(term, contract("2", "2026-01-01", "2026-12-31", **other))["1"] == []


def test_a_reference_decides_whatever_the_product() -> None:
    term = contract("1", "2025-01-01", "2025-12-31")
    other = contract("2", "2026-01-01", "2026-12-31", product_id="suite", renews_id="1")
    beside = contract("3", "2026-01-01", "2026-12-31", alone=True)
    assert renewed(term, other, beside) == {"1": ["2"], "2": [], "3": []}
    # A contract that is named has its successor, so nothing else is taken for one.
    guess = contract("4", "2026-01-01", "2026-12-31")
    assert renewed(term, other, guess)["1"] == ["2"]


def test_a_reference_leaves_the_other_contract_of_the_product_open() -> None:
    both = [contract(id, "2025-01-01", "2025-12-31") for id in "12"]
    only = contract("3", "2026-01-01", "2026-12-31", renews_id="1")
    assert renewed(*both, only) == {"1": ["3"], "2": [], "3": []}


def test_what_has_no_term_can_be_named_as_a_renewal() -> None:
    bought = contract("2", "2026-01-01", None, recurring="none", renews_id="1")
    assert renewed(contract("1", "2025-01-01", "2025-12-31"), bought) == {"1": ["2"]}


def test_contracts_that_name_each_other_do_not_both_vanish() -> None:
    one = contract("1", "2026-01-01", "2026-12-31", renews_id="2")
    other = contract("2", "2026-01-01", "2026-12-31", renews_id="1")
    assert renewed(one, other) == {"1": ["2"], "2": []}
    assert arr([one, other], "2026-06-01") == 1200
    assert arr([one._replace(renews_id="1")], "2026-06-01") == 1200


def test_one_can_join_two_that_end_together() -> None:
    main = contract("1", "2025-01-01", "2025-12-31", 100_000)
    add_on = contract("2", "2025-07-01", "2025-12-31", 25_000)
    joined = contract("3", "2026-01-01", "2026-12-31", 150_000)
    assert renewed(main, add_on, joined) == {"1": ["3"], "2": ["3"], "3": []}
    assert arr([main, add_on, joined], "2025-06-30") == 100_000
    assert arr([main, add_on, joined], "2025-12-31") == 150_000
    assert arr([main, add_on, joined], "2026-01-01") == 150_000


def test_an_add_on_runs_beside_the_contract_and_both_renew() -> None:
    main = [contract("1", "2025-01-01", "2025-12-31"), contract("3", "2026-01-01", "2026-12-31")]
    add_on = [
        contract("2", "2025-07-01", "2026-06-30", 600),
        contract("4", "2026-07-01", "2027-06-30", 600),
    ]
    assert renewed(*main, *add_on) == {"1": ["3"], "2": ["4"], "3": [], "4": []}
    assert [arr([*main, *add_on], day) for day in ("2025-06-30", "2025-08-01", "2026-12-31")] == [
        *(1200, 1800, 1800),
    ]


def test_the_renewal_of_an_add_on_does_not_hide_a_contract_that_lapsed() -> None:
    main = contract("1", "2025-01-01", "2025-12-31")
    add_on = contract("2", "2025-07-01", "2026-06-30")
    found = known(main, add_on, contract("3", "2026-07-01", "2027-06-30"))
    assert found["2"].standing(TODAY) == RENEWED
    assert found["1"].standing(TODAY) == LAPSED


def test_who_comes_back_renews_what_lapsed() -> None:
    old = [contract("1", "2022-01-01", "2022-12-31"), contract("2", "2022-03-01", "2023-02-28")]
    assert renewed(*old, contract("3", "2026-01-01", "2026-12-31")) == {
        **{"1": ["3"], "2": ["3"], "3": []},
    }


# Live, and worth a year


def test_it_is_live_from_its_start_to_the_end_of_its_grace() -> None:
    (term,) = contracts([contract("1", "2025-01-01", "2025-12-31")])
    assert not term.live(date(2024, 12, 31))
    assert term.live(date(2025, 1, 1))
    assert term.live(date(2026, 1, 30))
    assert not term.live(date(2026, 1, 31))


def test_what_is_known_to_end_has_no_grace() -> None:
    (term,) = contracts([contract("1", "2025-01-01", "2025-12-31", closed=True)])
    assert term.live(date(2025, 12, 31))
    assert not term.live(date(2026, 1, 1))


@pytest.mark.parametrize("starts", ["2025-12-01", "2026-01-01", "2026-01-20"])
def test_a_renewal_that_starts_early_or_late_is_no_change(starts: str) -> None:
    terms = [contract("1", "2025-01-01", "2025-12-31"), contract("2", starts, "2026-12-31")]
    terms[1] = terms[1]._replace(amount=100 * whole_months(terms[1].starts_on, terms[1].ends_on))
    day = date(2025, 1, 1)
    while day <= date(2026, 12, 31):
        assert arr(terms, day) == 1200, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "months"),
    [
        ("2026-01-01", "2026-12-31", 12),
        ("2026-01-01", "2026-12-30", 12),  # a day short
        ("2026-01-15", "2027-01-15", 12),  # a day long
        ("2026-01-01", "2027-01-31", 13),
        ("2026-01-01", "2028-12-31", 36),
        ("2024-02-29", "2025-02-27", 12),
        ("2026-01-31", "2026-02-27", 1),
        ("2026-01-01", "2026-01-03", 1),
        ("2026-01-01", "2026-02-14", 2),
        ("2026-01-01", "2026-02-13", 1),
        ("2026-01-01", "2026-01-01", 1),
    ],
)
def test_months_of_a_term(starts: str, ends: str, months: int) -> None:
    assert whole_months(date.fromisoformat(starts), date.fromisoformat(ends)) == months


@pytest.mark.parametrize(
    ("ends", "amount", "recurring", "yearly"),
    [
        ("2026-12-31", 1200, "yearly", 1200),
        ("2028-12-31", 90_000, "yearly", 30_000),  # three years prepaid
        ("2027-01-31", 1300, "yearly", 1200),
        ("2026-01-31", 100, "monthly", 1200),
        ("2026-12-31", 100, "monthly", 1200),  # paid monthly, for a year
        ("2026-07-31", 100, "yearly", 171),  # 171.4
        ("2026-08-31", 3, "yearly", 5),  # half a unit goes away from zero
        ("2026-08-31", -3, "yearly", -5),
        ("2026-12-31", 1200, "none", None),
    ],
)
def test_arr(ends: str, amount: int, recurring: str, yearly: int | None) -> None:
    (term,) = contracts([contract("1", "2026-01-01", ends, amount, recurring=recurring)])
    assert term.arr == yearly
    assert term.worth == (amount if yearly is None else yearly)


def test_a_flat_price_stays_flat_over_terms_of_12_13_and_12_months() -> None:
    terms = [
        contract("1", "2024-01-01", "2024-12-31", 12_000),
        contract("2", "2025-01-01", "2026-01-31", 13_000),
        contract("3", "2026-02-01", "2027-01-31", 12_000),
    ]
    for month in range(36):
        assert arr(terms, add_months(date(2024, 1, 31), month)) == 12_000


def test_arr_is_by_account_and_currency_and_of_what_is_known() -> None:
    facts = [
        contract("1", "2026-01-01", "2026-12-31", 5),
        contract("2", "2026-01-01", "2026-12-31", 7, product_id="support"),
        contract("3", "2026-01-01", "2026-12-31", 9, currency="EUR", product_id=None),
        contract("4", "2026-01-01", "2026-12-31", 11, account_id="b"),
        contract("5", "2026-01-01", "2026-12-31", account_id="b", currency=None),
        contract("6", "2026-01-01", "2026-12-31", account_id="c")._replace(amount=None),
        contract("7", "2026-01-01", "2026-12-31", account_id="c", recurring="none"),
    ]
    assert arr_on(contracts(facts), TODAY) == {("a", "GBP"): 12, ("a", "EUR"): 9, ("b", "GBP"): 11}


# How it stands


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", AHEAD),
        ("2026-01-01", RUNNING),
        ("2026-10-01", RUNNING),
        ("2026-10-02", DUE),  # 90 days are less than a quarter of a year
        ("2026-12-31", DUE),
        ("2027-01-01", LAPSED),
        ("2027-01-31", LAPSED),
        ("2027-07-19", LAPSED),  # 200 days, and still not forgotten
    ],
)
def test_standing_of_a_year(day: str, expected: str) -> None:
    assert standing(contract("1", "2026-01-01", "2026-12-31"), day) == expected


def test_a_short_term_is_due_for_a_quarter_of_it() -> None:
    term = contract("1", "2026-07-01", "2026-09-30")  # 92 days
    assert standing(term, "2026-09-06") == RUNNING
    assert standing(term, "2026-09-07") == DUE


def test_a_monthly_contract_is_never_due_but_can_be_missed() -> None:
    term = contract("1", "2026-10-01", "2026-10-31", 100, recurring="monthly")
    days = ("2026-10-01", "2026-10-31", "2026-11-07", "2026-11-08", "2027-06-01")
    assert [standing(term, day) for day in days] == [RUNNING, RUNNING, RUNNING, MISSED, MISSED]
    year = contract("1", "2026-01-01", "2026-12-31", 100, recurring="monthly")
    assert standing(year, "2026-12-01") == DUE


def test_a_monthly_customer_who_ended_in_june_is_lost_in_july() -> None:
    months = [
        contract(
            *(f"{month:02}", f"2026-{month:02}-01"),
            *(f"{add_months(date(2026, month, 1), 1) - timedelta(days=1)}", 100),
            recurring="monthly",
        )
        for month in range(1, 7)
    ]
    assert arr(months, "2026-06-30") == 1200
    assert arr(months, "2026-07-30") == 1200
    assert arr(months, "2026-07-31") == 0


def test_what_is_closed_is_neither_due_nor_lapsed() -> None:
    term = contract("1", "2026-01-01", "2026-12-31", closed=True)
    assert [standing(term, day) for day in ("2026-12-01", "2027-01-01")] == [RUNNING, ENDED]


def test_a_renewal_that_is_entered_settles_it_at_once() -> None:
    found = known(
        contract("1", "2025-12-01", "2026-11-30"), contract("2", "2026-12-01", "2027-11-30")
    )
    assert found["1"].standing(TODAY) == RENEWED
    assert found["2"].standing(TODAY) == AHEAD
    assert not found["1"].lapsed(date(2027, 3, 1))


def test_with_notice_it_counts_down_to_the_last_day_for_it() -> None:
    (term,) = contracts([contract("1", "2026-01-01", "2026-12-31", notice_days=60)])
    assert term.notice_by(TODAY) == date(2026, 11, 1)
    assert term.deadline(date(2026, 11, 1)) == date(2026, 11, 1)
    assert term.deadline(date(2026, 11, 2)) == date(2026, 12, 31)  # too late for notice
    assert term.standing(date(2026, 8, 2)) == RUNNING
    for day in (date(2026, 8, 3), date(2026, 11, 2), date(2026, 12, 31)):
        assert term.standing(day) == DUE
    (without,) = contracts([contract("1", "2026-01-01", "2026-12-31")])
    assert without.notice_by(TODAY) is None
    assert without.deadline(TODAY) == date(2026, 12, 31)


def test_what_renews_itself_runs_on_in_terms_of_its_length() -> None:
    facts = contract("1", "2024-01-01", "2024-12-31", auto_renews=True, notice_days=30)
    (term,) = contracts([facts])
    assert term.end(date(2024, 12, 31)) == date(2024, 12, 31)
    assert term.end(date(2025, 1, 1)) == date(2025, 12, 31)
    assert term.end(TODAY) == date(2026, 12, 31)
    assert term.notice_by(TODAY) == date(2026, 12, 1)
    assert term.standing(TODAY) == DUE
    assert term.standing(date(2026, 3, 1)) == RUNNING
    assert term.live(date(2030, 1, 1))
    (stopped,) = contracts([facts._replace(closed=True)])
    assert stopped.standing(TODAY) == ENDED
    assert not stopped.live(date(2025, 1, 1))
    found = known(facts, contract("2", "2026-07-01", "2027-06-30"))
    assert found["1"].standing(TODAY) == RENEWED
    assert found["1"].live(date(2026, 6, 30))
    assert not found["1"].live(date(2026, 7, 1))
    month = contract("1", "2026-01-31", "2026-02-27", recurring="monthly", auto_renews=True)
    assert standing(month, "2026-11-27") == RUNNING


def test_a_term_that_ends_before_it_starts_is_a_day() -> None:
    (term,) = contracts([contract("1", "2026-05-01", "2026-04-01")])
    assert (term.starts, term.ends, term.months) == (date(2026, 4, 1), date(2026, 4, 1), 1)


# The deals that renew it


def test_the_renewal_deal_of_a_contract() -> None:
    (term,) = contracts([contract("1", "2026-01-01", "2026-12-31")])

    def deal(id: str, product: str | None, close: str | None, closed: str | None = None) -> Any:
        return RenewalDeal(id, f"Deal {id}", "a", product, close, closed)

    won = deal("1", "seats", None, "2026-10-01")
    any_product = deal("2", None, "2026-11-01")
    later, nearer = deal("3", "seats", "2027-01-01"), deal("4", "seats", "2026-12-01")
    undated, other = deal("5", "seats", None), deal("6", "support", "2026-11-01")
    every = [won, any_product, later, undated, nearer, other]
    assert renewal_deal(term, {"a": every}) == nearer
    assert renewal_deal(term, {"a": [undated, later]}) == later
    assert renewal_deal(term, {"a": [any_product, won]}) == any_product
    assert renewal_deal(term, {"a": [won, other], "b": [nearer]}) is None
    assert renewing(term, {"a": every}) == [won, any_product, later, undated, nearer]
    assert renewal_deal(term, {}) is None


def lost(day: str, product: str | None = "seats", *, won: bool = False) -> RenewalDeal:
    return RenewalDeal(f"d{day}", "Renewal", "a", product, None, day, lost=not won)


OPEN = RenewalDeal("open", "Renewal", "a", "seats", "2027-02-01", None)


@pytest.mark.parametrize(
    ("deals", "counts"),
    [
        ([], True),
        ([lost("2026-12-01")], False),
        ([lost("2027-01-05")], False),  # decided in its grace
        ([lost("2026-03-01")], False),  # early in its term
        ([lost("2025-12-31")], True),  # of the term before
        ([lost("2026-12-01", None)], False),
        ([lost("2026-03-01", None)], True),  # may be about another contract
        ([lost("2026-12-01", "support")], True),
        ([lost("2026-12-01", won=True)], True),
        ([lost("2026-12-01"), lost("2026-12-20", won=True)], True),
        ([lost("2026-12-20"), lost("2026-12-01", won=True)], False),
        ([lost("2026-12-01"), OPEN], True),  # somebody tries again
    ],
)
def test_a_contract_whose_renewal_was_lost_has_no_grace(
    deals: list[RenewalDeal], counts: bool
) -> None:
    (term,) = contracts([contract("1", "2026-01-01", "2026-12-31")], deals={"a": deals})
    assert term.live(date(2026, 12, 31))
    assert (term.live(date(2027, 1, 1)), term.lost) == (counts, not counts)
    assert not term.live(date(2027, 1, 31))
    assert term.standing(date(2027, 1, 1)) == LAPSED


def test_who_renews_in_the_grace_after_all_was_never_away() -> None:
    old = contract("1", "2026-01-01", "2026-12-31")
    deals = {"a": [lost("2026-12-01")]}
    late = contract("2", "2027-01-20", "2028-01-19")
    first, _ = contracts([old, late], deals=deals)
    assert (first.lost, first.live(date(2027, 1, 10))) == (False, True)
    back = contract("2", "2027-06-01", "2028-05-31", renews_id="1")
    first, _ = contracts([old, back], deals=deals)
    assert (first.lost, first.live(date(2027, 1, 10))) == (True, False)


def test_what_renews_itself_needs_no_deal() -> None:
    own = contract("1", "2026-01-01", "2026-12-31", auto_renews=True)
    (term,) = contracts([own], deals={"a": [lost("2026-12-01")]})
    assert term.live(date(2027, 6, 1))


# What holds for every book

starts = st.dates(date(2020, 1, 1), date(2024, 12, 31)).filter(lambda day: day.day <= 28)
cuts = st.lists(st.integers(1, 40), min_size=1, max_size=6)


def cut(start: date, months: Sequence[int], price: int) -> list[ContractFacts]:
    """A contract at a flat price each month, cut into terms."""
    days = [start]
    for length in months:
        days.append(add_months(days[-1], length))
    return [
        contract(
            *(f"{place}", first.isoformat(), (after - timedelta(days=1)).isoformat()),
            price * length,
        )
        for place, ((first, after), length) in enumerate(zip(pairwise(days), months, strict=True))
    ]


@given(starts, cuts, st.integers(1, 10_000), st.integers(0, 6000), st.randoms())
def test_arr_is_the_same_however_a_contract_is_cut_and_entered(
    start: date, months: list[int], price: int, days: int, order: Any
) -> None:
    terms = cut(start, months, price)
    order.shuffle(terms)
    whole = cut(start, [sum(months)], price)
    day = start + timedelta(days=days - 30)
    assert arr(terms, day) == arr(whole, day)
    live = start <= day < add_months(start, sum(months)) + timedelta(days=30)
    assert arr(whole, day) == (12 * price if live else 0)


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
some = st.builds(
    lambda id, start, length, **more: contract(
        id, start.isoformat(), (start + timedelta(days=length)).isoformat(), **more
    ),
    st.uuids().map(str),
    days,
    st.integers(0, 800),
    product_id=st.sampled_from(["seats", "support", None]),
    recurring=st.sampled_from(["none", "monthly", "yearly"]),
    alone=st.booleans(),
    auto_renews=st.booleans(),
    closed=st.booleans(),
    notice_days=st.none() | st.integers(0, 90),
)


@given(st.lists(some, max_size=12), days)
def test_every_contract_stands_somehow_and_none_is_lost(
    facts: list[ContractFacts], day: date
) -> None:
    found = contracts(facts)
    assert [one.facts for one in found] == facts
    for one in found:
        assert one.standing(day) in STANDINGS
        assert all(s.starts_on > one.facts.starts_on for s in one.successors)
        if one.standing(day) == DUE:
            assert one.deadline(day) >= day
        ended = one.ends < day and not one.renews_itself and not one.successors
        if ended and not one.facts.closed and not one.monthly:
            assert one.lapsed(day)


@given(st.lists(some, max_size=12))
def test_what_stands_beside_changes_nothing(facts: list[ContractFacts]) -> None:
    """A contract of another account does not affect the existing ones."""
    before = {one.facts.id: one for one in contracts(facts)}
    other = contract("other", "2025-01-01", "2025-12-31", account_id="b")
    after = {one.facts.id: one for one in contracts([*facts, other])}
    assert {id: after[id] for id in before} == before
