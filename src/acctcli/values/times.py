"""Times of day as people type them, alone or after a day: `14:30`, `fri 9am`, `…T14:30Z`."""

from __future__ import annotations

import re
from datetime import UTC, time, timedelta, timezone

from acctcli.errors import UsageError

NOON = time(12)

_TIMED = (
    r"(?:(?P<day>.+?)(?:,? at |,? |(?<=[0-9])t))?"
    r"(?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?P<half>[ap]m))?|(?P<full_hour>[0-9]{1,2}) ?(?P<full_half>[ap]m))"
    r"(?: ?(?P<open>\()?(?P<zone>z|(?:utc|gmt)(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
    r"|[+-][0-9]{2}(?::?[0-9]{2})?)(?(open)\)))?"
)


def split_time(tidy: str, subject: str) -> tuple[str, time | None]:
    """Return the text of the day ("" without one), and the time of day after it.

    Raises `UsageError` for an invalid time, and for a zone without a full date.
    """
    match = re.fullmatch(_TIMED, tidy)
    if match is None:
        return tidy, None
    hour = int(match["hour"] or match["full_hour"])
    half = match["half"] or match["full_half"]
    if half:
        if not 1 <= hour <= 12:
            raise UsageError(f"{subject} has no such time of day. Write 14:30 or 2:30pm.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        at = time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise UsageError(f"{subject} has no such time of day. Write 14:30 or 2:30pm.") from None
    day_text = match["day"] or ""
    if match["zone"]:
        # `fri 08:00-09:00` is a span of time, not a time west of Greenwich.
        if not re.search("[0-9]{4}", day_text):
            raise UsageError(f"{subject} has a zone but no full date. Write 2026-12-15T14:30Z.")
        at = at.replace(tzinfo=_zone(match["zone"], subject))
    return day_text, at


def has_time(text: str) -> bool:
    """Whether a text ends in a time of day, such as `tomorrow 9am`."""
    return re.fullmatch(_TIMED, " ".join(text.split()).lower()) is not None


def is_time_alone(text: str) -> bool:
    """Whether a text is a time of day without a day, such as `14:30` and `9am`."""
    match = re.fullmatch(_TIMED, " ".join(text.split()).lower())
    return match is not None and not match["day"]


def _zone(zone: str, subject: str) -> timezone:
    found = re.search(r"([+-])([0-9]{1,2}):?([0-9]{2})?$", zone)
    if found is None:
        return UTC
    sign, hours, minutes = found[1], int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        raise UsageError(f"{subject} is in no zone on Earth. Write Z or +08:00.")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if sign == "-" else ahead)
