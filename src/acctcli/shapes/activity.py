"""The page of `acct report activity`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.periods import PeriodJson


class ActivityJson(TypedDict):
    """Interactions in figures; `by_week` has one count for each week of the page."""

    interactions: int
    two_way: int
    accounts: int
    minutes: int
    by_week: Sequence[int]


class KindActivityJson(ActivityJson):
    """The interactions of one kind."""

    kind: str


class OwnerActivityJson(ActivityJson):
    """The interactions of one owner; None: without an owner."""

    owner: str | None


class TierCoverageJson(TypedDict):
    """The accounts of a tier by whether they are on cadence; `share` is in percent."""

    tier: str | None
    accounts: int
    touched: int
    late: int
    never: int
    share: float | None


class CoverageJson(TypedDict):
    """Which tiers are covered on a day, and how many accounts have no cadence."""

    day: str
    tiers: Sequence[TierCoverageJson]
    without_cadence: int


class ActivityPage(TypedDict):
    """The interactions of a period by kind, owner and week; `weeks` are its Mondays."""

    filters: Sequence[str]
    period: PeriodJson
    weeks: Sequence[str]
    total: ActivityJson
    kinds: Sequence[KindActivityJson]
    owners: Sequence[OwnerActivityJson]
    coverage: CoverageJson
