"""Which shared book a row belongs to: those who read an account read what is of it.

Products, settings and other kinds of no account are in the book that all have in common; people and
tasks without an account stay in the home book of who wrote them.
"""

from __future__ import annotations

from acctcli.store.sync.cells import BOOK
from acctcli.store.sync.keeping import SharedRow, Shelf
from acctcli.store.sync.tables import COMMON

_DEEPEST = 8  # a line of an offer of a deal of an account is three steps away


def book_of(shelf: Shelf, row: SharedRow, depth: int = 0, *, any_book: bool = False) -> str:
    """Return the book whose members read a row.

    A machine of one book need not look, unless with `any_book` the row may have left that one.
    """
    machine = shelf.machine
    if len(machine.books) == 1 and not any_book:
        return machine.home
    if row.table == "account":
        return row.values.get(BOOK) or row.book or machine.home
    if row.table in COMMON:
        return machine.common
    known = shelf.tables.get(row.table)
    for column, target, owns in known.references if known and depth < _DEEPEST else ():
        id = row.values.get(column)
        if not id or not owns or target in COMMON:
            continue
        kind = target or row.values.get("kind") or ""
        owner = shelf.look(id, kind if kind in shelf.tables else "")
        if owner.values or owner.table == "account":
            return book_of(shelf, owner, depth + 1, any_book=any_book)
    return row.book or machine.home
