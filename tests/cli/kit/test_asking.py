"""Missing arguments and options: asked for on a terminal, refused in a script."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pty")


@pytest.fixture(autouse=True)
@filled_once
def acme(run: Program) -> None:
    run("account", "add", "Acme")


@contextmanager
def typing(*words: str, stdout: Path | None = None) -> Iterator[Any]:
    """Run the command on a terminal of its own; stdout may go into a file."""
    program = (sys.executable, "-m", "acctcli", *words)
    if stdout is not None:
        program = ("sh", "-c", f"{shlex.join(program)} > {shlex.quote(str(stdout))}")
    child = pexpect.spawn(program[0], list(program[1:]), encoding="utf-8", timeout=20)
    try:
        yield child
        child.expect(pexpect.EOF)
    finally:
        child.close()


def answered(*words: str, answers: dict[str, str]) -> tuple[int, str]:
    """Return the exit status and the last message, after these questions with these answers."""
    with typing(*words) as child:
        for question, answer in answers.items():
            child.expect_exact(question)
            child.expect_exact("> ")
            child.sendline(answer)
    return child.exitstatus, child.before


@pytest.mark.parametrize(
    ("words", "answers", "says"),
    [
        (("account", "add"), {"Account name?": "Beta Ltd"}, "Added account A-0002 Beta Ltd"),
        (
            ("contact", "add"),
            {"Full name?": "Mei Tan", "At which account? Enter for none": "acme"},
            "Added contact Mei Tan at Acme.",
        ),
        (
            ("contact", "add", "Mei Tan"),
            {"At which account? Enter for none": ""},
            "To say where they work: acct contact edit",
        ),
        (("product", "add"), {"Product name?": "Support"}, "Added product Support"),
        (
            ("deal", "add"),
            {"Which account?": "acme", "Title of the deal?": "Big one"},
            "Added deal",
        ),
        (("deal", "add", "acme", "--amount", "5k USD"), {"Title of the deal?": "Big one"}, "Big"),
        (("purchase", "add", "acme"), {"Amount paid?": "SGD 1,200"}, "1,200 SGD"),
        (("task", "add", "acme", "--due", "fri"), {"What is to be done?": "Call Mei"}, "Call Mei"),
        (
            ("log", "add", "acme"),
            {"Which kind? (call, ": "call", "What was said?": "Hello"},
            "Logged call with Acme.",
        ),
        (("log", "call"), {"Which account?": "acme", "What was said?": "Hello"}, "Logged call"),
        (("account", "snooze", "acme"), {"Until which day?": "2w"}, "Snoozed Acme until Sun 6 Dec"),
        (
            ("account", "snooze"),
            {"Which account?": "acme", "Until which day?": "2w"},
            "Snoozed Acme until Sun 6 Dec",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_missing_is_asked_for(
    words: tuple[str, ...], answers: dict[str, str], says: str
) -> None:
    status, said = answered(*words, answers=answers)
    assert (status, says in said) == (0, True), said


def test_the_day_is_asked_for_and_not_the_task(run: Program) -> None:
    id = run("task", "add", "acme", "Call Mei", "--due", "fri").out.strip()
    status, said = answered("task", "snooze", id, answers={"Until which day?": "mon"})
    assert (status, "Snoozed Call Mei until tomorrow" in said) == (0, True), said


@pytest.mark.parametrize("way", [("move", "big", "lost"), ("lose", "big")])
def test_a_deal_is_not_lost_without_its_reason(run: Program, way: tuple[str, ...]) -> None:
    run("deal", "add", "acme", "Big one")
    status, said = answered("deal", *way, answers={"Why was it lost?": "Budget cut"})
    assert status == 0, said
    assert run("deal", "show", "big", "-f", "json").json()["lost_reason"] == "Budget cut"


def test_a_field_that_only_the_rules_want_is_asked_for(run: Program) -> None:
    run("deal", "add", "acme", "Big one")
    status, said = answered(
        "deal", "edit", "big", "--stage", "lost", answers={"Lost reason?": "No"}
    )
    assert status == 0, said
    assert run("deal", "show", "big", "-f", "json").json()["lost_reason"] == "No"


def test_what_your_own_rules_require_is_asked_for(run: Program, home: Path) -> None:
    rules = '[required.all]\naccount = ["industry", "region_code"]\n'
    configure(home, f'{rules}[fields.account.region_code]\ntype = "text"\n')
    answers = {"Industry?": "energy", "Region code?": "N7"}
    status, said = answered("account", "add", "Beta", answers=answers)
    assert status == 0, said
    beta = run("account", "show", "beta", "-f", "json").json()
    assert (beta["industry"], beta["region_code"]) == ("energy", "N7")


def test_an_answer_that_cannot_be_read_is_asked_again(run: Program) -> None:
    run("deal", "add", "acme", "Big one")
    with typing("deal", "move", "big") as child:
        child.expect_exact("Which stage? (prospecting, qualification, ")
        child.sendline("foo")
        child.expect_exact('unknown stage "foo"')
        child.expect_exact("Which stage?")
        child.sendline("nego")
        child.expect_exact("to negotiation.")
    assert child.exitstatus == 0


def test_the_history_has_the_whole_command(run: Program) -> None:
    answered("task", "add", "acme", "--due", "fri", answers={"What is to be done?": "-5 % less"})
    typed = run("history", "-f", "json").json()[0]["typed"]
    assert typed == "acct task add acme --due fri -- '-5 % less'"


def test_an_empty_answer_saves_nothing(run: Program) -> None:
    status, said = answered("task", "add", "acme", answers={"What is to be done?": ""})
    assert (status, "TEXT is empty. Nothing was saved" in said) == (2, True)


def test_ctrl_c_saves_nothing(run: Program) -> None:
    run("deal", "add", "acme", "Big one")
    with typing("deal", "lose", "big") as child:
        child.expect_exact("Why was it lost?")
        child.sendintr()
        child.expect_exact("nothing was saved")
    assert child.exitstatus == 130


def test_what_was_answered_is_named_by_the_error(run: Program) -> None:
    """The due day is refused after the text was typed; the text must not be lost."""
    status, said = answered(
        *("task", "add", "acme", "--due", "01/02/2027"),
        answers={"What is to be done?": "A long text"},
    )
    assert status == 2
    flat = " ".join(said.split())
    assert "Your command was: acct task add acme --due 01/02/2027 'A long text'" in flat


def test_the_question_stays_out_of_a_file(tmp_path: Path) -> None:
    out = tmp_path / "id"
    with typing("task", "add", "acme", stdout=out) as child:
        child.expect_exact("What is to be done?")
        child.sendline("Call Mei")
        child.expect_exact('Added task "Call Mei"')
    assert len(out.read_text().strip()) == 4


def test_a_script_is_refused(run: Program) -> None:
    for words, says in (
        (("task", "snooze", "3f9a"), "DAY is missing after TASK"),
        (("deal", "add", "acme"), "TITLE is missing"),
        (("contact", "move", "mei"), "--to is missing"),
        (("log", "call", "acme"), "SUMMARY is missing. Type it after the account, or - to read"),
    ):
        refused = run(*words)
        assert (refused.code, says in refused.err) == (2, True), refused.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("log", "call", "nobody"), 'no account "nobody"'),
        (("account", "snooze", "nobody"), 'no account "nobody"'),
        (("deal", "lose", "nothing"), 'no deal "nothing"'),
        (("task", "add", "nobody", "--due", "fri"), 'no account "nobody"'),
    ],
)
def test_a_record_is_looked_up_before_anything_is_asked(words: tuple[str, ...], says: str) -> None:
    with typing(*words) as child:
        child.expect(pexpect.EOF)
        assert f"acct: {says}" in child.before
        assert "> " not in child.before
    assert child.exitstatus == 3


def test_a_wrong_day_is_named_and_asked_for_again() -> None:
    with typing("account", "snooze", "acme") as child:
        child.expect_exact("Until which day?")
        child.sendline("never")
        child.expect_exact('acct: "never" is not a date.')
        child.expect_exact("Until which day?")
        child.sendline("2w")
        child.expect_exact("Snoozed Acme until Sun 6 Dec")


def test_tickets_are_shown_before_one_is_asked_for(run: Program) -> None:
    run("log", "call", "acme", "Hello")
    ticket = run("log", "ticket", "acme", "Export fails").out.strip()
    closed = run("log", "ticket", "acme", "Login fails").out.strip()
    run("log", "edit", closed, "--resolved-at", "now")
    with typing("log", "edit", "--resolved-at", "now") as child:
        child.expect_exact("Which interaction?")
        assert f"  {ticket}  Acme: Export fails" in child.before
        assert "Login fails" not in child.before
        assert "Hello" not in child.before
        child.sendline(ticket)
        child.expect_exact("Changed resolved at of Export fails")


def test_a_setting_is_asked_for_without_looking_up_a_record() -> None:
    with typing("config", "set") as child:
        child.expect_exact("?")
        child.sendline("cadence.key")
        child.expect_exact("New value?")
        child.sendline("28")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 0
