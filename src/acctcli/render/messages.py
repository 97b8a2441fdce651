"""Messages on a terminal: lines are broken between words, and never inside a command.

Commands are there to be copied. If a message does not fit on one line, a command at the end of a
sentence gets its own line; a command within a sentence is not broken.
"""

from __future__ import annotations

import os
import re
import shutil
import sys

from acctcli import text
from acctcli.render.theme import BETWEEN, SPECK

# A word of a command ends where the sentence continues; quoted text is one word.
_WORD = rf"""(?:"[^"]*"|'[^']*'|[^\s"'(){SPECK}]*[^\s"'(){SPECK}.,;:?!])+"""
_PROGRAM = r"(?:acct(?! has )|pip install|pipx inject)"
_COMMAND = re.compile(rf"\b{_PROGRAM}(?: {_WORD})+")

_GLUE = "\0"
"""Replaces a space where no line may break; safe text never contains it."""


def columns_of_stderr() -> int:
    """Return the width of stderr's terminal: `COLUMNS`, else its own width, else 80."""
    width = shutil.get_terminal_size((80, 24)).columns
    if os.environ.get("COLUMNS") or sys.stderr is None:
        return width
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or width
    except (OSError, ValueError):
        return width


def fitted(message: str, columns: int) -> str:
    """Return a safe message in lines that fit."""
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
    """Return one line wrapped into several, with the same indent."""
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
