"""The page of a product."""

from __future__ import annotations

from acctcli.book import products
from acctcli.book.context import Context
from acctcli.store import records


def test_a_product_has_its_open_deals_and_its_purchases(sample: Context) -> None:
    with sample.write() as tx:
        product = sample.find(tx.con, "product", "tidewright platform").id
        account = sample.find(tx.con, "account", "greentech ltd").id
        for title, stage in (("Phase 2", "negotiation"), ("Phase 0", "won")):
            deal = {"account": account, "title": title, "product": product, "stage": stage}
            records.insert(tx, "deal", deal)
        page = products.page(sample, tx.con, product)
    assert (page["name"], page["family"], page["active"]) == (
        "Tidewright Platform",
        "Platform",
        True,
    )
    assert [deal["title"] for deal in page["open_deals"]] == ["Phase 2"]
    assert page["purchases"]
    assert {purchase["product"] for purchase in page["purchases"]} == {page["name"]}
