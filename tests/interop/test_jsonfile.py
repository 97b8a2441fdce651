from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.interop.reading import all_of, bad_of, read_bytes, rows_of

from acctcli.errors import Invalid
from acctcli.interop.csvfile import rejects_csv
from acctcli.interop.jsonfile import is_jsonl
from acctcli.interop.rows import BadRow, FileRow, FileTable
from acctcli.interop.textfile import TextFile

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SCALARS = TEXTS | st.integers() | st.booleans() | st.none()
RECORDS = st.dictionaries(TEXTS.filter(str.strip), SCALARS | st.lists(SCALARS), max_size=4)


def read(content: str, suffix: str = ".json") -> FileTable:
    return read_bytes("book" + suffix, content.encode())


def rejects(table: FileTable, reasons: Sequence[tuple[FileRow | BadRow, str]]) -> str:
    return "".join(rejects_csv(table, reasons))


def refused(content: str, suffix: str = ".json") -> str:
    with pytest.raises(Invalid) as caught:
        read(content, suffix)
    assert caught.value.message.startswith("book" + suffix)
    assert "\n" not in caught.value.message
    return caught.value.message


# Shapes


def test_an_array_of_objects_is_rows_with_the_columns_of_all() -> None:
    assert all_of(read('[{"b": 1, "a": null}, {}, {"c": [true, "x"], "a": ""}]')) == {
        "columns": ["b", "a", "c"],
        "rows": [
            FileRow(1, {"b": 1, "a": None}),
            FileRow(2, {}),
            FileRow(3, {"c": [True, "x"], "a": ""}),
        ],
        "encoding": "UTF-8",
        "delimiter": None,
        "notes": [],
        "count": 3,
        "bad": [],
    }
    assert rows_of(read(" [] ")) == []


def test_the_only_array_in_an_object_is_read_and_said() -> None:
    table = read('{"count": 1, "accounts": [{"name": "Acme"}], "next": null}')
    assert rows_of(table) == [FileRow(1, {"name": "Acme"})]
    assert table.notes == ['the array "accounts" was read']
    assert rows_of(read('{"accounts": []}')) == []


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        '{"a": [{}], "b": [{}]}',
        '{"name": "Acme"}',
        '{"name": "Acme", "tags": []}',
        '{"name": "Acme", "tags": ["x"]}',
        "7",
        "1.5",
        '"x"',
        "null",
        "NaN",
        "[1]",
        "[[]]",
        '[{"a": 1}, "x"]',
    ],
)
def test_every_other_shape_is_refused(content: str) -> None:
    assert "Write " in refused(content)


@pytest.mark.parametrize(
    ("content", "by_line"),
    [
        ('{"a": 1}', True),
        ('{"a": 1}\n{"a": 2}', True),
        ('{"accounts": [{"a": 1}]}', False),
        ('{"accounts": [{"a": 1}]}\n{"accounts": []}', True),
        ('{"accounts": []}', False),
        ('{"name": "Acme", "tags": []}', True),
        ('{"name": "Acme", "tags": ["x"]}', True),
        ('{"accounts":\n[{"a": 1}]}', False),
        ("{", False),
        ('{"a":' * 100_000, False),
    ],
)
def test_whether_objects_stand_line_by_line(content: str, by_line: bool) -> None:
    with closing(io.BytesIO(content.encode())) as file:
        assert is_jsonl(TextFile(file, "book")) == by_line


def test_lines_of_objects_have_the_line_they_are_on() -> None:
    table = read('\n{"a": 1}\r\n\n {"a": "x\u2028y"} \n', ".jsonl")
    assert rows_of(table) == [FileRow(2, {"a": 1}), FileRow(4, {"a": "x\u2028y"})]
    assert rows_of(read("", ".jsonl")) == []


def test_a_line_that_is_no_object_is_refused() -> None:
    assert (
        refused('{"a": 1}\n[]\n', ".jsonl") == "book.jsonl line 2: not an object. Write it in { }"
    )


# Values


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("0.1", "0.1"),
        ("120000.00", "120000.00"),
        ("1E400", "1E400"),
        ("-1.50e-3", "-1.50e-3"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("1200", 1200),
        ("-5", -5),
        ("9" * 40, int("9" * 40)),
        ("9" * 41, "9" * 41),
        ("9" * 5000, "9" * 5000),
        ("[0.10, 2]", ["0.10", 2]),
    ],
)
def test_numbers_stay_exact(written: str, cell: object) -> None:
    (row,) = rows_of(read(f'[{{"a": {written}}}]'))
    assert row.cells == {"a": cell}


