"""A card as a QR code: squares in half lines, dark on light, and narrow windows."""

from __future__ import annotations

from datetime import date

from acctcli.interop.qrcode import squares
from acctcli.render import qr, theme
from acctcli.render.theme import View
from acctcli.shapes.people import CardPage

PAGE: CardPage = {"id": "1", "name": "Mei \x1b[31mTan", "card": "BEGIN:VCARD\r\nEND:VCARD\r\n"}
TODAY = date(2026, 11, 22)
HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def drawn(**view: object) -> list[str]:
    settings: dict[str, object] = {"width": 80, "today": TODAY, **view}
    return theme.drawn_for(qr.draw, PAGE, View(**settings)).splitlines()  # type: ignore[arg-type]


def test_the_picture_has_every_square_of_the_code() -> None:
    rows = squares(PAGE["card"])
    lines = drawn()[1:]
    read: list[list[bool]] = []
    for line in lines:
        pairs = [HALVES[char] for char in line.ljust(len(rows[0]))]
        read += [[bool(upper) for upper, _ in pairs], [bool(lower) for _, lower in pairs]]
    # Without colour, light squares are drawn.
    assert [[not square for square in row] for row in read[: len(rows)]] == rows


def test_with_colour_it_is_black_on_white_and_the_name_is_safe() -> None:
    lines = drawn(color=True)
    assert all("\x1b[30;107m" in line for line in lines[1:])
    assert "\x1b[31m" not in "".join(lines)


def test_a_terminal_without_unicode_gets_two_columns_for_a_square() -> None:
    assert set("".join(drawn(unicode=False)[1:])) == {"#", " "}


def test_a_window_that_is_too_narrow_says_how_wide_it_must_be() -> None:
    across = len(squares(PAGE["card"])[0])
    said = " ".join(drawn(width=across - 1))
    assert f"needs a window of {across} columns" in said
