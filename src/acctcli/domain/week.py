"""A seller's week, or any other period: conversations, changes, promises.

Facts are rows of the book with days in ISO form, which compare like days. Pure: facts and
days in, figures and groups out; the words stand in `render.week`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow
from acctcli.text import key
from acctcli.values.dates import iso
from acctcli.values.periods import Period

# Facts


class Talk(FrozenRow):
    """An interaction; `people` are the names of those who took part."""

    id: str
    account_id: str
    account: str
    kind: str
    direction: str | None
    attempt: bool
    two_way: bool
    at: str
    day: str
    duration: int | None
    summary: str
    people: str | None


class Change(FrozenRow):
    """A change of an open deal's stage, amount or close date, with the deal as it is now."""

    deal_id: str
    account_id: str
    account: str
    title: str
    stage: str
    amount: int | None
    currency: str | None
    day: str
    field: str
    old: str | None
    new: str | None
    note: str | None


class Closed(FrozenRow):
    """A deal that was won or lost; `note` is what was said when it closed."""

    id: str
    account_id: str
    account: str
    title: str
    amount: int | None
    currency: str | None
    won: bool
    opened_on: str | None
    closed_on: str
    lost_reason: str | None
    competitor: str | None
    note: str | None


class DuePromise(FrozenRow):
    """A task with a due day; `done_on` is the day on which it was done, if it was."""

    id: str
    account_id: str | None
    account: str | None
    text: str
    owed_by: str
    due: str
    at: str | None
    done_on: str | None
    person: str | None


# Judged


class Talked(Frozen):
    """The interactions with one account: how often, of which kinds, with whom, and the last one."""

    account_id: str
    account: str
    interactions: int
    two_way: int
    kinds: Sequence[tuple[str, int]]
    people: Sequence[str]
    last: Talk


class Spoken(Frozen):
    """All talks of a period in figures; `attempts` reached nobody and are among no others."""

    interactions: int
    two_way: int
    accounts: int
    attempts: int
    minutes: int


class MovedDeal(Frozen):
    """The changes of one open deal: each field, from what to what."""

    deal: Change
    fields: Mapping[str, tuple[str | None, str | None]]
    notes: Sequence[str]


class Promises(Frozen):
    """The outcomes of due promises: done in time, done late, or still open."""

    kept: Sequence[DuePromise]
    late: Sequence[DuePromise]
    missed: Sequence[DuePromise]
    few: int = figures.FEW

    @property
    def due(self) -> int:
        """How many were due."""
        return len(self.kept) + len(self.late) + len(self.missed)

    @property
    def on_time(self) -> float | None:
        """Kept in time, in percent of all that were due; None for a few."""
        return figures.rate(len(self.kept), self.due, self.few)


def before(period: Period, until: date) -> tuple[date, date]:
    """The days that a period is compared with: as many before it, as far as it has come itself.

    A Wednesday is compared with the Monday to Wednesday of the week before.
    """
    length = period.end - period.start + timedelta(days=1)
    return period.start - length, until - length


def ahead(period: Period, today: date) -> tuple[date, date]:
    """The days to look ahead to.

    The seven days after a period that is over; otherwise what is left of this week, and the
    next one.
    """
    if period.end < today:
        return period.end + timedelta(days=1), period.end + timedelta(days=7)
    sunday = today + timedelta(days=6 - today.weekday())
    return today, sunday + timedelta(days=7)


def spoken(talks: Iterable[Talk]) -> Spoken:
    """The talks in figures."""
    tried = list(talks)
    reached = [talk for talk in tried if not talk.attempt]
    return Spoken(
        interactions=len(reached),
        two_way=sum(talk.two_way for talk in reached),
        accounts=len({talk.account_id for talk in reached}),
        attempts=len(tried) - len(reached),
        minutes=sum(talk.duration or 0 for talk in reached),
    )


def talked(talks: Iterable[Talk]) -> list[Talked]:
    """The talks by account: the most two-way first, then the most of any kind, then by name."""
    groups: dict[str, list[Talk]] = {}
    for talk in talks:
        if not talk.attempt:
            groups.setdefault(talk.account_id, []).append(talk)
    found = [_talked(group) for group in groups.values()]
    return sorted(found, key=lambda one: (-one.two_way, -one.interactions, key(one.account)))


def _talked(group: Sequence[Talk]) -> Talked:
    ordered = sorted(group, key=lambda talk: (talk.at, talk.id))
    names = [name for talk in ordered for name in (talk.people or "").split("\n") if name]
    return Talked(
        account_id=ordered[0].account_id,
        account=ordered[0].account,
        interactions=len(ordered),
        two_way=sum(talk.two_way for talk in ordered),
        kinds=Counter(talk.kind for talk in ordered).most_common(),
        people=list(dict.fromkeys(names)),
        last=ordered[-1],
    )


def moved(changes: Iterable[Change]) -> list[MovedDeal]:
    """The changes by deal, each field once: from its first old value to its last new one.

    A field that came back to where it was has not moved. The deals are in the order of their last
    change, the latest first.
    """
    groups: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda one: one.day):
        groups.setdefault(change.deal_id, []).append(change)
    found = []
    for group in groups.values():
        fields: dict[str, tuple[str | None, str | None]] = {}
        for change in group:
            old, _ = fields.get(change.field, (change.old, None))
            fields[change.field] = old, change.new
        really = {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
        if really:
            notes = dict.fromkeys(change.note for change in group if change.note)
            found.append(MovedDeal(group[-1], really, list(notes)))
    return sorted(found, key=lambda one: one.deal.day, reverse=True)


def promises(
    due: Iterable[DuePromise], period: Period, today: date, few: int = figures.FEW
) -> Promises:
    """Return the outcomes of the promises that were due in a period, as far as it is over.

    One that is due today can still be kept: it counts once it is done.
    """
    first, last, now = iso(period.start), iso(period.end), iso(today)
    kept: list[DuePromise] = []
    late: list[DuePromise] = []
    missed: list[DuePromise] = []
    for one in due:
        if not first <= one.due <= last:
            continue
        if one.done_on is not None:
            (kept if one.done_on <= one.due else late).append(one)
        elif one.due < now:
            missed.append(one)
    return Promises(kept, late, missed, few)


def totals(amounts: Iterable[tuple[int | None, str | None]]) -> dict[str, int]:
    """The sum by currency, in minor units, the largest number of deals first."""
    found: dict[str, int] = {}
    times: Counter[str] = Counter()
    for amount, currency in amounts:
        if amount is not None and currency is not None:
            found[currency] = found.get(currency, 0) + amount
            times[currency] += 1
    return {currency: found[currency] for currency, _ in times.most_common()}
