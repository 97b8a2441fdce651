"""Merge several records into one: all references to the others then refer to that one.

References are read from the schema, so that a table added later cannot be forgotten. The others are
deleted only when nothing refers to them: an overlooked row would stop the merge and not be lost.
Rows that become identical are joined. The caller decides which value of a field stays; other values
are written into a text (`leftovers`), and long texts are all kept.

This module also stores that two records are not the same. Everything goes through the journal: one
`undo` reverses a merge exactly.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acctcli import ids, text
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, LONG, MEMBER_STATES, REF, Field, Row
from acctcli.store import campaigns, further, leftovers, people, queries, records
from acctcli.store.journal import Writing
from acctcli.store.kinds import ABOVE, DISTINCT
from acctcli.store.leftovers import Left, Note

Choose = Callable[[Mapping[str, Field], Sequence[Row]], dict[str, int]]
"""Choose by field the place of the row whose value stays, from a kind's fields and rows."""

_SAME_FACT = {
    **{
        table: (f"{kind}_id", field.rows[1]) for table, (kind, field) in LISTS.items() if field.rows
    },
    "custom": ("record_id", "field"),
}
"""Tables whose ids are made from a row's content, with the columns they are made from."""


class Merged(Frozen):
    """The result of a merge.

    `rows` are the records as they were, the one that stays first; `chosen` has by field the place
    of the row whose value was taken (nothing for fields that keep all values), `after` the record
    as it is now. `moved` counts rows by table that now refer to it, `joined` those that it already
    had. `left` are the values that were not kept, and `noted` the texts that keep them.
    `told_apart` are those of the records that somebody had marked as not the same.
    """

    rows: tuple[Row, ...]
    chosen: Mapping[str, int]
    after: Row
    moved: Mapping[str, int]
    joined: Mapping[str, int]
    left: tuple[Left, ...]
    noted: tuple[Note, ...]
    told_apart: tuple[str, ...]
    stepped_back: tuple[str, ...] = ()  # names of people who are not primary contacts any more


def merge(
    tx: Writing,
    kind: str,
    fields: Mapping[str, Field],
    keep: str,
    others: Sequence[str],
    choose: Choose,
) -> Merged:
    """Merge the accounts or contacts `others` into `keep` and delete them."""
    rows = tuple(queries.get(tx.con, kind, fields, id) for id in (keep, *others))
    chosen = dict(choose(fields, rows))
    texts = _texts(fields, rows)
    for name in texts:
        del chosen[name]
    values: Row = {
        name: rows[place][field.id_name if field.type == REF else name]
        for name, place in chosen.items()
        if not (field := fields[name]).custom
    }
    values |= {name: whole for name, whole in texts.items() if not fields[name].custom}
    for name, field in KINDS[kind].fields.items():
        if field.many:
            values[name] = tuple(dict.fromkeys(item for row in rows for item in row[name]))
    values |= further.together(kind, rows, values)
    above = ABOVE[kind]
    chosen[above], values[above] = _above(tx, kind, rows, chosen[above])
    primary = _primaries(tx, (keep, *others)) if kind == "account" else []
    moving = _Moving(tx, kind, rows)
    custom = moving.custom_values(chosen, texts)
    moving.lists()
    for table, column in pointing_to(tx.con, kind):
        moving.pointers(table, column)
    moving.external_ids()
    records.update(tx, kind, keep, values, custom, typed=False)
    if kind == "contact":
        moving.own_links(rows, values["account"])
        moving.join_parts_in_deals()
    moving.join_links()
    stepped_back = people.take_over_together(tx, primary) if primary else []
    stands = queries.get(tx.con, kind, fields, keep)
    left = (*leftovers.of_fields(kind, fields, rows, stands), *moving.left)
    noted = leftovers.note(tx, kind, rows, left)
    for id in others:
        tx.delete(kind, id, merged_into=keep)
    tx.touch(kind, (keep, *others))
    after = queries.get(tx.con, kind, fields, keep)
    counts = moving.moved, moving.joined
    apart = tuple(moving.told_apart)
    return Merged(rows, chosen, after, *counts, left, noted, apart, tuple(stepped_back))


