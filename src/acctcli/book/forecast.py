"""The forecast: what a period will bring, its quota, and how the previous forecast turned out.

`domain.forecast` and its neighbours judge, `render.deal_forecast` draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from acctcli.book import commitments, quotas
from acctcli.book.chances import business_of, chance_of, histories, own_chance
from acctcli.book.context import Context
from acctcli.domain import asof, figures, pipeline, win_rates
from acctcli.domain import forecast as domain
from acctcli.domain.forecast import ForecastDeal
from acctcli.domain.looking_back import looking_back
from acctcli.domain.pipeline import WON
from acctcli.store import deals as sql
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.config import Config
    from acctcli.domain.asof import History
    from acctcli.domain.forecast import ForecastLine, Key, LeftOut, LikelyClosed
    from acctcli.domain.looking_back import Retrospect
    from acctcli.domain.win_rates import Learnt
    from acctcli.shapes.forecast import (
        ConvertedJson,
        ForecastGroupJson,
        ForecastLineJson,
        ForecastPage,
        GroupedBy,
        LeftDealJson,
        LeftOutJson,
        LikelyJson,
        LookingBackJson,
        RetrospectJson,
        WinRatesJson,
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
    explained: bool = False,
) -> ForecastPage:
    """Return what closes in a period (None: at any time), also broken down by one of `GROUPS`.

    `owners` are those whose quota it is compared with, empty for everybody's; None for deals that
    nobody has a quota for.
    """
    config, today = context.config, context.clock.today
    original = histories(context, con)
    fitting = sql.fitting(con, conditions) if conditions else None
    known, missing = in_base(config, original, period, fitting)
    rates = win_rates.learn(known, dates.iso(today), config.stages, config["forecast.prior"])
    entries = entries_of(config, known, rates, period, today, fitting)
    found = domain.forecast(
        entries,
        period,
        today,
        stages=[stage.name for stage in config.stages],
        by=_keys(config)[by] if by else None,
        order=config.tiers if by == "tier" else (),
    )
    quota = quotas.of_forecast(context, known, entries, period, owners, rates)
    target = quotas.target_of(quota) if quota else None
    likely = domain.likely(found.inside, target, config["forecast.few"])
    return {
        "period": periods.span(period) if period else None,
        "totals": [_line(line) for line in found.totals],
        "categories": [{"category": line.name, **_line(line)} for line in found.categories],
        "stages": [{"stage": line.name, **_line(line)} for line in found.stages],
        "by": by,
        "groups": [_group(by, line) for line in found.groups] if by else [],
        "converted": _converted(config, original, found.inside, missing),
        "likely": [_likely(line) for line in likely],
        "win_rates": [rates_json(rates[business]) for business in win_rates.BUSINESSES],
        "learning": {
            "prior_deals": config["forecast.prior"],
            "few_deals": config["forecast.few"],
            "timed_deals": config["forecast.timed"],
            "own_chances": sum(
                not entry.closed and own_chance(config, history) is not None
                for entry, history in _paired(found.inside, known)
            ),
        },
        "quota": quotas.with_chance(quota, likely) if quota else None,
        "calls": commitments.of_page(con, entries, period, owners, today),
        "looking_back": _looking_back(context, known, fitting, period),
        "left_out": _left_out(found.left_out),
        "explained": explained,
    }


def in_base(
    config: Config,
    known: Sequence[History],
    period: Period | None,
    fitting: set[str] | None = None,
) -> tuple[Sequence[History], list[str]]:
    """Return the deals in the base currency of the rates, and the currencies without a rate.

    While a rate is missing, every deal stays as it is: a part in one line would look like all. Only
    deals that are open or were won in the period need one. `fitting` are the deals that are asked
    for.
    """
    base = config["rates.base"]
    if not base:
        return known, []
    used = {
        history.deal.currency
        for history in known
        if history.deal.amount is not None and (fitting is None or history.deal.id in fitting)
        if history.deal.closed_on is None or _won_in(history, period)
    }
    missing = figures.without_rate(used, base, config.rates)
    return (known, missing) if missing else (asof.in_currency(known, base, config.rates), [])


def _won_in(history: History, period: Period | None) -> bool:
    deal = history.deal
    if deal.outcome != WON or deal.closed_on is None:
        return False
    if period is None:
        return True
    return dates.iso(period.start) <= deal.closed_on <= dates.iso(period.end)


def entries_of(
    config: Config,
    known: Sequence[History],
    rates: Mapping[str, Learnt],
    period: Period | None,
    today: date,
    fitting: set[str] | None = None,
) -> list[ForecastDeal]:
    """Return the deals that match, each with its probability and that of closing in time."""
    day = dates.iso(today)
    first = pipeline.first_open(config.stages).name
    cycles = {
        business: win_rates.cycles((one for one in known if business_of(one) == business), day)
        for business in win_rates.BUSINESSES
    }
    found = []
    for history in known:
        deal = history.deal
        if fitting is not None and deal.id not in fitting:
            continue
        closed = deal.closed_on is not None
        chance = in_time = 1.0
        if not closed:
            chance = chance_of(config, history, rates)
            if period is not None and deal.category in domain.CATEGORIES:
                last = history.steps[-1].entered
                counts = win_rates.opening_known(history, first)
                in_time = win_rates.in_time(
                    cycles[business_of(history)],
                    deal.stage,
                    _days_since(last, today),
                    _days_since(deal.opened_on, today) if counts else None,
                    (period.end - today).days,
                    config["forecast.timed"],
                ).share
        day_of = deal.closed_on or deal.close_date
        found.append(
            ForecastDeal(
                id=deal.id,
                title=deal.title,
                account=deal.account,
                stage=deal.stage,
                category=deal.category,
                amount=deal.amount,
                currency=deal.currency,
                day=dates.parse_iso_day(day_of) if day_of else None,
                closed=closed,
                chance=chance,
                in_time=in_time,
                owner=deal.owner,
                tier=deal.tier,
            )
        )
    return found


def _days_since(day: str | None, today: date) -> int | None:
    if day is None or day == asof.EVER:
        return None
    return (today - dates.parse_iso_day(day)).days


def _paired(
    entries: Sequence[ForecastDeal], known: Sequence[History]
) -> list[tuple[ForecastDeal, History]]:
    by_id = {history.deal.id: history for history in known}
    return [(entry, by_id[entry.id]) for entry in entries]


def _keys(config: Config) -> dict[GroupedBy, Key]:
    fiscal = config["fiscal.start"]

    def quarter(entry: ForecastDeal) -> str | None:
        if entry.day is None:
            return None
        first, second = periods.quarter_of(entry.day, fiscal).label.split()
        # `2026-Q4` and `FY27-Q1` sort by time.
        return f"{second}-{first}" if first.startswith("Q") else f"{first}-{second}"

    return {
        "owner": lambda entry: entry.owner,
        "tier": lambda entry: entry.tier,
        "month": lambda entry: dates.iso(entry.day)[:7] if entry.day else None,
        "quarter": quarter,
    }


def _group(by: GroupedBy, line: ForecastLine) -> ForecastGroupJson:
    return cast("ForecastGroupJson", {by: line.name, **_line(line)})


def _converted(
    config: Config,
    original: Sequence[History],
    inside: Sequence[ForecastDeal],
    missing: Sequence[str],
) -> ConvertedJson | None:
    """Return the deals before they were converted; None if they have one currency."""
    base = config["rates.base"]
    amounts = {history.deal.id: history.deal for history in original}
    before = [
        entry._replace(amount=amounts[entry.id].amount, currency=amounts[entry.id].currency)
        for entry in inside
    ]
    lines = domain.totals(before)
    if not base or (not missing and all(line.currency == base for line in lines)):
        return None
    return {
        "currency": base,
        "rates_of": config["rates.date"] or None,
        "without_rate": missing,
        "totals": [_line(line) for line in lines],
    }


def _likely(line: LikelyClosed) -> LikelyJson:
    def exact(minor: int | None) -> str | None:
        return fields.exact(minor, line.currency)

    return {
        "currency": line.currency,
        "open": line.open,
        "closed": fields.exact(line.closed, line.currency),
        "weighted": fields.exact(line.weighted, line.currency),
        "mean": fields.exact(line.mean, line.currency),
        "p10": exact(line.p10),
        "p50": exact(line.p50),
        "p90": exact(line.p90),
        "outcomes": [
            {
                "percent": figures.percent(one.chance, 1) or 0.0,
                "amount": fields.exact(one.amount, line.currency),
            }
            for one in line.outcomes
        ],
    }


def rates_json(learnt: Learnt) -> WinRatesJson:
    """Return the win rates of one business, in percent."""

    def percent(share: float) -> float | None:
        return figures.percent(share, 1)

    return {
        "business": learnt.business,
        "won": learnt.won,
        "closed": learnt.closed,
        "base": percent(learnt.base),
        "stages": [
            {
                "stage": one.stage,
                "percent": percent(one.rate),
                "won": one.won,
                "closed": one.closed,
                "default": percent(one.default),
                "prior": percent(one.prior),
                "learnt": percent(one.learnt),
            }
            for one in learnt.stages
        ],
    }


def _looking_back(
    context: Context,
    known: Sequence[History],
    fitting: set[str] | None,
    period: Period | None,
) -> LookingBackJson | None:
    """Return how a past forecast turned out; before a period's last day, that of the one before."""
    config, today = context.config, context.clock.today
    past = period
    if period is not None and period.end > today:
        past = periods.period_before(period, config["fiscal.start"])
    if past is None or past.end > today:
        return None
    chosen = [history for history in known if fitting is None or history.deal.id in fitting]
    chances = {
        history.deal.id: own
        for history in chosen
        if history.deal.closed_on is None and (own := own_chance(config, history)) is not None
    }
    lines = looking_back(
        known,
        chosen,
        past,
        config.stages,
        chances=chances,
        prior=config["forecast.prior"],
        few=config["forecast.few"],
    )
    return {"period": periods.span(past), "lines": [_retrospect(line) for line in lines]}


