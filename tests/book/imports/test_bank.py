"""Statements as eight banks export them; tests/data/banks has one of each, made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acctcli.book.context import Context
from acctcli.book.imports import bank
from acctcli.book.imports.bank import AskedOfBank, Statement
from acctcli.errors import Invalid, UsageError

BANKS = Path(__file__).parents[2] / "data" / "banks"

Read = Callable[..., Statement]

WITHOUT_CURRENCY = ("chase", "dbs", "hsbc", "quickbooks")
"""Banks whose files do not say in which currency they are."""


@pytest.fixture
def read(context: Context, tmp_path: Path) -> Read:
    def of_text(typed: str, **asked: Any) -> Statement:
        path = tmp_path / "bank.csv"
        path.write_text(typed, "utf-8", newline="")
        return bank.read(context, path, AskedOfBank(**asked))

    return of_text


@pytest.mark.parametrize("path", sorted(BANKS.glob("*.csv")), ids=lambda path: path.stem)
def test_each_bank_is_read(context: Context, path: Path) -> None:
    currency = "EUR" if path.stem in WITHOUT_CURRENCY else None
    found = bank.read(context, path, AskedOfBank(currency=currency))
    [came] = [line for line in found.lines if line.amount > 0]
    assert (str(came.day), came.amount, came.currency) == ("2026-11-03", 2_380_000, "EUR")
    assert "LINDHAFEN" in came.text.upper()
    assert all(line.amount < 0 for line in found.lines if line != came)


def test_every_bank_has_a_file() -> None:
    assert len(list(BANKS.glob("*.csv"))) == 8


def test_a_column_says_debit_or_credit_where_amounts_have_no_sign(read: Read) -> None:
    typed = "Date,Description,Amount,Type\n2026-11-03,in,5.00,CR\n2026-11-04,out,7.00,DR\n"
    found = read(typed, currency="SGD")
    assert [line.amount for line in found.lines] == [500, -700]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234,50-", -123_450),
        ("1,234.50 -", -123_450),
        ("12.00-", -1_200),
        ("(45.00)", -4_500),
        ("+12.00", 1_200),
        ("-0.50", -50),
    ],
)
def test_a_sign_stands_before_or_behind(read: Read, typed: str, amount: int) -> None:
    [line] = read(f"Date;Amount\n2026-11-03;{typed}\n", currency="EUR").lines
    assert line.amount == amount


def test_equal_lines_are_told_apart(read: Read) -> None:
    row = "2026-11-03,5.00,Acme\n"
    found = read(f"Date,Amount,Description\n{row}{row}", currency="EUR")
    one, other = (line.ref for line in found.lines)
    assert other == f"{one} (2)"


@pytest.mark.parametrize(
    ("typed", "asked", "message"),
    [
        ("Date,Text\n2026-11-03,x\n", {}, "has no column of amounts"),
        ("Amount,Text\n5,x\n", {}, "has no column of days"),
        ("Date,Amount\n03/04/2026,5\n", {}, "reads as day/month or as month/day"),
        ("Date,Amount\n2026-11-03,1.234\n", {}, "reads as 1234 or as 1.234"),
        ("Date,Amount\n2026-11-03,5\nsoon,6\n", {"currency": "EUR"}, "line 3"),
        ("Date,Amount\n2026-11-03,5\n2026-11-04,x5y\n", {"currency": "EUR"}, "line 3"),
        ("Date,Amount\n2026-11-03,5,6\n", {"currency": "EUR"}, "line 2: 3 cells"),
        ("Date,Amount\n2026-11-03\n2026-11-03,5\n", {"currency": "EUR"}, "line 2: 1 cell"),
        ("Date,Amount\n2026-11-03,5.123\n", {"currency": "EUR", "decimal": "point"}, "line 2"),
        ("Date,Credit,Debit\n2026-11-03,5,7\n", {"currency": "EUR"}, 'line 2: "Credit" and'),
        ("Date,Amount\n2026-11-03,5\n", {"map": [("sum", "Amount")]}, '"sum"'),
        ("Date,Amount\n2026-11-03,5\n", {"map": [("day", "Tag")]}, '"Tag"'),
        ("Date,Amount\n2026-11-03,5\n", {"map": [("day", "Date")] * 2}, "given twice"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(
    read: Read, typed: str, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises((Invalid, UsageError), match=re.escape(message)):
        read(typed, **asked)


def test_lines_to_come_and_without_an_amount_are_left_out_and_said(read: Read) -> None:
    typed = "Date,Amount,Currency\n2026-11-03,,EUR\n2027-01-01,5,EUR\n2026-11-04,0,EUR\n"
    found = read(typed)
    assert found.lines == []
    assert "2 lines without an amount" in found.notes
    assert "1 line of a day that has not come" in found.notes


def test_without_a_currency_it_is_the_own_one_and_said(read: Read) -> None:
    found = read("Date,Amount\n2026-11-03,5\n")
    assert [line.currency for line in found.lines] == ["USD"]
    assert "amounts are taken as USD (me.currency): --currency EUR" in found.notes
    named = read("Date,Amount\n2026-11-03,€5\n")
    assert [line.currency for line in named.lines] == ["EUR"]
    assert named.notes == []
