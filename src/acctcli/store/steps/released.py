"""Released steps of the schema. Books have taken them, so they are never edited."""

from __future__ import annotations

import sqlite3

from acctcli import model
from acctcli.store.steps import RECORD, flag, one_of
from acctcli.text import plural


def m001(con: sqlite3.Connection) -> None:
    """Create everything of the first release."""
    statements = f"""
CREATE TABLE account ({RECORD},
    number TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
    {one_of("kind", model.ACCOUNT_KINDS, null=False)},
    {one_of("status", model.STATUSES, null=False)},
    tier TEXT, parent_id TEXT REFERENCES account (id), owner TEXT, industry TEXT,
    website TEXT, phone TEXT, street TEXT, city TEXT, region TEXT, postal_code TEXT,
    country TEXT, employees INTEGER, annual_revenue INTEGER, currency TEXT, source TEXT,
    description TEXT, cadence_days INTEGER, snoozed_until TEXT, archived_at TEXT
) STRICT;
CREATE INDEX account_by_number ON account (number);
CREATE INDEX account_by_name ON account (name_key);
CREATE INDEX account_by_parent ON account (parent_id);
CREATE INDEX account_by_website ON account (website);
CREATE INDEX account_by_phone ON account (phone);
CREATE INDEX account_by_tail ON account (substr(id, -4));

CREATE TABLE contact ({RECORD},
    name TEXT NOT NULL, name_key TEXT NOT NULL, account_id TEXT REFERENCES account (id),
    title TEXT, department TEXT, linkedin TEXT,
    {one_of("role", model.ROLES)},
    {one_of("influence", model.LEVELS)},
    {one_of("stance", model.STANCES)},
    reports_to_id TEXT REFERENCES contact (id),
    {flag("primary")}, {flag("do_not_contact")}, notes TEXT, since TEXT
) STRICT;
CREATE INDEX contact_by_account ON contact (account_id);
CREATE INDEX contact_by_name ON contact (name_key);
CREATE INDEX contact_by_manager ON contact (reports_to_id);
CREATE INDEX contact_by_tail ON contact (substr(id, -4));

CREATE TABLE affiliation ({RECORD},
    contact_id TEXT NOT NULL REFERENCES contact (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    title TEXT, {one_of("role", model.ROLES)}, from_on TEXT, to_on TEXT
) STRICT;
CREATE INDEX affiliation_by_contact ON affiliation (contact_id);
CREATE INDEX affiliation_by_account ON affiliation (account_id);

CREATE TABLE product ({RECORD},
    name TEXT NOT NULL, name_key TEXT NOT NULL, family TEXT, price INTEGER, currency TEXT,
    {flag("active")}
) STRICT;
CREATE INDEX product_by_name ON product (name_key);
CREATE INDEX product_by_tail ON product (substr(id, -4));

CREATE TABLE deal ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    title TEXT NOT NULL, name_key TEXT NOT NULL, stage TEXT NOT NULL,
    amount INTEGER, currency TEXT,
    probability INTEGER CHECK (probability BETWEEN 0 AND 100),
    {one_of("category", model.CATEGORIES)}, close_date TEXT,
    {one_of("type", model.DEAL_TYPES)}, product_id TEXT REFERENCES product (id),
    source TEXT, lost_reason TEXT, competitor TEXT, owner TEXT,
    opened_on TEXT NOT NULL, closed_on TEXT
) STRICT;
CREATE INDEX deal_by_account ON deal (account_id);
CREATE INDEX deal_by_name ON deal (name_key);
CREATE INDEX deal_by_product ON deal (product_id);
CREATE INDEX deal_open ON deal (close_date, account_id, opened_on, title, amount, currency, id,
    closed_on) WHERE closed_on IS NULL;
CREATE INDEX deal_by_tail ON deal (substr(id, -4));

CREATE TABLE item ({RECORD},
    deal_id TEXT NOT NULL REFERENCES deal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    quantity REAL NOT NULL, unit_price INTEGER, currency TEXT,
    discount INTEGER CHECK (discount BETWEEN 0 AND 100)
) STRICT;
CREATE INDEX item_by_deal ON item (deal_id);
CREATE INDEX item_by_account ON item (account_id);
CREATE INDEX item_by_product ON item (product_id);

CREATE TABLE deal_contact ({RECORD},
    deal_id TEXT NOT NULL REFERENCES deal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    {one_of("role", model.ROLES)}
) STRICT;
CREATE INDEX deal_contact_by_deal ON deal_contact (deal_id);
CREATE INDEX deal_contact_by_contact ON deal_contact (contact_id);
CREATE INDEX deal_contact_by_account ON deal_contact (account_id);

CREATE TABLE deal_change ({RECORD},
    deal_id TEXT NOT NULL REFERENCES deal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    changed_on TEXT NOT NULL,
    {one_of("field", ("stage", "amount", "close_date"), null=False)},
    old TEXT, new TEXT
) STRICT;
CREATE INDEX deal_change_by_deal ON deal_change (deal_id);
CREATE INDEX deal_change_by_account ON deal_change (account_id);
CREATE INDEX deal_change_push ON deal_change (deal_id, changed_on, field, old, new)
    WHERE field = 'close_date' AND new > old;

CREATE TABLE log ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    {one_of("kind", model.LOG_KINDS, null=False)},
    {one_of("direction", model.DIRECTIONS)},
    at TEXT NOT NULL, summary TEXT NOT NULL, body TEXT,
    deal_id TEXT REFERENCES deal (id), duration INTEGER, outcome TEXT, score INTEGER,
    resolved_at TEXT
) STRICT;
CREATE INDEX log_by_account ON log (account_id, at);
CREATE INDEX log_by_deal ON log (deal_id, at, kind, direction);
CREATE INDEX log_by_at ON log (at);
CREATE INDEX log_by_tail ON log (substr(id, -4));
CREATE INDEX log_asked ON log (account_id, at, kind, score, resolved_at)
    WHERE kind = 'ticket' OR kind = 'survey';
CREATE INDEX log_touch ON log (account_id, at)
    WHERE (kind IN ('call', 'meeting', 'demo')
        OR (direction = 'in' AND kind IN ('email', 'social')));

CREATE TABLE review ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    held_on TEXT NOT NULL, health INTEGER CHECK (health BETWEEN 0 AND 100),
    {one_of("rating", model.RATINGS)},
    summary TEXT, strengths TEXT, risks TEXT, opportunities TEXT, next_review TEXT
) STRICT;
CREATE INDEX review_by_account ON review (account_id, held_on);
CREATE INDEX review_by_tail ON review (substr(id, -4));

CREATE TABLE plan ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    needs TEXT, goals TEXT, challenges TEXT, competitors TEXT, strategy TEXT
) STRICT;
CREATE INDEX plan_by_account ON plan (account_id);

CREATE TABLE objective ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    text TEXT NOT NULL, name_key TEXT NOT NULL, due TEXT,
    {one_of("state", model.OBJECTIVE_STATES, null=False)}, closed_on TEXT
) STRICT;
CREATE INDEX objective_by_account ON objective (account_id);
CREATE INDEX objective_open ON objective (due) WHERE state = 'open';
CREATE INDEX objective_by_tail ON objective (substr(id, -4));

CREATE TABLE task ({RECORD},
    account_id TEXT REFERENCES account (id), text TEXT NOT NULL, name_key TEXT NOT NULL,
    due TEXT, {one_of("owed_by", model.OWERS, null=False)},
    contact_id TEXT REFERENCES contact (id), deal_id TEXT REFERENCES deal (id),
    done_at TEXT, snoozed_until TEXT, every TEXT, first_due TEXT,
    log_id TEXT REFERENCES log (id), review_id TEXT REFERENCES review (id)
) STRICT;
CREATE INDEX task_by_account ON task (account_id);
CREATE INDEX task_open ON task (due) WHERE done_at IS NULL;
CREATE INDEX task_by_deal ON task (deal_id);
CREATE INDEX task_by_contact ON task (contact_id);
CREATE INDEX task_by_log ON task (log_id);
CREATE INDEX task_by_review ON task (review_id);
CREATE INDEX task_by_tail ON task (substr(id, -4));

CREATE TABLE purchase ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id), deal_id TEXT REFERENCES deal (id),
    product_id TEXT REFERENCES product (id), quantity REAL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, purchased_on TEXT NOT NULL,
    {one_of("payment", model.PAYMENTS)}, starts_on TEXT, ends_on TEXT,
    {one_of("recurring", model.RECURRENCES, null=False)}, {flag("reconciled")}
) STRICT;
CREATE INDEX purchase_by_account ON purchase (account_id, purchased_on);
CREATE INDEX purchase_by_deal ON purchase (deal_id);
CREATE INDEX purchase_by_product ON purchase (product_id);
CREATE INDEX purchase_by_end ON purchase (ends_on) WHERE ends_on IS NOT NULL;
CREATE INDEX purchase_by_tail ON purchase (substr(id, -4));

CREATE TABLE segment ({RECORD},
    name TEXT NOT NULL, name_key TEXT NOT NULL, filters TEXT NOT NULL
) STRICT;
CREATE INDEX segment_by_name ON segment (name_key);
CREATE INDEX segment_by_tail ON segment (substr(id, -4));

CREATE TABLE tag (id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id), tag TEXT NOT NULL,
    position INTEGER NOT NULL) STRICT;
CREATE INDEX tag_by_account ON tag (account_id);
CREATE INDEX tag_by_tag ON tag (tag);

CREATE TABLE email (id TEXT PRIMARY KEY NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contact (id), address TEXT NOT NULL,
    position INTEGER NOT NULL) STRICT;
CREATE INDEX email_by_contact ON email (contact_id);
CREATE INDEX email_by_address ON email (address);

CREATE TABLE phone (id TEXT PRIMARY KEY NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contact (id), number TEXT NOT NULL,
    position INTEGER NOT NULL) STRICT;
CREATE INDEX phone_by_contact ON phone (contact_id);
CREATE INDEX phone_by_number ON phone (number);

CREATE TABLE review_input (id TEXT PRIMARY KEY NOT NULL,
    review_id TEXT NOT NULL REFERENCES review (id), input TEXT NOT NULL,
    position INTEGER NOT NULL) STRICT;
CREATE INDEX review_input_by_review ON review_input (review_id);

CREATE TABLE log_contact (id TEXT PRIMARY KEY NOT NULL,
    log_id TEXT NOT NULL REFERENCES log (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    position INTEGER NOT NULL) STRICT;
CREATE INDEX log_contact_by_log ON log_contact (log_id);
CREATE INDEX log_contact_by_contact ON log_contact (contact_id);

CREATE TABLE distinct_account ({RECORD},
    account_id TEXT NOT NULL REFERENCES account (id),
    other_id TEXT NOT NULL REFERENCES account (id)) STRICT;
CREATE INDEX distinct_account_by_account ON distinct_account (account_id);
CREATE INDEX distinct_account_by_other ON distinct_account (other_id);

CREATE TABLE distinct_contact ({RECORD},
    contact_id TEXT NOT NULL REFERENCES contact (id),
    other_id TEXT NOT NULL REFERENCES contact (id)) STRICT;
CREATE INDEX distinct_contact_by_contact ON distinct_contact (contact_id);
CREATE INDEX distinct_contact_by_other ON distinct_contact (other_id);

CREATE TABLE custom (id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE INDEX custom_by_record ON custom (record_id, field);

-- From here on: this machine only, never synchronised.
CREATE TABLE command (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
    typed TEXT NOT NULL, says TEXT NOT NULL,
    undoes INTEGER REFERENCES command (seq), undone_by INTEGER REFERENCES command (seq)) STRICT;
CREATE TABLE change (seq INTEGER PRIMARY KEY, command INTEGER NOT NULL REFERENCES command (seq),
    tbl TEXT NOT NULL, "row" TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    account_id TEXT,
    op TEXT NOT NULL CHECK (op IN ('insert', 'update', 'delete')),
    before TEXT, after TEXT) STRICT;
CREATE INDEX change_by_command ON change (command);
CREATE INDEX change_by_record ON change (record);
CREATE INDEX change_by_account ON change (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX change_of_gone_account ON change (seq) WHERE tbl = 'account' AND op = 'delete';
CREATE INDEX change_of_merge ON change (kind) WHERE op = 'delete' AND after IS NOT NULL;

CREATE TABLE external_id (id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, value TEXT NOT NULL, record_id TEXT NOT NULL) STRICT;
CREATE INDEX external_id_by_value ON external_id (kind, key, value);
CREATE INDEX external_id_by_record ON external_id (record_id);
CREATE TABLE preset (name TEXT PRIMARY KEY NOT NULL, options TEXT NOT NULL) STRICT;

CREATE TABLE search_doc (doc INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL,
    account_id TEXT) STRICT;
CREATE INDEX search_doc_by_record ON search_doc (record_id);
CREATE VIRTUAL TABLE search USING fts5 (title, body,
    tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')
"""
    for statement in statements.split(";\n"):
        con.execute(statement)


