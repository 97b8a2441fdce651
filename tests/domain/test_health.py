from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import Config
from acctcli.domain.health import (
    ANSWER_DAYS,
    CODES,
    Health,
    band,
    changes,
    falls,
    lost,
    mean,
    messages,
    strongest,
)
from acctcli.domain.health import health as judge
from acctcli.domain.health_facts import (
    Filled,
    HealthFacts,
    HealthRules,
    Message,
    OpenDeal,
    Promise,
    RunningTerm,
    Spending,
    Stakeholder,
    Survey,
)
from acctcli.domain.reasons import Reason
from acctcli.model import LEVELS, STANCES

TODAY = date(2026, 11, 22)
SINCE = date(2026, 1, 1)

SETTINGS = Config()
RULES = HealthRules({code: SETTINGS[f"health.{code}"] for code in CODES}, 40, 70)

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
past = st.dates(date(2024, 1, 1), TODAY)
promises = st.builds(Promise, st.none() | days, st.sampled_from(["us", "them"]))
people = st.builds(
    Stakeholder, st.none() | st.sampled_from(LEVELS), st.none() | st.sampled_from(STANCES)
)
deals = st.builds(
    OpenDeal, st.text(max_size=8), st.none() | days, past, st.integers(0, 9), st.booleans()
)
spending = st.builds(Spending, st.integers(-100, 10**9), st.integers(-100, 10**9))
terms = st.builds(RunningTerm, st.text(max_size=8), days, st.booleans())
surveys = st.builds(Survey, st.integers(0, 100), st.just("7 of 10"), past)
sent = st.builds(Message, past, st.none() | past)
filled = st.builds(
    lambda empty, more: Filled(len(empty) + more, empty),
    st.lists(st.sampled_from(["industry", "country", "phone"]), unique=True),
    st.integers(0, 3),
)


def health(facts: HealthFacts, today: date) -> Health:
    """Judged by the weights and bounds that the settings have by default."""
    return judge(facts, RULES, today)


@st.composite
def all_facts(draw: st.DrawFn) -> HealthFacts:
    """Any mixture of known and unknown."""
    return HealthFacts(
        since=draw(past),
        last_touch=draw(st.none() | past),
        cadence=draw(st.none() | st.integers(1, 400)),
        promises=draw(st.lists(promises, max_size=4)),
        people=draw(st.lists(people, max_size=5)),
        deals=draw(st.lists(deals, max_size=4)),
        spending=draw(st.lists(spending, max_size=3)),
        terms=draw(st.lists(terms, max_size=3)),
        tickets=draw(st.none() | st.lists(past, max_size=4)),
        survey=draw(st.none() | surveys),
        renewal_days=draw(st.integers(1, 365)),
        messages=draw(st.lists(sent, max_size=6)),
        record=draw(st.none() | filled),
    )


def facts(**known: Any) -> HealthFacts:
    return HealthFacts(since=SINCE, **known)


def score(code: str, **known: Any) -> float | None:
    """The score of one input."""
    found = health(facts(**known), TODAY)
    return next(reason.score for reason in found.reasons if reason.code == code)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@given(all_facts())
def test_every_score_lies_between_0_and_100_and_says_why(given_facts: HealthFacts) -> None:
    found = health(given_facts, TODAY)
    assert [reason.code for reason in found.reasons] == list(CODES)
    for reason in found.reasons:
        assert reason.score is None or 0 <= reason.score <= 100
        assert reason.text
        assert reason.evidence
    assert (found.score is None) == (found.known == 0)
    assert found.score is None or 0 <= found.score <= 100
    assert found.band == band(found.score, RULES)


def test_of_nothing_known_nothing_is_said() -> None:
    found = health(HealthFacts(since=TODAY), TODAY)
    assert (found.score, found.band, found.known) == (None, None, 0)
    assert strongest(found) == []


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 100)), min_size=1, max_size=6),
    st.lists(st.integers(1, 50), max_size=6),
)
def test_what_is_not_known_changes_nothing(
    known: list[tuple[int, int]], unknown: list[int]
) -> None:
    reasons = [Reason("known", "", weight, score, "") for weight, score in known]
    missing = [Reason("unknown", "", weight, None, "") for weight in unknown]
    assert mean(reasons) == mean([*missing, *reasons])


def test_weights_add_up_to_a_hundred() -> None:
    assert sum(RULES.weights.values()) == 100


