"""The history that came with a bundle: the commands of another book, each brought in once.

A command is known by when it ran and who ran it, together with a row that it changed: it may have
changed other records too, which stayed in the other book, or come with another bundle.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from acctcli.store import added, moments
from acctcli.store.moments import Moment

Told = tuple[str, str, str, str, str | None, str, str | None, str | None]
"""A change: table, row, kind, record, account, operation, values before and after, as JSON."""

_Place = tuple[str, str, str]
"""A table, a row and what was done to it."""


class Foreign:
    """The commands of a bundle, compared with those of the book."""

    def __init__(self, con: sqlite3.Connection, stage: sqlite3.Connection) -> None:
        """Read which commands of the bundle the book may know already."""
        self.con = con
        self.stage = stage
        self.theirs: set[Moment] = {
            moments.moment(at, who) for at, who in stage.execute("SELECT at, who FROM command")
        }
        self._known: dict[Moment, list[int]] = {}
        for seq, at, who in con.execute("SELECT seq, at, who FROM command"):
            when = moments.moment(at, who)
            if when in self.theirs:
                self._known.setdefault(when, []).append(seq)

    def seen_there(self, when: Moment) -> bool:
        """Whether the other book knew the command of this moment."""
        return when in self.theirs

    def seen_here(self, when: Moment) -> bool:
        """Whether this book knew the command of this moment before the bundle came."""
        return when in self._known

    def bring(
        self, origin: str, keep: Callable[[Told], Told | None], said: Callable[[str], str]
    ) -> int:
        """Write the commands that the book lacks, with their changes; return how many.

        `origin` names the other book, for commands that ran there. `keep` returns what is kept of
        a change, or None, and `said` what is kept of a sentence.
        """
        ours: dict[int, int] = {}
        brought: list[tuple[int, int | None]] = []
        for seq, changes in self._commands():
            at, who, says, version, undoes, undone_by, came_from = self.stage.execute(
                "SELECT at, who, says, version, undoes, undone_by, origin FROM command "
                "WHERE seq = ?",
                (seq,),
            ).fetchone()
            known, there = self._here(moments.moment(at, who), changes)
            if known is not None:
                ours[seq] = known
            kept = []
            for change in changes:
                place = (change[0], change[1], change[5])
                if there[place] > 0:
                    there[place] -= 1
                elif (left := keep(change)) is not None:
                    kept.append(left)
            if not kept:
                continue
            cursor = self.con.execute(
                "INSERT INTO command (at, who, typed, says, undoes, version, origin) "
                "VALUES (?, ?, '', ?, ?, ?, ?)",
                (at, who, said(says), ours.get(undoes), version, came_from or origin),
            )
            assert cursor.lastrowid is not None
            ours.setdefault(seq, cursor.lastrowid)
            brought.append((cursor.lastrowid, undone_by))
            self.con.executemany(
                'INSERT INTO change (command, tbl, "row", kind, record, account_id, op, before, '
                "after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(cursor.lastrowid, *change) for change in kept],
            )
        self.con.executemany(
            "UPDATE command SET undone_by = ? WHERE seq = ?",
            [(ours[by], seq) for seq, by in brought if by in ours],
        )
        return len(brought)

    def _commands(self) -> Iterator[tuple[int, list[Told]]]:
        """Yield the commands of the bundle in their order, with their changes."""
        cursor = self.stage.execute(
            'SELECT command, tbl, "row", kind, record, account_id, op, before, after '
            "FROM change ORDER BY command, seq"
        )
        for seq, rows in groupby(cursor, key=lambda row: int(row[0])):
            yield seq, [row[1:] for row in rows]

    def _here(self, when: Moment, changes: list[Told]) -> tuple[int | None, Counter[_Place]]:
        """Return the command of the book that this one is, if any, and what is known of it."""
        wanted = {(change[0], change[1]) for change in changes}
        found: Counter[_Place] = Counter()
        same: int | None = None
        for seq in self._known.get(when, ()):
            places = Counter(self._places(seq, wanted))
            if places:
                same = seq if same is None else same
                found += places
        return same, found

    def _places(self, seq: int, wanted: set[tuple[str, str]]) -> Iterator[_Place]:
        rows: list[tuple[Any, ...]] = self.con.execute(
            'SELECT tbl, "row", op FROM change WHERE command = ? '
            'AND "row" IN (SELECT value FROM json_each(?))',
            (seq, json.dumps([row for _, row in wanted])),
        ).fetchall()
        yield from ((table, row, op) for table, row, op in rows if (table, row) in wanted)
        cursor = self.con.execute("SELECT tbl, kind, rows FROM added WHERE command = ?", (seq,))
        for table, kind, kept in cursor:
            for row, _ in added.pairs_of(table, kind, kept):
                if (table, row) in wanted:
                    yield table, row, "insert"
