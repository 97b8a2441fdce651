"""How often customers order, read with the settings of the book; `domain.reorder` judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    from acctcli.domain.agenda_facts import OrdersFacts
    from acctcli.shapes.purchase import BuyingCadenceJson


DAY = len("2026-11-27")


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
    con: sqlite3.Connection,
    config: Config,
    ordering: Iterable[OrdersFacts],
    day: date,
    patience: int,
) -> list[BuyingCadence]:
    """Return who of those that order again and again is late on a day, for `patience` days at most.

    Everything is read only for those that are late.
    """
    limits, found = rules(config), []
    for one in ordering:
        bought = one.bought.split(",")
        firsts = set(reorder.first_days((order[:-DAY], order[-DAY:]) for order in bought).values())
        if len(firsts) < limits.least:
            continue
        counted = map(dates.parse_iso_day, sorted(firsts)[-limits.gaps - 1 :])
        gap, slack = reorder.pace(counted, limits)
        passed = (day - dates.parse_iso_day(one.last)).days
        if gap + slack < passed <= gap + slack + patience + 1:
            found.append(one.account_id)
    return cadences(con, config, found) if found else []


def of_account(
    con: sqlite3.Connection, config: Config, id: str, today: date
) -> BuyingCadenceJson | None:
    """Return how often one account orders, for its page; None while that is not known."""
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
