"""Conflicts in words: what stands, what was set aside, and taking or dismissing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import model, text
from acctcli.book.context import Context
from acctcli.book.history import words
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, MONEY, Field, Row
from acctcli.model.counting import word_of
from acctcli.store import remembered
from acctcli.store.sync import machine, overview, putting_back
from acctcli.store.sync.overview import Clashed, KnownDevice
from acctcli.store.sync.tables import QUIET, THERE, tables
from acctcli.values.dates import in_seconds

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.shapes.sync import ConflictRow
    from acctcli.store.journal import Writing

FIELDS = model.declare(
    id=Field(model.TEXT, "its id, for acct sync take"),
    account=Field(model.TEXT, "account that the record belongs to"),
    kind=Field(model.TEXT, "kind of the record"),
    record=Field(model.TEXT, "name of the record"),
    record_id=Field(model.TEXT, "id of the record"),
    fields=Field(model.TEXT, "the fields, which say one thing together", many=True),
    stands=Field(model.TEXT, "what the book says"),
    set_aside=Field(model.TEXT, "what the other machine said"),
    stands_by=Field(model.TEXT, "who wrote what stands"),
    stands_at=Field(model.MOMENT, "when"),
    stands_device=Field(model.TEXT, "id of that machine"),
    set_aside_by=Field(model.TEXT, "who wrote what was set aside"),
    set_aside_at=Field(model.MOMENT, "when"),
    set_aside_device=Field(model.TEXT, "id of that machine"),
    why=Field(model.TEXT, "both (two edits), deleted (and edited elsewhere), or merged"),
    seen_at=Field(model.MOMENT, "when it was taken or dismissed"),
)
"""One conflict; the order of JSON keys and CSV columns."""

NOTHING = "nothing"
"""The word for an empty value."""

ADDED = "added"
"""The word for what was done to a record that another machine does not have."""


class TakenBack(Frozen):
    """What was put back: the records with their kinds, and a sentence about all of it."""

    records: Sequence[Row]
    says: str

    @property
    def ids(self) -> list[str]:
        """The ids of the records."""
        return [record["id"] for record in self.records]


def rows(
    context: Context, con: sqlite3.Connection, *, account: str = "", dismissed: bool = False
) -> list[ConflictRow]:
    """Return the conflicts, newest first, in words for people."""
    this = machine.read(context.book)
    here = this.device if this else ""
    known = overview.devices(con)
    today = context.clock.today
    found: list[ConflictRow] = []
    for one in overview.conflicts(con, account=account, dismissed=dismissed):
        found.append(
            {
                "id": one.id,
                "account": remembered.name_of(con, "account", one.account) if one.account else None,
                "kind": one.kind,
                "record": _name(con, one),
                "record_id": one.record,
                "fields": [] if _is_whole(con, one) else _labels(con, one, today),
                "stands": _words(con, one, one.won, today),
                "set_aside": _words(con, one, one.lost, today),
                "stands_by": _who(one.won_by, here, known),
                "stands_at": in_seconds(one.won_at),
                "stands_device": one.won_by,
                "set_aside_by": _who(one.lost_by, here, known),
                "set_aside_at": in_seconds(one.lost_at),
                "set_aside_device": one.lost_by,
                "why": one.why,
                "seen_at": one.seen_at,
            }
        )
    return found


def take(tx: Writing, found: Iterable[Clashed], today: date) -> TakenBack:
    """Put back what these conflicts set aside, and note that they were read."""
    records: dict[str, Row] = {}
    said: list[str] = []
    for one in found:
        gone = one.account and not remembered.current_row(tx.con, "account", one.account)
        done = putting_back.take(tx, one)
        named = remembered.name_of(tx.con, done.kind, done.record)
        name = text.safe(f"{word_of(done.kind)} {named}")
        back = _words(tx.con, one, one.lost, today)
        if done.revived:
            count = text.plural(done.revived, "record")
            labels = [] if _is_whole(tx.con, one) else _labels(tx.con, one, today)
            label = f"{labels[0]} " if len(labels) == 1 else ""
            beside = f", with {label}{text.safe(back)}" if labels else ""
            if gone and done.kind != "account":
                owner = remembered.name_of(tx.con, "account", one.account)
                name += f" and account {text.safe(owner)}"
            said.append(f"Brought back {name} ({count}){beside}.")
        elif done.changed:
            labels = list(dict.fromkeys(_labels(tx.con, one, today)))
            said.append(
                f"Set {labels[0]} of {name} to {text.safe(back)} again."
                if len(labels) == 1
                else f"Put back {text.safe(back)} on {name}."
            )
        else:
            said.append(f"{name[:1].upper()}{name[1:]} says so already.")
        records[done.record] = {"kind": done.kind, "id": done.record, "conflict": one.id}
        overview.dismiss(tx, [one.id])
    return TakenBack(list(records.values()), " ".join(said))


def _who(device: str, here: str, known: Mapping[str, KnownDevice]) -> str:
    if device == here:
        return "this machine"
    found = known.get(device)
    return found.shown if found else f"machine {device}"


def _name(con: sqlite3.Connection, one: Clashed) -> str:
    if one.kind not in KINDS:
        return one.record
    own = (one.kind, one.record) == (one.table, one.row)
    named = remembered.title(con, one.kind, one.values) if own else ""
    return named or remembered.name_of(con, one.kind, one.record)


def _words(con: sqlite3.Connection, one: Clashed, cells: Row, today: date) -> str:
    """Return some cells in words: the value alone for one field, otherwise each with its name."""
    said = list(_said(con, one, cells, today))
    if THERE in cells:
        return "deleted" if not cells[THERE] else "there"
    if cells is one.lost and _is_whole(con, one):
        return ADDED
    of_one = len(
        {label for side in (one.won, one.lost) for label, _ in _said(con, one, side, today)}
    )
    if len(said) == 1 and of_one == 1:
        return said[0][1]
    return ", ".join(f"{label} {value}" for label, value in said) or NOTHING


def _labels(con: sqlite3.Connection, one: Clashed, today: date) -> list[str]:
    """Return the names of the fields that clash."""
    return [label for label, _ in _said(con, one, {**one.lost, **one.won}, today)]


def _is_whole(con: sqlite3.Connection, one: Clashed) -> bool:
    """Whether a whole record was set aside: added to what another machine deleted."""
    if one.won.get(THERE, 1) or (one.kind, one.record) != (one.table, one.row):
        return False
    table = tables(con).get(one.table)
    needed = set(table.needed) - QUIET if table else set()
    return bool(needed) and needed <= one.lost.keys()


def _said(
    con: sqlite3.Connection, one: Clashed, cells: Row, today: date
) -> Iterator[tuple[str, str]]:
    """Yield label and words of each cell; an amount says its currency too."""
    row = {**one.values, **cells}
    fields = _fields(one)
    amount = any(fields[c].type == MONEY for c in cells if c in fields)
    for column, value in cells.items():
        if column in QUIET or column == THERE or (amount and column == "currency"):
            continue
        field = fields.get(column)
        if field is None:
            yield column.replace("_", " "), NOTHING if value is None else str(value)
            continue
        yield field.label, words(con, field, value, row, today) or NOTHING


def _fields(one: Clashed) -> dict[str, Field]:
    """Return the fields of a row by column."""
    if one.table == "custom":
        name = str(one.values.get("field") or "value")
        return {"value": Field(model.TEXT, "", name=name)}
    if one.table in LISTS:
        _, field = LISTS[one.table]
        assert field.rows
        return {field.rows[1]: field}
    if one.table not in KINDS:
        return {}
    known: dict[str, Any] = KINDS[one.table].fields
    return {field.column: field for field in known.values() if not (field.many or field.derived)}
