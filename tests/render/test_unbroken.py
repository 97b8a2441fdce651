from __future__ import annotations

import io

import pytest
from rich.console import Console, Group

from acctcli.render import theme


def lines(said: str, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(Group(theme.cell(said, "quiet")))
    out = console.file
    assert isinstance(out, io.StringIO)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("said", "width", "shown"),
    [
        ("ends Wed 23 Dec (23 days)", 10, ["ends", "Wed 23 Dec", "(23 days)"]),
        ("expected 110k SGD, 24 % of it", 13, ["expected", "110k SGD,", "24 % of it"]),
        ("Wed 23 Dec", 6, ["Wed 23", "Dec"]),
        ("nothing to hold", 10, ["nothing to", "hold"]),
    ],
)
def test_no_line_is_broken_within_a_day_or_an_amount(
    said: str, width: int, shown: list[str]
) -> None:
    assert lines(said, width) == shown
