"""The health of accounts: rows become facts, and facts a judgement.

The page of an account, its review, its brief and the list of all use it. `domain.health` decides
what the facts mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from acctcli import text
from acctcli.book import contracts as book_contracts
from acctcli.book.context import Context
from acctcli.domain import health as judging
from acctcli.domain import health_facts, health_inputs
from acctcli.domain.cadence import AccountFacts, cadence_of
from acctcli.domain.contracts import AHEAD, ENDED, RENEWED, RUNNING, Contract, arr_on
from acctcli.domain.health import Health
from acctcli.domain.health_facts import HealthFacts, HealthRules
from acctcli.frozen import Frozen
from acctcli.model import DAY, INTEGER, KINDS, TEXT, Field
from acctcli.store import queries
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import contracts as contract_sql
from acctcli.store.facts import health as sql
from acctcli.store.facts.health import Past
from acctcli.store.required import missing
from acctcli.values import dates
from acctcli.values.fields import bounds_of_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.domain.reasons import Reason
    from acctcli.shapes.account import KeptPromisesJson
    from acctcli.shapes.health import HealthJson, HealthPage, HealthRow, ReasonJson, StandingJson
    from acctcli.store.filters import Condition


ACCOUNT = KINDS["account"].fields

FIELDS = {
    "account": KINDS["review"].fields["account"],
    "number": ACCOUNT["number"],
    "tier": ACCOUNT["tier"],
    "status": ACCOUNT["status"],
    "health": Field(INTEGER, "0 to 100, higher is better", name="health"),
    "band": Field(TEXT, "red, amber or green", name="band"),
    "change": Field(INTEGER, "points since the last review", name="change"),
    "last_review": Field(DAY, "when that was held", name="last_review"),
    "reason": Field(TEXT, "main reason", name="reason"),
}
"""The columns of the list; the order of JSON keys and CSV columns."""


class Judged(Frozen):
    """An account with its facts, its health, and its health at past reviews."""

    account: AccountFacts
    facts: HealthFacts
    health: Health
    past: Sequence[Past]

    @property
    def trend(self) -> list[tuple[str, int]]:
        """Return the day and health of each review, by today's rules where it kept its inputs.

        So changed settings do not look like a change of the account.
        """
        rules = self.health.rules
        kept = [(past, judging.judged_again(past.scores, rules)) for past in self.past]
        return [(past.held_on, past.health if now is None else now) for past, now in kept]

    @property
    def was(self) -> int | None:
        """The health at the last review that stored one, by the same rules."""
        return self.trend[-1][1] if self.past else None

    @property
    def change(self) -> int | None:
        """Points up or down since that review."""
        if self.health.score is None or self.was is None:
            return None
        return self.health.score - self.was

    @property
    def causes(self) -> list[judging.Cause]:
        """What caused that change, as far as the review stored its inputs."""
        return judging.changes(self.health, self.past[-1].scores) if self.past else []

    @property
    def falls(self) -> list[Reason]:
        """Today's reasons for a lower health, from those causes."""
        return judging.falls(self.health, self.past[-1].scores) if self.past else []


def rules(config: Config) -> HealthRules:
    """Return the weights and bounds in force."""
    weights = {code: config[f"health.{code}"] for code in judging.CODES}
    known = {**config.values, **config.own_weights}
    names = [name for name in HealthRules.__match_args__ if f"health.{name}" in known]
    return HealthRules(weights, **{name: known[f"health.{name}"] for name in names})


def one(context: Context, con: sqlite3.Connection, account_id: str) -> Judged:
    """Return the health of one account."""
    return several(context, con, [queries.by_id("id", account_id)], [account_id])[0]


def several(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    only: sql.Only = None,
) -> list[Judged]:
    """Return the health of all accounts that match; with `only`, facts of no others are read."""
    accounts = account_sql.accounts(con, conditions)
    return judge(context, con, accounts, only)


def judge(
    context: Context,
    con: sqlite3.Connection,
    accounts: Sequence[AccountFacts],
    only: sql.Only = None,
) -> list[Judged]:
    """Judge accounts that were read already; `only` are their ids, or None for the whole book."""
    today = context.clock.today
    facts = _facts(context, con, accounts, only)
    past = _by_account(sql.reviews(con, only))
    by = rules(context.config)
    return [
        Judged(
            account,
            facts[account.id],
            judging.health(facts[account.id], by, today),
            past.get(account.id, []),
        )
        for account in accounts
    ]


def inputs(health: Health) -> tuple[str, ...]:
    """Return the inputs of a health as a review stores them: `touch=62`."""
    return tuple(
        f"{reason.code}={reason.score:.0f}"
        for reason in health.reasons
        if reason.score is not None and reason.weight > 0
    )


