"""Further values of fields with one value: other names, websites, phones and pages of a record.

After a merge they are what the other records were called and reached at. So lookups, imports and
searches still find the record by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acctcli import text
from acctcli.model import KINDS, LINKEDIN, Row


def as_item(kind: str, name: str, value: str) -> str:
    """Return a value of a field as an item of the list of its further values."""
    if KINDS[kind].fields[name].type != LINKEDIN:
        return value
    from acctcli.values import addresses

    return addresses.linkedin_page(value)


def brought(kind: str, row: Row) -> dict[str, tuple[str, ...]]:
    """Return by list what a record brings into it: its items, and the value of the field."""
    found = {}
    for name, listed in KINDS[kind].further:
        own = (as_item(kind, name, row[name]),) if row[name] else ()
        found[listed] = (*row[listed], *own)
    return found


def together(kind: str, rows: Sequence[Row], values: Mapping[str, Any]) -> Row:
    """Return the lists of a record that is made of `rows`; `values` are those of its fields."""
    found: Row = {}
    for name, listed in KINDS[kind].further:
        stays = as_item(kind, name, values[name]) if values[name] else ""
        items: dict[str, str] = {}
        for row in rows:
            for item in brought(kind, row)[listed]:
                items.setdefault(text.key(item), item)
        items.pop(text.key(stays), None)
        found[listed] = tuple(items.values())
    return found


def has(kind: str, row: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether a value of a field is among the further values of a record."""
    listed = dict(KINDS[kind].further).get(name)
    if listed is None or not value:
        return False
    return text.key(as_item(kind, name, str(value))) in map(text.key, row[listed])
