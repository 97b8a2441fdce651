"""Records about the book itself: saved lists, calls, settings, and pairs that are not the same."""

from __future__ import annotations

from datetime import date

from acctcli.model.field import (
    CURRENCY,
    DAY,
    INTEGER,
    LONG,
    MONEY,
    TEXT,
    Record,
    Ref,
    choice,
    column,
    ref,
)
from acctcli.model.nouns import SEGMENTED


class Segment(Record):
    """A saved list of records of one kind: its filters under a name, applied anew each time."""

    name: str = column(TEXT, "name of the segment", required=True)
    kind: str = choice("kind of record that it lists", SEGMENTED, default="account", came=6)
    filters: str = column(LONG, "filters and sort order, as typed", required=True)


class Commitment(Record):
    """What the seller promised to win in a period, in the week that begins on a Monday."""

    week: date = column(
        DAY, "Monday of the week in which it was promised", required=True, past=True
    )
    starts_on: date = column(DAY, "first day of the period", required=True, look="near")
    ends_on: date = column(DAY, "last day of the period", required=True)
    owner: str | None = column(TEXT, "who is to win it; none: everybody together")
    amount: int = column(MONEY, "amount promised", required=True, signed=False)
    currency: str | None = column(CURRENCY, "currency of the amounts")
    expected: int | None = column(
        INTEGER, "the weighted forecast of that day, in whole units of the currency"
    )


class Setting(Record):
    """A setting of the book: its key, and its value as JSON."""

    key: str = column(TEXT, "which setting: today.closing_days, stages", required=True, stays=True)
    value: str = column(LONG, "its value, as JSON", required=True)
    position: int = column(INTEGER, "its place among the others", default=0)


class DistinctAccount(Record):
    """Two accounts that are not the same, however similar they look."""

    account: Ref = ref("account", "the one", required=True)
    other: Ref = ref("account", "the other", required=True)


class DistinctContact(Record):
    """Two people who are not the same, however similar they look."""

    contact: Ref = ref("contact", "the one", required=True)
    other: Ref = ref("contact", "the other", required=True)
