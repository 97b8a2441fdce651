"""The page of `acct product show`."""

from __future__ import annotations

from collections.abc import Sequence

from acctcli.shapes.records import ProductJson, PurchaseJson, WholeDealJson


class ProductPage(ProductJson):
    """A product with the open deals it is in, and its purchases."""

    open_deals: Sequence[WholeDealJson]
    purchases: Sequence[PurchaseJson]
