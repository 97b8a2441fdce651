"""`acct product`: what you sell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.book import writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Duplicate, Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import Conflict
from acctcli.model import KINDS
from acctcli.results import Done, Page, Table
from acctcli.store import deals, lookup
from acctcli.values import money

if TYPE_CHECKING:
    import sqlite3

noun = Noun("product", "The products you sell.")

Products = Annotated[list[str], options.arguments("product")]
OneProduct = Annotated[str, options.argument("product", "Product name or id.")]


@noun.command(
    "add",
    examples=[
        "acct product add 'Support, gold' --family Support --price 12k --currency EUR",
        "acct product add 'GTX Pro' --price 'USD 4,821'",
    ],
)
def add(
    session: Session,
    name: Annotated[str, typer.Argument(help="Product name.", show_default=False)],
    given: Given = options.fields("product", skip=("name",)),
    duplicate: Duplicate = False,
) -> Done:
    """Add a product. Only the name is needed."""
    read = writing.read_given(session, "product", given.plus(name=name))
    with session.write() as tx:
        near = lookup.near_products(tx.con, read.values["name"])
        id = writing.insert(tx, "product", read, duplicate=duplicate)
        price = read.values.get("price")
        at = f", {money.say(price, read.values['currency'])}" if price is not None else ""
        says = f"Added product {text.safe(read.values['name'])}{at}."
        similar = "Similar product" if len(near) == 1 else "Similar products"
        beside = f"{similar}: {'; '.join(map(text.safe, near))}." if near else ""
        return nouns.done(session, tx, "product", [id], says, beside=beside)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct product list --family GTX --sort -price",
        "acct product list --where 'active = yes' -f csv > prices.csv",
    ],
)
def list_(
    session: Session, query: Query = options.listing("product", "family", "currency", "active")
) -> Table:
    """List products, including discontinued ones."""
    return nouns.table(session, "product", query, footer="Details: acct product show")


@noun.command(
    "show", reads=True, examples=["acct product show 'gtx pro'", "acct product show 3f9a -f json"]
)
def show(session: Session, product: OneProduct) -> Page:
    """Show a product, its deals and its buyers."""
    from acctcli.book import products  # a list does not need it

    with session.read() as con:
        data = products.page(session, con, session.find(con, "product", product).id)
    return Page(data, "deals:product", session.clock.today)


@noun.command(
    "edit",
    examples=[
        "acct product edit 'gtx pro' --price 4,999",
        "acct product list --family Classic -f ids | acct product edit - --no-active",
    ],
)
def edit(
    session: Session,
    products: Products,
    given: Given = options.fields("product", clears=True),
    duplicate: Duplicate = False,
) -> Done:
    """Edit fields. Without options, the product opens as a form in your editor."""
    return nouns.edit(session, "product", products, given, duplicate=duplicate)


@noun.command("delete", examples=["acct product delete 'gtx pro' --yes"])
def delete(
    session: Session,
    products: Annotated[list[str], options.whole_names("product")],
    yes: Yes = False,
) -> Done:
    """Delete products that are not in use; `undo` brings them back."""
    return nouns.delete(session, "product", products, yes=yes, refuse=_refuse_used)


def _refuse_used(con: sqlite3.Connection, product: lookup.Found) -> None:
    """Refuse to delete a product that was sold or offered: those records would lose its name."""
    uses = deals.uses_of_product(con, product.id)
    if uses:
        counts = [text.plural(n, KINDS[kind].one, KINDS[kind].several) for kind, n in uses.items()]
        name = text.shell_word(product.name, product.id)
        raise Conflict(
            f"{text.safe(product.name)} is used by {text.sentence_list(counts)}. "
            f"To discontinue it instead: acct product edit {name} --no-active"
        )
