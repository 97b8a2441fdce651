"""Reviews: which are due, holding one, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.context import Context
from acctcli.book.writing import Read
from acctcli.domain import agenda
from acctcli.errors import NotFound
from acctcli.model import DAY, INTEGER, KINDS, Field, Values
from acctcli.store import lookup, queries
from acctcli.store.facts import accounts as account_sql
from acctcli.store.facts import agenda as sql
from acctcli.store.filters import Condition
from acctcli.values.dates import iso, parse_iso_day
from acctcli.values.fields import as_json, known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.records import ReviewJson
    from acctcli.shapes.review import DueReviewRow, ReviewPage
    from acctcli.store.journal import Writing


REVIEW = KINDS["review"].fields

ACCOUNT = KINDS["account"].fields


DUE_FIELDS = {
    "account": REVIEW["account"],
    "number": ACCOUNT["number"],
    "tier": ACCOUNT["tier"],
    "last_review": Field(DAY, "when the last one was held", name="last_review"),
    "next_review": Field(DAY, "when it is due", name="next_review"),
    "days_late": Field(INTEGER, "days since it was due; below zero: until then", name="days_late"),
    "rating": REVIEW["rating"],
    "health": REVIEW["health"],
}
"""A due review; the order of JSON keys and CSV columns."""

ACTION_OPTIONS = {"due": "--action TEXT::DAY"}
"""The options for fields of a task that comes out of a review."""


def due(
    context: Context, con: sqlite3.Connection, chosen: Sequence[Condition], within: int
) -> list[DueReviewRow]:
    """Return the reviews that are due by now, or `within` some days, the longest due first."""
    today = context.clock.today
    accounts = account_sql.accounts(con, [*account_sql.awake(today), *chosen])
    held = {review.account_id: review for review in sql.reviews(con)}
    rows: list[DueReviewRow] = []
    for account in accounts:
        last = held.get(account.id)
        day = agenda.review_due(account, last, context.config)
        if day is None or day > today + timedelta(days=within):
            continue
        rows.append(
            {
                "id": account.id,
                "account": account.name,
                "account_id": account.id,
                "number": account.number,
                "tier": account.tier,
                "last_review": last.held_on if last else None,
                "next_review": iso(day),
                "days_late": (today - day).days,
                "rating": last.rating if last else None,
                "health": last.health if last else None,
            }
        )
    rows.sort(key=lambda row: (row["next_review"], text.key(row["account"])))
    return rows


def hold(
    context: Context, tx: Writing, account_id: str, review: Read, actions: Sequence[Values]
) -> str:
    """Save a review of an account with its tasks; return its id.

    Missing values in `review.values` are filled in: today's day, health and rating, and the day of
    the next review.
    """
    values = review.values
    held_on = parse_iso_day(values.setdefault("held_on", iso(context.clock.today)))
    values["account"] = account_id
    _keep_health(context, tx.con, account_id, values)
    if "next_review" not in values:
        values["next_review"] = by_cadence(context, tx.con, account_id, held_on)
    id = writing.insert(tx, "review", review)
    for task in actions:
        own = {**task, "account": account_id, "review": id}
        writing.insert(tx, "task", Read(own, {}), options=ACTION_OPTIONS)
    return id


def read_action(context: Context, typed: str) -> Values:
    """Read the task in `Find a champion::fri`; the day is optional."""
    return writing.read_dated(context, "task", typed, "--action")


def _keep_health(
    context: Context, con: sqlite3.Connection, account_id: str, review: Values
) -> None:
    """Store today's health and its inputs in a review that is held today.

    The health of an earlier day is unknown.
    """
    review["health"] = None
    review.setdefault("rating", None)
    if review["held_on"] != iso(context.clock.today):
        return
    from acctcli.book.health import inputs, one

    health = one(context, con, account_id).health
    review |= {"health": health.score, "inputs": inputs(health)}
    if review["rating"] is None:
        review["rating"] = health.band


def by_cadence(
    context: Context, con: sqlite3.Connection, account_id: str, held_on: date
) -> str | None:
    """Return the day of the next review by the account's tier; None if that sets none."""
    row = queries.get(con, "account", ACCOUNT, account_id)
    cadence = context.config.review_cadence.get(row["tier"] or "")
    return iso(held_on + timedelta(days=cadence)) if cadence else None


def last_of(account_id: str) -> queries.Listing:
    """Return the listing of the last review of an account; on one day, the one entered last."""
    own = queries.by_id("account_id", account_id)
    return queries.Listing([own], sort="-held_on,-id", limit=1)


def find(context: Context, con: sqlite3.Connection, typed: str) -> str:
    """Return the id of a review, named by its own id, or by its account for the last one."""
    try:
        return context.find(con, "review", typed).id
    except NotFound:
        account = context.find(con, "account", typed)
    found = queries.select(con, "review", REVIEW, last_of(account.id), names=("id",))
    if not found:
        name = text.safe(account.name)
        (number,) = lookup.handles(con, [account.id]).values()
        raise NotFound(f"no review of {name} yet. Review one: acct review run {number}")
    id: str = found[0]["id"]
    return id


def page(context: Context, con: sqlite3.Connection, id: str) -> ReviewPage:
    """Return a review with its tasks, and the one before it."""
    fields = context.fields("review")
    row = queries.get(con, "review", fields, id, as_stored=True)
    earlier = sql.reviews_before(row["account_id"], known(row["held_on"]), id)
    before: list[ReviewJson] = reading.whole(context, con, "review", earlier, limit=1)
    return {
        **cast("ReviewJson", as_json(fields, row)),
        "actions": reading.whole(context, con, "task", queries.by_id("review_id", id)),
        "previous": before[0] if before else None,
    }
