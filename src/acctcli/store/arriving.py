"""The records of a bundle, seen from this book: which are here, which come, which stay away.

A record is the same if its id is. One that was merged here is the record that it was merged into,
and a product is the one of the same name. What was deleted here does not come, nor do people who
were erased, nor what belongs to either.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator

from acctcli import ids, text
from acctcli.model import KINDS, LISTS, REF
from acctcli.store import handed, moments
from acctcli.store.foreign import Told
from acctcli.store.kinds import PART_OF
from acctcli.store.known import Known
from acctcli.store.remembered import row_of
from acctcli.store.staged import StagedBundle, StagedRow
from acctcli.store.taken import TakenBundle, Unlinked


class Arriving:
    """The records of one bundle; what is found out about them goes into `done`."""

    def __init__(self, con: sqlite3.Connection, stage: StagedBundle, done: TakenBundle) -> None:
        self.con = con
        self.stage = stage
        self.done = done
        self.erased = self._erased()
        self.scrub = self._scrub()
        self.instead: dict[str, str] = {}  # an id of theirs → that of the same record here
        self.there: dict[str, set[str]] = {}  # by kind, the ids of records that stand here
        self.coming: dict[str, set[str]] = {}  # by kind, those that the bundle adds
        self.dropped: set[str] = set()  # rows that do not come
        self.gone_here = self._gone_here()
        self._look()

    def _erased(self) -> set[str]:
        people = {moments.mark_of_erased(id): id for id in self.stage.ids("contact")}
        sql = "SELECT id FROM main.erased WHERE id IN (SELECT value FROM json_each(?))"
        return {people[mark] for (mark,) in self.con.execute(sql, (json.dumps(list(people)),))}

    def _scrub(self) -> Callable[[str], str] | None:
        """Return what removes the names of erased people from texts that come with the bundle."""
        if not self.erased:
            return None
        given = (json.dumps(sorted(self.erased)),)
        these = "(SELECT value FROM json_each(?))"
        names = self.stage.con.execute(f"SELECT name FROM contact WHERE id IN {these}", given)
        found = {"names": {name for (name,) in names}}
        for place, table, column in (
            ("names", "contact_alias", "alias"),
            ("addresses", "email", "address"),
            ("numbers", "phone", "number"),
        ):
            values = self.stage.con.execute(
                f"SELECT {column} FROM {table} WHERE contact_id IN {these}", given
            )
            found.setdefault(place, set()).update(value for (value,) in values)
        return Known(**{place: frozenset(values) for place, values in found.items()}).scrub

    def _gone_here(self) -> dict[tuple[str, str], str]:
        """Return the rows of the bundle's records that were deleted here, and what into."""
        every = json.dumps([id for (id,) in self.stage.con.execute("SELECT DISTINCT id FROM cell")])
        found = self.con.execute(
            'SELECT c.tbl, c."row", c.after, k.undoes IS NOT NULL AND k.seq IN '
            f"{moments.TAKEN} FROM json_each(?) j CROSS JOIN change c ON c.record = j.value "
            "JOIN command k ON k.seq = c.command WHERE c.op = 'delete' ORDER BY c.seq",
            (every,),
        )
        gone: dict[tuple[str, str], str] = {}
        for table, row, after, only_undone in found:
            gone.pop((table, row), None)
            if not only_undone:
                gone[table, row] = str(row_of(after).get("merged_into") or "")
        return gone

    def _look(self) -> None:
        """Find out for each record of the bundle whether it is here, comes, or stays away."""
        for kind in handed.GOES:
            theirs = self.stage.ids(kind)
            here = {
                id
                for (id,) in self.con.execute(
                    f'SELECT id FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))',
                    (json.dumps(sorted(theirs)),),
                )
            }
            self.there[kind] = here
            self.coming[kind] = set()
            for id in theirs - here:
                into = self._merged_into(kind, id)
                if into:
                    self.instead[id] = into
                    self.dropped.add(id)
                elif (kind, id) in self.gone_here and kind != "product":
                    self.dropped.add(id)
                    if kind not in PART_OF and id not in self.erased:
                        self.done.stays_deleted[kind] += 1
                else:
                    self.coming[kind].add(id)
        for id in self.erased:
            self.dropped.add(id)
            self.coming["contact"].discard(id)
        self.done.erased = len(self.erased)
        self._join_products()

    def _merged_into(self, kind: str, id: str) -> str:
        """Return the record here that a record of theirs was merged into, if it was."""
        seen = {id}
        into = self.gone_here.get((kind, id), "")
        while into and into not in seen:
            if self.is_here(kind, into):
                return into
            seen.add(into)
            row = self.con.execute(
                "SELECT after FROM change WHERE record = ? AND tbl = ? AND op = 'delete' "
                "ORDER BY seq DESC LIMIT 1",
                (into, kind),
            ).fetchone()
            into = str(row_of(row[0]).get("merged_into") or "") if row else ""
        return ""

    def _join_products(self) -> None:
        """Take a product of the same name here for one of theirs."""
        for row in self.stage.rows("product"):
            if row.id not in self.coming["product"]:
                continue
            same = self.con.execute(
                "SELECT id FROM product WHERE name_key = ? ORDER BY id LIMIT 1",
                (row.values["name_key"],),
            ).fetchone()
            if same:
                self.instead[row.id] = same[0]
                self.coming["product"].discard(row.id)
                self.dropped.add(row.id)

    def is_here(self, kind: str, id: str) -> bool:
        """Whether a record stands in this book."""
        known = self.there.setdefault(kind, set())
        if id in known:
            return True
        found = self.con.execute(f'SELECT 1 FROM "{kind}" WHERE id = ?', (id,)).fetchone()
        if found:
            known.add(id)
        return found is not None

    # What a row refers to

    def resolved(self, table: str, *, noting: bool = False) -> Iterator[StagedRow]:
        """Yield the rows of a table that come, with the ids that their references have here.

        With `noting`, references that stay empty are named in the outcome.
        """
        kind = table if table in KINDS else LISTS[table][0] if table in LISTS else ""
        references = _references(table)
        for row in self.stage.rows(table):
            if row.id in self.dropped:
                continue
            moved = False
            for column, target, needed in references:
                theirs = row.values[column]
                if theirs is None or row.part:
                    continue
                of = target or row.values["kind"]
                ours = self.reference(of, theirs)
                if ours is None and needed:
                    self._drop(table, row)
                    break
                moved |= ours != theirs
                row.values[column] = ours
                if noting and ours is None and theirs not in self.dropped:
                    name = row.values.get(KINDS[kind].title) if kind in KINDS else ""
                    self.done.unlinked.append(Unlinked(kind, row.id, str(name or ""), column))
            else:
                if moved or table == "custom":
                    self._rename(table, row)
                if not self._is_gone_item(table, row):
                    if self.scrub is not None:
                        self._scrub_row(table, row)
                    yield row

    def reference(self, kind: str, id: str) -> str | None:
        """Return the id that a record of theirs has here; None if it is not here."""
        ours = self.instead.get(id, id)
        if ours == id and id in self.dropped:
            return None
        if ours in self.coming.get(kind, ()) or self.is_here(kind, ours):
            return ours
        return None

    def _drop(self, table: str, row: StagedRow) -> None:
        """Leave out a row that belongs to a record that was deleted here."""
        self.dropped.add(row.id)
        if table in KINDS:
            self.coming[table].discard(row.id)
            if table not in PART_OF and not self.erased & {*map(str, row.values.values())}:
                self.done.left_out[table] += 1

    def _rename(self, table: str, row: StagedRow) -> None:
        """Make the id of a row that only states a fact from the ids that count here."""
        values = row.values
        if table in LISTS:
            _, field = LISTS[table]
            assert field.rows
            row.id = ids.fact_id(table, values[PART_OF[table]], values[field.rows[1]])
        elif table == "custom":
            row.id = ids.fact_id("custom", values["record_id"], values["field"])
        values["id"] = row.id

    def _is_gone_item(self, table: str, row: StagedRow) -> bool:
        """Whether an item of a list was removed here."""
        if table in KINDS or (table, row.id) not in self.gone_here:
            return False
        found = self.con.execute(f'SELECT 1 FROM "{table}" WHERE id = ?', (row.id,)).fetchone()
        return found is None

    # Texts that may name somebody who was erased

    def _scrub_row(self, table: str, row: StagedRow) -> None:
        assert self.scrub is not None
        for column, value in row.values.items():
            if isinstance(value, str) and column not in ("id", "name_key"):
                row.values[column] = self.scrub(value)
        title = KINDS[table].title if table in KINDS else ""
        if "name_key" in row.values and row.values.get(title):
            row.values["name_key"] = text.key(row.values[title])

    def said(self, sentence: str) -> str:
        """Return what is kept of the sentence of a command."""
        return self.scrub(sentence) if self.scrub is not None else sentence

    def kept(self, change: Told) -> Told | None:
        """Return what is kept of a change of theirs: nothing about a person who was erased."""
        table, row, kind, record, account, op, before, after = change
        if self.scrub is None:
            return change
        if record in self.erased or row in self.dropped:
            return None
        kept = [self._scrubbed_json(one) for one in (before, after)]
        return (table, row, kind, record, account, op, kept[0], kept[1])

    def _scrubbed_json(self, kept: str | None) -> str | None:
        assert self.scrub is not None
        if kept is None:
            return None
        row = row_of(kept)
        for column, value in row.items():
            if value in self.erased:
                row[column] = None
            elif isinstance(value, str):
                row[column] = self.scrub(value)
        return json.dumps(row, ensure_ascii=False)


def _references(table: str) -> list[tuple[str, str, bool]]:
    """Return the columns of a table that refer to records: kind ("" for any), and if needed."""
    if table in ("custom", "external_id"):
        return [("record_id", "", True)]
    if table in LISTS:
        kind, field = LISTS[table]
        found = [(PART_OF[table], kind, True)]
        if field.type == REF and field.rows:
            found.append((field.rows[1], field.target, True))
        return found
    return [
        (field.column, field.target, field.required or field.name == "account")
        for field in KINDS[table].fields.values()
        if field.type == REF and not field.many and not field.derived
        if field.column not in handed.LEFT_OUT[table]
    ]
