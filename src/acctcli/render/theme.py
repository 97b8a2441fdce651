"""How things look: the terminal, styles by meaning, and words for people.

Everything that is drawn goes through here: a page function returns something that Rich can render,
and `drawn_for` turns it into text for this terminal. Only this module knows that "overdue" is bold
red, and that a terminal without Unicode gets `#` for a block. Colour is never alone: a word or a
sign is beside it, so that a page without colour says the same.

Rich is imported inside functions: lists are drawn without it, in half the time. Nothing here may
know a record, a book or a command.
"""

from __future__ import annotations

import os
import re
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
"""Below this many columns, nothing fits beside anything: lists become lines."""

STYLES = {
    "heading": ("bold",),  # the subject of the screen
    "quiet": ("dim",),  # labels, and less important text
    "good": ("green",),
    "risk": ("yellow",),  # needs an eye on it
    "overdue": ("bold", "red"),  # needs you now
    "inked": ("black", "on bright_white"),  # as on paper, for a camera
}
"""The style of each meaning. Without colour there are none."""

RATINGS = {"green": "good", "amber": "risk", "red": "overdue"}
"""The style of a rating: of a review, of a health, of the support for a deal."""

# Signs, named by meaning if that is the same everywhere, else by shape. `_PLAIN_SIGNS` has their
# replacements on a terminal without Unicode.
ARROW = "→"  # from one value to another; we contacted them
BACK = "←"  # they contacted us
UP = "↑"
DOWN = "↓"
MORE = "…"  # something is left out here
NONE = "–"  # unknown
FLAG = "!"  # it needs you now
BETWEEN = " · "  # between the parts of a line
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

# The lines of a tree: past an account, to one, and to the last one.
PIPE = "│"
BRANCH = "├"
LAST = "└"

# The blocks of `charts`.
BLOCK = "█"
UPPER_HALF = "▀"
LOWER_HALF = "▄"
EIGHTHS = " ▏▎▍▌▋▊▉"
HEIGHTS = "▁▂▃▄▅▆▇█"
SHADES = "░▒▓█"

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_CODES |= {"black": "30", "on bright_white": "107"}

_PLAIN_SIGNS = str.maketrans(
    "…–—−·•●○◆◇■□→←↑↓↵✓✗×÷─│┌┐└┘├┤┬┴┼▁▂▃▄▅▆▇█▉▊▋▌▍▎▏░▒▓▀“”‘’",
    "~---.**o*o#o><^v/x*x/-|++`+|+++" + "+_.-~=+*#" + "#######:+%^" + "\"\"''",
)
"""One column for each, so that aligned text stays aligned."""


class View(Frozen):
    """The terminal (or pipe) that a page is drawn for, and the day."""

    width: int
    today: date
    unicode: bool = True
    color: bool = False


Drawing = Callable[[Mapping[str, Any], View], "RenderableType | list[str]"]
"""Draws a page: returns something that Rich can render, or finished lines."""


def window() -> tuple[int, int]:
    """Return columns and lines of the window, with one line left for the next prompt."""
    columns, lines = shutil.get_terminal_size((80, 24))
    return max(columns, 1), max(lines - 1, 1)


