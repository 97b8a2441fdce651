"""The pages of deals: one deal, the board, changes, the forecast; of products and purchases.

Drawn from the JSON of the page and nothing else. Every text of the book goes
through `theme.cell` or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import zip_longest

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from acctcli import money, text
from acctcli.render import charts, parts, theme
from acctcli.render.parts import Data, Row
from acctcli.render.theme import View

PAGE_PARTS = (
    *("stage_since", "changes", "items", "items_total", "contacts", "tasks", "interactions"),
    *("interaction_count", "purchases"),
)
SHOWN_PER_STAGE = 8
"""Deals of one stage on the board; the rest is counted."""

NARROWEST_COLUMN = 15
"""Stages stand beside each other on the board while each has so many columns of the terminal."""

TITLE, NARROWEST_TITLE = 1, 12
"""Where a deal's title stands in a line of the board, and how far it may be shortened."""

SOON = timedelta(days=7)
LINES = (
    ("closed", "closed"),
    ("commit", "commit"),
    ("best-case", "best case"),
    ("pipeline", "pipeline"),
)


def deal(data: Data, view: View) -> RenderableType:
    """A deal: where it stands, its items and people, what is to be done, how it came here."""
    today = view.today
    short = data["id"][-parts.ID_TAIL :]
    facts = [
        ("opened", theme.day(data["opened_on"], today)),
        ("type", data["type"]),
        ("product", data["product"]),
        ("owner", data["owner"]),
        ("source", data["source"]),
        ("competitor", data["competitor"]),
        ("lost because", data["lost_reason"]),
        *parts.custom(data, "deal", PAGE_PARTS),
    ]
    people: list[Row] = [
        (
            theme.cell(person["contact"]),
            theme.cell(person["title"]),
            theme.cell(parts.spoken(person["role"])),
            theme.cell(person["stance"]),
            theme.cell(theme.ago(person["last_touch"], today), "quiet"),
        )
        for person in data["contacts"]
    ]
    said = parts.log_lines(data["interactions"], view)
    if data["interaction_count"] > len(said):
        rest = f"… {data['interaction_count'] - len(said):,} more: acct log list --deal {short}"
        said.append(
            (*(theme.cell("") for _ in range(2)), theme.cell(rest, "quiet"), theme.cell(""))
        )
    tasks = parts.task_lines(data["tasks"], view)
    bought = _purchase_lines(data["purchases"], "product", view)
    return Group(
        parts.heading(data["title"], parts.dotted([data["account"], short]), view),
        _standing(data, view),
        parts.facts(facts, view),
        parts.section("Items", _item_lines(data), view, right=(1, 2, 4)),
        parts.section("People", people, view),
        parts.section("Open tasks", tasks, view),
        parts.section("Last words", said, view),
        parts.section("Bought", bought, view, right=(2,)),
        parts.section("History", [_change_line(c, data, view) for c in data["changes"]], view),
        _next_step(data, short),
    )


def _standing(data: Data, view: View) -> RenderableType:
    """Stage, amount, when it closes and with what chance, in one line."""
    since = theme.short_ago(data["stage_since"], view.today)
    stage = data["stage"] if since == "today" else f"{data['stage']}, {since}"
    amount = theme.amount(data["amount"], data["currency"])
    if data["closed_on"]:
        closed = f"closed {theme.day(data['closed_on'], view.today)}"
        return theme.cell(parts.dotted([data["stage"], amount, closed]))
    chance = f"{data['probability']} %" if data["probability"] is not None else None
    before = parts.dotted([stage, amount])
    after = parts.dotted([chance, parts.spoken(data["category"])])
    day, style = _closing(data, view)
    closes = theme.cell(f"closes {day}" if day else "no close date", style)
    return Text(" · ").join([theme.cell(before), closes, theme.cell(after)])


def _closing(data: Data, view: View) -> tuple[str, str]:
    """The day on which an open deal should close, with a sign for one that needs an eye on it."""
    if data["close_date"] is None:
        return "", ""
    day = date.fromisoformat(data["close_date"])
    said = theme.day(day, view.today)
    if day < view.today:
        return f"{said} !", "overdue"
    return (f"{said} soon", "risk") if day <= view.today + SOON else (said, "")


