from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain import campaigns
from acctcli.domain.campaigns import CampaignDeal, CampaignTouch, MailMember, MemberStanding
from acctcli.model import LOG_KINDS, MEMBER_STATES

DAY = date(2026, 11, 10)


def touch(
    days: int = 0,
    kind: str = "email",
    direction: str | None = "out",
    *,
    attempt: bool = False,
    named: bool = True,
) -> CampaignTouch:
    day = DAY + timedelta(days=days)
    return CampaignTouch(f"log {days}", f"{day}T09:00:00Z", day, kind, direction, attempt, named)


def deal(*, closed: int | None = None, won: bool = False, opened: int = 1) -> CampaignDeal:
    return CampaignDeal(
        id="d",
        campaign_id="c",
        account_id="a",
        account="Acme",
        title="Rollout",
        stage="won" if won else "proposal",
        source=None,
        amount=100,
        currency="SGD",
        opened_on=DAY + timedelta(days=opened),
        closed_on=None if closed is None else DAY + timedelta(days=closed),
        won=won,
    )


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (touch(kind="email"), "reached"),
        (touch(kind="social"), "reached"),
        (touch(kind="proposal"), "reached"),
        (touch(kind="call", direction=None), "reached"),
        (touch(kind="call", direction=None, attempt=True), "planned"),
        (touch(kind="email", direction="in"), "replied"),
        (touch(kind="call", direction="in"), "replied"),
        (touch(kind="meeting", direction=None), "meeting"),
        (touch(kind="demo", direction=None), "meeting"),
        (touch(kind="meeting", direction=None, attempt=True), "planned"),
        (touch(kind="note", direction=None), "planned"),
        (touch(kind="ticket", direction="in"), "planned"),
        (touch(kind="survey", direction="in"), "planned"),
    ],
)
def test_what_names_the_campaign_moves_the_state_by_kind_and_direction(
    one: CampaignTouch, state: str
) -> None:
    assert campaigns.standing([one], []).state == state


def test_an_answer_counts_without_naming_the_campaign_if_it_follows_in_time() -> None:
    sent = touch(0)
    answer = touch(30, direction="in", named=False)
    assert campaigns.standing([sent, answer], []) == MemberStanding(
        "replied", DAY + timedelta(days=30), "log", "log 30"
    )
    late = touch(31, direction="in", named=False)
    assert campaigns.standing([sent, late], []).state == "reached"
    assert campaigns.standing([sent, late], [], reply_days=31).state == "replied"
    again = touch(10)
    assert campaigns.standing([sent, again, late], []).state == "replied", "counts from the last"


def test_what_came_before_the_campaign_answers_nothing() -> None:
    before = touch(-3, direction="in", named=False)
    assert campaigns.standing([before], []).state == "planned"
    assert campaigns.standing([before, touch(0)], []).state == "reached"


def test_what_we_sent_later_for_something_else_is_no_answer() -> None:
    other = touch(2, direction="out", named=False)
    call = touch(3, kind="call", direction=None, named=False)
    assert campaigns.standing([touch(0), other, call], []).state == "reached"


def test_deals_that_name_it_make_an_opportunity_and_a_customer() -> None:
    open = campaigns.standing([touch(0)], [deal()])
    assert (open.state, open.on, open.kind) == ("opportunity", DAY + timedelta(days=1), "deal")
    assert campaigns.standing([], [deal(closed=5)]).state == "opportunity", "a lost one"
    won = campaigns.standing([], [deal(), deal(closed=5, won=True)])
    assert (won.state, won.on) == ("customer", DAY + timedelta(days=5))


TOUCHES = st.builds(
    touch,
    st.integers(-10, 60),
    st.sampled_from(LOG_KINDS),
    st.sampled_from(("in", "out", None)),
    attempt=st.booleans(),
    named=st.booleans(),
)


@given(st.lists(TOUCHES, max_size=6), TOUCHES)
def test_one_more_interaction_never_moves_a_member_back(
    touches: list[CampaignTouch], more: CampaignTouch
) -> None:
    before = campaigns.standing(touches, [])
    after = campaigns.standing([*touches, more], [])
    assert campaigns.rank(after.state) >= campaigns.rank(before.state)


@given(st.permutations([touch(0), touch(3, direction="in", named=False), touch(5, "meeting")]))
def test_the_order_in_which_records_come_changes_nothing(touches: list[CampaignTouch]) -> None:
    assert campaigns.standing(touches, []).state == "meeting"


def test_a_deal_may_come_from_it_only_after_it_reached_the_account() -> None:
    reached = campaigns.reached_between([touch(0), touch(10), touch(12, named=False)])
    assert reached == (DAY, DAY + timedelta(days=10))

    def may(opened: int) -> bool:
        loose = deal(opened=opened)._replace(campaign_id=None)
        return campaigns.may_come_from(loose, reached)

    assert [may(-1), may(0), may(100), may(101)] == [False, True, True, False]
    assert not campaigns.may_come_from(deal(opened=1), reached), "it names one"
    assert not campaigns.may_come_from(deal()._replace(campaign_id=None), None)
    assert campaigns.reached_between([touch(0, kind="call", attempt=True)]) is None


def test_counts_include_who_got_further_and_few_have_no_percentage() -> None:
    found = campaigns.counted(["planned", "reached", "replied", "customer"], [])
    assert (found.members, found.reached, found.replied, found.meeting) == (4, 3, 2, 1)
    assert (found.reached_rate, found.reply_rate) == (None, None)
    found = campaigns.counted(["reached"] * 4 + ["meeting"], [])
    assert (found.reached_rate, found.reply_rate, found.meeting_rate) == (100, 20, 20)


def test_amounts_are_never_summed_over_currencies() -> None:
    won = deal(closed=3, won=True)
    euros = won._replace(id="e", currency="EUR", amount=5)
    empty = won._replace(id="f", amount=None)
    found = campaigns.counted([], [won, won, euros, empty, deal(), deal(closed=1)])
    assert (found.deals, found.open, found.won, found.lost) == (6, 1, 4, 1)
    assert found.won_value == {"EUR": 5, "SGD": 200}
    assert found.open_value == {"SGD": 100}


def test_the_furthest_of_some_states() -> None:
    assert campaigns.furthest([None, "replied", "reached"]) == "replied"
    assert campaigns.furthest([None]) is None
    assert [campaigns.rank(state) for state in MEMBER_STATES] == list(range(6))


PERSON = MailMember("p", "Mei Tan", "mei@x.example", "CFO", "a", "Acme", "SG", False, False, False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"do_not_contact": True, "email": None}, "opted out"),
        ({"moved_on": True}, "left"),
        ({"archived": True}, "archived"),
        ({"email": None}, "no email"),
    ],
)
def test_who_gets_no_mail(change: dict[str, Any], why: str) -> None:
    assert campaigns.kept_from_mail(PERSON._replace(**change)) == why


def test_one_address_gets_one_message() -> None:
    assert campaigns.kept_from_mail(PERSON, {"mei@x.example"}) == "repeated"
