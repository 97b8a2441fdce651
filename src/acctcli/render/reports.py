"""The reports about work: activity, performance, sources.

Drawn from the JSON of the page and nothing else; nothing here may judge. Every
text of the book goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.render import charts, figures, parts, quotas, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import money

if TYPE_CHECKING:
    from acctcli.shapes.activity import ActivityPage, CoverageJson
    from acctcli.shapes.performance import (
        Compared,
        ComparedJson,
        ComparisonJson,
        Grouping,
        GroupPerformanceJson,
        PerformanceJson,
        PerformancePage,
        QuarterPerformanceJson,
        QuotasJson,
    )
    from acctcli.shapes.sources import NamedOriginsJson, SourcesPage

LONG = 30
"""Lines of a table that is the report itself; further ones are counted."""

ORIGINS = 12
"""Lines of sources, and of tags, of which there may be many; further ones are counted."""


# Activity


def activity(data: ActivityPage, view: View) -> RenderableType:
    """Draw a heat map of kinds by week, owners with their weeks, and the covered tiers."""
    total = data["total"]
    heading = parts.heading("Activity", figures.between(data["period"], view), view)
    drawn: list[RenderableType] = [heading]
    if total["interactions"]:
        drawn += [Text(""), _heat(data, view), _busy(data, view)]
    else:
        drawn.append(Hint("No interactions logged: acct log call", ""))
    drawn.append(_coverage(data["coverage"], view))
    drawn += figures.note("Every week, owner and kind: acct report activity -f csv")
    return Group(*drawn)


def _heat(data: ActivityPage, view: View) -> RenderableType:
    """Draw the last weeks that fit, with a shade for how much of each kind was done."""
    labels = [line["kind"] for line in data["kinds"]]
    label = max(map(len, (*labels, "total")))
    room = view.width - label - 12
    count = max(min(len(data["weeks"]), room), 1)
    step = max(min(room // count, 3), 1)
    weeks = data["weeks"][-count:]
    most = max(max(line["by_week"][-count:]) for line in data["kinds"])
    lines = [theme.cell(" " * (label + 2) + _months(weeks, step), "quiet")]
    for line in data["kinds"]:
        shades = "".join(charts.shade(n, most) * step for n in line["by_week"][-count:])
        lines.append(theme.cell(f"{line['kind']:{label}}  {shades}  {line['interactions']:,}"))
    spark = charts.sparkline(data["total"]["by_week"][-count:])
    together = "".join(block * step for block in spark)
    lines.append(theme.cell(f"{'total':{label}}  {together}  {data['total']['interactions']:,}"))
    scale = f"{charts.shade(0, most)} none  "
    scale += f"{charts.shade(1, 100)} few  {charts.shade(1, 1)} {most:,} a week"
    if count < len(data["weeks"]):
        scale += f"; the last {count} of {len(data['weeks'])} weeks"
    lines.append(theme.cell(scale, "quiet"))
    return Group(*lines)


def _months(weeks: Sequence[str], step: int) -> str:
    """Return the months above the weeks in which they begin, if their names fit."""
    line = ""
    for place, week in enumerate(weeks):
        monday = date.fromisoformat(week)
        begins = place == 0 or monday.month != (monday - timedelta(days=7)).month
        if begins and len(line) <= place * step:
            line = f"{line:{place * step}}{monday:%b} "
    return line.rstrip()


def _busy(data: ActivityPage, view: View) -> RenderableType:
    owners = data["owners"]
    if len(owners) == 1 and owners[0]["owner"] is None:
        return parts.NOTHING
    most = max((n for line in owners for n in line["by_week"]), default=0)
    room = figures.room(view, 60)
    rows: list[TextRow] = [figures.head("owner", "all", "two-way", "accounts", "by week")]
    rows += [
        figures.cells(
            line["owner"] or "no owner",
            f"{line['interactions']:,}",
            f"{line['two_way']:,}",
            f"{line['accounts']:,}",
            charts.sparkline(line["by_week"][-room:], 0, most) if room else "",
        )
        for line in owners
    ]
    return parts.section("By owner", rows, view, right=(1, 2, 3))


def _coverage(coverage: CoverageJson, view: View) -> RenderableType:
    rows: list[TextRow] = [
        figures.cells(
            line["tier"] or "no tier",
            f"{line['touched']} of {line['accounts']}",
            "" if line["share"] is None else figures.whole_percent(line["share"]),
            charts.bar(line["touched"], line["accounts"], figures.room(view, 62)),
            parts.dotted(
                [
                    f"{line['late']} late" if line["late"] else "",
                    f"{line['never']} never reached" if line["never"] else "",
                ]
            ),
        )
        for line in coverage["tiers"]
    ]
    day = theme.day(coverage["day"], view.today)
    return parts.section(f"On cadence, {day}", rows, view, right=(1, 2))


# Performance


def performance(data: PerformancePage, view: View) -> RenderableType:
    """Draw totals, revenue by quarter, the groups, quotas, and the best beside the rest."""
    heading = parts.heading("Performance", figures.between(data["period"], view), view)
    if not data["totals"]:
        nothing = "No deals opened or closed in this period. Try: --period 2026"
        return Group(heading, theme.cell(nothing))
    drawn: list[RenderableType] = [heading]
    drawn += [_totals(total) for total in data["totals"]]
    drawn.append(_quarters(data["quarters"], view))
    if data["by"] != "quarter":
        drawn.append(_groups(data["by"], data["groups"], view))
    drawn.append(_attainment(data["quota"], view))
    drawn.append(_comparison(data["comparison"], view))
    quota = data["quota"]
    refused = ""
    if quota and quota["without_rate"]:
        refused = quotas.refused(quota["currency"], quota["without_rate"], quota["base"])
    drawn += figures.note(figures.together(data["converted"], "won"), refused, _next_step(data))
    return Group(*drawn)


def _next_step(data: PerformancePage) -> str:
    others = [name for name in ("product", "quarter", "industry") if name != data["by"]]
    return f"Also: acct report performance --by {others[0]}"


def _totals(total: PerformanceJson) -> RenderableType:
    """Draw what happened in one currency, as a sentence."""
    currency = total["currency"]
    said = [
        f"opened {total['opened']:,}"
        + (f" for {figures.amount(total['created'], currency)}" if currency else ""),
        f"won {total['won']:,} of {total['won'] + total['lost']:,} closed",
        figures.whole_percent(total["win_rate"]) if total["win_rate"] is not None else "",
        figures.amount(total["revenue"], currency) if currency and total["won"] else "",
        f"{figures.average(total['average'], currency)} each" if total["average"] else "",
        f"in {figures.days(total['cycle_days'])}" if total["cycle_days"] is not None else "",
    ]
    return theme.cell(parts.dotted(said))


def _quarters(quarters: Sequence[QuarterPerformanceJson], view: View) -> RenderableType:
    sections = []
    for currency, lines in figures.by_currency(quarters).items():
        if currency is None:
            continue  # nothing to show as a bar
        revenues = [theme.minor(line["revenue"] or "0") for line in lines]
        rows: list[TextRow] = [figures.head("quarter", "won", "rate", "revenue", "")]
        rows += [
            figures.cells(
                line["quarter"],
                f"{line['won']:,}",
                figures.rate(line["win_rate"], line["won"], line["won"] + line["lost"]),
                figures.amount(line["revenue"]),
                charts.bar(revenue, max(revenues), figures.room(view, 44)),
            )
            for line, revenue in zip(lines, revenues, strict=True)
        ]
        sections.append(parts.section(f"Won by quarter, {currency}", rows, view, right=(1, 2, 3)))
    return Group(*sections)


def _groups(by: Grouping, groups: Sequence[GroupPerformanceJson], view: View) -> RenderableType:
    sections = []
    heads = (by, "opened", "for", "won", "rate", "revenue", "average", "days")
    for currency, lines in figures.by_currency(groups).items():
        rows = [figures.head(*heads), *(_group(by, line, currency) for line in lines[:LONG])]
        if len(lines) > LONG:
            rows.append(
                figures.head(f"{theme.MORE} {len(lines) - LONG:,} more", *("" for _ in heads[1:]))
            )
        title = f"By {by}, {currency or 'without an amount'}"
        sections.append(parts.section(title, rows, view, right=range(1, len(heads))))
    return Group(*sections)


def _group(by: Grouping, line: GroupPerformanceJson, currency: str | None) -> TextRow:
    created = line["created"]
    return figures.cells(
        line[by] if line[by] is not None else f"no {by}",
        f"{line['opened']:,}",
        money.short(theme.minor(created), currency) if created and currency else theme.NONE,
        f"{line['won']:,}",
        figures.rate(line["win_rate"], line["won"], line["won"] + line["lost"]),
        figures.amount(line["revenue"]),
        figures.average(line["average"], currency),
        figures.number(line["cycle_days"], 0),
    )


def _attainment(quota: QuotasJson | None, view: View) -> RenderableType:
    if quota is None:
        return parts.NOTHING
    most = max([100, *(line["share"] or 0 for line in quota["attainment"])])
    rows: list[TextRow] = [
        figures.cells(
            line["quarter"],
            line["owner"] or "total",
            figures.amount(line["won"]),
            f"of {figures.amount(line['quota'])}",
            f"{figures.whole_percent(line['share'])}, {text.plural(line['deals'], 'deal')}",
            charts.bar(line["share"] or 0, most, figures.room(view, 76)),
        )
        for line in quota["attainment"]
    ]
    return parts.section(f"Against quota, {quota['currency']}", rows, view, right=(2, 3, 4))


def _is(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {count or 'none'}"


def _comparison(found: ComparisonJson, view: View) -> RenderableType:
    """Draw what the best do differently, where it was recorded for both."""
    best, rest = found["best"], found["rest"]
    if best is None or rest is None:
        least = found["minimum"]
        few = (
            f"No comparison of the best with the rest: it needs {least['owners']} owners with "
            f"{least['closed']} closed deals each, and there {_is(found['compared'])}"
        )
        return Group(Text(""), theme.cell(few, "quiet"))

    def average(digits: str | None) -> str:
        return figures.average(digits, found["currency"])

    lines = [
        (f"revenue each, {found['currency']}", *_pair("revenue", best, rest, average)),
        ("deals closed", f"{best['deals']:,}", f"{rest['deals']:,}"),
        ("win rate", *_pair("win_rate", best, rest, figures.whole_percent)),
        ("average won", *_pair("average", best, rest, average)),
        ("days from open to won", *_pair("cycle_days", best, rest, figures.number)),
        ("touches per deal", *_pair("touches", best, rest, figures.number)),
        ("people per deal", *_pair("people", best, rest, figures.number)),
        ("discount", *_pair("discount", best, rest, figures.percent)),
    ]
    known = [line for line in lines if line[1] != theme.NONE or line[2] != theme.NONE]
    rows = [figures.head("", f"top {len(best['owners'])}", f"others {len(rest['owners'])}")]
    rows += [figures.cells(*line) for line in known]
    unknown = [name for name, first, second in lines if first == second == theme.NONE]
    drawn = [parts.section("What top sellers do differently", rows, view, right=(1, 2))]
    names = text.sentence_list([text.safe(name) for name in best["owners"]], 6)
    drawn.append(theme.cell(f" Top by revenue: {names}", "quiet"))
    if unknown:
        drawn.append(theme.cell(f" Not recorded: {', '.join(unknown)}", "quiet"))
    return Group(*drawn)


def _pair(name: Compared, best: ComparedJson, rest: ComparedJson, said: Any) -> tuple[str, str]:
    return said(best[name]), said(rest[name])


# Sources


def sources(data: SourcesPage, view: View) -> RenderableType:
    """Draw one line per source and tag: how many came, what became of them, how fast."""
    period = figures.between(data["period"], view) if data["period"] else "whole book"
    heading = parts.heading("Sources", period, view)
    total = data["total"]
    if not total["leads"]:
        return Group(
            heading,
            Hint("No accounts added in this period: acct account add --source web", ""),
        )
    customers = figures.rate(total["customer_rate"], total["customers"], total["leads"])
    qualified = figures.rate(total["qualified_rate"], total["qualified"], total["leads"])
    summary = [
        f"leads {total['leads']:,}",
        f"qualified {qualified}",
        f"customers {customers}",
        *(f"won {figures.amount(v['amount'], v['currency'])}" for v in total["value"]),
    ]
    tip = ""
    if all(line["name"] is None for line in data["sources"]):
        tip = "No account has a source yet: acct account edit --source web"
    return Group(
        heading,
        theme.cell(parts.dotted(summary)),
        _origins("By source", "no source", data["sources"], view),
        _origins("By tag", "", data["tags"], view),
        *figures.note(figures.together(data["converted"], "won"), tip),
    )


def _median(days: str | None, count: int) -> str:
    """Return `112 (4)`: the median days, and of how many accounts."""
    return theme.NONE if days is None else f"{figures.number(days, 0)} ({count:,})"


def _origins(
    title: str, unnamed: str, lines: Sequence[NamedOriginsJson], view: View
) -> RenderableType:
    if not lines:
        return parts.NOTHING
    most = max(line["leads"] for line in lines)
    heads = ("", "leads", "", "qualified", "customers", "days (n)", "won")
    rows: list[TextRow] = [figures.head(*heads)]
    for line in lines[:ORIGINS]:
        won = [(theme.minor(value["amount"]), value["currency"]) for value in line["value"]]
        rows.append(
            figures.cells(
                line["name"] if line["name"] is not None else unnamed,
                f"{line['leads']:,}",
                charts.bar(line["leads"], most, 8),
                f"{line['qualified']:,}",
                figures.rate(line["customer_rate"], line["customers"], line["leads"]),
                _median(line["days_to_customer"], line["customer_timed"]),
                ", ".join(f"{money.short(minor, currency)} {currency}" for minor, currency in won),
            )
        )
    if len(lines) > ORIGINS:
        rows.append(
            figures.head(f"{theme.MORE} {len(lines) - ORIGINS:,} more", *("" for _ in heads[1:]))
        )
    return parts.section(title, rows, view, right=(1, 3, 4, 5))
