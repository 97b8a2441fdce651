"""`acct quote line`: the lines of a draft, each with its price, discount, tax and term."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli.book import quote_lines
from acctcli.book.asked import Given
from acctcli.cli.kit import nouns, options
from acctcli.cli.kit.session import Session
from acctcli.cli.quote import OneQuote, noun
from acctcli.errors import UsageError
from acctcli.model import KINDS
from acctcli.results import Done, Table
from acctcli.store import lookup


@noun.command(
    "line",
    reads=True,
    examples=[
        "acct quote line Q-2026-0001",
        "acct quote line Q-2026-0001 2 --discount 7.5 --tax 9",
        "acct quote line Q-2026-0001 all --recurring yearly --starts 2027-01-01",
        'acct quote line Q-2026-0001 --add "Set-up" --unit-price 1200',
        'acct quote line Q-2026-0001 "Set-up" --remove',
    ],
)
def line(
    session: Session,
    quote: OneQuote,
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="[LINE]",
            help="Line to change, by its place, text or id; or all.",
            show_default=False,
        ),
    ] = None,
    add: Annotated[
        str | None,
        typer.Option(
            "--add", metavar="TEXT", help="Add a line with this text.", show_default=False
        ),
    ] = None,
    given: Given = options.fields("quote_line", skip=("quote",), clears=True),
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the line with this text or id.")
    ] = False,
) -> Table | Done:
    """List the lines of a quote; change, add or remove lines of a draft."""
    if which is None and add is None and (remove or not given.empty):
        raise UsageError("say which line to change: its place, such as 1, or all")
    if add is not None and (which is not None or remove):
        raise UsageError("--add adds a line: leave out LINE and --remove")
    if remove and not given.empty:
        raise UsageError("--remove takes the line out: leave the other options out")
    if which is None and add is None:
        return _listed(session, quote)
    with session.write() as tx:
        found = session.find(tx.con, "quote", quote)
        row = quote_lines.of_draft(session, tx, found.id)
        if add is not None:
            says = quote_lines.add(session, tx, row, given.plus(text=add))
        else:
            lines = quote_lines.find(tx.con, row, which or "", whole=remove)
            if remove:
                says = quote_lines.remove(session, tx, row, lines)
            else:
                says = quote_lines.change(session, tx, row, lines, given)
        return nouns.done(session, tx, "quote", [found.id], says or nouns.UNCHANGED)


def _listed(session: Session, quote: str) -> Table:
    with session.read() as con:
        rows = quote_lines.rows(con, session.find(con, "quote", quote).id, as_stored=True)
        short = lookup.short_ids(con, "quote_line", [row["id"] for row in rows])
    fields = KINDS["quote_line"].fields
    return Table(
        *("quote_line", "quote lines", fields, rows),
        names=list(quote_lines.SHOWN),
        all_names=list(fields),
        short=short,
        empty="No lines.",
        today=session.clock.today,
    )
