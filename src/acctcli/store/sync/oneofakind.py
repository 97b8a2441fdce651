"""Rows that must be unique in a book, although two machines or a merge may have made two.

The same item of a list, a second plan of an account, a second main contact, two changes of one
deal that each say what came before. All machines choose the same one; what the others say is kept,
and comes back if the one that is shown goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from acctcli.model import KINDS, LONG, Row
from acctcli.store.kinds import DISTINCT
from acctcli.store.sync.cells import FIRST, INTO, THERE, CellClash, Version
from acctcli.store.sync.keeping import SharedRow, Shelf
from acctcli.store.sync.tables import SyncTable

Leads = Callable[[str, str], str | None]
"""Where a reference to a record of a table leads."""


class KeptAside(NamedTuple):
    """What another row said that the book does not show because this row is shown."""

    row: SharedRow
    clash: CellClash


def siblings(shelf: Shelf, table: SyncTable, rows: Sequence[SharedRow], target: Leads) -> set[str]:
    """Return the ids of the rows among which the book may have to choose, beside these."""
    if table.name == "contact":
        return _other_primaries(shelf, rows, target)
    if table.name == "deal_change":
        deals = {row.values.get("deal_id") for row in rows}
        return _of_owners(shelf, table.name, "deal_id", deals)
    owner = _owner(table)
    if owner is None:
        return set()
    column, kind = owner
    owners: set[Any] = set()
    redirected = False
    for row in rows:
        id = row.values.get(column)
        leads = target(id, kind or str(row.values.get("kind") or "")) if id else None
        owners.add(leads)
        redirected = redirected or leads != id
    if not redirected and not _keeps_references(shelf):
        return set()
    return _of_owners(shelf, table.name, column, owners) | _kept_of(shelf, table.name, owners)


def choose(table: SyncTable, rows: Sequence[SharedRow], target: Leads) -> list[KeptAside]:
    """Change `new` and `visible` of rows of a table that the book would show."""
    shown = [row for row in rows if row.visible and row.new is not None]
    if table.name == "contact":
        _one_primary(shown)
    elif table.name == "deal_change":
        _link_changes(shown)
    elif _owner(table) is not None:
        return [*_one_each(table, shown, _removed(table, rows, target))]
    return []


# The same fact


def _owner(table: SyncTable) -> tuple[str, str] | None:
    """Return the column of the owner of a row that is one of its kind, and the owner's kind."""
    for column, target, _ in table.references:
        if column in table.unique and target != "campaign":
            return column, target
    return None


def _removed(
    table: SyncTable, rows: Iterable[SharedRow], target: Leads
) -> dict[tuple[Any, ...], Version]:
    """Return by key when somebody removed the row of that key last.

    Who removes a tag removes it, though the same one came to the account by a merge, too.
    """
    found: dict[tuple[Any, ...], Version] = {}
    for row in rows:
        if row.values.get(THERE) == 0 and not row.values.get(INTO):
            values = dict(row.values)
            for column, kind, _ in table.references:
                if column in table.unique and values.get(column):
                    values[column] = target(values[column], kind or str(values.get("kind") or ""))
            key = _key(table, values)
            found[key] = max(found.get(key, FIRST), row.version(THERE) or FIRST)
    return found


def _one_each(
    table: SyncTable, shown: Iterable[SharedRow], removed: Mapping[tuple[Any, ...], Version]
) -> Iterator[KeptAside]:
    groups: dict[tuple[Any, ...], list[SharedRow]] = {}
    for row in shown:
        assert row.new is not None
        key = _key(table, row.new)
        if _redirected(table, row) and row.latest() < removed.get(key, FIRST):
            row.visible, row.new = False, None
            continue
        if table.name in DISTINCT.values() and key[0] == key[-1]:
            row.visible, row.new = False, None  # the two are one by now
            continue
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        if len(group) > 1:
            first, *others = sorted(group, key=lambda row: (_redirected(table, row), row.id))
            for other in others:
                yield from _fill(table, first, other)
                other.visible, other.new = False, None


def _key(table: SyncTable, row: Row) -> tuple[Any, ...]:
    if table.either:
        rest = [row.get(column) for column in table.unique if column not in table.either]
        return (*rest, next((row[c] for c in table.either if row.get(c)), None))
    values = [row.get(column) for column in table.unique]
    return tuple(sorted(values, key=str) if table.name in DISTINCT.values() else values)


def _redirected(table: SyncTable, row: SharedRow) -> bool:
    assert row.new is not None
    return any(row.new[c] != row.values.get(c) for c, *_ in table.references if c in table.unique)


