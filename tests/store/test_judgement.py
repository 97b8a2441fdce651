"""The verdicts of an import, in spools: rows come back unchanged, without refused ones."""

from __future__ import annotations

from typing import Any

import pytest

from acctcli.drafts import Draft
from acctcli.model import KINDS
from acctcli.recipes import Recipe
from acctcli.store.judgement import Entries, Entry, JudgedFile, Judgement, Remarks, Source

MANY = 2_500
"""More than a spool keeps in memory."""


def entry(number: int, **given: Any) -> Entry:
    draft = Draft(number, {"name": f"A{number}"}, {"name": f"A{number}"}, {}, None)
    values = given.pop("values", {"name": f"A{number}", "tags": ("x", "y"), "employees": number})
    return Entry(draft, f"id-{number}", values, **given)


def said(one: Entry) -> tuple[Any, ...]:
    return one.draft, one.id, one.values, one.custom, one.before


def judged() -> JudgedFile:
    recipe = Recipe("account", KINDS["account"].fields, {})
    return JudgedFile(Source("x.csv", recipe, [], [], Remarks()), [], set())


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, MANY])
def test_rows_come_back_as_they_went_in_and_as_often_as_asked(count: int) -> None:
    made = [
        entry(n, custom={"score": 1.5}, before={"id": f"id-{n}", "name": None, "primary": 0})
        for n in range(count)
    ]
    entries = Entries()
    for one in made:
        entries.append(one)
    assert len(entries) == count
    for _ in range(2):
        assert [said(one) for one in entries] == [said(one) for one in made]


def test_rows_that_are_refused_are_passed_over_and_not_counted() -> None:
    entries = Entries()
    for number in range(MANY):
        entries.append(entry(number))
    refused = {f"id-{number}" for number in range(0, MANY, 2)}
    entries.refuse(refused)
    entries.refuse({"id-0"})
    assert len(entries) == MANY // 2
    assert not refused & {one.id for one in entries}
    assert sum(1 for _ in entries) == len(entries)


def test_a_row_goes_where_it_belongs() -> None:
    file = judged()
    file.take(entry(1))
    file.take(entry(2, before={"id": "id-2"}))
    file.take(entry(3, values={}, custom={"score": 1.0}, before={"id": "id-3"}))
    file.take(entry(4, values={}, before={"id": "id-4"}))
    placed = [[one.id for one in rows] for rows in (file.new, file.changed, file.same)]
    assert placed == [["id-1"], ["id-2", "id-3"], ["id-4"]]
    assert Judgement([file, judged()], {}, {}, {}).writes == 3
