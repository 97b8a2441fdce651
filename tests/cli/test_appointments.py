"""Appointments on the command line: tasks with a time, at the head of the day."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Program
from tests.filling import filled_once
from tests.typed import zone


@pytest.fixture(autouse=True)
@filled_once
def acme(run: Program) -> None:
    run("account", "add", "Acme")
    run("contact", "add", "Adrian Koh", "--account", "acme")


def add(run: Program, *words: str) -> str:
    done = run("task", "add", "acme", *words)
    assert done.code == 0, done.err
    return done.out.strip()


def task(run: Program, text: str) -> dict[str, Any]:
    (found,) = run("task", "list", "--all", "--where", f'text = "{text}"', "-f", "json").json()
    row: dict[str, Any] = found
    return row


def test_tomorrow_9am_is_ahead_for_a_task_and_the_answer_says_when(run: Program) -> None:
    words = ("--at", "tomorrow 9am", "--duration", "1h", "--place", "Room 4", "--contact", "adrian")
    done = run("task", "add", "acme", "QBR", *words)
    assert done.err == 'Added appointment "QBR" with Acme, tomorrow 09:00 to 10:00, Room 4.\n'
    row = task(run, "QBR")
    assert (row["at"], row["due"], row["duration"]) == ("2026-11-23T09:00:00Z", "2026-11-23", 60)
    behind = run("task", "add", "acme", "QBR 2", "--at", "8am")
    assert behind.err.endswith("today 08:00, which is in the past.\n")
    refused = run("task", "add", "acme", "QBR 3", "--at", "someday 9")
    assert "Write 2026-12-15 14:30, tomorrow 9am, fri 14:30 or in 3h." in refused.err


def test_a_time_that_is_left_out_is_said(run: Program) -> None:
    done = run("task", "add", "acme", "Call", "--due", "tomorrow 9am")
    assert done.err.startswith("acct: --due is a day, and its time was left out. For an appointm")
    assert "left out" in run("task", "edit", "call", "--due", "mon 9am").err
    assert "left out" not in run("task", "edit", "call", "--due", "tue").err


def test_an_overlap_is_said_and_not_refused(run: Program) -> None:
    add(run, "QBR", "--at", "tomorrow 9am", "--duration", "1h")
    done = run("task", "add", "acme", "Demo", "--at", "tomorrow 9:30")
    assert done.code == 0
    assert done.err.startswith('acct: "Demo" overlaps "QBR", Acme, tomorrow 09:00 to 10:00 (')
    moved = run("task", "edit", "demo", "--at", "tomorrow 10:00")
    assert "overlaps" not in moved.err
    assert "overlaps" in run("task", "edit", "demo", "--at", "tomorrow 9:59").err
    assert "overlaps" not in run("task", "edit", "demo", "--place", "Room 4").err


def test_the_day_begins_with_its_appointments(run: Program) -> None:
    late = add(run, "Stand-up", "--at", "8am", "--duration", "15m")
    qbr = add(run, "QBR", "--at", "15:00", "--duration", "1h", "--contact", "adrian")
    add(run, "Tomorrow's", "--at", "tomorrow 9am")
    page = run("today", "-f", "table", env={"COLUMNS": "80"}).out.splitlines()
    assert page[0] == "Sunday 22 November · nobody else needs you"
    assert "Next: tomorrow, Tomorrow's (Acme)" in page[-1]
    assert page[2].startswith("08:00 !  Stand-up, Acme (15m)  ")
    assert page[2].endswith(late)
    assert page[3].startswith("15:00    QBR, Acme (Adrian Koh, 1h)  ")
    assert f"acct task done {qbr}" in run("today", "--commands", "-f", "table").out
    rows = run("today", "-f", "json").json()
    assert [(row["kind"], row["rank"], row["score"], row["at"]) for row in rows] == [
        ("appointment", None, None, "2026-11-22T08:00:00Z"),
        ("appointment", None, None, "2026-11-22T15:00:00Z"),
    ]
    assert rows[1]["command"] == f"acct task done {qbr}"
    assert run("today", "--owner", "nobody", "-f", "json").json() == []


def test_one_that_is_over_since_yesterday_is_late(run: Program) -> None:
    add(run, "QBR", "--at", "2026-11-20 09:00")
    (row,) = run("today", "-f", "json").json()
    assert (row["kind"], row["rank"]) == ("promise", 1)


def test_times_are_those_of_where_the_user_is(acct: Program) -> None:
    singapore, london = {"TZ": "Asia/Singapore"}, {"TZ": "Europe/London"}
    assert acct("account", "add", "Konex").code == 0
    assert acct("task", "add", "konex", "QBR", "--at", "2026-11-23 07:00", env=singapore).code == 0
    (row,) = acct("task", "list", "-f", "json").json()
    assert row["at"] == "2026-11-22T23:00:00Z"
    there = acct("today", "-f", "table", env={**singapore, "ACCTCLI_TODAY": "2026-11-23 06:00"}).out
    assert "07:00  QBR, Konex" in there
    here = acct("today", "-f", "table", env={**london, "ACCTCLI_TODAY": "2026-11-22"}).out
    assert "23:00  QBR, Konex" in here


def test_the_list_has_the_times(run: Program) -> None:
    add(run, "Later", "--at", "tomorrow 14:30")
    add(run, "Whenever", "--due", "tomorrow")
    add(run, "Sooner", "--at", "tomorrow 9am")
    lines = run("task", "list", "-f", "table", env={"COLUMNS": "80"}).out.splitlines()
    assert [line.split("  ")[1].strip() for line in lines[1:]] == [
        "tomorrow 09:00",
        "tomorrow 14:30",
        "tomorrow",
    ]
    assert [row[1] for row in map(str.split, run("task", "list").out.splitlines())] == [
        "2026-11-23"
    ] * 3


def test_an_appointment_that_is_snoozed_moves(run: Program) -> None:
    add(run, "QBR", "--at", "tomorrow 9am")
    assert run("task", "snooze", "qbr", "fri").err == "Moved QBR to Fri 27 Nov 09:00.\n"
    row = task(run, "QBR")
    assert (row["due"], row["snoozed_until"]) == ("2026-11-27", None)
    assert run("task", "snooze", "qbr", "fri 3pm").err == "Moved QBR to Fri 27 Nov 15:00.\n"
    add(run, "Call", "--due", "today")
    both = run("task", "snooze", "qbr", "call", "mon")
    assert both.err == "Snoozed Call until tomorrow. Moved QBR to tomorrow 15:00.\n"
    refused = run("task", "snooze", "qbr", "today 8am")
    assert (refused.code, "08:00 on that day is in the past" in refused.err) == (4, True)
    add(run, "Demo", "--at", "fri 15:00")
    assert '"QBR" overlaps "Demo"' in run("task", "snooze", "qbr", "fri").err


def test_one_that_is_done_leaves_the_day_and_may_be_logged(run: Program) -> None:
    add(run, "QBR", "--at", "8am")
    done = run("task", "done", "qbr")
    assert done.err == "Done: QBR.\n"  # the hint is for a terminal
    assert run("today", "-f", "json").json() == []


def test_the_pages_have_the_time(run: Program) -> None:
    add(run, "QBR", "--at", "tomorrow 9am", "--duration", "1h", "--place", "Room 4")
    page = run("account", "show", "acme", "-f", "table").out
    assert "QBR · 09:00, 1h, Room 4" in page


def test_a_repeated_time_that_the_clocks_skip_is_after_their_change(run: Program) -> None:
    with zone("America/New_York"):
        id = add(run, "Night", "--at", "2027-03-13 02:30", "--every", "1d")
        run("--today", "2027-03-13 12:00", "task", "done", id)
    (night,) = run("task", "list", "-f", "json").json()
    assert (night["due"], night["at"]) == ("2027-03-14", "2027-03-14T07:30:00Z")
