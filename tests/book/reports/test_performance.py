"""Deals opened and won, by a key of the deals."""

from __future__ import annotations

import pytest

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import performance
from acctcli.domain.performance import KEYS
from acctcli.errors import UsageError


@pytest.mark.parametrize("by", KEYS)
def test_the_lines_of_every_key_add_up_to_the_totals(
    context: Context, everything: Query, by: str
) -> None:
    data, table = performance.report(context, everything, "all", by)
    assert sum(line["won"] for line in data["totals"]) > 0
    for name in ("opened", "won", "lost"):
        total = sum(line[name] for line in data["totals"])
        assert sum(line[name] for line in data["groups"]) == total
        assert sum(line[name] for line in table.rows) == total


def test_what_nothing_is_by_is_refused(context: Context, everything: Query) -> None:
    with pytest.raises(UsageError, match="owner, product, quarter"):
        performance.report(context, everything, by="colour")
