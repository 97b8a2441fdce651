from __future__ import annotations

import contextlib
import csv
import itertools
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests import strain
from tests.interop.reading import all_of, bad_of, read_bytes, rows_of

from acctcli.csvtext import write_csv
from acctcli.errors import Invalid, UsageError
from acctcli.interop.csvfile import LONGEST_CELL, rejects_csv
from acctcli.interop.rows import BadRow, FileRow, FileTable

# NUL and lone surrogates are refused when they are stored, so no file of ours has them.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
HOSTILE = st.text(st.sampled_from("'=+-@\t\r\n\", ;|\ufeffé"), max_size=6)
CELLS = TEXTS | HOSTILE
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5)
)


def read(content: str | bytes, *, delimiter: str | None = None, suffix: str = ".csv") -> FileTable:
    data = content.encode() if isinstance(content, str) else content
    return read_bytes("book" + suffix, data, name="book.csv", delimiter=delimiter)


def rejects(table: FileTable, reasons: Sequence[tuple[FileRow | BadRow, str]]) -> str:
    return "".join(rejects_csv(table, reasons))


def cells(table: FileTable) -> list[list[object]]:
    return [list(row.cells.values()) for row in rows_of(table)]


def refused(content: str | bytes, *, delimiter: str | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        read(content, delimiter=delimiter)
    assert caught.value.message.startswith("book.csv")
    assert "\n" not in caught.value.message
    return caught.value.message


def bad(content: str) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in bad_of(read(content))]


def written(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, excel_safe: bool = False
) -> str:
    return "".join(write_csv(columns, rows, excel_safe=excel_safe))


# A plain file


def test_rows_have_the_line_they_begin_on_and_a_cell_for_every_column() -> None:
    table = read("name,city\nAcme,Bonn\nBolt,\n")
    assert all_of(table) == {
        "columns": ["name", "city"],
        "rows": [
            FileRow(2, {"name": "Acme", "city": "Bonn"}),
            FileRow(3, {"name": "Bolt", "city": ""}),
        ],
        "encoding": "UTF-8",
        "delimiter": ",",
        "notes": [],
        "count": 2,
        "bad": [],
    }


def test_a_header_without_rows_is_an_empty_table() -> None:
    assert rows_of(read("name,city")) == []


def test_what_a_spreadsheet_would_convert_stays_text() -> None:
    values = ["007", "1E5", "TRUE", "3-4", " x ", "1,5"]
    assert cells(read('a,b,c,d,e,f\n007,1E5,TRUE,3-4, x ,"1,5"\n')) == [values]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_row(end: str) -> None:
    table = read(end.join(["a,b", "1,2", "3,4"]))
    assert [(row.line, row.cells) for row in rows_of(table)] == [
        (2, {"a": "1", "b": "2"}),
        (3, {"a": "3", "b": "4"}),
    ]


def test_line_breaks_inside_a_cell_are_kept_as_typed_and_counted() -> None:
    table = read('a,b\r\n"x\r\ny\nz",1\r\nlast,2\r\n')
    assert [(row.line, row.cells["a"]) for row in rows_of(table)] == [(2, "x\r\ny\nz"), (5, "last")]


def test_other_separators_of_unicode_do_not_end_a_row() -> None:
    assert cells(read("a,b\nx\u2028y\x0bz,\x85\x1c1\n")) == [["x\u2028y\x0bz", "\x85\x1c1"]]


def test_lines_in_which_nothing_is_written_are_left_out() -> None:
    table = read("\n  \n,,\r\na,b\n\n1,2\n , \n,,,,,\n3,4\n\n")
    assert [row.line for row in rows_of(table)] == [6, 9]
    assert bad_of(table) == []


def test_only_the_delimiter_that_is_given_is_nothing() -> None:
    assert read(",,\n;\n1\n", delimiter=",").columns == [";"]


def test_names_of_columns_lose_the_space_around_them() -> None:
    assert read("name , city\n").columns == ["name", "city"]


def test_the_limit_of_a_cell_is_the_program_s_own_while_it_reads() -> None:
    before = csv.field_size_limit(99_999)
    try:
        read("a,b\n1,2\n")
        with pytest.raises(Invalid):
            read('a,b\n"1,2\n')
        assert csv.field_size_limit() == 99_999
    finally:
        csv.field_size_limit(before)


# Delimiters


