"""Connections to the file: who may create it, what is checked first, how we wait for locks.

The file is private (0600 in a 0700 folder) before SQLite sees it. Nothing here knows what the
tables mean, and nothing here prints: a long wait is reported through `notice`.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from acctcli.bookheader import (
    FILE_CHANGE_AT,
    MAGIC,
    SIZE,
    USER_VERSION_AT,
    WRITE_VERSION_AT,
    is_ours,
    number,
)
from acctcli.errors import Busy, NotFound, StorageError
from acctcli.files import make_private_folder
from acctcli.store import migrations
from acctcli.store.doubts import Book

Notice = Callable[[str], None]

WAIT_SECONDS = 30.0
_TOLD_AFTER_SECONDS = 1.0
_SLICE_SECONDS = 0.05  # between attempts, so that Ctrl-C is noticed while we wait
SPILL_PAGES = 25_000  # of 4 KB; SQLite takes a multiple of 256 for "never"
# Why these: docs/architecture.md, "The file".
_SETTINGS = (
    "synchronous = EXTRA",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    # Changes of up to 100 MB stay in memory until the commit, which is the only time that readers
    # are locked out. Larger changes (an import of 100,000 rows) reach the file earlier; the
    # rollback journal can undo them.
    f"cache_spill = {SPILL_PAGES}",
)


def silent(message: str) -> None:
    """Ignore a message: the notice for callers without a user."""


@contextmanager
def our_errors(path: Path) -> Iterator[None]:
    """Raise SQLite's errors as our own."""
    try:
        yield
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


@contextmanager
def our_file_errors(path: Path) -> Iterator[None]:
    """Raise the system's errors about a file as our own."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


class Damaged(StorageError):
    """The content of the file is inconsistent; a backup may help."""


_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


def error_name(error: BaseException | None) -> str:
    """Return SQLite's name of an error; "" for errors of the Python module and all others."""
    return getattr(error, "sqlite_errorname", "") or ""


_LOCKING = (
    *("SQLITE_IOERR_LOCK", "SQLITE_IOERR_RDLOCK", "SQLITE_IOERR_UNLOCK", "SQLITE_PERM"),
    *("SQLITE_IOERR_CHECKRESERVEDLOCK", "SQLITE_NOLFS", "SQLITE_IOERR_BLOCKED"),
)
"""SQLite's error names for a system without locks; waiting for another program is `_BUSY`."""


def no_locks(path: Path) -> StorageError:
    """Return the error for a book that the system cannot lock, although nobody else uses it."""
    return StorageError(
        f"the system cannot lock {path}: the disk that it lies on may not know locks, as some "
        "network disks do not. Nothing was changed."
    )


def busy(path: Path) -> Busy:
    """Return the error for a book that another program did not unlock in time."""
    return Busy(
        f"{path} is in use by another program for over {WAIT_SECONDS:.0f} seconds. Try again later."
    )


