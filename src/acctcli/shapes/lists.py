"""The input of a list's drawing, in place of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypedDict, TypeVar

R = TypeVar("R")


class RowsOf(TypedDict, Generic[R]):
    """The rows of a list, in their order."""

    rows: Sequence[R]
