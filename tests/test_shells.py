"""What shells pass, and the lines that they get."""

from __future__ import annotations

import pytest

from acctcli import shells
from acctcli.shells import Word


@pytest.mark.parametrize(
    ("shell", "passed", "before", "typed"),
    [
        ("bash", ["acct account show 'Gre", " :="], ["account", "show"], "Gre"),
        ("bash", ["acct", " "], [], "acct"),
        ("zsh", ["account", "show", '"Mei T'], ["account", "show"], "Mei T"),
        ("fish", ["deal", ""], ["deal"], ""),
    ],
)
def test_what_is_asked_for(shell: str, passed: list[str], before: list[str], typed: str) -> None:
    found = shells.asked_for(shell, passed)
    assert found is not None
    assert (found[0], found[1].value) == (before, typed)


@pytest.mark.parametrize(
    ("shell", "passed"), [("bash", ["acct"]), ("zsh", []), ("csh", ["a", "b"])]
)
def test_anything_else_is_no_request(shell: str, passed: list[str]) -> None:
    assert shells.asked_for(shell, passed) is None


def test_each_shell_gets_its_own_lines() -> None:
    found = [("Mei Tan", "GreenTech"), ("Mei O'Neil", "")]
    assert shells.lines_for("bash", Word("Me", "Me"), "", found) == [
        "Mei\\ Tan",
        "Mei\\ O\\'Neil",
    ]
    assert shells.lines_for("zsh", Word("Me", "Me"), "", found)[0] == "Mei Tan\tGreenTech"
    assert shells.lines_for("fish", Word("me", "me"), "", found)[1] == "Mei O'Neil\t"
    assert shells.lines_for("bash", Word(), "", None) == [shells.FILES]
