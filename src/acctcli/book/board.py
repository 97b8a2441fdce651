"""The deals by stage, and what happened to them since a given day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from acctcli.book import chances, deals
from acctcli.book.context import Context
from acctcli.book.risks import of_deals
from acctcli.domain import movement
from acctcli.model import (
    CHOICE,
    CURRENCY,
    DAY,
    INTEGER,
    MONEY,
    REF,
    STAGE,
    TEXT,
    Field,
    Row,
    declare,
)
from acctcli.store import deals as sql
from acctcli.store import queries
from acctcli.values import dates, money, periods
from acctcli.values.fields import all_as_json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.movement import Movement
    from acctcli.domain.risk import Risk
    from acctcli.shapes.deal import BoardDealJson, BoardPage, BoardStageJson, MovementRow
    from acctcli.store.filters import Condition


CHANGE_FIELDS = declare(
    id=Field(TEXT, "the deal's id"),
    what=Field(CHOICE, "won, lost, new, moved, pushed, pulled in, grown, shrunk"),
    day=Field(DAY, "on which day, if several times the last"),
    account=Field(REF, "to whom it may be sold", target="account"),
    title=Field(TEXT, "what the deal is called"),
    stage=Field(STAGE, "the stage it is in"),
    amount=Field(MONEY, "what it is worth"),
    currency=Field(CURRENCY, "currency of the amounts"),
    closes=Field(DAY, "when it should close, or closed"),
    old=Field(TEXT, "how it was: a stage, a day, an amount"),
    new=Field(TEXT, "how it is"),
    days=Field(INTEGER, "by how many days it was pushed or pulled in"),
    difference=Field(MONEY, "by how much it has grown or shrunk"),
    pushes=Field(INTEGER, "how often its close date was ever put off"),
    note=Field(TEXT, "why it was changed"),
)


def page(context: Context, con: sqlite3.Connection, conditions: Sequence[Condition]) -> BoardPage:
    """Return open deals by stage, and deals that closed this quarter.

    Stages that were removed from the settings come last, while deals are in them.
    """
    known = context.fields("deal")
    quarter = periods.quarter_of(context.clock.today, context.config["fiscal.start"])
    since = sql.closed_since(dates.iso(quarter.start))
    listing = queries.Listing([*conditions, since], "close_date,-amount")
    by_stage: dict[str, list[Row]] = {stage.name: [] for stage in context.config.stages}
    categories = {stage.name: stage.category for stage in context.config.stages}
    for row in queries.select(con, "deal", known, listing, as_stored=True):
        by_stage.setdefault(row["stage"], []).append(row)
        categories.setdefault(row["stage"], row["category"])
    risks = of_deals(
        context,
        con,
        {
            row["account_id"]
            for rows in by_stage.values()
            for row in rows
            if row["closed_on"] is None
        },
    )
    stages: list[BoardStageJson] = [
        {
            "stage": name,
            "category": categories[name],
            "count": len(rows),
            "totals": deals.totals((row["amount"], row["currency"]) for row in rows),
            "deals": [_on_board(deal, risks.get(deal["id"])) for deal in all_as_json(known, rows)],
        }
        for name, rows in by_stage.items()
    ]
    return {"closed_in": periods.span(quarter), "stages": stages}


def _on_board(deal: Mapping[str, Any], risk: Risk | None) -> BoardDealJson:
    return cast("BoardDealJson", {**deal, "risk": risk and risk.score})


def changes(
    context: Context, con: sqlite3.Connection, conditions: Sequence[Condition], since: date
) -> list[MovementRow]:
    """Return what happened since a day to the deals that match, as rows of `CHANGE_FIELDS`."""
    known = chances.histories(context, con, conditions)
    return [_change(found) for found in movement.since(known, since, context.clock.today)]


def _change(found: Movement) -> MovementRow:
    """Return the row of a change."""
    now, deal = found.now, found.now.deal
    old, new = (None if value is None else str(value) for value in (found.old, found.new))
    days = difference = None
    if found.what in ("pushed", "pulled in"):
        days = (dates.parse_iso_day(str(new)) - dates.parse_iso_day(str(old))).days
    elif found.what in ("grown", "shrunk"):
        difference = int(new or 0) - int(old or 0) if deal.currency else None
        old, new = (_plain(minor, deal.currency) for minor in (old, new))
    return {
        "id": deal.id,
        "what": found.what,
        "day": found.day,
        "account": deal.account,
        "account_id": deal.account_id,
        "title": deal.title,
        "stage": now.stage,
        "amount": now.amount,
        "currency": deal.currency,
        "closes": now.close_date if now.outcome == "open" else now.since,
        "old": old,
        "new": new,
        "days": days,
        "difference": difference,
        "pushes": found.pushes,
        "note": found.note,
    }


def _plain(minor: str | None, currency: str | None) -> str | None:
    """Return minor units as a plain decimal; None where the currency of the amount is unknown."""
    return None if minor is None or currency is None else money.plain(int(minor), currency)
