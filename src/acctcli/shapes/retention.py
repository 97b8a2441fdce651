"""The page of `acct report retention`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.records import TotalJson
from acctcli.shapes.reports import DaysJson, RatesJson


class RetainedJson(TypedDict):
    """Net and gross revenue retention of the customers of the year before, in percent."""

    currency: str
    customers: int
    nrr: float | None
    grr: float | None


class CohortJson(RetainedJson):
    """The cohort of one currency: its revenue from `start` to `end`, and how many stayed."""

    kept: int
    customers_kept: float | None
    start: str
    lost: str
    contraction: str
    expansion: str
    end: str


class RetainedMonthJson(RetainedJson):
    """The retention of the twelve months that end in a month (`2026-11`)."""

    month: str


class ConvertedCohortJson(RatesJson):
    """The cohort of all currencies together; None while a rate is missing."""

    cohort: CohortJson | None


class RenewalWindowJson(TypedDict):
    """The contracts that end within some days, and how many of them have no renewal deal."""

    within_days: int
    terms: int
    without_deal: int
    value: Sequence[TotalJson]


class ThresholdsJson(TypedDict):
    """The bounds of the marks: days, purchases, amounts."""

    recency: Sequence[int]
    frequency: Sequence[int]
    monetary: Sequence[str]


class RfmGroupJson(TypedDict):
    """The customers of an RFM group; the spending of `spent_unknown` of them has no rate."""

    group: str
    meaning: str
    customers: int
    spent: str | None
    spent_unknown: int


class RfmGroupsJson(TypedDict):
    """The RFM groups of the last `months` months, amounts in one currency."""

    months: int
    currency: str
    thresholds: ThresholdsJson
    groups: Sequence[RfmGroupJson]


class CustomerJson(TypedDict):
    """What a customer brought in one currency, what became of it, and its RFM marks."""

    account: str
    account_id: str
    standing: str
    currency: str
    before: str
    year: str
    last: str
    away: int | None
    group: str
    recency: int
    frequency: int
    monetary: int | None


class RetentionPage(TypedDict):
    """What last year's customers bring now; `mixed` if one-off purchases count too."""

    filters: Sequence[str]
    basis: str
    recurring: bool
    mixed: bool
    year: DaysJson
    before: DaysJson
    cohorts: Sequence[CohortJson]
    trend: Sequence[RetainedMonthJson]
    converted: ConvertedCohortJson | None
    renewals: Sequence[RenewalWindowJson]
    groups: RfmGroupsJson
    customers: Sequence[CustomerJson]
