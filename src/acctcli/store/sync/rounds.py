"""One exchange: what was changed here goes out, what others changed comes in.

Files come as a stream and are merged a few thousand changes at a time, each part in a transaction
of its own. A kill at any moment loses nothing: what is captured, what was taken in and what waits
to be carried are in the book, and a carrier takes the same file twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli.carriers import carrier as carriers
from acctcli.carriers import opened
from acctcli.carriers.carrier import (
    READ,
    SAVED,
    Carrier,
    Lost,
    Taken,
    Unopened,
    Unreachable,
)
from acctcli.errors import AcctError, Busy, Conflict
from acctcli.frozen import Frozen
from acctcli.store import doubts, journal
from acctcli.store.connection import Notice, connect, create_private, our_errors, silent
from acctcli.store.migrations import LATEST
from acctcli.store.sync import keeping
from acctcli.store.sync.arrivals import Arrivals, Arrived, in_parts
from acctcli.store.sync.capture import Capture
from acctcli.store.sync.cells import ERASED
from acctcli.store.sync.keeping import Shelf
from acctcli.store.sync.merging import FileMerge, kept_rows
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.store.journal import Writing
    from acctcli.store.sync.machine import Machine

WAIT_SECONDS = 30
"""How long a sync waits for another one of the same book."""

AHEAD = timedelta(hours=24)
"""How far the clock of this machine may be ahead of the carrier's."""

TakenInSoFar = Callable[[int], None]
"""Called with how many changes were taken in so far."""


class Exchanged(Frozen):
    """What an exchange did.

    `taken` has the number of changes by machine, `waiting` files that came before what they rest
    on or are not whole yet, `aside` records that wait for a newer version of the program, `rows`
    how many rows of the book changed, `refused` why this machine may not write, if so, and `files`
    about how many files a machine that joins would read. `left` is the error about a file that
    cannot be read: it and the later ones of its machine were not taken in.
    """

    sent: int = 0
    taken: Mapping[str, int] = {}
    conflicts: int = 0
    waiting: int = 0
    aside: int = 0
    captured: int = 0
    rows: int = 0
    refused: str = ""
    files: int = 0
    left: AcctError | None = None

    def followed_by(self, later: Exchanged) -> Exchanged:
        """Return what this exchange and a later one did together."""
        taken = dict.fromkeys((*self.taken, *later.taken), 0)
        for done in (self, later):
            for device, count in done.taken.items():
                taken[device] += count
        return later.replace(
            sent=self.sent + later.sent,
            taken=taken,
            conflicts=self.conflicts + later.conflicts,
            captured=self.captured + later.captured,
            rows=self.rows + later.rows,
        )


class _Part(NamedTuple):
    """What one transaction did."""

    captured: int
    taken: Mapping[str, int]
    conflicts: int
    rows: int


