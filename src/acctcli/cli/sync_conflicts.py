"""`acct sync conflicts`, `take` and `dismiss`: two edits of the same fields, and what is done."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.book.sync import conflicts as found
from acctcli.cli.kit import nouns, offers, options, paging
from acctcli.cli.kit.session import Session
from acctcli.cli.sync import noun
from acctcli.render.emit import format_of
from acctcli.results import Done, Table
from acctcli.store.lookup import TAIL
from acctcli.store.sync import overview

CALLED = ("conflict", "conflicts")
COLUMNS = ("account", "kind", "record", "fields", "stands", "set_aside", "set_aside_by")

ConflictIds = Annotated[
    list[str],
    typer.Argument(
        metavar="ID...",
        help="Ends of the ids of conflicts.",
        show_default=False,
        autocompletion=offers.conflicts,
    ),
]


@noun.command(
    "conflicts",
    reads=True,
    examples=["acct sync conflicts", "acct sync conflicts greentech", "acct sync conflicts --all"],
)
def conflicts(
    session: Session,
    account: Annotated[
        str | None, options.argument("account", "Only conflicts at this account.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", "-a", help="Include those that were taken or dismissed.")
    ] = False,
    query: Query = paging.rows(found.FIELDS),
) -> Table:
    """List edits of the same fields on two machines.

    The later edit stands, and the other is set aside. Fields that belong together, such as an
    amount and its currency, are one conflict.
    """
    with session.read() as con:
        of_account = session.find(con, "account", account).id if account else ""
        everything = found.rows(session, con, account=of_account, dismissed=all_)
        short = overview.short_ids(con)
    rows = reading.in_order("conflict", found.FIELDS, everything, query)
    first = next((short[row["id"]] for row in rows if row["seen_at"] is None), "")
    footer = ""
    if first:
        footer = (
            f"To put back what was set aside: acct sync take {first}\n"
            f"To keep what stands: acct sync dismiss {first}"
        )
    people = format_of(session.output) == "table" and session.output.columns is None
    shown = [{**row, "short": short[row["id"]]} for row in rows] if people else rows
    left = ""
    if not rows:
        in_all = len(everything)
        left = nouns.none_in_view(CALLED[0], in_all, query.limit, query.offset, CALLED)
    return Table(
        *CALLED,
        found.FIELDS,
        shown,
        COLUMNS,
        list(found.FIELDS),
        short,
        footer,
        left or "No conflicts.",
        session.clock.today,
        drawing="sync:conflicts",
    )


@noun.command("take", examples=["acct sync take 3f2a"])
def take(session: Session, ids: ConflictIds) -> Done:
    """Put back what a conflict set aside.

    It is an edit like any other, with undo. A record that was deleted on another machine
    comes back with everything that went with it.
    """
    typed = session.names_given("conflict", ids)
    with session.write() as tx:
        back = found.take(tx, overview.find(tx.con, typed), session.clock.today)
        tx.says = back.says
    return Done(back.ids, {id: id[-TAIL:] for id in back.ids}, back.says, back.records)


@noun.command(
    "dismiss",
    examples=["acct sync dismiss 3f2a", "acct sync conflicts -f ids | acct sync dismiss -"],
)
def dismiss(
    session: Session,
    ids: ConflictIds,
) -> Done:
    """Mark conflicts as read, on this machine: what stands is right."""
    typed = session.names_given("conflict", ids)
    with session.write(local=True) as tx:
        found = overview.find(tx.con, typed)
        count = overview.dismiss(tx, [one.id for one in found])
        short = overview.short_ids(tx.con)
    says = f"Dismissed {text.plural(count, 'conflict')}."
    if not count:
        says = "Nothing to dismiss: read before."
    return Done([one.id for one in found], short, says, [{"id": one.id} for one in found])
