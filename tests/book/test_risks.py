"""The risk of the deals of a small book, through the commands that show it."""

from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.book import risks
from acctcli.book.context import Context


@pytest.fixture
@filled_once
def rollout(run: Program) -> str:
    """A deal that nobody answers for, beside one on course."""
    do(
        run,
        ("account", "add", "GreenTech Ltd"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--role", "champion"),
        (
            *("deal", "add", "greentech", "Rollout", "--amount", "120k", "--currency", "SGD"),
            *("--close", "2026-12-15", "--opened", "2026-10-01"),
        ),
        ("log", "call", "greentech", "Pricing", "--with", "mei", "--at", "2026-11-01 10:00"),
        ("log", "email", "greentech", "Well?", "--at", "2026-11-05 10:00"),
        ("log", "call", "greentech", "Hello?", "--no-answer", "--at", "2026-11-10 10:00"),
        ("account", "add", "Konex"),
        ("contact", "add", "Ana", "--account", "konex", "--role", "economic-buyer"),
        ("deal", "add", "konex", "Pilot", "--close", "2026-12-20"),
        ("log", "call", "konex", "Fine", "--with", "ana"),
        ("task", "add", "konex", "Send quote", "--due", "2026-11-27"),
    )
    return "rollout"


REASONS = [
    "2 messages unanswered, the first 17 days ago",
    "no two-way contact for 21 days",
    "no known signer",
    "no next step",
    "single-threaded: only Mei Tan",
]


def test_the_list_has_the_riskiest_first_with_the_reasons(run: Program, rollout: str) -> None:
    rows = run("deal", "list", "--risk", "-f", "json").json()
    assert [(row["title"], row["risk"]) for row in rows] == [("Rollout", 95), ("Pilot", 0)]
    assert rows[0]["reasons"] == REASONS
    assert rows[0]["amount"] == 120000
    shown = run("deal", "list", "--risk", "-f", "table").out
    assert shown.startswith(" 95  Rollout · GreenTech Ltd · prospecting · 120,000 SGD · closes")
    assert run("deal", "list", "--risk", "--account", "konex", "-f", "ids").out.count("\n") == 1
    assert run("deal", "list", "--risk", "--limit", "1", "-f", "ids").out.count("\n") == 1


@pytest.mark.parametrize("words", [("--won",), ("--sort", "amount"), ("--save", "risky")])
def test_what_does_not_go_with_risk_is_refused(
    run: Program, rollout: str, words: tuple[str, ...]
) -> None:
    refused = run("deal", "list", "--risk", *words)
    assert (refused.code, refused.out) == (2, "")
    assert "--risk lists open deals by their risk" in refused.err


def test_the_page_and_the_board_say_the_same(run: Program, rollout: str) -> None:
    page = run("deal", "show", rollout, "-f", "json").json()
    assert page["risk"]["score"] == 95
    assert [reason["text"] for reason in page["risk"]["reasons"]] == REASONS
    assert f"Risk 95 of 100: {REASONS[0]}" in run("deal", "show", rollout).out
    stages = run("deal", "board", "-f", "json").json()["stages"]
    risks = {deal["title"]: deal["risk"] for stage in stages for deal in stage["deals"]}
    assert risks == {"Rollout": 95, "Pilot": 0}
    assert "risk 95" in run("deal", "board").out
    do(run, ("deal", "lose", rollout, "--reason", "Budget cut"))
    assert run("deal", "show", rollout, "-f", "json").json()["risk"] is None


def test_a_reason_can_be_left_out(run: Program, rollout: str) -> None:
    do(run, ("config", "set", "risk.no_step", "0"))
    assert run("deal", "show", rollout, "-f", "json").json()["risk"]["score"] == 80


def test_what_was_said_to_the_people_is_read_once(sample: Context) -> None:
    """It takes longer than all else that the risk of a deal rests on."""
    statements: list[str] = []
    with sample.read() as con:
        accounts = [id for (id,) in con.execute("SELECT account_id FROM deal")]
        con.set_trace_callback(statements.append)
        assert risks.of_deals(sample, con, accounts)
        con.set_trace_callback(None)
    assert sum("log_contact" in one for one in statements) == 1


def test_touches_of_others_change_no_risk(sample: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with sample.read() as con:
        accounts = [id for (id,) in con.execute("SELECT account_id FROM deal")]
        some = risks.of_deals(sample, con, accounts)
        monkeypatch.setattr(risks, "supports", lambda *_: True)
        assert risks.of_deals(sample, con, accounts) == some


def test_somebody_who_signs_a_deal_only_was_met(run: Program, rollout: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech")
    run("deal", "contact", rollout, "raj", "--role", "economic-buyer")
    assert "Raj Nair, who signs, was not met" in run("deal", "show", rollout).out
    run("log", "call", "greentech", "Terms", "--with", "raj")
    assert "was not met" not in run("deal", "show", rollout).out
