"""The forecast: what a period will bring, the quota, and how the previous one turned out.

Drawn from the JSON of the page and nothing else. Every text of the book goes through `theme.cell`
or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import charts, parts, theme
from acctcli.render.parts import TextRow
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.forecast import (
        ConvertedJson,
        ForecastLineJson,
        ForecastPage,
        LeftOutJson,
        LookingBackJson,
        QuotaJson,
    )
    from acctcli.shapes.periods import PeriodJson

LINES = (
    ("closed", "closed"),
    ("commit", "commit"),
    ("best-case", "best case"),
    ("pipeline", "pipeline"),
)


def forecast(data: ForecastPage, view: View) -> RenderableType:
    """Draw a block per currency: categories with bars, the weighted total, stages and groups."""
    period = data["period"]
    label = period["label"] if period else "All deals"
    drawn: list[RenderableType] = []
    for total in data["totals"]:
        if drawn:
            drawn.append(Text(""))
        drawn.append(_currency_block(data, total, label, view))
    if not drawn:
        drawn.append(theme.cell(f"Nothing closes in {label}." if period else "No deals yet."))
    notes = [
        *_against_quota(data["quota"]),
        *_looking_back(data["looking_back"]),
        *_converted(data["converted"]),
        *_left_out(data["left_out"], period),
    ]
    if notes:
        drawn += [Text(""), *(theme.cell(note, "quiet") for note in notes)]
    return Group(*drawn)


def _currency_block(
    data: ForecastPage, total: ForecastLineJson, label: str, view: View
) -> RenderableType:
    currency = total["currency"]
    by_name = {c["category"]: c for c in data["categories"] if c["currency"] == currency}
    most = max((theme.minor(line["amount"]) for line in by_name.values()), default=0)
    figures = {
        name: theme.amount(by_name[name]["amount"], currency, code=False)
        if name in by_name
        else "0"
        for name, _ in LINES
    }
    weighted = theme.amount(total["weighted"], currency, code=False)
    wide = max(len(figure) for figure in (*figures.values(), weighted))
    room = view.width - len("best case") - wide - 6
    rows: list[TextRow] = []
    for name, said in LINES:
        amount = theme.minor(by_name[name]["amount"]) if name in by_name else 0
        picture = charts.bar(amount, most, min(room, 40))
        rows.append((theme.cell(said), theme.cell(figures[name]), theme.cell(picture)))
    of = f"of {theme.amount(total['amount'], currency)} in {text.plural(total['count'], 'deal')}"
    rows.append(
        (
            theme.cell("weighted", "heading"),
            theme.cell(weighted, "heading"),
            theme.cell(of, "quiet"),
        )
    )
    for likely in data["likely"]:
        if likely["currency"] == currency and likely["open"]:
            low, middle, high = (
                theme.amount(digits, currency, code=False)
                for digits in (likely["p10"], likely["p50"], likely["p90"])
            )
            spread = f"from {low} (10 %) to {high} (90 %)"
            rows.append((theme.cell("likely"), theme.cell(middle), theme.cell(spread, "quiet")))
    blocks: list[RenderableType] = [
        _forecast_heading(parts.dotted([label, currency]), data["quota"], currency, view),
        parts.grid(rows, view, right=(1,)),
        _breakdown(
            "stage", [(s["stage"], s) for s in data["stages"] if s["currency"] == currency], view
        ),
    ]
    by = data["by"]
    if by:
        groups = [(g[by], g) for g in data["groups"] if g["currency"] == currency]
        blocks.append(_breakdown(by, groups, view))
    return Group(*blocks)


def _forecast_heading(
    title: str, quota: QuotaJson | None, currency: str, view: View
) -> RenderableType:
    """Draw period and currency, with everybody's quota if it is in that currency."""
    everybody = [line for line in quota["attainment"] if line["owner"] is None] if quota else []
    if not quota or not everybody or quota["currency"] != currency:
        return theme.cell(title, "heading")
    said = theme.amount(everybody[0]["quota"], currency, code=False)
    return parts.heading(title, f"quota {said}", view)


