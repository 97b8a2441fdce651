from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from acctcli.errors import UsageError
from acctcli.model import KINDS
from acctcli.render import emit
from acctcli.results import Lines, Output, Page, Table
from acctcli.values.fields import Exact

FIELDS = KINDS["product"].fields
TODAY = date(2026, 11, 22)


def table(*names: str, **more: Any) -> Table:
    rows: Sequence[Mapping[str, Any]] = [{"id": f"id-{name}", "name": name} for name in names]
    all_names = ("id", "name")
    return Table("product", "products", FIELDS, rows, ("name",), all_names, {}, **more)


def written(capsys: pytest.CaptureFixture[str], result: Any, **output: Any) -> str:
    emit.emit(result, Output(**output))
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_into_a_pipe_a_list_is_tsv_without_a_header_the_id_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert written(capsys, table("Gold", "a\tb")) == "id-Gold\tGold\nid-a\\tb\ta\\tb\n"


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("ids", "id-Gold\nid-Ore\n"),
        ("csv", "id,name\r\nid-Gold,Gold\r\nid-Ore,Ore\r\n"),
        ("json", '[\n {"id": "id-Gold", "name": "Gold"},\n {"id": "id-Ore", "name": "Ore"}\n]\n'),
        ("jsonl", '{"id": "id-Gold", "name": "Gold"}\n{"id": "id-Ore", "name": "Ore"}\n'),
    ],
)
def test_a_list_in_each_format(format: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, table("Gold", "Ore"), format=format) == text


def test_an_empty_list_is_an_empty_array_and_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, table(), format="json") == "[]\n"
    assert written(capsys, table(), format="csv") == "id,name\r\n"
    assert written(capsys, table(), format="tsv") == ""


def test_columns_are_those_asked_for_in_that_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, table("Gold"), format="csv", columns="name, id") == (
        "name,id\r\nGold,id-Gold\r\n"
    )
    assert written(capsys, table("Gold"), format="tsv", columns="name") == "Gold\n"


@pytest.mark.parametrize("asked", ["", " , "])
def test_no_columns_at_all_are_refused(asked: str) -> None:
    with pytest.raises(UsageError, match="at least one column"):
        emit.check_columns(asked, FIELDS)


def test_an_unknown_column_is_refused_with_a_near_one() -> None:
    with pytest.raises(UsageError) as refused:
        emit.check_columns("nmae", FIELDS)
    assert 'no column "nmae"' in refused.value.message
    assert "Did you mean name?" in refused.value.message


def test_json_keeps_the_digits_of_money_and_escapes_what_drives_a_terminal() -> None:
    assert emit.to_json({"amount": Exact("12.50"), "é": "é\x1b[2J"}) == (
        '{"amount": 12.50, "é": "\\u00e9\\u001b[2J"}'
    )
    assert emit.to_json([None, True, 1.5, "é"]) == '[null, true, 1.5, "é"]'


@pytest.mark.parametrize("indent", [False, True])
def test_json_of_any_depth_is_read_back(indent: bool) -> None:
    value: Any = "leaf"
    for level in range(300):
        value = {"below": value, "level": level} if level % 2 else [value, level]
    assert json.loads(emit.to_json(value, indent=indent)) == value


def test_a_page_in_a_format_for_lists_is_refused() -> None:
    page = Page({"name": "x"}, "nowhere:nothing", TODAY)
    with pytest.raises(UsageError, match="is for lists"):
        emit.emit(page, Output(format="csv"))
    with pytest.raises(UsageError, match="is for lists"):
        emit.emit(page, Output(format="ids"))


@pytest.mark.parametrize("rows", [[{"name": "Gold"}], []])
def test_rows_that_are_no_records_have_no_ids(
    capsys: pytest.CaptureFixture[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    shown = {"name": FIELDS["name"]}
    sums = Table("total", "totals", shown, rows, ("name",), ("name",), {})
    with pytest.raises(UsageError, match="ids is for records; totals take table, tsv, csv"):
        emit.emit(sums, Output(format="ids"))
    lines = [{"id": "7", **row} for row in rows]
    beside = sums.replace(rows=lines, has_ids=True)
    assert written(capsys, beside, format="ids") == "7\n" * len(rows)


def test_lines_are_data_where_data_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(["one", "two"], {"lines": 2})
    assert written(capsys, lines) == "one\ntwo\n"
    assert written(capsys, lines, format="jsonl") == '{"lines": 2}\n'


def test_what_is_said_is_made_safe(capsys: pytest.CaptureFixture[str]) -> None:
    emit.say("a\x1b[2Jb")
    assert capsys.readouterr() == ("", "a\\x1b[2Jb\n")
