"""The consequences of a won deal: its account is a customer, and its items are purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import ids, text
from acctcli.book import contracts, deals, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.domain.contracts import Contract, last_day
from acctcli.errors import AcctError, Invalid
from acctcli.frozen import Frozen
from acctcli.model import Row, Values
from acctcli.store import queries, records
from acctcli.store.facts.contracts import of_accounts
from acctcli.values import dates
from acctcli.values.dates import iso

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

BEFORE_CUSTOMER = ("lead", "prospect")

OPTIONS = {"recurring": "--recurring", "starts_on": "--starts", "ends_on": "--until"}
"""The option for each field of the purchase."""


class PurchaseOffer(Frozen):
    """A deal that can be recorded as a purchase, and the new term of the contract it renews."""

    deal: Row
    renews: str


def offer(context: Context, con: sqlite3.Connection, typed: str) -> PurchaseOffer | None:
    """Return what to offer for a deal; None if it is unclear, has no amount, or is recorded."""
    try:
        found = context.find(con, "deal", typed)
    except AcctError:
        return None  # the command itself says what is wrong
    row = queries.get(con, "deal", context.fields("deal"), found.id)
    if row["amount"] is None or row["closed_on"] is not None or _recorded(con, row["id"]):
        return None
    contract = _only(_renewed(context, con, row))
    if contract is None:
        return PurchaseOffer(row, "")
    starts = contract.following(context.clock.today)
    ends = iso(last_day(starts, contract.months))
    return PurchaseOffer(row, dates.say_days(iso(starts), ends, context.clock.today))


def make_customers(context: Context, tx: Writing, won: Sequence[Row]) -> str:
    """Make customers of the leads and prospects among the accounts; return a sentence."""
    fields = context.fields("account")
    became: list[str] = []
    for id in dict.fromkeys(row["account_id"] for row in won):
        account = queries.get(tx.con, "account", fields, id)
        if account["status"] in BEFORE_CUSTOMER:
            records.update(tx, "account", id, {"status": "customer"})
            became.append(text.safe(account["name"]))
    if not became:
        return ""
    verb = "is now a customer" if len(became) == 1 else "are now customers"
    return f"{text.sentence_list(became, 3)} {verb}."


def record(
    context: Context,
    tx: Writing,
    won: Sequence[Row],
    term: Mapping[str, str],
    quoted: Sequence[Values] = (),
) -> str:
    """Record the purchases of won deals; return what to say. A recorded deal is left as it is.

    `term` has the fields of the contract as they were typed; `quoted` are the purchases that the
    lines of an accepted quote become, instead of those of the items. Raises `Invalid` for a deal
    without an amount.
    """
    added: list[str] = []
    before: list[str] = []
    for row in won:
        if _recorded(tx.con, row["id"]):
            before.append(_as_recorded(context, tx.con, row))
            continue
        if row["amount"] is None:
            raise Invalid(f"{deals.named(row)} has no amount to record. Give it with --amount")
        open = _renewed(context, tx.con, row)
        parts = quoted or _parts(tx.con, row)
        for place, part in enumerate(parts):
            # A single purchase renews the only contract, even if their products differ.
            about = open if len(parts) == 1 else _of_product(open, part["product"])
            values = {
                **{"account": row["account_id"], "deal": row["id"], "currency": row["currency"]},
                "purchased_on": row["closed_on"],
                **_term(context, tx.con, about, part["product"]),
                **part,
            }
            stands = {**values, "ends_on": None}  # a length counts from the start
            typed = writing.read_given(context, "purchase", Given(term, OPTIONS), stands=stands)
            values |= typed.values
            id = _id(row["id"], place)
            if tx.read("purchase", id) is None:  # else it was moved to another deal
                values["id"] = id
            id = records.insert(tx, "purchase", values, {})
            bought = queries.get(tx.con, "purchase", context.fields("purchase"), id)
            added.append(_said(bought, context.clock.today))
    says: list[str] = []
    if added:
        what = "purchase" if len(added) == 1 else f"{len(added)} purchases"
        says.append(f"Recorded {what}: {text.sentence_list(added, 3)}.")
    if before:
        were = "was" if len(before) == 1 else "were"
        says.append(
            f"{text.sentence_list(before, 3)} {were} recorded before, and nothing was added."
        )
    return " ".join(says)


def _id(deal: str, place: int) -> str:
    """Return the id of a purchase: a deal that is won on two machines was bought once.

    It begins as the deal's id, with the place after it: purchases of one day are listed by id.
    """
    made = ids.fact_id("purchase", deal, str(place))
    return f"{deal[:14]}5{min(place, 0xFFF):03x}{made[18:]}"


def _said(row: Row, today: date) -> str:
    """Return `Support, 36,000 SGD, Fri 1 Jan to Fri 31 Dec 2027`."""
    parts = [text.safe(row["product"])] if row["product"] else []
    parts.append(contracts.say_price(row))
    if row["ends_on"]:
        parts.append(dates.say_days(row["starts_on"], row["ends_on"], today))
    return ", ".join(parts)


def _as_recorded(context: Context, con: sqlite3.Connection, row: Row) -> str:
    """Return a deal with its purchases as they are: `"Rollout" (12,000 SGD, today)`."""
    listing = queries.Listing([queries.by_id("deal_id", row["id"])])
    found = queries.select(con, "purchase", context.fields("purchase"), listing)
    said = [_said(one, context.clock.today) for one in found]
    return f"{deals.named(row)} ({text.sentence_list(said, 3)})"


def _recorded(con: sqlite3.Connection, deal_id: str) -> bool:
    return queries.count(con, "purchase", [queries.by_id("deal_id", deal_id)]) > 0


def _parts(con: sqlite3.Connection, row: Row) -> list[Values]:
    """Return product, quantity and amount of each purchase of a deal.

    Those of its items if these add up to its amount, else the one amount.
    """
    items = deals.items(con, row["id"])
    alike = all(item["total"] is not None and item["currency"] == row["currency"] for item in items)
    if items and alike and sum(item["total"] for item in items) == row["amount"]:
        return [
            {
                "product": item["product_id"],
                "quantity": item["quantity"],
                "amount": item["total"],
            }
            for item in items
        ]
    return [{"product": row["product_id"], "amount": row["amount"]}]


def _renewed(context: Context, con: sqlite3.Connection, row: Row) -> list[Contract]:
    """Return the contracts that a deal of type renewal may renew: those without a next one."""
    if row["type"] != "renewal":
        return []
    today = context.clock.today
    known = contracts.read(con, context.config, of_accounts([row["account_id"]])).known
    return [
        one
        for one in known
        if (one.to_renew(today) or one.lapsed(today))
        and row["product_id"] in (None, one.facts.product_id)
    ]


def _of_product(open: Sequence[Contract], product_id: str | None) -> list[Contract]:
    return [one for one in open if one.facts.product_id == product_id]


def _only(found: Sequence[Contract]) -> Contract | None:
    return found[0] if len(found) == 1 else None


def _term(
    context: Context, con: sqlite3.Connection, open: Sequence[Contract], product_id: str | None
) -> dict[str, Any]:
    """Return the term of a purchase that renews; it names the contract if there is only one.

    The notice period of that contract goes on, and so does what silence means.

    If several are for one product, the new term starts when the first of them has ended.
    """
    own = _of_product(open, product_id)
    contract = _only(own) or _only(open)
    if contract is None and not own:
        return {}
    today = context.clock.today
    first = contract or min(own, key=lambda one: one.following(today))
    starts = first.following(today)
    found: dict[str, Any] = {
        "starts_on": iso(starts),
        "ends_on": iso(last_day(starts, first.months)),
    }
    found["recurring"] = first.facts.recurring
    if contract is not None:
        found["renews"] = contract.facts.id
        row = queries.get(con, "purchase", context.fields("purchase"), contract.facts.id)
        found |= {name: row[name] for name in ("notice_days", "auto_renews")}
    return found
