"""Machines that share books in one folder, synced by the store alone, without a command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests import books
from tests.conftest import Program

from acctcli.carriers.folder import Folder
from acctcli.store.sync import machine, rounds
from acctcli.store.sync.machine import Machine
from acctcli.store.sync.rounds import Exchanged
from acctcli.values import dates
from acctcli.values.typed_moments import read_clock


class Paired:
    """One machine: its book, and commands as its user types them. A second passes with each."""

    seconds = 0

    def __init__(
        self, run: Program, folder: Path, name: str, device: str, in_books: Sequence[str]
    ) -> None:
        self.run = run
        self.home = folder / name
        self.home.mkdir()
        self.book = self.home / "book.db"
        self.carrier = Folder(folder / "shared")
        self.me = Machine(
            device, name, str(folder / "shared"), tuple(in_books), in_books[0], in_books[-1]
        )
        books.create(self.book)
        machine.write(self.book, self.me)
        series = ""
        for book in in_books:
            given = self.carrier.register(book, device, name)
            series = series or given
        rounds.start(self.book, self.me, series)

    def clock(self) -> dates.Clock:
        """Return the time, a second later than before."""
        Paired.seconds += 1
        minutes, seconds = divmod(Paired.seconds, 60)
        return read_clock(f"2026-11-22 {6 + minutes // 60:02}:{minutes % 60:02}:{seconds:02}", "")

    def __call__(self, *words: str, code: int = 0) -> str:
        """Run a command; return what it prints and says."""
        now = dates.local(self.clock().now).strftime("%Y-%m-%d %H:%M:%S")
        env = {"ACCTCLI_DB": str(self.book), "ACCTCLI_TODAY": now, "ACCTCLI_WHO": self.me.name}
        done = self.run(*words, env=env)
        assert done.code == code, (words, done)
        return done.out + done.err

    def sync(self, *, full: bool = False, dry: bool = False) -> Exchanged:
        """Exchange once."""
        return rounds.Exchange(
            self.book,
            self.me,
            self.carrier,
            full=full,
            dry=dry,
            who=self.me.name,
            clock=self.clock(),
        ).run()

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Query the book."""
        with closing(sqlite3.connect(self.book)) as con:
            return con.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: Any) -> Any:
        """Return the first column of the first row; None if there is none."""
        found = self.rows(sql, *parameters)
        return found[0][0] if found else None

    def conflicts(self) -> list[tuple[str, Any, Any]]:
        """Return why, what stands and what was set aside, in the order of the later change."""
        found = self.rows("SELECT why, won, lost FROM sync_conflict ORDER BY won_at, id")
        return [(why, json.loads(won), json.loads(lost)) for why, won, lost in found]


def paired(run: Program, folder: Path, *names: str, books: Sequence[str] = ("book",)) -> list[Any]:
    """Return machines that share these books."""
    (folder / "shared").mkdir()
    carrier = Folder(folder / "shared")
    for book in books:
        carrier.create(book)
    return [Paired(run, folder, name, f"{place:08x}", books) for place, name in enumerate(names, 1)]


def settle(*machines: Paired) -> None:
    """Sync all until nothing moves any more."""
    for _ in range(6):
        if all(
            not (e.sent or e.captured or e.rows or e.waiting) for e in [m.sync() for m in machines]
        ):
            return
    raise AssertionError("they do not come to rest")
