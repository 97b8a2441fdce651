"""Why deals are won and lost, out of the sample book."""

from __future__ import annotations

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import winloss


def test_every_comparison_counts_the_deals_of_the_total(
    context: Context, everything: Query
) -> None:
    data, table = winloss.report(context, everything)
    assert data["currency"] == "SGD"
    for by in ("source", "competitor", "type"):
        own = [group for group in data["groups"] if group["by"] == by]
        assert sum(group["of"] for group in own) == data["total"]["of"]
        assert sum(group["count"] for group in own) == data["total"]["count"]
    assert len(table.rows) == len(data["groups"])


def test_what_stands_out_is_marked_with_the_others_beside_it(
    context: Context, everything: Query
) -> None:
    data = winloss.report(context, everything).data
    (new,) = [g for g in data["groups"] if (g["by"], g["name"]) == ("type", "new")]
    assert new["parts"] == "above"
    assert new["low"] > new["rest"]["high"]


def test_a_period_is_that_of_closing(context: Context, everything: Query) -> None:
    whole = winloss.report(context, everything).data["total"]["of"]
    year = winloss.report(context, everything, "2026").data
    assert year["period"]["label"] == "2026"
    assert 0 < year["total"]["of"] < whole
    assert winloss.report(context, everything, "1999").data["total"]["of"] == 0
