"""Campaigns: the page of one, its members, and several beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from acctcli.shapes.records import CampaignJson, TotalJson
from acctcli.shapes.reports import ConvertedTotalJson


class CampaignMemberJson(TypedDict):
    """A member; `id` is that of the person, or of the account.

    `by_hand` is the state that somebody set, `follows` the one that the records show from the
    day `since` on, by the record `record_id` of kind `record`. `state` is the one that counts.
    """

    id: str
    contact: str | None
    account: str | None
    number: str | None
    state: str
    by_hand: str | None
    follows: str
    since: str | None
    record: str | None
    record_id: str | None
    joined_on: str | None
    do_not_contact: bool
    contact_id: str | None
    account_id: str | None


class CampaignStateJson(TypedDict):
    """How many members are in a state, and how many got that far or further.

    `rate` is the percentage of the latter in all members, None for a few.
    """

    state: str
    members: int
    so_far: int
    rate: float | None


class CampaignFiguresJson(TypedDict):
    """A campaign in figures; each count of members includes those who got further."""

    members: int
    reached: int
    replied: int
    meeting: int
    opportunity: int
    customer: int
    reached_rate: float | None
    reply_rate: float | None
    meeting_rate: float | None
    deals: int
    open: int
    won: int
    lost: int
    maybe: int


class CampaignDealJson(TypedDict):
    """A deal that names the campaign, or that may have come from it."""

    id: str
    account: str
    account_id: str
    title: str
    standing: str
    stage: str
    source: str | None
    amount: str | None
    currency: str | None
    opened_on: str | None
    closed_on: str | None


class DealsOfCampaignJson(TypedDict):
    """What deals came to, for a source or an account; its name is None for deals without one."""

    name: str | None
    deals: int
    won: int
    won_value: Sequence[TotalJson]
    open_value: Sequence[TotalJson]


class MailingJson(TypedDict):
    """How many addresses a mail program would get, and how many people it would not, by reason.

    `without_primary` are accounts in the campaign whose primary contact is not known.
    """

    addresses: int
    left_out: Mapping[str, int]
    without_primary: Sequence[str]


class CampaignPage(CampaignJson):
    """A campaign: how far it got with its members, and what came of it."""

    states: Sequence[CampaignStateJson]
    figures: CampaignFiguresJson
    members: Sequence[CampaignMemberJson]
    deals: Sequence[CampaignDealJson]
    won_value: Sequence[TotalJson]
    open_value: Sequence[TotalJson]
    converted: ConvertedTotalJson | None
    sources: Sequence[DealsOfCampaignJson]
    accounts: Sequence[DealsOfCampaignJson]
    maybe: Sequence[CampaignDealJson]
    maybe_value: Sequence[TotalJson]
    mail: MailingJson


class ComparedCampaignJson(CampaignFiguresJson):
    """A campaign beside others."""

    id: str
    name: str
    source: str | None
    starts_on: str | None
    ends_on: str | None
    won_value: Sequence[TotalJson]
    open_value: Sequence[TotalJson]
    converted: ConvertedTotalJson | None


class CampaignsPage(TypedDict):
    """Campaigns beside each other, the last to start first."""

    campaigns: Sequence[ComparedCampaignJson]