@pytest.mark.parametrize(
    ("score", "colour"),
    [(0, "red"), (39, "red"), (40, "amber"), (69, "amber"), (70, "green"), (None, None)],
)
def test_bands(score: int | None, colour: str | None) -> None:
    assert band(score, RULES) == colour


@pytest.mark.parametrize(("days", "expected"), [(0, 100), (14, 100), (21, 50), (28, 0), (300, 0)])
def test_touch_falls_from_the_cadence_to_twice_the_cadence(days: int, expected: int) -> None:
    assert score("touch", last_touch=ago(days), cadence=14) == expected


def test_touch_is_unknown_while_an_account_is_new_or_has_no_cadence() -> None:
    new = HealthFacts(since=ago(3), cadence=14)
    assert health(new, TODAY).reasons[0].score is None
    assert score("touch", last_touch=ago(3)) is None
    assert score("touch", cadence=14) == 0  # in the book since January


def test_promises() -> None:
    assert score("promises") is None
    assert score("promises", promises=[Promise(None, "us")]) is None
    kept = Promise(TODAY, "us")
    assert score("promises", promises=[kept]) == 100
    assert score("promises", promises=[kept, Promise(ago(1), "us")]) == 68
    assert score("promises", promises=[kept, Promise(ago(99), "us")]) == 50
    assert score("promises", promises=[kept, Promise(ago(99), "them")]) == 90
    assert score("promises", promises=[Promise(ago(99), "us")] * 9) == 0

    def text(*owed_by: str) -> str:
        late = [Promise(ago(1), side) for side in owed_by]
        reasons = health(facts(promises=[kept, *late]), TODAY).reasons
        return next(reason.text for reason in reasons if reason.code == "promises")

    assert text() == "promises kept so far"
    assert text("them") == "1 promise of theirs late"
    assert text("us", "them", "us") == "2 promises of ours late"


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
    assert score("renewals", terms=[term(400), term(45)]) == 35


def test_tickets() -> None:
    assert score("tickets") is None
    assert score("tickets", tickets=[]) == 100
    assert score("tickets", tickets=[ago(5)]) == 75
    assert score("tickets", tickets=[ago(500)]) == 40
    assert score("tickets", tickets=[ago(0)] * 6) == 0


def test_satisfaction_counts_for_a_year() -> None:
    assert score("satisfaction", survey=Survey(80, "8 of 10", ago(365))) == 80
    assert score("satisfaction", survey=Survey(80, "8 of 10", ago(366))) is None


def test_the_strongest_reasons_are_what_pulls_down_then_what_holds_up() -> None:
    found = health(
        facts(
            last_touch=ago(2),
            cadence=14,
            promises=[Promise(ago(1), "us")],
            people=[Stakeholder("high", "supporter")],
            tickets=[],
        ),
        TODAY,
    )
    assert [r.code for r in strongest(found)] == ["stakeholders", "promises"]
    assert [r.code for r in strongest(found, 4)][2:] == ["touch", "tickets"]


@given(all_facts(), past, past, st.integers(1, 400))
def test_a_later_touch_never_lowers_health(
    some: HealthFacts, one: date, other: date, cadence: int
) -> None:
    earlier, later = sorted((one, other))
    before = health(some.replace(last_touch=earlier, cadence=cadence), TODAY).score
    after = health(some.replace(last_touch=later, cadence=cadence), TODAY).score
    assert before is not None
    assert after is not None
    assert after >= before


@given(all_facts(), st.lists(people, min_size=1, max_size=4), st.integers(0, 3), st.data())
def test_a_friendlier_person_never_lowers_health(
    some: HealthFacts, group: list[Stakeholder], place: int, data: st.DataObject
) -> None:
    person = group[place % len(group)].replace(influence=data.draw(st.sampled_from(LEVELS)))
    worse, better = sorted(data.draw(st.tuples(*[st.sampled_from(STANCES)] * 2)), key=_coolness)
    found = []
    for stance in (worse, better):
        changed = [*group]
        changed[place % len(group)] = person.replace(stance=stance)
        found.append(health(some.replace(people=changed), TODAY).score)
    assert found[0] is not None
    assert found[1] is not None
    assert found[1] >= found[0]


def _coolness(stance: str) -> int:
    return -STANCES.index(stance)