def storage_error(path: Path, error: sqlite3.Error) -> StorageError | Busy:
    """Return the error that says what SQLite's `error` means for the user."""
    name = error_name(error)
    if name.startswith(_BUSY):
        return busy(path)
    if name in ("SQLITE_READONLY_ROLLBACK", "SQLITE_IOERR_DELETE"):
        return StorageError(
            f"{path} has an interrupted change in its journal that must be undone first. Make "
            "the file and its folder writable, or copy the file and its journal to a folder that "
            "is. Nothing was changed."
        )
    if name.startswith("SQLITE_READONLY"):
        return StorageError(f"{path} can be read but not written. Nothing was changed.")
    if name.startswith("SQLITE_FULL"):
        return StorageError(f"the disk under {path} is full. Nothing was changed.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Damaged(
            f"{path} is damaged or not a book. Check with: acct db check; "
            "to restore a backup: acct db restore"
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return StorageError(f"{path} cannot be opened: permission or path. Nothing was changed.")
    if name.startswith(_LOCKING):
        return no_locks(path)
    if name.startswith("SQLITE_IOERR"):
        return StorageError(f"the disk under {path} reports an error. Nothing was changed.")
    return StorageError(f"{path}: {error}")


def create_private(path: Path) -> bool:
    """Create an empty file that only its owner can read; False if it exists already.

    Creates its folder too, equally private, if it is missing.
    """
    try:
        make_private_folder(path.parent)
        with our_file_errors(path):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except StorageError as error:
        if isinstance(error.__cause__, FileExistsError):
            return False
        if isinstance(error.__cause__, PermissionError):
            error.message += ". To keep the book elsewhere, set ACCTCLI_DB or give --db"
        raise
    return True


def check_file(path: Path, *, may_be_empty: bool) -> int | None:
    """Refuse a file that is not a book, before SQLite opens it and could change it.

    Returns the file's change counter, which SQLite increments with every transaction of any
    program. None for an empty file, and with a write-ahead log, where the counter does not change.
    """
    try:
        info = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise NotFound(
                f"{path} is a link to {path.readlink()}, which is not there. Remove the link, or "
                "name another file with --db"
            ) from None
        raise NotFound(
            f"no book at {path}. To create one there: acct --db {quote_for_shell(path)} db init"
        ) from None
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(info.st_mode):
        raise StorageError(f"{path} is not a file. Give the file of the book with --db")
    if info.st_size == 0:
        if may_be_empty:
            return None
        raise StorageError(
            f"{path} is empty. To create a book in it: acct --db {quote_for_shell(path)} db init"
        )
    with our_file_errors(path), path.open("rb") as file:
        header = file.read(SIZE)
    if not header.startswith(MAGIC):
        raise StorageError(
            f"{path} is not a book: it is not an SQLite file. It was left untouched."
        )
    if not is_ours(header):
        raise StorageError(f"{path} belongs to another program. It was left untouched.")
    _refuse_newer(path, number(header, USER_VERSION_AT))
    counts = header[WRITE_VERSION_AT] == 1
    return number(header, FILE_CHANGE_AT) if counts else None


def _refuse_newer(path: Path, version: int) -> None:
    if version > migrations.LATEST:
        raise StorageError(
            f"{path} was written by a newer acct: its schema is version {version}, this program "
            f"knows up to {migrations.LATEST}. Upgrade acctcli; the file was left untouched."
        )


def quote_for_shell(path: Path) -> str:
    """Return the path as it can be typed after a command."""
    import shlex

    return shlex.quote(str(path))


def connect(path: Path, *, read_only: bool = False, notice: Notice = silent) -> Book:
    """Open an existing file with our settings; names may contain anything, even `?` and `%`."""
    mode = "ro" if read_only else "rw"
    with our_errors(path):
        con = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=_SLICE_SECONDS,
            factory=Book,
        )
    try:
        for setting in _SETTINGS:
            # The first of them reads the file, and may find it locked.
            patiently(con, path, f"PRAGMA {setting}", notice)
    except BaseException:
        con.close()
        raise
    return con


def patiently(
    con: sqlite3.Connection, path: Path, statement: str, notice: Notice
) -> list[tuple[Any, ...]]:
    """Run a statement that may find the book locked, and retry for up to 30 seconds.

    Returns its rows. Raises `Busy` after that time; `notice` is called once, after one second.
    """
    wait = waiting(path, notice)
    while True:
        try:
            return con.execute(statement).fetchall()
        except sqlite3.Error as error:
            if not error_name(error).startswith(_BUSY):
                raise storage_error(path, error) from error
        next(wait)


def waiting(path: Path, notice: Notice) -> Iterator[None]:
    """Yield once per attempt, with a short sleep between; raise `Busy` after 30 seconds."""
    started = time.monotonic()
    told = False
    while (waited := time.monotonic() - started) <= WAIT_SECONDS:
        if waited > _TOLD_AFTER_SECONDS and not told:
            told = True
            if not _supports_locks(path.parent):
                raise no_locks(path)
            notice(f"waiting for another program that is writing to {path}")
        time.sleep(_SLICE_SECONDS)
        yield
    raise busy(path)


def _supports_locks(folder: Path) -> bool:
    """Whether files in a folder can be locked, as far as we can find out by trying.

    On a disk without locks, SQLite reports "busy", as if another program held one.
    """
    try:
        import fcntl
        import tempfile

        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return True
    except OSError as error:
        return error.errno != errno.ENOLCK
    return True


def check_version(con: sqlite3.Connection, path: Path, notice: Notice = silent) -> int:
    """Return the version of the schema; 0 for an empty file. Refuses a book of a newer program."""
    [(version,)] = patiently(con, path, "PRAGMA user_version", notice)
    _refuse_newer(path, version)
    return int(version)


def leave_wal(con: sqlite3.Connection, path: Path, notice: Notice) -> bool:
    """Turn off write-ahead logging, which another program may have set and which needs three files.

    Returns False while another program has the book open in that mode; the next command tries
    again.
    """
    [(mode,)] = patiently(con, path, "PRAGMA journal_mode", notice)
    if mode == "wal":
        with suppress(sqlite3.OperationalError):
            [(mode,)] = con.execute("PRAGMA journal_mode = DELETE").fetchall()
    return bool(mode != "wal")
