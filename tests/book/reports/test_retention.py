"""The revenue of last year's customers."""

from __future__ import annotations

from decimal import Decimal

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import retention


def test_cohorts_and_customers_tell_the_same(context: Context, everything: Query) -> None:
    data, table = retention.report(context, everything)
    assert data["cohorts"]
    for cohort in data["cohorts"]:
        own = [row for row in data["customers"] if row["currency"] == cohort["currency"]]
        before = sum((Decimal(str(row["before"])) for row in own), Decimal(0))
        assert before == Decimal(str(cohort["start"]))
    assert len(table.rows) == len(data["customers"])


def test_only_what_recurs_on_request(context: Context, everything: Query) -> None:
    data, _ = retention.report(context, everything, recurring=True)
    assert data["recurring"]
    assert data["basis"] == "purchases"
