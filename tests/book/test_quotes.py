"""Quotes made from deals, and their page."""

from __future__ import annotations

import pytest
from tests.book.quoting import deal_of, made

from acctcli.book import quotes
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.errors import Invalid
from acctcli.store import queries, records


def test_a_quote_says_what_it_is_and_what_comes_next(context: Context) -> None:
    deal = deal_of(context)
    with context.write() as tx:
        quoted = quotes.add(context, tx, deal, Given({}, {}), {"tax_rate": "9"})
    assert quoted.says == (
        'Quoted "Pilot" as Q-2026-0001: 1 line, 1,090 SGD with 90 SGD tax, valid until Tue 22 Dec.'
    )
    assert quoted.hint == "Look at it: acct quote show Q-2026-0001"


def test_items_in_two_currencies_make_no_quote(context: Context) -> None:
    deal = deal_of(context)
    with context.write() as tx:
        row = queries.get(tx.con, "deal", context.fields("deal"), deal)
        product = records.insert(tx, "product", {"name": "Support"}, {})
        refs = {"deal": deal, "account": row["account_id"], "product": product}
        for currency in ("SGD", "EUR"):
            records.insert(tx, "item", {**refs, "unit_price": 5, "currency": currency}, {})
        with pytest.raises(Invalid, match="are in EUR and SGD, and a quote is in one currency"):
            quotes.add(context, tx, deal, Given({}, {}), {})


def test_a_value_that_cannot_be_read_leaves_no_total(context: Context) -> None:
    id = made(context)
    with context.read() as con:
        data = quotes.page(context, con, id)
        assert data["totals"] is not None
        con.execute("CREATE TEMP TABLE quote_line AS SELECT * FROM main.quote_line")
        con.execute("UPDATE temp.quote_line SET quantity = NULL")
        data = quotes.page(context, con, id)
    assert data["totals"] is None
    assert [line["net"] for line in data["lines"]] == [None]
