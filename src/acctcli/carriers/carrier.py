"""What every carrier does: it keeps files, gives them back, and knows which machines take part.

A file belongs to a book and a device and has a number: 1, 2, 3 … without gaps. It never changes.
Files are the only thing that carriers exchange, so two machines never have to meet, and never wait
for each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Protocol, TypeGuard

from acctcli.errors import AcctError, Conflict, Invalid, NotFound, StorageError
from acctcli.frozen import Frozen
from acctcli.text import quoted, safe, shell_word

MOST_BYTES = 256 * 2**20
"""The most bytes that a file may have. A larger one is never read."""

MOST_NUMBER = 99_999_999
"""The greatest number of a file: 8 digits."""

SAVED = "Everything is saved here and goes out with the next sync"
"""A sync adds this when the carrier is `Unreachable`. To start sharing, it would be wrong."""

SEALED = b"age-encryption.org/v1\n"
"""What a sealed file begins with, by the specification of age."""

READ, WRITE, OWN = ROLES = ("read", "write", "own")
"""What a member of a book may do; each role may do what those before it may."""

_BOOK = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_DEVICE = re.compile(r"[0-9a-f]{8}")
_SERIES = re.compile(r"[A-Z]{1,4}")
_DOS = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps to itself."""

_MOST_NAME = 100


class Taken(Conflict):
    """Other bytes are or were stored under that name: another machine uses this device id."""


class Lost(Conflict):
    """The carrier has lost files of this machine, for example because it was restored."""


class Refused(Invalid):
    """The carrier does not allow it: the caller is not a member of the book, or lacks the role."""


class Unopened(Invalid):
    """No key of this machine opens a file: the book has a new key, or another machine a wrong one.

    Until that is clear, nothing is sent: it might be sealed with a key that was replaced.
    """


class Unreachable(StorageError):
    """The carrier is not there, does not answer, or is full."""


class Device(Frozen):
    """A machine that takes part in a book, as the carrier knows it.

    `rep` is the login of its user (empty in a folder), `last` the number of its newest file
    (0: none so far), and `at` the moment when that one came, in UTC (empty: none so far).
    """

    id: str
    name: str
    series: str
    rep: str = ""
    last: int = 0
    at: str = ""


class Carrier(Protocol):
    """Keeps the files of shared books.

    Every call raises `Unreachable` if the carrier does not answer, `NotFound` if it has no such
    book, and `Refused` if the caller may not do that.
    """

    sealed: bool
    """Whether only sealed files are put here. A book is sealed or not from its start."""

    older: Set[str]
    """The machines of which files came that were sealed with a key that was replaced since."""

    left: Mapping[tuple[str, str], AcctError]
    """By book and machine: why a file cannot be opened. Those after it are not fetched either."""

    @property
    def where(self) -> str:
        """The address of the carrier for people, without a password."""

    def put(self, book: str, device: str, n: int, blob: bytes, *, whole: bool = False) -> None:
        """Store a file durably before returning. Putting the same bytes again is fine.

        Raises `Taken` if other bytes have that name or the file was dropped, and `Conflict` if
        files between the last one and this are missing. A file with the `whole` book may leave such
        a gap: a carrier that lost files gets everything back that way.
        """

    def fetch(self, book: str, seen: Mapping[str, int]) -> Iterator[tuple[str, int, bytes]]:
        """Yield (device, number, bytes) of the files after `seen`, the number seen by device.

        The files of a device come in their order and without gaps, those of all devices roughly in
        the order in which they were written. If the next file was dropped, the first that was not
        comes next. A device whose next file is missing or incomplete stops there until the next
        sync. Nothing is held open between two files: the caller may `put` meanwhile.
        """

    def read(self, book: str, device: str, n: int) -> bytes | None:
        """Return one file; None if it is not there, or is incomplete."""

    def drop(self, book: str, covers: Mapping[str, int]) -> None:
        """Delete the files of each device up to a number: later files hold the whole book.

        The files that hold the whole book must have been put before, and stay. Raises `Conflict` if
        there are none.
        """

    def register(self, book: str, device: str, name: str, wanted: str = "") -> str:
        """Let a device take part in a book; return its series: A, B … Z, AA.

        `wanted` is the series to give if it is free. Call it with each sync: of two devices that
        took the same series while they could not see each other, the one with the smaller id keeps
        it, and the other gets the next.
        """

    def devices(self, book: str) -> list[Device]:
        """Return the devices that take part in a book, in the order of their series."""

    def books(self) -> dict[str, str]:
        """Return the role in each book here that the caller may read, by name."""

    def create(self, book: str) -> None:
        """Start a book, which then belongs to the caller.

        Raises `Conflict` if there is one of that name which is not the caller's or not empty.
        """

    def members(self, book: str) -> dict[str, str]:
        """Return the role of each member of a book, by login."""

    def add_member(self, book: str, rep: str, role: str) -> None:
        """Let `rep` into a book, or give them another role. Only owners may."""

    def remove_member(self, book: str, rep: str) -> None:
        """Take `rep` out of a book. Only owners may, and the last owner stays."""

    def now(self) -> datetime | None:
        """Return the carrier's own time, in UTC; None if it cannot tell."""

    def close(self) -> None:
        """Close the carrier. A later call opens it again."""


