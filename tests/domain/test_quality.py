"""The quality of data: every flaw by itself, and properties of any book and any rules."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from acctcli.config import CADENCE
from acctcli.domain import quality
from acctcli.domain.quality import COSTS, Flaw, QualityFacts, QualityRules, circles, costs_of, judge
from acctcli.model import KINDS

TODAY = date(2026, 11, 22)
KINDS_JUDGED = ("account", "contact", "deal", "purchase", "review")

Row = dict[str, Any]
Required = Mapping[str, Mapping[str, Sequence[str]]]


def rules(required: Required | None = None) -> QualityRules:
    """Return rules that require, of each tier (or of all), fields of each kind."""
    asked = required or {}

    def of(kind: str, tier: str | None) -> list[str]:
        for_all = asked.get("all", {}).get(kind, ())
        for_tier = asked.get(tier or "", {}).get(kind, ())
        return list(dict.fromkeys((*for_all, *for_tier)))

    return QualityRules({kind: KINDS[kind].fields for kind in KINDS_JUDGED}, of, CADENCE)


def blank(kind: str, id: str, /, **values: Any) -> Row:
    fields = KINDS[kind].fields.values()
    return {**{f.name: () if f.many else f.default for f in fields}, "id": id, **values}


def account(**values: Any) -> Row:
    """Return an account without flaws, unless given otherwise."""
    whole = {"name": "Acme", "number": "A-0001", "tier": "key", "industry": "goods"}
    whole |= {"country": "SG", "website": "acme.com", "source": "expo", "phone": "+6561234567"}
    return blank("account", "a", **{**whole, **values})


def contact(id: str = "c", **values: Any) -> Row:
    whole = {"name": "Mei Tan", "emails": ("mei@acme.com",), "role": "champion", "primary": 0}
    return blank("contact", id, **{**whole, "do_not_contact": 0, **values})


def deal(id: str = "d", **values: Any) -> Row:
    whole = {"title": "Rockets", "category": "commit", "amount": 100, "currency": "SGD"}
    whole |= {"close_date": "2026-12-15", "opened_on": "2026-10-01"}
    return blank("deal", id, **{**whole, **values})


def facts(row: Row | None = None, /, **more: Any) -> QualityFacts:
    given = {"last_change": TODAY, "people": [contact()], **more}
    return QualityFacts(row=row or account(), **given)


def flaws(found: QualityFacts, asked: QualityRules | None = None) -> list[Flaw]:
    return list(judge(found, asked or rules(), TODAY).flaws)


def codes(found: QualityFacts, asked: QualityRules | None = None) -> list[str]:
    return [flaw.code for flaw in flaws(found, asked)]


def test_nothing_to_be_said_against_it() -> None:
    on_the_day = deal(closed_on="2026-10-01", category="closed")
    assert judge(facts(deals=[deal(), on_the_day]), rules(), TODAY) == quality.Quality(100, ())


# Each flaw by itself

PART = {"deal_id": "d", "title": "Rockets", "contact_id": "c", "contact": "Raj", "here": 0}
ONE_FLAW: dict[str, Callable[[], QualityFacts]] = {
    "tier": lambda: facts(account(tier=None)),
    "recommended": lambda: facts(account(source=None)),
    "people": lambda: facts(people=[]),
    "address": lambda: facts(people=[contact(emails=())]),
    "role": lambda: facts(people=[contact(role=None)]),
    "amount": lambda: facts(deals=[deal(amount=None)]),
    "close-date": lambda: facts(deals=[deal(close_date=None)]),
    "stale": lambda: facts(last_change=TODAY - timedelta(days=64)),
    "long-stale": lambda: facts(last_change=TODAY - timedelta(days=127)),
    "slipped": lambda: facts(deals=[deal(close_date="2026-11-21")]),
    "won-open": lambda: facts(deals=[deal(category="closed")]),
    "closed-early": lambda: facts(deals=[deal(closed_on="2026-09-30")]),
    "closed-ahead": lambda: facts(deals=[deal(closed_on="2026-11-23")]),
    "bought-nothing": lambda: facts(account(status="customer")),
    "has-bought": lambda: facts(account(status="lead"), has_won=True),
    "gone": lambda: facts(parts=[PART]),
    "silent-buyer": lambda: facts(people=[contact(role="economic-buyer", do_not_contact=1)]),
    "two-primaries": lambda: facts(people=[contact(x, primary=1) for x in "cd"]),
    "circle": lambda: facts(in_circle=True),
    "phone-country": lambda: facts(account(country="DE")),
    "term": lambda: facts(
        purchases=[blank("purchase", "p", starts_on="2026-05-01", ends_on="2026-04-30")]
    ),
    "review": lambda: facts(
        reviews=[blank("review", "r", held_on="2026-05-01", next_review="2026-04-30")]
    ),
    "required": lambda: facts(account(tier="key", owner=None)),
    "required-below": lambda: facts(people=[contact(title=None)]),
}
OWN_RULES = rules({"key": {"account": ["owner"], "contact": ["title"]}})


@pytest.mark.parametrize("code", COSTS)
def test_one_flaw_costs_its_points_and_has_a_command(code: str) -> None:
    made = ONE_FLAW[code]()
    asked = rules({"all": {"account": ["owner"]}}) if code == "required" else rules()
    if code == "required-below":
        asked = rules({"key": {"contact": ["title"]}})
    found = judge(made, asked, TODAY)
    assert [flaw.code for flaw in found.flaws] == [code]
    (flaw,) = found.flaws
    assert flaw.points == COSTS[code].points
    assert found.score == 100 - flaw.points
    names = {"a": "acme", "c": "c001", "d": "d001", "p": "p001", "r": "r001"}
    assert flaw.command(names).startswith("acct ")
    assert "{" not in flaw.command(names)
    assert flaw.text[-1] != "."


@pytest.mark.parametrize(
    "made",
    [
        facts(account(kind="individual", industry=None, website=None), people=[]),
        facts(account(status="former"), last_change=TODAY - timedelta(days=999)),
        facts(account(cadence_days=0), last_change=TODAY - timedelta(days=999)),
        facts(account(snoozed_until="2027-01-01"), last_change=TODAY - timedelta(days=999)),
        facts(last_change=TODAY - timedelta(days=63)),
        facts(account(status="customer"), has_bought=True),
        facts(deals=[deal(close_date="2026-11-22")]),
        facts(parts=[{**PART, "here": 1}]),
        facts(people=[contact(emails=(), phones=("+651",))]),
        facts(people=[contact(primary=1)]),
        facts(account(country="US", phone="+14165550123")),  # Canada shares the code
        facts(account(country="AQ", phone=None)),
    ],
)
def test_what_is_no_flaw(made: QualityFacts) -> None:
    assert codes(made) == []


def test_the_command_of_a_flaw_names_what_it_is_about() -> None:
    (flaw,) = flaws(ONE_FLAW["gone"]())
    assert flaw.command({"d": "1005", "c": "5d35"}) == "acct deal contact 1005 5d35 --remove"
    assert flaw.text == 'Raj is on deal "Rockets", but has left the account'


def test_flaws_of_one_kind_do_not_cost_more_than_they_may() -> None:
    many = facts(people=[contact(str(n), emails=(), role=None) for n in range(50)])
    found = judge(many, rules(), TODAY)
    spent = {code: sum(f.points for f in found.flaws if f.code == code) for code in COSTS}
    assert (spent["address"], spent["role"]) == (COSTS["address"].most, COSTS["role"].most)
    assert len(found.flaws) == 100  # all are reported


def test_contradictions_share_what_they_may_cost() -> None:
    deals = [deal(str(n), close_date="2026-01-01") for n in range(9)]
    found = judge(facts(account(status="customer"), deals=deals), rules(), TODAY)
    assert found.score == 100 - quality.MOST_OF_CONTRADICTIONS


def test_without_a_tier_it_is_judged_like_the_one_that_asks_most() -> None:
    (flaw,) = flaws(facts(account(tier=None)), OWN_RULES)[:1]
    assert flaw.text == "tier is empty: judged as if it were key"
    assert flaw.points == COSTS["tier"].points + COSTS["required"].points + 5
    required = rules({"all": {"account": ["tier"]}})
    assert flaws(facts(account(tier=None)), required)[0].points == COSTS["required"].points


def test_a_required_field_is_not_counted_again_as_recommended() -> None:
    assert codes(facts(account(source=None)), rules({"all": {"account": ["source"]}})) == [
        "required"
    ]


def test_the_dearest_flaw_comes_first() -> None:
    points = [flaw.points for flaw in flaws(facts(account(tier=None, source=None), people=[]))]
    assert points == sorted(points, reverse=True)


def test_the_score_of_a_book() -> None:
    assert quality.mean([]) is None
    assert quality.mean([100, 100, 99]) == 99  # 100 is only for a book without flaws


def test_circles_of_parents() -> None:
    assert circles({"a": "b", "b": None, "c": "b"}) == set()
    assert circles({"a": "b", "b": "a", "c": "a", "d": "d"}) == {"a", "b", "d"}
    assert circles({"a": "gone"}) == set()


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdef")))
def test_an_account_is_in_a_circle_if_it_stands_above_itself(
    parents: dict[str, str | None],
) -> None:
    def above_itself(start: str) -> bool:
        at = parents.get(start)
        for _ in parents:
            if at is None or at == start:
                break
            at = parents.get(at)
        return at == start

    assert circles(parents) == {id for id in parents if above_itself(id)}


# Any book, any rules

TIERS = st.sampled_from(list(CADENCE))
ACCOUNTS = st.fixed_dictionaries(
    {
        "tier": st.none() | TIERS,
        "status": st.sampled_from(["lead", "prospect", "customer", "former"]),
        "kind": st.sampled_from(["company", "individual"]),
        "cadence_days": st.none() | st.sampled_from([0, 7]),
        **{
            name: st.none() | st.just(value)
            for name, value in {
                **{"industry": "goods", "country": "SG", "website": "acme.com"},
                **{"phone": "+6561234567", "source": "expo", "owner": "Kim", "city": "Singapore"},
            }.items()
        },
    }
)
PEOPLE = st.fixed_dictionaries(
    {
        "emails": st.sampled_from([(), ("mei@acme.com",)]),
        "phones": st.sampled_from([(), ("+6561234567",)]),
        "role": st.none() | st.just("champion"),
        "title": st.none() | st.just("CFO"),
        "primary": st.integers(0, 1),
    }
)
DEALS = st.fixed_dictionaries(
    {
        "amount": st.none() | st.just(5),
        "close_date": st.none() | st.sampled_from(["2026-01-01", "2026-12-31"]),
        "closed_on": st.none() | st.sampled_from(["2026-01-01", "2026-12-31"]),
        "category": st.sampled_from(["pipeline", "closed", "omitted"]),
        "source": st.none() | st.just("expo"),
    }
)
ASKED = {
    "account": ["tier", "owner", "industry", "city"],
    "contact": ["title", "role", "emails"],
    "deal": ["amount", "source", "close_date"],
}
REQUIRED = st.dictionaries(
    st.sampled_from(["all", *CADENCE]),
    st.fixed_dictionaries({k: st.lists(st.sampled_from(v), unique=True) for k, v in ASKED.items()}),
)
BOOKS = st.builds(
    lambda row, people, deals, days, bought, circle: facts(
        account(**row),
        people=[contact(str(n), **one) for n, one in enumerate(people)],
        deals=[deal(str(n), **one) for n, one in enumerate(deals)],
        last_change=TODAY - timedelta(days=days),
        has_bought=bought,
        in_circle=circle,
    ),
    ACCOUNTS,
    st.lists(PEOPLE, max_size=6),
    st.lists(DEALS, max_size=6),
    st.integers(0, 700),
    st.booleans(),
    st.booleans(),
)

# A value that fills an empty field without contradicting anything else.
FILLING: dict[str, dict[str, Any]] = {
    "account": {
        **{"tier": None, "industry": "goods", "country": "SG", "website": "acme.com"},
        **{"phone": "+6561234567", "source": "expo", "owner": "Kim", "city": "Singapore"},
    },
    "contact": {"emails": ("a@b.example",), "phones": ("+651",), "role": "coach", "title": "CFO"},
    "deal": {"amount": 5, "close_date": "2026-12-31", "source": "expo"},
}


@given(made=BOOKS, required=REQUIRED)
def test_a_score_is_0_to_100_and_what_its_flaws_make_of_it(
    made: QualityFacts, required: Required
) -> None:
    found = judge(made, rules(required), TODAY)
    assert 0 <= found.score <= 100
    assert found.score == max(100 - sum(flaw.points for flaw in found.flaws), 0)
    assert all(flaw.points >= 0 for flaw in found.flaws)
    assert (found.score == 100) == (not found.flaws)


@given(made=BOOKS, required=REQUIRED, tier=TIERS, seed=st.integers())
def test_filling_in_a_field_never_lowers_the_score(
    made: QualityFacts, required: Required, tier: str, seed: int
) -> None:
    empty = [
        (kind, place, name)
        for kind, rows in (("account", [made.row]), ("contact", made.people), ("deal", made.deals))
        for place, row in enumerate(rows)
        for name in FILLING[kind]
        if row[name] in (None, ())
    ]
    assume(empty)
    kind, place, name = random.Random(seed).choice(empty)
    value = tier if name == "tier" else FILLING[kind][name]
    rows: list[Any] = [made.row] if kind == "account" else list(getattr(made, _LISTS[kind]))
    rows[place] = {**rows[place], name: value}
    filled = (
        made.replace(row=rows[0]) if kind == "account" else made.replace(**{_LISTS[kind]: rows})
    )
    asked = rules(required)
    assert judge(filled, asked, TODAY).score >= judge(made, asked, TODAY).score


_LISTS = {"contact": "people", "deal": "deals"}


def test_a_book_may_have_its_own_costs() -> None:
    own = {"people": 20, "contradiction": 30, "contradictions": 50, "recommended": 0}
    costs = costs_of(lambda name, usual: own.get(name, usual))
    assert (costs["people"].points, costs["people"].most) == (20, 20)
    assert (costs["slipped"].points, costs["slipped"].most) == (30, 50)
    assert costs["recommended"].points == 0
    assert costs["role"] == COSTS["role"]
    assert costs_of(lambda name, usual: usual) == COSTS


def test_more_than_one_flaw_costs_more_if_the_points_are_more() -> None:
    assert costs_of(lambda name, usual: 2 * usual)["role"].most == 2 * COSTS["role"].most
