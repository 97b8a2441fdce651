"""The list of settings within the width of a terminal, and as it is in a pipe."""

from __future__ import annotations

import pytest
from tests.conftest import Program
from tests.terminals import needs_terminal, on_a_terminal

from acctcli import text
from acctcli.render.settings import fitted

FOUND = [
    ('me.name = ""', "default", "your name: who logs, owns and undoes; else the system's user"),
    ("rfm.recency = [30, 90, 180, 365]", "book", "days since buying for marks 5, 4, 3, 2"),
    ("cadence.key = 21", "default", ""),
]


def test_at_80_columns() -> None:
    assert fitted(FOUND, 80) == [
        'me.name = ""                  default  your name: who logs, owns and undoes;',
        "                                       else the system's user",
        "rfm.recency = [30, 90, 180, 365]",
        "                              book     days since buying for marks 5, 4, 3, 2",
        "cadence.key = 21              default",
    ]


def test_where_there_is_no_room_beside_it_what_it_is_for_stands_below() -> None:
    assert fitted(FOUND[:1], 43) == [
        'me.name = ""  default  your name: who logs,',
        "                       owns and undoes;",
        "                       else the system's",
        "                       user",
    ]
    assert fitted(FOUND[:1], 42) == [
        'me.name = ""  # default',
        "  your name: who logs, owns and undoes;",
        "  else the system's user",
    ]


@pytest.mark.parametrize("columns", [10, 20, 40, 60, 80, 200])
def test_no_purpose_is_wider_than_the_terminal(columns: int) -> None:
    named = {said for said, _, _ in FOUND}
    rest = [line for line in fitted(FOUND, columns) if line.partition("  ")[0] not in named]
    assert all(text.width(line) <= columns for line in rest)


@needs_terminal
def test_on_a_terminal_and_in_a_pipe(run: Program) -> None:
    shown = on_a_terminal("config", "list", rows=400).lines
    assert max(map(text.width, shown)) <= 80
    piped = run("config", "list").out.splitlines()
    assert piped[0].startswith('me.name = "" ')
    assert "# default; your name: " in piped[0]
    assert len(piped) < len(shown)
