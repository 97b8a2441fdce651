"""The line below a list: counted and summed, each currency for itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.books import configure
from tests.cli.dealing import add_several
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once
from tests.terminals import needs_terminal, on_a_terminal

from acctcli.book import totals
from acctcli.book.context import Context
from acctcli.store import deals as sql


def line(
    context: Context,
    kind: str = "deal",
    *,
    shown: int = 1000,
    base: str = "",
    of: str = "",
    rates: Mapping[str, str] = {},
) -> list[str]:
    with context.read() as con:
        conditions = [sql.OPEN] if kind == "deal" else []
        config = context.config
        config.values["rates.base"] = base
        config.values["rates.date"] = of
        config.rates = dict(rates)
        return totals.of_list(con, kind, conditions, config, shown=shown)


def test_deals_by_currency(sample: Context) -> None:
    assert line(sample) == ["26 open", "1.17m SGD", "463k USD", "60k EUR", "12.2m JPY"]


def test_what_a_limit_leaves_out_is_counted(sample: Context) -> None:
    assert line(sample, shown=5)[:2] == ["showing 5 of 26 open", "in all 1.17m SGD"]


def test_one_total_only_where_every_rate_is_set(sample: Context) -> None:
    rates = {"USD": "1.35", "EUR": "1.45", "JPY": "0.009"}
    assert line(sample, base="SGD", of="2026-11-01", rates=rates)[-1] == (
        "total 1.99m SGD (rates of 1 Nov 2026)"
    )
    assert line(sample, base="SGD", rates=rates)[-1].endswith("(rates without a date)")
    del rates["EUR"]
    assert line(sample, base="SGD", rates=rates)[-1] == "12.2m JPY"


def test_other_kinds_are_counted(sample: Context) -> None:
    assert line(sample, "account") == ["28 accounts"]
    assert line(sample, "log", shown=50)[0].startswith("showing 50 of ")
    assert line(sample, "log")[0].endswith(" interactions")
    assert line(sample, "purchase")[0].endswith(" purchases")
    assert line(sample, "purchase")[1].endswith("m SGD")


def test_standings_are_not_summed_together(sample: Context) -> None:
    with sample.read() as con:
        assert totals.of_list(con, "deal", [], sample.config, shown=1000) == [
            "26 open",
            "25 won",
            "13 lost",
        ]
        won = totals.of_list(con, "deal", [sql.WON], sample.config, shown=1000)
    assert won[:2] == ["25 won", "616k SGD"]


@pytest.fixture
@filled_once
def several(run: Program) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    do(run, "account", "add", "Kan-code")
    add_several(run)


@needs_terminal
@pytest.mark.usefixtures("several")
def test_the_foot_on_a_terminal_and_nowhere_else(run: Program, home: Path) -> None:
    shown = on_a_terminal("deal", "list").lines
    assert shown[-3:] == [
        "3 open · 120k SGD · 6k USD · 1 without an amount",
        "Details: acct deal show · closed ones too: acct deal list --all",
        "Hidden: probability (--columns)",
    ]
    for words in (("deal", "list"), ("deal", "list", "-f", "table")):
        assert "open" not in run(*words).out + run(*words).err
    configure(home, '[rates]\nbase = "SGD"\nUSD = 1.35\n')
    assert "total 128k SGD" in on_a_terminal("deal", "list").text
