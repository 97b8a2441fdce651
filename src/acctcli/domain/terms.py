"""The term of a purchase: its first and last day, and when what recurs ends.

One rule for commands and imports alike. Values go in and come out as they are
stored. Which terms need a renewal deal is a question to the book: see
`store.deals` and `store.agenda`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from acctcli.errors import Invalid
from acctcli.values.dates import add_months, in_full, iso, parse_iso_day

MONTHS = {"monthly": 1, "yearly": 12}
"""How many months a contract has, by how often it recurs."""

WINDOWS = (30, 60, 90, 180)
"""Days before its end in which a term is looked at: each window begins where the last ends."""


def purchase_values(
    values: Mapping[str, Any], current: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """Return what to store for a purchase: the given values, and the contract that follows.

    `values` are those of this write, by field name; `current` is the purchase as it stands, empty
    for a new one. A new purchase was made today, or on its first day if that has passed, unless it
    says when it was made or paid. A purchase that is no longer paid has no bank line either, and is
    no longer reconciled if it had one. One that comes again has a term: it starts on the day of the
    purchase and ends a month or a year later, the day before, unless that is given; an end that was
    made so follows when the start or the recurrence changes. What stands alone renews nothing, and
    the other way round.

    Raises `Invalid` for a term that ends before it starts.
    """
    result = dict(values)
    if not current and result.get("purchased_on") is None:
        # Nobody buys a contract after it began; entered late, it is not revenue of today.
        result["purchased_on"] = result.get("paid_on") or min(
            result.get("starts_on") or iso(today), iso(today)
        )
    if "paid_on" in result and result["paid_on"] is None:
        result.setdefault("paid_ref", None)
        if current.get("paid_ref") and result["paid_ref"] is None:
            result.setdefault("reconciled", False)  # it was, with that line
    stands = {**current, **result}
    if stands.get("recurring") in MONTHS:
        if stands.get("starts_on") is None:
            result["starts_on"] = stands["starts_on"] = stands["purchased_on"]
        complete_end(result, current, stands)
    if result.get("standalone"):
        result["renews"] = None
    elif result.get("renews") is not None and stands.get("standalone"):
        result["standalone"] = False
    if result.get("renews") is not None and result["renews"] == current.get("id"):
        raise Invalid("renews: a purchase cannot renew itself")
    check_order(stands)
    return result


def complete_end(
    result: dict[str, Any], current: Mapping[str, Any], stands: dict[str, Any]
) -> None:
    """Give what recurs the end that follows from its start, unless another one is given.

    `stands` is `current` with the values of `result`. An end that was made so follows when the
    start or the recurrence changes.
    """
    if stands.get("recurring") not in MONTHS:
        return
    followed = current.get("ends_on") is not None and current["ends_on"] == end_of(current)
    if stands.get("ends_on") is None or (followed and "ends_on" not in result):
        result["ends_on"] = stands["ends_on"] = end_of(stands)


def check_order(stands: Mapping[str, Any]) -> None:
    """Raise `Invalid` if a contract ends before it starts."""
    starts, ends = stands.get("starts_on"), stands.get("ends_on")
    if starts and ends and ends < starts:
        begins = in_full(starts)
        raise Invalid(f"the contract ends on {in_full(ends)}, before it starts on {begins}")


def end_of(purchase: Mapping[str, Any]) -> str | None:
    """Return the last day of the term by its start and recurrence, or None if either is missing."""
    months = MONTHS.get(purchase.get("recurring") or "")
    starts = purchase.get("starts_on")
    if months is None or starts is None:
        return None
    return iso(add_months(parse_iso_day(starts), months) - timedelta(days=1))
