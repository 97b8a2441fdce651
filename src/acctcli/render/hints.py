"""Hints at the foot of a page: their command is never broken over lines."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from acctcli.render import messages, theme
from acctcli.text import width


class Hint:
    """A sentence that ends in a command; if both do not fit on one line, each has its own."""

    def __init__(self, said: str, style: str = "quiet") -> None:
        self.said = theme.line(said)
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        drawn = Text(no_wrap=True, overflow="fold")
        yield drawn.append(messages.fitted(self.said, options.max_width), self.style or None)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        lines = messages.fitted(self.said, options.max_width).splitlines()
        return Measurement(max(map(width, lines), default=0), width(self.said))
