"""Closed deals with what may explain their outcome."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from acctcli.domain.winloss import DecidedFacts
from acctcli.frozen import FrozenRow
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting, owned
from acctcli.store.filters import Condition

PEOPLE = (
    "(SELECT count(*) FROM (SELECT contact_id FROM deal_contact WHERE deal_id = d.id "
    "UNION SELECT c.contact_id FROM log l JOIN log_contact c ON c.log_id = l.id "
    "WHERE l.deal_id = d.id))"
)
"""How many people are linked to a deal d, or took part in an interaction about it."""


class ClosedRow(FrozenRow):
    """A closed deal, with the currency of its amount."""

    won: bool
    source: str | None
    competitor: str | None
    type: str | None
    reason: str | None
    amount: int | None
    people: int | None
    currency: str | None

    @property
    def facts(self) -> DecidedFacts:
        """Return the same without a currency."""
        return DecidedFacts(*self[:-1])


def closed_deals(
    con: sqlite3.Connection, conditions: Conditions, owners: Sequence[str], span: Conditions
) -> list[ClosedRow]:
    """Return the closed deals with their own owner, else the account's. `span` is over d."""
    chosen = columns(
        ClosedRow,
        "d",
        won=WON,
        source="coalesce(d.source, t.source)",
        reason="d.lost_reason",
        people=f"nullif({PEOPLE}, 0)",
    )
    return fitting(
        con,
        ClosedRow,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        "WHERE d.closed_on IS NOT NULL AND",
        [*owned("coalesce(d.owner, t.owner)", owners), *span, *conditions],
    )


def closed_between(first: str, last: str) -> Condition:
    """Return the condition for deals d that closed from the first to the last day."""
    return Condition("d.closed_on BETWEEN ? AND ?", [first, last])
