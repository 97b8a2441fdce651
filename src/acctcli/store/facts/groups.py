"""What the accounts of a group have: open deals, purchases, last contact and people.

Looked up by account, through indexes: the page of a parent must not get slower as the book grows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.frozen import FrozenRow
from acctcli.store.columns import DERIVED, sold, summed
from acctcli.store.facts.reading import columns, read
from acctcli.values.dates import iso

_THESE = "IN (SELECT value FROM json_each(:ids))"


class BoughtRow(FrozenRow):
    """What an account bought in one currency."""

    account_id: str
    currency: str
    amount: int


class GroupDealRow(FrozenRow):
    """An open deal; without an amount, both amount and currency are None."""

    id: str
    account_id: str
    amount: int | None
    currency: str | None


class KnownPersonRow(FrozenRow):
    """A person at an account; title and role are those of the link to it."""

    id: str
    account_id: str
    name: str
    title: str | None
    role: str | None
    influence: str | None
    stance: str | None
    do_not_contact: bool
    last_touch: str | None


def bought(con: sqlite3.Connection, ids: Sequence[str], first: date, last: date) -> list[BoughtRow]:
    """Return what these accounts bought from one day to another, by account and currency."""
    chosen = columns(BoughtRow, "sold", amount=summed("sold.amount"))
    return read(
        con,
        BoughtRow,
        f"SELECT {chosen} FROM {sold(f'account_id {_THESE}')} sold "
        "WHERE purchased_on BETWEEN :first AND :last AND currency IS NOT NULL "
        "GROUP BY account_id, currency",
        {"ids": json.dumps(list(ids)), "first": iso(first), "last": iso(last)},
    )


def open_deals(
    con: sqlite3.Connection, ids: Sequence[str], categories: Sequence[str]
) -> list[GroupDealRow]:
    """Return the open deals of these accounts that are in one of the categories."""
    return read(
        con,
        GroupDealRow,
        f"SELECT {columns(GroupDealRow)} FROM deal t WHERE t.account_id {_THESE} "
        "AND +t.closed_on IS NULL AND t.category IN (SELECT value FROM json_each(:categories))",
        {"ids": json.dumps(list(ids)), "categories": json.dumps(list(categories))},
    )


def last_touches(con: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the moment of the last two-way touch of these accounts; without one, no entry."""
    touched = DERIVED["account", "last_touch"]
    found = con.execute(
        f"SELECT t.id, {touched} AS touched FROM account t WHERE t.id {_THESE}",
        {"ids": json.dumps(list(ids))},
    )
    return {id: moment for id, moment in found if moment is not None}


def people_at(con: sqlite3.Connection, ids: Sequence[str]) -> list[KnownPersonRow]:
    """Return everybody at these accounts, also those linked from elsewhere, by name."""
    touched = DERIVED["contact", "last_touch"]
    of_link = {"account_id": "r.account_id", "title": "r.title", "role": "r.role"}
    return read(
        con,
        KnownPersonRow,
        f"SELECT {columns(KnownPersonRow, last_touch=touched)} FROM contact t "
        f"WHERE t.account_id {_THESE} UNION ALL "
        f"SELECT {columns(KnownPersonRow, last_touch=touched, **of_link)} FROM affiliation r "
        f"JOIN contact t ON t.id = r.contact_id WHERE r.account_id {_THESE} AND r.to_on IS NULL "
        "AND r.account_id IS NOT t.account_id ORDER BY name, 1",
        {"ids": json.dumps(list(ids))},
    )
