"""Saved lists: saving one, and how many records each has today."""

from __future__ import annotations

from collections.abc import Mapping
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

    from acctcli.shapes.segments import AnySegmentRow, SegmentRow

_EXAMPLES = {
    "account": "--tier key --save 'Key accounts'",
    "contact": "--role champion --save Champions",
    "deal": "--stage proposal --save Proposals",
}
"""A filter to save as an example, and a name for it, by kind."""


def fields(kind: str) -> Mapping[str, Field]:
    """Return the fields of a segment, in the order of JSON keys and CSV columns."""
    plural, own = KINDS[kind].plural, KINDS["segment"].fields
    return {
        **{name: own[name] for name in ("id", "name", "filters")},
        plural: Field(INTEGER, f"how many {plural} are in it today", name=plural),
        "problem": Field(TEXT, "why it cannot be asked any more", name="problem"),
    }


def rows(context: Context, con: sqlite3.Connection, kind: str) -> list[AnySegmentRow]:
    """Return the saved lists of a kind; one that no longer works has the problem, no count."""
    found: list[AnySegmentRow] = []
    for segment in sql.every(con, kind):
        size, problem = None, None
        try:
            fitting = reading.conditions_of_segment(context, con, segment)
            size = queries.count(con, kind, [*reading.unless_archived(kind), *fitting])
        except AcctError as error:
            problem = error.message.partition("\n")[0]
        row: SegmentRow = {
            "id": segment.id,
            "name": segment.name,
            "filters": segment.filters,
            "problem": problem,
        }
        match kind:
            case "account":
                found.append({**row, "accounts": size})
            case "contact":
                found.append({**row, "contacts": size})
            case _:
                found.append({**row, "deals": size})
    return found


def start_with(kind: str) -> str:
    """Return the command that saves a first segment of a kind."""
    return f"acct {kind} list {_EXAMPLES[kind]}"


def check(kind: str, query: Query, *, archived: bool = False) -> None:
    """Refuse what a segment cannot store: pages, other segments, archived accounts."""
    if query.segment is not None:
        raise UsageError(
            f"--save keeps filters: write out those of --segment (acct {kind} segments)"
        )
    if query.limit is not None or query.offset:
        raise UsageError("--save keeps filters, order and columns: leave out --limit and --offset")
    if archived:
        raise UsageError("--save does not keep --archived: give it again with --segment")
    if not query.narrows:
        raise UsageError(f"--save has nothing to keep: give a filter, such as {_EXAMPLES[kind]}")


def keep(context: Context, kind: str, name: str, query: Query) -> str:
    """Save the filters of a list under a name, replacing others; return a sentence."""
    name = text.one_line(name, "--save")
    with context.write() as tx:
        before = sql.save(tx, kind, name, query.words)
        tx.says = f"Saved segment {text.safe(name)}: {text.safe(query.words)}."
        if tx.command is None:
            return f"Segment {text.safe(name)} is so already: {text.safe(query.words)}."
    return tx.says if before is None else f"{tx.says} It was: {text.safe(before.filters)}."
