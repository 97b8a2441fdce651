"""Messages about a search without hits."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.making import add, writing

from acctcli.book import finding
from acctcli.store.opening import snapshot


@pytest.fixture
def filled(book: Path) -> Path:
    with writing(book) as tx:
        account = add(tx, "account", name="GreenTech Ltd")
        add(tx, "contact", name="Mei Tan", account=account)
        for number in range(3):
            add(tx, "log", account=account, summary=f"Pricing {number}", body="talk with Jane")
        add(tx, "deal", account=account, title="Rollout")
        add(tx, "account", name="Łódź Trading")
    return book


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("greentehc", 'No matches for "greentehc". Did you mean greentech?'),
        ("Greentehc", 'No matches for "Greentehc". Did you mean GreenTech?'),
        ("zzzz", 'No matches for "zzzz".'),
        ("tann", 'No matches for "tann". Did you mean tan?'),
        ("ltx", 'No matches for "ltx".'),
        ("lodzz", 'No matches for "lodzz". Did you mean łódź?'),
        ("pricing blub", 'No matches for "pricing blub": nothing matches "blub"; without it: 3.'),
        (
            "pricing blub yyy",
            'No matches for "pricing blub yyy": nothing matches "blub" or "yyy"; without them: 3.',
        ),
        ("blub yyy", 'No matches for "blub yyy": nothing matches "blub" or "yyy".'),
        (
            "rolout greentech",
            'No matches for "rolout greentech": nothing matches "rolout"; without it: 1. '
            "Did you mean rollout?",
        ),
        (
            "pricing rollout jane",
            'No matches for "pricing rollout jane": no record has all of them; '
            'without "rollout": 3.',
        ),
        (
            "rollout łódź",
            'No matches for "rollout łódź": no record has all of them; without "rollout": 1.',
        ),
        (
            "mei rollout trading",
            'No matches for "mei rollout trading": each word is somewhere, but not together.',
        ),
        ("a b c d e f g h zzzz", 'No matches for "a b c d e f g h zzzz".'),
    ],
)
def test_the_word_is_named_that_leaves_nothing(filled: Path, typed: str, says: str) -> None:
    with snapshot(filled) as con:
        assert finding.why_empty(con, typed) == says


def test_what_the_filters_leave_out_is_said(filled: Path) -> None:
    with snapshot(filled) as con:
        assert finding.why_empty(con, "pricing", kind="deal") == (
            'No matches for "pricing". In the whole book: 3.'
        )
        # A word that is similar, but not in the book either, is no advice.
        assert finding.why_empty(con, "rolout", kind="log") == 'No matches for "rolout".'


def test_the_command_says_it_on_a_terminal(run: Program, filled: Path) -> None:
    done = run("search", "greentehc", "-f", "table")
    assert (done.code, done.out) == (0, "")
    assert done.err == 'No matches for "greentehc". Did you mean greentech?\n'
    found = run("search", "mei", "greentech", "-f", "jsonl")
    assert found.json()["title"] == "Mei Tan"
    assert run("search", "greentehc", "-f", "json").json() == []
