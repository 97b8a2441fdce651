"""Names for completion: one small query on a book that is only read.

Opened read-only and without the checks and waits of a real command, because the shell is waiting
after TAB. If anything is wrong with the book, there are no suggestions.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from acctcli import text
from acctcli.errors import AcctError
from acctcli.model import KINDS, MOMENT, TEXT, Field
from acctcli.store import lookup
from acctcli.store.columns import expression
from acctcli.store.kinds import KEYED, still_to_do

Offer = tuple[str, str]
"""A suggestion, and the text that distinguishes it from others."""

_LIMIT = 100  # more than a person reads
_WAIT_SECONDS = 0.2


def starting(
    book: Path, kind: str, typed: str, near: Sequence[tuple[str, str]] = ()
) -> list[Offer]:
    """Return records whose name, else a word of it, starts with what is typed; only open tasks.

    Accounts are also found by number; kinds without names by the short ids of the newest. `near`
    are records, by kind and as typed, whose accounts have the records that are meant: if any of
    those starts so, only they are returned.
    """
    if not KINDS[kind].beside:
        return []
    con = _open(book)
    if con is None:
        return []
    try:
        accounts = _accounts(con, near) if near and kind != "account" else ()
        by = _named if kind in KEYED else _newest
        found = (by(con, kind, typed, accounts) if accounts else []) or by(con, kind, typed)
    except sqlite3.Error:
        return []
    finally:
        con.close()
    # A name that could move the cursor must not be inserted: such a record has its id.
    return [(name, text.safe(beside or "")) for name, beside in found if text.safe(name) == name]


def _accounts(con: sqlite3.Connection, near: Sequence[tuple[str, str]]) -> list[str]:
    """Return the ids of the accounts that records belong to, or are, as far as they are found."""
    found = []
    for kind, typed in near:
        try:
            account = lookup.find(con, kind, typed, suggest=False).account_id
        except AcctError:
            continue
        found += [account] if account else []
    return found


def _at(kind: str, accounts: Sequence[str]) -> str:
    """Return the SQL condition on records of these accounts; people may be linked to them."""
    if not accounts or "account" not in KINDS[kind].fields:
        return ""
    ids = ", ".join(f"'{id}'" for id in accounts)
    linked = f"SELECT contact_id FROM affiliation WHERE to_on IS NULL AND account_id IN ({ids})"
    also = f" OR t.id IN ({linked})" if kind == "contact" else ""
    return f" AND (t.account_id IN ({ids}){also})"


def _named(
    con: sqlite3.Connection, kind: str, typed: str, accounts: Sequence[str] = ()
) -> list[Offer]:
    title, key, beside = KINDS[kind].title, text.key(typed), _beside(kind)
    sought = [
        (title, beside, "t.name_key >= :key AND t.name_key < :key || char(1114111)", key),
        (title, beside, "instr(t.name_key, :key)", key),
    ]
    if kind == "account" and re.fullmatch("[A-Za-z]+-[0-9]*", typed):
        # Names may start like a number: Kan-code.
        number = "substr(t.number, 1, length(:key)) = :key"
        sought.insert(0, ("number", "t.name", number, typed.upper()))
    for title, beside, condition, key in sought:
        rows = con.execute(
            f'SELECT t."{title}", {beside}, t.name_key FROM "{kind}" t '
            f"WHERE ({condition}){still_to_do(kind)}{_at(kind, accounts)} ORDER BY t.name_key",
            {"key": key},
        )
        named = ((name, said) for name, said, whole in rows if _fits(whole, key, title))
        found = list(islice(named, _LIMIT))
        if found:
            return found
    return []


def _beside(kind: str) -> str:
    """Return the SQL of the text beside a record's name; without a name, of what it is."""
    said = ""
    for name in KINDS[kind].beside:
        field = KINDS[kind].fields[name]
        value = expression(kind, field)
        if field.type == MOMENT:
            value = f"substr({value}, 1, 10)"
        between = "': '" if field.type == TEXT else "' '"
        said = f"{said} || {between} || {value}" if said else value
    return said


def _fits(name_key: str, key: str, title: str) -> bool:
    """Whether a lookup by what is typed would find the name."""
    return title == "number" or text.begins_word(name_key, key)


