"""The text of vCards and calendars: properties with their escapes, in folded lines.

Whatever a value holds, it stays one property: a line break in a name adds no line to a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_WIDTH = 75
"""Octets of a line, its end not counted."""


def escaped(value: str) -> str:
    r"""Return a text value: `\`, `,` and `;` have a backslash in front, a line break is `\n`."""
    kept = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub("\r\n|\r|\n", r"\\n", kept)


def structured(parts: Sequence[str]) -> str:
    """Return a value of several parts, such as a name: escaped, with `;` between them."""
    return ";".join(map(escaped, parts))


def listed(items: Iterable[str]) -> str:
    """Return a list of texts: escaped, with `,` between them."""
    return ",".join(map(escaped, items))


def component(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a component with these lines, folded, each with its end."""
    yield f"BEGIN:{name}\r\n"
    for line in lines:
        yield folded(line)
    yield f"END:{name}\r\n"


def folded(line: str) -> str:
    """Return a line with its end, folded where it is long; no character is cut in two."""
    if len(line) * 4 <= _WIDTH:  # no character has more octets than four
        return f"{line}\r\n"
    pieces: list[str] = []
    begun, size = 0, 0
    for place, char in enumerate(line):
        octets = len(char.encode())
        if size + octets > _WIDTH:
            pieces.append(line[begun:place])
            begun, size = place, 1  # the blank that continues a line
        size += octets
    return "\r\n ".join([*pieces, line[begun:]]) + "\r\n"
