"""Opening the book: who may create it, what is checked first, how locks are waited for.

The file is private (0600 in a 0700 folder) before SQLite sees it. A read holds
one snapshot and is closed before anything is printed; a write is one
`BEGIN IMMEDIATE` around the whole command. Nothing here knows what the tables
mean, and nothing here prints: a long wait is told through `notice`.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from acctcli.errors import Busy, NotFound, StorageError
from acctcli.store import migrations

Notice = Callable[[str], None]

WAIT_SECONDS = 30.0
_SLICE_SECONDS = 0.05  # between tries, so that Ctrl-C is heard while we wait
_MAGIC = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68  # offset in the header, https://sqlite.org/fileformat.html#the_database_header


def _silent(message: str) -> None:
    """The notice of callers that have nobody to tell."""


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what SQLite reports into our own errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


@contextmanager
def _file_told_plainly(path: Path) -> Iterator[None]:
    """Turn what the system reports of a file into our own error."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


def storage_error(path: Path, error: sqlite3.Error) -> StorageError | Busy:
    """The error of ours that says what SQLite's `error` means to the user."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(
            f"{path} is in use by another program for over {WAIT_SECONDS:.0f} seconds. Try again later."
        )
    if name.startswith("SQLITE_READONLY"):
        return StorageError(f"{path} can be read but not written. Nothing was changed.")
    if name.startswith("SQLITE_FULL"):
        return StorageError(f"the disk under {path} is full. Nothing was changed.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StorageError(
            f"{path} is damaged or not a book. Look with: acct db check; "
            "go back with: acct db restore"
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return StorageError(f"{path} cannot be opened: permission or path. Nothing was changed.")
    if name.startswith("SQLITE_IOERR"):
        return StorageError(f"the disk under {path} reports an error. Nothing was changed.")
    return StorageError(f"{path}: {error}")


def create_private(path: Path) -> bool:
    """Make an empty file that only its owner can read; False if it was there already.

    Its folder is made too, equally private, if it is missing.
    """
    with _file_told_plainly(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
    return True


def check_file(path: Path, *, may_be_empty: bool) -> None:
    """Refuse what is not a book, before SQLite opens it and could change it."""
    try:
        info = path.stat()
    except FileNotFoundError:
        raise NotFound(
            f"no book at {path}. To start one there: acct --db {quote_for_shell(path)} db init"
        ) from None
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(info.st_mode):
        raise StorageError(f"{path} is not a file. Name the book's own file with --db")
    if info.st_size == 0 and may_be_empty:
        return
    with _file_told_plainly(path), path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(_MAGIC):
        raise StorageError(f"{path} is not a book: it is not an SQLite file. It was left untouched.")
    application_id = int.from_bytes(header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")
    if application_id != migrations.APPLICATION_ID:
        raise StorageError(f"{path} belongs to another program. It was left untouched.")


def quote_for_shell(path: Path) -> str:
    """The path as it can be typed after a command."""
    import shlex

    return shlex.quote(str(path))


def connect(path: Path) -> sqlite3.Connection:
    """A connection with our settings on an existing file; any name works, `?` and `%` too."""
    with told_plainly(path):
        con = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=_SLICE_SECONDS,
        )
        # Why these: docs/architecture.md, "The file".
        for pragma in (
            "synchronous = EXTRA",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "secure_delete = ON",
            "mmap_size = 0",
            "temp_store = MEMORY",
        ):
            con.execute(f"PRAGMA {pragma}")
    return con


def patiently(con: sqlite3.Connection, path: Path, statement: str, notice: Notice) -> None:
    """Run a statement that may find the book locked, trying again for up to 30 seconds.

    Raises `Busy` after that; tells `notice` once after the first second.
    """
    started = time.monotonic()
    told = False
    while True:
        try:
            con.execute(statement)
            return
        except sqlite3.OperationalError as error:
            name = error.sqlite_errorname or ""
            waited = time.monotonic() - started
            if not name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or waited > WAIT_SECONDS:
                raise storage_error(path, error) from error
            if waited > 1 and not told:
                told = True
                notice(f"waiting for another program that is writing to {path}")
            time.sleep(_SLICE_SECONDS)


def open_book(
    path: Path, *, create: bool = False, notice: Notice = _silent
) -> sqlite3.Connection:
    """Open the book, making or upgrading it where that is allowed.

    `create` lets a missing or empty file become a new book. Raises `NotFound`
    for a missing file otherwise, and `StorageError` for what is not a book of
    this or an earlier version; neither touches the file.
    """
    if create:
        create_private(path)
    check_file(path, may_be_empty=create)
    con = connect(path)
    try:
        _upgrade(con, path, notice)
    except BaseException:
        con.close()
        raise
    return con


def _version(con: sqlite3.Connection) -> int:
    version: int = con.execute("PRAGMA user_version").fetchone()[0]
    return version


def _upgrade(con: sqlite3.Connection, path: Path, notice: Notice) -> None:
    patiently(con, path, "SELECT count(*) FROM sqlite_schema", notice)
    with told_plainly(path):
        version = _version(con)
    if version == migrations.LATEST:
        return
    if version > migrations.LATEST:
        raise StorageError(
            f"{path} was written by a newer acct: its schema is version {version}, this program "
            f"knows up to {migrations.LATEST}. Upgrade acctcli; the file was left untouched."
        )
    if version:
        from acctcli.store import backup

        kept = backup.make(con, path, reason="upgrade")
        notice(f"the book is upgraded from version {version}; a backup is in {kept}")
    patiently(con, path, "BEGIN IMMEDIATE", notice)
    try:
        with told_plainly(path):
            migrations.migrate(con)  # takes no step if another process was faster
        patiently(con, path, "COMMIT", notice)
    except BaseException:
        if con.in_transaction:
            con.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(
    path: Path, *, create: bool = False, notice: Notice = _silent
) -> Iterator[sqlite3.Connection]:
    """One consistent view of the book for reading; close it before you print."""
    con = open_book(path, create=create, notice=notice)
    try:
        patiently(con, path, "BEGIN", notice)
        patiently(con, path, "SELECT 1 FROM sqlite_schema LIMIT 1", notice)
        with told_plainly(path):
            yield con
    finally:
        con.close()
