"""The strength of relationships, with values that were worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.strength import (
    NONE,
    Strength,
    StrengthRules,
    Touch,
    by_person,
    strength,
)

TODAY = date(2026, 11, 22)
RULES = StrengthRules()


def touch(kind: str, days: int, person: str = "1") -> Touch:
    return Touch(person, kind, TODAY - timedelta(days=days))


@pytest.mark.parametrize(
    ("touches", "now", "before"),
    [
        ([], 0, 0),
        ([touch("meeting", 0)], 3, 0),
        ([touch("demo", 30)], 1.5, 3),
        ([touch("call", 60)], 0.5, 1),
        ([touch("email", 0), touch("social", 30)], 1.5, 1),
        ([touch("meeting", 0), touch("call", 30), touch("email", 60)], 4.2, 2.5),
        ([touch("call", -1)], 0, 0),
    ],
)
def test_each_touch_halves_in_30_days(touches: list[Touch], now: float, before: float) -> None:
    found = strength(touches, RULES, TODAY)
    # 3 + 1 + 0.25 is 4.25, which is written with one decimal.
    assert (found.now, found.before) == (now, before)


@pytest.mark.parametrize(
    ("touches", "cooling"),
    [
        ([touch("meeting", 30)], True),
        ([touch("meeting", 29)], False),
        ([touch("meeting", 60), touch("email", 10)], False),
        ([touch("meeting", 31), touch("email", 29)], False),
        ([touch("meeting", 300)], False),  # there is nothing left to cool
        ([], False),
    ],
)
def test_a_relationship_that_lost_half_in_30_days_is_cooling(
    touches: list[Touch], cooling: bool
) -> None:
    assert strength(touches, RULES, TODAY).cooling == cooling


def test_the_weights_are_the_users() -> None:
    rules = StrengthRules(meeting=10, half_life=10, cooling=90, cooling_days=10)
    assert strength([touch("meeting", 20)], rules, TODAY) == Strength(2.5, 5, False)


def test_it_is_alive_from_one_on() -> None:
    assert strength([touch("call", 30)], RULES, TODAY).alive
    assert not strength([touch("call", 40)], RULES, TODAY).alive
    assert not NONE.alive


def test_each_person_has_their_own() -> None:
    found = by_person(
        [touch("call", 0, "1"), touch("call", 0, "2"), touch("call", 0, "2")], RULES, TODAY
    )
    assert {id: one.now for id, one in found.items()} == {"1": 2, "2": 4}


touches = st.builds(touch, st.sampled_from(["meeting", "call", "email"]), st.integers(0, 400))


@given(st.lists(touches, max_size=6), touches)
def test_one_touch_more_never_weakens_a_relationship(some: list[Touch], more: Touch) -> None:
    assert strength([*some, more], RULES, TODAY).now >= strength(some, RULES, TODAY).now
