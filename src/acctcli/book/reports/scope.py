"""What all reports share: filters, days, and rows as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.frozen import Frozen
from acctcli.model import Field, Row
from acctcli.results import Table
from acctcli.values import periods
from acctcli.values.fields import as_json, exact

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.config import Config
    from acctcli.shapes.records import TotalJson
    from acctcli.shapes.reports import ConvertedTotalJson
    from acctcli.store.filters import Condition
    from acctcli.values.periods import Period


class Report(NamedTuple):
    """A report: the data of its page, and its table for CSV and TSV."""

    data: Mapping[str, Any]
    table: Table


class Scope(Frozen):
    """Conditions on accounts, and the owners of deals or interactions."""

    conditions: Sequence[Condition]
    owners: Sequence[str]


def by_account(context: Context, con: sqlite3.Connection, query: Query) -> Sequence[Condition]:
    """Return the conditions of a report about accounts: an owner is that of the account."""
    return reading.conditions_of(context, con, "account", query)


def by_owner(context: Context, con: sqlite3.Connection, query: Query) -> Scope:
    """Return the scope of a report on deals or interactions: their own owner wins."""
    typed = [names for field, names, _ in query.filters if field == "owner"]
    rest = query.replace(filters=tuple(f for f in query.filters if f[0] != "owner"))
    conditions = reading.conditions_of(context, con, "account", rest)
    return Scope(conditions, [name.strip() for names in typed for name in names.split(",")])


def asked(query: Query) -> list[str]:
    """Return the filters in words, so that a report says what it covers when it is passed on."""
    typed = [f"{name} {names}" for name, names, _ in query.filters]
    segment = [f"segment {query.segment}"] if query.segment else []
    return [*typed, *query.where, *segment]


def period(context: Context, typed: str, what: str = "--period") -> Period:
    """Return a typed period; its quarters and years are those of the book's fiscal year."""
    today, fiscal = context.clock.today, context.config["fiscal.start"]
    return periods.period(typed, today, what, fiscal=fiscal)


def until_today(period: Period, today: date) -> Period:
    """Return the period up to today; the whole period if it is in the future."""
    if period.start > today or period.end <= today:
        return period
    return periods.Period(period.start, today, period.label)


def summed(amounts: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Return the sum of the amounts in each currency; what has no currency is left out."""
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        if currency is not None:
            sums[currency] = sums.get(currency, 0) + amount
    return sums


def converted(config: Config, amounts: Mapping[str, int]) -> ConvertedTotalJson | None:
    """Return one total in the base currency of the user's rates, or None if none is needed."""
    from acctcli.domain.figures import total

    found = total(amounts, config["rates.base"], config.rates)
    if found is None:
        return None
    return {
        "currency": found.currency,
        "amount": exact(found.amount, found.currency),
        "rates_of": config["rates.date"] or None,
        "without_rate": list(found.missing),
    }


def amounts_as_json(amounts: Iterable[tuple[str, int]]) -> list[TotalJson]:
    """Return amounts in minor units as JSON, in their order."""
    return [{"currency": code, "amount": exact(minor, code)} for code, minor in amounts]


def rows_as_json(fields: Mapping[str, Field], rows: Sequence[Row]) -> list[Any]:
    """Return the rows as JSON objects with exact amounts; the caller knows their shape."""
    return [as_json(fields, row) for row in rows]


def table(noun: str, fields: Mapping[str, Field], rows: Sequence[Row], today: date) -> Table:
    """Return the table of the report for CSV and TSV."""
    names = list(fields)
    return Table(noun, f"{noun}s", fields, rows, names, names, {}, today=today)
