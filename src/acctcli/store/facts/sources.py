"""Where accounts came from, and their closed deals."""

from __future__ import annotations

import sqlite3
from datetime import date

from acctcli.domain.sources import ClosedDeal, Origin
from acctcli.store import added
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting


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
        first_won=f"min(CASE WHEN {WON} THEN d.closed_on END)",
        first_purchase="(SELECT min(purchased_on) FROM purchase WHERE account_id = t.id)",
        left_lead="NULL",
        imported="0",
    )
    found = fitting(
        con,
        Origin,
        f"SELECT {chosen} FROM account t LEFT JOIN deal d ON d.account_id = t.id WHERE",
        conditions,
        then="GROUP BY t.id",
    )
    left, imported = _left_lead(con), _imported(con)
    return [
        origin._replace(
            tags=tags.get(origin.id, []),
            left_lead=left.get(origin.id),
            imported=origin.id in imported,
        )
        for origin in found
    ]


def _left_lead(con: sqlite3.Connection) -> dict[str, date]:
    """Return the day accounts stopped being leads, by the journal or a note of the change."""
    rows = con.execute(
        "SELECT account, min(day) FROM ("
        "SELECT c.record AS account, date(m.at, 'localtime') AS day FROM change c "
        "JOIN command m ON m.seq = c.command WHERE c.tbl = 'account' AND c.op = 'update' "
        "AND m.undone_by IS NULL AND json_valid(c.before) "
        "AND json_extract(c.before, '$.status') = 'lead' "
        "UNION ALL SELECT account_id, date(at, 'localtime') FROM log "
        "WHERE kind = 'note' AND summary GLOB 'Qualified as [pc]*') "
        "WHERE day IS NOT NULL GROUP BY account"
    )
    return {account: date.fromisoformat(day) for account, day in rows}


def _imported(con: sqlite3.Connection) -> set[str]:
    """Return the ids of accounts that one command brought in together with others."""
    listed = con.execute(
        f"SELECT {added.RECORD} FROM {added.EACH} WHERE a.tbl = 'account' AND a.kind = 'account'"
    )
    single = con.execute(
        "SELECT c.record FROM change c JOIN command m ON m.seq = c.command "
        "WHERE c.tbl = 'account' AND c.op = 'insert' AND m.typed GLOB '*acct* import *'"
    )
    return {row[0] for row in (*listed, *single)}


def closed_deals(con: sqlite3.Connection, conditions: Conditions) -> list[ClosedDeal]:
    """Return every closed deal, with its own source if it has one."""
    return fitting(
        con,
        ClosedDeal,
        f"SELECT {columns(ClosedDeal, 'd', account='d.account_id', won=WON)} "
        "FROM deal d JOIN account t ON t.id = d.account_id WHERE d.closed_on IS NOT NULL AND",
        conditions,
    )
