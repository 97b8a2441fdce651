"""Campaigns: whom one approach was meant for, and how far it got with each of them."""

from __future__ import annotations

from datetime import date

from acctcli.model.field import DAY, INTEGER, LONG, TEXT, TODAY, Record, Ref, choice, column, ref

MEMBER_STATES = ("planned", "reached", "replied", "meeting", "opportunity", "customer")
"""How far a campaign got with a member, in order: each state includes those before it."""


class Campaign(Record):
    """An approach to accounts and people who were chosen for it, under a name."""

    name: str = column(TEXT, "name of the campaign", required=True, came=8)
    source: str | None = column(TEXT, "what to call it as the source of its deals", came=8)
    starts_on: date | None = column(DAY, "first day", flag="starts", look="near", came=8)
    ends_on: date | None = column(
        DAY,
        "last day, or how long it runs: 6w",
        flag="ends",
        spans=True,
        counts_from=("starts_on", TODAY),
        came=8,
    )
    notes: str | None = column(LONG, "what it is about", flag="note", came=8)
    members: int = column(
        INTEGER, "how many accounts and people are in it", fixed=True, derived=True, came=8
    )


class CampaignMember(Record):
    """An account or a person in a campaign.

    `account` is the member itself, or where the person worked when they were chosen. Without a
    `state`, how far the campaign got follows from interactions and deals (`domain.campaigns`).
    """

    campaign: Ref = ref("campaign", "the campaign", required=True, stays=True, came=8)
    contact: Ref | None = ref("contact", "the person; empty for an account", came=8)
    account: Ref | None = ref("account", "the account, or that of the person", came=8)
    state: str | None = choice(
        "how far it got, set by hand; empty: as the records say", MEMBER_STATES, came=8
    )
    joined_on: date | None = column(DAY, "day it was chosen", past=True, came=8)
