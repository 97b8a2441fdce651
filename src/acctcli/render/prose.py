"""Pages of text: the same sections of lines for a terminal and for Markdown.

A terminal gets days as people say them, a document in ISO form, because it outlives today. Text of
the book is made safe for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from acctcli.frozen import Frozen
from acctcli.render import theme
from acctcli.values import dates
from acctcli.values.fields import known


class ProseLine(Frozen):
    """A line of a section, not yet safe; `depth` is the level of a person in the tree."""

    says: str
    style: str = ""
    depth: int = 0


Section = tuple[str, list[ProseLine]]
"""A heading with its lines."""


class Days(Frozen):
    """How days are printed: for people, or without `today` in ISO form; `now` is for lateness."""

    now: date
    today: date | None

    def day(self, stored: str | None) -> str:
        """Return a day, or the day of a moment."""
        return theme.day_of_moment(stored, self.today)

    def due(self, stored: str | None) -> str:
        """Return the day on which something is due, with a word if it has passed."""
        late = (known(stored) or "~") < dates.iso(self.now)
        return f"{self.day(stored)}, late" if late else self.day(stored)

    def last(self, stored: str | None) -> str:
        """Return when somebody was last in touch."""
        if stored is None:
            return "no contact yet"
        return f"last contact {theme.ago(stored, self.today)}"


def drawn(sections: Iterable[Section]) -> Iterator[RenderableType]:
    """Yield the sections for a terminal."""
    for title, lines in sections:
        yield Text("")
        yield theme.cell(title, "heading")
        for line in lines:
            mark = theme.cell(f"{'  ' * line.depth} {theme.SPECK}", "quiet")
            yield hanging(mark, theme.cell(line.says, line.style))


def hanging(mark: Text, line: Text) -> RenderableType:
    """Draw a line whose further lines begin below its text."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(mark, line)
    return table


def markdown(sections: Iterable[Section], *, level: int = 2) -> Iterator[str]:
    """Yield the lines of the sections in Markdown, with a blank one before each heading.

    `level` is that of their headings.
    """
    for title, lines in sections:
        yield from ("", f"{'#' * level} {escaped(title)}", "")
        yield from (f"{'  ' * line.depth}- {escaped(line.says)}" for line in lines)


def escaped(says: str) -> str:
    """Return a text on one line of Markdown that shows literally, without control characters."""
    plain = re.sub(r"([\\`*_\[\]<>|~&#])", r"\\\1", theme.line(says))
    # These begin a list or a rule only at the start of a line.
    return re.sub(r"^(\d*)([-+=]|[.)](?=\s|$))", _guarded, plain)


def _guarded(found: re.Match[str]) -> str:
    number, sign = found.groups()
    return found[0] if number and sign in "-+=" else f"{number}\\{sign}"
