"""The line below a list: how many records it has, and their totals.

Never one total over currencies without rates from the user, and never one over deals that are open,
won and lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli.model import KINDS
from acctcli.store import queries
from acctcli.text import plural
from acctcli.values import dates, money

if TYPE_CHECKING:
    import sqlite3

    from acctcli.config import Config
    from acctcli.store.filters import Condition
    from acctcli.store.queries import Sum

STANDINGS = ("open", "won", "lost")


def of_list(
    con: sqlite3.Connection,
    kind: str,
    conditions: Sequence[Condition],
    config: Config,
    *,
    shown: int,
    called: tuple[str, str] | None = None,
) -> list[str]:
    """Return the parts of the line, as in `8 open`, `511k GBP`, `180k USD`.

    They cover all records that match; `shown` is how many of them the list has. `called` is what
    they are, if not just records of their kind: one, and several.
    """
    sums = queries.sums(con, kind, conditions)
    count = sum(one.number for one in sums)
    parts = [plural(count, *called)] if called else _counted(kind, count, sums)
    if shown < count:
        parts[0] = f"showing {shown:,} of {parts[0]}"
    if len({one.standing for one in sums}) > 1:
        return parts
    amounts = {one.currency: one.amount for one in sums if one.currency}
    said = [f"{money.short(minor, code)} {code}" for code, minor in amounts.items()]
    if said and shown < count:
        said[0] = f"in all {said[0]}"
    if said and (without := sum(one.without_amount for one in sums)):
        said.append(f"{without:,} without an amount")
    return [*parts, *said, *_together(amounts, config)]


def _counted(kind: str, count: int, sums: Sequence[Sum]) -> list[str]:
    """Return `58 accounts`; for deals `8 open`, `3 won`."""
    if kind != "deal":
        return [plural(count, KINDS[kind].one, KINDS[kind].several)]
    standing = {name: sum(one.number for one in sums if one.standing == name) for name in STANDINGS}
    return [f"{number:,} {name}" for name, number in standing.items() if number]


def _together(amounts: dict[str, int], config: Config) -> list[str]:
    """Return one total in the currency of the user's rates, with their day."""
    if not config["rates.base"] or not amounts:
        return []
    from acctcli.domain.figures import total  # most people have no rates

    found = total(amounts, config["rates.base"], config.rates)
    if found is None or found.amount is None:
        return []
    rates = dates.say_rates(config["rates.date"])
    return [f"total {money.short(found.amount, found.currency)} {found.currency} ({rates})"]
