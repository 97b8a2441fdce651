"""Why deals are won and lost: the win rate of each group of closed deals, with its interval.

A group is what deals have in common: their source, competitor, type, size, or how many people
took part. Its rate is won ÷ closed, with Wilson's 95 % interval. Reasons are of lost deals only:
their share is lost for that reason ÷ lost.

A group is pointed out only if its interval and that of all other deals do not overlap; a reason, if
the interval of the first does not overlap that of the second. With fewer than `FEW` deals there is
no percentage.

- Size: thirds of the closed deals by amount. Where fewer than half of the lost deals have an
  amount, size is left out: an amount that only winning brought would explain everything.
- People: those linked to the deal or in an interaction about it. A deal with nobody recorded
  is left out.

Pure: facts in, lines out. Amounts are minor units of one currency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from acctcli import text
from acctcli.domain import figures
from acctcli.frozen import Frozen, FrozenRow

DIMENSIONS = ("source", "competitor", "type", "size", "people", "reason")
"""What deals are compared by."""

FEW = 5
"""Below this many deals a group has no percentage."""

ABOVE, BELOW = "above", "below"

MOST_PEOPLE = 3
"""From this many people on, deals are one group."""


class DecidedFacts(FrozenRow):
    """A closed deal; `source` may be its account's, `people` is None if nobody is recorded."""

    won: bool
    source: str | None
    competitor: str | None
    type: str | None
    reason: str | None
    amount: int | None
    people: int | None


class Limits(Frozen):
    """Fewer deals than `few` have no percentage; an interval is certain to so much percent."""

    few: int = FEW
    certainty: int = 95


USUAL = Limits()
"""The rules of a book without settings of its own."""


class Share(Frozen):
    """`count` of `of` deals, in percent with the bounds of its interval."""

    count: int
    of: int
    limits: Limits = USUAL

    @property
    def percent(self) -> float | None:
        """The share in percent; None for too few deals."""
        return figures.rate(self.count, self.of, self.limits.few)

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The interval in percent; None for too few deals."""
        z = figures.DEVIATIONS[self.limits.certainty]
        found = None if self.percent is None else figures.wilson(self.count, self.of, z)
        return None if found is None else (round(100 * found[0], 2), round(100 * found[1], 2))


class ComparedGroup(Frozen):
    """The deals of one group beside all others; `parts` says how their intervals differ.

    `name` is None for deals without one. For a size it is the number of its third, and `bounds` are
    the smallest and the largest amount in it.
    """

    by: str
    name: str | None
    share: Share
    rest: Share
    parts: str | None
    bounds: tuple[int, int] | None = None


class WinLoss(Frozen):
    """All closed deals, and their groups by dimension; `left_out` are dimensions without groups."""

    total: Share
    groups: Sequence[ComparedGroup]
    left_out: Sequence[str]


def compare(deals: Sequence[DecidedFacts], limits: Limits = USUAL) -> WinLoss:
    """Return every group of the closed deals, by dimension, the largest first."""
    groups: list[ComparedGroup] = []
    for by, name_of in _NAMES.items():
        groups += _by_name(by, deals, name_of, limits)
    sizes = _by_size(deals, limits)
    groups += sizes
    people = [deal for deal in deals if deal.people]
    groups += _by_name("people", people, lambda deal: _people(deal.people or 0), limits)
    groups += _reasons([deal for deal in deals if not deal.won], limits)
    order = {name: at for at, name in enumerate(DIMENSIONS)}
    groups.sort(key=lambda group: order[group.by])
    named = {group.by for group in groups if group.name is not None}
    # Deals without a name are a group only beside deals with one.
    kept = [group for group in groups if group.by in named]
    return WinLoss(_won(deals, limits), kept, [by for by in DIMENSIONS if by not in named])


_NAMES: dict[str, Callable[[DecidedFacts], str | None]] = {
    "source": lambda deal: deal.source,
    "competitor": lambda deal: deal.competitor,
    "type": lambda deal: deal.type,
}


def _people(count: int) -> str:
    return f"{count}" if count < MOST_PEOPLE else f"{MOST_PEOPLE} or more"


def _won(deals: Iterable[DecidedFacts], limits: Limits) -> Share:
    known = list(deals)
    return Share(sum(deal.won for deal in known), len(known), limits)


def _by_name(
    by: str,
    deals: Sequence[DecidedFacts],
    name_of: Callable[[DecidedFacts], str | None],
    limits: Limits,
) -> list[ComparedGroup]:
    """Return a group for each name in any spelling; the largest first, deals without one last."""
    spelled: dict[str | None, str | None] = {}
    members: dict[str | None, list[DecidedFacts]] = {}
    for deal in deals:
        name = name_of(deal)
        key = None if name is None else text.key(name)  # Expo and expo are the same
        spelled.setdefault(key, name)
        members.setdefault(key, []).append(deal)
    total = _won(deals, limits)
    found = []
    for key, own in members.items():
        share = _won(own, limits)
        rest = Share(total.count - share.count, total.of - share.of, limits)
        found.append(ComparedGroup(by, spelled[key], share, rest, _parting(share, rest)))
    found.sort(key=lambda group: (group.name is None, -group.share.of, group.name or ""))
    return found


def _by_size(deals: Sequence[DecidedFacts], limits: Limits) -> list[ComparedGroup]:
    """Return thirds of the deals by amount; none if mostly won deals have amounts."""
    lost = [deal for deal in deals if not deal.won]
    priced = sorted((deal for deal in deals if deal.amount), key=lambda deal: deal.amount or 0)
    if 2 * sum(bool(deal.amount) for deal in lost) < len(lost) or len(priced) < 3:
        return []
    ends = [(priced[len(priced) * third // 3 - 1].amount or 0) for third in (1, 2, 3)]
    total, found, after = _won(priced, limits), [], 0
    for number, end in enumerate(ends, 1):
        own = [deal for deal in priced if after < (deal.amount or 0) <= end]
        if own:
            share = _won(own, limits)
            rest = Share(total.count - share.count, total.of - share.of, limits)
            span = (own[0].amount or 0, own[-1].amount or 0)
            found.append(
                ComparedGroup("size", str(number), share, rest, _parting(share, rest), span)
            )
        after = end
    return found


def _reasons(lost: Sequence[DecidedFacts], limits: Limits) -> list[ComparedGroup]:
    """Return the share of each reason among the lost deals, the most frequent first."""
    counts = Counter(deal.reason and text.key(deal.reason) for deal in lost)
    spelled = {text.key(deal.reason): deal.reason for deal in reversed(lost) if deal.reason}
    ranked = sorted(
        counts.items(), key=lambda item: (item[0] is None, -item[1], spelled.get(item[0] or "", ""))
    )
    found = []
    for place, (key, count) in enumerate(ranked):
        share = Share(count, len(lost), limits)
        following = ranked[1][1] if place == 0 and len(ranked) > 1 and ranked[1][0] else 0
        rest = Share(following, len(lost), limits)
        parts = _parting(share, rest) if place == 0 and following else None
        found.append(ComparedGroup("reason", spelled.get(key or ""), share, rest, parts))
    return found


def _parting(share: Share, rest: Share) -> str | None:
    """Return whether the interval of a group is above or below that of the others, or None."""
    own, others = share.bounds, rest.bounds
    if own is None or others is None:
        return None
    return ABOVE if own[0] > others[1] else BELOW if own[1] < others[0] else None
