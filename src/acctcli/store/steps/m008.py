"""The step for how purchases are paid, for campaigns, and for what comes from other books."""

from __future__ import annotations

import sqlite3

from acctcli import model
from acctcli.store.steps import RECORD, one_of


def m008(con: sqlite3.Connection) -> None:
    """Prepare the book for payments, campaigns and bundles, each part in its own function."""
    _payments(con)
    _campaigns(con)
    _bundles(con)


def _payments(con: sqlite3.Connection) -> None:
    """Add the invoice of a purchase, the day it was paid, and the bank line that paid it."""
    for column in ("invoice", "paid_on", "paid_ref"):
        con.execute(f"ALTER TABLE purchase ADD COLUMN {column} TEXT")
    # An import of bank lines asks which of them are taken; most purchases name none.
    con.execute(
        "CREATE INDEX purchase_by_paid_ref ON purchase (paid_ref) WHERE paid_ref IS NOT NULL"
    )


def _campaigns(con: sqlite3.Connection) -> None:
    """Add campaigns with their members, and the campaign of an interaction and of a deal."""
    statements = f"""
CREATE TABLE campaign ({RECORD},
    name TEXT NOT NULL, name_key TEXT NOT NULL, source TEXT, starts_on TEXT, ends_on TEXT,
    notes TEXT
) STRICT;
CREATE INDEX campaign_by_name ON campaign (name_key);
CREATE INDEX campaign_by_tail ON campaign (substr(id, -4));
CREATE TABLE campaign_member ({RECORD},
    campaign_id TEXT NOT NULL REFERENCES campaign (id),
    contact_id TEXT REFERENCES contact (id), account_id TEXT REFERENCES account (id),
    {one_of("state", model.MEMBER_STATES)}, joined_on TEXT,
    CHECK (contact_id IS NOT NULL OR account_id IS NOT NULL)
) STRICT;
CREATE INDEX campaign_member_by_campaign ON campaign_member (campaign_id);
CREATE INDEX campaign_member_by_contact ON campaign_member (contact_id);
CREATE INDEX campaign_member_by_account ON campaign_member (account_id);
ALTER TABLE deal ADD COLUMN campaign_id TEXT REFERENCES campaign (id);
ALTER TABLE log ADD COLUMN campaign_id TEXT REFERENCES campaign (id);
CREATE INDEX deal_by_campaign ON deal (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX log_by_campaign ON log (campaign_id) WHERE campaign_id IS NOT NULL
"""
    for statement in statements.split(";\n"):
        con.execute(statement)


def _bundles(con: sqlite3.Connection) -> None:
    """Add which commands took in a bundle, and marks of people who were erased.

    What a bundle changes keeps the moments that it had in the other book. People who were erased
    must not come back with one.
    """
    con.execute(
        "CREATE TABLE bundle (command INTEGER PRIMARY KEY, sum TEXT NOT NULL, "
        "sender TEXT NOT NULL, made_at TEXT NOT NULL) STRICT"
    )
    con.execute("CREATE TABLE erased (id TEXT PRIMARY KEY NOT NULL) STRICT")