def _against_quota(quota: QuotaJson | None) -> list[str]:
    """Return `Quota 500,000 SGD: 402,000 closed, 80 %, 98,000 to go`, one line per quota."""
    if quota is None:
        return []
    notes, currency = [], quota["currency"]
    for line in quota["attainment"]:
        whose = f"Quota of {line['owner']}" if line["owner"] else "Quota"
        said = f"{whose} {theme.amount(line['quota'], currency)}"
        if line["closed"] is None or line["gap"] is None:
            example = f"acct config set rates.base {currency}"
            notes.append(f"{said}: deals in other currencies need a rate. See: {example}")
            continue
        gap = theme.amount(line["gap"].lstrip("-"), currency, code=False)
        rest = f"{gap} over" if line["gap"].startswith("-") else f"{gap} to go"
        closed = theme.amount(line["closed"], currency, code=False)
        notes.append(f"{said}: {closed} closed, {line['share']:.0f} %, {rest}")
    return notes


def _looking_back(found: LookingBackJson | None) -> list[str]:
    """Return what was forecast when a past period began, and what it became."""
    if found is None:
        return []
    notes = []
    for line in found["lines"]:
        forecast, became = (
            theme.amount(digits, line["currency"]) for digits in (line["forecast"], line["became"])
        )
        error = "" if line["error"] is None else f" ({_signed(line['error'])} %)"
        said = f"{found['period']['label']} on its first day: {forecast}; actual: {became}{error}"
        notes.append(said)
        if theme.minor(line["opened_since"]):
            since = theme.amount(line["opened_since"], line["currency"])
            notes.append(f"  {since} of it from deals opened later")
        if line["estimated"]:
            deals = text.plural(line["estimated"], "deal")
            notes.append(f"  {deals} estimated: imported as closed")
    return notes


def _signed(percent: float) -> str:
    return f"{theme.MINUS if percent < 0 else '+'}{abs(percent):,.0f}"


def _breakdown(
    by: str, lines: Sequence[tuple[str | None, ForecastLineJson]], view: View
) -> RenderableType:
    """Draw count, amount and weighted amount, one line per name."""
    rows: list[TextRow] = [
        tuple(theme.cell(h, "quiet") for h in (by, "deals", "amount", "weighted"))
    ]
    for name, line in lines:
        amounts = (
            theme.amount(digits, line["currency"], code=False)
            for digits in (line["amount"], line["weighted"])
        )
        called = name if name is not None else f"no {by}"
        rows.append(tuple(theme.cell(value) for value in (called, f"{line['count']:,}", *amounts)))
    return Group(Text(""), parts.grid(rows, view, right=(1, 2, 3)))


def _converted(converted: ConvertedJson | None) -> list[str]:
    if converted is None:
        return []
    currency = converted["currency"]
    if converted["without_rate"]:
        missing = text.sentence_list(converted["without_rate"])
        example = f"acct config set rates.{converted['without_rate'][0]} RATE"
        return [f"No total in {currency} without a rate for {missing}: {example}"]
    weighted, amount = (
        theme.amount(digits, currency) for digits in (converted["weighted"], converted["amount"])
    )
    rates = f"rates of {converted['rates_of']}" if converted["rates_of"] else "rates without a date"
    return [f"Total {weighted} weighted, of {amount} ({rates})"]


def _left_out(left_out: LeftOutJson, period: PeriodJson | None) -> list[str]:
    """Return which deals are in no line, and the command that lists them."""
    notes = []
    if left_out["past"] and period:
        where = f'acct deal list --open --where "close_date < {period["start"]}"'
        notes.append(f"Close date before the period: {_counted(left_out['past'])}. See: {where}")
    if left_out["undated"]:
        where = 'acct deal list --open --where "close_date is empty"'
        notes.append(f"Without a close date: {_counted(left_out['undated'])}. See: {where}")
    if left_out["without_amount"]:
        deals = text.plural(left_out["without_amount"], "deal")
        notes.append(f'Without an amount: {deals}. See: acct deal list --where "amount is empty"')
    return notes


def _counted(lines: Sequence[ForecastLineJson]) -> str:
    """Return `3 deals, 40,000 SGD and 5,000 USD`."""
    amounts = [theme.amount(line["amount"], line["currency"]) for line in lines]
    deals = text.plural(sum(line["count"] for line in lines), "deal")
    return f"{deals}, {text.sentence_list(amounts, len(amounts))}"
