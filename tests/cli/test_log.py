from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once
from tests.promises.test_hints import shown

from acctcli.model import LOG_KINDS

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil \u200b"

NOT_FOR_A_LINE = ("rich", "sqlite_utils", "dateutil", "csv", "decimal", "phonenumbers", "rapidfuzz")


@pytest.fixture(autouse=True)
@filled_once
def two_accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    run("account", "add", "Kan-code")
    run("contact", "add", "Mei Tan", "--account", "greentech")
    run("contact", "add", "Raj Nair", "--account", "greentech")


def logged(run: Program, *words: str) -> dict[str, Any]:
    """Log something; return the record."""
    done = run("log", *words, "-f", "json")
    assert done.code == 0, done.err
    record: dict[str, Any] = done.json()
    return record


def only_task(run: Program) -> dict[str, Any]:
    (task,) = run("task", "list", "-f", "json").json()
    return dict(task)


# logging


def test_one_line_after_a_call_is_enough(run: Program) -> None:
    done = run(
        *("log", "call", "greentech", "Walked Mei through pricing; wants a phased rollout"),
        *("--with", "mei", "--next", "Send phased quote", "--due", "fri"),
    )
    assert done.code == 0
    assert done.err == (
        "Logged call with GreenTech Ltd (Mei Tan). Next: Send phased quote, due Fri 27 Nov.\n"
    )
    (log,) = run("log", "list", "-f", "json").json()
    assert log["id"].endswith(done.out.strip())
    assert log["summary"] == "Walked Mei through pricing; wants a phased rollout"
    assert (log["kind"], log["direction"]) == ("call", None)
    assert (log["at"], log["contacts"]) == ("2026-11-22T12:00:00Z", ["Mei Tan"])
    task = only_task(run)
    assert (task["text"], task["due"], task["owed_by"]) == ("Send phased quote", "2026-11-27", "us")
    assert (task["contact"], task["log_id"]) == ("Mei Tan", log["id"])
    assert task["account"] == "GreenTech Ltd"


def test_people_of_another_account_are_named(run: Program) -> None:
    run("contact", "add", "Brooke", "--account", "kan-code")
    run("contact", "add", "Jo Bell")
    done = run("log", "call", "greentech", "Hi", "--with", "brooke", "--with", "mei")
    assert done.err == (
        "acct: Brooke is at Kan-code, not at GreenTech Ltd\n"
        "Logged call with GreenTech Ltd (Brooke and Mei Tan).\n"
    )
    task = run("task", "add", "greentech", "Call", "--contact", "jo bell")
    assert task.err.startswith("acct: Jo Bell is not linked to GreenTech Ltd\n")
    run("deal", "add", "greentech", "Rollout")
    part = run("deal", "contact", "rollout", "brooke")
    assert part.err.startswith("acct: Brooke is at Kan-code, not at GreenTech Ltd\n")
    run("contact", "link", "brooke", "--account", "greentech")
    linked = run("log", "call", "greentech", "Hi", "--with", "brooke")
    assert linked.err == "Logged call with GreenTech Ltd (Brooke).\n"


def test_a_next_step_that_is_a_question_has_one_stop(run: Program) -> None:
    done = run("log", "call", "greentech", "Hi", "--next", "Is there a proposal?")
    assert done.err.endswith(" Next: Is there a proposal?\n")


def test_undo_takes_back_the_promise_with_the_call(run: Program) -> None:
    run("log", "call", "greentech", "Pricing", "--next", "Quote", "--they-owe", "Reference")
    assert len(run("task", "list", "-f", "json").json()) == 2
    undone = run("undo")
    assert undone.code == 0, undone.err
    assert run("task", "list", "-f", "json").json() == []
    assert run("log", "list", "-f", "json").json() == []


