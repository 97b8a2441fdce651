"""What comes up at an account while it is snoozed: deals that close, contracts that end, promises.

`today` leaves a snoozed account out, so a command that snoozes one names what `today` will not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book import contracts
from acctcli.model import KINDS, Row
from acctcli.store import deals, lookup, queries
from acctcli.store.facts.contracts import of_accounts
from acctcli.values import dates, money
from acctcli.values.fields import known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.context import Context

NAMED, ACCOUNTS = 3, 5
"""How many things of an account are named, and how many accounts; further ones are counted."""


def missed(context: Context, con: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    """Return a sentence for each snoozed account with something that comes up meanwhile."""
    said: list[str] = []
    more = 0
    for id in ids:
        row = queries.get(con, "account", KINDS["account"].fields, id)
        until = row and known(row["snoozed_until"])
        if row is None or not until or until <= dates.iso(context.clock.today):
            continue
        found = sorted(_meanwhile(context, con, id, dates.parse_iso_day(until)))
        if not found:
            continue
        if len(said) == ACCOUNTS:
            more += 1
            continue
        named = text.sentence_list([what for _, what in found], NAMED)
        (handle,) = lookup.handles(con, [id]).values()
        said.append(
            f"While {text.safe(row['name'])} is snoozed: {named}. See: acct account show {handle}"
        )
    return [*said, f"The same at {text.plural(more, 'more account')}."] if more else said


def _meanwhile(
    context: Context, con: sqlite3.Connection, id: str, until: date
) -> Iterator[tuple[date, str]]:
    """Yield what comes up at an account before a day, or is late already, each with its day."""
    today = context.clock.today
    own = queries.by_id("account_id", id)
    for deal in _rows(con, "deal", own, deals.OPEN):
        day = known(deal["close_date"])
        if day and day < dates.iso(until) and deal["category"] != "omitted":
            verb = "closes" if day >= dates.iso(today) else "should have closed"
            yield _named(day, f'deal "{text.safe(deal["title"])}"{_worth(deal)} {verb}', today)
    for contract in contracts.read(con, context.config, of_accounts([id])).known:
        deadline = contract.deadline(today)
        if contract.to_renew(today) and today <= deadline < until:
            what = contract.facts.product
            name = f"contract for {text.safe(what)}" if what else "contract"
            ends = "ends" if deadline == contract.end(today) else "takes notice until"
            yield _named(dates.iso(deadline), f"{name} {ends}", today)
    for task in _rows(con, "task", own, queries.OPEN_TASKS):
        day = known(task["due"])
        if day and day < dates.iso(until):
            who = "their promise" if task["owed_by"] == "them" else "promise"
            verb = "is" if day >= dates.iso(today) else "was"
            yield _named(day, f'{who} "{text.safe(task["text"])}" {verb} due', today)


def _rows(con: sqlite3.Connection, kind: str, *conditions: Any) -> list[Row]:
    fields = KINDS[kind].fields
    return queries.select(con, kind, fields, queries.Listing(list(conditions)), as_stored=True)


def _worth(deal: Row) -> str:
    amount, currency = known(deal["amount"]), known(deal["currency"])
    return "" if amount is None or not currency else f" {money.short(amount, currency)} {currency}"


def _named(day: str, what: str, today: date) -> tuple[date, str]:
    on = dates.parse_iso_day(day)
    return on, f"{what} {dates.say_day(on, today)}"
