from __future__ import annotations

from typing import Any

import pytest
from tests import books
from tests.store.sync.pairing import Paired, settle

Two = tuple[Paired, Paired]


def change(machine: Paired, column: str, value: Any, table: str = "account") -> None:
    """Change a value as another program would; the next sync finds it."""
    with_bytes = isinstance(value, bytes)
    mark = "CAST(? AS TEXT)" if with_bytes else "?"
    books.change(machine.book, f'UPDATE "{table}" SET "{column}" = {mark}', value)
    machine.sync(full=True)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("city", "New\nYork", "New York"),
        ("city", b"Z\xfcrich", r"Z\xfcrich"),
        ("city", "a\0b", r"a\x00b"),
        ("city", "  ", None),
        ("snoozed_until", "2026-99-99", None),
        ("name", "Acme\nLtd", "Acme Ltd"),
        ("employees", -1, None),
    ],
)
def test_a_sound_book_stays_so_and_keeps_what_came(
    two: Two, column: str, value: Any, shown: Any
) -> None:
    ann, ben = two
    ann("account", "add", "Acme", "--city", "Oslo", "--industry", "Ships")
    settle(ann, ben)
    change(ann, column, value)
    settle(ann, ben)
    assert ben.value(f"SELECT {column} FROM account") == shown
    assert ben.value("SELECT industry FROM account") == "Ships"
    assert "sound" in ben("db", "check")
    kept = ben.value("SELECT kept FROM sync_row WHERE tbl = 'account'")
    assert kept is not None
    assert column in kept


def test_an_edit_takes_its_place_everywhere(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme", "--city", "Oslo")
    settle(ann, ben)
    change(ann, "city", "New\nYork")
    settle(ann, ben)
    ben("account", "edit", "Acme", "--industry", "Ships")
    settle(ann, ben)
    assert ann.value("SELECT city FROM account") == "New\nYork"
    ben("account", "edit", "Acme", "--city", "Bern")
    settle(ann, ben)
    for one in two:
        assert one.rows("SELECT city, industry FROM account") == [("Bern", "Ships")]
        assert one.value("SELECT kept FROM sync_row WHERE tbl = 'account'") is None
        assert "sound" in one("db", "check")


def test_a_row_that_cannot_be_without_the_cell_stays_as_it_was(two: Two) -> None:
    ann, ben = two
    ann("account", "add", "Acme")
    settle(ann, ben)
    change(ann, "name", " ")
    change(ann, "number", "twelve")
    settle(ann, ben)
    assert ben.rows("SELECT name, number FROM account") == [("Acme", "A-0001")]
    assert "sound" in ben("db", "check")
    assert ben.sync().aside == 1
