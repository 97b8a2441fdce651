"""Groups of accounts: the tree with its sums, and the group on the page of a parent.

Drawn from the JSON of the pages and nothing else. A line of the tree with accounts below it has the
figures of its whole group; those of the account alone follow below it, in a line of their own. So
each figure is the sum of the figures one level further down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.render import columns, parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.shapes.groups import (
        FamiliesPage,
        FamilyMemberJson,
        FamilyTreeJson,
        GroupFiguresJson,
        GroupJson,
        GroupMemberJson,
        OfGroupJson,
        RolledUpJson,
    )

AnyFigures = Mapping[str, Any]
"""A `RolledUpJson` or a `GroupFiguresJson`."""

PARTS = ("arr", "bought", "open", "weighted")

COLUMNS = ("", "ARR", "bought", "open", "weighted", "last", "health", "renews")
"""The headings of the columns beside a name; the first has the currency, if there are several."""

NAME = 8
"""Columns beside the guides that a name needs; with less there are lines instead of a table."""

ITSELF = "itself"

ONE_FIGURE = (("arr", "ARR"), ("bought", "bought in 12 months"), ("open", "open"))
"""What is said of a member in one figure: the first of these that there is."""


# The tree


def tree(data: FamilyTreeJson | FamiliesPage, view: View) -> RenderableType:
    """Draw one group or all of them, each as a tree from its topmost account down."""
    families = data["families"] if "families" in data else [data]  # noqa: SIM401 - `in` tells which
    if not families:
        return Hint("No account has a parent. Set one: acct account edit", "")
    based = all(_complete(family["group"]) for family in families)
    rows = [row for family in families for row in _rows(family, view, based=based)]
    # A column in which nothing stands would only take room.
    used = [place for place in range(len(COLUMNS)) if any(_says(row.cells[place]) for row in rows)]
    base = families[0]["group"]["converted"] if based else None
    currencies = {row.cells[0].plain for row in rows} - {""}
    if len(currencies) == 1:
        used.remove(0)
    currency = base["currency"] if base else currencies.pop() if len(currencies) == 1 else ""
    notes = theme.notes(_notes(families, [COLUMNS[place] for place in used]), view.width)
    return Group(
        _drawn(rows, used, f"in {currency}" if currency else "", view),
        *([Text("")] if notes else []),
        *(theme.cell(line, "quiet") for line in notes),
    )


class _Row(Frozen):
    """A line of the tree: `guides` stand before its name, `past` before further lines of it.

    `who` are number, and tier with status; `cells` are those of `COLUMNS`. `top` begins a group.
    """

    guides: str
    past: str
    name: Text
    marks: str
    who: Sequence[Text]
    cells: Sequence[Text]
    top: bool = False


_NOBODY = (Text(""), Text(""))


def _rows(family: FamilyTreeJson, view: View, *, based: bool) -> Iterator[_Row]:
    """Yield the lines of one group, top down."""
    deepest = max(1, min(parts.DEEPEST, view.width // 12))
    # The guides of the line of an account, and of the lines below it.
    waiting: list[tuple[FamilyTreeJson, int, str, str]] = [(family, 0, "", "")]
    while waiting:
        one, level, guides, below = waiting.pop()
        deep = parts.level_said(level, deepest)
        past = f"{below}{theme.PIPE} "
        line = _Row(
            guides,
            past if one["children"] else below,
            theme.cell(one["name"], "" if level else "heading"),
            "".join(f" ({mark})" for mark in (*_marks(one), deep) if mark),
            (theme.cell(one["number"], "quiet"), theme.cell(_standing(one), "quiet")),
            (),
            top=level == 0,
        )
        yield from _lines(line, one["group"], view, based=based)
        if one["children"] and _known(one["own"]):
            name = theme.cell(ITSELF, "quiet")
            itself = _Row(f"{below}{theme.BRANCH} ", past, name, "", _NOBODY, ())
            yield from _lines(itself, one["own"], view, based=based)
        for place, child in enumerate(reversed(one["children"])):
            if level >= deepest:  # deeper ones stay below each other
                waiting.append((child, level + 1, guides, below))
            elif place == 0:
                waiting.append((child, level + 1, f"{below}{theme.LAST} ", f"{below}  "))
            else:
                waiting.append((child, level + 1, f"{below}{theme.BRANCH} ", past))


def _marks(member: FamilyMemberJson) -> list[str]:
    """Return what keeps an account out of health and renewals."""
    found = ["former"] if member["status"] == "former" else []
    return [*found, *(["archived"] if member["archived"] else [])]


def _standing(member: FamilyMemberJson) -> str:
    return parts.dotted([member["tier"], member["status"]])


def _known(found: OfGroupJson) -> bool:
    """Whether there is anything to say of an account alone."""
    figures: AnyFigures = found
    said = figures["amounts"], found["deals"], found["last_touch"]
    return any(said) or bool(found["lowest_health"] or found["next_renewal"])


def _lines(line: _Row, found: RolledUpJson, view: View, *, based: bool) -> Iterator[_Row]:
    """Yield the line of an account with its cells, and one for each further currency."""
    sums: Sequence[AnyFigures] = [found["converted"] or {}] if based else found["amounts"]
    for place, one in enumerate(sums or [{}]):
        cells = [theme.cell("" if based else one.get("currency"))]
        cells += [_amount(one.get(part), one.get("currency")) for part in PARTS]
        if place:
            further = [*cells, Text(""), Text(""), Text("")]
            yield _Row(line.past, line.past, Text(""), "", _NOBODY, further)
        else:
            yield line.replace(cells=[*cells, *_judged(found, view)])


def _amount(digits: str | None, currency: str | None) -> Text:
    """Draw `57.6k`; a dash for nothing."""
    if digits is None or currency is None or not theme.minor(digits):
        return theme.cell(theme.NONE, "quiet")
    return theme.cell(theme.short_amount(digits, currency).rpartition(" ")[0])


def _judged(found: OfGroupJson, view: View) -> Iterator[Text]:
    """Yield the last contact, the lowest health and the next renewal."""
    nothing = theme.cell(theme.NONE, "quiet")
    touched = found["last_touch"]
    yield theme.cell(_days(touched, view.today)) if touched else nothing
    lowest = found["lowest_health"]
    if lowest is None:
        yield nothing
    else:
        said = str(lowest["health"])
        style = theme.RATINGS[lowest["band"]]
        yield theme.cell(theme.flagged(said) if style == "overdue" else said, style)
    renewal = found["next_renewal"]
    if renewal is None:
        yield nothing
    else:
        day = _shortest(theme.day(renewal["ends_on"], view.today))
        lapsed = renewal["standing"] in ("lapsed", "missed")
        yield theme.cell(theme.flagged(day) if lapsed else day, "overdue" if lapsed else "")


def _days(touched: str, today: date) -> str:
    """Return `1 day` for yesterday, and `3 weeks`."""
    said = theme.short_ago(touched, today)
    return "1 day" if said == "yesterday" else said


def _shortest(said: str) -> str:
    """Return `14 Jan` for `Thu 14 Jan`, and `Jan 2028` for `14 Jan 2028`; else the same."""
    first, _, rest = said.partition(" ")
    if any(first == day[:3] for day in dates.WEEKDAYS):
        return rest
    return rest if rest[-4:].isdigit() else said


def _says(cell: Text) -> bool:
    return cell.plain not in ("", theme.NONE)


def _drawn(rows: Sequence[_Row], used: Sequence[int], title: str, view: View) -> RenderableType:
    """Draw the table; a name that is too long for it has a line of its own.

    Number and standing are added where there is room.
    """
    head = [theme.cell(COLUMNS[place], "quiet") for place in used]
    cells = [[row.cells[place] for place in used] for row in rows]
    widths = [max(cell.cell_len for cell in column) for column in zip(head, *cells, strict=True)]
    aligned = [bool(COLUMNS[place]) for place in used]  # figures to the right, a currency not
    names = [_named(row) for row in rows]
    widest = max(len(title), *(name.cell_len for name in names))
    room = view.width - sum(widths) - columns.GAP * len(widths)
    if room < min(widest, NAME + max(len(row.past) for row in rows)):
        return Group(*_as_lines(rows))
    for place in (0, 1):
        width = max(row.who[place].cell_len for row in rows)
        if widest + width + columns.GAP > room:
            break
        room -= width + columns.GAP
        head.insert(place, Text(""))
        widths.insert(place, width)
        aligned.insert(place, False)
        for row, beside in zip(rows, cells, strict=True):
            beside.insert(place, row.who[place])
    lines = []

    def add(first: Text, beside: Sequence[Text]) -> None:
        line = first.copy()
        line.pad_right(max(min(widest, room) - line.cell_len, 0))
        for cell, width, right in zip(beside, widths, aligned, strict=True):
            blanks = " " * (width - cell.cell_len)
            line.append(" " * columns.GAP)
            line.append_text(Text.assemble(*((blanks, cell) if right else (cell, blanks))))
        line.rstrip()
        lines.append(line)

    if used:
        add(theme.cell(title, "quiet"), head)
    for row, name, beside in zip(rows, names, cells, strict=True):
        if row.top and row is not rows[0]:
            lines.append(Text(""))
        if name.cell_len > room:
            lines.append(columns.clipped(name, view.width))
            name = Text().append(row.past, "quiet")
        add(name, beside)
    return Group(*lines)


def _named(row: _Row) -> Text:
    """Draw guides, name and marks."""
    return Text.assemble((row.guides, "quiet"), row.name, (row.marks, "quiet"))


def _as_lines(rows: Sequence[_Row]) -> Iterator[Text]:
    """Yield a line per account with all that is known, for a narrow terminal."""
    for row in rows:
        said = [
            f"{label} {cell.plain}".strip()
            for label, cell in zip(COLUMNS, row.cells, strict=True)
            if _says(cell)
        ]
        yield Text("  ").join(
            part for part in (_named(row), theme.cell(parts.dotted(said))) if part.plain
        )


def _notes(families: Sequence[FamilyTreeJson], used: Sequence[str]) -> Iterator[str]:
    """Yield what the lines and the columns that are used mean."""
    if used and any(family["children"] for family in families):
        yield 'A parent\'s line is its whole group, "itself" the parent alone'
    if "bought" in used:
        yield "bought: in 12 months"
    if "health" in used and any(family["children"] for family in families):
        yield "health: the lowest"
    yield from rates([family["group"] for family in families])


# The same words for all pages


def _complete(found: AnyFigures) -> bool:
    """Whether everything could be put into the base currency."""
    converted = found["converted"]
    return converted is not None and not converted["without_rate"]


def rates(groups: Sequence[AnyFigures]) -> Iterator[str]:
    """Yield the day of the rates where they were used, or the currencies that have none."""
    converted = [found["converted"] for found in groups if found["converted"]]
    if converted and all(_complete(found) for found in groups):
        base = converted[0]
        used = {one["currency"] for found in groups for one in found["amounts"]}
        if used - {base["currency"]}:
            yield dates.say_rates(base["rates_of"])
    elif missing := sorted({code for one in converted for code in one["without_rate"]}):
        yield f"no rate for {', '.join(missing)}"


def said(found: AnyFigures, part: str) -> str:
    """Return `57.6k SGD`, or `48k GBP + 12k EUR` without rates; "" for nothing."""
    return _joined(found, part, theme.short_amount)


def exactly(found: AnyFigures, part: str) -> str:
    """Return the same with all digits: `57,600 SGD`."""
    return _joined(found, part, theme.amount)


def _joined(found: AnyFigures, part: str, say: Callable[[str, str], str]) -> str:
    sums = [found["converted"]] if _complete(found) else found["amounts"]
    return " + ".join(say(one[part], one["currency"]) for one in sums if theme.minor(one[part]))


def lowest_health(found: OfGroupJson) -> str:
    """Return `41 red (Northgate UK)`; "" if none is known."""
    lowest = found["lowest_health"]
    if lowest is None:
        return ""
    return (
        f"{' '.join(filter(None, (str(lowest['health']), lowest['band'])))} ({lowest['account']})"
    )


def in_words(found: GroupFiguresJson, today: date | None) -> Iterator[str]:
    """Yield the figures of a group, one by one: `57.6k SGD ARR`, `lowest health 41 …`."""
    yield text.plural(found["accounts"], "account")
    for part, label in ONE_FIGURE:
        if amount := said(found, part):
            yield f"{amount} {label}"
    yield from rates([found])
    if found["last_touch"]:
        yield f"last contact {theme.ago(found['last_touch'], today)}"
    if lowest := lowest_health(found):
        yield f"lowest health {lowest}"
    if renewal := found["next_renewal"]:
        lapsed = renewal["standing"] in ("lapsed", "missed")
        word = "contract lapsed since" if lapsed else "next renewal"
        day = theme.day(renewal["ends_on"], today)
        yield f"{word} {day} ({renewal['account']})"


def one_figure(found: GroupFiguresJson) -> str:
    """Return the main figure of a member: its ARR, else what it bought, else what is open."""
    for part, label in ONE_FIGURE:
        if amount := said(found, part):
            return f"{amount} {label}"
    return "no business yet"


def said_of_member(member: GroupMemberJson) -> str:
    """Return `Northgate UK (A-0007, former, 3 accounts): 48k GBP ARR`."""
    beside = ", ".join([member["number"], *_marks(member), *_several(member)])
    return f"{member['name']} ({beside}): {one_figure(member)}"


def about(member: GroupMemberJson) -> list[str]:
    """Return number, tier and status of a member, and how many accounts its group has."""
    archived = ["archived"] if member["archived"] else []
    return [member["number"], _standing(member), *archived, *_several(member)]


def _several(member: GroupMemberJson) -> list[str]:
    """Return how many accounts the group of a member has, if there are several."""
    count = member["accounts"]
    return [text.plural(count, "account")] if count > 1 else []


# The group on the page of a parent


def part(group: GroupJson, number: str, view: View) -> Iterator[RenderableType]:
    """Yield the totals of a group, and a line with one figure for each member."""
    yield Text("")
    words = theme.notes(in_words(group, view.today), max(view.width - columns.LABEL, 1))
    for place, line in enumerate(words):
        yield columns.line("" if place else "Group", theme.cell(line), view)
    members = group["members"][: columns.SHOWN_LINES]
    rows = [
        (
            theme.cell(one["name"]),
            theme.cell(one["number"], "quiet"),
            theme.cell(parts.dotted([*_marks(one), *_several(one)]), "quiet"),
            theme.cell(one_figure(one)),
        )
        for one in members
    ]
    yield columns.columns(("Members", "", "", ""), rows, view, give=(0,))
    yield from columns.rest(len(group["members"]), f"acct account tree {number}")
