"""The options of a list whose rows are no records; how they sort is in book/test_reading.py."""

from __future__ import annotations

import pytest

from acctcli.cli.kit.paging import RowOptions
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import TEXT, Field

ROWS = RowOptions({"city": Field(TEXT, "", name="city")})


def given(**asked: object) -> dict[str, object]:
    nothing = {parameter.name: parameter.default for parameter in ROWS.parameters()}
    return {**nothing, **asked}


def test_they_are_those_of_every_list() -> None:
    assert list(given()) == ["columns", "sort", "limit", "offset", "format", "excel_safe"]


def test_they_make_a_query() -> None:
    session = Session([])
    query = ROWS.collect(given(sort="-city", limit=3, columns="city"), session)
    assert (query.sort, query.limit, query.offset) == ("-city", 3, 0)
    assert session.output.columns == "city"


def test_no_number_is_negative() -> None:
    with pytest.raises(UsageError, match="--offset -1 is negative"):
        ROWS.collect(given(offset=-1), Session([]))
