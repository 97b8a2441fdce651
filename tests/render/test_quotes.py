"""A quote on a terminal and in Markdown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.cli.quoting import FIRST, SECOND, deal, shown  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.render import quotes, theme

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
@filled_once
def quoted(run: Program, deal: None) -> None:  # noqa: F811 - the fixture
    do(run, ("deal", "quote", "rollout", "--tax", "9", "--terms", "30 days | *net*\n# no heading"))


def test_the_page_has_every_figure_and_the_next_step(run: Program) -> None:
    page = run("quote", "show", FIRST, "-f", "table", env={"COLUMNS": "80"}).out
    for said in (
        f"3 {theme.TIMES} 1,200.00",
        "less 7.5 % · tax 9 %",
        "Tax 9 % on 27,330.00",
        "29,789.70 SGD",
    ):
        assert said in page
    assert page.rstrip().endswith(f"When it is sent: acct quote send {FIRST}")
    assert "Versions" not in page
    assert max(map(len, page.splitlines())) <= 80


def test_versions_stand_below_each_other(run: Program) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "quote", "rollout", "--copy"))
    page = run("quote", "show", FIRST, "-f", "table").out
    assert f"The newest version: acct quote show {SECOND}" in page
    assert "superseded · today" in page


def test_markdown_has_no_markup_of_the_book(run: Program) -> None:
    made = run("quote", "show", FIRST, "-f", "md").out
    assert "| 1 | Support | 3 | 1,200.00 | 7.5 % | 9 % | 3,330.00 |" in made
    assert "| **Total** | **29,789.70** |" in made
    assert made.endswith("30 days \\| \\*net\\*  \n\\# no heading\n")
    assert "Date: 2026-11-22  \nValid until: 2026-12-22  \nAmounts in SGD" in made


def totals(**given: Any) -> Any:
    plain = {"before": "10.00", "discount": "0.00", "net": "10.00", "taxes": [], "tax": "0.00"}
    return {**plain, "gross": "10.00", **given}


def test_sums_say_no_more_than_there_is() -> None:
    assert list(quotes.sums(totals())) == [("Total", "10.00")]
    taxes = [{"rate": "0", "net": "10.00", "tax": "0.00"}]
    assert [label for label, _ in quotes.sums(totals(taxes=taxes))] == [
        *("Net", "Tax 0 % on 10.00", "Total"),
    ]
    yen = totals(before="12", discount="2", net="10", gross="10", tax="0")
    assert list(quotes.sums(yen)) == [
        ("Before discount", "12"),
        ("Discount", "-2"),
        ("Total", "10"),
    ]


def test_amounts_have_all_decimals() -> None:
    assert [quotes.money(d) for d in ("1234567", "-1200.00", "0.500", None)] == [
        *("1,234,567", "-1,200.00", "0.500", ""),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("2027-01-01", "2027-12-31", "yearly"), "yearly, 2027-01-01 to 2027-12-31"),
        (("2027-01-01", None, "none"), "from 2027-01-01"),
        ((None, "2027-12-31", "none"), "until 2027-12-31"),
        ((None, None, "monthly"), "monthly"),
        ((None, None, "none"), ""),
    ],
)
def test_a_term_is_said_as_far_as_it_is_known(given: tuple[Any, Any, str], said: str) -> None:
    line: Any = dict(zip(("starts_on", "ends_on", "recurring"), given, strict=True))
    assert quotes.term(line) == said


def test_without_readable_values_there_is_no_total(run: Program) -> None:
    data: Any = {**shown(run), "totals": None, "lines": []}
    assert "cannot be computed" in quotes.markdown(data, TODAY)
