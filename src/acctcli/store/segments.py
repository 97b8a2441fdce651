"""Saved lists of accounts, contacts or deals: their filters under a name, as they were typed.

A segment stores filters and not records: they apply anew each time, and `-30d` in them means
thirty days before the day of use. It is a record like any other: in the journal, exported, and
undone by `undo`. Options read the words of its filters.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.errors import Ambiguous, NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import lookup, queries, records

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


class SavedSegment(Frozen):
    """A saved list of records of a kind: `filters` are the words of a command line."""

    id: str
    name: str
    kind: str
    filters: str


def every(con: sqlite3.Connection, kind: str) -> list[SavedSegment]:
    """Return all segments of a kind by name."""
    rows = queries.select(con, "segment", KINDS["segment"].fields)
    # A damaged value is no kind: such a segment is shown where those of old are.
    return [
        SavedSegment(row["id"], row["name"], row["kind"] or "account", row["filters"])
        for row in rows
        if (row["kind"] or "account") == kind
    ]


def find(con: sqlite3.Connection, kind: str, typed: str, *, whole: bool = False) -> SavedSegment:
    """Return the named segment, by name or id, or by a start or part of its name.

    With `whole` a name must be the whole name. Raises `NotFound` with similar names, and
    `Ambiguous` with the candidates.
    """
    saved = every(con, kind)
    wanted, tail = text.key(typed), typed.strip().lower()
    by_id = [one for one in saved if len(tail) >= lookup.TAIL and one.id.endswith(tail)]
    named = [(text.key(one.name), one) for one in saved] if wanted else []
    ways = [[one for name, one in named if name == wanted] or by_id]
    if not whole:
        ways.append([one for name, one in named if name.startswith(wanted)])
        ways.append([one for name, one in named if text.begins_word(name, wanted)])
    found = next(filter(None, ways), [])
    if len(found) == 1:
        return found[0]
    said = [f"{text.safe(one.name)} ({one.id[-lookup.TAIL :]})" for one in found]
    if found:
        raise Ambiguous(
            f"{text.quoted(typed)} matches {len(found)} segments: {text.sentence_list(said, 5)}. "
            "Use more of the name, or the id",
            candidates=said,
        )
    near = text.near(typed, [one.name for one in saved]) if wanted else []
    hint = text.did_you_mean([text.safe(name) for name in near])
    raise NotFound(
        f"no segment {text.quoted(typed)}.{hint} All: acct {kind} segments", candidates=near
    )


def save(tx: Writing, kind: str, name: str, filters: str) -> SavedSegment | None:
    """Save filters under a name; return what was saved under exactly this name before.

    Saving the same filters again leaves no trace.
    """
    key = text.key(name)
    before = next((one for one in every(tx.con, kind) if text.key(one.name) == key), None)
    if before is None:
        records.insert(tx, "segment", {"name": name, "kind": kind, "filters": filters})
    else:
        records.update(tx, "segment", before.id, {"name": name, "filters": filters})
    return before
