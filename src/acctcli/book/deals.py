"""Deals: the page of one, its items and people, its history by stage, and moving it on.

`render.deals` draws what is built here as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import outcomes, reading, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.domain import pipeline
from acctcli.frozen import Frozen
from acctcli.model import KINDS, MONEY, REF, TEXT, Field, Row, declare
from acctcli.store import lookup, queries, records
from acctcli.values.fields import as_json, exact, known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.deal import (
        DealChangeJson,
        DealContactJson,
        DealItemJson,
        DealPage,
        RiskJson,
    )
    from acctcli.shapes.quote import QuoteVersionJson
    from acctcli.shapes.records import TotalJson, WholeDealJson
    from acctcli.store.journal import Writing

LAST_INTERACTIONS = 5
"""How many interactions a deal's page shows."""

_NOT_SHOWN_OF_ITEMS = ("account", "created_at", "updated_at")
ITEM_FIELDS = {
    **{n: f for n, f in KINDS["item"].fields.items() if n not in _NOT_SHOWN_OF_ITEMS},
    "total": Field(MONEY, "the price of the line, less its discount", name="total"),
}

PERSON_FIELDS = declare(
    id=Field(TEXT, "the person's id"),
    contact=Field(REF, "the person", target="contact"),
    role=KINDS["deal_contact"].fields["role"],
    **{n: KINDS["contact"].fields[n] for n in ("title", "influence", "stance", "last_touch")},
)

STAGE_OPTIONS = {"closed_on": "--on", "amount": "--amount", "lost_reason": "--reason"}
"""The options for fields that a stage implies."""


def items(con: sqlite3.Connection, deal_id: str) -> list[Row]:
    """Return the items of a deal as rows, each with its `total`."""
    listing = queries.Listing([queries.by_id("deal_id", deal_id)])
    rows = queries.select(con, "item", KINDS["item"].fields, listing, as_stored=True)
    for row in rows:
        quantity, price, discount = (
            known(row[name]) for name in ("quantity", "unit_price", "discount")
        )
        row["total"] = None
        if price is not None and quantity is not None and discount == row["discount"]:
            row["total"] = pipeline.line_total(quantity, price, discount)
    return rows


def people(con: sqlite3.Connection, deal_id: str) -> list[Row]:
    """Return the people with a part in a deal as rows; `role` is their part in this deal."""
    listing = queries.Listing([queries.by_id("deal_id", deal_id)])
    fields = KINDS["deal_contact"].fields
    links = queries.select(con, "deal_contact", fields, listing, as_stored=True)
    ids = queries.by_ids("id", [link["contact_id"] for link in links])
    names = [name for name in PERSON_FIELDS if name not in ("contact", "role")]
    of_contact = KINDS["contact"].fields
    listing = queries.Listing([ids])
    found = queries.select(con, "contact", of_contact, listing, names=names, as_stored=True)
    by_id = {person["id"]: person for person in found}
    return [
        {
            **by_id.get(link["contact_id"], {**dict.fromkeys(names), "id": link["contact_id"]}),
            "contact": link["contact"],
            "contact_id": link["contact_id"],
            "role": link["role"],
        }
        for link in links
    ]


def page(context: Context, con: sqlite3.Connection, id: str) -> DealPage:
    """Return a deal with history, items, people, open tasks, last interactions and purchases."""
    fields = context.fields("deal")
    row = queries.get(con, "deal", fields, id, as_stored=True)
    own = queries.by_id("deal_id", id)
    history = KINDS["deal_change"].fields
    changes = [
        _change(change, row["currency"])
        for change in queries.select(
            con, "deal_change", history, queries.Listing([own]), as_stored=True
        )
    ]
    staged = [change["changed_on"] for change in changes if change["field"] == "stage"]
    lines = items(con, id)
    return {
        **cast("WholeDealJson", as_json(fields, row)),
        "next_step": row["next_step"],
        "stage_since": staged[-1] if staged else row["opened_on"],
        "changes": changes,
        "items": [cast("DealItemJson", as_json(ITEM_FIELDS, line)) for line in lines],
        "items_total": totals((line["total"], line["currency"]) for line in lines),
        "contacts": [_person(person) for person in people(con, id)],
        "tasks": reading.whole(context, con, "task", own, queries.OPEN_TASKS),
        "interactions": reading.whole(context, con, "log", own, limit=LAST_INTERACTIONS),
        "interaction_count": queries.count(con, "log", [own]),
        "purchases": reading.whole(context, con, "purchase", own),
        "quotes": _quotes(context, con, id),
        "risk": _risk(context, con, row),
        "win_rate": _win_rate(context, con, row),
        "account_archived_at": reading.archived_at(con, row["account_id"]),
    }


