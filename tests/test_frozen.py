"""Small immutable values: equality, defaults, and that a wrong argument fails in tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from acctcli.frozen import Frozen, FrozenRow


class Point(Frozen):
    """A point with two values, one of them with a default."""

    x: int
    y: int = 0


class Named(Point):
    """A point with a name."""

    name: str = ""


def test_values_by_place_and_by_name_are_the_same() -> None:
    assert Point(1, 2) == Point(1, y=2) == Point(x=1, y=2)
    assert Point(1) == Point(1, 0)
    assert hash(Point(1)) == hash(Point(1, 0))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert Point(1) != (1, 0)


def test_the_fields_of_a_base_come_first() -> None:
    assert [*Named(1, 2, "a")] == [1, 2, "a"]
    assert Named(1, name="a").as_dict() == {"x": 1, "y": 0, "name": "a"}
    assert repr(Named(1)) == "Named(x=1, y=0, name='')"


def test_a_value_does_not_change_but_a_copy_may_differ() -> None:
    point = Point(1, 2)
    with pytest.raises(AttributeError, match="immutable"):
        point.x = 5  # type: ignore[misc]
    assert point.replace(y=3) == Point(1, 3)
    assert point == Point(1, 2)


@pytest.mark.parametrize(
    ("values", "named", "says"),
    [
        ((1,), {"z": 2}, "no such field"),
        ((), {"y": 2}, "missing"),
        ((1, 2, 3), {}, "too many values"),
        ((1,), {"x": 1}, "given twice"),
    ],
)
def test_a_wrong_argument_fails_in_tests(
    values: tuple[int, ...], named: dict[str, int], says: str
) -> None:
    make: Callable[..., Any] = Point
    with pytest.raises(TypeError, match=says):
        make(*values, **named)


def test_a_copy_with_a_misspelt_field_fails_in_tests() -> None:
    with pytest.raises(TypeError, match="no such field"):
        Point(1).replace(z=2)


class Spot(FrozenRow):
    """A row with two cells, one of them with a default."""

    x: int
    y: int = 0

    @property
    def sum(self) -> int:
        """Both together."""
        return self.x + self.y


def test_a_row_is_a_tuple_with_names() -> None:
    spot = Spot(1, y=2)
    assert spot == Spot(x=1, y=2) == (1, 2)
    assert (spot.x, spot.y, spot.sum) == (1, 2, 3)
    assert Spot(1) == (1, 0)
    assert Spot._make([3, 4]) == (3, 4)
    assert spot._replace(y=5) == (1, 5)
    assert Spot._fields == ("x", "y")
    assert repr(spot) == "Spot(x=1, y=2)"
    assert not hasattr(spot, "__dict__")
    with pytest.raises(AttributeError):
        spot.x = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("values", "named"), [((1,), {"z": 2}), ((), {"y": 2}), ((1, 2, 3), {}), ((1,), {"x": 1})]
)
def test_a_row_refuses_wrong_cells(values: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Spot has the fields x, y"):
        Spot(*values, **named)
