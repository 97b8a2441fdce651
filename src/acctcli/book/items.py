"""The items of a deal: adding, removing and summing them.

The owner of a deal decides what it is worth: items change its amount only on request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import deals, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.book.deals import named
from acctcli.errors import Ambiguous, Invalid, NotFound
from acctcli.model import Row
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.values import money
from acctcli.values.fields import number_text

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


def add(context: Context, tx: Writing, deal: Row, typed: str, given: Given) -> tuple[str, str]:
    """Add an item with the typed product; return its id and a sentence."""
    found = context.find(tx.con, "product", typed)
    product = queries.get(tx.con, "product", context.fields("product"), found.id)
    there = [line["currency"] for line in deals.items(tx.con, deal["id"]) if line["currency"]]
    currency = deal["currency"] or (there[0] if there else product["currency"])
    read = writing.read_given(context, "item", given, currency=currency).values
    if read.get("currency", currency) != currency and currency is not None:
        raise Invalid(f"--unit-price is in {read['currency']}, but {named(deal)} is in {currency}")
    if "unit_price" not in read and product["price"] is not None:
        if product["currency"] != currency:
            raise Invalid(
                f"{text.safe(found.name)} is priced in {product['currency']}, but {named(deal)} "
                f"is in {currency}. Give --unit-price in {currency}"
            )
        read |= {"unit_price": product["price"], "currency": currency}
    refs = {"deal": deal["id"], "account": deal["account_id"], "product": found.id}
    id = store.insert(tx, "item", {**read, **refs})
    line = next(one for one in deals.items(tx.con, deal["id"]) if one["id"] == id)
    count = number_text(line["quantity"])
    says = f"Added {count} {text.safe(found.name)} to {named(deal)}"
    if line["total"] is None:
        return id, f"{says}, without a price."
    off = f" less {line['discount']} %" if line["discount"] else ""
    price = money.say(line["unit_price"], line["currency"])
    total = money.say(line["total"], line["currency"])
    return id, f"{says}: {price} each{off}, {total}."


def find(tx: Writing, deal: Row, typed: str) -> Row:
    """Return the one item that is named by the tail of its id or by its product."""
    tail, name = typed.strip().lower(), text.key(typed)
    there = deals.items(tx.con, deal["id"])
    lines = [
        line
        for line in there
        if (len(tail) >= lookup.TAIL and line["id"].endswith(tail))
        or text.key(line["product"]) == name
    ]
    listing = f"All: acct deal item {deal['id'][-lookup.TAIL :]}"
    if not lines:
        names = [text.safe(line["product"]) for line in there]
        has = f" It has: {text.sentence_list(names, 5)}." if names else ""
        raise NotFound(
            f"no item {text.quoted(typed)} in {named(deal)}.{has} {listing}", candidates=names[:5]
        )
    if len(lines) > 1:
        ids = [line["id"][-lookup.TAIL :] for line in lines]
        raise Ambiguous(
            f"{text.quoted(typed)} matches {len(lines)} items: {', '.join(ids)}. {listing}",
            candidates=ids,
        )
    return lines[0]


def remove(tx: Writing, deal: Row, line: Row) -> str:
    """Remove an item; return a sentence."""
    store.delete(tx, "item", line["id"])
    return f"Took {text.safe(line['product'])} out of {named(deal)}."


def take_sum(tx: Writing, deal: Row) -> str:
    """Set the deal's amount to the sum of its items; return a sentence."""
    lines = deals.items(tx.con, deal["id"])
    bare = [text.safe(line["product"]) for line in lines if line["total"] is None]
    currencies = sorted({line["currency"] for line in lines if line["currency"]})
    if bare:
        raise Invalid(f"--sum: {text.sentence_list(bare)} has no price. Add it with --unit-price")
    if len(currencies) != 1:
        what = f"in {' and '.join(currencies)}" if currencies else "not there"
        raise Invalid(f"--sum: the items of {named(deal)} are {what}, nothing to sum")
    total = sum(line["total"] for line in lines)
    if abs(total) > money.MAX_MINOR:
        raise Invalid(f"--sum: {money.say(total, currencies[0])} is too large")
    values = {"amount": total, "currency": currencies[0]}
    changed = store.update(tx, "deal", deal["id"], values)
    now = "now" if changed else "already"
    return f"{named(deal)} is {now} {money.say(total, currencies[0])}."
