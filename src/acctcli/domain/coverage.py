"""Who is still missing at an account: the roles that a sale needs and nobody fills.

Pure: roles and stances in, gaps out, the most important first.
"""

from __future__ import annotations

from collections.abc import Iterable

from acctcli.frozen import Frozen

SIGNING = ("economic-buyer", "decision-maker")


class Part(Frozen):
    """The part somebody plays, as far as it is known."""

    role: str | None
    stance: str | None


def gaps(people: Iterable[Part]) -> list[str]:
    """The roles that nobody is known to fill: who can sign, who speaks for us."""
    parts = list(people)
    found = []
    if not any(part.role in SIGNING for part in parts):
        found.append("economic-buyer")
    if not any("champion" in (part.role, part.stance) for part in parts):
        found.append("champion")
    return found
