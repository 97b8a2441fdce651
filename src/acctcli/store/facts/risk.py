"""Facts for the risk of open deals: the deals, interactions, and people.

Days are in ISO form; days of moments are local. `domain.risk` judges what a fact means.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.frozen import FrozenRow
from acctcli.store.columns import PUSHES, TWO_WAY
from acctcli.store.facts.reading import columns, read
from acctcli.values.dates import iso
from acctcli.values.fields import bounds_of_day


class OpenDealRow(FrozenRow):
    """An open deal; `stepped` says whether it has an open task with a date."""

    id: str
    account_id: str
    stage: str
    opened_on: str | None
    close_date: str | None
    entered: str | None
    pushes: int
    stepped: bool


class AskedRow(FrozenRow):
    """An interaction: about a deal or about none, two-way or sent by us.

    `sent` is a message of ours, or a call that reached nobody.
    """

    account_id: str
    deal_id: str | None
    day: str
    two_way: bool
    sent: bool


class PlayerRow(FrozenRow):
    """A person at an account, by own or further link, with their role there."""

    account_id: str
    id: str
    name: str
    role: str | None
    influence: str | None
    stance: str | None


class PartRow(FrozenRow):
    """A person with a part in a deal."""

    deal_id: str
    contact_id: str
    role: str | None


def deals(con: sqlite3.Connection, accounts: Sequence[str]) -> list[OpenDealRow]:
    """Return the open deals of these accounts."""
    entered = (
        "coalesce((SELECT max(changed_on) FROM deal_change WHERE deal_id = t.id "
        "AND field = 'stage' AND new = t.stage), t.opened_on)"
    )
    stepped = (
        "EXISTS (SELECT 1 FROM task WHERE deal_id = t.id AND done_at IS NULL AND due IS NOT NULL)"
    )
    chosen = columns(OpenDealRow, entered=entered, pushes=PUSHES, stepped=stepped)
    return read(
        con,
        OpenDealRow,
        f"SELECT {chosen} FROM deal t WHERE +t.closed_on IS NULL AND {_OF} ORDER BY t.id",
        (json.dumps(accounts),),
    )


def loose_steps(con: sqlite3.Connection, accounts: Sequence[str]) -> set[str]:
    """Return the accounts with an open task that has a date and no deal."""
    sql = (
        f"SELECT DISTINCT t.account_id FROM task t WHERE {_OF} AND t.deal_id IS NULL "
        "AND t.done_at IS NULL AND t.due IS NOT NULL"
    )
    return {row[0] for row in con.execute(sql, (json.dumps(accounts),))}


def said(
    con: sqlite3.Connection, deals: Sequence[str], accounts: Sequence[str], since: date
) -> list[AskedRow]:
    """Return the interactions since a day about these deals, or with these accounts.

    In order of time.
    """
    chosen = columns(
        AskedRow,
        day="date(t.at, 'localtime')",
        two_way=TWO_WAY,
        sent="(t.attempt = 1 OR t.direction = 'out' AND t.kind IN ('email', 'social'))",
    )
    about = "t.deal_id IN (SELECT value FROM json_each(?))"
    return read(
        con,
        AskedRow,
        f"SELECT {chosen} FROM log t WHERE ({about} OR {_OF}) AND t.at >= ? ORDER BY t.at, t.id",
        (json.dumps(deals), json.dumps(accounts), iso(bounds_of_day(since)[0])),
    )


def players(con: sqlite3.Connection, accounts: Sequence[str]) -> list[PlayerRow]:
    """Return the people at these accounts."""
    linked = columns(PlayerRow, "c", account_id="l.account_id", role="l.role")
    return read(
        con,
        PlayerRow,
        f"SELECT {columns(PlayerRow)} FROM contact t WHERE {_OF} "
        f"UNION SELECT {linked} FROM affiliation l JOIN contact c ON c.id = l.contact_id "
        "AND c.account_id IS NOT l.account_id "
        f"WHERE {_OF.replace('t.', 'l.')} AND l.to_on IS NULL",
        (json.dumps(accounts),) * 2,
    )


def parts(con: sqlite3.Connection, accounts: Sequence[str]) -> list[PartRow]:
    """Return the people with a part in a deal of these accounts, by deal."""
    return read(
        con,
        PartRow,
        f"SELECT {columns(PartRow)} FROM deal_contact t WHERE {_OF} ORDER BY t.id",
        (json.dumps(accounts),),
    )


_OF = "t.account_id IN (SELECT value FROM json_each(?))"
