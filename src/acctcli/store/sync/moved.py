"""A book that was copied or moved goes on as another machine.

What the earlier machine had not sent yet goes out under the new name. If that machine is still
there and sends it too, nothing happens twice: changes have the versions that they had.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from pathlib import Path

from acctcli.carriers.carrier import Carrier
from acctcli.store.connection import Notice, silent
from acctcli.store.journal import Writing
from acctcli.store.sync import keeping, machine, rounds
from acctcli.store.sync.capture import Capture
from acctcli.store.sync.cells import ERASED, FIRST, REST, CellChange
from acctcli.store.sync.keeping import Shelf
from acctcli.store.sync.machine import Machine


def become(path: Path, this: Machine, *, notice: Notice = silent) -> None:
    """Let the book at `path` go on as `this` machine, and keep that beside it."""
    # The book comes first: after a kill in between, the next sync makes yet another id.
    with rounds.alone(path), rounds.writing(path, this, notice) as tx:
        _adopt(tx, this.device)
    machine.write(path, this)


def goes_on(con: sqlite3.Connection, this: Machine, carrier: Carrier) -> bool:
    """Whether a book was copied from one that shares just these books: it knows their machines."""
    known: dict[str, set[str]] = {}
    for book, device in con.execute("SELECT book, dev FROM main.sync_seen"):
        known.setdefault(book, set()).add(device)
    return known.keys() == set(this.books) and all(
        not known[book].isdisjoint(one.id for one in carrier.devices(book)) for book in this.books
    )


def join(path: Path, this: Machine, *, notice: Notice = silent) -> None:
    """Let a copied book, which `goes_on`, take part as `this` machine from where it was copied.

    The others also erase who was erased in the copy while it took no part.
    """
    become(path, this, notice=notice)
    with rounds.alone(path), rounds.writing(path, this, notice) as tx:
        capture = Capture(tx, Shelf(tx.con, this))
        erased = tx.con.execute(
            "SELECT id, tbl, ver, book FROM main.sync_row WHERE kept IS NOT NULL "
            f"""AND CASE WHEN json_valid(kept) THEN json_extract(kept, '$."{ERASED}"') END = 1"""
        ).fetchall()
        for id, table, versions, book in erased:
            at, device = json.loads(versions).get(REST, FIRST)
            mark = CellChange(table, id, at, device, {ERASED: 1}, {}, None)
            capture.pass_on(book or this.home, [mark])
            keeping.set_state(tx.con, f"compact {book or this.home}", tx.now)
        capture.post()


def _adopt(tx: Writing, device: str) -> None:
    """Give files that wait to be carried to `device`, numbered from 1."""
    con = tx.con
    con.execute("DELETE FROM main.sync_state WHERE k LIKE 'last %'")
    waiting = con.execute(
        "SELECT book, dev, n, blob FROM main.sync_out WHERE dev <> ? ORDER BY book, dev, n",
        (device,),
    ).fetchall()
    first: dict[tuple[str, str], int] = {}
    given: dict[str, int] = {}
    for book, dev, n, blob in waiting:
        carried = first.setdefault((book, dev), n) - 1
        given[book] = given.get(book, 0) + 1
        con.execute(
            "UPDATE main.sync_out SET dev = ?, n = ?, blob = ? "
            "WHERE book = ? AND dev = ? AND n = ?",
            (device, given[book], _resting_on(blob, dev, carried), book, dev, n),
        )
    for (book, dev), n in first.items():
        con.execute(
            "UPDATE main.sync_seen SET n = min(n, ?) WHERE book = ? AND dev = ?", (n - 1, book, dev)
        )
    for book, n in given.items():
        keeping.set_state(con, f"last {book}", str(n))
        keeping.see(con, book, device, n)


def _resting_on(blob: bytes, device: str, last: int) -> bytes:
    """Return a file that rests on no later file of a machine than `last`: no others may come."""
    data = json.loads(zlib.decompress(blob))
    if data["seen"].get(device, 0) > last:
        data["seen"][device] = last
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 6)
