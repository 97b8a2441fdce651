"""`acct account score`: which accounts deserve the most of one's time, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book import score
from acctcli.book.asked import Query
from acctcli.book.score import Scored
from acctcli.cli.account import noun
from acctcli.cli.kit import options, ranking
from acctcli.cli.kit.session import Session
from acctcli.domain import fit as judging
from acctcli.model import INTEGER, KINDS, TEXT, Field
from acctcli.results import Page, Table
from acctcli.store import queries
from acctcli.values.fields import Json

ACCOUNT = KINDS["account"].fields

FIELDS = {
    "account": KINDS["deal"].fields["account"],
    "number": ACCOUNT["number"],
    "tier": ACCOUNT["tier"],
    "status": ACCOUNT["status"],
    "fit": Field(INTEGER, "fit to the ideal customer profile, 0 to 100", name="fit"),
    "value": Field(INTEGER, "place among your accounts by money, 0 to 100", name="value"),
    "engagement": Field(INTEGER, "what they do themselves, 0 to 100", name="engagement"),
    "score": Field(INTEGER, "the three together, 0 to 100", name="score"),
    "known": Field(INTEGER, "how many of its inputs are known", name="known"),
    "inputs": Field(INTEGER, "how many inputs there are", name="inputs"),
    "suggested_tier": Field(TEXT, "the tier that the score speaks for", name="suggested_tier"),
    "tier_reason": Field(TEXT, "why that tier, or none", name="tier_reason"),
    "why": Field(TEXT, "what says most", name="why"),
}
COLUMNS = ("account", "tier", "fit", "value", "engagement", "score", "suggested_tier", "why")

WHY = "acct account score NAME --explain"


@noun.command(
    "score",
    examples=[
        "acct account score",
        "acct account score greentech --explain",
        "acct account score --status lead -f csv > leads.csv",
        "acct account score -f json | jq '.[] | select((.suggested_tier // .tier) != .tier)'",
    ],
)
def score_(
    session: Session,
    account: Annotated[
        str | None, options.argument("account", "One account; else all but former customers.")
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
    """Show which accounts deserve your time, from 0 to 100, the best first, with the reasons.

    Fit to your ideal customer ([icp] in config.toml), value among your own accounts, and
    engagement; a tier is suggested beside. What is not known is left out, never counted as
    zero. Weights are set under [score]; the formulas: docs/how-scores-work.md
    """
    one = ranking.one_of(session, account, query, explain=explain, limit=limit, why=WHY)
    if one is None:
        return _all(session, query, limit)
    with session.read() as con:
        found = score.one(session, con, session.find(con, "account", one).id)
    drawing = "score:explained" if explain else "score:short"
    return Page(page(found), drawing, session.clock.today)


def _all(session: Session, query: Query, limit: int | None) -> Table:
    with session.read() as con:
        found = score.several(
            session, con, ranking.accounts_in(session, con, query, queries.NOT_FORMER)
        )
    found.sort(key=_best_first)
    rows = [_row(one) for one in found[:limit]]
    return ranking.table(session, FIELDS, COLUMNS, rows, query, why=WHY, drawing="score:table")


def _best_first(one: Scored) -> tuple[bool, int, str]:
    """Those of which nothing is known come last."""
    score = one.score.score
    return (score is None, -(score or 0), text.key(one.account["name"]))


def _row(one: Scored) -> Json:
    account, found = one.account, one.score
    reasons = judging.strongest(found)
    return {
        "id": account["id"],
        "account": account["name"],
        "account_id": account["id"],
        **{name: account[name] for name in ("number", "tier", "status")},
        **{part.code: part.score for part in found.parts},
        "score": found.score,
        **_known(found),
        "suggested_tier": found.suggestion.tier,
        "tier_reason": found.suggestion.reason,
        "why": reasons[0].text if reasons else None,
    }


def _known(found: judging.Score) -> Json:
    return {"known": found.known, "inputs": len(found.inputs)}


def page(one: Scored) -> Json:
    """The score of one account with its parts, and every input of each."""
    found = one.score
    return {
        **{name: one.account[name] for name in score.PARTS},
        "score": found.score,
        **{part.code: part.score for part in found.parts},
        **_known(found),
        "suggested_tier": found.suggestion.tier,
        "tier_differs": found.suggestion.differs,
        "tier_reason": found.suggestion.reason,
        "strongest": [reason.text for reason in judging.strongest(found, 2)],
        "parts": [
            {**part.as_dict(), "reasons": [reason.as_dict() for reason in part.reasons]}
            for part in found.parts
        ],
    }
