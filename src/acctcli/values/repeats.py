"""How often a task repeats: what people type, what is stored, and when it is due again.

A number and a letter (`2w`, `1m`) is stored, or a rule of RFC 5545 with its parts in a fixed order.
A rule may come from somebody else's file: only known parts are read, and the search for its next
day is bounded.

Only rules need `dateutil`, which is imported when one is read.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from acctcli.errors import Invalid, UsageError
from acctcli.values.dates import add_months, in_full, shown
from acctcli.values.typed_dates import typed

_EVERY_WORDS = {
    "daily": "1d",
    "weekly": "1w",
    "monthly": "1m",
    "quarterly": "3m",
    "yearly": "1y",
}
_EVERY = r"(?:every )?([1-9][0-9]{0,2}) ?(d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?)"
_RULE_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "BYDAY": "(?:[+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTH": "[1-9]|1[0-2]",
    "BYMONTHDAY": "-?(?:[1-9]|[12][0-9]|3[01])",
    "BYSETPOS": "-?[1-9][0-9]{0,2}",
    "WKST": "MO|SU",
}
"""The parts of a rule, with the pattern of each value, in the order in which they are stored."""

_WRITE_EVERY = "Write 3d, 2w, 1m, 1y, monthly or FREQ=MONTHLY;BYDAY=-1FR."


def read_every(text: str, what: str = "--every") -> str:
    """Read how often a task repeats, and return the stored form.

    `3d`, `2 weeks`, `daily`, `monthly` become a number and a letter (`1m`). A rule of RFC 5545 may
    use FREQ (daily or slower), INTERVAL, BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS and WKST; a simple
    one becomes a number and a letter too. Raises `UsageError` for other text, and for a rule
    without any day.
    """
    tidy, subject = typed(text, what)
    if tidy in _EVERY_WORDS:
        return _EVERY_WORDS[tidy]
    if match := re.fullmatch(_EVERY, tidy):
        return f"{int(match[1])}{match[2][0]}"
    if "freq=" not in tidy:
        raise UsageError(f"{subject} is not a repetition. {_WRITE_EVERY}")
    parts = _rule_parts(tidy.upper().removeprefix("RRULE:").strip(";"), subject)
    if parts.keys() <= {"FREQ", "INTERVAL", "WKST"}:
        return f"{parts.get('INTERVAL', '1')}{parts['FREQ'][0].lower()}"
    rule = ";".join(f"{name}={parts[name]}" for name in _RULE_PARTS if name in parts)
    if _next_by_rule(rule, date(2000, 1, 1)) is None:
        raise UsageError(f"{subject} never falls on a day. {_WRITE_EVERY}")
    return rule


def next_due(
    every: str, done_on: date, anchor: date | None = None, due: date | None = None
) -> date:
    """Return the day on which a task that was done on `done_on` is due again.

    It is later than that day, and later than the day it was `due`: a task done early is not due
    again on the same day.

    `every` is read by `read_every`, whose errors it raises; the step counts from completion. Months
    and years keep the day of the month of `anchor`, the first due day of the series (31 January,
    then 28 February, then 31 March), and of those days take the one nearest to a full step: rent
    due on the 1st and paid on 28 January is due again on 1 March. A rule continues after `anchor`
    if the task was done before that day. Raises `Invalid` if no day follows.
    """
    # A file from elsewhere may hold any rule.
    step = read_every(every, "every")
    past = max(done_on, due or done_on)
    try:
        if step.startswith("FREQ="):
            day = _next_by_rule(step, max(past, anchor or past))
        elif step[-1] in "dw":
            days = int(step[:-1]) * (7 if step[-1] == "w" else 1)
            day = done_on + timedelta(days=days * ((past - done_on).days // days + 1))
        else:
            months = int(step[:-1]) * (12 if step[-1] == "y" else 1)
            # At least this many steps lie between the two; at most two more lead past both.
            early = 12 * (past.year - done_on.year) + past.month - done_on.month
            steps = max(1, early // months)
            day = past
            while day <= past:
                day = _nearest_month_day(add_months(done_on, months * steps), anchor or done_on)
                steps += 1
    except OverflowError:
        day = None
    if day is None:
        raise Invalid(
            f"every {shown(every)} has no day after {in_full(done_on)}: change it with --every"
        )
    return day


def _nearest_month_day(target: date, anchor: date) -> date:
    """Return the day with the anchor's number that is nearest to `target`, the later of two."""
    months = 12 * (target.year - anchor.year) + target.month - anchor.month
    candidates = [add_months(anchor, months + ahead) for ahead in (1, 0, -1)]
    return min(candidates, key=lambda day: abs(day - target))


def _rule_parts(rule: str, subject: str) -> dict[str, str]:
    """Return the parts of a rule by name. Raises `UsageError` for parts not in `_RULE_PARTS`."""
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        values = value.split(",") if name.startswith("BY") else [value]
        pattern = _RULE_PARTS.get(name)
        if pattern is None or name in parts:
            raise UsageError(f"{subject} cannot repeat by {shown(part)}. {_WRITE_EVERY}")
        if not all(re.fullmatch(pattern, value) for value in values):
            raise UsageError(f"{subject} has an unknown {shown(part)}. {_WRITE_EVERY}")
        parts[name] = value
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search("[0-9]", parts.get("BYDAY", "")):
        raise UsageError(f"{subject} counts weekdays without a month. {_WRITE_EVERY}")
    return parts


def _next_by_rule(rule: str, after: date) -> date | None:
    """Return the rule's first day after `after`, if there is one in the next forty years."""
    from dateutil.rrule import rrulestr

    # A rule that never matches is searched up to the year 9999, which takes seconds from today. The
    # calendar repeats every 400 years, weekdays included: searching from the same place in its last
    # cycle finds the same day, and limits the search to a third of a second (30 February, daily).
    shift = 400 * max(0, (date.max.year - 40 - after.year) // 400)
    start = datetime(after.year + shift, after.month, after.day)
    for found in rrulestr(rule, dtstart=start):
        if found > start:
            return found.date().replace(year=found.year - shift)
    return None
