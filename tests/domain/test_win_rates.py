"""Win rates: what they learn from, that they stay in order, and that they never fall."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import STAGES, Stage
from acctcli.domain.asof import ChangeFacts, DealFacts, History, histories
from acctcli.domain.win_rates import (
    NEW,
    PRIOR,
    RENEWAL,
    Cycles,
    InTime,
    cycles,
    in_time,
    learn,
    opening_known,
    rising,
)

FIRST = date(2026, 1, 1)
LATER = "2027-01-01"
OPEN = [stage.name for stage in STAGES if stage.open]


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def deal(*way: str, imported: bool = False, days: int = 10, **given: Any) -> History:
    """A deal that went through these stages, `days` apart; the last is where it is."""
    closed = way[-1] in ("won", "lost")
    entered = [day(days * place) for place in range(len(way))]
    facts = DealFacts(
        id="1",
        account="GreenTech",
        account_id="a",
        title="Rollout",
        stage=way[-1],
        category={"won": "closed", "lost": "omitted"}.get(way[-1], "pipeline"),
        amount=given.get("amount", 100),
        currency="SGD",
        close_date=None,
        opened_on=day(0),
        closed_on=entered[-1] if closed else None,
        owner=None,
        tier=None,
        type=given.get("type"),
        probability=None,
        entered_on=given.get("entered_on"),
    )
    moves = [
        ChangeFacts("1", on, "stage", old, new)
        for old, new, on in zip(way, way[1:], entered[1:], strict=False)
    ]
    if imported:
        moves = [ChangeFacts("1", entered[-1], "stage", None, way[-1])]
    (found,) = histories([facts], moves, STAGES)
    return found


def rates(known: list[History], business: str = NEW) -> dict[str, float]:
    return {one.stage: one.rate for one in learn(known, LATER, STAGES)[business].stages}


def test_without_a_closed_deal_the_rates_are_those_of_the_settings() -> None:
    assert rates([]) == pytest.approx({s.name: s.probability / 100 for s in STAGES if s.open})


def test_a_deal_teaches_every_stage_that_it_passed_and_a_skipped_one_is_passed() -> None:
    known = [deal("prospecting", "proposal", "won"), deal("qualification", "proposal", "lost")]
    found = {one.stage: (one.won, one.closed) for one in learn(known, LATER, STAGES)[NEW].stages}
    assert found == {
        "prospecting": (1, 2),
        "qualification": (1, 2),
        "needs-analysis": (1, 2),
        "proposal": (1, 2),
        "negotiation": (1, 1),
    }


def test_deals_imported_as_closed_teach_only_the_base_rate() -> None:
    known = [deal("won", imported=True)] * 60 + [deal("lost", imported=True)] * 40
    (learnt,) = [learn(known, LATER, STAGES)[NEW]]
    assert (learnt.won, learnt.closed) == (60, 100)
    # (60 + 10 * 0.4) / (100 + 10): the defaults are 40 % on average.
    assert learnt.base == pytest.approx(64 / 110)
    assert [(one.won, one.closed) for one in learnt.stages] == [(0, 0)] * 5
    # Nobody knows in which stage they came in: the average of the stages is the base rate.
    assert sum(one.rate for one in learnt.stages) / 5 == pytest.approx(learnt.base)
    # The odds of all stages are moved alike.
    moved = [one.prior / (1 - one.prior) * (1 - one.default) / one.default for one in learnt.stages]
    assert moved == pytest.approx([moved[0]] * 5)
    assert [round(100 * one.rate) for one in learnt.stages] == [24, 41, 54, 81, 92]


def test_the_example_of_the_documentation() -> None:
    known = [deal("won", imported=True)] * 60 + [deal("lost", imported=True)] * 40
    known += [deal("proposal", end) for end in ("won", "won", "lost", "lost")]
    proposal = learn(known, LATER, STAGES)[NEW].stages[3]
    assert (round(100 * proposal.prior), round(100 * proposal.rate)) == (80, 71)


def test_what_is_true_of_the_average_deal_is_not_taken_for_the_first_stage() -> None:
    """Most of what a CRM exports as lost got far: the last stage is not certain for that."""
    known = [deal("won", imported=True)] * 63 + [deal("lost", imported=True)] * 37
    found = rates(known)
    assert found["prospecting"] < 0.4
    assert found["negotiation"] < 0.95


def test_a_deal_that_was_seen_speaks_for_the_stage_in_which_it_came_in() -> None:
    """A tenth of the deals is won, all of them begun in the first stage: as the defaults say."""
    ways = [("prospecting", "won")] + [("prospecting", "lost")] * 9
    learnt = learn([deal(*way) for way in ways * 4], LATER, STAGES)[NEW]
    assert [one.prior for one in learnt.stages] == pytest.approx(
        [one.default for one in learnt.stages]
    )
    assert learnt.base == pytest.approx((4 + 4) / 50)


@given(st.integers(0, 40), st.integers(0, 40))
def test_one_deal_more_that_was_won_lowers_no_rate(won: int, lost: int) -> None:
    known = [deal("won", imported=True)] * won + [deal("lost", imported=True)] * lost
    before, after = rates(known), rates([*known, deal("won", imported=True)])
    assert all(before[stage] <= after[stage] + 1e-9 for stage in OPEN)


def test_an_import_of_lost_deals_does_not_turn_the_funnel_upside_down() -> None:
    seen = [deal("prospecting", "negotiation", "won")] * 3
    found = rates(seen + [deal("lost", imported=True)] * 500)
    values = [found[name] for name in OPEN]
    assert values == sorted(values)
    assert found["negotiation"] > 0.25  # 3 of 3 were seen to be won there
    assert found["prospecting"] < 0.25


def test_three_lucky_deals_make_no_certainty() -> None:
    found = rates([deal("proposal", "won")] * 3)
    assert 0.6 < found["proposal"] < 0.9


def test_renewals_and_new_business_are_learnt_apart() -> None:
    known = [deal("proposal", "won", type="renewal")] * 30
    known += [deal("proposal", "lost", type="upsell")] * 30
    assert rates(known, RENEWAL)["proposal"] > 0.9
    assert rates(known, NEW)["proposal"] < 0.2


def test_an_open_deal_and_a_later_day_teach_nothing() -> None:
    known = [deal("proposal"), deal("prospecting", "won", days=20)]
    assert learn(known, day(19), STAGES)[NEW].closed == 0
    assert learn(known, day(20), STAGES)[NEW].closed == 1


def test_a_certain_stage_stays_certain() -> None:
    stages = (Stage("signed", 100, "commit"), Stage("dead", 0, "pipeline"), *STAGES[-2:])
    learnt = learn([], LATER, stages)[NEW]
    assert [one.prior for one in learnt.stages] == [1, 0]


ways = st.lists(
    st.tuples(
        st.lists(st.sampled_from(OPEN), min_size=1, max_size=4),
        st.sampled_from(["won", "lost", ""]),
        st.booleans(),
        st.sampled_from([None, "renewal"]),
    ),
    max_size=30,
)
settings = st.lists(st.integers(0, 100), min_size=2, max_size=5)


@given(ways, settings, st.integers(1, 50))
def test_rates_never_fall_along_the_funnel(
    book: list[tuple[list[str], str, bool, str | None]], chances: list[int], prior: int
) -> None:
    stages = [Stage(OPEN[at], chance, "pipeline") for at, chance in enumerate(chances)]
    stages += STAGES[-2:]
    known = [
        deal(*way, *([end] if end else []), imported=imported and bool(end), type=type)
        for way, end, imported, type in book
    ]
    for learnt in learn(known, LATER, stages, prior).values():
        values = [one.rate for one in learnt.stages]
        assert all(low <= high + 1e-12 for low, high in pairwise(values))
        assert all(0 <= value <= 1 for value in values)
        assert all(one.won <= one.closed <= learnt.closed for one in learnt.stages)


def test_neighbours_that_fall_get_their_common_mean() -> None:
    assert rising([0.1, 0.5, 0.3, 0.9], [1, 1, 3, 1]) == pytest.approx([0.1, 0.35, 0.35, 0.9])
    assert rising([3, 2, 1], [1, 1, 1]) == [2, 2, 2]
    assert rising([], []) == []


def test_the_prior_weighs_as_many_deals_as_are_set() -> None:
    known = [deal("prospecting", "won")]
    assert PRIOR == 10
    light, heavy = (learn(known, LATER, STAGES, prior)[NEW].stages[0] for prior in (1, 100))
    assert light.rate > heavy.rate


# In time


def test_the_days_of_won_deals_count_from_their_stage_and_from_their_opening() -> None:
    known = [
        deal("prospecting", "proposal", "won", days=10),
        deal("won", imported=True),
        deal("proposal", "lost"),
        deal("proposal"),
    ]
    found = cycles(known, LATER)
    assert found.stages == {"prospecting": [20], "proposal": [10]}
    assert found.whole == [0, 20]


def test_a_deal_is_in_time_as_often_as_won_deals_of_its_age_were() -> None:
    known = Cycles({"proposal": [5, 10, 20, 30, 40, 50, 60]}, [])
    # Of the six that took more than 7 days, two were won within the next 20.
    assert in_time(known, "proposal", 7, 100, 20) == InTime(2 / 6, 6, "stage")
    assert in_time(known, "proposal", 7, 100, -1).share == 0


def test_where_a_stage_has_taught_too_little_the_whole_cycle_counts() -> None:
    known = Cycles({"proposal": [5, 10]}, [10, 20, 30, 40, 50])
    assert in_time(known, "proposal", 1, 5, 20) == InTime(2 / 5, 5, "opening")
    # Nobody knows since when: then it is taken to close on its date.
    assert in_time(known, "proposal", None, None, 20) == InTime(1.0, 0, None)
    assert in_time(known, "proposal", 1, 45, 20) == InTime(1.0, 0, None)


def test_a_deal_entered_in_a_later_stage_began_before_nobody_knows_when() -> None:
    assert opening_known(deal("prospecting", "proposal", entered_on=day(0)), "prospecting")
    assert not opening_known(deal("negotiation", entered_on=day(0)), "prospecting")
    assert opening_known(deal("negotiation", entered_on=day(30)), "prospecting")
