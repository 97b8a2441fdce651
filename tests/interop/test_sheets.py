"""Excel workbooks that we write: typed cells, a header that stays, and nothing lost."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path
from typing import Any

import pytest

from acctcli.errors import Conflict, Invalid
from acctcli.interop import sheets
from acctcli.interop.workbook import read_sheet
from acctcli.model import KINDS, Row

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl, the extra xlsx")

FIELDS = KINDS["deal"].fields
DEAL: Row = {
    "id": "01a2",
    "account": "=Konex",
    "account_id": "01a1",
    "title": "Line\x1bbreak _x0041_",
    "stage": "proposal",
    "amount": 1200050,
    "currency": "SGD",
    "probability": 62.5,
    "close_date": "2026-12-15",
    "tags": ("a", "b"),
    "updated_at": "2026-11-27T12:00:00Z",
}


def written(path: Path, **deal: Any) -> Any:
    sheets.write(path, [("deal", FIELDS, [DEAL | deal]), ("task", KINDS["task"].fields, [])])
    return openpyxl.load_workbook(path)


def test_cells_have_the_type_of_their_field(tmp_path: Path) -> None:
    book = written(tmp_path / "x.xlsx")
    assert book.sheetnames == ["deals"], "a kind without records has no sheet"
    sheet = book["deals"]
    header, cells = sheet.iter_rows()
    row = {name.value: cell for name, cell in zip(header, cells, strict=True)}
    assert (row["amount"].value, row["amount"].number_format) == (12000.5, "#,##0.00")
    assert row["close_date"].value == dt.datetime(2026, 12, 15)
    assert row["probability"].value == 62.5
    assert (row["account"].value, row["account"].data_type) == ("=Konex", "s")
    assert row["tags"].value == "a; b"
    assert row["updated_at"].value == "2026-11-27T12:00:00Z"
    assert sheet.freeze_panes == "A2"
    assert header[0].font.b
    assert sheet.auto_filter.ref.startswith("A1:")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    written(path)
    [row] = read_sheet(path, "deals").rows()
    cells = {name: cell for name, cell in row.cells.items() if cell}
    assert cells == {
        "id": "01a2",
        "account": "=Konex",
        "account_id": "01a1",
        "title": "Line\x1bbreak _x0041_",
        "stage": "proposal",
        "amount": "12000.5",
        "currency": "SGD",
        "probability": "62.5",
        "close_date": "2026-12-15",
        "tags": "a; b",
        "updated_at": "2026-11-27T12:00:00Z",
    }


def test_more_digits_than_a_number_has_are_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    written(path, amount=123456789012345678)
    [row] = read_sheet(path, "deals").rows()
    assert row.cells["amount"] == "1234567890123456.78"


def test_what_a_cell_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with pytest.raises(Invalid, match="has 40,000 characters, and a cell of Excel holds 32,767"):
        written(path, title="x" * 40_000)
    assert not path.exists()


def test_a_workbook_is_private_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        written(path)