@given(all_facts(), deals, st.lists(deals, max_size=3))
def test_a_deal_on_course_is_never_worse_than_one_that_is_not(
    some: HealthFacts, deal: OpenDeal, others: list[OpenDeal]
) -> None:
    mended = deal.replace(close_date=TODAY, pushes=0, has_step=True)
    before = health(some.replace(deals=[deal, *others]), TODAY).score
    after = health(some.replace(deals=[mended, *others]), TODAY).score
    assert before is not None
    assert after is not None
    assert after >= before


@given(all_facts(), spending, st.integers(0, 10**6))
def test_more_purchases_never_lower_health(some: HealthFacts, bought: Spending, more: int) -> None:
    before = health(some.replace(spending=[bought]), TODAY)
    after = health(some.replace(spending=[bought.replace(year=bought.year + more)]), TODAY)
    if before.reasons[5].score is not None:
        assert after.reasons[5].score is not None
        assert after.reasons[5].score >= before.reasons[5].score


def messages_of(*waits: int | None) -> list[Message]:
    """Messages of 20 days ago, each answered after so many days."""
    return [Message(ago(20), None if wait is None else ago(20 - wait)) for wait in waits]


def test_replies() -> None:
    assert score("replies", messages=messages_of(0, 1)) is None
    assert score("replies", messages=messages_of(None, None, None)) == 0
    assert score("replies", messages=messages_of(0, 1, 1, None)) == 100
    assert score("replies", messages=messages_of(0, None, None, None)) == 33
    assert score("replies", messages=messages_of(14, 14, 14, 14)) == 67
    assert score("replies", messages=messages_of(15, 15, 15, 15)) == 0
    assert score("replies", messages=[Message(ago(91), ago(91))] * 5) is None


def test_a_message_may_wait_three_days_before_it_counts_as_unanswered() -> None:
    answered = messages_of(0, 0)
    assert score("replies", messages=[*answered, Message(ago(2), None)]) is None
    assert score("replies", messages=[*answered, Message(ago(3), None)]) == 89
    assert score("replies", messages=[*answered, Message(ago(2), TODAY)]) == 100


def test_a_touch_answers_all_that_was_sent_before_it() -> None:
    events = [(ago(9), False), (ago(8), False), (ago(7), True), (ago(6), True), (ago(5), False)]
    assert messages(events) == [
        Message(ago(9), ago(7)),
        Message(ago(8), ago(7)),
        Message(ago(5), None),
    ]


def test_the_record_is_known_where_the_user_asks_for_fields() -> None:
    assert score("record") is None
    assert score("record", record=Filled(0, [])) is None
    assert score("record", record=Filled(4, [])) == 100
    assert score("record", record=Filled(4, ["phone"])) == 75
    reason = health(facts(record=Filled(2, ["postal_code"])), TODAY).reasons[9]
    assert (reason.text, reason.evidence) == (
        "no postal code entered",
        "1 of 2 required fields filled; empty: postal code",
    )


def test_weights_and_bounds_are_the_users() -> None:
    known = facts(last_touch=ago(21), cadence=14, tickets=[])  # 50 and 100
    assert judge(known, RULES, TODAY).score == 60
    own = HealthRules({**RULES.weights, "touch": 5}, 60, 80)
    assert judge(known, own, TODAY).score == 75
    assert judge(known, own, TODAY).band == "amber"
    off = HealthRules({**RULES.weights, "touch": 0, "tickets": 0}, 40, 70)
    assert judge(known, off, TODAY).score is None


@given(all_facts())
def test_what_is_lost_adds_up_to_what_is_missing_from_100(some: HealthFacts) -> None:
    found = health(some, TODAY)
    points = lost(found)
    assert len(points) == found.known
    if found.score is not None:
        assert abs(100 - sum(points.values()) - found.score) <= 0.5 + 1e-9
    assert list(points.values()) == sorted(points.values(), reverse=True)


@given(all_facts(), st.sampled_from(CODES))
def test_health_without_an_input_is_the_mean_of_the_others(some: HealthFacts, code: str) -> None:
    off = HealthRules({**RULES.weights, code: 0}, RULES.red, RULES.amber)
    others = [reason for reason in health(some, TODAY).reasons if reason.code != code]
    assert judge(some, off, TODAY).score == mean(others)


@given(all_facts(), st.lists(sent, min_size=3, max_size=6), st.integers(0, 2 * ANSWER_DAYS))
def test_an_answer_never_lowers_health(
    some: HealthFacts, some_sent: list[Message], wait: int
) -> None:
    first = some_sent[0].replace(sent=ago(50), answered=None)
    answered = first.replace(answered=ago(50 - wait))
    before = health(some.replace(messages=[first, *some_sent[1:]]), TODAY).reasons[1]
    after = health(some.replace(messages=[answered, *some_sent[1:]]), TODAY).reasons[1]
    if before.score is not None:
        assert after.score is not None
        assert after.score >= before.score


