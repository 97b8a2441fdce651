"""Writing Excel workbooks: a sheet per kind, with typed cells and a header that stays in view.

Days are days, amounts and counts are numbers, yes and no are truth values; moments stay in ISO form
with their zone, which a cell of Excel cannot hold. What is written here is read back exactly, so
what Excel cannot hold is refused: a longer text, or more rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import extras, files, model
from acctcli.errors import Invalid
from acctcli.model import KINDS, Field, Row
from acctcli.text import plural, quoted, shell_word
from acctcli.values.fields import Exact, columns_of, machine
from acctcli.values.money import DIGITS

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

LONGEST_CELL = 32_767
"""The most characters of a cell of Excel."""

MOST_ROWS = 1_048_575
"""The most rows of a sheet of Excel below its header."""

_MOST_DIGITS = 15
"""The digits that a number keeps in Excel."""

_WIDTHS = {model.LONG: 50, model.DAY: 12, model.FLAG: 8, model.INTEGER: 10, model.MONEY: 14}
_WIDTH = 22

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-F]{4}_|\r")

Sheet = tuple[str, Mapping[str, Field], Iterable[Row]]
"""A kind, its fields, and its stored records."""


def write(
    path: Path, sheets: Iterable[Sheet], *, force: bool = False, whole: bool = True
) -> dict[str, int]:
    """Write a workbook (0600), completely or not at all; return the number of records per kind.

    Kinds without a record have no sheet, unless the book is not `whole`. Raises `Conflict` if the
    file exists, unless `force`, `UsageError` without openpyxl, and `Invalid` for what Excel cannot
    hold.
    """
    try:
        import openpyxl
    except ImportError:
        csv = shell_word(f"{path.stem}.csv", "export.csv")
        folder = shell_word(path.stem, "export")
        how = f"into a folder: --all {folder}" if whole else f"instead: --output {csv}"
        raise extras.missing("workbooks need", "xlsx", f"Or export CSV {how}") from None

    def make(temporary: Path) -> dict[str, int]:
        book = openpyxl.Workbook(write_only=True)
        counts = {}
        try:
            for kind, fields, rows in sheets:
                counts[kind] = _fill(book.create_sheet, kind, fields, rows, whole=whole)
        except BaseException:
            for sheet in book.worksheets:
                sheet.close()  # it keeps a temporary file open
            raise
        if not book.worksheets:
            book.create_sheet("accounts")
        with temporary.open("wb") as file:
            book.save(file)
        return counts

    return files.write_made(path, make, force=force)


def _fill(
    create: Callable[[str], WriteOnlyWorksheet],
    kind: str,
    fields: Mapping[str, Field],
    rows: Iterable[Row],
    *,
    whole: bool,
) -> int:
    """Write the sheet of a kind; return the number of its records."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    found: Iterator[Row] = iter(rows)
    first = next(found, None)
    if first is None and whole:
        return 0
    columns = columns_of(fields, [name for name, field in fields.items() if not field.derived])
    sheet = create(KINDS[kind].plural)
    sheet.freeze_panes = "A2"
    for place, (_, field) in enumerate(columns, 1):
        width = _WIDTHS.get(field.type, _WIDTH)
        sheet.column_dimensions[get_column_letter(place)].width = width
    header = []
    for name, _ in columns:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        header.append(cell)
    sheet.append(header)
    count = 0
    while first is not None:
        count += 1
        if count > MOST_ROWS:
            raise Invalid(
                f"{KINDS[kind].several}: a sheet of Excel holds {plural(MOST_ROWS, 'row')}. "
                "Export fewer with --where, or CSV"
            )
        sheet.append([_cell(sheet, name, field, first) for name, field in columns])
        first = next(found, None)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    return count


def _cell(sheet: WriteOnlyWorksheet, name: str, field: Field, row: Row) -> Any:
    """Return the cell of a field, or of the ids of a reference."""
    from openpyxl.cell import WriteOnlyCell

    value, format_ = typed(field, row.get(name), row)
    if value is None:
        return None
    cell = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is none of Excel's formulas
    elif format_:
        cell.number_format = format_
    return cell


def typed(field: Field, value: Any, row: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the value of a cell and its number format. Raises `Invalid` for too long a text."""
    plain = machine(field, value, row)
    if plain is None or plain == () or plain == []:
        return None, ""
    if isinstance(plain, Exact) or (isinstance(plain, int) and not isinstance(plain, bool)):
        digits = re.sub(r"[^0-9]", "", str(plain)).lstrip("0")
        if len(digits) > _MOST_DIGITS:
            return str(plain), ""
        number = float(plain) if "." in str(plain) else int(plain)
        places = DIGITS.get(str(row.get("currency")), 2)
        return number, f"#,##0.{'0' * places}".rstrip(".") if field.type == model.MONEY else ""
    if field.type == model.DAY and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(plain)):
        day = date.fromisoformat(plain)
        return (day, "yyyy-mm-dd") if day.year >= 1901 else (plain, "")
    if isinstance(plain, list | tuple):
        plain = "; ".join(map(str, plain))
    if isinstance(plain, str):
        if len(plain) > LONGEST_CELL:
            raise Invalid(
                f"{field.label} {quoted(plain[:30])} has {len(plain):,} characters, and a cell of "
                f"Excel holds {LONGEST_CELL:,}. Export CSV: -f csv"
            )
        return _ILLEGAL.sub(_escaped, plain), ""
    return plain, ""


def _escaped(match: re.Match[str]) -> str:
    """Return a character that XML cannot hold as Excel writes it: `_x001B_`."""
    found = match[0]
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"


def unescaped(text: str) -> str:
    """Return a text of a cell with the characters that were written as `_x001B_`."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)
