"""The lines of a bank statement: CSV as banks export it, read as imports read their cells.

Encoding, separator, preamble and footers are found as in any file of rows, the order of days and
the decimal sign by all values of a column. What is added: a debit and a credit column instead of
signs, a column that says which of both a row is, and the separator too many that Chase and DBS
write at the end of each row. Money that came in is above zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from acctcli import cellforms, model, survey, text
from acctcli.book.context import Context
from acctcli.domain.reconcile import BankLine
from acctcli.errors import AcctError, Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.interop import bankcolumns, layout
from acctcli.interop.bankcolumns import BankColumns
from acctcli.interop.rows import BadRow, FileRow, FileTable, cell_text
from acctcli.interop.tables import open_file, read_text
from acctcli.model import Field, declare
from acctcli.recipes import Recipe
from acctcli.values import money
from acctcli.values.date_columns import read_date_format, read_day_in
from acctcli.values.dates import iso
from acctcli.values.number_columns import Decimal
from acctcli.values.vocabulary import plain_word

_FIELDS = declare(
    day=Field(model.DAY, "day of the line"),
    amount=Field(model.MONEY, "amount"),
    credit=Field(model.MONEY, "money that came in"),
    debit=Field(model.MONEY, "money that went out"),
    currency=Field(model.CURRENCY, "currency"),
)

_MINUS_BEHIND = re.compile(r"^([^-]*[0-9])\s?-$")
"""Money that went out in some banks' files: `1.234,50-`. What ends in `,-` has no cents."""

_IN = frozenset(("c", "cr", "credit", "crdt", "in", "h", "haben", "deposit", "money in"))
_OUT = frozenset(("d", "dr", "debit", "dbit", "out", "s", "soll", "withdrawal", "money out"))
_NOT_BOOKED = frozenset(
    ("pending", "reverted", "declined", "failed", "cancelled", "canceled", "rejected", "refused")
)

COMMA: Decimal = "comma"
POINT: Decimal = "point"

LONGEST_REF = 300
"""In characters: what is kept of a line in the purchase that it pays."""


class AskedOfBank(Frozen):
    """How to read a statement, where the file does not tell."""

    map: Sequence[tuple[str, str]] = ()
    currency: str | None = None
    date_format: str | None = None
    decimal: Decimal | None = None
    encoding: str | None = None
    delimiter: str | None = None


class Statement(Frozen):
    """The lines of a statement in the order of the file, and what to say about how it was read."""

    name: str
    lines: Sequence[BankLine]
    notes: Sequence[str]


def read(
    context: Context, path: Path | None, asked: AskedOfBank, stdin: BinaryIO | None = None
) -> Statement:
    """Read a statement from a file, or from stdin without a path.

    Raises `Invalid`, with the line, for a row whose day or amount cannot be read, and `UsageError`
    for a file without such columns.
    """
    if path is None and stdin is None:
        raise UsageError("stdin is closed")
    name = text.safe((path.name or str(path)) if path else "stdin")
    given = _mapped(asked.map)
    whole = open_file(path or "-", None if path else stdin, name=name, encoding=asked.encoding)
    below, above = bankcolumns.below_preamble(whole, given)
    table = read_text(
        below, path or "-", encoding=asked.encoding, delimiter=asked.delimiter, kind="csv"
    )
    if above:
        table = table.replace(
            notes=[f"skipped what is above the header: {text.quoted(above)}", *table.notes]
        )
    _refuse_unknown(name, table, given)
    columns = bankcolumns.find(table.columns, given)
    _refuse_without(name, table, columns)
    return _Reader(context, name, table, columns, asked).statement()