@given(all_facts(), past, st.none() | past)
def test_a_resolved_ticket_and_a_kept_promise_never_lower_health(
    some: HealthFacts, day: date, due: date | None
) -> None:
    one_more = some.replace(
        tickets=[*(some.tickets or ()), day], promises=[*some.promises, Promise(due or TODAY, "us")]
    )
    settled = one_more.replace(
        tickets=[*(some.tickets or ())], promises=[*some.promises, Promise(TODAY, "us")]
    )
    before, after = health(one_more, TODAY).score, health(settled, TODAY).score
    assert before is not None
    assert after is not None
    assert after >= before


@given(all_facts(), terms, st.integers(1, 400))
def test_a_later_end_and_a_renewal_deal_never_lower_health(
    some: HealthFacts, term: RunningTerm, more: int
) -> None:
    def score_with(changed: RunningTerm) -> int:
        found = health(some.replace(terms=[*some.terms, changed]), TODAY).score
        assert found is not None
        return found

    assert score_with(term.replace(ends_on=term.ends_on + timedelta(days=more))) >= score_with(term)
    assert score_with(term.replace(renewing=True)) >= score_with(term)


@given(all_facts(), st.integers(0, 100), st.integers(0, 100))
def test_a_happier_answer_never_lowers_health(some: HealthFacts, one: int, other: int) -> None:
    scores = [
        health(some.replace(survey=Survey(percent, "an answer", TODAY)), TODAY).score
        for percent in sorted((one, other))
    ]
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0] <= scores[1]


def scores(of: Health) -> dict[str, float]:
    """The known scores by code, as a review keeps them."""
    return {r.code: r.score for r in of.reasons if r.score is not None and r.weight > 0}


def exact(of: Health) -> float:
    known = scores(of)
    weights = RULES.weights
    return sum(weights[c] * s for c, s in known.items()) / sum(weights[c] for c in known)


def test_what_brought_a_change_about() -> None:
    before = {"touch": 100, "promises": 100, "stakeholders": 50}
    facts = HealthFacts(
        SINCE,
        last_touch=TODAY - timedelta(days=21),
        cadence=14,
        promises=[Promise(TODAY, "us")],
        people=[Stakeholder("high", "supporter")] * 2,
    )
    found = judge(facts, RULES, TODAY)
    told = {one.code: (one.was, one.now, round(one.points, 1)) for one in changes(found, before)}
    # Weights 20, 10 and 15: half of the touch is lost, 30 of the stakeholders won.
    assert told == {"touch": (100, 50, -22.2), "stakeholders": (50, 80, 10.0)}
    assert [reason.code for reason in falls(found, before)] == ["touch"]
    # What is not known any more pulled something down, but there is nothing to say of today.
    no_more = {**before, "tickets": 100}
    assert {one.code for one in changes(found, no_more) if one.points < 0} == {"touch", "tickets"}
    assert [reason.code for reason in falls(found, no_more)] == ["touch"]


def test_an_input_that_became_known_counts_by_where_it_lies() -> None:
    found = judge(
        HealthFacts(SINCE, tickets=[TODAY], promises=[Promise(TODAY, "us")]), RULES, TODAY
    )
    (low,) = changes(found, {"promises": 100})
    assert (low.code, low.was, low.now) == ("tickets", None, 80)
    assert low.points < 0


def test_without_scores_of_then_or_of_now_nothing_is_said() -> None:
    assert changes(judge(HealthFacts(SINCE), RULES, TODAY), {"touch": 50}) == []
    assert changes(judge(HealthFacts(SINCE, tickets=[]), RULES, TODAY), {}) == []


@given(all_facts(), all_facts())
def test_the_causes_of_a_change_add_up_to_it(one: HealthFacts, other: HealthFacts) -> None:
    was, now = judge(one, RULES, TODAY), judge(other, RULES, TODAY)
    if was.score is None or now.score is None:
        return
    found = changes(now, scores(was))
    assert {change.code for change in found} == {
        code for code in CODES if scores(was).get(code) != scores(now).get(code)
    }
    if scores(was).keys() == scores(now).keys():
        assert sum(change.points for change in found) == pytest.approx(exact(now) - exact(was))
