"""What open deals may bring: the distribution of their sum, each won with its probability.

Each deal is drawn by itself, 10,000 times over, with a seed, so that the same book gives the
same figures. Of the draws a deal is won in just the share that its chance says, at
random places (stratified sampling): the mean of the sums is then the weighted sum, but
for rounding, and only the spread is left to luck. That deals are independent of each other is
an assumption: where one customer or one budget decides several, the true range is wider.

The draws of a deal are one big integer with a field of some bytes a draw: adding a deal
to all sums is one multiplication and one addition, which has 2,000 deals drawn in
half a second without a numeric library.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from random import Random

from acctcli.domain import figures
from acctcli.frozen import Frozen

DRAWS = 10_000
SEED = 20_261_122
"""Any number does; it must stay, or the same book gives other figures tomorrow."""


class Range(Frozen):
    """Minor units that the sum passes with a chance of 90, 50 and 10 %, and its mean.

    `reached` is the share of draws that reach a target; None without one.
    """

    p10: int
    p50: int
    p90: int
    mean: int
    reached: float | None


def simulate(
    certain: int,
    chances: Iterable[tuple[int, float]],
    target: int | None = None,
    draws: int = DRAWS,
) -> Range:
    """The spread of `certain` plus the deals of (amount, chance from 0 to 1) that are won.

    P10 is the sum that one draw in ten stays at or below, and so on. With no amount
    below zero, `certain` ≤ P10 ≤ P50 ≤ P90.
    """
    random = Random(SEED)
    base, parts = certain, []
    for amount, chance in chances:
        if amount < 0:
            # What is won below zero is lost above it: the fields know no sign.
            base, amount, chance = base + amount, -amount, 1 - chance
        if amount:
            parts.append((amount, chance))
    width = sum(amount for amount, _ in parts).bit_length() // 8 + 1
    total = 0
    for amount, chance in parts:
        field = bytearray(draws * width)
        field[::width] = _won(chance, draws, random)
        total += int.from_bytes(field, "little") * amount
    packed = total.to_bytes(draws * width, "little")
    sums = sorted(
        int.from_bytes(packed[at : at + width], "little") for at in range(0, len(packed), width)
    )
    p10, p50, p90 = (base + sums[draws * share // 100 - 1] for share in (10, 50, 90))
    reached = None
    if target is not None:
        reached = (draws - bisect_left(sums, target - base)) / draws
    return Range(p10, p50, p90, base + figures.nearest(sum(sums) / draws), reached)


class PossibleSum(Frozen):
    """A possible sum of the deals, and the chance (0 to 1) of exactly this one."""

    chance: float
    amount: int


def outcomes(certain: int, chances: Iterable[tuple[int, float]]) -> list[PossibleSum]:
    """Return every possible sum of a few deals, the largest first.

    There are at most 2 to the power of the number of deals; the chances add up to 1.
    """
    sums = {certain: 1.0}
    for amount, chance in chances:
        next_sums: dict[int, float] = {}
        for total, share in sums.items():
            for won, part in ((amount, chance), (0, 1 - chance)):
                if part > 0:
                    next_sums[total + won] = next_sums.get(total + won, 0.0) + share * part
        sums = next_sums
    return [PossibleSum(share, total) for total, share in sorted(sums.items(), reverse=True)]


def _won(chance: float, draws: int, random: Random) -> bytearray:
    """A 1 for each draw in which a deal is won: in `chance` of the draws, at random places."""
    if chance > 0.5:
        return _won(1 - chance, draws, random).translate(_FLIPPED)
    # A byte is below b in b of 256 cases: about as many as wanted. The rest one by one.
    below = int(chance * 256)
    found = bytearray(random.randbytes(draws).translate(_ONES[:below].ljust(256, b"\0")))
    missing = round(chance * draws) - found.count(1)
    wrong = 0 if missing > 0 else 1
    chosen = random.random
    for _ in range(abs(missing)):
        at = int(chosen() * draws)
        while found[at] != wrong:
            at = int(chosen() * draws)
        found[at] = 1 - wrong
    return found


_ONES = b"\1" * 256
_FLIPPED = bytes((1, 0)).ljust(256, b"\0")
