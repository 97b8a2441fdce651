"""Rows of the journal as values; book/test_history.py tests their words."""

from __future__ import annotations

import pytest

from acctcli.store import remembered


@pytest.mark.parametrize("kept", [None, "", "no json", "[]", "5", "null"])
def test_what_is_no_row_has_no_columns(kept: str | None) -> None:
    assert remembered.row_of(kept) == {}


def test_a_row_is_read_as_it_was_kept() -> None:
    assert remembered.row_of('{"name": "Acme", "employees": 5}') == {"name": "Acme", "employees": 5}
