from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.render.charts import bar, sparkline


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(0, ""), (-5, ""), (100, "████"), (50, "██"), (12.5, "▌"), (1, "▏"), (300, "████")],
)
def test_bar(value: float, drawn: str) -> None:
    assert bar(value, 100, 4) == drawn


def test_a_bar_of_nothing_is_empty() -> None:
    assert bar(3, 0, 4) == ""
    assert bar(3, 10, 0) == ""


@given(st.floats(0, 1e12), st.floats(1e-6, 1e12), st.integers(1, 60))
def test_a_bar_fits_and_what_is_there_shows(value: float, most: float, width: int) -> None:
    drawn = bar(value, most, width)
    assert len(drawn) <= width
    assert bool(drawn) == (value > 0)


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([0, 50, 100], "▁▅█"),
        ([64, 71, None, 82], "▅▆ ▇"),
        ([-5, 900], "▁█"),
    ],
)
def test_sparkline_of_percent(values: list[float | None], drawn: str) -> None:
    assert sparkline(values, 0, 100) == drawn


def test_a_sparkline_without_a_top_takes_the_highest_value() -> None:
    assert sparkline([1, 2, 4]) == "▃▅█"
    assert sparkline([0, 0]) == "▁▁"


@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=20))
def test_a_sparkline_has_one_column_a_value(values: list[float | None]) -> None:
    assert len(sparkline(values)) == len(values)
