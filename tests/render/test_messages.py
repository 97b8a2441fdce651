"""Messages on a terminal: broken between words, and never within a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terminals import needs_terminal, on_a_terminal

from acctcli import text
from acctcli.render.messages import fitted

SHORT = "Archived GreenTech Ltd. To undo: acct undo"
LONG = (
    "acct: the settings of the book were changed by another command just now. "
    "Nothing was changed; try again"
)


@pytest.mark.parametrize(
    ("message", "columns", "lines"),
    [
        (SHORT, 80, [SHORT]),
        (SHORT, 30, ["Archived GreenTech Ltd. To", "undo:", "  acct undo"]),
        (
            LONG,
            40,
            [
                "acct: the settings of the book were",
                "changed by another command just now.",
                "Nothing was changed; try again",
            ],
        ),
        (
            'acct: no account "grentech". All: acct account list --where "tier = key"',
            40,
            ['acct: no account "grentech". All:', '  acct account list --where "tier = key"'],
        ),
        (
            "They are changed there (acct config edit --file), and can be removed",
            40,
            ["They are changed there", "(acct config edit --file), and can be", "removed"],
        ),
        (
            "Details: acct deal show TITLE · Hidden: stage and probability (--columns)",
            50,
            ["Details: acct deal show TITLE", "Hidden: stage and probability (--columns)"],
        ),
        ("one\n  export ACCTCLI_DB=book.db", 30, ["one", "  export ACCTCLI_DB=book.db"]),
        ("  indented words here", 12, ["  indented", "  words here"]),
        ("a" * 30, 10, ["a" * 30]),  # a path, say: it is there to be copied
        ("", 10, [""]),
    ],
)
def test_messages_that_fit(message: str, columns: int, lines: list[str]) -> None:
    assert fitted(message, columns).split("\n") == lines


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_a_command_is_in_one_piece_at_any_width(columns: int) -> None:
    for command in ("acct account archive A-0001 --undo", "acct undo 12"):
        for message in (f"Done. To undo: {command}", f"See what {command}, if any, says of it"):
            assert any(command in line for line in fitted(message, columns).split("\n"))
            rest = [line for line in fitted(message, columns).split("\n") if command not in line]
            assert all(text.width(line) <= columns for line in rest)


@needs_terminal
def test_on_a_terminal(home: Path) -> None:
    assert on_a_terminal("account", "add", "GreenTech Ltd", columns=40).status == 0
    seen = on_a_terminal("account", "add", "GreenTech Ltd", columns=40)
    assert seen.status == 4
    assert len(seen.lines) > 1
    assert max(map(len, seen.lines)) <= 40
    assert len(on_a_terminal("account", "add", "GreenTech Ltd", columns=200).lines) == 1
