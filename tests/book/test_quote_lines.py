"""The lines of a quote, and what they become."""

from __future__ import annotations

import pytest
from tests.book.quoting import made

from acctcli.book import quote_lines
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.errors import Conflict, NotFound
from acctcli.store import queries, records


def test_a_line_is_found_by_place_text_and_tail(context: Context) -> None:
    id = made(context)
    with context.read() as con:
        quote = queries.get(con, "quote", context.fields("quote"), id)
        (line,) = quote_lines.rows(con, id)
        for typed in ("1", "pilot", line["id"][-4:], "all"):
            assert [one["id"] for one in quote_lines.find(con, quote, typed)] == [line["id"]]
        with pytest.raises(NotFound, match='no line "2"'):
            quote_lines.find(con, quote, "2")


def test_the_stored_totals_follow_the_lines(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        quote = queries.get(tx.con, "quote", context.fields("quote"), id)
        lines = quote_lines.rows(tx.con, id)
        quote_lines.change(context, tx, quote, lines, Given({"discount": "50"}, {}))
        after = queries.get(tx.con, "quote", context.fields("quote"), id)
    assert [after[name] for name in ("net", "tax", "gross")] == [50_000, 4_500, 54_500]


def test_lines_of_a_sent_quote_are_sealed(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        records.update(tx, "quote", id, {"status": "sent"})
        (line,) = quote_lines.rows(tx.con, id)
        with pytest.raises(Conflict, match="is sent and cannot be changed"):
            records.update(tx, "quote_line", line["id"], {"text": "Other"})
        new = {"quote": id, "text": "More", "unit_price": 5, "currency": "SGD"}
        with pytest.raises(Conflict, match="is sent and cannot be changed"):
            records.insert(tx, "quote_line", new, {})


def test_a_purchase_has_the_net_amount_and_the_term_of_its_line(context: Context) -> None:
    id = made(context)
    with context.write() as tx:
        quote = queries.get(tx.con, "quote", context.fields("quote"), id)
        assert not quote_lines.has_terms(tx.con, quote)
        plain = {"product": None, "quantity": 1, "amount": 100_000, "currency": "SGD"}
        plain["tax_rate"] = 9
        assert quote_lines.purchases(tx.con, quote) == [plain]
        term = {"recurring": "yearly", "starts_on": "2027-01-01"}
        quote_lines.change(context, tx, quote, quote_lines.rows(tx.con, id), Given(term, {}))
        assert quote_lines.has_terms(tx.con, quote)
        assert quote_lines.purchases(tx.con, quote) == [{**plain, **term, "ends_on": "2027-12-31"}]
