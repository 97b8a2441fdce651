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
        # Those of the sample book are in one currency, at its rates.
        then = {row["account"] for row in data["customers"] if Decimal(str(row["arr_before"]))}
        now = {row["account"] for row in data["customers"] if Decimal(str(row["arr"]))}
        assert (cohort["customers"], cohort["kept"]) == (len(then), len(then & now))
        (*_, latest) = [m for m in data["trend"] if m["currency"] == cohort["currency"]]
        assert (latest["arr"], latest["nrr"]) == (cohort["arr"], cohort["nrr"])
    assert len(table.rows) == len(data["customers"])


def test_only_what_recurs_on_request(context: Context, everything: Query) -> None:
    data, _ = retention.report(context, everything, recurring=True)
    assert data["recurring"]
    assert data["repeat"] == []
