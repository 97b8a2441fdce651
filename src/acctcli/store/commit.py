"""The end of a transaction: the changes stand, or they do not, and what is said of it is true.

A COMMIT may report an error although all is written: the unlock that follows it failed, or
the folder could not be synced. So it is not the error that is believed but the book, which
is opened anew and asked. What the transaction did is not known here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from acctcli import files
from acctcli.errors import AcctError, StorageError
from acctcli.store.connection import Notice, connect, error_name, patiently, told_plainly

Stands = Callable[[sqlite3.Connection], bool | None]
"""Whether the changes are there, asked of a connection opened after them; None if unknown."""


def commit(con: sqlite3.Connection, path: Path, notice: Notice, stands: Stands) -> None:
    """Make the changes stand. An interrupt that comes too late to stop them is not reported.

    Raises `StorageError` that says whether they stand where an error leaves that open; the
    connection is closed then.
    """
    try:
        patiently(con, path, "COMMIT", notice)
    except KeyboardInterrupt:
        if con.in_transaction:
            raise
    except StorageError as error:
        with suppress(sqlite3.Error):
            if con.in_transaction:
                con.execute("ROLLBACK")
        con.close()  # its locks, too, may be in the way of asking
        raise outcome(path, error, stands) from error
    files.note_standing()


def outcome(path: Path, error: StorageError, stands: Stands) -> StorageError:
    """What to say of a failed COMMIT, after a look at the book."""
    stand = None
    with suppress(AcctError, sqlite3.Error), closing(connect(path)) as con:
        stand = stands(con)
    if stand is None:
        return StorageError(
            f"the system reports an error for {path}; the change may or may not be written. "
            "Check with: acct history"
        )
    if not stand:
        return error
    files.note_standing()
    name = error_name(error.__cause__)
    if name == "SQLITE_IOERR_DIR_FSYNC":
        # The journal is gone by then: the change stands, unless the power fails now.
        why = f"the disk under {path} reports an error: the change was written, but may not last"
    elif name.startswith("SQLITE_IOERR"):
        why = f"the change was written, but the system reports an error for {path}"
    else:
        why = f"the change was written, but: {reason(error)}"
    return StorageError(f"{why}. Check with: acct history")


def reason(error: Exception) -> str:
    """What an error says went wrong, without what it concludes for the change."""
    message = error.message if isinstance(error, AcctError) else str(error)
    return message.removesuffix("Nothing was changed.").rstrip(". ")


def end(con: sqlite3.Connection, path: Path) -> None:
    """Take back what was not committed, and close; a connection that is closed already is left."""
    try:
        unfinished = con.in_transaction
    except sqlite3.ProgrammingError:
        return
    try:
        if unfinished:
            with told_plainly(path):
                con.execute("ROLLBACK")
    finally:
        con.close()