@pytest.mark.parametrize(
    ("delimiter", "note"),
    [
        (",", []),
        (";", ["semicolon-separated"]),
        ("\t", ["tab-separated"]),
        ("|", ["pipe-separated"]),
    ],
)
def test_the_delimiter_is_found_in_the_header_and_said(delimiter: str, note: list[str]) -> None:
    table = read(f"name{delimiter}city\nAcme, Inc{delimiter}x\n".replace(", ", " "))
    assert table.columns == ["name", "city"]
    assert table.delimiter == delimiter
    assert table.notes == note


def test_a_delimiter_in_quotation_marks_does_not_count() -> None:
    assert read('"a,b,""c,";"d\n,,,";e\n1;2;3\n').columns == ['a,b,"c,', "d\n,,,", "e"]


def test_a_quotation_mark_that_opens_no_cell_hides_nothing() -> None:
    assert read('size 6";name;x"\n1;2;3\n').columns == ['size 6"', "name", 'x"']


def test_a_delimiter_at_the_end_of_the_header_counts() -> None:
    # Debian 12's own Python 3.11.2 does not match it with a possessive `*+`.
    assert refused("name;\nAcme;1\n") == (
        'book.csv: column 2 has no name, and line 2 has "1" there. Name it, or remove it'
    )
    assert refused("name;city,\nAcme;1\n") == (
        "book.csv line 1: comma and semicolon could both be the separator. Give --delimiter"
    )


def test_two_possible_delimiters_are_refused() -> None:
    assert refused("name;amount, EUR\nAcme;1\n") == (
        "book.csv line 1: comma and semicolon could both be the separator. Give --delimiter"
    )


def test_one_column_is_a_list_unless_the_header_has_another_separator() -> None:
    assert cells(read('name\nAcme\n   \n""\n')) == [["Acme"], [""]]
    assert cells(read('name\nAcme\n   \n""\n', delimiter=",")) == [["Acme"], [""]]


def test_the_first_line_of_excel_may_say_any_delimiter() -> None:
    table = read("sep=!\na!b\n1!2\n")
    assert (table.columns, table.notes) == (["a", "b"], ['"!"-separated'])
    given = read("sep=;\na,b;c\n1,2;3\n", delimiter=",")
    assert given.columns == ["a", "b;c"]


@pytest.mark.parametrize("typed", ["tab", "TAB", "\\t", "\t"])
def test_a_delimiter_can_be_given_by_name(typed: str) -> None:
    table = read("a,1\tb\nx\ty\n", delimiter=typed)
    assert table.columns == ["a,1", "b"]
    assert table.notes == []


@pytest.mark.parametrize("typed", ["", "::", '"', "\n", "\0"])
def test_a_delimiter_that_cannot_be_one_is_a_usage_error(typed: str) -> None:
    with pytest.raises(UsageError, match="is not one character"):
        read("a,b\n", delimiter=typed)


def test_a_tsv_file_is_separated_by_tabs_only() -> None:
    assert read("name\tcity, street, zip\n", suffix=".tsv").delimiter == "\t"
    with pytest.raises(Invalid, match="one column found"):
        read("name,city\n", suffix=".tsv")


def test_the_first_line_by_which_excel_names_the_delimiter_is_believed() -> None:
    table = read("sep=;\r\na,1;b\r\nx;y\r\n")
    assert table.columns == ["a,1", "b"]
    assert rows_of(table)[0].line == 3
    assert table.notes == ["semicolon-separated"]
    assert "is empty" in refused("sep=;\n\n")


# Faults of the file


def test_a_file_with_nothing_in_it_is_refused() -> None:
    for content in ("", "\n\n", "\ufeff", " ,,\n"):
        assert refused(content).startswith("book.csv is empty")


def test_a_blank_name_in_the_header_is_refused() -> None:
    assert refused("name,,city\n1,2,3\n") == (
        'book.csv: column 2 has no name, and line 2 has "2" there. Name it, or remove it'
    )
    assert "column 2 has no name" in refused("\n\nname, \n1,2\n")


def test_a_name_that_the_header_has_twice_gets_its_number() -> None:
    table = read("\na,b,a ,a\n1,2,3,4\n")
    assert table.columns == ["a", "b", "a (2)", "a (3)"]
    assert table.again == {"a (2)": "a", "a (3)": "a"}


def test_what_the_header_says_is_made_safe_in_messages() -> None:
    message = refused('\x1b[31mx,y\n"\x1b[31mx\n')
    assert "\x1b" not in message


