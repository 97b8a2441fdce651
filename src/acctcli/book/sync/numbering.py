"""Other numbers for accounts and quotes whose number another record has after a sync."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.store import lookup, numbers
from acctcli.store.sync import overview, rounds, twins
from acctcli.store.sync.machine import Machine

if TYPE_CHECKING:
    import sqlite3

NUMBERED = ("account", "quote")
_NAMED = 5


def give_anew(context: Context, this: Machine, joining: Collection[str], before: int) -> bool:
    """Give records of this machine other numbers if others keep theirs, and say which.

    `joining` are the accounts and quotes that it had before it joined, `before` is the last command
    ahead of the sync. Returns whether a number changed.
    """
    with context.read() as con:
        losing = {kind: twins.losing(con, kind, this.device, joining) for kind in NUMBERED}
        kept = _kept_by_both(con, before)
    for said in kept:
        context.notice(said)
    if not any(losing.values()):
        return False
    clock, form = context.clock, context.config["quote.number"]
    with rounds.writing(context.book, this, context.notice, clock=clock, who=context.who) as tx:
        given = [
            one for kind, ids in losing.items() for one in numbers.given_anew(tx, kind, ids, form)
        ]
        named = [f"{text.safe(one.name)} ({one.now})" for one in given]
        tx.says = f"Gave new numbers to {text.sentence_list(named, 3)}."
    for kind in NUMBERED:
        changed = [
            f"{text.safe(one.name)} ({one.before}) is {one.now} now"
            for one in given
            if one.kind == kind
        ]
        if changed:
            had = text.plural(len(changed), kind)
            context.notice(
                f"{had} had the number of another: {text.sentence_list(changed, _NAMED)}"
            )
    return True


def _kept_by_both(con: sqlite3.Connection, before: int) -> list[str]:
    """Say which quotes keep a number that they share, as customers have it; only when they come."""
    came = set(overview.quotes_of_others(con, before))
    if not came:
        return []
    said = []
    for number, quotes in twins.sent(con).items():
        ids = [id for id, _ in quotes]
        if came & set(ids):
            short = lookup.short_ids(con, "quote", ids)
            named = [f"{text.safe(account)} ({short[id]})" for id, account in quotes]
            said.append(
                f"{text.plural(len(ids), 'sent quote')} have the number {text.safe(number)} and "
                f"keep it, because customers have it: {text.sentence_list(named, _NAMED)}. To name "
                "one of them, use the id"
            )
    return said
