"""Accounts that move to another shared book, and files that become a single one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.sync.exchanging import Synced, exchange, reached, taking_part
from acctcli.carriers import carrier as carriers
from acctcli.errors import Conflict, Invalid, NotFound
from acctcli.store.sync import moving, snapshot
from acctcli.store.sync.rounds import TakenInSoFar


def check(context: Context, to: str) -> None:
    """Raise `NotFound` for a book that this machine has no part in, `Invalid` if it only reads."""
    this = taking_part(context)
    if to not in this.books:
        raise NotFound(
            f"this machine does not take part in a shared book {text.quoted(to)}. Its books: "
            f"{text.sentence_list(list(this.books), len(this.books))}",
            candidates=this.books,
        )
    with reached(this) as carrier:
        if carrier.books().get(to) == carriers.READ:
            raise Invalid(f"you may only read the shared book {to}. Ask its owner to let you write")


def hand_over(
    context: Context, accounts: Sequence[str], to: str, progress: TakenInSoFar | None = None
) -> tuple[int, Synced]:
    """Move accounts (ids) to another shared book, and sync; return how many rows moved."""
    this = taking_part(context)
    with reached(this) as carrier:
        before = exchange(context, this, carrier, progress=progress)
        rows = moving.hand_over(
            context.book,
            this,
            accounts,
            to,
            who=context.who,
            clock=context.clock,
            notice=context.notice,
        )
        if not rows:
            return 0, before
        return rows, exchange(context, this, carrier, progress=progress)


def compact(context: Context, progress: TakenInSoFar | None = None) -> list[tuple[str, int, int]]:
    """Rewrite each shared book; return its name, and how many changes and files it now has.

    A carrier that lost a book gets it back.
    """
    this = taking_part(context)
    with reached(this) as carrier:
        there = carrier.books()
        for book in this.books:
            if book not in there:
                with suppress(Conflict):  # it is there, but not for this person
                    carrier.create(book)
        with suppress(carriers.Lost):  # the new files hold it
            exchange(context, this, carrier, progress=progress)
        roles = carrier.books()
        done = [
            (
                book,
                *snapshot.compact(
                    context.book,
                    this,
                    carrier,
                    book,
                    who=context.who,
                    clock=context.clock,
                    notice=context.notice,
                ),
            )
            for book in this.books
            if roles.get(book) != carriers.READ
        ]
    if not done:
        raise Invalid("you may only read the shared books of this machine, so nothing was replaced")
    return done
