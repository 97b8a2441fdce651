"""The page of `acct report pipeline`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.forecast import CreationJson
from acctcli.shapes.records import TotalJson
from acctcli.shapes.reports import ConvertedTotalJson


class OpenDealsJson(TypedDict):
    """How many deals are open, and for how much in each currency."""

    deals: int
    totals: Sequence[TotalJson]


class PassageJson(TypedDict):
    """What became of the deals that entered a stage; shares are in percent."""

    entered: int
    onward: int
    lost: int
    still: int
    conversion: float | None
    win_rate: float | None
    won: int
    closed: int
    median_days: float | None


class NormJson(TypedDict):
    """The usual days in a stage, and where that figure is from."""

    norm_days: float | None
    norm_from: str | None


class StandingStageJson(OpenDealsJson, NormJson):
    """A stage on the day of the page, with its deals of today as `now`."""

    stage: str
    now: OpenDealsJson
    passage: PassageJson | None
    rotting: int


class VelocityJson(TypedDict):
    """How much the pipeline wins per day in one currency, and what that is computed from."""

    currency: str
    deals: int
    won: int
    closed: int
    win_rate: float | None
    average: str | None
    cycle_days: float | None
    per_day: str | None


class RottingDealJson(TypedDict):
    """A deal that is longer in its stage than usual, without contact for `quiet_days`."""

    id: str
    title: str
    account: str
    account_id: str
    stage: str
    since: str
    days: int
    norm_days: float
    quiet_days: int
    amount: str | None
    currency: str | None


class CreatedJson(OpenDealsJson):
    """The deals opened in the last `days`, those opened in as many `before`, and what is needed.

    `quota` says what everybody's quota of the quarter needs, in its `currency`.
    """

    days: int
    before: OpenDealsJson
    quota: CreationJson | None
    currency: str | None


class JudgedByJson(TypedDict):
    """How many days back the judgement looks, and how many won deals a norm takes."""

    window_days: int
    won_deals: int


class PipelinePage(OpenDealsJson):
    """The open deals on a day by stage, how they move, and which are rotting."""

    filters: Sequence[str]
    as_of: str
    today: str
    stages: Sequence[StandingStageJson]
    now: OpenDealsJson
    converted: ConvertedTotalJson | None
    came_in_closed: int
    creation: CreatedJson
    velocity: Sequence[VelocityJson]
    rotting: Sequence[RottingDealJson]
    judged_by: JudgedByJson
