"""The page of `acct report winloss`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.periods import PeriodJson


class ShareJson(TypedDict):
    """A count of deals, in percent with the bounds of its interval; null for too few deals."""

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None


class WinLossGroupJson(ShareJson):
    """One group beside all other deals; `parts` is above or below where the intervals part.

    `least` and `most` are the amounts that a size goes from and to. Of reasons, the rest
    are the deals lost for the next reason.
    """

    by: str
    name: str | None
    least: str | None
    most: str | None
    rest: ShareJson
    parts: str | None


class WinLossPage(TypedDict):
    """Why deals are won and lost; `without` are comparisons that no deal has a word for."""

    filters: Sequence[str]
    period: PeriodJson | None
    currency: str | None
    few_deals: int
    certainty: int
    total: ShareJson
    groups: Sequence[WinLossGroupJson]
    without: Sequence[str]
