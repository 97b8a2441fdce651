"""One total of several currencies, at the rates that the user has set.

While a rate is missing there is no total: part of one would look like all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acctcli.frozen import Frozen
from acctcli.values import money


class Total(Frozen):
    """Minor units of `currency`; None while the currencies of `missing` have no rate."""

    currency: str
    amount: int | None
    missing: Sequence[str]


def total(amounts: Mapping[str, int], base: str, rates: Mapping[str, str]) -> Total | None:
    """The sum of amounts by currency, in `base`; None where there is nothing to convert.

    A rate is how many units of `base` one unit of the currency buys.
    """
    if not base or all(currency == base for currency in amounts):
        return None
    known = {**rates, base: "1"}
    missing = sorted(set(amounts) - set(known))
    if missing:
        return Total(base, None, missing)
    parts = (money.convert(minor, code, base, known[code]) for code, minor in amounts.items())
    return Total(base, sum(parts), [])
