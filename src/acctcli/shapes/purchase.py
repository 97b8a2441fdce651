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


class RenewalStanding(RenewalJson):
    """What of a contract that ends depends on today; `arr` is in minor units.

    `window` is the smallest window (in days) that its end falls into, None beyond the last.
    `days_left` counts to the last day for notice while that is to come, and is below 0 once the
    contract lapsed. `lost` says that its renewal deal was lost, `renewal_closes` when the open one
    should close.
    """

    ends_on: str
    notice_by: str | None
    days_left: int
    window: int | None
    standing: str
    arr: int | None
    lost: bool
    renewal_closes: str | None


class RenewalRow(RenewalStanding):
    """A contract that ends, with these and all other fields of its purchase, as they are stored."""

    id: str
    account: str | None
    account_id: str
    product: str | None
    product_id: str | None
    purchased_on: str
    starts_on: str | None
    amount: int | None
    currency: str | None
    recurring: str
    auto_renews: int
