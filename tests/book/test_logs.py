"""Logging an interaction, with the promises made in it."""

from __future__ import annotations

from typing import Any

import pytest

from acctcli.book import logs, reading
from acctcli.book.context import Context
from acctcli.book.writing import Read
from acctcli.store import records

CALL = {"kind": "call", "at": "2026-11-20T10:00:00Z", "summary": "Talked"}


@pytest.fixture
def accounts(context: Context) -> list[str]:
    """Two accounts with a Mei Tan each; the first one asked not to be contacted."""
    ids = []
    with context.write() as tx:
        for name, asked in (("Acme", 1), ("Konex", 0)):
            ids.append(records.insert(tx, "account", {"name": name}, {}))
            person = {"name": "Mei Tan", "account": ids[-1], "do_not_contact": asked}
            records.insert(tx, "contact", person, {})
    return ids


def add(context: Context, account: str, promises: list[Read], **values: Any) -> logs.Logged:
    with context.write() as tx:
        return logs.add(tx, account, Read({**CALL, **values}, {}), promises)


def test_the_same_is_logged_with_several_accounts(context: Context, accounts: list[str]) -> None:
    read = Read({**CALL, "contacts": ("mei",)}, {})
    with context.write() as tx:
        logged = [logs.add(tx, account, read, []) for account in accounts]
    assert read.values == {**CALL, "contacts": ("mei",)}
    assert [one.row["account"] for one in logged] == ["Acme", "Konex"]
    assert logged[0].row["contact_ids"] != logged[1].row["contact_ids"]
    assert [list(one.not_to_contact) for one in logged] == [["Mei Tan"], []]


def test_who_came_to_us_is_not_left_alone(context: Context, accounts: list[str]) -> None:
    assert not add(context, accounts[0], [], contacts=("mei",), direction="in").not_to_contact
    assert not add(context, accounts[0], [], contacts=("mei",), kind="note").not_to_contact


def test_promises_become_tasks_of_the_same_account(context: Context, accounts: list[str]) -> None:
    ours = Read({"text": "Send a quote", "owed_by": "us", "due": "2026-11-27"}, {})
    theirs = Read({"text": "Name their lawyer", "owed_by": "them"}, {})
    logged = add(context, accounts[0], [ours, theirs], contacts=("mei",))
    with context.read() as con:
        tasks = {task["id"]: task for task in reading.whole(context, con, "task")}
    assert [tasks[id]["text"] for id in logged.tasks] == ["Send a quote", "Name their lawyer"]
    assert {task["log_id"] for task in tasks.values()} == {logged.row["id"]}
    assert {task["contact"] for task in tasks.values()} == {"Mei Tan"}
