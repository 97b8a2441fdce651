"""The pages of reports: retention, whitespace, activity, performance, sources.

Drawn from the JSON of the page and nothing else. A figure always stands beside
its picture, and a picture beside nothing that the text does not say. Every text
of the book goes through `theme.cell`; nothing here may judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from acctcli import money, text
from acctcli.render import charts, parts, theme
from acctcli.render.parts import Data, Row
from acctcli.render.theme import View

SHOWN = 8
"""Lines of a list that may be long; the rest is counted."""

ORIGINS = 12
"""Sources, or tags: there is a tag for everything."""

LONG = 30
"""Lines of a table that is the report itself."""

GRID_ROWS = 20
BAR = 24  # columns of a bar where there is room
NARROWEST_PRODUCT = 7
"""Products are headed by name while that can tell them apart in so many columns."""

CELLS = {"bought": "●", "open": "○", "candidate": "◆", "nothing": "·"}


def _minor(digits: str) -> int:
    """Minor units of exact digits: they have just the decimals of their currency."""
    return int(digits.replace(".", ""))


def _number(value: str | float | None, places: int = 1) -> str:
    """A figure to so many decimals, rounded as people do; a dash for one that is not known."""
    if value is None:
        return "–"
    step = Decimal(1).scaleb(-places)
    return f"{Decimal(str(value)).quantize(step, ROUND_HALF_UP):,}"


def _percent(value: str | float | None) -> str:
    return "–" if value is None else f"{_number(value)} %"


def _days(value: str | float | None) -> str:
    return "–" if value is None else f"{_number(value, 0)} days"


def _amount(digits: str | None, currency: str | None = None) -> str:
    return theme.amount(digits, currency, code=currency is not None) or "–"


def _head(*names: str) -> Row:
    return tuple(theme.cell(name, "quiet") for name in names)


def _cells(*values: object) -> Row:
    return tuple(theme.cell(value) for value in values)


def _indented(lines: RenderableType) -> RenderableType:
    return Padding(lines, (0, 0, 0, 1))


def _title(name: str, period: str, view: View) -> RenderableType:
    return parts.heading(name, period, view)


def _note(*sentences: str) -> list[RenderableType]:
    """Quiet lines after a blank one; none without sentences."""
    said = [theme.cell(sentence, "quiet") for sentence in sentences if sentence]
    return [Text(""), *said] if said else []


def _between(span: Data, view: View) -> str:
    return f"{theme.day(span['start'], view.today)} to {theme.day(span['end'], view.today)}"


def _room(view: View, taken: int) -> int:
    """Columns for a bar beside so many others."""
    return max(min(view.width - taken, BAR), 0)


def _rates(converted: Data) -> str:
    return f"rates of {converted['rates_of']}" if converted["rates_of"] else "rates without a date"


def _no_rate(converted: Data) -> str:
    missing = text.sentence_list(converted["without_rate"])
    example = f"acct config set rates.{converted['without_rate'][0]} RATE"
    return f"No total in {converted['currency']} without a rate for {missing}: {example}"


def _converted(converted: Data | None, what: str) -> str:
    """One total of all currencies, or what it lacks."""
    if converted is None:
        return ""
    if converted["without_rate"]:
        return _no_rate(converted)
    amount = _amount(converted["amount"], converted["currency"])
    return f"All together {what} {amount} ({_rates(converted)})"


# Retention


def retention(data: Data, view: View) -> RenderableType:
    """A block for each currency, then the customers by what became of them, then segments."""
    what = "Retention of what comes again" if data["recurring"] else "Retention"
    heading = _title(what, f"year {_between(data['year'], view)}", view)
    if not data["customers"]:
        again = " --recurring yearly" if data["recurring"] else ""
        nothing = f"Nothing of the kind was bought: acct purchase add ACCOUNT 10k{again}"
        return Group(heading, theme.cell(nothing))
    drawn: list[RenderableType] = [heading]
    for cohort in data["cohorts"]:
        drawn += [Text(""), _cohort(cohort, data["trend"], view)]
    if not data["cohorts"]:
        nobody = f"Nobody bought from {_between(data['before'], view)}, the year before: no cohort"
        drawn += [Text(""), theme.cell(nobody)]
    for standing in ("lost", "won back", "new"):
        drawn.append(_customers(standing, data["customers"], view))
    drawn += [_renewals(data["renewals"], view), _segments(data["segments"], view)]
    converted = data["converted"]
    together = ""
    if converted and converted["cohort"]:
        nrr, grr = (_percent(converted["cohort"][name]) for name in ("nrr", "grr"))
        together = f"All in {converted['currency']}: NRR {nrr}, GRR {grr} ({_rates(converted)})"
    elif converted and converted["without_rate"]:
        together = _no_rate(converted)
    basis = ""
    if data["basis"] != "purchases":
        basis = "There are no purchases in the book: won deals stand for them"
    mixed = ""
    if data["mixed"]:
        mixed = "One-off purchases count too. What comes again: acct report retention --recurring"
    ending = ""
    if any(window["terms"] for window in data["renewals"]):
        furthest = data["renewals"][-1]["within_days"]
        ending = f"Every term that ends soon: acct purchase renewals --days {furthest}"
    marks = "Everybody, with marks: acct report retention -f csv"
    drawn += _note(together, basis, mixed, ending, marks)
    return Group(*drawn)


def _cohort(cohort: Data, trend: Sequence[Data], view: View) -> RenderableType:
    """NRR and GRR with their trend, and the way from the year before to the year."""
    currency = cohort["currency"]
    kept = f"{cohort['kept']} of {text.plural(cohort['customers'], 'customer')} kept"
    points = [point for point in trend if point["currency"] == currency]
    known = [point[name] for point in points for name in ("nrr", "grr")]
    known = [value for value in known if value is not None]
    least, most = min(known, default=0), max(known, default=0)
    figures: list[Row] = []
    for name in ("nrr", "grr"):
        picture = charts.sparkline([point[name] for point in points], least, most)
        months = f"since {points[0]['month']}" if len(points) > 1 else ""
        figures.append(
            (
                theme.cell(name.upper()),
                theme.cell(_percent(cohort[name]), "heading"),
                theme.cell(picture),
                theme.cell(months, "quiet"),
            )
        )
    way = [
        ("year before", "start", ""),
        ("lost", "lost", "-"),
        ("less than before", "contraction", "-"),
        ("more than before", "expansion", "+"),
        ("year", "end", ""),
    ]
    amounts = {name: _amount(cohort[name]) for _, name, _ in way}
    wide = max(map(len, amounts.values())) + len("less than before") + 8
    most_minor = max(abs(_minor(cohort[name])) for _, name, _ in way)
    steps: list[Row] = []
    for label, name, sign in way:
        minor = _minor(cohort[name])
        picture = charts.bar(minor, most_minor, _room(view, wide))
        steps.append(_cells(label, f"{sign if minor else ''}{amounts[name]}", picture))
    return Group(
        theme.cell(parts.dotted([currency, kept]), "heading"),
        _indented(parts.grid(figures, view, right=(1,))),
        _indented(parts.grid(steps, view, right=(1,))),
    )


def _customers(standing: str, customers: Sequence[Data], view: View) -> RenderableType:
    found = [customer for customer in customers if customer["standing"] == standing]
    rows: list[Row] = []
    for customer in found[:SHOWN]:
        day = theme.day(customer["last"], view.today)
        amount = customer["before"] if standing == "lost" else customer["year"]
        when = {
            "lost": f"last {day}",
            "won back": f"after {customer['away']} days" if customer["away"] else "",
            "new": f"last {day}",
        }[standing]
        rows.append(
            (
                theme.cell(customer["account"]),
                theme.cell(_amount(amount, customer["currency"])),
                theme.cell(when, "quiet"),
            )
        )
    if len(found) > SHOWN:
        rows.append((theme.cell(f"… {len(found) - SHOWN:,} more", "quiet"), Text(""), Text("")))
    count = len({customer["account_id"] for customer in found})
    title = f"{standing.capitalize()}: {text.plural(count, 'customer')}"
    return parts.section(title, rows, view, right=(1,))


def _renewals(windows: Sequence[Data], view: View) -> RenderableType:
    rows: list[Row] = []
    first = 0
    for window in windows:
        amounts = (_amount(v["amount"], v["currency"]) for v in window["value"])
        missing = f"{window['without_deal']} without a renewal deal"
        if window["terms"]:
            rows.append(
                (
                    theme.cell(f"{first} to {window['within_days']} days"),
                    theme.cell(text.plural(window["terms"], "term")),
                    theme.cell(missing, "risk") if window["without_deal"] else Text(""),
                    theme.cell(", ".join(amounts)),
                )
            )
        first = window["within_days"] + 1
    return parts.section("Up for renewal", rows, view)


def _segments(found: Data, view: View) -> RenderableType:
    segments = found["segments"]
    most = max((segment["customers"] for segment in segments), default=0)
    rows: list[Row] = [
        (
            theme.cell(segment["segment"]),
            theme.cell(f"{segment['customers']:,}"),
            theme.cell(charts.bar(segment["customers"], most, _room(view, 68))),
            theme.cell(_amount(segment["spent"], found["currency"])),
            theme.cell(segment["meaning"], "quiet"),
        )
        for segment in segments
    ]
    return parts.section(f"Segments, {found['months']} months", rows, view, right=(1, 3))


# Whitespace


def whitespace(data: Data, view: View) -> RenderableType:
    """The grid, those accounts first that could buy more; then the candidates with their rules."""
    heading = _title("Whitespace", text.plural(data["customers"], "customer"), view)
    if not data["products"]:
        return Group(heading, theme.cell("No products yet: acct product add NAME"))
    if not data["accounts"]:
        nobody = "No account bought a product, or has one in an open deal"
        return Group(heading, theme.cell(nobody))
    return Group(
        heading,
        Text(""),
        _grid(data, view),
        _offers(data["candidates"], view),
        *_note(*_too_small(data)),
    )


def _grid(data: Data, view: View) -> RenderableType:
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
    rows: list[Row] = [_head("", *heads)]
    for account in shown:
        offers = could.get(account["account_id"], ())
        states = (_state(name, account, offers) for name in names)
        name = text.clip(text.safe(account["account"]), label)
        rows.append((theme.cell(name), *(theme.cell(CELLS[state]) for state in states)))
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
    """Items one after the other, in as many lines as they need."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]}  {item}".strip()
        if lines[-1] and text.width(longer) > width:
            lines.append(item)
        else:
            lines[-1] = longer
    return lines