def as_json(one: Judged) -> HealthJson:
    """Return score, band, bounds and all reasons, with the codes of the strongest."""
    health = one.health
    return {
        "score": health.score,
        "band": health.band,
        "known": health.known,
        "red": health.rules.red,
        "amber": health.rules.amber,
        "strongest": [reason.code for reason in judging.strongest(health)],
        "reasons": [reason_json(reason) for reason in health.reasons],
        "trend": [{"held_on": held_on, "health": was} for held_on, was in one.trend],
    }


def reason_json(reason: Reason) -> ReasonJson:
    """Return one input of a judgement as JSON."""
    return {
        "code": reason.code,
        "text": reason.text,
        "weight": reason.weight,
        "score": reason.score,
        "evidence": reason.evidence,
    }


def kept_promises(one: Judged, today: date) -> KeptPromisesJson:
    """Return how many promises of each side were kept on time, of those that were due."""
    days = one.health.rules.promise_days
    us, them = (
        health_inputs.keeping(one.facts.promises, side, days, today) for side in health_inputs.SIDES
    )
    return {
        "days": days,
        "us": {"kept": us.kept, "due": us.due},
        "them": {"kept": them.kept, "due": them.due},
    }


def rows(found: Iterable[Judged]) -> list[HealthRow]:
    """Return the rows of the list, the worst first."""
    return [_row(one) for one in sorted(found, key=_worst_first)]


def _worst_first(one: Judged) -> tuple[bool, int, str]:
    """Sort accounts without a known health last."""
    score = one.health.score
    return (score is None, score or 0, text.key(one.account.name))


def _row(one: Judged) -> HealthRow:
    reasons = judging.strongest(one.health, 1)
    return {
        "id": one.account.id,
        "account": one.account.name,
        "account_id": one.account.id,
        "number": one.account.number,
        "tier": one.account.tier,
        "status": one.account.status,
        "health": one.health.score,
        "band": one.health.band,
        "change": one.change,
        "last_review": one.past[-1].held_on if one.past else None,
        "reason": reasons[0].text if reasons else None,
    }


def page(one: Judged) -> HealthPage:
    """Return the health of one account with all its reasons, and its health at the reviews."""
    account = one.account
    return {
        "id": account.id,
        "name": account.name,
        "number": account.number,
        "tier": account.tier,
        "status": account.status,
        **standing(one),
    }


def standing(one: Judged) -> StandingJson:
    """Return the health without the account: score, reasons, change and trend."""
    found = as_json(one)
    return {
        **found,
        "lost": {code: round(points, 1) for code, points in judging.lost(one.health).items()},
        "last_review": found["trend"][-1] if found["trend"] else None,
        "change": one.change,
        "causes": [
            {
                "code": cause.code,
                "was": cause.was,
                "now": cause.now,
                "points": round(cause.points, 1),
            }
            for cause in one.causes
        ],
    }


class OfAccount(Protocol):
    """A row with an account."""

    @property
    def account_id(self) -> str:
        """The account's id."""


R = TypeVar("R", bound=OfAccount)


