"""The full-text index: what of a record is searchable, how it is kept fresh and asked.

The index is local and can be rebuilt at any time from the records. It is
refreshed for whole records at the end of a transaction, whatever changed them:
a command, an import or an undo.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from acctcli import text
from acctcli.frozen import Frozen

# (title, body, account) of each searchable kind, over the table aliased t.
_TEXTS = {
    "account": (
        "t.name",
        "concat(t.number, t.industry, t.website, t.city, t.country, t.description, "
        "(SELECT group_concat(tag, ' ') FROM tag WHERE account_id = t.id))",
        "t.id",
    ),
    "contact": (
        "t.name",
        "concat(t.title, t.department, t.linkedin, t.notes, "
        "(SELECT group_concat(address, ' ') FROM email WHERE contact_id = t.id), "
        "(SELECT group_concat(number, ' ') FROM phone WHERE contact_id = t.id))",
        "t.account_id",
    ),
    "log": ("t.summary", "concat(t.body, t.outcome)", "t.account_id"),
    "task": ("t.text", "''", "t.account_id"),
    "deal": (
        "t.title",
        "concat(t.competitor, t.lost_reason, t.source, t.owner)",
        "t.account_id",
    ),
    "product": ("t.name", "concat(t.family)", "NULL"),
    "review": (
        "concat(t.summary)",
        "concat(t.strengths, t.risks, t.opportunities)",
        "t.account_id",
    ),
}


class Hit(Frozen):
    """One record that was found, with the words around the match."""

    kind: str
    id: str
    account_id: str | None
    title: str
    excerpt: str


def _concat(*parts: object) -> str:
    return " ".join(str(p) for p in parts if p is not None)


def refresh(con: sqlite3.Connection, touched: Mapping[str, str]) -> None:
    """Index the records anew (id → kind); those that are gone leave the index."""
    by_kind: dict[str, list[tuple[str]]] = {}
    for id, kind in touched.items():
        if kind in _TEXTS:
            by_kind.setdefault(kind, []).append((id,))
    if not by_kind:
        return
    con.create_function("concat", -1, _concat, deterministic=True)
    con.execute("CREATE TEMP TABLE IF NOT EXISTS touched (id TEXT PRIMARY KEY)")
    for kind, ids in by_kind.items():
        con.execute("DELETE FROM touched")
        con.executemany("INSERT INTO touched VALUES (?)", ids)
        gone = "SELECT doc FROM search_doc WHERE record_id IN (SELECT id FROM touched)"
        con.execute(f"DELETE FROM search WHERE rowid IN ({gone})")
        con.execute("DELETE FROM search_doc WHERE record_id IN (SELECT id FROM touched)")
        _add(con, kind, "WHERE t.id IN (SELECT id FROM touched)")


def _add(con: sqlite3.Connection, kind: str, condition: str) -> None:
    title, body, account = _TEXTS[kind]
    (last,) = con.execute("SELECT coalesce(max(doc), 0) FROM search_doc").fetchone()
    con.execute(
        "INSERT INTO search_doc (kind, record_id, account_id) "
        f'SELECT ?, t.id, {account} FROM "{kind}" t {condition}',
        (kind,),
    )
    con.execute(
        f"INSERT INTO search (rowid, title, body) SELECT d.doc, {title}, {body} "
        f'FROM search_doc d JOIN "{kind}" t ON t.id = d.record_id WHERE d.doc > ?',
        (last,),
    )


def rebuild(con: sqlite3.Connection) -> None:
    """Make the whole index again from the records."""
    con.create_function("concat", -1, _concat, deterministic=True)
    con.execute("DELETE FROM search")
    con.execute("DELETE FROM search_doc")
    for kind in _TEXTS:
        _add(con, kind, "")


def disagreeing(con: sqlite3.Connection) -> int:
    """How many records the index has not, has twice, or has with other words than theirs."""
    con.create_function("concat", -1, _concat, deterministic=True)
    wrong = 0
    for kind, (title, body, account) in _TEXTS.items():
        (missing,) = con.execute(
            f'SELECT count(*) FROM "{kind}" t WHERE 1 <> (SELECT count(*) FROM search_doc d '
            f"JOIN search s ON s.rowid = d.doc WHERE d.record_id = t.id AND d.kind = '{kind}' "
            f"AND d.account_id IS {account} AND s.title IS {title} AND s.body IS {body})"
        ).fetchone()
        (gone,) = con.execute(
            f"SELECT count(*) FROM search_doc d WHERE d.kind = '{kind}' "
            f'AND NOT EXISTS (SELECT 1 FROM "{kind}" WHERE id = d.record_id)'
        ).fetchone()
        wrong += missing + gone
    (loose,) = con.execute(
        "SELECT count(*) FROM search WHERE rowid NOT IN (SELECT doc FROM search_doc)"
    ).fetchone()
    return int(wrong + loose)


def find(
    con: sqlite3.Connection,
    typed: str,
    *,
    kind: str | None = None,
    account_id: str | None = None,
    limit: int = 50,
) -> list[Hit]:
    """Records in which every word of `typed` begins some word, best match first.

    Punctuation is part of what is looked for (`c++`, `AT&T`, `100%`) and is
    never read as a query language.
    """
    words = typed.split()
    wordlike = [w for w in words if any(c.isalnum() for c in w)]
    conditions, values = ["1"], []
    if wordlike:
        conditions.append("search MATCH ?")
        values.append(" ".join('"' + w.replace('"', '""') + '"*' for w in wordlike))
    if kind:
        conditions.append("d.kind = ?")
        values.append(kind)
    if account_id:
        conditions.append("d.account_id = ?")
        values.append(account_id)
    # The index keeps letters and digits only: words with other signs are checked on the text.
    exact = [text.key(w) for w in words if not w.isalnum()]
    order = "bm25(search, 4.0, 1.0), d.doc DESC" if wordlike else "d.doc DESC"
    cursor = con.execute(
        "SELECT d.kind, d.record_id, d.account_id, search.title, "
        + ("snippet(search, -1, '', '', '…', 12)" if wordlike else "substr(search.body, 1, 80)")
        + ", search.body FROM search JOIN search_doc d ON d.doc = search.rowid "
        f"WHERE {' AND '.join(conditions)} ORDER BY {order}",
        values,
    )
    hits = []
    for found_kind, id, account, title, excerpt, body in cursor:
        if exact:
            whole = text.key(f"{title} {body}")
            if not all(word in whole for word in exact):
                continue
        hits.append(Hit(found_kind, id, account, title, excerpt))
        if len(hits) == limit:
            break
    return hits
