"""What goes along with accounts that are handed over: the lines of a bundle.

Everything that belongs to the accounts goes, with its history: people, interactions, tasks, deals,
purchases, contracts, quotes, reviews, plans, runs of playbooks, tags, links, custom values, and the
ids that other systems know. What says something about other accounts stays:

- of a person who works elsewhere by now, or took part in something here, only the name goes; of one
  who is still linked to an account, also the addresses;
- links between a person and other accounts stay, and so does what was changed of a record while it
  was another account's;
- of other records only ids are named, which say nothing to a book that does not have them;
- campaigns stay, with who is in them and what came of them;
- the sentence of a command that changed other records too stays.

A cell goes with the moment of its last change, a deleted record with that of its deletion.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, REF, Row
from acctcli.store import added, history, kinds, moments
from acctcli.store.kinds import PART_OF
from acctcli.store.moments import Moments
from acctcli.store.remembered import TABLES, row_of

GOES = (
    *("account", "contact", "affiliation", "product", "deal", "item", "deal_contact"),
    *("deal_change", "log", "purchase", "review", "playbook_run", "task", "quote", "quote_line"),
    *("plan", "objective", "distinct_account", "distinct_contact"),
)
"""The kinds that go along with an account."""

STAYS = ("campaign", "campaign_member", "segment", "commitment", "setting")
"""The kinds that are about the book itself, or about many accounts at once."""

LEFT_OUT = {
    kind: tuple(
        f.column for f in KINDS[kind].fields.values() if f.type == REF and f.target in STAYS
    )
    for kind in GOES
}
"""Columns that refer to what stays, by kind: of a deal or an interaction, its campaign."""

_WHOLE, _LINKED, _NAMED, _SHARED = "whole", "linked", "named", "shared"
"""How much of a record goes: everything, name and addresses, the name; `shared` is a product."""

OF_A_JOB = ("account_id", "title", "department", "role", "since", "primary")
"""Columns of a person that say where they work: none of an account that they left."""


def tables() -> list[str]:
    """Return the tables whose rows go along, each after those that it refers to."""
    listed: dict[str, list[str]] = {}
    for table, (kind, _) in LISTS.items():
        listed.setdefault(kind, []).append(table)
    ordered = [kind for kind in kinds.in_order_of_import() if kind in GOES]
    # A list may refer to another kind, which may come after its own.
    lists = [table for kind in ordered for table in listed.get(kind, ())]
    return [*ordered, *lists, "custom", "external_id"]


class Used(Frozen):
    """Words of the settings: stages, tiers, and custom fields as (kind, name)."""

    stages: tuple[str, ...]
    tiers: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


class HandedRecords:
    """The records that go with these accounts, as this connection sees them."""

    def __init__(self, con: sqlite3.Connection, accounts: Sequence[str]) -> None:
        """Find them: their ids are kept in temporary tables of the connection."""
        self.con = con
        self.accounts = list(accounts)
        every = dict.fromkeys(
            one for id in accounts for one in history.with_merged(con, "account", id)
        )
        con.execute("DROP TABLE IF EXISTS temp.handed")
        con.execute("DROP TABLE IF EXISTS temp.handed_account")
        con.execute(
            "CREATE TEMP TABLE handed (tbl TEXT, id TEXT, how TEXT, PRIMARY KEY (tbl, id)) "
            "WITHOUT ROWID"
        )
        # With those that were merged into them: their history is part of the history here.
        con.execute("CREATE TEMP TABLE handed_account (id TEXT PRIMARY KEY) WITHOUT ROWID")
        con.executemany("INSERT INTO temp.handed_account VALUES (?)", [(id,) for id in every])
        con.executemany(
            "INSERT OR IGNORE INTO temp.handed VALUES ('account', ?, 'whole')",
            [(id,) for id in accounts],
        )
        self._belonging()
        self._people()
        self._products()
        self._parts()
        self._elsewhere()

    def counts(self) -> dict[str, int]:
        """Return how many records go along, by kind; people of whom only the name goes are none."""
        found = dict(
            self.con.execute(
                "SELECT tbl, count(*) FROM temp.handed WHERE how IN ('whole', 'linked', 'shared') "
                "GROUP BY tbl"
            ).fetchall()
        )
        return {kind: found[kind] for kind in KINDS if kind in found}

    def memberships(self) -> int:
        """Return how many times the accounts and their people are in a campaign, which stays."""
        return int(
            self.con.execute(
                "SELECT count(*) FROM campaign_member WHERE account_id IN (SELECT id "
                "FROM temp.handed WHERE tbl = 'account') OR contact_id IN (SELECT id "
                "FROM temp.handed WHERE tbl = 'contact' AND how = 'whole')"
            ).fetchone()[0]
        )

    def used(self) -> Used:
        """Return the words of the settings that occur in what goes along."""
        own = _of("id", "deal")
        changes = f"field = 'stage' AND {_of('id', 'deal_change')}"
        return Used(
            self._words(
                f"SELECT stage FROM deal WHERE {own} UNION SELECT old FROM deal_change "
                f"WHERE {changes} UNION SELECT new FROM deal_change WHERE {changes}"
            ),
            self._words(f"SELECT DISTINCT tier FROM account WHERE {_of('id', 'account')}"),
            tuple(
                self.con.execute(
                    f"SELECT DISTINCT kind, field FROM custom WHERE {_of('id', 'custom')} "
                    "ORDER BY kind, field"
                ).fetchall()
            ),
        )

    def _words(self, sql: str) -> tuple[str, ...]:
        return tuple(sorted(word for (word,) in self.con.execute(sql) if word is not None))

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Yield the lines of the bundle: rows, then what is gone, then the history."""
        yield from self._rows()
        yield from self._gone()
        yield from self._history()

    # Which rows

    def _take(self, table: str, condition: str, how: str = _WHOLE) -> None:
        self.con.execute(
            f"INSERT OR IGNORE INTO temp.handed SELECT '{table}', id, '{how}' "
            f'FROM "{table}" t WHERE {condition}'
        )

    def _belonging(self) -> None:
        """Take the records of the accounts; of the pairs that are not the same, both must go."""
        own = "account_id IN (SELECT id FROM temp.handed WHERE tbl = 'account')"
        for kind in GOES:
            fields = KINDS[kind].fields
            if kind.startswith("distinct_"):
                of = f"(SELECT id FROM temp.handed WHERE tbl = '{KINDS[kind].part_of}')"
                column = fields[KINDS[kind].part_of].column
                self._take(kind, f"{column} IN {of} AND other_id IN {of}")
            elif "account" in fields:
                self._take(kind, own)
        self._take("quote_line", _of("quote_id", "quote"))

    def _people(self) -> None:
        """Take people of other accounts who are linked to these, or took part in something."""
        linked = (
            "SELECT contact_id FROM affiliation WHERE to_on IS NULL AND id IN "
            "(SELECT id FROM temp.handed WHERE tbl = 'affiliation')"
        )
        self._take("contact", f"id IN ({linked})", _LINKED)
        for table, column in (*kinds.OWNED["contact"], *kinds.LOOSE["contact"]):
            if table in ("contact", "distinct_contact") or table not in (*GOES, *LISTS):
                continue
            owner = PART_OF.get(table)
            if table in GOES:
                rows = _of("id", table)
            elif owner in (None, column):
                continue  # the person's own lists
            else:
                rows = _of(str(owner), LISTS[table][0])
            people = f'SELECT "{column}" FROM "{table}" WHERE {rows}'
            self._take("contact", f"id IN ({people})", _NAMED)

    def _products(self) -> None:
        """Take the products that something here names."""
        for kind in GOES:
            for field in KINDS[kind].fields.values():
                if field.type == REF and field.target == "product" and not field.many:
                    named = f'SELECT "{field.column}" FROM "{kind}" WHERE {_of("id", kind)}'
                    self._take("product", f"id IN ({named})", _SHARED)

    def _parts(self) -> None:
        """Take the lists, custom values and foreign ids of what goes as a whole."""
        for table, (kind, field) in LISTS.items():
            assert field.rows
            if kind not in GOES:
                continue
            how = "'whole'"
            if kind == "contact" and table in ("email", "phone"):
                how = "'whole', 'linked'"
            owners = f"SELECT id FROM temp.handed WHERE tbl = '{kind}' AND how IN ({how})"
            self._take(table, f'"{kind}_id" IN ({owners})')
        whole = "SELECT id FROM temp.handed WHERE tbl = t.kind AND how IN ('whole', 'shared')"
        for table in ("custom", "external_id"):
            self._take(table, f"record_id IN ({whole})")

    def _elsewhere(self) -> None:
        """Note what was changed at these accounts and is another's by now: that stays."""
        self.con.execute("DROP TABLE IF EXISTS temp.handed_away")
        self.con.execute(
            "CREATE TEMP TABLE handed_away (tbl TEXT, id TEXT, PRIMARY KEY (tbl, id)) WITHOUT ROWID"
        )
        for kind in GOES:
            if "account" in KINDS[kind].fields:
                self.con.execute(
                    "INSERT OR IGNORE INTO temp.handed_away "
                    f"SELECT '{kind}', t.id FROM temp.handed_account a CROSS JOIN change c "
                    f"ON c.account_id = a.id AND c.tbl = '{kind}' JOIN \"{kind}\" t "
                    'ON t.id = c."row" WHERE NOT EXISTS (SELECT 1 FROM temp.handed h '
                    f"WHERE h.tbl = '{kind}' AND h.id = t.id AND h.how = 'whole')"
                )

    # Lines

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        for table in tables():
            cursor = self.con.execute(
                f'SELECT h.how, t.* FROM temp.handed h JOIN "{table}" t ON t.id = h.id '
                f"WHERE h.tbl = '{table}' ORDER BY t.id"
            )
            names = [column[0] for column in cursor.description]
            while some := cursor.fetchmany(_AT_ONCE):
                rows = [dict(zip(names, values, strict=True)) for values in some]
                column = PART_OF.get(table, "id")
                changed = moments.of_records(self.con, {row[column] for row in rows})
                for row in rows:
                    how = row.pop("how")
                    yield _line(table, how, row, changed.get((table, row["id"]), {}))

    def _gone(self) -> Iterator[Mapping[str, Any]]:
        """Yield the records and list items that were deleted, the last deletion of each."""
        found: dict[tuple[str, str], tuple[Any, ...]] = {}
        for table, row, kind, record, after, at, who in self.con.execute(
            'SELECT c.tbl, c."row", c.kind, c.record, c.after, k.at, k.who FROM change c '
            f"JOIN command k ON k.seq = c.command WHERE c.op = 'delete' AND {_MINE} "
            f"AND c.command NOT IN {moments.TAKEN} ORDER BY c.seq"
        ):
            if table in TABLES:
                found[table, row] = (kind, record, after, moments.moment(at, who))
        there = {
            (table, id)
            for table in {table for table, _ in found}
            for (id,) in self.con.execute(
                f'SELECT id FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))',
                (json.dumps([row for of, row in found if of == table]),),
            )
        }
        for (table, row), (kind, record, after, when) in found.items():
            of_deleted = table != kind and (kind, record) in found and (kind, record) not in there
            if (table, row) in there or of_deleted or table.startswith("distinct_"):
                continue
            into = row_of(after).get("merged_into")
            yield {"gone": table, "id": row, "at": when} | ({"into": into} if into else {})

    def _history(self) -> Iterator[Mapping[str, Any]]:
        """Yield each command that changed what goes along, followed by its changes."""
        changed = self.con.execute(
            'SELECT c.command, c.seq, c.tbl, c."row", c.kind, c.record, c.account_id, c.op, '
            f"c.before, c.after FROM change c WHERE {_MINE} "
            f"AND c.command NOT IN {moments.TAKEN} ORDER BY c.command, c.seq"
        )
        new = self.con.execute(
            f"SELECT a.command, a.seq, a.tbl, {added.ROW}, a.kind, {added.RECORD}, "
            f"iif(a.kind = 'account', {added.RECORD}, a.account_id), 'insert', NULL, NULL "
            f"FROM {added.EACH} JOIN temp.handed h ON h.tbl = a.tbl AND h.id = {added.ROW} "
            f"AND h.how = 'whole' WHERE a.command NOT IN {moments.TAKEN} "
            "ORDER BY a.command, a.seq, j.key"
        )
        last = 0
        of_command: list[tuple[Any, ...]] = []
        # The new records of a command come before its changes.
        for row in heapq.merge(new, changed, key=lambda row: row[0]):
            if row[0] != last and of_command:
                yield from self._command(last, of_command)
                of_command = []
            last = row[0]
            of_command.append(row)
        if of_command:
            yield from self._command(last, of_command)

    def _command(self, seq: int, found: Sequence[tuple[Any, ...]]) -> Iterator[Mapping[str, Any]]:
        at, who, says, version, undoes, undone_by, origin, all_of_it = self.con.execute(
            "SELECT at, who, says, version, undoes, undone_by, origin, "
            "(SELECT count(*) FROM change WHERE command = k.seq AND kind <> 'product') + "
            f"(SELECT count(*) FROM {added.EACH} WHERE a.command = k.seq "
            "AND a.kind <> 'product') FROM command k WHERE seq = ?",
            (seq,),
        ).fetchone()
        if all_of_it > len(found):
            records = len({(kind, record) for _, _, _, _, kind, record, *_ in found})
            says = f"Changed {text.plural(records, 'record')} that went along in a bundle."
        line = {"command": seq, "at": at, "who": who, "says": says, "version": version}
        line |= {"undoes": undoes, "undone_by": undone_by, "origin": origin}
        yield {name: value for name, value in line.items() if value is not None}
        for _, _, table, row, kind, record, account, op, *values in found:
            before, after = (_without(table, value) for value in values)
            if op == "update" and before == "{}":
                continue
            change = {"change": table, "id": row, "kind": kind, "record": record, "op": op}
            for name, value in (("account", account), ("before", before), ("after", after)):
                if value is not None:
                    change[name] = value
            yield change


