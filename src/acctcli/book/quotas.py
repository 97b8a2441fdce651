"""Quotas: what is closed, the chance of reaching them, and what it would take.

The only module that knows for which currencies a quota needs a rate, so that every command refuses
in the same way. `domain.targets` judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.domain import asof, figures, targets, win_rates
from acctcli.frozen import Frozen
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    from datetime import date

    from acctcli.config import Config
    from acctcli.domain.asof import History
    from acctcli.domain.forecast import ForecastDeal, LikelyClosed
    from acctcli.domain.win_rates import Learnt
    from acctcli.shapes.forecast import AttainmentJson, CreationJson, QuotaJson, ReachJson
    from acctcli.values.periods import Period


class Held(Frozen):
    """A period and its quotas; without lines while a rate is missing.

    `base` is the base currency of the book's rates, None if there is none.
    """

    currency: str
    base: str | None
    without_rate: Sequence[str]
    lines: Sequence[targets.Target]
    reach: targets.Reach | None
    creation: targets.Creation | None


def rates_for(config: Config) -> Mapping[str, str]:
    """Return the rates into the quotas' currency: those of the book, if it is their base."""
    return config.rates if config["rates.base"] == config.quota.currency else {}


def without_rate(config: Config, used: Iterable[str | None]) -> list[str]:
    """Return which of the `used` currencies have no rate into that of the quotas."""
    return figures.without_rate(used, config.quota.currency, rates_for(config))


def of_forecast(
    context: Context,
    known: Sequence[History],
    entries: Sequence[ForecastDeal],
    period: Period | None,
    owners: Sequence[str] | None,
    rates: Mapping[str, Learnt],
) -> Held | None:
    """Return the quotas of a period and what it would take; None without any."""
    config, quota, today = context.config, context.config.quota, context.clock.today
    if period is None or owners is None:
        return None
    asked = {text.key(name) for name in owners}
    own = [name for name in quota.owners if not asked or text.key(name) in asked]
    shown = own if asked else [None, *own]
    fiscal = config["fiscal.start"]
    if not targets.targets((), period, quota, shown, fiscal):
        return None
    counted = [e for e in entries if e.amount and (e.won or not e.closed)]
    base = config["rates.base"] or None
    missing = without_rate(config, (entry.currency for entry in counted))
    if missing:
        return Held(quota.currency, base, missing, (), None, None)
    few = config["forecast.few"]
    lines = targets.targets(entries, period, quota, shown, fiscal)
    new = rates[win_rates.NEW]
    facts = [one.deal for one in asof.in_currency(known, quota.currency, rates_for(config))]
    first = lines[0]
    mine = facts
    if first.owner is not None:
        mine = [d for d in facts if text.key(d.owner or "") == text.key(first.owner)]
    reach = None
    average = targets.average_won(facts, quota.currency, today, _window(config))
    if period.end >= today:
        # All entries here are those of the first line: everybody's, or the owner's.
        open_ = sum(
            (entry.amount or 0) * entry.chance
            for entry in counted
            if not entry.closed and entry.day and max(today, period.start) <= entry.day
            if entry.day <= period.end and entry.category != "omitted"
        )
        reach = targets.reach(first, figures.nearest(open_), average, new, few)
    days = config["forecast.created_days"]
    aim = first.quota, period
    creation = targets.creation(mine, quota.currency, today, days, aim, new, average, few)
    return Held(quota.currency, base, [], lines, reach, creation if period.end >= today else None)


def _window(config: Config) -> int:
    return int(config.weight("report.window_days", targets.YEAR))


def target_of(held: Held) -> tuple[int, str] | None:
    """Return the quota for the chance; None for several owners."""
    if not held.lines or (held.lines[0].owner is not None and len(held.lines) > 1):
        return None
    return held.lines[0].quota, held.currency


def with_chance(held: Held, likely: Sequence[LikelyClosed]) -> QuotaJson:
    """Return the quotas as JSON, with the chance of reaching the first one."""
    currency = held.currency
    chance = next((line.reached for line in likely if line.currency == currency), None)
    lines: list[AttainmentJson] = [
        {
            "owner": line.owner,
            "quota": fields.exact(line.quota, currency),
            "closed": fields.exact(line.closed, currency),
            "deals": line.deals,
            "share": line.share,
            "gap": fields.exact(line.gap, currency),
        }
        for line in held.lines
    ]
    alone = target_of(held) is not None
    return {
        "currency": currency,
        "base": held.base,
        "without_rate": held.without_rate,
        "attainment": lines,
        "reach": _reach(held.reach, chance, currency) if held.reach and alone else None,
        "creation": _creation(held.creation, currency) if held.creation and alone else None,
    }


def _reach(found: targets.Reach, chance: float | None, currency: str) -> ReachJson:
    return {
        "chance": None if chance is None else figures.percent(chance, 1),
        "weighted_open": fields.exact(found.weighted_open, currency),
        "coverage": found.coverage,
        "gap_deals": found.deals,
        "to_create": fields.exact(found.to_create, currency),
    }


def _creation(found: targets.Creation, currency: str) -> CreationJson:
    return {
        "days": found.days,
        "opened": found.opened,
        "created": fields.exact(found.created, currency),
        "needed": fields.exact(found.needed, currency),
        "needed_deals": found.deals,
    }


def needed_on(context: Context, known: Sequence[History], day: date) -> CreationJson | None:
    """Return what everybody's quota of the quarter needs in new deals; None without a quota.

    None also while a currency has no rate.
    """
    config, quota = context.config, context.config.quota
    period = periods.quarter_of(day, config["fiscal.start"])
    aim = quota.of(period.label)
    used = (one.deal.currency for one in known if one.deal.amount is not None)
    if not aim or without_rate(config, used):
        return None
    rates = win_rates.learn(known, dates.iso(day), config.stages, config["forecast.prior"])
    facts = [one.deal for one in asof.in_currency(known, quota.currency, rates_for(config))]
    average = targets.average_won(facts, quota.currency, day, _window(config))
    days, few = config["forecast.created_days"], config["forecast.few"]
    new = rates[win_rates.NEW]
    found = targets.creation(facts, quota.currency, day, days, (aim, period), new, average, few)
    return _creation(found, quota.currency)
