"""`acct today --interactive`, at a terminal of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pexpect
import pyte
import pytest
from tests.conftest import Program
from tests.filling import filled_once

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pty")

FOOT = "q quit"


@pytest.fixture(autouse=True)
@filled_once
def two_accounts(run: Program) -> dict[str, str]:
    """Acme with two promises and no contact in its cadence, and Beta with a promise of theirs."""
    run("account", "add", "Acme", "--tier", "key")
    run("account", "add", "Beta")
    late = run("task", "add", "acme", "Send quote", "--due", "2026-11-18").out.strip()
    today = run("task", "add", "acme", "Call back", "--due", "today").out.strip()
    theirs = run(
        "task", "add", "beta", "Name a lawyer", "--due", "2026-11-20", "--owed-by", "them"
    ).out.strip()
    return {"late": late, "today": today, "theirs": theirs}


class Person:
    """A user of the walk: waits for the keys, and presses some."""

    def __init__(self, *words: str, rows: int = 24) -> None:
        self.rows = rows
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "acctcli", "today", "-i", *words],
            encoding="utf-8",
            timeout=20,
            dimensions=(rows, 80),
            env={**os.environ, "NO_COLOR": "1"},
        )
        self.seen = ""

    def sees(self, what: str) -> None:
        self.child.expect_exact(what)
        self.seen += self.child.before + self.child.after

    def presses(self, key: str) -> None:
        self.sees(FOOT)
        self.child.send(key)

    def answers(self, question: str, answer: str) -> None:
        self.sees(question)
        self.sees("> ")
        self.child.sendline(answer)

    def leaves(self) -> int:
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        self.child.close()
        return int(self.child.exitstatus)


@pytest.fixture
def person() -> Iterator[Person]:
    someone = Person()
    yield someone
    someone.child.close(force=True)


def commands(run: Program) -> list[str]:
    """The commands in the history, newest first, without those that made the book."""
    return [row["typed"] for row in run("history", "-f", "json").json()][:-5]


def test_each_key_runs_the_ordinary_command(
    run: Program, person: Person, two_accounts: dict[str, str]
) -> None:
    person.sees("1 of 2 · Acme · key")
    person.presses("d")
    person.sees(f"$ acct task done {two_accounts['late']}\r\n")
    person.sees("Done: Send quote.")
    person.sees("✓ Send quote")
    person.presses("s")
    person.sees("Snooze what? t the task · a the account")
    person.child.send("t")
    person.answers("Until which day does the task stay out of today?", "today")
    person.sees('"today" is not later than today')
    person.answers("Until which day", "mon")
    person.sees(f"$ acct task snooze {two_accounts['today']} mon")
    person.sees("Snoozed Call back until tomorrow.")
    person.sees("2 of 2 · Beta")
    person.presses("l")
    person.answers("Kind? (call, email, ", "")
    person.answers("What was said?", "-5 % is fine")
    person.sees("$ acct log call beta -- '-5 % is fine'")
    person.presses("n")
    person.answers("What is to be done?", "Ask their CFO")
    person.answers("When?", "mon 9am")
    person.sees("$ acct task add beta --at 'mon 9am' 'Ask their CFO'")
    person.presses("k")
    assert person.leaves() == 0
    assert (
        "Finished 1 task, snoozed 1 task, logged 1 interaction and added 1 next step, "
        "at 2 of 2 accounts."
    ) in " ".join(person.seen.split())
    assert commands(run) == [
        "acct task add beta --at 'mon 9am' 'Ask their CFO'",
        "acct log call beta -- '-5 % is fine'",
        f"acct task snooze {two_accounts['today']} mon",
        f"acct task done {two_accounts['late']}",
    ]


def test_undo_takes_one_command_back_and_returns_to_its_line(run: Program, person: Person) -> None:
    person.presses("u")
    person.sees("Nothing was done yet. To undo an earlier command: acct undo")
    for says in ("Done: Send quote.", "Done: Call back."):
        person.presses("d")
        person.sees(says)
    person.sees("2 of 2 · Beta")
    person.presses("u")
    person.sees("$ acct undo ")
    person.sees("1 of 2 · Acme")
    person.sees("> Call back")
    person.presses("q")
    assert person.leaves() == 0
    assert "Finished 1 task, at 2 of 2 accounts." in person.seen
    tasks = run("task", "list", "--account", "acme", "-f", "json").json()
    assert [task["text"] for task in tasks] == ["Call back"]


def test_back_goes_to_the_last_account_that_still_needs_somebody(person: Person) -> None:
    person.presses("k")
    person.sees("2 of 2 · Beta")
    person.presses("b")
    person.sees("1 of 2 · Acme")
    person.presses("q")
    assert person.leaves() == 0
    assert "Looked at 2 of 2 accounts; nothing was changed." in person.seen


def test_a_mistake_is_said_and_stays_on_the_line(run: Program, person: Person) -> None:
    person.presses("k")
    person.sees("2 of 2 · Beta")
    run("task", "delete", "Name a lawyer", "--yes")
    person.presses("d")
    person.sees("no task ")
    assert person.leaves() == 0  # nothing is open there any more
    assert "nothing was changed" in person.seen


@pytest.mark.parametrize("end", ["\x03", "\x04"])
def test_who_stops_keeps_what_was_done(run: Program, person: Person, end: str) -> None:
    person.presses("d")
    person.presses(end)
    assert person.leaves() == 130
    assert "acct: stopped. Finished 1 task, at 1 of 2 accounts." in person.seen
    assert [task["text"] for task in run("task", "list", "--done", "-f", "json").json()] == [
        "Send quote"
    ]


def test_ctrl_c_at_a_question_stops_too(run: Program, person: Person) -> None:
    person.presses("n")
    person.sees("What is to be done?")
    person.sees("> ")
    person.child.sendintr()
    assert person.leaves() == 130
    assert "acct: stopped. Looked at 1 of 2 accounts; nothing was changed." in person.seen


def test_an_empty_answer_changes_nothing(run: Program, person: Person) -> None:
    for key, question in (("l", "Kind?"), ("n", "What is to be done?")):
        person.presses(key)
        person.answers(question, "")
        if key == "l":
            person.answers("What was said?", "")
        person.sees("Nothing was saved.")
    person.presses("q")
    assert person.leaves() == 0
    assert commands(run) == []


def test_the_command_that_is_shown_is_run(run: Program, person: Person) -> None:
    person.presses("k")
    person.presses("r")
    person.sees("Done: Name a lawyer.")
    assert person.leaves() == 0


def test_help_and_the_page_of_the_account(run: Program, person: Person) -> None:
    person.presses("?")
    person.sees("u  undo the last command of this walk")
    person.presses("o")
    person.sees("$ acct account show acme")
    person.presses("q")
    assert person.leaves() == 0


def test_it_fits_a_window_of_24_lines(run: Program) -> None:
    for number in range(40):
        run("task", "add", "acme", f"Promise {number}", "--due", "yesterday")
    someone = Person()
    someone.presses("q")
    assert someone.leaves() == 0
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed(someone.seen)
    lines = [line.rstrip() for line in screen.display]
    assert any(line.startswith("1 of 2 · Acme") for line in lines), "the account scrolled away"
    assert any("more: acct today --account acme --all" in line for line in lines)


def test_a_task_of_no_account_can_be_done(run: Program) -> None:
    """It comes from an import; otherwise it can only be postponed."""
    rows = "text,due\nRenew the licence,2026-11-01\n"
    assert run("import", "-", "--as", "task", input=rows).code == 0
    someone = Person()
    someone.presses("k")
    someone.sees("2 of 3 · (no account)")
    someone.presses("l")
    someone.sees("this task belongs to no account")
    someone.presses("d")
    someone.sees("Done: Renew the licence.")
    someone.presses("q")
    assert someone.leaves() == 0


def test_a_script_is_told_what_to_do_instead(run: Program) -> None:
    done = run("today", "-i")
    assert (done.code, "In a script: acct today -f json" in done.err) == (2, True)
    both = run("today", "-i", "--all")
    assert (both.code, "leave out --all" in both.err) == (2, True)


def test_nobody_needs_you(run: Program) -> None:
    done = Person("--tier", "strategic")
    assert done.leaves() == 0
    assert "Nobody needs you today." in done.seen
