"""The page of `acct deal forecast`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.periods import PeriodJson

GroupedBy = Literal["owner", "tier", "month", "quarter"]
"""What a forecast can be grouped by."""


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
    """The currency of converted lines, and the totals before; None while a rate is missing."""

    currency: str
    rates_of: str | None
    without_rate: Sequence[str]
    totals: Sequence[ForecastLineJson]


class OutcomeJson(TypedDict):
    """A sum that a few deals may come to, and its probability in percent."""

    percent: float
    amount: str


class LikelyJson(TypedDict):
    """What a period may bring in one currency: a range, or the outcomes of a few deals."""

    currency: str
    open: int
    closed: str
    weighted: str
    mean: str
    p10: str | None
    p50: str | None
    p90: str | None
    outcomes: Sequence[OutcomeJson]


class StageRateJson(TypedDict):
    """The win rate of a stage in percent, and where it comes from."""

    stage: str
    percent: float | None
    won: int
    closed: int
    default: float | None
    prior: float | None
    learnt: float | None


class WinRatesJson(TypedDict):
    """The win rates of renewals, or of new business; `base` is the base rate in percent."""

    business: str
    won: int
    closed: int
    base: float | None
    stages: Sequence[StageRateJson]


class LearningJson(TypedDict):
    """How win rates are learnt: the settings, and deals with a probability of their own."""

    prior_deals: int
    few_deals: int
    timed_deals: int
    own_chances: int


class AttainmentJson(TypedDict):
    """What was closed of a quota: everybody's, or that of one owner."""

    owner: str | None
    quota: str
    closed: str
    deals: int
    share: float | None
    gap: str


class ReachJson(TypedDict):
    """What reaching the first quota would take; `chance` in percent."""

    chance: float | None
    weighted_open: str
    coverage: float | None
    gap_deals: int | None
    to_create: str | None


class CreationJson(TypedDict):
    """Pipeline created in the last days, and what the quota needs in as many.

    `needed_deals` are deals of the usual size.
    """

    days: int
    opened: int
    created: str
    needed: str | None
    needed_deals: int | None


class QuotaJson(TypedDict):
    """The quotas of a period; while a rate is missing, only the currencies without one."""

    currency: str
    base: str | None
    without_rate: Sequence[str]
    attainment: Sequence[AttainmentJson]
    reach: ReachJson | None
    creation: CreationJson | None


class CallJson(TypedDict):
    """What was promised in a week, the forecast of that day, and what was closed by its end."""

    id: str
    week: str
    currency: str
    call: str
    forecast: str | None
    closed: str


class CallsJson(TypedDict):
    """The promises for a period, by week; `outcome` is what is closed, in the last currency."""

    over: bool
    currency: str
    outcome: str
    weeks: Sequence[CallJson]


class CountedJson(TypedDict):
    """How many deals, and for how much."""

    count: int
    amount: str


class RetrospectJson(TypedDict):
    """A forecast in one currency, and how it turned out."""

    currency: str
    deals: int
    estimated: int
    forecast: str
    became: str
    error: float | None
    accuracy: float | None
    opened_since: CountedJson
    pulled_in: CountedJson
    pushed_out: CountedJson


class LookingBackJson(TypedDict):
    """The forecast of a past period when it began."""

    period: PeriodJson
    lines: Sequence[RetrospectJson]


class LeftDealJson(TypedDict):
    """An open deal that is in no line."""

    id: str
    title: str
    account: str
    close_date: str | None
    amount: str | None
    currency: str | None


class LeftOutJson(TypedDict):
    """Deals that are in no line of the forecast."""

    past: Sequence[ForecastLineJson]
    past_deals: Sequence[LeftDealJson]
    before: Sequence[ForecastLineJson]
    later: Sequence[ForecastLineJson]
    undated: Sequence[ForecastLineJson]
    omitted: Sequence[ForecastLineJson]
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
    win_rates: Sequence[WinRatesJson]
    learning: LearningJson
    quota: QuotaJson | None
    calls: CallsJson | None
    looking_back: LookingBackJson | None
    left_out: LeftOutJson
    explained: bool