def _state(product: str, account: Data, offers: Iterable[str]) -> str:
    if product in account["bought"]:
        return "bought"
    if product in account["open"]:
        return "open"
    return "candidate" if product in offers else "nothing"


def _offers(candidates: Sequence[Data], view: View) -> RenderableType:
    if not candidates:
        return Group(Text(""), theme.cell("No candidate: nobody buys less than accounts like it"))
    rows: list[Row] = [_head("", "", "", "bought by others", "lift")]
    rows += [
        _cells(
            offer["account"],
            offer["product"],
            offer["kind"],
            f"{offer['buyers']} of {offer['peers']} {offer['group']}",
            _number(offer["lift"]),
        )
        for offer in candidates[:SHOWN]
    ]
    if len(candidates) > SHOWN:
        rows.append(_head(f"… {len(candidates) - SHOWN:,} more", "", "", "", ""))
    return parts.section("Candidates", rows, view, right=(4,))


def _too_small(data: Data) -> list[str]:
    """What the book is too small to say, with the least number that it takes."""
    least = data["minimum"]
    takes = f"takes {least['customers'] + 1} customers, {least['buyers']} of them buyers"
    if data["book_too_small"]:
        return [
            f"{text.plural(data['customers'], 'customer')}: too few to say who is alike; {takes}"
        ]
    groups = [f"{group['group']} {group['customers']}" for group in data["too_small"]]
    if not groups:
        return []
    return [f"Too small to say ({takes}): {text.sentence_list(groups, 8)}"]


