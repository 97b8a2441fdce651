"""The accounts that the words of a search name.

The search index has the text of each record once, without the name of its account: names change,
and an account may have ten thousand records. So the names are searched separately, and records are
found by their account.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from acctcli import text
from acctcli.model import BY_ALIAS, KINDS, LISTS
from acctcli.store.kinds import NAMED


def accounts_named(con: sqlite3.Connection, words: Sequence[str]) -> dict[str, set[str]]:
    """Return by word the ids of accounts with that word in name or alias, or as their number."""
    aliases = [
        (id, text.key(alias))
        for id, alias in con.execute("SELECT account_id, alias FROM account_alias")
    ]
    found = {}
    for word in words:
        key = text.key(word)
        named = con.execute(
            "SELECT id, name_key FROM account WHERE name_key IN (SELECT name_key FROM account "
            "WHERE instr(name_key, ?))",
            (key,),
        )
        called = (*named.fetchall(), *aliases)
        ids = {id for id, name in called if key and text.begins_word(name, key)}
        ids.update(
            id for (id,) in con.execute("SELECT id FROM account WHERE number = ?", (word.upper(),))
        )
        found[word] = ids
    return found


def names(con: sqlite3.Connection) -> Iterator[str]:
    """Yield every name in the book: of accounts, people, deals and products, with aliases."""
    for kind in NAMED:
        for (name,) in con.execute(f'SELECT "{KINDS[kind].title}" FROM "{kind}"'):
            yield name or ""
    for table, (_, field) in LISTS.items():
        if field.finds == BY_ALIAS and field.rows:
            for (name,) in con.execute(f'SELECT "{field.rows[1]}" FROM "{table}"'):
                yield name or ""
