"""The pages of a deal, of a product and of a purchase.

Drawn from the JSON of the page and nothing else. Every text of the book goes
through `theme.cell` or `theme.paragraph`; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from acctcli import text
from acctcli.render import figures, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.theme import View
from acctcli.values import money
from acctcli.values.fields import Unreadable, known

if TYPE_CHECKING:
    from acctcli.shapes.deal import DealChangeJson, DealPage, RiskRow
    from acctcli.shapes.lists import RowsOf
    from acctcli.shapes.product import ProductPage
    from acctcli.shapes.purchase import PurchasePage
    from acctcli.shapes.records import DealJson, PurchaseJson

PAGE_PARTS = (
    *("stage_since", "changes", "items", "items_total", "contacts", "tasks", "interactions"),
    *("interaction_count", "purchases", "quotes", "risk", "win_rate", "account_archived_at"),
)
SOON = timedelta(days=7)
HIGH_RISK, SOME_RISK = 60, 30
"""From which points on a risk is drawn as high, or as worth a look."""


def deal(data: DealPage, view: View) -> RenderableType:
    """Draw a deal: its stage, items and people, next steps, and history."""
    today = view.today
    short = data["id"][-parts.ID_TAIL :]
    facts = [
        ("opened", theme.day(data["opened_on"], today)),
        ("type", data["type"]),
        ("product", data["product"]),
        ("owner", data["owner"]),
        ("source", data["source"]),
        ("campaign", data["campaign"]),
        ("competitor", data["competitor"]),
        ("lost reason", data["lost_reason"]),
        ("tags", data["tags"]),
        ("links", data["links"]),
        *parts.custom(data, "deal", PAGE_PARTS),
    ]
    people: list[TextRow] = [
        (
            theme.cell(person["contact"]),
            theme.cell(person["title"]),
            theme.cell(parts.spoken(person["role"])),
            theme.cell(person["stance"]),
            theme.cell(theme.ago(person["last_touch"], today), "quiet"),
        )
        for person in data["contacts"]
    ]
    said = parts.last_words(data, "--deal", view)
    tasks = parts.task_lines(data["tasks"], view)
    bought = _purchase_lines(data["purchases"], "product", view)
    return Group(
        parts.heading(data["title"], parts.dotted([parts.with_mark(data), short]), view),
        _standing(data, view),
        *_risk(data),
        parts.facts(facts, view),
        parts.section("Items", _item_lines(data), view, right=(1, 2, 4)),
        parts.section("People", people, view),
        parts.section("Open tasks", tasks, view),
        parts.section("Latest interactions", said, view),
        parts.section("Quotes", _quote_lines(data, view), view, right=(2,)),
        parts.section("Bought", bought, view, right=(2,)),
        parts.section("History", [_change_line(c, data, view) for c in data["changes"]], view),
        _next_step(data, short),
    )


def _standing(data: DealPage, view: View) -> RenderableType:
    """Draw stage, amount, close date and probability on one line."""
    since = theme.short_ago(data["stage_since"], view.today)
    stage = data["stage"] if since == "today" else f"{data['stage']}, {since}"
    amount = theme.amount(data["amount"], data["currency"])
    if data["closed_on"]:
        closed = f"closed {theme.day(data['closed_on'], view.today)}"
        return theme.cell(parts.dotted([data["stage"], amount, closed]))
    chance = figures.chance(data["win_rate"], data["probability"])
    before = parts.dotted([stage, amount])
    after = parts.dotted([chance, parts.spoken(data["category"])])
    day, style = closing(data, view)
    closes = theme.cell(f"closes {day}" if day else "no close date", style)
    return Text(theme.BETWEEN).join([theme.cell(before), closes, theme.cell(after)])


def _risk(data: DealPage) -> Iterator[RenderableType]:
    """Yield `Risk 45 of 100: no next step; not met: Mei Tan, who signs`."""
    found = data["risk"]
    if found and found["score"]:
        line = theme.cell(f"Risk {found['score']} of 100: ", risk_style(found["score"]))
        said = "; ".join(reason["text"] for reason in found["reasons"])
        yield line.append_text(theme.cell(said))


def risk_style(score: int) -> str:
    """Return the style of a risk: a high one is as bad as a date that has passed."""
    return "overdue" if score >= HIGH_RISK else "risk" if score >= SOME_RISK else ""


def by_risk(data: RowsOf[RiskRow], view: View) -> RenderableType:
    """Draw a line per deal, the riskiest first, and its reasons below it."""
    found: list[RenderableType] = []
    for row in data["rows"]:
        minor, currency = row["amount"], row["currency"]
        amount = money.say(minor, currency) if minor is not None and currency else None
        closes = f"closes {theme.day(row['close_date'], view.today)}" if row["close_date"] else None
        line = theme.cell(f"{row['risk']:>3}  ", risk_style(row["risk"]))
        said = parts.dotted([row["title"], row["account"], row["stage"], amount, closes])
        line.append_text(theme.cell(said))
        found.append(Padding(line, 0))
        if row["reasons"]:
            found.append(Padding(theme.cell("; ".join(row["reasons"]), "quiet"), (0, 0, 0, 5)))
    return Group(*found)


def closing(data: DealJson, view: View) -> tuple[str, str]:
    """Return the close date of an open deal and its style, with a sign if it has passed."""
    if data["close_date"] is None:
        return "", ""
    if isinstance(data["close_date"], Unreadable):
        return theme.as_it_stands(data["close_date"]), ""
    day = date.fromisoformat(data["close_date"])
    said = theme.day(day, view.today)
    if day < view.today:
        return theme.flagged(said), "overdue"
    return (f"{said} soon", "risk") if day <= view.today + SOON else (said, "")


def _item_lines(data: DealPage) -> list[TextRow]:
    rows: list[TextRow] = [
        (
            theme.cell(item["product"]),
            theme.cell(item["quantity"]),
            theme.cell(theme.amount(item["unit_price"], item["currency"], code=False)),
            theme.cell(f"less {item['discount']} %" if item["discount"] not in (None, "0") else ""),
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


def _change_line(change: DealChangeJson, data: DealPage, view: View) -> TextRow:
    field, old, new = change["field"], change["old"], change["new"]
    if field == "amount":
        old, new = (theme.amount(value, data["currency"]) for value in (old, new))
    elif field == "close_date":
        old, new = (theme.day(value, view.today) for value in (old, new))
    return (
        theme.cell(theme.day(change["changed_on"], view.today), "quiet"),
        theme.cell(field.replace("_", " ")),
        theme.cell(f"{old or theme.NONE} {theme.ARROW} {new or theme.NONE}"),
        theme.cell(change["note"], "quiet"),
    )


def _next_step(data: DealPage, short: str) -> RenderableType:
    if data["closed_on"]:
        step = f"Reopen: acct deal reopen {short}"
    elif data["tasks"]:
        step = f"Move on: acct deal move {short}"
    else:
        account = text.shell_word(data["account"] or "")
        words = ("acct task add", account, f"--deal {short} --due fri")
        step = f"No next step yet: {' '.join(filter(None, words))}"
    return Group(Text(""), Hint(step))


def _quote_lines(data: DealPage, view: View) -> list[TextRow]:
    return [
        (
            theme.cell(quote["number"]),
            theme.cell(parts.dotted([quote["standing"], theme.day(quote["sent_on"], view.today)])),
            theme.cell(theme.amount(quote["gross"], quote["currency"])),
        )
        for quote in data["quotes"]
    ]


def _purchase_lines(
    purchases: Iterable[PurchaseJson], named: Literal["account", "product"], view: View
) -> list[TextRow]:
    """Return one line per purchase; `named` is the field that distinguishes them on this page."""
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


def product(data: ProductPage, view: View) -> RenderableType:
    """Draw a product: its price, the open deals it is in, its buyers."""
    facts = [
        ("price", theme.amount(data["price"], data["currency"])),
        *parts.custom(data, "product", ("open_deals", "purchases")),
    ]
    deals: list[TextRow] = []
    for found in data["open_deals"]:
        day, style = closing(found, view)
        amount = theme.amount(found["amount"], found["currency"])
        cells = (found["account"], found["title"], found["stage"], amount)
        deals.append((*(theme.cell(value) for value in cells), theme.cell(day, style)))
    bought = _purchase_lines(data["purchases"], "account", view)
    beside = parts.dotted([data["family"], "" if data["active"] else "discontinued"])
    return Group(
        parts.heading(data["name"], beside, view),
        parts.facts(facts, view),
        parts.section("Open deals", deals, view, right=(3,)),
        parts.section("Bought", bought, view, right=(2,)),
    )


def purchase(data: PurchasePage, view: View) -> RenderableType:
    """Draw a purchase: product, amount, contract, and what renews it."""
    what = data["product"] or "Purchase"
    starts, ends = data["starts_on"], data["ends_on"]
    days = [theme.day(day, view.today) or theme.MORE for day in (starts, ends)]
    term = " to ".join(days) if starts or ends else None
    notice = known(data["notice_days"])
    facts = [
        ("amount", theme.amount(data["amount"], data["currency"])),
        ("quantity", data["quantity"]),
        ("bought", theme.day(data["purchased_on"], view.today)),
        ("term", term),
        ("recurring", data["recurring"] if data["recurring"] != "none" else None),
        ("renews", data["renews"]),
        ("notice", text.plural(notice, "day") if notice else data["notice_days"]),
        ("notice by", data["notice_by"] and theme.day(data["notice_by"], view.today)),
        ("renews automatically", "yes" if data["auto_renews"] else None),
        ("standing", data["standing"]),
        ("a year", data["arr"] and theme.amount(data["arr"], data["currency"])),
        ("renews nothing", "yes" if data["standalone"] else None),
        ("dismissed", "yes" if data["lapsed_ok"] else None),
        ("payment", data["payment"]),
        ("invoice", data["invoice"]),
        ("paid", data["paid_on"] and theme.day(data["paid_on"], view.today)),
        ("bank line", data["paid_ref"]),
        ("reconciled", data["reconciled"]),
        ("deal", data["deal"]),
        ("renewal", data["renewal"]),
        *parts.custom(data, "purchase", ("renewal", "renewal_id", "standing", "arr", "notice_by")),
    ]
    beside = parts.dotted([data["account"], data["id"][-parts.ID_TAIL :]])
    return Group(parts.heading(what, beside, view), parts.facts(facts, view))
