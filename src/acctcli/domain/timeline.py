"""The timeline of an account, with one line per entry, in order.

Pure: raw rows of the store in, entries out, newest first. An entry says what it
is (`kind`), when, and in plain words what happened; the renderer
decides how it looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from acctcli.frozen import Frozen
from acctcli.model import Row
from acctcli.values import dates, money


class Event(Frozen):
    """One line of a timeline. `at` is the moment, where one is known; `id` the record's.

    `account_id` is the account where it happened.

    `kind` is the kind of an interaction, or deal, purchase, review, task. `done`
    is for tasks: whether it was done or is still open.
    """

    day: date
    at: str | None
    kind: str
    direction: str | None
    text: str
    contacts: tuple[str, ...]
    done: bool | None
    record: str
    id: str
    account_id: str


def entries(rows: Iterable[Row], limit: int | None = None) -> list[Event]:
    """The rows as entries, newest first; what has only a day comes before that day's moments."""
    found = [_entry(row) for row in rows]
    found.sort(key=lambda e: (e.day, e.at or "~", e.id), reverse=True)
    return found[:limit]


def _entry(row: Row) -> Event:
    at = row.get("at")
    day = dates.day_of(dates.parse_iso_moment(at)) if at else dates.parse_iso_day(row["day"])
    match row["source"]:
        case "log":
            people = tuple(json.loads(row["contacts"]))
            kind, direction = row["kind"], row["direction"]
            said = row["summary"], people, None, "log", row["id"], row["account_id"]
            return Event(day, at, kind, direction, *said)
        case "change":
            text, record, id = _change(row), "deal", row["deal_id"]
        case "closed":
            text, record, id = f"{row['title']}: {row['stage']}{_worth(row)}", "deal", row["id"]
        case "opened":
            text, record, id = f"{row['title']}: opened", "deal", row["id"]
        case "purchase":
            text, record, id = _purchase(row), "purchase", row["id"]
        case "review":
            text, record, id = _review(row), "review", row["id"]
        case _:
            whose = "they owe: " if row["owed_by"] == "them" else ""
            text, record, id = whose + row["text"], "task", row["id"]
    done = row["source"] == "done" if record == "task" else None
    return Event(day, at, record, None, text, (), done, record, id, row["account_id"])


def _change(row: Row) -> str:
    """`Platform rollout: proposal → negotiation`, with the amount where it was won."""
    field, old, new = row["field"], row["old"], row["new"]
    if field == "amount" and row["currency"]:
        old, new = (v and money.say(int(v), row["currency"]) for v in (old, new))
    elif field == "close_date":
        old, new = (v and _spelled(v) for v in (old, new))
    lead = "closes " if field == "close_date" else ""
    what = f"{lead}{old} → {new}"
    if new is None:
        what = f"no {field.replace('_', ' ')} any more"
    elif old is None:
        what = f"{lead}{new}"
    won = field == "stage" and row["closing"] and row["category"] == "closed"
    return f"{row['title']}: {what}{_worth(row) if won else ''}"


def _spelled(day: str) -> str:
    parsed = dates.parse_iso_day(day)
    return f"{parsed.day} {dates.MONTHS[parsed.month - 1][:3]} {parsed.year}"


def _worth(row: Row) -> str:
    if row["amount"] is None or not row["currency"]:
        return ""
    return f", {money.say(row['amount'], row['currency'])}"


def _purchase(row: Row) -> str:
    """`3 x Standard Support, 9,000 SGD, until 14 Jan 2027`."""
    quantity = row["quantity"]
    several = f"{quantity:g} x " if quantity not in (None, 1) else ""
    until = f", until {_spelled(row['ends_on'])}" if row["ends_on"] else ""
    return f"{several}{row['product'] or 'Purchase'}{_worth(row)}{until}"


def _review(row: Row) -> str:
    """`amber, health 64: Single champion`."""
    health = f"health {row['health']}" if row["health"] is not None else None
    head = ", ".join(part for part in (row["rating"], health) if part)
    return ": ".join(part for part in (head, row["summary"]) if part) or "held"
