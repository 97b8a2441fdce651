from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import plan
from acctcli.domain.plan import Progress
from acctcli.model import OBJECTIVE_STATES, Objective

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def objective(id: str = "1", **values: Any) -> Objective:
    return Objective(id=id, text="Pilot signed", **values)


OBJECTIVES = st.lists(
    st.builds(
        objective,
        id=st.uuids().map(str),
        due=st.none() | DAYS,
        state=st.sampled_from(OBJECTIVE_STATES),
        closed_on=st.none() | DAYS,
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("due", "state", "overdue"),
    [
        (TODAY - timedelta(1), "open", True),
        (TODAY, "open", False),
        (TODAY + timedelta(1), "open", False),
        (None, "open", False),
        (TODAY - timedelta(1), "met", False),
        (TODAY - timedelta(1), "dropped", False),
    ],
)
def test_only_what_is_open_can_be_late(due: date | None, state: str, overdue: bool) -> None:
    assert plan.is_overdue(objective(due=due, state=state), TODAY) is overdue


def test_what_is_late_comes_first_and_what_is_closed_last() -> None:
    known = [
        objective("long met", state="met", closed_on=date(2026, 3, 1)),
        objective("no day"),
        objective("next year", due=date(2027, 3, 1)),
        objective("just dropped", state="dropped", closed_on=TODAY),
        objective("late", due=date(2026, 11, 1)),
    ]
    order = ["late", "next year", "no day", "just dropped", "long met"]
    assert [one.id for one in plan.ordered(known)] == order


def test_what_was_dropped_counts_neither_way() -> None:
    known = [
        objective("1", state="met"),
        objective("2", state="dropped", due=date(2026, 1, 1)),
        objective("3", due=date(2026, 1, 1)),
        objective("4"),
    ]
    assert plan.progress(known, TODAY) == Progress(met=1, of=3, overdue=1)
    assert plan.progress([], TODAY) == Progress(0, 0, 0)


@given(OBJECTIVES)
def test_ordering_keeps_every_objective_and_progress_adds_up(known: list[Objective]) -> None:
    found = plan.ordered(known)
    assert sorted(one.id for one in found) == sorted(one.id for one in known)
    late = [plan.is_overdue(one, TODAY) for one in found]
    assert late == sorted(late, reverse=True)
    counted = plan.progress(known, TODAY)
    assert counted.met + counted.overdue <= counted.of <= len(known)


@pytest.mark.parametrize(
    ("found", "current", "closed_on"),
    [
        ({"state": "met"}, {"state": "open"}, "2026-11-22"),
        ({"state": "met", "closed_on": "2026-11-01"}, {}, "2026-11-01"),
        ({"state": "dropped"}, {"state": "met", "closed_on": "2026-11-01"}, "2026-11-22"),
        ({"state": "open"}, {"state": "met", "closed_on": "2026-11-01"}, None),
        ({"state": "open"}, {}, None),
    ],
)
def test_the_day_of_closing_follows_the_state(
    found: dict[str, str], current: dict[str, str], closed_on: str | None
) -> None:
    assert plan.objective_values(found, current, TODAY)["closed_on"] == closed_on


@pytest.mark.parametrize("found", [{"text": "More"}, {"state": "met"}, {"state": None}])
def test_an_objective_whose_state_stays_keeps_its_day(found: dict[str, str | None]) -> None:
    current = {"state": "met", "closed_on": "2026-11-01"}
    assert plan.objective_values(found, current, TODAY) == found
