from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure, dump, sound
from tests.cli.answers import typing
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

PROFILE = "[icp.industry]\nmatch = { energy = 10, retail = 3 }\n"

VERIFIED = ("--intent", "Asked for pricing", "--opportunity", "Pilot", "--amount", "SGD 50k")


@pytest.fixture(autouse=True)
@filled_once
def konex(run: Program) -> None:
    """Add a lead from a fair, of which nothing else is known."""
    do(
        run,
        ("account", "add", "Konex", "--status", "lead", "--source", "Expo", "--tag", "expo"),
    )


def shown(run: Program, name: str = "konex") -> dict[str, Any]:
    found: dict[str, Any] = run("account", "show", name, "-f", "json").json()
    return found


def notes(run: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("log", "list", "--kind", "note", "-f", "json").json()
    return found


# What is given


def test_a_lead_becomes_a_prospect_with_a_deal_and_a_note(run: Program) -> None:
    done = run("account", "qualify", "konex", *VERIFIED, "--close", "2026-12-31")
    assert done.code == 0
    assert done.err == (
        "Qualified Konex as prospect: intent: Asked for pricing; opportunity: Pilot 50,000 SGD.\n"
    )
    account = shown(run)
    assert account["id"].endswith(done.out.strip())
    assert (account["status"], account["source"], account["tags"]) == ("prospect", "Expo", ["expo"])
    (deal,) = run("deal", "list", "-f", "json").json()
    assert (deal["title"], deal["amount"], deal["currency"]) == ("Pilot", 50_000, "SGD")
    assert (deal["close_date"], deal["stage"]) == ("2026-12-31", "prospecting")
    (note,) = notes(run)
    assert note["summary"] == (
        "Qualified as prospect: intent: Asked for pricing; opportunity: Pilot 50,000 SGD"
    )
    assert (note["account"], note["deal"], note["body"]) == ("Konex", "Pilot", None)
    assert "Qualified as prospect" in run("account", "timeline", "konex").out


def test_it_is_one_undo(run: Program, book: Path) -> None:
    before = dump(book)
    do(run, ("account", "qualify", "konex", *VERIFIED))
    assert dump(book) != before
    do(run, ("undo",))
    assert dump(book) == before
    assert sound(book)


def test_a_record_comes_back_as_json(run: Program) -> None:
    record = run("account", "qualify", "konex", *VERIFIED, "-f", "json").json()
    assert (record["name"], record["status"]) == ("Konex", "prospect")


def test_a_long_reason_is_kept_whole(run: Program) -> None:
    intent = "Wants it all " * 30
    do(run, ("account", "qualify", "konex", "--intent", intent.strip(), *VERIFIED[2:]))
    (note,) = notes(run)
    assert len(note["summary"]) <= 250
    assert intent.strip() in note["body"]


def test_the_users_rules_for_logs_do_not_stop_the_note(run: Program, home: Path) -> None:
    configure(home, '[required.all]\nlog = ["contacts"]\n')
    do(run, ("account", "qualify", "konex", *VERIFIED))
    assert len(notes(run)) == 1


def test_what_a_required_field_of_the_deal_asks_for_can_be_done(run: Program, home: Path) -> None:
    configure(home, '[required.all]\ndeal = ["amount", "source"]\n')
    words = ("account", "qualify", "konex", "--intent", "x", "--opportunity", "Pilot", "--anyway")
    assert run(*words, "--amount", "5").err == (
        "acct: a deal needs source (the [required] rules of the book). "
        "Enter it by itself: acct deal add\n"
    )
    configure(home, '[required.all]\ndeal = ["amount"]\n')
    assert run(*words).err.endswith("Add --amount\n")


# What the book shows


def test_what_is_not_verified_is_named_with_what_would_give_it(run: Program) -> None:
    done = run("account", "qualify", "konex")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "acct: Konex is not verified as a prospect: intent: no buying signal in 90 days "
        "(--intent TEXT); opportunity: no open deal (--opportunity TITLE --amount AMOUNT "
        "--close DAY). Nothing was changed. To go ahead anyway: --anyway\n"
    )
    assert shown(run)["status"] == "lead"


def test_anyway_says_what_was_not_verified(run: Program) -> None:
    done = run("account", "qualify", "konex", "--anyway", "--intent", "Asked for pricing.")
    assert done.code == 0
    (note,) = notes(run)
    assert note["summary"] == (
        "Qualified as prospect: intent: Asked for pricing.; not verified: opportunity"
    )