# Activity


def activity(data: Data, view: View) -> RenderableType:
    """A heat map of kinds by week, owners with their weeks, and the tiers that are covered."""
    total = data["total"]
    heading = _title("Activity", _between(data["period"], view), view)
    drawn: list[RenderableType] = [heading]
    if total["interactions"]:
        drawn += [Text(""), _heat(data, view), _busy(data, view)]
    else:
        drawn.append(theme.cell('Nothing was logged: acct log call ACCOUNT "what was said"'))
    drawn.append(_coverage(data["coverage"], view))
    drawn += _note("Every week, owner and kind: acct report activity -f csv")
    return Group(*drawn)


def _heat(data: Data, view: View) -> RenderableType:
    """The last weeks that there is room for, a shade for how much of each kind was done."""
    labels = [line["kind"] for line in data["kinds"]]
    label = max(map(len, (*labels, "together")))
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
    lines.append(theme.cell(f"{'together':{label}}  {together}  {data['total']['interactions']:,}"))
    scale = f"{charts.shade(0, most)} none  "
    scale += f"{charts.shade(1, 100)} few  {charts.shade(1, 1)} {most:,} a week"
    if count < len(data["weeks"]):
        scale += f"; the last {count} of {len(data['weeks'])} weeks"
    lines.append(theme.cell(scale, "quiet"))
    return Group(*lines)