def _retrospect(line: Retrospect) -> RetrospectJson:
    def counted(count: int, minor: int) -> dict[str, object]:
        return {"count": count, "amount": fields.exact(minor, line.currency)}

    return cast(
        "RetrospectJson",
        {
            "currency": line.currency,
            "deals": line.deals,
            "estimated": line.estimated,
            "forecast": fields.exact(line.forecast, line.currency),
            "became": fields.exact(line.became, line.currency),
            "error": line.error,
            "accuracy": line.accuracy,
            "opened_since": counted(*line.opened_since),
            "pulled_in": counted(*line.pulled_in),
            "pushed_out": counted(*line.pushed_out),
        },
    )


def _left_out(found: LeftOut) -> LeftOutJson:
    def lines(entries: Sequence[ForecastDeal]) -> list[ForecastLineJson]:
        return [_line(line) for line in domain.totals(entries)]

    past = sorted(found.past, key=lambda entry: (-(entry.amount or 0), entry.title, entry.id))
    return {
        "past": lines(past),
        "past_deals": [_left(entry) for entry in past],
        "before": lines(found.before),
        "later": lines(found.later),
        "undated": lines(found.undated),
        "omitted": lines(found.omitted),
        "without_amount": len(found.without_amount),
    }


def _left(entry: ForecastDeal) -> LeftDealJson:
    return {
        "id": entry.id,
        "title": entry.title,
        "account": entry.account,
        "close_date": dates.iso(entry.day) if entry.day else None,
        "amount": fields.exact(entry.amount, entry.currency),
        "currency": entry.currency,
    }


def _line(line: ForecastLine) -> ForecastLineJson:
    return {
        "currency": line.currency,
        "count": line.deals,
        "amount": fields.exact(line.amount, line.currency),
        "weighted": fields.exact(line.weighted, line.currency),
    }
