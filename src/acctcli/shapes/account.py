"""The page of `acct account show`, and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.groups import FamilyMemberJson, GroupJson
from acctcli.shapes.health import HealthJson
from acctcli.shapes.people import AccountContactJson
from acctcli.shapes.plan import PlanJson
from acctcli.shapes.purchase import BuyingCadenceJson
from acctcli.shapes.records import (
    AccountJson,
    DealJson,
    LogJson,
    ReviewJson,
    TaskJson,
)


class CadenceJson(TypedDict):
    """The cadence in days, whether it is the account's own, and how long contact is overdue."""

    days: int | None
    own: bool
    overdue_days: int | None


class AccountDealJson(DealJson):
    """An open deal with its signs of life."""

    moved_on: str | None
    pushes: int
    has_step: bool
    win_rate: float | None


class SpendingJson(TypedDict):
    """What was bought in one currency in a year, and in the one before."""

    currency: str
    amount: str
    before: str


class PurchasesJson(TypedDict):
    """What was bought in the year that ends today, and how often the account orders if known."""

    since: str
    totals: Sequence[SpendingJson]
    cadence: BuyingCadenceJson | None


class EndingTermJson(TypedDict):
    """A contract that runs or lapsed; `due` when somebody should see to it and nobody does.

    `days` count to the last day for notice while it is to come, else to the end.
    """

    id: str
    product: str | None
    product_id: str | None
    amount: str | None
    arr: str | None
    currency: str | None
    ends_on: str
    notice_by: str | None
    auto_renews: bool
    standing: str
    deal_id: str | None
    deal: str | None
    days: int
    due: bool


class KeptJson(TypedDict):
    """How many promises of one side were kept on time, of those that were due."""

    kept: int
    due: int


class KeptPromisesJson(TypedDict):
    """How both sides kept what they promised in the last `days`."""

    days: int
    us: KeptJson
    them: KeptJson


class OpenPromisesJson(TypedDict):
    """Open tasks: what we owe, and what they owe."""

    us: Sequence[TaskJson]
    them: Sequence[TaskJson]


class TicketJson(TypedDict):
    """An open ticket: when it was opened, how many days ago, and who owes the next answer."""

    id: str
    summary: str
    opened: str
    days: int
    answer_by: str | None


class EventJson(TypedDict):
    """An entry of the timeline."""

    day: str
    at: str | None
    kind: str
    direction: str | None
    text: str
    contacts: Sequence[str]
    done: bool | None
    record: str
    id: str


class GroupEventJson(EventJson):
    """An entry of the timeline of several accounts, with the account where it happened."""

    account: str
    account_id: str


class AccountPage(AccountJson):
    """The account, with everything its page shows."""

    health: HealthJson
    cadence: CadenceJson
    next_step: TaskJson | None
    last_touch: LogJson | None
    contacts: Sequence[AccountContactJson]
    gaps: Sequence[str]
    deals: Sequence[AccountDealJson]
    purchases: PurchasesJson
    renewals: Sequence[EndingTermJson]
    promises: OpenPromisesJson
    kept: KeptPromisesJson
    tickets: Sequence[TicketJson]
    plan: PlanJson
    reviews: Sequence[ReviewJson]
    children: Sequence[FamilyMemberJson]
    group: GroupJson | None
    timeline: Sequence[EventJson]
    timeline_count: int
