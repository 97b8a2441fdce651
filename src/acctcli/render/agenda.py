"""The screen of `acct today`: one line per account, or each reason in full.

Drawn from the rows of the JSON as plain lines, without Rich: it is the first screen of a morning
and should be fast. A command is never cut or broken, so that it can be copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.render import theme
from acctcli.render.theme import View
from acctcli.text import plural, width
from acctcli.values.dates import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from acctcli.shapes.today import AgendaEntryJson, MeetingOfDayJson, TodayPage

BESIDE_EACH_OTHER = 60
"""Below this many columns, the reason is below the account, not beside it."""

TIER_BESIDE = 100
"""From this many columns on, a line shows the tier; before that the reason needs the space."""

NUMBER, NAME, GAP = 2, 20, 2

LEAST_TEXT = 8
"""The fewest columns that a clipped text keeps."""

NOBODY = "(no account)"

STYLES = {"promise": "overdue", "slipped": "overdue", "waiting": "risk", "closing": "risk"}
STYLES |= {"lapsed": "overdue", "answer": "overdue", "ticket": "risk", "left": "risk"}
STYLES["quote"] = "risk"
"""The style of a reason, by the kind of line; others are plain."""


class Columns:
    """The widths of number, name and tier on this screen, and where the reason begins."""

    def __init__(self, entries: Sequence[AgendaEntryJson], view: View) -> None:
        names = [width(_name(entry)) for entry in entries]
        tiers = [width(theme.line(entry["tier"] or "")) for entry in entries]
        longest = min(max(view.width * 3 // 10, NAME), 2 * NAME)
        self.number = max([NUMBER, *(len(f"{entry['rank']}") for entry in entries)])
        self.name = min(max(names, default=0), longest)
        self.tier = max(tiers, default=0) if view.width >= TIER_BESIDE else 0
        self.left = self.number + GAP + self.name + GAP
        if self.tier:
            self.left += self.tier + GAP
        self.room = max(view.width - self.left, LEAST_TEXT)


def today(data: TodayPage, view: View) -> list[str]:
    """Draw accounts by rank with their reasons, as many as fit the window."""
    head, entries = list(_head(data, view)), data["accounts"]
    columns = Columns(entries, view)
    drawn = [list(_entry(entry, columns, data, view)) for entry in entries]
    fitting = len(drawn)
    if data["room"] is not None:
        # The foot may say how many are left out.
        foot = list(_foot(data, data["needing"], view))
        fitting = _fitting(drawn, data["room"] - len(head) - len(foot))
    foot = list(_foot(data, data["needing"] - fitting, view))
    return [*head, *(line for lines in drawn[:fitting] for line in lines), *foot]


def _fitting(drawn: Sequence[Sequence[str]], room: int) -> int:
    """Return how many accounts fit, at least one."""
    for place, lines in enumerate(drawn):
        room -= len(lines)
        if room < 0:
            return max(place, 1)
    return len(drawn)


def _head(data: TodayPage, view: View) -> Iterator[str]:
    """Yield the lines above the accounts."""
    day = f"{WEEKDAYS[view.today.weekday()]} {view.today.day} {MONTHS[view.today.month - 1]}"
    parts = [day, headline(data)]
    if data["tomorrow"]:
        parts.append(f"{data['tomorrow']:,} more tomorrow")
    for part in theme.notes(parts, view.width):
        yield from (theme.paint(line, "heading", view) for line in text.wrapped(part, view.width))
    if data["appointments"]:
        yield ""
        yield from appointments(data["appointments"], view, commands=data["commands"])
    if data["accounts"]:
        yield ""


def appointments(
    found: Sequence[MeetingOfDayJson], view: View, *, commands: bool = False
) -> Iterator[str]:
    """Yield the appointments of the day, one line each: `09:00  QBR, Acme (Mei Tan, 1h)`."""
    marked = any(one["over"] for one in found)
    for one in found:
        what = theme.line(one["text"])
        what += f", {theme.line(one['account'])}" if one["account"] else ""
        what += f" ({theme.line(one['beside'])})" if one["beside"] else ""
        time = theme.flagged(one["time"]) if one["over"] else one["time"] + "  " * marked
        room = view.width - len(time) - GAP - GAP - len(one["id"])
        said = text.clip(what, max(room, LEAST_TEXT))
        blanks = " " * max(room - width(said) + GAP, 1)
        style = "overdue" if one["over"] else "heading"
        end = theme.paint(one["id"], "quiet", view)
        yield f"{theme.paint(time, style, view)}  {said}{blanks}{end}"
        if commands:
            command = theme.paint(f"acct task done {one['id']}", "quiet", view)
            yield " " * (len(time) + GAP) + command


def headline(data: TodayPage) -> str:
    """Return how many accounts need attention: `10 accounts need you`."""
    needing = data["needing"]
    if needing:
        return f"{plural(needing, 'account')} {'needs' if needing == 1 else 'need'} you"
    if not data["known"]:
        return "the book is empty"
    if data["appointments"]:
        return "nobody else needs you"
    return "nothing is due" if data["first_contacts"] else "nobody needs you today"


def _foot(data: TodayPage, more: int, view: View) -> Iterator[str]:
    """Yield the lines below the accounts; `more` are not shown."""
    waiting = data["first_contacts"]
    if waiting:
        yield ""
        has = "account has" if waiting["count"] == 1 else "accounts have"
        said = f"{waiting['count']:,} {has} no contact logged yet. To list them, or log the first:"
        yield from text.wrapped(said, view.width)
        yield f"  {theme.line(waiting['list'])}"
        yield f"  {theme.line(waiting['start'])}"
    notes = list(_notes(data, more, view))
    if notes:
        yield ""
    for note in theme.notes(notes, view.width):
        yield theme.paint(note, "quiet", view)


def _notes(data: TodayPage, more: int, view: View) -> Iterator[str]:
    if more:
        yield f"{more:,} more: acct today --all"
    if data["needing"]:
        yield f"{'go' if more else 'Go'} through them: acct today -i"
        if not any("explain" in line for entry in data["accounts"] for line in entry["lines"]):
            yield "why this order: acct today --explain"
    elif data["next"]:
        step = data["next"]
        said = f"{theme.line(step['text'])} ({theme.line(step['account'])})"
        yield f"Next: {theme.day(step['day'], view.today)}, {said}"
    elif not data["known"]:
        yield "Start with: acct account add"
        yield "or try the sample book: acct demo"


def _name(entry: AgendaEntryJson) -> str:
    return theme.line(entry["account"] or NOBODY)


def _entry(entry: AgendaEntryJson, columns: Columns, data: TodayPage, view: View) -> Iterator[str]:
    """Yield the lines of one account."""
    if view.width < BESIDE_EACH_OTHER:
        yield from _below(entry, data, view)
    elif data["detail"]:
        yield from _in_full(entry, columns, data, view)
    else:
        yield _row(entry, columns, view)


def _row(entry: AgendaEntryJson, columns: Columns, view: View) -> str:
    """Draw an account on one line: what to do, and at the right what makes it urgent."""
    brief = entry["brief"]
    rest, note = theme.line(brief["rest"]), theme.line(brief["note"])
    room = columns.room - (GAP + width(note) if note else 0)
    if room - width(rest) < LEAST_TEXT:
        rest = text.clip(rest, max(room - LEAST_TEXT, 0))
    said = _clipped(theme.line(brief["text"]), room - width(rest)) + rest
    blanks = " " * (room - width(said) + GAP)
    style = STYLES.get(entry["lines"][0]["kind"], "")
    return f"{_start(entry, columns, view)}{said}{blanks}{theme.paint(note, style, view)}".rstrip()


def _clipped(said: str, columns: int) -> str:
    """Clip a text to the space; a quoted text keeps its quotation marks."""
    if width(said) > columns and said.startswith('"') and said.endswith('"'):
        return text.clip(said[:-1], columns - 1) + '"'
    return text.clip(said, columns)


def _start(entry: AgendaEntryJson, columns: Columns, view: View) -> str:
    """Draw number, account and tier, each in a column."""
    name = text.clip(_name(entry), columns.name)
    parts = [f"{entry['rank']:>{columns.number}}", name + " " * (columns.name - width(name))]
    if columns.tier:
        tier = theme.line(entry["tier"] or "")
        blanks = " " * (columns.tier - width(tier))
        parts.append(theme.paint(tier, "quiet", view) + blanks)
    return (" " * GAP).join(parts) + " " * GAP


def _in_full(
    entry: AgendaEntryJson, columns: Columns, data: TodayPage, view: View
) -> Iterator[str]:
    """Yield an account with its full reasons beside its name, and commands below them."""
    start, left = _start(entry, columns, view), " " * columns.left
    for line in entry["lines"]:
        style = STYLES.get(line["kind"], "")
        for said in text.wrapped(theme.line(line["reason"]), columns.room):
            yield start + theme.paint(said, style, view)
            start = left
        if data["commands"]:
            # A command too long for the space below the reason starts below the name, unbroken.
            fits = columns.left + width(line["command"]) <= view.width
            indent = columns.left if fits else columns.number + GAP
            yield " " * indent + theme.paint(theme.line(line["command"]), "quiet", view)
        yield from _more(entry, line.get("explain", ()), columns.left, view)
    yield from _also(entry, columns.left, view)


def _below(entry: AgendaEntryJson, data: TodayPage, view: View) -> Iterator[str]:
    """Yield an account on a narrow screen: reasons and commands below its name."""
    left = min(NUMBER + GAP, view.width // 8)
    head = [_name(entry), *([theme.line(entry["tier"])] if entry["tier"] else [])]
    start = f"{entry['rank']:>{left - 1}} " if left > NUMBER else f"{entry['rank']} "
    for said in text.wrapped(theme.BETWEEN.join(head), max(view.width - len(start), 1)):
        yield start + said
        start = " " * len(start)
    for line in entry["lines"]:
        style = STYLES.get(line["kind"], "")
        for said in text.wrapped(theme.line(line["reason"]), view.width - left):
            yield " " * left + theme.paint(said, style, view)
        if data["commands"]:
            yield " " * left + theme.paint(theme.line(line["command"]), "quiet", view)
        yield from _more(entry, line.get("explain", ()), left, view)
    if data["detail"]:
        yield from _also(entry, left, view)


def _also(entry: AgendaEntryJson, left: int, view: View) -> Iterator[str]:
    if entry["also"]:
        yield from _more(entry, [f"also: {entry['also']}"], left, view)


def _more(entry: AgendaEntryJson, says: Sequence[str], left: int, view: View) -> Iterator[str]:
    for one in says:
        for said in text.wrapped(theme.line(one), max(view.width - left, 1)):
            yield " " * left + theme.paint(said, "quiet", view)
