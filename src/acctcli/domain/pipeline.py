"""How a deal moves through its stages, and what changes along with the stage.

The one rule for commands and imports alike: a stage brings its probability and
forecast category, a closed stage needs the day it closed, an open one has none.
Values go in and come out as they are stored (days in ISO form, which compare
like days). Nothing here knows where they came from or where they go; how the
history of a deal is kept is the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli.errors import Invalid
from acctcli.values import money
from acctcli.values.dates import in_full, iso

if TYPE_CHECKING:
    from acctcli.config import Stage


OPEN, WON, LOST = "open", "won", "lost"


def outcome(category: str | None, closed_on: str | None) -> str:
    """Return whether a deal is open, won or lost: the one rule, here as in `store.columns.WON`."""
    if closed_on is None:
        return OPEN
    return WON if category == "closed" else LOST


def first_open(stages: Sequence[Stage]) -> Stage:
    """The stage in which a deal begins."""
    return next(stage for stage in stages if stage.open)


def won(stages: Sequence[Stage]) -> Stage:
    """The stage of deals that are won: the first that is closed."""
    return next(stage for stage in stages if stage.won)


def lost(stages: Sequence[Stage]) -> Stage:
    """The stage of deals that are lost: the first that is left out of the forecast."""
    return next(stage for stage in stages if stage.lost)


def deal_values(
    values: Mapping[str, Any], current: Mapping[str, Any], stages: Sequence[Stage], today: date
) -> dict[str, Any]:
    """Return what to store for a deal: the given values, and what its stage implies.

    `values` are those of this write, by field name; `current` is the deal as it
    stands, empty for a new one. What was given is never changed, only completed:

    - A new deal without a stage begins in the first open one, and is opened today.
    - On entering a stage, probability and category become the stage's unless they
      are given; one that is given empty goes back to the stage's.
    - A deal that is won or lost gets `closed_on`: the `close_date` given along, if
      that day has come (an export's "close date" of a closed deal is the day it
      closed), else today. A new close date of a closed deal moves it likewise.
      `opened_on`, unless it is given along, goes back to that day if it was later.
    - A deal that is won or open again has no `lost_reason` left, unless it is given.
    - A deal that is open again has no `closed_on`.

    So the category is `closed` if and only if the deal is won, and `closed_on` is
    there if and only if it is won or lost. Raises `Invalid` for a given category or
    closing day that contradicts this, for a closing day in the future or before
    the given `opened_on`.
    """
    result = dict(values)
    stood = current.get("stage")
    name = result.get("stage") or stood or first_open(stages).name
    stage = next((s for s in stages if s.name == name), None)
    entered = name != stood
    if entered:
        result["stage"] = name
    if stage is not None:
        for field, own in (("probability", stage.probability), ("category", stage.category)):
            if result.get(field) is None and (entered or field in result):
                result[field] = own
        _check_category(stage, result.get("category"))
    if not current and result.get("opened_on") is None:
        result["opened_on"] = iso(today)
    # A stage that the settings no longer have: the deal is as open as it was.
    if stage.open if stage else current.get("closed_on") is None:
        _leave_open(result, current, name)
    else:
        _close(result, current, values, iso(today))
    if entered and current.get("lost_reason") and result.get("category") != "omitted":
        result.setdefault("lost_reason", None)
    return result


def _check_category(stage: Stage, category: str | None) -> None:
    fits = category != "closed" if stage.open else category == stage.category
    if category and not fits:
        raise Invalid(f"category {category} does not go with stage {stage.name}. Leave it out")


def _leave_open(result: dict[str, Any], current: Mapping[str, Any], stage: str) -> None:
    if result.get("closed_on") is not None:
        raise Invalid(
            f"closed on {in_full(result['closed_on'])}: a deal at {stage} is still open. "
            "Leave the day out, or give the stage in which it closed"
        )
    if current.get("closed_on") is not None:
        result["closed_on"] = None


def _close(
    result: dict[str, Any], current: Mapping[str, Any], given: Mapping[str, Any], today: str
) -> None:
    closed = result.get("closed_on") or _closing_day(result, current, today)
    if closed > today:
        raise Invalid(f"closed on {in_full(closed)}: that day is in the future")
    result["closed_on"] = closed
    opened = result.get("opened_on") or current.get("opened_on") or closed
    if closed < opened:
        if given.get("opened_on") is not None:
            before = in_full(opened)
            raise Invalid(f"closed on {in_full(closed)}, which is before it was opened: {before}")
        result["opened_on"] = closed


def _closing_day(result: Mapping[str, Any], current: Mapping[str, Any], today: str) -> str:
    """Return the closing day of a deal: its close date if typed and not to come, else today."""
    stood: str | None = current.get("closed_on")
    close_date: str | None = result.get("close_date")
    said = close_date is not None and (stood is None or close_date != current.get("close_date"))
    return close_date if said and close_date and close_date <= today else stood or today


def line_total(quantity: float, unit_price: int, discount: float | None) -> int:
    """Return the price of an item in minor units, less a discount in percent.

    Exact on the digits of quantity and discount; half a minor unit rounds away from zero.
    """
    from fractions import Fraction

    left = 100 - Fraction(repr(discount or 0))
    total = Fraction(repr(quantity)) * unit_price * left / 100
    return money.divide(total.numerator, total.denominator)
