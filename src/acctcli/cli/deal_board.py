"""`acct deal board` and `acct deal changes`: deals by stage, and what happened to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from acctcli.book import board, reading
from acctcli.book.asked import Query
from acctcli.cli.deal import noun
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.results import Page, Table
from acctcli.store import lookup
from acctcli.values import dates, periods


@noun.command(
    "board",
    reads=True,
    examples=[
        "acct deal board",
        "acct deal board --owner Kim -f json | jq '.stages[]'",
        "acct deal board --html board.html",
    ],
)
def board_(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product", html=True),
) -> Page:
    """Show open deals by stage, and what was won and lost this quarter."""
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        data = board.page(session, con, conditions)
    return Page(data, "deal_board:board", session.clock.today, html="html.deals:board")


@noun.command(
    "changes",
    reads=True,
    examples=[
        "acct deal changes",
        "acct deal changes --since 2w --owner Kim",
        "acct deal changes --since 2026-10-01 -f csv > changes.csv",
    ],
)
def changes(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product", table=True),
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DAY", help="Only from this day on. Default: the last 7 days."
        ),
    ] = None,
) -> Table:
    """Show what happened to deals since a day: won, lost, new, moved, pushed, grown.

    Only net changes count: a close date that was moved out and back is left out.
    """
    today = session.clock.today
    first = (
        today - timedelta(days=7)
        if since is None
        else periods.read_since(since, today, fiscal=session.config["fiscal.start"])
    )
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        rows = board.changes(session, con, conditions, first)
        short = lookup.short_ids(con, "deal", [row["id"] for row in rows])
    if session.output.format == "ids":
        rows = list({row["id"]: row for row in rows}.values())
    fields = board.CHANGE_FIELDS
    names = ["what", "day", "account", "title", "old", "new", "amount", "currency", "pushes"]
    return Table(
        *("change", "changes", fields, rows, names, list(fields), short),
        footer="Details: acct deal show",
        empty=f"No deal changes since {dates.say_day(first, today)}.",
        today=today,
        drawing="deal_board:changes",
    )
