"""Interactions: logging one, with the promises made in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from acctcli.book import reading, writing
from acctcli.book.context import Context
from acctcli.book.writing import Read
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row
from acctcli.store import people, queries
from acctcli.values.fields import as_json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.log import LogPage
    from acctcli.shapes.records import WholeLogJson
    from acctcli.store.journal import Writing

FIELDS = KINDS["log"].fields

ADDRESSING = ("call", "email", "meeting", "demo", "proposal", "social")
"""Kinds of interactions in which we contact people, unless it came in."""


class Logged(Frozen):
    """A logged interaction: its row, and the ids of the tasks made with it.

    `not_to_contact` are the names of people who were contacted although they asked not to be.
    """

    row: Row
    tasks: Sequence[str]
    not_to_contact: Sequence[str]


def add(tx: Writing, account_id: str, read: Read, promises: Sequence[Read]) -> Logged:
    """Log one interaction with an account, and the promises made in it.

    `read` is not changed: the same interaction can be logged with several accounts.
    """
    own = Read(dict(read.values), read.custom)
    own.values["account"] = account_id
    row = queries.get(tx.con, "log", FIELDS, writing.insert(tx, "log", own))
    tasks = [_add_promise(tx, promise, row) for promise in promises]
    not_to_contact: Sequence[str] = ()
    if row["kind"] in ADDRESSING and row["direction"] != "in":
        not_to_contact = people.not_to_contact(tx.con, own.values.get("contacts") or ())
    return Logged(row, tasks, not_to_contact)


def _add_promise(tx: Writing, promise: Read, log: Row) -> str:
    made = {"account": log["account_id"], "deal": log["deal_id"], "log": log["id"]}
    made["contact"] = next(iter(log["contact_ids"]), None)
    due = "--due" if promise.values["owed_by"] == "us" else "--they-due"
    along = {"due": due, "contact": "--with", "deal": "--deal"}
    return writing.insert(tx, "task", Read({**promise.values, **made}, {}), options=along)


def page(context: Context, con: sqlite3.Connection, id: str) -> LogPage:
    """Return an interaction with the promises made in it."""
    fields = context.fields("log")
    row = queries.get(con, "log", fields, id, as_stored=True)
    return {
        **cast("WholeLogJson", as_json(fields, row)),
        "tasks": reading.whole(context, con, "task", queries.by_id("log_id", id)),
    }
