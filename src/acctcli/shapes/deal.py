"""The pages of `acct deal show` and `acct deal board`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.periods import PeriodJson
from acctcli.shapes.records import (
    ItemJson,
    LogJson,
    PurchaseJson,
    TaskJson,
    TotalJson,
    WholeDealJson,
)


class DealChangeJson(TypedDict):
    """A line of a deal's history."""

    changed_on: str
    field: str
    old: str | None
    new: str | None
    note: str | None


class DealItemJson(ItemJson):
    """A line of a deal, with its price less its discount."""

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


class DealPage(WholeDealJson):
    """A deal with all that belongs to it."""

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


class BoardStageJson(TypedDict):
    """A stage with its deals."""

    stage: str
    category: str | None
    count: int
    totals: Sequence[TotalJson]
    deals: Sequence[WholeDealJson]


class BoardPage(TypedDict):
    """Open deals by stage, and those that closed in a quarter."""

    closed_in: PeriodJson
    stages: Sequence[BoardStageJson]
