"""What the people at an account mean for selling: the gaps, and the support for each deal.

Pure: people, and who left, in; findings with their words out. The tree of who
reports to whom is made here too, since it decides who stands above whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from acctcli.domain.coverage import (
    AGAINST_US,
    SIGNING,
    RolePlayed,
    against_us,
    counts,
    for_us,
    is_champion,
    supports,
)
from acctcli.domain.coverage import gaps as missing_roles
from acctcli.domain.strength import NONE, Strength
from acctcli.frozen import Frozen
from acctcli.text import plural
from acctcli.values.dates import say_day

SILENT_DAYS = 30
"""Days of silence after which a champion may not be one any more."""

MET_DAYS = 90
"""A decision maker supports a deal only if they were spoken with within this many days."""


class Player(Frozen):
    """Somebody at the account; `spoke` is the day of the last two-way touch with them there."""

    id: str
    name: str
    role: str | None = None
    influence: str | None = None
    stance: str | None = None
    spoke: date | None = None
    strength: Strength = NONE

    @property
    def champion(self) -> bool:
        """Whether they sell for us when we are not there."""
        return is_champion(self.role, self.stance)

    @property
    def decides(self) -> bool:
        """Whether their word is the last one."""
        return self.role in SIGNING

    @property
    def key(self) -> bool:
        """Whether their word counts."""
        return counts(self.role, self.influence)

    @property
    def for_us(self) -> bool:
        """Whether they want us to win."""
        return for_us(self.role, self.stance)

    @property
    def supports(self) -> bool:
        """Whether they want us to win, and their word counts."""
        return supports(self.role, self.influence, self.stance)

    def met(self, today: date, days: int) -> bool:
        """Whether they were spoken with within this many days."""
        return self.spoke is not None and (today - self.spoke).days <= days


class Gone(Frozen):
    """Somebody who was at the account until that day."""

    id: str
    name: str
    role: str | None
    stance: str | None
    on: date


class Gap(Frozen):
    """A gap, as a code and in words, and the person it is about, if any."""

    code: str
    text: str
    contact_id: str | None = None


class Carried(Frozen):
    """The support for a deal: red, amber or green, why, and who supports us there."""

    rating: str
    reason: str
    supporters: tuple[str, ...]


def gaps(
    people: Sequence[Player], gone: Sequence[Gone], today: date, silent_days: int = SILENT_DAYS
) -> list[Gap]:
    """Return what is missing among the people of an account, the most important first."""
    if not people:
        return [Gap("nobody", "no contacts"), *_left(gone, today)]
    roles = missing_roles(RolePlayed(person.role, person.stance) for person in people)
    found = []
    if "economic-buyer" in roles:
        found.append(Gap("economic-buyer", "no economic buyer"))
    if "champion" in roles:
        found += _left(gone, today) or [Gap("champion", "no champion")]
    friends = [person for person in people if person.supports]
    if not friends:
        found.append(Gap("no-supporter", "no supporter with influence"))
    elif (only := single_thread(people)) is not None:
        cooling = ", cooling" if only.strength.cooling else ""
        text = f"one supporter with influence, {only.name}{cooling} (single-threaded)"
        if len(friends) > 1:
            text = f"contact with only one of {len(friends)} supporters, {only.name}{cooling}"
            text += " (single-threaded)"
        found.append(Gap("single-threaded", text, only.id))
    found += _silent(people, today, silent_days)
    found += [
        Gap("blocker-not-met", f"{_called(person)} {person.name} not met", person.id)
        for person in people
        if person.spoke is None and _blocks(person)
    ]
    return found


def _left(gone: Iterable[Gone], today: date) -> list[Gap]:
    """The champion who was the last to leave."""
    for person in gone:
        if is_champion(person.role, person.stance):
            when = say_day(person.on, today)
            return [Gap("champion-left", f"champion {person.name} left ({when})", person.id)]
    return []


def single_thread(people: Iterable[Player]) -> Player | None:
    """Return the only supporter, on whom everything depends; None without any, or with several.

    The only key player who is for us, or the only one of several with a living relationship.
    """
    friends = [person for person in people if person.supports]
    alive = [person for person in friends if person.strength.alive]
    if len(friends) == 1:
        return friends[0]
    return alive[0] if len(alive) == 1 else None


def _silent(people: Iterable[Player], today: date, silent_days: int) -> Iterator[Gap]:
    for person in people:
        if not person.champion:
            continue
        if person.spoke is None:
            yield Gap("champion-silent", f"no contact with champion {person.name} yet", person.id)
        elif (days := (today - person.spoke).days) >= silent_days:
            text = f"no contact with champion {person.name} for {plural(days, 'day')}"
            yield Gap("champion-silent", text, person.id)


def _blocks(person: Player) -> bool:
    if person.role == "blocker":
        return against_us(person.role, person.stance)
    return person.key and person.stance in AGAINST_US


def _called(person: Player) -> str:
    """Return what to call somebody who blocks: by their stance, else their role."""
    return person.stance if person.stance in AGAINST_US else "blocker"


def carried(people: Sequence[Player], today: date, met_days: int = MET_DAYS) -> Carried:
    """Return the support for a deal from the people who have a part in it.

    Red without a key player for us, amber with one, green with one who decides and was
    spoken with in the last `met_days`.
    """
    friends = [person for person in people if person.supports]
    names = tuple(person.name for person in friends)
    deciding = [person for person in friends if person.decides]
    met = [person.name for person in deciding if person.met(today, met_days)]
    if met:
        return Carried("green", f"{met[0]} decides and is for us", names)
    if deciding:
        last = max((person.spoke for person in deciding if person.spoke), default=None)
        silent = f"in {plural((today - last).days, 'day')}" if last else "yet"
        return Carried("amber", f"{deciding[0].name} decides, but no contact {silent}", names)
    if friends:
        whose = names[0] if len(names) == 1 else plural(len(names), "supporter")
        return Carried("amber", f"{whose} with influence, none who decides", names)
    return Carried("red", "no supporting key player", ())


def in_deal(
    people: Sequence[Player], parts: Sequence[tuple[str, str | None]] | None
) -> list[Player]:
    """The people of a deal by (id, role in it); everybody if nobody was given a part.

    A role in the deal takes precedence over the one at the account.
    """
    if not parts:
        return list(people)
    known = {person.id: person for person in people}
    return [known[id].replace(role=role or known[id].role) for id, role in parts if id in known]
