"""The score of each input of health, with values that were computed by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.domain.judged import RULES, TODAY, ago, facts, health, score

from acctcli.domain.health_facts import (
    DecidedDeal,
    HealthFacts,
    Leaver,
    Message,
    OpenDeal,
    Promise,
    RequiredFields,
    RunningTerm,
    Spending,
    Stakeholder,
    Survey,
)
from acctcli.domain.health_inputs import csat_points, messages, nps_points


@pytest.mark.parametrize(("days", "expected"), [(0, 100), (14, 100), (21, 50), (28, 0), (300, 0)])
def test_touch_falls_from_the_cadence_to_twice_the_cadence(days: int, expected: int) -> None:
    assert score("touch", last_touch=ago(days), cadence=14) == expected


def test_touch_is_unknown_while_an_account_is_new_or_has_no_cadence() -> None:
    new = HealthFacts(since=ago(3), cadence=14)
    assert health(new, TODAY).reasons[0].score is None
    assert score("touch", last_touch=ago(3)) is None
    assert score("touch", cadence=14) == 0  # in the book since January


def test_promises_are_the_share_kept_on_time_of_those_that_were_due() -> None:
    kept = Promise(ago(10), "us", ago(11), ago(20))
    late = Promise(ago(10), "us", ago(9), ago(20))
    open_and_late = Promise(ago(300), "them")
    assert score("promises") is None
    assert score("promises", promises=[kept]) == 100
    assert score("promises", promises=[kept, late]) == 50
    assert score("promises", promises=[kept, late, open_and_late]) == 33
    assert score("promises", promises=[kept.replace(due=ago(91)), late]) == 0
    # Not due yet, or done before it was due: nothing to say about it today.
    assert score("promises", promises=[Promise(TODAY, "us")]) is None
    assert score("promises", promises=[Promise(TODAY + timedelta(3), "us", TODAY, ago(3))]) is None
    assert score("promises", promises=[Promise(TODAY, "us", TODAY, ago(3))]) == 100


def test_what_was_entered_and_done_on_one_day_is_no_promise() -> None:
    late = Promise(ago(1), "us")
    dummy = Promise(TODAY, "us", TODAY, TODAY)
    assert score("promises", promises=[late, dummy]) == score("promises", promises=[late]) == 0
    assert score("promises", promises=[dummy]) is None


def test_promises_say_whose_were_missed() -> None:
    kept = Promise(ago(10), "us", ago(11), ago(20))

    def said(*owed_by: str) -> tuple[str, str]:
        late = [Promise(ago(1), side) for side in owed_by]
        reasons = health(facts(promises=[kept, *late]), TODAY).reasons
        return next((r.text, r.evidence) for r in reasons if r.code == "promises")

    assert said() == ("promises kept on time", "1 of 1 of ours kept on time in 90 days")
    assert said("them") == (
        "1 promise of theirs not kept on time",
        "1 of 1 of ours and 0 of 1 of theirs kept on time in 90 days",
    )
    assert said("us", "them", "us")[0] == "2 promises of ours not kept on time"


def test_stakeholders() -> None:
    friend, foe = Stakeholder("high", "supporter"), Stakeholder("medium", "opponent")
    assert (
        score("stakeholders", people=[Stakeholder("high", None), Stakeholder(None, "champion")])
        is None
    )
    assert score("stakeholders", people=[Stakeholder("low", "champion")]) == 10
    assert score("stakeholders", people=[friend]) == 50
    assert score("stakeholders", people=[friend, friend]) == 80
    assert score("stakeholders", people=[friend] * 4) == 100
    assert score("stakeholders", people=[friend, foe]) == 30
    assert score("stakeholders", people=[foe, foe]) == 0


def test_roles_count_among_the_stakeholders() -> None:
    def of(*people: Stakeholder) -> float | None:
        return score("stakeholders", people=people)

    assert of(Stakeholder(None, "supporter", "economic-buyer")) == 50
    assert of(Stakeholder(None, None, "champion")) == 50
    assert of(Stakeholder("high", "skeptic", "champion")) == 10
    assert of(Stakeholder("low", None, "champion")) == 10
    assert of(Stakeholder(None, None, "blocker"), Stakeholder("high", "supporter")) == 30
    assert of(Stakeholder(None, None, "economic-buyer")) is None


def test_a_supporter_who_left_is_remembered_for_180_days() -> None:
    gone = Leaver(ago(180), "champion", None)
    assert score("stakeholders", left=[gone]) == 10
    assert score("stakeholders", left=[gone.replace(on=ago(181))]) is None
    assert score("stakeholders", left=[Leaver(ago(3), "legal", "neutral")]) is None
    assert score("stakeholders", left=[gone], people=[Stakeholder("high", "supporter")]) == 50


def test_deals() -> None:
    assert score("deals") is None
    good = OpenDeal("A", TODAY, ago(2), 0, has_step=True)
    assert score("deals", deals=[good]) == 100
    assert score("deals", deals=[good.replace(close_date=ago(1))]) == 60
    assert score("deals", deals=[good.replace(pushes=2)]) == 70
    assert score("deals", deals=[good.replace(moved_on=ago(30), has_step=False)]) == 70
    assert score("deals", deals=[good.replace(moved_on=ago(30))]) == 100
    assert score("deals", deals=[good, good.replace(close_date=ago(1))]) == 80
    worst = good.replace(close_date=ago(9), moved_on=ago(90), has_step=False, pushes=7)
    assert score("deals", deals=[worst]) == 0


def test_deals_decided_lately_are_remembered() -> None:
    good = OpenDeal("A", ago(20), ago(25), 0, has_step=False)
    lost = DecidedDeal(ago(30), won=False, stood=good)
    assert score("deals", decided=[lost]) == 40
    assert score("deals", decided=[lost.replace(on=ago(90), stood=good)]) == 40
    assert score("deals", decided=[lost.replace(on=ago(91))]) is None
    assert score("deals", decided=[lost.replace(stood=good.replace(pushes=3))]) == 40
    worse = good.replace(close_date=ago(40), pushes=3)
    assert score("deals", decided=[lost.replace(stood=worse)]) == 15
    assert score("deals", decided=[lost.replace(won=True)]) == 100
    on_course = good.replace(close_date=TODAY, moved_on=TODAY)
    assert score("deals", decided=[lost], deals=[on_course]) == 70


def test_the_worst_deal_is_named() -> None:
    good = OpenDeal("Good", TODAY, TODAY, 0, has_step=True)
    bad = OpenDeal("Rollout", ago(3), TODAY, 2, has_step=True)
    reasons = health(facts(deals=[good, bad]), TODAY).reasons
    assert reasons[4].text == '"Rollout" past its close date Thu 19 Nov, pushed 2 times'


@pytest.mark.parametrize(
    ("year", "before", "expected"),
    [
        *((0, 100, 0), (50, 100, 35), (100, 100, 70), (125, 100, 100), (900, 100, 100)),
        *((5, 0, 100), (1, 0, 100), (0, 1, 0)),
    ],
)
def test_purchases_against_the_year_before(year: int, before: int, expected: int) -> None:
    assert score("purchases", spending=[Spending(year, before)]) == expected


def test_currencies_of_purchases_are_never_added_up() -> None:
    both = [Spending(100, 100), Spending(0, 1)]
    assert score("purchases", spending=both) == 35
    assert score("purchases", spending=[Spending(900, 100), Spending(1, 1)]) == 85
    assert score("purchases", spending=[Spending(0, 0)]) is None


def test_renewals() -> None:
    def term(days: int, *, renewing: bool = False) -> RunningTerm:
        return RunningTerm("Support", TODAY + timedelta(days=days), renewing)

    assert score("renewals") is None
    assert score("renewals", terms=[term(91)]) == 100
    assert score("renewals", terms=[term(90)]) == 70
    assert score("renewals", terms=[term(45)]) == 35
    assert score("renewals", terms=[term(-1)]) == 0
    assert score("renewals", terms=[term(-1, renewing=True)]) == 100
    assert score("renewals", terms=[term(-31, renewing=True)]) == 0
    assert score("renewals", terms=[term(-365)]) == 0
    assert score("renewals", terms=[term(-366)]) is None
    assert score("renewals", terms=[term(400), term(45)]) == 35
    assert score("renewals", terms=[term(15).replace(window=30)]) == 35
    assert score("renewals", terms=[term(0).replace(window=0)]) == 0
    assert score("renewals", terms=[term(-3).replace(window=None)]) == 100  # the next payment


def test_tickets() -> None:
    assert score("tickets") is None
    assert score("tickets", tickets=[]) == 100
    assert score("tickets", tickets=[ago(5)]) == 75
    assert score("tickets", tickets=[ago(500)]) == 40
    assert score("tickets", tickets=[ago(0)] * 6) == 0


def test_satisfaction_counts_for_a_year() -> None:
    assert score("satisfaction", survey=Survey(80, "8 of 10", ago(365))) == 80
    assert score("satisfaction", survey=Survey(80, "8 of 10", ago(366))) is None


def messages_of(*waits: int | None) -> list[Message]:
    """Return messages of 20 days ago, each answered after this many days."""
    sent = ago(20)
    return [Message(sent, None if wait is None else ago(20 - wait), sent) for wait in waits]


def test_replies() -> None:
    assert score("replies", messages=messages_of(0, 1)) is None
    assert score("replies", messages=messages_of(None, None, None)) == 0
    assert score("replies", messages=messages_of(0, 1, 1, None)) == 100
    assert score("replies", messages=messages_of(0, None, None, None)) == 33
    assert score("replies", messages=messages_of(14, 14, 14, 14)) == 67
    assert score("replies", messages=messages_of(15, 15, 15, 15)) == 0
    assert score("replies", messages=[Message(ago(91), ago(91), ago(91))] * 5) is None


def test_a_message_may_wait_three_days_before_it_counts_as_unanswered() -> None:
    def sent(first: int, last: int, answered: date | None) -> Message:
        return Message(ago(first), answered, ago(last))

    answered = messages_of(0, 0)
    assert score("replies", messages=[*answered, sent(2, 2, None)]) is None
    assert score("replies", messages=[*answered, sent(3, 3, None)]) == 89
    assert score("replies", messages=[*answered, sent(2, 2, TODAY)]) == 100
    # Writing again hides no silence, and a late follow-up that is answered is answered.
    assert score("replies", messages=[*answered, sent(9, 0, None)]) == 89
    assert score("replies", messages=[*answered, sent(40, 1, TODAY)]) == 100


def test_a_run_of_messages_is_one_and_a_touch_answers_it() -> None:
    events = [(ago(9), False), (ago(8), False), (ago(7), True), (ago(6), True), (ago(5), False)]
    assert messages(events) == [
        Message(ago(9), ago(7), ago(8)),
        Message(ago(5), None, ago(5)),
    ]
    assert messages([(ago(day), False) for day in (9, 7, 1)]) == [Message(ago(9), None, ago(1))]
    assert messages([]) == []


def test_the_record_is_known_where_the_user_asks_for_fields() -> None:
    assert score("record") is None
    assert score("record", record=RequiredFields(0, [])) is None
    assert score("record", record=RequiredFields(4, [])) == 100
    assert score("record", record=RequiredFields(4, ["phone"])) == 75
    reason = health(facts(record=RequiredFields(2, ["postal_code"])), TODAY).reasons[9]
    assert (reason.text, reason.evidence) == (
        "no postal code entered",
        "1 of 2 required fields filled; empty: postal code",
    )


def test_nps_tells_promoters_from_detractors() -> None:
    points = [round(nps_points(answer, RULES)) for answer in range(11)]
    assert points == [0, 7, 13, 20, 27, 33, 40, 70, 70, 100, 100]


def test_csat_goes_from_1_to_5() -> None:
    assert [csat_points(answer, RULES) for answer in range(1, 6)] == [0, 25, 50, 75, 100]
