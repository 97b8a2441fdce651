"""A file with rows of several kinds, as other systems export it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.interop.reading import read_file

from acctcli.book.context import Context
from acctcli.book.imports import parts
from acctcli.book.imports.recipe import Asked
from acctcli.interop.rows import FileRow, FileTable

FILES = Path(__file__).parents[2] / "data" / "exporters"


def table(name: str) -> FileTable:
    return read_file(FILES / name, name=name)


def split(context: Context, name: str, **asked: str) -> list[parts.Part]:
    return parts.of(context, name, table(name), Asked(**asked), linked=False)  # type: ignore[arg-type]


def lines(part: parts.Part) -> list[int]:
    return [row.line for row in part[0].records() if isinstance(row, FileRow)]


def test_done_activities_and_tasks_are_two_parts(context: Context) -> None:
    done, to_do = split(context, "pd_activities.csv")
    assert (done[1].recipe.kind, lines(done), done[0].count) == ("log", [2], 1)
    assert (to_do[1].recipe.kind, lines(to_do), to_do[0].count) == ("task", [3], 1)
    assert done[1].notes[0] == "read as Pipedrive activities that are done"
    assert not to_do[1].left_out, "what is left out is said once"
    assert done[1].recipe.key == to_do[1].recipe.key == "Activity - ID"


def test_a_given_kind_is_that_of_all_rows(context: Context) -> None:
    [part] = split(context, "pd_activities.csv", kind="log")
    assert (part[1].recipe.kind, lines(part)) == ("log", [2, 3])


def test_a_part_without_rows_is_not_there(context: Context) -> None:
    [part] = split(context, "sf_api_Event.csv")
    assert (part[1].recipe.kind, lines(part)) == ("log", [2])


@pytest.mark.parametrize("name", ["leads.csv", "own.csv"])
def test_any_other_file_is_one_part(context: Context, name: str, tmp_path: Path) -> None:
    header = {"leads.csv": "Name,Company,Email\nMei,Acme,mei@x.sg\n"}
    file = tmp_path / name
    file.write_text(header.get(name, "id,name,website\n"))
    read = read_file(file, name=name)
    [(part, plan)] = parts.of(context, name, read, Asked(), linked=False)
    assert part is read
    assert plan.recipe.exported == ""
