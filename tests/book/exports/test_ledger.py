"""What a purchase debits and credits; tests/promises/test_ledgers.py counts the balances anew."""

from __future__ import annotations

from typing import Any

import pytest

from acctcli.book.exports import ledger
from acctcli.values.fields import Unreadable

ROW: dict[str, Any] = {
    "id": "01a21ede-b92b-76c6-afbc-d1715796749b",
    "account": "Acme",
    "account_id": "a",
    "product": "Support",
    "product_id": "p",
    "amount": 10_000,
    "currency": "EUR",
    "tax_rate": None,
    "purchased_on": "2026-01-14",
    "payment": "credit",
    "reconciled": 0,
    "invoice": None,
    "paid_on": None,
    "paid_ref": None,
}


def lines(**values: Any) -> list[list[tuple[str, str, int]]]:
    """Return path, name and amount of each posting, by entry."""
    found = ledger.posted([{**ROW, **values}], {"a": "A-0001"})
    return [
        [(one.account.within, one.account.name, one.amount) for one in entry.postings]
        for entry in found.entries
    ]


SOLD = ("Income:Sales", "Support", -10_000)
OWED = ("Assets:Receivable", "A-0001 Acme", 10_000)


def test_a_sale_on_credit_is_owed_until_it_is_paid() -> None:
    assert lines() == [[OWED, SOLD]]
    assert lines(paid_on="2026-02-01", paid_ref="line") == [
        [OWED, SOLD],
        [("Assets:Bank", "", 10_000), ("Assets:Receivable", "A-0001 Acme", -10_000)],
    ]
    without_line = lines(paid_on="2026-02-01")
    assert without_line[1][0] == ("Assets:Cash", "", 10_000)


def test_a_cash_sale_is_paid_and_a_bank_line_says_where_the_cash_went() -> None:
    cash = ("Assets:Cash", "", 10_000)
    assert lines(payment="cash") == lines(payment="cash", paid_on="2026-01-14") == [[cash, SOLD]]
    banked = lines(payment="cash", paid_on="2026-01-20", paid_ref="deposit")
    assert banked[1] == [("Assets:Bank", "", 10_000), ("Assets:Cash", "", -10_000)]


@pytest.mark.parametrize(
    ("rate", "tax"), [(19, 1900), (7.7, 770), (8.875, 888), (0, 0), (33.333, 3333)]
)
def test_tax_stands_apart_and_is_owed_with_the_rest(rate: float, tax: int) -> None:
    [entry] = lines(tax_rate=rate)
    assert entry[0][2] == 10_000 + tax
    assert entry[2:] == ([("Liabilities:Tax", "", -tax)] if tax else [])


def test_a_credit_note_has_the_opposite_signs() -> None:
    [entry] = lines(amount=-5_00, tax_rate=10)
    assert [amount for _, _, amount in entry] == [-550, 500, 50]


def test_what_says_neither_cash_nor_credit_is_no_receivable_and_is_said() -> None:
    found = ledger.posted([{**ROW, "payment": None}], {})
    assert found.entries[0].postings[0].account.within == "Assets:Payment-Unknown"
    assert "1 purchase says neither cash nor credit" in found.notices[0]


def test_an_unreadable_purchase_is_left_out_and_said() -> None:
    found = ledger.posted([ROW, {**ROW, "amount": Unreadable("x")}], {})
    assert found.purchases == 1
    assert "1 purchase left out" in found.notices[0]