def _newest(
    con: sqlite3.Connection, kind: str, typed: str, accounts: Sequence[str] = ()
) -> list[Offer]:
    found = con.execute(
        f'SELECT t.id, {_beside(kind)} FROM "{kind}" t WHERE t.id LIKE ?{_at(kind, accounts)} '
        f"ORDER BY t.{KINDS[kind].order.partition(',')[0].removeprefix('-')} DESC LIMIT {_LIMIT}",
        (f"%{typed.lower()}%",),
    ).fetchall()
    short = lookup.short_ids(con, kind, [id for id, _ in found])
    return [(short[id], beside) for id, beside in found if short[id].startswith(typed.lower())]


def used(book: Path, table: str, column: str, typed: str) -> list[str]:
    """Return the values of a column that start with what is typed."""
    con = _open(book)
    if con is None:
        return []
    try:
        rows = con.execute(f'SELECT DISTINCT "{column}" FROM "{table}" ORDER BY 1').fetchall()
    except sqlite3.Error:
        return []
    finally:
        con.close()
    key = text.key(typed)
    return [value for (value,) in rows if value and _offered(value, key)][:_LIMIT]


def commands(book: Path, typed: str) -> list[Offer]:
    """Return the numbers of the newest commands that can be undone, with what they did."""
    con = _open(book)
    if con is None:
        return []
    try:
        found = con.execute(
            "SELECT seq, says FROM command k WHERE undoes IS NULL AND undone_by IS NULL "
            "AND origin IS NULL AND substr(CAST(seq AS TEXT), 1, length(:typed)) = :typed "
            "AND (EXISTS (SELECT 1 FROM change WHERE command = k.seq) "
            "OR EXISTS (SELECT 1 FROM added WHERE command = k.seq)) "
            f"ORDER BY seq DESC LIMIT {_LIMIT}",
            {"typed": typed},
        ).fetchall()
    except sqlite3.Error:
        return []
    finally:
        con.close()
    return [(str(seq), text.clip(text.safe(says), 60)) for seq, says in found]


def conflicts(book: Path, typed: str) -> list[Offer]:
    """Return the short ids of unread conflicts that start with what is typed, newest first."""
    con = _open(book)
    if con is None:
        return []
    from acctcli.store.sync import overview

    try:
        found = list(overview.offers(con))
    except sqlite3.Error:
        return []
    finally:
        con.close()
    return [(id, text.safe(about)) for id, about in found if id.startswith(typed.lower())][:_LIMIT]


def segments(book: Path, kind: str, typed: str) -> list[Offer]:
    """Return the saved lists of a kind whose names start with what is typed, with their filters."""
    con = _open(book)
    if con is None:
        return []
    try:
        sql = "SELECT name, filters FROM segment WHERE kind = ? ORDER BY name_key"
        found = con.execute(sql, (kind,)).fetchall()
    except sqlite3.Error:
        return []
    finally:
        con.close()
    key = text.key(typed)
    return [(name, text.safe(filters)) for name, filters in found if _offered(name, key)]


def items(book: Path, kind: str, field: Field, named: Sequence[str], typed: str) -> list[str]:
    """Return the items of some records' lists that start with what is typed, references by name."""
    con = _open(book)
    if con is None or not field.rows:
        return []
    table, column = field.rows
    shown = f't."{column}"'
    if field.target:
        title = KINDS[field.target].title
        shown = f'(SELECT "{title}" FROM "{field.target}" WHERE id = {shown})'
    sql = f'SELECT {shown} FROM "{table}" t WHERE {kind}_id = ? ORDER BY position, id'
    try:
        ids = [lookup.find(con, kind, name).id for name in named]
        held = [value for id in ids for (value,) in con.execute(sql, (id,))]
    except (sqlite3.Error, AcctError):
        return []
    finally:
        con.close()
    key = text.key(typed)
    return [one for one in dict.fromkeys(held) if _offered(one, key)]


def _offered(value: str, key: str) -> bool:
    return text.key(value).startswith(key) and text.safe(value) == value


def _open(book: Path) -> sqlite3.Connection | None:
    try:
        if not book.is_file():
            return None
        uri = f"{book.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS)
    except (OSError, sqlite3.Error):
        return None