def test_a_header_that_cannot_be_read_is_refused() -> None:
    assert refused('"a"x,b\n1,2\n') == "book.csv line 1: text after a closing quotation mark"
    assert "NUL" in refused("a\0,b\n1,2\n")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,"2\n3,4\n', 2),
        ('"a,b\n1,2\n', 1),
        ('a,b\n"x\ny","open\n\n3,4\n', 3),
        ('a,b\n"x ""\ny, ""z""", "no",\n1,2\n"', 5),
        ('a,b\r\n1,"\r\n', 2),
    ],
)
def test_an_open_quotation_mark_is_refused_with_the_line_it_is_on(content: str, line: int) -> None:
    message = refused(content, delimiter=",")
    assert message.startswith(f"book.csv line {line}: a quotation mark opened here is never closed")


def test_a_cell_may_have_a_mebibyte_and_no_more() -> None:
    longest = "x" * LONGEST_CELL
    assert cells(read(f'a,b\n1,{longest}\n2,"{longest}"\n')) == [["1", longest], ["2", longest]]
    for cell in (longest + "x", f'"{longest}x"', f'"{longest}\n\n'):
        message = refused(f"a,b\n1,2\n3,{cell}\n")
        assert message.startswith("book.csv line 3: a cell of more than 1,048,576 characters")


def test_the_limit_of_the_standard_reader_is_put_back() -> None:
    before = csv.field_size_limit()
    read("a,b\n1,2\n")
    refused('a,b\n1,"\n')
    assert csv.field_size_limit() == before


# Faults of single rows


def test_short_and_long_rows_are_handed_back_with_their_line() -> None:
    table = read('a,b\n1\n2,3\n4,5,6\n"x\ny",,\n7,8\n')
    assert bad_of(table) == [
        BadRow(2, "1 cell, but the header has 2", ["1"], "1"),
        BadRow(4, "3 cells, but the header has 2", ["4", "5", "6"], "4,5,6"),
        BadRow(5, "3 cells, but the header has 2", ["x\ny", "", ""], '"x\ny",,'),
    ]
    assert [row.line for row in rows_of(table)] == [3, 7]


def test_text_after_a_closing_quotation_mark_spoils_its_row_only() -> None:
    table = read('a,b\r\n1,"Acme "Foo" Ltd"\r\n2,3\r\n')
    assert bad_of(table) == [
        BadRow(
            2,
            "text after a closing quotation mark",
            ["1", '"Acme "Foo" Ltd"'],
            '1,"Acme "Foo" Ltd"',
        )
    ]
    assert cells(table) == [["2", "3"]]


def test_a_missing_closing_mark_is_told_with_the_line_where_it_shows() -> None:
    assert bad('a,b\n"1,2\n"3",4\n5,6\n') == [
        (2, "text after a closing quotation mark on line 3"),
    ]


def test_the_rest_of_a_broken_row_is_not_taken_for_a_row() -> None:
    # By its length alone, line 3 could be a row.
    content = 'a,b\n"A "B" C\nD",1\n2,3\n6" pipe,4\n'
    assert bad(content) == [
        (2, "text after a closing quotation mark"),
        (3, "may be the rest of the broken row on line 2"),
    ]
    assert cells(read(content)) == [["2", "3"], ['6" pipe', "4"]]


def test_what_follows_a_broken_row_counts_until_a_good_one() -> None:
    # A row of another length says nothing about where the broken one ends.
    assert bad('a,b\n1,"A "B"\n2\nD",1\n') == [
        (2, "text after a closing quotation mark"),
        (3, "1 cell, but the header has 2"),
        (4, "may be the rest of the broken row on line 2"),
    ]
    # The rest ends it: the next mark is one of its own row.
    content = 'a,b\n1,"A "B"\nD",1\n6" pipe,4\n'
    assert [line for line, _ in bad(content)] == [2, 3]
    # Paired marks leave no rest.
    content = 'a,b\n1,"A "B" C"\n6" pipe,4\n'
    assert [line for line, _ in bad(content)] == [2]
    assert bad('a,b\n1,"A "B"\nD",1,2\n')[1] == (3, "3 cells, but the header has 2")
    assert bad('a,b\n"x"y\0,2\n') == [(2, "text after a closing quotation mark")]
    content = 'a,b\n1,"A "B"\n2,3\n6" pipe,4\n'
    assert bad(content) == [(2, "text after a closing quotation mark")]
    assert cells(read(content)) == [["2", "3"], ['6" pipe', "4"]]


def test_a_mark_in_the_first_row_is_the_rest_of_nothing() -> None:
    assert cells(read('a,b\n6" pipe,4\n')) == [['6" pipe', "4"]]


def test_a_nul_spoils_its_row_only() -> None:
    table = read("a,b\n1,2\0\n3,4\n")
    assert bad_of(table) == [BadRow(2, 'a NUL character in "b"', ["1", "2\0"], "1,2\0")]
    assert cells(table) == [["3", "4"]]


