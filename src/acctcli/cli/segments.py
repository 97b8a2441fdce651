"""`acct account segments`: the saved lists of accounts, and how one is kept."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.cli.account import noun
from acctcli.cli.kit.offers import records as names_of
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, UsageError
from acctcli.model import INTEGER, KINDS, TEXT, Field
from acctcli.results import Done, Table
from acctcli.store import queries
from acctcli.store import records as store
from acctcli.store import segments as sql

FIELDS = {
    "id": KINDS["segment"].fields["id"],
    "name": KINDS["segment"].fields["name"],
    "filters": KINDS["segment"].fields["filters"],
    "accounts": Field(INTEGER, "how many accounts are in it today", name="accounts"),
    "problem": Field(TEXT, "why it cannot be asked any more", name="problem"),
}
"""One segment; the order of JSON keys and CSV columns."""

COLUMNS = ("name", "accounts", "filters")


@noun.command(
    "segments",
    examples=[
        "acct account segments",
        'acct account segments --delete "Singapore energy"',
        "acct account segments -f json | jq '.[].filters'",
    ],
)
def segments(
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
    rows: list[dict[str, Any]] = []
    with session.read() as con:
        for segment in sql.every(con):
            row: dict[str, Any] = {**segment.as_dict(), "accounts": None, "problem": None}
            try:
                fitting = reading.conditions_of_segment(session, con, segment)
                row["accounts"] = queries.count(con, "account", [queries.NOT_ARCHIVED, *fitting])
            except AcctError as error:
                row["problem"] = error.message.partition("\n")[0]
                session.notice(row["problem"])
            rows.append(row)
    return Table(
        "segment",
        "segments",
        FIELDS,
        rows,
        COLUMNS,
        list(FIELDS),
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


def check(query: Query, *, archived: bool) -> None:
    """Refuse to keep what a segment does not hold: pages, other segments, who is archived."""
    if query.segment is not None:
        raise UsageError(
            "--save keeps filters: write out those of --segment (acct account segments)"
        )
    if query.limit is not None or query.offset:
        raise UsageError("--save keeps filters, order and columns: leave out --limit and --offset")
    if archived:
        raise UsageError("--save does not keep --archived: give it again with --segment")
    if not query.narrows:
        raise UsageError("--save has nothing to keep: give a filter, such as --tier key")


def keep(session: Session, name: str, query: Query) -> str:
    """Keep the filters of a list under a name, in place of others; returns what was done."""
    name = text.one_line(name, "--save")
    with session.write() as tx:
        before = sql.save(tx, name, query.words)
        tx.says = f"Saved segment {text.safe(name)}: {text.safe(query.words)}."
        if tx.command is None:
            return f"Segment {text.safe(name)} is so already: {text.safe(query.words)}."
    return tx.says if before is None else f"{tx.says} It was: {text.safe(before.filters)}."
