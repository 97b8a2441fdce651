"""`acct quote accept`: the deal is won for what was quoted, and its lines become purchases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.cli.quoting import FIRST, SECOND, deal, shown, stands  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.cli.kit.session import Session

pytestmark = pytest.mark.usefixtures("deal")


@pytest.fixture(autouse=True)
@filled_once
def sent(run: Program, deal: None) -> None:  # noqa: F811 - the fixture
    do(
        run,
        ("deal", "quote", "rollout", "--tax", "9"),
        ("quote", "line", FIRST, "support", "--recurring", "yearly", "--starts", "2027-01-01"),
        ("quote", "send", FIRST),
    )


def bought(run: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("purchase", "list", "--sort", "amount", "-f", "json").json()
    return rows


def rollout(run: Program) -> Any:
    return run("deal", "show", "rollout", "-f", "json").json()


def test_everything_follows_in_one_undo(run: Program, book: Path) -> None:
    before = books.dump(book)
    done = run("quote", "accept", FIRST)
    assert done.err == (
        'Q-2026-0001 was accepted. Won "Rollout", 27,330 SGD, from proposal on its first day. '
        "GreenTech is now a customer. Recorded 2 purchases: "
        "Support, 3,330 SGD a year, Fri 1 Jan to 31 Dec 2027 and Platform, 24,000 SGD.\n"
    )
    assert (rollout(run)["stage"], rollout(run)["amount"]) == ("won", 27330.0)
    support, platform = bought(run)
    assert [support[name] for name in ("amount", "tax_rate", "quantity", "recurring")] == [
        *(3330.0, 9, 3, "yearly")
    ]
    assert (support["starts_on"], support["ends_on"]) == ("2027-01-01", "2027-12-31")
    assert (platform["recurring"], platform["tax_rate"]) == ("none", 9)
    assert (shown(run)["status"], shown(run)["answered_on"]) == ("accepted", "2026-11-22")
    do(run, ("undo",))
    assert books.dump(book) == before


def test_it_is_accepted_once(run: Program, book: Path) -> None:
    do(run, ("quote", "accept", FIRST))
    before = books.dump(book)
    again = run("quote", "accept", FIRST)
    assert (again.code, "Q-2026-0001 is accepted already (today)" in again.err) == (4, True)
    assert books.dump(book) == before


def test_an_answer_after_the_last_valid_day_is_taken_and_said(run: Program) -> None:
    until = shown(run)["valid_until"]
    assert until == "2026-12-22"
    in_time = run("quote", "accept", FIRST, env={"ACCTCLI_TODAY": until})
    assert in_time.err.startswith("Q-2026-0001 was accepted. ")
    do(run, ("undo",))
    late = run("quote", "accept", FIRST, env={"ACCTCLI_TODAY": "2026-12-23"})
    assert late.err.startswith(
        "Q-2026-0001 was accepted, although it was valid only until yesterday. "
    )


def test_what_was_not_sent_or_is_superseded_is_refused(run: Program) -> None:
    do(run, ("deal", "quote", "rollout"))
    old = run("quote", "accept", FIRST)
    assert (old.code, f"was superseded by {SECOND} (draft)" in old.err) == (4, True)
    new = run("quote", "accept", SECOND)
    assert (new.code, f"Send it first: acct quote send {SECOND}" in new.err) == (4, True)
    assert rollout(run)["stage"] == "proposal"


@pytest.mark.parametrize("interactive", [False, True])
def test_the_quote_of_a_lost_deal_is_refused_before_a_question(
    run: Program, book: Path, interactive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "interactive", interactive)
    do(run, ("deal", "lose", "rollout", "--reason", "Price"))
    before = books.dump(book)
    refused = run("quote", "accept", FIRST)
    assert (refused.code, "was lost today" in refused.err) == (4, True)
    assert "?" not in refused.err
    assert books.dump(book) == before


def test_a_deal_that_was_won_before_keeps_its_amount(run: Program) -> None:
    do(run, ("deal", "win", "rollout", "--amount", "SGD 29,000"))
    done = run("quote", "accept", FIRST)
    assert '"Rollout" was won today.' in done.err
    assert rollout(run)["amount"] == 29000.0
    assert len(bought(run)) == 2


def test_purchases_are_not_recorded_twice(run: Program) -> None:
    do(run, ("deal", "win", "rollout", "--purchase"), ("quote", "accept", FIRST))
    assert [one["amount"] for one in bought(run)] == [30000.0]


def test_a_day_and_options_are_those_of_deal_win(run: Program) -> None:
    later = {"ACCTCLI_TODAY": "2026-12-01"}
    words = ("--on", "2026-11-25", "--keep-status", "--note", "Signed")
    assert run("quote", "accept", FIRST, *words, "--recurring", "monthly", env=later).code == 0
    assert rollout(run)["closed_on"] == "2026-11-25"
    assert {one["recurring"] for one in bought(run)} == {"monthly"}
    assert {one["purchased_on"] for one in bought(run)} == {"2026-11-25"}
    assert run("account", "show", "greentech", "-f", "json").json()["status"] == "lead"
    assert "Signed" in {change["note"] for change in rollout(run)["changes"]}


def test_without_purchases(run: Program) -> None:
    assert run("quote", "accept", FIRST, "--no-purchase").code == 0
    assert bought(run) == []
    assert run("quote", "accept", FIRST, "--no-purchase", "--starts", "today").code == 2


def test_a_person_is_asked_only_if_no_line_has_a_term(
    run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "interactive", True)
    done = run("quote", "accept", FIRST)
    assert (done.code, "?" in done.err, len(bought(run))) == (0, False, 2)
    do(run, ("undo",), ("deal", "quote", "rollout"), ("quote", "send", SECOND))
    done = run("quote", "accept", SECOND, input="m\n")
    assert "Record the purchases of Q-2026-0001-2? o once" in done.err
    assert {one["recurring"] for one in bought(run)} == {"monthly"}


def test_a_person_may_want_no_purchases(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    do(run, ("deal", "quote", "rollout"), ("quote", "send", SECOND))
    monkeypatch.setattr(Session, "interactive", True)
    assert run("quote", "accept", SECOND, input="n\n").code == 0
    assert (bought(run), stands(run)[SECOND]) == ([], "accepted")


def test_purchases_are_in_the_currency_of_the_quote(run: Program) -> None:
    do(
        run,
        ("deal", "win", "rollout", "--amount", "EUR 20,000"),
        ("quote", "accept", FIRST),
    )
    assert [(one["amount"], one["currency"]) for one in bought(run)] == [
        (3330.0, "SGD"),
        (24000.0, "SGD"),
    ]
    assert (rollout(run)["amount"], rollout(run)["currency"]) == (20000.0, "EUR")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("quote_line", "quantity", "1e400"), ("quote", "currency", "'XX?'"), ("quote", "net", "-5")],
)
def test_a_quote_that_cannot_be_read_is_not_accepted(
    run: Program, book: Path, table: str, column: str, value: str
) -> None:
    with closing(sqlite3.connect(book)) as con, con:
        con.execute(f"UPDATE {table} SET {column} = {value}")
    refused = run("quote", "accept", FIRST)
    assert refused.code == 4, refused.err
    assert "cannot be read. Check with: acct db check" in refused.err
    assert rollout(run)["stage"] == "proposal"
