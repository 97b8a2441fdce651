"""Recurring revenue that comes up for renewal, and how much of it is likely to stay.

The renewal rate of the book is renewed ÷ due: of the contracts that ended in the last two years,
how many have a next one. While there are few, it is pulled towards a usual rate, as the mean
of a beta distribution is: the usual rate counts like `worth` further contracts. A contract of an
account with amber or red health is less likely to be renewed than that, and one whose renewal deal
was lost is not renewed at all.

Pure: contracts, bands and a day in; amounts in minor units out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from acctcli.domain import contracts as standings
from acctcli.domain import figures
from acctcli.domain.contracts import Contract
from acctcli.frozen import Frozen
from acctcli.values.dates import add_months
from acctcli.values.periods import quarter_of

LEARNT_MONTHS = 24
"""The renewal rate is learnt from the contracts that ended in this many months."""

QUARTERS = 4
"""Quarters of the forecast, the current one first."""


class RenewalRules(Frozen):
    """The usual renewal rate and how many contracts it is worth, and the rest by health.

    `usual`, `amber` and `red` are percentages; the last two are of the rate. The fiscal year begins
    in the month `fiscal`.
    """

    usual: int = 85
    worth: int = 5
    amber: int = 90
    red: int = 70
    fiscal: int = 1
    months: int = LEARNT_MONTHS


class RenewalRate(Frozen):
    """The renewal rate of the book: `renewed` of `due` contracts; `rate` is a share of 1."""

    renewed: int
    due: int
    rate: float


class Ending(Frozen):
    """A contract that comes up for renewal: its quarter, ARR, and chance to be renewed."""

    contract: Contract
    ends: date
    quarter: str
    currency: str
    arr: int
    band: str | None
    chance: float

    @property
    def expected(self) -> int:
        """What is likely to stay, in minor units."""
        return figures.nearest(self.arr * self.chance)


class QuarterOfRenewals(Frozen):
    """What ends in a quarter in one currency, and how much of it is likely to stay or to go."""

    quarter: str
    currency: str
    contracts: int
    arr: int
    expected: int

    @property
    def churn(self) -> int:
        """What is likely to be lost."""
        return self.arr - self.expected


def renewal_rate(known: Iterable[Contract], day: date, rules: RenewalRules) -> RenewalRate:
    """Return how many of the contracts that ended in the last two years were renewed.

    Monthly ones do not count, because nobody decides about them. Neither do those that ended lately
    and may still be renewed within their grace, unless their renewal was lost. A customer that was
    lost and won back later was not renewed.
    """
    since = add_months(day, -rules.months)
    renewed = due = 0
    for one in known:
        if one.monthly or one.arr is None or one.renews_itself or not since < one.ends < day:
            continue
        standing = one.standing(day)
        open = standing == standings.LAPSED and one.live(day)
        renewed += standing == standings.RENEWED and not one.lost
        due += not open
    pulled = (renewed + rules.usual / 100 * rules.worth) / max(due + rules.worth, 1)
    return RenewalRate(renewed, due, pulled)


def endings(
    known: Iterable[Contract],
    bands: Mapping[str, str | None],
    rate: RenewalRate,
    day: date,
    rules: RenewalRules,
) -> list[Ending]:
    """Return the recurring contracts that end in the next quarters, by that day.

    `bands` has the band of health by account. What renews itself ends like anything else: somebody
    may give notice.
    """
    quarters = _quarters(day, rules)
    lowered = {"amber": rules.amber / 100, "red": rules.red / 100}
    found = []
    for one in known:
        currency, quarter = one.facts.currency, quarter_of(one.end(day), rules.fiscal).label
        if one.arr is None or currency is None or not one.to_renew(day) or quarter not in quarters:
            continue
        band = bands.get(one.facts.account_id)
        chance = 0.0 if one.lost else min(rate.rate, 1.0) * lowered.get(band or "", 1.0)
        found.append(Ending(one, one.end(day), quarter, currency, one.arr, band, chance))
    return sorted(found, key=lambda ending: (ending.ends, ending.contract.facts.id))


def by_quarter(found: Sequence[Ending], day: date, rules: RenewalRules) -> list[QuarterOfRenewals]:
    """Return the sums of each quarter and currency, in order of time."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in found:
        counted = sums.setdefault((one.quarter, one.currency), [0, 0, 0])
        counted[0] += 1
        counted[1] += one.arr
        counted[2] += one.expected
    order = _quarters(day, rules)
    lines = [QuarterOfRenewals(*key, *counted) for key, counted in sums.items()]
    return sorted(lines, key=lambda line: (order.index(line.quarter), line.currency))


def _quarters(day: date, rules: RenewalRules) -> list[str]:
    return [quarter_of(add_months(day, 3 * n), rules.fiscal).label for n in range(QUARTERS)]
