"""The tree of a group: nothing of a name is lost, and a group never looks like one account."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acctcli.render import groups, theme
from acctcli.render.theme import View

TODAY = date(2026, 11, 22)
LONG = "Northgate Precision Instruments and Services of Northern Europe"


def figures(**amounts: str) -> dict[str, Any]:
    """Return figures with an ARR by currency, as in `GBP="1200.00"`."""
    return {
        "accounts": 1,
        "deals": 0,
        "amounts": [
            {"currency": code, "arr": digits, **dict.fromkeys(("bought", "open", "weighted"), "0")}
            for code, digits in amounts.items()
        ],
        "converted": None,
        "last_touch": None,
        "lowest_health": None,
        "next_renewal": None,
    }


def member(name: str, own: Any, *children: Any, **more: Any) -> dict[str, Any]:
    """Return an account of a tree; its group has the figures of `more` or its own."""
    return {
        **{"id": name, "number": "A-0001", "name": name, "tier": "key", "status": "customer"},
        **{"archived": False, "own": own, "group": own, "children": list(children), **more},
    }


def drawn(found: Any, width: int = 80) -> list[str]:
    return theme.drawn_for(groups.tree, found, View(width, TODAY)).splitlines()  # type: ignore[arg-type]


def test_a_parent_has_a_line_for_its_group_and_one_for_itself() -> None:
    below = member("UK", figures(GBP="1000.00"))
    whole = figures(GBP="3000.00")
    assert drawn(member("Northgate", figures(GBP="2000.00"), below, group=whole))[:4] == [
        "in GBP                             ARR",
        "Northgate  A-0001  key · customer   3k",
        "├ itself                            2k",
        "└ UK       A-0001  key · customer   1k",
    ]


def test_an_account_with_nothing_of_its_own_has_no_line_for_itself() -> None:
    below = member("UK", figures(GBP="1000.00"))
    whole = figures(GBP="1000.00")
    assert not [
        line
        for line in drawn(member("Holding", figures(), below, group=whole))
        if line.startswith("├ itself")
    ]


def test_a_currency_has_a_line_of_its_own() -> None:
    found = drawn(member("Northgate", figures(GBP="1000.00", EUR="2000.00")))
    assert [line.split() for line in found] == [
        ["ARR"],
        ["Northgate", "A-0001", "key", "·", "customer", "GBP", "1k"],
        ["EUR", "2k"],
    ]


@pytest.mark.parametrize("width", [60, 80])
def test_a_long_name_is_whole_on_a_line_of_its_own(width: int) -> None:
    own = figures(GBP="1000.00") | {
        "next_renewal": {"ends_on": "2027-01-14", "standing": "due", "account": "x"},
        "lowest_health": {"health": 31, "band": "red", "account": "x"},
        "last_touch": "2026-11-21T10:00:00Z",
    }
    below = member(LONG[:50], own, status="former", archived=True)
    found = drawn(member("Northgate", own, below), width)
    at = next(place for place, line in enumerate(found) if LONG[:50] in line)
    assert found[at].startswith(f"└ {LONG[:50]}")
    if width == 80:
        assert found[at].endswith("(former) (archived)")
    assert found[at + 1].split() == ["1k", "1", "day", "31", "!", "14", "Jan"]


def test_guides_are_quiet_and_the_figures_beside_them_are_not() -> None:
    whole: Any = member(LONG, figures(GBP="1000.00"), member("UK", figures(GBP="1.00")))
    drawing: Any = groups.tree(whole, View(60, TODAY))
    lines: Any = drawing.renderables[0].renderables
    assert len(lines) == 5
    assert {line.style for line in lines} == {""}


def test_a_contract_that_lapsed_and_a_red_health_have_a_sign() -> None:
    own = figures() | {
        "next_renewal": {"ends_on": "2026-10-14", "standing": "lapsed", "account": "x"},
        "lowest_health": {"health": 31, "band": "red", "account": "x"},
    }
    shown = drawn(member("Northgate", own))
    assert shown[-1].endswith(f"31 {theme.FLAG}  14 Oct {theme.FLAG}")


def test_a_narrow_terminal_has_the_figures_after_the_name() -> None:
    own = figures(GBP="1000.00") | {"last_touch": "2026-11-21T10:00:00Z"}
    shown = " ".join(drawn(member("Northgate", own), 16))
    assert shown.split() == ["Northgate", "GBP", "·", "ARR", "1k", "·", "last", "1", "day"]


def test_amounts_in_words_have_each_currency_or_the_base() -> None:
    found = figures(GBP="48000.00", EUR="12000.00")
    assert groups.said(found, "arr") == "48k GBP + 12k EUR"
    assert groups.exactly(found, "arr") == "48,000 GBP + 12,000 EUR"
    assert groups.said(found, "open") == ""
    rates = {"currency": "GBP", "arr": "57600.00", "rates_of": "2026-11-20", "without_rate": []}
    assert groups.said(found | {"converted": rates}, "arr") == "57.6k GBP"
    assert list(groups.rates([found | {"converted": rates}])) == ["rates of 20 Nov 2026"]
    missing = rates | {"arr": None, "without_rate": ["EUR"]}
    assert groups.said(found | {"converted": missing}, "arr") == "48k GBP + 12k EUR"
    assert list(groups.rates([found | {"converted": missing}])) == ["no rate for EUR"]
    assert list(groups.rates([found])) == []


def test_a_member_has_the_figure_that_says_most_of_it() -> None:
    nothing: Any = figures(GBP="0.00")
    assert groups.one_figure(nothing) == "no business yet"
    nothing["amounts"][0]["open"] = "500.00"
    assert groups.one_figure(nothing) == "500 GBP open"
    nothing["amounts"][0]["bought"] = "300.00"
    assert groups.one_figure(nothing) == "300 GBP bought in 12 months"
    nothing["amounts"][0]["arr"] = "100.00"
    assert groups.one_figure(nothing) == "100 GBP ARR"