_AT_ONCE = 500  # rows whose changes are looked up together

_MINE = (
    "(c.seq IN (SELECT m.seq FROM temp.handed h CROSS JOIN change m ON m.record = h.id "
    "WHERE h.how = 'whole' AND m.kind = h.tbl) OR c.seq IN (SELECT m.seq "
    "FROM temp.handed_account h CROSS JOIN change m ON m.account_id = h.id)) "
    "AND (c.account_id IS NULL OR c.account_id IN (SELECT id FROM temp.handed_account)) "
    'AND NOT EXISTS (SELECT 1 FROM temp.handed_away w WHERE w.tbl = c.tbl AND w.id = c."row") '
    "AND (c.tbl NOT LIKE 'distinct%' OR c.\"row\" IN (SELECT id FROM temp.handed)) "
    f"AND c.tbl IN ({', '.join(repr(table) for table in tables())})"
)
"""The condition for changes of what goes along, made while it was these accounts'."""


def _without(table: str, kept: str | None) -> str | None:
    """Return the values that the journal kept of a row, without those that stay."""
    columns = LEFT_OUT.get(table, ())
    if kept is None or not any(column in kept for column in columns):
        return kept
    row = {name: value for name, value in row_of(kept).items() if name not in columns}
    return json.dumps(row, ensure_ascii=False)


