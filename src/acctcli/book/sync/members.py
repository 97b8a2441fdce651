"""Who may read and write a shared book, as a PostgreSQL database keeps it."""

from __future__ import annotations

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.sync.exchanging import reached, shared
from acctcli.carriers.carrier import checked_role
from acctcli.errors import NotFound


def book_of(context: Context, book: str | None) -> str:
    """Return the shared book that is meant: the home book of this machine, unless named."""
    this = shared(context)
    if book is not None and book not in this.books:
        raise NotFound(
            f"this machine does not take part in a shared book {text.quoted(book)}. Its books: "
            f"{text.sentence_list(list(this.books), len(this.books))}",
            candidates=this.books,
        )
    return book or this.home


def listed(context: Context, book: str | None) -> tuple[str, dict[str, str]]:
    """Return the shared book, and the role of each member by login."""
    of = book_of(context, book)
    with reached(shared(context)) as carrier:
        return of, dict(sorted(carrier.members(of).items()))


def add(context: Context, login: str, role: str, book: str | None) -> str:
    """Let somebody in, or give them another role; return the shared book."""
    context.refuse_if_reading_only()
    of = book_of(context, book)
    with reached(shared(context)) as carrier:
        carrier.add_member(of, login, checked_role(role))
    return of


def remove(context: Context, login: str, book: str | None) -> str:
    """Take somebody out; return the shared book."""
    context.refuse_if_reading_only()
    of = book_of(context, book)
    with reached(shared(context)) as carrier:
        carrier.remove_member(of, login)
    return of
