"""Why deals are won and lost, by what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.config import Config
from acctcli.domain import figures
from acctcli.domain import winloss as judging
from acctcli.model import CHOICE, INTEGER, NUMBER, TEXT, Field, Row, declare
from acctcli.store.facts import winloss as sql
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    from acctcli.shapes.winloss import ShareJson, WinLossGroupJson, WinLossPage

FIELDS = declare(
    by=Field(CHOICE, "what the deals are compared by", choices=judging.DIMENSIONS),
    name=Field(TEXT, "the group; none: deals that name nothing"),
    count=Field(INTEGER, "deals won; of a reason, deals lost for it"),
    of=Field(INTEGER, "deals closed; of a reason, deals lost"),
    percent=Field(NUMBER, "count of all of them, in percent"),
    low=Field(NUMBER, "lower bound of its interval"),
    high=Field(NUMBER, "upper bound of its interval"),
    parts=Field(CHOICE, "where the interval parts from the others", choices=("above", "below")),
)


def report(context: Context, query: Query, period: str | None = None) -> Report:
    """Return the win rate of each group of deals that closed in the period, with its interval."""
    config, today = context.config, context.clock.today
    span = None if period is None else scope.period(context, period)
    closed = []
    if span is not None:
        closed = [sql.closed_between(dates.iso(span.start), dates.iso(span.end))]
    with context.read() as con:
        whose = scope.by_owner(context, con, query)
        rows = sql.closed_deals(con, whose.conditions, whose.owners, closed)
    currency, deals = _in_one_currency(config, rows)
    certainty = int(config.weight("report.confidence", judging.USUAL.certainty))
    found = judging.compare(deals, judging.Limits(config["winloss.few"], certainty))
    groups = [_group(group, currency) for group in found.groups]
    data: WinLossPage = {
        "filters": scope.asked(query),
        "period": periods.span(span) if span else None,
        "currency": currency,
        "few_deals": config["winloss.few"],
        "certainty": certainty,
        "total": _share(found.total),
        "groups": groups,
        "without": found.left_out,
    }
    names = list(FIELDS)
    lines: list[Row] = [{name: group.get(name) for name in names} for group in groups]
    return Report(data, scope.table("group", FIELDS, lines, today))


def _in_one_currency(
    config: Config, rows: Sequence[sql.ClosedRow]
) -> tuple[str | None, list[judging.DecidedFacts]]:
    """Return the deals with amounts in the base currency, else in the most common one.

    Amounts without a rate are left out.
    """
    counts = Counter(row.currency for row in rows if row.currency and row.amount)
    usual = counts.most_common(1)[0][0] if counts else None
    base = config["rates.base"] or usual
    rates = config.rates if config["rates.base"] else {}
    found = []
    for row in rows:
        amount = None
        if row.amount is not None and row.currency and base:
            amount = figures.convert(row.amount, row.currency, base, rates)
        found.append(row.facts._replace(amount=amount))
    return base, found


def _share(share: judging.Share) -> ShareJson:
    low, high = share.bounds or (None, None)
    return {
        "count": share.count,
        "of": share.of,
        "percent": share.percent,
        "low": low,
        "high": high,
    }


def _group(group: judging.ComparedGroup, currency: str | None) -> WinLossGroupJson:
    least, most = group.bounds or (None, None)
    return {
        "by": group.by,
        "name": group.name,
        "least": fields.exact(least, currency),
        "most": fields.exact(most, currency),
        **_share(group.share),
        "rest": _share(group.rest),
        "parts": group.parts,
    }
