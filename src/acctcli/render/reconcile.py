"""The page of a bank statement: which purchases its lines pay, and what is left on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from acctcli import text
from acctcli.render import parts, theme
from acctcli.render.theme import View

if TYPE_CHECKING:
    from rich.text import Text

    from acctcli.shapes.reconcile import BankLineJson, OpenPurchaseJson, PaymentJson, ReconcilePage

SHOWN = 10
"""Lines and purchases without a match on a page; JSON has all of them."""

_TEXT = 40
"""Columns for the text of a bank line."""


def draw(data: ReconcilePage, view: View) -> RenderableType:
    """Draw the proposals, then what is left."""
    pairs = data["pairs"]
    sure = [one for one in pairs if one["sure"]]
    unsure = [one for one in pairs if not one["sure"]]
    taken = f"{data['taken']:,} reconciled before" if data["taken"] else ""
    beside = parts.dotted([text.plural(data["lines"], "line"), taken])
    lines, purchases = received(data["unmatched_lines"]), data["unmatched_purchases"]
    spent = len(data["unmatched_lines"]) - len(lines)
    not_shown = f"{text.plural(spent, 'outgoing payment')} not shown" if spent else ""
    return Group(
        parts.heading(data["file"], beside, view),
        *_pairs("Sure", sure, view),
        *_pairs("To confirm", unsure, view),
        parts.section(
            _counted("Bank lines without a purchase", lines),
            [_bank_line(one, view) for one in lines[:SHOWN]],
            view,
            right=(1,),
        ),
        parts.section(
            _counted("Purchases without a bank line", purchases),
            [_purchase(one, view) for one in purchases[:SHOWN]],
            view,
            right=(1,),
        ),
        *([theme.cell(""), theme.cell(not_shown, "quiet")] if not_shown else []),
    )


def received(lines: Sequence[BankLineJson]) -> list[BankLineJson]:
    """Return the lines with which money came in: all others may be anything."""
    return [line for line in lines if not line["amount"].startswith("-")]


def _counted(title: str, found: Sequence[object]) -> str:
    shown = f", the first {SHOWN}" if len(found) > SHOWN else ""
    return f"{title} ({len(found):,}{shown})"


def _pairs(title: str, pairs: Sequence[PaymentJson], view: View) -> Iterator[RenderableType]:
    """Yield the lines with the purchases below each, and why."""
    if not pairs:
        return
    rows = []
    for pair in pairs:
        rows.append(_bank_line(pair["line"], view))
        rows += [_purchase(one, view) for one in pair["purchases"]]
        rows.append([theme.cell(""), theme.cell(""), theme.cell(_why(pair), "quiet")])
    yield parts.section(f"{title} ({len(pairs):,})", rows, view, right=(1,))


def _why(pair: PaymentJson) -> str:
    days = pair["days"]
    when = f"paid {text.plural(abs(days), 'day')} {'later' if days >= 0 else 'before'}"
    if days == 0:
        when = "paid on the day"
    others = f"{text.plural(pair['others'], 'other')} could be meant" if pair["others"] else ""
    return parts.dotted([*pair["reasons"], when, others])


def _bank_line(line: BankLineJson, view: View) -> list[Text]:
    return [
        theme.cell(theme.day(line["day"], view.today)),
        theme.cell(theme.amount(line["amount"], line["currency"]), "strong"),
        theme.cell(text.clip(line["text"], _TEXT)),
    ]


def _purchase(one: OpenPurchaseJson, view: View) -> list[Text]:
    about = [one["account"], one["product"], one["invoice"], one["id"][-parts.ID_TAIL :]]
    return [
        theme.cell(theme.day(one["purchased_on"], view.today), "quiet"),
        theme.cell(theme.amount(one["amount"], one["currency"]), "quiet"),
        theme.cell(parts.dotted(about)),
    ]
