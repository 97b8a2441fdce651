"""New records in the journal, where a command adds many: their ids, up to hundreds in one row.

A row of `change` for each new record, found by record, account and command, took a quarter of
the space of an imported book. Of a new record the journal has nothing to keep but its id. So the
rows of `added` list ids: one row of it has those of one table and account that one command added;
accounts themselves stand together. What a record brings along (its tags, its custom values) is
listed with the record of each.

The rows of a command here come before its rows in `change`: undo takes them back last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby, islice

Place = tuple[str, str, str, str, str | None]
"""Where a row belongs: its table and id, the kind and id of its record, the account."""

MANY = 100
"""As many new rows at once are listed here; fewer have a row each in `change`."""

WAITING = 100_000
"""As many rows wait in memory, to be listed by account; an import may bring millions."""

_TOGETHER = 500  # ids in one row

EACH = "added a, json_each(CASE WHEN json_valid(a.rows) THEN a.rows ELSE '[]' END) j"
"""For a FROM: the rows of `added` as `a`, with each id they list as `j`."""

RECORD = "j.value"
"""The id of the record, in a query on `EACH`."""

ROW = "iif(a.tbl = a.kind, j.value, j.key)"
"""The id of the row, in a query on `EACH`."""


def wait(con: sqlite3.Connection, places: Iterable[Place]) -> None:
    """Note rows that are new, for `keep`."""
    con.execute(
        'CREATE TEMP TABLE IF NOT EXISTS noted (tbl TEXT, "row" TEXT, kind TEXT, record TEXT, '
        "account_id TEXT)"
    )
    con.executemany("INSERT INTO temp.noted VALUES (?, ?, ?, ?, ?)", places)


def keep(con: sqlite3.Connection, command: int) -> None:
    """Write down the rows that were noted, as those of one command."""
    noted = con.execute(
        # History asks for the records of an account, and never for what came with a record.
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
    """The ids of rows and of their records as `added` keeps them; of records each id once."""
    kept = [row for row, _ in pairs] if table == kind else dict(pairs)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def pairs_of(table: str, kind: str, kept: str) -> list[tuple[str, str]]:
    """The ids of rows and of their records that are listed; none if they cannot be read."""
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
