"""The reports as documents.

Made from the JSON of a report and nothing else. This module prepares what is awkward in a template:
lines by currency, weeks that become months, the cells of a grid. Nothing is judged, and no sum
crosses a currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.render import customers, figures, quotas
from acctcli.render.html import document
from acctcli.values import dates, durations

if TYPE_CHECKING:
    from acctcli.shapes.activity import ActivityJson, ActivityPage
    from acctcli.shapes.performance import PerformancePage
    from acctcli.shapes.pipeline import PipelinePage
    from acctcli.shapes.quality import QualityPage
    from acctcli.shapes.records import TotalJson
    from acctcli.shapes.renewals import RenewalsPage
    from acctcli.shapes.retention import CustomerJson, RetentionPage
    from acctcli.shapes.sources import SourcesPage
    from acctcli.shapes.whitespace import WhitespacePage
    from acctcli.shapes.winloss import WinLossPage

LONG = 100
"""Lines of a long list; further ones are counted."""

LABEL = 28
"""Columns of a name beside a drawing; the table below has the whole name."""

WORST, FLAWS = 20, 6
"""Accounts whose flaws are listed, and flaws per account: the most expensive first."""

COLUMNS = 60
"""More weeks than this are grouped by month, more months by year."""

PRODUCTS = 9
"""Products that fit beside each other on a sheet of paper."""

SIZES = ((10**9, 10**6, "millions of "), (10**6, 10**3, "thousands of "), (0, 1, ""))
"""The unit of a drawing by its highest figure: there is little space beside its scale."""


def pipeline(data: PipelinePage, today: date) -> str:
    """Return open deals by stage, then and now; conversion and time; velocity; rotting deals."""
    past = data["as_of"] != data["today"]
    title = f"Pipeline as of {document.day(data['as_of'])}" if past else "Pipeline"
    velocities = {line["currency"]: line for line in data["velocity"]}
    held = _currencies([*data["totals"], *data["now"]["totals"]])
    created, quota = data["creation"], data["creation"]["quota"]
    needs = quotas.needs(quota, created["currency"] or "") if quota else ""
    return _made(
        "pipeline.html",
        title,
        data,
        today,
        past=past,
        # The order of the velocities is that of importance.
        currencies=[one for one in dict.fromkeys([*velocities, *held]) if one in held],
        velocities=velocities,
        created_currencies=_currencies([*created["totals"], *created["before"]["totals"]]),
        needs=needs,
        has_norms=any(stage["norm_days"] is not None for stage in data["stages"]),
    )


def activity(data: ActivityPage, today: date) -> str:
    """Return what was done each week, by kind and by owner, and which tiers are covered."""
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
        # There is no space below a column for a year beside each day.
        short=[name[:-5] for name in names] if unit == "week" else names,
        marks=marks(weeks) if unit == "week" else [""] * len(names),
        kinds=[(line["kind"], summed(line), f"{line['interactions']:,}") for line in data["kinds"]],
        owners=owners,
        together=summed(data["total"]),
        duration=durations.say_duration,
    )


def retention(data: RetentionPage, today: date) -> str:
    """Return by currency how much recurring revenue stayed; renewals, RFM groups, customers."""
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
        "Retention",
        data,
        today,
        trends=trends,
        term_currencies=_currencies(terms),
        # An account has one line per currency.
        standings=[
            (name, len({line["account_id"] for line in lines}), lines)
            for name, lines in standings.items()
        ],
    )


def whitespace(data: WhitespacePage, today: date) -> str:
    """Return accounts by products as a grid, the candidates, and how products are spread."""
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


def _by_time(quarter: str) -> tuple[str, str]:
    """Return the sort key of a quarter, `Q4 2026`, or `FY27 Q3` of a fiscal year."""
    return (quarter[3:], quarter) if quarter.startswith("Q") else (quarter, "")


def performance(data: PerformancePage, today: date) -> str:
    """Return by currency what was won, when and by whom; quotas; the best beside the rest."""
    quarters, groups = figures.by_currency(data["quarters"]), figures.by_currency(data["groups"])
    times = sorted({line["quarter"] for line in data["quarters"]}, key=_by_time)
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
    """Return what became of accounts by source and by tag."""
    return _made(
        "sources.html", "Sources", data, today, currencies=_currencies(data["total"]["value"])
    )


def renewals(data: RenewalsPage, today: date) -> str:
    """Return what ends in each quarter, by currency, and the contracts with their chances."""
    return _made(
        "renewals.html",
        "Renewals",
        data,
        today,
        by_currency=list(figures.by_currency(data["quarters"]).items()),
    )


def winloss(data: WinLossPage, today: date) -> str:
    """Return what stands out among the closed deals, and a table for each comparison."""
    from acctcli.render import winloss as words

    tables = []
    for by, title in words.TITLES.items():
        lines = [
            (words.name_of(group, data["currency"]), group)
            for group in data["groups"]
            if group["by"] == by
        ]
        if lines:
            tables.append((by, title, lines))
    said = words.sentences(data)
    return _made("winloss.html", "Won and lost", data, today, tables=tables, said=said)


def quality(data: QualityPage, today: date) -> str:
    """Return how good the data is, what would help most, and the accounts with their fixes."""
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
    """Return the currencies of some amounts, each once."""
    return sorted({amount["currency"] for amount in amounts})


def _columns(weeks: Sequence[date]) -> tuple[str, list[str]]:
    """Return what a column of a drawing of these weeks is, and the column of each week."""
    months = [f"{dates.MONTHS[week.month - 1][:3]} {week.year}" for week in weeks]
    if len(weeks) <= COLUMNS:
        return "week", [document.day(week) for week in weeks]
    if len(set(months)) <= COLUMNS:
        return "month", months
    return "year", [str(week.year) for week in weeks]


def marks(weeks: Sequence[date]) -> list[str]:
    """Return the months, each above the first of its weeks if there is space for it."""
    found, free = [], 0
    for place, week in enumerate(weeks):
        begins = place == 0 or week.month != weeks[place - 1].month
        found.append(dates.MONTHS[week.month - 1][:3] if begins and place >= free else "")
        if found[-1]:
            free = place + 2
    return found


def _month(stored: str) -> str:
    """Return `Nov 2025` for `2025-11`."""
    year, month = stored.split("-")
    return f"{dates.MONTHS[int(month) - 1][:3]} {year}"
