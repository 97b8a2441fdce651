from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
from tests.books import configure
from tests.cli.answers import typing
from tests.conftest import Program
from tests.filling import filled_once

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil"


@pytest.fixture(autouse=True)
@filled_once
def greentech(run: Program) -> None:
    """A strategic customer, spoken to yesterday, with one supporter."""
    run("account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer")
    run("log", "call", "greentech", "Pricing", "--at", "yesterday 9am")


def held(run: Program, *words: str) -> dict[str, Any]:
    """Hold a review of GreenTech; return the record."""
    done = run("review", "run", "greentech", *words, "-f", "json")
    assert done.code == 0, done.err
    record: dict[str, Any] = done.json()
    return record


def due(run: Program, *words: str) -> list[dict[str, Any]]:
    done = run("review", "due", "-f", "json", *words)
    assert done.code == 0, done.err
    rows: list[dict[str, Any]] = done.json()
    return rows


# run


def test_the_review_of_the_documentation(run: Program) -> None:
    done = run(
        *("review", "run", "greentech", "--summary", "On track"),
        *("--risk", "Single champion", "--next-review", "2026-12-01"),
    )
    assert done.code == 0
    assert done.err == (
        "Saved review of GreenTech Ltd: health 80, on 1 input: too little to say. "
        "Next review: Tue 1 Dec.\n"
    )
    (review,) = run("review", "list", "-f", "json").json()
    assert review["id"].endswith(done.out.strip())
    assert (review["held_on"], review["health"], review["rating"]) == ("2026-11-22", 80, None)
    assert (review["summary"], review["risks"]) == ("On track", "Single champion")


def test_your_own_rating_wins(run: Program) -> None:
    review = held(run, "--rating", "red")
    assert (review["rating"], review["health"]) == ("red", 80)


def test_a_review_of_an_earlier_day_has_no_health(run: Program) -> None:
    done = run("review", "run", "greentech", "--summary", "Fine", "--on", "2026-11-01")
    assert done.err == "Saved review of GreenTech Ltd of Sun 1 Nov. Next review: Sat 30 Jan.\n"
    (review,) = run("review", "list", "-f", "json").json()
    assert (review["held_on"], review["health"], review["rating"]) == ("2026-11-01", None, None)


def test_the_next_review_comes_by_the_cadence_of_the_tier(run: Program, home: Path) -> None:
    assert held(run, "--summary", "x")["next_review"] == "2027-02-20"
    configure(home, "[reviews]\nstrategic = 30\n")
    assert held(run, "--summary", "x")["next_review"] == "2026-12-22"
    assert held(run, "--summary", "x", "--next-review", "")["next_review"] is None
    run("account", "edit", "greentech", "--tier", "")
    assert held(run, "--summary", "x")["next_review"] is None


def test_actions_become_tasks(run: Program) -> None:
    done = run(
        *("review", "run", "greentech", "--action", "Find a champion::fri"),
        *("--action", "Ask: who signs?", "--action", "C++::Rust talk::2w"),
    )
    assert "; 3 actions." in done.err
    tasks = run("task", "list", "-f", "json", "--sort", "due").json()
    assert [(task["text"], task["due"]) for task in tasks] == [
        ("Find a champion", "2026-11-27"),
        ("C++::Rust talk", "2026-12-06"),
        ("Ask: who signs?", None),
    ]
    (review,) = run("review", "list", "-f", "json").json()
    assert {task["review_id"] for task in tasks} == {review["id"]}
    assert {task["account"] for task in tasks} == {"GreenTech Ltd"}