def _fill(table: SyncTable, first: SharedRow, other: SharedRow) -> Iterator[KeptAside]:
    """Fill what is empty in the row that stays; yield what stays aside."""
    if table.name == "plan":
        columns = [f.column for f in KINDS["plan"].fields.values() if f.type == LONG]
    elif table.name == "custom":
        columns = ["value"]
    else:
        return
    assert first.new is not None
    for column in columns:
        theirs = other.values.get(column)
        if not first.new[column]:
            first.new[column] = theirs
        elif theirs and theirs != first.new[column]:
            versions = [row.version(column) or FIRST for row in (first, other)]
            won, lost = {column: first.new[column]}, {column: theirs}
            yield KeptAside(first, CellClash(won, lost, versions[0], versions[1], "merged"))


# Main contacts


def _other_primaries(shelf: Shelf, rows: Iterable[SharedRow], target: Leads) -> set[str]:
    accounts: set[Any] = set()
    for row in rows:
        if row.values.get("primary") == 1 or (row.shown and row.shown["primary"]):
            id = row.values.get("account_id")
            accounts.add(target(id, "account") if id else None)
            accounts.add(row.shown["account_id"] if row.shown else None)
    found = shelf.con.execute(
        "SELECT c.id FROM json_each(?) j CROSS JOIN main.contact c ON c.account_id = j.value "
        "LEFT JOIN main.sync_row r ON r.id = c.id "
        'WHERE c."primary" = 1 OR r.kept IS NOT NULL',
        (_listed(accounts),),
    )
    return {id for (id,) in found}


def _one_primary(shown: Iterable[SharedRow]) -> None:
    by_account: dict[str, list[SharedRow]] = {}
    for row in shown:
        if row.new and row.new["primary"] == 1 and row.new["account_id"]:
            by_account.setdefault(row.new["account_id"], []).append(row)
    for people in by_account.values():
        last = max(people, key=lambda row: (row.version("primary") or FIRST, row.id))
        for row in people:
            if row is not last and row.new is not None:
                row.new["primary"] = 0


# Changes of deals


def _link_changes(shown: Iterable[SharedRow]) -> None:
    """Let each change begin where the one before it ended, if that is another machine's."""
    by_field: dict[tuple[str, str], list[SharedRow]] = {}
    for row in shown:
        if row.new:
            by_field.setdefault((row.new["deal_id"], row.new["field"]), []).append(row)
    for changes in by_field.values():
        changes.sort(key=_when)
        for before, row in pairwise(changes):
            # Who wrote it, and not who brought it back: an undo sets only whether a row is there.
            machines = [(one.version("new") or FIRST)[1] for one in (before, row)]
            if machines[0] != machines[1] and before.new and row.new:
                row.new["old"] = before.new["new"]


def _when(row: SharedRow) -> tuple[str, str, str]:
    assert row.new is not None
    return str(row.new["changed_on"]), str(row.new["created_at"]), row.id


# Looking for the others


def _of_owners(shelf: Shelf, table: str, column: str, owners: Iterable[Any]) -> set[str]:
    found = shelf.con.execute(
        f'SELECT t.id FROM json_each(?) j CROSS JOIN main."{table}" t ON t."{column}" = j.value',
        (_listed(owners),),
    )
    return {id for (id,) in found}


def _kept_of(shelf: Shelf, table: str, owners: Iterable[Any]) -> set[str]:
    """Return rows of a table that the book keeps, of these owners or merged into them."""
    found = shelf.con.execute(
        "WITH RECURSIVE leads (id) AS (SELECT value FROM json_each(?) UNION "
        'SELECT f."row" FROM leads CROSS JOIN main.sync_ref f ON f.target = leads.id '
        'JOIN main.sync_row r ON r.id = f."row" AND CASE WHEN json_valid(r.kept) '
        "THEN json_extract(r.kept, '$.\"@into\"') END = leads.id) "
        'SELECT f."row" FROM leads CROSS JOIN main.sync_ref f ON f.target = leads.id '
        'JOIN main.sync_row r ON r.id = f."row" AND r.tbl = ?',
        (_listed(owners), table),
    )
    return {id for (id,) in found}


def _keeps_references(shelf: Shelf) -> bool:
    return shelf.con.execute("SELECT 1 FROM main.sync_ref LIMIT 1").fetchone() is not None


def _listed(ids: Iterable[Any]) -> str:
    return json.dumps([id for id in ids if id])
