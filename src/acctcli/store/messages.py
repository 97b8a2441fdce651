"""Which messages of imported mail are in the book, by their Message-ID.

A message to people of two accounts is an interaction of each, so the foreign id of an interaction
is the Message-ID with the account for which it was made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from acctcli.frozen import FrozenRow

KEY = "Message-ID"
"""The column of foreign ids under which messages are kept."""


class KeptMessage(FrozenRow):
    """An interaction that was made from a message.

    `made_for` is the account that it was made for, and `account_id` the one that has it now.
    """

    made_for: str
    account_id: str
    deal_id: str | None


def foreign_id(message_id: str, account_id: str) -> str:
    """Return the foreign id of the interaction of an account that a message becomes."""
    return f"{message_id} {account_id}"


def kept(con: sqlite3.Connection) -> Mapping[str, Sequence[KeptMessage]]:
    """Return the interactions that were made from messages, by Message-ID."""
    found: dict[str, list[KeptMessage]] = {}
    for value, account_id, deal_id in con.execute(
        "SELECT e.value, l.account_id, l.deal_id FROM external_id e JOIN log l "
        "ON l.id = e.record_id WHERE e.kind = 'log' AND e.key = ?",
        (KEY.lower(),),
    ):
        message_id, _, made_for = value.rpartition(" ")
        found.setdefault(message_id, []).append(KeptMessage(made_for, account_id, deal_id))
    return found


def deleted(con: sqlite3.Connection) -> frozenset[str]:
    """Return the foreign ids of interactions that somebody deleted here, and has not restored."""
    return frozenset(
        value
        for (value,) in con.execute(
            "SELECT g.before ->> '$.value' FROM change g JOIN command m ON m.seq = g.command "
            "WHERE g.tbl = 'external_id' AND g.op = 'delete' AND m.undoes IS NULL "
            "AND m.undone_by IS NULL AND json_valid(g.before) "
            "AND g.before ->> '$.kind' = 'log' AND g.before ->> '$.key' = ?",
            (KEY.lower(),),
        )
        if value
    )
