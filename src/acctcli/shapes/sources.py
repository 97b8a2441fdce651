"""The page of `acct report sources`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.periods import PeriodJson
from acctcli.shapes.records import TotalJson
from acctcli.shapes.reports import ConvertedTotalJson


class OriginsJson(TypedDict):
    """How far accounts progressed: counts, rates in percent, median days, value of won deals."""

    leads: int
    qualified: int
    customers: int
    qualified_rate: str | None
    customer_rate: str | None
    days_to_qualify: str | None
    qualified_timed: int
    days_to_customer: str | None
    customer_timed: int
    won: int
    lost: int
    win_rate: str | None
    value: Sequence[TotalJson]


class NamedOriginsJson(OriginsJson):
    """The accounts of one source or tag; None: without one."""

    name: str | None


class SourcesPage(TypedDict):
    """What became of accounts, by source and by tag; without a period, of all."""

    filters: Sequence[str]
    period: PeriodJson | None
    total: OriginsJson
    converted: ConvertedTotalJson | None
    sources: Sequence[NamedOriginsJson]
    tags: Sequence[NamedOriginsJson]
