"""The files of other machines, each after those that its writer had seen.

So conflicts are exact: a file that only came late never causes one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import NamedTuple

from acctcli.carriers.carrier import Carrier
from acctcli.errors import AcctError, StorageError
from acctcli.store.sync import changefile
from acctcli.store.sync.changefile import ChangeFile

Seen = dict[str, int]
"""By machine: the last file that is here."""


class Arrived(NamedTuple):
    """A file of another machine that can be taken in."""

    book: str
    device: str
    n: int
    file: ChangeFile


class Arrivals:
    """Reads a carrier. Afterwards, `waiting` says how many files cannot be taken in yet.

    `last` has by book the newest file of each other machine, as far as the carrier knows: one that
    has not come whole keeps those after it waiting. `unreadable` is the error about a file that is
    not ours, or of a later version; it stops the files of its machine only.
    """

    def __init__(self, books: Sequence[str], carrier: Carrier) -> None:
        self.books = books
        self.carrier = carrier
        self.last: dict[str, Mapping[str, int]] = {}
        self.waiting = 0
        self.unreadable: AcctError | None = None

    def after(self, have: Mapping[str, Seen]) -> Iterator[Arrived]:
        """Yield the files of all books after those that are here; `have` is moved on with them."""
        for book in self.books:
            here = have[book]
            later: dict[str, deque[tuple[int, bytes]]] = {}
            for device, n, blob in self.carrier.fetch(book, dict(here)):
                if n <= here.get(device, 0):
                    continue
                later.setdefault(device, deque()).append((n, blob))
                yield from self._ready(book, device, later[device], here)
            found = True
            while found:
                found = False
                for device, files in later.items():
                    more = yield from self._ready(book, device, files, here)
                    found = found or more
            self.waiting += sum(
                max(len(later.get(device, ())), last - here.get(device, 0))
                for device, last in {**dict.fromkeys(later, 0), **self.last.get(book, {})}.items()
            )

    def _ready(
        self, book: str, device: str, files: deque[tuple[int, bytes]], here: Seen
    ) -> Generator[Arrived, None, bool]:
        """Yield the files of a machine that no longer wait; return whether there was one."""
        found = False
        while files:
            n, blob = files[0]
            try:
                file = changefile.read(blob, f"file {n} of {device} in {self.carrier.where}")
            except StorageError as error:
                self.unreadable = self.unreadable or error
                break
            if n > here.get(device, 0) and not file.is_ready(device, n, here):
                break
            files.popleft()
            if n <= here.get(device, 0):
                continue
            found = True
            for one, last in {**(file.covers or {}), device: n}.items():
                here[one] = max(here.get(one, 0), last)
            yield Arrived(book, device, n, file)
        return found


def in_parts(files: Iterator[Arrived]) -> Iterator[list[Arrived]]:
    """Yield files in parts of some thousand changes."""
    part: list[Arrived] = []
    count = 0
    for one in files:
        part.append(one)
        count += len(one.file.changes)
        if count >= changefile.MOST:
            yield part
            part, count = [], 0
    if part:
        yield part
