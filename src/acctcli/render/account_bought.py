"""What an account bought, how often it orders, and what is up for renewal: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from acctcli.domain.figures import nearest, quotient
from acctcli.render import theme
from acctcli.render.theme import View
from acctcli.text import plural

if TYPE_CHECKING:
    from acctcli.shapes.account import EndingTermJson, SpendingJson
    from acctcli.shapes.purchase import BuyingCadenceJson


def spending(spent: SpendingJson) -> Text:
    """Draw `36,000 SGD in 12 months, ↑ 12 % on the 12 before`."""
    text = theme.cell(f"{theme.amount(spent['amount'], spent['currency'])} in 12 months")
    times = quotient(float(spent["amount"]), float(spent["before"]))
    if times is None:
        return text.append(", nothing in the 12 months before", "quiet")
    change = nearest((times - 1) * 100)
    if change == 0:
        return text.append(", same as the 12 months before", "quiet")
    text.append(
        f", {theme.UP if change > 0 else theme.DOWN} {abs(change)} %",
        "good" if change > 0 else "risk",
    )
    return text.append(
        f" on {theme.amount(spent['before'], None)} in the 12 months before", "quiet"
    )


def renewal(term: EndingTermJson, view: View) -> Text:
    """`Standard Support ends Thu 14 Jan (in 7 weeks), no renewal deal, 36,000 SGD`."""
    lapsed = term["standing"] in ("lapsed", "missed")
    day, ago = theme.day(term["ends_on"], view.today), theme.ago(term["ends_on"], view.today)
    when = day if day == ago else f"{day} ({ago})"
    said = "lapsed since" if lapsed else "ends"
    if term["auto_renews"] and not lapsed:
        said = "renews itself after"
    text = theme.cell(f"{term['product'] or 'Contract'} ")
    said = f"{said} {when}"
    text.append_text(theme.cell(theme.flagged(said) if lapsed else said, "overdue" * lapsed))
    if term["notice_by"] and term["notice_by"] >= view.today.isoformat():
        text.append(f", notice by {theme.day(term['notice_by'], view.today)}")
    if term["due"] and not lapsed:
        text.append(", no renewal deal", "risk")
    text.append(f", {theme.amount(term['amount'], term['currency'])}")
    if term["deal"]:
        text.append_text(theme.cell(f", renewal: {term['deal']}", "good"))
    return text


def ordering(cadence: BuyingCadenceJson, view: View) -> Text:
    """`orders 12,000 USD every 31 days, last 7 weeks ago: 6 days late`."""
    last = theme.ago(cadence["last"], view.today)
    said = theme.cell(f"orders {usual_order(cadence)}, last {last}")
    if cadence["days_late"]:
        late = f"{plural(cadence['days_late'], 'day')} late"
        return Text.assemble(said, ": ", theme.cell(theme.flagged(late), "overdue"))
    return said.append(f", next {theme.day(cadence['expected'], view.today)}", "quiet")


def usual_order(cadence: BuyingCadenceJson) -> str:
    """`12,000 USD every 31 days`."""
    worth = theme.amount(cadence["amount"], cadence["currency"])
    days = nearest(cadence["every_days"])
    every = "every day" if days == 1 else f"every {days:,} days"
    return f"{worth} {every}".strip()
