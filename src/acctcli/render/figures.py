"""Figures as reports say them: amounts, shares, days, and the lines that they stand in.

What several reports draw in the same way, out of their JSON. A figure that is
not known is a dash, never a zero. Every text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.periods import PeriodJson
    from acctcli.shapes.reports import ConvertedTotalJson, DaysJson, RatesJson

BAR = 24  # columns of a bar where there is room


def number(value: str | float | None, places: int = 1) -> str:
    """A figure to so many decimals, rounded as people do; a dash for one that is not known."""
    if value is None:
        return theme.NONE
    step = Decimal(1).scaleb(-places)
    return f"{Decimal(str(value)).quantize(step, ROUND_HALF_UP):,}"


def percent(value: str | float | None) -> str:
    """A share in percent, to one decimal; a dash for one that is not known."""
    return theme.NONE if value is None else f"{number(value)} %"


def days(value: str | float | None) -> str:
    """So many whole days; a dash for what is not known."""
    return (
        theme.NONE if value is None else f"{number(value, 0)} day{'s' * (number(value, 0) != '1')}"
    )


def amount(digits: str | None, currency: str | None = None) -> str:
    """An amount, with its currency if that is given; a dash for one that is not known."""
    return theme.amount(digits, currency, code=currency is not None) or theme.NONE


def head(*names: str) -> TextRow:
    """The line above a table, or one that counts what is not shown."""
    return tuple(theme.cell(name, "quiet") for name in names)


def cells(*values: object) -> TextRow:
    """A line of a table."""
    return tuple(theme.cell(value) for value in values)


def note(*sentences: str) -> list[RenderableType]:
    """Quiet lines after a blank one; none without sentences."""
    said = [theme.cell(sentence, "quiet") for sentence in sentences if sentence]
    return [Text(""), *said] if said else []


def between(span: DaysJson | PeriodJson, view: View) -> str:
    """From when to when."""
    return f"{theme.day(span['start'], view.today)} to {theme.day(span['end'], view.today)}"


Line = TypeVar("Line", bound=Mapping[str, Any])


def by_currency(lines: Iterable[Line]) -> dict[str | None, list[Line]]:
    """Return the lines by their `currency`, both in the order in which they come."""
    found: dict[str | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line["currency"], []).append(line)
    return found


def room(view: View, taken: int) -> int:
    """Columns for a bar beside so many others."""
    return max(min(view.width - taken, BAR), 0)


def rates_of(total: RatesJson) -> str:
    """The day that the rates of a converted total are of."""
    return f"rates of {total['rates_of']}" if total["rates_of"] else "rates without a date"


def no_rate(total: RatesJson) -> str:
    """Why there is no converted total, and what would make one."""
    missing = text.sentence_list(total["without_rate"])
    example = f"acct config set rates.{total['without_rate'][0]} RATE"
    return f"No total in {total['currency']} without a rate for {missing}: {example}"


def together(total: ConvertedTotalJson | None, what: str) -> str:
    """One total of all currencies, or what it lacks; nothing where there is one currency."""
    if total is None:
        return ""
    if total["without_rate"]:
        return no_rate(total)
    return f"Total {what} {amount(total['amount'], total['currency'])} ({rates_of(total)})"