def _of(column: str, table: str) -> str:
    """Return the condition that a column refers to a row of a table that goes along."""
    return f"\"{column}\" IN (SELECT id FROM temp.handed WHERE tbl = '{table}')"


def _line(table: str, how: str, row: Row, changed: Moments) -> Mapping[str, Any]:
    """Return the line of a row: without empty cells, and of a person perhaps not everything."""
    id = row.pop("id")
    part = table == "contact" and how in (_LINKED, _NAMED)
    if part:
        row = {name: row[name] for name in ("name", "created_at", "updated_at", "updated_by")}
        row |= {**dict.fromkeys(OF_A_JOB), "primary": 0}
    else:
        left_out = LEFT_OUT.get(table, ())
        row = {n: value for n, value in row.items() if value is not None and n not in left_out}
    row.pop("name_key", None)
    line: dict[str, Any] = {"row": table, "id": id, "cells": row}
    if part:
        line["part"] = True
    at = {
        column: when
        for column, when in changed.items()
        if (column in row or not part) and column not in LEFT_OUT.get(table, ())
    }
    if at:
        line["at"] = at
    return line


def owners(con: sqlite3.Connection) -> list[str]:
    """Return everybody who owns an account or a deal."""
    rows = con.execute(
        "SELECT owner FROM account WHERE owner IS NOT NULL "
        "UNION SELECT owner FROM deal WHERE owner IS NOT NULL ORDER BY 1"
    )
    return [owner for (owner,) in rows]
