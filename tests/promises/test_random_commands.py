"""A driver that types random commands of all nouns: no crash, and no change without a journal.

After each command the exit status is one of the contract's and never 1, and every changed row is
in the journal. Undo restores the book to the byte, and its redo the change; at intervals `db check`
finds the book sound, and an export that is imported again changes nothing.

`ACCTCLI_DRIVER_SEED` and `ACCTCLI_DRIVER_COUNT` choose the run; a failure prints both, and the last
commands.
"""

from __future__ import annotations

import os
import random
import shlex
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.driving import Typist
from tests.promises.processes import LONG

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("ACCTCLI_DRIVER_SEED", "20261122"))
COUNT = int(os.environ.get("ACCTCLI_DRIVER_COUNT", "10000" if LONG else "300"))
SOUND_EVERY = 60
"""After this many commands the book is checked, exported and imported again."""

MOST = 60
"""The most accounts: a larger book is thinned out, so that late commands take no longer."""

ALLOWED = {0, 2, 3, 4}


class Driver(Typist):
    """Types at random, and remembers what was typed."""

    def __init__(self, run: Program, book: Path, seed: int) -> None:
        super().__init__(book, random.Random(seed))
        self.run_program = run
        self.typed: deque[str] = deque(maxlen=40)
        self.codes: dict[int, int] = {}

    def dump(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Return every row of every table whose rows are in the journal, by table and id.

        Over one connection: each reads the whole schema before its first query.
        """
        aside = ("command", "change", "preset")
        with closing(sqlite3.connect(self.book)) as con:
            found = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            return {
                (table, row[0]): row
                for (table,) in found
                if table not in aside and not table.startswith(("search", "sqlite_"))
                for row in con.execute(f'SELECT * FROM "{table}"')
            }

    def last_command(self) -> int:
        """The number of the newest entry of the journal."""
        return int(self.rows("SELECT coalesce(max(seq), 0) FROM command")[0][0])

    def run(self, *words: str, input: str = "") -> int:
        """Type one command; its exit status is one of the contract's."""
        self.typed.append(shlex.join(("acct", *words)))
        done = self.run_program(*words, input=input)
        assert done.code in ALLOWED, (done.code, done.err)
        self.codes[done.code] = self.codes.get(done.code, 0) + 1
        return done.code

    def step(self) -> None:
        """Type one command, compare it with the journal, and now and then undo it."""
        drawn: Callable[[], list[str]] = self.random.choices(
            (self.add, self.edit, self.move, self.delete, self.look), (34, 22, 26, 6, 12)
        )[0]
        words = drawn()
        before, stood = self.dump(), self.last_command()
        self.run(*words)
        after = self.dump()
        self.journalled(before, after, stood)
        if self.last_command() > stood and self.random.random() < 0.4:
            assert self.run("undo") == 0
            assert self.dump() == before, "undo is not exact"
            assert self.run("undo", "--redo") == 0
            assert without_stamps(self.dump()) == without_stamps(after), "redo is not exact"
            if self.random.random() < 0.3:
                assert self.run("undo") == 0

    def journalled(self, before: dict[Any, Any], after: dict[Any, Any], stood: int) -> None:
        """Check that every changed row has an entry of a command since."""
        differing = {
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        }
        noted = set(self.rows(f'SELECT DISTINCT tbl, "row" FROM change WHERE command > {stood}'))
        assert differing <= noted, f"changed without an entry: {sorted(differing - noted)[:5]}"

    def thin_out(self) -> None:
        """Delete the older half of a large book, in one command."""
        found = [id for (id,) in self.rows("SELECT id FROM account ORDER BY id")]
        if len(found) > MOST:
            ids = "\n".join(found[: MOST // 2])
            assert self.run("account", "delete", "-", "--yes", input=ids) == 0

    def sound(self, folder: Path) -> None:
        """Check that the book is sound, and that its export changes nothing."""
        assert self.run("db", "check") == 0
        before, stood = self.dump(), self.last_command()
        assert self.run("export", "--all", str(folder), "--force") == 0
        self.run("import", str(folder))
        assert self.dump() == before, "an export that came back changed the book"
        assert self.last_command() == stood


def without_stamps(rows: dict[tuple[str, str], tuple[Any, ...]]) -> dict[Any, Any]:
    """Return rows without moments: a redo is a change of its own, later than the first."""
    return {
        key: tuple(v for v in row if not (isinstance(v, str) and len(v) == 20 and v[-1] == "Z"))
        for key, row in rows.items()
    }


def test_commands_at_random(run: Program, book: Path, tmp_path: Path) -> None:
    assert run("account", "add", "First").code == 0
    # Wins and stages add tasks from then on, which an undo removes with them.
    assert run("playbook", "add", "--example", "onboarding").code == 0
    driver = Driver(run, book, SEED)
    for count in range(COUNT):
        try:
            driver.step()
            if count % SOUND_EVERY == SOUND_EVERY - 1:
                driver.sound(tmp_path / "export")
                driver.thin_out()
        except AssertionError as error:
            history = "\n".join(driver.typed)
            error.add_note(f"seed {SEED}, command {count} of {COUNT}; the last ones:\n{history}")
            raise
    # Most commands must succeed: a driver that is only refused proves nothing.
    assert driver.codes.get(0, 0) > COUNT / 2, driver.codes
