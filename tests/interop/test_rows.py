"""How a cell becomes text, and how the names of columns compare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.interop.rows import cell_text, header_key

# Cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a; b", "a; b"),
        (None, ""),
        (1, "1"),
        (True, "true"),
        (["a", 1, None, False], "a; 1; ; false"),
        ([], ""),
        ([["é"]], '[["é"]]'),
        (["é", {}], '["é", {}]'),
        ({"é": "ü"}, '{"é": "ü"}'),
    ],
)
def test_the_text_of_a_cell(value: object, text: str) -> None:
    assert cell_text(value) == text


# Names of columns


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E-Mail_Adresse", "e mail  adresse"),
        (" Société ", "societe"),
        ("STRASSE", "Straße"),
        ("Close Date (UTC)", "close_date-utc"),
        ("\uff2e\uff21\uff2d\uff25", "name"),
        ("Name\u200b", "name"),
        ("ID#", "id"),
    ],
)
def test_names_of_columns_that_say_the_same_have_one_key(one: str, other: str) -> None:
    assert header_key(one) == header_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("phone 1", "phone 2"), ("closedate", "close date"), ("दिन", "दान")]
)
def test_names_of_columns_that_differ_have_two(one: str, other: str) -> None:
    assert header_key(one) != header_key(other)


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    assert header_key(header_key(name)) == header_key(name)
