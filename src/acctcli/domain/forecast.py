"""What a period will bring: deals summed by category and stage, at face value and weighted.

Sums never cross a currency; one total in the user's base currency comes only from
rates that the user has set. Amounts are integer minor units, rounded once per
line, after summing. Nothing here knows how deals are kept or drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from acctcli import money
from acctcli.dates import Period

CATEGORIES = ("closed", "commit", "best-case", "pipeline")
"""The lines of a forecast, the surest first; `omitted` deals are in none."""

Key = Callable[["Entry"], str | None]


class Entry(NamedTuple):
    """A deal as the forecast sees it; `day` is when it closed, or should close."""

    stage: str
    category: str | None
    probability: int | None
    amount: int | None
    currency: str | None
    day: date | None
    closed: bool
    owner: str | None = None
    tier: str | None = None


class Line(NamedTuple):
    """Deals of one name and one currency: how many, for how much, and weighted by chance."""

    name: str | None
    currency: str
    deals: int
    amount: int
    weighted: int


class Forecast(NamedTuple):
    """The lines of a period, and what is in none of them.

    `past` are open deals that should have closed before the period began,
    `undated` open deals without a close date, both as one line a currency;
    `without_amount` counts deals of the period that have none.
    """

    categories: list[Line]
    stages: list[Line]
    groups: list[Line]
    totals: list[Line]
    past: list[Line]
    undated: list[Line]
    without_amount: int


def forecast(
    entries: Iterable[Entry],
    period: Period | None,
    *,
    stages: Sequence[str],
    by: Key | None = None,
    order: Sequence[str] = (),
) -> Forecast:
    """Sum what closes in `period` (None: at any time, even without a day).

    Won deals count in full, on the day they closed; lost and omitted ones not at
    all. `stages` gives the order of the stages. `by` names the group of a deal;
    groups come in `order`, others after them by name, and those without a name last.
    """
    inside, past, undated = [], [], []
    for entry in entries:
        if entry.category not in CATEGORIES:
            continue
        if period is None or (entry.day and period.start <= entry.day <= period.end):
            inside.append(entry)
        elif entry.day is None:
            undated.append(entry)
        elif not entry.closed and entry.day < period.start:
            past.append(entry)
    return Forecast(
        categories=sums(inside, lambda entry: entry.category, CATEGORIES),
        stages=sums(inside, lambda entry: entry.stage, stages),
        groups=sums(inside, by, order) if by else [],
        totals=totals(inside),
        past=totals(past),
        undated=totals(undated),
        without_amount=sum(entry.amount is None for entry in inside),
    )


def totals(entries: Iterable[Entry]) -> list[Line]:
    """One line a currency, without a name; the currency with the most deals first."""
    return sorted(sums(entries, lambda _: None), key=lambda line: (-line.deals, line.currency))


def sums(entries: Iterable[Entry], key: Key, order: Sequence[str] = ()) -> list[Line]:
    """One line for each name that `key` gives and each currency; deals without amount in none."""
    found: dict[tuple[str | None, str], list[int]] = {}
    for entry in entries:
        if entry.amount is None or entry.currency is None:
            continue
        chance = 100 if entry.closed else entry.probability or 0
        cell = found.setdefault((key(entry), entry.currency), [0, 0, 0])
        cell[0] += 1
        cell[1] += entry.amount
        cell[2] += entry.amount * chance
    place = {name: at for at, name in enumerate(order)}
    return [
        Line(name, currency, deals, amount, _hundredth(weighted))
        for (name, currency), (deals, amount, weighted) in sorted(
            found.items(),
            key=lambda item: (
                item[0][0] is None,
                place.get(item[0][0] or "", len(place)),
                item[0][0] or "",
                item[0][1],
            ),
        )
    ]


def _hundredth(total: int) -> int:
    """A hundredth, half to the even neighbour."""
    whole, rest = divmod(total, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))


class Converted(NamedTuple):
    """Totals of several currencies in the base currency; `missing` are those without a rate.

    While a rate is missing there is no total: part of one would look like all of it.
    """

    currency: str
    amount: int | None
    weighted: int | None
    missing: list[str]


def converted(lines: Sequence[Line], base: str, rates: Mapping[str, str]) -> Converted | None:
    """The sum of `lines` in `base`; None where there is nothing to convert.

    A rate is how many units of `base` one unit of the currency buys.
    """
    if not base or all(line.currency == base for line in lines):
        return None
    known = {**rates, base: "1"}
    missing = sorted({line.currency for line in lines} - set(known))
    if missing:
        return Converted(base, None, None, missing)
    amount = weighted = 0
    for line in lines:
        rate = known[line.currency]
        amount += money.convert(line.amount, line.currency, base, rate)
        weighted += money.convert(line.weighted, line.currency, base, rate)
    return Converted(base, amount, weighted, [])
