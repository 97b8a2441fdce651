from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.config import Config, Criterion
from acctcli.domain.fit import (
    CODES,
    ENGAGEMENT,
    VALUE,
    Moved,
    Score,
    ScoreFacts,
    ScorePart,
    ScoreRules,
    Signals,
    Standings,
    Worth,
    fit,
    standings,
    strongest,
)
from acctcli.domain.fit import score as judge
from acctcli.domain.health_facts import Spending, Survey
from acctcli.domain.reasons import Reason

TODAY = date(2026, 11, 22)
SETTINGS = Config()

INDUSTRY = Criterion("industry", "industry", 5, match={"energy": 10, "retail": 6})
SIZE = Criterion("size", "employees", 3, at_least=((50, 4), (200, 7), (1000, 10)))
REVENUE = Criterion(
    *("revenue", "annual_revenue", 1), at_least=((100_000, 5), (1_000_000, 10)), currency="SGD"
)
TAGS = Criterion("tags", "tags", 2, match={"expo": 8}, other=1)

FIELDS = {"industry": "Energy", "employees": 300, "tags": ("vip", "Expo")}


def rules(*profile: Criterion, **changes: Any) -> ScoreRules:
    """Return the default rules with this profile."""
    weights = {code: SETTINGS[f"score.{code}"] for code in CODES}
    by = ScoreRules(weights, profile, SETTINGS.tier_bounds, SETTINGS.cadence, "", {})
    return by.replace(**changes)


def of_book(*worths: Worth, by: ScoreRules | None = None) -> Standings:
    return standings(worths, by or rules())


def score(facts: ScoreFacts, book: Standings | None = None, by: ScoreRules | None = None) -> Score:
    by = by or rules()
    return judge(facts, book or of_book(facts.worth, by=by), by, TODAY)


def reason(judged: Score | ScorePart, code: str) -> Reason:
    parts = judged.parts if isinstance(judged, Score) else (judged,)
    return next(reason for part in parts for reason in part.reasons if reason.code == code)


# Fit


def test_fit_is_the_weighted_match_of_the_fields_that_are_known() -> None:
    found = fit(ScoreFacts(fields=FIELDS), rules(INDUSTRY, SIZE, TAGS, REVENUE))
    assert found.score == round(100 * (5 * 10 + 3 * 7 + 2 * 8) / (10 * (5 + 3 + 2)))
    assert found.evidence == "3 of 4 criteria known"
    assert reason(found, "industry").text == "industry Energy: 10 of 10"
    assert reason(found, "revenue").score is None


@pytest.mark.parametrize(
    ("criterion", "value", "score"),
    [
        (INDUSTRY, "  ENERGY ", 100),
        (INDUSTRY, "mining", 0),
        (SIZE, 49, 0),
        (SIZE, 50, 40),
        (SIZE, 999, 70),
        (SIZE, 1000, 100),
        (SIZE.replace(other=2), 10, 20),
        (TAGS, ("vip",), 10),
        (TAGS, (), None),
        (Criterion("flag", "partner", 1, match={"yes": 10}), 1, 100),
        (Criterion("flag", "partner", 1, match={"yes": 10}), 0, 0),
    ],
)
def test_a_value_comes_to_its_match(criterion: Criterion, value: object, score: int | None) -> None:
    found = fit(ScoreFacts(fields={criterion.field: value}), rules(criterion))
    assert found.reasons[0].score == score


def test_money_is_compared_in_the_currency_of_the_bounds() -> None:
    fields = {"annual_revenue": 1_000_000, "currency": "EUR"}
    without = fit(ScoreFacts(fields=fields), rules(REVENUE))
    assert (without.score, without.reasons[0].text) == (
        None,
        "annual revenue 10,000 EUR: no rate to SGD",
    )
    rated = rules(REVENUE, base="SGD", rates={"EUR": "1.45"})
    assert fit(ScoreFacts(fields=fields), rated).score == 100
    own = fit(ScoreFacts(fields={"annual_revenue": 100_000, "currency": "SGD"}), rules(REVENUE))
    assert own.score == 50


def test_without_a_profile_fit_is_not_known() -> None:
    found = fit(ScoreFacts(fields=FIELDS), rules())
    assert (found.score, found.evidence) == (
        None,
        "no ideal customer profile set: [icp] in the settings",
    )


# Value


