"""Where a table begins and ends: lines above the header, footers, empty columns."""

from __future__ import annotations

import io

import pytest
from tests.interop.reading import read_file

from acctcli.errors import Invalid
from acctcli.interop.rows import FileRow, FileTable


def read(content: str) -> FileTable:
    return read_file("-", io.BytesIO(content.encode()), name="book.csv", kind="csv")


def cells(table: FileTable) -> list[list[object]]:
    return [[*row.cells.values()] for row in table.rows()]


def test_a_title_above_the_header_is_skipped_and_said() -> None:
    table = read(
        'Notes:\n"Some emails, as you see, are missing."\n\nname,email,city\nMei,m@x.sg,Oslo\n'
    )
    assert table.columns == ["name", "email", "city"]
    assert cells(table) == [["Mei", "m@x.sg", "Oslo"]]
    assert table.notes == ['skipped 2 lines above the header: "Notes:"']
    assert [row.line for row in table.rows()] == [5]


def test_a_padded_title_and_a_filter_above_the_header_are_skipped() -> None:
    table = read("Open deals,,,,,\nAs of,2026-11-01,,,,\n,,,,,\na,b,c,d,e,f\n1,2,3,4,5,6\n7,,,,,\n")
    assert table.columns == ["a", "b", "c", "d", "e", "f"]
    assert cells(table) == [["1", "2", "3", "4", "5", "6"], ["7", "", "", "", "", ""]]


def test_the_separator_is_that_of_the_table_below_the_title() -> None:
    table = read("Kunden\nname;email;city\nMei;m@x.sg;Oslo\n")
    assert (table.delimiter, table.columns) == (";", ["name", "email", "city"])


def test_notices_and_totals_below_the_rows_are_skipped_and_said() -> None:
    table = read(
        'account,title,amount\nAcme,Rollout,5\nTotal,,5\n\n"Confidential - Do Not Distribute"\n'
        '"Copyright (c) 2026 example.com"\n'
    )
    assert cells(table) == [["Acme", "Rollout", "5"]]
    assert table.count == 1
    assert table.notes == ['skipped 3 lines after the rows: "Total"']


@pytest.mark.parametrize("name", ["Acme", "Total Energies", "Counterpoint", "Total"])
@pytest.mark.parametrize("rest", [",", "Paris,"])
def test_a_company_is_no_footer_whatever_its_name(name: str, rest: str) -> None:
    assert cells(read(f"name,city,phone\nBirch,Oslo,1\n{name},{rest}\n"))[-1][0] == name


@pytest.mark.parametrize("sum", ["5", "1,234.50", "EUR 5", "12 %", "$(5)"])
def test_a_total_has_figures_beside_it(sum: str) -> None:
    assert len(cells(read(f'a,b,c\n1,2,3\nTotal,,"{sum}"\n'))) == 1


def test_a_row_that_is_too_short_between_others_is_refused() -> None:
    table = read("name,city,phone\nBirch\nAcme,Oslo,1\n")
    assert [type(one).__name__ for one in table.records()] == ["BadRow", "FileRow"]
    assert table.count == 2


def test_the_header_once_more_is_skipped_and_said() -> None:
    table = read("name,city\nBirch,Oslo\nname,city\nAcme,Rome\n")
    assert cells(table) == [["Birch", "Oslo"], ["Acme", "Rome"]]
    assert table.notes == ["skipped the header where it stands again (1 time)"]


def test_empty_columns_at_the_right_are_no_columns() -> None:
    table = read("name,email,,\nMei,m@x.sg,,\nRaj,r@x.sg\n")
    assert table.columns == ["name", "email"]
    assert cells(table) == [["Mei", "m@x.sg"], ["Raj", "r@x.sg"]]


def test_a_column_without_a_name_that_has_cells_is_refused() -> None:
    with pytest.raises(Invalid, match='column 3 has no name, and line 3 has "x" there'):
        read("name,email,,\nMei,m@x.sg,,\nRaj,r@x.sg,x,\n")


def test_a_name_that_stands_twice_gets_its_number() -> None:
    table = read("name,phone,phone\nMei,1,2\n")
    assert table.columns == ["name", "phone", "phone (2)"]
    assert table.again == {"phone (2)": "phone"}


def test_one_column_is_a_list() -> None:
    table = read("name\nAcme\nBirch, the second\n")
    assert table.columns == ["name"]
    assert isinstance(next(table.records()), FileRow)
    assert table.count == 2


GROUPS = """Leads
,,,
New,,,
Name,Company,Email,Value
Mei,Acme,mei@a.sg,5
,,,5
,,,
Won,,,
Name,Company,Email,Value
Bo,Beta,bo@b.sg,7
,,,7
"""


def test_names_and_sums_of_groups_above_a_repeated_header_are_no_rows() -> None:
    table = read(GROUPS)
    assert [row[0] for row in cells(table)] == ["Mei", "Bo"]
    assert table.count == 2
    assert [row.line for row in table.rows()] == [5, 10]
    assert 'skipped 2 lines above these headers: "5"' in table.notes
    assert 'skipped 1 line after the rows: "7"' in table.notes


def test_the_last_row_of_a_file_that_another_follows_is_a_row() -> None:
    head = "name,city,phone\n"
    assert [row[0] for row in cells(read(f"{head}Acme,,\n{head}Birch,,\n"))] == ["Acme", "Birch"]
    head = "note,amount,on\n"
    table = read(f"{head}a,5,2026-01-01\n,6,2026-01-02\n{head}b,7,2026-01-03\n,8,2026-01-04\n")
    assert [row[1] for row in cells(table)] == ["5", "6", "7", "8"]


@pytest.mark.parametrize(
    "footer",
    [
        '"Grand Totals (1 record)","","EUR 5"',
        '"","",""\n"Total for Acme","",5',
        "Summe,,5",
        "Gesamt:,EUR,5",
    ],
)
def test_totals_in_other_words_and_empty_rows_are_footers(footer: str) -> None:
    assert cells(read(f"account,title,amount\nAcme,Rollout,5\n{footer}\n")) == [
        ["Acme", "Rollout", "5"]
    ]


def test_headings_over_several_columns_are_above_the_header() -> None:
    table = read("Account,,Address,\nName,Website,City,Country\nAcme,acme.com,Oslo,NO\n")
    assert table.columns == ["Name", "Website", "City", "Country"]
    assert table.notes == ['skipped 1 line above the header: "Account"']
    assert [row.line for row in table.rows()] == [3]


def test_a_row_below_a_header_with_gaps_is_no_header() -> None:
    with pytest.raises(Invalid, match="column 2 has no name"):
        read("Name,,City\nAcme,acme.com,Oslo\n")
