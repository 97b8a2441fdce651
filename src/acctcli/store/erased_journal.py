"""The journal without a person: what it says of them goes, and the rest can still be undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from acctcli import model, text
from acctcli.model import KINDS
from acctcli.store import added, kinds
from acctcli.store.kinds import KEYED
from acctcli.store.known import ERASED
from acctcli.store.remembered import row_of

Scrub = Callable[[str], str]

_OWN_NAMES = {("account", "name"), ("contact", "name"), ("product", "name")}

_TYPED_KEPT = 3  # words of a command line that name no one: `acct contact add`


def clear(con: sqlite3.Connection, ids: Sequence[str], scrub: Scrub) -> None:
    """Remove the people from the journal; the rest of it can still be undone."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS going (change INTEGER PRIMARY KEY)")
    con.execute("DELETE FROM going")
    people = json.dumps(ids)
    con.execute(
        "INSERT INTO going SELECT seq FROM change "
        "WHERE kind = 'contact' AND record IN (SELECT value FROM json_each(?))",
        (people,),
    )
    # A link's row is named where it was deleted, or still exists.
    for table, columns in kinds.linked_to("contact").items():
        for column in columns:
            con.execute(
                "INSERT OR IGNORE INTO going SELECT seq FROM change "
                'WHERE tbl = :table AND "row" IN ('
                f'SELECT id FROM "{table}" '
                f'WHERE "{column}" IN (SELECT value FROM json_each(:people)) '
                "UNION SELECT \"row\" FROM change WHERE tbl = :table AND op = 'delete' "
                "AND CASE WHEN json_valid(before) THEN json_extract(before, :path) END "
                "IN (SELECT value FROM json_each(:people)))",
                {"table": table, "people": people, "path": f"$.{column}"},
            )
    _clear_undone_merges(con, ids)
    commands = con.execute(
        "SELECT DISTINCT command FROM change WHERE seq IN (SELECT change FROM going)"
    ).fetchall()
    commands += _clear_added(con, ids)
    con.execute("DELETE FROM change WHERE seq IN (SELECT change FROM going)")
    for seq, table, *values in con.execute(
        "SELECT seq, tbl, before, after FROM change WHERE before IS NOT NULL OR after IS NOT NULL"
    ).fetchall():
        scrubbed = [_scrub_values(table, value, ids, scrub) for value in values]
        if scrubbed != values:
            con.execute("UPDATE change SET before = ?, after = ? WHERE seq = ?", (*scrubbed, seq))
    about_them = {
        seq
        for (seq,) in commands
        if not con.execute(
            "SELECT 1 FROM change WHERE command = :seq "
            "UNION ALL SELECT 1 FROM added WHERE command = :seq",
            {"seq": seq},
        ).fetchone()
    }
    for seq, typed, says in con.execute("SELECT seq, typed, says FROM command").fetchall():
        if seq in about_them:
            new = (" ".join((*typed.split()[:_TYPED_KEPT], ERASED)), ERASED)
        else:
            new = (scrub(typed), scrub(says))
        if new != (typed, says):
            con.execute("UPDATE command SET typed = ?, says = ? WHERE seq = ?", (*new, seq))


def _clear_undone_merges(con: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Clear what a merge of these people gave to others who stay, because it was undone.

    Titles and addresses came with it, and another undo would bring them again. The merge and its
    undo cancel out, so the journal of those who stay is right without either.
    """
    merges = con.execute(
        "SELECT record, command, json_extract(after, '$.merged_into') FROM change "
        "WHERE tbl = 'contact' AND op = 'delete' AND record IN (SELECT value FROM json_each(?)) "
        "AND CASE WHEN json_valid(after) THEN json_extract(after, '$.merged_into') END IS NOT NULL",
        (json.dumps(ids),),
    ).fetchall()
    for person, merge, into in merges:
        con.execute(
            "INSERT OR IGNORE INTO going SELECT seq FROM change "
            "WHERE kind = 'contact' AND record = :into AND (command = :merge OR command > :merge "
            "AND command IN (SELECT command FROM change WHERE \"row\" = :person AND op <> 'update' "
            "UNION SELECT command FROM added WHERE tbl = 'contact' AND instr(rows, :person)))",
            {"into": into, "merge": merge, "person": person},
        )


def _clear_added(con: sqlite3.Connection, ids: Sequence[str]) -> list[tuple[int]]:
    """Remove people, and links to them, from the lists of new records; return their accounts."""
    links = {
        (table, row)
        for table, columns in kinds.linked_to("contact").items()
        for column in columns
        for (row,) in con.execute(
            f'SELECT id FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(:people)) '
            'UNION SELECT "row" FROM change WHERE tbl = :table AND seq IN '
            "(SELECT change FROM going)",
            {"table": table, "people": json.dumps(ids)},
        )
    }
    commands = []
    for seq, command, table, kind, kept in con.execute(
        "SELECT seq, command, tbl, kind, rows FROM added"
    ).fetchall():
        pairs = added.pairs_of(table, kind, kept)
        left = [
            (row, record)
            for row, record in pairs
            if record not in ids and (table, row) not in links
        ]
        if len(left) == len(pairs) and (pairs or not any(id in kept for id in ids)):
            continue
        commands.append((command,))
        if left:
            listed = added.listed(table, kind, left)
            con.execute("UPDATE added SET rows = ? WHERE seq = ?", (listed, seq))
        else:
            con.execute("DELETE FROM added WHERE seq = ?", (seq,))
    return commands


def _scrub_values(table: str, value: str | None, ids: Sequence[str], scrub: Scrub) -> str | None:
    """Scrub the journal's values of a row of `table`, by the same rules as the row itself."""
    if value is None:
        return None
    row = row_of(value)
    if not row:
        return scrub(value)  # it cannot be read as a row, so it is treated as text
    texts = free_texts(table) if table in KINDS else ("value", "tag", "alias", "link", "profile")
    for column, found in row.items():
        if found in ids:
            row[column] = None
        elif isinstance(found, str) and column in texts:
            row[column] = scrub(found)
    title = KINDS[table].title if table in KEYED else ""
    if "name_key" in row and title in texts and title in row:
        row["name_key"] = text.key(row[title])
    scrubbed = json.dumps(row, ensure_ascii=False)
    return scrubbed if row != row_of(value) else value


def free_texts(kind: str) -> list[str]:
    """Return the columns with free text; not names, and not references."""
    return [
        field.column
        for field in KINDS[kind].fields.values()
        if field.type in (model.TEXT, model.LONG)
        and not (field.fixed or field.many or field.name == "owner")
        and (kind, field.name) not in _OWN_NAMES
    ]
