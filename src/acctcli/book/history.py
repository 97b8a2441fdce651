"""The history of a record in sentences: each change, from what to what.

A change stores only the previous values. The new ones are found by walking back from the current
rows, so that names, currencies and people in the sentences are those of that time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from acctcli import model, text
from acctcli.frozen import Frozen
from acctcli.model import KINDS, SUBJECTS, Field, Row
from acctcli.store import further
from acctcli.store import history as store
from acctcli.store.remembered import current_row, name_of, row_of, title
from acctcli.values import dates, money
from acctcli.values.durations import say_duration
from acctcli.values.fields import Unreadable, is_value, machine

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.store.history import RowChange

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
    origin=Field(model.TEXT, "the machine or colleague it came from; empty if it ran here"),
)
"""One change of one field (or of a whole record) in the history of a record."""

_UNSAID = {"id", "created_at", "updated_at", "updated_by", "name_key", "position"}
_SAID_ELSEWHERE = ("deal_change", "external_id")  # the change of the record itself says so
_LONGEST = 60  # columns of a value in a sentence


@store.escaping_bad_text
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
    """Return what changed in one record, newest first, as rows of `CHANGE_FIELDS`.

    For an account, this includes everything that belonged to it; for a record that others were
    merged into, those too. `old` and `new` are as in JSON; `what` is for people. `merged` makes one
    row of all changes of a command to one record, except for those of a merge, where the origin of
    each value matters.
    """
    all_ids = store.with_merged(con, kind, id)
    accounts = {*all_ids, None} if kind == "account" else None
    apart: set[int] = set()  # commands whose changes get one row each
    rows = _rows_of(con, store.changes_of(con, kind, all_ids), accounts, apart, today)
    shown: list[Row] = []
    for _, group in groupby(rows, lambda row: (row["command"], row["record_id"])):
        of_command = list(group)
        if of_command[0]["at"] < since or (kinds and of_command[0]["kind"] not in kinds):
            continue
        together = merged and of_command[0]["command"] not in apart
        shown += [_merged(of_command)] if together else of_command
        if limit is not None and len(shown) >= limit:
            break
    return shown[:limit]


def _rows_of(
    con: sqlite3.Connection,
    found: Iterable[RowChange],
    accounts: set[str | None] | None,
    apart: set[int],
    today: date,
) -> Iterator[Row]:
    """Yield rows for the changes, newest first; for accounts, without changes elsewhere.

    Adds the commands that merged records to `apart`, each before its rows.
    """
    states: dict[tuple[str, str], Row] = {}
    for command, group in groupby(found, lambda change: change.command):
        of_command = list(group)
        if any(store.merged_into(con, change) for change in of_command):
            apart.add(command)
        yield from _rows_of_command(con, of_command, states, accounts, today)


def _rows_of_command(
    con: sqlite3.Connection,
    found: Sequence[RowChange],
    states: dict[tuple[str, str], Row],
    accounts: set[str | None] | None,
    today: date,
) -> Iterator[Row]:
    """Yield rows for one command; `states` are the rows after it, and are walked back."""
    came_and_went = {(c.kind, c.record) for c in found if c.table == c.kind and c.op != "update"}
    # Parts that one command added and removed again on its way.
    passing: set[tuple[str, str]] = set()
    went: set[tuple[str, str]] = set()
    for c in found:
        if c.table != c.kind and c.op != "update":
            (went if c.op == "delete" else passing).add((c.table, c.row))
    passing &= went
    sources = _sources(con, found)
    sender = store.sender(con, found[0].command)
    noted: set[tuple[str, str]] = set()  # the note of a command belongs to each change of a deal
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
            # The current row, unless something changed it without the journal.
            state.update(row_of(change.after))
        # A contact that moved was changed at other accounts too: those changes are walked, not
        # shown.
        elsewhere = accounts is not None and change.account_id not in accounts
        if not elsewhere and place not in passing:
            row = _row(con, change, state)
            for said in _described(con, change, state, before, came_and_went, today):
                source = _source(sources.get(change.record, ()), change, state, said)
                if sender:
                    source = f", from {sender}"
                yield row | said | {"what": f"{said['what']}{source}"}
            note = state.get("note") if change.table == "deal_change" else None
            if note and change.op == "insert" and (change.record, note) not in noted:
                noted.add((change.record, note))
                yield row | _change_columns(
                    "changed", "note", None, note, f"note: {text.quoted(note)}"
                )
        if change.op == "update" and state:
            state.update(before)


class _Merged(Frozen):
    """A record that a command merged into another one, with its parts: table and value of each."""

    name: str
    row: Row
    parts: frozenset[tuple[str, str]]


def _sources(con: sqlite3.Connection, found: Sequence[RowChange]) -> dict[str, list[_Merged]]:
    """Return the records that a command merged into others, by the id of the one that stayed."""
    sources: dict[str, list[_Merged]] = {}
    for change in found:
        into = store.merged_into(con, change)
        if into is not None:
            row = row_of(change.before)
            parts = frozenset(
                (part.table, str(row_of(part.before).get(_item(part))))
                for part in found
                if part.record == change.record and part.op == "delete" and part.table != part.kind
            )
            name = title(con, change.kind, row)
            sources.setdefault(into, []).append(_Merged(name, row, parts))
    return sources


def _item(part: RowChange) -> str:
    """Return the column with the value of a list item or a custom field."""
    if part.table == "custom":
        return "value"
    listed = (field.rows for field in KINDS[part.kind].fields.values() if field.rows)
    return next((item for table, item in listed if table == part.table), "id")


def _source(merged: Sequence[_Merged], change: RowChange, state: Row, said: Row) -> str:
    """Return `, from ACME GmbH` for a value that a merge brought."""
    if said["operation"] != "changed" or said["new"] is None:
        return ""
    for one in merged:
        if change.table == change.kind:
            field = KINDS[change.kind].fields[said["field"]]
            theirs, now = one.row.get(field.column), state.get(field.column)
            came = theirs is not None and theirs == now
            if theirs and field.type == model.LONG:
                came = str(theirs) in str(now) and str(theirs) not in str(said["old"])
        else:
            value = str(state.get(_item(change)))
            if value == one.name:
                return ""  # an alias says it itself
            came = (change.table, value) in one.parts or value in _further(change.kind, one.row)
        if came:
            return f", from {one.name}"
    return ""


def _further(kind: str, row: Row) -> list[str]:
    """Return a record's own name and addresses as a merge adds them to lists."""
    fields = KINDS[kind].fields
    own = ((name, row.get(fields[name].column)) for name, _ in KINDS[kind].further)
    return [further.as_item(kind, name, value) for name, value in own if value]


