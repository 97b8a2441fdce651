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
from acctcli.render import calls, charts, parts, quotas, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import dates, money

if TYPE_CHECKING:
    from acctcli.shapes.forecast import (
        ConvertedJson,
        CountedJson,
        ForecastLineJson,
        ForecastPage,
        LeftOutJson,
        LikelyJson,
        LookingBackJson,
        QuotaJson,
        RetrospectJson,
        StageRateJson,
        WinRatesJson,
    )
    from acctcli.shapes.periods import PeriodJson

LINES = (
    ("closed", "closed"),
    ("commit", "commit"),
    ("best-case", "best case"),
    ("pipeline", "pipeline"),
)


SUMS_SHOWN = 6
"""How many possible sums are listed: four open deals have sixteen, which nobody reads."""

BUSINESS = {"new": "new business", "renewal": "renewals"}
"""The words for deals that have win rates of their own."""

NAMED = 3
"""How many deals past their date are named; further ones are counted."""


def forecast(data: ForecastPage, view: View) -> RenderableType:
    """Draw what the quota needs, a block per currency, deals in no line, and past forecasts.

    A block has categories with bars, the weighted sum, stages and groups.
    """
    period = data["period"]
    label = period["label"] if period else "All deals"
    drawn: list[RenderableType] = []
    for sentence in quotas.opening(data["quota"], label):
        drawn.append(theme.cell(sentence))
    for total in data["totals"]:
        if drawn:
            drawn.append(Text(""))
        drawn.append(_currency_block(data, total, label, view))
    if not data["totals"]:
        if drawn:
            drawn.append(Text(""))
        drawn.append(theme.cell(f"Nothing closes in {label}." if period else "No deals yet."))
    drawn += calls.table(data["calls"], view)
    if said := notes(data):
        drawn += [Text(""), *map(Hint, said)]
    if data["explained"]:
        drawn += _explained(data, view)
    return Group(*drawn)


def notes(data: ForecastPage) -> list[str]:
    """Return in sentences: quotas, conversion, deals in no line, past forecasts, win rates."""
    return [
        *quotas.notes(data["quota"]),
        *_in_time(data),
        *_converted(data["converted"]),
        *_left_out(data["left_out"], data["period"]),
        *_looking_back(data["looking_back"]),
        *([] if data["explained"] else _rates_in_short(data)),
    ]


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
    weighted = theme.estimate(total["weighted"], currency, code=False)
    likely = next((one for one in data["likely"] if one["currency"] == currency), None)
    middle = theme.estimate(likely["p50"], currency, code=False) if likely else ""
    wide = max(len(figure) for figure in (*figures.values(), weighted, middle))
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
    if likely and likely["p50"] is not None:
        low, high = (
            theme.estimate(digits, currency, code=False)
            for digits in (likely["p10"], likely["p90"])
        )
        spread = f"even odds; 80 % chance of {low} to {high}"
        rows.append((theme.cell("likely"), theme.cell(middle), theme.cell(spread, "quiet")))
    blocks: list[RenderableType] = [
        _forecast_heading(parts.dotted([label, currency]), data["quota"], currency, view),
        parts.grid(rows, view, right=(1,)),
        *_outcomes(likely, view),
        _breakdown(
            "stage", [(s["stage"], s) for s in data["stages"] if s["currency"] == currency], view
        ),
    ]
    by = data["by"]
    if by:
        groups = [(g[by], g) for g in data["groups"] if g["currency"] == currency]
        blocks.append(_breakdown(by, groups, view))
    return Group(*blocks)


def outcomes(likely: LikelyJson | None) -> list[tuple[str, str]]:
    """Return the possible sums of a few deals with their percentages.

    The least likely of many share the last item. Empty if there are more deals, which have a range
    instead.
    """
    if likely is None:
        return []
    some = likely["outcomes"]
    if len(some) > SUMS_SHOWN:
        some = sorted(some, key=lambda one: -one["percent"])[: SUMS_SHOWN - 1]
    shown = [
        (f"{one['percent']:.0f} %", money.short(theme.minor(one["amount"]), likely["currency"]))
        for one in likely["outcomes"]
        if one in some and (round(one["percent"]) or len(likely["outcomes"]) == 1)
    ]
    if len(some) < len(likely["outcomes"]):
        rest = 100 - sum(one["percent"] for one in some)
        shown.append((f"{rest:.0f} %", "another sum"))
    return shown


