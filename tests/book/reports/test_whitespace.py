"""Accounts by products."""

from __future__ import annotations

from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.book.reports import whitespace


def test_a_candidate_has_nothing_of_the_product_so_far(context: Context, everything: Query) -> None:
    data, table = whitespace.report(context, everything)
    state = {(row["account_id"], row["product_id"]): row["state"] for row in table.rows}
    assert set(state.values()) <= set(whitespace.STATES)
    for one in data["candidates"]:
        assert state[one["account_id"], one["product_id"]] == "nothing"


def test_the_query_says_whom_it_shows_and_not_whom_it_learns_from(
    context: Context, everything: Query
) -> None:
    key = everything.replace(filters=(("tier", "key", "--tier"),))
    data, table = whitespace.report(context, key)
    assert {row["tier"] for row in table.rows} <= {"key"}
    assert data["customers"] == whitespace.report(context, everything).data["customers"]