@pytest.mark.parametrize("kind", LOG_KINDS)
def test_every_kind_has_its_command(run: Program, kind: str) -> None:
    record = logged(run, kind, "greentech", "What was said")
    out = ("email", "proposal", "social")
    direction = "out" if kind in out else "in" if kind in ("ticket", "survey") else None
    assert (record["kind"], record["direction"]) == (kind, direction)
    helped = run("log", kind, "--help")
    assert helped.code == 0
    assert f"acct log {kind} greentech" in helped.out
    same = logged(run, "add", "--kind", kind, "greentech", "What was said")
    assert (same["kind"], same["direction"]) == (kind, direction)


@pytest.mark.parametrize(
    ("words", "direction", "says"),
    [
        (["email", "--in"], "in", "Logged email from GreenTech Ltd."),
        (["email"], "out", "Logged email to GreenTech Ltd."),
        (["call", "--out"], "out", "Logged call to GreenTech Ltd."),
        (["call", "--direction", "in"], "in", "Logged call from GreenTech Ltd."),
        (["note"], None, "Logged note on GreenTech Ltd."),
    ],
)
def test_who_came_to_whom(run: Program, words: list[str], direction: str | None, says: str) -> None:
    kind, *options = words
    done = run("log", kind, "greentech", "x", *options, "-f", "json")
    assert done.json()["direction"] == direction
    assert done.err == f"{says}\n"


def test_every_option_of_the_record(run: Program) -> None:
    run("deal", "add", "greentech", "Platform rollout")
    record = logged(
        run,
        *("meeting", "greentech", "Kick-off", "--with", "mei", "--with", "raj"),
        *("--deal", "platform", "--at", "yesterday 9am", "--duration", "1h30m"),
        *("--outcome", "wants a pilot", "--body", "Two lines\nof text"),
    )
    assert record["contacts"] == ["Mei Tan", "Raj Nair"]
    assert record["deal"] == "Platform rollout"
    assert record["at"] == "2026-11-21T09:00:00Z"
    assert record["duration"] == 90
    assert record["outcome"] == "wants a pilot"
    assert record["body"] == "Two lines\nof text"


def test_the_body_may_come_from_stdin(run: Program) -> None:
    done = run(
        *("log", "email", "greentech", "Their mail", "--body", "-", "-f", "json"),
        input="Dear you,\r\n\r\nyes.\n",
    )
    assert done.json()["body"] == "Dear you,\n\nyes."


def test_what_they_promised_is_a_task_of_theirs(run: Program) -> None:
    done = run(
        *("log", "call", "greentech", "x", "--with", "mei"),
        *("--they-owe", "Reference call", "--they-due", "2w"),
    )
    assert done.err.endswith("They owe: Reference call, due Sun 6 Dec.\n")
    task = only_task(run)
    assert (task["owed_by"], task["contact"], task["due"]) == ("them", "Mei Tan", "2026-12-06")


def test_the_promise_is_about_the_deal_of_the_log(run: Program) -> None:
    run("deal", "add", "greentech", "Platform rollout")
    run("log", "call", "greentech", "x", "--deal", "platform", "--next", "Quote")
    task = only_task(run)
    assert (task["deal"], task["contact"], task["due"]) == ("Platform rollout", None, None)


def test_a_person_of_another_account_may_have_been_there(run: Program) -> None:
    run("contact", "add", "Ana Lim", "--account", "kan")
    assert logged(run, "call", "greentech", "x", "--with", "ana")["contacts"] == ["Ana Lim"]


def test_people_of_the_account_and_those_linked_to_it_are_meant_first(run: Program) -> None:
    run("contact", "add", "Mei Ling", "--account", "kan")
    assert logged(run, "call", "greentech", "x", "--with", "mei")["contacts"] == ["Mei Tan"]
    assert logged(run, "call", "kan", "x", "--with", "mei")["contacts"] == ["Mei Ling"]
    run("account", "add", "Condax")
    assert run("log", "call", "condax", "x", "--with", "mei").code == 4
    run("contact", "link", "mei ling", "--account", "condax")
    assert logged(run, "call", "condax", "x", "--with", "mei")["contacts"] == ["Mei Ling"]