def m002(con: sqlite3.Connection) -> None:
    """Store how each command left the file, to detect changes by other programs."""
    con.execute("ALTER TABLE command ADD COLUMN file_change INTEGER")
    con.execute("ALTER TABLE command ADD COLUMN file_schema INTEGER")


def m003(con: sqlite3.Connection) -> None:
    """Prepare commands for two machines; add lists and fields to records.

    Lists have tables of their own. New columns are at the end of a table, with a default where a
    value is required, so that no row is rewritten.
    """
    from sqlite_utils import Database  # most commands find nothing to migrate

    db = Database(con, recursive_triggers=False, execute_plugins=False)
    db.table("command").add_column("origin", str)  # the machine it ran on; NULL means this one
    for table, kind, column in (
        ("account_website", "account", "website"),
        ("account_phone", "account", "number"),
        ("account_alias", "account", "alias"),
        ("account_link", "account", "link"),
        ("contact_alias", "contact", "alias"),
        ("contact_profile", "contact", "profile"),
        ("contact_tag", "contact", "tag"),
        ("deal_tag", "deal", "tag"),
        ("deal_link", "deal", "link"),
    ):
        columns = {"id": str, f"{kind}_id": str, column: str, "position": int}
        made = db.table(table).create(
            columns,
            pk="id",
            not_null=set(columns),
            foreign_keys=[(f"{kind}_id", kind, "id")],
            strict=True,
        )
        made.create_index([f"{kind}_id"], index_name=f"{table}_by_{kind}")
        if column == "alias":  # found without regard to case
            db.execute(f"CREATE INDEX {table}_by_alias ON {table} (alias COLLATE NOCASE)")
        elif column != "link":
            made.create_index([column], index_name=f"{table}_by_{column}")
    db.table("contact").add_column("birthday", str)
    for column, type in (("at", str), ("duration", int), ("place", str)):
        db.table("task").add_column(column, type)
    db.table("deal_change").add_column("note", str)
    db.table("purchase").add_column("notice_days", int)
    # `add_column` cannot add checks or references without copying the table.
    for table, declared in (
        ("log", "attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt IN (0, 1))"),
        ("log", one_of("scale", model.SCALES)),
        ("purchase", "renews_id TEXT REFERENCES purchase (id)"),
        ("purchase", "auto_renews INTEGER NOT NULL DEFAULT 0 CHECK (auto_renews IN (0, 1))"),
    ):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {declared}")
    db.table("purchase").create_index(["renews_id"], index_name="purchase_by_renewed")
    # Most interactions are about no deal: they are left out of its index.
    db.execute("DROP INDEX log_by_deal")
    db.execute(
        "CREATE INDEX log_by_deal ON log (deal_id, at, kind, direction) WHERE deal_id IS NOT NULL"
    )
    # A call that reached nobody does not count as contact.
    db.execute("DROP INDEX log_touch")
    db.execute(
        "CREATE INDEX log_touch ON log (account_id, at) WHERE attempt = 0 "
        "AND (kind IN ('call', 'meeting', 'demo') "
        "OR (direction = 'in' AND kind IN ('email', 'social')))"
    )


