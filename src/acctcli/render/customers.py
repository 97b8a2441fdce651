"""The reports about customers: retention and whitespace.

Drawn from the JSON of the page and nothing else; nothing here may judge. Every text of the book
goes through `theme.cell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from acctcli import text
from acctcli.render import account_bought, charts, figures, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.shapes.retention import (
        CohortJson,
        CustomerJson,
        OrderingJson,
        RenewalWindowJson,
        RepeatJson,
        RetainedMonthJson,
        RetentionPage,
        RfmGroupsJson,
    )
    from acctcli.shapes.whitespace import CandidateJson, GridAccountJson, WhitespacePage

SHOWN = 8
"""Lines of a list that may be long; further ones are counted."""

GRID_ROWS = 20
NARROWEST_PRODUCT = 7
"""Columns that a product needs to be headed by its name and not by a number."""

CELLS = {
    "bought": theme.DOT,
    "open": theme.RING,
    "candidate": theme.DIAMOND,
    "nothing": theme.SPECK,
}


# Retention


def retention(data: RetentionPage, view: View) -> RenderableType:
    """Draw a block per currency, repeat revenue, the customers by what became of them, groups."""
    heading = parts.heading("Retention", figures.between(data["year"], view), view)
    if not data["customers"]:
        nothing = "No such purchases: acct purchase add --recurring yearly"
        return Group(heading, Hint(nothing, ""))
    drawn: list[RenderableType] = [heading]
    for cohort in data["cohorts"]:
        drawn += [Text(""), _cohort(cohort, data["trend"], view)]
    if not data["cohorts"]:
        nothing = "No recurring revenue: acct purchase add --recurring yearly"
        drawn += [Text(""), Hint(nothing, "")]
    drawn.append(_repeat(data["repeat"], view))
    for standing in ("lost", "won back", "new"):
        drawn.append(_customers(standing, data["customers"], view))
    drawn.append(_late(data["reorders"], view))
    drawn += [_renewals(data["renewals"], view), _groups(data["groups"], view)]
    return Group(*drawn, *figures.note(*_remarks(data)))


def _remarks(data: RetentionPage) -> list[str]:
    """Return what the figures rest on, and where there is more."""
    found = []
    converted = data["converted"]
    if converted and converted["without_rate"]:
        found.append(figures.no_rate(converted))
    elif converted:
        found.append(f"Recurring revenue in {converted['currency']}, {figures.rates_of(converted)}")
    if any(window["terms"] for window in data["renewals"]):
        furthest = data["renewals"][-1]["within_days"]
        found.append(f"All contracts ending soon: acct purchase renewals --days {furthest}")
    return [*found, "All customers with RFM marks: acct report retention -f csv"]


def _cohort(cohort: CohortJson, trend: Sequence[RetainedMonthJson], view: View) -> RenderableType:
    """Draw ARR by month, NRR and GRR, and the way from the ARR of a year ago to that of now."""
    currency = cohort["currency"]
    points = [point for point in trend if point["currency"] == currency]
    bars = charts.sparkline([float(point["arr"]) for point in points])
    since = f"since {dates.say_month(points[0]['month'])}" if len(points) > 1 else ""
    shares: list[TextRow] = [
        (
            theme.cell("ARR"),
            theme.cell(figures.amount(cohort["arr"]), "heading"),
            theme.cell(bars),
            theme.cell(since, "quiet"),
        )
    ]
    names: Sequence[tuple[str, Literal["nrr", "grr"]]] = (("NRR", "nrr"), ("GRR", "grr"))
    known = [share for point in points for _, name in names if (share := point[name]) is not None]
    for said, name in names if cohort["nrr"] is not None else ():
        values = [point[name] for point in points]
        line = charts.sparkline(values, min(known), max(known))
        now = theme.cell(figures.percent(cohort[name]), "heading")
        shares.append((theme.cell(said), now, theme.cell(line), Text("")))
    way = [
        ("a year ago", cohort["start"], ""),
        ("expanded", cohort["expansion"], "+"),
        ("contracted", cohort["contraction"], "-"),
        ("churned", cohort["lost"], "-"),
        ("new", cohort["new"], "+"),
        ("now", cohort["arr"], ""),
    ]
    wide = max(len(figures.amount(amount)) for _, amount, _ in way) + len("contracted") + 8
    most_minor = max(abs(theme.minor(amount)) for _, amount, _ in way)
    steps: list[TextRow] = []
    for label, amount, sign in way:
        minor = theme.minor(amount)
        picture = charts.bar(minor, most_minor, figures.room(view, wide))
        said = f"{sign if minor else ''}{figures.amount(amount)}"
        steps.append(figures.cells(label, said, picture))
    return Group(
        theme.cell(parts.dotted([f"{currency} a year", _stayed(cohort)]), "heading"),
        Padding(parts.grid(shares, view, right=(1,)), (0, 0, 0, 1)),
        Padding(parts.grid(steps, view, right=(1,)), (0, 0, 0, 1)),
    )


def _stayed(cohort: CohortJson) -> str:
    """`12 of 14 customers kept (86 %)`; of few customers `2 customers: 14,300 → 41,200`."""
    customers = text.plural(cohort["customers"], "customer")
    if cohort["customers"] == 0:
        return "no customers a year ago"
    if cohort["customers_kept"] is None:
        start, end = figures.amount(cohort["start"]), figures.amount(cohort["end"])
        return f"{customers}: {start} {theme.ARROW} {end}"
    return f"{cohort['kept']} of {customers} kept ({figures.percent(cohort['customers_kept'])})"


def _repeat(found: Sequence[RepeatJson], view: View) -> RenderableType:
    """Draw repeat revenue: one-off sales to the customers of the year before."""
    rows: list[TextRow] = []
    for one in found:
        before = figures.amount(one["before"])
        year = figures.amount(one["year"], one["currency"])
        share = "" if one["repeated"] is None else figures.percent(one["repeated"])
        rows.append(
            (
                theme.cell(
                    f"{one['again']} of {text.plural(one['customers'], 'customer')} bought again"
                ),
                theme.cell(f"{before} {theme.ARROW} {year}"),
                theme.cell(share, "heading"),
            )
        )
    return parts.section("Repeat revenue (one-off sales)", rows, view, right=(1, 2))


def _customers(standing: str, customers: Sequence[CustomerJson], view: View) -> RenderableType:
    found = [customer for customer in customers if customer["standing"] == standing]
    rows: list[TextRow] = []
    for customer in found[:SHOWN]:
        amount = _most(customer, lost=standing == "lost")
        when = {
            "lost": f"last {theme.day(customer['last'], view.today)}",
            "won back": f"after {text.plural(customer['away'], 'day')}" if customer["away"] else "",
            "new": f"since {theme.day(customer['first'], view.today)}",
        }[standing]
        rows.append(
            (
                theme.cell(customer["account"]),
                theme.cell(figures.amount(amount, customer["currency"])),
                theme.cell(when, "quiet"),
            )
        )
    if len(found) > SHOWN:
        rows.append(
            (theme.cell(f"{theme.MORE} {len(found) - SHOWN:,} more", "quiet"), Text(""), Text(""))
        )
    count = len({customer["account_id"] for customer in found})
    title = f"{standing.capitalize()}: {text.plural(count, 'customer')}"
    return parts.section(title, rows, view, right=(1,))


def _late(reorders: Sequence[OrderingJson], view: View) -> RenderableType:
    """Draw the customers whose next one-off order is late, the latest to be so first."""
    late = [one for one in reorders if one["days_late"]]
    rows: list[TextRow] = [
        (
            theme.cell(one["account"]),
            theme.cell(account_bought.usual_order(one)),
            theme.cell(f"last {theme.ago(one['last'], view.today)}", "quiet"),
            theme.cell(f"{text.plural(one['days_late'] or 0, 'day')} late", "risk"),
        )
        for one in late[:SHOWN]
    ]
    if len(late) > SHOWN:
        rows.append(figures.head(f"{theme.MORE} {len(late) - SHOWN:,} more", "", "", ""))
    title = f"Late to order again: {len(late)} of {text.plural(len(reorders), 'customer')}"
    return parts.section(title, rows, view, right=(3,))


def _most(customer: CustomerJson, *, lost: bool) -> str:
    """Return the ARR that went or came; for one-off customers, what was sold to them."""
    recurring = customer["arr_before"] if lost else customer["arr"]
    once = customer["before"] if lost else customer["year"]
    return recurring if theme.minor(recurring) else once


def _renewals(windows: Sequence[RenewalWindowJson], view: View) -> RenderableType:
    rows: list[TextRow] = []
    first = 0
    for window in windows:
        amounts = (figures.amount(v["amount"], v["currency"]) for v in window["value"])
        missing = f"{window['without_deal']} without a renewal deal"
        if window["terms"]:
            rows.append(
                (
                    theme.cell(f"{first} to {window['within_days']} days"),
                    theme.cell(text.plural(window["terms"], "contract")),
                    theme.cell(missing, "risk") if window["without_deal"] else Text(""),
                    theme.cell(", ".join(amounts)),
                )
            )
        first = window["within_days"] + 1
    return parts.section("Up for renewal", rows, view)


def _groups(found: RfmGroupsJson, view: View) -> RenderableType:
    groups = found["groups"]
    most = max((group["customers"] for group in groups), default=0)
    rows: list[TextRow] = [
        (
            theme.cell(group["group"]),
            theme.cell(f"{group['customers']:,}"),
            theme.cell(charts.bar(group["customers"], most, figures.room(view, 68))),
            theme.cell(theme.estimate(group["spent"], found["currency"])),
            theme.cell(group["meaning"], "quiet"),
        )
        for group in groups
    ]
    return parts.section(f"RFM groups, {found['months']} months", rows, view, right=(1, 3))


# Whitespace


def whitespace(data: WhitespacePage, view: View) -> RenderableType:
    """Draw the grid, accounts that could buy more first, and the candidates with their rules."""
    heading = parts.heading("Whitespace", text.plural(data["customers"], "customer"), view)
    if not data["products"]:
        return Group(heading, Hint("No products yet: acct product add", ""))
    if not data["accounts"]:
        nobody = "No account bought a product, or has one in an open deal"
        return Group(heading, theme.cell(nobody), *(theme.cell(note) for note in _unnamed(data)))
    return Group(
        heading,
        Text(""),
        _grid(data, view),
        _offers(data["candidates"], view),
        *figures.note(*_unnamed(data), *_too_small(data)),
    )


def _unnamed(data: WhitespacePage) -> list[str]:
    """Say how to name products, where neither a purchase nor a won deal does."""
    if data["names_products"]:
        return []
    return [
        "Whitespace compares products, and no purchase or won deal names one.",
        "To name them: acct purchase list, then acct purchase edit with --product",
    ]


def _grid(data: WhitespacePage, view: View) -> RenderableType:
    could: dict[str, set[str]] = {}
    for candidate in data["candidates"]:
        could.setdefault(candidate["account_id"], set()).add(candidate["product"])
    accounts = sorted(data["accounts"], key=lambda a: -len(could.get(a["account_id"], ())))
    shown = accounts[:GRID_ROWS]
    names = [product["product"] for product in data["products"]]
    label = min(max(text.width(text.safe(a["account"])) for a in shown), view.width // 3)
    wide = (view.width - label) // len(names) - 2
    heads = [text.clip(text.safe(name), max(wide, 1)) for name in names]
    by_name = wide >= NARROWEST_PRODUCT and len(set(heads)) == len(heads)
    if not by_name:
        names = names[: max((view.width - label) // 4, 1)]
        heads = [str(number) for number, _ in enumerate(names, 1)]
    rows: list[TextRow] = [figures.head("", *heads)]
    for account in shown:
        offers = could.get(account["account_id"], ())
        states = (state(name, account, offers) for name in names)
        name = text.clip(text.safe(account["account"]), label)
        rows.append((theme.cell(name), *(theme.cell(CELLS[one]) for one in states)))
    legend = "  ".join(f"{sign} {state}" for state, sign in CELLS.items())
    lines = [parts.grid(rows, view), theme.cell(legend, "quiet")]
    if not by_name:
        numbered = [f"{i} {text.safe(name)}" for i, name in enumerate(names, 1)]
        lines += [theme.cell(line, "quiet") for line in _wrapped(numbered, view.width)]
    rest = [
        text.plural(count, word)
        for count, word in (
            (len(accounts) - len(shown), "account"),
            (len(data["products"]) - len(names), "product"),
        )
        if count
    ]
    if rest:
        more = f"Also {' and '.join(rest)}: acct report whitespace -f csv"
        lines.append(theme.cell(more, "quiet"))
    return Group(*lines)


def _wrapped(items: Iterable[str], width: int) -> list[str]:
    """Return items one after the other, in as many lines as needed."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]}  {item}".strip()
        if lines[-1] and text.width(longer) > width:
            lines.append(item)
        else:
            lines[-1] = longer
    return lines


