"""The renewal forecast: a line per quarter and currency, then the contracts that may be lost.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from acctcli import text
from acctcli.render import figures, parts, theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.renewals import RenewalsPage

SHOWN = 8
"""Contracts listed; further ones are counted."""


def report(data: RenewalsPage, view: View) -> RenderableType:
    """Draw what ends in each quarter, what is likely to stay, and the contracts."""
    rate = data["rate"]
    usual = "" if rate["due"] else " assumed: none was due yet"
    said = f"renewal rate {figures.whole_percent(rate['rate'])}{usual}"
    heading = parts.heading("Renewals", said, view)
    months, due = (text.plural(rate["months"], "month"), text.plural(rate["due"], "contract"))
    learnt = f"{rate['renewed']} of {due} renewed in {months}"
    if not data["quarters"]:
        return Group(heading, theme.cell("No recurring contract ends in the next four quarters"))
    quarters: list[TextRow] = [
        figures.head("quarter", "contracts", "ARR", "likely to stay", "at risk")
    ]
    for line in data["quarters"]:
        churn = theme.estimate(line["churn"], line["currency"])
        quarters.append(
            (
                theme.cell(line["quarter"]),
                theme.cell(str(line["contracts"])),
                theme.cell(figures.amount(line["arr"])),
                theme.cell(theme.estimate(line["expected"], line["currency"], code=False)),
                theme.cell(churn, "risk"),
            )
        )
    rows: list[TextRow] = []
    for one in data["contracts"][:SHOWN]:
        rows.append(
            (
                theme.cell(theme.day(one["ends_on"], view.today)),
                theme.cell(one["account"]),
                theme.cell(figures.amount(one["arr"], one["currency"])),
                theme.cell(figures.whole_percent(one["chance"])),
                theme.cell("renewal lost", "risk")
                if one["lost"]
                else theme.cell(one["band"] or "", "quiet"),
            )
        )
    left = len(data["contracts"]) - SHOWN
    more = [f"{left} more: acct report renewals -f csv"] if left > 0 else []
    return Group(
        heading,
        theme.cell(learnt, "quiet") if rate["due"] else parts.NOTHING,
        parts.section("By quarter", quarters, view, right=(1, 2, 3, 4)),
        parts.section("Ending next", rows, view, right=(2, 3)),
        *figures.note(_total(data), *more, "With their deals: acct purchase renewals"),
    )


def _total(data: RenewalsPage) -> str:
    """Return one total of all quarters and currencies, or what it lacks; "" with one currency."""
    ending, at_risk = data["converted"]["arr"], data["converted"]["churn"]
    if ending is None or at_risk is None:
        return ""
    if ending["without_rate"]:
        return figures.no_rate(ending)
    arr = figures.amount(ending["amount"], ending["currency"])
    churn = theme.estimate(at_risk["amount"], at_risk["currency"])
    return f"Total ARR {arr}, {churn} at risk ({figures.rates_of(ending)})"
