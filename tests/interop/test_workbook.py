"""Excel workbooks: typed cells as text, sheets by name, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from acctcli.errors import Invalid, NotFound
from acctcli.interop.workbook import read_sheet, sheets

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl, the extra xlsx")


def saved(path: Path, **content: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_typed_cells_are_what_they_hold(tmp_path: Path) -> None:
    cells: list[Any] = ["007", 12000.0, 0.125, True, dt.datetime(2026, 12, 31)]
    cells += [dt.datetime(2026, 12, 31, 14, 30), "two\nlines", None]
    path = saved(tmp_path / "x.xlsx", Deals=[list("abcdefgh"), cells])
    table = read_sheet(path, "Deals")
    (row,) = table.rows()
    assert [*row.cells.values()] == [
        *("007", "12000", "0.125", "yes", "2026-12-31"),
        *("2026-12-31 14:30:00", "two\nlines", ""),
    ]


def test_rows_have_the_line_of_their_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Report"],
        [],
        ["a", "b", "c"],
        ["x\ny", 1, 2],
        ["z", 3, 4],
        ["Total", None, 6],
    ]
    table = read_sheet(saved(tmp_path / "x.xlsx", One=rows), "One")
    assert [row.line for row in table.rows()] == [4, 5]
    assert table.notes == [
        'skipped 1 line above the header: "Report"',
        'skipped 1 line after the rows: "Total"',
    ]


def test_sheets_without_cells_are_left_out(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", One=[["a"]], Empty=[], Two=[["b"]])
    assert sheets(path) == ["One", "Two"]
    with pytest.raises(NotFound, match='has no sheet "Three"'):
        read_sheet(path, "Three")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04xxxx", b"name,city\n"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=r"x\.xlsx is not a workbook"):
        sheets(path)
    with pytest.raises(NotFound):
        sheets(tmp_path / "none.xlsx")
