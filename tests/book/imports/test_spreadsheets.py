"""What a spreadsheet does to the cells of an export by itself."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli import model
from acctcli.book.imports.spreadsheets import same
from acctcli.model import Field

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("type", "stored", "typed"),
    [
        (model.PHONE, "+6562211234", "6562211234"),
        (model.PHONE, "+4915112345678", "4.91511E+12"),
        (model.PHONE, "+6562211234; +6591234567", "6562211234; 6591234567"),
        (model.TEXT, "0151", "151"),
        (model.TEXT, "123456789012345", "1.23457E+14"),
        (model.TEXT, "3-4", "04-Mar"),
        (model.TEXT, "=Konex", "#NAME?"),
        (model.MONEY, "12000.50", "$12,000.50"),
        (model.MONEY, "12000.50", "12000,5"),
        (model.MONEY, "-500.00", "(500.00)"),
        (model.INTEGER, "1200", "1.200"),
        (model.SHARE, "70", "70%"),
        (model.FLAG, "yes", "TRUE"),
        (model.LONG, "one\ntwo", "one \r\ntwo\r\n"),
    ],
)
def test_a_cell_that_a_spreadsheet_changed_is_the_same(type: str, stored: str, typed: str) -> None:
    assert same(Field(type, "a field"), stored, typed, None, TODAY)


@pytest.mark.parametrize(
    ("type", "stored", "typed"),
    [
        (model.PHONE, "+6562211234", "6562211235"),
        (model.PHONE, "+4915112345678", "4.91512E+12"),
        (model.PHONE, "+6562211234; +6591234567", "6562211234"),
        (model.TEXT, "0151", "1510"),
        (model.TEXT, "Oslo", "oslo"),
        (model.MONEY, "12000.50", "12000.05"),
        (model.MONEY, "500.00", "(500.00)"),
        (model.FLAG, "yes", "FALSE"),
        (model.DAY, "2027-02-03", "2027-02-04"),
        (model.LONG, "one", "one\ntwo"),
    ],
)
def test_an_edited_cell_is_another(type: str, stored: str, typed: str) -> None:
    assert not same(Field(type, "a field"), stored, typed, None, TODAY)


def test_a_day_is_read_in_the_order_of_its_column() -> None:
    day = Field(model.DAY, "a day")
    assert same(day, "2027-02-03", "03.02.27", "dmy", TODAY)
    assert same(day, "2027-02-03", "2/3/2027", "mdy", TODAY)
    assert not same(day, "2027-02-03", "2/3/2027", "dmy", TODAY)
