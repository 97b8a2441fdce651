from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.judged import RULES, SINCE, TODAY, ago, facts, health

from acctcli.domain.health import (
    CODES,
    Health,
    band,
    changes,
    falls,
    judged_again,
    lost,
    mean,
    strongest,
)
from acctcli.domain.health import health as judge
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
from acctcli.domain.reasons import Reason
from acctcli.model import LEVELS, ROLES, STANCES

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
past = st.dates(date(2024, 1, 1), TODAY)
promises = st.builds(
    Promise, days, st.sampled_from(["us", "them"]), st.none() | past, st.none() | past
)
people = st.builds(
    Stakeholder,
    st.none() | st.sampled_from(LEVELS),
    st.none() | st.sampled_from(STANCES),
    st.none() | st.sampled_from(ROLES),
)
leavers = st.builds(
    Leaver, past, st.none() | st.sampled_from(ROLES), st.none() | st.sampled_from(STANCES)
)
deals = st.builds(
    OpenDeal, st.text(max_size=8), st.none() | days, past, st.integers(0, 9), st.booleans()
)
spending = st.builds(Spending, st.integers(-100, 10**9), st.integers(-100, 10**9))
terms = st.builds(
    RunningTerm, st.text(max_size=8), days, st.booleans(), st.none() | st.integers(0, 365)
)
surveys = st.builds(Survey, st.integers(0, 100), st.just("7 of 10"), past)
decided = st.builds(DecidedDeal, past, st.booleans(), deals)
sent = st.builds(
    lambda first, more, wait: Message(
        first,
        None if wait is None else first + timedelta(days=more + wait),
        first + timedelta(days=more),
    ),
    past,
    st.integers(0, 30),
    st.none() | st.integers(0, 30),
)
filled = st.builds(
    lambda empty, more: RequiredFields(len(empty) + more, empty),
    st.lists(st.sampled_from(["industry", "country", "phone"]), unique=True),
    st.integers(0, 3),
)


@st.composite
def all_facts(draw: st.DrawFn) -> HealthFacts:
    """Draw any mixture of known and unknown facts."""
    return HealthFacts(
        since=draw(past),
        last_touch=draw(st.none() | past),
        cadence=draw(st.none() | st.integers(1, 400)),
        promises=draw(st.lists(promises, max_size=4)),
        people=draw(st.lists(people, max_size=5)),
        left=draw(st.lists(leavers, max_size=2)),
        decided=draw(st.lists(decided, max_size=3)),
        deals=draw(st.lists(deals, max_size=4)),
        spending=draw(st.lists(spending, max_size=3)),
        terms=draw(st.lists(terms, max_size=3)),
        tickets=draw(st.none() | st.lists(past, max_size=4)),
        survey=draw(st.none() | surveys),
        messages=draw(st.lists(sent, max_size=6)),
        record=draw(st.none() | filled),
    )


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
    assert found.band in (None, band(found.score, RULES))


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


