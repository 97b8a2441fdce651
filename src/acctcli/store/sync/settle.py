"""Turn cells into a consistent book.

The result depends on the cells alone, so it is the same on every machine. A row that needs a
missing record waits, and appears when that record comes. References follow merges, and references
to deleted records show nothing. The book keeps whatever it does not show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.model import Row
from acctcli.store.kinds import ABOVE, OF_DEAL
from acctcli.store.sync.cells import BOOK, FIRST, INTO, THERE
from acctcli.store.sync.fitting import fit
from acctcli.store.sync.keeping import SharedRow, Shelf
from acctcli.store.sync.oneofakind import KeptAside, choose, siblings

if TYPE_CHECKING:
    from acctcli.store.sync.tables import Reference, SyncTable

_LONGEST = 1_000
"""Steps of a chain of parents: a longer one is cut like a circle."""


class Settle:
    """Decides for rows, and for all that depend on them, how the book shows them."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.wanted: dict[str, set[str]] = {name: set() for name in shelf.tables}
        self.done: list[SharedRow] = []
        self.aside: list[KeptAside] = []
        self._there: dict[tuple[str, str], bool] = {}  # rows that are not decided
        self._decided: set[str] = set()

    def run(self, touched: Iterable[SharedRow]) -> list[SharedRow]:
        """Return the rows that were decided, each with `new` and `visible`."""
        for row in touched:
            if row.table in self.wanted:
                self.wanted[row.table].add(row.id)
            else:
                row.visible = False  # a table of a later version
                self.done.append(row)
        for name, table in self.shelf.tables.items():
            self._table(name, table)
        return self.done

    def _table(self, name: str, table: SyncTable) -> None:
        """Decide the rows of a table; those that it refers to are decided."""
        shelf = self.shelf
        decided: set[str] = set()
        # Rows that refer to rows of the same table, or share something with them, join later.
        while missing := self.wanted[name] - decided:
            shelf.load(dict.fromkeys(missing, name))
            rows = [shelf.rows[id] for id in sorted(missing)]
            decided |= missing
            self._load_targets(rows, table)
            for row in rows:
                row.visible = self._is_visible(row, table)
            self._decided |= missing
            self._spread(name, [row for row in rows if self._moved(row)])
            if name in ABOVE:
                self._join_circles(name, rows)
            self.wanted[name] |= siblings(shelf, table, rows, self._target)
        rows = [shelf.rows[id] for id in sorted(decided)]
        for row in rows:
            row.new = self._as_shown(row, table) if row.visible else None
        self.aside += choose(table, rows, self._target)
        if table.titled:
            for row in rows:
                if row.new is not None:
                    row.new["name_key"] = text.key(str(row.new[table.titled]))
        self.done += rows
        self._spread(name, [row for row in rows if self._moved(row)])
        if name == "deal":
            # What belongs to a deal is under the deal's account.
            moved = [r for r in rows if r.shown and r.new]
            self._spread(name, [r for r in moved if _account(r.shown) != _account(r.new)])

    def _load_targets(self, rows: Collection[SharedRow], table: SyncTable) -> None:
        """Load what rows refer to as far as the book does not have it."""
        for reference in table.references:
            wanted: dict[str, set[str]] = {}
            for row in rows:
                id = row.values.get(reference.column)
                kind = reference.target or str(row.values.get("kind") or "")
                if id and id not in self.shelf.rows and (id, kind) not in self._there:
                    wanted.setdefault(kind, set()).add(id)
            for kind, ids in wanted.items():
                here = self.shelf.present(kind, ids) if kind in self.shelf.tables else set()
                self._there.update({(id, kind): True for id in here})
                self.shelf.load(dict.fromkeys(ids - here, kind))

    # Whether a row is shown

    def _is_visible(self, row: SharedRow, table: SyncTable) -> bool:
        if row.refused:
            return row.shown is not None
        if not self._lives(row):
            return False
        if any(row.values.get(column) is None for column in table.needed):
            return False
        if row.table == "account" and (row.values.get(BOOK) or row.book) not in (
            *self.shelf.machine.books,
            None,
        ):
            return False
        return all(
            self._target(row.values[one.column], _kind(row, one)) is not None
            for one in table.references
            if one.owns and row.values.get(one.column) is not None
        )

    def _lives(self, row: SharedRow) -> bool:
        """Whether a row is there. Of records merged into each other, the last merge's is."""
        if row.values.get(THERE) == 1:
            return True
        ring, at = [row], row.values.get(INTO)
        while at and at != row.id and all(one.id != at for one in ring):
            ring.append(self.shelf.look(at, row.table))
            there = ring[-1].values.get(THERE) == 1
            at = None if there else ring[-1].values.get(INTO)
        if at != row.id:
            return False
        return min(ring, key=lambda one: (one.version(THERE) or FIRST, one.id)) is row

    def _target(self, id: str, table: str) -> str | None:
        """Return where a reference leads: to the record, or to the one it was merged into."""
        passed: set[str] = set()
        while id and id not in passed:
            if self._is_there(id, table):
                return id
            passed.add(id)
            id = self.shelf.look(id, table).values.get(INTO) or ""
        return None

    def _is_there(self, id: str, table: str) -> bool:
        if id in self._decided:
            row = self.shelf.rows[id]
            return row.visible and row.table == table
        place = (id, table)
        if place not in self._there:
            row = self.shelf.look(id, table)
            self._there[place] = row.shown is not None and row.table == table
        return self._there[place]

    # What a row looks like

    def _as_shown(self, row: SharedRow, table: SyncTable) -> Row:
        if row.refused and row.shown is not None:
            return row.shown
        shown: Row = {column: row.values.get(column) for column in table.columns}
        fit(row, shown)
        for one in table.references:
            if shown[one.column] is not None:
                shown[one.column] = self._target(shown[one.column], _kind(row, one))
        if row.table in OF_DEAL:
            shown["account_id"] = self._account_of_deal(shown["deal_id"])
        if row.table in ABOVE:
            self._break_circle(row, shown)
        return shown

    def _account_of_deal(self, deal: str) -> str:
        known = self.shelf.rows.get(deal)
        found = (known.new or known.shown) if known else None
        if found:
            return str(found["account_id"])
        sql = "SELECT account_id FROM main.deal WHERE id = ?"
        return str(self.shelf.con.execute(sql, (deal,)).fetchone()[0])

    def _break_circle(self, row: SharedRow, shown: Row) -> None:
        """Do not show the latest link of a circle."""
        column = self._column_above(row.table)
        if shown[column] and self._latest_link(row, column) is row:
            shown[column] = None

    def _latest_link(self, row: SharedRow, column: str) -> SharedRow | None:
        """Return the row of a circle whose link is the latest; None without a circle."""
        circle = self._circle(row, column)
        return max(circle, key=lambda x: (x.version(column) or FIRST, x.id), default=None)

    def _circle(self, row: SharedRow, column: str) -> list[SharedRow]:
        chain, passed = [row], {row.id}
        at = self._next(row, column)
        while at is not None and at.id not in passed and len(chain) < _LONGEST:
            chain.append(at)
            passed.add(at.id)
            at = self._next(at, column)
        return chain if at is row else []

    def _next(self, row: SharedRow, column: str) -> SharedRow | None:
        id = row.values.get(column)
        target = self._target(id, row.table) if id else None
        return self.shelf.look(target, row.table) if target else None

    def _column_above(self, table: str) -> str:
        return next(
            one.column for one in self.shelf.tables[table].references if one.target == table
        )

    def _join_circles(self, name: str, rows: Iterable[SharedRow]) -> None:
        """Decide the other rows of a circle too, and those whose link was part of one."""
        column = self._column_above(name)
        moved = False
        for row in rows:
            self.wanted[name].update(one.id for one in self._circle(row, column))
            before = row.shown[column] if row.shown else None
            moved = moved or before != row.values.get(column) or row.hot
        if moved:
            kept = self.shelf.con.execute(
                "SELECT id FROM main.sync_row WHERE kept IS NOT NULL AND sum IS NOT NULL "
                "AND tbl = ? AND CASE WHEN json_valid(kept) THEN json_extract(kept, ?) END "
                "IS NOT NULL",
                (name, f"$.{column}"),
            )
            self.wanted[name].update(id for (id,) in kept)

    # What depends on a row

    def _moved(self, row: SharedRow) -> bool:
        return row.hot or (row.shown is None) == row.visible

    def _spread(self, name: str, rows: Collection[SharedRow]) -> None:
        """Decide what refers to these rows too, and to those that were merged into them."""
        ids = {row.id for row in rows}
        passed: set[str] = set()
        while ids - passed:
            found = self.shelf.referring(ids - passed)
            passed |= ids
            for id, table in found.items():
                if table in self.wanted:
                    self.wanted[table].add(id)
            # What was merged into one of them leads to it by now.
            merged = {id: table for id, table in found.items() if table == name}
            self.shelf.load(merged)
            ids |= {id for id in merged if self.shelf.rows[id].values.get(INTO) in passed}


def _kind(row: SharedRow, reference: Reference) -> str:
    return reference.target or str(row.values.get("kind") or "")


def _account(row: Row | None) -> object:
    return row["account_id"] if row else None
