"""My call: what the seller promised to win in a period, beside the forecast and the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.domain import forecast as domain
from acctcli.errors import Invalid, UsageError
from acctcli.store import commitments as sql
from acctcli.values import dates, fields, money

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.forecast import ForecastDeal
    from acctcli.shapes.forecast import CallJson, CallsJson, ForecastPage
    from acctcli.store.journal import Writing
    from acctcli.values.periods import Period


def asked_owner(owners: Sequence[str] | None) -> str | None:
    """Return the owner whose call it is; None for everybody together.

    Raises `UsageError` for several owners or another part of the deals: a call has one owner.
    """
    if owners is None or len(owners) > 1:
        raise UsageError("--commit is for all deals, or those of one --owner: leave out filters")
    return owners[0] if owners else None


def currency_of(context: Context) -> str:
    """Return the currency of a call typed without one: that of the quota, else the usual one."""
    return context.config.quota.currency or context.config.currency


def keep(
    context: Context,
    tx: Writing,
    page: ForecastPage,
    period: Period,
    owner: str | None,
    typed: str,
) -> str:
    """Keep the call of this week, with the forecast of `page`; return its id.

    Raises `UsageError` or `Invalid` for an amount that cannot be read or is below zero, and
    for a period that is over.
    """
    today = context.clock.today
    amount, currency = money.read_amount(typed, None, "--commit", default=currency_of(context))
    if amount < 0:
        raise Invalid(f"--commit {text.safe(typed)} is below zero: write what you will win")
    if period.end < today:
        raise Invalid(f"{period.label} is over: --commit is for a period that is not")
    expected = next(
        (line["weighted"] for line in page["totals"] if line["currency"] == currency), None
    )
    weighted = None if expected is None else _whole(str(expected), currency)
    week = dates.iso(monday(today))
    span = dates.iso(period.start), dates.iso(period.end)
    id, before = sql.keep(tx, week, span, owner, (amount, currency), weighted)
    tx.says = _said(period, owner, amount, currency, weighted, before)
    return id


def _said(
    period: Period,
    owner: str | None,
    amount: int,
    currency: str,
    weighted: int | None,
    before: sql.CommitmentRow | None,
) -> str:
    whose = f" for {text.safe(owner)}" if owner else ""
    said = f"Committed {money.say(amount, currency)} to {period.label}{whose}"
    if before is not None and (before.amount, before.currency) != (amount, currency):
        said += f" (it was {money.say(before.amount, before.currency)} this week)"
    if weighted is not None:
        said += f"; forecast {money.say(weighted * 10 ** money.digits(currency), currency)}"
    return f"{said}."


def _in_units(units: int | None, currency: str) -> str | None:
    """Return an amount in whole units as JSON has amounts."""
    minor = None if units is None else units * 10 ** money.digits(currency)
    return fields.exact(minor, currency)


def _whole(exact: str, currency: str) -> int:
    """Return an exact amount in whole units: an estimate has no cents."""
    return money.divide(int(exact.replace(".", "")), 10 ** money.digits(currency))


def monday(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def of_page(
    con: sqlite3.Connection,
    entries: Sequence[ForecastDeal],
    period: Period | None,
    owners: Sequence[str] | None,
    today: date,
) -> CallsJson | None:
    """Return the calls of a period by week, each with the forecast then and what was won.

    None where there is none, or where the page is about a part of the deals.
    """
    if period is None or owners is None or len(owners) > 1:
        return None
    owner = owners[0] if owners else None
    rows = sql.of_period(con, dates.iso(period.start), dates.iso(period.end), owner)
    if not rows:
        return None
    won = [entry for entry in entries if entry.won and domain.closes_in(entry, period)]

    def closed(currency: str, until: date) -> int:
        return sum(
            entry.amount or 0
            for entry in won
            if entry.currency == currency and entry.day and entry.day <= until
        )

    lines: list[CallJson] = []
    for row in rows:
        last = dates.parse_iso_day(row.week) + timedelta(days=6)
        lines.append(
            {
                "id": row.id,
                "week": row.week,
                "currency": row.currency,
                "call": fields.exact(row.amount, row.currency),
                "forecast": _in_units(row.expected, row.currency),
                "closed": fields.exact(closed(row.currency, min(last, today)), row.currency),
            }
        )
    currency = rows[-1].currency
    outcome = fields.exact(closed(currency, today), currency)
    return {
        "over": period.end < today,
        "currency": currency,
        "outcome": outcome,
        "weeks": lines,
    }
