from __future__ import annotations

import io

import pytest

from acctcli.interop import bankcolumns
from acctcli.interop.textfile import TextFile


@pytest.mark.parametrize(
    ("header", "day", "money", "currency"),
    [
        ("Date,Payee,Amount (EUR),Amount (Foreign Currency)", "Date", ("Amount (EUR)",), "EUR"),
        ("Booking Date,Value Date,Partner Name,Amount EUR", "Booking Date", ("Amount EUR",), "EUR"),
        ("Type,Started Date,Completed Date,Amount,Fee", "Completed Date", ("Amount",), None),
        ("Transaction Date,Debit Amount,Credit Amount", "Transaction Date", (), None),
        ("Buchungstag,Wert,Betrag,Soll,Haben,Währung", "Buchungstag", ("Betrag",), None),
        ("Date,Paid out,Paid in,Balance", "Date", (), None),
    ],
)
def test_banks_call_their_columns_so(
    header: str, day: str, money: tuple[str, ...], currency: str | None
) -> None:
    found = bankcolumns.find(header.split(","), {})
    assert found.day == day
    assert found.amount == (money[0] if money else None)
    assert found.header_currency == currency
    if not money:
        assert found.credit
        assert found.debit


def test_a_column_that_was_named_wins() -> None:
    found = bankcolumns.find(["Datum", "Betrag", "Netto", "Zweck"], {"amount": ["Netto"]})
    assert (found.amount, found.day) == ("Netto", "Datum")
    found = bankcolumns.find(["Datum", "Betrag", "Zweck"], {"text": ["Zweck"]})
    assert found.texts == ["Zweck"]


def test_lines_above_the_header_become_empty_and_keep_the_numbers() -> None:
    typed = "Account 1\n\nFrom;To\nDate;Amount;Text\n2026-01-01;5;x\n"
    whole = TextFile(io.BytesIO(typed.encode()), "x.csv")
    below, above = bankcolumns.below_preamble(whole, {})
    assert above == "Account 1"
    assert list(below.lines())[3:] == ["Date;Amount;Text\n", "2026-01-01;5;x\n"]
    assert list(below.lines())[:3] == ["\n"] * 3


def test_a_file_without_a_header_stays_as_it_is() -> None:
    whole = TextFile(io.BytesIO(b"a,b\n1,2\n"), "x.csv")
    assert bankcolumns.below_preamble(whole, {}) == (whole, "")
