"""`acct review health`: how the accounts stand, and what each figure rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.cli import judged, options, records
from acctcli.cli.account import NOT_ARCHIVED
from acctcli.cli.judged import Json, Judged
from acctcli.cli.options import Query
from acctcli.cli.review import noun
from acctcli.cli.session import Session
from acctcli.domain import health as judging
from acctcli.errors import UsageError
from acctcli.model import DAY, INTEGER, KINDS, TEXT, Field
from acctcli.render.results import Page, Table
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
    "reason": Field(TEXT, "what says most", name="reason"),
}
ACCOUNT_PARTS = ("id", "name", "number", "tier", "status")
COLUMNS = ("account", "tier", "health", "band", "change", "reason")

SOLD_TO = Condition("t.status IN ('prospect', 'customer')", [])


@noun.command(
    "health",
    examples=[
        "acct review health",
        "acct review health greentech --explain",
        "acct review health --tier strategic,key -f csv > health.csv",
    ],
)
def health(
    session: Session,
    account: Annotated[
        str | None, options.argument("account", "One account; else all customers and prospects.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every input with weight, score and evidence.")
    ] = False,
    query: Query = options.filters(
        "account", "tier", "status", "owner", "tags", table=True, columns=list(FIELDS)
    ),
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", metavar="N", min=0, help="At most so many.")
    ] = None,
) -> Table | Page:
    """Show the health of accounts, from 0 to 100, the worst first, with the reasons.

    What is not known is left out, never counted as zero. Weights and the bounds of red
    and amber are set in config.toml under [health]; the formulas: docs/how-scores-work.md
    """
    if account is None:
        if explain:
            raise UsageError("--explain needs an account: acct review health NAME --explain")
        return _all(session, query, limit)
    if query.narrows or session.output.columns or limit is not None:
        raise UsageError("filters, columns and --limit are for the list, not for one account")
    with session.read() as con:
        found = judged.one(session, con, session.find(con, "account", account).id)
    drawing = "health:explained" if explain else "health:short"
    return Page(page(found), drawing, session.clock.today)


def _all(session: Session, query: Query, limit: int | None) -> Table:
    with session.read() as con:
        conditions = [NOT_ARCHIVED, *records.conditions_of(session, con, "account", query)]
        # A segment says itself who is in it.
        if not (query.segment or any(name == "status" for name, _, _ in query.filters)):
            conditions.append(SOLD_TO)
        found = judged.several(session, con, conditions)
    found.sort(key=_worst_first)
    return Table(
        "account",
        "accounts",
        FIELDS,
        [_row(one) for one in found[:limit]],
        COLUMNS,
        list(FIELDS),
        {},
        "Why: acct review health NAME --explain",
        records.empty_sentence("account", filtered=query.narrows),
        session.clock.today,
        drawing="health:table",
    )


def _worst_first(one: Judged) -> tuple[bool, int, str]:
    """Those of which nothing is known come last."""
    score = one.health.score
    return (score is None, score or 0, text.key(one.account.name))


def _row(one: Judged) -> Json:
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


def page(one: Judged) -> Json:
    """The health of one account with all its reasons, and how it was at the reviews."""
    account = {name: getattr(one.account, name) for name in ACCOUNT_PARTS}
    return {**account, **standing(one)}


def standing(one: Judged) -> Json:
    """Its health without the account: score, reasons, change and trend."""
    last = one.past[-1] if one.past else None
    return {
        **judged.as_json(one.health),
        "lost": {code: round(points, 1) for code, points in judging.lost(one.health).items()},
        "last_review": {"held_on": last.held_on, "health": last.health} if last else None,
        "change": one.change,
        "causes": [cause.as_dict() | {"points": round(cause.points, 1)} for cause in one.causes],
        "trend": [{"held_on": past.held_on, "health": past.health} for past in one.past],
    }
