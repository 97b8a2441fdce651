"""The renewal forecast of the sample book."""

from __future__ import annotations

from decimal import Decimal

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import renewals
from acctcli.config import Config
from acctcli.domain.renewal_forecast import RenewalRules


def test_quarters_are_the_sums_of_the_contracts(context: Context, everything: Query) -> None:
    data, table = renewals.report(context, everything)
    assert data["contracts"]
    assert len(table.rows) == len(data["contracts"])
    for quarter in data["quarters"]:
        key = (quarter["quarter"], quarter["currency"])
        own = [one for one in data["contracts"] if (one["quarter"], one["currency"]) == key]
        assert quarter["contracts"] == len(own)
        for name in ("arr", "expected"):
            assert Decimal(str(quarter[name])) == sum(Decimal(str(one[name])) for one in own)
        assert Decimal(str(quarter["churn"])) > 0


def test_the_settings_are_the_rules() -> None:
    assert renewals.rules(Config()) == RenewalRules()
