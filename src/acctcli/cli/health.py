"""`acct review health`: how the accounts stand, and what each figure rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book import health
from acctcli.book.asked import Query
from acctcli.book.health import Judged
from acctcli.cli.kit import options, ranking
from acctcli.cli.kit.session import Session
from acctcli.cli.review import noun
from acctcli.domain import health as judging
from acctcli.model import DAY, INTEGER, KINDS, TEXT, Field
from acctcli.results import Page, Table
from acctcli.store import queries
from acctcli.values.fields import Json

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


COLUMNS = ("account", "tier", "health", "band", "change", "reason")

WHY = "acct review health NAME --explain"


@noun.command(
    "health",
    examples=[
        "acct review health",
        "acct review health greentech --explain",
        "acct review health --tier strategic,key -f csv > health.csv",
    ],
)
def health_(
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
    one = ranking.one_of(session, account, query, explain=explain, limit=limit, why=WHY)
    if one is None:
        return _all(session, query, limit)
    with session.read() as con:
        found = health.one(session, con, session.find(con, "account", one).id)
    drawing = "health:explained" if explain else "health:short"
    return Page(health.page(found), drawing, session.clock.today)


def _all(session: Session, query: Query, limit: int | None) -> Table:
    with session.read() as con:
        found = health.several(
            session, con, ranking.accounts_in(session, con, query, queries.SOLD_TO)
        )
    found.sort(key=_worst_first)
    rows = [_row(one) for one in found[:limit]]
    return ranking.table(session, FIELDS, COLUMNS, rows, query, why=WHY, drawing="health:table")


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
