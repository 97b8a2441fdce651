"""The interactions of a period, and which accounts were reached by its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

from acctcli.domain.activity import Contacted, Count
from acctcli.store.columns import TWO_WAY
from acctcli.store.facts.reading import columns
from acctcli.store.facts.reports import Conditions, fitting, owned
from acctcli.values.dates import iso
from acctcli.values.fields import bounds_of_day


def interactions(
    con: sqlite3.Connection,
    start: date,
    end: date,
    conditions: Conditions,
    owners: Sequence[str],
) -> list[Count]:
    """The interactions of a period, counted by week, kind, two-way, owner and account."""
    owner = "coalesce(d.owner, t.owner)"
    chosen = columns(
        Count,
        "l",
        week="date(l.at, 'localtime', 'weekday 0', '-6 days')",
        owner=owner,
        account="l.account_id",
        times="count(*)",
        minutes="sum(coalesce(l.duration, 0))",
    )
    return fitting(
        con,
        Count,
        f"SELECT {chosen} "
        f"FROM (SELECT *, {TWO_WAY} AS two_way FROM log WHERE at >= ? AND at < ? "
        "AND kind IS NOT NULL) l "
        "JOIN account t ON t.id = l.account_id LEFT JOIN deal d ON d.id = l.deal_id WHERE",
        [*owned(owner, owners), *conditions],
        moments(start, end),
        then=f"GROUP BY week, l.kind, l.two_way, {owner}, l.account_id ORDER BY week",
    )


def contacted(con: sqlite3.Connection, day: date, conditions: Conditions) -> list[Contacted]:
    """Return accounts with their own cadence or a tier, and their last two-way touch by a day."""
    _, after = moments(day, day)
    touch = (
        "(SELECT date(max(at), 'localtime') FROM log "
        f"WHERE account_id = t.id AND at < ? AND {TWO_WAY})"
    )
    chosen = columns(Contacted, account="t.id", own="t.cadence_days", last_touch=touch)
    return fitting(con, Contacted, f"SELECT {chosen} FROM account t WHERE", conditions, (after,))


def moments(start: date, end: date) -> tuple[str, str]:
    """Return the first moment of the first day, and the first moment after the last day."""
    return iso(bounds_of_day(start)[0]), iso(bounds_of_day(end + timedelta(days=1))[0])
