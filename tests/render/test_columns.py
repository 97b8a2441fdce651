"""Lines and columns that fit, whatever is in them."""

from __future__ import annotations

from datetime import date

import pytest
from rich.text import Text

from acctcli.render import columns, theme
from acctcli.render.theme import View

TODAY = date(2026, 11, 22)


def drawn(found: object, width: int) -> list[str]:
    view = View(width, TODAY)
    return theme.drawn_for(lambda data, view: found, {}, view).splitlines()  # type: ignore[arg-type,return-value]


def cells(*words: str) -> list[Text]:
    return [theme.cell(word) for word in words]


def test_a_line_is_clipped_but_on_a_very_narrow_terminal() -> None:
    view = View(60, TODAY)
    assert drawn(columns.line("Group", theme.cell("x" * 80), view), 60) == [
        "Group    " + "x" * 50 + theme.MORE
    ]
    narrow = drawn(columns.line("Group", theme.cell("x" * 80), View(20, TODAY)), 20)
    assert "".join(narrow).count("x") == 80


def test_columns_give_way_in_their_order() -> None:
    rows = [cells("Platform rollout for all sites", "proposal", "120,000 SGD")]
    view = View(46, TODAY)
    found = columns.columns(("Deals", "stage", "amount"), rows, view, give=(0,), right=(2,))
    assert drawn(found, 46) == [
        "Deals                    stage          amount",
        f"Platform rollout for a{theme.MORE}  proposal  120,000 SGD",
    ]


def test_an_empty_column_is_left_out_except_for_the_first() -> None:
    rows = [cells("Mei Tan", "", "CFO")]
    found = columns.columns(("People", "role", "title"), rows, View(60, TODAY), give=(0,))
    assert drawn(found, 60) == ["People   title", "Mei Tan  CFO"]


@pytest.mark.parametrize("width", [1, 10, 20])
def test_where_columns_do_not_fit_everything_follows_each_other(width: int) -> None:
    rows = [cells("Mei Tan", "economic buyer", "CFO")]
    found = columns.columns(("People", "role", "title"), rows, View(width, TODAY), give=())
    shown = "".join(drawn(found, width)).replace(" ", "")
    assert "MeiTaneconomicbuyerCFO" in shown


def test_further_lines_are_counted() -> None:
    assert list(columns.rest(columns.SHOWN_LINES, "acct deal list")) == []
    (more,) = columns.rest(columns.SHOWN_LINES + 3, "acct deal list")
    assert drawn(more, 60) == [f"{theme.MORE} 3 more: acct deal list"]
