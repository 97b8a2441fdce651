"""The journal as people read it: which commands ran, and what became of a record.

A change keeps only what it replaced. What it made of it is known by walking
back from the rows as they stand now; so names, currencies and people in the
sentences are those of that time. Nothing here changes anything: going back is
`undo`'s business.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import wraps
from itertools import groupby
from typing import Any, Concatenate, ParamSpec, TypeVar

from acctcli import model, text
from acctcli.errors import NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS, NOUNS, SUBJECTS, Field, Row
from acctcli.store import lookup
from acctcli.store.kinds import KEYED, PART_OF
from acctcli.values import dates, money
from acctcli.values.durations import say_duration
from acctcli.values.fields import Unreadable, is_value, machine

COMMAND_FIELDS = model.declare(
    seq=Field(model.INTEGER, "its number, for acct undo"),
    at=Field(model.MOMENT, "when it ran"),
    who=Field(model.TEXT, "who ran it"),
    what=Field(model.TEXT, "what it did, in a sentence"),
    typed=Field(model.TEXT, "what was typed"),
    records=Field(model.INTEGER, "how many records it changed"),
    undoes=Field(model.INTEGER, "the command that it took back"),
    undone_by=Field(model.INTEGER, "the command that took it back"),
)
"""One command of the history; the order of JSON keys and CSV columns."""

CHANGE_FIELDS = model.declare(
    at=Field(model.MOMENT, "when it was changed"),
    who=Field(model.TEXT, "who changed it"),
    command=Field(model.INTEGER, "number of the command, for acct undo"),
    kind=Field(model.TEXT, "kind of the record"),
    record=Field(model.TEXT, "name of the record"),
    record_id=Field(model.TEXT, "id of the record"),
    operation=Field(model.TEXT, "added, changed or deleted"),
    field=Field(model.TEXT, "what was changed"),
    old=Field(model.TEXT, "the value before"),
    new=Field(model.TEXT, "the value after"),
    what=Field(model.TEXT, "the same in words"),
)
"""One change of one field (or of a whole record) in the history of a record."""

_UNSAID = {"id", "created_at", "updated_at", "updated_by", "name_key", "position"}
_LONGEST = 60  # columns of a value in a sentence


TABLES = frozenset((*KINDS, *PART_OF))
"""The tables whose changes are told; whatever else a journal names, it is no table of records."""


def row_of(kept: str | None) -> Row:
    """The columns that the journal kept of a row; none if it kept none, or they cannot be read."""
    if not kept:
        return {}
    try:
        row = json.loads(kept)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


Args = ParamSpec("Args")
Told = TypeVar("Told")


def _legibly(
    read: Callable[Concatenate[sqlite3.Connection, Args], Told],
) -> Callable[Concatenate[sqlite3.Connection, Args], Told]:
    """Let a reader of the journal read on where a text in it is no UTF-8: it comes as escapes."""

    @wraps(read)
    def reading(con: sqlite3.Connection, /, *args: Args.args, **named: Args.kwargs) -> Told:
        try:
            return read(con, *args, **named)
        except sqlite3.OperationalError:  # as Python's module tells that a text cannot be decoded
            if con.text_factory is text.legible:
                raise
            con.text_factory = text.legible
            return read(con, *args, **named)

    return reading


def _moment(stored: str) -> str:
    """When a command ran, if that is what stands there."""
    field = COMMAND_FIELDS["at"]
    moment = dates.in_seconds(stored)
    return moment if is_value(field, moment, {}) else Unreadable(stored)


class _Change(Frozen):
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
    undoes: int | None  # what the command took back, if it is an undo
    again: bool  # whether what it took back was an undo: it did something again


@_legibly
def commands(
    con: sqlite3.Connection,
    *,
    since: str = "",
    kinds: Sequence[str] = (),
    limit: int | None = None,
    counted: bool = True,
) -> list[Row]:
    """The commands that changed something, newest first, as rows of `COMMAND_FIELDS`.

    `since` is a moment (ISO, UTC); `kinds` leaves only commands that touched such records.
    To count the records reads every change of a command, hundreds of thousands of an import:
    without `counted`, `records` is None.
    """
    records = "SELECT count(DISTINCT record) FROM change WHERE command = k.seq"
    touching = (
        "AND EXISTS (SELECT 1 FROM change c, json_each(:kinds) j "
        "WHERE c.command = k.seq AND c.kind = j.value)"
    )
    cursor = con.execute(
        "SELECT k.seq, k.at, k.who, k.says, k.typed, "
        f"{f'({records})' if counted else 'NULL'}, k.undoes, k.undone_by FROM command k "
        f"WHERE k.at >= :since {touching if kinds else ''} ORDER BY k.seq DESC LIMIT :limit",
        {
            "since": since.removesuffix("Z"),  # of the same second all are later: .250Z
            "kinds": json.dumps(list(kinds)),
            "limit": -1 if limit is None else limit,
        },
    )
    rows = []
    for seq, at, who, says, typed, records, undoes, undone_by in cursor:
        what = says or typed
        if undone_by is not None:
            what = f"{what.rstrip('.')} (taken back by {undone_by})."
        found = (seq, _moment(at), who, what, typed, records, undoes, undone_by)
        rows.append({"id": str(seq), **dict(zip(COMMAND_FIELDS, found, strict=True))})
    return rows


@_legibly
def find(con: sqlite3.Connection, typed: str) -> tuple[str, str]:
    """Kind and id of the record that `typed` names, an account first, even one that is deleted.

    Raises `Ambiguous` if a kind has several, and `NotFound` with the nearest accounts.
    """
    missing: NotFound | None = None
    for kind in NOUNS:
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
    """The record deleted last whose name begins like this, or whose id ends so."""
    wanted, tail = text.key(typed), typed.strip().lower()
    cursor = con.execute(
        "SELECT kind, record, before FROM change WHERE op = 'delete' AND \"row\" = record "
        "AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq DESC",
        (json.dumps(NOUNS),),
    )
    for kind, id, before in cursor:
        title = str(row_of(before).get(KINDS[kind].title) or "")
        if len(tail) >= lookup.TAIL and id.endswith(tail):
            return kind, id
        if wanted and kind in KEYED and text.key(title).startswith(wanted):
            return kind, id
    return None


@_legibly
def changes(
    con: sqlite3.Connection,
    kind: str,
    id: str,
    *,
    today: date,
    since: str = "",
    kinds: Sequence[str] = (),
    limit: int | None = None,
    merged: bool = False,
) -> list[Row]:
    """What became of one record, newest first, as rows of `CHANGE_FIELDS`.

    Of an account, also what became of everything that belonged to it; of a record that
    others were merged into, also what became of those. `old` and `new` are as JSON has
    them; `what` is for people. `merged` makes one row of what a command changed in one
    record, but not of what a merge did: what came from where would be hard to find in it.
    """
    all_ids = with_merged(con, kind, id)
    accounts = {*all_ids, None} if kind == "account" else None
    apart: set[int] = set()  # commands of which each change has a line of its own
    rows = _told(con, _changes_of(con, kind, all_ids), accounts, apart, today)
    told: list[Row] = []
    for _, group in groupby(rows, lambda row: (row["command"], row["record_id"])):
        of_command = list(group)
        if of_command[0]["at"] < since or (kinds and of_command[0]["kind"] not in kinds):
            continue
        together = merged and of_command[0]["command"] not in apart
        told += [_merged(of_command)] if together else of_command
        if limit is not None and len(told) >= limit:
            break
    return told[:limit]


def _changes_of(con: sqlite3.Connection, kind: str, all_ids: Sequence[str]) -> Iterator[_Change]:
    """Every change of these records of a kind and, of accounts, of what belongs to them."""
    listed = "(SELECT value FROM json_each(:ids))"
    condition = f"c.kind = :kind AND c.record IN {listed}"
    if kind == "account":
        of_account = f"SELECT record FROM change WHERE account_id IN {listed}"
        condition = f"({condition} OR c.record IN ({of_account}))"
    # Only the numbers at first: who asks for the last 20 does not wait for all to be read.
    numbers = con.execute(
        f"SELECT c.seq FROM change c WHERE {condition} ORDER BY c.seq DESC",
        {"kind": kind, "ids": json.dumps(all_ids)},
    ).fetchall()
    for (number,) in numbers:
        row = con.execute(
            'SELECT c.seq, c.command, k.at, k.who, c.tbl, c."row", c.kind, c.record, '
            "c.account_id, c.op, c.before, c.after, k.undoes, u.undoes IS NOT NULL "
            "FROM change c JOIN command k ON k.seq = c.command "
            "LEFT JOIN command u ON u.seq = k.undoes WHERE c.seq = ?",
            (number,),
        ).fetchone()
        # What a journal names that is no command, or no table of records, cannot be told.
        if row is not None and row[4] in TABLES and row[6] in KINDS:
            yield _Change(*row)


def with_merged(con: sqlite3.Connection, kind: str, id: str) -> list[str]:
    """The id of a record, and of those that were merged into it, as far as that stands."""
    rows = con.execute(
        "WITH RECURSIVE part (id) AS (VALUES (:id) UNION SELECT c.record "
        "FROM change c JOIN part ON CASE WHEN json_valid(c.after) "
        "THEN json_extract(c.after, '$.merged_into') END = part.id "
        "JOIN command k ON k.seq = c.command AND k.undone_by IS NULL "
        "WHERE c.kind = :kind AND c.op = 'delete' AND c.after IS NOT NULL) SELECT id FROM part",
        {"kind": kind, "id": id},
    )
    return [row[0] for row in rows]


def _merged(rows: Sequence[Row]) -> Row:
    fields = KINDS[rows[0]["kind"]].fields
    amount = any(field.type == model.MONEY for row in rows if (field := fields.get(row["field"])))
    # They come newest first; within one command people read in the order it was done.
    said = [row["what"] for row in reversed(rows) if not (amount and row["field"] == "currency")]
    what = ", ".join(said)
    return {**rows[0], "what": what, "field": None, "old": None, "new": None}


def _told(
    con: sqlite3.Connection,
    found: Iterable[_Change],
    accounts: set[str | None] | None,
    apart: set[int],
    today: date,
) -> Iterator[Row]:
    """Rows for the changes, which come newest first; of accounts, without those elsewhere.

    Fills `apart` with the commands that merged records, each before its rows are given.
    """
    states: dict[tuple[str, str], Row] = {}
    for command, group in groupby(found, lambda change: change.command):
        of_command = list(group)
        if any(_merged_into(con, change) for change in of_command):
            apart.add(command)
        yield from _command_told(con, of_command, states, accounts, today)


def _command_told(
    con: sqlite3.Connection,
    found: Sequence[_Change],
    states: dict[tuple[str, str], Row],
    accounts: set[str | None] | None,
    today: date,
) -> Iterator[Row]:
    """Rows for the changes of one command; `states` are the rows as it left them, and go back."""
    came_and_went = {(c.kind, c.record) for c in found if c.table == c.kind and c.op != "update"}
    # Parts that one command made and removed again, on the way to what it was to do.
    passing: set[tuple[str, str]] = set()
    went: set[tuple[str, str]] = set()
    for c in found:
        if c.table != c.kind and c.op != "update":
            (went if c.op == "delete" else passing).add((c.table, c.row))
    passing &= went
    for change in found:
        place = (change.table, change.row)
        before = row_of(change.before)
        if change.op == "delete":
            state = states[place] = before
        else:
            if place not in states:
                states[place] = current_row(con, *place)
            state = states[place]
        if change.after and state and change.op != "delete":
            # The row as it stands, unless something changed it behind the journal's back.
            state.update(row_of(change.after))
        # A contact that moved was changed at other accounts too: walked over, but not told.
        elsewhere = accounts is not None and change.account_id not in accounts
        if not elsewhere and place not in passing:
            row = _row(con, change, state)
            yield from (
                row | said for said in _say(con, change, state, before, came_and_went, today)
            )
        if change.op == "update" and state:
            state.update(before)


def _row(con: sqlite3.Connection, change: _Change, state: Row) -> Row:
    own = _title(con, change.kind, state) if change.table == change.kind else ""
    return {
        "id": change.record,
        "at": _moment(change.at),
        "who": change.who,
        "command": change.command,
        "kind": change.kind,
        "record": own or name_of(con, change.kind, change.record),
        "record_id": change.record,
    }


def _say(
    con: sqlite3.Connection,
    change: _Change,
    state: Row,
    before: Row,
    came_and_went: set[tuple[str, str]],
    today: date,
) -> Iterator[Row]:
    """What one change was; `state` is the row after it, or what was deleted."""
    if change.op == "update":
        yield from _fields_changed(con, change, state, before, today)
    elif change.table == change.kind:
        operation = "added" if change.op == "insert" else "deleted"
        what = operation
        if change.undoes is not None:
            what = f"{operation} again" if change.again else f"{operation} by an undo"
        into = _merged_into(con, change)
        if into is not None:
            again = " again" if change.again else ""
            what = f"merged into {name_of(con, change.kind, into)}{again}{_brought(con, change)}"
        yield _said(operation, None, None, None, what)
    elif (change.kind, change.record) not in came_and_went:
        yield from _part_changed(con, change, state, today)


def _said(operation: str, field: str | None, old: Any, new: Any, what: str) -> Row:
    return {"operation": operation, "field": field, "old": old, "new": new, "what": what}


def _fields_changed(
    con: sqlite3.Connection, change: _Change, state: Row, before: Row, today: date
) -> Iterator[Row]:
    """One row for each field that an update changed; `state` is what the update made."""
    earlier = state | before
    if change.table == "custom" and state:
        old, new, name = earlier.get("value"), state.get("value"), state.get("field") or ""
        yield _said("changed", name, old, new, _sentence(name, old, new))
        return
    fields = _by_column(change.table)
    of_part = ""
    if change.table != change.kind and change.table in KINDS:
        of_part = f"{change.table.replace('_', ' ')} {_title(con, change.table, state)}: "
    for column in reversed(before):  # the last comes first, as everywhere
        field = fields.get(column)
        if column in _UNSAID or field is None:
            continue
        if field.fixed and change.table != change.kind:
            continue  # a line of a deal goes where the deal goes, which says it
        old = _machine(con, field, before[column], earlier)
        new = _machine(con, field, state.get(column), state)
        if field.type == model.LONG:
            what = f"{field.label}{_rewritten(old or '', new or '')}"
        else:
            what = _sentence(
                field.label,
                _words(con, field, before[column], earlier, today),
                _words(con, field, state.get(column), state, today),
            )
        yield _said("changed", field.name, old, new, of_part + what)


def _rewritten(old: str, new: str) -> str:
    """What became of a long text: what was added to it, or removed, if the rest is as it was."""
    if not (old and new):
        return " added" if new else " removed"
    more, less = f"\n{new}\n", f"\n{old}\n"
    word = "added"
    if less not in more:
        more, less, word = less, more, "removed"
    if less not in more:
        return " written anew"
    before, _, after = more.partition(less)
    part = " ".join(f"{before}\n{after}".split())
    return f": {word} {text.quoted(part, _LONGEST)}"


def _merged_into(con: sqlite3.Connection, change: _Change) -> str | None:
    """The record that this one, which is deleted here, became a part of."""
    if change.op != "delete" or change.table != change.kind:
        return None
    after = change.after
    if change.again:  # the merge itself said so; what it did is done again
        earlier = con.execute(
            'SELECT after FROM change WHERE record = ? AND tbl = ? AND "row" = ? '
            "AND op = 'delete' AND seq < ? ORDER BY after IS NULL, seq DESC LIMIT 1",
            (change.record, change.table, change.row, change.seq),
        ).fetchone()
        after = earlier[0] if earlier else None
    found: str | None = row_of(after).get("merged_into")
    return found


def _brought(con: sqlite3.Connection, change: _Change) -> str:
    """`, with 1 log and 2 tasks`: the other records that a merge moved."""
    cursor = con.execute(
        "SELECT kind, count(DISTINCT record) FROM change "
        "WHERE command = ? AND kind <> ? GROUP BY kind",
        (change.command, change.kind),
    )
    counts = dict(cursor.fetchall())
    moved = [
        text.plural(counts[kind], kind, KINDS[kind].plural) for kind in SUBJECTS if kind in counts
    ]
    return f", with {text.sentence_list(moved, len(moved))}" if moved else ""


def _part_changed(
    con: sqlite3.Connection, change: _Change, state: Row, today: date
) -> Iterator[Row]:
    """The row for a list item, a custom value or a line that came or went."""
    if change.table in ("deal_change", "external_id") or not state:
        return  # told by the change of the deal itself; of no interest to people
    if change.table == f"distinct_{change.kind}":
        other = name_of(con, change.kind, state.get("other_id") or "")
        said = "not" if change.op == "insert" else "may be"
        yield _said("changed", None, None, None, f"{said} the same as {other}")
        return
    if change.table == "custom":
        name = label = state.get("field") or ""
        value = words = state.get("value") or ""
    elif change.table in KINDS:
        name = label = change.table
        value = words = _title(con, change.table, state)
    else:
        field = next(
            f for f in KINDS[change.kind].fields.values() if f.rows and f.rows[0] == change.table
        )
        assert field.rows
        name, label = field.name, field.name.removesuffix("s")
        value = _machine(con, field, state.get(field.rows[1]), state)
        words = _words(con, field, state.get(field.rows[1]), state, today) or ""
    shown = f"{label.replace('_', ' ')} {text.clip(words, _LONGEST)}"
    if change.op == "insert":
        yield _said("changed", name, None, value, f"{shown} added")
    else:
        yield _said("changed", name, value, None, f"{shown} removed")


def _sentence(label: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{label} set to {text.clip(new or '', _LONGEST)}"
    if new is None:
        return f"{label} {text.clip(old, _LONGEST)} removed"
    return f"{label} {text.clip(old, _LONGEST)} → {text.clip(new, _LONGEST)}"


def _by_column(table: str) -> dict[str, Field]:
    known = KINDS[table].fields.values() if table in KINDS else ()
    return {field.column: field for field in known if not (field.many or field.derived)}


def _machine(con: sqlite3.Connection, field: Field, value: Any, row: Row) -> Any:
    """A stored value as JSON has it; of a reference, the name.

    What was no value when it was kept is shown as it stood.
    """
    if value is None:
        return None
    if field.type == model.REF:
        return name_of(con, field.target, str(value))
    if field.type == model.MONEY and row.get("currency") is None:
        return value
    if not is_value(field, value, row):
        return Unreadable(value)
    return machine(field, value, row)


def _words(con: sqlite3.Connection, field: Field, value: Any, row: Row, today: date) -> str | None:
    """A stored value as people read it."""
    if value is None:
        return None
    if field.type != model.REF and not is_value(field, value, row):
        return str(value)
    match field.type:
        case model.MONEY if row.get("currency"):
            return money.say(value, row["currency"])
        case model.DAY:
            return dates.say_day(dates.parse_iso_day(value), today)
        case model.MOMENT:
            return dates.say_day(dates.day_of(dates.parse_iso_moment(value)), today)
        case model.PERCENT:
            return f"{value} %"
        case model.MINUTES:
            return say_duration(value)
        case model.FLAG:
            return "yes" if value else "no"
        case _:
            return str(_machine(con, field, value, row))


def current_row(con: sqlite3.Connection, table: str, id: str) -> Row:
    """A row as it stands, or nothing if it is gone."""
    cursor = con.execute(f'SELECT * FROM "{table}" WHERE id = ?', (id,))
    row = cursor.fetchone()
    names = [column[0] for column in cursor.description]
    return dict(zip(names, row, strict=True)) if row else {}


def _title(con: sqlite3.Connection, kind: str, row: Row) -> str:
    """How people call a record, by its row."""
    if not row:
        return ""
    if kind in ("item", "purchase"):
        product = row.get("product_id")
        return name_of(con, "product", product) if product else "purchase"
    if kind == "deal_contact":
        return name_of(con, "contact", row.get("contact_id") or "")
    if kind in ("affiliation", "plan"):
        return name_of(con, "account", row.get("account_id") or "")
    return str(row.get(KINDS[kind].title) or "")


def name_of(con: sqlite3.Connection, kind: str, id: str) -> str:
    """What a record is called, or was when it was deleted; the tail of its id if it has no name."""
    row = current_row(con, kind, id)
    if not row:
        deleted = con.execute(
            "SELECT before FROM change WHERE record = ? AND kind = ? AND tbl = kind "
            "AND op = 'delete' ORDER BY seq DESC LIMIT 1",
            (id, kind),
        ).fetchone()
        row = row_of(deleted[0]) if deleted else {}
    return _title(con, kind, row) or id[-lookup.TAIL :]