def test_one_line_for_many_accounts(run: Program) -> None:
    ids = run("account", "list", "-f", "ids").out
    done = run("log", "email", "-", "Sent the newsletter", "--next", "Ask", input=ids)
    assert done.code == 0
    assert done.err == "Logged email to 2 accounts. Next: Ask.\n"
    assert len(done.out.splitlines()) == 2
    assert len(run("task", "list", "-f", "json").json()) == 2


def test_who_asked_to_be_left_alone_is_named_but_logged(run: Program) -> None:
    run("contact", "edit", "mei", "raj", "--do-not-contact")
    done = run("log", "email", "greentech", "x", "--with", "mei", "--with", "raj")
    assert done.code == 0
    assert "acct: Mei Tan and Raj Nair asked not to be contacted\n" in done.err
    assert (
        "not to be contacted"
        not in run("log", "email", "greentech", "x", "--in", "--with", "mei").err
    )
    assert "not to be contacted" not in run("log", "note", "greentech", "x", "--with", "mei").err
    assert len(run("log", "list", "-f", "json").json()) == 3


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["call", "greentech"], 2, "SUMMARY"),
        (["call", "greentech", "  "], 2, "SUMMARY is empty"),
        (["call", "greentech", "two\nlines"], 4, "has a line break"),
        (["call", "nobody", "x"], 3, 'no account "nobody"'),
        (
            ["call", "greentech", "x", "--at", "tomorrow 9am"],
            4,
            "at Mon 23 Nov 2026 09:00 is in the",
        ),
        (["call", "greentech", "x", "--at", "01/02/2026"], 2, "reads as 1 February or 2 January"),
        (["call", "greentech", "x", "--due", "fri"], 2, "--due says when, --next says what"),
        (["call", "greentech", "x", "--they-due", "fri"], 2, "--they-due says when"),
        (["call", "greentech", "x", "--in", "--direction", "out"], 2, "--in and --direction out"),
        (["call", "greentech", "x", "--direction", "up"], 4, 'unknown direction "up"'),
        (["add", "greentech", "x", "--kind", "call", "--score", "9"], 4, "only a survey has one"),
        (["survey", "greentech", "x", "--nps", "11"], 4, "score 11 is neither 0 to 10"),
        (["survey", "greentech", "x", "--csat", "6"], 4, "score 6 is not from 1 to 5"),
        (["survey", "greentech", "x", "--nps", "5", "--csat", "5"], 2, "are two scales"),
        (["call", "greentech", "x", "--resolved-at", "now"], 4, "only a ticket is resolved"),
        (
            ["ticket", "greentech", "x", "--resolved-at", "2026-11-20"],
            4,
            "resolved at Fri 20 Nov 2026 12:00 is before the ticket came",
        ),
        (["add", "greentech", "x", "--kind", "lunch"], 4, 'unknown kind "lunch"'),
        (["add", "greentech", "x"], 2, "--kind"),
        (["call", "greentech", "x", "--next", "Quote", "--due", "someday"], 2, "--due"),
        (["call", "greentech", "x", "--with", "me\nyou"], 4, "line break"),
        (["call", "greentech", "x", "--deal", "nothing"], 3, 'no deal "nothing"'),
    ],
)
def test_what_cannot_have_been_is_refused(
    run: Program, words: list[str], code: int, says: str
) -> None:
    refused = run("log", *words)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert refused.err.count("\n") == 1
    assert run("log", "list", "-f", "json").json() == []
    assert run("task", "list", "-f", "json").json() == []


def test_an_unknown_person_comes_with_the_command_that_adds_them(run: Program) -> None:
    refused = run("log", "call", "greentech", "x", "--with", "Bob O'Hara")
    assert refused.code == 3
    assert refused.err == (
        'acct: no contact "Bob O\'Hara". '
        "New: acct contact add 'Bob O'\"'\"'Hara' --account 'GreenTech Ltd'\n"
    )
    assert run("log", "list", "-f", "json").json() == []


@pytest.mark.parametrize("score", ["0", "10"])
def test_scores_of_a_survey(run: Program, score: str) -> None:
    found = logged(run, "survey", "greentech", "x", "--nps", score)
    assert (found["score"], found["scale"]) == (int(score), "nps")


