"""The risk of open deals: rows become facts, and facts a judgement.

The page of a deal, the board and `deal list --risk` use it. `domain.risk` decides what the facts
mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, timedelta
from typing import TYPE_CHECKING

from acctcli.book import people
from acctcli.book.context import Context
from acctcli.domain import asof, funnel, stakeholders
from acctcli.domain import risk as judging
from acctcli.domain.coverage import SIGNING, supports
from acctcli.domain.risk import Risk, RiskFacts, RiskRules
from acctcli.domain.stakeholders import Player
from acctcli.domain.strength import NONE
from acctcli.frozen import FrozenRow
from acctcli.model import INTEGER, KINDS, TEXT, Field, Row, declare
from acctcli.store import queries
from acctcli.store.facts import deals as deal_sql
from acctcli.store.facts import risk as sql
from acctcli.store.facts import touches as touch_sql
from acctcli.values import dates

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.asof import History
    from acctcli.shapes.deal import RiskJson, RiskReasonJson
    from acctcli.store.filters import Condition

LOOKS_BACK = 365
"""Older interactions are beyond every bound."""

BEGINNING = date(1900, 1, 1)

DEAL = KINDS["deal"].fields

FIELDS = declare(
    id=Field(TEXT, "the deal's id"),
    risk=Field(INTEGER, "0 to 100, higher is worse"),
    account=DEAL["account"],
    title=DEAL["title"],
    stage=DEAL["stage"],
    amount=DEAL["amount"],
    currency=DEAL["currency"],
    close_date=DEAL["close_date"],
    reasons=Field(TEXT, "why", many=True),
)
"""The columns of the list; the order of JSON keys and CSV columns."""


def rules(context: Context) -> RiskRules:
    """Return the points and bounds in force."""
    config = context.config
    points = {code: config[f"risk.{code}"] for code in judging.CODES}
    names = [name for name in RiskRules.__match_args__ if name != "points"]
    # The name of a bound is longer, because the points of its reason have the short one.
    keys = {"pushes": "risk.many_pushes"}
    return RiskRules(points, **{name: config[keys.get(name, f"risk.{name}")] for name in names})


def of_deals(context: Context, con: sqlite3.Connection, accounts: Iterable[str]) -> dict[str, Risk]:
    """Return the risk of each open deal of these accounts, by its id."""
    ids = sorted(set(accounts))
    today = context.clock.today
    by = rules(context)
    known = asof.histories(deal_sql.every(con), deal_sql.changes(con), context.config.stages)
    pace = judging.pace(known, by.least_won)
    norms = _norms(context, known)
    rows = sql.deals(con, ids)
    only = _only(rows)
    since = today - timedelta(days=LOOKS_BACK)
    said = _said(sql.said(con, [row.id for row in rows], list(only), since), only)
    loose = sql.loose_steps(con, ids)
    parts: dict[str, list[tuple[str, str | None]]] = {}
    for part in sql.parts(con, ids):
        parts.setdefault(part.deal_id, []).append((part.contact_id, part.role))
    having_parts = {id for of_deal in parts.values() for id, _ in of_deal}
    players = _players(context, con, ids, having_parts)
    found = {}
    for row in rows:
        heard = said.get(row.id, _NOTHING)
        facts = RiskFacts(
            stage=row.stage,
            opened=_day(row.opened_on),
            closes=_day(row.close_date),
            entered=_day(row.entered),
            norm=norms.get(row.stage),
            touched=_day(heard.touched),
            active=_day(heard.active),
            unanswered=heard.unanswered,
            asked=_day(heard.asked),
            has_step=row.stepped
            or (only.get(row.account_id) == row.id and row.account_id in loose),
            pushes=row.pushes,
            people=stakeholders.in_deal(players.get(row.account_id, ()), parts.get(row.id)),
        )
        found[row.id] = judging.risk(facts, pace, by, today)
    return found


class _Heard(FrozenRow):
    """The last contact about a deal, and what has been unanswered since."""

    touched: str | None
    active: str | None
    unanswered: int
    asked: str | None

    def after(self, row: sql.AskedRow) -> _Heard:
        if row.two_way:
            return _Heard(row.day, row.day, 0, None)
        if row.sent:
            asked = self.asked or row.day
            return _Heard(self.touched, row.day, self.unanswered + 1, asked)
        return _Heard(self.touched, row.day, self.unanswered, self.asked)


_NOTHING = _Heard(None, None, 0, None)


def _only(rows: Sequence[sql.OpenDealRow]) -> dict[str, str]:
    """Return an account's only open deal: interactions without a deal count for it."""
    found: dict[str, str] = {}
    for row in rows:
        found[row.account_id] = "" if row.account_id in found else row.id
    return {account: id for account, id in found.items() if id}


