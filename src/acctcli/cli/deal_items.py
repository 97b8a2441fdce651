"""`acct deal item`: the lines of a deal, each a product, a quantity and a price.

A deal's amount is its owner's to say: the lines become it with --sum, never by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.book import deals, writing
from acctcli.book.asked import Given
from acctcli.cli.deal import OneDeal, named, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import Ambiguous, Invalid, NotFound, UsageError
from acctcli.results import Done, Table
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.values import money
from acctcli.values.fields import Row, number_text

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


@noun.command(
    "item",
    examples=[
        "acct deal item 'platform rollout'",
        "acct deal item 3f9a --add 'Support' --quantity 3 --unit-price 500 --discount 10 --sum",
        "acct deal item 3f9a --remove support --sum",
    ],
)
def item(
    session: Session,
    deal: OneDeal,
    add: Annotated[
        str | None,
        typer.Option(
            "--add",
            metavar="PRODUCT",
            help="Add a line with this product, at its list price unless given.",
            autocompletion=offers.records("product"),
        ),
    ] = None,
    given: Given = options.fields("item", skip=("deal", "product")),
    remove: Annotated[
        list[str],
        typer.Option("--remove", metavar="ITEM", help="Take a line out: its id or product."),
    ] = [],
    sum_: Annotated[
        bool, typer.Option("--sum", help="Make the sum of the lines the deal's amount.")
    ] = False,
) -> Table | Done:
    """List the lines of a deal, add one or take some out."""
    if add is None and not given.empty:
        raise UsageError("--quantity, --unit-price and --discount go with --add PRODUCT")
    if add is None and not remove and not sum_:
        return _lines(session, deal)
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        row = queries.get(tx.con, "deal", session.fields("deal"), found.id)
        going = {line["id"]: line for line in (_line(tx, row, typed) for typed in remove)}
        says = [_remove(tx, row, line) for line in going.values()]
        kind, id = "deal", found.id
        if add is not None:
            kind, (id, sentence) = "item", _add(session, tx, row, add, given)
            says.append(sentence)
        if sum_:
            says.append(_take_sum(tx, row))
        return nouns.done(session, tx, kind, [id], " ".join(says))


def _lines(session: Session, deal: str) -> Table:
    with session.read() as con:
        rows = deals.items(con, session.find(con, "deal", deal).id)
        short = lookup.short_ids(con, "item", [row["id"] for row in rows])
    fields = deals.ITEM_FIELDS
    return Table(
        *("item", "items", fields, rows),
        names=[name for name in fields if name != "deal"],
        all_names=list(fields),
        short=short,
        empty=f"No items yet: acct deal item {text.safe(deal)} --add PRODUCT",
        today=session.clock.today,
    )


def _add(session: Session, tx: Writing, deal: Row, typed: str, given: Given) -> tuple[str, str]:
    """Add a line with the product that was typed; its id and what to say."""
    found = session.find(tx.con, "product", typed)
    product = queries.get(tx.con, "product", session.fields("product"), found.id)
    there = [line["currency"] for line in deals.items(tx.con, deal["id"]) if line["currency"]]
    currency = deal["currency"] or (there[0] if there else product["currency"])
    read = writing.read_given(session, "item", given, currency=currency).values
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


def _line(tx: Writing, deal: Row, typed: str) -> Row:
    """The one line that is named by the tail of its id or by its product."""
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
            f"{text.quoted(typed)} fits {len(lines)} items: {', '.join(ids)}. {listing}",
            candidates=ids,
        )
    return lines[0]


def _remove(tx: Writing, deal: Row, line: Row) -> str:
    """Take out a line; what to say."""
    store.delete(tx, "item", line["id"])
    return f"Took {text.safe(line['product'])} out of {named(deal)}."


def _take_sum(tx: Writing, deal: Row) -> str:
    """Make the sum of the lines the deal's amount; what to say."""
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
