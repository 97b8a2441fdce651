"""A row as cells with versions, and the merge of what another machine says about it.

Pure: no database. The greater version of a cell wins, so all machines get the same cells, in
whatever order they take in the same changes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from acctcli.model import Row
from acctcli.store.sync.tables import BOOK, INTO, QUIET, THERE

Version = tuple[int, str]
"""When a cell was set, in milliseconds since 1970, and the id of the machine that set it."""

FIRST: Version = (0, "")
"""Before every version."""


Versions = dict[str, Version]
"""By column; `*` stands for all columns that are not named."""

REST = "*"

ERASED = "@erased"
"""The only cell of a row of somebody who was erased; but for whom they were merged into."""

NEW: dict[str, Any] = {REST: []}
"""What a new row replaced: the cells that it leaves out are NULL, in its version."""


class CellChange(NamedTuple):
    """What one command set in one row; the same in memory and in a file."""

    table: str
    id: str
    at: int  # with `device`, the version of the cells
    device: str
    cells: Row
    replaced: dict[str, Any]  # the versions that the command saw; of a deleted row, all of them
    command: int | None  # its number in the file; None for a row that is sent as it stands

    @property
    def version(self) -> Version:
        """The version that these cells have."""
        return (self.at, self.device)


class CellClash(NamedTuple):
    """Two settings of the same cells that had not seen each other: the later one stands."""

    won: Row
    lost: Row
    won_version: Version
    lost_version: Version
    why: str  # `both`, or `deleted`


class RowCells:
    """The cells of one row. `base` is the version of all that have none of their own."""

    __slots__ = ("base", "id", "table", "values", "versions")

    def __init__(self, id: str, table: str) -> None:
        self.id = id
        self.table = table
        self.values: Row = {}
        self.versions: Versions = {}
        self.base: Version | None = None

    def version(self, column: str) -> Version | None:
        """Return the version of a cell; None for one that nobody has set."""
        return self.versions.get(column, self.base)

    def latest(self) -> Version:
        """Return the greatest version of the row."""
        return max((self.base or FIRST, *self.versions.values()))

    def set(self, column: str, value: Any, version: Version) -> None:
        """Set a cell, whatever its version was."""
        self.values[column] = value
        if version == self.base:
            self.versions.pop(column, None)
        else:
            self.versions[column] = version

    def leave_blank(self, columns: Iterable[str]) -> None:
        """Set cells to NULL in the first version, which any other version beats."""
        for column in columns:
            self.values[column] = None
            self.versions[column] = FIRST

    def settle_base(self) -> None:
        """Store the most common version only once."""
        versions = {column: self.version(column) for column in self.values}
        if len(self.versions) > 3 or self.base is None:
            counted = Counter(version for version in versions.values() if version)
            if counted:
                self.base = counted.most_common(1)[0][0]
        self.versions = {c: v for c, v in versions.items() if v is not None and v != self.base}

    def all_versions(self) -> Versions:
        """Return the versions as they are kept and sent: the common one under `*`."""
        return {REST: self.base, **self.versions} if self.base else dict(self.versions)


def take(
    row: RowCells,
    change: CellChange,
    groups: Mapping[str, tuple[str, ...]],
    blank: Iterable[str] = (),
) -> list[CellClash]:
    """Merge a change into a row; return what clashed. `blank` are the columns of its table.

    A row that is sent as it stands does not say what its cells replaced, so nobody can tell from it
    who had seen what: it clashes with nothing.
    """
    version = change.version
    stands_so = as_it_stands(change)
    if ERASED in change.cells or ERASED in row.values:
        # Nothing of an erased person stays, and nothing comes back. What stays is the id of the
        # record that they were merged into, because that is the same person.
        into = _into_whom(row, change)
        row.values, row.versions = {ERASED: 1, **({INTO: into} if into else {})}, {}
        row.base = max(row.base or FIRST, version)
        return []
    left_out: Sequence[str] = ()
    if change.replaced == NEW:
        left_out = left_blank(row.id, blank, groups)
        others = [column for column in blank if column not in left_out]
        change = change._replace(cells={**dict.fromkeys(others), **change.cells}, replaced={})
        left_out = [column for column in left_out if column not in {**row.values, **change.cells}]
    fresh = row.base is None and not row.versions
    row.leave_blank(left_out)
    if fresh:
        row.base = version
        row.values.update(change.cells)
        return []
    found: dict[tuple[str, ...], CellClash] = {}
    more: dict[tuple[str, ...], bool] = {}
    for column, value in change.cells.items():
        group = groups.get(column, (column,))
        stands = row.version(column) if column in row.values else None
        ours = row.values.get(column)
        if stands == version and ours == value:
            continue
        differs = column not in QUIET and ours != value and FIRST not in (stands, version)
        differs = differs and not stands_so
        if version == stands and group not in more:  # from a book that was copied or restored
            more[group] = _more(group, change.cells, row.values)
        wins = stands is None or version > stands or (version == stands and more[group])
        replaced = change.replaced.get(column, change.replaced.get(REST, ()))
        known = tuple(replaced) == stands
        if differs and stands is not None and stands != version and not known:
            _note(found, group, column, (value, ours), (version, stands), wins)
        if wins:
            row.set(column, value, version)
    return [*found.values(), *_of_deletion(row, change)]


def _into_whom(row: RowCells, change: CellChange) -> str | None:
    """Return the record that a row, or one of a person who was erased, is merged into."""
    if change.cells.get(THERE) == 0:
        found = change.cells.get(INTO)
    elif THERE in change.cells:
        return None  # the merge was undone
    else:
        found = change.cells.get(INTO) if ERASED in change.cells else None
    merged = ERASED in row.values or row.values.get(THERE) == 0
    return found or (row.values.get(INTO) if merged else None)


def _note(
    found: dict[tuple[str, ...], CellClash],
    group: tuple[str, ...],
    column: str,
    values: tuple[Any, Any],
    versions: tuple[Version, Version],
    wins: bool,
) -> None:
    won, lost = values if wins else values[::-1]
    late, early = versions if wins else versions[::-1]
    clash = found.setdefault(group, CellClash({}, {}, late, early, "both"))
    clash.won[column] = won
    clash.lost[column] = lost


def _of_deletion(row: RowCells, change: CellChange) -> list[CellClash]:
    """Return what was set on one machine while another deleted the row."""
    version = change.version
    if change.cells.get(THERE) == 0 and REST in change.replaced:
        if row.values.get(THERE) != 0:
            return []  # it was brought back since

        def known(column: str) -> tuple[Any, ...]:
            return tuple(change.replaced.get(column, change.replaced[REST]))

        unseen = {
            column: value
            for column, value in row.values.items()
            if column not in QUIET
            and column != THERE
            and row.version(column) not in (None, version, known(column))
        }
        if unseen:
            latest = max(row.version(column) or FIRST for column in unseen)
            return [CellClash({THERE: 0}, unseen, version, latest, "deleted")]
    elif row.values.get(THERE) == 0 and THERE not in change.cells and change.command is not None:
        told = {c: v for c, v in change.cells.items() if c not in QUIET}
        if told:
            deleted = row.version(THERE) or FIRST
            return [CellClash({THERE: 0}, told, deleted, version, "deleted")]
    return []


def as_it_stands(change: CellChange) -> bool:
    """Whether a change is a row as some machine had it, and not what a command set."""
    return change.command is None and not change.replaced


def left_blank(id: str, columns: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the columns that a new row does not clear by leaving them out.

    Two machines may make the same row if its id is made from its content: then neither clears what
    the other one set. Columns that belong together are cleared together.
    """
    is_fact = id[14:15] == "5"
    return [column for column in columns if is_fact and column not in groups]


def _more(group: tuple[str, ...], one: Row, other: Row) -> bool:
    """Whether the cells of a group have the greater text: the same answer on every machine."""
    texts = [json.dumps([cells.get(column) for column in group]) for cells in (one, other)]
    return texts[0] > texts[1]


def as_changes(row: RowCells, columns: Iterable[str] | None = None) -> list[CellChange]:
    """Return the current row, each cell with its version: any machine may pass it on."""
    by_version: dict[Version, Row] = {}
    for column, value in row.values.items():
        version = row.version(column)
        if version is not None and (columns is None or column in columns):
            by_version.setdefault(version, {})[column] = value
    return [
        CellChange(row.table, row.id, at, device, cells, {}, None)
        for (at, device), cells in by_version.items()
    ]


__all__ = [
    "BOOK",
    "INTO",
    "THERE",
    "CellChange",
    "CellClash",
    "RowCells",
    "Version",
    "as_changes",
    "as_it_stands",
    "left_blank",
    "take",
]