def _item_lines(data: Data) -> list[Row]:
    rows: list[Row] = [
        (
            theme.cell(item["product"]),
            theme.cell(item["quantity"]),
            theme.cell(theme.amount(item["unit_price"], item["currency"], code=False)),
            theme.cell(f"less {item['discount']} %" if item["discount"] else ""),
            theme.cell(theme.amount(item["total"], item["currency"])),
            theme.cell(item["id"][-parts.ID_TAIL :], "quiet"),
        )
        for item in data["items"]
    ]
    if len(rows) > 1:
        rows += [
            (
                theme.cell("sum", "quiet"),
                *(theme.cell("") for _ in range(3)),
                theme.cell(theme.amount(total["amount"], total["currency"]), "heading"),
                theme.cell(""),
            )
            for total in data["items_total"]
        ]
    return rows


def _change_line(change: Data, data: Data, view: View) -> Row:
    field, old, new = change["field"], change["old"], change["new"]
    if field == "amount":
        old, new = (theme.amount(value, data["currency"]) for value in (old, new))
    elif field == "close_date":
        old, new = (theme.day(value, view.today) for value in (old, new))
    return (
        theme.cell(theme.day(change["changed_on"], view.today), "quiet"),
        theme.cell(field.replace("_", " ")),
        theme.cell(f"{old or '–'} → {new or '–'}"),
    )


def _next_step(data: Data, short: str) -> RenderableType:
    if data["closed_on"]:
        step = f"Not over? acct deal reopen {short}"
    elif data["tasks"]:
        step = f"Further: acct deal move {short} STAGE"
    else:
        account = shlex.quote(data["account"])
        step = f'No next step yet: acct task add {account} "…" --deal {short} --due fri'
    return Group(Text(""), theme.cell(step, "quiet"))


def _purchase_lines(purchases: Iterable[Data], named: str, view: View) -> list[Row]:
    """A line a purchase; `named` is what tells them apart on this page."""
    return [
        (
            theme.cell(theme.day(purchase["purchased_on"], view.today), "quiet"),
            theme.cell(purchase[named]),
            theme.cell(theme.amount(purchase["amount"], purchase["currency"])),
            theme.cell(f"until {purchase['ends_on']}" if purchase["ends_on"] else ""),
            theme.cell(purchase["id"][-parts.ID_TAIL :], "quiet"),
        )
        for purchase in purchases
    ]


# The board


def board(data: Data, view: View) -> RenderableType:
    """Stages beside each other while there is room, else one below the other."""
    stages = [stage for stage in data["stages"] if stage["count"]]
    if not stages:
        return theme.cell("No deals yet: acct deal add ACCOUNT TITLE --amount 120k")
    quarter = data["closed_in"]["label"].split()[0]
    currencies = {total["currency"] for stage in stages for total in stage["totals"]}
    code = len(currencies) > 1
    gaps = 2 * (len(stages) - 1)
    column = (view.width - gaps) // len(stages)
    if column >= NARROWEST_COLUMN:
        drawn: RenderableType = _columns(stages, min(column, 30), quarter, view, code=code)
    else:
        drawn = _lists(stages, quarter, view)
    empty = [stage["stage"] for stage in data["stages"] if not stage["count"]]
    nothing = f"Nothing in {text.sentence_list(empty, len(empty))}. " if empty else ""
    last = theme.cell(f"{nothing}On: acct deal move TITLE STAGE", "quiet")
    return Group(drawn, Text(""), last)


def _titled(stage: Data, quarter: str) -> str:
    """The name of a stage; of one where deals end, with the quarter in which these did."""
    closed = stage["category"] in ("closed", "omitted")
    return f"{stage['stage']} ({quarter})" if closed else str(stage["stage"])


def _columns(
    stages: Sequence[Data], width: int, quarter: str, view: View, *, code: bool
) -> RenderableType:
    heads = [
        [theme.cell(text.clip(f"{_titled(stage, quarter)} {stage['count']}", width), "heading")]
        for stage in stages
    ]
    for stage, head in zip(stages, heads, strict=True):
        for total in stage["totals"]:
            amount = theme.amount(total["amount"], total["currency"])
            head.append(theme.cell(text.clip(amount, width).rjust(width)))
    rule = [theme.cell("─" * width, "quiet") for _ in stages]
    bodies = []
    for stage in stages:
        lines = [
            line for d in stage["deals"][:SHOWN_PER_STAGE] for line in _card(d, width, view, code)
        ]
        if stage["count"] > SHOWN_PER_STAGE:
            lines.append(theme.cell(f"… {stage['count'] - SHOWN_PER_STAGE:,} more", "quiet"))
        bodies.append(lines)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in stages:
        table.add_column(width=width, no_wrap=True)
    for row in (*zip_longest(*heads), rule, *zip_longest(*bodies)):
        table.add_row(*(cell or Text("") for cell in row))
    return table