def test_csat_is_another_scale(run: Program) -> None:
    found = logged(run, "survey", "greentech", "x", "--csat", "4")
    assert (found["score"], found["scale"]) == (4, "csat")


@pytest.mark.parametrize("outcome", ["voicemail", "No answer", "no-show", " BUSY "])
def test_an_outcome_that_reached_nobody_makes_an_attempt(run: Program, outcome: str) -> None:
    assert logged(run, "call", "greentech", "x", "--outcome", outcome)["attempt"] is True
    assert logged(run, "call", "greentech", "x", "--outcome", "connected")["attempt"] is False
    answered = logged(run, "call", "greentech", "x", "--outcome", outcome, "--answer")
    assert answered["attempt"] is False
    assert logged(run, "email", "greentech", "x", "--outcome", outcome)["attempt"] is False


def test_an_attempt_is_no_contact_and_is_counted_as_activity(run: Program) -> None:
    logged(run, "call", "greentech", "Nobody there", "--with", "mei", "--no-answer")
    account = run("account", "show", "greentech", "-f", "json").json()
    assert account["last_touch"] is None
    assert run("contact", "show", "mei", "-f", "json").json()["last_touch"] is None
    total = run("report", "activity", "-f", "json").json()["total"]
    assert (total["interactions"], total["two_way"]) == (1, 0)


def test_a_later_outcome_changes_whether_anybody_was_reached(run: Program) -> None:
    id = logged(run, "call", "greentech", "x", "--outcome", "voicemail")["id"]
    edited = run("log", "edit", id, "--outcome", "connected", "-f", "json").json()
    assert edited["attempt"] is False
    run("log", "edit", id, "--no-answer")
    edited = run("log", "edit", id, "--outcome", "will call back", "-f", "json").json()
    assert edited["attempt"] is True


# list, show, edit, delete


def test_list_filters(run: Program) -> None:
    run("deal", "add", "greentech", "Platform rollout")
    run("log", "call", "greentech", "one", "--with", "mei", "--at", "2026-11-20 23:30")
    run(
        "log", "email", "greentech", "two", "--in", "--at", "2026-11-21 00:30", "--deal", "platform"
    )
    run("log", "note", "kan", "three")

    def said(*words: str) -> list[str]:
        found = run("log", "list", "--columns", "summary", *words)
        assert found.code == 0, found.err
        return found.out.splitlines()

    assert said() == ["three", "two", "one"]
    assert said("--account", "greentech") == ["two", "one"]
    assert said("--kind", "call,note", "--sort", "at") == ["one", "three"]
    assert said("--direction", "in") == ["two"]
    assert said("--with", "mei") == ["one"]
    assert said("--deal", "platform") == ["two"]
    assert said("--since", "2026-11-21") == ["three", "two"]
    assert said("--since", "1d") == ["three", "two"]
    assert said("--until", "2026-11-20") == ["one"]
    assert said("--since", "2026-11-21", "--until", "2026-11-21") == ["two"]
    assert said("--where", "summary ~ THREE") == ["three"]
    backwards = run("log", "list", "--since", "today", "--until", "2026-11-20")
    assert backwards.code == 2
    assert "--since Sun 22 Nov 2026 is after --until Fri 20 Nov 2026" in backwards.err
    assert run("log", "list", "--since", "whenever").code == 2
    assert "in the future" in run("log", "list", "--since", "tomorrow").err


def test_show_has_the_whole_text_and_what_came_of_it(run: Program) -> None:
    run("deal", "add", "greentech", "Platform rollout")
    id = logged(
        run,
        *("email", "greentech", "Their questions", "--in", "--with", "mei", "--deal", "platform"),
        *("--body", "First\nSecond", "--next", "Answer", "--due", "fri", "--they-owe", "Data"),
        *("--outcome", "hopeful", "--duration", "1h"),
    )["id"]
    page = run("log", "show", id[-4:], "-f", "json").json()
    assert page["id"] == id
    assert page["body"] == "First\nSecond"
    assert {task["text"] for task in page["tasks"]} == {"Answer", "Data"}
    shown = run("log", "show", id)
    assert shown.code == 0
    for words in (
        "Their questions",
        "email · GreenTech Ltd · today 12:00",
        "in: they came to us",
        "Platform rollout",
        "First\nSecond\n",
        "Fri 27 Nov  Answer",
        "they owe",
        "hopeful",
    ):
        assert words in shown.out
    assert run("log", "show", "ffff0000").code == 3


