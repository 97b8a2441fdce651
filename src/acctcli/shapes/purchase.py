"""The page of `acct purchase show`, and the rows of `acct purchase renewals`."""

from __future__ import annotations

from typing import TypedDict

from acctcli.shapes.records import WholePurchaseJson


class BuyingCadenceJson(TypedDict):
    """How often an account orders, and whether the next one-off order is late.

    Every `every_days`, from `orders` days with an order; `amount` is a usual one. `days_late` is
    None while it is not late.
    """

    orders: int
    every_days: float
    last: str
    expected: str
    late_from: str
    days_late: int | None
    amount: str | None
    currency: str | None


class RenewalJson(TypedDict):
    """The open deal that renews a purchase: its title and id, or None."""

    renewal: str | None
    renewal_id: str | None


class PurchasePage(WholePurchaseJson, RenewalJson):
    """A purchase, and the open deal that renews it; for a contract, how it stands.

    `arr` is what it brings a year.
    """

    standing: str | None
    arr: str | None
    notice_by: str | None


class RenewalRow(RenewalJson):
    """A contract that ends; amounts are in minor units.

    `window` is the smallest window (in days) that its end falls into, None beyond the last.
    `days_left` count to the last day for notice while it is to come, and are below 0 once it
    lapsed.
    """

    id: str
    account: str | None
    account_id: str
    product: str | None
    product_id: str | None
    purchased_on: str
    starts_on: str | None
    ends_on: str
    notice_by: str | None
    days_left: int
    window: int | None
    standing: str
    amount: int | None
    currency: str | None
    arr: int | None
    recurring: str
    auto_renews: int
