from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

from acctcli import ids

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil \u200b"


@pytest.fixture(autouse=True)
@filled_once
def two_accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    run("account", "add", "Kan-code")
    run("contact", "add", "Mei Tan", "--account", "greentech")


def added(run: Program, *words: str) -> dict[str, Any]:
    """Add a task; return the record."""
    done = run("task", "add", *words, "-f", "json")
    assert done.code == 0, done.err
    record: dict[str, Any] = done.json()
    return record


def texts(run: Program, *words: str) -> list[str]:
    """Return the texts of the tasks in a list."""
    found = run("task", "list", "--columns", "text", *words)
    assert found.code == 0, found.err
    return found.out.splitlines()


# add


def test_add_says_what_for_whom_and_by_when(run: Program) -> None:
    done = run("task", "add", "greentech", "Send phased quote", "--due", "fri", "--contact", "mei")
    assert done.code == 0
    assert done.err == 'Added task "Send phased quote" for GreenTech Ltd, due Fri 27 Nov.\n'
    (task,) = run("task", "list", "-f", "json").json()
    assert task["id"].endswith(done.out.strip())
    assert (task["owed_by"], task["contact"], task["due"]) == ("us", "Mei Tan", "2026-11-27")


def test_a_promise_of_theirs_and_a_day_that_is_past(run: Program) -> None:
    theirs = run("task", "add", "greentech", "Reference call", "--owed-by", "them")
    assert theirs.err == 'Added task "Reference call" for GreenTech Ltd, owed by them.\n'
    late = run("task", "add", "greentech", "Call back", "--due", "2026-11-20")
    assert late.err.endswith(", due Fri 20 Nov, which is in the past.\n")


def test_every_option_of_the_record(run: Program) -> None:
    run("deal", "add", "greentech", "Platform rollout")
    record = added(
        run, "greentech", "Check in", "--due", "1m", "--every", "monthly", "--deal", "platform"
    )
    assert (record["every"], record["due"]) == ("1m", "2026-12-22")
    assert record["deal"] == "Platform rollout"
    assert (record["done_at"], record["snoozed_until"], record["first_due"]) == (None, None, None)


def test_one_line_for_many_accounts(run: Program) -> None:
    ids = run("account", "list", "-f", "ids").out
    done = run("task", "add", "-", "Season's greetings", "--due", "2026-12-18", input=ids)
    assert done.code == 0
    assert done.err == (
        'Added task "Season\'s greetings" for GreenTech Ltd, Kan-code, due Fri 18 Dec.\n'
    )
    assert len(done.out.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["greentech", "Call", "--due", "01/02/2026"], 2, "--due 01/02/2026 reads as 1 February"),
        (["greentech", ""], 2, "TEXT is empty"),
        (["greentech"], 2, "TEXT"),
        (["nobody", "Call"], 3, 'no account "nobody"'),
        (["greentech", "Call", "--contact", "bob"], 3, "acct contact add bob --account 'GreenTech"),
        (["greentech", "Call", "--owed-by", "all"], 4, 'unknown owed by "all"'),
        (["greentech", "Call", "--every", "often"], 2, "often is not a repetition"),
    ],
)
def test_add_refuses(run: Program, words: list[str], code: int, says: str) -> None:
    refused = run("task", "add", *words)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert refused.err.count("\n") == 1
    assert texts(run) == []


# list


