"""The reports as documents.

Made of the JSON of a report and nothing else. What is prepared here is what a
template says badly: lines by currency, weeks that grow into months, the cells of
a grid. Nothing is judged, and no sum crosses a currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.render import customers, figures
from acctcli.render.html import document
from acctcli.values import dates, durations

if TYPE_CHECKING:
    from acctcli.shapes.activity import ActivityJson, ActivityPage
    from acctcli.shapes.performance import PerformancePage
    from acctcli.shapes.pipeline import PipelinePage
    from acctcli.shapes.quality import QualityPage
    from acctcli.shapes.records import TotalJson
    from acctcli.shapes.retention import CustomerJson, RetentionPage
    from acctcli.shapes.sources import SourcesPage
    from acctcli.shapes.whitespace import WhitespacePage

LONG = 100
"""Lines of a list that may go on for ever; the rest is counted."""

LABEL = 28
"""Columns of a name beside a drawing; the table below has all of it."""

WORST, FLAWS = 20, 6
"""Accounts whose flaws are told one by one, and of how many: the dearest come first."""

COLUMNS = 60
"""More weeks than this are told by month, more months by year."""

PRODUCTS = 9
"""Products that a sheet of paper has room for beside each other."""

SIZES = ((10**9, 10**6, "millions of "), (10**6, 10**3, "thousands of "), (0, 1, ""))
"""From which figure on a drawing counts in what: there is little room beside its scale."""


def pipeline(data: PipelinePage, today: date) -> str:
    """Open deals by stage, then and now; conversion and time; velocity; what is rotting."""
    past = data["as_of"] != data["today"]
    title = f"Pipeline as of {document.day(data['as_of'])}" if past else "Pipeline"
    velocities = {line["currency"]: line for line in data["velocity"]}
    held = _currencies([*data["totals"], *data["now"]["totals"]])
    return _made(
        "pipeline.html",
        title,
        data,
        today,
        past=past,
        # The order of the velocities is the one in which currencies matter.
        currencies=[one for one in dict.fromkeys([*velocities, *held]) if one in held],
        velocities=velocities,
        has_norms=any(stage["norm_days"] is not None for stage in data["stages"]),
    )


def activity(data: ActivityPage, today: date) -> str:
    """What was done in which week, by kind and by owner, and which tiers were reached in time."""
    weeks = [date.fromisoformat(week) for week in data["weeks"]]
    unit, labels = _columns(weeks)
    names = list(dict.fromkeys(labels))

    def summed(line: ActivityJson) -> list[int]:
        found = dict.fromkeys(names, 0)
        for label, count in zip(labels, line["by_week"], strict=True):
            found[label] += count
        return list(found.values())

    owners = [
        (text.clip(line["owner"] or "no owner", LABEL), summed(line), f"{line['interactions']:,}")
        for line in data["owners"][:LONG]
    ]
    return _made(
        "activity.html",
        "Activity",
        data,
        today,
        unit=unit,
        names=names,
        # A year beside each day would not find room below a column.
        short=[name[:-5] for name in names] if unit == "week" else names,
        marks=marks(weeks) if unit == "week" else [""] * len(names),
        kinds=[(line["kind"], summed(line), f"{line['interactions']:,}") for line in data["kinds"]],
        owners=owners,
        together=summed(data["total"]),
        duration=durations.say_duration,
    )


def retention(data: RetentionPage, today: date) -> str:
    """By currency how much of a year's revenue stayed and went; renewals, segments, customers."""
    trends = {}
    for currency, points in figures.by_currency(data["trend"]).items():
        by_month = {point["month"]: point for point in points}
        months = sorted({p["month"] for p in data["trend"] if p["month"] >= min(by_month)})
        trends[currency] = [(_month(month), by_month.get(month)) for month in months]
    terms = [amount for window in data["renewals"] for amount in window["value"]]
    standings: dict[str, list[CustomerJson]] = {}
    for customer in data["customers"]:
        standings.setdefault(customer["standing"], []).append(customer)
    return _made(
        "retention.html",
        "Retention of recurring revenue" if data["recurring"] else "Retention",
        data,
        today,
        trends=trends,
        term_currencies=_currencies(terms),
        # An account has a line for each of its currencies.
        standings=[
            (name, len({line["account_id"] for line in lines}), lines)
            for name, lines in standings.items()
        ],
    )


