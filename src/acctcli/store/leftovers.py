"""What a merge could not keep in its own field, and the line of text that keeps it.

A field with one value has room for one. Every other value goes into the text that people write
about a record (description, notes), in a line with the day and the record it came from. So nothing
is lost: it is shown, searched and exported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from acctcli import model, text
from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field, Row
from acctcli.store import records
from acctcli.store.journal import Writing
from acctcli.values import money
from acctcli.values.fields import cell

_BOOK_KEEPING = ("id", "number", "created_at", "updated_at")

_OF_A_LINK = ("account", "title", "role", "since")
"""Fields of a person that a further link to an account has too."""


class Left(Frozen):
    """A value that was not kept in its field by a merge.

    `kind` and `id` are the record whose text keeps it, `source` is the merged record that had it,
    `what` is the field in words. `kept` and `left` are the two values as text, and `where` says of
    which link or deal they are. A `default` value was not entered by anybody, so it gets no line.
    """

    kind: str
    id: str
    source: str
    what: str
    kept: str
    left: str
    where: str = ""
    default: bool = False


class Note(Frozen):
    """A text that was added to the field `field` of the record called `name`."""

    id: str
    name: str
    field: str
    text: str


def of_fields(
    kind: str, fields: Mapping[str, Field], rows: Sequence[Row], after: Row
) -> list[Left]:
    """Return the values of one-value fields that the merged record did not keep.

    `rows` are the records as they were, `after` is the one that stays. Long texts are all kept;
    custom fields are handled where their rows are merged.
    """
    merged = {row["id"] for row in rows}
    # Names and addresses go on as aliases and further addresses.
    elsewhere = {*_BOOK_KEEPING, *dict(KINDS[kind].further)}
    found = []
    for row in rows:
        for name, field in fields.items():
            if field.many or field.derived or field.custom or field.type == model.LONG:
                continue
            value = _stored(field, row)
            if name in elsewhere or value in (None, _stored(field, after)):
                continue
            if field.type == model.FLAG and not value:
                continue
            if field.type == model.REF and value in merged:
                continue  # it referred to what is now the record itself
            if name == "currency" and row["annual_revenue"] is not None:
                continue  # shown with the amount
            if kind == "contact" and name in _OF_A_LINK and _elsewhere(row, after):
                continue
            kept, left = said(field, after), said(field, row)
            default = value == field.default
            found.append(Left(kind, after["id"], row["id"], field.label, kept, left, "", default))
    return found


def _stored(field: Field, row: Row) -> Any:
    if field.type == model.REF:
        return row[field.id_name]
    value = row[field.name]
    return (value, row["currency"]) if field.type == model.MONEY and value is not None else value


def _elsewhere(person: Row, after: Row) -> bool:
    return person["account_id"] not in (None, after["account_id"])


def said(field: Field, row: Row) -> str:
    """Return a value as text for a line; "" without a value."""
    value = row[field.name]
    if value is not None and field.type == model.MONEY:
        return money.say(value, row["currency"]) if row["currency"] else str(value)
    return cell(field, value, row)


def note(tx: Writing, kind: str, rows: Sequence[Row], left: Sequence[Left]) -> tuple[Note, ...]:
    """Write the values that were not kept into the texts of records; return the notes.

    `rows` are the merged records, the one that stays first. Its text names each account that is
    gone, because its number is in letters and invoices.
    """
    keep, *others = rows
    left = [one for one in left if not one.default]
    gone = text.sentence_list([_called(row) for row in others], len(others))
    lines: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        own = [one for one in left if one.source == row["id"] and one.id == keep["id"]]
        head = f"merged with {_called(row)}" if row is not keep else f"before the merge with {gone}"
        if own or (kind == "account" and row is not keep):
            lines.setdefault((kind, keep["id"]), []).append(_line(tx, head, own))
    for id in dict.fromkeys(one.id for one in left if one.id != keep["id"]):
        of_it = [one for one in left if one.id == id]
        head = f"{_called(keep)} merged with {gone}"
        lines[of_it[0].kind, id] = [_line(tx, head, of_it)]
    return tuple(_added(tx, of, id, "\n".join(said_of)) for (of, id), said_of in lines.items())


def _called(row: Row) -> str:
    number = row.get("number")
    return f"{row['name']} ({number})" if number else str(row["name"])


def _line(tx: Writing, head: str, left: Sequence[Left]) -> str:
    values = "; ".join(" ".join(filter(None, (one.what, one.left, one.where))) for one in left)
    return f"{tx.today} {head}: {values}" if values else f"{tx.today} {head}"


def _added(tx: Writing, kind: str, id: str, lines: str) -> Note:
    field = KINDS[kind].fields[KINDS[kind].notes]
    row = tx.read(kind, id)
    assert row is not None
    new = fitting(text.joined(row[field.column], lines), f"the {field.label} of {row['name']}")
    records.update(tx, kind, id, {field.name: new}, typed=False)
    return Note(id, row["name"], field.name, lines)


Joined = TypeVar("Joined", str, str | None)


def fitting(value: Joined, what: str) -> Joined:
    """Return a joined text, or raise if it is longer than a text may be."""
    if value is not None and len(value.encode()) > text.MAX_PARAGRAPH:
        raise Invalid(
            f"{text.safe(what)} would be longer than 1 MiB after the merge. "
            "Shorten one of the texts first"
        )
    return value