def test_log_and_deals_speak_for_themselves(run: Program) -> None:
    do(
        run,
        ("log", "email", "konex", "How much is it?", "--in", "--at", "2026-11-10 10:00"),
        ("log", "email", "konex", "Prices attached", "--at", "2026-11-12 10:00"),
        ("deal", "add", "konex", "Pilot", "--amount", "SGD 50k"),
        ("deal", "add", "konex", "Rollout"),
        ("account", "qualify", "konex"),
    )
    (note,) = notes(run)
    assert note["summary"] == (
        "Qualified as prospect: intent: email from them Tue 10 Nov, How much is it?; "
        "opportunity: Pilot 50,000 SGD and Rollout"
    )


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (("meeting", "konex", "Kick-off"), True),
        (("demo", "konex", "Historian"), True),
        (("call", "konex", "They rang", "--in"), True),
        (("call", "konex", "We rang"), False),
        (("email", "konex", "Offer"), False),
        (("ticket", "konex", "Broken"), False),
        (("survey", "konex", "NPS", "--nps", "9"), False),
        (("meeting", "konex", "Long ago", "--at", "2026-08-01 10:00"), False),
    ],
)
def test_what_counts_as_intent(run: Program, words: tuple[str, ...], *, counts: bool) -> None:
    do(run, ("log", *words), ("deal", "add", "konex", "Pilot"))
    assert run("account", "qualify", "konex").code == (0 if counts else 4)


def test_fit_is_verified_by_the_profile_or_by_what_is_said(run: Program, home: Path) -> None:
    configure(home, PROFILE)
    unknown = run("account", "qualify", "konex", *VERIFIED)
    assert unknown.code == 4
    assert "as a prospect: fit: 0 of 1 criterion known (--fit-note TEXT). Nothing" in unknown.err
    do(run, ("account", "edit", "konex", "--industry", "retail"))
    low = run("account", "qualify", "konex", *VERIFIED)
    assert low.code == 4
    assert "fit 30, below 50 (--fit-note TEXT)" in low.err
    do(run, ("account", "qualify", "konex", *VERIFIED, "--fit-note", "Own plants"))
    assert notes(run)[0]["summary"].startswith("Qualified as prospect: fit 30: Own plants; intent")
    do(run, ("undo",), ("config", "set", "score.qualified_fit", "30"))
    do(run, ("account", "qualify", "konex", *VERIFIED))
    assert notes(run)[0]["summary"].startswith("Qualified as prospect: fit 30; intent")


# Customers


def test_a_customer_has_bought(run: Program) -> None:
    refused = run("account", "qualify", "konex", "--as", "customer", *VERIFIED)
    assert refused.code == 4
    gives = "acct deal win, or acct purchase add A-0001"
    assert f"nothing won or bought yet ({gives})" in refused.err
    do(
        run,
        ("account", "qualify", "konex", *VERIFIED),
        ("deal", "win", "pilot", "--keep-status"),
        ("account", "qualify", "konex", "--as", "customer"),
    )
    assert shown(run)["status"] == "customer"
    assert "Qualified as customer: has bought" in [note["summary"] for note in notes(run)]


def test_whoever_bought_is_a_customer_whatever_the_profile_says(run: Program, home: Path) -> None:
    configure(home, PROFILE)
    do(
        run,
        ("account", "edit", "konex", "--industry", "retail"),
        ("purchase", "add", "konex", "SGD 500"),
    )
    done = run("account", "qualify", "konex", "--as", "customer")
    assert done.err == "Qualified Konex as customer: has bought.\n"


def test_a_lead_that_bought_wants_something(run: Program) -> None:
    do(run, ("purchase", "add", "konex", "SGD 500"), ("account", "qualify", "konex"))
    assert notes(run)[0]["summary"] == (
        "Qualified as prospect: intent: has bought; opportunity: has bought"
    )


def test_what_is_said_of_a_customer_is_kept(run: Program) -> None:
    do(
        run,
        ("purchase", "add", "konex", "SGD 500"),
        ("account", "qualify", "konex", "--as", "customer", *VERIFIED),
    )
    assert notes(run)[0]["summary"] == (
        "Qualified as customer: intent: Asked for pricing; opportunity: Pilot 50,000 SGD; "
        "has bought"
    )


@pytest.mark.parametrize(
    ("status", "target", "says"),
    [
        ("prospect", "prospect", "Konex is already a prospect. If they have bought: acct account"),
        ("customer", "prospect", "Konex is already a customer; there is nothing to qualify"),
        ("customer", "customer", "Konex is already a customer; there is nothing to qualify"),
        ("former", "prospect", "Konex is a former customer. To start over: acct account edit"),
    ],
)
def test_what_is_that_much_already(run: Program, status: str, target: str, says: str) -> None:
    do(run, ("account", "edit", "konex", "--status", status))
    done = run("account", "qualify", "konex", "--as", target, "--anyway")
    assert done.code == 4
    assert says in done.err
    assert notes(run) == []


# Several


def test_several_are_qualified_together_or_not_at_all(run: Program) -> None:
    do(
        run,
        ("account", "add", "Globex", "--status", "lead"),
        ("deal", "add", "konex", "Pilot"),
    )
    ids = run("account", "list", "--status", "lead", "-f", "ids").out
    refused = run("account", "qualify", "-", "--intent", "Came to our booth", input=ids)
    assert refused.code == 4
    assert refused.err == (
        "acct: 1 of 2 accounts are not verified as prospects: Globex (opportunity). "
        "Nothing was changed. To go ahead anyway: --anyway\n"
    )
    assert shown(run)["status"] == "lead"
    done = run("account", "qualify", "-", "--intent", "Came to our booth", "--anyway", input=ids)
    assert done.err == "Qualified 2 accounts as prospects.\n"
    assert len(done.out.split()) == 2
    assert {row["status"] for row in run("account", "list", "-f", "json").json()} == {"prospect"}
    assert len(notes(run)) == 2
    do(run, ("undo",))
    assert {row["status"] for row in run("account", "list", "-f", "json").json()} == {"lead"}