def checked_book(name: str) -> str:
    """Return the name of a book. Raises `Invalid` for one that some carrier could not keep."""
    if not _BOOK.fullmatch(name) or _DOS.fullmatch(name):
        raise Invalid(
            f"the name of a shared book cannot be {quoted(name)}. Use small letters a-z, digits, "
            "- and _, such as west-2026"
        )
    return name


def checked_device(id: str) -> str:
    """Return the id of a device. Raises `Invalid` for anything else."""
    if not _DEVICE.fullmatch(id):
        raise Invalid(f"{quoted(id)} is not the id of a machine, which has 8 digits 0-9 and a-f")
    return id


def checked_file(book: str, device: str, n: int, blob: bytes) -> None:
    """Raise `Invalid` if a file of that name and size cannot be kept."""
    checked_book(book)
    checked_device(device)
    if not 1 <= n <= MOST_NUMBER:
        raise Invalid(f"the files of a machine have the numbers 1 to {MOST_NUMBER:,}, not {n:,}")
    if len(blob) > MOST_BYTES:
        raise Invalid(
            f"a file of changes has {len(blob):,} bytes, and {MOST_BYTES:,} is the most that "
            "others read"
        )


def checked_role(role: str) -> str:
    """Return the role of a member. Raises `Invalid` for anything else."""
    if role not in ROLES:
        raise Invalid(f"unknown role {quoted(role)} (use {READ}, {WRITE} or {OWN})")
    return role


def is_device(id: object) -> TypeGuard[str]:
    """Whether a text may be the id of a device."""
    return isinstance(id, str) and bool(_DEVICE.fullmatch(id))


def is_book(name: str) -> bool:
    """Whether a text may be the name of a book."""
    return bool(_BOOK.fullmatch(name)) and not _DOS.fullmatch(name)


def is_series(series: object) -> TypeGuard[str]:
    """Whether a text may be a series."""
    return isinstance(series, str) and bool(_SERIES.fullmatch(series))


def machine_name(name: object) -> str:
    """Return the name of a machine as one short line, whatever its file says."""
    if not isinstance(name, str):
        return ""
    kept = name.encode("utf-8", "replace").decode()
    return safe(unicodedata.normalize("NFC", " ".join(kept.split())))[:_MOST_NAME]


def series(place: int) -> str:
    """Return the series at a place, from 0: A, B … Z, AA, AB …."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def by_series(device: Device) -> tuple[bool, int, str, str]:
    """Return the sort key of devices: A, B … Z, AA, then those without a series."""
    return (not device.series, len(device.series), device.series, device.id)


def taken(where: str, device: str, n: int) -> Taken:
    """Return the error about a file of this machine that another machine wrote."""
    return Taken(
        f"{where} has another file {n} of machine {device}: another machine uses its id, such as "
        "a copy of this one"
    )


def gap(where: str, first: int, last: int) -> Lost:
    """Return the error about files of this machine that a carrier should have but does not."""
    files = f"file {first}" if first == last else f"files {first} to {last}"
    return Lost(
        f"{where} has lost {files} of this machine: it is older than the last sync. To write the "
        "whole book there again: acct sync compact"
    )


def nothing_left(where: str, book: str) -> Conflict:
    """Return the error about files to delete although no later files hold the book."""
    return Conflict(
        f"{where} has no later files that hold the whole book {quoted(book)}. Nothing was deleted"
    )


def exists(where: str, book: str) -> Conflict:
    """Return the error about a new book whose name is in use."""
    return Conflict(
        f"{where} already has a shared book {quoted(book)}. To start another: --book NAME. To take "
        f"part in it: acct sync join {shell_word(where, 'ADDRESS')}"
    )


def not_there(where: str, book: str, *, candidates: Sequence[str] = ()) -> NotFound:
    """Return the error about a book that a carrier does not have."""
    return NotFound(f"{where} has no shared book {quoted(book)}", candidates=candidates)


def unlike(where: str, book: str, *, kept_sealed: bool) -> Invalid:
    """Return the error about a book that is kept sealed and used without a key, or the reverse."""
    if kept_sealed:
        return Invalid(
            f"the book {quoted(book)} in {where} is sealed. Name its key file: --key FILE"
        )
    return Invalid(f"the book {quoted(book)} in {where} is not sealed. Leave out the key file")