def _card(found: Data, width: int, view: View, code: bool) -> list[Text]:
    """A deal on the board: whose and how much, what, and when."""
    amount = _short(found, code=code)
    account = text.clip(text.safe(found["account"]), max(width - text.width(amount) - 1, 4))
    gap = " " * max(width - text.width(account) - text.width(amount), 1)
    day, style = _when(found, view)
    return [
        Text(f"{account}{gap}{amount}"),
        theme.cell(text.clip(f" {text.safe(found['title'])}", width), "quiet"),
        theme.cell(text.clip(f" {day}", width), style or "quiet"),
    ]


def _when(found: Data, view: View) -> tuple[str, str]:
    if found["closed_on"]:
        return theme.day(found["closed_on"], view.today), ""
    day, style = _closing(found, view)
    return day or "no date", style


def _short(found: Data, *, code: bool) -> str:
    """`120k`, with the currency where there are several."""
    if found["amount"] is None:
        return ""
    currency = found["currency"]
    said = money.short(_minor(found["amount"]), currency)
    return f"{said} {currency}" if code else said


def _minor(digits: str) -> int:
    """Minor units of exact digits: they have just the decimals of their currency."""
    return int(digits.replace(".", ""))


def _lists(stages: Sequence[Data], quarter: str, view: View) -> RenderableType:
    """Stages one below the other, their columns in line; titles give way where it is narrow."""
    lines = [[_line(found, view) for found in s["deals"][:SHOWN_PER_STAGE]] for s in stages]
    every = [row for rows in lines for row in rows]
    widths = [max(cell.cell_len for cell in column) for column in zip(*every, strict=True)]
    room = view.width - 1 - sum(widths) - 2 * len(widths) + widths[TITLE]
    in_line = room >= NARROWEST_TITLE
    if in_line and room < widths[TITLE]:
        widths[TITLE] = room
        for row in every:
            row[TITLE].truncate(room, overflow="ellipsis")
    drawn: list[RenderableType] = []
    for stage, rows in zip(stages, lines, strict=True):
        totals = [theme.amount(t["amount"], t["currency"]) for t in stage["totals"]]
        title = parts.dotted([f"{_titled(stage, quarter)} {stage['count']}", *totals])
        listed = parts.grid(rows, view, right=(2,), least=widths if in_line else ())
        drawn += [theme.cell(title, "heading"), Padding(listed, (0, 0, 0, 1))]
        more = stage["count"] - len(rows)
        if more:
            rest = f" … {more:,} more: acct deal list --stage {stage['stage']}"
            drawn.append(theme.cell(rest, "quiet"))
    return Group(*drawn)


def _line(found: Data, view: View) -> Row:
    """A deal in a list of its stage: whose, what, how much, when."""
    day, style = _when(found, view)
    return (
        theme.cell(found["account"]),
        theme.cell(found["title"]),
        theme.cell(theme.amount(found["amount"], found["currency"])),
        theme.cell(day, style or "quiet"),
    )


# What happened to deals


def changes(data: Data, view: View) -> RenderableType:
    """A block for each thing that may have happened, with its deals and their sum."""
    drawn: list[RenderableType] = []
    by_what: dict[str, list[Data]] = {}
    for row in data["rows"]:
        by_what.setdefault(row["what"], []).append(row)
    for what, rows in by_what.items():
        sums: dict[str, int] = {}
        for row in rows:
            minor = row["amount"] if row["difference"] is None else row["difference"]
            if minor is not None and row["currency"]:
                sums[row["currency"]] = sums.get(row["currency"], 0) + minor
        totals = [money.say(sums[code], code) for code in sorted(sums)]
        title = parts.dotted([f"{what.capitalize()} {len(rows)}", *totals])
        lines = [_happened(row, view) for row in rows]
        if drawn:
            drawn.append(Text(""))
        drawn += [theme.cell(title, "heading"), Padding(parts.grid(lines, view), (0, 0, 0, 1))]
    return Group(*drawn)


def _happened(row: Data, view: View) -> Row:
    """Whose deal, what it is called, how it changed, and when."""
    return (
        theme.cell(row["account"]),
        theme.cell(row["title"]),
        theme.cell(_change_said(row, view.today)),
        theme.cell(theme.day(row["day"], view.today), "quiet"),
    )


