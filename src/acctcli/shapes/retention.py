"""The page of `acct report retention`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.purchase import BuyingCadenceJson
from acctcli.shapes.records import TotalJson
from acctcli.shapes.reports import DaysJson, RatesJson


class RetainedJson(TypedDict):
    """Net and gross revenue retention of the customers of a year before, in percent.

    None for fewer customers than the settings ask for. `arr` is all recurring revenue of the day.
    """

    currency: str
    customers: int
    arr: str
    nrr: float | None
    grr: float | None


class CohortJson(RetainedJson):
    """The cohort of one currency: its ARR from `start` to `end`, and how many stayed.

    `new` is the ARR of customers that had none a year before.
    """

    kept: int
    customers_kept: float | None
    start: str
    lost: str
    contraction: str
    expansion: str
    end: str
    new: str


class RetainedMonthJson(RetainedJson):
    """The retention of the twelve months that end in a month (`2026-11`), and its ARR."""

    month: str


class RepeatJson(TypedDict):
    """One-off sales to the customers of the year before, in one currency.

    `again` of the `customers` bought again; `repeated` is the year in percent of the one before.
    """

    currency: str
    customers: int
    again: int
    before: str
    year: str
    repeated: float | None


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
    arr_before: str
    arr: str
    before: str
    year: str
    first: str
    last: str
    away: int | None
    group: str
    recency: int
    frequency: int
    monetary: int | None


class OrderingJson(BuyingCadenceJson):
    """How often one customer orders."""

    account: str
    account_id: str


class RetentionPage(TypedDict):
    """What recurring revenue became within a year.

    `converted` says with which rates all of it is put into one currency. While a currency is
    `without_rate`, each has a cohort of its own. With `recurring`, `customers` are those of
    recurring purchases only. Cohorts of fewer than `least` customers have no percentages.
    `reorders` are the customers that order again and again, the latest ones first.
    """

    filters: Sequence[str]
    recurring: bool
    least: int
    year: DaysJson
    before: DaysJson
    cohorts: Sequence[CohortJson]
    trend: Sequence[RetainedMonthJson]
    converted: RatesJson | None
    repeat: Sequence[RepeatJson]
    renewals: Sequence[RenewalWindowJson]
    groups: RfmGroupsJson
    reorders: Sequence[OrderingJson]
    customers: Sequence[CustomerJson]
