"""The contracts of the book, their renewal deals, and everything that was sold.

`domain.contracts` judges what a contract is worth, which one renews which, and its state. Queries
here only narrow down which accounts are read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

from acctcli.domain.contracts import ContractFacts, RenewalDeal
from acctcli.store.columns import won
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting
from acctcli.store.filters import Condition
from acctcli.values.dates import iso


def of_accounts(ids: Sequence[str] | None) -> Conditions:
    """Return the condition on accounts, under the alias t, to be one of these; none for all."""
    if ids is None:
        return []
    return [Condition("t.id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])]


def with_an_end(
    con: sqlite3.Connection, until: date, early: timedelta, grace: timedelta
) -> list[str]:
    """Return the accounts with a contract that ends by then and clearly goes on in none.

    It only narrows down: what is left out was succeeded for certain, and what is read is judged.
    A contract with a notice period is looked at that much earlier.
    """
    notice = "coalesce(c.notice_days, (SELECT notice_days FROM product WHERE id = c.product_id), 0)"
    # A DISTINCT would walk the table in the order of an index.
    found = con.execute(
        "SELECT c.account_id FROM purchase c WHERE +c.ends_on IS NOT NULL "
        f"AND c.lapsed_ok = 0 AND date(c.ends_on, '-' || {notice} || ' days') <= ? "
        "AND NOT EXISTS (SELECT 1 FROM purchase x WHERE x.account_id = c.account_id "
        "AND +x.product_id IS c.product_id AND x.starts_on > c.starts_on "
        "AND x.ends_on > c.ends_on AND x.renews_id IS NULL AND x.standalone = 0 "
        "AND x.starts_on BETWEEN date(c.ends_on, ?) AND date(c.ends_on, ?))",
        [iso(until), f"-{early.days} days", f"+{grace.days} days"],
    )
    return list(dict.fromkeys(account for (account,) in found))


def contracts(con: sqlite3.Connection, conditions: Conditions = ()) -> list[ContractFacts]:
    """Return contracts of the accounts that match, and purchases that renew one, by their end."""
    chosen = columns(
        ContractFacts,
        "p",
        product="r.name",
        starts_on="coalesce(p.starts_on, p.purchased_on, p.ends_on)",
        recurring="coalesce(p.recurring, 'none')",
        alone="p.standalone",
        notice_days="coalesce(p.notice_days, r.notice_days)",
        closed="(p.lapsed_ok OR t.status = 'former')",
    )
    return fitting(
        con,
        ContractFacts,
        f"SELECT {chosen} FROM purchase p JOIN account t ON t.id = p.account_id "
        "LEFT JOIN product r ON r.id = p.product_id "
        "WHERE (p.ends_on IS NOT NULL OR "
        "p.renews_id IS NOT NULL AND coalesce(p.starts_on, p.purchased_on) IS NOT NULL) AND",
        conditions,
        then="ORDER BY p.ends_on, p.id",
    )


def renewal_deals(
    con: sqlite3.Connection, conditions: Conditions = ()
) -> dict[str, list[RenewalDeal]]:
    """Return the renewal deals by account, open and closed."""
    found: dict[str, list[RenewalDeal]] = {}
    chosen = columns(RenewalDeal, "d", lost=f"(d.closed_on IS NOT NULL AND NOT {won('d')})")
    for deal in fitting(
        con,
        RenewalDeal,
        f"SELECT {chosen} FROM deal d JOIN account t ON t.id = d.account_id "
        "WHERE d.type = 'renewal' AND",
        conditions,
    ):
        found.setdefault(deal.account_id, []).append(deal)
    return found