def test_a_qualified_lead_counts_for_its_source(run: Program) -> None:
    do(run, ("account", "add", "Globex", "--status", "lead", "--source", "Expo"))
    do(run, ("account", "qualify", "konex", *VERIFIED))
    (expo,) = [
        line
        for line in run("report", "sources", "-f", "json").json()["sources"]
        if line["name"] == "Expo"
    ]
    assert (expo["leads"], expo["qualified"]) == (2, 1)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("konex", "--as", "partner"), 2, 'unknown --as "partner" (use prospect or customer)'),
        (("konex", "--amount", "5k"), 2, "--amount and --close are of the deal that --opportunity"),
        (("konex", *VERIFIED, "--close", "whenever"), 2, "--close whenever is not a date"),
        (("konex", "--intent", " "), 4, "--intent is empty"),
        (("konex", "globex", *VERIFIED), 2, "--opportunity is for one account"),
        (("nobody", *VERIFIED), 3, 'no account "nobody"'),
    ],
)
def test_what_is_refused(run: Program, words: tuple[str, ...], code: int, says: str) -> None:
    done = run("account", "qualify", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert shown(run)["status"] == "lead"


# The interview

Ask = Callable[..., str]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, run: Program) -> Ask:
    """Run `qualify` on a terminal with these answers; return its output. `yes` confirms."""

    def answer(
        *answers: str | BaseException, code: int = 0, yes: bool = True, words: tuple[str, ...] = ()
    ) -> str:
        left = typing(monkeypatch, answers)
        done = run("account", "qualify", "konex", *words, input="y\n" if yes else "n\n")
        assert done.code == code, done.err
        assert next(left, None) is None, "not everything was asked"
        return done.err

    return answer


def kept(said: str) -> list[str]:
    """Return the words of the command line that was kept."""
    path = Path(said.rpartition("kept in ")[2].strip())
    return shlex.split(path.read_text())


def test_what_is_missing_is_asked_for(run: Program, ask: Ask) -> None:
    said = ask("Asked for pricing", "Pilot", "SGD 50k", "2026-12-31")
    assert "Konex, lead, as a prospect:\n" in said
    assert "  fit: no ideal customer profile set: [icp] in the settings (left out)\n" in said
    assert "  intent: no buying signal in 90 days (not verified)\n" in said
    assert "Not verified" not in said
    (deal,) = run("deal", "list", "-f", "json").json()
    assert (deal["title"], deal["amount"], deal["close_date"]) == ("Pilot", 50_000, "2026-12-31")
    assert shown(run)["status"] == "prospect"


def test_a_wrong_answer_is_asked_for_again(ask: Ask) -> None:
    said = ask("Asked", "Pilot", "lots", "5k", "whenever", "")
    assert "acct: --amount lots is not an amount" in said


def test_what_is_verified_is_not_asked_for(run: Program, ask: Ask) -> None:
    do(run, ("log", "meeting", "konex", "Kick-off"), ("deal", "add", "konex", "Pilot"))
    said = ask()
    assert "  intent: meeting today, Kick-off (verified)\n" in said
    assert "Press Enter" not in said


def test_a_gap_is_confirmed(run: Program, ask: Ask) -> None:
    said = ask("Asked for pricing", "")
    assert "Not verified: opportunity. Make it a prospect anyway? [y/N]\n" in said
    assert notes(run)[0]["summary"].endswith("not verified: opportunity")


def test_answers_are_kept_where_nothing_comes_of_them(run: Program, ask: Ask) -> None:
    said = ask("Asked; $HOME", "", code=130, yes=False)
    assert kept(said) == [
        *("acct", "account", "qualify", "konex", "--as=prospect", "--intent=Asked; $HOME")
    ]
    said = ask("Asked", "Pilot", KeyboardInterrupt(), code=130)
    assert kept(said)[-2:] == ["--intent=Asked", "--opportunity=Pilot"]
    assert shown(run)["status"] == "lead"
    assert "kept" not in ask(EOFError(), code=130)


def test_the_kept_command_line_can_be_run(run: Program, ask: Ask) -> None:
    said = ask("Asked", "Pilot", "5k", KeyboardInterrupt(), code=130)
    do(run, tuple(kept(said)[1:]))
    assert shown(run)["status"] == "prospect"


def test_with_options_nothing_is_asked(ask: Ask) -> None:
    said = ask(words=("--intent", "Asked"), code=4)
    assert "--opportunity TITLE" in said


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_the_interview_on_a_real_terminal(run: Program) -> None:
    import pexpect

    words = ["-m", "acctcli", "account", "qualify", "konex"]
    child = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=30)
    for question, answer in (
        ("What do they want", "Asked for pricing"),
        ("What could you sell", "Pilot"),
        ("Amount?", "50k"),
        ("Expected close date", ""),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect("Qualified Konex as prospect")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert shown(run)["status"] == "prospect"
