"""Figures: a part of a whole, a mean, a percentage, an amount in another currency.

Each is computed here and nowhere else, so that no two reports round or treat missing data in
different ways: a figure without data is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acctcli.frozen import Frozen
from acctcli.values import money


def quotient(part: float, whole: float) -> float | None:
    """Return `part` divided by `whole`; None if `whole` is not above zero."""
    return part / whole if whole > 0 else None


def points(part: float, whole: float) -> float | None:
    """Return `part` of `whole` in points of 100, not rounded, as scores need it."""
    return quotient(100 * part, whole)


def percent(part: float, whole: float) -> float | None:
    """Return `part` as a percentage of `whole`, to two decimals, rounding halves away from zero."""
    if isinstance(part, int) and isinstance(whole, int) and whole > 0:
        return money.divide(10_000 * part, whole) / 100
    return _rounded(points(part, whole))


FEW = 5
"""Fewer cases than this get no percentage: one more would change it too much.

The default of `report.few`.
"""


def rate(part: float, whole: float, few: int = FEW, *, cases: int | None = None) -> float | None:
    """Return `part` as a percentage of `whole`; None for fewer than `few` cases.

    `whole` is the number of cases, unless it is money: then `cases` is. No other place decides
    whether there is a percentage.
    """
    return percent(part, whole) if (whole if cases is None else cases) >= few else None


def each(whole: float, count: int) -> float | None:
    """Return `whole` divided among `count`, to two decimals."""
    return _rounded(quotient(whole, count))


def mean(values: Sequence[float]) -> float | None:
    """Return the mean to two decimals; None without values."""
    return each(sum(values), len(values))


def median(values: Sequence[float]) -> float | None:
    """Return the middle value, or the mean of the middle two; None without values."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def average(amount: int, count: int) -> int | None:
    """Return an amount divided by `count`, in whole minor units, rounding halves away from zero."""
    return money.divide(amount, count) if count > 0 else None


def nearest(value: float) -> int:
    """Return the nearest whole number; a half rounds away from zero."""
    whole, rest = divmod(abs(value), 1)
    found = int(whole) + (rest >= 0.5)
    return -found if value < 0 else found


DEVIATIONS = {80: 1.2816, 90: 1.6449, 95: 1.96, 99: 2.5758}
"""How many standard deviations an interval has on each side, by its certainty in percent."""


def wilson(part: int, whole: int, z: float = 1.96) -> tuple[float, float] | None:
    """Return the bounds (0 to 1) of the true share, given `part` of `whole`; None without cases.

    The score interval of E. B. Wilson (*Probable Inference*, JASA 1927); `z` 1.96 is 95 %.
    It stays between 0 and 1; the lower bound for 3 of 3 is 0.44.
    """
    if whole <= 0:
        return None
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = (
        z / (1 + square / whole) * ((share * (1 - share) + square / (4 * whole)) / whole) ** 0.5
    )
    return max(middle - spread, 0.0), min(middle + spread, 1.0)


def convert(amount: int, currency: str, base: str, rates: Mapping[str, str]) -> int | None:
    """Return an amount in minor units of `base`; None without a rate for its currency.

    A rate is how many units of `base` one unit of the currency buys.
    """
    if currency == base:
        return amount
    rate = rates.get(currency)
    return None if rate is None else money.convert(amount, currency, base, rate)


def without_rate(
    currencies: Iterable[str | None], base: str, rates: Mapping[str, str]
) -> list[str]:
    """Return which of these currencies have no rate into `base`, in order; None has none."""
    return sorted({code for code in currencies if code} - {base, *rates})


class Total(Frozen):
    """Minor units of `currency`; None while the currencies of `missing` have no rate."""

    currency: str
    amount: int | None
    missing: Sequence[str]


def total(amounts: Mapping[str, int], base: str, rates: Mapping[str, str]) -> Total | None:
    """Return the sum of amounts by currency, in `base`; None where there is nothing to convert.

    While a rate is missing there is no sum: part of one would look like all of it.
    """
    if not base or all(currency == base for currency in amounts):
        return None
    if missing := without_rate(amounts, base, rates):
        return Total(base, None, missing)
    parts = (convert(minor, code, base, rates) for code, minor in amounts.items())
    return Total(base, sum(part for part in parts if part is not None), [])


def _rounded(value: float | None) -> float | None:
    return None if value is None else nearest(value * 100) / 100
