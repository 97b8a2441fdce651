"""Accounts as facts for cadence, health and lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.domain.cadence import AccountFacts
from acctcli.store.columns import DERIVED
from acctcli.store.facts.reading import columns, read
from acctcli.store.filters import Condition, all_of
from acctcli.store.queries import NOT_ARCHIVED
from acctcli.values.dates import iso

LAST_TOUCH = DERIVED["account", "last_touch"]  # one search in the index log_by_account


def awake(today: date) -> list[Condition]:
    """Return the conditions for accounts that are neither archived nor snoozed."""
    not_snoozed = "(t.snoozed_until IS NULL OR t.snoozed_until <= ?)"
    return [NOT_ARCHIVED, Condition(not_snoozed, [iso(today)])]


def accounts(con: sqlite3.Connection, conditions: Sequence[Condition]) -> list[AccountFacts]:
    """Return the accounts that match the conditions.

    The days are only looked up where they matter: with a cadence, the last touch also with an open
    deal.
    """
    has_cadence = "t.tier IS NOT NULL OR t.cadence_days IS NOT NULL"
    chosen = columns(
        AccountFacts,
        since=f"CASE WHEN {has_cadence} THEN date(t.created_at, 'localtime') END",
        last_touch=(
            f"CASE WHEN {has_cadence} "
            "OR t.id IN (SELECT account_id FROM deal WHERE closed_on IS NULL) "
            f"THEN date({LAST_TOUCH}, 'localtime') END"
        ),
    )
    where = all_of(conditions)
    return read(
        con,
        AccountFacts,
        f"SELECT {chosen} FROM account t WHERE {where.sql}",
        where.parameters,
    )
