"""What was bought, and which contracts end soon or lapsed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import contracts as book_contracts
from acctcli.book import writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.domain import contracts
from acctcli.domain.terms import WINDOWS
from acctcli.errors import Conflict, Invalid
from acctcli.frozen import Frozen
from acctcli.model import CHOICE, DAY, INTEGER, KINDS, MONEY, REF, Field, Row, declare
from acctcli.store import lookup, queries, records
from acctcli.store.facts import contracts as sql
from acctcli.store.filters import Condition
from acctcli.values import dates, money
from acctcli.values.dates import in_full, iso, parse_iso_day, say_day
from acctcli.values.fields import as_json, exact

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.contracts import Contracts
    from acctcli.domain.contracts import Contract
    from acctcli.shapes.purchase import PurchasePage, RenewalJson, RenewalRow, RenewalStanding
    from acctcli.shapes.records import WholePurchaseJson
    from acctcli.store.journal import Writing

RENEWAL_FIELDS = declare(
    **{name: KINDS["purchase"].fields[name] for name in ("id", "account", "product", "starts_on")},
    ends_on=Field(DAY, "last day of the contract; of one that renews itself, of the term it is in"),
    notice_by=Field(DAY, "last day on which notice can be given"),
    days_left=Field(INTEGER, "days until notice or, without one, the end; below 0 once it lapsed"),
    window=Field(INTEGER, f"it ends within this many days: {', '.join(map(str, WINDOWS))}"),
    standing=Field(CHOICE, "how it stands", choices=contracts.STANDINGS),
    **{name: KINDS["purchase"].fields[name] for name in ("amount", "currency")},
    arr=Field(MONEY, "what it brings a year"),
    **{name: KINDS["purchase"].fields[name] for name in ("recurring", "auto_renews")},
    renewal=Field(REF, "the open deal that renews it", target="deal"),
)
"""A contract that ends; the order of JSON keys and CSV columns."""


def page(context: Context, con: sqlite3.Connection, id: str) -> PurchasePage:
    """Return a purchase, its state as a contract if it is one, and the deal that renews it."""
    fields = context.fields("purchase")
    row = queries.get(con, "purchase", fields, id, as_stored=True)
    known, contract = _of_account(context, con, row)
    whole = cast("WholePurchaseJson", as_json(fields, row))
    if contract is None:
        return {**whole, **_renewal(None), "standing": None, "arr": None, "notice_by": None}
    today, currency = context.clock.today, contract.facts.currency
    notice = contract.notice_by(today)
    return {
        **whole,
        **_renewal(known.deal_for(contract)),
        "standing": contract.standing(today),
        "arr": exact(contract.arr, currency),
        "notice_by": iso(notice) if notice else None,
    }


class Renewed(Frozen):
    """A purchase that renews a contract: its id, a description, and further sentences."""

    id: str
    says: str
    beside: str


COPIED = ("account", "product", "quantity", "currency", "amount", "recurring", "payment")
COPIED_TERMS = ("notice_days", "auto_renews")
"""What a renewal has from the contract that it renews, unless it is given."""


def renew(
    context: Context, tx: Writing, id: str, given: Given, among: Sequence[str] = ()
) -> Renewed:
    """Add the purchase that renews a contract: as long, and for as much, unless given.

    `among` are the contracts that the same command renews.

    Raises `Conflict` if something renews it already, and `Invalid` for other purchases.
    """
    fields = context.fields("purchase")
    row = queries.get(tx.con, "purchase", fields, id)
    known, contract = _of_account(context, tx.con, row)
    whose = f"{text.safe(row['product'] or 'the contract')} of {text.safe(row['account'])}"
    if contract is None:
        raise Invalid(f"{whose} has no end, so there is nothing to renew. Set one with --ends")
    if contract.successors:
        after = contract.successors[0]
        raise Conflict(
            f"{whose} was renewed from {in_full(after.starts_on)} on "
            f"({lookup.short_ids(tx.con, 'purchase', [after.id])[after.id]})"
        )
    begins = iso(contract.following(context.clock.today))
    # Nothing stands of the new term but its usual start: a length counts from there.
    stands = {**row, "starts_on": begins, "ends_on": None}
    read = writing.read_given(
        context, "purchase", given, currency=row["currency"], stands=stands
    ).values
    starts = read.get("starts_on") or begins
    ends = iso(contracts.last_day(parse_iso_day(starts), contract.months))
    values = {
        **{name: row[f"{name}_id"] if fields[name].type == REF else row[name] for name in COPIED},
        **{name: row[name] for name in COPIED_TERMS},
        **{"starts_on": starts, "ends_on": ends, "renews": id},
        # It is agreed today, also where the contract before it has ended.
        **{"purchased_on": read.get("paid_on") or iso(context.clock.today), **read},
    }
    new = records.insert(tx, "purchase", values, {})
    made = queries.get(tx.con, "purchase", fields, new)
    price, was = book_contracts.say_price(made), book_contracts.say_price(row)
    changed = "" if price == was else f" (was {was})"
    deal = known.deal_for(contract)
    beside = [f'The renewal deal "{text.safe(deal.title)}" is still open.'] if deal else []
    beside += _left_out(context, tx.con, contract, known.known, {id, *among})
    days = dates.say_days(made["starts_on"], made["ends_on"], context.clock.today)
    return Renewed(new, f"{whose}: {price}{changed}, {days}", " ".join(beside))


def _left_out(
    context: Context,
    con: sqlite3.Connection,
    contract: Contract,
    known: Sequence[Contract],
    renewed: Collection[str],
) -> list[str]:
    """Say which contracts of the same product end that day, and are renewed by nothing.

    An add-on that was sold for the rest of a term is easily taken to be part of its renewal.
    """
    today, facts = context.clock.today, contract.facts
    others = [
        one.facts
        for one in known
        if one.facts.id not in renewed
        and (one.facts.product_id, one.ends) == (facts.product_id, contract.ends)
        and (one.to_renew(today) or one.lapsed(today))
    ]
    if not others:
        return []
    short = lookup.short_ids(con, "purchase", [one.id for one in others])
    named = []
    for one in others:
        amount, currency = one.amount, one.currency
        price = "" if amount is None or currency is None else f"{money.say(amount, currency)} "
        named.append(f"{price}({short[one.id]})")
    ends = "ended" if contract.ends < today else "ends"
    product = f"{text.safe(facts.product)} " if facts.product else ""
    return [
        f"It does not renew what else {ends} on that day: {product}{text.sentence_list(named, 3)}."
    ]


def says_renewed(context: Context, con: sqlite3.Connection, id: str) -> str:
    """Return which contract a new purchase renews, as a sentence; "" if it renews none."""
    row = queries.get(con, "purchase", context.fields("purchase"), id)
    known, _ = _of_account(context, con, row)
    today = context.clock.today
    before = [one for one in known.known if any(after.id == id for after in one.successors)]
    if not before:
        return ""
    called = text.sentence_list([_called(one, today) for one in before], 3)
    if row["renews"]:
        return f"It renews {called}."
    short = lookup.short_ids(con, "purchase", [id])[id]
    return f"It renews {called}. To run beside: acct purchase edit {short} --renews none"


def _called(contract: Contract, today: date) -> str:
    """`the contract that ends Thu 31 Dec`."""
    verb = "ended" if contract.ends < today else "ends"
    return f"the contract that {verb} {say_day(contract.ends, today)}"


def _of_account(
    context: Context, con: sqlite3.Connection, row: Row
) -> tuple[Contracts, Contract | None]:
    """Return the contracts of the purchase's account, and its own contract, if it is one."""
    known = book_contracts.read(con, context.config, sql.of_accounts([row["account_id"]]))
    return known, next((one for one in known.known if one.facts.id == row["id"]), None)


