from __future__ import annotations

import sqlite3
from contextlib import closing

from acctcli.store.migrations import STEPS


def test_the_tables_of_the_step_are_empty() -> None:
    with closing(sqlite3.connect(":memory:")) as con:
        for step in STEPS[:8]:
            step(con)
        before = {name for (name,) in con.execute("SELECT name FROM sqlite_schema")}
        STEPS[8](con)
        tables = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        new = {name for (name,) in tables} - before
        assert new
        assert all(name.startswith("sync_") for name in new)
        assert all(con.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,) for name in new)