def _quotes(context: Context, con: sqlite3.Connection, id: str) -> Sequence[QuoteVersionJson]:
    """Return the quotes of a deal, the first version first."""
    from acctcli.book import quote_versions  # only the page has them

    return quote_versions.versions(context, con, id)


def _risk(context: Context, con: sqlite3.Connection, row: Row) -> RiskJson | None:
    """Return the risk of an open deal; None of a closed one."""
    if row["closed_on"] is not None:
        return None
    from acctcli.book import risks  # only the page has them

    return risks.as_json(risks.of_deals(context, con, [row["account_id"]]).get(row["id"]))


def _win_rate(context: Context, con: sqlite3.Connection, row: Row) -> float | None:
    """Return the probability in force of an open deal, in percent; None of a closed one."""
    if row["closed_on"] is not None:
        return None
    from acctcli.book import chances  # only the page has it

    return chances.in_percent(chances.of_open_deals(context, con), row["id"])


def _person(row: Row) -> DealContactJson:
    derived = {name: row[name] for name, field in PERSON_FIELDS.items() if field.derived}
    return cast("DealContactJson", {**as_json(PERSON_FIELDS, row), **derived})


def _change(change: Row, currency: str | None) -> DealChangeJson:
    """Return a change of a deal; the history stores amounts as text in minor units."""
    old, new = change["old"], change["new"]
    if change["field"] == "amount" and known(currency):
        old, new = (_amount(minor, currency) for minor in (old, new))
    return {
        "changed_on": change["changed_on"],
        "field": change["field"],
        "old": old,
        "new": new,
        "note": change["note"],
    }


def _amount(minor: str | None, currency: str | None) -> str | None:
    amount = known(minor)
    return minor if amount is None else exact(int(amount), currency)


Typed = Callable[["sqlite3.Connection", Row], Mapping[str, str | None]]


class Entered(Frozen):
    """A deal before and after a command; `changed` are the fields that are different."""

    deal: lookup.Found
    before: Row
    after: Row
    changed: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether it changed its stage, and not only the reason or day of it."""
        return bool(self.before["stage"] != self.after["stage"])


def enter(
    context: Context, tx: Writing, found: Sequence[lookup.Found], typed: Typed
) -> list[Entered]:
    """Move deals to a stage, with everything that implies; return those that changed.

    `typed` returns the fields of a deal as if they had been typed.
    """
    fields = context.fields("deal")
    entered = []
    for deal in found:
        row = queries.get(tx.con, "deal", fields, deal.id)
        given = Given({}, STAGE_OPTIONS).plus(**typed(tx.con, row))
        stands = {"amount": row["amount"], "currency": row["currency"]}  # for `--amount +5k`
        read = writing.read_given(context, "deal", given, currency=row["currency"], stands=stands)
        with writing.said_of(deal, among=found), writing.lacking("deal", given):
            changed = records.update(tx, "deal", deal.id, read.values)
        if changed:
            now = queries.get(tx.con, "deal", fields, deal.id)
            outcomes.refuse_turned(context, row, now)
            entered.append(Entered(deal, row, now, tuple(changed)))
    return entered


def named(row: Row) -> str:
    """Return the deal as a sentence names it: its title, in quotes."""
    return f'"{text.safe(row["title"])}"'


def totals(amounts: Iterable[tuple[int | None, str | None]]) -> list[TotalJson]:
    """Return the sums of amounts as JSON, one per currency."""
    sums: dict[str, int] = {}
    for found, code in amounts:
        amount, currency = known(found), known(code)
        if amount is not None and currency is not None:
            sums[currency] = sums.get(currency, 0) + amount
    return [
        {"currency": currency, "amount": exact(sums[currency], currency)}
        for currency in sorted(sums)
    ]
