"""What `today` and the page of an account say of a shared book: unread conflicts, a silent machine.

Read from the book and from the time of a file beside it: no folder and no hub is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.store import lookup
from acctcli.store.sync import machine, overview

if TYPE_CHECKING:
    import sqlite3

SILENT_DAYS = 3
"""A machine that has not synced for this many days says so: more than a weekend."""


def of_today(context: Context, con: sqlite3.Connection) -> Iterator[str]:
    """Yield what a person should know of a shared book in the morning."""
    if not machine.is_shared(context.book):
        return
    if count := overview.unread(con):
        yield f"{text.plural(count, 'conflict')} between machines: acct sync conflicts"
    last = machine.last_synced(context.book)
    days = (context.clock.now - last).days if last else 0
    if days >= SILENT_DAYS:
        yield f"this machine has not synced for {text.plural(days, 'day')}: acct sync now"


def of_account(context: Context, con: sqlite3.Connection, account: str) -> str:
    """Return how many unread conflicts an account (its id) has, "" for none."""
    if not (machine.is_shared(context.book) and overview.unread(con)):
        return ""
    count = len(overview.conflicts(con, account=account))
    named = lookup.handles(con, [account])[account]
    said = f"{text.plural(count, 'conflict')} between machines here: acct sync conflicts {named}"
    return said if count else ""
