"""`acct report week`: what happened, what was promised, what is ahead, in words and as data."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.conftest import Program
from tests.filling import filled_once

FRIDAY = {"ACCTCLI_TODAY": "2026-11-20"}


@pytest.fixture
@filled_once
def busy(run: Program) -> None:
    """A week at three accounts, from Monday 16 November, seen on its Friday."""
    env = {"ACCTCLI_TODAY": "2026-11-10"}
    run("account", "add", "Acme", "--owner", "Kim", "--currency", "USD", env=env)
    run("account", "add", "Beta", "--owner", "Lou", env=env)
    run("contact", "add", "Ana", "--account", "acme", env=env)
    for title, account in (
        ("Rollout", "acme"),
        ("Pilot", "beta"),
        ("Renewal", "acme"),
        ("Old", "beta"),
    ):
        words = ("--amount", "USD 1000", "--close", "2026-11-25", "--stage", "proposal")
        run("deal", "add", account, title, *words, "--opened", "2026-11-02", env=env)
    run("task", "add", "acme", "Send quote", "--due", "2026-11-17", env=env)
    run("task", "add", "acme", "Send deck", "--due", "2026-11-17", env=env)
    run("task", "add", "beta", "Send terms", "--due", "2026-11-18", env=env)
    run("task", "add", "beta", "Signed NDA", "--owed-by", "them", "--due", "2026-11-18", env=env)
    run("log", "call", "acme", "The week before", "--at", "2026-11-10", env=env)
    run("purchase", "add", "beta", "USD 900", "--on", "2025-11-26", "--ends", "2026-11-26", env=env)
    run("task", "done", "quote", env={"ACCTCLI_TODAY": "2026-11-17"})
    run("task", "done", "deck", env={"ACCTCLI_TODAY": "2026-11-19"})
    monday = {"ACCTCLI_TODAY": "2026-11-16"}
    run(
        "log", "meeting", "acme", "Board meeting", "--with", "ana", "--at", "2026-11-16", env=monday
    )
    run("log", "call", "beta", "Nobody there", "--no-answer", "--at", "2026-11-16", env=monday)
    run("deal", "move", "rollout", "negotiation", "--note", "Legal is through", env=monday)
    wednesday = {"ACCTCLI_TODAY": "2026-11-18"}
    run("deal", "win", "renewal", env=wednesday)
    run("deal", "lose", "pilot", "--reason", "price", "--competitor", "Rival", env=wednesday)
    run("account", "add", "Gamma", "--source", "event", env=wednesday)
    run(
        "task",
        "add",
        "gamma",
        "Demo",
        "--at",
        "2026-11-24 14:30",
        "--place",
        "Room 4",
        env=wednesday,
    )


def week(run: Program, *words: str) -> Any:
    found = run("report", "week", *words, "-f", "json", env=FRIDAY)
    assert found.code == 0, found.err
    return found.json()


def test_a_week_as_data(run: Program, busy: None) -> None:
    data = week(run)
    assert (data["period"]["start"], data["until"], data["is_over"]) == (
        "2026-11-16",
        "2026-11-20",
        False,
    )
    talked = data["talked"]
    assert (talked["interactions"], talked["two_way"], talked["attempts"]) == (1, 1, 1)
    assert talked["before"]["interactions"] == 1
    assert talked["by_account"][0]["people"] == ["Ana"]
    assert [one["deal"] for one in data["won"]] == ["Renewal"]
    assert data["totals"]["won"] == [{"currency": "USD", "amount": 1000.0}]
    assert [(one["lost_reason"], one["competitor"]) for one in data["lost"]] == [("price", "Rival")]
    (moved,) = data["moved"]
    assert moved["changes"] == [{"field": "stage", "old": "proposal", "new": "negotiation"}]
    assert moved["notes"] == ["Legal is through"]
    promises = data["promises"]
    assert [[one["text"] for one in promises[name]] for name in ("kept", "late", "missed")] == [
        ["Send quote"],
        ["Send deck"],
        ["Send terms"],
    ]
    assert [one["text"] for one in promises["owed_to_us"]] == ["Signed NDA"]
    assert [one["account"] for one in data["new"]["accounts"]] == ["Gamma"]
    assert (data["next"]["start"], data["next"]["end"]) == ("2026-11-20", "2026-11-29")
    assert [one["text"] for one in data["next"]["appointments"]] == ["Demo"]
    assert [one["deal"] for one in data["next"]["closing"]] == ["Old", "Rollout"]
    assert [one["ends_on"] for one in data["next"]["ending"]] == ["2026-11-26"]


def test_a_week_in_words(run: Program, busy: None) -> None:
    shown = run("report", "week", env={**FRIDAY, "COLUMNS": "200"}).out
    for line in (
        "Talked to 1 account: 1 interaction, 1 two-way (the week before, same days: 1).",
        "1 attempt without an answer.",
        "Won 1 deal (1,000 USD), lost 1 (1,000 USD), moved 1.",
        "Kept 1 of 3 promises on time; 1 late, 1 missed.",
        "Renewal, Acme, 1,000 USD, in 16 days",
        "Pilot, Beta, 1,000 USD: price, to Rival",
        "Rollout, Acme, 1,000 USD: proposal → negotiation (Legal is through)",
        "Acme: 1 meeting with Ana. Mon 16 Nov: Board meeting",
        "Send deck (Acme): due Tue 17 Nov, done yesterday",
        "Tue 24 Nov 14:30: Demo (Gamma)",
        "Thu 26 Nov: contract ends: Beta, 900 USD; no renewal deal",
    ):
        assert line in shown, line


def test_a_note_to_send_is_markdown_with_days_that_last(run: Program, busy: None) -> None:
    note = run("report", "week", "this week", "-f", "md", env=FRIDAY).out
    assert note.startswith("# Week: 2026-11-16 to 2026-11-22\n")
    assert "## Won\n\n- Renewal, Acme, 1,000 USD, in 16 days\n" in note
    assert "yesterday" not in note


def test_an_owner_has_own_deals_and_accounts(run: Program, busy: None) -> None:
    data = week(run, "--owner", "Lou")
    assert data["filters"] == ["owner Lou"]
    assert (data["won"], [one["deal"] for one in data["lost"]]) == ([], ["Pilot"])
    assert [one["text"] for one in data["promises"]["missed"]] == ["Send terms"]
    assert data["new"]["accounts"] == []


def test_a_week_without_anything_says_so(run: Program) -> None:
    run("account", "add", "Acme", env={"ACCTCLI_TODAY": "2026-10-01"})
    shown = run("report", "week", "last week", env=FRIDAY).out
    assert "No conversations logged (the week before: 0)." in shown
    assert "Promises" not in shown


def test_rows_carry_amounts_in_their_currency(run: Program, busy: None) -> None:
    found = run("report", "week", "-f", "csv", env=FRIDAY)
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert {(row["section"], row["text"], row["amount"]) for row in rows} >= {
        ("won", "Renewal", "1000.00"),
        ("moved", "Rollout", "1000.00"),
        ("ending", "", "900.00"),
        ("missed", "Send terms", ""),
    }


def test_a_period_that_is_none_is_refused(run: Program, busy: None) -> None:
    refused = run("report", "week", "sometime", env=FRIDAY)
    assert refused.code == 2
    assert "is not a period" in refused.err


def test_an_open_ticket_is_business_at_risk(run: Program) -> None:
    run("account", "add", "Acme", env=FRIDAY)
    run("log", "ticket", "acme", "Login fails", "--at", "2026-11-18", env=FRIDAY)
    (found,) = week(run)["at_risk"]
    assert (found["kind"], found["account"]) == ("ticket", "Acme")
    assert "Login fails" in found["reason"]
