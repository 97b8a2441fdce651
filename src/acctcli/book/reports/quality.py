"""What is missing, old or contradictory, and the command that fixes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import scope
from acctcli.book.reports.scope import Report
from acctcli.domain import quality as judging
from acctcli.domain.quality import (
    CONTRADICTION,
    COSTS,
    MISSING,
    STALE,
    Quality,
    QualityFacts,
    QualityRules,
)
from acctcli.model import CHOICE, FLAG, INTEGER, REF, TEXT, TIER, Field, Row, declare
from acctcli.store import lookup, queries
from acctcli.store.facts import quality as sql
from acctcli.values.dates import parse_iso_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.shapes.quality import FlawCountJson, FlawedAccountJson, FlawKindJson, QualityPage

JUDGED = ("account", "contact", "deal", "purchase")
"""Kinds whose required fields count."""

FIELDS = declare(
    account=Field(REF, "the account", target="account"),
    number=Field(TEXT, "its number"),
    tier=Field(TIER, "its tier"),
    score=Field(INTEGER, "how good its data is, of 100"),
    group=Field(CHOICE, "missing, stale or contradiction"),
    code=Field(TEXT, "what kind of flaw"),
    text=Field(TEXT, "the flaw in words"),
    points=Field(INTEGER, "what it costs"),
    command=Field(TEXT, "the command that fixes it"),
)


def report(
    context: Context, query: Query, accounts: Sequence[str] = (), limit: int | None = None
) -> Report:
    """Return score and flaws of each account, the worst first; at most `limit` accounts in full."""
    today, config = context.clock.today, context.config
    rules = _rules(config)
    with context.read() as con:
        queries.add_functions(con)
        conditions = list(scope.by_account(context, con, query))
        if accounts:
            named = context.find_all(con, "account", accounts)
            conditions.append(queries.by_ids("id", [one.id for one in named]))
        required = {kind: _required_of_any(config, kind) for kind in JUDGED}
        state = sql.state(con, rules.fields, required, today, conditions)
        judged = [(f, judging.judge(f, rules, today)) for f in _facts(state)]
        names = _names(con, judged)
    order = {tier: place for place, tier in enumerate(config.tiers)}
    judged.sort(key=lambda pair: (pair[1].score, order.get(pair[0].row["tier"], len(order))))
    found = [_account(facts, one, names) for facts, one in judged[:limit]]
    data: QualityPage = {
        "filters": [*(f"account {name}" for name in accounts), *scope.asked(query)],
        "score": judging.mean([one.score for _, one in judged]),
        "count": len(judged),
        "groups": _groups([one for _, one in judged]),
        "flaws": _by_code([one for _, one in judged]),
        "accounts": found,
    }
    table = scope.table("flaw", FIELDS, [row for one in found for row in _rows(one)], today)
    return Report(data, table)


def _rules(config: Config) -> QualityRules:
    fields = {kind: config.fields(kind) for kind in (*JUDGED, "review")}

    @cache
    def required(kind: str, tier: str | None) -> Sequence[str]:
        names = config.required_fields(kind, tier)
        return [name for name in names if fields[kind][name].type != FLAG]

    def weight(name: str, usual: float) -> float:
        return config.weight(f"quality.{name}", usual)

    silent = int(weight("silent_cadences", judging.SILENT_CADENCES))
    costs = judging.costs_of(weight) if config.own_weights else judging.COSTS
    return QualityRules(fields, required, config.cadence, costs, silent)


def _required_of_any(config: Config, kind: str) -> list[str]:
    """Return the fields that are required for any tier."""
    return [name for tier in config.tiers for name in config.required_fields(kind, tier)]


def _facts(state: sql.State) -> list[QualityFacts]:
    circles = judging.circles(state.parents)
    return [
        QualityFacts(
            row=row,
            last_change=parse_iso_day(changed) if (changed := state.changed[row["id"]]) else None,
            people=state.people.get(row["id"], ()),
            deals=state.deals.get(row["id"], ()),
            parts=state.parts.get(row["id"], ()),
            purchases=state.purchases.get(row["id"], ()),
            reviews=state.reviews.get(row["id"], ()),
            has_won=row["id"] in state.have_won,
            has_bought=row["id"] in state.have_bought,
            in_circle=row["id"] in circles,
        )
        for row in state.accounts
    ]


def _names(
    con: sqlite3.Connection, judged: Sequence[tuple[QualityFacts, Quality]]
) -> dict[str, str]:
    """Return what the records of flaws can be typed as, by id."""
    ids: dict[str, dict[str, None]] = {}
    for _, one in judged:
        for flaw in one.flaws:
            for kind, id in flaw.about:
                ids.setdefault(kind, {})[id] = None
    names = lookup.handles(con, list(ids.pop("account", ())))
    for kind, wanted in ids.items():
        names |= lookup.short_ids(con, kind, list(wanted))
    return names


def _account(facts: QualityFacts, judged: Quality, names: Mapping[str, str]) -> FlawedAccountJson:
    row = facts.row
    return {
        "account": row["name"],
        "account_id": row["id"],
        "number": row["number"],
        "tier": row["tier"],
        "score": judged.score,
        "flaws": [
            {
                "group": flaw.group,
                "code": flaw.code,
                "text": flaw.text,
                "points": flaw.points,
                "command": flaw.command(names),
            }
            for flaw in judged.flaws
        ],
    }


def _rows(account: FlawedAccountJson) -> list[Row]:
    """Return a row for each flaw; an account without flaws has one row."""
    own = {name: value for name, value in account.items() if name != "flaws"}
    nothing = dict.fromkeys(("group", "code", "text", "points", "command"))
    return [{**own, **flaw} for flaw in account["flaws"]] or [{**own, **nothing}]


def _groups(judged: Sequence[Quality]) -> dict[str, FlawCountJson]:
    """Return the number of flaws in each group, and their points over all accounts."""
    flaws: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for one in judged:
        for flaw in one.flaws:
            flaws[flaw.group] += 1
            points[flaw.group] += flaw.points
    groups = (MISSING, STALE, CONTRADICTION)
    return {group: {"flaws": flaws[group], "points": points[group]} for group in groups}


def _by_code(judged: Sequence[Quality]) -> list[FlawKindJson]:
    """Return flaws by kind, the most expensive first."""
    found: dict[str, FlawKindJson] = {}
    for one in judged:
        for flaw in one.flaws:
            cost = COSTS[flaw.code]
            same = found.setdefault(
                flaw.code,
                {
                    "code": flaw.code,
                    "group": cost.group,
                    "says": cost.says,
                    "flaws": 0,
                    "accounts": 0,
                    "points": 0,
                },
            )
            same["flaws"] += 1
            same["points"] += flaw.points
        for code in {flaw.code for flaw in one.flaws}:
            found[code]["accounts"] += 1
    return sorted(found.values(), key=lambda same: (-same["points"], same["code"]))
