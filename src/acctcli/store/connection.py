"""Connections to the file: who may create it, what is checked first, how locks are waited for.

The file is private (0600 in a 0700 folder) before SQLite sees it. Nothing here knows
what the tables mean, and nothing here prints: a long wait is told through `notice`.
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

from acctcli.errors import Busy, NotFound, StorageError
from acctcli.files import make_private_folder
from acctcli.store import migrations
from acctcli.store.doubts import Book

Notice = Callable[[str], None]

WAIT_SECONDS = 30.0
_TOLD_AFTER_SECONDS = 1.0
_SLICE_SECONDS = 0.05  # between tries, so that Ctrl-C is heard while we wait
SPILL_PAGES = 25_000  # of 4 KB; SQLite takes a multiple of 256 for "never"
MAGIC = b"SQLite format 3\0"
# Offsets in the header, https://sqlite.org/fileformat.html#the_database_header
_WRITE_VERSION_AT = 18
_FILE_CHANGE_AT = 24
_USER_VERSION_AT = 60
_APPLICATION_ID_AT = 68

# Why these: docs/architecture.md, "The file".
_SETTINGS = (
    "synchronous = EXTRA",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    # Changes of up to 100 MB wait in memory for the commit, which alone keeps readers out. What is
    # more (an import of 100,000 rows) goes into the file before it; the journal takes it back.
    f"cache_spill = {SPILL_PAGES}",
)


def silent(message: str) -> None:
    """The notice of callers that have nobody to tell."""


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what SQLite reports into our own errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


@contextmanager
def file_told_plainly(path: Path) -> Iterator[None]:
    """Turn what the system reports of a file into our own error."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


class Damaged(StorageError):
    """What is in the file does not fit together; a backup may."""


_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


def error_name(error: BaseException | None) -> str:
    """What SQLite calls the error; empty for those of Python's own module, and for others."""
    return getattr(error, "sqlite_errorname", "") or ""


_LOCKING = (
    *("SQLITE_IOERR_LOCK", "SQLITE_IOERR_RDLOCK", "SQLITE_IOERR_UNLOCK", "SQLITE_PERM"),
    *("SQLITE_IOERR_CHECKRESERVEDLOCK", "SQLITE_NOLFS", "SQLITE_IOERR_BLOCKED"),
)
"""What SQLite calls it when the system does not lock; who waits for others is `_BUSY`."""


def no_locks(path: Path) -> StorageError:
    """The error of ours for a book that the system cannot lock: nobody else has it."""
    return StorageError(
        f"the system cannot lock {path}: the disk that it lies on may not know locks, as some "
        "network disks do not. Nothing was changed."
    )


def busy(path: Path) -> Busy:
    """The error of ours for a book that others did not let go of."""
    return Busy(
        f"{path} is in use by another program for over {WAIT_SECONDS:.0f} seconds. Try again later."
    )


def storage_error(path: Path, error: sqlite3.Error) -> StorageError | Busy:
    """The error of ours that says what SQLite's `error` means to the user."""
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
    """Make an empty file that only its owner can read; False if it was there already.

    Its folder is made too, equally private, if it is missing.
    """
    make_private_folder(path.parent)
    with file_told_plainly(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
    return True


def check_file(path: Path, *, may_be_empty: bool) -> int | None:
    """Refuse what is not a book, before SQLite opens it and could change it.

    Returns the file's change counter: SQLite counts it up with every transaction, whichever
    program's. None for an empty file, and where the counter stands still (write-ahead log).
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
    with file_told_plainly(path), path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(MAGIC):
        raise StorageError(
            f"{path} is not a book: it is not an SQLite file. It was left untouched."
        )
    if _number(header, _APPLICATION_ID_AT) != migrations.APPLICATION_ID:
        raise StorageError(f"{path} belongs to another program. It was left untouched.")
    _refuse_newer(path, _number(header, _USER_VERSION_AT))
    counts = header[_WRITE_VERSION_AT] == 1
    return _number(header, _FILE_CHANGE_AT) if counts else None


def _number(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 4], "big")


def _refuse_newer(path: Path, version: int) -> None:
    if version > migrations.LATEST:
        raise StorageError(
            f"{path} was written by a newer acct: its schema is version {version}, this program "
            f"knows up to {migrations.LATEST}. Upgrade acctcli; the file was left untouched."
        )


def quote_for_shell(path: Path) -> str:
    """The path as it can be typed after a command."""
    import shlex

    return shlex.quote(str(path))


def connect(path: Path, *, read_only: bool = False, notice: Notice = silent) -> Book:
    """A connection with our settings on an existing file; any name works, `?` and `%` too."""
    mode = "ro" if read_only else "rw"
    with told_plainly(path):
        con = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=_SLICE_SECONDS,
            factory=Book,
        )
    try:
        for setting in _SETTINGS:
            # The first of them reads the file: it may find it locked.
            patiently(con, path, f"PRAGMA {setting}", notice)
    except BaseException:
        con.close()
        raise
    return con


def patiently(
    con: sqlite3.Connection, path: Path, statement: str, notice: Notice
) -> list[tuple[Any, ...]]:
    """Run a statement that may find the book locked, trying again for up to 30 seconds.

    Returns its rows. Raises `Busy` after that time; `notice` is told once, after a second.
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
    """Each `next` sleeps a little before another try; after 30 seconds it raises `Busy`."""
    started = time.monotonic()
    told = False
    while (waited := time.monotonic() - started) <= WAIT_SECONDS:
        if waited > _TOLD_AFTER_SECONDS and not told:
            told = True
            if not _knows_locks(path.parent):
                raise no_locks(path)
            notice(f"waiting for another program that is writing to {path}")
        time.sleep(_SLICE_SECONDS)
        yield
    raise busy(path)


def _knows_locks(folder: Path) -> bool:
    """Whether files of a folder can be locked, as far as that can be tried out.

    SQLite calls it busy when a disk has no locks to give, as if another program had them.
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
    """The schema's version; 0 for an empty file. Refuses a book of a newer program."""
    [(version,)] = patiently(con, path, "PRAGMA user_version", notice)
    _refuse_newer(path, version)
    return int(version)


def leave_wal(con: sqlite3.Connection, path: Path, notice: Notice) -> bool:
    """Have the book in one file: other tools may have set write-ahead logging, which takes three.

    False while another program has it open so; the next command will do it.
    """
    [(mode,)] = patiently(con, path, "PRAGMA journal_mode", notice)
    if mode == "wal":
        with suppress(sqlite3.OperationalError):
            [(mode,)] = con.execute("PRAGMA journal_mode = DELETE").fetchall()
    return bool(mode != "wal")
