"""Send and take in changes, and report how this machine stands with the others."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.sync import numbering
from acctcli.carriers import opened
from acctcli.carriers.carrier import Taken
from acctcli.errors import AcctError, NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store.sync import keeping, machine, moved, overview, rounds, snapshot
from acctcli.store.sync.machine import Machine
from acctcli.store.sync.overview import KnownDevice
from acctcli.store.sync.rounds import Exchanged, TakenInSoFar
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.carriers.carrier import Carrier
    from acctcli.shapes.sync import MachineJson, SyncedJson, SyncStatusPage

MANY_FILES = 1_000
"""From this many files on, a sync suggests rewriting the shared book."""

HOW_TO_BEGIN = (
    "this book is not shared yet. To share it in a folder that is on all your machines: acct sync "
    "init ~/Dropbox/acct. If another machine shares it already: acct sync join ~/Dropbox/acct"
)


class Synced(Frozen):
    """What a sync did, with the machines that it took changes from.

    `older` are those of them that seal with a key that was replaced.
    """

    exchanged: Exchanged
    devices: Mapping[str, KnownDevice]
    who: str
    older: Set[str] = frozenset()

    @property
    def quiet(self) -> bool:
        """Whether neither side had anything to do, and nothing is left to do."""
        done = self.exchanged
        return not (done.sent or done.captured or done.taken or done.rows or done.waiting)

    @property
    def as_json(self) -> SyncedJson:
        """The same as data."""
        done = self.exchanged
        return {
            "sent": done.sent,
            "taken": sum(done.taken.values()),
            "machines": [
                {"device": one, "name": known.name, "rep": known.rep, "changes": count}
                for one, count in done.taken.items()
                for known in [_known(self.devices, one)]
            ],
            "conflicts": done.conflicts,
            "waiting": done.waiting,
            "aside": done.aside,
            "refused": done.refused,
            "quiet": self.quiet,
        }

    def says(self, *, dry: bool = False) -> str:
        """Return all of it in one line."""
        done = self.exchanged
        sent = text.plural(done.sent, "change")
        taken = f"{sum(done.taken.values()):,}{self._by_machine()}"
        send, take = ("Would send", "take in") if dry else ("Sent", "took in")
        if done.sent and done.taken:
            said = [f"{send} {sent}, {take} {taken}."]
        elif done.sent:
            said = [f"{send} {sent}."]
        elif done.taken:
            changes = text.plural(sum(done.taken.values()), "change")
            said = [f"{'Would take' if dry else 'Took'} in {changes}{self._by_machine()}."]
        else:
            said = ["Nothing to send or take in."]
        if done.conflicts:
            found = text.plural(done.conflicts, "conflict")
            said.append(f"{found}." if dry else f"{found}: acct sync conflicts")
        return " ".join(said)

    @property
    def notices(self) -> Iterator[str]:
        """Say what is left to do."""
        done = self.exchanged
        if done.aside:
            waits = "waits" if done.aside == 1 else "wait"
            yield (
                f"{text.plural(done.aside, 'record')} {waits} for a newer acct, or "
                f"{'has' if done.aside == 1 else 'have'} values that no command stores: upgrade "
                "acct on this machine, or run acct db check on the others"
            )
        if self.older:
            names = sorted(text.safe(_known(self.devices, one).shown) for one in self.older)
            yield (
                f"{text.sentence_list(names, 5)} sent changes with an older key, which somebody "
                "who has left may still have. Copy the key file there, sync there, and then "
                "rewrite the shared book: acct sync compact"
            )
        if done.files >= MANY_FILES and not done.refused:
            yield (
                f"a machine that joins would read about {done.files:,} files. To rewrite them "
                "as a few: acct sync compact"
            )
        if done.waiting:
            waits = "waits" if done.waiting == 1 else "wait"
            yield (
                f"{text.plural(done.waiting, 'file')} {waits} for others that have not come yet. "
                "The next sync looks again"
            )

    def _by_machine(self) -> str:
        """Return ` (Ann 10, laptop 2)`: people by name, and one's own machines by theirs."""
        named: dict[str, int] = {}
        reps = [_known(self.devices, one).rep for one in self.exchanged.taken]
        for device, count in self.exchanged.taken.items():
            known = _known(self.devices, device)
            name = known.rep if reps.count(known.rep) == 1 and known.rep != self.who else known.name
            name = text.safe(name or known.shown)
            named[name] = named.get(name, 0) + count
        listed = sorted(named.items(), key=lambda one: (-one[1], one[0]))
        return f" ({', '.join(f'{name} {count:,}' for name, count in listed)})" if named else ""


