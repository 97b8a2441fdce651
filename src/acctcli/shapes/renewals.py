"""The page of `acct report renewals`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from acctcli.shapes.reports import ConvertedTotalJson


class RenewalRateJson(TypedDict):
    """How many of the contracts that ended in some months were renewed; the rate is in percent."""

    months: int
    renewed: int
    due: int
    rate: float


class RenewalQuarterJson(TypedDict):
    """The ARR that ends in a quarter in one currency, and what is likely to stay or to go."""

    quarter: str
    currency: str
    contracts: int
    arr: str
    expected: str
    churn: str


class EndingArrJson(TypedDict):
    """A contract that ends; `chance` is that of its renewal, in percent."""

    id: str
    account: str
    account_id: str
    product: str | None
    ends_on: str
    quarter: str
    currency: str
    arr: str
    band: str | None
    chance: str
    expected: str
    lost: bool


class ConvertedRenewalsJson(TypedDict):
    """The sums of all quarters in the base currency; None where nothing has to be converted."""

    arr: ConvertedTotalJson | None
    churn: ConvertedTotalJson | None


class RenewalsPage(TypedDict):
    """What comes up for renewal, by quarter and by contract."""

    filters: Sequence[str]
    rate: RenewalRateJson
    quarters: Sequence[RenewalQuarterJson]
    converted: ConvertedRenewalsJson
    contracts: Sequence[EndingArrJson]
