"""Saved lists of accounts: saving one, and how many accounts each has today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import reading
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.errors import AcctError, UsageError
from acctcli.model import INTEGER, KINDS, TEXT, Field
from acctcli.store import queries
from acctcli.store import segments as sql

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.segments import SegmentRow

FIELDS = {
    "id": KINDS["segment"].fields["id"],
    "name": KINDS["segment"].fields["name"],
    "filters": KINDS["segment"].fields["filters"],
    "accounts": Field(INTEGER, "how many accounts are in it today", name="accounts"),
    "problem": Field(TEXT, "why it cannot be asked any more", name="problem"),
}
"""A segment; the order of JSON keys and CSV columns."""


def rows(context: Context, con: sqlite3.Connection) -> list[SegmentRow]:
    """Return the saved lists; one that no longer works has the problem instead of a count."""
    found: list[SegmentRow] = []
    for segment in sql.every(con):
        row: SegmentRow = {
            "id": segment.id,
            "name": segment.name,
            "filters": segment.filters,
            "accounts": None,
            "problem": None,
        }
        try:
            fitting = reading.conditions_of_segment(context, con, segment)
            row["accounts"] = queries.count(con, "account", [queries.NOT_ARCHIVED, *fitting])
        except AcctError as error:
            row["problem"] = error.message.partition("\n")[0]
        found.append(row)
    return found


def check(query: Query, *, archived: bool) -> None:
    """Refuse what a segment cannot store: pages, other segments, archived accounts."""
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


def keep(context: Context, name: str, query: Query) -> str:
    """Save the filters of a list under a name, replacing others; return a sentence."""
    name = text.one_line(name, "--save")
    with context.write() as tx:
        before = sql.save(tx, name, query.words)
        tx.says = f"Saved segment {text.safe(name)}: {text.safe(query.words)}."
        if tx.command is None:
            return f"Segment {text.safe(name)} is so already: {text.safe(query.words)}."
    return tx.says if before is None else f"{tx.says} It was: {text.safe(before.filters)}."
