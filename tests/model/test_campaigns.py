from __future__ import annotations

from acctcli.model import KINDS, MEMBER_STATES, CampaignMember

STAMPS = ("id", "created_at", "updated_at")


def test_a_member_has_no_state_of_its_own_at_first() -> None:
    assert CampaignMember(id="m").state is None
    assert CampaignMember.fields["state"].choices == MEMBER_STATES


def test_states_are_in_the_order_in_which_they_are_reached() -> None:
    assert (MEMBER_STATES[0], MEMBER_STATES[-1]) == ("planned", "customer")


def test_fields_of_campaigns_came_with_version_8() -> None:
    for kind in ("campaign", "campaign_member"):
        assert {f.came for n, f in KINDS[kind].fields.items() if n not in STAMPS} == {8}
    assert KINDS["deal"].fields["campaign"].came == KINDS["log"].fields["campaign"].came == 8