def _said(rows: Iterable[sql.AskedRow], only: Mapping[str, str]) -> dict[str, _Heard]:
    """Return what was heard about each deal."""
    found: dict[str, _Heard] = {}
    for row in rows:
        id = row.deal_id or only.get(row.account_id)
        if id is not None:
            found[id] = found.get(id, _NOTHING).after(row)
    return found


def _players(
    context: Context, con: sqlite3.Connection, accounts: Sequence[str], having_parts: Set[str]
) -> dict[str, list[Player]]:
    """Return the people of each account, those who may matter to a deal with their touches.

    A risk asks who signs and who supports us; `having_parts` have a role in a deal of their own.
    Most people in a large book are neither, and reading touches takes long.
    """
    rows = sql.players(con, accounts)
    mattering = [
        row.id
        for row in rows
        if row.id in having_parts
        or row.role in SIGNING
        or supports(row.role, row.influence, row.stance)
    ]
    touches = touch_sql.with_people(con, mattering, BEGINNING)
    spoke: dict[str, date] = {}
    for touch in touches:
        spoke[touch.contact_id] = max(touch.day, spoke.get(touch.contact_id, touch.day))
    strengths = people.strengths(context, touches)
    found: dict[str, list[Player]] = {}
    for row in rows:
        player = Player(
            *(row.id, row.name, row.role, row.influence, row.stance),
            spoke=spoke.get(row.id),
            strength=strengths.get(row.id, NONE),
        )
        found.setdefault(row.account_id, []).append(player)
    return found


def _norms(context: Context, known: Sequence[History]) -> dict[str, float]:
    stages = context.config.stages
    least = int(context.config.weight("report.norm_won", funnel.MIN_WON))
    passages = funnel.passages(known, dates.iso(context.clock.today), stages)
    return {stage: norm.days for stage, norm in funnel.norms(passages, stages, least).items()}


def _day(written: str | None) -> date | None:
    return dates.parse_iso_day(written) if written else None


def as_json(found: Risk | None) -> RiskJson | None:
    """Return the points and the reasons; None for a closed deal."""
    if found is None:
        return None
    reasons: list[RiskReasonJson] = [
        {"code": reason.code, "text": reason.text, "points": reason.points}
        for reason in found.reasons
    ]
    return {"score": found.score, "reasons": reasons}


def rows(context: Context, con: sqlite3.Connection, conditions: Sequence[Condition]) -> list[Row]:
    """Return the open deals that match as rows of `FIELDS`, by risk, then by amount."""
    names = [name for name in FIELDS if name not in ("risk", "reasons")]
    listing = queries.Listing(conditions, "close_date,-amount")
    fields = context.fields("deal")
    found: list[Row] = queries.select(con, "deal", fields, listing, names=names)
    risks = of_deals(context, con, {row["account_id"] for row in found})
    known = [
        {
            **row,
            "risk": risks[row["id"]].score,
            "reasons": tuple(reason.text for reason in risks[row["id"]].reasons),
        }
        for row in found
        if row["id"] in risks
    ]
    return sorted(known, key=lambda row: -row["risk"])
