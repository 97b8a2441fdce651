"""`acct today`: who needs you, why, and the command that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli.book import reading, today
from acctcli.book.asked import Query
from acctcli.cli.kit import options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.render.emit import format_of
from acctcli.results import Page, Table
from acctcli.store import queries

noun = Noun("", "")


@noun.command(
    "today",
    examples=[
        "acct today",
        "acct today --tier strategic,key --explain",
        "acct today --account greentech --all",
        "acct today -f json | jq -r '.[] | select(.kind == \"renewal\") | .account'",
    ],
)
def today_(
    session: Session,
    query: Query = options.filters(
        "account", "tier", "owner", "tags", table=True, columns=list(today.FIELDS)
    ),
    accounts: options.OnlyAccounts = [],
    everything: Annotated[
        bool, typer.Option("--all", help="Every reason of every account, each with its command.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="How each place on the list came about.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", metavar="N", min=0, help="Show at most N accounts."),
    ] = None,
) -> Table | Page:
    """Who needs you today, and why: one line an account, the most urgent first.

    Overdue and due promises, missed cadences, deals about to close or without a next
    step, renewals, reviews, late objectives, silent champions, a health that fell; each
    with the command that answers it. What counts how much stands in
    docs/how-scores-work.md, and --explain shows it at work.
    """
    drawn = session.output.columns is None and format_of(session.output) in ("table", "md")
    if limit is None and drawn and not everything:
        limit = session.own["today.limit"] or None
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "account", query)
        if accounts:
            named = session.find_all(con, "account", accounts)
            conditions.append(queries.by_ids("id", [account.id for account in named]))
        found = today.judge(
            session, con, conditions, limit=limit, everything=everything, explain=explain
        )
    if drawn:
        return Page(today.page(session, found), "agenda:today", session.clock.today)
    rows: Sequence[Mapping[str, Any]] = found.rows
    if session.output.format == "ids":
        rows = [{"id": id} for id in dict.fromkeys(row["account_id"] for row in rows) if id]
    all_names = list(today.FIELDS) if explain else today.COLUMNS
    return Table("line", "lines", today.FIELDS, rows, all_names, all_names, {})
