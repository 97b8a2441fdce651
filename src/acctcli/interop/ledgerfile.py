"""Journals of plain-text accounting: hledger and beancount.

Both programs refuse a file with one wrong character, and each has names of accounts of its own:
hledger ends a name at two blanks, beancount knows only letters, digits and dashes. A customer or a
product keeps an account of its own, even if the name of another comes out the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal
from unicodedata import normalize

from acctcli.frozen import Frozen
from acctcli.values import money

LedgerFormat = Literal["hledger", "beancount"]

SUFFIXES: dict[str, LedgerFormat] = {
    ".journal": "hledger",
    ".hledger": "hledger",
    ".beancount": "beancount",
    ".bean": "beancount",
}
"""The endings of names of journals."""

TITLE = "Purchases, written by acct"

_Part = Callable[[str, str], str]
"""Makes the last part of an account's name from a name and, where that is not enough, an id."""


class LedgerAccount(Frozen):
    """An account of the ledger: `within` is its path as both programs take it.

    A customer or product below it has its `name` as people typed it, and its `id`.
    """

    within: str
    name: str = ""
    id: str = ""


class Posting(Frozen):
    """What one account is debited with, in minor units; below zero it is credited."""

    account: LedgerAccount
    amount: int


class LedgerEntry(Frozen):
    """A transaction: its postings have one currency and sum to zero.

    `day` is in ISO form; `code` is the number of the invoice, or what else names the entry.
    """

    day: str
    payee: str
    note: str
    code: str
    cleared: bool
    currency: str
    postings: Sequence[Posting]
    purchase: str


def journal(entries: Sequence[LedgerEntry], format: LedgerFormat) -> Iterator[str]:
    """Yield the text of a journal in parts, entries in the order of their days."""
    ordered = sorted(entries, key=lambda entry: entry.day)
    yield from (_hledger if format == "hledger" else _beancount)(ordered)


def _hledger(entries: Sequence[LedgerEntry]) -> Iterator[str]:
    names = _Names(_hledger_part)
    yield f"; {TITLE}\ndecimal-mark .\n\n"
    for currency in sorted({entry.currency for entry in entries}):
        # The mark decides how many decimals are shown; without decimals it stands alone.
        places = money.digits(currency)
        yield f"commodity 1000.{'0' * places} {currency}\n"
    yield "\n"
    for name in names.of(entries):
        yield f"account {name}\n"
    for entry in entries:
        mark = "* " if entry.cleared else ""
        code = _hledger_text(entry.code).replace(")", "]").replace("(", "[")
        about = _hledger_text(entry.payee)
        if note := _hledger_text(entry.note):
            about = f"{about} | {note}"
        yield f"\n{entry.day} {mark}({code}) {about}\n    ; id:{entry.purchase}\n"
        yield from _lines(entry, names, "    ")


def _beancount(entries: Sequence[LedgerEntry]) -> Iterator[str]:
    names = _Names(_beancount_part)
    yield f'option "title" "{TITLE}"\n\n'
    first = {
        account: entry.day
        for entry in reversed(entries)
        for account in (names.name(one.account) for one in entry.postings)
    }
    for name in sorted(first):
        yield f"{first[name]} open {name}\n"
    for entry in entries:
        yield f"\n{entry.day} * {_string(entry.payee)} {_string(entry.note)}\n"
        yield f"  id: {_string(entry.purchase)}\n  code: {_string(entry.code)}\n"
        yield f"  reconciled: {'TRUE' if entry.cleared else 'FALSE'}\n"
        yield from _lines(entry, names, "  ")


def _lines(entry: LedgerEntry, names: _Names, indent: str) -> Iterator[str]:
    """Yield the lines of an entry's postings, with their amounts aligned to the right."""
    rows = [
        (names.name(one.account), money.plain(one.amount, entry.currency)) for one in entry.postings
    ]
    longest = max(len(name) for name, _ in rows)
    widest = max(len(amount) for _, amount in rows)
    for name, amount in rows:
        yield f"{indent}{name:<{longest}}  {amount:>{widest}} {entry.currency}\n"


class _Names:
    """The names of accounts in one journal: what differs in the book differs there too."""

    def __init__(self, part: _Part) -> None:
        self._part = part
        self._named: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def of(self, entries: Iterable[LedgerEntry]) -> list[str]:
        """Return the names of all accounts, sorted."""
        return sorted({self.name(one.account) for entry in entries for one in entry.postings})

    def name(self, account: LedgerAccount) -> str:
        """Return the name of an account."""
        if not account.id:
            return account.within
        key = (account.within, account.id)
        if key not in self._named:
            digits = account.id.replace("-", "")
            for tail in ("", digits[-8:], digits):
                part = self._part(account.name, tail)
                self._named[key] = f"{account.within}:{part}"
                if part and self._named[key].casefold() not in self._taken:
                    break
            self._taken.add(self._named[key].casefold())
        return self._named[key]


def _one_line(value: str) -> str:
    """Return a text without line breaks, runs of blanks, and characters that draw nothing."""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def _hledger_text(value: str) -> str:
    """Return a text for a description: a semicolon begins a comment, a bar ends the payee."""
    return _one_line(value.translate({ord(";"): ",", ord("|"): "/"}))


def _hledger_part(name: str, tail: str) -> str:
    """Return a part of an account's name; a colon would begin the next part."""
    return _one_line(f"{name.replace(':', ' ').replace(';', ',')} {tail}")


def _beancount_part(name: str, tail: str) -> str:
    """Return a part of an account's name: letters without accents, digits and dashes."""
    letters = normalize("NFKD", name).encode("ascii", "ignore").decode()
    part = re.sub(r"[^A-Za-z0-9]+", "-", f"{letters} {tail}").strip("-")
    return part[:1].upper() + part[1:]


def _string(value: str) -> str:
    """Return a text as beancount quotes it."""
    return '"' + _one_line(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
