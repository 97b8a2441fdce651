"""How the work of a command grows with its input: counted, where that is possible.

`work` counts what SQLite and the interpreter do, which is the same on every machine. It does not
see what happens inside one call of C (a search in a long text, a pattern): for that there is
`seconds`, whose ratio is compared with a wide margin.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from acctcli.store import opening
from acctcli.store.connection import connect as connect_book

_STEPS = 50  # instructions of SQLite's machine between two reports


def work(action: Callable[[], object]) -> int:
    """Steps of SQLite's machine and calls of functions while `action` runs."""
    counted = 0

    def step() -> int:
        nonlocal counted
        counted += _STEPS
        return 0

    def call(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        con = connect_book(*given, **named)
        con.set_progress_handler(step, _STEPS)
        return con

    profiling = sys.getprofile()
    with mock.patch.object(opening, "connect", connect):
        sys.setprofile(call)
        try:
            action()
        finally:
            sys.setprofile(profiling)
    return counted


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of `action`, the better of two runs."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
    return min(taken)


def is_linear(small: float, large: float, *, times: int) -> bool:
    """Whether work on `times` as much grew about as much, and not with its square."""
    # Half way between the two, on the scale of powers: 4 times as much may take 8 times as long.
    grown = large / max(small, 1e-9)
    assert grown < times**1.5, f"{times} times as much takes {grown:.1f} times the work"
    return True
