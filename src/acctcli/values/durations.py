"""Durations: how people type them, and how they are printed.

A duration is stored in whole minutes. Decimals (`1.5h`) are refused because they round, and so is a
colon (`1:30`), which may mean minutes and seconds.
"""

from __future__ import annotations

import re

from acctcli.errors import Invalid, UsageError
from acctcli.values.typed_dates import typed

_DURATION = r"(?:([0-9]{1,5}) ?h(?:ours?)?)? ?(?:([0-9]{1,5}) ?(?:m|min(?:utes?)?)?)?"
_LONGEST = 7 * 24 * 60


def read_duration(text: str, what: str = "--duration") -> int:
    """Read a duration in minutes: `45m`, `1h`, `1h30m`, `90`.

    Raises `UsageError` for other text and `Invalid` for more than a week.
    """
    tidy, subject = typed(text, what)
    match = re.fullmatch(_DURATION, tidy)
    if match is None:
        raise UsageError(f"{subject} is not a duration. Write 45m, 1h or 1h30m.")
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0)
    if minutes > _LONGEST:
        raise Invalid(f"{subject} is longer than a week. Write 45m, 1h or 1h30m.")
    return minutes


def say_duration(minutes: int) -> str:
    """Return `45m`, `1h`, `1h30m`: text that `read_duration` reads."""
    hours, rest = divmod(minutes, 60)
    if minutes < 60:
        return f"{minutes}m"
    return f"{hours}h{rest}m" if rest else f"{hours}h"
