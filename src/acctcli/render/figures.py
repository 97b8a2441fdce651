"""Figures in reports: amounts, shares, days, and the lines they are in.

Shared by several reports, and made from their JSON. An unknown figure is a dash, never a zero.
Every text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import dates
from acctcli.values.fields import Unreadable

if TYPE_CHECKING:
    from acctcli.shapes.periods import PeriodJson
    from acctcli.shapes.reports import ConvertedTotalJson, DaysJson, RatesJson

BAR = 24  # columns of a bar where there is room


def number(value: str | float | None, places: int = 1) -> str:
    """Return a number to `places` decimals, rounding halves up; a dash if it is unknown."""
    if value is None:
        return theme.NONE
    step = Decimal(1).scaleb(-places)
    return f"{Decimal(str(value)).quantize(step, ROUND_HALF_UP):,}"


def percent(value: str | float | None) -> str:
    """Return a share in percent, to one decimal; a dash if it is unknown."""
    return theme.NONE if value is None else f"{number(value)} %"


def whole_percent(value: str | float | None) -> str:
    """Return a share in whole percent; a dash if it is unknown."""
    return theme.NONE if value is None else f"{number(value, 0)} %"


def chance(win_rate: float | None, own: str | None) -> str:
    """Return the probability of a deal: as it was typed, or a learnt one in whole percent."""
    if win_rate is None:
        return ""
    typed = own is not None and Decimal(own) == Decimal(str(win_rate))
    return f"{win_rate:g} %" if typed else whole_percent(win_rate)


def rate(value: str | float | None, part: int, whole: int) -> str:
    """Return `43 % of 7`, or `3 of 4` where so few have no percentage; a dash of none."""
    if not whole:
        return theme.NONE
    return f"{part:,} of {whole:,}" if value is None else f"{whole_percent(value)} of {whole:,}"


def days(value: str | float | None) -> str:
    """Return a number of whole days; a dash if it is unknown."""
    return (
        theme.NONE if value is None else f"{number(value, 0)} day{'s' * (number(value, 0) != '1')}"
    )


def amount(digits: str | None, currency: str | None = None) -> str:
    """Return an amount, with its currency if given; a dash if it is unknown."""
    return theme.amount(digits, currency, code=currency is not None) or theme.NONE


def average(digits: str | None, currency: str | None, *, code: bool = False) -> str:
    """Return an average amount in whole units, or with its decimals below ten of them."""
    if digits is None or currency is None or isinstance(digits, Unreadable):
        return amount(digits, currency if code else None)
    if abs(float(digits)) < 10:
        return theme.amount(digits, currency, code=code)
    return theme.estimate(digits, currency, code=code)


def head(*names: str) -> TextRow:
    """Return a quiet line: the heads of a table, or a count of hidden lines."""
    return tuple(theme.cell(name, "quiet") for name in names)


def cells(*values: object) -> TextRow:
    """Return a line of a table."""
    return tuple(theme.cell(value) for value in values)


def note(*sentences: str) -> list[RenderableType]:
    """Return quiet lines after a blank one; nothing without sentences."""
    said = [Hint(sentence) for sentence in sentences if sentence]
    return [Text(""), *said] if said else []


def between(span: DaysJson | PeriodJson, view: View) -> str:
    """Return `1 Jan 2026 to Fri 27 Nov`."""
    return f"{theme.day(span['start'], view.today)} to {theme.day(span['end'], view.today)}"


Line = TypeVar("Line", bound=Mapping[str, Any])


def by_currency(lines: Iterable[Line]) -> dict[str | None, list[Line]]:
    """Return the lines by their `currency`, both in the order in which they come."""
    found: dict[str | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line["currency"], []).append(line)
    return found


def room(view: View, taken: int) -> int:
    """Return the columns for a bar beside `taken` others."""
    return max(min(view.width - taken, BAR), 0)


def rates_of(total: RatesJson) -> str:
    """Return the day of the rates of a converted total."""
    return dates.say_rates(total["rates_of"])


def no_rate(total: RatesJson) -> str:
    """Return why there is no converted total, and the command that adds the rate."""
    missing = text.sentence_list(total["without_rate"])
    example = f"acct config set rates.{total['without_rate'][0]}"
    return f"No total in {total['currency']} without a rate for {missing}: {example}"


def together(total: ConvertedTotalJson | None, what: str) -> str:
    """Return one total over all currencies, or what it lacks; "" with one currency."""
    if total is None:
        return ""
    if total["without_rate"]:
        return no_rate(total)
    return f"Total {what} {amount(total['amount'], total['currency'])} ({rates_of(total)})"