def renewals(
    context: Context,
    con: sqlite3.Connection,
    conditions: Sequence[Condition],
    ahead: int,
    *,
    sort: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[RenewalRow]:
    """Return contracts that end within `ahead` days or lapsed, by that day unless sorted.

    Conditions are on purchases.
    """
    today = context.clock.today
    until = today + timedelta(days=ahead)
    known = book_contracts.ending(con, context.config, until)
    shown = {
        one.facts.id: one
        for one in known.known
        if one.lapsed(today) or (one.to_renew(today) and one.deadline(today) <= until)
    }
    fitting = [*conditions, queries.by_ids("id", list(shown))]
    listing = queries.Listing(fitting, sort)
    rows = queries.select(con, "purchase", context.fields("purchase"), listing, as_stored=True)
    if not sort:
        rows.sort(key=lambda row: (shown[row["id"]].deadline(today), row["id"]))
    rows = rows[offset:][:limit]
    # The other fields of the purchase stay in the row, the user's own too: --columns shows them.
    return [
        cast("RenewalRow", {**row, **_standing(shown[row["id"]], known, today)}) for row in rows
    ]


def _standing(contract: Contract, known: Contracts, today: date) -> RenewalStanding:
    """Return what depends on today: days, window, standing and the deal."""
    days = (contract.deadline(today) - today).days
    notice, deal = contract.notice_by(today), known.deal_for(contract)
    return {
        "ends_on": iso(contract.end(today)),
        "notice_by": iso(notice) if notice else None,
        "days_left": days,
        "window": next((window for window in WINDOWS if days <= window), None),
        "standing": contract.standing(today),
        "arr": contract.arr,
        "lost": contract.lost,
        "renewal_closes": deal.close_date if deal else None,
        **_renewal(deal),
    }


def _renewal(deal: contracts.RenewalDeal | None) -> RenewalJson:
    """Return the title and id of the open deal that renews a purchase, or may."""
    return {"renewal": deal.title if deal else None, "renewal_id": deal.id if deal else None}
