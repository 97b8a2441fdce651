"""The pages of `acct contact show`, and of `acct contact map`: who decides, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.groups import SisterJson
from acctcli.shapes.records import (
    AccountHeadJson,
    ContactJson,
    LogJson,
    TaskJson,
    WholeContactJson,
    WholeDealJson,
)


class AccountContactJson(ContactJson):
    """A person of an account, with the last two-way contact."""

    last_touch: str | None


class StrengthJson(TypedDict):
    """How strong the relationship with a person is, and was a while ago."""

    now: float
    before: float
    cooling: bool


class MapPersonJson(TypedDict):
    """A person, and those who report to them."""

    id: str
    name: str
    title: str | None
    role: str | None
    influence: str | None
    stance: str | None
    primary: bool
    do_not_contact: bool
    last_touch: str | None
    spoke_on: str | None
    strength: StrengthJson
    reports: list[MapPersonJson]


class GapJson(TypedDict):
    """A gap among the people of an account, and the person it is about, if any."""

    code: str
    text: str
    contact_id: str | None


class CarriedDealJson(TypedDict):
    """An open deal and its support: `everybody` if no people were assigned to it."""

    id: str
    title: str
    stage: str
    amount: str | None
    currency: str | None
    close_date: str | None
    everybody: bool
    rating: str
    reason: str
    supporters: Sequence[str]


class MapPage(AccountHeadJson):
    """The people of an account as a tree, the gaps among them, and its open deals.

    `sisters` are the other accounts of its group where somebody is known.
    """

    people: list[MapPersonJson]
    gaps: Sequence[GapJson]
    sisters: Sequence[SisterJson]
    deals: Sequence[CarriedDealJson]


LinkJson = TypedDict(
    "LinkJson",
    {
        "account": str | None,
        "account_id": str,
        "role": str | None,
        "title": str | None,
        "from": str | None,
        "to": str | None,
        "current": bool,
    },
)
"""A link between a person and an account, with its first and last day as far as known.

(`from` is a keyword of Python, so this shape cannot be declared as a class.)
"""


class PersonDealJson(WholeDealJson):
    """A deal with the part that a person plays in it."""

    role: str | None


class CardPage(TypedDict):
    """A person with a small vCard, which is drawn as a QR code."""

    id: str
    name: str
    card: str


class CampaignOfPersonJson(TypedDict):
    """A campaign that a person is in, and how far it got with them."""

    id: str
    name: str
    state: str


class ContactPage(WholeContactJson):
    """A person with their accounts, deals, last interactions and open tasks."""

    last_touch: str | None
    strength: StrengthJson
    links: Sequence[LinkJson]
    deals: Sequence[PersonDealJson]
    interaction_count: int
    interactions: Sequence[LogJson]
    tasks: Sequence[TaskJson]
    account_archived_at: str | None
    campaigns: Sequence[CampaignOfPersonJson]
