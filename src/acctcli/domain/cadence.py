"""The cadence of an account: how often it should hear from its seller, and how late that is.

A cadence is counted from the last real two-way touch: a call, a meeting, a demo,
or a message that came in. What was only sent does not count, and neither does a
note. Who is silenced (a dated next step, a snooze) is decided in `agenda`:
here it is only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from acctcli.frozen import FrozenRow


class AccountFacts(FrozenRow):
    """An account as far as its cadence and its place on a list need it; days in ISO form.

    `since` is the day it came into the book, if that can be read, None also where neither a tier
    nor an own cadence asks for it; `last_touch` is that of the last real two-way touch, None also
    where no open deal asks for it either.
    """

    id: str
    name: str
    number: str
    tier: str | None
    status: str
    cadence_days: int | None
    since: str | None
    last_touch: str | None


def cadence_of(tier: str | None, override: int | None, cadence: Mapping[str, int]) -> int | None:
    """Days between two touches: the account's own number, else its tier's.

    None without either, and for a number of 0, which means that this account has no cadence.
    """
    if override is not None:
        return override or None
    return cadence.get(tier) if tier is not None else None


def overdue_days(
    last_touch: date | None, since: date | None, cadence: int | None, today: date
) -> int | None:
    """Return the days past cadence: 0 while the account is on it, None if it has none.

    An account that was never touched counts from `since`, the day it was entered; where that
    is not known either, None.
    """
    start = last_touch or since
    if cadence is None or start is None:
        return None
    return max((today - start).days - cadence, 0)
