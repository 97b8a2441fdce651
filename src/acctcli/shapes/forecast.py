"""The page of `acct deal forecast`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.periods import PeriodJson

GroupedBy = Literal["owner", "tier", "month", "quarter"]
"""What a forecast can be broken down by."""


class ForecastLineJson(TypedDict):
    """Deals in one currency: how many, for how much, and weighted by chance."""

    currency: str
    count: int
    amount: str
    weighted: str


class CategoryJson(ForecastLineJson):
    """The deals of one category."""

    category: str | None


class StageJson(ForecastLineJson):
    """The deals in one stage."""

    stage: str | None


class ForecastGroupJson(ForecastLineJson, total=False):
    """The deals of one group: only the key that they are grouped by is there."""

    owner: str | None
    tier: str | None
    month: str | None
    quarter: str | None


class ConvertedJson(TypedDict):
    """All totals in one currency; the amounts are None while a rate is missing."""

    currency: str
    amount: str | None
    weighted: str | None
    rates_of: str | None
    without_rate: Sequence[str]


class LikelyJson(TypedDict):
    """What a period may bring in one currency."""

    currency: str
    open: int
    closed: str
    weighted: str
    p10: str
    p50: str
    p90: str
    mean: str


class StageRateJson(TypedDict):
    """How many of the deals of a stage are won, in percent."""

    stage: str
    percent: float | None


class AttainmentJson(TypedDict):
    """What was closed of a quota: everybody's, or that of one owner."""

    owner: str | None
    quota: str
    closed: str | None
    share: float | None
    gap: str | None


class QuotaJson(TypedDict):
    """The quotas of a period."""

    currency: str
    attainment: Sequence[AttainmentJson]


class RetrospectJson(TypedDict):
    """A forecast in one currency, and how it turned out."""

    currency: str
    deals: int
    estimated: int
    forecast: str
    became: str
    opened_since: str
    error: float | None


class LookingBackJson(TypedDict):
    """The forecast of a past period when it began."""

    period: PeriodJson
    lines: Sequence[RetrospectJson]


class LeftOutJson(TypedDict):
    """Deals that are in no line of the forecast."""

    past: Sequence[ForecastLineJson]
    undated: Sequence[ForecastLineJson]
    without_amount: int


class ForecastPage(TypedDict):
    """What a period will bring; without a period, all deals."""

    period: PeriodJson | None
    totals: Sequence[ForecastLineJson]
    categories: Sequence[CategoryJson]
    stages: Sequence[StageJson]
    by: GroupedBy | None
    groups: Sequence[ForecastGroupJson]
    converted: ConvertedJson | None
    likely: Sequence[LikelyJson]
    win_rates: Sequence[StageRateJson]
    quota: QuotaJson | None
    looking_back: LookingBackJson | None
    left_out: LeftOutJson
