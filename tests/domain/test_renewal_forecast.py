"""What comes up for renewal and how much of it is likely to stay, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.contracts import Contract, ContractFacts, RenewalDeal, contracts
from acctcli.domain.renewal_forecast import (
    RenewalRate,
    RenewalRules,
    by_quarter,
    endings,
    renewal_rate,
)
from acctcli.values.dates import add_months

TODAY = date(2026, 11, 27)
RULES = RenewalRules()


def known(*terms: tuple[str, str], **more: Any) -> list[Contract]:
    """Yearly contracts of 1,200, by account and first day."""
    facts = []
    for place, (account, starts) in enumerate(terms):
        first = date.fromisoformat(starts)
        values: dict[str, Any] = {
            **{"id": f"{place}", "account_id": account, "product_id": None, "product": None},
            **{"amount": 120_000, "currency": "SGD", "starts_on": first, "recurring": "yearly"},
            **{"ends_on": add_months(first, 12) - timedelta(days=1), "renews_id": None},
            **{"alone": False, "notice_days": None, "auto_renews": False, "closed": False, **more},
        }
        facts.append(ContractFacts(**values))
    return contracts(facts)


def test_the_rate_is_pulled_towards_the_usual_one() -> None:
    assert renewal_rate([], TODAY, RULES) == RenewalRate(0, 0, 0.85)
    book = known(("kept", "2024-12-01"), ("kept", "2025-12-01"), ("left", "2025-03-01"))
    found = renewal_rate(book, TODAY, RULES)
    assert (found.renewed, found.due) == (1, 2)
    assert found.rate == (1 + 4.25) / 7


def test_only_decisions_teach_the_rate() -> None:
    in_grace = known(("one", "2025-11-10"))
    long_ago = known(("one", "2022-01-01"))
    monthly = known(("one", "2026-01-01"), recurring="none")
    for book in (in_grace, long_ago, monthly):
        assert renewal_rate(book, TODAY, RULES).due == 0
    assert renewal_rate(known(("one", "2025-11-10"), closed=True), TODAY, RULES).due == 1


def test_a_renewal_that_was_lost_is_decided_at_once_and_expected_no_more() -> None:
    lost = {"one": [RenewalDeal("d", "Renewal", "one", None, None, "2026-11-01", lost=True)]}
    in_grace = [one.facts for one in known(("one", "2025-11-10"))]
    assert renewal_rate(contracts(in_grace, deals=lost), TODAY, RULES).due == 1
    # Who comes back after half a year was not renewed; who does so without a loss was.
    back = [one.facts for one in known(("one", "2024-11-10"), ("one", "2026-05-01"))]
    earlier = {"one": [RenewalDeal("d", "Renewal", "one", None, None, "2025-11-01", lost=True)]}
    assert renewal_rate(contracts(back), TODAY, RULES) == RenewalRate(1, 1, 5.25 / 6)
    assert renewal_rate(contracts(back, deals=earlier), TODAY, RULES).renewed == 0
    running = [one.facts for one in known(("one", "2026-01-01"))]
    (found,) = endings(contracts(running, deals=lost), {}, RenewalRate(16, 20, 0.8), TODAY, RULES)
    assert (found.chance, found.expected) == (0, 0)


def test_health_lowers_the_chance() -> None:
    book = known(("a", "2026-01-01"), ("b", "2026-01-01"), ("c", "2026-04-01"), ("d", "2026-12-20"))
    rate = RenewalRate(16, 20, 0.81)
    found = endings(book, {"a": "amber", "b": "red", "c": "green"}, rate, TODAY, RULES)
    assert [(one.quarter, one.band) for one in found] == [
        *(("Q4 2026", "amber"), ("Q4 2026", "red"), ("Q1 2027", "green")),
    ]
    # 1,200 x 81 % x 90 %, 70 % and 100 %.
    assert [one.expected for one in found] == [87_480, 68_040, 97_200]
    first, second = by_quarter(found, TODAY, RULES)
    assert (first.quarter, first.contracts, first.arr, first.expected) == (
        *("Q4 2026", 2, 240_000, 155_520),
    )
    assert first.churn == 84_480
    assert (second.quarter, second.arr, second.churn) == ("Q1 2027", 120_000, 22_800)


def test_what_is_renewed_already_is_no_question() -> None:
    book = known(("a", "2026-01-01"), ("a", "2027-01-01"))
    assert endings(book, {}, RenewalRate(0, 0, 0.85), TODAY, RULES) == []


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_rate_is_a_share(renewed: int, lost: int) -> None:
    terms = [(f"left {n}", "2025-06-01") for n in range(lost % 7)]
    for n in range(renewed % 7):
        terms += [(f"kept {n}", "2025-01-01"), (f"kept {n}", "2026-01-01")]
    assert 0 < renewal_rate(known(*terms), TODAY, RULES).rate < 1