def _known(devices: Mapping[str, KnownDevice], device: str) -> KnownDevice:
    return devices.get(device) or KnownDevice(device, "", "", "", "")


def shared(context: Context) -> Machine:
    """Return who this machine is. Raises `NotFound` if the book is not shared here."""
    found = machine.read(context.book)
    if found is None:
        with context.read():
            pass  # one that cannot be opened says so first
        raise NotFound(HOW_TO_BEGIN)
    return found


def taking_part(context: Context) -> Machine:
    """Return who this machine is; in a book that was copied or moved, it is a new one from now on.

    Raises `NotFound` if the book is not shared here.
    """
    context.refuse_if_reading_only()
    found = shared(context)
    mine = machine.mine(context.book, found)
    if mine is not found:
        moved.become(context.book, mine, notice=context.notice)
        context.notice(
            f"this book was copied or moved here, so it syncs as a new machine ({mine.device}, "
            f"{text.safe(mine.name)})"
        )
    return mine


def where(this: Machine) -> str:
    """Return where a machine syncs, without a password."""
    return opened.shown(this.carrier)


@contextmanager
def reached(this: Machine) -> Iterator[Carrier]:
    """Open the carrier of a machine."""
    carrier = opened.opened(this.carrier, key=Path(this.key) if this.key else None)
    try:
        yield carrier
    finally:
        carrier.close()


def exchange(
    context: Context,
    this: Machine,
    carrier: Carrier,
    *,
    full: bool = False,
    dry: bool = False,
    joining: Collection[str] = (),
    progress: TakenInSoFar | None = None,
) -> Synced:
    """Send and take in; unless `dry`, note that this machine has synced.

    `joining` are the accounts and quotes that this machine had before it joined.
    """

    def once() -> Exchanged:
        return rounds.Exchange(
            context.book,
            this,
            carrier,
            full=full,
            dry=dry,
            who=context.who,
            clock=context.clock,
            common=_common_words(context),
            notice=context.notice,
            progress=progress,
        ).run()

    with context.read() as con:
        before = overview.last_command(con)
    try:
        done = once()
    except Taken:
        done = once()  # what another machine wrote under our name was read; ours comes after it
    if done.rows and not dry:
        _sum_quotes(context, this, before)
        if not done.refused and numbering.give_anew(context, this, joining, before):
            done = done.followed_by(once())
    if not dry:
        if not (done.refused or done.left):
            _write_anew(context, this, carrier)
        _note_synced(context.book)
    if done.left and not done.taken:
        raise done.left
    if not done.taken:
        return Synced(done, {}, context.who)
    with context.read() as con:
        known = overview.devices(con)
    if dry and not done.taken.keys() <= known.keys():
        known = {**_as_carried(this, carrier), **known}
    synced = Synced(done, known, context.who, carrier.older & done.taken.keys())
    if done.left:
        context.notice(synced.says(dry=dry))
        raise done.left
    return synced


def _as_carried(this: Machine, carrier: Carrier) -> dict[str, KnownDevice]:
    """Return the machines as the carrier knows them: those of files not taken in yet, too."""
    return {
        one.id: KnownDevice(one.id, one.name, one.rep, one.series, one.at)
        for book in this.books
        for one in carrier.devices(book)
    }


def _sum_quotes(context: Context, this: Machine, before: int) -> None:
    """Recalculate quotes whose lines came from others: two may have changed one line each.

    Every machine does so for itself, because totals follow from the lines and need not be sent.
    """
    with context.read() as con:
        ids = overview.quotes_of_others(con, before)
    if not ids:
        return
    from acctcli.book import quote_lines, quote_sent  # quotes are rare

    clock, who = context.clock, context.who
    with rounds.writing(context.book, this, context.notice, clock=clock, who=who) as tx:
        tx.origin, tx.says = "sync", "Recalculated quotes whose lines several machines changed."
        for id in ids:
            quote_lines.sum_anew(tx, id)
    with context.read() as con:
        for said in quote_sent.late(con, ids):
            context.notice(said)