def _by_account(rows: Iterable[R]) -> dict[str, list[R]]:
    """Return the rows of each account, in their order."""
    found: dict[str, list[R]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def _facts(
    context: Context, con: sqlite3.Connection, accounts: Sequence[AccountFacts], only: sql.Only
) -> dict[str, HealthFacts]:
    today = context.clock.today
    day = date.fromisoformat
    year = dates.add_months(today, -12) + timedelta(days=1)
    by = rules(context.config)
    since = bounds_of_day(today - timedelta(days=by.message_days))[0]
    tasks = _by_account(sql.tasks(con, only, today - timedelta(days=by.promise_days), today))
    people = _by_account(sql.people(con, only))
    left = _by_account(sql.left(con, only, today - timedelta(days=by.left_days)))
    deals = _by_account(sql.deals(con, only))
    decided = _by_account(sql.decided(con, only, today - timedelta(days=by.lost_days)))
    contracts = book_contracts.read(con, context.config, contract_sql.of_accounts(only))
    bought = sql.spending(con, only, year, dates.add_months(year, -12), today)
    spending = _spending(bought, contracts.known, today)
    terms = _terms(contracts, today)
    tickets = _by_account(sql.tickets(con, only))
    surveys = _by_account(sql.surveys(con, only))
    messages = _by_account(sql.messages(con, only, dates.iso(since)))
    filled = _filled(context, con, accounts, only)
    config = context.config
    found: dict[str, HealthFacts] = {}
    for account in accounts:
        id = account.id
        opened = [day(ticket.day) for ticket in tickets.get(id, ()) if ticket.open]
        found[id] = HealthFacts(
            since=day(account.since) if account.since else None,
            last_touch=day(account.last_touch) if account.last_touch else None,
            cadence=cadence_of(account.tier, account.cadence_days, config.cadence),
            promises=[promise_of(task) for task in tasks.get(id, ())],
            people=[
                health_facts.Stakeholder(person.influence, person.stance, person.role)
                for person in people.get(id, ())
            ],
            left=[
                health_facts.Leaver(day(gone.day), gone.role, gone.stance)
                for gone in left.get(id, ())
            ],
            deals=_deals(deals.get(id, ()), tasks.get(id, ())),
            decided=[_decided(deal) for deal in decided.get(id, ())],
            spending=spending.get(id, ()),
            terms=terms.get(id, ()),
            tickets=opened if id in tickets else None,
            survey=survey_of(surveys[id][-1], by) if id in surveys else None,
            messages=health_inputs.messages(
                (day(message.day), message.touch) for message in messages.get(id, ())
            ),
            record=filled.get(id),
        )
    return found


def _spending(
    rows: Iterable[sql.SpendingRow], contracts: Sequence[Contract], today: date
) -> dict[str, list[health_facts.Spending]]:
    """Return what each account brings a year now and a year ago, per currency: ARR and the rest."""
    sums: dict[tuple[str, str], list[float]] = {
        (row.account_id, row.currency): [row.year, row.before] for row in rows
    }
    for place, day in enumerate((today, dates.add_months(today, -12))):
        for key, arr in arr_on(contracts, day).items():
            sums.setdefault(key, [0, 0])[place] += arr
    found: dict[str, list[health_facts.Spending]] = {}
    for (account, _), (year, before) in sums.items():
        found.setdefault(account, []).append(health_facts.Spending(year, before))
    return found


def _terms(
    contracts: book_contracts.Contracts, today: date
) -> dict[str, list[health_facts.RunningTerm]]:
    """Return the contracts of each account that nothing succeeded and that nobody let go."""
    found: dict[str, list[health_facts.RunningTerm]] = {}
    for contract in contracts.known:
        standing = contract.standing(today)
        if standing not in (RENEWED, ENDED):
            term = health_facts.RunningTerm(
                contract.facts.product or "a contract",
                contract.deadline(today),
                contracts.deal_for(contract) is not None,
                None if standing in (AHEAD, RUNNING) else contract.window,
            )
            found.setdefault(contract.facts.account_id, []).append(term)
    return found


def promise_of(row: sql.TaskRow) -> health_facts.Promise:
    """Return a task with a due day as a promise."""
    return health_facts.Promise(
        date.fromisoformat(row.due), row.owed_by, _day(row.done), _day(row.entered)
    )


def _day(written: str | None) -> date | None:
    return dates.parse_iso_day(written) if written else None


def _deals(
    rows: Sequence[sql.DealRow], tasks: Sequence[sql.TaskRow]
) -> list[health_facts.OpenDeal]:
    """Return the open deals; a task without a deal counts for an only deal."""
    stepped = {task.deal_id for task in tasks if task.done is None}
    loose = len(rows) == 1 and None in stepped
    return [_deal(row, has_step=loose or row.id in stepped) for row in rows]


def _deal(row: sql.DealRow | sql.DecidedRow, *, has_step: bool) -> health_facts.OpenDeal:
    days = _day(row.close_date), _day(row.moved_on)
    return health_facts.OpenDeal(row.title, *days, row.pushes, has_step)


def _decided(row: sql.DecidedRow) -> health_facts.DecidedDeal:
    """Return a deal that was won or lost; its planned steps then are not kept."""
    return health_facts.DecidedDeal(
        date.fromisoformat(row.closed_on), row.won, _deal(row, has_step=False)
    )


def survey_of(row: sql.SurveyRow, by: HealthRules) -> health_facts.Survey:
    """Return the answer to a survey; without a scale (only in old files) it is an NPS."""
    score, day = row.score, date.fromisoformat(row.day)
    if row.scale == "csat":
        return health_facts.Survey(health_inputs.csat_points(score, by), f"CSAT {score} of 5", day)
    return health_facts.Survey(health_inputs.nps_points(score, by), f"NPS {score} of 10", day)


def _filled(
    context: Context, con: sqlite3.Connection, accounts: Sequence[AccountFacts], only: sql.Only
) -> dict[str, health_facts.RequiredFields]:
    """Return the required fields of each account that has any, and which of them are empty."""
    asked = {
        account.id: context.config.required_fields("account", account.tier) for account in accounts
    }
    names = dict.fromkeys(name for fields in asked.values() for name in fields)
    if not names:
        return {}
    known = context.fields("account")
    conditions = [] if only is None else [queries.by_ids("id", only)]
    rows: Mapping[str, Mapping[str, Any]] = {
        row["id"]: row
        for row in queries.select(con, "account", known, queries.Listing(conditions), names=names)
    }
    return {
        id: health_facts.RequiredFields(len(fields), missing(fields, known, rows[id]))
        for id, fields in asked.items()
        if fields
    }