@given(st.lists(RECORDS, max_size=4), st.booleans())
def test_any_records_are_read_as_they_were_written(
    records: list[dict[str, object]], escaped: bool
) -> None:
    whole = json.dumps(records, ensure_ascii=escaped)
    lines = "\n".join(json.dumps(record, ensure_ascii=escaped) for record in records)
    for table in (read(whole), read(lines, ".jsonl")):
        assert [row.cells for row in rows_of(table)] == records
        assert bad_of(table) == []


@pytest.mark.parametrize(
    ("written", "reason", "shown"),
    [
        ('{"b": [1.50]}', '"a" holds an object', '{"b": ["1.50"]}'),
        ('[["x"]]', '"a" holds a list of more than plain values', '[["x"]]'),
        ("[1, {}]", '"a" holds a list of more than plain values', "[1, {}]"),
        ("NaN", '"a" is NaN, which is not a number', "NaN"),
        ("[-Infinity]", '"a" is -Infinity, which is not a number', "-Infinity"),
        (r'"x\u0000"', '"a" holds a NUL or half a character', r'"x\u0000"'),
        (r'["\ud83d"]', '"a" holds a NUL or half a character', r'"\ud83d"'),
    ],
)
def test_a_value_that_is_no_cell_spoils_its_row_only(written: str, reason: str, shown: str) -> None:
    table = read(f'[{{"a": 1}}, {{"b": [true, "x"], "a": {written}}}]')
    assert rows_of(table) == [FileRow(1, {"a": 1})]
    assert bad_of(table) == [BadRow(2, reason, [shown, "true; x"], None)]


def test_both_halves_of_a_character_are_a_character() -> None:
    assert rows_of(read(r'[{"a": "\ud83d\ude00"}]')) == [FileRow(1, {"a": "😀"})]


def test_rejects_of_json_are_csv() -> None:
    table = read('[{"a": {"x": 1}, "b": null}, {"b": ["x", 2, false], "c": 1.50}]')
    assert rejects(table, [(bad_of(table)[0], "why"), (rows_of(table)[0], "why not")]) == (
        'reason,a,b,c\r\nwhy,"{""x"": 1}",,\r\nwhy not,,x; 2; false,1.50\r\n'
    )


# Faults


def test_text_that_is_not_json_is_refused_with_line_and_column() -> None:
    assert refused('[\n  {"a": 1},\n  {"a" 2}\n]').startswith(
        "book.json line 3 column 8: not JSON (Expecting ':' delimiter)"
    )
    assert refused('{"a": 1}\n\n{"a": }', ".jsonl").startswith(
        "book.jsonl line 3 column 7: not JSON"
    )
    assert "line 1 column 1" in refused("")


def test_lines_of_objects_in_a_json_file_get_advice() -> None:
    assert refused('{"a": 1}\n{"a": 2}\n') == (
        "book.json line 2 column 1: not JSON (Extra data). In .jsonl, each object has its line"
    )


def test_a_key_that_is_there_twice_is_refused() -> None:
    assert refused('[{"a": 1}, {"b": 0, "a": 1, "a": 1}]') == (
        'book.json item 2: the key "a" exists twice. Keep one'
    )
    assert refused('{"a": [], "a": []}') == 'book.json: the key "a" exists twice. Keep one'
    assert 'line 2: the key "a"' in refused('{"a": 1}\n{"a": 1, "a": 2}', ".jsonl")


def test_a_key_that_names_nothing_is_refused() -> None:
    for key in ("", "  ", r"\u0000", r"\udc80"):
        assert refused(f'[{{"{key}": 1}}]').startswith("book.json item 1: a key that is")


def test_keys_are_made_safe_in_messages() -> None:
    assert r"\x1b[2J" in refused(r'[{"\u001b[2J": 1, "\u001b[2J": 2}]')


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_brackets_nested_without_end_are_refused(bracket: str) -> None:
    content = bracket * 100_000
    assert "nested too deeply" in refused(content)
    assert "line 2: brackets nested" in refused('{"a": 1}\n' + content, ".jsonl")


def test_no_depth_is_a_crash() -> None:
    def outcome(depth: int) -> object:
        try:
            return len(bad_of(read('[{"a": ' + "[" * depth + "]" * depth + "}]")))
        except Invalid as error:
            return error.message.partition(": ")[2]

    too_deep = "brackets nested too deeply. Records are flat"
    # Each Python has a limit of its own. Just below it brackets can be read, but not be
    # written into the rejects any more.
    readable, refused = 2, 100_000
    while refused - readable > 1:
        middle = (readable + refused) // 2
        if outcome(middle) == 1:
            readable = middle
        else:
            refused = middle
    assert readable > 100
    around = {depth: outcome(depth) for depth in range(max(2, readable - 80), readable + 80)}
    assert set(around.values()) == {1, too_deep}
