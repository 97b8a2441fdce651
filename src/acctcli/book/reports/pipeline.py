"""The open deals on a day, how they move, and which are rotting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from acctcli.book import chances, deals, quotas, reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import asof, funnel, targets
from acctcli.domain.pipeline import OPEN
from acctcli.model import CURRENCY, INTEGER, MONEY, NUMBER, STAGE, Field, Row, declare
from acctcli.store import deals as sql
from acctcli.values import dates, fields, periods

if TYPE_CHECKING:
    from datetime import date

    from acctcli.domain.asof import History, Standing
    from acctcli.domain.funnel import Norm, Passage, Rotting, Velocity
    from acctcli.shapes.pipeline import (
        CreatedJson,
        NormJson,
        OpenDealsJson,
        PassageJson,
        PipelinePage,
        RottingDealJson,
        VelocityJson,
    )

FIELDS = declare(
    stage=Field(STAGE, "the stage"),
    currency=Field(CURRENCY, "currency of the amounts; none: of deals without an amount"),
    deals=Field(INTEGER, "open deals in it on the day"),
    amount=Field(MONEY, "what they were worth"),
    deals_today=Field(INTEGER, "open deals in it today"),
    amount_today=Field(MONEY, "what they are worth"),
    rotting=Field(INTEGER, "deals longer in it than its norm, on the day"),
    conversion=Field(NUMBER, "share of deals that moved on, of those that left it, in percent"),
    win_rate=Field(NUMBER, "of those closed that were in it, how many were won, in percent"),
    median_days=Field(NUMBER, "median of the days that deals spent in it"),
)

Totals = dict[tuple[str, str | None], tuple[int, int]]


def report(context: Context, query: Query, as_of: str | None = None) -> Report:
    """Return the open deals by stage at the end of a day, how they move, and which are rotting.

    From the history of each deal. Owner, type and product have no history: they are today's.
    """
    today = context.clock.today
    fiscal = context.config["fiscal.start"]
    day = today if as_of is None else periods.read_until(as_of, today, "--as-of", fiscal)
    on = dates.iso(day)
    with context.read() as con:
        conditions = reading.conditions_of(context, con, "deal", query)
        known = chances.histories(context, con, conditions)
        planned = sql.planned(con, on)
        contacts = sql.contacts_until(con, on)
    stages, few = context.config.stages, context.config["report.few"]
    standings = asof.standings(known, on)
    now = standings if day == today else asof.standings(known, dates.iso(today))
    window = int(context.config.weight("report.window_days", funnel.WINDOW))
    least_won = int(context.config.weight("report.norm_won", funnel.MIN_WON))
    passages = funnel.passages(known, on, stages, few)
    norms = funnel.norms(passages, stages, least_won)
    touched = _touched(standings, *contacts)
    quiet_days = context.config["risk.quiet_days"]
    rotting = funnel.rotting(standings, norms, planned, touched, on, quiet_days)
    then_totals, now_totals = _totals(standings), _totals(now)
    worth = scope.summed((code, amount) for (_, code), (_, amount) in then_totals.items())
    names = _names(passages, then_totals, now_totals)
    passage_of = {passage.stage: passage for passage in passages}
    data: PipelinePage = {
        "filters": scope.asked(query),
        "as_of": on,
        "today": dates.iso(today),
        "stages": [
            {
                "stage": name,
                **_sums(then_totals, name),
                "now": _sums(now_totals, name),
                "passage": _passage(passage_of.get(name)),
                **_norm(norms.get(name)),
                "rotting": sum(one.standing.stage == name for one in rotting),
            }
            for name in names
        ],
        **_sums(then_totals),
        "now": _sums(now_totals),
        "converted": scope.converted(context.config, worth),
        "came_in_closed": sum(one.hindsight for one in standings),
        "creation": _creation(context, known, day, whole=not conditions),
        "velocity": [_velocity(line) for line in funnel.velocities(standings, on, few, window)],
        "rotting": [_rotting(one) for one in rotting],
        "judged_by": {"window_days": window, "won_deals": least_won},
    }
    rows = _rows(names, then_totals, now_totals, passage_of, rotting)
    table = scope.table("line", FIELDS, rows, today)
    return Report(data, table)


def _creation(context: Context, known: Sequence[History], day: date, *, whole: bool) -> CreatedJson:
    """Return the deals opened lately and in as many days before, and what a quota needs.

    A quota is for the `whole` book.
    """
    days = context.config["forecast.created_days"]
    facts = [history.deal for history in known]
    spans = (day, day - timedelta(days=days))
    lately, before = (targets.opened_in(facts, until, days) for until in spans)
    return {
        "days": days,
        **_opened(lately),
        "before": _opened(before),
        "quota": quotas.needed_on(context, known, day) if whole else None,
        "currency": context.config.quota.currency or None,
    }


def _opened(found: Sequence[asof.DealFacts]) -> OpenDealsJson:
    amounts = ((deal.amount, deal.currency) for deal in found)
    return {"deals": len(found), "totals": deals.totals(amounts)}


def _touched(
    standings: Iterable[Standing], of_deal: Mapping[str, str], loose: Mapping[str, str]
) -> dict[str, str]:
    """Return the last contact about each open deal; one that names none is about the only deal."""
    found = dict(of_deal)
    opened: dict[str, list[str]] = {}
    for one in standings:
        if one.outcome == OPEN:
            opened.setdefault(one.deal.account_id, []).append(one.deal.id)
    for account, ids in opened.items():
        if len(ids) == 1 and account in loose:
            found[ids[0]] = max(found.get(ids[0], ""), loose[account])
    return found


def _totals(standings: Iterable[Standing]) -> Totals:
    """Return count and amount of open deals, by stage and currency (None: without an amount)."""
    found: Totals = {}
    for one in standings:
        if one.outcome == OPEN:
            currency = None if one.amount is None else one.deal.currency
            count, amount = found.get((one.stage, currency), (0, 0))
            found[one.stage, currency] = count + 1, amount + (one.amount or 0)
    return found


def _names(passages: Sequence[Passage], *totals: Totals) -> list[str]:
    """Return the open stages in order, then removed stages that deals are still in."""
    known = [passage.stage for passage in passages]
    held = (stage for found in totals for stage, _ in found)
    return list(dict.fromkeys([*known, *held]))


def _sums(totals: Totals, stage: str | None = None) -> OpenDealsJson:
    """Return count and amounts by currency, of one stage or of all."""
    lines = [
        (deals, amount, currency)
        for (name, currency), (deals, amount) in totals.items()
        if stage is None or name == stage
    ]
    return {
        "deals": sum(deals for deals, _, _ in lines),
        "totals": deals.totals((amount, currency) for _, amount, currency in lines),
    }


def _passage(found: Passage | None) -> PassageJson | None:
    if found is None:
        return None
    return {
        "entered": found.entered,
        "onward": found.onward,
        "lost": found.lost,
        "still": found.still,
        "conversion": found.conversion,
        "win_rate": found.win_rate,
        "won": found.won,
        "closed": found.closed,
        "median_days": found.median_days,
    }


def _norm(norm: Norm | None) -> NormJson:
    if norm is None:
        return {"norm_days": None, "norm_from": None}
    return {"norm_days": norm.days, "norm_from": norm.source}


def _velocity(line: Velocity) -> VelocityJson:
    return {
        "currency": line.currency,
        "deals": line.deals,
        "won": line.won,
        "closed": line.closed,
        "win_rate": line.win_rate,
        "average": fields.exact(line.average, line.currency),
        "cycle_days": line.cycle,
        "per_day": fields.exact(line.per_day, line.currency),
    }


def _rotting(one: Rotting) -> RottingDealJson:
    deal, standing = one.standing.deal, one.standing
    return {
        "id": deal.id,
        "title": deal.title,
        "account": deal.account,
        "account_id": deal.account_id,
        "stage": standing.stage,
        "since": standing.since,
        "days": one.days,
        "norm_days": one.norm,
        "quiet_days": one.quiet,
        "amount": fields.exact(standing.amount, deal.currency),
        "currency": deal.currency,
    }


def _rows(
    names: Sequence[str],
    then: Totals,
    now: Totals,
    passages: Mapping[str, Passage],
    rotting: Sequence[Rotting],
) -> list[Row]:
    """Return a row per stage and currency; a stage without deals has one without a currency."""
    rows: list[Row] = []
    for name in names:
        here = {currency for stage, currency in (*then, *now) if stage == name} or {None}
        passage = passages.get(name)
        for currency in sorted(here, key=lambda code: (code is None, code or "")):
            deals, amount = then.get((name, currency), (0, 0))
            deals_now, amount_now = now.get((name, currency), (0, 0))
            rows.append(
                {
                    "stage": name,
                    "currency": currency,
                    "deals": deals,
                    "amount": None if currency is None else amount,
                    "deals_today": deals_now,
                    "amount_today": None if currency is None else amount_now,
                    "rotting": sum(_is_in(one, name, currency) for one in rotting),
                    "conversion": passage and passage.conversion,
                    "win_rate": passage and passage.win_rate,
                    "median_days": passage and passage.median_days,
                }
            )
    return rows


def _is_in(one: Rotting, stage: str, currency: str | None) -> bool:
    own = None if one.standing.amount is None else one.standing.deal.currency
    return (one.standing.stage, own) == (stage, currency)