def _mapped(given: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the columns that `--map` names, by field; several are the text together."""
    found: dict[str, list[str]] = {}
    for field, column in given:
        if field not in bankcolumns.FIELDS:
            raise UsageError(text.unknown("--map", field, bankcolumns.FIELDS))
        if field in found and field != "text":
            raise UsageError(f"--map {field} was given twice. Choose one column")
        found.setdefault(field, []).append(column)
    return found


def _refuse_unknown(name: str, table: FileTable, given: Mapping[str, Sequence[str]]) -> None:
    """Raise `UsageError` for a column that the file does not have."""
    for columns in given.values():
        for column in columns:
            if column not in table.columns:
                raise UsageError(
                    f"--map: {text.unknown('column', column, list(table.columns))} in {name}"
                )


def _refuse_without(name: str, table: FileTable, columns: BankColumns) -> None:
    """Raise `UsageError` for a file without a column of days or of amounts."""
    there = text.sentence_list([text.quoted(one) for one in table.columns], 12)
    if columns.day is None:
        raise UsageError(
            f"{name} has no column of days, only {there}. Name it: --map day=COLUMN. If that is "
            "the first line of the statement, put one with names above it: Date,Description,Amount"
        )
    if columns.amount is None and columns.credit is None:
        raise UsageError(
            f"{name} has no column of amounts, only {there}. Name it: --map amount=COLUMN"
        )


class _Reader:
    """Reads the rows of one statement: the columns are judged once, before the first row."""

    def __init__(
        self,
        context: Context,
        name: str,
        table: FileTable,
        columns: BankColumns,
        asked: AskedOfBank,
    ) -> None:
        self._name = name
        self._table = table
        self._columns = columns
        self._today = context.clock.today
        self._notes = [*table.notes]
        self._rows = list(self._records())
        held = {
            field: (column,) for field in _FIELDS if (column := getattr(columns, field)) is not None
        }
        order = read_date_format(asked.date_format) if asked.date_format else None
        if order is None and self._is_german(columns.day or ""):
            order = "dmy"
        used = {column for columns in held.values() for column in columns}
        self._surveyed = survey.survey(
            Recipe(kind="purchase", fields=_FIELDS, columns=held, defaults={"currency": ""}),
            [cells for _, cells in self._rows],
            context.reading,
            order=order,
            decimal=asked.decimal,
            counted=[column for column in table.columns if column not in used],
        )
        # Days in ISO form and days in words have no order of their own.
        self._order = self._surveyed.orders.get(columns.day or "", "text")
        self._given = money.read_currency(asked.currency) if asked.currency else None
        self._own = context.config["me.currency"]
        self._supposed = False
        self._direction = self._direction_column()

    def statement(self) -> Statement:
        """Return the lines, and what was left out."""
        left_out: Counter[str] = Counter()
        lines: list[BankLine] = []
        again: Counter[str] = Counter()
        for number, cells in self._rows:
            state = cells.get(self._columns.state or "", "")
            if plain_word(state) in _NOT_BOOKED:
                left_out[f"not booked ({text.quoted(state.strip())})"] += 1
                continue
            try:
                line = self._line(cells)
            except AcctError as error:
                raise Invalid(f"{self._name} line {number}: {error.message}") from error
            if line is None:
                left_out["without an amount"] += 1
            elif line.day > self._today:
                left_out["of a day that has not come"] += 1
            else:
                again[line.ref] += 1
                if again[line.ref] > 1:
                    line = line._replace(ref=f"{line.ref} ({again[line.ref]})")
                lines.append(line)
        notes = [*self._notes, *self._surveyed.notes]
        notes += [f"{text.plural(count, 'line')} {why}" for why, count in left_out.items()]
        if self._supposed:
            notes.append(f"amounts are taken as {self._own} (me.currency): --currency EUR")
        return Statement(self._name, lines, notes)

    def _records(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield the line and the cells of each row. Raises `Invalid` for an unreadable one."""
        width = len(self._table.columns)
        short: list[BadRow] = []
        for record in self._table.records():
            if isinstance(record, BadRow) and len(record.cells) < width:
                short.append(record)  # a balance below the rows has fewer cells
                continue
            if short:
                raise self._unreadable(short[0])
            if isinstance(record, FileRow):
                yield record.line, {name: cell_text(cell) for name, cell in record.cells.items()}
            elif any(map(str.strip, record.cells[width:])):
                raise self._unreadable(record)
            else:
                yield record.line, dict(zip(self._table.columns, record.cells, strict=False))
        if short:
            firsts = [next(filter(None, map(str.strip, one.cells)), "") for one in short]
            self._notes.append(layout.say_skipped("after the rows", firsts))

    def _unreadable(self, record: BadRow) -> Invalid:
        return Invalid(f"{self._name} line {record.line}: {record.reason}")

    def _is_german(self, column: str) -> bool:
        """Whether a column of days has a German name and points: 03.11.2026 is a day in November.

        Nobody writes such days with the month first.
        """
        german = plain_word(column) in bankcolumns.GERMAN_DAYS
        return german and all("." in cells[column] for _, cells in self._rows if cells[column])

    def _direction_column(self) -> str | None:
        """Return the column that says debit or credit in every row, if amounts have no signs."""
        column, amount = self._columns.direction, self._columns.amount
        if column is None or amount is None:
            return None
        if any(
            "-" in cells.get(amount, "") or "(" in cells.get(amount, "") for _, cells in self._rows
        ):
            return None
        words = {plain_word(cells.get(column, "")) for _, cells in self._rows}
        return column if words and words <= _IN | _OUT else None

    def _line(self, cells: Mapping[str, str]) -> BankLine | None:
        """Return the line of a row; None without an amount."""
        columns = self._columns
        currency = self._currency(cells)
        found = self._amount(cells, currency)
        if found is None:
            return None
        amount, currency = found
        typed = cells.get(columns.day or "", "")
        if not typed.strip():
            raise Invalid(f"no day in {text.quoted(columns.day or '')}")
        day = read_day_in(typed, self._order, self._today, columns.day or "day", "back")
        about = [" ".join(cells.get(column, "").split()) for column in columns.texts]
        said = " ".join(dict.fromkeys(filter(None, about)))
        id = cells.get(columns.id or "", "").strip()
        ref = f"{iso(day)} {money.plain(amount, currency)} {currency} {said} {id}"
        return BankLine(_kept(ref), day, amount, currency, said)

    def _currency(self, cells: Mapping[str, str]) -> str | None:
        """Return the currency of a row, if its cells, the header or an option name it."""
        column = self._columns.currency
        typed = cells.get(column, "").strip() if column else ""
        if typed:
            for step in cellforms.forms(_FIELDS["currency"]):
                typed = step(typed)
            return money.read_currency(typed, column or "currency")
        return self._given or self._columns.header_currency

    def _amount(self, cells: Mapping[str, str], currency: str | None) -> tuple[int, str] | None:
        """Return the amount of a row, below zero for money that went out; None without one."""
        columns = self._columns
        came = self._money(cells, columns.credit, currency)
        went = self._money(cells, columns.debit, currency)
        if came is not None and went is not None and came[0] and went[0]:
            raise Invalid(
                f"{text.quoted(columns.credit or '')} and {text.quoted(columns.debit or '')} both "
                "have an amount. Fix the line, or name the column that counts: --map amount=COLUMN"
            )
        if came is not None and came[0]:
            return came
        if went is not None and went[0]:
            # A column of debits is negative in some files, and positive in others.
            return -abs(went[0]), went[1]
        found = self._money(cells, columns.amount, currency)
        if found is None or not found[0]:
            return None
        out = self._direction and plain_word(cells.get(self._direction, "")) in _OUT
        return (-found[0] if out else found[0]), found[1]

    def _money(
        self, cells: Mapping[str, str], column: str | None, currency: str | None
    ) -> tuple[int, str] | None:
        """Return the amount in a cell; None for an empty one."""
        typed = cells.get(column, "") if column else ""
        if column is None or not typed.strip():
            return None
        typed = _MINUS_BEHIND.sub(r"-\1", typed.strip())
        field = _FIELDS["amount"]
        for step in cellforms.forms(field, decimal=self._surveyed.decimals[column]):
            typed = step(typed)
        if not typed.strip():
            return None
        typed = typed.strip().removeprefix("+").strip()
        if currency is None and self._own and typed.lstrip("-").replace(".", "").isdigit():
            self._supposed = True
        return money.read_amount(typed, currency, column, default=self._own)


def _kept(ref: str) -> str:
    """Return what is kept of a line: in one line, and not longer than a field may be."""
    return text.clip(
        " ".join("".join(c if c.isprintable() else " " for c in ref).split()), LONGEST_REF
    )
