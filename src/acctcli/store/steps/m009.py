"""The step for books that several machines share."""

from __future__ import annotations

import sqlite3


def m009(con: sqlite3.Connection) -> None:
    """Prepare the book for syncing: empty tables, which a book that is not shared never fills.

    The state of the exchange is part of the book, so a backup that is restored is simply a machine
    that is behind. Who this machine is stands in a file beside the book, and never in it.
    """
    statements = """
CREATE TABLE sync_row (id TEXT PRIMARY KEY NOT NULL, tbl TEXT NOT NULL, ver TEXT NOT NULL,
    kept TEXT, book TEXT, sum INTEGER) WITHOUT ROWID, STRICT;
CREATE INDEX sync_row_kept ON sync_row (id) WHERE kept IS NOT NULL;
CREATE TABLE sync_ref (target TEXT NOT NULL, "row" TEXT NOT NULL, PRIMARY KEY (target, "row"))
    WITHOUT ROWID, STRICT;
CREATE INDEX sync_ref_by_row ON sync_ref ("row");
CREATE TABLE sync_seen (book TEXT NOT NULL, dev TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (book, dev)) WITHOUT ROWID, STRICT;
CREATE TABLE sync_out (book TEXT NOT NULL, dev TEXT NOT NULL, n INTEGER NOT NULL,
    changes INTEGER NOT NULL, whole INTEGER NOT NULL, blob BLOB NOT NULL,
    PRIMARY KEY (book, dev, n)) STRICT;
CREATE TABLE sync_state (k TEXT PRIMARY KEY NOT NULL, v TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE sync_device (dev TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, rep TEXT NOT NULL,
    series TEXT NOT NULL, last_at TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE sync_conflict (id TEXT PRIMARY KEY NOT NULL, tbl TEXT NOT NULL, "row" TEXT NOT NULL,
    won TEXT NOT NULL, lost TEXT NOT NULL, won_at TEXT NOT NULL, won_by TEXT NOT NULL,
    lost_at TEXT NOT NULL, lost_by TEXT NOT NULL, why TEXT NOT NULL, seen_at TEXT) STRICT;
CREATE INDEX sync_conflict_by_row ON sync_conflict ("row")
"""
    for statement in statements.split(";\n"):
        con.execute(statement)