def test_value_is_the_place_among_the_accounts_of_the_book() -> None:
    worths = [Worth(spending={"SGD": 100 * n}) for n in range(1, 5)]
    book = of_book(*worths, Worth())
    places = [score(ScoreFacts(worth=worth), book).part("value").score for worth in worths]
    assert places == [25, 50, 75, 100]
    found = reason(score(ScoreFacts(worth=worths[2]), book), "spending")
    assert found.evidence == "spending in a year: 3 SGD; 2nd of 4 in your book"


def test_a_place_among_two_says_nothing() -> None:
    worths = [Worth(pipeline={"SGD": 100}), Worth(pipeline={"SGD": 200})]
    found = reason(score(ScoreFacts(worth=worths[0]), of_book(*worths)), "pipeline")
    assert (found.score, found.text) == (None, "too few with weighted pipeline")


def test_who_stopped_buying_comes_to_nothing_and_who_never_bought_is_not_known() -> None:
    book = of_book(*(Worth(spending={"SGD": n}) for n in (1, 2, 3)))
    assert reason(score(ScoreFacts(worth=Worth({"SGD": 0})), book), "spending").score == 0
    assert reason(score(ScoreFacts(), book), "spending").score is None


def test_currencies_are_never_added_up_without_rates() -> None:
    worths = [Worth(spending={"SGD": n}) for n in (100, 200, 300)]
    mixed = Worth(spending={"SGD": 150, "EUR": 900})
    book = of_book(*worths, mixed)
    found = reason(score(ScoreFacts(worth=mixed), book), "spending")
    assert (found.score, found.text) == (50, "spending in a year: 3rd of 4 (SGD)")
    by = rules(base="SGD", rates={"EUR": "1.5"})
    book = of_book(*worths, mixed, by=by)
    assert reason(score(ScoreFacts(worth=mixed), book, by), "spending").score == 100
    by = rules(base="SGD", rates={"USD": "1.3"})
    found = reason(score(ScoreFacts(worth=mixed), of_book(*worths, mixed, by=by), by), "spending")
    assert (found.score, found.text) == (None, "no rate for EUR")
    no_more = Worth(spending={"SGD": 150, "EUR": 0})
    found = reason(score(ScoreFacts(worth=no_more), of_book(*worths, by=by), by), "spending")
    assert found.text == "spending in a year: 3rd of 3"


# Engagement


def test_nothing_logged_is_not_known_and_silence_is() -> None:
    unknown = score(ScoreFacts()).part("engagement")
    assert unknown.score is None
    silent = score(ScoreFacts(signals=Signals(0, None, 0, 0))).part("engagement")
    assert silent.score == 0
    assert reason(silent, "people").score is None
    assert reason(silent, "touches").text == "no two-way touch in 90 days"


@pytest.mark.parametrize(
    ("facts", "code", "points"),
    [
        (ScoreFacts(signals=Signals(3, 2, 1, 1)), "touches", 50),
        (ScoreFacts(signals=Signals(60, 2, 1, 1)), "touches", 100),
        (ScoreFacts(signals=Signals(3, 2, 1, 1)), "people", 67),
        (ScoreFacts(signals=Signals(3, 2, 1, 1)), "inbound", 33),
        (ScoreFacts(signals=Signals(3, 2, 1, 1)), "meetings", 50),
        (ScoreFacts(deals=[Moved("A", TODAY - timedelta(days=14))]), "movement", 100),
        (ScoreFacts(deals=[Moved("A", TODAY - timedelta(days=20))]), "movement", 92),
        (ScoreFacts(deals=[Moved("A", TODAY - timedelta(days=52))]), "movement", 50),
        (ScoreFacts(deals=[Moved("A", TODAY - timedelta(days=400))]), "movement", 0),
        (ScoreFacts(purchases=[Spending(100, 100)]), "growth", 50),
        (ScoreFacts(purchases=[Spending(250, 100)]), "growth", 100),
        (ScoreFacts(purchases=[Spending(0, 100)]), "growth", 0),
        (ScoreFacts(purchases=[Spending(5, 0)]), "growth", 100),
        (ScoreFacts(purchases=[Spending(0, 0)]), "growth", None),
        (ScoreFacts(survey=Survey(90, "9 of 10", TODAY)), "satisfaction", 90),
        (ScoreFacts(survey=Survey(90, "9", TODAY - timedelta(days=366))), "satisfaction", None),
    ],
)
def test_inputs_of_engagement(facts: ScoreFacts, code: str, points: int | None) -> None:
    assert reason(score(facts), code).score == points


# Score and tier