def _write_anew(context: Context, this: Machine, carrier: Carrier) -> None:
    """Rewrite the books that somebody was erased from: their old files name the person."""
    for book in snapshot.due(context.book):
        snapshot.compact(
            context.book,
            this,
            carrier,
            book,
            who=context.who,
            clock=context.clock,
            notice=context.notice,
        )


def _common_words(context: Context) -> set[str]:
    """Return words from the settings that identify nobody, for when a person is erased."""
    fields = (field for kind in KINDS for field in context.fields(kind).values())
    return {choice for field in fields for choice in field.choices}


def now(
    context: Context, *, full: bool = False, dry: bool = False, progress: TakenInSoFar | None = None
) -> Synced:
    """Send what was changed here, and take in what others changed."""
    this = taking_part(context)
    with reached(this) as carrier:
        return exchange(context, this, carrier, full=full, dry=dry, progress=progress)


def _note_synced(path: Path) -> None:
    """Keep the moment of this sync, beside the book: writing to the book would take longer."""
    with suppress(OSError):
        os.utime(machine.lock_of(path))


def status(context: Context) -> SyncStatusPage:
    """Return how this machine stands with the others. The carrier need not be there."""
    this = shared(context)
    last = machine.last_synced(context.book)
    with context.read() as con:
        known = overview.devices(con)
        seen = {book: keeping.seen(con, book) for book in this.books}
        aside = overview.aside(con, this.books)
        erased = overview.erased_at(con)
        page: SyncStatusPage = {
            "where": where(this),
            "books": list(this.books),
            "home": this.home,
            "common": this.common,
            "sealed": bool(this.key),
            "device": this.device,
            "name": this.name,
            "series": keeping.state(con, "series"),
            "last_sync": dates.iso(last) if last else None,
            "unsent": overview.unsent(con),
            "conflicts": overview.unread(con),
            "newer": aside.newer,
            "missing": aside.missing,
            "not_erased": [],
            "refused": keeping.state(con, "refused"),
            "unreadable": keeping.state(con, "left"),
            "problem": "",
            "clock_ahead": None,
            "machines": [],
        }
    files: dict[str, int] | None = None
    try:
        with reached(this) as carrier:
            counted: dict[str, int] = {}
            for book in this.books:
                for one in carrier.devices(book):
                    left = max(0, one.last - seen[book].get(one.id, 0))
                    counted[one.id] = counted.get(one.id, 0) + left
                    have = known.get(one.id) or KnownDevice(one.id, "", "", "", "")
                    known[one.id] = KnownDevice(
                        one.id,
                        one.name or have.name,
                        one.rep or have.rep,
                        one.series or have.series,
                        max(dates.in_seconds(one.at), dates.in_seconds(have.last_at)),
                    )
            files = counted
            theirs = carrier.now()
            if theirs is not None:
                page["clock_ahead"] = round((dates.clock().now - theirs).total_seconds())
    except AcctError as error:
        page["problem"] = error.message
    page["not_erased"] = [
        one.shown
        for one in known.values()
        if erased and one.device != this.device and one.last_at < erased
    ]
    mine = KnownDevice(this.device, this.name, context.who, page["series"], "")
    known.setdefault(this.device, mine)
    page["machines"] = [_machine(one, files, this.device) for one in known.values()]
    page["machines"].sort(key=lambda one: (not one["here"], len(one["series"]), one["series"]))
    return page


def _machine(one: KnownDevice, files: Mapping[str, int] | None, here: str) -> MachineJson:
    own = one.device == here
    return {
        "device": one.device,
        "name": one.name,
        "rep": one.rep,
        "series": one.series,
        "last_at": dates.in_seconds(one.last_at) or None,
        "files": None if files is None else 0 if own else files.get(one.device, 0),
        "here": own,
    }
