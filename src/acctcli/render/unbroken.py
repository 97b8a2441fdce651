"""Text for Rich that is not broken within a day, a percentage or an amount."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.containers import Lines
from rich.text import Text

from acctcli import text

_GLUE = "\ue000"
"""One column wide, and no space for Rich; of the private use area, so no text has it."""


class Unbroken(Text):
    """A text whose lines are broken as `text.wrapped` breaks them."""

    def blank_copy(self, plain: str = "") -> Unbroken:
        """Return an empty text of this kind, which joining begins with."""
        return Unbroken(plain, style=self.style, justify=self.justify, overflow=self.overflow)

    def wrap(self, console: Console, width: int, **how: Any) -> Lines:
        """Return the lines, none of them broken within a day, a percentage or an amount."""
        held = text.held_together(self.plain, width, _GLUE)
        if held == self.plain:
            return super().wrap(console, width, **how)
        glued = self.copy()
        glued.plain = held
        lines = glued.wrap(console, width, **how)
        for line in lines:
            line.plain = line.plain.replace(_GLUE, " ")
        return lines
