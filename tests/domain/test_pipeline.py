"""What entering a stage implies, and the price of an item."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import STAGES, Stage
from acctcli.domain.pipeline import deal_values, first_open, line_total, lost, outcome, won
from acctcli.errors import Invalid

TODAY = date(2026, 11, 22)
STAGE_OF = {stage.name: stage for stage in STAGES}
Values = dict[str, Any]

near_days = st.integers(-60, 20).map(lambda n: (TODAY + timedelta(days=n)).isoformat())
writes = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from([stage.name for stage in STAGES]),
        "close_date": st.none() | near_days,
        "closed_on": st.none() | near_days,
        "opened_on": near_days,
        "probability": st.none() | st.integers(0, 100),
        "category": st.none() | st.sampled_from(["pipeline", "commit", "closed", "omitted"]),
        "lost_reason": st.none() | st.just("Price"),
        "title": st.just("Rollout"),
    },
)


def write(values: Values, current: Values, today: date = TODAY) -> Values:
    """Return the deal after a write."""
    return {**current, **deal_values(values, current, STAGES, today)}


@given(st.lists(writes, min_size=1, max_size=6))
def test_whatever_is_written_a_deal_makes_sense(several: list[Values]) -> None:
    deal: Values = {}
    for number, values in enumerate(several):
        today = TODAY + timedelta(days=number)
        try:
            completed = deal_values(values, deal, STAGES, today)
        except Invalid:
            continue
        kept = {name: value for name, value in values.items() if value is not None}
        assert kept.items() <= completed.items()
        deal = {**deal, **completed}
        stage = STAGE_OF[deal["stage"]]
        assert (deal["category"] == "closed") == (stage == won(STAGES))
        assert (deal.get("closed_on") is None) == stage.open
        assert deal["probability"] is not None
        if not stage.open:
            assert deal["category"] == stage.category
            assert deal["opened_on"] <= deal["closed_on"] <= today.isoformat()


@given(writes, writes)
def test_the_same_write_again_changes_nothing(first: Values, second: Values) -> None:
    try:
        deal = write(second, write(first, {}))
    except Invalid:
        return
    assert write({}, deal) == deal
    if "opened_on" not in second:  # it may have gone back to the day of closing
        assert write(second, deal) == deal


def test_a_new_deal_begins_today_in_the_first_open_stage() -> None:
    assert deal_values({"title": "Rollout"}, {}, STAGES, TODAY) == {
        "title": "Rollout",
        "stage": "prospecting",
        "probability": 10,
        "category": "pipeline",
        "opened_on": "2026-11-22",
    }


def test_stages_of_the_user_decide() -> None:
    stages = (Stage("no", 0, "omitted"), Stage("talk", 40, "commit"), Stage("yes", 99, "closed"))
    assert [find(stages).name for find in (first_open, won, lost)] == ["talk", "yes", "no"]
    deal = deal_values({"stage": "yes"}, {}, stages, TODAY)
    assert (deal["probability"], deal["category"]) == (99, "closed")


def test_a_stage_brings_its_chance_unless_one_is_given() -> None:
    deal = write({"stage": "proposal", "probability": 35}, {})
    assert (deal["probability"], deal["category"]) == (35, "best-case")
    assert write({"title": "Other"}, deal)["probability"] == 35
    assert write({"probability": None}, deal)["probability"] == 60
    assert write({"stage": "negotiation"}, deal)["probability"] == 80


@pytest.mark.parametrize(
    ("values", "closed_on", "opened_on"),
    [
        ({"stage": "won"}, "2026-11-22", "2026-11-22"),
        ({"stage": "won", "close_date": "2026-11-10"}, "2026-11-10", "2026-11-10"),
        ({"stage": "won", "close_date": "2026-12-10"}, "2026-11-22", "2026-11-22"),
        (
            {"stage": "lost", "close_date": "2026-11-10", "opened_on": "2026-09-01"},
            "2026-11-10",
            "2026-09-01",
        ),
        (
            {"stage": "won", "close_date": "2026-11-10", "closed_on": "2026-11-12"},
            "2026-11-12",
            "2026-11-12",
        ),
    ],
)
def test_the_close_date_of_an_imported_closed_deal_is_the_day_it_closed(
    values: Values, closed_on: str, opened_on: str
) -> None:
    deal = write(values, {})
    assert (deal["closed_on"], deal["opened_on"]) == (closed_on, opened_on)


def test_a_deal_closes_today_whatever_close_date_it_had() -> None:
    deal = write({"stage": "proposal", "close_date": "2026-11-01", "opened_on": "2026-09-01"}, {})
    assert write({"stage": "won"}, deal)["closed_on"] == "2026-11-22"
    # Their file says it again, and now as won: then it closed on that day.
    assert write({"stage": "won", "close_date": "2026-11-01"}, deal)["closed_on"] == "2026-11-01"


def test_correcting_the_close_date_of_a_closed_deal_moves_the_day_it_closed() -> None:
    deal = write({"stage": "won", "close_date": "2026-11-01", "opened_on": "2026-09-01"}, {})
    assert write({"close_date": "2026-11-05"}, deal)["closed_on"] == "2026-11-05"
    assert write({"close_date": "2026-11-01"}, deal) == deal


def test_open_again() -> None:
    deal = write({"stage": "lost", "lost_reason": "Price", "competitor": "Globex"}, {})
    again = write({"stage": "proposal"}, deal)
    assert (again["closed_on"], again["lost_reason"], again["competitor"]) == (None, None, "Globex")
    assert (again["probability"], again["category"]) == (60, "best-case")
    assert write({"stage": "won"}, deal)["lost_reason"] is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"stage": "won", "closed_on": "2026-11-23"},
            "closed on Mon 23 Nov 2026: that day is",
        ),
        ({"stage": "proposal", "closed_on": "2026-11-01"}, "a deal at proposal is still open"),
        ({"closed_on": "2026-11-01"}, "a deal at prospecting is still open"),
        (
            {"stage": "won", "closed_on": "2026-11-01", "opened_on": "2026-11-02"},
            "closed on Sun 1 Nov 2026, which is before it was opened: Mon 2 Nov 2026",
        ),
        ({"stage": "won", "category": "commit"}, "category commit does not go with stage won"),
        ({"stage": "lost", "category": "closed"}, "category closed does not go with stage lost"),
        ({"category": "closed"}, "category closed does not go with stage prospecting"),
    ],
)
def test_contradictions_are_refused(values: Values, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        deal_values(values, {}, STAGES, TODAY)


def test_a_deal_may_close_on_the_day_it_was_opened() -> None:
    deal = write({"stage": "won", "closed_on": "2026-11-01", "opened_on": "2026-11-01"}, {})
    assert (deal["opened_on"], deal["closed_on"]) == ("2026-11-01", "2026-11-01")


def test_a_stage_that_the_settings_no_longer_have_leaves_a_deal_as_it_is() -> None:
    deal = {"stage": "pilot", "probability": 50, "category": "commit", "opened_on": "2026-09-01"}
    assert write({"title": "Other"}, deal) == {**deal, "title": "Other"}
    closed = {**deal, "category": "closed", "closed_on": "2026-10-01"}
    assert write({"title": "Other"}, closed) == {**closed, "title": "Other"}


# Lines


@given(
    st.decimals(0, 10**6, places=3),
    st.integers(-(10**9), 10**9),
    st.none() | st.decimals(0, 100, places=2),
)
def test_a_line_is_rounded_once(quantity: Decimal, price: int, discount: Decimal | None) -> None:
    exact = quantity * price * (100 - (discount or 0)) / 100
    rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert line_total(float(quantity), price, float(discount or 0)) == rounded


def test_a_line_in_small_figures() -> None:
    assert line_total(3, 50_000, 10) == 135_000
    assert line_total(0.1, 10, None) == 1
    assert line_total(1.1, 250, None) == 275  # in binary a little more than 275.0
    assert line_total(1, 50_000, 100) == 0
    assert line_total(1, 5, 50) == 3  # half a cent, as invoices round it
    assert line_total(3, 100_000, 12.5) == 262_500


@pytest.mark.parametrize(
    ("category", "closed_on", "found"),
    [
        ("commit", None, "open"),
        ("closed", None, "open"),
        ("closed", "2026-11-01", "won"),
        ("omitted", "2026-11-01", "lost"),
        (None, "2026-11-01", "lost"),
    ],
)
def test_a_deal_is_closed_by_its_day_and_won_by_its_category(
    category: str | None, closed_on: str | None, found: str
) -> None:
    assert outcome(category, closed_on) == found
