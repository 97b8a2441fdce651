"""Start to share a book, join one that is shared, and leave it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import paths, text
from acctcli.book.context import Context
from acctcli.book.sync.exchanging import Synced, exchange, reached, shared, taking_part
from acctcli.carriers import carrier as carriers
from acctcli.carriers import opened
from acctcli.errors import Conflict, NotFound, UsageError
from acctcli.frozen import Frozen
from acctcli.store.sync import machine, moved, overview, rounds
from acctcli.store.sync.machine import Machine
from acctcli.store.sync.rounds import TakenInSoFar

if TYPE_CHECKING:
    from acctcli.carriers.carrier import Carrier

COMMON = "common"
"""The name of a book that products and settings go to, unless another is named."""


class FirstSync(Frozen):
    """A machine that takes part from now on: its series ("" if it only reads), and its first sync.

    `both` if this machine and the others had records before.
    """

    machine: Machine
    where: str
    series: str
    synced: Synced
    both: bool = False


def init(
    context: Context,
    address: str,
    *,
    book: str | None = None,
    common: str | None = None,
    name: str | None = None,
    seal: bool = False,
    progress: TakenInSoFar | None = None,
) -> FirstSync:
    """Share the book at a folder or hub, as a new shared book.

    With `common`, products and settings go to a second one, which several teams share; it is made
    if it is not there. Raises `Conflict` if the book is shared already, or if the folder holds it.
    """
    with context.read():
        pass  # a book that cannot be opened is not shared
    _refuse_if_shared(context)
    place = _place(context, address)
    chosen = carriers.checked_book(book) if book is not None else _name_of(context.book)
    key = ""
    if seal:
        from acctcli.carriers import seal as seals  # few books are sealed

        file = context.book.absolute().with_name(f"{context.book.name}.sync.key")
        if not file.exists():
            seals.new_key(file)
        key = str(file)
    shared = carriers.checked_book(common) if common is not None else chosen
    books = tuple(dict.fromkeys((chosen, shared)))
    this = _new(context, place, books, home=chosen, common=shared, key=key, name=name)
    with reached(this) as carrier:
        carrier.create(chosen)
        series = "A"
        if shared != chosen:
            if shared not in carrier.books():
                carrier.create(shared)
            # The letters are those of the book that all see, so that no number is there twice.
            if carrier.books()[shared] != carriers.READ:
                series = carrier.register(shared, this.device, this.name, series)
        return _begin(context, this, carrier, series, progress)


def join(
    context: Context,
    address: str,
    *,
    books: Sequence[str] = (),
    home: str | None = None,
    common: str | None = None,
    key: Path | None = None,
    name: str | None = None,
    progress: TakenInSoFar | None = None,
) -> FirstSync:
    """Let this machine take part in one or more shared books.

    Raises `NotFound` for a hub or book that is not there, and `UsageError` if it must be said which
    of several books is meant.
    """
    with context.read():
        pass
    _refuse_if_shared(context)
    place = _place(context, address)
    file = ""
    if key is not None:
        file = str(paths.typed(key).absolute())
        if not Path(file).is_file():
            raise NotFound(f"there is no key file {key}. Copy it from a machine that has it")
    asked = [carriers.checked_book(one) for one in dict.fromkeys(books)]
    probe = _new(context, place, ("",), home="", common="", key=file, name=name)
    with reached(probe) as carrier:
        chosen = _chosen(carrier.books(), asked, carrier.where)
        home = _home(chosen, home)
        common = _common(chosen, common, home)
        known = {one.name for one in carrier.devices(home)}
        this = probe.replace(
            books=tuple(chosen), home=home, common=common, name=_free(probe.name, known)
        )
        with context.read() as con:
            ours = overview.numbered(con)
        return _begin(context, this, carrier, "", progress, joining=ours)


def leave(
    context: Context, *, sync: bool = True, progress: TakenInSoFar | None = None
) -> tuple[Machine, int]:
    """Sync a last time, and forget that the book is shared; it stays as it is.

    Returns who this machine was, and how many changes the others never got: none after a sync.
    """
    context.refuse_if_reading_only()
    this = taking_part(context) if sync else shared(context)
    if sync:
        with reached(this) as carrier:
            exchange(context, this, carrier, progress=progress)
    with rounds.alone(context.book):
        with context.read() as con:
            left = overview.unsent(con)
        # In this order: without the file nothing syncs, and the next start empties the tables too.
        machine.forget(context.book)
        with context.write(local=True) as tx:
            overview.forget(tx)
    machine.lock_of(context.book).unlink(missing_ok=True)
    return this, left


def _refuse_if_shared(context: Context) -> None:
    context.refuse_if_reading_only()
    found = machine.read(context.book)
    if found is not None:
        listed = text.sentence_list(list(found.books), len(found.books))
        raise Conflict(
            f"this book is shared already, in {opened.shown(found.carrier)} as {listed}. To stop "
            "that: acct sync leave"
        )


def _place(context: Context, address: str) -> str:
    """Return where to sync, with a folder as an absolute path.

    Raises `NotFound` for a missing folder, and `Conflict` for one that holds the book.
    """
    if "://" in address:
        opened.opened(address)  # refuses what it cannot reach
        return address
    if not address.strip():
        raise UsageError("name a folder, or postgresql://USER@HOST/DATABASE")
    folder = paths.typed(address).absolute()
    if not folder.is_dir():
        raise NotFound(
            f"there is no folder {folder}. Make it first, in a place that is on all your machines: "
            f"mkdir -p {text.shell_word(str(folder), '')}"
        )
    held = context.book.absolute().resolve()
    kept = paths.backups(held)
    inside = folder.resolve()
    if held.is_relative_to(inside) or inside.is_relative_to(kept):
        raise Conflict(
            f"{folder} holds the book itself or its backups: a program that syncs it would write "
            "over them. Choose a folder of its own, and keep the book outside it"
        )
    return str(folder)


def _name_of(path: Path) -> str:
    """Return the name of a new shared book: that of the file, or `book`."""
    name = re.sub(r"[^a-z0-9_-]+", "-", text.key(path.stem)).strip("-_")
    return name if carriers.is_book(name) else "book"


def _new(
    context: Context,
    place: str,
    books: tuple[str, ...],
    *,
    home: str,
    common: str,
    key: str,
    name: str | None,
) -> Machine:
    if name is not None and not name.strip():
        raise UsageError("--name is empty. Leave it out, or name this machine")
    return Machine(
        device=machine.new_device(),
        name=carriers.machine_name(name) if name else machine.host(),
        carrier=place,
        books=books,
        home=home,
        common=common,
        key=key,
        made_for=machine.here(context.book),
    )


def _chosen(there: Collection[str], asked: Sequence[str], where: str) -> list[str]:
    """Return the books to join."""
    if not there:
        raise NotFound(
            f"there is no shared book in {where}. To share yours there: "
            f"acct sync init {text.shell_word(where, '')}"
        )
    missing = [one for one in asked if one not in there]
    listed = text.sentence_list(sorted(there), len(there))
    if missing:
        raise NotFound(
            f"there is no shared book {text.quoted(missing[0])} in {where} that you may read. "
            f"Those that you may: {listed}",
            candidates=sorted(there),
        )
    if not asked and len(there) > 1:
        raise UsageError(
            f"there are several shared books in {where}: {listed}. Say which: --book {min(there)}"
        )
    return list(asked or there)


def _home(books: Sequence[str], home: str | None) -> str:
    """Return the book that new records of no account go to."""
    if home is not None and home not in books:
        raise UsageError(
            f"--home {text.quoted(home)} must be one of the books that you join: "
            f"{text.sentence_list(list(books), len(books))}"
        )
    if home is None and len(books) > 1:
        raise UsageError(
            "say which of the books is yours, for tasks and people without an account: "
            f"--home {books[0]}"
        )
    return home or books[0]


def _common(books: Sequence[str], common: str | None, home: str) -> str:
    """Return the book that products and settings go to."""
    if common is not None and common not in books:
        raise UsageError(
            f"--common {text.quoted(common)} must be one of the books that you join: "
            f"{text.sentence_list(list(books), len(books))}"
        )
    return common or (COMMON if COMMON in books else home)


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name for this machine that no other one has."""
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name} {count}"
    return free


def _begin(
    context: Context,
    this: Machine,
    carrier: Carrier,
    wanted: str,
    progress: TakenInSoFar | None,
    *,
    joining: Collection[str] = (),
) -> FirstSync:
    """Let this machine take part from now on, and sync for the first time.

    `wanted` is the series that its account numbers should have, "" for any, and `joining` are the
    accounts and quotes that it has.
    """
    with context.read() as con:
        had = overview.has_records(con)
    series = wanted or "A"
    writes = carrier.books().get(this.home) != carriers.READ
    if writes:
        series = carrier.register(this.home, this.device, this.name, wanted)
    with context.read() as con:
        copied = moved.goes_on(con, this, carrier)
    if copied:
        moved.join(context.book, this, notice=context.notice)
    else:
        with context.write(local=True) as tx:
            overview.forget(tx)  # what is left of a book that was shared before
    rounds.start(context.book, this, series, notice=context.notice)
    machine.write(context.book, this)
    joining = () if copied else joining
    synced = exchange(context, this, carrier, joining=joining, progress=progress)
    both = had and not copied and bool(synced.exchanged.taken)
    return FirstSync(this, carrier.where, series if writes else "", synced, both)
