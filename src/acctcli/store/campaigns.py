"""The members of campaigns: adding and removing them, and what a merge makes of them.

A member is a fact: its id is made from the campaign and the person, or the account. So the same
choice on two machines is one row, and choosing somebody twice changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from acctcli import ids as making
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import MEMBER_STATES, Row
from acctcli.store import records
from acctcli.store.kinds import told_by

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


class Chosen(FrozenRow):
    """Somebody who may be in a campaign: `kind` is account or contact."""

    kind: str
    id: str


class AddedMembers(Frozen):
    """Who was added to a campaign, and who was in it already."""

    new: Sequence[Chosen]
    there: Sequence[Chosen]


def member_id(campaign: str, who: Chosen) -> str:
    """Return the id of the member that somebody is, or would be, in a campaign."""
    return records.new_id("campaign_member", {"campaign": campaign, who.kind: who.id})


def add(
    tx: Writing, campaign: str, chosen: Iterable[Chosen], *, state: str | None = None
) -> AddedMembers:
    """Add members to a campaign as of today; those who are in it stay as they are."""
    everybody = list(dict.fromkeys(chosen))
    there = _there(tx.con, [member_id(campaign, who) for who in everybody])
    new = [who for who in everybody if member_id(campaign, who) not in there]
    work_at = _accounts_of(tx.con, [who.id for who in new if who.kind == "contact"])
    records.insert_all(
        tx,
        "campaign_member",
        [
            (
                {
                    "campaign": campaign,
                    "account": work_at.get(who.id) if who.kind == "contact" else who.id,
                    "contact": who.id if who.kind == "contact" else None,
                    "state": state,
                    "joined_on": tx.today,
                },
                {},
            )
            for who in new
        ],
    )
    return AddedMembers(new, [who for who in everybody if member_id(campaign, who) in there])


def _there(con: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    rows = con.execute(
        "SELECT id FROM campaign_member WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(ids)],
    )
    return {id for (id,) in rows}


def _accounts_of(con: sqlite3.Connection, people: Sequence[str]) -> dict[str, str | None]:
    return dict(
        con.execute(
            "SELECT id, account_id FROM contact WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(people)],
        ).fetchall()
    )


def move(tx: Writing, row: Row, column: str, keep: str) -> tuple[bool, Row | None]:
    """Make a member refer to the merged account or person that stays.

    Return whether that one was in the campaign already, and its row then, as it was. The members
    become one: with the first day, and the furthest of the states that were set by hand.
    """
    stated = {**row, column: keep}
    names = ("campaign", "contact", "account")
    id = making.fact_id(
        "campaign_member",
        *told_by("campaign_member", {name: stated[f"{name}_id"] for name in names}),
    )
    if id == row["id"]:  # a person whose account was merged
        tx.update("campaign_member", id, {column: keep})
        return False, None
    there = tx.read("campaign_member", id)
    for known in tx.rows("external_id", "record_id", row["id"]):
        tx.update("external_id", known["id"], {"record_id": id})
    tx.delete("campaign_member", row["id"])
    if there is None:
        tx.insert("campaign_member", {**stated, "id": id})
        return False, None
    states = [state for state in (there["state"], row["state"]) if state]
    days = [day for day in (there["joined_on"], row["joined_on"]) if day]
    joined = {
        "state": max(states, key=MEMBER_STATES.index, default=None),
        "joined_on": min(days, default=None),
    }
    tx.update("campaign_member", id, joined)
    return True, there
