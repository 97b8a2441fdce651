"""`acct deal win` on a terminal, which offers to record the purchase."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Program

from acctcli.cli.kit.session import Session


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, run: Program) -> None:
    """A book with one deal, and a person at the keyboard."""
    for words in (
        ["account", "add", "Acme"],
        ["deal", "add", "acme", "Rollout", "--amount", "SGD 12,000"],
    ):
        assert run(*words).code == 0
    monkeypatch.setattr(Session, "interactive", True)


def purchases(run: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("purchase", "list", "-f", "json").json()
    return rows


@pytest.mark.parametrize(
    ("letter", "recurring"), [("o", "none"), ("m", "monthly"), ("y", "yearly"), ("n", None)]
)
def test_the_purchase_is_offered(run: Program, letter: str, recurring: str | None) -> None:
    done = run("deal", "win", "rollout", input=f"{letter}\n")
    assert done.code == 0
    assert 'Record the purchase of "Rollout"? o once' in done.err
    assert [one["recurring"] for one in purchases(run)] == ([recurring] if recurring else [])


def test_a_renewal_is_offered_with_its_term(run: Program) -> None:
    term = ("--starts", "2026-01-01", "--ends", "2026-12-31", "--on", "2026-01-01")
    run("purchase", "add", "acme", "SGD 9", "--recurring", "yearly", *term)
    run("deal", "edit", "rollout", "--type", "renewal")
    done = run("deal", "win", "rollout", input="y\n")
    assert "y yes, Fri 1 Jan to 31 Dec 2027" in done.err
    assert [one["renews_id"] is not None for one in purchases(run)] == [True, False]


@pytest.mark.parametrize("words", [("--no-purchase",), ("--purchase",), ("--recurring", "yearly")])
def test_nobody_is_asked_what_was_said(run: Program, words: tuple[str, ...]) -> None:
    done = run("deal", "win", "rollout", *words)
    assert done.code == 0
    assert "?" not in done.err


def test_a_name_that_nothing_has_is_refused_and_not_asked_about(run: Program) -> None:
    done = run("deal", "win", "rolout")
    assert done.code == 3
    assert "Record" not in done.err
