"""The risk of deals: each reason alone, with its points, and all of them together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import Config
from acctcli.domain.asof import ChangeFacts, DealFacts, History, histories
from acctcli.domain.risk import (
    CODES,
    Pace,
    RiskFacts,
    RiskReason,
    RiskRules,
    ghosted,
    pace,
    risk,
)
from acctcli.domain.stakeholders import Player
from acctcli.domain.strength import Strength

TODAY = date(2026, 11, 22)

SETTINGS = Config()
RULES = RiskRules({code: SETTINGS[f"risk.{code}"] for code in CODES})
PACE = Pace(90, {"proposal": 30})


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


BUYER = Player("1", "Mei", "economic-buyer", None, "neutral", ago(3), Strength(3.0, 1.0))

GOOD: dict[str, Any] = {
    "stage": "proposal",
    "opened": ago(60),
    "closes": TODAY + timedelta(days=60),
    "entered": ago(5),
    "norm": 20.0,
    "touched": ago(3),
    "active": ago(1),
    "has_step": True,
    "people": [BUYER],
}


def found(**changes: Any) -> list[RiskReason]:
    return list(risk(RiskFacts(**{**GOOD, **changes}), PACE, RULES, TODAY).reasons)


def test_a_deal_on_course_is_without_risk() -> None:
    assert risk(RiskFacts(**GOOD), PACE, RULES, TODAY).score == 0


@pytest.mark.parametrize(
    ("changes", "code", "points", "text"),
    [
        (
            {"unanswered": 2, "asked": ago(10)},
            *("ghosted", 25, "2 messages unanswered, the first 10 days ago"),
        ),
        ({"touched": ago(14)}, "quiet", 20, "no two-way contact for 14 days"),
        (
            {"touched": None, "opened": ago(20)},
            *("quiet", 20, "no two-way contact since it was opened, 20 days ago"),
        ),
        ({"has_step": False}, "no_step", 15, "no next step"),
        ({"people": []}, "signer_not_met", 20, "no known signer"),
        (
            {"people": [BUYER.replace(spoke=None)]},
            *("signer_not_met", 20, "Mei, who signs, was not met"),
        ),
        (
            {"people": [BUYER.replace(stance="supporter")]},
            *("single_threaded", 15, "single-threaded: only Mei"),
        ),
        ({"pushes": 2}, "pushed", 15, "pushed twice"),
        ({"pushes": 4}, "pushed", 15, "pushed 4 times"),
        (
            {"closes": TODAY + timedelta(days=29)},
            "short_of_time",
            20,
            "29 days left; half of the won deals needed more than 30 days from here",
        ),
        (
            {"closes": ago(1)},
            "short_of_time",
            20,
            "past its close date yesterday; half of the won deals needed more than 30 days from "
            "here",
        ),
    ],
)
def test_each_reason_alone(changes: dict[str, Any], code: str, points: int, text: str) -> None:
    assert found(**changes) == [RiskReason(code, text, points)]


@pytest.mark.parametrize(
    "changes",
    [
        {"unanswered": 1, "asked": ago(30)},
        {"unanswered": 3, "asked": ago(9)},
        {"touched": ago(13)},
        {"touched": None, "opened": ago(13)},
        {"pushes": 1},
        {"closes": TODAY + timedelta(days=30)},
        {"closes": None},
        {"entered": ago(21)},  # longer than usual, and talked about
    ],
)
def test_what_is_no_risk_yet(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


def test_rotting_takes_time_in_stage_and_days_without_contact() -> None:
    codes = [one.code for one in found(entered=ago(21), touched=ago(14))]
    assert codes == ["quiet", "rotting"]
    assert [one.code for one in found(entered=ago(20), touched=ago(14))] == ["quiet"]
    assert [one.code for one in found(entered=ago(300), norm=None, touched=ago(14))] == ["quiet"]


def test_half_a_cycle_without_activity() -> None:
    reasons = {one.code: one for one in found(active=ago(46), touched=ago(46))}
    assert reasons["idle"].points == 10
    assert reasons["idle"].text == "nothing happened for 46 days, half of the usual cycle"
    assert "idle" not in {one.code for one in found(active=ago(45), touched=ago(45))}


def test_all_together_are_capped_at_100() -> None:
    bad: dict[str, Any] = {"unanswered": 3, "asked": ago(50), "touched": ago(60), "pushes": 3}
    bad |= {"has_step": False, "closes": ago(3), "entered": ago(70), "active": ago(60)}
    bad |= {"opened": ago(200), "people": [Player("2", "Raj", "champion")]}
    whole = risk(RiskFacts(**{**GOOD, **bad}), PACE, RULES, TODAY)
    assert sum(one.points for one in whole.reasons) == 150
    assert (whole.score, {one.code for one in whole.reasons}) == (100, set(CODES))
    assert [one.points for one in whole.reasons] == [25, 20, 20, 20, 15, 15, 15, 10, 10]


def test_points_and_bounds_are_the_users() -> None:
    own = RULES.replace(points={**RULES.points, "no_step": 0, "pushed": 50}, pushes=1)
    facts = RiskFacts(**{**GOOD, "has_step": False, "pushes": 1})
    assert risk(facts, PACE, own, TODAY).score == 50
    assert ghosted(RiskFacts("a", unanswered=5, asked=ago(3)), own.replace(ghosted_days=3), TODAY)


@given(
    st.builds(
        RiskFacts,
        st.sampled_from(["proposal", "other"]),
        *[st.none() | st.dates(date(2026, 1, 1), TODAY)] * 3,
        st.none() | st.floats(1, 100),
        *[st.none() | st.dates(date(2026, 1, 1), TODAY)] * 2,
        st.integers(0, 5),
        st.none() | st.dates(date(2026, 1, 1), TODAY),
        st.booleans(),
        st.integers(0, 5),
    )
)
def test_a_risk_is_from_0_to_100_and_a_contact_today_never_raises_it(facts: RiskFacts) -> None:
    before = risk(facts, PACE, RULES, TODAY)
    assert 0 <= before.score <= 100
    talked = facts.replace(touched=TODAY, active=TODAY, unanswered=0, asked=None)
    assert risk(talked, PACE, RULES, TODAY).score <= before.score


# How long deals take


def won(
    place: int, opened: str, moved: str | None, closed: str
) -> tuple[DealFacts, list[ChangeFacts]]:
    id = str(place)
    deal = DealFacts(
        *(id, "Acme", "a", "Deal", "won", "closed", None, None, None, opened, closed),
        *(None, None, None, None),
    )
    changes = [ChangeFacts(id, closed, "stage", "proposal" if moved else None, "won")]
    if moved:
        changes.insert(0, ChangeFacts(id, moved, "stage", "prospecting", "proposal"))
    return deal, changes


def known(*deals: tuple[DealFacts, list[ChangeFacts]]) -> list[History]:
    changes = [change for _, own in deals for change in own]
    return histories([deal for deal, _ in deals], changes, SETTINGS.stages)


def test_the_pace_is_learnt_from_won_deals() -> None:
    five = known(
        *(
            won(place, "2026-01-01", f"2026-02-0{place}", f"2026-03-0{place + 1}")
            for place in range(1, 6)
        )
    )
    # 29 days from proposal to won, each time; 60 to 64 days from open to won.
    assert pace(five, 5) == Pace(62, {"prospecting": 62, "proposal": 29})
    assert pace(five[1:], 5) == Pace(None, {})
    assert pace(five[1:], 4).to_win["proposal"] == 29


def test_deals_imported_as_closed_tell_only_the_cycle() -> None:
    imported = known(
        *(won(place, "2026-01-01", None, "2026-01-31") for place in range(5)),
    )
    assert pace(imported, 5) == Pace(30, {})


def test_a_close_date_that_passed_is_a_risk_before_any_deal_was_won() -> None:
    late = risk(RiskFacts(**{**GOOD, "closes": ago(1)}), Pace(), RULES, TODAY)
    assert late.reasons == [RiskReason("short_of_time", "past its close date yesterday", 20)]
    coming = risk(RiskFacts(**{**GOOD, "closes": TODAY}), Pace(), RULES, TODAY)
    assert coming.score == 0
