"""The page of a quote, and the quote as a document in Markdown.

Drawn from the JSON of the page and nothing else. On a document every amount has all decimals of its
currency, because a customer adds it up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.parts import TextRow
from acctcli.render.prose import escaped
from acctcli.render.theme import View
from acctcli.values.fields import Unreadable

if TYPE_CHECKING:
    from acctcli.shapes.quote import QuotedLineJson, QuotePage, QuoteTotalsJson, QuoteVersionJson

NO_TOTALS = "the totals cannot be computed: a value cannot be read (acct db check)"

STYLES = {"expired": "overdue", "declined": "quiet", "superseded": "quiet"}


def quote(data: QuotePage, view: View) -> RenderableType:
    """Draw a quote: how it stands, its lines and totals, its versions and texts."""
    short = data["id"][-parts.ID_TAIL :]
    facts = [
        ("deal", data["deal"]),
        ("to", data["contact"]),
        ("declined", data["reason"]),
        *((name, data[name]) for name in ("recipient", "sender", "intro", "terms")),
    ]
    several = len(data["versions"]) > 1
    versions = [_version_line(one, data["id"], view) for one in data["versions"]]
    return Group(
        parts.heading(data["number"], parts.dotted([data["account"], short]), view),
        theme.cell(data["title"]),
        _standing(data, view),
        parts.section("Lines", list(_lines(data, view)), view, right=(0, 2, 4)),
        parts.section("Total", list(_totals(data)), view, right=(1,)),
        parts.section("The customer got other lines", list(_sent_lines(data)), view),
        parts.section("Versions", versions if several else [], view, right=(3,)),
        Text(""),
        parts.facts(facts, view),
        _next_step(data),
    )


def _standing(data: QuotePage, view: View) -> RenderableType:
    """Draw `sent Fri 20 Nov · valid until Sun 27 Dec`."""
    standing = data["standing"]
    day = data["answered_on"] if standing in ("accepted", "declined") else data["sent_on"]
    said = [
        f"{standing} {theme.day(day, view.today)}" if day and standing != "expired" else standing
    ]
    if data["valid_until"]:
        verb = "was valid until" if standing == "expired" else "valid until"
        said.append(f"{verb} {theme.day(data['valid_until'], view.today)}")
    line = parts.dotted(said)
    return theme.cell(
        theme.flagged(line) if standing == "expired" else line, STYLES.get(standing, "")
    )


def _lines(data: QuotePage, view: View) -> Iterator[TextRow]:
    for place, line in enumerate(data["lines"], 1):
        more = parts.dotted([discount(line), term(line), tax(line)])
        yield (
            theme.cell(place, "quiet"),
            theme.cell(line["text"]),
            theme.cell(f"{line['quantity']} {theme.TIMES} {money(line['unit_price'])}"),
            theme.cell(more, "quiet"),
            theme.cell(money(line["net"])),
        )


def _totals(data: QuotePage) -> Iterator[TextRow]:
    found = data["totals"]
    if found is None:
        yield theme.cell(NO_TOTALS, "risk"), theme.cell("")
        return
    rows = list(sums(found))
    for label, digits in rows[:-1]:
        yield theme.cell(label, "quiet"), theme.cell(money(digits))
    label, digits = rows[-1]
    yield theme.cell(label), theme.cell(f"{money(digits)} {data['currency']}", "heading")


def _sent_lines(data: QuotePage) -> Iterator[TextRow]:
    """Draw the lines that the customer got, where they are not those of the quote."""
    for line in data["sent_lines"]:
        yield (theme.cell(line, "risk"),)


def _version_line(one: QuoteVersionJson, own: str, view: View) -> TextRow:
    mark = theme.ARROW if one["id"] == own else ""
    return (
        theme.cell(mark, "quiet"),
        theme.cell(one["number"]),
        theme.cell(parts.dotted([one["standing"], theme.day(one["sent_on"], view.today)])),
        theme.cell(theme.amount(one["gross"], one["currency"])),
    )


def _next_step(data: QuotePage) -> RenderableType:
    number, deal = data["number"], data["deal_id"][-parts.ID_TAIL :]
    if data["sent_lines"]:
        return Group(
            Text(""),
            Hint(f"To see who changed them: acct history {number}"),
            Hint(f"To offer these lines: acct deal quote {deal} --copy"),
        )
    match data["standing"]:
        case "draft":
            step = f"When it is sent: acct quote send {number}"
        case "sent" if data["deal_open"]:
            step = f"If they accept: acct quote accept {number}"
        case "expired" | "declined" if data["deal_open"]:
            step = f"Quote it again: acct deal quote {deal} --copy"
        case "superseded":
            step = f"The newest version: acct quote show {data['versions'][-1]['number']}"
        case _:
            step = f"The deal: acct deal show {deal}"
    return Group(Text(""), Hint(step))


# Words that the page shares with its documents


def money(digits: str | None) -> str:
    """Return `120,000.00` for exact digits: with all decimals of the currency."""
    if digits is None or isinstance(digits, Unreadable):
        return theme.as_it_stands(digits)
    whole, point, fraction = digits.removeprefix("-").partition(".")
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{int(whole):,}{point}{fraction}"


def discount(line: QuotedLineJson) -> str:
    """Return `less 10 %`, or "" without a discount."""
    return f"less {line['discount']} %" if line["discount"] not in (None, "0") else ""


def tax(line: QuotedLineJson) -> str:
    """Return `tax 9 %`, or "" where no rate is given."""
    return f"tax {line['tax_rate']} %" if line["tax_rate"] is not None else ""


def term(line: QuotedLineJson) -> str:
    """Return `yearly, 2027-01-01 to 2027-12-31`: how often a line recurs, and from when to when."""
    starts, ends = line["starts_on"], line["ends_on"]
    recurring = line["recurring"] if line["recurring"] != "none" else ""
    days = f"{starts} to {ends}" if starts and ends else ""
    days = days or (f"from {starts}" if starts else f"until {ends}" if ends else "")
    return ", ".join(filter(None, (recurring, days)))


def sums(found: QuoteTotalsJson) -> Iterator[tuple[str, str]]:
    """Yield label and exact digits of each total; the last one is what there is to pay."""
    if found["discount"].strip("0."):
        yield "Before discount", found["before"]
        yield "Discount", f"-{found['discount']}"
    if not found["taxes"]:
        yield "Total", found["gross"]
        return
    yield "Net", found["net"]
    for one in found["taxes"]:
        yield f"Tax {one['rate']} % on {money(one['net'])}", one["tax"]
    yield "Total", found["gross"]


def markdown(data: QuotePage, today: date) -> str:
    """Return the quote as a Markdown document, with days in ISO form."""
    day = data["sent_on"] or today.isoformat()
    currency = data["currency"] or ""
    lines = [
        *_block(data["sender"]),
        f"# Quote {escaped(data['number'])}: {escaped(data['title'])}",
    ]
    lines += ["", *_block(data["recipient"])]
    lines += _block(f"Attention: {data['contact']}" if data["contact"] else None)
    lines += [f"Date: {escaped(day)}  "]
    lines += [f"Valid until: {escaped(data['valid_until'])}  "] if data["valid_until"] else []
    lines += [f"Amounts in {escaped(currency)}", "", *_block(data["intro"])]
    lines += ["| | What | Quantity | Unit price | Discount | Tax | Net |"]
    lines += ["|--:|---|--:|--:|--:|--:|--:|"]
    lines += [_row(place, line) for place, line in enumerate(data["lines"], 1)]
    lines += [""]
    if data["totals"] is None:
        return "\n".join([*lines, escaped(NO_TOTALS)]) + "\n"
    lines += ["| Total | " + escaped(currency) + " |", "|---|--:|"]
    rows = list(sums(data["totals"]))
    lines += [f"| {escaped(label)} | {money(digits)} |" for label, digits in rows[:-1]]
    lines += [f"| **{rows[-1][0]}** | **{money(rows[-1][1])}** |"]
    lines += ["", *_block(data["terms"])]
    return "\n".join(lines).rstrip() + "\n"


def _row(place: int, line: QuotedLineJson) -> str:
    what = parts.dotted([line["text"], term(line)])
    off = f"{line['discount']} %" if discount(line) else ""
    rate = f"{line['tax_rate']} %" if line["tax_rate"] is not None else ""
    cells = (what, line["quantity"], money(line["unit_price"]), off, rate, money(line["net"]))
    return f"| {place} | " + " | ".join(escaped(str(cell or "")) for cell in cells) + " |"


def _block(text: str | None) -> Sequence[str]:
    """Return a text of several lines, each on its own, with an empty line after it; [] of none."""
    if not text:
        return []
    found = [escaped(line) for line in text.splitlines()]
    return [*("  \n".join(found).splitlines()), ""]
