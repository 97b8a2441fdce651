"""The full-text index: what it holds of a record, how it is updated and searched.

The index is local and can be rebuilt from the records at any time. It is updated with whole records
at the end of a transaction, whether a command, an import or an undo changed them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from unicodedata import combining, normalize

from acctcli import text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, REF
from acctcli.store import excerpts, kinds

SEARCHED = tuple(name for name, kind in KINDS.items() if kind.searched)
"""The kinds in the index."""

# Of custom fields, only texts: numbers, days and flags are filtered, not searched.
_CUSTOM = (
    "(SELECT group_concat(value, ' ') FROM custom "
    "WHERE record_id = t.id AND value GLOB '*[^0-9.-]*')"
)


_TAIL = "substr(record_id, -8)"
"""The SQL that finds documents: the last digits of an id are random and nearly always unique.

Whole ids would take three times as much space in the index.
"""


class Hit(Frozen):
    """A record that was found, with the words around the match."""

    kind: str
    id: str
    account_id: str | None
    title: str
    excerpt: str


def _title(kind: str) -> str:
    return f"coalesce(t.\"{KINDS[kind].searched[0]}\", '')"


def _account(kind: str) -> str:
    column = kinds.account_of(kind)
    return column if column == "NULL" else f"t.{column}"


def _of_account() -> str:
    """Return a query for the ids of all searchable records of an account, one part per kind."""
    return " UNION ALL ".join(
        f'SELECT t.id FROM "{kind}" t WHERE {_account(kind)} = ?' for kind in SEARCHED
    )


def _body(kind: str) -> str:
    parts = "".join(f't."{name}", ' for name in KINDS[kind].searched[1:])
    lists = "".join(
        f'(SELECT group_concat("{field.rows[1]}", \' \') FROM "{table}" WHERE {kind}_id = t.id), '
        for table, (owner, field) in LISTS.items()
        if owner == kind and field.rows and field.type != REF and not field.fixed
    )
    return f"searchable({_title(kind)}, {parts}{lists}{_CUSTOM})"


def _add_function(con: sqlite3.Connection) -> None:
    con.create_function("searchable", -1, _searchable, deterministic=True)


def _searchable(title: str, *parts: object) -> str:
    """Return the text for the index. Words that SQLite folds differently from us are added twice.

    SQLite removes accents itself, but leaves the `ø` of Søren and full-width letters.
    """
    body = " ".join(str(part) for part in parts if part is not None)
    if title.isascii() and body.isascii():
        return body
    words = dict.fromkeys(f"{title} {body}".split())
    folded = [text.key(word) for word in words if text.key(word) != _without_accents(word)]
    return " ".join((body, *folded)) if folded else body


def _without_accents(word: str) -> str:
    return "".join(char for char in normalize("NFD", word.lower()) if not combining(char))


def refresh(con: sqlite3.Connection, touched: Mapping[str, str]) -> None:
    """Index these records again (id → kind); deleted ones leave the index."""
    by_kind: dict[str, list[tuple[str]]] = {}
    for id, kind in touched.items():
        if kind in SEARCHED:
            by_kind.setdefault(kind, []).append((id,))
    if not by_kind:
        return
    _add_function(con)
    con.execute("CREATE TEMP TABLE IF NOT EXISTS touched (id TEXT PRIMARY KEY)")
    for kind, ids in by_kind.items():
        con.execute("DELETE FROM touched")
        con.executemany("INSERT INTO touched VALUES (?)", ids)
        theirs = (
            f"{_TAIL} IN (SELECT substr(id, -8) FROM touched) "
            "AND record_id IN (SELECT id FROM touched)"
        )
        con.execute(
            f"DELETE FROM search WHERE rowid IN (SELECT doc FROM search_doc WHERE {theirs})"
        )
        con.execute(f"DELETE FROM search_doc WHERE {theirs}")
        _add(con, kind, "WHERE t.id IN (SELECT id FROM touched)")


def _add(con: sqlite3.Connection, kind: str, condition: str) -> None:
    (last,) = con.execute("SELECT coalesce(max(doc), 0) FROM search_doc").fetchone()
    con.execute(
        f'INSERT INTO search_doc (kind, record_id) SELECT ?, t.id FROM "{kind}" t {condition}',
        (kind,),
    )
    con.execute(
        f"INSERT INTO search (rowid, title, body) SELECT d.doc, {_title(kind)}, {_body(kind)} "
        f'FROM search_doc d JOIN "{kind}" t ON t.id = d.record_id WHERE d.doc > ?',
        (last,),
    )


def rebuild(con: sqlite3.Connection) -> None:
    """Rebuild the whole index from the records."""
    _add_function(con)
    con.execute("DELETE FROM search")
    con.execute("DELETE FROM search_doc")
    for kind in SEARCHED:
        _add(con, kind, "")


def disagreeing(con: sqlite3.Connection) -> int:
    """Return how many records are missing from the index, are in it twice, or with other words."""
    _add_function(con)
    wrong = 0
    for kind in SEARCHED:
        title = _title(kind)
        (missing,) = con.execute(
            f'SELECT count(*) FROM "{kind}" t WHERE 1 <> (SELECT count(*) FROM search_doc d '
            f"JOIN search s ON s.rowid = d.doc WHERE {_TAIL} = substr(t.id, -8) "
            f"AND d.record_id = t.id AND d.kind = '{kind}' "
            f"AND s.title IS {title} AND s.body IS {_body(kind)})"
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
    """Return records where every word of `typed` starts some word, best match first.

    Punctuation is part of what is searched (`c++`, `AT&T`, `100%`) and never read as a query
    language. Text without spaces, such as Chinese and Thai, is found inside other text too. Raises
    `UsageError` for more than a line of words, because each word is a search of its own.
    """
    if len(typed) > text.MAX_LINE:
        raise UsageError(
            f"the search has {len(typed):,} characters. Use {text.MAX_LINE} at most: "
            "a few words that stand together in the record are enough"
        )
    words = list(dict.fromkeys(typed.split()))
    begun = [w for w in words if any(map(str.isalnum, w)) and not any(map(_joins_on, w))]
    conditions, values = ["1"], []
    if begun:
        conditions.append("search MATCH ?")
        values.append(" AND ".join(map(_begins_a_word, begun)))
    for word in words:
        if word not in begun:
            conditions.append("instr(search.title || ' ' || search.body, ?)")
            values.append(normalize("NFC", word))
    if kind:
        conditions.append("d.kind = ?")
        values.append(kind)
    if account_id:
        conditions.append(f"d.record_id IN ({_of_account()})")
        values += [account_id] * len(SEARCHED)
    # The index has only letters and digits: words with other signs are checked in the text.
    exact = [text.key(w) for w in begun if not w.isalnum()]
    order = "bm25(search, 4.0, 1.0), d.doc DESC" if begun else "d.doc DESC"
    docs = con.execute(
        "SELECT d.doc FROM search JOIN search_doc d ON d.doc = search.rowid "
        f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
        [*values, -1 if exact else limit],
    )
    hits: list[Hit] = []
    # Only the texts of hits that are shown: a note may have a megabyte.
    for doc in docs.fetchall():
        found_kind, id, title, body = con.execute(
            "SELECT d.kind, d.record_id, s.title, s.body FROM search_doc d "
            "JOIN search s ON s.rowid = d.doc WHERE d.doc = ?",
            doc,
        ).fetchone()
        if found_kind not in SEARCHED:
            continue  # another program wrote it: `db check` rebuilds the index
        if exact:
            whole = text.key(f"{title} {body}")
            if not all(word in whole for word in exact):
                continue
        excerpt = excerpts.around(begun, (title, body)) if begun else body[:80]
        account = _account_of(con, found_kind, id)
        hits.append(Hit(found_kind, id, account, title, excerpt))
        if len(hits) == limit:
            break
    return hits


def _account_of(con: sqlite3.Connection, kind: str, id: str) -> str | None:
    found = con.execute(f'SELECT {_account(kind)} FROM "{kind}" t WHERE t.id = ?', (id,)).fetchone()
    return found[0] if found else None


def _begins_a_word(word: str) -> str:
    """Return the query for a word: as typed, or as names compare."""
    forms = dict.fromkeys(form.replace('"', '""') for form in (word, text.key(word)))
    return "(" + " OR ".join(f'"{form}"*' for form in forms) + ")"


def _joins_on(char: str) -> bool:
    """Whether a character belongs to a script without spaces: Chinese, Japanese, Thai."""
    return (
        "\u0e00" <= char <= "\u0eff"  # Thai, Lao
        or "\u1000" <= char <= "\u109f"  # Burmese
        or "\u1780" <= char <= "\u17ff"  # Khmer
        or "\u3040" <= char <= "\u9fff"  # kana and Chinese characters
        or "\uf900" <= char <= "\ufaff"
        or "\uff66" <= char <= "\uff9d"
        or "\U00020000" <= char <= "\U0003ffff"
    )
