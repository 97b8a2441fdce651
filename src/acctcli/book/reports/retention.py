"""What recurring revenue became within a year, repeat revenue, and who the customers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from acctcli.book import contracts, reorders
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import figures, revenue, rfm
from acctcli.domain import retention as judging
from acctcli.frozen import Frozen
from acctcli.model import CHOICE, CURRENCY, DAY, INTEGER, MONEY, REF, Field, Row, declare
from acctcli.store.facts import reports as report_sql
from acctcli.store.facts import retention as sql
from acctcli.values import dates, fields, money

if TYPE_CHECKING:
    from datetime import date

    from acctcli.config import Config
    from acctcli.domain.contracts import Contract
    from acctcli.domain.reorder import BuyingCadence
    from acctcli.shapes.reports import DaysJson, RatesJson
    from acctcli.shapes.retention import (
        CohortJson,
        OrderingJson,
        RenewalWindowJson,
        RepeatJson,
        RetainedMonthJson,
        RetentionPage,
        RfmGroupsJson,
    )

FIELDS = declare(
    account=Field(REF, "the customer", target="account"),
    standing=Field(CHOICE, "what became of it", choices=judging.STANDINGS),
    currency=Field(CURRENCY, "currency of the amounts"),
    arr_before=Field(MONEY, "its recurring revenue a year before"),
    arr=Field(MONEY, "its recurring revenue on the day"),
    before=Field(MONEY, "what was sold to it in the year before"),
    year=Field(MONEY, "what was sold to it in the year"),
    first=Field(DAY, "the first day it bought"),
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
    """Return what recurring revenue became within a year, by currency, and who the customers are.

    Over the twelve months that end with `period`; with `recurring`, the customers are those of
    monthly and yearly purchases only.
    """
    config, today = context.config, context.clock.today
    day = today
    if period is not None:
        day = scope.until_today(scope.period(context, period), today).end
    with context.read() as con:
        conditions = scope.by_account(context, con, query)
        sold = sql.sales(con, conditions, recurring=recurring)
        known = contracts.read(con, config, conditions)
        own = report_sql.accounts(con, conditions)
        names = {account.id: account.name for account in own}
        active = [account.id for account in own if account.status != "former"]
        ordering = [] if recurring else reorders.cadences(con, config, active)
    least = config["retention.least"]
    base = rates_of(config, known.known)
    parts = judging.parts(sold)
    once = judging.parts(sale for sale in sold if not sale.recurring)
    bought = rfm.decisions(sold)
    marks = rfm.marks(parts, bought, day, thresholds(config), config.rates)
    start = judging.year_before(day)
    rows = _rows(parts, known.known, marks, names, day)
    data: RetentionPage = {
        "filters": scope.asked(query),
        "recurring": recurring,
        "least": least,
        "year": _days(start, day),
        "before": _days(judging.year_before(start), start),
        "cohorts": [_cohort(one) for one in revenue.bridges_on(known.known, day, least, base.used)],
        "trend": [
            _month(month.day, bridge)
            for month in revenue.months(known.known, day, least, base.used)
            for bridge in month.bridges
        ],
        "converted": base.says,
        "repeat": [
            _repeat(cohort, least) for cohort in judging.cohorts(judging.spending(once, day))
        ],
        "renewals": [_window(one) for one in judging.windows(known.known, known.deals, today)],
        "groups": _groups(marks, config),
        "reorders": _reorders(ordering, names, today),
        "customers": scope.rows_as_json(FIELDS, rows),
    }
    table = scope.table("customer", FIELDS, rows, today)
    return Report(data, table)


class Base(Frozen):
    """The rates to use, if all amounts can be put into one currency, and the report about them."""

    used: revenue.Rates | None
    says: RatesJson | None


def rates_of(config: Config, known: Sequence[Contract]) -> Base:
    """Return how to put recurring revenue into the base currency, where the user has set rates."""
    currency = config["rates.base"]
    rates = revenue.Rates(currency, config.rates)
    found = {one.facts.currency for one in known if one.arr is not None}
    if not currency or found <= {currency, None}:
        return Base(None, None)
    missing = figures.without_rate(found, currency, config.rates)
    says: RatesJson = {
        "currency": currency,
        "rates_of": config["rates.date"] or None,
        "without_rate": missing,
    }
    return Base(None if missing else rates, says)


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


def _cohort(bridge: revenue.Bridge) -> CohortJson:
    def exact(minor: int) -> fields.Exact:
        return fields.exact(minor, bridge.currency)

    return {
        "currency": bridge.currency,
        "customers": bridge.customers,
        "kept": bridge.kept,
        "customers_kept": bridge.customers_kept,
        "start": exact(bridge.start),
        "lost": exact(bridge.lost),
        "contraction": exact(bridge.contraction),
        "expansion": exact(bridge.expansion),
        "end": exact(bridge.end),
        "new": exact(bridge.new),
        "arr": exact(bridge.total),
        "nrr": bridge.nrr,
        "grr": bridge.grr,
    }


def _month(day: date, bridge: revenue.Bridge) -> RetainedMonthJson:
    return {
        "month": dates.iso(day)[:7],
        "currency": bridge.currency,
        "arr": fields.exact(bridge.total, bridge.currency),
        "customers": bridge.customers,
        "nrr": bridge.nrr,
        "grr": bridge.grr,
    }


def _repeat(cohort: judging.Cohort, least: int) -> RepeatJson:
    return {
        "currency": cohort.currency,
        "customers": cohort.customers,
        "again": cohort.kept,
        "before": fields.exact(cohort.start, cohort.currency),
        "year": fields.exact(cohort.end, cohort.currency),
        "repeated": cohort.repeated(least),
    }


def _window(window: judging.Window) -> RenewalWindowJson:
    return {
        "within_days": window.days,
        "terms": window.terms,
        "without_deal": window.without_deal,
        "value": scope.amounts_as_json(window.value),
    }


def _reorders(
    ordering: Sequence[BuyingCadence], names: Mapping[str, str], today: date
) -> list[OrderingJson]:
    """Return how often customers order, the one that is late for the fewest days first.

    An order that has been late for long is a customer lost; a fresh one can still be asked for.
    """
    found: list[OrderingJson] = [
        {
            "account": names[one.account_id],
            "account_id": one.account_id,
            **reorders.as_json(one, today),
        }
        for one in ordering
    ]
    return sorted(found, key=lambda one: (not one["days_late"], one["late_from"]), reverse=False)


def _groups(marks: Sequence[rfm.Marks], config: Config) -> RfmGroupsJson:
    """Return the RFM groups with their customers, and what they spent, as far as it is known."""
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
    known: Sequence[Contract],
    marks: Sequence[rfm.Marks],
    names: Mapping[str, str],
    day: date,
) -> list[Row]:
    """Return a row for each customer and currency, those that need attention first."""
    mark_of = {mark.account: mark for mark in marks}
    spent_by: dict[str, list[tuple[str, judging.Spent]]] = {}
    for (account, currency), spent in judging.spending(parts, day).items():
        spent_by.setdefault(account, []).append((currency, spent))
    then, now = revenue.arr(known, judging.year_before(day)), revenue.arr(known, day)
    totals = [_by_account(arr) for arr in (then, now)]
    rows: list[Row] = []
    for customer in judging.customers(parts, day):
        id = customer.account
        mark = mark_of[id]
        standing = judging.standing_of(
            customer.standing, totals[0].get(id, 0), totals[1].get(id, 0)
        )
        rows += [
            {
                "account": names[id],
                "account_id": id,
                "standing": standing,
                "currency": currency,
                "arr_before": then.get((id, currency), 0),
                "arr": now.get((id, currency), 0),
                "before": spent.before,
                "year": spent.year,
                "first": dates.iso(customer.first),
                "last": dates.iso(day if totals[1].get(id) else customer.last),
                "away": customer.away,
                "group": mark.group,
                "recency": mark.recency,
                "frequency": mark.frequency,
                "monetary": mark.monetary,
            }
            for currency, spent in sorted(spent_by[id], key=lambda pair: pair[0])
        ]
    rows.sort(key=_urgency)
    return rows


def _by_account(arr: revenue.Arr) -> dict[str, int]:
    """Return which accounts have ARR; amounts of several currencies say only that it is there."""
    found: dict[str, int] = {}
    for (account, _), amount in arr.items():
        found[account] = found.get(account, 0) + amount
    return found


def _urgency(row: Row) -> tuple[Any, ...]:
    largest = max(row["arr_before"], row["arr"]) or max(row["before"], row["year"])
    return (judging.STANDINGS.index(row["standing"]), -largest, row["account"], row["currency"])
