"""The schema as append-only steps: the first creates it, and later steps only add.

A released step is never edited. `user_version` counts the steps that a file has taken; `opening`
runs the missing ones inside one transaction, after a backup. docs/data-model.md explains the rules
that make two machines possible later: text ids that we make, no UNIQUE beyond the key, no cascades,
columns only appended, `account_id` on everything that belongs to an account.

Steps use sqlite-utils inside our own transaction, and not its migrations, which open a deferred
transaction and keep a table beside `user_version`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from acctcli.bookheader import APPLICATION_ID

Migration = Callable[[sqlite3.Connection], list[str] | None]
"""Changes the schema; may return sentences for the user."""


def _released(number: int) -> Migration:
    def step(con: sqlite3.Connection) -> list[str] | None:
        from acctcli.store.steps import released  # nearly every book has taken them

        return released.STEPS[number - 1](con)

    return step


def _m007(con: sqlite3.Connection) -> list[str] | None:
    from acctcli.store.steps.m007 import m007

    m007(con)
    return None


def _m008(con: sqlite3.Connection) -> list[str] | None:
    from acctcli.store.steps.m008 import m008

    m008(con)
    return None


def _m009(con: sqlite3.Connection) -> list[str] | None:
    from acctcli.store.steps.m009 import m009

    m009(con)
    return None


STEPS: tuple[Migration, ...] = (*map(_released, range(1, 7)), _m007, _m008, _m009)
LATEST = len(STEPS)


def migrate(con: sqlite3.Connection) -> list[str]:
    """Run the missing steps in the caller's write transaction; return sentences for the user."""
    (version,) = con.execute("PRAGMA user_version").fetchone()
    says: list[str] = []
    for step in STEPS[version:]:
        says += step(con) or ()
    if version:
        from acctcli.store import adopting  # a new book has no custom fields to adopt

        says += adopting.adopt(con, version)
    con.execute(f"PRAGMA user_version = {LATEST}")
    con.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return says