def _months(weeks: Sequence[str], step: int) -> str:
    """The months above the weeks in which they begin, where there is room for their names."""
    line = ""
    for place, week in enumerate(weeks):
        monday = date.fromisoformat(week)
        begins = place == 0 or monday.month != (monday - timedelta(days=7)).month
        if begins and len(line) <= place * step:
            line = f"{line:{place * step}}{monday:%b} "
    return line.rstrip()


def _busy(data: Data, view: View) -> RenderableType:
    owners = data["owners"]
    if len(owners) == 1 and owners[0]["owner"] is None:
        return parts.NOTHING
    most = max((n for line in owners for n in line["by_week"]), default=0)
    room = _room(view, 60)
    rows: list[Row] = [_head("owner", "all", "two-way", "accounts", "by week")]
    rows += [
        _cells(
            line["owner"] or "no owner",
            f"{line['interactions']:,}",
            f"{line['two_way']:,}",
            f"{line['accounts']:,}",
            charts.sparkline(line["by_week"][-room:], 0, most) if room else "",
        )
        for line in owners
    ]
    return parts.section("By owner", rows, view, right=(1, 2, 3))


def _coverage(coverage: Data, view: View) -> RenderableType:
    rows: list[Row] = [
        _cells(
            line["tier"] or "no tier",
            f"{line['touched']} of {line['accounts']}",
            _percent(line["share"]),
            charts.bar(line["share"], 100, _room(view, 62)),
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
    return parts.section(f"Reached within their rhythm, {day}", rows, view, right=(1, 2))


# Performance


def performance(data: Data, view: View) -> RenderableType:
    """Totals, revenue by quarter, the table asked for, attainment, and the best beside the rest."""
    heading = _title("Performance", _between(data["period"], view), view)
    if not data["totals"]:
        nothing = "No deal was opened or closed then; another time: --period 2026"
        return Group(heading, theme.cell(nothing))
    drawn: list[RenderableType] = [heading]
    drawn += [_totals(total) for total in data["totals"]]
    drawn.append(_quarters(data["quarters"], view))
    if data["by"] != "quarter":
        drawn.append(_groups(data["by"], data["groups"], view))
    drawn.append(_attainment(data["quota"], view))
    drawn.append(_comparison(data["comparison"], view))
    unrated = data["quota"]["without_rate"] if data["quota"] else []
    left_out = f"Attainment leaves out {text.sentence_list(unrated)}: no rate" if unrated else ""
    drawn += _note(_converted(data["converted"], "won"), left_out, _next_step(data))
    return Group(*drawn)


def _next_step(data: Data) -> str:
    others = [name for name in ("product", "quarter", "industry") if name != data["by"]]
    return f"Otherwise: acct report performance --by {others[0]}"


def _totals(total: Data) -> RenderableType:
    """What happened in one currency, as a sentence."""
    currency = total["currency"]
    said = [
        f"opened {total['opened']:,}"
        + (f" for {_amount(total['created'], currency)}" if currency else ""),
        f"won {total['won']:,} of {total['won'] + total['lost']:,} closed",
        f"{total['win_rate']} %" if total["win_rate"] is not None else "",
        _amount(total["revenue"], currency) if currency and total["won"] else "",
        f"{_amount(total['average'])} each" if total["average"] else "",
        f"in {_days(total['cycle_days'])}" if total["cycle_days"] is not None else "",
    ]
    return theme.cell(parts.dotted(said))


def _by_currency(lines: Sequence[Data]) -> dict[str | None, list[Data]]:
    """The lines of each currency, in the order in which they come."""
    found: dict[str | None, list[Data]] = {}
    for line in lines:
        found.setdefault(line["currency"], []).append(line)
    return found


def _quarters(quarters: Sequence[Data], view: View) -> RenderableType:
    sections = []
    for currency, lines in _by_currency(quarters).items():
        if currency is None:
            continue  # nothing that a bar could show
        most = max(_minor(line["revenue"]) for line in lines)
        rows: list[Row] = [_head("quarter", "won", "rate", "revenue", "")]
        rows += [
            _cells(
                line["quarter"],
                f"{line['won']:,}",
                _percent(line["win_rate"]),
                _amount(line["revenue"]),
                charts.bar(_minor(line["revenue"]), most, _room(view, 44)),
            )
            for line in lines
        ]
        sections.append(parts.section(f"Won by quarter, {currency}", rows, view, right=(1, 2, 3)))
    return Group(*sections)


def _groups(by: str, groups: Sequence[Data], view: View) -> RenderableType:
    sections = []
    heads = (by, "opened", "for", "won", "rate", "revenue", "average", "days")
    for currency, lines in _by_currency(groups).items():
        rows = [_head(*heads), *(_group(by, line, currency) for line in lines[:LONG])]
        if len(lines) > LONG:
            rows.append(_head(f"… {len(lines) - LONG:,} more", *("" for _ in heads[1:])))
        title = f"By {by}, {currency or 'without an amount'}"
        sections.append(parts.section(title, rows, view, right=range(1, len(heads))))
    return Group(*sections)


def _group(by: str, line: Data, currency: str | None) -> Row:
    created = money.short(_minor(line["created"]), currency) if currency else "–"
    return _cells(
        line[by] if line[by] is not None else f"no {by}",
        f"{line['opened']:,}",
        created,
        f"{line['won']:,}",
        _percent(line["win_rate"]),
        _amount(line["revenue"]),
        _amount(line["average"]),
        _number(line["cycle_days"], 0),
    )


def _attainment(quota: Data | None, view: View) -> RenderableType:
    if quota is None:
        return parts.NOTHING
    most = max((line["share"] for line in quota["attainment"]), default=100)
    rows: list[Row] = [
        _cells(
            line["quarter"],
            line["owner"] or "together",
            _amount(line["won"]),
            f"of {_amount(line['quota'])}",
            _percent(line["share"]),
            charts.bar(line["share"], max(most, 100), _room(view, 66)),
        )
        for line in quota["attainment"]
    ]
    return parts.section(f"Against quota, {quota['currency']}", rows, view, right=(2, 3, 4))


def _comparison(found: Data, view: View) -> RenderableType:
    """What the best do differently, as far as it was written down of both."""
    best, rest = found["best"], found["rest"]
    if best is None:
        least = found["minimum"]
        few = (
            f"The best beside the rest: takes {least['owners']} owners with {least['closed']} "
            f"closed deals each, there are {found['compared']}"
        )
        return Group(Text(""), theme.cell(few, "quiet"))
    lines = [
        (f"revenue each, {found['currency']}", *_pair("revenue", best, rest, _amount)),
        ("win rate", *_pair("win_rate", best, rest, _percent)),
        ("average won", *_pair("average", best, rest, _amount)),
        ("days from open to won", *_pair("cycle_days", best, rest, _number)),
        ("touches per deal", *_pair("touches", best, rest, _number)),
        ("people per deal", *_pair("people", best, rest, _number)),
        ("discount", *_pair("discount", best, rest, _percent)),
    ]
    known = [line for line in lines if line[1] != "–" or line[2] != "–"]
    rows = [_head("", f"best {len(best['owners'])}", f"other {len(rest['owners'])}")]
    rows += [_cells(*line) for line in known]
    unknown = [name for name, first, second in lines if first == second == "–"]
    drawn = [parts.section("What the best do differently", rows, view, right=(1, 2))]
    names = text.sentence_list([text.safe(name) for name in best["owners"]], 6)
    drawn.append(theme.cell(f" Best by revenue: {names}", "quiet"))
    if unknown:
        drawn.append(theme.cell(f" Not written down: {', '.join(unknown)}", "quiet"))
    return Group(*drawn)


def _pair(name: str, best: Data, rest: Data, said: Any) -> tuple[str, str]:
    return said(best[name]), said(rest[name])


# Sources


def sources(data: Data, view: View) -> RenderableType:
    """A line for each source and tag: how many came, what became of them, how fast."""
    period = _between(data["period"], view) if data["period"] else "whole book"
    heading = _title("Sources", period, view)
    total = data["total"]
    if not total["leads"]:
        return Group(
            heading, theme.cell("No account came then: acct account add NAME --source web")
        )
    rate = f"customers {total['customers']:,} ({_percent(total['customer_rate'])})"
    summary = [
        f"leads {total['leads']:,}",
        f"qualified {total['qualified']:,} ({_percent(total['qualified_rate'])})",
        rate,
        *(f"won {_amount(v['amount'], v['currency'])}" for v in total["value"]),
    ]
    tip = ""
    if all(line["name"] is None for line in data["sources"]):
        tip = "No account has a source: acct account edit ACCOUNT --source web"
    return Group(
        heading,
        theme.cell(parts.dotted(summary)),
        _origins("By source", "no source", data["sources"], view),
        _origins("By tag", "", data["tags"], view),
        *_note(_converted(data["converted"], "won"), tip),
    )


def _origins(title: str, unnamed: str, lines: Sequence[Data], view: View) -> RenderableType:
    if not lines:
        return parts.NOTHING
    most = max(line["leads"] for line in lines)
    heads = ("", "leads", "", "qualified", "customers", "days", "won")
    rows: list[Row] = [_head(*heads)]
    for line in lines[:ORIGINS]:
        won = [(_minor(value["amount"]), value["currency"]) for value in line["value"]]
        rows.append(
            _cells(
                line["name"] if line["name"] is not None else unnamed,
                f"{line['leads']:,}",
                charts.bar(line["leads"], most, 8),
                f"{line['qualified']:,}",
                f"{line['customers']:,} ({_percent(line['customer_rate'])})",
                _number(line["days_to_customer"], 0),
                ", ".join(f"{money.short(minor, currency)} {currency}" for minor, currency in won),
            )
        )
    if len(lines) > ORIGINS:
        rows.append(_head(f"… {len(lines) - ORIGINS:,} more", *("" for _ in heads[1:])))
    return parts.section(title, rows, view, right=(1, 3, 4, 5))