@given(st.text(st.sampled_from("ab,;\"\n\r\0'= "), max_size=60))
@example('a,b\n"')
def test_any_text_is_read_or_refused_and_every_line_accounted_for(content: str) -> None:
    try:
        table = read(content, delimiter=",")
    except Invalid:
        return
    assert all(list(row.cells) == table.columns for row in rows_of(table))
    starts = [row.line for row in rows_of(table)] + [row.line for row in bad_of(table)]
    assert len(set(starts)) == len(starts)
    if '"' not in content:  # so that every line is a record
        written = [at for at, line in enumerate(content.splitlines(), 1) if line.strip(" ,")]
        assert sorted(starts) == written[1:]


# Writing


def test_the_form_is_rfc_4180() -> None:
    rows = [["Acme, Inc", 'the "big" one'], ["x\ny", ""]]
    assert written(["name", "notes"], rows) == (
        'name,notes\r\n"Acme, Inc","the ""big"" one"\r\n"x\ny",\r\n'
    )
    assert list(write_csv(["name"], [["x"]], header=False)) == ["x\r\n"]


def test_rows_are_given_one_by_one() -> None:
    parts = write_csv(["a"], itertools.repeat(["x"]))
    assert [next(parts), next(parts)] == ["a\r\n", "x\r\n"]


def test_a_record_of_nothing_is_told_from_an_empty_line() -> None:
    assert written(["a"], [[""], [" "]]) == 'a\r\n""\r\n" "\r\n'
    assert written(["a", "b"], [["", ""]]) == 'a,b\r\n"",""\r\n'


def test_the_header_shows_its_delimiter_even_where_names_have_others() -> None:
    text = written(["price; EUR", "net|gross"], [["1", "2"]])
    assert read(text).columns == ["price; EUR", "net|gross"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_excel_safe_puts_a_mark_before_what_a_spreadsheet_would_run(start: str) -> None:
    (_, row) = [*write_csv([], [[f"{start}1", "x"]], excel_safe=True, header=False)]
    assert row.lstrip('"').startswith(f"'{start}1")


def test_excel_safe_begins_with_a_byte_order_mark_and_leaves_the_rest_alone() -> None:
    rows = [["Acme", "O'Neil", "'s-Gravenhage", "a=b"]]
    plain = written(["a", "b", "c", "d"], rows)
    assert written(["a", "b", "c", "d"], rows, excel_safe=True) == "\ufeff" + plain
    assert plain.endswith("Acme,O'Neil,'s-Gravenhage,a=b\r\n")


@given(TABLES, st.booleans())
@example([["'=1+1", "''=x", "'", "''"]], True)
@example([["'=1+1", "''=x", "'", "''"]], False)
@example([["=1"], ["'=1"], ["''=1"]], True)
@example([["", ""], [" ", "\x1c"]], False)
def test_what_is_written_is_read_back_exactly(rows: list[list[str]], excel_safe: bool) -> None:
    columns = [f"column {place}" for place in range(len(rows[0]) if rows else 2)]
    table = read(written(columns, rows, excel_safe=excel_safe), delimiter=",")
    assert table.columns == columns
    assert bad_of(table) == []
    assert cells(table) == rows
    # So the second writing gives the same bytes as the first.
    assert written(columns, [list(map(str, row)) for row in cells(table)]) == written(columns, rows)


@given(st.lists(CELLS, min_size=2, max_size=4))
def test_no_guarded_cell_begins_a_formula(row: list[str]) -> None:
    (mark, line) = write_csv([], [row], excel_safe=True, header=False)
    (seen,) = csv.reader([line])
    assert mark == "\ufeff"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in seen)


# Rejects

UNTIDY = "\r\n".join(
    [
        "name;price",
        "short",
        "'=kept;1",
        'Acme "Foo" Ltd;2',
        '"Acme "Foo" Ltd";3',
        '"two\nlines";4;5',
        "Bolt;x",
        "",
    ]
)


def test_the_rejects_have_a_reason_before_the_cells_as_they_stood() -> None:
    table = read(UNTIDY)
    reasons = [(row, row.reason) for row in bad_of(table)]
    assert rejects(table, [*reasons, (rows_of(table)[-1], 'price "x"; is not money')]) == (
        "reason;name;price\r\n"
        "1 cell, but the header has 2;short\r\n"
        'text after a closing quotation mark;"Acme "Foo" Ltd";3\r\n'
        '3 cells, but the header has 2;"two\nlines";4;5\r\n'
        '"price ""x""; is not money";Bolt;x\r\n'
    )