@pytest.fixture
@filled_once
def some(run: Program) -> None:
    run("deal", "add", "kan", "Platform")
    run("task", "add", "greentech", "late", "--due", "2026-11-20", "--contact", "mei")
    run("task", "add", "greentech", "now", "--due", "today", "--owed-by", "them")
    run("task", "add", "kan", "soon", "--due", "fri", "--deal", "platform")
    run("task", "add", "kan", "whenever")
    run("task", "add", "kan", "over", "--due", "2026-11-19")
    run("task", "done", "over")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["late", "now", "soon", "whenever"]),
        (["--overdue"], ["late"]),
        (["--due-by", "today"], ["late", "now"]),
        (["--due-by", "fri", "--account", "kan"], ["soon"]),
        (["--owed-by", "them"], ["now"]),
        (["--contact", "mei"], ["late"]),
        (["--deal", "platform"], ["soon"]),
        (["--done"], ["over"]),
        (["--all"], ["over", "late", "now", "soon", "whenever"]),
        (["--where", "due is empty"], ["whenever"]),
        (["--sort", "-text", "--limit", "2"], ["whenever", "soon"]),
    ],
)
def test_list_shows_open_tasks_unless_told_otherwise(
    run: Program, some: None, words: list[str], expected: list[str]
) -> None:
    assert texts(run, *words) == expected


@pytest.mark.parametrize("words", [["--done", "--all"], ["--done", "--overdue"]])
def test_lists_that_contradict_themselves(run: Program, words: list[str]) -> None:
    assert run("task", "list", *words).code == 2


def test_the_latest_done_comes_first_with_its_day(run: Program, some: None) -> None:
    run("task", "done", "late", "--at", "2026-11-21 10:00")
    rows = [line.split("\t")[1:] for line in run("task", "list", "--done").out.splitlines()]
    assert [(row[2], row[-1]) for row in rows] == [
        ("over", "2026-11-22T12:00:00Z"),
        ("late", "2026-11-21T10:00:00Z"),
    ]


# done


def test_done_by_part_of_the_text_by_id_and_by_pipe(run: Program, some: None) -> None:
    by_text = run("task", "done", "whene")
    assert (by_text.code, by_text.err) == (0, "Done: whenever.\n")
    id = run("task", "list", "--account", "kan", "-f", "ids").out.strip()
    assert run("task", "done", id[-5:], "-f", "json").json()["done_at"] == "2026-11-22T12:00:00Z"
    rest = run("task", "list", "-f", "ids").out
    piped = run("task", "done", "-", input=rest)
    assert piped.err == "Done: late, now.\n"
    assert len(piped.out.splitlines()) == 2
    assert texts(run) == []
    empty = run("task", "done", "-", input="")
    assert empty.code == 3
    assert "it was empty" in empty.err


def test_done_twice_changes_nothing(run: Program, some: None) -> None:
    again = run("task", "done", "over")
    assert (again.code, again.err) == (0, "Nothing to change: over was already done.\n")


def test_an_open_task_is_meant_before_a_done_one_of_the_same_text(run: Program) -> None:
    run("task", "add", "greentech", "Call")
    run("task", "done", "call")
    second = added(run, "greentech", "Call Mei")
    assert run("task", "done", "call", "-f", "json").json()["id"] == second["id"]
    third, fourth = added(run, "greentech", "Call"), added(run, "kan", "Call")
    several = run("task", "done", "call")
    assert several.code == 4
    assert "matches 2 tasks" in several.err
    assert "Call, GreenTech Ltd" in several.err
    assert {third["id"], fourth["id"]} == set(run("task", "list", "-f", "ids").out.split())


def test_done_at_another_time_but_not_in_the_future(run: Program, some: None) -> None:
    assert run("task", "done", "late", "--at", "tomorrow").code == 4
    run("task", "done", "late", "--at", "yesterday 17:00")
    (task,) = run("task", "list", "--done", "--contact", "mei", "-f", "json").json()
    assert task["done_at"] == "2026-11-21T17:00:00Z"


def test_a_repeating_task_comes_back_counted_from_completion(run: Program) -> None:
    first = added(
        run, "greentech", "Check in", "--due", "2026-11-02", "--every", "2w", "--contact", "mei"
    )
    done = run("task", "done", "check")
    assert done.code == 0
    assert done.out.strip() == first["id"][-4:]
    (again,) = run("task", "list", "-f", "json").json()
    assert done.err == f"Done: Check in. Repeats Sun 6 Dec ({again['id'][-4:]}).\n"
    assert again["id"] != first["id"]
    for name in ("text", "account_id", "contact_id", "owed_by", "every"):
        assert again[name] == first[name]
    assert (again["due"], again["first_due"], again["done_at"]) == (
        "2026-12-06",
        "2026-11-02",
        None,
    )
    undone = run("undo")
    assert undone.code == 0, undone.err
    (back,) = run("task", "list", "-f", "json").json()
    assert (back["id"], back["done_at"]) == (first["id"], None)


