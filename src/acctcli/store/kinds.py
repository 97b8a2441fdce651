"""What the declarations of `model` mean for tables and columns: who owns what, and what finds it.

A record that goes takes along what it owns, and what only points to it stays. Nothing here is
listed by hand but the few tables that no kind declares.
"""

from __future__ import annotations

from collections.abc import Collection

from acctcli.model import KINDS, LISTS, REF

Places = tuple[tuple[str, str], ...]
"""Tables, each with the column of it that points to a record."""

KEYED = tuple(name for name, kind in KINDS.items() if kind.keyed)
"""Kinds that are found by name: `name_key` holds how their title compares."""

PART_OF = {
    **{name: f"{kind.part_of}_id" for name, kind in KINDS.items() if kind.part_of},
    **{table: f"{kind}_id" for table, (kind, _) in LISTS.items()},
    "custom": "record_id",
    "external_id": "record_id",
}
"""Tables whose rows are parts of a record, with the column that says of which."""

NAMED = tuple(
    name for name, kind in KINDS.items() if kind.keyed and kind.searched and not kind.to_do
)
"""Kinds whose title is a name, and no sentence."""

FACTS = {name: kind.fact for name, kind in KINDS.items() if kind.fact}
"""Kinds of which there is one for what these fields say: its id is made of them."""

ABOVE = {
    name: field.name
    for name, kind in KINDS.items()
    for field in kind.fields.values()
    if field.type == REF and field.target == name and not field.many
}
"""The field that points to a record of the same kind, which must not go round in a circle."""


def _pointing(owning: bool) -> dict[str, Places]:
    """By kind, the columns that point to its records and own their row by it, or do not."""
    found: dict[str, Places] = {}
    for name, kind in KINDS.items():
        for field in kind.fields.values():
            if field.type != REF or field.derived:
                continue  # a derived list is made of records that say themselves what they are of
            if kind.part_of == "deal" and field.name == "account":
                continue  # what stands under a deal goes with it
            table, column = field.rows or (name, field.column)
            # A task or a person needs no account, but goes with the one they have.
            owns = field.many or field.required or field.name == "account"
            if owns == owning:
                found[field.target] = (*found.get(field.target, ()), (table, column))
    return found


OWNED = _pointing(owning=True)
for _table, (_kind, _) in LISTS.items():
    OWNED[_kind] = (*OWNED.get(_kind, ()), (_table, f"{_kind}_id"))
"""What goes when a record goes, by kind: (table, column that points to it)."""

LOOSE = _pointing(owning=False)
"""What stays when a record goes, but no longer points to it."""


def linked_to(kind: str) -> dict[str, tuple[str, ...]]:
    """The tables that link records of a kind to others, and what in them points to that kind.

    Their rows are parts of the other record, or say something of two of the kind.
    """
    links: dict[str, tuple[str, ...]] = {}
    for table, column in (*OWNED.get(kind, ()), *LOOSE.get(kind, ())):
        if table in PART_OF:
            links[table] = (*links.get(table, ()), column)
    return {table: found for table, found in links.items() if found != (PART_OF[table],)}


NAMED_APART = {name: kind.identity for name, kind in KINDS.items() if kind.namesakes}
"""Fields that together name one record of a kind: two of the same are mostly one."""

DISTINCT = {
    kind.part_of: name
    for name, kind in KINDS.items()
    if kind.part_of and kind.fact and all(kind.fields[f].target == kind.part_of for f in kind.fact)
}
"""Where it is kept that two records of a kind are not the same."""


def in_order_of_import() -> list[str]:
    """All kinds, the settings first, and each after those that it refers to."""
    ordered: dict[str, None] = {"setting": None}  # they say how the rest is read

    def after_its_targets(name: str) -> None:
        for field in KINDS[name].fields.values():
            if field.target not in ("", name, *ordered):
                after_its_targets(field.target)
        ordered[name] = None

    for name in KINDS:
        after_its_targets(name)
    return list(ordered)


def account_of(kind: str) -> str:
    """The column that says to which account a record belongs, or which it is; `NULL` if none."""
    if kind == "account":
        return "id"
    return "account_id" if "account" in KINDS[kind].fields else "NULL"


def still_to_do(kind: str) -> str:
    """The end of a condition that narrows a kind down to what is still to be done, if that is."""
    to_do = KINDS[kind].to_do
    if to_do is None:
        return ""
    name, value = to_do
    return f" AND {name} IS {'NULL' if value is None else repr(value)}"


def _kept(kind: str, finds: Collection[str], type: str = "") -> list[tuple[str, str, str]]:
    """Where values stand that find a record: table, their column, and that of the record's id."""
    return [
        (field.rows[0], field.rows[1], f"{kind}_id") if field.rows else (kind, field.column, "id")
        for field in KINDS[kind].fields.values()
        if field.finds in finds and type in ("", field.type)
    ]


def found_by(kind: str, finds: Collection[str], typed: str, type: str = "") -> str:
    """SQL for the ids of the records that a value finds in these ways; empty if it finds none.

    `typed` is the value in SQL, `type` narrows the fields down to those of one type.
    """
    return " UNION ".join(
        f"SELECT {id} FROM {table} WHERE {value} = {typed}"
        for table, value, id in _kept(kind, finds, type)
    )


def finding(kind: str, finds: Collection[str], type: str = "") -> str:
    """SQL for all values that find a record in these ways, each with its id; may be empty."""
    return " UNION ".join(
        f"SELECT {value}, {id} FROM {table} WHERE {value} IS NOT NULL"
        for table, value, id in _kept(kind, finds, type)
    )
