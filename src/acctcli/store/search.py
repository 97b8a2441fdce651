"""The full-text index: what it holds of a record, how it is updated and searched.

The index is local and can be rebuilt from the records at any time. It is updated with whole records
at the end of a transaction, whether a command, an import or an undo changed them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from unicodedata import combining, normalize

from acctcli import text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LISTS, REF
from acctcli.store import excerpts, kinds, whose

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


def _of_accounts() -> str:
    """A query for the ids of all searchable records of accounts, given as JSON for each kind."""
    return " UNION ALL ".join(
        f'SELECT t.id FROM "{kind}" t WHERE {_account(kind)} IN (SELECT value FROM json_each(?))'
        for kind in SEARCHED
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

    Words of an account's name count for all its records, if some other word is their own:
    `jane acme` finds Jane at Acme. A hit in a name goes before one in any other text.
    Punctuation is part of what is looked for (`c++`, `AT&T`, `100%`) and is
    never read as a query language. What is written without spaces, as Chinese
    and Thai are, is found inside other text as well. Raises `UsageError` for more
    than a line of words: nobody types that, and each word is a search of its own.
    """
    words = words_of(typed)
    docs = list(islice(_docs(con, words, kind, account_id, limit), limit))
    # Only the texts of hits that are shown: a note may have a megabyte.
    listed = json.dumps(docs)
    texts = {doc: rest for doc, *rest in con.execute(_TEXTS_OF, (listed,))}
    accounts = _accounts_of(con, [(kind, id) for kind, id, _, _ in texts.values()])
    begun = _begun(words)
    hits: list[Hit] = []
    for doc in docs:
        found_kind, id, title, body = texts[doc]
        excerpt = excerpts.around(begun, (title, body)) if begun else body[:80]
        hits.append(Hit(found_kind, id, accounts.get(id), title, excerpt))
    return hits


def words_of(typed: str) -> list[str]:
    """Return the words of a search, each once. Raises `UsageError` for more than a line."""
    if len(typed) > text.MAX_LINE:
        raise UsageError(
            f"the search has {len(typed):,} characters. Use {text.MAX_LINE} at most: "
            "a few words that stand together in the record are enough"
        )
    return list(dict.fromkeys(typed.split()))


def count(
    con: sqlite3.Connection,
    words: Sequence[str],
    *,
    kind: str | None = None,
    account_id: str | None = None,
) -> int:
    """Return how many records a search for these words finds, without a limit."""
    return sum(1 for _ in _docs(con, words, kind, account_id, -1))


_TEXTS_OF = (
    "SELECT d.doc, d.kind, d.record_id, s.title, s.body FROM search_doc d "
    "JOIN search s ON s.rowid = d.doc WHERE d.doc IN (SELECT value FROM json_each(?))"
)

_NAMED = ", ".join(map(repr, kinds.NAMED))

_MOST_WAYS = 20
"""How many ways to split the words of a search between account and record are tried."""


_FEW = 50
"""Words in the names of more accounts than this only find those accounts' records if needed."""


class _Part(Frozen):
    """Words in the records themselves, all or `any_word`; only records of `accounts`."""

    words: Sequence[str]
    accounts: Sequence[str] | None = None
    any_word: bool = False


def _docs(
    con: sqlite3.Connection,
    words: Sequence[str],
    kind: str | None,
    account_id: str | None,
    limit: int,
) -> Iterator[int]:
    """Yield the documents that match, each once, best first; at most `limit` per part."""
    scope = None if account_id is None else [account_id]
    whole = _Part(words, scope)
    found = _ranked(con, whole, kind, limit)
    ranked = [(-named, score, -doc, whole) for doc, named, score in found]
    full = len(found) == limit
    for own, accounts, called in _ways(con, words, scope) if len(words) > 1 else ():
        if full and len(accounts.names) - len(called) > _FEW:
            continue  # a word in this many names says little about a record's account
        ids = whose.ids_of(con, accounts, called)
        if scope is not None:
            ids = [id for id in ids if id in scope]
        if not ids or (full and len(ids) > _FEW):
            continue
        # For an account with all these words in its name, its own words are enough in a record.
        part = _Part(own or words, ids, any_word=not own)
        found = _ranked(con, part, kind, limit)
        ranked += [(-named, score, -doc, part) for doc, named, score in found]
        full = full or len(found) == limit
    ranked.sort(key=lambda one: one[:3])
    seen = set[int]()
    for _, _, negative, part in ranked:
        doc = -negative
        if doc in seen or not _stands_there(con, part, doc):
            continue
        seen.add(doc)
        yield doc