def test_the_last_of_the_month_stays_the_last_of_the_month(run: Program) -> None:
    added(run, "greentech", "Rent", "--due", "2026-08-31", "--every", "1m")
    days = []
    for day in ("2026-08-31", "2026-09-30", "2026-10-31"):
        run("--today", day, "task", "done", "rent")
        days.append(run("task", "list", "-f", "json").json()[0]["due"])
    assert days == ["2026-09-30", "2026-10-31", "2026-11-30"]


def test_another_day_begins_another_series(run: Program) -> None:
    added(run, "greentech", "Rent", "--due", "2026-08-31", "--every", "1m")
    run("--today", "2026-08-31", "task", "done", "rent")
    run("task", "edit", "rent", "--due", "2026-10-15")
    run("--today", "2026-10-15", "task", "done", "rent")
    (task,) = run("task", "list", "-f", "json").json()
    assert (task["due"], task["first_due"]) == ("2026-11-15", "2026-10-15")


def test_a_repeating_task_takes_the_users_own_fields_along(run: Program, home: Path) -> None:
    configure(home, '[fields.task.effort]\ntype = "integer"\n')
    added(run, "greentech", "Check in", "--every", "1w", "--set", "effort=3")
    run("task", "done", "check")
    (task,) = run("task", "list", "-f", "json").json()
    assert (task["effort"], task["due"]) == (3, "2026-11-29")


def test_several_repeating_tasks_are_named_in_one_sentence(run: Program) -> None:
    added(run, "greentech", "One", "--every", "1w")
    added(run, "greentech", "Two", "--every", "2w")
    said = run("task", "done", "one", "two").err
    assert said.startswith("Done: One, Two. Repeats Sun 29 Nov (")
    assert " and Sun 6 Dec (" in said


# snooze, reopen


def test_snooze_leaves_the_day_it_is_due(run: Program, some: None) -> None:
    done = run("task", "snooze", "late", "now", "2026-11-30")
    assert done.code == 0, done.err
    assert done.err == "Snoozed late, now until Mon 30 Nov.\n"
    late = run("task", "list", "--contact", "mei", "-f", "json").json()[0]
    assert (late["due"], late["snoozed_until"]) == ("2026-11-20", "2026-11-30")
    ids = run("task", "list", "--account", "kan", "-f", "ids").out
    assert run("task", "snooze", "-", "1w", input=ids).err == (
        "Snoozed soon, whenever until Sun 29 Nov.\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["late", "today"], 4, "Sun 22 Nov 2026: that day is not later than today"),
        (["late", "yesterday"], 4, "Sat 21 Nov 2026: that day is not later than today"),
        (["late", "whenever"], 2, '"whenever" is not a date'),
        (["over", "fri"], 4, "it is already done; only open task"),
        (["late", "over", "fri"], 4, "over: it is already done"),
        (["late"], 2, "TASK"),
    ],
)
def test_snooze_refuses(run: Program, some: None, words: list[str], code: int, says: str) -> None:
    refused = run("task", "snooze", *words)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert run("task", "list", "--where", "snoozed_until is not empty", "-f", "ids").out == ""


def test_reopen(run: Program, some: None) -> None:
    assert run("task", "reopen", "over").err == "Reopened: over.\n"
    assert texts(run, "--done") == []
    assert run("task", "reopen", "over").err == "Nothing to change: over is already open.\n"


def test_what_is_reopened_does_not_start_a_second_series(run: Program) -> None:
    first = added(run, "greentech", "Check in", "--every", "1w")
    run("task", "done", "check")
    reopened = run("task", "reopen", first["id"])
    assert reopened.err == "Reopened: Check in. No longer repeats: Check in.\n"
    run("task", "done", first["id"])
    assert len(texts(run)) == 1


