"""The score of accounts: rows become facts, and facts a judgement.

The list of all, the page of one and `account qualify` use it. `domain.fit` decides what the facts
mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book import contracts
from acctcli.book.context import Context
from acctcli.book.health import reason_json, survey_of
from acctcli.book.health import rules as health_rules
from acctcli.domain import fit as judging
from acctcli.domain.contracts import arr_on
from acctcli.domain.fit import Moved, Score, ScoreFacts, ScoreRules, Signals, Worth
from acctcli.domain.health_facts import Spending
from acctcli.frozen import Frozen
from acctcli.model import COUNTRY, INTEGER, KINDS, TEXT, Field
from acctcli.store import queries
from acctcli.store.facts import health as health_sql
from acctcli.store.facts import score as sql
from acctcli.values import dates
from acctcli.values.addresses import country
from acctcli.values.fields import bounds_of_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config, Criterion
    from acctcli.shapes.score import InputsJson, ScorePage, ScorePartsJson, ScoreRow
    from acctcli.store.filters import Condition

PARTS = ("id", "name", "number", "tier", "status")
"""The fields of an account that are not part of its score."""


ACCOUNT = KINDS["account"].fields

FIELDS = {
    "account": KINDS["deal"].fields["account"],
    "number": ACCOUNT["number"],
    "tier": ACCOUNT["tier"],
    "status": ACCOUNT["status"],
    "fit": Field(INTEGER, "fit to the ideal customer profile, 0 to 100", name="fit"),
    "value": Field(INTEGER, "rank among your accounts by money, 0 to 100", name="value"),
    "engagement": Field(INTEGER, "how much they engage with you, 0 to 100", name="engagement"),
    "score": Field(INTEGER, "all three together, 0 to 100", name="score"),
    "known": Field(INTEGER, "how many of its inputs are known", name="known"),
    "inputs": Field(INTEGER, "how many inputs there are", name="inputs"),
    "suggested_tier": Field(TEXT, "the tier that the score suggests", name="suggested_tier"),
    "tier_reason": Field(TEXT, "why that tier, or why none", name="tier_reason"),
    "why": Field(TEXT, "main reason", name="why"),
}
"""The columns of the list; the order of JSON keys and CSV columns."""


class Scored(Frozen):
    """An account (with the fields of `PARTS`) and its score."""

    account: Mapping[str, Any]
    score: Score


def rules(context: Context) -> ScoreRules:
    """Return the weights, profile, bounds and rates in force."""
    config = context.config
    return ScoreRules(
        weights={code: config[f"score.{code}"] for code in judging.CODES},
        profile=[_with_codes(context, criterion) for criterion in config.icp],
        bounds=config.tier_bounds,
        cadence=config.cadence,
        base=config["rates.base"],
        rates=config.rates,
        survey_days=config["health.survey_days"],
        signal_days=signal_days(config),
        moved_days=int(config.weight("score.moved_days", judging.MOVED_DAYS)),
        least_ranked=int(config.weight("score.least_ranked", judging.LEAST_RANKED)),
        enough={
            code: int(config.weight(f"score.enough_{code}", usual))
            for code, usual in judging.ENOUGH.items()
        },
    )


def signal_days(config: Config) -> int:
    """Return how far back touches, meetings and signals count."""
    return int(config.weight("score.signal_days", judging.SIGNAL_DAYS))


def _with_codes(context: Context, criterion: Criterion) -> Criterion:
    """Return a criterion with countries as stored: UK becomes GB.

    Not done where settings are read, because every command reads them.
    """
    if context.fields("account")[criterion.field].type != COUNTRY:
        return criterion
    place = f"[icp.{criterion.name}]"
    codes = {text.key(country(word, place)): match for word, match in criterion.match.items()}
    return criterion.replace(match=codes)


def one(context: Context, con: sqlite3.Connection, account_id: str) -> Scored:
    """Return the score of one account, ranked among all."""
    return several(context, con, [queries.by_id("id", account_id)], [account_id])[0]


def several(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    only: health_sql.Only = None,
) -> list[Scored]:
    """Return the scores of all accounts that match; with `only`, signals of no others are read."""
    today = context.clock.today
    by = rules(context)
    profile = [criterion.field for criterion in by.profile]
    names = dict.fromkeys((*PARTS, "currency", *profile))
    listing = queries.Listing(conditions)
    accounts = queries.select(con, "account", context.fields("account"), listing, names=names)
    worth, purchases = _worth(con, context.config, today)
    facts = _facts(context, con, accounts, only)
    book = judging.standings(worth.values(), by)
    found = []
    for account in accounts:
        id = account["id"]
        known = facts[id].replace(worth=worth.get(id, Worth()), purchases=purchases.get(id, ()))
        found.append(Scored(account, judging.score(known, book, by, today)))
    return found


def fit(context: Context, con: sqlite3.Connection, account_id: str) -> judging.ScorePart:
    """Return how well one account fits the ideal customer profile."""
    by = rules(context)
    names = dict.fromkeys(("currency", *(criterion.field for criterion in by.profile)))
    listing = queries.Listing([queries.by_id("id", account_id)])
    (row,) = queries.select(con, "account", context.fields("account"), listing, names=names)
    return judging.fit(ScoreFacts(fields=row), by)


def _worth(
    con: sqlite3.Connection, config: Config, today: date
) -> tuple[dict[str, Worth], dict[str, list[Spending]]]:
    """Return the worth of each account, and what it brought in this year and the last."""
    bought = _brought(con, config, today)
    purchases: dict[str, list[Spending]] = {}
    for row in bought:
        purchases.setdefault(row.account_id, []).append(Spending(row.year, row.before))
    spending = _amounts(sql.AmountRow(row.account_id, row.currency, row.year) for row in bought)
    pipeline = _amounts(sql.pipeline(con))
    potential = _amounts(sql.potential(con))
    ids = dict.fromkeys((*spending, *pipeline, *potential))
    worth = {
        id: Worth(spending.get(id, {}), pipeline.get(id, {}), potential.get(id, {})) for id in ids
    }
    return worth, purchases


def _brought(con: sqlite3.Connection, config: Config, today: date) -> list[sql.RevenueRow]:
    """Return what accounts bring a year, now and a year ago: ARR of contracts, and the rest.

    An account that brought something once and nothing since has a row as well.
    """
    year = dates.add_months(today, -12) + timedelta(days=1)
    sums = {
        (row.account_id, row.currency): [row.year, row.before]
        for row in sql.spending(con, year, dates.add_months(year, -12), today)
    }
    known = contracts.read(con, config).known
    for contract in known:
        currency = contract.facts.currency
        if contract.arr is not None and currency is not None and contract.starts <= today:
            sums.setdefault((contract.facts.account_id, currency), [0, 0])
    for place, day in enumerate((today, dates.add_months(today, -12))):
        for key, arr in arr_on(known, day).items():
            sums.setdefault(key, [0, 0])[place] += arr
    return [sql.RevenueRow(*key, *amounts) for key, amounts in sums.items()]


def _amounts(rows: Iterable[sql.AmountRow]) -> dict[str, dict[str, int]]:
    """Return minor units by account and currency."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.account_id, {})[row.currency] = row.amount
    return found


