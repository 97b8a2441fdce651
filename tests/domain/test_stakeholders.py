from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.stakeholders import Carried, Gone, Player, carried, gaps, in_deal
from acctcli.domain.strength import Strength
from acctcli.model import LEVELS, ROLES, STANCES

TODAY = date(2026, 11, 22)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


BUYER = Player("1", "Mei", "economic-buyer", "high", "supporter", ago(2))
CHAMPION = Player("2", "Raj", "champion", "medium", "champion", ago(2))

players = st.builds(
    Player,
    st.uuids().map(str),
    st.text(min_size=1, max_size=8),
    st.none() | st.sampled_from(ROLES),
    st.none() | st.sampled_from(LEVELS),
    st.none() | st.sampled_from(STANCES),
    st.none() | st.dates(date(2024, 1, 1), TODAY),
)


def codes(*people: Player, gone: tuple[Gone, ...] = ()) -> list[str]:
    return [gap.code for gap in gaps(people, gone, TODAY)]


def test_nothing_is_missing_with_a_buyer_and_a_champion_for_us() -> None:
    assert codes(BUYER, CHAMPION) == []


def test_what_is_missing_is_said_the_most_important_first() -> None:
    assert codes() == ["nobody"]
    assert codes(Player("1", "Mei")) == ["economic-buyer", "champion", "no-supporter"]
    assert codes(BUYER) == ["champion", "single-threaded"]
    assert codes(CHAMPION) == ["economic-buyer", "single-threaded"]


def test_a_single_thread_is_the_only_one_we_have_a_relationship_with() -> None:
    alive, cooling = Strength(3.0, 1.0), Strength(2.0, 4.0, True)
    found = gaps([BUYER.replace(strength=cooling)], [], TODAY)
    assert found[1].text == "one supporter with influence, Mei, cooling (single-threaded)"
    found = gaps([BUYER.replace(strength=alive), CHAMPION], [], TODAY)
    assert [(gap.text, gap.contact_id) for gap in found] == [
        ("contact with only one of 2 supporters, Mei (single-threaded)", "1")
    ]
    assert codes(BUYER.replace(strength=alive), CHAMPION.replace(strength=alive)) == []


@pytest.mark.parametrize(
    ("spoke", "said"),
    [
        (ago(29), []),
        (ago(30), ["no contact with champion Raj for 30 days"]),
        (ago(40), ["no contact with champion Raj for 40 days"]),
        (None, ["no contact with champion Raj yet"]),
    ],
)
def test_a_silent_champion(spoke: date | None, said: list[str]) -> None:
    found = gaps([BUYER, CHAMPION.replace(spoke=spoke)], [], TODAY)
    assert [gap.text for gap in found] == said


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (Player("3", "Ana", "blocker"), ["blocker Ana not met"]),
        (Player("3", "Ana", None, "medium", "opponent"), ["opponent Ana not met"]),
        (Player("3", "Ana", "blocker", "high", "skeptic"), ["skeptic Ana not met"]),
        (Player("3", "Ana", None, "low", "opponent"), []),
        (Player("3", "Ana", "blocker", "high", "opponent", ago(300)), []),
    ],
)
def test_a_blocker_who_was_not_met(person: Player, said: list[str]) -> None:
    assert [gap.text for gap in gaps([BUYER, CHAMPION, person], [], TODAY)] == said


def test_a_champion_who_left_is_named_until_there_is_another() -> None:
    left = Gone("9", "Tom", "champion", None, ago(20))
    other = Gone("8", "Lee", "legal", "neutral", ago(2))
    found = gaps([BUYER], [other, left], TODAY)[0]
    assert (found.code, found.text, found.contact_id) == (
        "champion-left",
        "champion Tom left (Mon 2 Nov)",
        "9",
    )
    assert codes(BUYER, CHAMPION, gone=(left,)) == []
    assert codes(BUYER, gone=(other,)) == ["champion", "single-threaded"]


def test_a_deal_is_carried_by_key_players_who_are_for_us() -> None:
    assert carried([], TODAY) == Carried("red", "no supporting key player", ())
    assert carried([BUYER.replace(stance="neutral")], TODAY).rating == "red"
    assert carried([CHAMPION.replace(influence="low")], TODAY).rating == "red"
    assert carried([CHAMPION], TODAY).rating == "amber"
    assert carried([CHAMPION, BUYER], TODAY) == Carried(
        "green", "Mei decides and is for us", ("Raj", "Mei")
    )
    assert carried([BUYER.replace(influence=None)], TODAY).rating == "green"


@pytest.mark.parametrize(
    ("spoke", "rating", "reason"),
    [
        (ago(90), "green", "Mei decides and is for us"),
        (ago(91), "amber", "Mei decides, but no contact in 91 days"),
        (None, "amber", "Mei decides, but no contact yet"),
    ],
)
def test_who_decides_carries_a_deal_only_if_they_were_spoken_with(
    spoke: date | None, rating: str, reason: str
) -> None:
    found = carried([BUYER.replace(spoke=spoke)], TODAY)
    assert (found.rating, found.reason, found.supporters) == (rating, reason, ("Mei",))
    assert carried([BUYER.replace(spoke=ago(31))], TODAY, met_days=30).rating == "amber"


def test_roles_count_without_influence_and_stance() -> None:
    assert carried([Player("2", "Raj", "champion")], TODAY).rating == "amber"
    assert carried([Player("2", "Raj", "champion", "low")], TODAY).rating == "red"
    assert carried([Player("2", "Raj", "champion", None, "skeptic")], TODAY).rating == "red"
    assert codes(Player("2", "Raj", "champion", None, "opponent")) == [
        *("economic-buyer", "champion", "no-supporter", "blocker-not-met")
    ]


@given(st.lists(players, max_size=5), players)
def test_one_more_friend_never_makes_a_deal_worse(group: list[Player], one: Player) -> None:
    order = ("red", "amber", "green")
    friend = one.replace(stance="supporter")
    before, after = carried(group, TODAY).rating, carried([*group, friend], TODAY).rating
    assert order.index(after) >= order.index(before)


def test_the_people_of_a_deal_have_their_role_in_it() -> None:
    assert in_deal([BUYER, CHAMPION], None) == [BUYER, CHAMPION]
    assert in_deal([BUYER, CHAMPION], [("2", "decision-maker"), ("7", None)]) == [
        CHAMPION.replace(role="decision-maker")
    ]
    assert in_deal([BUYER], [("1", None)]) == [BUYER]
