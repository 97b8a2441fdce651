"""Excel workbooks: the cells of a sheet as the text of a CSV file.

`openpyxl` reads them (the extra `xlsx`). A cell keeps what it holds and not how it is shown: a day
is in ISO form, a number has all its digits, a formula is its last value. From there on a sheet is
read like any CSV file, so titles, totals and empty columns are known there as well.
"""

from __future__ import annotations

import io
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import extras
from acctcli.csvtext import write_csv
from acctcli.errors import Invalid, NotFound, StorageError
from acctcli.interop.csvfile import read_csv
from acctcli.interop.rows import BadRow, FileRow, FileTable
from acctcli.interop.sheets import unescaped
from acctcli.interop.textfile import TextFile
from acctcli.text import one_of, quoted, safe

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SUFFIXES = (".xlsx", ".xlsm")

FORM = "workbook"
"""What the file of a table is, in place of its encoding."""


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets that have cells, in their order."""
    book = _open(path)
    try:
        return [sheet.title for sheet in book.worksheets if _has_cells(sheet)]
    finally:
        book.close()


def read_sheet(path: Path, sheet: str) -> FileTable:
    """Read one sheet. Raises `NotFound` for a name that no sheet has, and what `read_csv` raises.

    The lines of its rows are those of the sheet.
    """
    name = safe(f"{path.name} [{sheet}]")
    book = _open(path)
    try:
        if sheet not in book.sheetnames:
            raise NotFound(
                f"{safe(path.name)} has no sheet {quoted(sheet)}. Sheets: "
                f"{one_of([quoted(title) for title in book.sheetnames])}"
            )
        kept = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with its text
        lines = _write(book[sheet].iter_rows(values_only=True), kept, name)
    finally:
        book.close()
    table = read_csv(TextFile(kept, name, "utf-8"), delimiter=",")
    records = table.records

    def in_the_sheet() -> Iterator[FileRow | BadRow]:
        for record in records():
            yield record._replace(line=bisect_right(lines, record.line))

    return table.replace(records=in_the_sheet, form=FORM)


def _open(path: Path) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ImportError:
        by_hand = "Or save the sheet as CSV and import that"
        raise extras.missing(f"{safe(path.name)}: workbooks need", "xlsx", by_hand) from None
    try:
        return load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise NotFound(f"{safe(str(path))} does not exist") from None
    except OSError as error:
        raise StorageError(f"{safe(str(path))} cannot be read: {error.strerror}") from None
    except Exception as error:  # noqa: BLE001 - of a damaged file it raises whatever it came across
        raise Invalid(
            f"{safe(path.name)} is not a workbook that can be read ({type(error).__name__}). "
            "Save it as CSV and import that"
        ) from None


def _has_cells(sheet: Any) -> bool:
    rows = sheet.iter_rows(values_only=True, max_row=200)
    return any(cell not in (None, "") for row in rows for cell in row)


def _write(rows: Iterator[Sequence[Any]], file: Any, name: str) -> list[int]:
    """Write the rows as CSV; returns the line of the file on which each begins."""
    begin: list[int] = []
    line = 1
    try:
        for row in rows:
            begin.append(line)
            cells = [_text(cell) for cell in row]
            text = "".join(write_csv([], [cells], header=False)) if any(cells) else "\r\n"
            line += text.count("\n")
            file.write(text.encode())
    except OSError as error:
        raise StorageError(
            f"{name} cannot be kept in {tempfile.gettempdir()} for reading: {error.strerror}"
        ) from None
    file.seek(0, io.SEEK_SET)
    return begin


def _text(cell: Any) -> str:
    """The cell as a CSV file of ours holds it."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case float():
            if cell.is_integer() and abs(cell) < 1e15:
                return str(int(cell))
            return f"{Decimal(repr(cell)):f}"
        case str():
            # Excel writes its own line breaks as two characters; ours are escaped.
            return unescaped(cell.replace("_x000D_\n", "\n").replace("\r\n", "\n"))
    return str(cell)