def _row(con: sqlite3.Connection, change: RowChange, state: Row) -> Row:
    own = title(con, change.kind, state) if change.table == change.kind else ""
    return {
        "id": change.record,
        "at": change.at,
        "who": change.who,
        "command": change.command,
        "kind": change.kind,
        "record": own or name_of(con, change.kind, change.record),
        "record_id": change.record,
        "origin": change.origin,
    }


def _described(
    con: sqlite3.Connection,
    change: RowChange,
    state: Row,
    before: Row,
    came_and_went: set[tuple[str, str]],
    today: date,
) -> Iterator[Row]:
    """Yield the rows of one change; `state` is the row after it, or the deleted row."""
    if change.op == "update" and change.table in _SAID_ELSEWHERE:
        return
    if change.op == "update":
        yield from _fields_changed(con, change, state, before, today)
    elif change.table == change.kind:
        operation = "added" if change.op == "insert" else "deleted"
        what = operation
        if change.undoes is not None:
            what = f"{operation} again" if change.again else f"{operation} by an undo"
        into = store.merged_into(con, change)
        if into is not None:
            again = " again" if change.again else ""
            what = f"merged into {name_of(con, change.kind, into)}{again}{_brought(con, change)}"
        yield _change_columns(operation, None, None, None, what)
    elif (change.kind, change.record) not in came_and_went:
        yield from _part_changed(con, change, state, today)


def _change_columns(operation: str, field: str | None, old: Any, new: Any, what: str) -> Row:
    return {"operation": operation, "field": field, "old": old, "new": new, "what": what}


def _fields_changed(
    con: sqlite3.Connection, change: RowChange, state: Row, before: Row, today: date
) -> Iterator[Row]:
    """Yield one row per field that an update changed; `state` is the row after it."""
    earlier = state | before
    if change.table == "custom" and state:
        old, new, name = earlier.get("value"), state.get("value"), state.get("field") or ""
        yield _change_columns("changed", name, old, new, _sentence(name, old, new))
        return
    fields = _by_column(change.table)
    of_part = ""
    if change.table != change.kind and change.table in KINDS:
        of_part = f"{change.table.replace('_', ' ')} {title(con, change.table, state)}: "
    for column in reversed(before):  # the last change comes first, as everywhere
        field = fields.get(column)
        if column in _UNSAID or field is None:
            continue
        if field.fixed and change.table != change.kind:
            continue  # an item of a deal belongs to the account of the deal, whose change says so
        old = machine_value(con, field, before[column], earlier)
        new = machine_value(con, field, state.get(column), state)
        if field.type == model.LONG:
            what = f"{field.label}{_rewritten(old or '', new or '')}"
        else:
            what = _sentence(
                field.label,
                words(con, field, before[column], earlier, today),
                words(con, field, state.get(column), state, today),
            )
        yield _change_columns("changed", field.name, old, new, of_part + what)