def state(product: str, account: GridAccountJson, offers: Iterable[str]) -> str:
    """Return the key of `CELLS` for a product and an account; `offers` are its candidates."""
    if product in account["bought"]:
        return "bought"
    if product in account["open"]:
        return "open"
    return "candidate" if product in offers else "nothing"


def _offers(candidates: Sequence[CandidateJson], view: View) -> RenderableType:
    if not candidates:
        return Group(
            Text(""), theme.cell("No candidates: every account buys what similar accounts buy")
        )
    ruled = any(offer["lower"] is not None for offer in candidates[:SHOWN])
    rows: list[TextRow] = [
        figures.head("", "", "", "bought by", *(("at least", "by all") if ruled else ("", "")))
    ]
    rows += [
        figures.cells(
            offer["account"],
            offer["product"],
            offer["kind"],
            bought_by(offer),
            *(_share(offer[bound]) for bound in ("lower", "base_rate")),
        )
        for offer in candidates[:SHOWN]
    ]
    if len(candidates) > SHOWN:
        rows.append(figures.head(f"{theme.MORE} {len(candidates) - SHOWN:,} more", *[""] * 5))
    return parts.section("Candidates", rows, view, right=(4,))


def bought_by(offer: CandidateJson) -> str:
    """Return who bought it: sister companies first, as in `Northgate UK; 5 of 6 energy`."""
    sisters = text.sentence_list(list(offer["bought_by"]), 2)
    similar = f"{offer['buyers']} of {offer['peers']} {offer['group']}" if offer["group"] else ""
    return "; ".join(filter(None, (sisters, similar)))


def _share(bound: str | None) -> str:
    return "" if bound is None else figures.percent(100 * float(bound))


def _too_small(data: WhitespacePage) -> list[str]:
    """Return which groups are too small to compare, with the least number needed."""
    least = data["minimum"]
    takes = f"needs {least['customers'] + 1} customers, {least['buyers']} of them buyers"
    if data["book_too_small"]:
        return [f"{text.plural(data['customers'], 'customer')}: too few to compare; {takes}"]
    groups = [f"{group['group']} {group['customers']}" for group in data["too_small"]]
    if not groups:
        return []
    return [f"Too small to compare ({takes}):  {text.sentence_list(groups, 8)}"]