def notes(parts: Iterable[str], width: int) -> list[str]:
    """Return notes for the foot of a screen, side by side where they fit; none is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and text.width(lines[-1]) + len(BETWEEN) + text.width(part) <= width:
            lines[-1] += BETWEEN + part
        else:
            lines.append(part)
    return lines


def view_of_stdout(today: date) -> View:
    """Return what stdout can show: `COLUMNS`, else its own width, else 80; colour if allowed."""
    width = shutil.get_terminal_size((80, 24)).columns
    return View(max(width, 1), today, _shows_unicode(), _shows_color())


def _shows_unicode() -> bool:
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower()
    locale = next((v for n in ("LC_ALL", "LC_CTYPE", "LANG") if (v := os.environ.get(n))), "")
    # In the C locale Python writes UTF-8 anyway, but the terminal reads single bytes.
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
    """Return plain, safe text in a style, for lines that are drawn without Rich."""
    return painted(value, style) if view.color and style and value else value


def painted(value: str, style: str) -> str:
    """Return text in a style, whatever the terminal shows: help has no view."""
    codes = ";".join(_CODES[part] for part in STYLES[style])
    return f"\x1b[{codes}m{value}\x1b[0m"


def shown(drawn: str, view: View) -> str:
    """Return drawn text in characters that the terminal has: signs replaced, letters escaped."""
    if view.unicode or drawn.isascii():
        return drawn
    return drawn.translate(_PLAIN_SIGNS).encode("ascii", "backslashreplace").decode("ascii")


def cell(value: object, style: str = "") -> Text:
    """Return a text of the book for one line: safe, never read as markup. None is empty."""
    from acctcli.render.unbroken import Unbroken

    # A span and not the base style, because appended text has its own style.
    return Unbroken().append("" if value is None else line(value), style or None)


def phone(number: str | None) -> str:
    """Return a phone number grouped as in its country; any other text unchanged."""
    if not number or not number.startswith("+"):
        return number or ""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    said: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # An extension, or a number in no plan, would be changed: show what is stored.
    return said if re.sub(r"[ -]", "", said) == number else number


def paragraph(value: str | None, style: str = "") -> Text:
    """Like `cell`, for text of several lines."""
    from acctcli.render.unbroken import Unbroken

    return Unbroken().append(text.safe(value or "", newlines=True), style or None)


def flagged(said: str) -> str:
    """Return `Mon 3 Nov !`: text that needs attention, with a sign for those without colour."""
    return f"{said} {FLAG}"


def line(value: object) -> str:
    """Return a text of the book as one line: safe, with a sign for each line break."""
    return text.safe(text.flat(str(value)))


def console(view: View) -> Console:
    """Return a Rich console that draws into memory for this view, with its own defaults off."""
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
"""Columns of a page that is a block in a Markdown document."""


def draw_page(
    function: Drawing, data: Mapping[str, Any], today: date, *, markdown: bool = False
) -> str:
    """Return the text of a page as stdout can show it; in Markdown, as a block of fixed width."""
    view = view_of_stdout(today)
    if markdown:
        drawn = drawn_for(function, data, View(MARKDOWN_WIDTH, today))
        fence = "```"
        while fence in drawn:
            fence += "`"
        return f"{fence}text\n{drawn}{fence}\n"
    return drawn_for(function, data, view)


def drawn_for(function: Drawing, data: Mapping[str, Any], view: View) -> str:
    """Return the text of a page for one view, lines without trailing blanks."""
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
    """Return a stored text in place of a readable value, safe to print; "" for None."""
    return "" if stored is None else text.safe(str(stored))


def day(stored: str | date | None, today: date | None) -> str:
    """Return `Fri 27 Nov`, `tomorrow`; the ISO form without today."""
    if stored is None or isinstance(stored, Unreadable):
        return as_it_stands(stored)
    value = dates.parse_iso_day(stored) if isinstance(stored, str) else stored
    return dates.say_day(value, today) if today else dates.iso(value)


def ago(stored: str | date | None, today: date | None) -> str:
    """Return `3 days ago`, `in 4 days` for a day or a moment."""
    if isinstance(stored, Unreadable):
        return as_it_stands(stored)
    value = day_of(stored)
    if value is None:
        return ""
    return dates.say_ago(value, today) if today else dates.iso(value)


def short_ago(stored: str | date | None, today: date) -> str:
    """Return `3 days`, `yesterday`: how long ago, under a heading that says it is past."""
    return ago(stored, today).removesuffix(" ago")


def day_of(stored: str | date | None) -> date | None:
    """Return the local day of a stored day or moment; None also if it is unreadable."""
    if isinstance(stored, Unreadable):
        return None
    if isinstance(stored, str):
        if "T" in stored:
            return dates.day_of(dates.parse_iso_moment(stored))
        return dates.parse_iso_day(stored)
    return stored


def day_of_moment(stored: str | None, today: date | None) -> str:
    """Return the day of a stored moment, like `day`."""
    return day(stored if isinstance(stored, Unreadable) else day_of(stored), today)


def moment(stored: str, today: date | None) -> str:
    """Return `Fri 27 Nov 14:30`, in local time."""
    if isinstance(stored, Unreadable):
        return as_it_stands(stored)
    local = dates.local(dates.parse_iso_moment(stored))
    return f"{day(local.date(), today)} {local:%H:%M}"


def amount(digits: str | None, currency: str | None, *, code: bool = True) -> str:
    """Return `120,000 SGD` for the exact digits `120000.00`; decimals only if they are not zero."""
    if digits is None or isinstance(digits, Unreadable):
        return as_it_stands(digits)
    whole, _, fraction = digits.lstrip("-").partition(".")
    said = f"{'-' if digits.startswith('-') else ''}{int(whole):,}"
    if fraction.strip("0"):
        said += f".{fraction}"
    return f"{said} {currency}" if code and currency else said


def estimate(digits: str | None, currency: str, *, code: bool = True) -> str:
    """An amount that nobody knows to the cent, such as a weighted one: in whole units."""
    if digits is None or isinstance(digits, Unreadable):
        return as_it_stands(digits)
    from acctcli.values import money

    unit = 10 ** money.digits(currency)
    whole = money.divide(minor(digits), unit) * unit
    return money.say(whole, currency, code=code)


def minor(digits: str) -> int:
    """Return the minor units of exact digits, which have just the decimals of their currency."""
    return int(digits.replace(".", ""))


def short_amount(digits: str | None, currency: str | None) -> str:
    """Return `412m SGD`: an amount where its size is enough."""
    if isinstance(digits, Unreadable):
        return as_it_stands(digits)
    if digits is None or not currency:
        return ""
    from acctcli.values import money

    return f"{money.short(minor(digits), currency)} {currency}"


def country(code: str | None) -> str:
    """Return the everyday name of a country."""
    if not code or isinstance(code, Unreadable):
        return as_it_stands(code)
    from acctcli.values import addresses

    return addresses.country_name(code)


def headcount(count: int | str | None) -> str:
    """Return `1,200 people`; "" if it is unknown or zero."""
    if isinstance(count, str):
        return as_it_stands(count)
    return text.plural(count, "person", "people") if count else ""


def listed(names: Iterable[object]) -> str:
    """Return names one after the other, safe: `Mei Tan, Raj Nair`."""
    return ", ".join(map(line, names))
