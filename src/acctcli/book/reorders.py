"""How often customers order, read with the settings of the book; `domain.reorder` judges."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from acctcli.domain import reorder
from acctcli.domain.reorder import BuyingCadence, ReorderRules
from acctcli.store.facts import reorder as sql
from acctcli.values import dates
from acctcli.values.fields import exact

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from acctcli.config import Config
    from acctcli.shapes.purchase import BuyingCadenceJson


def rules(config: Config) -> ReorderRules:
    """Return when an order is late, from the settings."""
    return ReorderRules(
        least=config["reorder.least"],
        gaps=config["reorder.gaps"],
        deviations=config["reorder.deviations"],
        floor=config["reorder.floor"],
        floor_days=config["reorder.floor_days"],
    )


def cadences(
    con: sqlite3.Connection, config: Config, accounts: Sequence[str]
) -> list[BuyingCadence]:
    """Return how often these accounts order, without those that ordered too seldom to know."""
    return reorder.cadences(sql.orders(con, accounts), rules(config))


def late(
    con: sqlite3.Connection, config: Config, accounts: Container[str], day: date, patience: int
) -> list[BuyingCadence]:
    """Return who of these accounts is late to order on a day, for `patience` days at most."""
    late = reorder.late(sql.days_of_all(con), accounts, day, patience, rules(config))
    found = {one.account_id: one for one in cadences(con, config, late)} if late else {}
    return [found[id] for id in late]


def of_account(
    con: sqlite3.Connection, config: Config, id: str, today: date
) -> BuyingCadenceJson | None:
    """Return how often one account orders, for its page; None while that is unknown."""
    found = cadences(con, config, [id])
    return as_json(found[0], today) if found else None


def as_json(cadence: BuyingCadence, today: date) -> BuyingCadenceJson:
    """Return a cadence as JSON; `days_late` is None while the next order is not late."""
    return {
        "orders": cadence.orders,
        "every_days": round(cadence.gap, 1),
        "last": dates.iso(cadence.last),
        "expected": dates.iso(cadence.expected),
        "late_from": dates.iso(cadence.late_from),
        "days_late": cadence.days_late(today),
        "amount": exact(cadence.amount, cadence.currency),
        "currency": cadence.currency,
    }
