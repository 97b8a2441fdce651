"""How strong the relationship with a person is: how you talked, and how long ago.

Each two-way touch counts by its kind, and half as much for every 30 days that passed since.
docs/how-scores-work.md explains the same to users.

Pure: touches, weights and a day in, a figure out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from acctcli.frozen import Frozen, FrozenRow

LEAST = 1.0
"""Below it, there is hardly a relationship; a call two weeks ago is above it."""


class StrengthRules(Frozen):
    """What a meeting or demo, a call and a message count, and in how many days that halves.

    A relationship is cooling if it lost `cooling` percent in `cooling_days`.
    """

    meeting: int = 3
    call: int = 2
    message: int = 1
    half_life: int = 30
    cooling: int = 50
    cooling_days: int = 30


class Touch(FrozenRow):
    """A two-way touch with a person: the kind of interaction, and its day."""

    contact_id: str
    kind: str
    day: date


class Strength(Frozen):
    """The strength today and `cooling_days` ago, to one decimal, and whether it is cooling."""

    now: float = 0.0
    before: float = 0.0
    cooling: bool = False

    @property
    def alive(self) -> bool:
        """Whether there is a relationship to speak of."""
        return self.now >= LEAST


NONE = Strength()
"""Nobody ever spoke with that person."""


def strength(touches: Iterable[Touch], rules: StrengthRules, today: date) -> Strength:
    """Return how strong the relationship is on a day; what came later does not count."""
    known = list(touches)
    then = today - timedelta(days=rules.cooling_days)
    now, before = _sum(known, rules, today), _sum(known, rules, then)
    # Half a point of rounding must not hide that it halved.
    fell = before >= LEAST and now <= before * (100 - rules.cooling) / 100 + 1e-9
    return Strength(round(now, 1), round(before, 1), fell)


def _sum(touches: Iterable[Touch], rules: StrengthRules, day: date) -> float:
    weights = {"meeting": rules.meeting, "demo": rules.meeting, "call": rules.call}
    halves = 1 / rules.half_life
    total: float = sum(
        weights.get(touch.kind, rules.message) * 0.5 ** ((day - touch.day).days * halves)
        for touch in touches
        if touch.day <= day
    )
    return total


def by_person(touches: Iterable[Touch], rules: StrengthRules, today: date) -> dict[str, Strength]:
    """Return the strength of each person with touches, by id."""
    found: dict[str, list[Touch]] = {}
    for touch in touches:
        found.setdefault(touch.contact_id, []).append(touch)
    return {id: strength(own, rules, today) for id, own in found.items()}
