"""One kind with every field: at once for a screen, some at a time into a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.conftest import TODAY

from acctcli.book.context import Context
from acctcli.book.exports import records
from acctcli.errors import UsageError
from acctcli.model import KINDS, Row
from acctcli.results import Table
from acctcli.store import queries


@pytest.fixture
def context(sample_book: Path) -> Context:
    return Context(db=str(sample_book), today=TODAY)


def ids(table: Table, rows: Iterable[Row]) -> Iterable[str]:
    return (row["id"] + "\n" for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_the_records_that_a_list_has(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    whole = records.table(context, kind)
    monkeypatch.setattr(queries, "AT_A_TIME", 7)
    target = tmp_path / kind
    assert records.to_file(context, kind, (), target, ids) == len(whole.rows)
    assert target.read_text().splitlines() == [row["id"] for row in whole.rows]
    assert not any(whole.fields[name].derived for name in whole.names)


def test_what_is_read_some_at_a_time_is_the_same(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_A_TIME", 7)
    with context.read() as con:
        known = context.fields("account")
        listed = queries.select(con, "account", known, names=known, as_stored=True)
        assert list(queries.each(con, "account", known, names=known, as_stored=True)) == listed
    assert json.dumps(listed)


def test_filters_are_those_of_lists(context: Context, tmp_path: Path) -> None:
    assert {row["tier"] for row in records.table(context, "account", ["tier = key"]).rows} == {
        "key"
    }
    with pytest.raises(UsageError, match="no account field"):
        records.to_file(context, "account", ["teir = key"], tmp_path / "x", ids)
    assert not (tmp_path / "x").exists()
