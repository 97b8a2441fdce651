"""Which columns of a bank's CSV are the day, the amount, the text: the names that banks use.

Names compare as those of imports do; the currency may stand behind the name of an amount, as in
`Amount (EUR)`. The first name of a list that a file has wins. A new name is one word more here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from acctcli.csvtext import DELIMITER_NAMES
from acctcli.frozen import Frozen
from acctcli.interop.headers import squeezed
from acctcli.interop.textfile import TextFile
from acctcli.values.money import DIGITS

_NAMES = {
    "day": """booking date, buchungstag, buchungsdatum, valutadatum, posting date, post date,
        posted date, completed date, date completed utc, date completed, finished on, transaction
        date, value date, valuta, wertstellung, wert, date, datum, day, date utc, created on,
        date time, started date, fecha, date operation, data""",
    "amount": """amount, betrag, umsatz, transaction amount, billing amount, net amount, amount in
        account currency, paid amount, value, total, importe, montant, importo""",
    "credit": """credit, credit amount, credits, paid in, money in, deposit, deposits, deposit
        amount, deposit amt, haben, received, incoming, credit amt, amount credit""",
    "debit": """debit, debit amount, debits, paid out, money out, withdrawal, withdrawals,
        withdrawal amount, withdrawal amt, soll, spent, outgoing, debit amt, amount debit, payment,
        payments""",
    "currency": """currency, payment currency, account currency, currency code, billing currency,
        w\xe4hrung, waehrung, ccy, transaction currency, devise, divisa, valuta""",
    "direction": """direction, credit debit, debit credit, credit debit indicator, cr dr, dr cr,
        d c, c d, soll haben, s h, details, transaction type, type""",
    "state": "state, status",
    "id": """transaction id, transferwise id, fitid, unique id, bank reference, id""",
}
"""What banks call each column, the likeliest name first."""

_TEXT_NAMES = """description, payee, payee name, payer, payer name, partner name, name, beneficiary,
    beneficiary originator, beg\xfcnstigter auftraggeber, auftraggeber, auftraggeber
    empf\xe4nger, zahlungspflichtiger, zahlungsempf\xe4nger, counterparty, counterparty name,
    counter party, payment reference, reference, payment details, details, transaction details,
    verwendungszweck, buchungstext, memo, memo description, narrative, particulars, customer
    reference, kundenreferenz, transaction description, transaction ref1, transaction ref2,
    transaction ref3, merchant, num, check or slip, additional information, additional info,
    remittance information, text, note, notes, check number, originator, sender, source name,
    target name, customer, remarks, label, libelle, concepto, causale"""

_TEXTS = frozenset(map(squeezed, _TEXT_NAMES.split(",")))
"""The columns that say who paid and what for: all of them are read."""

GERMAN_DAYS = frozenset(
    ("buchungstag", "buchungsdatum", "wertstellung", "wert", "valuta", "datum", "valutadatum")
)
"""German names of a column of days."""

_SAMPLE = 60
"""Lines in which the header is looked for."""

FIELDS = ("day", "amount", "credit", "debit", "currency", "text")
"""What `--map` may name a column for."""


class BankColumns(Frozen):
    """The columns of a statement by what they hold; `texts` are those with names and references.

    `header_currency` is the currency that the name of the amount gives.
    """

    day: str | None
    amount: str | None
    credit: str | None
    debit: str | None
    currency: str | None
    direction: str | None
    state: str | None
    id: str | None
    texts: Sequence[str]
    header_currency: str | None


def find(columns: Sequence[str], given: Mapping[str, Sequence[str]]) -> BankColumns:
    """Return the columns of a statement; `given` are those that the user named, by field."""
    called = {_bare(column): column for column in reversed(columns)}
    taken = {column for named in given.values() for column in named}
    found: dict[str, str | None] = {}
    for field, names in _NAMES.items():
        named = given.get(field)
        if named:
            found[field] = named[0]
            continue
        wanted = (called.get(squeezed(name)) for name in names.split(","))
        found[field] = next((one for one in wanted if one and one not in taken), None)
        if field == "currency" and found[field] == found["day"]:
            found[field] = None  # Valuta is a day in German and a currency in Italian
    if "amount" in given:
        found["credit"] = found["debit"] = None
    texts = given.get("text") or [one for one in columns if _bare(one) in _TEXTS]
    money = found["amount"] or found["credit"] or found["debit"]
    return BankColumns(**found, texts=texts, header_currency=_currency(money) if money else None)


def below_preamble(whole: TextFile, given: Mapping[str, Sequence[str]]) -> tuple[TextFile, str]:
    """Return a statement without the lines above its header, and the first of these lines.

    The header is the first line with a column of days and one of amounts; lines above it become
    empty, so that the others keep their numbers. Without such a line, the file stays as it is.
    """
    above = ""
    for number, line in enumerate(islice(whole.lines(), _SAMPLE)):
        for delimiter in DELIMITER_NAMES:
            if _is_header(line, delimiter, given):
                return (_Below(whole, number), above) if above else (whole, "")
        above = above or " ".join(line.split())
    return whole, ""


def _is_header(line: str, delimiter: str, given: Mapping[str, Sequence[str]]) -> bool:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return False
    named = [column for columns in given.values() for column in columns]
    if named and not {*named} <= {*cells}:
        return False
    found = find(cells, given)
    return found.day is not None and bool(found.amount or found.credit)


class _Below(TextFile):
    """A text of which the first lines are empty."""

    def __init__(self, whole: TextFile, start: int) -> None:
        self.__dict__.update(whole.__dict__)
        self._whole = whole  # whose end closes the file
        self._start = start

    def lines(self, *, only_lf: bool = False) -> Iterator[str]:
        """Yield the lines as those of the whole text."""
        for number, line in enumerate(super().lines(only_lf=only_lf)):
            yield line if number >= self._start else "\n"


def _bare(column: str) -> str:
    """Return the comparable name of a column, without a currency behind it."""
    currency = _currency(column)
    return squeezed(re.sub(rf"\W*{currency}\W*$", "", column) if currency else column)


def _currency(column: str) -> str | None:
    """Return the currency behind the name of a column: EUR of `Betrag (EUR)`."""
    match = re.search(r"(?:^|\W)([A-Z]{3})\W*$", column)
    return match[1] if match and match[1] in DIGITS else None
