"""Open the book: create, upgrade or refuse it before anything is read or written.

A read uses one snapshot and is closed before anything is printed; a write is one `BEGIN IMMEDIATE`
around the whole command.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acctcli.errors import StorageError
from acctcli.store import doubts, migrations, schema
from acctcli.store.connection import (
    Notice,
    check_file,
    check_version,
    connect,
    create_private,
    leave_wal,
    our_errors,
    patiently,
    silent,
)
from acctcli.store.doubts import Book


def open_book(
    path: Path, *, create: bool = False, reading: bool = False, notice: Notice = silent
) -> Book:
    """Open the book; create or upgrade it where that is allowed.

    With `create`, a missing or empty file becomes a new book. Otherwise raises `NotFound` for a
    missing file, and `StorageError` for a file that is no book of this or an earlier version, or
    holds triggers or views; neither changes the file. A book with triggers or views can still be
    opened for `reading`, with a notice.
    """
    new = create and create_private(path)
    file_change = check_file(path, may_be_empty=create)
    con = connect(path, notice=notice)
    con.file_change = file_change
    con.new = new
    try:
        found = schema.strange_in(patiently(con, path, schema.STRANGE, notice))
        if found and not (reading and check_version(con, path, notice) == migrations.LATEST):
            raise schema.refusal(path, found)
        if found:
            notice(f"{schema.notice_about(path, found)}: what is shown may come from there")
        _upgrade(con, path, notice)
    except BaseException:
        con.close()
        raise
    return con


def _upgrade(con: Book, path: Path, notice: Notice) -> None:
    """Make an empty file a book, or upgrade a book of an earlier version."""
    version = check_version(con, path, notice)
    leave_wal(con, path, notice)
    if version == migrations.LATEST:
        return
    from acctcli.store.commit import commit, end  # most books have this version

    # A step may have to replace a table that others refer to.
    patiently(con, path, "PRAGMA foreign_keys = OFF", notice)
    patiently(con, path, "BEGIN IMMEDIATE", notice)
    says: list[str] = []
    try:
        # Another process may have been faster while we waited.
        version = check_version(con, path, notice)
        if version < migrations.LATEST:
            with our_errors(path):
                says = migrations.migrate(con)
                [(last,)] = con.execute("SELECT max(seq) FROM command")
                if last is not None:
                    # Otherwise every read would check the whole book until the next change.
                    doubts.mark(con, last)
        kept = None
        if 0 < version < migrations.LATEST:
            from acctcli.store import backup

            # Until the commit, others see the old book, and so does the backup.
            kept = backup.make(path, "upgrade", notice=notice)
        commit(con, path, notice, lambda look: check_version(look, path) == migrations.LATEST)
        if kept is not None:
            notice(f"the book was upgraded from version {version}; as it was, it is in {kept}")
            for sentence in says:
                notice(sentence)
    except StorageError as error:
        if version == 0:
            raise
        raise StorageError(
            f"{path} has to be upgraded from version {version} before it is used, and that "
            f"failed: {error.message}"
        ) from error
    except BaseException:
        end(con, path)
        raise
    con.execute("PRAGMA foreign_keys = ON")
    # Nothing is locked now: closing a file of our own would drop a lock.
    con.file_change = check_file(path, may_be_empty=True)


def may_be_shared(con: sqlite3.Connection) -> bool:
    """Whether the book may be shared with other machines: it then keeps what they know."""
    return bool(con.execute("SELECT EXISTS (SELECT 1 FROM main.sync_state)").fetchone()[0])


def only_read(con: sqlite3.Connection) -> list[str]:
    """Return the shared books that this machine may read and not change."""
    row = con.execute("SELECT v FROM main.sync_state WHERE k = 'reads'").fetchone()
    return str(row[0]).split() if row else []


@contextmanager
def snapshot(
    path: Path, *, create: bool = False, notice: Notice = silent
) -> Iterator[sqlite3.Connection]:
    """Open one consistent view of the book for reading; close it before you print.

    Invalid values are hidden, and `notice` says so.
    """
    con = open_book(path, create=create, reading=True, notice=notice)
    try:
        patiently(con, path, "BEGIN", notice)
        patiently(con, path, "SELECT 1 FROM sqlite_schema LIMIT 1", notice)
        with our_errors(path):
            doubts.settle(con, notice)
            yield con
    finally:
        con.close()
