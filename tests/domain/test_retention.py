"""Retention: the cohort is fixed, every minor unit is accounted for, no loss can be hidden."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.contracts import ContractFacts, RenewalDeal, contracts
from acctcli.domain.retention import (
    Cohort,
    Sale,
    SalePart,
    cohorts,
    customers,
    in_base,
    parts,
    spending,
    standing_of,
    windows,
    year_before,
)
from acctcli.domain.terms import WINDOWS
from acctcli.values.dates import add_months

DAY = date(2026, 11, 22)
START = date(2025, 11, 22)

days = st.dates(date(2022, 1, 1), date(2027, 6, 30))
amounts = st.integers(-(10**6), 10**9)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    day = draw(days)
    starts = ends = None
    if draw(st.booleans()):
        starts = draw(st.none() | st.dates(day - timedelta(days=40), day + timedelta(days=40)))
        ends = (starts or day) + timedelta(days=draw(st.integers(0, 1500)))
    return Sale(
        draw(st.sampled_from(["kim", "lee", "mei", "raj"])),
        draw(amounts),
        draw(st.sampled_from(["SGD", "EUR"])),
        day,
        starts,
        ends,
    )


books = st.lists(sales(), max_size=25)


def sale(
    account: str,
    amount: int,
    day: str,
    *,
    starts: str | None = None,
    ends: str | None = None,
    currency: str = "SGD",
) -> Sale:
    first, last = (date.fromisoformat(d) if d else None for d in (starts, ends))
    return Sale(account, amount, currency, date.fromisoformat(day), first, last)


def cohort_of(*sold: Sale, day: date = DAY) -> Cohort:
    (found,) = cohorts(spending(parts(sold), day))
    return found


# The two figures


@given(books, days)
def test_the_way_from_one_year_to_the_next_is_whole(book: list[Sale], day: date) -> None:
    spent = spending(parts(book), day)
    for cohort in cohorts(spent):
        members = [s for (_, c), s in spent.items() if c == cohort.currency and s.before > 0]
        assert cohort.customers == len(members)
        assert cohort.start == sum(s.before for s in members)
        assert cohort.end == sum(s.year for s in members)
        assert cohort.end - cohort.expansion == sum(min(s.before, s.year) for s in members)
        assert min(cohort.expansion, cohort.contraction, cohort.lost) >= 0


@given(books, st.lists(st.integers(1, 10**9), min_size=1, max_size=5))
def test_new_customers_never_change_the_figures(book: list[Sale], new: list[int]) -> None:
    more = [Sale(f"new {n}", a, "SGD", DAY, None, None) for n, a in enumerate(new)]
    assert cohorts(spending(parts(book), DAY)) == cohorts(spending(parts([*book, *more]), DAY))


def test_the_figures_of_a_small_book() -> None:
    cohort = cohort_of(
        sale("kept", 1000, "2025-03-01"),
        sale("kept", 1000, "2026-03-01"),
        sale("grew", 1000, "2025-03-01"),
        sale("grew", 2500, "2026-03-01"),
        sale("shrank", 1000, "2025-03-01"),
        sale("shrank", 400, "2026-03-01"),
        sale("left", 1000, "2025-03-01"),
        sale("new", 9000, "2026-03-01"),
    )
    assert (cohort.start, cohort.end) == (4000, 3900)
    assert (cohort.expansion, cohort.contraction, cohort.lost) == (1500, 600, 1000)
    assert (cohort.repeated(4), cohort.repeated(5)) == (97.5, None)
    assert (cohort.customers, cohort.kept) == (4, 3)


def test_who_got_more_back_than_was_sold_is_lost() -> None:
    cohort = cohort_of(sale("kim", 1000, "2025-03-01"), sale("kim", -200, "2026-03-01"))
    assert (cohort.kept, cohort.lost, cohort.repeated(1)) == (0, 1200, -20.0)


def test_without_a_customer_the_year_before_there_is_no_cohort() -> None:
    assert cohorts(spending(parts([sale("new", 1000, "2026-03-01")]), DAY)) == []
    assert Cohort("SGD", 0, 0, 0, 0, 0, 0).repeated(0) is None


def test_currencies_never_meet_without_rates() -> None:
    book = [
        sale("kim", 1000, "2025-03-01"),
        sale("kim", 1000, "2026-03-01", currency="EUR"),
    ]
    (cohort,) = cohorts(spending(parts(book), DAY))
    assert (cohort.currency, cohort.repeated(1)) == ("SGD", 0.0)
    together = in_base(parts(book), "SGD", {"EUR": "1.45"})
    (cohort,) = cohorts(spending(together.parts, DAY))
    assert (cohort.repeated(1), together.missing) == (145.0, [])
    assert in_base(parts(book), "SGD", {}).missing == ["EUR"]


# When a sale counts


@given(books)
def test_the_parts_of_a_sale_add_up_to_it_and_cover_its_term(book: list[Sale]) -> None:
    for one in book:
        found = parts([one])
        assert sum(part.amount for part in found) == one.amount
        assert all(part.day <= part.last < add_months(part.day, 12) for part in found)
        for part, following in pairwise(found):
            assert following.day == part.last + timedelta(days=1)
        if one.ends is None:
            assert [(part.day, part.last) for part in found] == [(one.day, one.day)]
        else:
            assert found[-1].last == one.ends


@given(books, days, days)
def test_nothing_counts_twice_or_never(book: list[Sale], first: date, second: date) -> None:
    """On any day: what was counted by then is what began by then."""
    counted = parts(book)
    for day in (first, second):
        total = sum(s.earlier + s.before + s.year for s in spending(counted, day).values())
        assert total == sum(part.amount for part in counted if part.day <= day)


@pytest.mark.parametrize("signed", ["2025-11-01", "2025-12-01", "2026-01-10"])
def test_a_yearly_term_that_is_renewed_is_kept_whenever_it_is_signed(signed: str) -> None:
    book = [
        sale("kim", 1000, "2024-12-01", starts="2024-12-01", ends="2025-11-30"),
        sale("kim", 1000, signed, starts="2025-12-01", ends="2026-11-30"),
    ]
    for day in (date(2025, 12, 1), DAY, date(2026, 11, 30)):
        cohort = cohort_of(*book, day=day)
        assert cohort.repeated(1) == 100.0
    assert cohort_of(*book, day=date(2026, 12, 1)).repeated(1) == 0.0


def test_a_term_of_three_years_counts_in_each() -> None:
    book = [sale("kim", 3000, "2024-01-01", starts="2024-01-01", ends="2026-12-31")]
    assert [part.amount for part in parts(book)] == [1001, 999, 1000]  # 366 days, then 365
    assert cohort_of(*book).kept == 1


def test_a_term_that_has_not_begun_does_not_count_yet() -> None:
    book = [sale("kim", 1000, "2026-11-01", starts="2026-12-01", ends="2027-11-30")]
    assert spending(parts(book), DAY) == {}


# Customers by name


def standings(*sold: Sale) -> dict[str, str]:
    return {customer.account: customer.standing for customer in customers(parts(sold), DAY)}


def test_what_became_of_each_customer() -> None:
    assert standings(
        sale("kept", 1, "2025-03-01"),
        sale("kept", 1, "2026-03-01"),
        sale("lost", 1, "2025-03-01"),
        sale("back", 1, "2024-03-01"),
        sale("back", 1, "2026-03-01"),
        sale("new", 1, "2026-03-01"),
        sale("lapsed", 1, "2024-03-01"),
        sale("returned", 1, "2026-03-01"),
        sale("returned", -1, "2026-03-02"),
    ) == {"kept": "kept", "lost": "lost", "back": "won back", "new": "new", "lapsed": "lapsed"}


def test_days_away_count_from_the_last_one_paid_for() -> None:
    book = [
        sale("kim", 1, "2023-03-01", starts="2023-03-01", ends="2024-02-29"),
        sale("kim", 1, "2026-03-01"),
    ]
    (found,) = customers(parts(book), DAY)
    assert (found.standing, found.away, found.last) == ("won back", 731, date(2026, 3, 1))


def test_a_running_term_lasts_until_today() -> None:
    (found,) = customers(
        parts([sale("kim", 1, "2026-03-01", starts="2026-03-01", ends="2027-02-28")]), DAY
    )
    assert found.last == DAY


@given(books, days)
def test_the_named_agree_with_the_cohorts(book: list[Sale], day: date) -> None:
    """A customer who still buys in a figure is not lost by name, and the other way round."""
    one_currency = [s._replace(currency="SGD") for s in book]
    counted = parts(one_currency)
    named = [customer.standing for customer in customers(counted, day)]
    for cohort in cohorts(spending(counted, day)):
        assert named.count("kept") == cohort.kept
        assert named.count("lost") == cohort.customers - cohort.kept


@given(books)
def test_being_away_takes_time(book: list[Sale]) -> None:
    for customer in customers(parts(book), DAY):
        assert (customer.away is not None) == (customer.standing == "won back")
        assert customer.last <= DAY
        assert customer.away is None or customer.away >= 0


# Renewals


@given(st.lists(st.integers(0, 400)), st.integers(0, 180))
def test_every_contract_is_in_the_nearest_window(ahead: list[int], most: int) -> None:
    def one(place: int, left: int) -> ContractFacts:
        ends = DAY + timedelta(days=left)
        values = ("SGD", add_months(ends, -12), ends, "yearly", None, False, None, False, False)
        return ContractFacts(f"{place}", f"account {place}", None, None, 100, *values)

    known = contracts([one(place, left) for place, left in enumerate(ahead)])
    deals = {
        f"account {place}": [RenewalDeal("r", "R", f"account {place}", None, None, None)]
        for place, left in enumerate(ahead)
        if left <= most
    }
    found = windows(known, deals, DAY)
    assert [window.days for window in found] == list(WINDOWS)
    assert sum(window.terms for window in found) == sum(n <= WINDOWS[-1] for n in ahead)
    for window, nearer in zip(found, (-1, *WINDOWS), strict=False):
        inside = [n for n in ahead if nearer < n <= window.days]
        assert window.terms == len(inside)
        assert window.without_deal == sum(n > most for n in inside)
        assert list(window.value) == ([("SGD", 100 * len(inside))] if inside else [])


@pytest.mark.parametrize(
    ("sold", "then", "now", "standing"),
    [
        ("kept", 1, 1, "kept"),
        ("kept", 1, 0, "lost"),  # it only bought something once
        ("lost", 1, 1, "kept"),
        ("new", 0, 1, "new"),
        ("lapsed", 0, 1, "won back"),
        ("lost", 0, 1, "won back"),
        ("kept", 0, 1, "kept"),
        ("lost", 0, 0, "lost"),
        ("new", 0, 0, "new"),
    ],
)
def test_recurring_revenue_decides_what_became_of_a_customer(
    sold: str, then: int, now: int, standing: str
) -> None:
    assert standing_of(sold, then, now) == standing


def test_the_year_before_a_leap_day() -> None:
    assert year_before(DAY) == START
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_a_part_is_a_row() -> None:
    part = SalePart("kim", 1, "SGD", DAY, DAY)
    assert (part.account, part.amount, part.last) == ("kim", 1, DAY)
