"""What last year's customers bring this year, and which contracts end next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from acctcli.book import contracts
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import retention as judging
from acctcli.domain import rfm
from acctcli.domain.terms import WINDOWS
from acctcli.model import CHOICE, CURRENCY, DAY, INTEGER, MONEY, REF, Field, Row, declare
from acctcli.store.facts import reports as report_sql
from acctcli.store.facts import retention as sql
from acctcli.values import dates, fields, money

if TYPE_CHECKING:
    from datetime import date

    from acctcli.config import Config
    from acctcli.shapes.reports import DaysJson
    from acctcli.shapes.retention import (
        CohortJson,
        ConvertedCohortJson,
        RenewalWindowJson,
        RetainedMonthJson,
        RetentionPage,
        RfmGroupsJson,
    )

FIELDS = declare(
    account=Field(REF, "the customer", target="account"),
    standing=Field(CHOICE, "what became of it", choices=judging.STANDINGS),
    currency=Field(CURRENCY, "currency of the amounts"),
    before=Field(MONEY, "what it brought in the year before"),
    year=Field(MONEY, "what it brought in the year"),
    last=Field(DAY, "the last day it bought, or had a running term"),
    away=Field(INTEGER, "days without a purchase before it was won back"),
    group=Field(CHOICE, "what its marks make of it", choices=tuple(rfm.GROUPS)),
    recency=Field(INTEGER, "mark for how lately it bought, 1 to 5"),
    frequency=Field(INTEGER, "mark for how often, 1 to 5"),
    monetary=Field(INTEGER, "mark for how much, 1 to 5"),
)


def report(
    context: Context, query: Query, period: str | None = None, recurring: bool = False
) -> Report:
    """Return what last year's customers bring now, by currency, and who they are.

    Over the twelve months that end with `period`; with `recurring`, only monthly and yearly
    contracts.
    """
    today = context.clock.today
    day = today
    if period is not None:
        day = scope.until_today(scope.period(context, period), today).end
    with context.read() as con:
        conditions = scope.by_account(context, con, query)
        from_deals = not recurring and not sql.has_purchases(con)
        if from_deals:
            found = sql.won_deals(con, conditions)
        else:
            found = sql.purchases(con, conditions, recurring=recurring)
        mixed = not recurring and sql.has_both(con)
        ahead = contracts.ending(
            con, context.config, today + timedelta(days=WINDOWS[-1]), conditions
        )
        names = {account.id: account.name for account in report_sql.accounts(con, conditions)}
    parts = judging.parts(found)
    marks = rfm.marks(parts, day, thresholds(context.config), context.config.rates)
    rows = _rows(parts, marks, names, day)
    start = judging.year_before(day)
    data: RetentionPage = {
        "filters": scope.asked(query),
        "basis": "won deals" if from_deals else "purchases",
        "recurring": recurring,
        "mixed": mixed,
        "year": _days(start, day),
        "before": _days(judging.year_before(start), start),
        "cohorts": [_cohort(c) for c in judging.cohorts(judging.spending(parts, day))],
        "trend": _trend(parts, day),
        "converted": _converted(context.config, parts, day),
        "renewals": [_window(one) for one in judging.windows(ahead.known, ahead.deals, today)],
        "groups": _groups(marks, context.config),
        "customers": scope.rows_as_json(FIELDS, rows),
    }
    table = scope.table("customer", FIELDS, rows, today)
    return Report(data, table)


def thresholds(config: Config) -> rfm.Thresholds:
    """Return the thresholds of the marks, from the settings."""
    currency = config.currency
    unit = 10 ** money.digits(currency)
    return rfm.Thresholds(
        config["rfm.recency"],
        config["rfm.frequency"],
        [amount * unit for amount in config["rfm.monetary"]],
        currency,
        config["rfm.months"],
    )


def _days(after: date, end: date) -> DaysJson:
    return {"start": dates.iso(after + timedelta(days=1)), "end": dates.iso(end)}


def _cohort(cohort: judging.Cohort) -> CohortJson:
    currency = cohort.currency
    return {
        "currency": currency,
        "customers": cohort.customers,
        "kept": cohort.kept,
        "customers_kept": cohort.customers_kept,
        "start": fields.exact(cohort.start, currency),
        "lost": fields.exact(cohort.lost, currency),
        "contraction": fields.exact(cohort.contraction, currency),
        "expansion": fields.exact(cohort.expansion, currency),
        "end": fields.exact(cohort.end, currency),
        "nrr": cohort.nrr,
        "grr": cohort.grr,
    }


def _trend(parts: Sequence[judging.SalePart], day: date) -> list[RetainedMonthJson]:
    return [
        {
            "month": dates.iso(point.day)[:7],
            "currency": cohort.currency,
            "customers": cohort.customers,
            "nrr": cohort.nrr,
            "grr": cohort.grr,
        }
        for point in judging.trend(parts, day)
        for cohort in point.cohorts
    ]


def _converted(
    config: Config, parts: Sequence[judging.SalePart], day: date
) -> ConvertedCohortJson | None:
    """Return the cohort over all currencies, if the user has set rates."""
    base = config["rates.base"]
    if not base or all(part.currency == base for part in parts):
        return None
    found = judging.in_base(parts, base, config.rates)
    cohorts = judging.cohorts(judging.spending(found.parts, day))
    return {
        "currency": base,
        "rates_of": config["rates.date"] or None,
        "without_rate": list(found.missing),
        "cohort": _cohort(cohorts[0]) if cohorts and not found.missing else None,
    }


def _window(window: judging.Window) -> RenewalWindowJson:
    return {
        "within_days": window.days,
        "terms": window.terms,
        "without_deal": window.without_deal,
        "value": scope.amounts_as_json(window.value),
    }


def _groups(marks: Sequence[rfm.Marks], config: Config) -> RfmGroupsJson:
    """Return the RFM groups with their customers, and what those spent as far as it is known."""
    rules = thresholds(config)
    members: dict[str, list[rfm.Marks]] = {}
    for mark in marks:
        members.setdefault(mark.group, []).append(mark)
    return {
        "months": rules.months,
        "currency": rules.currency,
        "thresholds": {
            "recency": list(rules.recency),
            "frequency": list(rules.frequency),
            "monetary": [fields.exact(minor, rules.currency) for minor in rules.monetary],
        },
        "groups": [
            {
                "group": name,
                "meaning": meaning,
                "customers": len(members[name]),
                "spent": _spent(members[name], rules.currency),
                "spent_unknown": sum(mark.spent is None for mark in members[name]),
            }
            for name, meaning in rfm.GROUPS.items()
            if name in members
        ],
    }


def _spent(marks: Sequence[rfm.Marks], currency: str) -> str | None:
    """Return what customers spent as an exact amount; None if nothing is known."""
    known = [mark.spent for mark in marks if mark.spent is not None]
    return fields.exact(sum(known), currency) if known else None


def _rows(
    parts: Sequence[judging.SalePart],
    marks: Sequence[rfm.Marks],
    names: Mapping[str, str],
    day: date,
) -> list[Row]:
    """Return a row for each customer and currency, the most urgent first."""
    mark_of = {mark.account: mark for mark in marks}
    spent_by: dict[str, list[tuple[str, judging.Spent]]] = {}
    for (account, currency), spent in judging.spending(parts, day).items():
        spent_by.setdefault(account, []).append((currency, spent))
    rows: list[Row] = []
    for customer in judging.customers(parts, day):
        mark = mark_of[customer.account]
        rows += [
            {
                "account": names[customer.account],
                "account_id": customer.account,
                "standing": customer.standing,
                "currency": currency,
                "before": spent.before,
                "year": spent.year,
                "last": dates.iso(customer.last),
                "away": customer.away,
                "group": mark.group,
                "recency": mark.recency,
                "frequency": mark.frequency,
                "monetary": mark.monetary,
            }
            for currency, spent in sorted(spent_by[customer.account], key=lambda pair: pair[0])
        ]
    rows.sort(key=_urgency)
    return rows


def _urgency(row: Row) -> tuple[Any, ...]:
    largest = max(row["before"], row["year"])
    return (judging.STANDINGS.index(row["standing"]), -largest, row["account"], row["currency"])
