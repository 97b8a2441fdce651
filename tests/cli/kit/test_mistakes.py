"""Errors of the parser are reported in the program's own words."""

from __future__ import annotations

import pytest
from tests.conftest import Program

from acctcli.cli.kit import mistakes

THEIRS = ("Missing", "No such", "Invalid value", "Got unexpected", "requires an", "Try '", "Usage:")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("account add", "NAME is missing."),
        ("deal move x", "STAGE is missing after DEAL."),
        ("deal lose x", "--reason is missing."),
        ("account list --teir x", "unknown option --teir. Did you mean --tier?"),
        ("account list -q", "unknown option -q."),
        ("account list --limit", "--limit needs a value (--limit N)."),
        ("account list -n", "-n needs a value (-n N)."),
        ("account list --limit many", '--limit "many" is not a whole number.'),
        ("account list --limit=", "--limit is empty. Leave it out, or give it a value."),
        ("account list --limit it's", '--limit "it\'s" is not a whole number.'),
        ("search x --limit 0", "--limit 0 is too small (at least 1)."),
        ("search x --limit=", "--limit is empty. Leave it out, or give it a value."),
        ("search x --limit many", '--limit "many" is not a whole number.'),
        ("task list --overdue=1", "--overdue takes no value."),
        ("account add Green Tech", 'unexpected argument "Tech". Put quotes around a value with '),
        ("account add A B C", 'unexpected arguments "B" and "C". Put quotes around a value with '),
        ("--db", "--db needs a value (--db FILE)."),
    ],
)
def test_a_mistake_is_in_our_words(line: str, says: str, run: Program) -> None:
    refused = run(*line.split())
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"acct: {says}")
    assert refused.err.endswith(" --help\n")
    assert not any(word in refused.err for word in THEIRS)
    assert refused.err.count("\n") == 1


def test_what_was_typed_comes_back_harmless(run: Program) -> None:
    for words in (["account", "add", "x", "\x1b[31m"], ["account", "list", "--\x1b[31m"]):
        refused = run(*words)
        assert refused.code == 2
        assert "\x1b" not in refused.err
        assert "\\x1b[31m" in refused.err


def test_many_words_are_not_all_repeated() -> None:
    said = mistakes.unexpected(list("abcdef"), "acct account add")
    assert said.startswith('unexpected arguments "a", "b" and 4 more. ')
