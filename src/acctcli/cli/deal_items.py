"""`acct deal item`: the items of a deal, each with a product, a quantity and a price."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli.book import deals, items
from acctcli.book.asked import Given
from acctcli.cli.deal import OneDeal, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.results import Done, Table
from acctcli.store import lookup, queries


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
            help="Add this product. Default price: list price.",
            autocompletion=offers.records("product"),
        ),
    ] = None,
    given: Given = options.fields("item", skip=("deal", "product")),
    remove: Annotated[
        list[str],
        typer.Option("--remove", metavar="ITEM", help="Remove a line by its id or product."),
    ] = [],
    sum_: Annotated[
        bool, typer.Option("--sum", help="Set the deal's amount to the sum of the lines.")
    ] = False,
) -> Table | Done:
    """List the line items of a deal, add one, or remove some."""
    if add is None and not given.empty:
        raise UsageError("--quantity, --unit-price and --discount go with --add PRODUCT")
    if add is None and not remove and not sum_:
        return _lines(session, deal)
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        row = queries.get(tx.con, "deal", session.fields("deal"), found.id)
        going = {line["id"]: line for line in (items.find(tx, row, typed) for typed in remove)}
        says = [items.remove(tx, row, line) for line in going.values()]
        kind, id = "deal", found.id
        if add is not None:
            kind, (id, sentence) = "item", items.add(session, tx, row, add, given)
            says.append(sentence)
        if sum_:
            says.append(items.take_sum(tx, row))
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
        empty="No items yet. How to add one: acct help deal item",
        today=session.clock.today,
    )
