"""Columns from the class of the rows: none is forgotten, none is swapped."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

import acctcli
from acctcli.store.facts.reading import columns, read

SOURCE = Path(acctcli.__file__).parent
FACTS = [path for path in (SOURCE / "store" / "facts").glob("*.py") if path.stem != "reading"]


class Seen(NamedTuple):
    """A row with every type that SQLite does not have."""

    id: str
    held: date | None
    day: date
    done: bool
    times: int


@pytest.fixture
def con() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as con:
        con.execute("CREATE TABLE seen (times, done, day, held, id)")
        con.execute("INSERT INTO seen VALUES (3, 1, '2026-11-22', NULL, 'a')")
        yield con


def test_columns_are_the_fields_in_their_order() -> None:
    assert columns(Seen) == "t.id, t.held, t.day, t.done, t.times"
    assert columns(Seen, "s", times="count(*)") == "s.id, s.held, s.day, s.done, count(*) AS times"


def test_rows_are_of_the_class_with_days_and_flags(con: sqlite3.Connection) -> None:
    found = read(con, Seen, f"SELECT {columns(Seen)} FROM seen t WHERE times > ?", (2,))
    assert found == [Seen("a", None, date(2026, 11, 22), True, 3)]
    assert type(found[0]) is Seen
    assert found[0].done is True


def test_an_expression_of_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Seen has no field time"):
        columns(Seen, time="count(*)")


def test_a_field_without_a_column_is_refused(con: sqlite3.Connection) -> None:
    con.execute("ALTER TABLE seen DROP COLUMN held")
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        read(con, Seen, f"SELECT {columns(Seen)} FROM seen t")


# Every class of facts


def calls(name: str, path: Path) -> list[ast.Call]:
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    return [n for n in found if isinstance(n, ast.Call) and ast.unparse(n.func) == name]


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_what_is_read_has_its_columns_from_its_class(path: Path) -> None:
    read_as = {
        ast.unparse(call.args[1])
        for name in ("read", "fitting", "_all")
        for call in calls(name, path)
        if len(call.args) > 1
    } - {"shape"}
    listed = {ast.unparse(call.args[0]) for call in calls("columns", path)}
    assert read_as == listed


def test_facts_are_made_of_rows_in_one_place() -> None:
    """Neither by position nor as bare tuples: then nothing would check their order."""
    for path in (*FACTS, *(SOURCE / "book").rglob("*.py")):
        text = path.read_text("utf-8")
        assert "._make(" not in text.replace("Draft._make", ""), path.name
        assert "(*row)" not in text, path.name
    for path in FACTS:
        assert "list[tuple[" not in path.read_text("utf-8"), path.name
