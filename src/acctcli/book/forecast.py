"""The forecast: what a period will bring, and how the previous forecast turned out.

`domain.forecast` judges, `render.deal_forecast` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import deals
from acctcli.book.context import Context
from acctcli.domain import figures, funnel
from acctcli.domain import forecast as domain
from acctcli.store import deals as sql
from acctcli.store.facts import deals as facts
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.asof import History
    from acctcli.domain.forecast import ForecastDeal, ForecastLine, Key, LikelyClosed
    from acctcli.shapes.forecast import (
        AttainmentJson,
        ConvertedJson,
        ForecastGroupJson,
        ForecastLineJson,
        ForecastPage,
        GroupedBy,
        LikelyJson,
        LookingBackJson,
        QuotaJson,
        RetrospectJson,
    )
    from acctcli.store.filters import Condition
    from acctcli.values.periods import Period


GROUPS: Sequence[GroupedBy] = ("owner", "tier", "month", "quarter")
"""What a forecast can be broken down by."""


def page(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    period: Period | None,
    by: GroupedBy | None,
    owners: Sequence[str] | None,
) -> ForecastPage:
    """Return what closes in a period (None: at any time), also broken down by one of `GROUPS`.

    `owners` are those whose quota it is compared with, empty for everybody's; None for deals that
    nobody has a quota for.
    """
    config = context.config
    known = deals.histories(context, con)
    today = dates.iso(context.clock.today)
    rates = funnel.win_rates(funnel.passages(known, today, config.stages), config.stages)
    entries = facts.forecast(con, conditions)
    keys: dict[GroupedBy, Key] = {
        "owner": lambda entry: entry.owner,
        "tier": lambda entry: entry.tier,
        "month": _month,
        "quarter": _quarter,
    }
    found = domain.forecast(
        entries,
        period,
        stages=[stage.name for stage in config.stages],
        by=keys[by] if by else None,
        order=config.tiers if by == "tier" else (),
    )
    base = domain.converted(found.totals, config["rates.base"], config.rates)
    converted: ConvertedJson | None = None
    if base is not None:
        converted = {
            "currency": base.currency,
            "amount": fields.exact(base.amount, base.currency),
            "weighted": fields.exact(base.weighted, base.currency),
            "rates_of": config["rates.date"] or None,
            "without_rate": base.missing,
        }
    return {
        "period": periods.span(period) if period else None,
        "totals": [_line(line) for line in found.totals],
        "categories": [{"category": line.name, **_line(line)} for line in found.categories],
        "stages": [{"stage": line.name, **_line(line)} for line in found.stages],
        "by": by,
        "groups": [_group(by, line) for line in found.groups] if by else [],
        "converted": converted,
        "likely": [_likely(line) for line in domain.likely(entries, period, rates)],
        "win_rates": [
            {"stage": stage, "percent": figures.percent(rate, 1)} for stage, rate in rates.items()
        ],
        "quota": _quota(context, entries, period, owners),
        "looking_back": _looking_back(context, con, known, conditions, period),
        "left_out": {
            "past": [_line(line) for line in found.past],
            "undated": [_line(line) for line in found.undated],
            "without_amount": found.without_amount,
        },
    }


def _group(by: GroupedBy, line: ForecastLine) -> ForecastGroupJson:
    return cast("ForecastGroupJson", {by: line.name, **_line(line)})


def _likely(line: LikelyClosed) -> LikelyJson:
    return {
        "currency": line.currency,
        "open": line.open,
        "closed": fields.exact(line.closed, line.currency),
        "weighted": fields.exact(line.weighted, line.currency),
        "p10": fields.exact(line.p10, line.currency),
        "p50": fields.exact(line.p50, line.currency),
        "p90": fields.exact(line.p90, line.currency),
        "mean": fields.exact(line.mean, line.currency),
    }


def _quota(
    context: Context,
    entries: Sequence[ForecastDeal],
    period: Period | None,
    owners: Sequence[str] | None,
) -> QuotaJson | None:
    """Return the attainment of the quota; None if the period has none."""
    config, quota = context.config, context.config.quota
    if period is None or owners is None:
        return None
    asked = {text.key(name) for name in owners}
    own = [name for name in quota.owners if not asked or text.key(name) in asked]
    rates = config.rates if config["rates.base"] == quota.currency else {}
    found = domain.targets(entries, period, quota, own if asked else [None, *own], rates)
    if not found:
        return None
    lines: list[AttainmentJson] = [
        {
            "owner": line.owner,
            "quota": fields.exact(line.quota, quota.currency),
            "closed": fields.exact(line.closed, quota.currency),
            "share": line.share,
            "gap": fields.exact(line.gap, quota.currency),
        }
        for line in found
    ]
    return {"currency": quota.currency, "attainment": lines}


def _looking_back(
    context: Context,
    con: sqlite3.Connection,
    known: Sequence[History],
    conditions: Sequence[Condition],
    period: Period | None,
) -> LookingBackJson | None:
    """Return how a past forecast turned out: of a past period itself, else of the one before."""
    today = context.clock.today
    past = period if period is None or period.end < today else _period_before(period)
    if past is None or past.end >= today:
        return None
    chosen = known
    if conditions:
        fitting = sql.fitting(con, conditions)
        chosen = [history for history in known if history.deal.id in fitting]
    lines: list[RetrospectJson] = [
        {
            "currency": line.currency,
            "deals": line.deals,
            "estimated": line.estimated,
            "forecast": fields.exact(line.forecast, line.currency),
            "became": fields.exact(line.became, line.currency),
            "opened_since": fields.exact(line.opened_since, line.currency),
            "error": line.error,
        }
        for line in domain.looking_back(known, chosen, past, context.config.stages)
    ]
    return {"period": periods.span(past), "lines": lines}


def _period_before(period: Period) -> Period | None:
    """Return the month, quarter or year before one; None for another span of days."""
    last = period.start - timedelta(days=1)
    if period == periods.quarter_of(period.start):
        return periods.quarter_of(last)
    if period == periods.month_of(period.start):
        return periods.month_of(last)
    year = periods.period(f"{period.start.year:04}", last)
    return periods.period(f"{last.year:04}", last) if period == year else None


def _quarter(entry: ForecastDeal) -> str | None:
    """Return `2026-Q4`, which sorts by time."""
    if entry.day is None:
        return None
    return f"{entry.day.year:04}-Q{(entry.day.month + 2) // 3}"


def _month(entry: ForecastDeal) -> str | None:
    return dates.iso(entry.day)[:7] if entry.day else None


def _line(line: ForecastLine) -> ForecastLineJson:
    return {
        "currency": line.currency,
        "count": line.deals,
        "amount": fields.exact(line.amount, line.currency),
        "weighted": fields.exact(line.weighted, line.currency),
    }
