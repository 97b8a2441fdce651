"""Handing an account over to another shared book, with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from acctcli import text
from acctcli.errors import Invalid
from acctcli.store.connection import Notice, silent
from acctcli.store.sync import rounds
from acctcli.store.sync.books import book_of
from acctcli.store.sync.capture import Capture, moment_of
from acctcli.store.sync.cells import BOOK, FIRST, CellChange, as_changes
from acctcli.store.sync.keeping import SharedRow, Shelf
from acctcli.store.sync.machine import Machine
from acctcli.values import dates


def hand_over(
    path: Path,
    machine: Machine,
    accounts: Sequence[str],
    to: str,
    *,
    who: str = "",
    clock: dates.Clock | None = None,
    notice: Notice = silent,
) -> int:
    """Give accounts (by id) to the members of another book; return how many rows went.

    The members of the old book learn only that it went; those who do not read the new one lose it
    with their next sync. Raises `Invalid` if this machine does not take part in the new book.
    """
    if to not in machine.books:
        raise Invalid(
            f"this machine takes part in {text.sentence_list(list(machine.books))}, and not in "
            f"{to}: it could not write the account there. Join it first: acct sync join"
        )
    with rounds.alone(path), rounds.writing(path, machine, notice, clock=clock, who=who) as tx:
        Capture(tx, Shelf(tx.con, machine)).run()
        shelf = Shelf(tx.con, machine)
        capture = Capture(tx, shelf)
        moved = 0
        for account in accounts:
            rows = _with_parts(shelf, account)
            old = book_of(shelf, shelf.rows[account])
            if old == to:
                continue
            mine = [row for row in rows if row.id == account or book_of(shelf, row) == old]
            _set_book(shelf.rows[account], to, moment_of(tx.at), machine)
            mine = [row for row in mine if book_of(shelf, row) == to]
            at, device = shelf.rows[account].version(BOOK) or FIRST
            told = CellChange("account", account, at, device, {BOOK: to}, {}, None)
            capture.pass_on(old, [told])
            for row in mine:
                row.book, row.visible, row.new = to, row.shown is not None, row.shown
                capture.pass_on(to, as_changes(row))
            shelf.save(mine)
            moved += len(mine)
        capture.post()
    return moved


def _set_book(row: SharedRow, to: str, now: int, machine: Machine) -> None:
    at, _ = row.version(BOOK) or FIRST
    row.set(BOOK, to, (max(now, at + 1), machine.device))
    row.book = to


def _with_parts(shelf: Shelf, account: str) -> list[SharedRow]:
    """Return an account and every row that refers to it, directly or through others."""
    shelf.load({account: "account"})
    found: dict[str, None] = {account: None}
    ahead = {account}
    while ahead:
        more = {id: table for id, table in shelf.referring(ahead).items() if id not in found}
        shelf.load(more)
        found.update(dict.fromkeys(more))
        # What refers to another account's record does not come along, nor what refers to that.
        ahead = {id for id, table in more.items() if table != "account"}
    return [shelf.rows[id] for id in found]
