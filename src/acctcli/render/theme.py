"""What things look like: the terminal at hand, styles by meaning, and words for people.

Everything that is drawn goes through here: a page function returns something
that Rich can render, and `drawn` makes it the text that this terminal can show.
Only this module knows that "overdue" is bold red, and that a terminal without
Unicode gets `#` for a block. Colour is never alone: a word or a sign stands
beside it, so that a page without colour says the same.

Rich is imported inside functions: lists are drawn without it, which halves
what drawing them costs. Nothing here may know a record, a book or a command.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.values import dates
from acctcli.values.fields import Unreadable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

NARROWEST = 20
"""Below this many columns nothing can stand beside anything: lists become lines."""

STYLES = {
    "heading": ("bold",),  # who or what the screen is about
    "quiet": ("dim",),  # labels, and what may be overlooked
    "good": ("green",),
    "risk": ("yellow",),  # needs an eye on it
    "overdue": ("bold", "red"),  # needs you now
}
"""How each meaning looks. Without colour none of these is there."""

RATINGS = {"green": "good", "amber": "risk", "red": "overdue"}
"""The style of a rating: of a review, of a health, of how a deal is carried."""

# Signs, by what they say where that is the same everywhere, else by their shape. `_PLAIN_SIGNS`
# has what stands for each of them on a terminal without Unicode.
ARROW = "→"  # from what to what; we came to them
BACK = "←"  # they came to us
UP = "↑"
DOWN = "↓"
MORE = "…"  # here is something left out
NONE = "–"  # nothing is known here
FLAG = "!"  # it needs you now
BETWEEN = " · "  # parts of one line
SPECK = "·"
DOT = "●"
RING = "○"
DIAMOND = "◆"
SQUARE = "■"
CHECK = "✓"
MONEY = "$"
RULE = "─"
MINUS = "−"
TIMES = "×"
DIVIDED = "÷"

# What `charts` draws with.
BLOCK = "█"
EIGHTHS = " ▏▎▍▌▋▊▉"
HEIGHTS = "▁▂▃▄▅▆▇█"
SHADES = "░▒▓█"

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}

_PLAIN_SIGNS = str.maketrans(
    "…–—−·•●○◆◇■□→←↑↓↵✓✗×÷─│┌┐└┘├┤┬┴┼▁▂▃▄▅▆▇█▉▊▋▌▍▎▏░▒▓“”‘’",
    "~---.**o*o#o><^v/x*x/-|++`+|+++" + "+_.-~=+*#" + "#######:+%" + "\"\"''",
)
"""One column for one column, so that what was aligned stays aligned."""


class View(Frozen):
    """The terminal (or the pipe) that a page is drawn for, and the day it is drawn on."""

    width: int
    today: date
    unicode: bool = True
    color: bool = False


Drawing = Callable[[Mapping[str, Any], View], "RenderableType | list[str]"]
"""What draws a page: something that Rich can render, or lines that are painted already."""


def window() -> tuple[int, int]:
    """Columns and lines of the window, with one line left for the prompt that comes after."""
    columns, lines = shutil.get_terminal_size((80, 24))
    return max(columns, 1), max(lines - 1, 1)


def notes(parts: Iterable[str], width: int) -> list[str]:
    """Notes for the foot of a screen, side by side where they fit; none is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and text.width(lines[-1]) + len(BETWEEN) + text.width(part) <= width:
            lines[-1] += BETWEEN + part
        else:
            lines.append(part)
    return lines


def view_of_stdout(today: date) -> View:
    """What stdout can show: `COLUMNS`, else the terminal's width, else 80; colour as allowed."""
    width = shutil.get_terminal_size((80, 24)).columns
    return View(max(width, 1), today, _shows_unicode(), _shows_color())


def _shows_unicode() -> bool:
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower()
    locale = next((v for n in ("LC_ALL", "LC_CTYPE", "LANG") if (v := os.environ.get(n))), "")
    # In the C locale Python writes UTF-8 all the same, but the terminal reads single bytes.
    return encoding.startswith("utf") and locale not in ("C", "POSIX")


def _shows_color() -> bool:
    if sys.stdout is None or not sys.stdout.isatty():
        return False
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown"):
        return False
    if sys.platform == "win32":
        from rich.console import detect_legacy_windows

        return not detect_legacy_windows()
    return True


def paint(value: str, style: str, view: View) -> str:
    """Plain, already safe text in a style, for lines that are drawn without Rich."""
    return painted(value, style) if view.color and style and value else value


def painted(value: str, style: str) -> str:
    """The text in a style, whatever the terminal shows: help, too, has no view to ask."""
    codes = ";".join(_CODES[part] for part in STYLES[style])
    return f"\x1b[{codes}m{value}\x1b[0m"


def shown(drawn: str, view: View) -> str:
    """What is drawn, in characters that the terminal has: signs replaced, letters escaped."""
    if view.unicode or drawn.isascii():
        return drawn
    return drawn.translate(_PLAIN_SIGNS).encode("ascii", "backslashreplace").decode("ascii")


def cell(value: object, style: str = "") -> Text:
    """A text of the book for one line of a page: safe, never read as markup. None is empty."""
    from rich.text import Text

    # As a span, not as the base style: what is appended has a style of its own.
    return Text().append("" if value is None else line(value), style or None)