def test_show_of_a_survey_and_a_ticket(run: Program) -> None:
    survey = logged(run, "survey", "greentech", "Would not recommend us", "--nps", "0")["id"]
    assert "score" in run("log", "show", survey).out
    ticket = logged(run, "ticket", "greentech", "Export fails", "--at", "yesterday 9am")["id"]
    assert "resolved" not in run("log", "show", ticket).out
    resolved = run("log", "edit", ticket, "--resolved-at", "now", "-f", "json")
    assert resolved.json()["resolved_at"] == "2026-11-22T12:00:00Z"
    assert "resolved   today 12:00" in run("log", "show", ticket).out


def test_edit_keeps_the_same_rules(run: Program) -> None:
    id = logged(run, "call", "greentech", "x", "--with", "mei")["id"]
    edited = run("log", "edit", id, "--with", "raj", "--outcome", "connected")
    assert edited.code == 0
    assert set(edited.err.strip().removeprefix("Changed ").split(" of ")[0].split(", ")) == {
        "contacts",
        "outcome",
    }
    assert run("log", "list", "-f", "json").json()[0]["contacts"] == ["Raj Nair"]
    for words, says in (
        (["--score", "3"], "only a survey has one"),
        (["--at", "tomorrow"], "in the future"),
        (["--kind", "lunch"], "unknown kind"),
        (["--summary", ""], "cannot be empty"),
    ):
        refused = run("log", "edit", id, *words)
        assert refused.code == 4, words
        assert says in refused.err
    survey = logged(run, "survey", "greentech", "x", "--nps", "3")["id"]
    assert run("log", "edit", survey, "--kind", "call").code == 4


def test_delete_leaves_the_promise(run: Program) -> None:
    id = logged(run, "call", "greentech", "Pricing", "--with", "mei", "--next", "Quote")["id"]
    assert run("log", "delete", id).code == 2
    assert run("log", "delete", id, "--yes").err.startswith("Deleted Pricing")
    assert run("log", "list", "-f", "json").json() == []
    assert only_task(run)["log_id"] is None


def test_hostile_text_is_shown_but_does_nothing(run: Program) -> None:
    run("contact", "add", HOSTILE, "--account", "greentech")
    done = run(
        *("log", "call", "greentech", HOSTILE, "--with", "bold", "--next", HOSTILE),
        *("--outcome", HOSTILE, "--body", f"{HOSTILE}\nand {HOSTILE}"),
    )
    assert done.code == 0, done.err
    seen = done.err
    for words in (
        ["show", done.out.strip()],
        ["list"],
        ["list", "-f", "csv"],
        ["list", "-f", "jsonl"],
    ):
        answer = run("log", *words)
        assert answer.code == 0, answer.err
        seen += answer.err + (answer.out if "csv" not in words else "")
    assert not {"\x1b", "\u202e", "\u200b"} & set(seen)
    assert r"\x1b[31mRed\u202e [/bold]:100: O'Neil" in seen


# start-up


def test_what_a_required_field_of_a_promise_asks_for_can_be_done(run: Program, home: Path) -> None:
    def answer(required: str, *words: str) -> str:
        configure(home, f"[required.all]\ntask = {required}\n")
        refused = run("log", "call", "greentech", "x", *words)
        assert refused.code == 4
        return refused.err.partition("(the [required] rules of the book). ")[2]

    assert answer('["due"]', "--next", "Quote") == "Add --due\n"
    assert answer('["due"]', "--they-owe", "Quote") == "Add --they-due\n"
    assert answer('["contact"]', "--next", "Quote") == "Add --with\n"
    assert answer('["every"]', "--next", "Quote") == "Enter it by itself: acct task add\n"


