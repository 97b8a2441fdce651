"""Where accounts came from, and their closed deals."""

from __future__ import annotations

import sqlite3

from acctcli.domain.sources import ClosedDeal, Origin
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import WON, Conditions, fitting


def origins(con: sqlite3.Connection, conditions: Conditions) -> list[Origin]:
    """Return every account with source, tags, status and the days on which it progressed."""
    tags: dict[str, list[str]] = {}
    for account_id, tag in con.execute("SELECT account_id, tag FROM tag ORDER BY position, id"):
        tags.setdefault(account_id, []).append(tag)
    chosen = columns(
        Origin,
        tags="NULL",
        entered="date(t.created_at, 'localtime')",
        first_log="(SELECT date(min(at), 'localtime') FROM log WHERE account_id = t.id)",
        first_deal="min(d.opened_on)",
        first_won="min(CASE WHEN d.category = 'closed' THEN d.closed_on END)",
        first_purchase="(SELECT min(purchased_on) FROM purchase WHERE account_id = t.id)",
    )
    found = fitting(
        con,
        Origin,
        f"SELECT {chosen} FROM account t LEFT JOIN deal d ON d.account_id = t.id WHERE",
        conditions,
        then="GROUP BY t.id",
    )
    return [origin._replace(tags=tags.get(origin.id, [])) for origin in found]


def closed_deals(con: sqlite3.Connection, conditions: Conditions) -> list[ClosedDeal]:
    """Return every closed deal, with its own source if it has one."""
    return fitting(
        con,
        ClosedDeal,
        f"SELECT {columns(ClosedDeal, 'd', account='d.account_id', won=WON)} "
        "FROM deal d JOIN account t ON t.id = d.account_id WHERE d.closed_on IS NOT NULL AND",
        conditions,
    )