def _outcomes(likely: LikelyJson | None, view: View) -> list[RenderableType]:
    """Draw the possible sums of a few deals: `80 %: 11.1m, else 1.3m`."""
    said = outcomes(likely)
    if not said:
        return []
    if len(said) == 2:
        (percent, first), (_, second) = said
        return [theme.cell(f"likely: {percent}: {first}, else {second}")]
    lines = ["likely: "]
    for place, (percent, amount) in enumerate(said):
        between = theme.BETWEEN if place else ""
        item = f"{percent}: {amount}"
        if len(lines[-1]) + len(between) + len(item) > view.width and place:
            lines.append(f"        {item}")
        else:
            lines[-1] += between + item
    return [theme.cell(line) for line in lines]


def _forecast_heading(
    title: str, quota: QuotaJson | None, currency: str, view: View
) -> RenderableType:
    """Draw period and currency, with everybody's quota if it is in that currency."""
    everybody = [line for line in quota["attainment"] if line["owner"] is None] if quota else []
    if not quota or not everybody or quota["currency"] != currency:
        return theme.cell(title, "heading")
    said = theme.amount(everybody[0]["quota"], currency, code=False)
    return parts.heading(title, f"quota {said}", view)


def _looking_back(found: LookingBackJson | None) -> list[str]:
    """Return what was forecast when a past period began, and how it turned out."""
    if found is None:
        return []
    notes = []
    for line in found["lines"]:
        notes.append(f"{found['period']['label']} on its first day: {_against(line)}")
        apart = [
            f"{name} {_counted_in(counted, line['currency'])}"
            for counted, name in (
                (line["opened_since"], "opened and won since:"),
                (line["pulled_in"], "pulled in and won:"),
                (line["pushed_out"], "pushed out:"),
            )
            if counted["count"]
        ]
        if apart:
            notes.append(f"  Apart from these, {'; '.join(apart)}")
        if line["estimated"]:
            deals = text.plural(line["estimated"], "deal")
            notes.append(f"  {deals} estimated: imported as closed")
    return notes


def _against(line: RetrospectJson) -> str:
    """Return `970 deals, 1.36m USD expected → 1.44m (+6 %; accuracy 95 %)`."""
    if not line["deals"]:
        return "no deal was to close"
    expected = theme.short_amount(line["forecast"], line["currency"])
    became = money.short(theme.minor(line["became"]), line["currency"])
    said = f"{text.plural(line['deals'], 'deal')}, {expected} expected {theme.ARROW} {became}"
    if line["error"] is None:
        return said
    accuracy = line["accuracy"]
    said_accuracy = f"; accuracy {accuracy:.0f} %" if accuracy is not None and accuracy >= 0 else ""
    return f"{said} ({_signed(line['error'])} %{said_accuracy})"


def _counted_in(found: CountedJson, currency: str) -> str:
    amount = theme.short_amount(found["amount"], currency)
    return f"{text.plural(found['count'], 'deal')}, {amount}"


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
            theme.amount(line["amount"], line["currency"], code=False),
            theme.estimate(line["weighted"], line["currency"], code=False),
        )
        called = name if name is not None else f"no {by}"
        rows.append(tuple(theme.cell(value) for value in (called, f"{line['count']:,}", *amounts)))
    return Group(Text(""), parts.grid(rows, view, right=(1, 2, 3)))


def _in_time(data: ForecastPage) -> list[str]:
    """Return why the weighted sum lies above what is likely, where it does."""
    weighted = {one["currency"]: theme.minor(one["weighted"]) for one in data["totals"]}
    period = data["period"]
    above = any(
        one["p90"] is not None and weighted.get(one["currency"], 0) > theme.minor(one["p90"])
        for one in data["likely"]
    )
    if period is None or not above:
        return []
    return [f"Likely also counts that some deals may be won only after {period['label']}"]


def _rates_in_short(data: ForecastPage) -> list[str]:
    """Return the win rates of the forecast, each with the deals it was learnt from."""
    used = {line["stage"] for line in data["stages"]}
    notes = []
    for learnt in data["win_rates"]:
        if not learnt["closed"] and learnt["business"] != "new":
            continue
        stages = [s for s in learnt["stages"] if s["stage"] in used and s["percent"] is not None]
        seen = [one for one in stages if one["closed"]]
        business = BUSINESS[learnt["business"]]
        if seen:
            said = [f"{_rate(one)} ({one['closed']} seen)" for one in seen]
            notes.append(f"Win rates, {business}: {', '.join(said)}")
        if assumed := [_rate(one) for one in stages if not one["closed"]]:
            notes.append(f"Assumed for {business}, none seen to close yet: {', '.join(assumed)}")
    return [*notes, "Where they come from: acct deal forecast --explain"] if notes else []