def start(path: Path, machine: Machine, series: str, *, notice: Notice = silent) -> None:
    """Let a book take part in the exchange; `series` is what its account numbers begin with."""
    with alone(path), writing(path, machine, notice) as tx:
        keeping.set_state(tx.con, "series", series)
        keeping.set_state(tx.con, "schema", str(LATEST))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for other syncs of this book; the lock goes when the process does."""
    import fcntl  # only a sync needs it

    file = path.with_name(f"{path.name}.sync.lock")
    create_private(file)
    with file.open("rb+") as lock:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy(
                        f"another sync of {path} runs for over {WAIT_SECONDS} seconds. "
                        "Try again later."
                    ) from None
                time.sleep(0.05)
        yield


@contextmanager
def writing(
    path: Path,
    machine: Machine,
    notice: Notice,
    *,
    clock: dates.Clock | None = None,
    who: str = "",
    keep: bool = True,
) -> Iterator[Writing]:
    """Open a transaction on a shared book, in which values are read and written as they are."""
    clock = clock or dates.clock()
    with journal.writing(
        path,
        now=dates.iso(clock.now),
        at=dates.iso_exact(clock.exact or clock.now),
        today=dates.iso(clock.today),
        who=who or machine.name,
        typed="acct sync now",
        keep=keep,
        notice=notice,
    ) as tx:
        with doubts.keeping_bytes(tx.con):
            yield tx
        if tx.command is None:
            # The next command need not check every value because this one wrote.
            (tx.first,) = tx.con.execute("SELECT max(seq) FROM main.command").fetchone()


class Exchange:
    """One exchange: it captures what was changed here, merges what others changed, and sends.

    With `full`, what other programs changed is found too. With `dry`, everything is rolled back and
    nothing is sent. `common` are words of the settings that identify nobody, for people whom
    another machine erased.
    """

    def __init__(
        self,
        path: Path,
        machine: Machine,
        carrier: Carrier,
        *,
        full: bool = False,
        dry: bool = False,
        who: str = "",
        clock: dates.Clock | None = None,
        common: Collection[str] = (),
        notice: Notice = silent,
        progress: TakenInSoFar | None = None,
    ) -> None:
        self.path = path
        self.machine = machine
        self.carrier = carrier
        self.full = full
        self.dry = dry
        self.who = who
        self.clock = clock
        self.common = common
        self.notice = notice
        self.progress = progress
        self.roles: Mapping[str, str] = {}
        self.books: list[str] = list(machine.books)  # those that this machine may read
        self.arrivals = Arrivals(machine.books, carrier)
        self.parts: list[_Part] = []

    def run(self) -> Exchanged:
        """Take in, and send, while no other sync of the book runs.

        Raises `Busy` if another one does not end, and the errors of the carrier: then everything is
        saved here.
        """
        with alone(self.path):
            return self.run_alone()

    def run_alone(self) -> Exchanged:
        """Take in, and send; the caller holds the lock of `alone`."""
        try:
            self.roles = roles = self._roles()
            self._check_clock()
            with self.reading() as con:
                have = {book: keeping.seen(con, book) for book in self.books}
            own = self._own(roles)
            self._take_in(have, own)
            self._erase_merged()
            self._check_own(own)
            sent, refused = self.send()
        except Lost:
            if left := self._left():
                raise left from None
            raise
        except Unreachable as error:
            self._save_here()
            raise Unreachable(f"{error.message.rstrip('.')}. {SAVED}") from error
        return self._told(sent, refused)

    def _left(self) -> AcctError | None:
        """Return why files of a machine cannot be read, if so; a key that is missing comes first.

        Of that machine nothing is taken in from there on, and of the others what does not rest on
        it.
        """
        found = sorted(self.carrier.left.values(), key=lambda e: not isinstance(e, Unopened))
        return found[0] if found else self.arrivals.unreadable

    def _told(self, sent: int, refused: str) -> Exchanged:
        import json

        with self.reading() as con:
            aside = len(json.loads(keeping.state(con, "aside", "[]")))
            files = max(keeping.files(con, book) for book in self.books)
        taken: dict[str, int] = {}
        for part in self.parts:
            for device, count in part.taken.items():
                taken[device] = taken.get(device, 0) + count
        captured = sum(part.captured for part in self.parts)
        return Exchanged(
            captured if self.dry else sent,
            taken,
            sum(part.conflicts for part in self.parts),
            self.arrivals.waiting,
            aside,
            captured,
            sum(part.rows for part in self.parts),
            refused,
            files,
            self._left(),
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open the book to read it; what SQLite refuses becomes an error of ours."""
        with closing(connect(self.path, notice=self.notice)) as con, our_errors(self.path):
            yield con

    def writing(self, *, keep: bool = True) -> AbstractContextManager[Writing]:
        """Open a transaction on the book."""
        return writing(
            self.path, self.machine, self.notice, clock=self.clock, who=self.who, keep=keep
        )

    # What the carrier says

    def _roles(self) -> Mapping[str, str]:
        """Return the role in each book; leave out those that this machine may not read any more."""
        roles = self.carrier.books()
        gone = [book for book in self.machine.books if book not in roles]
        for book in gone:
            needed = book in (self.machine.home, self.machine.common)
            if needed or not opened.is_database(self.machine.carrier):
                raise opened.gone(self.machine.carrier, self.carrier.where, book)
            self.notice(
                f"you are not a member of the shared book {book} any more: it stays here as it is, "
                "and only the others are synced"
            )
        self.books = [book for book in self.machine.books if book in roles]
        self.arrivals.books = self.books
        return roles

    def _check_clock(self) -> None:
        theirs, ours = self.carrier.now(), dates.clock().now
        if theirs is not None and ours - theirs > AHEAD:
            raise Conflict(
                f"the clock of this machine says {dates.iso(ours)}, but that of "
                f"{self.carrier.where} says {dates.iso(theirs)}: its edits would win over all "
                "others. Nothing was sent. Set the clock, and sync again"
            )

    def _own(self, roles: Mapping[str, str]) -> dict[str, int]:
        """Return by book the last file that the carrier has of this machine; note its series."""
        own: dict[str, int] = {}
        with self.reading() as con:
            series = keeping.state(con, "series", "A")
        for book in self.books:
            devices = self.carrier.devices(book)
            mine = next((one for one in devices if one.id == self.machine.device), None)
            own[book] = mine.last if mine else 0
            self.arrivals.last[book] = {one.id: one.last for one in devices if one is not mine}
            if roles[book] == READ or self.dry:
                continue
            given = self.carrier.register(book, self.machine.device, self.machine.name, series)
            if given != series and book == self.machine.home:
                with self.writing() as tx:
                    keeping.set_state(tx.con, "series", given)
        return own

    def _check_own(self, own: Mapping[str, int]) -> None:
        """Raise `Lost` if the carrier has not got the files any more that went out from here."""
        with self.reading() as con:
            for book, last in own.items():
                (waiting,) = con.execute(
                    "SELECT min(n) FROM sync_out WHERE book = ? AND dev = ?",
                    (book, self.machine.device),
                ).fetchone()
                went = waiting - 1 if waiting else int(keeping.state(con, f"last {book}", "0"))
                if last < went:
                    raise carriers.gap(self.carrier.where, last + 1, went)

    # Taking in

    def _take_in(self, have: dict[str, dict[str, int]], own: Mapping[str, int]) -> None:
        first = True
        if self.dry:
            self._transaction(list(self.arrivals.after(have)), own)
            return
        for part in in_parts(self.arrivals.after(have)):
            self._transaction(part, own)
            first = False
            if self.progress:
                self.progress(sum(sum(one.taken.values()) for one in self.parts))
        if first and (self.full or self._has_news(own)):
            self._transaction([], own)

    def _has_news(self, own: Mapping[str, int]) -> bool:
        """Whether anything was changed here, or is to be shown, since the last exchange."""
        with self.reading() as con:
            captured = keeping.state(con, "captured")
            if not captured or keeping.state(con, "schema") != str(LATEST):
                return True
            if any(int(keeping.state(con, f"last {book}", "0")) < n for book, n in own.items()):
                return True
            sql = (
                "SELECT EXISTS (SELECT 1 FROM change c JOIN command k ON k.seq = c.command "
                "WHERE c.seq > ? AND k.origin IS NULL) OR EXISTS (SELECT 1 FROM added a "
                "JOIN command k ON k.seq = a.command WHERE a.seq > ? AND k.origin IS NULL)"
            )
            added = keeping.state(con, "captured_added", "0")
            return bool(con.execute(sql, (int(captured), int(added))).fetchone()[0])

    def _transaction(self, files: Sequence[Arrived], own: Mapping[str, int]) -> None:
        self._erase(files)
        with self.writing(keep=not self.dry) as tx:
            for book, last in own.items():
                # Files under our name that a restored book does not know: ours come after them.
                known = int(keeping.state(tx.con, f"last {book}", "0"))
                if last > known:
                    keeping.set_state(tx.con, f"last {book}", str(last))
            shelf = Shelf(tx.con, self.machine)
            capture = Capture(tx, shelf)
            captured = capture.run(full=self.full and not self.parts)
            merging = FileMerge(tx, Shelf(tx.con, self.machine))
            if (capture.moved or capture.beside) and kept_rows(tx.con, most=1):
                merging.revive(capture.moved, capture.beside)
            if keeping.state(tx.con, "schema") != str(LATEST):
                merging.revive(kept_rows(tx.con))
                keeping.set_state(tx.con, "schema", str(LATEST))
            taken = merging.merge(files)
            capture = Capture(tx, merging.shelf)
            merging.pass_on(capture)
            capture.post()
            capture.note_captured()
            self.parts.append(_Part(captured, taken, merging.conflicts, merging.written))

    def _erase(self, files: Sequence[Arrived]) -> None:
        """Erase the people here whom another machine erased, before anything else of it comes."""
        if self.dry or not any(ERASED in c.cells for one in files for c in one.file.changes):
            return
        from acctcli.store.sync import erasing

        with self.reading() as con:
            ids = erasing.not_yet(con, (c for one in files for c in one.file.changes))
        if ids:
            self._erase_people(ids)

    def _erase_merged(self) -> None:
        """Erase contacts that a machine merged with somebody who was erased: the same person."""
        if self.dry:
            return
        from acctcli.store.sync import erasing

        with closing(connect(self.path, notice=self.notice)) as con, our_errors(self.path):
            ids = erasing.to_erase(con)
        if ids:
            self._erase_people(ids)

    def _erase_people(self, ids: Sequence[str]) -> None:
        from acctcli.store import erase

        now = dates.iso((self.clock or dates.clock()).now)
        who = self.who or self.machine.name
        erase.as_told(self.path, ids, now, who, self.common, self.notice)

    def _save_here(self) -> None:
        """Give what was changed here its versions, though it cannot be sent."""
        if not self.dry and not self.parts and self._has_news({}):
            self._transaction([], {})

    # Sending

    def send(self) -> tuple[int, str]:
        """Carry what waits; return how many changes went, and why some may not."""
        if self.dry:
            return 0, ""
        sent, carried, refused = 0, [], ""
        if isinstance(self._left(), Unopened):
            self._forget_carried((), refused)
            return 0, ""  # the key here may be one that somebody has who left
        try:
            with self.reading() as con:
                waiting = con.execute(
                    "SELECT book, n, changes, whole FROM sync_out WHERE dev = ? ORDER BY book, n",
                    (self.machine.device,),
                ).fetchall()
                for book, n, changes, whole in waiting:
                    if book not in self.books:
                        continue
                    if self.roles.get(book) == READ:
                        refused = f"you may only read the shared book {book}"
                        continue
                    blob = _blob(con, book, self.machine.device, n)
                    try:
                        self.carrier.put(book, self.machine.device, n, blob, whole=bool(whole))
                    except Taken:
                        # Another machine uses this id: its file is read first, ours comes later.
                        self._renumber(book)
                        raise
                    carried.append((book, self.machine.device, n))
                    sent += changes
        finally:
            self._forget_carried(carried, refused)
        return sent, refused

    def _forget_carried(self, carried: Sequence[tuple[str, str, int]], refused: str) -> None:
        left = self._left()
        states = {
            "refused": refused,
            "reads": " ".join(one for one in self.machine.books if self.roles.get(one) == READ),
            "left": left.message if left else "",
        }
        with self.reading() as con:
            same = all(keeping.state(con, key) == said for key, said in states.items())
        if not carried and same:
            return
        with self.writing() as tx:
            tx.con.executemany(
                "DELETE FROM main.sync_out WHERE book = ? AND dev = ? AND n = ?", carried
            )
            for key, said in states.items():
                keeping.set_state(tx.con, key, said)

    def _renumber(self, book: str) -> None:
        """Give our waiting files the numbers after those that the carrier has under our name."""
        device = self.machine.device
        last = max((one.last for one in self.carrier.devices(book) if one.id == device), default=0)
        with self.writing() as tx:
            waiting = tx.con.execute(
                "SELECT n FROM main.sync_out WHERE book = ? AND dev = ? ORDER BY n DESC",
                (book, device),
            ).fetchall()
            shift = last + 1 - min(n for (n,) in waiting)
            for (n,) in waiting:
                tx.con.execute(
                    "UPDATE main.sync_out SET n = n + ? WHERE book = ? AND dev = ? AND n = ?",
                    (shift, book, device, n),
                )
            first = min(n for (n,) in waiting)
            # What is there under our name is read first. What a snapshot stood for is here already.
            after = {**keeping.seen(tx.con, book), device: first - 1}
            ours = (n for one, n, _ in self.carrier.fetch(book, after) if one == device)
            tx.con.execute(
                "UPDATE main.sync_seen SET n = min(n, ?) WHERE book = ? AND dev = ?",
                (next(ours, last + 1) - 1, book, device),
            )
            highest = max(n for (n,) in waiting) + shift
            keeping.set_state(tx.con, f"last {book}", str(highest))


def _blob(con: sqlite3.Connection, book: str, device: str, n: int) -> bytes:
    sql = "SELECT blob FROM sync_out WHERE book = ? AND dev = ? AND n = ?"
    return bytes(con.execute(sql, (book, device, n)).fetchone()[0])
