"""Parts that several reports share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class DaysJson(TypedDict):
    """First and last day."""

    start: str
    end: str


class RatesJson(TypedDict):
    """The currency of a converted total, the day of its rates, and the currencies without one."""

    currency: str
    rates_of: str | None
    without_rate: Sequence[str]


class ConvertedTotalJson(RatesJson):
    """A total in the base currency; None while a rate is missing."""

    amount: str | None
