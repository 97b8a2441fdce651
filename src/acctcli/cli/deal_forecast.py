"""`acct deal forecast`: what a period will bring, and how the previous forecast turned out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import forecast, reading
from acctcli.book.asked import Query
from acctcli.cli.deal import noun
from acctcli.cli.kit import offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.results import Page
from acctcli.values import periods

PERIODS = ("this month", "this quarter", "next quarter", "this year", "all")
"""Suggestions for --period."""


@noun.command(
    "forecast",
    examples=[
        "acct deal forecast",
        "acct deal forecast --period 'next quarter' --by owner",
        "acct deal forecast --period 'Q2 2026' --by month",
        "acct deal forecast --explain",
        "acct deal forecast --period all -f json | jq '.totals'",
    ],
)
def forecast_(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product"),
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="Period they close in, such as Q1 2027, nov 2026 or all. Default: this quarter.",
            autocompletion=offers.words(PERIODS),
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help=f"Break it down by one of: {', '.join(forecast.GROUPS)}.",
            autocompletion=offers.words(list(forecast.GROUPS)),
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the win rate of each stage was learnt.")
    ] = False,
) -> Page:
    """Forecast a period: by category and stage, weighted, likely, and against quota.

    Amounts are weighted with the win rates that your own deals have taught. "Likely" is the
    range from 10,000 draws of which deals are won in time. For a past period the page
    compares the forecast on its first day with what the same deals brought.
    """
    today, fiscal = session.clock.today, session.config["fiscal.start"]
    group = next((name for name in forecast.GROUPS if name == by), None)
    if by is not None and group is None:
        raise UsageError(text.unknown("--by", by, list(forecast.GROUPS)))
    span = periods.quarter_of(today, fiscal) if period is None else None
    if period is not None and period.strip().lower() != "all":
        span = periods.period(period, today, "--period", "ahead", fiscal)
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        data = forecast.page(session, con, conditions, span, group, _quota_owners(query), explain)
    return Page(data, "deal_forecast:forecast", today)


def _quota_owners(query: Query) -> Sequence[str] | None:
    """Return the owners of a forecast, [] for everybody; None if it covers only some deals."""
    if query.where or any(field != "owner" for field, _, _ in query.filters):
        return None
    return [name.strip() for _, names, _ in query.filters for name in names.split(",")]
