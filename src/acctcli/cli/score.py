"""`acct account score`: which accounts deserve most of your time, and why."""

from __future__ import annotations

from typing import Annotated

from acctcli.book import reading, score
from acctcli.book.asked import Query
from acctcli.cli.account import noun
from acctcli.cli.kit import options, ranking
from acctcli.cli.kit.session import Session
from acctcli.results import Page, Table
from acctcli.store import queries

COLUMNS = ("account", "tier", "fit", "value", "engagement", "score", "suggested_tier", "why")

COMMAND = "acct account score"


@noun.command(
    "score",
    reads=True,
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
        str | None, options.argument("account", "One account. Default: all but former customers.")
    ] = None,
    explain: ranking.Explain = False,
    query: Query = options.filters(
        "account", "tier", "status", "owner", "tags", table=True, columns=list(score.FIELDS)
    ),
    limit: ranking.Limit = None,
) -> Table | Page:
    """Score accounts from 0 to 100 by how much they deserve your time, best first.

    The score combines fit to your ideal customer ([icp] in the settings), value among your
    accounts, and engagement, and suggests a tier. Missing inputs are left out, never counted
    as zero. Set weights under [score]. Formulas: docs/how-scores-work.md
    """
    one = ranking.one_of(session, account, query, explain=explain, limit=limit, command=COMMAND)
    if one is None:
        return _all(session, query, limit)
    with session.read() as con:
        found = score.one(session, con, session.find(con, "account", one).id)
    drawing = "score:explained" if explain else "score:short"
    return Page(score.page(found), drawing, session.clock.today)


def _all(session: Session, query: Query, limit: int | None) -> Table:
    with session.read() as con:
        found = score.several(
            session, con, reading.accounts_in(session, con, query, queries.NOT_FORMER)
        )
    rows = score.rows(found, session.config["score.least_known"])
    return ranking.table(
        session, score.FIELDS, COLUMNS, rows, query, limit, command=COMMAND, drawing="score:table"
    )