def test_undo_takes_the_review_and_its_actions_back(run: Program) -> None:
    held(run, "--action", "Find a champion::fri")
    assert run("undo").code == 0
    assert run("review", "list", "-f", "json").json() == []
    assert run("task", "list", "-f", "json").json() == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([], 2, "nothing to save. Give --summary"),
        (["--action", "Call::01/02/2027"], 2, "reads as 1 February or 2 January 2027"),
        (["--action", "Call::whenever"], 2, "the day whenever is not a date"),
        (["--action", "::fri"], 4, "--action is empty"),
        (["--rating", "purple"], 4, "use red, amber or green"),
        (["--next-review", "2026-02-30"], 2, "2026-02-30"),
        (["--on", "2026-13-01"], 2, "2026-13-01"),
    ],
)
def test_what_is_refused(run: Program, words: list[str], code: int, says: str) -> None:
    done = run("review", "run", "greentech", *words)
    assert done.code == code
    assert says in done.err
    assert done.err.count("\n") == 1
    assert run("review", "list", "-f", "ids").out == ""
    assert run("task", "list", "-f", "ids").out == ""


def test_an_account_that_is_not_there(run: Program) -> None:
    assert run("review", "run", "grentech", "--summary", "x").code == 3


def test_required_fields_of_reviews_and_of_their_actions(run: Program, home: Path) -> None:
    configure(home, '[required.all]\ntask = ["due"]\nreview = ["summary"]\n')
    assert run("review", "run", "greentech", "--risk", "x").code == 4
    refused = run("review", "run", "greentech", "--summary", "x", "--action", "Call")
    assert refused.code == 4
    assert refused.err.endswith("Add --action TEXT::DAY\n")
    assert run("review", "list", "-f", "ids").out == ""
    assert run("review", "run", "greentech", "--summary", "x", "--action", "Call::fri").code == 0


# due


def test_reviews_that_are_due(run: Program) -> None:
    held(run, "--on", "2026-09-01", "--next-review", "2026-11-20", "--rating", "amber")
    run("account", "add", "Konex", "--tier", "smb")
    run("review", "run", "konex", "--summary", "x", "--next-review", "2026-11-25")
    account = run("account", "list", "-f", "json").json()[0]
    assert due(run) == [
        {
            "account": "GreenTech Ltd",
            "account_id": account["id"],
            "number": "A-0001",
            "tier": "strategic",
            "last_review": "2026-09-01",
            "next_review": "2026-11-20",
            "days_late": 2,
            "rating": "amber",
            "health": None,
        }
    ]
    soon = due(run, "--within", "3")
    assert [(row["account"], row["days_late"]) for row in soon] == [
        ("GreenTech Ltd", 2),
        ("Konex", -3),
    ]
    assert [row["account"] for row in due(run, "--within", "3", "--tier", "smb")] == ["Konex"]
    assert run("review", "due", "-f", "ids").out.strip() == account["id"]
    assert run("review", "due", "--columns", "account,days_late").out == "GreenTech Ltd\t2\n"


def test_due_as_a_table(run: Program) -> None:
    held(run, "--on", "2026-09-01", "--next-review", "2026-11-20", "--rating", "amber")
    out = run("review", "due", "-f", "table").out.splitlines()
    assert out[0].split()[:3] == ["account", "tier", "last"]
    assert out[1].startswith("GreenTech Ltd")
    assert "Fri 20 Nov" in out[1]


def test_nothing_is_due(run: Program) -> None:
    assert due(run) == []
    shown = run("review", "due", "-f", "table")
    assert (shown.out, shown.err) == ("", "No review is due.\n")


def test_due_and_today_agree(run: Program) -> None:
    held(run, "--on", "2026-09-01", "--next-review", "2026-11-20")
    listed = [
        line for line in run("today", "-f", "json", "--all").json() if line["kind"] == "review"
    ]
    assert [(line["account"], line["due"]) for line in listed] == [
        (row["account"], row["next_review"]) for row in due(run)
    ]


def test_within_is_not_negative(run: Program) -> None:
    assert run("review", "due", "--within", "-3").code == 2


# list, show, edit, delete


def test_list_is_by_day_the_newest_first(run: Program) -> None:
    for day in ("2026-03-01", "2026-09-01", "2026-06-01"):
        held(run, "--on", day, "--rating", "red" if day > "2026-05" else "green")
    days = [row["held_on"] for row in run("review", "list", "-f", "json").json()]
    assert days == ["2026-09-01", "2026-06-01", "2026-03-01"]
    assert len(run("review", "list", "--rating", "red").out.splitlines()) == 2
    assert run("review", "list", "--account", "greentech", "--where", "held_on < 2026-05-01").out