def m004(con: sqlite3.Connection) -> None:
    """Add settings to the book, and the schema version to commands; older ones had no settings."""
    con.execute(
        f"CREATE TABLE setting ({RECORD},\n"
        "    key TEXT NOT NULL, value TEXT NOT NULL, position INTEGER NOT NULL\n) STRICT"
    )
    con.execute("ALTER TABLE command ADD COLUMN version INTEGER")


def m005(con: sqlite3.Connection) -> None:
    """Use less space for many records: in the journal, the search index and indexes of `log`."""
    from sqlite_utils import Database  # most commands find nothing to migrate

    db = Database(con, recursive_triggers=False, execute_plugins=False)
    db.execute(
        "CREATE TABLE added (seq INTEGER PRIMARY KEY, "
        "command INTEGER NOT NULL REFERENCES command (seq), tbl TEXT NOT NULL, "
        "kind TEXT NOT NULL, account_id TEXT, rows TEXT NOT NULL) STRICT"
    )
    db.table("added").create_index(["command"], index_name="added_by_command")
    db.execute("CREATE INDEX added_by_account ON added (account_id, kind) WHERE tbl = kind")
    # The record has its account, and eight digits of an id nearly always identify it.
    db.execute("DROP INDEX search_doc_by_record")
    db.table("search_doc").transform(drop={"account_id"})
    db.execute("CREATE INDEX search_doc_by_tail ON search_doc (substr(record_id, -8))")
    # Indexes of first letters only helped with words of two or three letters.
    db.execute("ALTER TABLE search RENAME TO search_before")
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (title, body, "
        'tokenize = "unicode61 remove_diacritics 2")'
    )
    db.execute(
        "INSERT INTO search (rowid, title, body) SELECT rowid, title, body FROM search_before"
    )
    db.execute("DROP TABLE search_before")
    # One index serves both an account's interactions by time and its two-way touches.
    db.execute("DROP INDEX log_touch")
    db.execute("DROP INDEX log_by_account")
    db.table("log").create_index(
        ["account_id", "at", "kind", "direction", "attempt"], index_name="log_by_account"
    )


