"""Working days, waiting messages, and who matters when they leave; test_agenda has the lines."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli.domain.agenda_facts import LeftFacts, SaidFacts
from acctcli.domain.agenda_signals import mattered, next_working_day, waiting


@pytest.mark.parametrize(("day", "next"), [(19, 20), (20, 23), (21, 23), (22, 23), (23, 24)])
def test_the_next_working_day(day: int, next: int) -> None:
    assert next_working_day(date(2026, 11, day)) == date(2026, 11, next)


@pytest.mark.parametrize(
    ("role", "influence", "stance", "matters"),
    [
        ("economic-buyer", None, None, True),
        ("champion", None, None, True),
        ("end-user", "high", "supporter", True),
        ("end-user", "low", "supporter", False),
        ("blocker", "high", "opponent", False),
        (None, None, None, False),
    ],
)
def test_who_matters(
    role: str | None, influence: str | None, stance: str | None, matters: bool
) -> None:
    assert mattered(LeftFacts("a", "Mei", role, influence, stance, "2026-11-20")) is matters


@pytest.mark.parametrize(
    ("sides", "first"),
    [("in", 0), ("in in", 0), ("in out in in", 2), ("in both in", 2), ("in out", None), ("", None)],
)
def test_the_first_message_since_we_spoke_waits(sides: str, first: int | None) -> None:
    talk = [SaidFacts("a", f"l{n}", "2026-11-20", side) for n, side in enumerate(sides.split())]
    other = SaidFacts("b", "other", "2026-11-20", "in")
    expected = [] if first is None else [talk[first]]
    assert waiting([*talk, other]) == [*expected, other]
