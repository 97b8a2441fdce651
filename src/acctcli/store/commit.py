"""The end of a transaction: its changes are in the book or they are not, and we say which.

A COMMIT may report an error although everything is written, because the unlock after it failed or
the folder could not be synced. So we do not believe the error: we open the book anew and look. This
module does not know what the transaction did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from acctcli import files
from acctcli.errors import AcctError, StorageError
from acctcli.store.connection import Notice, connect, error_name, our_errors, patiently

Stands = Callable[[sqlite3.Connection], bool | None]
"""Whether the changes are in the book, asked of a new connection; None if it cannot say."""


def commit(con: sqlite3.Connection, path: Path, notice: Notice, stands: Stands) -> None:
    """Commit the changes. An interrupt that comes too late to stop them is not reported.

    Raises `StorageError` that says whether the changes are in the book; the connection is closed
    then.
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
        con.close()  # its locks may also stop us from looking
        raise outcome(path, error, stands) from error
    files.note_standing()


def outcome(path: Path, error: StorageError, stands: Stands) -> StorageError:
    """Return the error for a failed COMMIT, after looking at the book."""
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
        # The journal is gone by then: the change is in the book unless the power fails now.
        why = f"the disk under {path} reports an error: the change was written, but may not last"
    elif name.startswith("SQLITE_IOERR"):
        why = f"the change was written, but the system reports an error for {path}"
    else:
        why = f"the change was written, but: {reason(error)}"
    return StorageError(f"{why}. Check with: acct history")


def reason(error: Exception) -> str:
    """Return what went wrong, without what the error says about the change."""
    message = error.message if isinstance(error, AcctError) else str(error)
    return message.removesuffix("Nothing was changed.").rstrip(". ")


def end(con: sqlite3.Connection, path: Path) -> None:
    """Roll back what was not committed and close; a closed connection is left alone."""
    try:
        unfinished = con.in_transaction
    except sqlite3.ProgrammingError:
        return
    try:
        if unfinished:
            with our_errors(path):
                con.execute("ROLLBACK")
    finally:
        con.close()
