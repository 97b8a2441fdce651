"""`acct account segments`: the saved lists of accounts."""

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
            help="Delete this segment. Its accounts stay.",
            autocompletion=names_of("segment"),
        ),
    ] = None,
) -> Table | Done:
    """List your segments (saved account lists) with their size today, or delete one.

    Save one with: acct account list FILTERS --save NAME. Use it with --segment NAME in
    every list and report that filters accounts.
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
    return Done([], {}, f"{tx.says} To undo: acct undo")