def _primaries(tx: Writing, accounts: Sequence[str]) -> list[str]:
    """Return the primary contacts of the first of these accounts that has any."""
    found = (
        [row["id"] for row in tx.rows("contact", "account_id", id) if row["primary"]]
        for id in accounts
    )
    return next(filter(None, found), [])


def _texts(fields: Mapping[str, Field], rows: Sequence[Row]) -> dict[str, str]:
    """Return the long texts that several of the records have, each joined into one."""
    found = {}
    for name, field in fields.items():
        of_each = [row[name] for row in rows if row[name]] if field.type == LONG else []
        if len(of_each) > 1:
            whole = functools.reduce(lambda one, other: text.joined(one, other) or "", of_each)
            found[name] = leftovers.fitting(whole, f"the {field.label} of {rows[0]['name']}")
    return found


def pointing_to(con: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """Return every table and column that refers to records of a kind, from the schema."""
    return con.execute(
        'SELECT m.name, f."from" FROM sqlite_schema m '
        "JOIN pragma_foreign_key_list(m.name, 'main') f "
        'WHERE m.type = \'table\' AND f."table" = ? ORDER BY m.name, f."from"',
        (kind,),
    ).fetchall()


def say_distinct(tx: Writing, kind: str, one: str, other: str) -> None:
    """Store that two records are not the same, so that they are not suggested again."""
    first, second = sorted((one, other))
    pair = {kind: first, "other": second}
    if tx.read(DISTINCT[kind], records.new_id(DISTINCT[kind], pair)) is None:
        records.insert(tx, DISTINCT[kind], pair)


def distinct_pairs(con: sqlite3.Connection, kind: str) -> set[frozenset[str]]:
    """Return the pairs of ids that were marked as not the same."""
    rows = con.execute(f"SELECT {kind}_id, other_id FROM {DISTINCT[kind]}")
    return {frozenset(pair) for pair in rows}


def _above(tx: Writing, kind: str, rows: Sequence[Row], preferred: int) -> tuple[int, str | None]:
    """Return the parent (or manager) of the merged record: the first that is not below it."""
    field = KINDS[kind].fields[ABOVE[kind]]
    merged = {row["id"] for row in rows}
    for place in dict.fromkeys((preferred, *range(len(rows)))):
        above = found = rows[place][field.id_name]
        seen: set[str] = set()
        while above is not None and above not in merged | seen:
            seen.add(above)
            row = tx.read(kind, above)
            above = row[field.column] if row else None
        if found is not None and above not in merged:
            return place, found
    return preferred, None


class _Moving:
    """A merge in progress, which counts moved and joined rows by table."""

    def __init__(self, tx: Writing, kind: str, records: Sequence[Row]) -> None:
        self.tx = tx
        self.kind = kind
        self.keep, *self.others = [row["id"] for row in records]
        self.names = {row["id"]: row["name"] for row in records}
        self.own = f"{kind}_id"
        self.moved: dict[str, int] = {}
        self.joined: dict[str, int] = {}
        self.came: dict[str, str] = {}  # rows that moved unchanged: id → previous owner
        self.left: list[Left] = []
        self.told_apart: list[str] = []

    def _count(self, table: str, id: str = "", *, joined: bool, of: str = "") -> None:
        counts = self.joined if joined else self.moved
        counts[table] = counts.get(table, 0) + 1
        if id in self.came:
            self.moved[table] -= 1
        elif id:
            self.came[id] = of

    def lists(self) -> None:
        """Delete the others' tags, emails and phones; the caller adds them to the kept record."""
        for field in KINDS[self.kind].fields.values():
            if field.rows:
                table, item = field.rows
                there = {row[item] for row in self.tx.rows(table, self.own, self.keep)}
                for row in self._rows(table, self.own):
                    self._count(table, joined=row[item] in there)
                    there.add(row[item])
                    self.tx.delete(table, row["id"])

    def custom_values(self, chosen: Mapping[str, int], texts: Mapping[str, str]) -> Row:
        """Return the values of custom fields to keep, even those without a setting now.

        Values stay as stored, whatever type the settings give the field today.
        """
        tx, merged = self.tx, (self.keep, *self.others)
        found: dict[str, dict[str, str]] = {}
        for id in merged:
            for row in tx.rows("custom", "record_id", id):
                found.setdefault(row["field"], {})[id] = row["value"]
                if id != self.keep:
                    there = self.keep in found[row["field"]]
                    self._count("custom", joined=there)
                    tx.delete("custom", row["id"])
        stays = {}
        for name, by_id in found.items():
            preferred = merged[chosen.get(name, 0)]
            stays[name] = texts.get(name) or by_id.get(preferred, next(iter(by_id.values())))
            self.left += [
                Left(self.kind, self.keep, id, name.replace("_", " "), stays[name], value)
                for id, value in by_id.items()
                if value != stays[name] and name not in texts
            ]
        return stays

    def external_ids(self) -> None:
        """Make foreign ids of the others refer to the one that stays, so that imports find it."""
        for row in self._rows("external_id", "record_id"):
            self.tx.update("external_id", row["id"], {"record_id": self.keep})
            self._count("external_id", joined=False)

    def pointers(self, table: str, column: str) -> None:
        """Make the rows of a table that refer to the others refer to the one that stays."""
        lists = {field.rows[0] for field in KINDS[self.kind].fields.values() if field.rows}
        if table in lists:
            return
        for row in self._rows(table, column):
            if table == self.kind and row["id"] in (self.keep, *self.others):
                continue  # each keeps, or gets, its own parent
            if table == DISTINCT[self.kind]:
                self._restate_pair(row, column)
            elif table == "plan":
                self._join_plans(row)
            elif table == "campaign_member":
                self._move_member(row, column)
            elif table in _SAME_FACT:
                self._restate(table, {**row, column: self.keep}, row["id"])
            else:
                self.tx.update(table, row["id"], {column: self.keep})
                self._count(table, row["id"], joined=False, of=row[column])
                if table in KINDS:
                    self.tx.touch(table, [row["id"]])

    def _move_member(self, row: Row, column: str) -> None:
        joined, there = campaigns.move(self.tx, row, column, self.keep)
        self._count("campaign_member", joined=joined)
        if there is not None:
            kept, left = _in_order(there["state"], row["state"])
            if kept and left and kept != left:
                campaign = self.tx.read("campaign", row["campaign_id"]) or {}
                where = f"in campaign {text.quoted(campaign.get('name') or '')}"
                source = row[column]
                self.left.append(Left(self.kind, self.keep, source, "state", kept, left, where))

    def _rows(self, table: str, column: str) -> list[Row]:
        return [row for id in self.others for row in self.tx.rows(table, column, id)]

    def _restate_pair(self, row: Row, column: str) -> None:
        self.tx.delete(DISTINCT[self.kind], row["id"])
        distinct_from = row[self.own] if column == "other_id" else row["other_id"]
        if distinct_from not in (self.keep, *self.others):
            say_distinct(self.tx, self.kind, self.keep, distinct_from)
        else:
            self.told_apart += [row[self.own], row["other_id"]]

    def _restate(self, table: str, row: Row, old_id: str) -> None:
        owner, item = _SAME_FACT[table]
        new = {**row, "id": ids.fact_id(table, row[owner], row[item])}
        there = self.tx.read(table, new["id"]) is not None
        self.tx.delete(table, old_id)
        if not there:
            self.tx.insert(table, new)
        self._count(table, joined=there)

    def _join_plans(self, theirs: Row) -> None:
        """Merge plans of the others into the one that stays; no text of them is lost."""
        id = records.new_id("plan", {"account": self.keep})
        ours = self.tx.read("plan", id)
        self.tx.delete("plan", theirs["id"], merged_into=id)
        there = False
        if ours is None:
            self.tx.insert("plan", {**theirs, "id": id, "account_id": self.keep})
        else:
            joined = {
                field.column: leftovers.fitting(
                    text.joined(ours[field.column], theirs[field.column]),
                    f"the {field.label} of the plan",
                )
                for field in KINDS["plan"].fields.values()
                if field.type == LONG
            }
            there = not self.tx.update("plan", id, joined)
        for row in self.tx.rows("external_id", "record_id", theirs["id"]):
            self.tx.update("external_id", row["id"], {"record_id": id})
        self._count("plan", joined=there)
        self.tx.touch("plan", (id, theirs["id"]))

    def own_links(self, people: Sequence[Row], account_id: str | None) -> None:
        """Keep the accounts of these people as further links, except the one that stays."""
        for person in people:
            if person["account_id"] not in (None, account_id):
                link = {"contact": self.keep, "account": person["account_id"]}
                link |= {"title": person["title"], "role": person["role"]}
                link |= {"from_on": person["since"]}
                # Two machines that merge the same people make the same link.
                id = ids.fact_id("affiliation", *(value or "" for value in link.values()))
                if self.tx.read("affiliation", id) is None:
                    records.insert(self.tx, "affiliation", {"id": id, **link}, typed=False)
                    self._count("affiliation", id, joined=False, of=person["id"])

    def join_parts_in_deals(self) -> None:
        """Leave the person one part in each deal."""
        parts: dict[str, list[Row]] = {}
        for row in self.tx.rows("deal_contact", "contact_id", self.keep):
            parts.setdefault(row["deal_id"], []).append(row)
        for deal_id, rows in parts.items():
            if len(rows) > 1:
                deal = self.tx.read("deal", deal_id)
                assert deal is not None
                self._join("deal_contact", rows, ("role",), f'in deal "{deal["title"]}"')

    def join_links(self) -> None:
        """Leave one current link between a person and an account, and one of each earlier link."""
        links: dict[tuple[Any, ...], list[Row]] = {}
        for row in self.tx.rows("affiliation", self.own, self.keep):
            says = () if row["to_on"] is None else (row["title"], row["role"], row["from_on"])
            key = (row["contact_id"], row["account_id"], row["to_on"], *says)
            links.setdefault(key, []).append(row)
        for (contact_id, account_id, to_on, *_), rows in links.items():
            person = self.tx.read("contact", contact_id)
            account = self.tx.read("account", account_id)
            assert person is not None
            assert account is not None
            where = f"at {account['name']}" if self.kind == "contact" else ""
            if to_on is None and person["account_id"] == account_id:
                self._join_into_contact(person, rows, where)
            else:
                self._join("affiliation", rows, ("title", "role", "from_on"), where)

    def _join_into_contact(self, person: Row, links: Sequence[Row], where: str) -> None:
        """Delete links to the person's own account; keep what only they say."""
        known = {"title": "title", "role": "role", "since": "from_on"}
        for link in links:
            for own, theirs in known.items():
                self._leave(person["id"], link, own, person[own], link[theirs], where)
                person[own] = person[own] or link[theirs]
            self.tx.delete("affiliation", link["id"])
            self._count("affiliation", link["id"], joined=True)
        found = {own: person[own] for own in known}
        records.update(self.tx, "contact", person["id"], found, typed=False)

    def _join(self, table: str, rows: Sequence[Row], columns: Sequence[str], where: str) -> None:
        """Keep one of the rows that say the same, with values that only the others have."""
        first, *rest = sorted(rows, key=lambda row: row["id"] in self.came)
        for row in rest:
            for column in columns:
                said = _SAID.get(column, column)
                self._leave(row["contact_id"], row, said, first[column], row[column], where)
                first[column] = first[column] or row[column]
            self.tx.delete(table, row["id"])
            self._count(table, row["id"], joined=True)
        if rest:
            self.tx.update(table, first["id"], {column: first[column] for column in columns})

    def _leave(
        self, person: str, row: Row, what: str, kept: str | None, left: str | None, where: str
    ) -> None:
        """Note what a row says, before it is deleted, if it says something else."""
        if kept and left and kept != left:
            source = self.came.get(row["id"], self.keep)
            where = where or f"at {self.names[source]}"
            self.left.append(Left("contact", person, source, what, kept, left, where))


def _in_order(*states: str | None) -> list[str | None]:
    """Return states of members of a campaign, the furthest first."""
    return sorted(states, key=lambda state: -MEMBER_STATES.index(state) if state else 1)


_SAID = {"from_on": "since"}
"""The names of a link's columns for people."""