def m006(con: sqlite3.Connection) -> list[str]:
    """Prepare the book for the new judgement, each part in its own function; return sentences."""
    _contracts_of_m006(con)
    _segments_of_m006(con)
    _forecast_of_m006(con)
    return _logs_of_m006(con)


def _contracts_of_m006(con: sqlite3.Connection) -> None:
    """Add the marks of contracts that renew nothing or may lapse, and a product's notice days."""
    for table, declared in (
        ("purchase", "standalone INTEGER NOT NULL DEFAULT 0 CHECK (standalone IN (0, 1))"),
        ("purchase", "lapsed_ok INTEGER NOT NULL DEFAULT 0 CHECK (lapsed_ok IN (0, 1))"),
        ("product", "notice_days INTEGER"),
    ):
        con.execute(f"ALTER TABLE {table} ADD COLUMN {declared}")


def _forecast_of_m006(con: sqlite3.Connection) -> None:
    """Let percentages have decimals, index the category of open deals, and add the calls."""
    con.execute("DROP INDEX deal_open")
    # A percentage may have decimals; a whole one stays a whole number.
    for table, column in (("deal", "probability"), ("item", "discount")):
        con.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO {column}_whole")
        con.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} ANY CHECK ({column} BETWEEN 0 AND 100 "
            f"AND typeof({column}) IN ('integer', 'real', 'null'))"
        )
        con.execute(f"UPDATE {table} SET {column} = {column}_whole")
        con.execute(f"ALTER TABLE {table} DROP COLUMN {column}_whole")
    con.execute(
        "CREATE INDEX deal_open ON deal (close_date, account_id, opened_on, title, amount, "
        "currency, id, closed_on, category, stage, probability, type) WHERE closed_on IS NULL"
    )
    con.execute(
        f"CREATE TABLE commitment ({RECORD},\n"
        "    week TEXT NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT NOT NULL, owner TEXT,\n"
        "    amount INTEGER NOT NULL, currency TEXT NOT NULL, expected INTEGER\n) STRICT"
    )
    con.execute("CREATE INDEX commitment_by_week ON commitment (week, starts_on, ends_on, owner)")


