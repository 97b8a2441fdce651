"""Totals per month, account, payment and currency, counted anew in decimals."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from tests import books
from tests.conftest import Program

from acctcli.book import monthly
from acctcli.book.context import Context
from acctcli.values.periods import Period


@pytest.fixture
def sold(run: Program) -> None:
    run("account", "add", "Acme")
    run("account", "add", "Kanso")
    for account, amount, day, *words in (
        ("Acme", "SGD 100", "2026-10-01", "--payment", "credit", "--tax-rate", "9"),
        ("Acme", "SGD 10.05", "2026-10-31", "--payment", "credit", "--tax-rate", "7.7"),
        ("Acme", "SGD -20", "2026-10-31", "--payment", "credit", "--paid-on", "2026-11-01"),
        ("Acme", "SGD 50", "2026-10-07", "--payment", "cash"),
        ("Acme", "JPY 500", "2026-10-07", "--payment", "credit"),
        ("Acme", "SGD 50", "2026-11-01", "--payment", "credit"),
        ("Kanso", "KWD 1.234", "2026-10-09"),
    ):
        assert run("purchase", "add", account, amount, "--on", day, *words).code == 0


def rows(run: Program, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("purchase", "totals", "-f", "json", *words).json()
    return found


@pytest.mark.usefixtures("sold")
def test_a_row_per_month_account_payment_and_currency(run: Program) -> None:
    found = [
        (row["month"], row["account"], row["payment"], row["currency"], row["purchases"])
        for row in rows(run)
    ]
    assert found == [
        ("2026-11", "Acme", "credit", "SGD", 1),
        ("2026-10", "Acme", "credit", "JPY", 1),
        ("2026-10", "Acme", "cash", "SGD", 1),
        ("2026-10", "Acme", "credit", "SGD", 3),
        ("2026-10", "Kanso", None, "KWD", 1),
    ]


@pytest.mark.usefixtures("sold")
def test_amounts_are_exact_and_what_is_paid_is_not_open(run: Program) -> None:
    credit = rows(run)[3]
    taxes = [(Decimal(100), Decimal(9)), (Decimal("10.05"), Decimal("7.7"))]
    tax = sum((n * r / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) for n, r in taxes)
    assert Decimal(str(credit["net"])) == Decimal("90.05")
    assert Decimal(str(credit["tax"])) == tax == Decimal("9.77")
    assert Decimal(str(credit["gross"])) == Decimal("90.05") + tax
    assert Decimal(str(credit["open"])) == Decimal("110.05") + tax  # the credit note is paid
    assert [row["open"] for row in rows(run)] == [50.0, 500, 0.0, 119.82, 1.234]


@pytest.mark.usefixtures("sold")
def test_a_period_and_filters_narrow_it_down(run: Program) -> None:
    assert {row["month"] for row in rows(run, "--period", "Oct 2026")} == {"2026-10"}
    assert [row["account"] for row in rows(run, "--account", "kanso")] == ["Kanso"]
    assert {row["payment"] for row in rows(run, "--payment", "cash")} == {"cash"}
    csv = run("purchase", "totals", "-f", "csv", "--columns", "month,gross,currency").out
    assert csv.splitlines()[:2] == ["month,gross,currency", "2026-11,50.00,SGD"]
    assert run("purchase", "totals", "--columns", "amount").code == 2
    assert run("purchase", "totals", "--period", "soon").code == 2


def test_the_whole_sample_book_is_counted(sample: Context) -> None:
    with sample.read() as con:
        found = monthly.totals(sample, con, ())
        only = monthly.totals(sample, con, (), Period(date(2026, 10, 1), date(2026, 10, 31), "x"))
    assert sum(row["purchases"] for row in found) == books.value(
        sample.book, "SELECT count(*) FROM purchase"
    )
    sums: dict[str, int] = defaultdict(int)
    for row in found:
        sums[row["currency"]] += row["net"]
    for currency, total in sums.items():
        sql = f"SELECT sum(amount) FROM purchase WHERE currency = '{currency}'"
        assert books.value(sample.book, sql) == total
    assert {row["month"] for row in only} == {"2026-10"}


def test_totals_in_words_keep_currencies_apart() -> None:
    rows = [
        {"currency": "SGD", "gross": 10_900, "open": 900},
        {"currency": "SGD", "gross": 100, "open": 0},
        {"currency": "JPY", "gross": 500, "open": 0},
    ]
    assert monthly.said(rows) == ["500 JPY", "110 SGD, of it 9 SGD open"]
