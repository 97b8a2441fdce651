"""A book made directly through the store, for tests that need records and no commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from tests import books

from acctcli.config import Config
from acctcli.store import journal, opening, records
from acctcli.store.journal import Writing
from acctcli.values.dates import Clock
from acctcli.values.fields import Reading

CLOCK = Clock(date(2026, 11, 22), datetime(2026, 11, 22, 12, tzinfo=UTC))
READING = Reading(CLOCK, Config())

# The required values of a record, besides what a test is about.
_NEEDED: dict[str, dict[str, Any]] = {
    "deal": {"stage": "proposal", "opened_on": "2026-11-01"},
    "log": {"kind": "call", "at": "2026-11-20T09:00:00Z", "summary": "Talked"},
    "purchase": {"amount": 100, "currency": "SGD", "purchased_on": "2026-10-01"},
    "review": {"held_on": "2026-10-12"},
    "quote": {"number": "Q-2026-0001", "title": "Offer", "currency": "SGD"},
    "quote_line": {"text": "Support", "unit_price": 100, "currency": "SGD"},
}


@contextmanager
def writing(book: Path) -> Iterator[Writing]:
    """Open a transaction on the book, which is created if it is missing."""
    with (
        mock.patch.object(opening, "create_private", books.create),
        journal.writing(
            book,
            now="2026-11-22T12:00:00Z",
            today="2026-11-22",
            who="Kim",
            typed="acct test",
            create=True,
            notice=lambda message: None,
        ) as tx,
    ):
        yield tx


def add(tx: Writing, kind: str, /, *, custom: dict[str, Any] | None = None, **values: Any) -> str:
    """Add a record; return its id."""
    return records.insert(tx, kind, {**_NEEDED.get(kind, {}), **values}, custom or {})


@contextmanager
def bare_writing(path: Path, notices: list[str] | None = None) -> Iterator[Writing]:
    """Open a transaction on an existing book, without rules; collects notices."""
    tell = (notices if notices is not None else []).append
    moment = "2026-11-22T09:00:00Z"
    with journal.writing(
        path, now=moment, today="2026-11-22", who="kim", typed="acct", notice=tell
    ) as tx:
        yield tx


def product_row(number: int) -> dict[str, object]:
    """Return a row that is quick to make: its account is not checked before the commit."""
    made = dict.fromkeys(("created_at", "updated_at", "updated_by"), "2026-11-22T09:00:00Z")
    return {"id": f"p{number}", "name": "n", "name_key": "n", "active": 1, **made}


@contextmanager
def command(
    path: Path, now: str = "2026-11-22T09:00:00Z", says: str = "Did it."
) -> Iterator[Writing]:
    """Open a transaction of a command that says something, without rules."""
    with journal.writing(
        path, now=now, today=now[:10], who="kim", typed="acct …", notice=print
    ) as tx:
        yield tx
        tx.says = tx.says or says


def account(tx: Writing, name: str = "GreenTech Ltd", **values: Any) -> str:
    """Add an account, with what an account needs where no rules complete it; return its id."""
    given = {"name": name, "kind": "company", "status": "lead", **values}
    return records.insert(tx, "account", given)
