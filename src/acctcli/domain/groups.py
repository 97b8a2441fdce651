"""What a group of accounts comes to: the figures of each account, added up over those below it.

The figures of an account alone and those of its group are two things, and both are kept. What is
archived, or a former customer, stays part of its group: its amounts and its last contact count. Its
health and its renewals do not, because nobody is to look after them; the caller leaves them out.

Amounts are integer minor units, and never cross a currency. Where the user has set rates, each
account is put into the base currency by itself, and the group is the sum of those: so the lines of
a tree add up to the minor unit.

Pure: figures of accounts in, figures of groups out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acctcli.domain import figures, trees
from acctcli.frozen import Frozen, FrozenRow


class GroupAmounts(FrozenRow):
    """Minor units of one currency.

    `arr` is the ARR of today, `bought` what was bought in twelve months, `open` what all open deals
    are worth, and `weighted` the same by their chances.
    """

    arr: int = 0
    bought: int = 0
    open: int = 0
    weighted: int = 0


def added(amounts: Iterable[GroupAmounts]) -> GroupAmounts:
    """Return the sum of amounts in one currency."""
    return GroupAmounts(*map(sum, zip(*amounts, strict=True)))


class Lowest(FrozenRow):
    """The lowest health, and the account that has it, by id."""

    health: int
    band: str
    account_id: str


class NextRenewal(FrozenRow):
    """The contract with the nearest deadline; days are in ISO form.

    `deadline` is the last day for notice while it is to come, else the end.
    """

    deadline: str
    id: str
    account_id: str
    product: str | None
    ends_on: str
    standing: str


class GroupFigures(Frozen):
    """What an account, or a group of `accounts`, comes to.

    `amounts` are by currency; `in_base` is their sum in the base currency, None without rates or
    while one is missing. `last_touch` is the moment of the last two-way touch.
    """

    accounts: int = 1
    deals: int = 0
    amounts: Mapping[str, GroupAmounts] = {}
    in_base: GroupAmounts | None = None
    last_touch: str | None = None
    lowest: Lowest | None = None
    renewal: NextRenewal | None = None


def in_base(
    amounts: Mapping[str, GroupAmounts], base: str, rates: Mapping[str, str]
) -> GroupAmounts | None:
    """Return the sum of amounts in the base currency; None without one, or without a rate."""
    if not base:
        return None
    converted = []
    for currency, by_currency in amounts.items():
        parts = [figures.convert(minor, currency, base, rates) for minor in by_currency]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        converted.append(GroupAmounts(*known))
    return added(converted)


def together(parts: Sequence[GroupFigures]) -> GroupFigures:
    """Return what several accounts, or groups without an account in common, come to."""
    amounts: dict[str, list[GroupAmounts]] = {}
    for part in parts:
        for currency, one in part.amounts.items():
            amounts.setdefault(currency, []).append(one)
    based = [part.in_base for part in parts]
    known = [part for part in based if part is not None]
    return GroupFigures(
        accounts=sum(part.accounts for part in parts),
        deals=sum(part.deals for part in parts),
        amounts={currency: added(several) for currency, several in amounts.items()},
        in_base=added(known) if len(known) == len(based) else None,
        last_touch=max((part.last_touch for part in parts if part.last_touch), default=None),
        lowest=min((part.lowest for part in parts if part.lowest), default=None, key=_lowest),
        renewal=min((part.renewal for part in parts if part.renewal), default=None),
    )


def _lowest(one: Lowest) -> tuple[int, str]:
    return one.health, one.account_id


def rolled_up(
    own: Mapping[str, GroupFigures], tree: Sequence[tuple[str, int]]
) -> dict[str, GroupFigures]:
    """Return the figures of each account with everything below it.

    `tree` has the ids with their depth, from the top down: below an account comes all its group.
    """
    found: dict[str, GroupFigures] = {}
    waiting: dict[int, list[GroupFigures]] = {}
    for id, depth in reversed(tree):  # so everything below an account comes before it
        found[id] = together([own[id], *waiting.pop(depth + 1, ())])
        waiting.setdefault(depth, []).append(found[id])
    return found


def families(parents: Mapping[str, str | None]) -> dict[str, str]:
    """Return the topmost account of each account's group, by id; `parents` has all of them."""
    found: dict[str, str] = {}
    top = ""
    for id, depth in trees.from_the_top(parents):
        top = id if depth == 0 else top
        found[id] = top
    return found