def test_show_by_id_and_by_account(run: Program) -> None:
    first = held(run, "--on", "2026-09-01", "--summary", "First")
    second = held(run, "--summary", "Second", "--action", "Find a champion::fri")
    by_account = run("review", "show", "greentech", "-f", "json").json()
    assert by_account == run("review", "show", second["id"], "-f", "json").json()
    assert {name: by_account[name] for name in second} == second
    assert [task["text"] for task in by_account["actions"]] == ["Find a champion"]
    assert by_account["previous"] == first
    assert run("review", "show", first["id"][-6:], "-f", "json").json()["previous"] is None


def test_the_last_review_of_a_day_is_the_one_entered_last(run: Program) -> None:
    held(run, "--summary", "Morning")
    held(run, "--summary", "Evening")
    shown = run("review", "show", "greentech", "-f", "json").json()
    assert (shown["summary"], shown["previous"]["summary"]) == ("Evening", "Morning")


def test_the_page_of_a_review(run: Program) -> None:
    held(run, "--on", "2026-09-01", "--summary", "First")
    first = run("review", "list", "-f", "ids").out.strip()
    run("review", "edit", first, "--health", "71")
    held(run, "--summary", "On track", "--risk", HOSTILE, "--action", "Find a champion::fri")
    shown = run("review", "show", "greentech")
    assert "\x1b" not in shown.out
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert lines[:4] == [
        "GreenTech Ltd review of today",
        "health 80, 71 on Tue 1 Sep",
        "summary On track",
        "risks \\x1b[31mRed\\u202e [/bold]:100: O'Neil",
    ]
    assert "Fri 27 Nov Find a champion" in lines[-1]


def test_show_where_there_is_none(run: Program) -> None:
    done = run("review", "show", "greentech")
    assert done.code == 3
    assert done.err == (
        "acct: no review of GreenTech Ltd yet. Review one: acct review run greentech\n"
    )
    assert run("review", "show", "nobody").code == 3


def test_edit_and_delete(run: Program) -> None:
    review = held(run, "--summary", "On track", "--action", "Find a champion::fri")
    tail = review["id"][-4:]
    done = run("review", "edit", tail, "--rating", "amber", "--next-review", "2w")
    assert done.err == (
        "Changed rating, next review of the review of GreenTech Ltd, 2026-11-22 "
        "(next review: Sun 6 Dec).\n"
    )
    assert run("review", "delete", tail).code == 2
    gone = run("review", "delete", tail, "--yes")
    assert gone.code == 0
    assert gone.err.startswith("Deleted the review of GreenTech Ltd, 2026-11-22")
    # A promise made there stays.
    (task,) = run("task", "list", "-f", "json").json()
    assert task["review"] is None
    run("undo")
    assert run("review", "show", tail, "-f", "json").json()["rating"] == "amber"


# The interview

Ask = Callable[..., int]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, run: Program) -> Ask:
    """Run `review run` on a terminal, with these answers; an exception is raised in its turn."""

    def answer(*answers: str | BaseException, account: str = "greentech") -> int:
        left = typing(monkeypatch, answers)
        done = run("review", "run", account)
        assert next(left, None) is None, "not everything was asked"
        return done.code

    return answer


def test_the_interview(run: Program, ask: Ask) -> None:
    assert ask("On track", "", "Single champion", "", "amber", "2w", "Find one::fri", "") == 0
    (review,) = run("review", "list", "-f", "json").json()
    kept = ("summary", "strengths", "risks", "opportunities", "rating", "next_review")
    assert [review[name] for name in kept] == [
        *("On track", None, "Single champion", None, "amber", "2026-12-06")
    ]
    (task,) = run("task", "list", "-f", "json").json()
    assert (task["text"], task["due"]) == ("Find one", "2026-11-27")


def test_an_answer_that_cannot_be_read_is_asked_for_again(run: Program, ask: Ask) -> None:
    answers = ("", "", "", "", "purple", "red", "01/02/2027", "2w", "Call::never", "Call::fri", "")
    assert ask(*answers) == 0
    (review,) = run("review", "list", "-f", "json").json()
    assert (review["rating"], review["next_review"]) == ("red", "2026-12-06")


