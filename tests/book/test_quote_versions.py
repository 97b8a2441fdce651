"""The versions of a quote."""

from __future__ import annotations

from tests.book.quoting import deal_of, made

from acctcli.book import quote_versions
from acctcli.book.context import Context
from acctcli.store import records


def test_versions_stand_in_order_and_the_last_is_the_newest(context: Context) -> None:
    deal = deal_of(context)
    with context.read() as con:
        assert quote_versions.last_version(con, deal) is None
    first, second = made(context, deal), made(context, deal)
    with context.read() as con:
        last = quote_versions.last_version(con, deal)
        found = quote_versions.versions(context, con, deal)
    assert last is not None
    assert last["id"] == second
    assert [(one["id"], one["standing"]) for one in found] == [
        (first, "superseded"),
        (second, "draft"),
    ]


def test_a_sum_is_said_with_its_tax(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        row = quote_versions.row_of(context, tx.con, id)
        assert quote_versions.summed(row) == "1,090 SGD with 90 SGD tax"
        assert quote_versions.summed({**row, "tax": 0, "gross": 100_000}) == "1,000 SGD"
        assert quote_versions.summed({**row, "gross": None}) == "no total"
        records.update(tx, "quote", id, {"status": "sent"})
