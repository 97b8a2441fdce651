"""Interactions by week, kind and owner."""

from __future__ import annotations

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import activity


def test_the_last_weeks_add_up_however_they_are_broken_down(
    context: Context, everything: Query
) -> None:
    data, table = activity.report(context, everything)
    assert len(data["weeks"]) == activity.WEEKS
    total = data["total"]
    assert total["interactions"] > 0
    for lines in (data["kinds"], data["owners"], table.rows):
        assert sum(line["interactions"] for line in lines) == total["interactions"]
        assert sum(line["two_way"] for line in lines) == total["two_way"]
    assert sum(total["by_week"]) == total["interactions"]


def test_what_is_covered_is_of_the_last_day_of_the_period(
    context: Context, everything: Query
) -> None:
    data, _ = activity.report(context, everything, "2020")
    assert data["coverage"]["day"] == "2020-12-31"
    assert all(line["touched"] == 0 for line in data["coverage"]["tiers"])
