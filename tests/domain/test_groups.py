from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import groups
from acctcli.domain.groups import GroupAmounts, GroupFigures, Lowest, NextRenewal


def of(*amounts: int, currency: str = "SGD") -> GroupFigures:
    return GroupFigures(amounts={currency: GroupAmounts(*amounts)})


def test_a_group_is_an_account_and_all_below_it() -> None:
    own = {"top": of(1), "left": of(10), "low": of(100), "right": of(1000, currency="EUR")}
    tree = [("top", 0), ("left", 1), ("low", 2), ("right", 1)]
    found = groups.rolled_up(own, tree)
    assert found["top"].amounts == {"SGD": GroupAmounts(111), "EUR": GroupAmounts(1000)}
    assert found["left"].amounts == {"SGD": GroupAmounts(110)}
    assert [found[id].accounts for id in own] == [4, 2, 1, 1]
    assert found["right"] == own["right"]


def test_several_groups_are_kept_apart() -> None:
    own = {"a": of(1), "below a": of(10), "b": of(100), "below b": of(1000)}
    found = groups.rolled_up(own, [("a", 0), ("below a", 1), ("b", 0), ("below b", 1)])
    assert found["a"].amounts == {"SGD": GroupAmounts(11)}
    assert found["b"].amounts == {"SGD": GroupAmounts(1100)}


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(-(10**12), 10**12), st.sampled_from("AB")),
        min_size=1,
    )
)
def test_any_group_is_the_sum_of_its_accounts(drawn: list[tuple[int, int, str]]) -> None:
    depth = -1
    tree, own = [], {}
    for place, (level, amount, currency) in enumerate(drawn):
        depth = min(level, depth + 1)  # an account is at most one level below the one before
        tree.append((str(place), depth))
        own[str(place)] = of(amount, currency=currency).replace(in_base=GroupAmounts(amount))
    found = groups.rolled_up(own, tree)
    for place, (id, level) in enumerate(tree):
        below = [id]
        for other, deeper in tree[place + 1 :]:
            if deeper <= level:
                break
            below.append(other)
        assert found[id].accounts == len(below)
        for currency in "AB":
            parts = [own[one].amounts.get(currency, GroupAmounts()).arr for one in below]
            assert found[id].amounts.get(currency, GroupAmounts()).arr == sum(parts)
        assert found[id].in_base == GroupAmounts(sum(drawn[int(one)][1] for one in below))


def test_one_missing_rate_leaves_no_sum_in_the_base_currency() -> None:
    known, unknown = of(1).replace(in_base=GroupAmounts(1)), of(2, currency="NOK")
    assert groups.together([known, known]).in_base == GroupAmounts(2)
    assert groups.together([known, unknown]).in_base is None


def test_amounts_are_put_into_the_base_currency() -> None:
    amounts = {"SGD": GroupAmounts(100, 200), "EUR": GroupAmounts(10, 0, 30, 40)}
    assert groups.in_base(amounts, "SGD", {"EUR": "1.5"}) == GroupAmounts(115, 200, 45, 60)
    assert groups.in_base(amounts, "SGD", {}) is None
    assert groups.in_base(amounts, "", {"EUR": "1.5"}) is None
    assert groups.in_base({}, "SGD", {}) == GroupAmounts()


def test_the_latest_contact_the_lowest_health_and_the_next_renewal_stand_out() -> None:
    renewal = NextRenewal("2027-01-14", "p1", "a", "Support", "2027-01-14", "running")
    one = GroupFigures(last_touch="2026-11-01T10:00:00Z", lowest=Lowest(58, "amber", "a"))
    two = GroupFigures(lowest=Lowest(41, "amber", "b"), renewal=renewal)
    three = GroupFigures(last_touch="2026-11-02T10:00:00Z")
    found = groups.together([one, two, three, GroupFigures()])
    assert found.last_touch == "2026-11-02T10:00:00Z"
    assert found.lowest == Lowest(41, "amber", "b")
    assert found.renewal == renewal
    assert groups.together([GroupFigures()]) == GroupFigures(in_base=None)


def test_a_family_is_known_by_its_topmost_account() -> None:
    parents = {
        "low": "middle",
        "middle": "top",
        "top": None,
        "other": "elsewhere",
        "below": "other",
    }
    assert groups.families(parents) == {
        **dict.fromkeys(("low", "middle", "top"), "top"),
        **dict.fromkeys(("other", "below"), "other"),
    }
    circle = {"below": "a", "a": "b", "b": "a"}
    assert groups.families(circle) == dict.fromkeys(circle, "a")
    assert groups.families({}) == {}
