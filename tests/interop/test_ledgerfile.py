"""The text of journals; tests/promises/test_ledgers.py has hledger and beancount read it."""

from __future__ import annotations

import pytest

from acctcli.interop.ledgerfile import LedgerAccount, LedgerEntry, LedgerFormat, Posting, journal

CASH = LedgerAccount("Assets:Cash")


def sale(
    name: str, id: str, note: str = "", code: str = "1", day: str = "2026-01-14"
) -> LedgerEntry:
    postings = [Posting(CASH, 1234), Posting(LedgerAccount("Income:Sales", name, id), -1234)]
    return LedgerEntry(day, "Acme", note, code, False, "EUR", postings, "abc")


def text(format: LedgerFormat, *entries: LedgerEntry) -> str:
    return "".join(journal(entries, format))


def test_a_journal_of_hledger_declares_what_it_uses() -> None:
    assert text("hledger", sale("Support", "p1")) == (
        "; Purchases, written by acct\n"
        "decimal-mark .\n\n"
        "commodity 1000.00 EUR\n\n"
        "account Assets:Cash\n"
        "account Income:Sales:Support\n\n"
        "2026-01-14 (1) Acme\n"
        "    ; id:abc\n"
        "    Assets:Cash            12.34 EUR\n"
        "    Income:Sales:Support  -12.34 EUR\n"
    )


def test_a_journal_of_beancount_opens_accounts_on_their_first_day() -> None:
    later = sale("Support", "p1", day="2026-02-01")
    assert text("beancount", later, sale("Other", "p2", 'say "x"\\')) == (
        'option "title" "Purchases, written by acct"\n\n'
        "2026-01-14 open Assets:Cash\n"
        "2026-01-14 open Income:Sales:Other\n"
        "2026-02-01 open Income:Sales:Support\n\n"
        '2026-01-14 * "Acme" "say \\"x\\"\\\\"\n'
        '  id: "abc"\n  code: "1"\n  reconciled: FALSE\n'
        "  Assets:Cash          12.34 EUR\n"
        "  Income:Sales:Other  -12.34 EUR\n\n"
        '2026-02-01 * "Acme" ""\n'
        '  id: "abc"\n  code: "1"\n  reconciled: FALSE\n'
        "  Assets:Cash            12.34 EUR\n"
        "  Income:Sales:Support  -12.34 EUR\n"
    )


@pytest.mark.parametrize(
    ("name", "hledger", "beancount"),
    [
        ("Gold: yearly; new", "Gold yearly, new", "Gold-yearly-new"),
        ("two  blanks\nand a line", "two blanks and a line", "Two-blanks-and-a-line"),
        ("Cosmétiques & Cie.", "Cosmétiques & Cie.", "Cosmetiques-Cie"),
        ("金沢", "金沢", "00000001"),
        ("\u202eevil", "evil", "Evil"),
    ],
)
def test_names_of_accounts_are_those_that_each_program_takes(
    name: str, hledger: str, beancount: str
) -> None:
    entry = sale(name, "p-00000001")
    assert f"account Income:Sales:{hledger}\n" in text("hledger", entry)
    assert f" open Income:Sales:{beancount}\n" in text("beancount", entry)


@pytest.mark.parametrize("format", ["hledger", "beancount"])
def test_two_products_never_share_an_account(format: LedgerFormat) -> None:
    entries = [sale("A B", "p-00000001"), sale("a: b", "p-00000002"), sale("A B", "p-00000003")]
    lines = text(format, *entries).splitlines()
    declared = [line.split(":")[-1] for line in lines if "Income" in line and line[0] != " "]
    assert len({name.casefold() for name in declared}) == 3


def test_a_comment_or_a_code_cannot_end_a_description() -> None:
    line = text("hledger", sale("x", "p", "a ; b | c", "INV (4)")).splitlines()[8]
    assert line == "2026-01-14 (INV [4]) Acme | a , b / c"
