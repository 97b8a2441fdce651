"""The forecast of a period, out of the sample book."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.book import forecast
from acctcli.book.context import Context
from acctcli.values import periods
from acctcli.values.periods import Period


def page(sample: Context, period: Period | None, by: Any = None) -> Any:
    with sample.read() as con:
        return forecast.page(sample, con, [], period, by, [])


@pytest.mark.parametrize("by", [None, *forecast.GROUPS])
def test_groups_add_up_to_the_totals(sample: Context, by: str | None) -> None:
    data = page(sample, periods.quarter_of(date(2026, 11, 22)), by)
    assert data["by"] == by
    assert data["totals"]
    for total in data["totals"]:
        for lines in (data["stages"], data["categories"], *([data["groups"]] if by else [])):
            counts = [line["count"] for line in lines if line["currency"] == total["currency"]]
            assert sum(counts) == total["count"]


def test_a_period_that_is_not_over_looks_back_on_the_one_before(sample: Context) -> None:
    today = date(2026, 11, 22)
    quarter = page(sample, periods.quarter_of(today))
    assert quarter["period"]["start"] == "2026-10-01"
    assert quarter["looking_back"]["period"]["end"] == "2026-09-30"
    month = page(sample, periods.month_of(today))
    assert month["looking_back"]["period"]["start"] == "2026-10-01"
    assert page(sample, None)["looking_back"] is None
    span = periods.period("2026-11-02..2026-12-10", today)
    assert page(sample, span)["looking_back"] is None
