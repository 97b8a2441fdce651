"""Groups of accounts: an account with everything below it, through the parents of accounts.

The only module that knows what a group is. An import, or another program, may close a circle of
parents: every account of it then has the whole circle below it, and each is counted once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from acctcli.model import Row
from acctcli.store.filters import Condition

# UNION, not UNION ALL: an account that is known already is not followed again.
_BELOW = (
    "WITH RECURSIVE below (id) AS (SELECT value FROM json_each(?) UNION "
    "SELECT child.id FROM below JOIN account child ON child.parent_id = below.id) "
    "SELECT id FROM below"
)

_MEMBER = "id, number, name, tier, status, parent_id, archived_at"


def within(kind: str, ids: Sequence[str]) -> Condition:
    """Return the condition that records of a kind belong to these accounts or to any below them.

    People linked to an account from elsewhere count as people of that account too.
    """
    tops = json.dumps(list(ids))
    if kind == "account":
        return Condition(f"t.id IN ({_BELOW})", [tops])
    own = f"t.account_id IN ({_BELOW})"
    if kind != "contact":
        return Condition(own, [tops])
    linked = f"SELECT contact_id FROM affiliation WHERE account_id IN ({_BELOW}) AND to_on IS NULL"
    return Condition(f"({own} OR t.id IN ({linked}))", [tops, tops])


def members(con: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    """Return the ids of these accounts and of all below them."""
    return [id for (id,) in con.execute(_BELOW, (json.dumps(list(ids)),))]


def top(con: sqlite3.Connection, id: str) -> str:
    """Return the topmost account of the group that an account is in.

    In a circle, that is the last account before the circle comes back.
    """
    above = con.execute(
        "WITH RECURSIVE above (id, parent_id) AS (SELECT id, parent_id FROM account WHERE id = ? "
        "UNION SELECT up.id, up.parent_id FROM above JOIN account up ON up.id = above.parent_id) "
        "SELECT id FROM above",
        (id,),
    ).fetchall()
    topmost: str = above[-1][0]  # the rows come in the order in which they are found
    return topmost


def below(con: sqlite3.Connection, account_id: str) -> list[Row]:
    """Return an account and everything below it."""
    return _rows(con, f"id IN ({_BELOW})", json.dumps([account_id]))


def families(con: sqlite3.Connection) -> list[Row]:
    """Return all accounts that have a parent or children, archived ones too."""
    return _rows(
        con,
        "parent_id IS NOT NULL OR EXISTS (SELECT 1 FROM account WHERE parent_id = a.id)",
    )


def children(con: sqlite3.Connection, account_id: str) -> list[Row]:
    """Return the accounts directly below one."""
    return _rows(con, "parent_id = ?", account_id)


def _rows(con: sqlite3.Connection, where: str, *values: Any) -> list[Row]:
    cursor = con.execute(
        f"SELECT {_MEMBER} FROM account a WHERE {where} ORDER BY name_key, id", values
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, found, strict=True)) for found in cursor]
