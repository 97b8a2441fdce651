"""The step for what leaves the book, and what runs by itself."""

from __future__ import annotations

import sqlite3

from acctcli import model
from acctcli.model.playbooks import SUBJECTS_OF_RUNS
from acctcli.store.steps import RECORD, one_of


def m007(con: sqlite3.Connection) -> None:
    """Prepare the book for what goes out and runs by itself, each part in its own function."""
    _taxes(con)
    _playbooks(con)
    _quotes(con)


def _taxes(con: sqlite3.Connection) -> None:
    """Add the rate of the tax that a purchase was charged with; it may have decimals."""
    con.execute(f"ALTER TABLE purchase ADD COLUMN {_share('tax_rate')}")


def _quotes(con: sqlite3.Connection) -> None:
    """Add quotes and their lines; find the numbers of deleted quotes in the journal at once."""
    statements = f"""
CREATE TABLE quote ({RECORD},
    number TEXT NOT NULL, name_key TEXT NOT NULL, version INTEGER NOT NULL,
    deal_id TEXT NOT NULL REFERENCES deal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    title TEXT NOT NULL, {one_of("status", model.QUOTE_STATUSES, null=False)},
    contact_id TEXT REFERENCES contact (id),
    valid_until TEXT, sent_on TEXT, answered_on TEXT, reason TEXT,
    net INTEGER, tax INTEGER, gross INTEGER, currency TEXT,
    recipient TEXT, sender TEXT, intro TEXT, terms TEXT
) STRICT;
CREATE INDEX quote_by_number ON quote (number);
CREATE INDEX quote_by_name ON quote (name_key);
CREATE INDEX quote_by_deal ON quote (deal_id);
CREATE INDEX quote_by_account ON quote (account_id);
CREATE INDEX quote_by_contact ON quote (contact_id);
CREATE INDEX quote_by_tail ON quote (substr(id, -4));
CREATE INDEX quote_unanswered ON quote (valid_until) WHERE status = 'sent';
CREATE TABLE quote_line ({RECORD},
    quote_id TEXT NOT NULL REFERENCES quote (id), position INTEGER NOT NULL,
    product_id TEXT REFERENCES product (id), text TEXT NOT NULL,
    quantity REAL NOT NULL, unit_price INTEGER NOT NULL, currency TEXT,
    {_share("discount")}, {_share("tax_rate")},
    starts_on TEXT, ends_on TEXT, {one_of("recurring", model.RECURRENCES, null=False)}
) STRICT;
CREATE INDEX quote_line_by_quote ON quote_line (quote_id);
CREATE INDEX quote_line_by_product ON quote_line (product_id);
CREATE INDEX change_of_gone_quote ON change (seq) WHERE tbl = 'quote' AND op = 'delete'
"""
    for statement in statements.split(";\n"):
        con.execute(statement)


def _share(column: str) -> str:
    """Declare a column with a percentage that may have decimals."""
    return (
        f"{column} ANY CHECK ({column} BETWEEN 0 AND 100 "
        f"AND typeof({column}) IN ('integer', 'real', 'null'))"
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
