"""The page of `acct review brief`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from acctcli.shapes.account import (
    EndingTermJson,
    EventJson,
    KeptPromisesJson,
    OpenPromisesJson,
    PurchasesJson,
    TicketJson,
)
from acctcli.shapes.groups import GroupJson
from acctcli.shapes.health import StandingJson
from acctcli.shapes.people import CarriedDealJson, GapJson, MapPersonJson
from acctcli.shapes.plan import PlanJson
from acctcli.shapes.records import AccountHeadJson, LogJson, ReviewJson, TaskJson

ReviewText = Literal["summary", "strengths", "risks", "opportunities"]
"""The texts of a review."""


class BriefAccountJson(AccountHeadJson):
    """The account itself, in a brief."""

    owner: str | None
    industry: str | None
    city: str | None
    country: str | None
    website: str | None
    employees: int | None
    description: str | None
    tags: Sequence[str]


class SinceJson(TypedDict):
    """Counts since the last review; `late` are the promises that are overdue today."""

    interactions: int
    changes: int
    purchases: int
    kept: int
    late: int


class LastReviewJson(TypedDict):
    """The last review, if any, and the counts since then."""

    last: ReviewJson | None
    since: SinceJson


class BriefPage(BriefAccountJson):
    """Everything worth knowing about an account before a meeting."""

    health: StandingJson
    review: LastReviewJson
    people: list[MapPersonJson]
    gaps: Sequence[GapJson]
    deals: Sequence[CarriedDealJson]
    next_step: TaskJson | None
    last_touch: LogJson | None
    plan: PlanJson
    purchases: PurchasesJson
    renewals: Sequence[EndingTermJson]
    group: GroupJson | None
    promises: OpenPromisesJson
    kept: KeptPromisesJson
    tickets: Sequence[TicketJson]
    timeline: Sequence[EventJson]