def test_the_strongest_reasons_are_what_pulls_down_then_what_holds_up() -> None:
    found = health(
        facts(
            last_touch=ago(2),
            cadence=14,
            promises=[Promise(ago(1), "us"), Promise(ago(1), "us", ago(1), ago(2))],
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


def test_weights_and_bounds_are_the_users() -> None:
    known = facts(last_touch=ago(21), cadence=14, tickets=[])  # 50 and 100
    assert judge(known, RULES, TODAY).score == 60  # 1000 + 500 + 1200 in 45
    own = RULES.replace(weights={**RULES.weights, "touch": 5}, red=60, amber=80, least_known=0)
    assert judge(known, own, TODAY).score == 65  # 250 + 500 + 1200 in 30
    assert judge(known, own, TODAY).band == "amber"
    off = RULES.replace(weights={**RULES.weights, "touch": 0, "tickets": 0})
    assert judge(known, off, TODAY).score is None
    assert judge(known, RULES.replace(prior=0, prior_weight=10), TODAY).score == 43
    assert judge(known, RULES.replace(prior_weight=0), TODAY).score == 60


def test_one_known_input_makes_no_green_account() -> None:
    found = judge(facts(last_touch=TODAY, cadence=14), RULES, TODAY)
    assert (found.score, found.band, found.known) == (80, None, 1)  # 2000 + 1200 in 40


def test_a_health_has_a_colour_from_40_percent_of_the_weight_on() -> None:
    people = [Stakeholder("high", "supporter")]
    on_35 = facts(last_touch=TODAY, cadence=14, people=people)
    on_40 = on_35.replace(tickets=[])
    assert (judge(on_35, RULES, TODAY).score, judge(on_35, RULES, TODAY).band) == (72, None)
    assert (judge(on_40, RULES, TODAY).score, judge(on_40, RULES, TODAY).band) == (74, "green")
    assert judge(on_35, RULES.replace(least_known=35), TODAY).band == "green"


def test_an_open_ticket_only_takes_away() -> None:
    low = facts(last_touch=ago(28), cadence=14)  # 0, so 30 with the prior
    ticket = low.replace(tickets=[TODAY])  # 80 alone
    assert judge(low, RULES, TODAY).score == judge(ticket, RULES, TODAY).score == 30
    reason = judge(ticket, RULES, TODAY).reasons[7]
    assert (reason.score, reason.weight) == (80, 0)
    assert reason.evidence.endswith("; an open ticket only takes away")
    high = facts(last_touch=TODAY, cadence=14)
    assert judge(high.replace(tickets=[ago(40)] * 2), RULES, TODAY).score == 73


def test_what_a_review_kept_is_judged_by_the_rules_of_today() -> None:
    kept = {"touch": 50, "tickets": 100, "made-up": 7}
    assert judged_again(kept, RULES) == 60
    assert judged_again(kept, RULES.replace(prior_weight=0)) == 60
    assert judged_again({"made-up": 7}, RULES) is None
    assert judged_again({}, RULES) is None


@given(all_facts())
def test_what_is_lost_adds_up_to_what_is_missing_from_100(some: HealthFacts) -> None:
    found = health(some, TODAY)
    points = lost(found)
    counted = [r for r in found.reasons if r.score is not None and r.weight]
    assert points.keys() == {r.code for r in counted}
    if found.score is not None:
        prior = 20 * (100 - 60) / (20 + sum(r.weight for r in counted))
        assert abs(100 - sum(points.values()) - prior - found.score) <= 0.5 + 1e-9
    assert list(points.values()) == sorted(points.values(), reverse=True)


@given(all_facts(), st.lists(sent, min_size=3, max_size=6), st.integers(0, 28))
def test_an_answer_never_lowers_health(
    some: HealthFacts, some_sent: list[Message], wait: int
) -> None:
    first = Message(ago(50), None, ago(50))
    answered = first.replace(answered=ago(50 - wait))
    before = health(some.replace(messages=[first, *some_sent[1:]]), TODAY).reasons[1]
    after = health(some.replace(messages=[answered, *some_sent[1:]]), TODAY).reasons[1]
    if before.score is not None:
        assert after.score is not None
        assert after.score >= before.score


def never_raised(before: HealthFacts, after: HealthFacts) -> None:
    """Check that bad news never raises the score, and that its cure never lowers it again."""
    was, now = (health(one, TODAY).score for one in (before, after))
    if was is not None and now is not None:
        assert now <= was


people_for_us = people.filter(
    lambda p: p.stance in ("champion", "supporter") or (p.role, p.stance) == ("champion", None)
)


@given(all_facts(), people_for_us, st.integers(0, 180))
def test_a_supporter_who_leaves_never_raises_health(
    some: HealthFacts, person: Stakeholder, days_ago: int
) -> None:
    there = some.replace(people=[*some.people, person])
    gone = some.replace(left=[*some.left, Leaver(ago(days_ago), person.role, person.stance)])
    never_raised(there, gone)


@given(all_facts(), past)
def test_a_ticket_that_comes_in_never_raises_health(some: HealthFacts, day: date) -> None:
    opened = some.replace(tickets=[*(some.tickets or ()), day])
    never_raised(some, opened)
    never_raised(opened.replace(tickets=some.tickets or ()), opened)  # resolved


@given(all_facts(), deals, st.booleans())
def test_a_deal_that_is_lost_never_raises_health(
    some: HealthFacts, deal: OpenDeal, stepped: bool
) -> None:
    opened = some.replace(deals=[*some.deals, deal.replace(has_step=stepped)])
    stood = deal.replace(has_step=False)
    lost_today = some.replace(decided=[*some.decided, DecidedDeal(TODAY, won=False, stood=stood)])
    won_today = some.replace(decided=[*some.decided, DecidedDeal(TODAY, won=True, stood=stood)])
    never_raised(opened, lost_today)
    never_raised(won_today, opened)


@given(all_facts(), terms, st.integers(0, 400), st.integers(0, 365), spending, st.data())
def test_a_contract_that_lapses_never_raises_health(
    some: HealthFacts,
    term: RunningTerm,
    left: int,
    lapsed: int,
    bought: Spending,
    data: st.DataObject,
) -> None:
    running = term.replace(ends_on=TODAY + timedelta(days=left))
    over = term.replace(ends_on=ago(lapsed), renewing=False, window=term.window or 90)
    # It has no effect any more.
    paid = Spending(max(bought.year, 0), max(bought.before, 1))
    less = paid.replace(year=data.draw(st.integers(0, int(paid.year))))
    never_raised(
        some.replace(terms=[*some.terms, running], spending=[*some.spending, paid]),
        some.replace(terms=[*some.terms, over], spending=[*some.spending, less]),
    )


@given(all_facts(), st.integers(1, 400), st.sampled_from(["us", "them"]), st.integers(0, 90))
def test_a_promise_that_is_missed_never_raises_health(
    some: HealthFacts, late: int, owed_by: str, due: int
) -> None:
    def promised(promise: Promise) -> HealthFacts:
        return some.replace(promises=[*some.promises, promise])

    missed = promised(Promise(ago(late), owed_by))
    never_raised(some, missed)
    never_raised(promised(Promise(TODAY, owed_by)), missed)  # not due yet
    never_raised(promised(Promise(ago(late), owed_by, TODAY, ago(900))), missed)  # done late
    kept = promised(Promise(ago(due), owed_by, ago(due), ago(900)))
    never_raised(kept, promised(Promise(ago(due + 1), owed_by)))


@given(all_facts(), st.integers(1, 400))
def test_a_dummy_task_changes_nothing(some: HealthFacts, days: int) -> None:
    for dummy in (
        Promise(TODAY + timedelta(days=days), "us", None, TODAY),
        Promise(TODAY, "us", TODAY, TODAY),
        Promise(TODAY + timedelta(days=days), "them", TODAY, TODAY),
    ):
        after = health(some.replace(promises=[*some.promises, dummy]), TODAY)
        assert after == health(some, TODAY)


@given(all_facts(), st.data())
def test_a_known_input_that_improves_never_lowers_health(
    some: HealthFacts, data: st.DataObject
) -> None:
    kept = {r.code: int(r.score) for r in health(some, TODAY).reasons if r.score is not None}
    if kept:
        code = data.draw(st.sampled_from(sorted(kept)))
        better = {**kept, code: data.draw(st.integers(kept[code], 100))}
        before, after = judged_again(kept, RULES), judged_again(better, RULES)
        assert before is not None
        assert after is not None
        assert after >= before


@given(all_facts(), terms, st.integers(1, 400))
def test_a_later_end_and_a_renewal_deal_never_lower_health(
    some: HealthFacts, term: RunningTerm, more: int
) -> None:
    term = term.replace(ends_on=max(term.ends_on, ago(365)))  # one of longer ago is forgotten

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
    """Return the known scores by code, as a review stores them."""
    return {r.code: r.score for r in of.reasons if r.score is not None and r.weight > 0}


def exact(of: Health) -> float:
    known = scores(of)
    weights = RULES.weights
    points = sum(weights[c] * s for c, s in known.items()) + 20 * 60
    return points / (sum(weights[c] for c in known) + 20)


def test_what_brought_a_change_about() -> None:
    before = {"touch": 100, "promises": 100, "stakeholders": 50}
    facts = HealthFacts(
        SINCE,
        last_touch=TODAY - timedelta(days=21),
        cadence=14,
        promises=[Promise(TODAY, "us", TODAY, SINCE)],
        people=[Stakeholder("high", "supporter")] * 2,
    )
    found = judge(facts, RULES, TODAY)
    told = {one.code: (one.was, one.now, round(one.points, 1)) for one in changes(found, before)}
    # Weights 20, 10 and 15 and 20 for the prior: half of the touch is lost, 30 of the
    # stakeholders won.
    assert told == {"touch": (100, 50, -15.4), "stakeholders": (50, 80, 6.9)}
    assert [reason.code for reason in falls(found, before)] == ["touch"]
    # An unknown input lowered the score, but there is nothing to say about today.
    no_more = {**before, "tickets": 100}
    assert {one.code for one in changes(found, no_more) if one.points < 0} == {"touch", "tickets"}
    assert [reason.code for reason in falls(found, no_more)] == ["touch"]


def test_an_input_that_became_known_counts_by_where_it_lies() -> None:
    found = judge(
        HealthFacts(SINCE, tickets=[ago(9)], promises=[Promise(TODAY, "us", TODAY, SINCE)]),
        RULES,
        TODAY,
    )
    (low,) = changes(found, {"promises": 100})
    assert (low.code, low.was, low.now) == ("tickets", None, 71)
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
