"""Two records with one number, although each machine has a series of its own.

Two machines that joined at the same time took the same series, or an old backup gave a number
again. Which record keeps the number follows from the versions of the cells, so all machines agree.
Only the machine that gave the number to the other record gives that one a new number, which goes
out like any edit, so nobody's choice competes with another's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby

from acctcli.frozen import Frozen
from acctcli.store.sync.cells import FIRST, REST, Version


class Twin(Frozen):
    """A record that shares its number. `sent` if a customer has the number of the quote."""

    id: str
    number: str
    version: Version
    sent: bool


_SHARED = (
    "SELECT t.id, t.number, r.ver, {sent} FROM main.{kind} t "
    "LEFT JOIN main.sync_row r ON r.id = t.id WHERE t.number IN "
    "(SELECT number FROM main.{kind} GROUP BY number HAVING count(*) > 1) ORDER BY t.number"
)
_SENT = (
    "t.sent_on IS NOT NULL OR EXISTS (SELECT 1 FROM main.quote q WHERE q.deal_id = t.deal_id "
    "AND q.sent_on IS NOT NULL AND EXISTS (SELECT 1 FROM main.quote o WHERE o.number = t.number "
    "AND o.deal_id <> t.deal_id))"
)
"""An offer keeps its number if one version was sent. Two next versions of one offer have others."""


def losing(
    con: sqlite3.Connection, kind: str, device: str, joining: Collection[str] = ()
) -> list[str]:
    """Return the records of a kind to which this machine has to give another number.

    `joining` are those that this machine had before it joined: the others were there first.
    """
    found = []
    for twins in _shared(con, kind):
        new = [one for one in twins if one.id in joining]
        keeps = min(
            twins if len(new) == len(twins) else (one for one in twins if one not in new),
            key=lambda one: (not one.sent, one.version, one.id),
        )
        found += [
            one.id
            for one in twins
            if one is not keeps and not one.sent and (one in new or one.version[1] == device)
        ]
    return found


def sent(con: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Return by number the quotes that customers have with the same one: ids, names of accounts."""
    found = {}
    for twins in _shared(con, "quote"):
        kept = {one.id: one for one in twins if one.sent}
        if len(kept) > 1:
            found[twins[0].number] = con.execute(
                "SELECT q.id, a.name FROM main.quote q JOIN main.account a ON a.id = q.account_id "
                "WHERE q.id IN (SELECT value FROM json_each(?)) ORDER BY q.id",
                (json.dumps(list(kept)),),
            ).fetchall()
    return found


def _shared(con: sqlite3.Connection, kind: str) -> Iterator[list[Twin]]:
    """Yield the records that share a number, those of one number at a time."""
    sql = _SHARED.format(kind=kind, sent=_SENT if kind == "quote" else "0")
    rows = (
        Twin(id, number, _version(ver), bool(given)) for id, number, ver, given in con.execute(sql)
    )
    for _, twins in groupby(rows, key=lambda one: one.number):
        yield list(twins)


def _version(kept: str | None) -> Version:
    """Return the version of the number among those of a row."""
    versions = json.loads(kept or "{}")
    milliseconds, device = versions.get("number") or versions.get(REST) or FIRST
    return milliseconds, device