def _change_said(row: Data, today: date) -> str:
    old, new, currency = row["old"], row["new"], row["currency"]
    worth = None if row["amount"] is None else money.say(row["amount"], currency)
    match row["what"]:
        case "pushed" | "pulled in":
            days = text.plural(abs(row["days"]), "day")
            often = f"put off {row['pushes']} times" if row["pushes"] > 1 else None
            moved = f"{theme.day(old, today)} → {theme.day(new, today)}"
            return parts.dotted([f"{moved}, {days}", often])
        case "grown" | "shrunk":
            before, after = (theme.amount(v, currency, code=False) or "–" for v in (old, new))
            return f"{before} → {after} {currency or ''}".rstrip()
        case "new":
            return parts.dotted([new, worth])
        case _:
            return parts.dotted([f"{old} → {new}" if old else None, worth])


# The forecast


def forecast(data: Data, view: View) -> RenderableType:
    """A block for each currency: categories with bars, the weighted sum, then stages and groups."""
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


def _currency_block(data: Data, total: Data, label: str, view: View) -> RenderableType:
    currency = total["currency"]
    by_name = {c["category"]: c for c in data["categories"] if c["currency"] == currency}
    most = max((_minor(line["amount"]) for line in by_name.values()), default=0)
    figures = {
        name: theme.amount(by_name[name]["amount"], currency, code=False)
        if name in by_name
        else "0"
        for name, _ in LINES
    }
    weighted = theme.amount(total["weighted"], currency, code=False)
    wide = max(len(figure) for figure in (*figures.values(), weighted))
    room = view.width - len("best case") - wide - 6
    rows: list[Row] = []
    for name, said in LINES:
        amount = _minor(by_name[name]["amount"]) if name in by_name else 0
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
                theme.amount(likely[name], currency, code=False) for name in ("p10", "p50", "p90")
            )
            spread = f"from {low} (10 %) to {high} (90 %)"
            rows.append((theme.cell("likely"), theme.cell(middle), theme.cell(spread, "quiet")))
    blocks: list[RenderableType] = [
        _forecast_heading(parts.dotted([label, currency]), data["quota"], currency, view),
        parts.grid(rows, view, right=(1,)),
        _breakdown("stage", [s for s in data["stages"] if s["currency"] == currency], view),
    ]
    if data["by"]:
        groups = [g for g in data["groups"] if g["currency"] == currency]
        blocks.append(_breakdown(data["by"], groups, view))
    return Group(*blocks)


def _forecast_heading(title: str, quota: Data | None, currency: str, view: View) -> RenderableType:
    """The period and the currency, with everybody's quota if it is in that one."""
    everybody = [line for line in quota["attainment"] if line["owner"] is None] if quota else []
    if not quota or not everybody or quota["currency"] != currency:
        return theme.cell(title, "heading")
    said = theme.amount(everybody[0]["quota"], currency, code=False)
    return parts.heading(title, f"quota {said}", view)


def _against_quota(quota: Data | None) -> list[str]:
    """`Quota 500,000 SGD: 402,000 closed, 80 %, 98,000 to go`, a line for whom it is."""
    if quota is None:
        return []
    notes, currency = [], quota["currency"]
    for line in quota["attainment"]:
        whose = f"Quota of {line['owner']}" if line["owner"] else "Quota"
        said = f"{whose} {theme.amount(line['quota'], currency)}"
        if line["closed"] is None:
            example = f"acct config set rates.base {currency}"
            notes.append(f"{said}: deals in other currencies need a rate. See: {example}")
            continue
        gap = theme.amount(line["gap"].lstrip("-"), currency, code=False)
        rest = f"{gap} over" if line["gap"].startswith("-") else f"{gap} to go"
        closed = theme.amount(line["closed"], currency, code=False)
        notes.append(f"{said}: {closed} closed, {line['share']:.0f} %, {rest}")
    return notes


def _looking_back(found: Data | None) -> list[str]:
    """What was forecast when a past period began, and what it became."""
    if found is None:
        return []
    notes = []
    for line in found["lines"]:
        forecast, became = (theme.amount(line[n], line["currency"]) for n in ("forecast", "became"))
        error = "" if line["error"] is None else f" ({_signed(line['error'])} %)"
        said = f"{found['period']['label']} on its first day: {forecast}; it became {became}{error}"
        notes.append(said)
        if _minor(line["opened_since"]):
            since = theme.amount(line["opened_since"], line["currency"])
            notes.append(f"  {since} of it from deals opened since")
        if line["estimated"]:
            deals = text.plural(line["estimated"], "deal")
            notes.append(f"  {deals} estimated: they came in closed")
    return notes


