"""Campaigns with their members, the interactions with those, and the deals.

One query per kind of fact, for several campaigns at once. `domain.campaigns` judges what they mean.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.domain.campaigns import CampaignDeal, CampaignTouch, MailMember
from acctcli.frozen import FrozenRow
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns, read

_OF = "IN (SELECT value FROM json_each(?))"

_AT = "coalesce(m.account_id, c.account_id)"
"""The account of a member: itself, where the person was chosen, or where they work now."""


class Member(FrozenRow):
    """A member with its names; `contact_id` is None for an account.

    `works_at` is the account to log something at: where the person works now, or was chosen.
    """

    id: str
    campaign_id: str
    contact_id: str | None
    contact: str | None
    account_id: str | None
    account: str | None
    number: str | None
    works_at: str | None
    by_hand: str | None
    joined_on: str | None
    do_not_contact: bool


def members(con: sqlite3.Connection, campaigns: Sequence[str]) -> list[Member]:
    """Return the members of campaigns, by the names of account and person."""
    chosen = columns(
        Member,
        "m",
        contact="c.name",
        account_id=_AT,
        account="a.name",
        number="a.number",
        works_at="coalesce(c.account_id, m.account_id)",
        by_hand="m.state",
        do_not_contact="coalesce(c.do_not_contact, 0)",
    )
    return read(
        con,
        Member,
        f"SELECT {chosen} FROM campaign_member m LEFT JOIN contact c ON c.id = m.contact_id "
        f"LEFT JOIN account a ON a.id = {_AT} WHERE m.campaign_id {_OF} "
        "ORDER BY a.name_key, m.contact_id IS NOT NULL, c.name_key, m.id",
        [json.dumps(list(campaigns))],
    )


class MemberTouch(FrozenRow):
    """An interaction with somebody in a campaign: where, with whom, and whether it names it."""

    campaign_id: str
    account_id: str
    contact_id: str | None
    id: str
    at: str
    day: date
    kind: str
    direction: str | None
    attempt: bool
    named: bool

    @property
    def touch(self) -> CampaignTouch:
        """The interaction as it is judged."""
        return CampaignTouch(*self[3:])


def touches(con: sqlite3.Connection, campaigns: Sequence[str]) -> list[MemberTouch]:
    """Return what names these campaigns, and what followed at the accounts it was logged for.

    An interaction with several people is there once for each.
    """
    shape = {"contact_id": "p.contact_id", "day": "date(t.at, 'localtime')"}
    own = columns(MemberTouch, **shape, named="1")
    later = columns(MemberTouch, **shape, campaign_id="r.campaign_id", named="0")
    people = "LEFT JOIN log_contact p ON p.log_id = t.id"
    among = json.dumps(list(campaigns))
    return read(
        con,
        MemberTouch,
        # What was said since belongs to the campaign only if it names no other.
        "WITH reached AS MATERIALIZED (SELECT campaign_id, account_id, min(at) AS since FROM log "
        f"WHERE campaign_id {_OF} GROUP BY 1, 2) "
        f"SELECT {own} FROM log t {people} WHERE t.campaign_id {_OF} "
        f"AND t.at IS NOT NULL UNION ALL SELECT {later} FROM reached r "
        f"JOIN log t ON t.account_id = r.account_id AND t.at >= r.since {people} "
        "WHERE t.campaign_id IS NULL AND t.at IS NOT NULL "
        "AND t.kind IN ('call', 'email', 'social', 'proposal', 'meeting', 'demo')",
        [among, among],
    )


def deals(con: sqlite3.Connection, campaigns: Sequence[str]) -> list[CampaignDeal]:
    """Return the deals that name these campaigns, won ones first, then by title."""
    return read(
        con,
        CampaignDeal,
        f"SELECT {_deal()} FROM deal d JOIN account a ON a.id = d.account_id "
        f"WHERE d.campaign_id {_OF} ORDER BY {WON} DESC, d.closed_on IS NOT NULL, d.name_key, d.id",
        [json.dumps(list(campaigns))],
    )


def deals_without(con: sqlite3.Connection, accounts: Sequence[str]) -> list[CampaignDeal]:
    """Return the deals of these accounts that name no campaign, the first opened first."""
    return read(
        con,
        CampaignDeal,
        f"SELECT {_deal()} FROM deal d JOIN account a ON a.id = d.account_id "
        f"WHERE d.campaign_id IS NULL AND d.account_id {_OF} ORDER BY d.opened_on, d.id",
        [json.dumps(list(accounts))],
    )


def _deal() -> str:
    return columns(CampaignDeal, "d", account="a.name", won=WON)


def for_mail(con: sqlite3.Connection, members: Sequence[str]) -> list[MailMember]:
    """Return the people who are these members, or the primary contacts of those that are accounts.

    They are in the order of account and name, each once.
    """
    chosen = columns(
        MailMember,
        "c",
        email="(SELECT address FROM email WHERE contact_id = c.id ORDER BY position, id LIMIT 1)",
        account_id="a.id",
        account="a.name",
        country="a.country",
        archived="a.archived_at IS NOT NULL",
        # Somebody who moved on is not the person that was chosen there.
        moved_on="m.contact_id IS NOT NULL AND m.account_id IS NOT NULL "
        "AND c.account_id IS NOT m.account_id AND NOT EXISTS (SELECT 1 FROM affiliation f "
        "WHERE f.contact_id = c.id AND f.account_id = m.account_id AND f.to_on IS NULL)",
    )
    rows = read(
        con,
        MailMember,
        f"SELECT {chosen} FROM campaign_member m JOIN contact c ON c.id = m.contact_id "
        'OR (m.contact_id IS NULL AND c.account_id = m.account_id AND c."primary" = 1) '
        f"LEFT JOIN account a ON a.id = {_AT} WHERE m.id {_OF} "
        "ORDER BY a.name_key, m.contact_id IS NULL, c.name_key, c.id",
        [json.dumps(list(members))],
    )
    found: dict[str, MailMember] = {}
    for person in rows:
        found.setdefault(person.id, person)
    return list(found.values())


def without_primary(con: sqlite3.Connection, members: Sequence[str]) -> list[str]:
    """Return the names of those of these members that are accounts without a primary contact."""
    rows = con.execute(
        "SELECT a.name FROM campaign_member m JOIN account a ON a.id = m.account_id "
        "WHERE m.contact_id IS NULL AND NOT EXISTS "
        '(SELECT 1 FROM contact WHERE account_id = a.id AND "primary" = 1) '
        f"AND m.id {_OF} ORDER BY a.name_key",
        [json.dumps(list(members))],
    )
    return [name for (name,) in rows]
