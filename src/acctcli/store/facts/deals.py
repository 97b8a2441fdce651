"""All deals of the book with their history."""

from __future__ import annotations

import sqlite3

from acctcli.domain.asof import ChangeFacts, DealFacts
from acctcli.store.facts.reading import columns, read

OWNER = "coalesce(t.owner, a.owner)"
"""The owner of a deal t of the account a: the deal's own, else the account's."""


def every(con: sqlite3.Connection) -> list[DealFacts]:
    """Every deal, as it is now."""
    chosen = columns(
        DealFacts,
        **{"account": "a.name", "account_id": "a.id", "owner": OWNER, "tier": "a.tier"},
        entered_on="date(t.created_at, 'localtime')",
    )
    return read(
        con,
        DealFacts,
        f"SELECT {chosen} FROM deal t JOIN account a ON a.id = t.account_id",
    )


def changes(con: sqlite3.Connection) -> list[ChangeFacts]:
    """Return every change of a deal's field with a known day, oldest first."""
    return read(
        con,
        ChangeFacts,
        f"SELECT {columns(ChangeFacts, deal='t.deal_id', day='t.changed_on')} FROM deal_change t "
        "WHERE t.changed_on IS NOT NULL AND t.field IS NOT NULL ORDER BY t.changed_on, t.id",
    )
