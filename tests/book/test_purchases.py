"""What was bought, and which contracts end soon or lapsed, on the sample book."""

from __future__ import annotations

from acctcli.book import purchases
from acctcli.book.context import Context
from acctcli.store import queries


def test_terms_that_end_come_in_their_order_with_what_renews_them(sample: Context) -> None:
    with sample.read() as con:
        rows = purchases.renewals(sample, con, [], 365)
        few = purchases.renewals(sample, con, [], 365, sort="-ends_on", limit=2)
        pages = {row["id"]: purchases.page(sample, con, row["id"]) for row in rows}
    ends = [row["ends_on"] for row in rows]
    assert ends == sorted(ends)
    assert {row["standing"] for row in rows} == {"due", "running"}
    assert [row["ends_on"] for row in few] == ends[:-3:-1]
    for row in rows:
        assert row["days_left"] <= 365
        assert (row["days_left"] < 0) == (row["standing"] in ("lapsed", "missed"))
        assert row["window"] is None or row["days_left"] <= row["window"]
        page = pages[row["id"]]
        assert (page["renewal"], page["renewal_id"]) == (row["renewal"], row["renewal_id"])
        assert page["standing"] == row["standing"]


def test_how_far_to_look_and_of_whom_is_asked(sample: Context) -> None:
    with sample.read() as con:
        near = purchases.renewals(sample, con, [], 30)
        far = purchases.renewals(sample, con, [], 365)
        none = purchases.renewals(sample, con, [queries.by_id("account_id", "x")], 365)
    assert len(near) <= len(far)
    assert all(row["days_left"] <= 30 for row in near)
    assert none == []
