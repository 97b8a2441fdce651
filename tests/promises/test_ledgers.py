"""hledger and beancount accept the journals that we write, and count what we count.

`.ci/run` installs both; elsewhere the tests of a program that is not there are skipped.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Program

from acctcli.book.exports import ledger
from acctcli.interop.ledgerfile import LedgerFormat

pytestmark = pytest.mark.slow

Balances = Counter[tuple[str, frozenset[tuple[str, Decimal]]]]
"""How many accounts below a path have these balances, by currency; zeros are left out."""

PLACES = {"EUR": 2, "JPY": 0, "KWD": 3, "SGD": 2}
PATHS = (
    *("Assets:Bank", "Assets:Cash", "Assets:Payment-Unknown", "Assets:Receivable"),
    *("Income:Sales", "Liabilities:Tax"),
)

HOSTILE = (
    *(
        "Acme",
        "acme",
        "ACMÉ",
        "A:B",
        "A: B",
        "A;B",
        "A  B",
        "; comment",
        "* x",
        "! x",
        "(x)",
        "[x]",
    ),
    *('"Quoted"', "back\\slash\\", "two\nlines", "a\ttab", "x | y", "金沢商事", "Ωmega", "- - -"),
    *("date:2026", "[2026-13-99]", "= 5 EUR", "@ 2 USD", "1000.00 SGD", "\x1b[31m", "\u202eevil"),
)
names = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=30)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(str)


@st.composite
def purchases(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of purchases as the book holds them, with customers and products under odd names."""
    customers = draw(st.lists(names, min_size=1, max_size=6))
    products = draw(st.lists(names, min_size=1, max_size=4))
    rows = []
    for number in range(draw(st.integers(1, 25))):
        customer = draw(st.integers(0, len(customers) - 1))
        product = draw(st.none() | st.integers(0, len(products) - 1))
        paid = draw(st.none() | days)
        rows.append(
            {
                "id": f"01a21ede-b92b-76c6-afbc-{number:012x}",
                "account": customers[customer],
                "account_id": f"customer-{customer:08}",
                "product": None if product is None else products[product],
                "product_id": None if product is None else f"product-{product:08}",
                "amount": draw(st.integers(-(10**9), 10**12)),
                "currency": draw(st.sampled_from(list(PLACES))),
                "tax_rate": draw(st.none() | st.sampled_from([0, 7, 7.7, 8.875, 19, 33.333, 100])),
                "purchased_on": draw(days),
                "payment": draw(st.sampled_from(["cash", "credit", None])),
                "reconciled": draw(st.integers(0, 1)),
                "invoice": draw(st.none() | names),
                "paid_on": paid,
                "paid_ref": None if paid is None else draw(st.none() | names),
            }
        )
    return rows


def expected(rows: Iterable[Mapping[str, Any]]) -> Balances:
    """Count the balances anew, in decimals."""
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        unit = Decimal(1).scaleb(-PLACES[row["currency"]])
        net = row["amount"] * unit
        tax = Decimal(0)
        if row["tax_rate"] is not None:
            tax = (net * Decimal(str(row["tax_rate"])) / 100).quantize(unit, ROUND_HALF_UP)
        owed = {
            "cash": ("Assets:Cash", ""),
            "credit": ("Assets:Receivable", row["account_id"]),
            None: ("Assets:Payment-Unknown", row["account_id"]),
        }[row["payment"]]
        found[owed][row["currency"]] += net + tax
        found["Income:Sales", row["product_id"] or ""][row["currency"]] -= net
        found["Liabilities:Tax", ""][row["currency"]] -= tax
        if row["paid_on"] is not None:
            received = ("Assets:Bank" if row["paid_ref"] else "Assets:Cash", "")
            found[owed][row["currency"]] -= net + tax
            found[received][row["currency"]] += net + tax
    return counted((path, money) for (path, _), money in found.items())


def counted(balances: Iterable[tuple[str, Mapping[str, Decimal]]]) -> Balances:
    """Count accounts by the path that they are below; those without a balance are none."""
    found: Balances = Counter()
    for name, money in balances:
        path = next(path for path in PATHS if name == path or name.startswith(f"{path}:"))
        held = frozenset(
            (currency, amount.normalize()) for currency, amount in money.items() if amount
        )
        if held:
            found[path, held] += 1
    return found


def other(*words: str | Path) -> str:
    """Run another program and return what it prints."""
    done = subprocess.run(
        [shutil.which(str(words[0])) or str(words[0]), *map(str, words[1:])],
        capture_output=True,
        check=False,
        timeout=120,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def in_hledger(path: Path) -> Balances:
    """Check a journal strictly, and return its balances."""
    other("hledger", "-f", path, "check", "--strict")
    printed = other("hledger", "-f", path, "balance", "--flat", "--no-total", "-O", "csv")
    rows = list(csv.reader(io.StringIO(printed)))[1:]
    return counted(
        (
            name,
            {
                currency: Decimal(amount)
                for amount, currency in re.findall(r"(-?[0-9.]+) ([A-Z]{3})", balance)
            },
        )
        for name, balance in rows
    )


BALANCES = """
import json, sys
from beancount import loader
from beancount.core import data, realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
found = {}
for entry in data.filter_txns(entries):
    for one in entry.postings:
        money = found.setdefault(one.account, {})
        money[one.units.currency] = str(
            data.D(money.get(one.units.currency, "0")) + one.units.number)
print(json.dumps(found))
"""
"""What the command line of beancount does not print: balances of each account."""


def in_beancount(path: Path) -> Balances:
    """Check a journal, and return its balances."""
    other("bean-check", path)
    command = Path(shutil.which("bean-check") or "").resolve()
    python = command.read_text("utf-8").splitlines()[0].removeprefix("#!")
    found = json.loads(other(python, "-c", BALANCES, path))
    return counted(
        (name, {currency: Decimal(amount) for currency, amount in money.items()})
        for name, money in found.items()
    )


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")


READERS = pytest.mark.parametrize(
    ("format", "read"),
    [
        pytest.param("hledger", in_hledger, marks=needs("hledger")),
        pytest.param("beancount", in_beancount, marks=needs("bean-check")),
    ],
)


@READERS
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=purchases())
def test_any_purchases_are_accepted_and_count_the_same(
    tmp_path: Path, format: LedgerFormat, read: Any, rows: list[dict[str, Any]]
) -> None:
    numbers = {row["account_id"]: "A-0001" for row in rows}
    path = tmp_path / "sales.journal"
    text = "".join(ledger.posted(rows, numbers).text(format))
    path.write_text(text, "utf-8", newline="")
    assert read(path) == expected(rows)


@READERS
def test_the_journal_of_a_book_is_accepted(
    run: Program, tmp_path: Path, format: str, read: Any
) -> None:
    run("account", "add", 'O\'Neil; "Sons" & Co: 金沢')
    for words in (
        ("SGD 36,000", "--tax-rate", "9", "--payment", "credit", "--invoice", "INV (41); x|y"),
        ("KWD 1.234", "--payment", "cash"),
        ("JPY 5000", "--payment", "credit", "--paid-on", "2026-11-02", "--paid-ref", 'a "b" ; c'),
        ("EUR -20.05", "--payment", "credit", "--tax-rate", "19.5"),
    ):
        assert run("purchase", "add", "O'Neil", *words, "--on", "2026-10-01").code == 0
    path = tmp_path / "sales.journal"
    assert run("export", "--format", format, "--output", path).code == 0
    assert sum(read(path).values()) == 5
