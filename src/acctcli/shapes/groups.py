"""The page of `acct account tree`, and the group on the page of an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, final

from acctcli.shapes.records import AccountHeadJson
from acctcli.shapes.reports import RatesJson


class FamilyMemberJson(AccountHeadJson):
    """An account of a group."""

    archived: bool


class LowestHealthJson(TypedDict):
    """The lowest health of those with a colour, and the account that has it."""

    health: int
    band: str
    account: str
    account_id: str


class NextRenewalJson(TypedDict):
    """The contract with the nearest deadline; `days` count to it."""

    id: str
    account: str
    account_id: str
    product: str | None
    ends_on: str
    standing: str
    days: int


class GroupAmountsJson(TypedDict):
    """ARR, what was bought in twelve months, and open deals in one currency."""

    currency: str
    arr: str
    bought: str
    open: str


class WeightedAmountsJson(GroupAmountsJson):
    """The same, with the open deals weighted by their chances."""

    weighted: str


class ConvertedAmountsJson(RatesJson):
    """The same amounts in the base currency; None while a rate is missing."""

    arr: str | None
    bought: str | None
    open: str | None


class ConvertedWeightedJson(ConvertedAmountsJson):
    """The same, with the weighted ones."""

    weighted: str | None


class OfGroupJson(TypedDict):
    """What several accounts come to, besides amounts; `deals` are open ones."""

    accounts: int
    deals: int
    last_touch: str | None
    lowest_health: LowestHealthJson | None
    next_renewal: NextRenewalJson | None


class GroupFiguresJson(OfGroupJson):
    """What an account with everything below it comes to; `converted` is None without rates."""

    amounts: Sequence[GroupAmountsJson]
    converted: ConvertedAmountsJson | None


class RolledUpJson(OfGroupJson):
    """The same, with weighted amounts."""

    amounts: Sequence[WeightedAmountsJson]
    converted: ConvertedWeightedJson | None


class GroupMemberJson(FamilyMemberJson, GroupFiguresJson):
    """An account directly below another, with the figures of its own group."""


class GroupJson(GroupFiguresJson):
    """The group of an account: what it comes to, and who is directly below."""

    members: Sequence[GroupMemberJson]


@final  # its keys tell it from `FamiliesPage`
class FamilyTreeJson(FamilyMemberJson):
    """An account with the accounts below it: the page of `acct account tree NAME`.

    `own` are the figures of the account alone, `group` those with everything below it.
    """

    own: RolledUpJson
    group: RolledUpJson
    children: list[FamilyTreeJson]


@final
class FamiliesPage(TypedDict):
    """All groups: the page of `acct account tree`."""

    families: list[FamilyTreeJson]


class SisterPersonJson(TypedDict):
    """Somebody at another account of the group."""

    id: str
    name: str
    title: str | None
    role: str | None
    influence: str | None
    stance: str | None
    do_not_contact: bool
    last_touch: str | None


class SisterJson(TypedDict):
    """Another account of the group, with those who are known there."""

    account: str
    account_id: str
    number: str
    people: Sequence[SisterPersonJson]
