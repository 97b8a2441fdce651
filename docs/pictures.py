"""Draw the pictures of the documentation: what a real terminal shows, as SVG.

Each screen runs in a pseudo-terminal of its size, with the pager that a person has, on the
sample book of a fixed day. What it shows is drawn once on a light and once on a dark ground.
`generate.py` calls `refresh` and `stale`. A picture is out of date if its words are: where
they stand may differ by a hair from one version of Rich to the next.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

FOLDER = Path(__file__).resolve().parent / "pictures"
SIZES = ((80, 24), (120, 40))
SCREENS = {
    "today": ["today"],
    "account": ["account", "show", "greentech"],
    "board": ["deal", "board"],
    "week": ["report", "week"],
}

# The two grounds: background, text, and the eight colours of a terminal, plain and bright.
_LIGHT = (
    (255, 255, 255),
    (36, 41, 47),
    [
        (36, 41, 47),
        (179, 29, 40),
        (17, 99, 41),
        (125, 78, 0),
        (5, 80, 174),
        (110, 64, 201),
        (23, 107, 135),
        (87, 96, 106),
    ],
)
_DARK = (
    (13, 17, 23),
    (230, 237, 243),
    [
        (72, 79, 88),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (177, 186, 196),
    ],
)
GROUNDS = {"light": _LIGHT, "dark": _DARK}

# Rich's own template loads a font from the network; these pictures load nothing.
_TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; white-space: pre;
}}
{styles}
</style>
<defs>{lines}</defs>
<rect fill="BACKGROUND" width="{width}" height="{height}" rx="6"/>
<g transform="translate(8, 6)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class Picture(NamedTuple):
    """One picture: the file it stands in, and what is drawn there."""

    path: Path
    svg: str


def missing_programs() -> list[str]:
    """Return the programs that the pictures need and that are not installed."""
    return [] if shutil.which("less") else ["less"]


def pictures(book: Path) -> Iterator[Picture]:
    """Draw every screen of the book in each size, on both grounds."""
    for name, words in SCREENS.items():
        for columns, rows in SIZES:
            shown = screen(["--db", str(book), *words], columns, rows)
            typed = f"$ acct {' '.join(words)}"
            for ground in GROUNDS:
                path = FOLDER / f"{name}-{columns}x{rows}-{ground}.svg"
                yield Picture(path, draw([typed, *shown], columns, rows, ground))


def refresh(book: Path, *, check: bool) -> list[Path]:
    """Write each picture that is out of date, or with `check` only say which ones are."""
    stale = []
    for path, svg in pictures(book):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if words(before) == words(svg) and (check or before == svg):
            continue
        stale.append(path)
        if not check:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8")
    return stale


def words(svg: str) -> list[str]:
    """Return the words that a picture shows, without where and how."""
    body = re.sub(r"(?s)<style>.*?</style>|<defs>.*?</defs>", "", svg)
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


def screen(arguments: list[str], columns: int, rows: int) -> list[str]:
    """Return the lines, with their colours, that a terminal shows for one command.

    What is taller than the window stops at the first screen of the pager.
    """
    import pexpect

    program = Path(sys.executable).with_name("acct")
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LESS": ""}
    environment |= {"COLUMNS": str(columns), "LINES": str(rows)}
    child = pexpect.spawn(
        str(program),
        arguments,
        dimensions=(rows, columns),
        env=cast("Any", environment),
        encoding="utf-8",
        timeout=60,
    )
    paged = child.expect([pexpect.EOF, r"\r:\x1b\[K|:\x1b\[K|\(END\)"])
    shown = str(child.before)
    if paged:
        child.send("q")
        child.expect(pexpect.EOF)
    child.close()
    lines = re.sub(r"\r|\x1b\[K|\x1b\[\?\d+[hl]|\x1b=|\x1b>", "", shown).rstrip("\n").split("\n")
    # The pager keeps the last line of the window for itself.
    return [*lines[: rows - 2], ":"] if paged else lines


def draw(lines: list[str], columns: int, rows: int, ground: str) -> str:
    """Return the SVG of a window of `columns` by `rows` with these lines."""
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    back, front, colours = GROUNDS[ground]
    console = Console(
        record=True,
        width=columns,
        height=rows,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    for line in [*lines, *[""] * rows][:rows]:
        console.print(Text.from_ansi(line), no_wrap=True, overflow="crop", crop=True)
    return console.export_svg(
        title="",
        theme=TerminalTheme(back, front, colours, colours),
        code_format=_TEMPLATE.replace("BACKGROUND", "rgb({},{},{})".format(*back)),
        unique_id="acct",
    )