def _facts(
    context: Context,
    con: sqlite3.Connection,
    accounts: Iterable[Mapping[str, Any]],
    only: health_sql.Only,
) -> dict[str, ScoreFacts]:
    """Return the facts of each account except for its worth."""
    since = dates.iso(
        bounds_of_day(context.clock.today - timedelta(signal_days(context.config)))[0]
    )
    people = sql.people(con, only, since)
    signals = {
        row.account_id: Signals(row.touches, people.get(row.account_id), row.inbound, row.meetings)
        for row in sql.signals(con, only, since)
    }
    deals: dict[str, list[Moved]] = {}
    for deal in health_sql.deals(con, only):
        if deal.moved_on:
            moved = Moved(deal.title, date.fromisoformat(deal.moved_on))
            deals.setdefault(deal.account_id, []).append(moved)
    survey_rules = health_rules(context.config)
    surveys = {
        row.account_id: survey_of(row, survey_rules) for row in health_sql.surveys(con, only)
    }
    return {
        account["id"]: ScoreFacts(
            tier=account["tier"],
            fields=account,
            signals=signals.get(account["id"]),
            deals=deals.get(account["id"], ()),
            survey=surveys.get(account["id"]),
        )
        for account in accounts
    }


def rows(found: Iterable[Scored], least: int) -> list[ScoreRow]:
    """Return the rows of the list, the best first.

    Accounts of which less than `least` percent of the weight is known come last.
    """
    return [_row(one) for one in sorted(found, key=lambda one: _best_first(one, least))]


def _best_first(one: Scored, least: int) -> tuple[int, int, str]:
    """Sort accounts of which too little is known last, and those without a score after them."""
    score = one.score.score
    little = 100 * one.score.share < least
    place = 2 if score is None else 1 if little else 0
    return place, -(score or 0), text.key(one.account["name"])


def _row(one: Scored) -> ScoreRow:
    account, found = one.account, one.score
    reasons = judging.strongest(found)
    return {
        "id": account["id"],
        "account": account["name"],
        "account_id": account["id"],
        "number": account["number"],
        "tier": account["tier"],
        "status": account["status"],
        **_parts(found),
        "score": found.score,
        **_known(found),
        "suggested_tier": found.suggestion.tier,
        "tier_reason": found.suggestion.reason,
        "why": reasons[0].text if reasons else None,
    }


def _parts(found: Score) -> ScorePartsJson:
    return {
        "fit": found.part("fit").score,
        "value": found.part("value").score,
        "engagement": found.part("engagement").score,
    }


def _known(found: Score) -> InputsJson:
    return {"known": found.known, "inputs": len(found.inputs)}


def page(one: Scored) -> ScorePage:
    """Return the score of one account with its parts, and every input of each."""
    account, found = one.account, one.score
    return {
        "id": account["id"],
        "name": account["name"],
        "number": account["number"],
        "tier": account["tier"],
        "status": account["status"],
        "score": found.score,
        **_parts(found),
        **_known(found),
        "suggested_tier": found.suggestion.tier,
        "tier_differs": found.suggestion.differs,
        "tier_reason": found.suggestion.reason,
        "strongest": [reason.text for reason in judging.strongest(found, 2)],
        "parts": [
            {**reason_json(part), "reasons": [reason_json(reason) for reason in part.reasons]}
            for part in found.parts
        ],
    }
