"""Who is still missing at an account: the roles that a sale needs and nobody fills.

Pure: roles and stances in, gaps out, the most important first.
"""

from __future__ import annotations

from collections.abc import Iterable

from acctcli.frozen import Frozen

SIGNING = ("economic-buyer", "decision-maker")

KEY_ROLES = (*SIGNING, "executive-sponsor")
"""Whoever has one of these counts, whatever is known of their influence."""

WITH_WEIGHT = ("high", "medium")
FOR_US = ("champion", "supporter")


class RolePlayed(Frozen):
    """The part somebody plays, as far as it is known."""

    role: str | None
    stance: str | None


def counts(role: str | None, influence: str | None) -> bool:
    """Whether the word of somebody with that role and influence has weight."""
    return influence in WITH_WEIGHT or role in KEY_ROLES


def gaps(people: Iterable[RolePlayed]) -> list[str]:
    """The roles that nobody is known to fill: who can sign, who speaks for us."""
    parts = list(people)
    found = []
    if not any(part.role in SIGNING for part in parts):
        found.append("economic-buyer")
    if not any("champion" in (part.role, part.stance) for part in parts):
        found.append("champion")
    return found
