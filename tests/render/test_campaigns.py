from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rich.console import Console

from acctcli.render import campaigns, theme
from acctcli.shapes.campaign import CampaignDealJson, CampaignMemberJson, CampaignPage

MEI: CampaignMemberJson = {
    "id": "01a21e20-2cc3-73a4-a76e-95e6bc0d228e",
    "contact": "Mei\x1b[31m",
    "account": "Acme",
    "number": "A-0001",
    "state": "replied",
    "by_hand": None,
    "follows": "replied",
    "since": "2026-11-20",
    "record": "log",
    "record_id": "1",
    "joined_on": "2026-11-01",
    "do_not_contact": False,
    "contact_id": "2",
    "account_id": "3",
}
DEAL: CampaignDealJson = {
    "id": "01a21e20-2cc3-73a4-a76e-95e6bc0d1111",
    "account": "Acme",
    "account_id": "3",
    "title": "Rollout",
    "standing": "open",
    "stage": "proposal",
    "source": "webinar",
    "amount": "5.00",
    "currency": "SGD",
    "opened_on": "2026-11-21",
    "closed_on": None,
}
FIGURES: dict[str, Any] = dict.fromkeys(
    ("reached", "replied", "members", "deals", "open", "maybe"), 1
) | dict.fromkeys(("meeting", "opportunity", "customer", "won", "lost"), 0)
FIGURES |= dict.fromkeys(("reached_rate", "reply_rate", "meeting_rate"))


def page(**more: object) -> CampaignPage:
    counts = {"planned": 0, "reached": 0, "replied": 1}
    data: dict[str, object] = {
        "id": "01a21e20-2cc3-73a4-a76e-95e6bc0d3333",
        "name": "Spring push",
        "source": "webinar",
        "starts_on": "2026-11-01",
        "ends_on": None,
        "notes": None,
        "states": [
            {"state": state, "members": here, "so_far": 1, "rate": None}
            for state, here in counts.items()
        ],
        "figures": FIGURES,
        "members": [MEI],
        "deals": [DEAL],
        "won_value": [],
        "open_value": [{"currency": "SGD", "amount": "5.00"}],
        "converted": None,
        "sources": [
            {
                **{"name": "webinar", "deals": 1, "won": 0, "won_value": []},
                "open_value": [{"currency": "SGD", "amount": "5.00"}],
            }
        ],
        "accounts": [],
        "maybe": [DEAL],
        "maybe_value": [],
        "mail": {
            "addresses": 1,
            "left_out": {"opted out": 2},
            "without_primary": ["Zed"],
        },
    }
    return data | more  # type: ignore[return-value]  # a page with other parts


def drawn(data: Any, draw: Any = campaigns.page, width: int = 80) -> str:
    view = theme.View(width, date(2026, 11, 22))
    console = Console(width=width, record=True, file=None, color_system=None)
    with console.capture() as captured:
        console.print(draw(data, view))
    return captured.get()


@pytest.mark.parametrize("width", [30, 80])
def test_a_page_shows_how_far_it_got_and_what_came_of_it(width: int) -> None:
    shown = drawn(page(), width=width)
    assert "\x1b" not in shown
    for part in ("Spring push", "How far it got", "Replied (1)", "Rollout", "webinar", "Maybe (1)"):
        assert part in " ".join(shown.split()), part


def test_few_members_have_no_percentage() -> None:
    shown = drawn(page())
    assert "1 of 1" in shown
    assert "%" not in shown


def test_a_state_by_hand_says_so_and_what_the_records_say() -> None:
    shown = " ".join(drawn(page(members=[{**MEI, "by_hand": "replied"}])).split())
    assert "set by hand" in shown
    assert "the records say" not in shown
    other: Any = {**MEI, "by_hand": "replied", "follows": "reached"}
    assert "set by hand; the records say reached" in " ".join(drawn(page(members=[other])).split())


def test_mail_says_who_is_left_out() -> None:
    shown = " ".join(drawn(page()).split())
    assert "1 address; left out: 2 asked not to be contacted, 1 account without a primary" in shown


def test_many_members_of_a_state_are_counted() -> None:
    shown = drawn(page(members=[MEI] * 20))
    assert "and 8 more" in shown


def test_a_campaign_without_members_or_deals_says_what_to_do() -> None:
    assert "No members yet" in drawn(page(members=[]))
    assert "No deal names it yet: acct deal edit --campaign" in drawn(page(deals=[], maybe=[]))


def test_campaigns_stand_beside_each_other() -> None:
    one = {
        **FIGURES,
        **{"id": "1", "name": "Push", "source": None, "starts_on": None, "ends_on": None},
        **{"won_value": [], "converted": None},
        "open_value": [{"currency": "SGD", "amount": "5.00"}],
    }
    shown = drawn({"campaigns": [one]}, campaigns.compared)
    assert "open 5 SGD" in shown
    assert "1 more deal may have come from them, but names no campaign." in shown
    assert "No campaigns yet" in drawn({"campaigns": []}, campaigns.compared)


def test_reasons_are_those_of_the_domain() -> None:
    from acctcli.domain.campaigns import REASONS

    assert campaigns.LEFT_OUT == REASONS
