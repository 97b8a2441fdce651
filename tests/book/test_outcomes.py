from __future__ import annotations

from pathlib import Path

import pytest
from tests import books
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def lost(run: Program) -> None:
    do(
        run,
        ("account", "add", "GreenTech"),
        ("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k"),
        ("deal", "lose", "rollout", "--reason", "Price"),
    )


@pytest.mark.parametrize(
    "words",
    [
        ("deal", "win", "rollout"),
        ("deal", "move", "rollout", "won"),
        ("deal", "edit", "rollout", "--stage", "won"),
    ],
)
def test_a_lost_deal_is_won_only_after_it_is_reopened(
    run: Program, book: Path, words: tuple[str, ...]
) -> None:
    before = books.dump(book)
    refused = run(*words)
    assert refused.code == 4
    assert refused.err.startswith('acct: "Rollout" was lost today. To reopen it: acct deal reopen ')
    assert books.dump(book) == before
    assert run("deal", "reopen", "rollout").code == 0
    assert run(*words).code == 0


def test_a_won_deal_is_lost_only_after_it_is_reopened(run: Program) -> None:
    do(run, ("deal", "reopen", "rollout"), ("deal", "win", "rollout", "--on", "fri"))
    refused = run("deal", "lose", "rollout", "--reason", "Price")
    assert (refused.code, "was won on Fri 20 Nov." in refused.err) == (4, True)


def test_the_reason_of_a_lost_deal_can_be_corrected(run: Program) -> None:
    assert run("deal", "lose", "rollout", "--reason", "Timing").code == 0
