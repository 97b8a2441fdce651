"""The contract of a recurring purchase."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.terms import purchase_values
from acctcli.errors import Invalid

TODAY = date(2026, 11, 22)


def write(values: dict[str, Any], current: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the purchase after a write."""
    stands = current or {}
    return {**stands, **purchase_values(values, stands, TODAY)}


def test_a_purchase_was_made_today_unless_it_says_when() -> None:
    assert write({"amount": 1}) == {"amount": 1, "purchased_on": "2026-11-22"}
    assert write({"purchased_on": "2026-01-15"})["purchased_on"] == "2026-01-15"


def test_a_contract_that_runs_was_bought_on_its_first_day_and_no_later() -> None:
    assert write({"starts_on": "2025-10-15"})["purchased_on"] == "2025-10-15"
    assert write({"starts_on": "2027-01-01"})["purchased_on"] == "2026-11-22"
    stands = {"id": "p", "purchased_on": "2026-11-22"}
    assert write({"starts_on": "2025-10-15"}, stands)["purchased_on"] == "2026-11-22"


def test_what_was_paid_and_has_no_other_day_was_bought_on_that_day() -> None:
    assert write({"paid_on": "2026-10-03"})["purchased_on"] == "2026-10-03"
    assert write({"paid_on": "2026-10-03", "starts_on": "2026-09-01"})["purchased_on"] > "2026-10"
    both = write({"purchased_on": "2026-09-01", "paid_on": "2026-10-03"})
    assert both["purchased_on"] == "2026-09-01"


def test_what_is_no_longer_paid_has_no_bank_line() -> None:
    paid = write({"purchased_on": "2026-09-01", "paid_on": "2026-10-03", "paid_ref": "line"})
    assert write({"paid_on": None}, paid)["paid_ref"] is None
    assert write({"paid_on": "2026-10-04"}, paid)["paid_ref"] == "line"


@pytest.mark.parametrize(
    ("recurring", "starts", "ends"),
    [
        ("yearly", "2026-01-15", "2027-01-14"),
        ("monthly", "2026-01-15", "2026-02-14"),
        ("yearly", "2028-02-29", "2029-02-27"),
        ("monthly", "2027-01-31", "2027-02-27"),
    ],
)
def test_a_term_ends_on_the_day_before_it_would_start_again(
    recurring: str, starts: str, ends: str
) -> None:
    purchase = write({"recurring": recurring, "purchased_on": starts})
    assert (purchase["starts_on"], purchase["ends_on"]) == (starts, ends)
    later = write({"recurring": recurring, "starts_on": starts})
    bought = min(starts, "2026-11-22")
    assert (later["purchased_on"], later["ends_on"]) == (bought, ends)


def test_what_does_not_come_again_has_the_term_it_is_given() -> None:
    assert "ends_on" not in write({"recurring": "none", "starts_on": "2026-01-15"})
    assert write({"ends_on": "2026-12-31"})["ends_on"] == "2026-12-31"


def test_an_end_that_was_made_follows_and_one_that_was_given_stays() -> None:
    made = write({"recurring": "yearly", "purchased_on": "2026-01-15"})
    assert write({"starts_on": "2026-02-01"}, made)["ends_on"] == "2027-01-31"
    assert write({"recurring": "monthly"}, made)["ends_on"] == "2026-02-14"
    given_end = write({"ends_on": "2026-12-31"}, made)
    assert write({"starts_on": "2026-02-01"}, given_end)["ends_on"] == "2026-12-31"
    assert write({"ends_on": None}, given_end)["ends_on"] == "2027-01-14"


def test_a_term_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(
        Invalid, match="the contract ends on Thu 1 Jan 2026, before it starts on Sun 1 Feb 2026"
    ):
        write({"starts_on": "2026-02-01", "ends_on": "2026-01-01"})


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["monthly", "yearly"]))
def test_the_same_write_again_changes_nothing(starts: date, recurring: str) -> None:
    values = {"recurring": recurring, "starts_on": starts.isoformat()}
    purchase = write(values)
    assert write(values, purchase) == write({}, purchase) == purchase
    length = date.fromisoformat(purchase["ends_on"]) - starts + timedelta(days=1)
    assert length.days in ((28, 29, 30, 31) if recurring == "monthly" else (365, 366))
