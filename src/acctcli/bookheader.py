"""The first bytes of a book, which tell it from any other file.

Offsets are those of https://sqlite.org/fileformat.html#the_database_header. Nothing here opens a
database, so whatever reads or writes files can use it.
"""

from __future__ import annotations

from pathlib import Path

MAGIC = b"SQLite format 3\0"
WRITE_VERSION_AT = 18
FILE_CHANGE_AT = 24
USER_VERSION_AT = 60
APPLICATION_ID_AT = 68
SIZE = 100

APPLICATION_ID = 0x41434354  # "ACCT", where file(1) can see it


def number(header: bytes, at: int) -> int:
    """Return the four-byte number at an offset."""
    return int.from_bytes(header[at : at + 4], "big")


def is_ours(header: bytes) -> bool:
    """Whether a database belongs to acct, by its header."""
    return header.startswith(MAGIC) and number(header, APPLICATION_ID_AT) == APPLICATION_ID


def is_book(path: Path) -> bool:
    """Whether a file is a book or a backup of one. A file that cannot be read is none."""
    try:
        with path.open("rb") as file:
            return is_ours(file.read(SIZE))
    except OSError:
        return False
