"""What is said beside the data, in lines of a terminal: words stay whole, and so do commands.

A command is there to be copied. Where a message does not fit on one line, one that ends a
sentence stands on a line of its own; within a sentence it is at least never broken.
"""

from __future__ import annotations

import os
import re
import shutil
import sys

from acctcli import text
from acctcli.render.theme import BETWEEN

# A word of a command ends where the sentence goes on; what is quoted is a word.
_WORD = r"""(?:"[^"]*"|'[^']*'|[^\s"'()·]*[^\s"'()·.,;:?!])+"""
_COMMAND = re.compile(rf"\bacct(?! has )(?: {_WORD})+")

_GLUE = "\0"
"""Stands for a space that is no place for a break; what is safe has none of its own."""


def columns_of_stderr() -> int:
    """How wide the terminal is that messages go to: `COLUMNS`, else its own width, else 80."""
    width = shutil.get_terminal_size((80, 24)).columns
    if os.environ.get("COLUMNS") or sys.stderr is None:
        return width
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or width
    except (OSError, ValueError):
        return width


def fitted(message: str, columns: int) -> str:
    """A message, already safe, in lines that fit."""
    return "\n".join(line for part in message.split("\n") for line in _lines(part, columns))


def _lines(said: str, columns: int) -> list[str]:
    if text.width(said) <= columns:
        return [said]
    if BETWEEN in said:
        from acctcli.render.theme import notes

        packed = notes(said.split(BETWEEN), columns)
        return [line for part in packed for line in _wrapped(part, columns)]
    return _wrapped(said, columns)


def _wrapped(said: str, columns: int) -> list[str]:
    """One line in several, with the indent that it has."""
    if text.width(said) <= columns:
        return [said]
    indent = said[: len(said) - len(said.lstrip(" "))]
    lines: list[str] = []
    rest = said
    found = list(_COMMAND.finditer(said))
    if found and found[-1].end() == len(said) and said[: found[-1].start()].endswith(": "):
        last = found[-1]
        rest = said[: last.start()].rstrip()
        lines = [f"{indent}  {last[0]}"]
    glued = _COMMAND.sub(lambda found: found[0].replace(" ", _GLUE), rest)
    room = max(columns - len(indent), 1)
    prose = text.wrapped(glued, room, break_words=False)
    return [indent + line.replace(_GLUE, " ") for line in prose] + lines
