"""`acct review health`: the health of accounts, and the reasons for each figure."""

from __future__ import annotations

from typing import Annotated

from acctcli.book import health, reading
from acctcli.book.asked import Query
from acctcli.cli.kit import options, ranking
from acctcli.cli.kit.session import Session
from acctcli.cli.review import noun
from acctcli.results import Page, Table
from acctcli.store import queries

COLUMNS = ("account", "tier", "health", "band", "change", "reason")

COMMAND = "acct review health"


@noun.command(
    "health",
    reads=True,
    examples=[
        "acct review health",
        "acct review health greentech --explain",
        "acct review health --tier strategic,key -f csv > health.csv",
    ],
)
def health_(
    session: Session,
    account: Annotated[
        str | None,
        options.argument("account", "One account. Default: all customers and prospects."),
    ] = None,
    explain: ranking.Explain = False,
    query: Query = options.filters(
        "account", "tier", "status", "owner", "tags", table=True, columns=list(health.FIELDS)
    ),
    limit: ranking.Limit = None,
) -> Table | Page:
    """Show the health of accounts from 0 to 100, worst first, with the reasons.

    Missing inputs are left out, never counted as zero. Set weights and the limits of red
    and amber with acct config edit, under [health]. Formulas: docs/how-scores-work.md
    """
    one = ranking.one_of(session, account, query, explain=explain, limit=limit, command=COMMAND)
    if one is None:
        return _all(session, query, limit)
    with session.read() as con:
        found = health.one(session, con, session.find(con, "account", one).id)
    drawing = "health:explained" if explain else "health:short"
    return Page(health.page(found), drawing, session.clock.today)


def _all(session: Session, query: Query, limit: int | None) -> Table:
    with session.read() as con:
        found = health.several(
            session, con, reading.accounts_in(session, con, query, queries.SOLD_TO)
        )
    rows = health.rows(found)
    return ranking.table(
        session, health.FIELDS, COLUMNS, rows, query, limit, command=COMMAND, drawing="health:table"
    )
