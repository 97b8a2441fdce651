"""The items of a deal: added, removed and summed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from acctcli.book import deals, items
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.errors import Ambiguous, Invalid, NotFound
from acctcli.model import Row
from acctcli.store import queries, records
from acctcli.store.journal import Writing

Work = Callable[[Writing, Row], object]


@pytest.fixture
def deal(context: Context) -> str:
    with context.write() as tx:
        account = records.insert(tx, "account", {"name": "Acme"}, {})
        for name, price, currency in (("Licence", 25000, "SGD"), ("Support", 900, "USD")):
            product = {"name": name, "price": price, "currency": currency}
            records.insert(tx, "product", product, {})
        return records.insert(tx, "deal", {"account": account, "title": "Pilot"}, {})


def do(context: Context, deal: str, work: Work) -> object:
    with context.write() as tx:
        return work(tx, queries.get(tx.con, "deal", context.fields("deal"), deal))


def add(context: Context, deal: str, product: str, **typed: str) -> str:
    given = Given(dict(typed), {})

    def work(tx: Writing, row: Row) -> str:
        return items.add(context, tx, row, product, given)[1]

    return str(do(context, deal, work))


def test_a_line_has_the_list_price_unless_another_is_given(context: Context, deal: str) -> None:
    said = add(context, deal, "licence", quantity="2", discount="10")
    assert said == 'Added 2 Licence to "Pilot": 250 SGD each less 10 %, 450 SGD.'
    with pytest.raises(Invalid, match="Support is priced in USD"):
        add(context, deal, "support")
    assert add(context, deal, "support", unit_price="100").endswith("100 SGD each, 100 SGD.")
    assert do(context, deal, items.take_sum) == '"Pilot" is now 550 SGD.'
    assert do(context, deal, items.take_sum) == '"Pilot" is already 550 SGD.'


def test_a_line_is_named_by_its_product_or_its_id(context: Context, deal: str) -> None:
    add(context, deal, "licence")
    with context.read() as con:
        (line,) = deals.items(con, deal)
    tail = line["id"][-4:]
    assert do(context, deal, lambda tx, row: items.find(tx, row, "LICENCE")) == line
    assert do(context, deal, lambda tx, row: items.find(tx, row, tail)) == line
    with pytest.raises(NotFound, match="It has: Licence"):
        do(context, deal, lambda tx, row: items.find(tx, row, "support"))
    add(context, deal, "licence")
    with pytest.raises(Ambiguous, match="matches 2 items"):
        do(context, deal, lambda tx, row: items.find(tx, row, "licence"))
    do(context, deal, lambda tx, row: items.remove(tx, row, line))
    with context.read() as con:
        assert len(deals.items(con, deal)) == 1


def test_what_has_no_price_is_not_summed_up(context: Context, deal: str) -> None:
    with pytest.raises(Invalid, match="nothing to sum"):
        do(context, deal, items.take_sum)
    with context.write() as tx:
        records.insert(tx, "product", {"name": "Visit"}, {})
    assert add(context, deal, "visit") == 'Added 1 Visit to "Pilot", without a price.'
    with pytest.raises(Invalid, match="Visit has no price"):
        do(context, deal, items.take_sum)
