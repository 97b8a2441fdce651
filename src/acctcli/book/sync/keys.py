"""A new key for a sealed book, so that somebody who has left cannot read what comes from now on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from acctcli.book.context import Context
from acctcli.book.sync import moving
from acctcli.book.sync.exchanging import exchange, reached, taking_part
from acctcli.carriers import carrier as carriers
from acctcli.errors import AcctError, Conflict, Invalid
from acctcli.frozen import Frozen
from acctcli.store.sync.machine import Machine
from acctcli.store.sync.rounds import TakenInSoFar


class NewKey(Frozen):
    """A key that was replaced: its file, and the names of the machines that need the file now."""

    file: Path
    machines: Sequence[str]


def check(context: Context) -> Machine:
    """Return who this machine is. Raises `Conflict` if its books are not sealed."""
    this = taking_part(context)
    if not this.key:
        raise Conflict(
            "this shared book is not sealed, so it has no key. To seal it, leave it on all "
            "machines (acct sync leave), and start a new one: acct sync init FOLDER --seal"
        )
    return this


def replace(context: Context, progress: TakenInSoFar | None = None) -> NewKey:
    """Give the sealed books of this machine a new key, and write them anew with it.

    Everything is taken in before, with the keys until now: what cannot be opened with them has the
    new key of another machine, and then nothing is changed. Raises `Invalid` if this machine may
    not write one of its books.
    """
    this = check(context)
    with reached(this) as carrier:
        roles = carrier.books()
        only = [book for book in this.books if roles.get(book) == carriers.READ]
        if only:
            raise Invalid(
                f"you may only read the shared book {only[0]}, so you cannot give it a new key. "
                "Nothing was changed. Ask one of its owners"
            )
        exchange(context, this, carrier, progress=progress)
        others = {
            one.id: one.name or one.id
            for book in this.books
            for one in carrier.devices(book)
            if one.id != this.device
        }
    from acctcli.carriers import seal  # few books are sealed

    file = Path(this.key)
    seal.replace_key(file)
    try:
        moving.compact(context, progress)
    except AcctError as error:
        raise type(error)(
            f"{error.message.rstrip('.')}. The new key is in {file}, but the files before are "
            "still there, and the old key opens them. To rewrite them: acct sync compact"
        ) from error
    return NewKey(file, list(others.values()))