def _stands_there(con: sqlite3.Connection, part: _Part, doc: int) -> bool:
    """Whether a document has the words with all their signs: the index has letters and digits."""
    begun = _begun(part.words)
    exact = [text.key(word) for word in begun if not word.isalnum()]
    if not exact:
        return True
    _, _, _, title, body = con.execute(_TEXTS_OF, (json.dumps([doc]),)).fetchone()
    whole = text.key(f"{title} {body}")
    if part.any_word:
        return any(text.key(word) in whole for word in begun)
    return all(word in whole for word in exact)


def _ways(
    con: sqlite3.Connection, words: Sequence[str], scope: Sequence[str] | None
) -> list[tuple[tuple[str, ...], whose.NamedAccounts, set[str]]]:
    """Return each way to have some words in the account's name: the others, and those accounts.

    Also the ids of all accounts that have one as alias or number, which their name does not tell.
    """
    ways = whose.ways(con, words)
    called = {id for accounts in ways.values() for id in accounts.ids}
    tried = sorted(ways, key=len)[: _MOST_WAYS if scope is None else None]
    return [(own, ways[own], called) for own in tried]


def _ranked(
    con: sqlite3.Connection, part: _Part, kind: str | None, limit: int
) -> list[tuple[int, int, float]]:
    """Return documents with the rank of their title and how well they match.

    The name of an account has 2, that of a person, deal or product 1, any other text 0. Better
    matches have a lower figure.
    """
    begun = _begun(part.words)
    tests, values = _of_words(part, begun)
    # Another program may have written an unknown kind: `db check` rebuilds the index. Most records
    # of a large book are interactions.
    tests.append(f"(d.kind = 'log' OR d.kind IN ({', '.join(map(repr, SEARCHED))}))")
    if kind:
        tests.append("d.kind = ?")
        values.append(kind)
    if part.accounts is not None:
        tests.append(f"d.record_id IN ({_of_accounts()})")
        values += [json.dumps(part.accounts)] * len(SEARCHED)
    name, score = "0", "0"
    if begun:
        # An account of that name comes before a deal or person that has the word too.
        name = (
            f"CASE WHEN d.kind <> 'log' AND d.kind IN ({_NAMED}) "
            "THEN (bm25(search, 1.0, 0.0) < 0) * (1 + (d.kind = 'account')) ELSE 0 END"
        )
        score = "bm25(search, 4.0, 1.0)"
    exact = any(not word.isalnum() for word in begun)
    return con.execute(
        f"SELECT d.doc, {name} AS named, {score} AS score "
        "FROM search JOIN search_doc d ON d.doc = search.rowid "
        f"WHERE {' AND '.join(tests)} ORDER BY named DESC, score, d.doc DESC LIMIT ?",
        [*values, -1 if exact else limit],
    ).fetchall()


def _of_words(part: _Part, begun: Sequence[str]) -> tuple[list[str], list[Any]]:
    """Return the SQL conditions for words in the text; `begun` are those in the index."""
    match = (" OR " if part.any_word else " AND ").join(map(_begins_a_word, begun))
    tests, values = (["search MATCH ?"], list[Any]([match])) if begun else ([], [])
    if begun and part.any_word:
        return tests, values  # combined with other tests, MATCH could not use the index
    others = [word for word in part.words if word not in begun]
    tests += ["instr(search.title || ' ' || search.body, ?)"] * len(others)
    values += [normalize("NFC", word) for word in others]
    return [f"({' OR '.join(tests)})"] if part.any_word else tests, values


def _begun(words: Sequence[str]) -> list[str]:
    """Return the words that the index can find: those at the start of a word in some text."""
    return [w for w in words if any(map(str.isalnum, w)) and not any(map(_joins_on, w))]


def _accounts_of(
    con: sqlite3.Connection, records: Iterable[tuple[str, str]]
) -> dict[str, str | None]:
    """Return the account of each record, given as kind and id, by the record's id."""
    by_kind: dict[str, list[str]] = {}
    for kind, id in records:
        by_kind.setdefault(kind, []).append(id)
    found: dict[str, str | None] = {}
    for kind, ids in by_kind.items():
        found |= con.execute(
            f'SELECT t.id, {_account(kind)} FROM "{kind}" t '
            "WHERE t.id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
    return found


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
