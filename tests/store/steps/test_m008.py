from __future__ import annotations

import sqlite3
from contextlib import closing

from acctcli.store.migrations import STEPS


def test_the_tables_of_the_step_are_empty_and_its_columns_too() -> None:
    with closing(sqlite3.connect(":memory:")) as con:
        for step in STEPS[:7]:
            step(con)
        before = {name for (name,) in con.execute("SELECT name FROM sqlite_schema")}
        STEPS[7](con)
        added = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in added:
            if name not in before:
                assert con.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
        columns = [row[1] for row in con.execute("PRAGMA table_info(purchase)")]
        assert {"invoice", "paid_on", "paid_ref"} <= set(columns)