def _rate(one: StageRateJson) -> str:
    return f"{one['stage']} {one['percent']:.0f} %"


def _explained(data: ForecastPage, view: View) -> list[RenderableType]:
    """Draw where each win rate comes from, one table per business."""
    drawn: list[RenderableType] = []
    learning = data["learning"]
    for learnt in data["win_rates"]:
        drawn += [Text(""), *_business(learnt, learning["prior_deals"], view)]
    said = [
        f"Learnt: the deals seen in the stage or past it, with the prior as "
        f"{learning['prior_deals']} more.",
        "A rate never falls from one stage to the next. Deals imported as closed teach only the "
        "base rate.",
    ]
    if learning["own_chances"]:
        deals = text.plural(learning["own_chances"], "deal")
        said.append(f"{deals} of this forecast with a probability set by hand: that one counts.")
    return [*drawn, Text(""), *(theme.cell(line, "quiet") for line in said)]


def _business(learnt: WinRatesJson, prior: int, view: View) -> list[RenderableType]:
    name = BUSINESS[learnt["business"]]
    won = f"{learnt['won']} of {text.plural(learnt['closed'], 'closed deal')} won"
    base = f"base rate {learnt['base']:.0f} %, with the defaults as {text.plural(prior, 'deal')}"
    title = parts.dotted([f"Win rates, {name}", won, base])
    head = ("stage", "default", "prior", "seen", "won", "learnt", "rate")
    rows: list[TextRow] = [tuple(theme.cell(h, "quiet") for h in head)]
    for one in learnt["stages"]:
        found = one["default"], one["prior"], one["learnt"], one["percent"]
        shares = ["" if share is None else f"{share:.0f} %" for share in found]
        values = (one["stage"], *shares[:2], one["closed"], one["won"], *shares[2:])
        rows.append(tuple(theme.cell(value) for value in values))
    return [theme.cell(title, "heading"), parts.grid(rows, view, right=(1, 2, 3, 4, 5, 6))]


def _converted(converted: ConvertedJson | None) -> list[str]:
    """Return which currencies were converted into one line, and the day of the rates."""
    if converted is None:
        return []
    currency = converted["currency"]
    if converted["without_rate"]:
        missing = text.sentence_list(converted["without_rate"])
        example = f"acct config set rates.{converted['without_rate'][0]}"
        return [f"No total in {currency} without a rate for {missing}: {example}"]
    amounts = [theme.amount(line["amount"], line["currency"]) for line in converted["totals"]]
    rates = dates.say_rates(converted["rates_of"])
    return [f"In {currency} from {text.sentence_list(amounts, len(amounts))} ({rates})"]


def _left_out(left_out: LeftOutJson, period: PeriodJson | None) -> list[str]:
    """Return which deals are in no line, and the command that lists them."""
    notes = []
    if left_out["past"]:
        where = 'acct deal list --open --where "close_date < today"'
        deals = left_out["past_deals"]
        named = text.sentence_list([theme.line(deal["title"]) for deal in deals], NAMED)
        notes.append(f"Past their close date: {_counted(left_out['past'])} ({named}). See: {where}")
    if period and left_out["before"]:
        notes.append(f"Closing before: {_counted(left_out['before'])}")
    if period and left_out["later"]:
        notes.append(f"Closing later: {_counted(left_out['later'])}")
    if left_out["undated"]:
        where = 'acct deal list --open --where "close_date is empty"'
        notes.append(f"Without a close date: {_counted(left_out['undated'])}. See: {where}")
    if left_out["without_amount"]:
        deals_said = text.plural(left_out["without_amount"], "deal")
        where = 'acct deal list --where "amount is empty"'
        notes.append(f"Without an amount: {deals_said}. See: {where}")
    if left_out["omitted"]:
        notes.append(f"Omitted from the forecast: {_counted(left_out['omitted'])}")
    return notes


def _counted(lines: Sequence[ForecastLineJson]) -> str:
    """Return `3 deals, 40,000 SGD and 5,000 USD`."""
    amounts = [theme.amount(line["amount"], line["currency"]) for line in lines]
    deals = text.plural(sum(line["count"] for line in lines), "deal")
    return f"{deals}, {text.sentence_list(amounts, len(amounts))}"
