"""The step for what leaves the book, and what runs by itself."""

from __future__ import annotations

import sqlite3

from acctcli.model.playbooks import SUBJECTS_OF_RUNS
from acctcli.store.steps import RECORD, one_of


def m007(con: sqlite3.Connection) -> None:
    """Prepare the book for what goes out and runs by itself, each part in its own function."""
    _taxes(con)
    _playbooks(con)


def _taxes(con: sqlite3.Connection) -> None:
    """Add the rate of the tax that a purchase was charged with; it may have decimals."""
    con.execute(
        "ALTER TABLE purchase ADD COLUMN tax_rate ANY CHECK (tax_rate BETWEEN 0 AND 100 "
        "AND typeof(tax_rate) IN ('integer', 'real', 'null'))"
    )


def _playbooks(con: sqlite3.Connection) -> None:
    """Add the runs of playbooks, and from which of them a task came."""
    con.execute(
        f"CREATE TABLE playbook_run ({RECORD},\n"
        "    account_id TEXT NOT NULL REFERENCES account (id),\n"
        f"    {one_of('about', SUBJECTS_OF_RUNS, null=False)},\n"
        "    deal_id TEXT REFERENCES deal (id), purchase_id TEXT REFERENCES purchase (id),\n"
        "    playbook TEXT NOT NULL, started_on TEXT NOT NULL, stopped_on TEXT\n) STRICT"
    )
    for column in ("account", "deal", "purchase"):
        con.execute(f"CREATE INDEX playbook_run_by_{column} ON playbook_run ({column}_id)")
    con.execute("ALTER TABLE task ADD COLUMN playbook_id TEXT REFERENCES playbook_run (id)")
    # Most tasks come from no playbook.
    con.execute("CREATE INDEX task_by_playbook ON task (playbook_id) WHERE playbook_id IS NOT NULL")