def test_the_score_is_the_mean_of_the_known_parts_by_weight() -> None:
    facts = ScoreFacts(fields={"industry": "energy"}, survey=Survey(50, "5 of 10", TODAY))
    found = score(facts, by=rules(INDUSTRY))
    assert [part.score for part in found.parts] == [100, None, 50]
    assert found.score == round((40 * 100 + 25 * 50) / 65)


def test_a_tier_is_suggested_from_the_bound_that_the_score_reaches() -> None:
    def suggested(percent: int, tier: str | None, **changes: Any) -> tuple[str | None, bool]:
        facts = ScoreFacts(tier=tier, survey=Survey(percent, "x", TODAY))
        others = {code: 0 for code in ENGAGEMENT if code != "satisfaction"}
        weights = {**rules().weights, "fit": 0, "value": 0, **others}
        found = score(facts, by=rules(weights=weights, **changes)).suggestion
        return found.tier, found.differs

    assert suggested(85, "strategic") == ("strategic", False)
    assert suggested(79, "strategic") == ("key", True)
    assert suggested(60, None) == ("key", True)
    # National accounts have the cadence of key ones: another kind, not a lesser one.
    assert suggested(65, "national") == ("national", False)
    assert suggested(10, "national") == ("maintenance", True)
    assert suggested(0, "maintenance") == ("maintenance", False)
    # With a bound of its own, it is suggested too.
    both = {"key": 60, "national": 40}
    assert suggested(65, "national", bounds=both) == ("key", True)
    own = {"key": 90, "smb": 50}
    assert suggested(95, "strategic", bounds=own) == ("key", True)
    assert suggested(40, "smb", bounds=own) == (None, False)
    assert suggested(60, "of old", bounds=own) == ("smb", True)


def test_a_suggestion_says_where_the_score_stands() -> None:
    facts = ScoreFacts(tier="growth", fields={"industry": "retail"}, signals=Signals(9, 3, 3, 2))
    assert score(facts, by=rules(INDUSTRY)).suggestion.reason == (
        "score 75 is within 60 to 79 for key; now growth"
    )


def test_no_tier_is_suggested_while_half_of_the_weight_is_not_known() -> None:
    facts = ScoreFacts(tier="smb", fields={"industry": "energy"})
    found = score(facts, by=rules(INDUSTRY))
    assert found.score == 100
    assert found.suggestion.tier is None
    assert (
        found.suggestion.reason == "too little known about value and engagement to suggest a tier"
    )


def test_what_moves_the_score_most_comes_first() -> None:
    facts = ScoreFacts(fields=FIELDS, survey=Survey(40, "4 of 10", TODAY))
    found = [reason.code for reason in strongest(score(facts, by=rules(INDUSTRY, SIZE)), 3)]
    assert found == ["industry", "size", "satisfaction"]
    assert strongest(score(ScoreFacts())) == []


def test_every_code_has_a_weight_in_the_settings() -> None:
    assert set(rules().weights) == {"fit", "value", "engagement", *VALUE, *ENGAGEMENT}


# What always holds

matches = st.integers(0, 10)
names = st.sampled_from(["industry", "employees", "tags", "annual_revenue"])
word_criteria = st.builds(
    Criterion,
    st.text(min_size=1, max_size=5),
    st.sampled_from(["industry", "tags"]),
    st.integers(1, 5),
    st.dictionaries(st.sampled_from(["energy", "retail", "expo"]), matches, min_size=1),
    other=matches,
)


@st.composite
def figure_criteria(draw: st.DrawFn) -> Criterion:
    """Bounds that rise, with matches that rise as well."""
    count = draw(st.integers(1, 3))
    bounds = sorted(draw(st.lists(st.integers(1, 10**6), min_size=count, max_size=count)))
    rising = sorted(draw(st.lists(matches, min_size=count + 1, max_size=count + 1)))
    pairs = tuple(zip(bounds, rising[1:], strict=True))
    return Criterion("size", "employees", draw(st.integers(1, 5)), {}, pairs, rising[0])


