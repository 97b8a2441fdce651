"""Small immutable classes: what a frozen dataclass or a named tuple does, at a lower cost.

A command loads forty of them. Making a frozen dataclass costs a start the most, a `NamedTuple` a
third of that, a `Frozen` or a `FrozenRow` hardly anything. A `FrozenRow` is a tuple, for values
that are read or made by the thousand; everything else is `Frozen`. Type checkers see a named tuple
and a dataclass, so they find missing and wrong arguments. Neither can be changed: a value that
changes is a plain class.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

__all__ = ["Frozen", "FrozenRow"]


@dataclass_transform(frozen_default=True)
class Frozen:
    """Base of small value classes: the annotated fields in order, defaults as class attributes.

    Made with positional or named values, unpacked in order; equal if class and fields are.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        # In a class body, where mypy wants this name assigned, each field would be there twice.
        names = (*cls.__match_args__, *cls.__annotations__)
        cls.__match_args__ = names  # type: ignore[misc]  # not in a class body, see above

    def __init__(self, *values: Any, **named: Any) -> None:
        own = self.__dict__
        # This loop, and zip without `strict`, take two thirds of the time of `update`.
        for name, value in zip(self.__match_args__, values):  # noqa: B905 - `strict` costs time
            own[name] = value
        if named:
            own.update(named)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; use replace()")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((type(self), *self.as_dict().values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items())
        return f"{type(self).__name__}({fields})"

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name in self.__match_args__)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, including defaults."""
        return {name: getattr(self, name) for name in self.__match_args__}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`."""
        return type(self)(**{**self.as_dict(), **changes})


if TYPE_CHECKING:
    from typing import NamedTuple as FrozenRow
else:
    # What reads a field of a `collections.namedtuple`: in C, in two thirds of a property's time.
    _cell = collections._tuplegetter

    class _RowType(type):
        """Make the class of a named tuple from its annotations, without compiling any code.

        `typing.NamedTuple` evaluates each annotation and writes a constructor as source text:
        ten times the cost of all that a command needs, which reads its rows with `_make`.
        """

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            body |= {field: _cell(place, "") for place, field in enumerate(fields)}
            body |= {"__slots__": (), "_fields": fields, "_defaults": defaults}
            made = super().__new__(cls, name, bases, body)
            made._make = partial(tuple.__new__, made)  # a class method would take twice as long
            return made

    class FrozenRow(tuple, metaclass=_RowType):
        """Base of small rows: the annotated fields in order, as in `typing.NamedTuple`."""

        def __new__(cls, *values: Any, **named: Any) -> Self:
            """A row of positional and named values. Raises `TypeError` as a function would."""
            if not named and len(values) == len(cls._fields):
                return cls._make(values)
            left = cls._fields[len(values) :]
            known = cls._defaults | named
            if (
                len(values) > len(cls._fields)
                or named.keys() - set(left)
                or set(left) - known.keys()
            ):
                raise TypeError(f"{cls.__name__} has the fields {', '.join(cls._fields)}")
            return cls._make((*values, *[known[name] for name in left]))

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes: Any) -> Self:
            return type(self)(**{**self._asdict(), **changes})

        def __repr__(self) -> str:
            fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"
