"""The accounts that the words of a search name.

The search index has the text of each record once, without the name of its account: names change,
and an account may have ten thousand records. So the names are searched separately, and records are
found by their account.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterator, Sequence

from acctcli import text
from acctcli.model import BY_ALIAS, KINDS, LISTS
from acctcli.store.kinds import NAMED


class NamedAccounts:
    """Accounts by the keys of their names, and some by their ids."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ids: list[str] = []


def ways(con: sqlite3.Connection, words: Sequence[str]) -> dict[tuple[str, ...], NamedAccounts]:
    """Return the accounts with some of the words in name or alias, or as number, by the others.

    `{("jane",): …}` are the accounts that have every word but `jane`. The index of names is read
    once for all words; the ids behind a name that a thousand accounts share a word with are left to
    `ids_of`, because most searches do not need them.
    """
    keys = [(word, text.key(word)) for word in words]
    found: dict[tuple[str, ...], NamedAccounts] = {}

    def left(name: str) -> tuple[str, ...]:
        # Names that share a word are many, and asking where it stands takes longest.
        return tuple(
            [w for w, key in keys if not key or key not in name or not text.begins_word(name, key)]
        )

    sought = [key for _, key in keys if key]
    if sought:
        tests = " OR ".join(["instr(name_key, ?)"] * len(sought))
        for (name,) in con.execute(f"SELECT name_key FROM account WHERE {tests}", sought):
            others = left(name)
            if others not in found:
                found[others] = NamedAccounts()
            found[others].names.append(name)
    for id, name, own in _called(con, keys):
        others = tuple(word for word in left(name) if word not in own)
        found.setdefault(others, NamedAccounts()).ids.append(id)
    found.pop(tuple(words), None)
    return found


def _called(
    con: sqlite3.Connection, keys: Sequence[tuple[str, str]]
) -> list[tuple[str, str, set[str]]]:
    """Return id and key of accounts with words in an alias, or as number, and these words."""
    found: dict[str, set[str]] = {}
    for id, alias in con.execute("SELECT account_id, alias FROM account_alias"):
        name = text.key(alias)
        for word, key in keys:
            if key and text.begins_word(name, key):
                found.setdefault(id, set()).add(word)
    for word, _ in keys:
        for (id,) in con.execute("SELECT id FROM account WHERE number = ?", (word.upper(),)):
            found.setdefault(id, set()).add(word)
    known = con.execute(
        "SELECT id, coalesce(name_key, '') FROM account "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(found)),),
    )
    return [(id, name, found[id]) for id, name in known]


def ids_of(con: sqlite3.Connection, accounts: NamedAccounts, called: Container[str]) -> list[str]:
    """Return the ids of accounts; of those with one of the names only the ones not `called` so."""
    named = con.execute(
        "SELECT id FROM account WHERE name_key IN (SELECT value FROM json_each(?))",
        (json.dumps(accounts.names),),
    )
    return [*(id for (id,) in named if id not in called), *accounts.ids]


def names(con: sqlite3.Connection) -> Iterator[str]:
    """Yield every name in the book: of accounts, people, deals and products, with aliases."""
    for kind in NAMED:
        for (name,) in con.execute(f'SELECT "{KINDS[kind].title}" FROM "{kind}"'):
            yield name or ""
    for table, (_, field) in LISTS.items():
        if field.finds == BY_ALIAS and field.rows:
            for (name,) in con.execute(f'SELECT "{field.rows[1]}" FROM "{table}"'):
                yield name or ""
