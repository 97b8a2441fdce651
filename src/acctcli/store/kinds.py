"""Tables and columns as `model` declares them: who owns what, and what finds a record.

Deleting a record deletes what it owns; rows that only refer to it stay. Nothing here is listed by
hand except the few tables that no kind declares.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from acctcli.model import KINDS, LISTS, REF

Places = tuple[tuple[str, str], ...]
"""Tables, each with its column that refers to a record."""

KEYED = tuple(name for name, kind in KINDS.items() if kind.keyed)
"""Kinds that are found by name; `name_key` holds the name in the form that compares."""

PART_OF = {
    **{name: f"{kind.part_of}_id" for name, kind in KINDS.items() if kind.part_of},
    **{table: f"{kind}_id" for table, (kind, _) in LISTS.items()},
    "custom": "record_id",
    "external_id": "record_id",
}
"""Tables whose rows are parts of a record, each with the column that refers to it."""

NAMED = tuple(
    name for name, kind in KINDS.items() if kind.keyed and kind.searched and not kind.to_do
)
"""Kinds whose title is a name, and no sentence."""

FACTS = {name: kind.fact for name, kind in KINDS.items() if kind.fact}
"""Kinds whose id is made from these fields, so that there is only one record for their values."""


def told_by(kind: str, values: Mapping[str, Any]) -> list[str]:
    """Return what the id of a fact is made from, sorted; nothing if a value is missing.

    Sorted, because "A is not B" and "B is not A" are the same.
    """
    either = KINDS[kind].either
    found = [values.get(name) for name in FACTS[kind] if name not in either]
    if either:
        found.append(next((values[name] for name in either if values.get(name)), None))
    return sorted(value for value in found if value) if all(found) else []


ABOVE = {
    name: field.name
    for name, kind in KINDS.items()
    for field in kind.fields.values()
    if field.type == REF and field.target == name and not field.many
}
"""The field that refers to a record of the same kind, which must not form a circle."""


OF_DEAL = tuple(
    name
    for name, kind in KINDS.items()
    if "account" in kind.fields and kind.fields.get("deal") and kind.fields["deal"].required
)
"""Kinds whose records are under the account of their deal, and move with it."""


def _pointing(owning: bool) -> dict[str, Places]:
    """Return by kind the columns that refer to its records and own (or do not own) their rows."""
    found: dict[str, Places] = {}
    for name, kind in KINDS.items():
        for field in kind.fields.values():
            if field.type != REF or field.derived:
                continue  # the records in a derived list refer to their owner themselves
            if name in OF_DEAL and field.name == "account":
                continue  # they are deleted with their deal
            table, column = field.rows or (name, field.column)
            # A task or person needs no account, but is deleted with the one it has.
            needed = field.required or field.name == "account" or field.name in kind.fact
            owns = field.many or needed
            if owns == owning:
                found[field.target] = (*found.get(field.target, ()), (table, column))
    return found


OWNED = _pointing(owning=True)
for _table, (_kind, _) in LISTS.items():
    OWNED[_kind] = (*OWNED.get(_kind, ()), (_table, f"{_kind}_id"))
"""By kind: the rows that are deleted with a record (table, column that refers to it)."""

LOOSE = _pointing(owning=False)
"""By kind: the rows that stay, but lose their reference to it."""


def linked_to(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the tables that link records of a kind to others, with their columns for that kind.

    Their rows are parts of the other record, or are about two records of the kind.
    """
    links: dict[str, tuple[str, ...]] = {}
    for table, column in (*OWNED.get(kind, ()), *LOOSE.get(kind, ())):
        if table in PART_OF:
            links[table] = (*links.get(table, ()), column)
    return {table: found for table, found in links.items() if found != (PART_OF[table],)}


NAMED_APART = {name: kind.identity for name, kind in KINDS.items() if kind.namesakes}
"""Fields that together name a record: two records with the same values are usually one."""

DISTINCT = {
    kind.part_of: name
    for name, kind in KINDS.items()
    if kind.part_of and kind.fact and all(kind.fields[f].target == kind.part_of for f in kind.fact)
}
"""The tables that store which records of a kind are not the same."""


def in_order_of_import() -> list[str]:
    """Return all kinds, settings first, and each after those that it refers to."""
    ordered: dict[str, None] = {"setting": None}  # they decide how everything else is read

    def after_its_targets(name: str) -> None:
        for field in KINDS[name].fields.values():
            if field.target not in ("", name, *ordered):
                after_its_targets(field.target)
        ordered[name] = None

    for name in KINDS:
        after_its_targets(name)
    return list(ordered)


def account_of(kind: str) -> str:
    """Return the SQL column of a record's account (of an account, its id); `NULL` without one."""
    if kind == "account":
        return "id"
    return "account_id" if "account" in KINDS[kind].fields else "NULL"


def still_to_do(kind: str) -> str:
    """Return the end of a condition for open records, for kinds that can be done; else ""."""
    to_do = KINDS[kind].to_do
    if to_do is None:
        return ""
    name, value = to_do
    return f" AND {name} IS {'NULL' if value is None else repr(value)}"


def _kept(kind: str, finds: Collection[str], type: str = "") -> list[tuple[str, str, str]]:
    """Return where values are stored that find a record: table, value column, record id column."""
    return [
        (field.rows[0], field.rows[1], f"{kind}_id") if field.rows else (kind, field.column, "id")
        for field in KINDS[kind].fields.values()
        if field.finds in finds and type in ("", field.type)
    ]


def found_by(kind: str, finds: Collection[str], typed: str, type: str = "") -> str:
    """Return SQL for the ids of records found by a value in these ways; "" if nothing finds them.

    `typed` is the SQL of the value; `type` limits the fields to those of one type.
    """
    return " UNION ".join(
        f"SELECT {id} FROM {table} WHERE {value} = {typed}"
        for table, value, id in _kept(kind, finds, type)
    )


def finding(kind: str, finds: Collection[str], type: str = "") -> str:
    """Return SQL for all values that find a record in these ways, with its id; may be empty."""
    return " UNION ".join(
        f"SELECT {value}, {id} FROM {table} WHERE {value} IS NOT NULL"
        for table, value, id in _kept(kind, finds, type)
    )
