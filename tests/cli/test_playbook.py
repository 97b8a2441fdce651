"""`acct playbook`: list, show, add, run and stop."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with the three examples, two accounts, a deal and a contract."""
    term = ("--starts", "2026-01-01", "--ends", "2026-12-31", "--on", "2026-01-01")
    for words in (
        ["account", "add", "Acme"],
        ["account", "add", "Zed", "--no-playbooks"],
        ["deal", "add", "acme", "Rollout", "--amount", "SGD 12,000"],
        ["purchase", "add", "acme", "SGD 9", "--recurring", "yearly", *term],
        *(["playbook", "add", "--example", name] for name in ("onboarding", "renewal")),
    ):
        assert run(*words).code == 0, words
    return run


def row(run: Program, name: str) -> dict[str, Any]:
    rows = run("playbook", "list", "-f", "json").json()
    found: dict[str, Any] = next(one for one in rows if one["playbook"] == name)
    return found


def texts(run: Program) -> list[str]:
    return [one["text"] for one in run("task", "list", "-f", "json").json()]


def test_a_book_without_playbooks_says_how_to_begin(run: Program) -> None:
    run("account", "add", "Acme")
    assert run("playbook", "list", "-f", "json").json() == []
    refused = run("playbook", "show", "onboarding")
    assert refused.code == 3
    assert "acct playbook add --example onboarding" in refused.err


def test_an_example_is_added_once_and_undone(book: Program) -> None:
    assert book("playbook", "add", "--example", "renewal").code == 4
    assert book("playbook", "add", "--example", "renewl").code == 2
    assert book("playbook", "add", "--example", "stalled-deal").code == 0
    assert row(book, "stalled-deal")["when"] == "deal stalled for 30 days"
    assert book("undo").code == 0
    assert len(book("playbook", "list", "-f", "json").json()) == 2


def test_it_is_run_by_hand_for_an_account_or_a_deal(book: Program) -> None:
    done = book("playbook", "run", "onboarding", "acme")
    assert done.code == 0
    assert "Started: onboarding for Acme: 4 tasks, the first due tomorrow." in done.err
    assert book("playbook", "run", "onboarding", "rollout").code == 0
    assert (row(book, "onboarding")["open"], row(book, "onboarding")["started"]) == (2, 2)


def test_it_is_not_run_twice_unless_that_is_meant(book: Program) -> None:
    book("playbook", "run", "onboarding", "acme")
    again = book("playbook", "run", "onboarding", "acme")
    assert (again.code, again.out) == (0, "")
    assert "Nothing to start" in again.err
    assert book("playbook", "run", "onboarding", "acme", "--again").code == 0
    assert row(book, "onboarding")["started"] == 2


def test_what_a_day_sets_off_is_shown_and_started_by_one_command(book: Program) -> None:
    assert row(book, "renewal")["due"] == 1
    assert "contract to" in book("playbook", "show", "renewal").out
    tried = book("playbook", "run", "--due", "--dry-run")
    assert "Would start: renewal for Acme: 3 tasks" in tried.err
    assert texts(book) == []
    assert book("playbook", "run", "--due").code == 0
    assert len(texts(book)) == 3
    assert row(book, "renewal")["due"] == 0
    assert "nothing is due" in book("playbook", "run", "--due").err


def test_a_contract_that_was_renewed_is_not_due(book: Program) -> None:
    term = ("--starts", "2027-01-01", "--ends", "2027-12-31", "--on", "2026-11-01")
    book("purchase", "add", "acme", "SGD 9", "--recurring", "yearly", *term)
    assert row(book, "renewal")["due"] == 0


def test_a_contract_is_named_by_its_account_if_there_is_one(book: Program) -> None:
    assert book("playbook", "run", "renewal", "acme").code == 0
    none = book("playbook", "run", "renewal", "zed")
    assert (none.code, "no contract to renew" in none.err) == (3, True)


def test_today_says_what_is_due_and_starts_nothing(book: Program) -> None:
    said = book("today", "-f", "table").err
    assert "acct playbook run --due" in said
    assert texts(book) == []
    assert "playbook" not in book("today", "-f", "json").err


def test_a_run_is_stopped_with_its_open_tasks(book: Program) -> None:
    book("playbook", "run", "onboarding", "acme")
    book("task", "done", "Kick-off meeting with Acme")
    refused = book("playbook", "stop", "onboarding", "Acme")
    assert (refused.code, "delete 3 open tasks?" in refused.err) == (2, True)
    done = book("playbook", "stop", "onboarding", "Acme", "--yes")
    assert "Stopped onboarding for Acme: 3 open tasks deleted." in done.err
    assert texts(book) == []
    assert row(book, "onboarding")["open"] == 0
    assert book("playbook", "stop", "onboarding", "Acme", "--yes").code == 3
    assert book("undo").code == 0
    assert len(texts(book)) == 3


def test_a_run_is_stopped_and_its_tasks_stay(book: Program) -> None:
    book("playbook", "run", "onboarding", "acme")
    done = book("playbook", "stop", "onboarding", "Acme", "--keep-tasks")
    assert "4 open tasks kept" in done.err
    assert len(texts(book)) == 4


def test_a_playbook_that_was_renamed_keeps_its_runs(book: Program) -> None:
    book("playbook", "run", "onboarding", "acme")
    assert book("config", "unset", "playbook.onboarding").code == 0
    assert row(book, "onboarding")["when"] is None
    assert "not in the settings any more" in book("playbook", "show", "onboarding").out
    assert book("playbook", "run", "onboarding", "acme").code == 3
    assert book("playbook", "stop", "onboarding", "Acme", "--yes").code == 0


def test_a_name_of_an_account_and_a_deal_is_not_guessed(book: Program) -> None:
    book("deal", "add", "zed", "Acme")
    refused = book("playbook", "run", "onboarding", "acme")
    assert refused.code == 4
    assert "Name it by its number or id" in refused.err


@pytest.mark.parametrize(
    "words",
    [(), ("onboarding",), ("onboarding", "acme", "--due"), ("--due", "--again")],
)
def test_what_is_to_be_run_must_be_clear(book: Program, words: tuple[str, ...]) -> None:
    assert book("playbook", "run", *words).code == 2