def test_what_is_reopened_goes_on_repeating_if_nothing_else_does(run: Program) -> None:
    """A series does not end because a task is reopened, unless another one continues it."""
    first = added(run, "greentech", "Check in", "--every", "1w")
    run("task", "done", "check")
    (second,) = run("task", "list", "-f", "json").json()
    assert run("task", "delete", second["id"], "--yes").code == 0
    assert run("task", "reopen", first["id"]).err == "Reopened: Check in.\n"
    assert run("task", "list", "-f", "json").json()[0]["every"] == "1w"
    run("task", "done", first["id"])
    assert len(texts(run)) == 1


def test_another_series_of_the_same_days_is_not_taken_for_it(run: Program) -> None:
    first = added(run, "greentech", "Rent", "--due", "2026-12-31", "--every", "1m")
    added(run, "greentech", "Report", "--due", "2026-12-31", "--every", "1m")
    run("task", "done", "rent", "report")
    rows = run("task", "list", "-f", "json").json()
    (second,) = [row["id"] for row in rows if row["text"] == "Rent"]
    run("task", "delete", second, "--yes")
    assert run("task", "reopen", first["id"]).err == "Reopened: Rent.\n"


def test_a_series_under_another_text_is_not_doubled_by_reopening(run: Program) -> None:
    first = added(run, "greentech", "Rent", "--due", "2026-12-31", "--every", "1m")
    run("task", "done", "rent")
    run("task", "edit", "rent", "--text", "Rent of the hall")
    reopened = run("task", "reopen", first["id"])
    assert reopened.err == "Reopened: Rent. No longer repeats: Rent.\n"


# edit, delete


def test_edit_and_delete(run: Program, some: None) -> None:
    edited = run("task", "edit", "late", "--due", "tomorrow", "--owed-by", "them")
    assert edited.code == 0
    assert edited.err == "Changed due, owed by of late (due: tomorrow).\n"
    assert run("task", "edit", "late", "--text", "").code == 4
    assert run("task", "delete", "late").code == 2
    deleted = run("task", "delete", "late", "--yes")
    assert deleted.err == "Deleted late. To undo: acct undo\n"
    assert "late" not in texts(run, "--all")


def test_hostile_text_is_shown_but_does_nothing(run: Program) -> None:
    seen = run("task", "add", "greentech", HOSTILE, "--every", "1w").err
    for words in (["list"], ["list", "-f", "table"], ["list", "-f", "md"], ["done", "bold"]):
        answer = run("task", *words)
        assert answer.code == 0, answer.err
        seen += answer.out + answer.err
    assert not {"\x1b", "\u202e", "\u200b"} & set(seen)
    assert seen.count(r"\x1b[31mRed\u202e") >= 4


def test_an_empty_list_says_whether_there_are_tasks_at_all(run: Program) -> None:
    assert run("task", "list", "-f", "table").err == "No tasks match.\n"
    assert run("task", "list", "--all", "-f", "table").err.startswith("No tasks yet. Start with: ")


def test_what_is_done_early_comes_back_on_a_later_day(run: Program) -> None:
    run("account", "add", "Kan-code")
    run("task", "add", "kan", "Send invoice", "--due", "2026-12-15", "--every", "monthly")
    for due in ("2027-01-15", "2027-02-15"):
        done = run("task", "done", "send invoice")
        assert done.code == 0, done.err
        (following,) = run("task", "list", "-f", "json").json()
        assert following["due"] == due


def test_two_machines_that_do_a_repeating_task_make_one_successor(run: Program) -> None:
    first = added(run, "greentech", "Rent", "--due", "2026-12-31", "--every", "1m")
    run("task", "done", "rent")
    (second,) = run("task", "list", "-f", "json").json()
    assert second["id"] == ids.fact_id("task", first["id"], second["due"])
    run("undo")
    run("task", "done", "rent")
    assert [row["id"] for row in run("task", "list", "-f", "json").json()] == [second["id"]]
