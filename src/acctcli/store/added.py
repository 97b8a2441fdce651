"""Ids of new records, listed in the journal in bulk: up to 500 in one row of `added`.

A command that adds one record gives it a row of `change`, which is found by record, account and
command. For an imported book those rows took a quarter of the space, although the journal keeps
nothing of a new record but its id. So a command that adds many lists their ids in `added`: one row
lists records of one table and one account (accounts themselves share rows). Tags and custom values
are listed with the record they belong to.

Undo removes these rows last: they come before the command's rows in `change`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby, islice

Place = tuple[str, str, str, str, str | None]
"""Where a row belongs: table, row id, record kind, record id, account id (None without one)."""

MANY = 100
"""From this many new rows at once on, rows are listed here; fewer get a row each in `change`."""

WAITING = 100_000
"""This many rows wait in memory before they are listed; an import may bring millions."""

_TOGETHER = 500  # ids in one row

EACH = "added a, json_each(CASE WHEN json_valid(a.rows) THEN a.rows ELSE '[]' END) j"
"""For a FROM clause: the rows of `added` as `a`, joined with each id they list as `j`."""

RECORD = "j.value"
"""The id of the record, in a query on `EACH`."""

ROW = "iif(a.tbl = a.kind, j.value, j.key)"
"""The id of the row, in a query on `EACH`."""


def wait(con: sqlite3.Connection, places: Iterable[Place]) -> None:
    """Remember new rows for `keep`."""
    con.execute(
        'CREATE TEMP TABLE IF NOT EXISTS noted (tbl TEXT, "row" TEXT, kind TEXT, record TEXT, '
        "account_id TEXT)"
    )
    con.executemany("INSERT INTO temp.noted VALUES (?, ?, ?, ?, ?)", places)


def keep(con: sqlite3.Connection, command: int) -> None:
    """Write the remembered rows to the journal, as added by one command."""
    noted = con.execute(
        # History looks up the records of an account, and never the rows that came with a record.
        "SELECT tbl, kind, iif(tbl = kind AND kind <> 'account', account_id, NULL) AS account, "
        '"row", record FROM temp.noted ORDER BY tbl, kind, account, rowid'
    )
    for (table, kind, account), group in groupby(noted, lambda row: row[:3]):
        pairs = ((row, record) for *_, row, record in group)
        while some := list(islice(pairs, _TOGETHER)):
            con.execute(
                "INSERT INTO added (command, tbl, kind, account_id, rows) VALUES (?, ?, ?, ?, ?)",
                (command, table, kind, account, listed(table, kind, some)),
            )
    con.execute("DELETE FROM temp.noted")


def listed(table: str, kind: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs of row id and record id as `added` stores them; a record lists each id once."""
    kept = [row for row, _ in pairs] if table == kind else dict(pairs)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def pairs_of(table: str, kind: str, kept: str) -> list[tuple[str, str]]:
    """Return the pairs of row id and record id that a row lists; none if they cannot be read."""
    try:
        found = json.loads(kept)
    except ValueError:
        return []
    if table == kind and isinstance(found, list):
        pairs = [(id, id) for id in found]
    elif table != kind and isinstance(found, dict):
        pairs = list(found.items())
    else:
        return []
    return pairs if all(isinstance(record, str) for _, record in pairs) else []