def test_rejects_that_nobody_mended_are_refused_again() -> None:
    table = read(UNTIDY)
    again = read(rejects(table, [(row, "why, oh why") for row in bad_of(table)]))
    assert [row.text for row in bad_of(again)] == [
        f"why, oh why;{row.text}" for row in bad_of(table)
    ]
    assert rows_of(again) == []


def test_good_rows_come_back_from_the_rejects_as_they_were() -> None:
    table = read(UNTIDY)
    again = read(rejects(table, [(row, "why") for row in rows_of(table)]))
    assert [{"reason": "why", **row.cells} for row in rows_of(table)] == [
        row.cells for row in rows_of(again)
    ]
    assert [row.cells["name"] for row in rows_of(again)] == ["=kept", 'Acme "Foo" Ltd', "Bolt"]


def test_a_column_that_is_a_reason_already_keeps_its_name() -> None:
    table = read("Reason,reason 2,a\nx,y,z\n")
    text = rejects(table, [(rows_of(table)[0], "w")])
    assert text == "reason 3,Reason,reason 2,a\r\nw,x,y,z\r\n"
    unread = BadRow(2, "broken", ["x", "y"], None)
    assert rejects(read("a,b\n"), [(unread, "w")]) == "reason,a,b\r\nw,x,y\r\n"
    without = read("a,b\n1,2\n").replace(delimiter=None)
    assert rejects(without, [(rows_of(without)[0], "w")]) == "reason,a,b\r\nw,1,2\r\n"
    table = read("Reason,a\nx,y\n")
    assert rejects(table, [(rows_of(table)[0], "w")]) == "reason 2,Reason,a\r\nw,x,y\r\n"


@given(TABLES)
def test_any_rejected_rows_can_be_imported_again(rows: list[list[str]]) -> None:
    columns = [f"column {place}" for place in range(len(rows[0]) if rows else 2)]
    table = read(written(columns, rows), delimiter=",")
    again = read(rejects(table, [(row, "why") for row in rows_of(table)]))
    assert [values[1:] for values in cells(again)] == rows


@pytest.mark.parametrize(
    "content",
    [
        lambda size: "a,b\n" + '",' * size,
        lambda size: "a,b\n" + '"" ,' * size,
        lambda size: '"' * size,
        lambda size: ',"' * size,
        lambda size: "a,b\n" + '""",' * size + '"',
        lambda size: "a,b\n" + "\n".join(['"x"y'] * (size // 10)),
        lambda size: ",".join(f"c{number}" for number in range(size // 4)),
    ],
    ids=("open", "spaced", "marks", "opening", "doubled", "after", "columns"),
)
def test_the_time_of_a_hostile_file_grows_with_its_length(content: Callable[[int], str]) -> None:
    # A careless pattern makes any of these quadratic.
    def reading(text: str) -> float:
        def attempt() -> None:
            with contextlib.suppress(Invalid):
                read(text)

        return strain.seconds(attempt)

    assert strain.is_linear(reading(content(25_000)), reading(content(200_000)), times=8)


def test_a_line_about_the_file_is_none_of_its_header() -> None:
    about = '"EXTF";700;16;"Debitoren";5;20260927101500000;;"RE";"";"";1001\n'
    header = "Konto;Firma;Straße;Ort;Bank 1;Bank 2;Leer;Leer\n"
    table = read(about + header + "10001;Birch;High St;London;;;;\n")
    assert table.columns[:2] == ["Konto", "Firma"]
    assert table.notes[1] == 'skipped 1 line above the header: "EXTF"'
    # Two lines of words are a header and a row.
    assert read("Name;City\nCity;Name\n").columns == ["Name", "City"]


def test_the_day_on_which_a_report_was_made_is_no_row() -> None:
    table = read(
        'Customer,Phone,City\nBirch,1,London\n\n"Saturday, November 28, 2026 08:00 AM GMT",,\n'
    )
    assert cells(table) == [["Birch", "1", "London"]]
    assert table.notes[-1].startswith("skipped 1 line after the rows")


@pytest.mark.parametrize("above", [",Company,,,Contact,,", "Nr,Company,,,Contact,,"])
def test_names_that_stand_below_two_headings_are_called_after_them(above: str) -> None:
    table = read(f"{above}\n#,Name,City,Country,Name,Email,Phone\n1,Birch,London,GB,Rosa,,\n")
    assert table.columns[1:5] == ["Company Name", "City", "Country", "Contact Name"]
    assert not table.again
