"""Interactions by kind, week and owner, and which accounts are on cadence.

Weeks begin on Monday. An interaction counts for the owner of its deal, or else of its account.
Coverage is the share of each tier's accounts that had a real two-way touch within their cadence. An
account that never had one is not covered, however new it is.

Pure: counted rows and a day in, lines out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli.domain import figures
from acctcli.domain.cadence import cadence_of
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import LOG_KINDS

_WEEK = timedelta(days=7)


class Count(FrozenRow):
    """Interactions of one account in one week, alike in kind, owner and whether two-way."""

    week: date
    kind: str
    two_way: bool
    owner: str | None
    account: str
    times: int
    minutes: int


class ActivityLine(Frozen):
    """The interactions of one kind or one owner, `by_week` in the order of the weeks.

    `accounts` are those that were reached; `minutes` what was written down of durations.
    """

    name: str | None
    count: int
    two_way: int
    accounts: int
    minutes: int
    by_week: Sequence[int]


class Contacted(FrozenRow):
    """An account with its tier, its own cadence and its last two-way touch."""

    account: str
    tier: str | None
    own: int | None
    last_touch: date | None


class Covered(Frozen):
    """The accounts of a tier that have a cadence, and how many of them are on it."""

    tier: str | None
    accounts: int
    touched: int
    late: int
    never: int
    few: int = figures.FEW

    @property
    def share(self) -> float | None:
        """The share that was reached in time, in percent; None for a few."""
        return figures.rate(self.touched, self.accounts, self.few)


def monday(day: date) -> date:
    """The day on which a day's week begins."""
    return day - timedelta(days=day.weekday())


def weeks(start: date, end: date) -> list[date]:
    """The Mondays of the weeks from one day to another."""
    found, week = [], monday(start)
    while week <= end:
        found.append(week)
        week += _WEEK
    return found


def by_kind(counts: Iterable[Count], weeks: Sequence[date]) -> list[ActivityLine]:
    """A line for each kind that happened, in the order of the vocabulary."""
    lines = _lines(((row.kind, row) for row in counts), weeks)
    return sorted(lines, key=lambda line: LOG_KINDS.index(line.name or ""))


def by_owner(counts: Iterable[Count], weeks: Sequence[date]) -> list[ActivityLine]:
    """A line for each owner, the busiest first; what nobody owns comes last."""
    lines = _lines(((row.owner, row) for row in counts), weeks)
    return sorted(lines, key=lambda line: (line.name is None, -line.count, line.name or ""))


def total(counts: Iterable[Count], weeks: Sequence[date]) -> ActivityLine:
    """All interactions in one line."""
    lines = _lines(((None, row) for row in counts), weeks)
    return lines[0] if lines else ActivityLine(None, 0, 0, 0, 0, [0] * len(weeks))


def _lines(rows: Iterable[tuple[str | None, Count]], weeks: Sequence[date]) -> list[ActivityLine]:
    place = {week: at for at, week in enumerate(weeks)}
    sums: dict[str | None, list[int]] = {}
    accounts: dict[str | None, set[str]] = {}
    by_week: dict[str | None, list[int]] = {}
    for name, row in rows:
        parts = sums.setdefault(name, [0, 0, 0])
        parts[0] += row.times
        parts[1] += row.times if row.two_way else 0
        parts[2] += row.minutes
        accounts.setdefault(name, set()).add(row.account)
        by_week.setdefault(name, [0] * len(weeks))[place[row.week]] += row.times
    return [
        ActivityLine(name, parts[0], parts[1], len(accounts[name]), parts[2], by_week[name])
        for name, parts in sums.items()
    ]


def coverage(
    accounts: Iterable[Contacted],
    cadence: Mapping[str, int],
    day: date,
    few: int = figures.FEW,
) -> tuple[list[Covered], int]:
    """Return the coverage per tier, top tier first, and how many accounts have no cadence.

    An account is covered if its last two-way touch is no more days ago than its cadence.
    """
    found: dict[str | None, list[int]] = {}
    without = 0
    for account in accounts:
        days = cadence_of(account.tier, account.own, cadence)
        if days is None:
            without += 1
            continue
        parts = found.setdefault(account.tier, [0, 0, 0, 0])
        touch = account.last_touch
        state = 3 if touch is None else 1 if (day - touch).days <= days else 2
        parts[0] += 1
        parts[state] += 1
    order = {tier: at for at, tier in enumerate(cadence)}
    lines = [
        Covered(tier, all, touched, late, never, few)
        for tier, (all, touched, late, never) in found.items()
    ]
    lines.sort(key=lambda line: (order.get(line.tier or "", len(order)), line.tier or ""))
    return lines, without
