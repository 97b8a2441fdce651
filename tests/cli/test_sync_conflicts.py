"""`acct sync conflicts` without any; what it lists, `take` and `dismiss` are in test_sync.py."""

from __future__ import annotations

from tests.conftest import Program

from acctcli.book.sync import conflicts
from acctcli.cli import sync_conflicts


def test_a_book_that_is_not_shared_has_none(acct: Program) -> None:
    assert acct("sync", "conflicts", "-f", "table").err == "No conflicts.\n"
    assert acct("sync", "conflicts", "--limit", "0", "-f", "json").json() == []


def test_the_columns_are_fields_of_a_conflict() -> None:
    assert set(sync_conflicts.COLUMNS) <= set(conflicts.FIELDS)
