"""The page of `acct report performance`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.periods import PeriodJson
from acctcli.shapes.reports import ConvertedTotalJson

Grouping = Literal["owner", "product", "quarter", "tier", "industry"]
"""What a page can be grouped by."""

Compared = Literal["revenue", "win_rate", "average", "cycle_days", "touches", "people", "discount"]
"""What two groups of owners are compared in."""


class PerformanceJson(TypedDict):
    """What was opened, won and lost in one currency; without one, deals without an amount.

    `win_rate` is in percent; `cycle_days` and `cycle_median` are days from open to won.
    """

    currency: str | None
    opened: int
    created: str | None
    won: int
    lost: int
    win_rate: str | None
    revenue: str | None
    average: str | None
    cycle_days: str | None
    cycle_median: str | None


class QuarterPerformanceJson(PerformanceJson):
    """The same for one quarter."""

    quarter: str


class GroupPerformanceJson(PerformanceJson, total=False):
    """The same for one group; it has only the key that the page is grouped by."""

    owner: str | None
    product: str | None
    quarter: str | None
    tier: str | None
    industry: str | None


class QuarterQuotaJson(TypedDict):
    """What was won of a quota in a quarter, by everybody or by one owner; `share` in percent."""

    quarter: str
    owner: str | None
    quota: str
    won: str
    share: float | None
    deals: int


class QuotasJson(TypedDict):
    """All quotas, in one currency; while one of `without_rate` has no rate, no attainment.

    `base` is the base currency of the rates.
    """

    currency: str
    base: str | None
    without_rate: Sequence[str]
    attainment: Sequence[QuarterQuotaJson]


class LeastComparedJson(TypedDict):
    """How many owners a comparison takes, and how many closed deals of each."""

    owners: int
    closed: int


class ComparedJson(TypedDict):
    """How some owners work: means over their deals."""

    owners: Sequence[str]
    deals: int
    revenue: str | None
    win_rate: float | None
    average: str | None
    cycle_days: float | None
    touches: float | None
    people: float | None
    discount: float | None


class ComparisonJson(TypedDict):
    """The best owners beside the others; None where there are too few to compare."""

    currency: str | None
    compared: int
    minimum: LeastComparedJson
    best: ComparedJson | None
    rest: ComparedJson | None


class PerformancePage(TypedDict):
    """What was opened and won in a period, and how that compares with quotas."""

    filters: Sequence[str]
    period: PeriodJson
    totals: Sequence[PerformanceJson]
    converted: ConvertedTotalJson | None
    quarters: Sequence[QuarterPerformanceJson]
    by: Grouping
    groups: Sequence[GroupPerformanceJson]
    quota: QuotasJson | None
    comparison: ComparisonJson
