"""What the judgement of the book itself reads: who may be there twice, what is missing or wrong.

One query for each kind of fact, over the whole book. Rows come as tuples in the
order of the fields of the same fact in `domain`; what they mean is judged there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from acctcli.store.merge import pointing_to

Facts = list[tuple[Any, ...]]


def companies(con: sqlite3.Connection) -> Facts:
    """Every account that is not archived, with the domains that its people write from."""
    domains: dict[str, set[str]] = {}
    for account_id, domain in con.execute(
        "SELECT DISTINCT c.account_id, substr(e.address, instr(e.address, '@') + 1) "
        "FROM email e JOIN contact c ON c.id = e.contact_id WHERE c.account_id IS NOT NULL"
    ):
        domains.setdefault(account_id, set()).add(domain)
    rows = con.execute(
        "SELECT id, name, website, phone, country, parent_id FROM account "
        "WHERE archived_at IS NULL ORDER BY id"
    )
    return [(*row, domains.get(row[0], ())) for row in rows]


def people(con: sqlite3.Connection) -> Facts:
    """Every contact, with their addresses."""
    emails = _listed(con, "SELECT contact_id, address FROM email")
    phones = _listed(con, "SELECT contact_id, number FROM phone")
    rows = con.execute("SELECT id, name, account_id, linkedin FROM contact ORDER BY id")
    return [(*row, emails.get(row[0], ()), phones.get(row[0], ())) for row in rows]


def _listed(con: sqlite3.Connection, sql: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id, item in con.execute(sql):
        found.setdefault(id, []).append(item)
    return found


def richness(con: sqlite3.Connection, kind: str, ids: Iterable[str]) -> dict[str, int]:
    """How many rows of the book point to each of these records of a kind."""
    wanted = json.dumps(sorted(set(ids)))
    counts = dict.fromkeys(json.loads(wanted), 0)
    for table, column in pointing_to(con, kind):
        for id, count in con.execute(
            f'SELECT "{column}", count(*) FROM "{table}" '
            f'WHERE "{column}" IN (SELECT value FROM json_each(?)) GROUP BY 1',
            (wanted,),
        ):
            counts[id] += count
    return counts
