"""Values relative to the stored ones, typed with a sign."""

from __future__ import annotations

import pytest

from acctcli.errors import Invalid, UsageError
from acctcli.model import KINDS
from acctcli.values import money, relative

AMOUNT = KINDS["deal"].fields["amount"]
STANDS = {"amount": 1000, "currency": "USD"}


@pytest.mark.parametrize(
    ("typed", "minor", "comes"),
    [("+5", 500, 1500), ("-5", -500, -500), ("5", 500, 500), ("USD +5", 500, 1500)],
)
def test_a_sign_changes_the_amount_that_stands(typed: str, minor: int, comes: int) -> None:
    assert relative.amount(AMOUNT, STANDS, typed, minor, "USD", "--amount") == comes


def test_nothing_is_added_to_nothing_nor_across_currencies() -> None:
    assert relative.amount(AMOUNT, {"amount": None}, "+5", 500, "USD", "--amount") == 500
    with pytest.raises(Invalid, match="--amount is in EUR, but the current amount is in USD"):
        relative.amount(AMOUNT, STANDS, "+5", 500, "EUR", "--amount")


@pytest.mark.parametrize(
    ("typed", "comes"),
    [
        ("+2w", "2026-12-15"),
        ("-1d", "2026-11-30"),
        ("+1m 3d", "2027-01-04"),
        ("+3 business days", "2026-12-04"),
        ("fri", "fri"),
    ],
)
def test_a_signed_distance_moves_the_day_that_stands(typed: str, comes: str) -> None:
    assert relative.day("2026-12-01", typed, "--close") == comes
    assert relative.day(None, typed, "--close") == typed


@pytest.mark.parametrize("typed", ["+ 5k", " + 5k", "USD + 5k", "$ + 5k"])
def test_a_space_may_follow_the_sign(typed: str) -> None:
    minor, currency = money.read_amount(typed, "USD")
    assert relative.amount(AMOUNT, STANDS, typed, minor, currency, "--amount") == 501_000


def test_a_day_is_moved_by_fifty_years_at_most() -> None:
    assert relative.day("2026-12-01", "+50y", "--close") == "2076-12-01"
    with pytest.raises(UsageError, match="--close -100y is Wed 1 Dec 1926, more than 50 years"):
        relative.day("2026-12-01", "-100y", "--close")


def test_a_day_is_not_moved_off_the_calendar() -> None:
    with pytest.raises(UsageError, match="outside the years"):
        relative.day("2026-12-01", "+999999y", "--close")