def test_logging_loads_nothing_that_draws_or_is_not_needed(home: Path) -> None:
    words = ["log", "call", "greentech", "x", "--with", "mei", "--next", "Quote", "--due", "fri"]
    program = (
        "import json, sys\n"
        "from acctcli.main import run\n"
        f"code = run({words!r})\n"
        "print(json.dumps([code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert "acctcli.cli.log" in modules
    assert [name for name in NOT_FOR_A_LINE if name in modules] == []


def test_tickets_say_since_when_they_are_open_and_who_owes_the_answer(run: Program) -> None:
    for name in ("Acme", "Beta", "Gamma"):
        run("account", "add", name)
    for name in ("acme", "beta", "gamma"):
        run("log", "ticket", name, "Printer down", "--in", "--at", "2026-11-10 09:00")
    run("log", "email", "acme", "We look into it", "--at", "2026-11-11 09:00")
    run("log", "email", "beta", "On it", "--at", "2026-11-11 09:00")
    run("log", "email", "beta", "Still down", "--in", "--at", "2026-11-12 09:00")
    run("log", "note", "gamma", "Heard of it", "--at", "2026-11-12 09:00")
    # Nobody was reached, or it was before the ticket: neither is an answer.
    run("log", "call", "gamma", "Tried", "--no-answer", "--at", "2026-11-12 10:00")
    run("log", "call", "gamma", "Pricing", "--at", "2026-11-10 08:00")
    found = run("log", "list", "--tickets", "open", "-f", "json").json()
    assert {row["account"]: row["answer_by"] for row in found} == {
        "Acme": "them",
        "Beta": "us",
        "Gamma": "us",
    }
    assert {row["opened"] for row in found} == {"2026-11-10T09:00:00Z"}
    assert run("log", "edit", found[0]["id"], "--resolved-at", "now").code == 0
    assert len(run("log", "list", "--tickets", "op", "-f", "ids").out.split()) == 2
    (resolved,) = run("log", "list", "--tickets", "resolved", "-f", "json").json()
    assert (resolved["opened"], resolved["answer_by"]) == (None, None)
    assert len(run("log", "list", "--tickets", "all", "-f", "ids").out.split()) == 3
    assert run("log", "list", "--tickets", "none").code == 4


def test_lists_of_logs_have_no_more_columns_than_before(run: Program) -> None:
    run("account", "add", "Acme")
    run("log", "call", "acme", "Hello")
    (row,) = run("log", "list", "-f", "json").json()
    assert not {"opened", "answer_by"} & row.keys()
    assert run("log", "list", "--where", "answer_by = us", "-f", "ids").out == ""


def test_the_foot_of_a_list_of_tickets_counts_tickets(run: Program) -> None:
    do(run, ("account", "add", "Acme"), ("log", "ticket", "acme", "Broken"))
    assert "1 ticket\n" in shown("log", "list", "--tickets", "open").text
    assert "1 interaction" in shown("log", "list").text
    assert "No tickets match." in shown("log", "list", "--tickets", "resolved").text


def test_an_empty_pipe_empties_no_body(run: Program) -> None:
    run("account", "add", "Acme")
    id = run("log", "note", "acme", "Met them", "--body", "What was said", "-f", "ids").out.strip()
    for words in (("log", "edit", id), ("log", "note", "acme", "Again")):
        refused = run(*words, "--body", "-", input=" \n")
        assert (refused.code, "stdin is empty" in refused.err) == (2, True), refused.err
    assert run("log", "show", id, "-f", "json").json()["body"] == "What was said"
    assert len(run("log", "list", "-f", "ids").out.split()) == 1


def test_a_person_in_the_place_of_an_account_is_told_apart(run: Program) -> None:
    refused = run("log", "call", "mei", "Talked")
    assert refused.code == 3
    assert 'no account "mei". Mei Tan, GreenTech Ltd (' in refused.err
    assert ") is a contact. All: acct account list" in refused.err
