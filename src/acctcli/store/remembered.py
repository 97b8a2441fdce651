"""Rows in the journal, and the names of records: now, or when they were deleted."""

from __future__ import annotations

import json
import sqlite3

from acctcli.model import KINDS, Row
from acctcli.store import lookup
from acctcli.store.kinds import PART_OF

TABLES = frozenset((*KINDS, *PART_OF))
"""The tables whose changes are shown; other tables in a journal hold no records."""


def row_of(kept: str | None) -> Row:
    """Return the columns that the journal kept of a row; none if they cannot be read."""
    if not kept:
        return {}
    try:
        row = json.loads(kept)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def current_row(con: sqlite3.Connection, table: str, id: str) -> Row:
    """Return the current row, or an empty one if it is gone."""
    cursor = con.execute(f'SELECT * FROM "{table}" WHERE id = ?', (id,))
    row = cursor.fetchone()
    names = [column[0] for column in cursor.description]
    return dict(zip(names, row, strict=True)) if row else {}


def title(con: sqlite3.Connection, kind: str, row: Row) -> str:
    """Return the name of a record for people, from its row."""
    if not row:
        return ""
    if kind in ("item", "purchase"):
        product = row.get("product_id")
        return name_of(con, "product", product) if product else "purchase"
    if kind == "deal_contact":
        return name_of(con, "contact", row.get("contact_id") or "")
    if kind == "campaign_member":
        who = "contact" if row.get("contact_id") else "account"
        return name_of(con, who, row.get(f"{who}_id") or "")
    if kind in ("affiliation", "plan"):
        return name_of(con, "account", row.get("account_id") or "")
    return str(row.get(KINDS[kind].title) or "")


def name_of(con: sqlite3.Connection, kind: str, id: str) -> str:
    """Return a record's name, now or when it was deleted; without a name, the tail of its id."""
    row = current_row(con, kind, id)
    if not row:
        deleted = con.execute(
            "SELECT before FROM change WHERE record = ? AND kind = ? AND tbl = kind "
            "AND op = 'delete' ORDER BY seq DESC LIMIT 1",
            (id, kind),
        ).fetchone()
        row = row_of(deleted[0]) if deleted else {}
    return title(con, kind, row) or id[-lookup.TAIL :]
