"""The pages of `acct deal show` and `acct deal board`, and the rows of `acct deal changes`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.periods import PeriodJson
from acctcli.shapes.quote import QuoteVersionJson
from acctcli.shapes.records import (
    ItemJson,
    LogJson,
    PurchaseJson,
    TaskJson,
    TotalJson,
    WholeDealJson,
)


class DealChangeJson(TypedDict):
    """A change of a deal."""

    changed_on: str
    field: str
    old: str | None
    new: str | None
    note: str | None


class DealItemJson(ItemJson):
    """An item of a deal, with its price less its discount."""

    total: str | None


class DealContactJson(TypedDict):
    """A person with a part in a deal; `role` is that part."""

    id: str
    contact: str | None
    contact_id: str
    role: str | None
    title: str | None
    influence: str | None
    stance: str | None
    last_touch: str | None


class RiskReasonJson(TypedDict):
    """One thing that goes wrong with a deal, and its points."""

    code: str
    text: str
    points: int


class RiskJson(TypedDict):
    """How likely an open deal is to slip or be lost, 0 to 100, and why."""

    score: int
    reasons: Sequence[RiskReasonJson]


class DealPage(WholeDealJson):
    """A deal with everything that belongs to it."""

    next_step: str | None
    stage_since: str | None
    changes: Sequence[DealChangeJson]
    items: Sequence[DealItemJson]
    items_total: Sequence[TotalJson]
    contacts: Sequence[DealContactJson]
    tasks: Sequence[TaskJson]
    interactions: Sequence[LogJson]
    interaction_count: int
    purchases: Sequence[PurchaseJson]
    quotes: Sequence[QuoteVersionJson]
    risk: RiskJson | None
    win_rate: float | None
    account_archived_at: str | None


class BoardDealJson(WholeDealJson):
    """A deal on the board; a closed one has no risk."""

    risk: int | None


class BoardStageJson(TypedDict):
    """A stage with its deals."""

    stage: str
    category: str | None
    count: int
    totals: Sequence[TotalJson]
    deals: Sequence[BoardDealJson]


class BoardPage(TypedDict):
    """Open deals by stage, and those that closed in a quarter."""

    closed_in: PeriodJson
    stages: Sequence[BoardStageJson]


class RiskRow(TypedDict):
    """An open deal by its risk, as `acct deal list --risk` lists it; `amount` in minor units."""

    id: str
    risk: int
    account: str
    account_id: str
    title: str
    stage: str
    amount: int | None
    currency: str | None
    close_date: str | None
    reasons: Sequence[str]


class MovementRow(TypedDict):
    """A change of a deal, as `acct deal changes` lists it.

    `old` and `new` are stages, days or exact amounts; `amount` and `difference` are minor units.
    """

    id: str
    what: str
    day: str
    account: str
    account_id: str
    title: str
    stage: str
    amount: int | None
    currency: str | None
    closes: str | None
    old: str | None
    new: str | None
    days: int | None
    difference: int | None
    pushes: int
    note: str | None