def whitespace(data: WhitespacePage, today: date) -> str:
    """Accounts by products as a grid, what else accounts could buy, and how products are spread."""
    offers: dict[str, set[str]] = {}
    for candidate in data["candidates"]:
        offers.setdefault(candidate["account_id"], set()).add(candidate["product"])
    names = [product["product"] for product in data["products"]]
    states = [
        (
            account,
            [customers.state(n, account, offers.get(account["account_id"], ())) for n in names],
        )
        for account in sorted(data["accounts"], key=lambda a: -len(offers.get(a["account_id"], ())))
    ]
    counts = [
        {state: sum(row[place] == state for _, row in states) for state in customers.CELLS}
        for place, _ in enumerate(names)
    ]
    grids = []
    for start in range(0, len(names), PRODUCTS):
        part = slice(start, start + PRODUCTS)
        rows = [(account, row[part]) for account, row in states]
        if len(names) > PRODUCTS:
            rows = [row for row in rows if set(row[1]) != {"nothing"}]
        grids.append((names[part], rows))
    return _made(
        "whitespace.html",
        "Whitespace",
        data,
        today,
        grids=grids,
        signs=customers.CELLS,
        products=list(zip(data["products"], counts, strict=True)),
        in_open_deals=sum(count["open"] for count in counts),
    )


def performance(data: PerformancePage, today: date) -> str:
    """By currency what was won, when and by whom; quotas; the best beside the rest."""
    quarters, groups = figures.by_currency(data["quarters"]), figures.by_currency(data["groups"])
    times = sorted({line["quarter"] for line in data["quarters"]}, key=lambda q: (q[3:], q))
    parts = []
    for total in data["totals"]:
        currency = total["currency"]
        lines = quarters.get(currency, [])
        won = {line["quarter"]: float(line["revenue"] or 0) for line in lines}
        most = max(won.values(), default=0)
        size, counted = next((size, word) for least, size, word in SIZES if most >= least)
        points = [(quarter, won.get(quarter, 0) / size) for quarter in times]
        parts.append((total, lines, groups.get(currency, []), points, f"{counted}{currency}"))
    return _made("performance.html", "Performance", data, today, parts=parts)


def sources(data: SourcesPage, today: date) -> str:
    """What became of the accounts of each source and tag."""
    return _made(
        "sources.html", "Sources", data, today, currencies=_currencies(data["total"]["value"])
    )


def quality(data: QualityPage, today: date) -> str:
    """How good the data is, what would help most, and the accounts with what mends them."""
    scores = [account["score"] for account in data["accounts"]]
    bands = [(f"{low} to {low + 9}" if low < 90 else "90 to 100", low) for low in range(0, 100, 10)]
    counts = [(name, sum(min(s // 10, 9) == low // 10 for s in scores)) for name, low in bands]
    lowest = next((place for place, (_, count) in enumerate(counts) if count), 0)
    return _made(
        "quality.html",
        "Data quality",
        data,
        today,
        bands=counts[lowest:],
        worst=WORST,
        most_flaws=FLAWS,
        flawed=[account for account in data["accounts"] if account["flaws"]],
        sound=[account["account"] for account in data["accounts"] if not account["flaws"]],
    )


def _made(template: str, title: str, data: Mapping[str, Any], today: date, **more: Any) -> str:
    return document.made(template, data, today, title, "Report", long=LONG, **more)


def _currencies(amounts: Iterable[TotalJson]) -> list[str]:
    """The currencies of some amounts, each once."""
    return sorted({amount["currency"] for amount in amounts})


def _columns(weeks: Sequence[date]) -> tuple[str, list[str]]:
    """What a drawing of these weeks has a column for, and the one that each week is in."""
    months = [f"{dates.MONTHS[week.month - 1][:3]} {week.year}" for week in weeks]
    if len(weeks) <= COLUMNS:
        return "week", [document.day(week) for week in weeks]
    if len(set(months)) <= COLUMNS:
        return "month", months
    return "year", [str(week.year) for week in weeks]


def marks(weeks: Sequence[date]) -> list[str]:
    """The months, each above the first of its weeks where there is room for it."""
    found, free = [], 0
    for place, week in enumerate(weeks):
        begins = place == 0 or week.month != weeks[place - 1].month
        found.append(dates.MONTHS[week.month - 1][:3] if begins and place >= free else "")
        if found[-1]:
            free = place + 2
    return found


def _month(stored: str) -> str:
    """`Nov 2025` for `2025-11`."""
    year, month = stored.split("-")
    return f"{dates.MONTHS[int(month) - 1][:3]} {year}"
