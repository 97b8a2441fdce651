"""`acct account segments`: the saved lists of accounts, and how one is kept."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book import segments
from acctcli.cli.account import noun
from acctcli.cli.kit.offers import records as names_of
from acctcli.cli.kit.session import Session
from acctcli.results import Done, Table
from acctcli.store import records as store
from acctcli.store import segments as sql

COLUMNS = ("name", "accounts", "filters")


@noun.command(
    "segments",
    examples=[
        "acct account segments",
        'acct account segments --delete "Singapore energy"',
        "acct account segments -f json | jq '.[].filters'",
    ],
)
def segments_(
    session: Session,
    delete: Annotated[
        str | None,
        typer.Option(
            "--delete",
            metavar="NAME",
            help="Forget this one; its accounts stay.",
            autocompletion=names_of("segment"),
        ),
    ] = None,
) -> Table | Done:
    """List the saved lists of accounts, with how many are in each today; or delete one.

    One is kept with: acct account list FILTERS --save NAME. Every list and report
    that is narrowed down by filters of accounts takes it with --segment NAME.
    """
    if delete is not None:
        return _forget(session, delete)
    with session.read() as con:
        rows = segments.rows(session, con)
    for row in rows:
        if row["problem"]:
            session.notice(row["problem"])
    return Table(
        "segment",
        "segments",
        segments.FIELDS,
        rows,
        COLUMNS,
        list(segments.FIELDS),
        {},
        "One of them: acct account list --segment NAME",
        "No segments yet. Start with: acct account list --tier key --save NAME",
    )


def _forget(session: Session, typed: str) -> Done:
    with session.write() as tx:
        segment = sql.find(tx.con, typed, whole=True)
        store.delete(tx, "segment", segment.id)
        tx.says = f"Deleted segment {text.safe(segment.name)}."
    return Done([], {}, f"{tx.says} Back with: acct undo")
