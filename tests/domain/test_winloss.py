"""Why deals are won and lost: rates by hand, and silence where chance would do."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.winloss import (
    ABOVE,
    BELOW,
    DIMENSIONS,
    ComparedGroup,
    DecidedFacts,
    Limits,
    Share,
    compare,
)


def deal(won: bool = True, **given: Any) -> DecidedFacts:
    names = ("source", "competitor", "type", "reason", "amount", "people")
    return DecidedFacts(won=won, **{**dict.fromkeys(names), **given})


def groups(deals: list[DecidedFacts], by: str) -> list[ComparedGroup]:
    return [group for group in compare(deals).groups if group.by == by]


def found(deals: list[DecidedFacts], by: str) -> list[tuple[str | None, int, int, str | None]]:
    return [(g.name, g.share.count, g.share.of, g.parts) for g in groups(deals, by)]


def test_a_group_is_pointed_out_only_where_the_intervals_part() -> None:
    clear = [deal(source="referral")] * 14 + [deal(False, source="referral")]
    clear += [deal(source="web")] * 5 + [deal(False, source="Web")] * 15
    assert found(clear, "source") == [("web", 5, 20, BELOW), ("referral", 14, 15, ABOVE)]
    (web, _) = groups(clear, "source")
    # Wilson: 5 of 20 are 11.19 to 46.87 %.
    assert (web.share.percent, web.share.bounds) == (25, (11.19, 46.87))
    assert (web.rest.count, web.rest.of) == (14, 15)
    close = [deal(source="a")] * 6 + [deal(False, source="a")] * 4
    close += [deal(source="b")] * 4 + [deal(False, source="b")] * 6
    assert {parts for *_, parts in found(close, "source")} == {None}


def test_fewer_than_five_deals_have_no_percentage() -> None:
    deals = [deal(source="a")] * 4 + [deal(False, source="b")] * 40
    (_, few) = groups(deals, "source")
    assert (few.name, few.share.percent, few.share.bounds, few.parts) == ("a", None, None, None)
    assert Share(4, 5, Limits(6)).percent is None
    assert Share(4, 5, Limits(5)).percent == 80


def test_deals_that_name_nothing_are_a_group_beside_those_that_do() -> None:
    deals = [deal(competitor="Hexa")] + [deal(False)] * 2
    assert found(deals, "competitor") == [("Hexa", 1, 1, None), (None, 0, 2, None)]
    assert "competitor" in compare([deal(), deal(False)]).left_out
    assert found([deal(), deal(False)], "competitor") == []


def test_sizes_are_thirds_of_the_amounts() -> None:
    deals = [deal(bool(n % 2), amount=100 * n) for n in range(1, 10)]
    third = groups(deals, "size")
    assert [(g.name, g.share.count, g.share.of, g.bounds) for g in third] == [
        ("1", 2, 3, (100, 300)),
        ("2", 1, 3, (400, 600)),
        ("3", 2, 3, (700, 900)),
    ]
    same = groups([deal(amount=500)] * 6 + [deal(False, amount=500)] * 3, "size")
    assert [(g.share.count, g.share.of) for g in same] == [(6, 9)]


def test_amounts_that_only_winning_brought_explain_nothing() -> None:
    deals = [deal(amount=100 * n) for n in range(1, 10)] + [deal(False, amount=0)] * 9
    assert found(deals, "size") == []
    assert "size" in compare(deals).left_out


def test_deals_without_anybody_recorded_are_left_out_of_people() -> None:
    deals = [deal(people=1), deal(False, people=2), deal(people=3), deal(people=9), deal()]
    assert found(deals, "people") == [
        ("3 or more", 2, 2, None),
        ("1", 1, 1, None),
        ("2", 0, 1, None),
    ]


def test_reasons_are_of_lost_deals_and_the_first_parts_from_the_second() -> None:
    deals = [deal(False, reason="Price")] * 30 + [deal(False, reason="Timing")] * 4
    deals += [deal(False)] * 6 + [deal(reason="Price")] * 50
    assert found(deals, "reason") == [
        ("Price", 30, 40, ABOVE),
        ("Timing", 4, 40, None),
        (None, 6, 40, None),
    ]
    close = [deal(False, reason="Price")] * 6 + [deal(False, reason="Timing")] * 5
    assert {parts for *_, parts in found(close, "reason")} == {None}
    assert {parts for *_, parts in found([deal(False, reason="Price")] * 9, "reason")} == {None}


words = st.none() | st.sampled_from(["a", "A", "b"])


@given(
    st.lists(
        st.builds(
            DecidedFacts,
            won=st.booleans(),
            source=words,
            competitor=words,
            type=words,
            reason=words,
            amount=st.none() | st.integers(0, 10**6),
            people=st.none() | st.integers(1, 9),
        )
    )
)
def test_every_closed_deal_is_in_one_group_of_each_comparison(deals: list[DecidedFacts]) -> None:
    result = compare(deals)
    assert result.total.of == len(deals)
    counted = {
        "size": sum(bool(deal.amount) for deal in deals),
        "people": sum(deal.people is not None for deal in deals),
        "reason": sum(not deal.won for deal in deals),
    }
    for by in DIMENSIONS:
        own = [group for group in result.groups if group.by == by]
        assert bool(own) != (by in result.left_out)
        wanted = counted.get(by, len(deals))
        if own and by == "reason":
            assert sum(group.share.count for group in own) == wanted
        elif own:
            assert sum(group.share.of for group in own) == wanted
            assert all(group.share.of + group.rest.of == wanted for group in own)
        for group in own:
            bounds, percent = group.share.bounds, group.share.percent
            assert (bounds is None) == (percent is None)
            if bounds is not None and percent is not None:
                assert bounds[0] - 0.01 <= percent <= bounds[1] + 0.01
