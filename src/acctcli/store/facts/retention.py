"""Sales and ending contracts, for retention, cohorts and renewals."""

from __future__ import annotations

import sqlite3

from acctcli.domain.retention import Sale
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import WON, Conditions, fitting
from acctcli.store.filters import Condition
from acctcli.values.dates import FIRST_DAY


def has_purchases(con: sqlite3.Connection) -> bool:
    """Whether the book has any purchase."""
    (found,) = con.execute("SELECT EXISTS (SELECT 1 FROM purchase)").fetchone()
    return bool(found)


def has_both(con: sqlite3.Connection) -> bool:
    """Whether some purchases recur and others do not."""
    (kinds,) = con.execute("SELECT count(DISTINCT recurring != 'none') FROM purchase").fetchone()
    return bool(kinds == 2)


def purchases(
    con: sqlite3.Connection, conditions: Conditions, *, recurring: bool = False
) -> list[Sale]:
    """Return every purchase; with `recurring`, only those that recur.

    A purchase with an unreadable part does not count.
    """
    again = [Condition("p.recurring != 'none'", [])] if recurring else []
    chosen = columns(
        Sale, "p", account="t.id", day="p.purchased_on", starts="p.starts_on", ends="p.ends_on"
    )
    return fitting(
        con,
        Sale,
        f"SELECT {chosen} FROM purchase p JOIN account t ON t.id = p.account_id "
        "WHERE p.amount IS NOT NULL "
        "AND p.currency IS NOT NULL AND p.purchased_on IS NOT NULL AND",
        [*again, *conditions],
    )


def won_deals(con: sqlite3.Connection, conditions: Conditions) -> list[Sale]:
    """Return every won deal with an amount, as a sale without a contract."""
    chosen = columns(Sale, "d", account="t.id", day="d.closed_on", starts="NULL", ends="NULL")
    return fitting(
        con,
        Sale,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        f"WHERE {WON} AND d.closed_on > ? "
        "AND d.amount IS NOT NULL AND d.currency IS NOT NULL AND",
        conditions,
        (FIRST_DAY,),
    )
