"""Whitespace: rules that the book supports, and none where it is too small."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.whitespace import (
    MIN_BUYERS,
    MIN_CUSTOMERS,
    USUAL,
    Bounds,
    Candidate,
    Cell,
    Evidence,
    Peer,
    Sellable,
    TooSmall,
    Whitespace,
    state,
    whitespace,
)

BASIC = Sellable("basic", "platform", 1000, "SGD", True)
PRO = Sellable("pro", "platform", 5000, "SGD", True)
SUPPORT = Sellable("support", "service", 700, "SGD", True)
OLD = Sellable("old", "platform", 9000, "SGD", False)
PRODUCTS = [BASIC, PRO, SUPPORT, OLD]

names = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])
products = st.sampled_from([product.id for product in PRODUCTS])
cells = st.sets(st.tuples(names, products), max_size=40)


@st.composite
def books(draw: st.DrawFn) -> list[Peer]:
    industry = st.none() | st.sampled_from(["energy", "retail"])
    tier = st.none() | st.sampled_from(["key", "smb"])
    return [Peer(name, draw(industry), draw(tier)) for name in "abcdefghijkl"]


def energy(
    count: int, *, without: int = 1, retail: int | None = None
) -> tuple[list[Peer], set[Cell]]:
    """Energy companies that all have basic; all but the first few have support too.

    Beside them as many retailers (or `retail`) that have basic only.
    """
    accounts = [Peer(f"e{n}", "energy", None) for n in range(count)]
    accounts += [Peer(f"r{n}", "retail", None) for n in range(count if retail is None else retail)]
    bought = {(account.id, "basic") for account in accounts}
    bought |= {(f"e{n}", "support") for n in range(without, count)}
    return accounts, bought


def rule_of(candidate: Candidate) -> Evidence:
    """Return the rule of a candidate that has one."""
    assert candidate.rule is not None
    return candidate.rule


def found(accounts: Sequence[Peer], bought: set[Cell]) -> list[Candidate]:
    return list(whitespace(accounts, PRODUCTS, bought, set()).candidates)


def test_a_candidate_is_what_the_others_like_it_bought() -> None:
    (candidate,) = found(*energy(8))
    assert (candidate.account, candidate.product, candidate.kind) == (
        "e0",
        "support",
        "cross-sell",
    )
    rule = rule_of(candidate)
    assert (rule.by, rule.group, rule.peers, rule.buyers) == ("industry", "energy", 7, 7)
    assert (rule.customers, rule.all_buyers) == (15, 7)
    assert rule.confidence == 1
    assert rule.support == 7 / 15
    assert rule.lift == 15 / 7
    assert (round(rule.lower, 3), round(rule.base_rate, 3)) == (0.646, 0.467)


def test_a_group_has_its_stated_minimum() -> None:
    enough, few = MIN_CUSTOMERS + 1, MIN_CUSTOMERS
    assert found(*energy(enough))
    assert found(*energy(few)) == []
    accounts, bought = energy(few)
    small = whitespace(accounts, PRODUCTS, bought, set()).too_small
    assert small == [TooSmall("industry", "energy", few), TooSmall("industry", "retail", few)]
    accounts, bought = energy(enough)
    assert whitespace(accounts, PRODUCTS, bought, set()).too_small == []


def test_a_product_has_its_stated_minimum_of_buyers() -> None:
    assert found(*energy(10, without=10 - MIN_BUYERS, retail=90))
    assert found(*energy(10, without=10 - MIN_BUYERS + 1, retail=90)) == []


def test_a_rule_has_its_stated_minimum_of_confidence() -> None:
    peers = 4 * MIN_BUYERS
    (rule,) = {rule_of(one) for one in found(*energy(peers + 1, without=peers - 2, retail=200))}
    assert 100 * rule.confidence == USUAL.confidence
    assert found(*energy(peers + 2, without=peers - 1, retail=200)) == []
    lenient = Bounds(confidence=10)
    accounts, bought = energy(peers + 2, without=peers - 1, retail=200)
    assert whitespace(accounts, PRODUCTS, bought, set(), bounds=lenient).candidates


def test_a_few_buyers_more_than_usual_are_chance() -> None:
    # 4 of 5 are 1.5 times as many as 8 of 15, but may be as few as 38 of 100.
    accounts, bought = energy(6, without=2, retail=10)
    bought |= {(f"r{n}", "support") for n in range(4)}
    assert [c for c in found(accounts, bought) if rule_of(c).group == "energy"] == []


def test_where_everybody_bought_it_nobody_is_left_to_ask() -> None:
    assert found(*energy(8, without=0)) == []


def test_former_customers_teach_nothing_and_are_offered_nothing() -> None:
    accounts, bought = energy(8, without=2)
    former = [one._replace(former=one.id in ("e6", "e7", "e1")) for one in accounts]
    assert {c.account for c in found(accounts, bought)} == {"e0", "e1"}
    assert found(former, bought) == []  # five of the group are left


def test_a_book_of_a_few_customers_says_that_it_is_too_small() -> None:
    accounts, bought = energy(2)
    assert whitespace(accounts, PRODUCTS, bought, set()).book_too_small
    accounts, bought = energy(8)
    assert not whitespace(accounts, PRODUCTS, bought, set()).book_too_small
    assert Whitespace([], [], MIN_CUSTOMERS).book_too_small
    assert not Whitespace([], [], MIN_CUSTOMERS + 1).book_too_small


def test_one_account_can_be_asked_for() -> None:
    accounts, bought = energy(10, without=3)
    found = whitespace(accounts, PRODUCTS, bought, set(), asked={"e2"}).candidates
    assert [(candidate.account, candidate.product) for candidate in found] == [("e2", "support")]


def test_an_open_deal_is_no_candidate_any_more_and_neither_is_what_is_not_sold() -> None:
    accounts, bought = energy(8)
    assert whitespace(accounts, PRODUCTS, bought, {("e0", "support")}).candidates == []
    bought = {(account, "old" if product == "support" else product) for account, product in bought}
    assert found(accounts, bought) == []


def test_prospects_neither_teach_nor_get_candidates() -> None:
    accounts, bought = energy(8)
    prospects = [Peer(f"p{n}", "energy", "key") for n in range(9)]
    assert found([*accounts, *prospects], bought) == found(accounts, bought)


def test_of_two_rules_the_surer_one_counts() -> None:
    accounts, bought = energy(8, without=3, retail=40)
    accounts = [Peer(*account[:2], "key" if account.id < "e4" else None) for account in accounts]
    accounts += [Peer(f"k{n}", None, "key") for n in range(6)]
    bought |= {(f"k{n}", product) for n in range(6) for product in ("basic", "support")}
    rules = {rule_of(c).by: rule_of(c) for c in found(accounts, bought) if c.account == "e0"}
    assert list(rules) == ["tier"]
    assert rules["tier"].confidence == 7 / 9


def test_an_upsell_is_a_dearer_one_of_the_same_family() -> None:
    accounts, bought = energy(8)
    pro = {(account, "pro" if product == "support" else product) for account, product in bought}
    assert [c.kind for c in found(accounts, pro)] == ["upsell"]
    both = pro | {("e0", "pro")}
    lesser = {cell for cell in both if cell != ("e0", "basic")}
    assert [c.kind for c in found(accounts, lesser) if c.account == "e0"] == []


def test_a_cheaper_one_of_the_same_family_is_cross_sell() -> None:
    accounts = [Peer(f"e{n}", "energy", None) for n in range(8)]
    accounts += [Peer(f"r{n}", "retail", None) for n in range(8)]
    bought = {(account.id, "pro") for account in accounts}
    bought |= {(f"e{n}", "basic") for n in range(1, 8)}
    assert [(c.account, c.kind) for c in found(accounts, bought)] == [("e0", "cross-sell")]


def test_products_without_a_family_are_no_family() -> None:
    cheap = Sellable("basic", None, 100, "SGD", True)
    dear = Sellable("support", None, 900, "SGD", True)
    (candidate,) = whitespace(*energy(8)[:1], [cheap, dear], energy(8)[1], set()).candidates
    assert candidate.kind == "cross-sell"


@given(books(), cells, cells)
def test_every_candidate_is_borne_out(
    accounts: list[Peer], bought: set[Cell], opened: set[Cell]
) -> None:
    by_id = {account.id: account for account in accounts}
    customers = {account for account, _ in bought}
    result = whitespace(accounts, PRODUCTS, bought, opened)
    assert result.customers == len(customers)
    for candidate in result.candidates:
        cell = (candidate.account, candidate.product)
        assert state(cell, bought, opened) == "nothing"
        rule = rule_of(candidate)
        alike = [
            id
            for id in customers - {candidate.account}
            if getattr(by_id[id], rule.by) == rule.group
        ]
        assert getattr(by_id[candidate.account], rule.by) == rule.group
        buyers = [id for id in alike if (id, candidate.product) in bought]
        everybody = [id for id in customers if (id, candidate.product) in bought]
        assert (rule.peers, rule.buyers) == (len(alike), len(buyers))
        assert (rule.customers, rule.all_buyers) == (len(customers) - 1, len(everybody))
        assert rule.peers >= MIN_CUSTOMERS
        assert rule.buyers >= MIN_BUYERS
        assert 0 < rule.support <= rule.confidence <= 1
        assert 100 * rule.confidence >= USUAL.confidence
        assert rule.base_rate < rule.lower <= rule.confidence
        lift = Fraction(len(buyers), len(alike)) / Fraction(len(everybody), len(customers) - 1)
        assert rule.lift == float(lift)


@given(books(), cells, names)
def test_asking_for_one_account_changes_nothing_else(
    accounts: list[Peer], bought: set[Cell], name: str
) -> None:
    everybody = whitespace(accounts, PRODUCTS, bought, set())
    one = whitespace(accounts, PRODUCTS, bought, set(), asked={name})
    assert one.candidates == [c for c in everybody.candidates if c.account == name]
    assert one.too_small == everybody.too_small


# Groups


def of_group() -> list[Peer]:
    """Three accounts of one group and one of another."""
    members = [Peer(id, None, None, family="top") for id in ("top", "left", "right")]
    return [*members, Peer("other", None, None, family="another")]


def test_what_a_sister_bought_is_a_candidate_without_any_rule() -> None:
    candidates = found(of_group(), {("left", "basic"), ("other", "support")})
    assert [(c.account, c.product, c.rule, list(c.sisters)) for c in candidates] == [
        ("top", "basic", None, ["left"]),
        ("right", "basic", None, ["left"]),
    ]


def test_more_sisters_come_first_and_any_sister_before_a_rule() -> None:
    accounts, bought = energy(8)
    accounts += of_group()
    bought |= {("left", "pro"), ("left", "basic"), ("right", "basic")}
    candidates = found(accounts, bought)
    assert [(c.account, c.product, len(c.sisters)) for c in candidates] == [
        ("top", "basic", 2),
        ("top", "pro", 1),
        ("right", "pro", 1),
        ("e0", "support", 0),
    ]
    assert rule_of(candidates[-1]).buyers == 7


def test_a_candidate_may_have_both_a_sister_and_a_rule() -> None:
    accounts, bought = energy(8)
    accounts[0] = accounts[0]._replace(family="top")
    accounts.append(Peer("sister", None, None, family="top"))
    (candidate,) = (
        c for c in found(accounts, {*bought, ("sister", "support")}) if c.account == "e0"
    )
    assert candidate.sisters == ["sister"]
    assert rule_of(candidate).buyers == 7


def test_a_former_sister_teaches_nothing_and_is_offered_nothing() -> None:
    top, left, right, _ = of_group()
    former = left._replace(former=True)
    assert found([top, former, right], {("left", "basic")}) == []
    offered = found([top, former, right], {("top", "basic")})
    assert [c.account for c in offered] == ["right"]


def test_what_is_bought_in_a_deal_or_no_longer_sold_is_not_offered() -> None:
    group = of_group()
    bought = {("left", "basic"), ("left", "old"), ("right", "basic")}
    made = whitespace(group, PRODUCTS, bought, {("top", "basic")})
    assert list(made.candidates) == []
    asked = whitespace(group, PRODUCTS, bought, set(), asked={"right"})
    assert list(asked.candidates) == []