profiles = st.lists(word_criteria | figure_criteria(), max_size=4)
amounts = st.dictionaries(st.sampled_from(["SGD", "EUR"]), st.integers(0, 10**9), max_size=2)
worths = st.builds(Worth, amounts, amounts, amounts)
counts = st.integers(0, 9)
signals = st.builds(Signals, counts, st.none() | counts, counts, counts)
past = st.dates(date(2025, 1, 1), TODAY)
facts_known = st.builds(
    ScoreFacts,
    tier=st.none() | st.sampled_from(SETTINGS.tiers),
    fields=st.fixed_dictionaries(
        {},
        optional={
            "industry": st.none() | st.sampled_from(["energy", "Retail", "mining"]),
            "employees": st.none() | st.integers(0, 10**6),
            "tags": st.lists(st.sampled_from(["expo", "vip"]), unique=True).map(tuple),
        },
    ),
    worth=worths,
    signals=st.none() | signals,
    deals=st.lists(st.builds(Moved, st.just("A"), past), max_size=2),
    purchases=st.lists(
        st.builds(Spending, st.integers(0, 10**6), st.integers(0, 10**6)), max_size=2
    ),
    survey=st.none() | st.builds(Survey, st.integers(0, 100), st.just("x"), past),
)
currencies = st.sampled_from([{}, {"base": "SGD", "rates": {"EUR": "1.5"}}, {"base": "SGD"}])


@given(facts_known, st.lists(worths, max_size=5), profiles, currencies)
def test_every_figure_stays_within_0_and_100(
    facts: ScoreFacts, others: list[Worth], profile: list[Criterion], changes: dict[str, Any]
) -> None:
    by = rules(*profile, **changes)
    found = score(facts, of_book(facts.worth, *others, by=by), by)
    parts = list(found.parts)
    reasons = [reason for part in parts for reason in part.reasons]
    scores = [found.score, *(one.score for one in (*parts, *reasons))]
    assert all(score is None or 0 <= score <= 100 for score in scores)
    assert (found.score is None) == all(part.score is None for part in parts)


@given(facts_known, profiles, st.integers(1, 5))
def test_a_criterion_whose_field_is_not_known_changes_nothing(
    facts: ScoreFacts, profile: list[Criterion], weight: int
) -> None:
    unknown = Criterion("more", "segment", weight, match={"north": 10})
    before, after = rules(*profile), rules(*profile, unknown)
    assert fit(facts, after).score == fit(facts, before).score
    assert score(facts, by=after).score == score(facts, by=before).score
    assert score(facts, by=after).suggestion == score(facts, by=before).suggestion


BETTER = {
    "touches": lambda s: s.replace(touches=s.touches + 1),
    "people": lambda s: s.replace(people=None if s.people is None else s.people + 1),
    "inbound": lambda s: s.replace(inbound=s.inbound + 1),
    "meetings": lambda s: s.replace(meetings=s.meetings + 1),
}


@given(facts_known, profiles, st.sampled_from(sorted(BETTER)))
def test_another_sign_of_interest_never_lowers_the_score(
    facts: ScoreFacts, profile: list[Criterion], code: str
) -> None:
    if facts.signals is None:
        return
    by = rules(*profile)
    better = score(facts.replace(signals=BETTER[code](facts.signals)), by=by)
    assert (better.score or 0) >= (score(facts, by=by).score or 0)


@given(facts_known, figure_criteria(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_better_match_never_lowers_fit_and_score(
    facts: ScoreFacts, criterion: Criterion, employees: int, more: int
) -> None:
    by = rules(INDUSTRY, criterion)
    fields = {**facts.fields, "employees": employees}
    before = score(facts.replace(fields=fields), by=by)
    after = score(facts.replace(fields={**fields, "employees": employees + more}), by=by)
    assert (after.part("fit").score or 0) >= (before.part("fit").score or 0)
    assert (after.score or 0) >= (before.score or 0)


@given(
    facts_known,
    st.lists(worths, min_size=3, max_size=6),
    st.sampled_from(VALUE),
    st.integers(1, 10**9),
    currencies,
)
def test_more_money_never_lowers_the_score(
    facts: ScoreFacts, others: list[Worth], code: str, more: int, changes: dict[str, Any]
) -> None:
    """Among inputs that were known before: one that becomes known may be below the others."""
    by = rules(INDUSTRY, **changes)
    before = score(facts, of_book(facts.worth, *others, by=by), by)
    if reason(before, code).score is None:
        return
    currency, minor = next(iter(getattr(facts.worth, code).items()))
    grown = {**getattr(facts.worth, code), currency: minor + more}
    worth = facts.worth.replace(**{code: grown})
    after = score(facts.replace(worth=worth), of_book(worth, *others, by=by), by)
    assert (after.score or 0) >= (before.score or 0)


@given(facts_known, st.integers(0, 300), st.integers(0, 300))
def test_a_deal_that_moved_later_never_lowers_the_score(
    facts: ScoreFacts, ago: int, later: int
) -> None:
    moved = [Moved("A", TODAY - timedelta(days=days)) for days in (ago + later, ago)]
    scores = [score(facts.replace(deals=[deal])).score or 0 for deal in moved]
    assert scores[0] <= scores[1]
