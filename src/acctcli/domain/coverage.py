"""Who counts at an account, on whose side they are, and which roles are not filled.

These few functions decide it for the map, the health, the list of today and the colour of
a deal alike. Pure: roles, influence and stances in, answers out.
"""

from __future__ import annotations

from collections.abc import Iterable

from acctcli.frozen import Frozen

SIGNING = ("economic-buyer", "decision-maker")

KEY_ROLES = (*SIGNING, "executive-sponsor")
"""Roles that always count, whatever the influence of the person."""

TAKING_SIDES = ("champion", "blocker")
"""Roles that count unless the influence is entered as low."""

WITH_WEIGHT = ("high", "medium")
FOR_US = ("champion", "supporter")
AGAINST_US = ("opponent", "skeptic")


class RolePlayed(Frozen):
    """The part somebody plays, as far as it is known."""

    role: str | None
    stance: str | None


def counts(role: str | None, influence: str | None) -> bool:
    """Whether the word of somebody with that role and influence has weight."""
    if influence in WITH_WEIGHT or role in KEY_ROLES:
        return True
    return role in TAKING_SIDES and influence is None


def for_us(role: str | None, stance: str | None) -> bool:
    """Whether they want us to win: by their stance, or as champion who did not turn against us."""
    return stance in FOR_US or (role == "champion" and stance not in AGAINST_US)


def against_us(role: str | None, stance: str | None) -> bool:
    """Whether they want us to lose: an opponent, or a blocker who was not won over."""
    return stance == "opponent" or (role == "blocker" and stance not in FOR_US)


def supports(role: str | None, influence: str | None, stance: str | None) -> bool:
    """Whether somebody with weight is for us."""
    return counts(role, influence) and for_us(role, stance)


def opposes(role: str | None, influence: str | None, stance: str | None) -> bool:
    """Whether somebody with weight is against us."""
    return counts(role, influence) and against_us(role, stance)


def is_champion(role: str | None, stance: str | None) -> bool:
    """Whether they sell for us when we are not there."""
    return stance == "champion" or (role == "champion" and for_us(role, stance))


def gaps(people: Iterable[RolePlayed]) -> list[str]:
    """The roles without a known person: who can sign, who speaks for us."""
    parts = list(people)
    found = []
    if not any(part.role in SIGNING for part in parts):
        found.append("economic-buyer")
    if not any(is_champion(part.role, part.stance) for part in parts):
        found.append("champion")
    return found
