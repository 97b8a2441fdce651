"""What was won, by whom, how fast, and against which quota."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import quotas
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.config import Config
from acctcli.domain import performance as judging
from acctcli.errors import UsageError
from acctcli.model import CURRENCY, INTEGER, MONEY, NUMBER, TEXT, Field, Row, declare
from acctcli.store.facts import performance as sql
from acctcli.values import dates, periods
from acctcli.values.fields import exact

if TYPE_CHECKING:
    from acctcli.shapes.performance import (
        ComparedJson,
        ComparisonJson,
        Grouping,
        PerformancePage,
        QuotasJson,
    )

FIGURES = declare(
    currency=Field(CURRENCY, "currency of the amounts; none: of deals without an amount"),
    opened=Field(INTEGER, "deals opened in the period"),
    created=Field(MONEY, "what they are worth: pipeline created"),
    won=Field(INTEGER, "deals won in the period"),
    lost=Field(INTEGER, "deals lost in the period"),
    win_rate=Field(NUMBER, "won of those closed, in percent"),
    revenue=Field(MONEY, "what the deals won brought"),
    average=Field(MONEY, "what a won deal brought on average"),
    cycle_days=Field(NUMBER, "mean days from open to won"),
    cycle_median=Field(NUMBER, "median days from open to won"),
)


def report(context: Context, query: Query, period: str | None = None, by: str = "owner") -> Report:
    """Return what was opened and won in a period, by a key of `judging.KEYS`, and against quotas.

    Raises `UsageError` for another key.
    """
    today = context.clock.today
    if by not in judging.KEYS:
        raise UsageError(text.unknown("--by", by, list(judging.KEYS)))
    with context.read() as con:
        whose = scope.by_owner(context, con, query)
        deals = sql.deals(con, whose.conditions, whose.owners)
    within = _span(context, period, deals)
    config = context.config
    keys = judging.keys(config["fiscal.start"])
    quarters = periods.quarters(within, config["fiscal.start"])
    order = quarters if by == "quarter" else config.tiers if by == "tier" else ()
    few = config["report.few"]
    rows = [_row(by, line) for line in judging.lines(deals, within, keys[by], order, few)]
    totals = judging.lines(deals, within, few=few)
    by_quarter = judging.lines(deals, within, keys["quarter"], quarters, few)
    fields = {**declare(**{by: Field(TEXT, f"the {by}")}), **FIGURES}
    quarter_fields = {**declare(quarter=Field(TEXT, "the quarter")), **FIGURES}
    revenue = {line.currency: line.revenue for line in totals if line.currency and line.won}
    data: PerformancePage = {
        "filters": scope.asked(query),
        "period": periods.span(within),
        "totals": scope.rows_as_json(FIGURES, [_figures(line) for line in totals]),
        "converted": scope.converted(config, revenue),
        "quarters": scope.rows_as_json(
            quarter_fields, [_row("quarter", line) for line in by_quarter]
        ),
        "by": cast("Grouping", by),
        "groups": scope.rows_as_json(fields, rows),
        # A quota is for the whole book or one owner: it says nothing about a part of the accounts.
        "quota": None if whose.conditions else _quota(config, deals, quarters, whose.owners),
        "comparison": _comparison(config, deals, within, totals),
    }
    table = scope.table("line", fields, rows, today)
    return Report(data, table)


def _span(
    context: Context, typed: str | None, deals: Sequence[judging.DealFigures]
) -> periods.Period:
    """Return the given period up to today; by default, from the same quarter of last year."""
    today, fiscal = context.clock.today, context.config["fiscal.start"]
    if typed is None:
        start = periods.quarter_of(dates.add_months(today, -12), fiscal).start
        return periods.Period(start, today, f"{dates.iso(start)}..{dates.iso(today)}")
    if typed.strip().lower() == "all":
        start = min((deal.opened for deal in deals if deal.opened), default=today)
        return periods.Period(min(start, today), today, "all")
    return scope.until_today(scope.period(context, typed), today)


def _row(by: str, line: judging.PerformanceLine) -> Row:
    return {by: line.name, **_figures(line)}


def _figures(line: judging.PerformanceLine) -> Row:
    priced = line.currency is not None
    return {
        "currency": line.currency,
        "opened": line.opened,
        "created": line.created if priced else None,
        "won": line.won,
        "lost": line.lost,
        "win_rate": line.win_rate,
        "revenue": line.revenue if priced else None,
        "average": line.average if priced else None,
        "cycle_days": line.cycle,
        "cycle_median": line.cycle_median,
    }


def _quota(
    config: Config,
    deals: Sequence[judging.DealFigures],
    quarters: Sequence[str],
    asked: Sequence[str],
) -> QuotasJson | None:
    """Attainment by quarter; None where no quota is set. Filtered by owner, only theirs.

    While a currency that was won in has no rate, there is none: part of it would look like all.
    """
    quota = config.quota
    if not quota.every and not quota.special:
        return None
    names = {text.key(name) for name in asked}
    owners = [name for name in quota.owners if not names or text.key(name) in names]
    shown = owners if names else [None, *owners]
    fiscal = config["fiscal.start"]
    counted = [
        deal.currency
        for deal in deals
        if deal.won and deal.amount and deal.closed
        if periods.quarter_of(deal.closed, fiscal).label in quarters
    ]
    missing = quotas.without_rate(config, counted)
    rates = quotas.rates_for(config)
    found = (
        []
        if missing
        else judging.attainment(deals, quarters, quota.of, shown, quota.currency, rates, fiscal)
    )
    return {
        "currency": quota.currency,
        "base": config["rates.base"] or None,
        "without_rate": missing,
        "attainment": [
            {
                "quarter": line.quarter,
                "owner": line.owner,
                "quota": exact(line.quota, quota.currency),
                "won": exact(line.won, quota.currency),
                "share": line.share,
                "deals": line.deals,
            }
            for line in found
        ],
    }


def _comparison(
    config: Config,
    deals: Sequence[judging.DealFigures],
    span: periods.Period,
    totals: Sequence[judging.PerformanceLine],
) -> ComparisonJson:
    """Compare the best with the rest, in the rates' base currency, else in the most common one."""
    usual = next((line.currency for line in totals if line.currency), None)
    currency = config["rates.base"] or usual
    rates = config.rates if config["rates.base"] else {}
    least = (
        int(config.weight("report.owners", judging.MIN_OWNERS)),
        int(config.weight("report.closed", judging.MIN_CLOSED)),
    )
    found = judging.compare(deals, span, currency, rates, config["report.few"], least)
    return {
        "currency": currency,
        "compared": found.compared,
        "minimum": {"owners": least[0], "closed": least[1]},
        "best": _group(found.best, currency),
        "rest": _group(found.rest, currency),
    }


def _group(figures: judging.Figures | None, currency: str | None) -> ComparedJson | None:
    if figures is None:
        return None
    return {
        "owners": list(figures.owners),
        "deals": figures.deals,
        "revenue": exact(figures.revenue, currency),
        "win_rate": figures.win_rate,
        "average": exact(figures.average, currency),
        "cycle_days": figures.cycle,
        "touches": figures.touches,
        "people": figures.people,
        "discount": figures.discount,
    }
