"""Conflicts in words; what `take` writes is in store/sync/test_putting_back.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.conftest import Program
from tests.store.sync import clashing

from acctcli.book.context import Context
from acctcli.book.sync import conflicts
from acctcli.shapes.sync import ConflictRow
from acctcli.store.sync import machine, overview
from acctcli.store.sync.machine import Machine

ID = "00000000-0000-5000-8000-00000000aaaa"
NOW = "2026-11-22 12:00"


@pytest.fixture
def context(run: Program, book: Path) -> Context:
    run("account", "add", "GreenTech Ltd", "--tag", "pilot")
    run("contact", "add", "Mei Tan", "--account", "greentech")
    run("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k")
    clashing.laptop(book)
    machine.write(book, Machine(clashing.OURS, "desktop", "/hub", ("book",), "book", "book"))
    return Context(db=str(book), today=NOW)


def told_of(
    context: Context, table: str, row: str, won: dict[str, Any], lost: dict[str, Any], **more: Any
) -> ConflictRow:
    clashing.clash(context.book, ID, table, row, won, lost, **more)
    with context.read() as con:
        [one] = conflicts.rows(context, con)
    return one


@pytest.mark.parametrize(
    ("won", "lost", "fields", "stands", "set_aside"),
    [
        (
            {"amount": 4500000, "currency": "USD"},
            {"amount": 4000, "currency": "JPY"},
            ["amount"],
            "45,000 USD",
            "4,000 JPY",
        ),
        ({"close_date": "2026-11-27"}, {"close_date": None}, ["close date"], "Fri", "nothing"),
        (
            {"stage": "won", "closed_on": "2026-11-20"},
            {"stage": "proposal", "closed_on": None},
            ["stage", "closed on"],
            "stage won, closed on ",
            "stage proposal, closed on nothing",
        ),
        ({"probability": 20}, {"probability": 12.5}, ["probability"], "20 %", "12.5 %"),
        ({"@": 0}, {"stage": "proposal"}, ["stage"], "deleted", "proposal"),
        ({"@": 0}, {"@": 1}, [], "deleted", "there"),
    ],
)
def test_values_are_said_as_people_see_them(
    context: Context,
    won: dict[str, Any],
    lost: dict[str, Any],
    fields: list[str],
    stands: str,
    set_aside: str,
) -> None:
    deal = clashing.id_of(context.book, "deal", "Rollout")
    one = told_of(context, "deal", deal, won, lost)
    assert one["fields"] == fields
    assert one["stands"].startswith(stands)
    assert one["set_aside"].startswith(set_aside)
    assert (one["account"], one["kind"], one["record"]) == ("GreenTech Ltd", "deal", "Rollout")


def test_references_are_said_by_name(context: Context) -> None:
    mei = clashing.id_of(context.book, "contact", "Mei Tan")
    green = clashing.id_of(context.book, "account", "GreenTech Ltd")
    one = told_of(context, "contact", mei, {"account_id": green}, {"account_id": None})
    assert (one["fields"], one["stands"], one["set_aside"]) == (
        ["account"],
        "GreenTech Ltd",
        "nothing",
    )


def test_who_it_was_and_when(context: Context) -> None:
    green = clashing.id_of(context.book, "account", "GreenTech Ltd")
    one = told_of(context, "account", green, {"city": "Rome"}, {"city": "Paris"})
    assert (one["stands_by"], one["set_aside_by"]) == ("this machine", "Ann, laptop")
    assert (one["stands_at"], one["set_aside_at"]) == (
        "2026-11-22T10:00:00Z",
        "2026-11-22T09:00:00Z",
    )
    machine.forget(context.book)
    with context.read() as con:
        [one] = conflicts.rows(context, con)
    assert one["stands_by"] == f"machine {clashing.OURS}"


def test_parts_of_a_record_go_by_the_record(context: Context, book: Path) -> None:
    tag = books.value(book, "SELECT id FROM tag")
    one = told_of(context, "tag", tag, {"@": 0}, {"tag": "pilot"}, why="deleted")
    assert (one["kind"], one["record"], one["fields"]) == ("account", "GreenTech Ltd", ["tags"])
    assert (one["stands"], one["set_aside"]) == ("deleted", "pilot")


def test_taking_says_what_came_back_and_what_is_so_already(context: Context) -> None:
    green = clashing.id_of(context.book, "account", "GreenTech Ltd")
    clashing.clash(context.book, ID, "account", green, {"city": "Rome"}, {"city": "Paris"})
    other = ID.replace("aaaa", "bbbb")
    clashing.clash(context.book, other, "account", green, {"city": "Rome"}, {"city": "Paris"})
    with context.write() as tx:
        back = conflicts.take(tx, overview.find(tx.con, ["aaaa", "bbbb"]), date(2026, 11, 22))
        assert overview.unread(tx.con) == 0
    assert back.says == (
        "Set city of account GreenTech Ltd to Paris again. Account GreenTech Ltd says so already."
    )
    assert back.ids == [green]


def test_a_record_that_was_added_to_what_was_deleted_is_not_spelled_out(context: Context) -> None:
    green = clashing.id_of(context.book, "account", "GreenTech Ltd")
    context_of = {"account_id": green, "kind": "note", "at": "2026-11-22T09:00:00Z"}
    added = {**context_of, "summary": "They called back", "attempt": 0}
    one = told_of(context, "log", "no-longer-here", {"@": 0}, added, why="deleted")
    assert (one["fields"], one["stands"], one["set_aside"]) == ([], "deleted", "added")