def _logs_of_m006(con: sqlite3.Connection) -> list[str]:
    """Give each survey the scale it was read by so far; mark calls that reached nobody."""
    unread = "kind = 'survey' AND score IS NOT NULL AND scale IS NULL"
    csat = f"{unread} AND score BETWEEN 1 AND 5 AND instr(lower(summary), 'csat')"
    as_csat = con.execute(f"UPDATE log SET scale = 'csat' WHERE {csat}").rowcount
    as_nps = con.execute(f"UPDATE log SET scale = 'nps' WHERE {unread}").rowcount
    nobody = (
        "lower(replace(replace(trim(outcome), '-', ' '), '_', ' ')) IN ('voicemail', 'voice mail', "
        "'left voicemail', 'no answer', 'busy', 'no show', 'noshow')"
    )
    reached = con.execute(
        "UPDATE log SET attempt = 1 WHERE kind IN ('call', 'meeting', 'demo') "
        f"AND attempt = 0 AND {nobody}"
    ).rowcount
    says = []
    if as_csat or as_nps:
        says.append(
            f"Scores of surveys have a scale now: {as_nps} as NPS and {as_csat} as CSAT, "
            "as they were read before. To change one: acct log edit --scale csat"
        )
    if reached:
        says.append(
            f"{plural(reached, 'call or meeting', 'calls or meetings')} whose outcome says that "
            "nobody was reached count as an attempt now. To change one: acct log edit --answer"
        )
    return says


def _segments_of_m006(con: sqlite3.Connection) -> None:
    """Let saved lists have other records than accounts."""
    kinds = ", ".join(f"'{kind}'" for kind in model.SEGMENTED)
    con.execute(
        "ALTER TABLE segment ADD COLUMN kind TEXT NOT NULL DEFAULT 'account' "
        f"CHECK (kind IN ({kinds}))"
    )


STEPS = (m001, m002, m003, m004, m005, m006)