def test_answers_left_out_are_filled_in(run: Program, ask: Ask) -> None:
    assert ask(*[""] * 7) == 0
    (review,) = run("review", "list", "-f", "json").json()
    assert (review["rating"], review["next_review"]) == (None, "2027-02-20")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), EOFError()])
def test_what_was_answered_is_kept(
    run: Program, ask: Ask, book: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    assert ask("It's on track", "-5 % less", "", "", "", "", "Find one::fri", stop) == 130
    (kept,) = (book.parent / "book-refused").iterdir()
    assert os.name != "posix" or kept.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    assert run("review", "list", "-f", "ids").out == ""


def test_the_kept_answers_can_be_run(run: Program, ask: Ask, book: Path) -> None:
    ask("It's on track", "-5 % less", "", "", "", "", "Find one::fri", KeyboardInterrupt())
    (kept,) = (book.parent / "book-refused").iterdir()
    words = shlex.split(kept.read_text(encoding="utf-8"))
    assert words[0] == "acct"
    assert run(*words[1:]).code == 0
    (review,) = run("review", "list", "-f", "json").json()
    assert (review["summary"], review["strengths"]) == ("It's on track", "-5 % less")
    assert [task["text"] for task in run("task", "list", "-f", "json").json()] == ["Find one"]


def test_nothing_is_kept_where_nothing_was_answered(ask: Ask, book: Path) -> None:
    assert ask(KeyboardInterrupt()) == 130
    assert not (book.parent / "book-refused").exists()


def test_answers_are_kept_if_the_review_is_refused(
    run: Program, ask: Ask, book: Path, home: Path
) -> None:
    configure(home, '[required.all]\nreview = ["opportunities"]\n')
    assert ask("On track", "", "", "", "", "", "") == 4
    (kept,) = (book.parent / "book-refused").iterdir()
    assert "'--summary=On track'" in kept.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_the_interview_begins_with_what_happened(run: Program) -> None:
    held(run, "--on", "2026-11-15", "--summary", "Fine", "--risk", HOSTILE, "--rating", "amber")
    run("task", "add", "greentech", "Send quote", "--due", "2026-11-20")
    run("task", "add", "greentech", "Name a lawyer", "--owed-by", "them")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "acctcli", "review", "run", "greentech"],
        encoding="utf-8",
        timeout=20,
        dimensions=(50, 120),
    )
    child.expect("> ")
    seen = " ".join((child.before or "").split())  # lines are broken at words
    for words in (
        "GreenTech Ltd: last review Sun 15 Nov, 7 days ago (amber)",
        "summary: Fine",
        "risks: \\x1b[31mRed\\u202e [/bold]:100: O'Neil",
        "Since then: 1 interaction, 1 promise late",
        "we owe: Send quote, due Fri 20 Nov, late",
        "they owe: Name a lawyer",
        "Health now ",
    ):
        assert words in seen
    for _ in range(6):
        child.sendline("")
        child.expect("> ")
    child.sendline("")
    child.expect(pexpect.EOF)
    assert "Saved review of GreenTech Ltd: " in (child.before or "")
    child.close()
    assert child.exitstatus == 0


def test_an_action_says_whose_it_is_and_by_when(run: Program) -> None:
    held(
        run,
        *("--action", "Find a champion::fri", "--action", "Name their lawyer::2026-12-04::them"),
        *("--action", "Ask about legal::them", "--action", "Talk about us::2026-12-01::US"),
        *("--action", "Plan"),
    )
    listed = run("task", "list", "--account", "greentech", "-f", "json").json()
    found = {(task["text"], task["due"], task["owed_by"]) for task in listed}
    assert found == {
        ("Find a champion", "2026-11-27", "us"),
        ("Name their lawyer", "2026-12-04", "them"),
        ("Ask about legal", None, "them"),
        ("Talk about us", "2026-12-01", "us"),
        ("Plan", None, "us"),
    }
