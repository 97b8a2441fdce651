"""`acct deal board` and `acct deal changes`: the deals side by side, and what happened to them.

The drawing of what is put together here is in `render.deal_board`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli.book import deals, reading
from acctcli.book.asked import Query
from acctcli.cli.deal import noun
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.domain import movement
from acctcli.model import CHOICE, CURRENCY, DAY, INTEGER, MONEY, REF, STAGE, TEXT, Field, declare
from acctcli.results import Page, Table
from acctcli.store import deals as sql
from acctcli.store import lookup, queries
from acctcli.values import dates, money, periods
from acctcli.values.fields import Json, as_json, span

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.movement import Movement
    from acctcli.store.filters import Condition

CHANGE_FIELDS = declare(
    id=Field(TEXT, "the deal's id"),
    what=Field(CHOICE, "won, lost, new, moved, pushed, pulled in, grown, shrunk"),
    day=Field(DAY, "on which day, if several times the last"),
    account=Field(REF, "to whom it may be sold", target="account"),
    title=Field(TEXT, "what the deal is called"),
    stage=Field(STAGE, "the stage it is in"),
    amount=Field(MONEY, "what it is worth"),
    currency=Field(CURRENCY, "currency of the amounts"),
    closes=Field(DAY, "when it should close, or closed"),
    old=Field(TEXT, "how it was: a stage, a day, an amount"),
    new=Field(TEXT, "how it is"),
    days=Field(INTEGER, "by how many days it was pushed or pulled in"),
    difference=Field(MONEY, "by how much it has grown or shrunk"),
    pushes=Field(INTEGER, "how often its close date was ever put off"),
)


@noun.command(
    "board", examples=["acct deal board", "acct deal board --owner Kim -f json | jq '.stages[]'"]
)
def board(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product"),
) -> Page:
    """Show open deals by stage, and what was won and lost this quarter."""
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        data = _board(session, con, conditions)
    return Page(data, "deal_board:board", session.clock.today)


def _board(session: Session, con: sqlite3.Connection, conditions: Sequence[Condition]) -> Json:
    """Open deals by stage, and those that closed this quarter.

    Stages that the settings no longer have come last, while deals are in them.
    """
    known = session.fields("deal")
    quarter = periods.quarter_of(session.clock.today)
    since = sql.closed_since(dates.iso(quarter.start))
    listing = queries.Listing([*conditions, since], "close_date,-amount")
    by_stage: dict[str, list[Json]] = {stage.name: [] for stage in session.config.stages}
    categories = {stage.name: stage.category for stage in session.config.stages}
    for row in queries.select(con, "deal", known, listing, as_stored=True):
        by_stage.setdefault(row["stage"], []).append(row)
        categories.setdefault(row["stage"], row["category"])
    stages = [
        {
            "stage": name,
            "category": categories[name],
            "count": len(rows),
            "totals": deals.totals((row["amount"], row["currency"]) for row in rows),
            "deals": [as_json(known, row) for row in rows],
        }
        for name, rows in by_stage.items()
    ]
    return {"closed_in": span(quarter), "stages": stages}


@noun.command(
    "changes",
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
            "--since", metavar="DAY", help="From that day on; the last 7 days unless given."
        ),
    ] = None,
) -> Table:
    """Show what happened to deals since a day: won, lost, new, moved, pushed, grown.

    The net of it: a close date that was moved out and back is no news.
    """
    today = session.clock.today
    first = today - timedelta(days=7) if since is None else dates.read_past_day(since, today)
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        known = deals.histories(session, con, conditions)
        rows = [_change(found) for found in movement.since(known, first, today)]
        short = lookup.short_ids(con, "deal", [row["id"] for row in rows])
    if session.output.format == "ids":
        rows = [{"id": id} for id in dict.fromkeys(row["id"] for row in rows)]
    fields = CHANGE_FIELDS
    names = ["what", "day", "account", "title", "old", "new", "amount", "currency", "pushes"]
    return Table(
        *("change", "changes", fields, rows, names, list(fields), short),
        footer="One in full: acct deal show TITLE",
        empty=f"Nothing happened to deals since {dates.say_day(first, today)}.",
        today=today,
        drawing="deal_board:changes",
    )


def _change(found: Movement) -> Json:
    """One thing that happened to a deal, by `CHANGE_FIELDS`."""
    now, old, new = found.now, found.old, found.new
    deal = now.deal
    days = difference = None
    if found.what in ("pushed", "pulled in"):
        days = (dates.parse_iso_day(str(new)) - dates.parse_iso_day(str(old))).days
    elif found.what in ("grown", "shrunk") and deal.currency:
        difference = int(new or 0) - int(old or 0)
        old, new = (None if v is None else money.plain(int(v), deal.currency) for v in (old, new))
    return {
        "id": deal.id,
        "what": found.what,
        "day": found.day,
        "account": deal.account,
        "account_id": deal.account_id,
        "title": deal.title,
        "stage": now.stage,
        "amount": now.amount,
        "currency": deal.currency,
        "closes": now.close_date if now.outcome == "open" else now.since,
        "old": old,
        "new": new,
        "days": days,
        "difference": difference,
        "pushes": found.pushes,
    }
