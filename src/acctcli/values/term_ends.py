"""The end of a term that is typed as its length: `--until 1y`.

A seller who renews "for a year" means a year from the first day of the new term, whatever today is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.errors import Invalid
from acctcli.model import TODAY, Field
from acctcli.values.dates import add_months, iso, parse_iso_day, parses
from acctcli.values.typed_dates import days_counted, moved_by, not_far, on_the_calendar, typed

if TYPE_CHECKING:
    from acctcli.values.fields import Reading


def last_day(
    field: Field, words: str, stored: Mapping[str, Any], reading: Reading, what: str
) -> str | None:
    """Return the last day that a typed length means for a field; None for other text.

    It counts from the first of `field.counts_from` that has a day among the stored values. Raises
    `Invalid` if none has, unless the term then begins today; in a file nothing begins today, for
    its row may be about a record that says more.
    """
    if not words.strip():
        return None
    days = (stored.get(name) for name in field.counts_from)
    first = next((day for day in days if isinstance(day, str) and parses(parse_iso_day, day)), None)
    begins = reading.clock.today if first is None else parse_iso_day(first)
    last = last_of_term(begins, words, what)
    if last is None:
        return None
    if first is None and (TODAY not in field.counts_from or reading.of_file):
        start = field.counts_from[0].replace("_", " ")
        raise Invalid(
            f"{what} {text.quoted(words.strip())} is a length, and its first day is not known. "
            f"Give {start} as well, or write the last day"
        )
    return iso(last)


def last_of_term(first: date, words: str, what: str) -> date | None:
    """Return the last day of a term that is typed as its length: `1y`, `6 months`, `+2w`.

    A year from 1 March ends on the last day of February. None for other text, also for `in 1y` and
    `1y ago`, which say how far a day is from today.
    """
    tidy, subject = typed(words, what)
    if tidy.startswith(("in ", "-")) or tidy.endswith(" ago"):
        return None
    with on_the_calendar(subject):
        before = first - timedelta(days=1)
        length = days_counted(tidy)
        if length is None:
            # The first day of the term may be the first working day.
            return moved_by(before, f"+{tidy.removeprefix('+')}", what)
        months, days = length
        return not_far(add_months(first, months) + timedelta(days=days - 1), first, subject)
