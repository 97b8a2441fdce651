"""Merge the rows of a bundle into the book, cell by cell, in one transaction with one undo.

Records are the same if their ids are. What is new comes as it is. Of a record that both books have,
each cell takes the later change; cells that say one thing together (an amount and its currency)
change together. Where neither book knew the change of the other, that is a conflict: the later one
stands, the other one is in the history, and the answer names both. What was deleted here stays
deleted. What was deleted there is deleted here too, unless it was changed here later. People who
were erased here do not come back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli import text
from acctcli.model import KINDS, Row
from acctcli.store import handed, history, moments, numbers, records
from acctcli.store.arriving import Arriving
from acctcli.store.foreign import Foreign
from acctcli.store.kinds import ABOVE, PART_OF, account_of
from acctcli.store.moments import NEVER, Moment, Moments
from acctcli.store.remembered import name_of
from acctcli.store.taken import Clash, TakenBundle, Unlinked

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing
    from acctcli.store.staged import StagedBundle, StagedRow


def take(
    tx: Writing, stage: StagedBundle, *, sum: str, sender: str, made_at: str, origin: str = ""
) -> TakenBundle:
    """Merge a bundle into the book; `sum` is its checksum, `sender` who wrote it, and when."""
    taking = _Taking(tx, stage)
    found = taking.run(origin or sender)
    if tx.command is None and found.commands:
        tx.number()
    if tx.command is not None:
        tx.con.execute(
            "INSERT INTO bundle (command, sum, sender, made_at) VALUES (?, ?, ?, ?)",
            (tx.command, sum, sender, made_at),
        )
    return found


def similar(con: sqlite3.Connection, added: Sequence[str]) -> list[tuple[str, str]]:
    """Return accounts that came, each with one that has its name or website, as `Acme (A-1)`."""
    return con.execute(
        "SELECT a.name || ' (' || a.number || ')', o.name || ' (' || o.number || ')' "
        "FROM json_each(:added) j JOIN account a ON a.id = j.value JOIN account o ON o.id <> a.id "
        "AND (o.name_key = a.name_key OR o.website = a.website) "
        "AND o.id NOT IN (SELECT value FROM json_each(:added)) ORDER BY a.name_key, o.number",
        {"added": json.dumps(list(added))},
    ).fetchall()


_BATCH = 1_000
_SECONDS = len("2026-11-27T09:00:00")
"""The length of a moment up to its seconds: `updated_at` has no more."""

_LOCAL_NUMBERS = ("account", "quote")
"""Kinds whose numbers count in a book: an existing record keeps the one that it has there."""


_OF_A_PART = ("id", "name", *handed.OF_A_JOB)
"""What a bundle says of a person who works elsewhere."""


class DeletedThere(NamedTuple):
    """A row that the other book deleted, as it stands here, and when that was."""

    table: str
    id: str
    row: Row
    when: Moment


class _Taking:
    """The state of one merge."""

    def __init__(self, tx: Writing, stage: StagedBundle) -> None:
        self.tx = tx
        self.con = tx.con
        self.stage = stage
        self.done = TakenBundle()
        self.foreign = Foreign(tx.con, stage.con)
        self.arriving = Arriving(tx.con, stage, self.done)
        self.counted: set[tuple[str, str]] = set()
        self.before = history.last_number(tx.con)  # what the bundle brings comes after it
        self.gone = self._gone()
        self.staying = self._staying()  # ids → when they were deleted there

    def run(self, origin: str) -> TakenBundle:
        """Do everything in order: the history first, because it is older."""
        # A command has its number before its changes: what is dropped must be known by then.
        for table in handed.tables():
            for _ in self.arriving.resolved(table):
                pass
        self.done.commands = self.foreign.bring(origin, self.arriving.kept, self.arriving.said)
        for table in handed.tables():
            rows = self.arriving.resolved(table, noting=True)
            size = _BATCH if table not in _LOCAL_NUMBERS else None
            while some := list(islice(rows, size)):
                self._write(table, some)
        self._delete()
        self._break_circles()
        self._one_primary()
        # Only now is each record whole, with its lists.
        for kind, id in self.counted:
            self.tx.touch(kind, [id])
        self.done.added = sorted(self.arriving.coming["account"])
        self.done.accounts = [
            self.arriving.instead.get(id, id) for id in sorted(self.stage.ids("account"))
        ]
        return self.done

    # Writing

    def _write(self, table: str, rows: Sequence[StagedRow]) -> None:
        """Add the rows of a table that are new, and merge the others."""
        stand = self._standing(table, [row.id for row in rows])
        new: list[StagedRow] = []
        for row in rows:
            if row.id not in stand:
                new.append(row)
            else:
                self._merge(table, row, stand[row.id])
        if table == "account":
            self._number_accounts(new)
        if table == "quote":
            self._number_quotes(new)
        self.tx.insert_all(table, [row.values for row in new], new=True)
        for row in new:
            self._count(self.done.new, table, row.values)

    def _standing(self, table: str, wanted: Sequence[str]) -> dict[str, Row]:
        cursor = self.con.execute(
            f'SELECT * FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))',
            (json.dumps(wanted),),
        )
        names = [column[0] for column in cursor.description]
        found = (dict(zip(names, values, strict=True)) for values in cursor)
        return {row["id"]: row for row in found}

    def _count(self, counter: Counter[str], table: str, row: Mapping[str, Any]) -> None:
        """Count the record that a row is part of, once; the search will read it again."""
        owner = PART_OF.get(table)
        if owner is None:
            kind, id = table, row["id"]
        else:
            kind = row["kind"] if owner == "record_id" else owner.removesuffix("_id")
            id = row[owner]
        if (kind, id) not in self.counted:
            self.counted.add((kind, id))
            counter[kind] += 1

    def _merge(self, table: str, row: StagedRow, stands: Row) -> None:
        """Take the cells of a row that were changed later in the other book."""
        columns = [
            column
            for column in row.values
            if not (row.part and column not in _OF_A_PART)
            and not (table in _LOCAL_NUMBERS and column == "number")
            and column not in handed.LEFT_OUT.get(table, ())
        ]
        differ = [c for c in columns if c != "id" and row.values[c] != stands[c]]
        if not differ:
            return
        owner = stands[PART_OF.get(table, "id")]
        ours = self._changed_here(owner).get((table, row.id), {})
        values: Row = {}
        for group in moments.groups(table, columns):
            if any(row.values[column] != stands[column] for column in group):
                values |= self._later(table, row, stands, group, ours)
        if values and "name_key" in stands:
            values["name_key"] = text.key(
                values.get(KINDS[table].title) or stands[KINDS[table].title]
            )
        later = row.values.get("updated_at") or ""
        follows = not values and (later[:_SECONDS], row.values.get("updated_by")) in {
            (at[:_SECONDS], who) for at, who in self.staying.values()
        }
        if not row.part and not follows and later > (stands.get("updated_at") or ""):
            values |= {"updated_at": later, "updated_by": row.values["updated_by"]}
        values = {column: value for column, value in values.items() if stands[column] != value}
        if values:
            self.tx.revert(table, row.id, values)
            self._count(self.done.changed, table, {**stands, **values})

    def _changed_here(self, record: str) -> dict[tuple[str, str], Moments]:
        """Return when the cells of a record were changed in this book before the bundle came."""
        return moments.of_records(self.con, [record], until=self.before)

    def _later(
        self, table: str, row: StagedRow, stands: Row, group: tuple[str, ...], ours: Moments
    ) -> Row:
        """Return the cells of a group that are taken; note a conflict."""
        here, there = moments.latest(ours, group), moments.latest(row.at, group)
        taken = {column: row.values[column] for column in group}
        if here == there:
            # Nobody changed it since: it was empty for lack of the record that it refers to.
            return {
                column: value
                for column, value in taken.items()
                if stands[column] is None and column.endswith("_id")
            }
        if there == NEVER or self._follows_deletion(stands, taken, there):
            return {}
        if here == NEVER:
            return taken
        seen_there, seen_here = self.foreign.seen_there(here), self.foreign.seen_here(there)
        takes = seen_there if seen_there != seen_here else there > here
        if not (seen_there or seen_here):
            of = row.table if table in KINDS else PART_OF.get(table, "").removesuffix("_id")
            name = str(stands.get(KINDS[table].title) or "") if table in KINDS else ""
            changed = tuple(c for c in group if row.values[c] != stands[c])
            self.done.clashes.append(
                Clash(of, row.id, name, changed, stands, dict(row.values), takes)
            )
        return taken if takes else {}

    # Numbers

    def _number_accounts(self, new: Sequence[StagedRow]) -> None:
        """Give accounts whose number is taken the next ones of this book's series."""
        taken = [
            row
            for row in new
            if numbers.is_given(self.tx, "account", row.values["number"], but=row.id)
        ]
        kept = [row for row in new if row not in taken]
        numbers.note_accounts(self.tx, (row.values["number"] for row in kept))
        for row in taken:
            # An import that was undone gave it a number already.
            number = numbers.before(self.tx, "account", row.id)
            if number is None or numbers.is_given(self.tx, "account", number, but=row.id):
                number = numbers.next_account(self.tx)
            self._renumber("account", row, number)

    def _number_quotes(self, new: Sequence[StagedRow]) -> None:
        """Give offers whose number is taken another one, all versions of one the same."""
        first: dict[str, str] = {}
        for row in sorted(new, key=lambda row: row.values["version"]):
            version = row.values["version"]
            number = row.values["number"]
            root = numbers.first_of(number, version)
            if root not in first and numbers.is_given(self.tx, "quote", root, but=row.id):
                same = any(other.values["number"] == root for other in new)
                first[root] = self._called_here(root) if not same else ""
                if same:
                    first[root] = numbers.following_quote(self.tx, root, first.values())
            if first.get(root):
                self._renumber("quote", row, first[root] + number.removeprefix(root))

    def _called_here(self, number: str) -> str:
        """Return the number that their offer of this number has here; "" without it."""
        theirs = self.stage.con.execute("SELECT id FROM quote WHERE number = ?", (number,))
        row = self.tx.read("quote", (theirs.fetchone() or ("",))[0])
        return str(row["number"]) if row and row["number"] != number else ""

    def _renumber(self, kind: str, row: StagedRow, number: str) -> None:
        name = row.values[KINDS[kind].title]
        theirs = row.values["number"]
        row.values["number"] = number
        if kind == "quote":
            name, row.values["name_key"] = row.values["title"], text.key(number)
        self.done.renumbered.append(numbers.Renumbered(kind, row.id, str(name), theirs, number))

    # What was deleted there

    def _gone(self) -> list[DeletedThere]:
        """Return the rows deleted there that stand here, owners first.

        A bundle deletes what belongs to its accounts, and no record of another account: not a
        person who works elsewhere here by now, nor what somebody wrote into the file.
        """
        order = {table: place for place, table in enumerate(handed.tables())}
        theirs = self.stage.ids("account")
        gone = self.stage.gone()
        merged = {id for table, id, into, _ in gone if table == "account" and into in theirs}
        accounts = {self.arriving.instead.get(id, id) for id in theirs} | merged
        found = []
        for table, id, _, when in sorted(gone, key=lambda one: order[one[0]]):
            row = self.tx.read(table, id)
            if row is None:
                continue
            if self._account_of(table, row) in accounts:
                found.append(DeletedThere(table, id, row, when))
            elif table in KINDS and table not in PART_OF:
                self.done.elsewhere.append((table, name_of(self.con, table, id)))
        return found

    def _account_of(self, table: str, row: Row) -> str | None:
        """Return the account that a row belongs to, by its owner if it is a part."""
        if table in KINDS and (column := account_of(table)) != "NULL":
            return str(row[column])
        owner = PART_OF.get(table)
        if owner is None:
            return None
        kind = row["kind"] if owner == "record_id" else owner.removesuffix("_id")
        found = self.tx.read(kind, row[owner])
        return self._account_of(kind, found) if found else None

    def _staying(self) -> dict[str, Moment]:
        """Return the rows deleted there that stay, because they were changed here later.

        What was deleted together with such a record, because it refers to it, stays too.
        """
        found: dict[str, Moment] = {}
        for table, id, row, when in self.gone:
            later = table in KINDS and self._is_later(self._last_change(table, row), when)
            if later or any(found.get(str(value)) == when for value in row.values()):
                found[id] = when
        return found

    def _follows_deletion(self, stands: Row, theirs: Row, there: Moment) -> bool:
        """Whether a link was emptied there only because the record, which stays, was deleted."""
        return any(
            value is None and self.staying.get(str(stands[column])) == there
            for column, value in theirs.items()
        )

    def _last_change(self, table: str, row: Row) -> Moment:
        ours = self._changed_here(row[PART_OF.get(table, "id")]).get((table, row["id"]), {})
        return moments.latest(ours, ours)

    def _is_later(self, here: Moment, when: Moment) -> bool:
        """Whether a change here is later than a deletion there that did not know it."""
        return here > when and not self.foreign.seen_there(here)

    def _delete(self) -> None:
        """Delete what the other book deleted, unless it was changed here later."""
        away = {(table, id) for table, id, *_ in self.gone}
        for table, id, _, when in reversed(self.gone):
            row = self.tx.read(table, id)  # as the bundle left it
            if row is None:
                continue
            here = self._last_change(table, row)
            if self.foreign.seen_here(when) or not self._may_go(table, id, row, here, when, away):
                continue
            if table in KINDS:
                records.delete(self.tx, table, id)
            else:
                self.tx.delete(table, id)
            counter = self.done.deleted if table not in PART_OF else self.done.changed
            self._count(counter, table, row)

    def _may_go(
        self,
        table: str,
        id: str,
        row: Row,
        here: Moment,
        when: Moment,
        away: set[tuple[str, str]],
    ) -> bool:
        if self._is_later(here, when):
            name = str(row.get(KINDS[table].title) or "") if table in KINDS else ""
            if table in KINDS:
                self.done.clashes.append(Clash(table, id, name, (), row, {}, took=False))
            return False
        if id in self.staying:
            return False
        if table in KINDS:
            for part in records.belongings(self.con, table, [id]):
                column = "account_id" if table == "account" else f"{table}_id"
                rows = self.tx.rows(part, column, id)
                if any((part, one["id"]) not in away for one in rows):
                    self.done.kept.append((table, name_of(self.con, table, id)))
                    return False
        return True

    # What two books together can contradict

    def _break_circles(self) -> None:
        """Empty a link that would put a record above itself."""
        for kind, name in ABOVE.items():
            if kind not in handed.GOES:
                continue
            column = KINDS[kind].fields[name].column
            for id in self.stage.ids(kind):
                row = self.tx.read(kind, id)
                if row is None:
                    continue
                way, above = {id}, row[column]
                while above is not None and above not in way:
                    way.add(above)
                    above = (self.tx.read(kind, above) or {}).get(column)
                if above == id:
                    self.tx.revert(kind, id, {column: None})
                    title = str(row[KINDS[kind].title] or "")
                    self.done.unlinked.append(Unlinked(kind, id, title, column))

    def _one_primary(self) -> None:
        """Leave one primary contact per account: the one that was here before."""
        rows = self.con.execute(
            'SELECT id, name, account_id FROM contact p WHERE "primary" = 1 AND EXISTS (SELECT 1 '
            "FROM contact o WHERE o.account_id = p.account_id AND o.id <> p.id "
            'AND o."primary" = 1) AND account_id IN (SELECT value FROM json_each(?)) ORDER BY id',
            (json.dumps([self.arriving.instead.get(id, id) for id in self.stage.ids("account")]),),
        ).fetchall()
        first: dict[str, str] = {}
        for id, _, account in rows:
            if id in self.arriving.there["contact"] or account not in first:
                first[account] = id
        for id, name, account in rows:
            if first[account] != id:
                self.tx.revert("contact", id, {"primary": 0})
                self.done.stepped_back.append(name)
