"""My call: kept with the forecast of its day, shown with what was closed by the end of its week."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli.book import commitments
from acctcli.errors import UsageError


def test_a_promise_is_of_everybody_or_of_one_owner() -> None:
    assert commitments.asked_owner([]) is None
    assert commitments.asked_owner(["Kim"]) == "Kim"
    for owners in (None, ["Kim", "Raj"]):
        with pytest.raises(UsageError, match="for all deals, or those of one --owner"):
            commitments.asked_owner(owners)


@pytest.mark.parametrize(("day", "monday"), [(16, 16), (20, 16), (22, 16), (23, 23)])
def test_a_week_begins_on_monday(day: int, monday: int) -> None:
    assert commitments.monday(date(2026, 11, day)) == date(2026, 11, monday)
