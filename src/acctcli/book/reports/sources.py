"""What became of accounts by source and by tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import sources as judging
from acctcli.model import CHOICE, CURRENCY, INTEGER, MONEY, NUMBER, TEXT, Field, Row, declare
from acctcli.store.facts import sources as sql
from acctcli.values import periods

if TYPE_CHECKING:
    from acctcli.shapes.sources import OriginsJson, SourcesPage

FIELDS = declare(
    by=Field(CHOICE, "whether it is a source or a tag", choices=("source", "tag")),
    name=Field(TEXT, "the source or tag; none: accounts without one"),
    leads=Field(INTEGER, "accounts that came from there"),
    qualified=Field(INTEGER, "those that are more than a lead, or have a deal"),
    customers=Field(INTEGER, "those that are or were a customer, or bought"),
    qualified_rate=Field(NUMBER, "qualified of all, in percent"),
    customer_rate=Field(NUMBER, "customers of all, in percent"),
    days_to_qualify=Field(NUMBER, "median days to the first deal or the end of being a lead"),
    qualified_timed=Field(INTEGER, "accounts of which that is the median"),
    days_to_customer=Field(NUMBER, "median days to the first purchase or won deal"),
    customer_timed=Field(INTEGER, "accounts of which that is the median"),
    won=Field(INTEGER, "deals won"),
    lost=Field(INTEGER, "deals lost"),
    win_rate=Field(NUMBER, "won of those closed, in percent"),
    currency=Field(CURRENCY, "currency of the won value; a row for each"),
    value=Field(MONEY, "what the deals won brought"),
)
LINE_FIELDS = {n: f for n, f in FIELDS.items() if n not in ("by", "name", "currency", "value")}


def report(context: Context, query: Query, period: str | None = None) -> Report:
    """Return what became of accounts by source and tag, if added in the period."""
    today = context.clock.today
    span = None if period is None else scope.period(context, period)
    with context.read() as con:
        conditions = scope.by_account(context, con, query)
        accounts = sql.origins(con, conditions)
        deals = sql.closed_deals(con, conditions)
    known = judging.in_period(accounts, span)
    few = context.config["report.few"]
    by_source = judging.by_source(known, deals, few)
    by_tag = judging.by_tag(known, deals, few)
    total = judging.total(known, deals, few)
    data: SourcesPage = {
        "filters": scope.asked(query),
        "period": periods.span(span) if span else None,
        "total": _json(total),
        "converted": scope.converted(context.config, dict(total.value)),
        "sources": [{"name": line.name, **_json(line)} for line in by_source],
        "tags": [{"name": line.name, **_json(line)} for line in by_tag],
    }
    rows = [*_rows("source", by_source), *_rows("tag", by_tag)]
    table = scope.table("source", FIELDS, rows, today)
    return Report(data, table)


def _figures(line: judging.SourceLine) -> Row:
    return {name: getattr(line, name) for name in LINE_FIELDS}


def _json(line: judging.SourceLine) -> OriginsJson:
    found: OriginsJson
    (found,) = scope.rows_as_json(LINE_FIELDS, [_figures(line)])
    found["value"] = scope.amounts_as_json(line.value)
    return found


def _rows(by: str, lines: Sequence[judging.SourceLine]) -> list[Row]:
    """Return a row for each line and currency; one without a currency where nothing was won."""
    return [
        {"by": by, "name": line.name, **_figures(line), "currency": currency, "value": minor}
        for line in lines
        for currency, minor in line.value or ((None, None),)
    ]
