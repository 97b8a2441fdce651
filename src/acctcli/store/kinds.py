"""What belongs to what, as the declarations of `model` say it: tables and their columns.

A record that goes takes along what it owns, and what only points to it stays. Nothing here is
listed by hand but the few tables that no kind declares.
"""

from __future__ import annotations

from acctcli.model import KINDS, LISTS, REF

Places = tuple[tuple[str, str], ...]
"""Tables, each with the column of it that points to a record."""

PART_OF = {
    **{name: f"{kind.part_of}_id" for name, kind in KINDS.items() if kind.part_of},
    **{table: f"{kind}_id" for table, (kind, _) in LISTS.items()},
    "custom": "record_id",
    "external_id": "record_id",
}
"""Tables whose rows are parts of a record, with the column that says of which."""

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
            if field.type != REF or (kind.part_of == "deal" and field.name == "account"):
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
