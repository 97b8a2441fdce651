"""`acct deal forecast`: what a period will bring, and how the previous forecast turned out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import commitments, forecast, reading
from acctcli.book.asked import Query
from acctcli.cli.deal import noun
from acctcli.cli.kit import offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import KINDS
from acctcli.results import Done, Page
from acctcli.store import lookup, queries
from acctcli.values import periods
from acctcli.values.fields import as_json
from acctcli.values.periods import Period

PERIODS = ("this month", "this quarter", "next quarter", "this year", "all")
"""Suggestions for --period."""


@noun.command(
    "forecast",
    reads=True,
    examples=[
        "acct deal forecast",
        "acct deal forecast --period 'next quarter' --by owner",
        "acct deal forecast --period 'Q2 2026' --by month",
        "acct deal forecast --explain",
        "acct deal forecast --commit 450k",
        "acct deal forecast --period all -f json | jq '.totals'",
        "acct deal forecast --html forecast.html",
    ],
)
def forecast_(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product", html=True),
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
    commit: Annotated[
        str | None,
        typer.Option(
            "--commit",
            metavar="AMOUNT",
            help="Save your call for this week: what you promise to win in the period.",
        ),
    ] = None,
) -> Page | Done:
    """Forecast a period: by category and stage, weighted, likely, and against quota.

    Amounts are weighted by win rates learnt from your own deals. "Likely" is the range from 10,000
    draws of which deals are won in time. For a past period the page compares the forecast on its
    first day with what the same deals brought.
    """
    today, fiscal = session.clock.today, session.config["fiscal.start"]
    group = next((name for name in forecast.GROUPS if name == by), None)
    if by is not None and group is None:
        raise UsageError(text.unknown("--by", by, list(forecast.GROUPS)))
    span = periods.quarter_of(today, fiscal) if period is None else None
    if period is not None and period.strip().lower() != "all":
        span = periods.period(period, today, "--period", "ahead", fiscal)
    owners = _quota_owners(query)
    if commit is not None:
        return _commit(session, query, commit, span, owners)
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "deal", query)
        data = forecast.page(session, con, conditions, span, group, owners, explain)
    return Page(data, "deal_forecast:forecast", today, html="html.deals:forecast")


def _commit(
    session: Session,
    query: Query,
    amount: str,
    span: Period | None,
    owners: Sequence[str] | None,
) -> Done:
    """Keep the call of this week, with the forecast that it goes with."""
    owner = commitments.asked_owner(owners)
    if span is None:
        raise UsageError("--commit needs a period with an end: leave out --period all")
    with session.write() as tx:
        conditions = reading.conditions_of(session, tx.con, "deal", query)
        page = forecast.page(session, tx.con, conditions, span, None, owners)
        id = commitments.keep(session, tx, page, span, owner, amount)
        row = queries.get(tx.con, "commitment", KINDS["commitment"].fields, id)
        record = as_json(KINDS["commitment"].fields, row)
        short = lookup.short_ids(tx.con, "commitment", [id])
    return Done([id], short, f"{tx.says} To undo: acct undo", [record])


def _quota_owners(query: Query) -> Sequence[str] | None:
    """Return the owners of a forecast, [] for everybody; None if it covers only some deals."""
    if query.where or any(field != "owner" for field, _, _ in query.filters):
        return None
    return [name.strip() for _, names, _ in query.filters for name in names.split(",")]
