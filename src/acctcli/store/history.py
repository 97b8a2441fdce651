"""The journal for people: which commands ran, and how a record changed.

This module knows which changes belong to a record; `book.history` words them. Nothing here changes
the book: `undo` does that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence, Set
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from acctcli import model, text
from acctcli.errors import NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS, NOUNS, Field, Row
from acctcli.store import added, lookup
from acctcli.store.kinds import KEYED
from acctcli.store.remembered import TABLES, row_of
from acctcli.values import dates
from acctcli.values.fields import Unreadable, is_value

COMMAND_FIELDS = model.declare(
    seq=Field(model.INTEGER, "its number, for acct undo"),
    at=Field(model.MOMENT, "when it ran"),
    who=Field(model.TEXT, "who ran it"),
    what=Field(model.TEXT, "what it did, in a sentence"),
    typed=Field(model.TEXT, "what was typed"),
    records=Field(model.INTEGER, "how many records it changed"),
    undoes=Field(model.INTEGER, "the command that it undid"),
    undone_by=Field(model.INTEGER, "the command that undid it"),
    origin=Field(model.TEXT, "the machine or colleague it came from; empty if it ran here"),
)
"""One command of the history; the order of JSON keys and CSV columns."""


class RowChange(Frozen):
    """One change of one row, with the command that made it."""

    seq: int
    command: int
    at: str
    who: str
    table: str
    row: str
    kind: str
    record: str
    account_id: str | None
    op: str
    before: str | None
    after: str | None
    undoes: int | None  # the command that this one undid, if it is an undo
    again: bool  # whether the undone command was an undo itself, so that this one redoes something
    origin: str | None  # the machine or colleague that the command came from


def _moment(stored: str) -> str:
    """Return when a command ran, or the stored text if that is no moment."""
    found = dates.in_seconds(stored)
    return found if is_value(COMMAND_FIELDS["at"], found, {}) else Unreadable(stored)


Args = ParamSpec("Args")
Told = TypeVar("Told")


def escaping_bad_text(
    read: Callable[Concatenate[sqlite3.Connection, Args], Told],
) -> Callable[Concatenate[sqlite3.Connection, Args], Told]:
    """Make a reader of the journal show texts that are no UTF-8 with escapes."""

    @wraps(read)
    def reading(con: sqlite3.Connection, /, *args: Args.args, **named: Args.kwargs) -> Told:
        try:
            return read(con, *args, **named)
        except sqlite3.OperationalError:  # the text of this error in Python's sqlite3 module
            if con.text_factory is text.legible:
                raise
            con.text_factory = text.legible
            return read(con, *args, **named)

    return reading


def whose(who: str, origin: str | None) -> str:
    """Return who ran a command, for people, with the machine if it was another one."""
    return who if origin in (None, "", who) else f"{who}, {origin}"


def last_number(con: sqlite3.Connection) -> int:
    """The number of the last command that wrote to the book, 0 if there was none."""
    return int(con.execute("SELECT coalesce(max(seq), 0) FROM command").fetchone()[0])


@escaping_bad_text
def commands(
    con: sqlite3.Connection,
    *,
    since: str = "",
    kinds: Sequence[str] = (),
    limit: int | None = None,
    counted: bool = True,
) -> list[Row]:
    """Return the commands that changed something, newest first, as rows of `COMMAND_FIELDS`.

    `since` is a moment (ISO, UTC); with `kinds`, only commands that changed such records. Counting
    records reads every change of a command, hundreds of thousands for an import: unless `counted`,
    `records` is None.
    """
    records = (
        # Each record is listed once, so most lists only need to be counted, not read.
        "SELECT coalesce(sum(json_array_length(rows)), 0) + (SELECT count(DISTINCT record) "
        f"FROM change WHERE command = k.seq AND record NOT IN (SELECT {added.RECORD} "
        f"FROM {added.EACH} WHERE a.command = k.seq AND a.tbl = a.kind)) FROM added "
        "WHERE command = k.seq AND tbl = kind AND json_valid(rows)"
    )
    touching = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} c, json_each(:kinds) j "
        "WHERE c.command = k.seq AND c.kind = j.value)"
        for table in ("change", "added")
    )
    cursor = con.execute(
        "SELECT k.seq, k.at, k.who, k.says, k.typed, "
        f"{f'({records})' if counted else 'NULL'}, k.undoes, k.undone_by, k.origin "
        "FROM command k "
        f"WHERE k.at >= :since AND ({touching if kinds else 1}) ORDER BY k.seq DESC LIMIT :limit",
        {
            "since": since.removesuffix("Z"),  # also before .250Z, later in the same second
            "kinds": json.dumps(list(kinds)),
            "limit": -1 if limit is None else limit,
        },
    )
    rows = []
    for seq, at, who, says, typed, records, undoes, undone_by, origin in cursor:
        what = says or typed
        if undone_by is not None:
            what = f"{what.rstrip('.')} (undone by {undone_by})."
        found = (seq, _moment(at), who, what, typed, records, undoes, undone_by, origin)
        rows.append({"id": str(seq), **dict(zip(COMMAND_FIELDS, found, strict=True))})
    return rows


FOUND = (*NOUNS, "quote", "campaign")
"""The kinds of which a record can be named to see its history."""


@escaping_bad_text
def find(con: sqlite3.Connection, typed: str) -> tuple[str, str]:
    """Return kind and id of the record that `typed` names, accounts first, deleted ones too.

    Raises `Ambiguous` if a kind has several, and `NotFound` with the most similar accounts.
    """
    missing: NotFound | None = None
    for kind in FOUND:
        try:
            return kind, lookup.find(con, kind, typed).id
        except NotFound as error:
            missing = missing or error
    deleted = _find_deleted(con, typed)
    if deleted is not None:
        return deleted
    assert missing is not None
    raise NotFound(
        f"no record {text.quoted(typed)}, nor a deleted one. All commands: acct history",
        candidates=missing.candidates,
    )


def _find_deleted(con: sqlite3.Connection, typed: str) -> tuple[str, str] | None:
    """Return the last deleted record whose name starts with this, or whose id ends with it."""
    wanted, tail = text.key(typed), typed.strip().lower()
    cursor = con.execute(
        "SELECT kind, record, before FROM change WHERE op = 'delete' AND \"row\" = record "
        "AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq DESC",
        (json.dumps(FOUND),),
    )
    for kind, id, before in cursor:
        title = str(row_of(before).get(KINDS[kind].title) or "")
        if len(tail) >= lookup.TAIL and id.endswith(tail):
            return kind, id
        if wanted and kind in KEYED and text.key(title).startswith(wanted):
            return kind, id
    return None


def changes_of(con: sqlite3.Connection, kind: str, all_ids: Sequence[str]) -> Iterator[RowChange]:
    """Yield every change of these records and, for accounts, of everything that belongs to them."""
    given = {"kind": kind, "ids": json.dumps(all_ids)}
    condition = f"c.kind = :kind AND c.record IN {_IDS}"
    if kind == "account":
        condition = (
            f"({condition} OR c.record IN (SELECT record FROM change WHERE account_id IN {_IDS} "
            f"UNION ALL SELECT {added.RECORD} FROM {added.EACH} "
            f"WHERE a.tbl = a.kind AND a.account_id IN {_IDS}))"
            # A campaign has members at many accounts: of it, an account has its own members.
            f" AND (c.kind <> 'campaign' OR c.account_id IN {_IDS})"
        )
    # Only numbers at first, so that the last 20 changes can be shown before all are read.
    changed = con.execute(f"SELECT c.command, 1, c.seq FROM change c WHERE {condition}", given)
    came = con.execute(_listing(kind), given)
    for command, is_change, number in sorted([*changed, *came], reverse=True):
        about = con.execute(
            "SELECT k.at, k.who, k.undoes, u.undoes IS NOT NULL, k.origin FROM command k "
            "LEFT JOIN command u ON u.seq = k.undoes WHERE k.seq = ?",
            (command,),
        ).fetchone()
        if about is None:
            continue
        at, who, *undoes = about
        for row in _change(con, number) if is_change else _added(con, number, set(all_ids)):
            # A journal may name tables that hold no records; those changes cannot be described.
            if row[0] in TABLES and row[2] in KINDS:
                yield RowChange(number, command, _moment(at), who, *row, *undoes)


_IDS = "(SELECT value FROM json_each(:ids))"


def _listing(kind: str) -> str:
    """Return the query for rows of `added` that list these records or, for accounts, all of theirs.

    A record is listed under the account that it belonged to: the one it still has, or the one that
    its next change replaced.
    """
    listing = "SELECT a.command, 0, a.seq FROM added a WHERE a.tbl = a.kind AND"
    these = (
        "a.kind = :kind AND EXISTS (SELECT 1 FROM json_each(:ids) i WHERE instr(a.rows, i.value))"
    )
    alone = f"{listing} a.account_id IS NULL AND {these}"
    if kind == "account":
        return f"{alone} UNION ALL {listing} a.account_id IN {_IDS}"
    places = f"SELECT account_id FROM change WHERE kind = :kind AND record IN {_IDS}"
    if any(field.column == "account_id" for field in KINDS[kind].fields.values()):
        places += f' UNION SELECT account_id FROM "{kind}" WHERE id IN {_IDS}'
    return f"{alone} UNION ALL {listing} a.account_id IN ({places}) AND {these}"


def _change(con: sqlite3.Connection, number: int) -> list[tuple[Any, ...]]:
    """Return one change: table, row, kind, record, account, operation, values before and after."""
    return con.execute(
        'SELECT tbl, "row", kind, record, account_id, op, before, after FROM change WHERE seq = ?',
        (number,),
    ).fetchall()


def _added(con: sqlite3.Connection, number: int, ids: Set[str]) -> Iterator[tuple[Any, ...]]:
    """Yield those new records in one row of `added` that are asked for, by id or by account.

    They come as changes, the last one first.
    """
    table, kind, account, kept = con.execute(
        "SELECT tbl, kind, account_id, rows FROM added WHERE seq = ?", (number,)
    ).fetchone()
    for row, record in reversed(added.pairs_of(table, kind, kept)):
        if account in ids or record in ids:
            own = record if kind == "account" else account
            yield table, row, kind, record, own, "insert", None, None


def with_merged(con: sqlite3.Connection, kind: str, id: str) -> list[str]:
    """Return the id of a record, and of all records merged into it, unless that was undone."""
    rows = con.execute(
        "WITH RECURSIVE part (id) AS (VALUES (:id) UNION SELECT c.record "
        "FROM change c JOIN part ON CASE WHEN json_valid(c.after) "
        "THEN json_extract(c.after, '$.merged_into') END = part.id "
        "JOIN command k ON k.seq = c.command AND k.undone_by IS NULL "
        "WHERE c.kind = :kind AND c.op = 'delete' AND c.after IS NOT NULL) SELECT id FROM part",
        {"kind": kind, "id": id},
    )
    return [row[0] for row in rows]


def sender(con: sqlite3.Connection, command: int) -> str:
    """Return who handed over what a command took in from a bundle; "" for any other command."""
    row = con.execute("SELECT sender FROM bundle WHERE command = ?", (command,)).fetchone()
    return str(row[0]) if row else ""


def merged_into(con: sqlite3.Connection, change: RowChange) -> str | None:
    """Return the id of the record that a record deleted by this change was merged into, or None."""
    if change.op != "delete" or change.table != change.kind:
        return None
    after = change.after
    if change.again:  # what the command did is done again, so look at the merge itself
        earlier = con.execute(
            'SELECT after FROM change WHERE record = ? AND tbl = ? AND "row" = ? '
            "AND op = 'delete' AND seq < ? ORDER BY after IS NULL, seq DESC LIMIT 1",
            (change.record, change.table, change.row, change.seq),
        ).fetchone()
        after = earlier[0] if earlier else None
    found: str | None = row_of(after).get("merged_into")
    return found


def moved_along(con: sqlite3.Connection, change: RowChange) -> dict[str, int]:
    """Return how many records of other kinds were moved by a merge."""
    cursor = con.execute(
        "SELECT kind, count(DISTINCT record) FROM change "
        "WHERE command = ? AND kind <> ? GROUP BY kind",
        (change.command, change.kind),
    )
    return dict(cursor.fetchall())