def _signed(percent: float) -> str:
    return f"{'−' if percent < 0 else '+'}{abs(percent):,.0f}"


def _breakdown(by: str, lines: Sequence[Data], view: View) -> RenderableType:
    """How many, how much and how much weighted, a line a name."""
    rows: list[Row] = [tuple(theme.cell(h, "quiet") for h in (by, "deals", "amount", "weighted"))]
    for line in lines:
        amounts = (
            theme.amount(line[name], line["currency"], code=False)
            for name in ("amount", "weighted")
        )
        name = line[by] if line[by] is not None else f"no {by}"
        rows.append(tuple(theme.cell(value) for value in (name, f"{line['count']:,}", *amounts)))
    return Group(Text(""), parts.grid(rows, view, right=(1, 2, 3)))


def _converted(converted: Data | None) -> list[str]:
    if converted is None:
        return []
    currency = converted["currency"]
    if converted["without_rate"]:
        missing = text.sentence_list(converted["without_rate"])
        example = f"acct config set rates.{converted['without_rate'][0]} RATE"
        return [f"No total in {currency} without a rate for {missing}: {example}"]
    weighted, amount = (theme.amount(converted[name], currency) for name in ("weighted", "amount"))
    rates = f"rates of {converted['rates_of']}" if converted["rates_of"] else "rates without a date"
    return [f"All together {weighted} weighted, of {amount} ({rates})"]


def _left_out(left_out: Data, period: Data | None) -> list[str]:
    """What is in no line, and where to see it."""
    notes = []
    if left_out["past"] and period:
        where = f'acct deal list --open --where "close_date < {period["start"]}"'
        notes.append(f"Should have closed before: {_counted(left_out['past'])}. See: {where}")
    if left_out["undated"]:
        where = 'acct deal list --open --where "close_date is empty"'
        notes.append(f"Without a close date: {_counted(left_out['undated'])}. See: {where}")
    if left_out["without_amount"]:
        deals = text.plural(left_out["without_amount"], "deal")
        notes.append(f'Without an amount: {deals}. See: acct deal list --where "amount is empty"')
    return notes


def _counted(lines: Sequence[Data]) -> str:
    """`3 deals, 40,000 SGD and 5,000 USD`."""
    amounts = [theme.amount(line["amount"], line["currency"]) for line in lines]
    deals = text.plural(sum(line["count"] for line in lines), "deal")
    return f"{deals}, {text.sentence_list(amounts, len(amounts))}"


# Products and purchases


def product(data: Data, view: View) -> RenderableType:
    """A product: its price, the open deals it is in, who bought it."""
    facts = [
        ("price", theme.amount(data["price"], data["currency"])),
        *parts.custom(data, "product", ("open_deals", "purchases")),
    ]
    deals: list[Row] = []
    for found in data["open_deals"]:
        day, style = _closing(found, view)
        amount = theme.amount(found["amount"], found["currency"])
        cells = (found["account"], found["title"], found["stage"], amount)
        deals.append((*(theme.cell(value) for value in cells), theme.cell(day, style)))
    bought = _purchase_lines(data["purchases"], "account", view)
    beside = parts.dotted([data["family"], "" if data["active"] else "not sold any more"])
    return Group(
        parts.heading(data["name"], beside, view),
        parts.facts(facts, view),
        parts.section("Open deals", deals, view, right=(3,)),
        parts.section("Bought", bought, view, right=(2,)),
    )


def purchase(data: Data, view: View) -> RenderableType:
    """A purchase: what, for how much, for how long, and what renews it."""
    what = data["product"] or "Purchase"
    starts, ends = data["starts_on"], data["ends_on"]
    term = f"{starts or '…'} to {ends or '…'}" if starts or ends else None
    facts = [
        ("amount", theme.amount(data["amount"], data["currency"])),
        ("quantity", data["quantity"]),
        ("bought", theme.day(data["purchased_on"], view.today)),
        ("term", term),
        ("recurring", data["recurring"] if data["recurring"] != "none" else None),
        ("payment", data["payment"]),
        ("reconciled", data["reconciled"]),
        ("deal", data["deal"]),
        ("renewal", data["renewal"]),
        *parts.custom(data, "purchase", ("renewal", "renewal_id")),
    ]
    beside = parts.dotted([data["account"], data["id"][-parts.ID_TAIL :]])
    return Group(parts.heading(what, beside, view), parts.facts(facts, view))