def _rewritten(old: str, new: str) -> str:
    """Describe the change of a long text: what was added or removed, if the rest is the same."""
    if not (old and new):
        return " added" if new else " removed"
    more, less = f"\n{new}\n", f"\n{old}\n"
    word = "added"
    if less not in more:
        more, less, word = less, more, "removed"
    if less not in more:
        return " rewritten"
    before, _, after = more.partition(less)
    part = " ".join(f"{before}\n{after}".split())
    return f": {word} {text.quoted(part, _LONGEST)}"


def _brought(con: sqlite3.Connection, change: RowChange) -> str:
    """Return `, with 1 interaction and 2 tasks`: the other records that a merge moved."""
    counts = store.moved_along(con, change)
    moved = [
        text.plural(counts[kind], KINDS[kind].one, KINDS[kind].several)
        for kind in SUBJECTS
        if kind in counts
    ]
    return f", with {text.sentence_list(moved, len(moved))}" if moved else ""


def _part_changed(
    con: sqlite3.Connection, change: RowChange, state: Row, today: date
) -> Iterator[Row]:
    """Yield the row for a list item, a custom value or an item that was added or removed."""
    if change.table in _SAID_ELSEWHERE or not state:
        return
    if change.table == f"distinct_{change.kind}":
        other = name_of(con, change.kind, state.get("other_id") or "")
        said = "not" if change.op == "insert" else "may be"
        yield _change_columns("changed", None, None, None, f"{said} the same as {other}")
        return
    if change.table == "custom":
        name = label = state.get("field") or ""
        value = worded = state.get("value") or ""
    elif change.table in KINDS:
        name = label = change.table
        value = worded = title(con, change.table, state)
    else:
        field = next(
            f for f in KINDS[change.kind].fields.values() if f.rows and f.rows[0] == change.table
        )
        assert field.rows
        name, label = field.name, field.name.removesuffix("es" if field.name[-3:] == "ses" else "s")
        value = machine_value(con, field, state.get(field.rows[1]), state)
        worded = words(con, field, state.get(field.rows[1]), state, today) or ""
    shown = f"{label.replace('_', ' ')} {text.clip(worded, _LONGEST)}"
    if change.op == "insert":
        yield _change_columns("changed", name, None, value, f"{shown} added")
    else:
        yield _change_columns("changed", name, value, None, f"{shown} removed")


def _sentence(label: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{label} set to {text.clip(new or '', _LONGEST)}"
    if new is None:
        return f"{label} {text.clip(old, _LONGEST)} removed"
    return f"{label} {text.clip(old, _LONGEST)} → {text.clip(new, _LONGEST)}"


def _by_column(table: str) -> dict[str, Field]:
    known = KINDS[table].fields.values() if table in KINDS else ()
    return {field.column: field for field in known if not (field.many or field.derived)}


def machine_value(con: sqlite3.Connection, field: Field, value: Any, row: Row) -> Any:
    """Return a stored value for JSON; for a reference, the name.

    A value that was invalid when it was stored is returned as it was.
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


def words(con: sqlite3.Connection, field: Field, value: Any, row: Row, today: date) -> str | None:
    """Return a stored value for people."""
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
        case model.PERCENT | model.SHARE:
            return f"{value} %"
        case model.MINUTES:
            return say_duration(value)
        case model.FLAG:
            return "yes" if value else "no"
        case _:
            return str(machine_value(con, field, value, row))


def _merged(rows: Sequence[Row]) -> Row:
    fields = KINDS[rows[0]["kind"]].fields
    amount = any(field.type == model.MONEY for row in rows if (field := fields.get(row["field"])))
    # They come newest first; within a command, people read them in the order of the work.
    said = [row["what"] for row in reversed(rows) if not (amount and row["field"] == "currency")]
    why = next((row["what"] for row in rows if row["field"] == "note"), None)
    if why is not None and rows[0]["kind"] == "deal":
        # The note of a deal's change comes before what its stage implies.
        said.remove(why)
        said.insert(1, why)
    what = ", ".join(said)
    return {**rows[0], "what": what, "field": None, "old": None, "new": None}
