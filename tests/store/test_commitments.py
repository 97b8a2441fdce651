"""Promises of a period: one per week and owner, the later one in place of the earlier."""

from __future__ import annotations

from acctcli.store import commitments as sql
from acctcli.store.journal import Writing

Q4 = ("2026-10-01", "2026-12-31")


def test_a_second_promise_of_a_week_replaces_the_first(tx: Writing) -> None:
    first, before = sql.keep(tx, "2026-11-16", Q4, None, (500, "SGD"), 400)
    assert before is None
    again, before = sql.keep(tx, "2026-11-16", Q4, None, (600, "EUR"), None)
    assert again == first
    assert before == (first, "2026-11-16", None, 500, "SGD", 400)
    (row,) = sql.of_period(tx.con, *Q4, None)
    assert row[1:] == ("2026-11-16", None, 600, "EUR", None)


def test_weeks_owners_and_periods_are_kept_apart(tx: Writing) -> None:
    sql.keep(tx, "2026-11-16", Q4, None, (1, "SGD"), None)
    sql.keep(tx, "2026-11-09", Q4, None, (2, "SGD"), None)
    sql.keep(tx, "2026-11-16", Q4, "Kim", (3, "SGD"), None)
    sql.keep(tx, "2026-11-16", ("2026-11-01", "2026-11-30"), None, (4, "SGD"), None)
    assert [row.amount for row in sql.of_period(tx.con, *Q4, None)] == [2, 1]
    assert [row.amount for row in sql.of_period(tx.con, *Q4, "kim")] == [3]