def paragraph(value: str | None, style: str = "") -> Text:
    """Like `cell`, for text of several lines."""
    from rich.text import Text

    return Text().append(text.safe(value or "", newlines=True), style or None)


def flagged(said: str) -> str:
    """`Mon 3 Nov !`: what needs an eye on it, with the sign that says so without colour too."""
    return f"{said} {FLAG}"


def line(value: object) -> str:
    """A text of the book as one line: safe, with a sign where it has a line break."""
    return text.safe(text.flat(str(value)))


def console(view: View) -> Console:
    """A Rich console that draws into memory for this view, without ideas of its own."""
    from io import StringIO

    from rich.console import Console
    from rich.theme import Theme

    return Console(
        file=StringIO(),
        width=view.width,
        height=100,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        theme=Theme({name: " ".join(parts) for name, parts in STYLES.items()}),
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


MARKDOWN_WIDTH = 80
"""Columns of a page that stands as a block in a Markdown document."""


def draw_page(
    function: Drawing, data: Mapping[str, Any], today: date, *, markdown: bool = False
) -> str:
    """The text of a page as stdout can show it; in Markdown, as a block of fixed width."""
    view = view_of_stdout(today)
    if markdown:
        drawn = drawn_for(function, data, View(MARKDOWN_WIDTH, today))
        fence = "```"
        while fence in drawn:
            fence += "`"
        return f"{fence}text\n{drawn}{fence}\n"
    return drawn_for(function, data, view)


def drawn_for(function: Drawing, data: Mapping[str, Any], view: View) -> str:
    """The text of a page for one view, lines without trailing blanks."""
    found = function(data, view)
    if isinstance(found, list):
        lines = [shown(line, view) for line in found]
    else:
        drawing = console(view)
        with drawing.capture() as captured:
            drawing.print(found)
        lines = shown(captured.get(), view).rstrip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines) + "\n"


# Words for people


def as_it_stands(stored: object) -> str:
    """Return what the book has in place of a readable value, safe to print; nothing for None."""
    return "" if stored is None else text.safe(str(stored))


def day(stored: str | date | None, today: date | None) -> str:
    """`Fri 27 Nov`, `tomorrow`; the ISO form where there is no today to speak of."""
    if stored is None or isinstance(stored, Unreadable):
        return as_it_stands(stored)
    value = dates.parse_iso_day(stored) if isinstance(stored, str) else stored
    return dates.say_day(value, today) if today else dates.iso(value)


def ago(stored: str | date | None, today: date | None) -> str:
    """`3 days ago`, `in 4 days` for a day or a moment."""
    if isinstance(stored, Unreadable):
        return as_it_stands(stored)
    value = day_of(stored)
    if value is None:
        return ""
    return dates.say_ago(value, today) if today else dates.iso(value)


def short_ago(stored: str | date | None, today: date) -> str:
    """`3 days`, `yesterday`: how long ago, under a heading that says that it is past."""
    return ago(stored, today).removesuffix(" ago")


def day_of(stored: str | date | None) -> date | None:
    """The day of a stored day or moment, where the user is; None also where it is unreadable."""
    if isinstance(stored, Unreadable):
        return None
    if isinstance(stored, str):
        if "T" in stored:
            return dates.day_of(dates.parse_iso_moment(stored))
        return dates.parse_iso_day(stored)
    return stored


def day_of_moment(stored: str | None, today: date | None) -> str:
    """The day of a stored moment, as `day` says it."""
    return day(stored if isinstance(stored, Unreadable) else day_of(stored), today)


def moment(stored: str, today: date | None) -> str:
    """`Fri 27 Nov 14:30`, in local time."""
    if isinstance(stored, Unreadable):
        return as_it_stands(stored)
    local = dates.local(dates.parse_iso_moment(stored))
    return f"{day(local.date(), today)} {local:%H:%M}"


def amount(digits: str | None, currency: str | None, *, code: bool = True) -> str:
    """`120,000 SGD` for the exact digits `120000.00`; decimals only where they say something."""
    if digits is None or isinstance(digits, Unreadable):
        return as_it_stands(digits)
    whole, _, fraction = digits.lstrip("-").partition(".")
    said = f"{'-' if digits.startswith('-') else ''}{int(whole):,}"
    if fraction.strip("0"):
        said += f".{fraction}"
    return f"{said} {currency}" if code and currency else said


def minor(digits: str) -> int:
    """Minor units of exact digits: they have just the decimals of their currency."""
    return int(digits.replace(".", ""))


def short_amount(digits: str | None, currency: str | None) -> str:
    """`412m SGD`: an amount where its size is enough."""
    if isinstance(digits, Unreadable):
        return as_it_stands(digits)
    if digits is None or not currency:
        return ""
    from acctcli.values import money

    return f"{money.short(minor(digits), currency)} {currency}"


def country(code: str | None) -> str:
    """The name that people give the country."""
    if not code or isinstance(code, Unreadable):
        return as_it_stands(code)
    from acctcli.values import addresses

    return addresses.country_name(code)


def headcount(count: int | str | None) -> str:
    """`1,200 people`; nothing where it is not known, or nobody."""
    if isinstance(count, str):
        return as_it_stands(count)
    return text.plural(count, "person", "people") if count else ""


def listed(names: Iterable[object]) -> str:
    """Names one after the other, safe: `Mei Tan, Raj Nair`."""
    return ", ".join(map(line, names))
