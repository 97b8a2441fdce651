from __future__ import annotations

import ast
import io
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import pytest
from rich.console import Group, RenderableType
from rich.table import Table

import acctcli
from acctcli.render import theme
from acctcli.render.theme import View

TODAY = date(2026, 11, 22)
HOSTILE = "\x1b[31mRed\u202e [/bold]:100:[link=x] \x9b2J"


class Stdout(io.StringIO):
    """A stdout that is a terminal, or a pipe."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__()
        self._encoding = encoding
        self._terminal = terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


def seen(
    env: Mapping[str, str] = MappingProxyType({}),
    *,
    encoding: str = "utf-8",
    terminal: bool = True,
) -> View:
    """Return the view of a stdout, with only these variables in the environment."""
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LC_ALL", "LC_CTYPE", "TERM")}
    stdout = Stdout(encoding, terminal=terminal)
    with (
        mock.patch.dict(os.environ, {**kept, "TERM": "xterm", **env}, clear=True),
        mock.patch.object(sys, "stdout", stdout),
    ):
        return theme.view_of_stdout(TODAY)


SIGNS = [
    value
    for name, value in vars(theme).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, str)
]
"""Every sign that the theme declares."""


def page(data: Any, view: View) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(theme.cell(data["name"], "overdue"), theme.cell("→ ●"), theme.cell("é"))
    return Group(table, theme.paragraph("one\ntwo"))


# The terminal


def test_the_width_is_that_of_columns_else_80() -> None:
    assert seen(terminal=False).width == 80
    assert seen({"COLUMNS": "120"}).width == 120
    assert seen({"COLUMNS": "wide"}, terminal=False).width == 80


def test_a_terminal_has_colour_a_pipe_has_none() -> None:
    assert seen().color
    assert not seen(terminal=False).color


@pytest.mark.parametrize(
    ("name", "value", "color"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_colour_can_be_refused(name: str, value: str, color: bool) -> None:
    assert seen({name: value}).color is color


@pytest.mark.parametrize(
    ("name", "value", "unicode"),
    [
        ("LC_ALL", "C", False),
        ("LC_ALL", "POSIX", False),
        ("LC_ALL", "C.UTF-8", True),
        ("LANG", "de_DE.UTF-8", True),
    ],
)
def test_the_c_locale_has_no_unicode(name: str, value: str, unicode: bool) -> None:
    assert seen({name: value}).unicode is unicode


def test_neither_has_an_encoding_that_cannot_write_it() -> None:
    assert not seen(encoding="cp1252").unicode
    assert seen(encoding="UTF-8").unicode


# Pages


def test_a_page_in_a_pipe_has_no_escape_codes_and_no_trailing_blanks() -> None:
    drawn = theme.drawn_for(page, {"name": "GreenTech"}, View(80, TODAY))
    assert drawn == "GreenTech  → ●  é\none\ntwo\n"


def test_a_page_on_a_terminal_has_the_colours_of_the_theme() -> None:
    drawn = theme.drawn_for(page, {"name": "GreenTech"}, View(80, TODAY, color=True))
    assert "\x1b[1;31mGreenTech\x1b[0m" in drawn


def test_a_terminal_without_unicode_gets_signs_and_escapes() -> None:
    drawn = theme.drawn_for(page, {"name": "GreenTech"}, View(80, TODAY, unicode=False))
    assert drawn.isascii()
    assert drawn.startswith("GreenTech  > *  \\xe9\n")


@pytest.mark.parametrize("color", [True, False])
def test_texts_of_the_book_cannot_drive_the_terminal(color: bool) -> None:
    view = View(80, TODAY, color=color)
    drawn = theme.drawn_for(page, {"name": HOSTILE}, view)
    ours = drawn.replace("\x1b[1;31m", "").replace("\x1b[0m", "")
    assert "\x1b" not in ours
    assert "\x9b" not in ours
    assert "\u202e" not in ours
    assert "[/bold]:100:[link=x]" in ours


def test_a_page_as_markdown_is_a_block_that_its_text_cannot_end() -> None:
    drawn = theme.draw_page(page, {"name": "a ``` b"}, TODAY, markdown=True)
    lines = drawn.splitlines()
    assert lines[0] == "````text"
    assert lines[-1] == "````"
    assert lines[1].startswith("a ``` b")


def test_every_sign_has_a_plain_one_of_the_same_width() -> None:
    drawn = "".join(SIGNS) + "├── └── │"
    plain = theme.shown(drawn, View(80, TODAY, unicode=False))
    assert plain.isascii()
    assert "\\" not in plain
    assert len(plain) == len(drawn)


def test_painted_text_is_plain_without_colour() -> None:
    assert theme.paint("late", "overdue", View(80, TODAY)) == "late"
    assert theme.paint("late", "overdue", View(80, TODAY, color=True)) == "\x1b[1;31mlate\x1b[0m"
    assert theme.paint("late", "", View(80, TODAY, color=True)) == "late"


def test_a_cells_style_does_not_reach_what_is_appended() -> None:
    text = theme.cell("58 amber", "risk").append("  plain")
    drawn = theme.drawn_for(lambda data, view: text, {}, View(80, TODAY, color=True))
    assert drawn == "\x1b[33m58 amber\x1b[0m  plain\n"


# Words


@pytest.mark.parametrize(
    ("digits", "currency", "said"),
    [
        ("120000.00", "SGD", "120,000 SGD"),
        ("12000.50", "SGD", "12,000.50 SGD"),
        ("9800000", "JPY", "9,800,000 JPY"),
        ("-0.50", "SGD", "-0.50 SGD"),
        ("120000.00", None, "120,000"),
        (None, "SGD", ""),
    ],
)
def test_amounts(digits: str | None, currency: str | None, said: str) -> None:
    assert theme.amount(digits, currency) == said


def test_short_amounts() -> None:
    assert theme.short_amount("412000000.00", "SGD") == "412m SGD"
    assert theme.short_amount("9800000", "JPY") == "9.8m JPY"
    assert theme.short_amount(None, "JPY") == ""


def test_days_are_said_for_people_and_iso_without_a_today() -> None:
    assert theme.day("2026-11-27", TODAY) == "Fri 27 Nov"
    assert theme.day("2026-11-23", TODAY) == "tomorrow"
    assert theme.day("2026-11-27", None) == "2026-11-27"
    assert theme.day(None, TODAY) == ""
    assert theme.ago("2026-11-16T10:30:00Z", TODAY) == "6 days ago"
    assert theme.ago("2026-11-27", TODAY) == "in 5 days"
    assert theme.ago(None, TODAY) == ""
    assert theme.short_ago("2026-11-16", TODAY) == "6 days"
    assert theme.short_ago("2026-11-21", TODAY) == "yesterday"
    assert theme.moment("2026-11-16T10:30:00Z", TODAY) == "Mon 16 Nov 10:30"


def test_countries_and_lists() -> None:
    assert theme.country("SG") == "Singapore"
    assert theme.country(None) == ""
    assert theme.listed(["Mei\x1b", "Raj"]) == "Mei\\x1b, Raj"


# Nothing else decides how something looks

SOURCE = Path(acctcli.__file__).parent

MAY_SAY = {
    "domain/health.py": {"red": "a rating", "green": "a rating"},
    "domain/stakeholders.py": {"red": "a rating", "green": "a rating"},
    "domain/agenda_facts.py": {"→": "a sentence that JSON has too"},
    "domain/agenda_words.py": dict.fromkeys(
        ("—", theme.TIMES, theme.MINUS), "a sentence that JSON has too"
    ),
    "domain/timeline.py": {"→": "a sentence that JSON has too"},
    "book/history.py": {"→": "a sentence that JSON has too"},
    "book/settings.py": {"→": "a sentence of the history, kept in the book"},
}
"""Exceptions of modules, each with the reason. The list only gets shorter."""

PLACEHOLDER_ROOMS = ("book", "cli", "domain")
"""Packages that clip nothing: `…` in their commands is for the user to fill in."""

COLOURS = {
    *("black", "white", "grey", "gray", "red", "green", "yellow", "blue", "cyan", "magenta"),
}
LOOKS = COLOURS | {"bold", "dim", "italic", "underline", "reverse", "blink", "strike"}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module with their lines, including parts of f-strings.

    Without docstrings, and without keys of data (`data["red"]`, `{"red": 40}`).
    """
    tree = ast.parse(path.read_text("utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passed.add(id(node.value))
        elif isinstance(node, ast.Subscript):
            passed.add(id(node.slice))
        elif isinstance(node, ast.Dict):
            passed |= {id(key) for key in node.keys}
        match node:
            case ast.Constant(value=str(said)) if id(node) not in passed:
                yield node.lineno, said


def looks(said: str) -> set[str]:
    """Return the signs, colours and escape codes in a text."""
    signs = {sign for sign in "".join(SIGNS) if not sign.isascii() and sign in said}
    signs |= {sign for sign in "—■□◇▲△▼▽►◀★☆✗✘•■↵┌┐└┘├┤│" if sign in said}
    if said.strip() == theme.FLAG or said.endswith(f" {theme.FLAG}"):
        signs.add(theme.FLAG)
    if "\x1b[" in said:
        signs.add("\x1b[")
    words = said.split()
    if words and all(word in LOOKS | {"on", "not"} for word in words):
        signs |= set(words) & LOOKS
    return signs


def test_only_the_theme_knows_colours_and_signs() -> None:
    found: dict[str, set[str]] = {}
    where = []
    for room in ("book", "cli", "domain", "render"):
        for path in sorted((SOURCE / room).rglob("*.py")):
            name = path.relative_to(SOURCE).as_posix()
            if name == "render/theme.py":
                continue
            for line, said in texts(path):
                signs = looks(said) - ({theme.MORE} if room in PLACEHOLDER_ROOMS else set())
                if signs:
                    found.setdefault(name, set()).update(signs)
                    where += [
                        f"{name}:{line}: {sign}" for sign in signs - set(MAY_SAY.get(name, ()))
                    ]
    assert where == [], "name it in render/theme.py"
    unused = {name: set(signs) - found.get(name, set()) for name, signs in MAY_SAY.items()}
    assert {name: signs for name, signs in unused.items() if signs} == {}, "take it off the list"


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("from → to", {"→"}),
        ("late !", {"!"}),
        ("bold red", {"bold", "red"}),
        ("\x1b[1m", {"\x1b["}),
        ("a red carpet", set()),
        ("Done!", set()),
    ],
)
def test_what_counts_as_a_look(said: str, signs: set[str]) -> None:
    assert looks(said) == signs


def test_notes_stand_side_by_side_where_they_fit() -> None:
    parts = ["3 more: acct today --all", "why this order: acct today --explain"]
    assert theme.notes(parts, 80) == [theme.BETWEEN.join(parts)]
    assert theme.notes(parts, 40) == parts
    assert theme.notes(parts, 10) == parts  # none is broken
    assert theme.notes([], 80) == []


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+6562211234", "+65 6221 1234"),
        ("+442079460958", "+44 20 7946 0958"),
        ("+12025550123", "+1 202-555-0123"),
        ("+99", "+99"),
        ("ask the desk", "ask the desk"),
        (None, ""),
    ],
)
def test_phones_are_grouped_for_people(stored: str | None, shown: str) -> None:
    assert theme.phone(stored) == shown
