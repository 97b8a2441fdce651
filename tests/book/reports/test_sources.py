"""What became of the accounts of each source and tag."""

from __future__ import annotations

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import sources


def test_every_account_has_one_source(context: Context, everything: Query) -> None:
    data, table = sources.report(context, everything)
    for name in ("leads", "qualified", "customers", "won"):
        assert sum(line[name] for line in data["sources"]) == data["total"][name]
    assert {row["by"] for row in table.rows} == {"source", "tag"}


def test_a_period_is_that_in_which_an_account_came(context: Context, everything: Query) -> None:
    data, _ = sources.report(context, everything, "2001")
    assert (data["total"]["leads"], data["sources"]) == (0, [])
