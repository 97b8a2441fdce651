"""`acct purchase`: what was bought, and what is up for renewal."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import monthly, purchases, reading, writing
from acctcli.book.asked import Given, Query
from acctcli.book.contracts import say_price
from acctcli.book.reports import scope
from acctcli.cli.kit import nouns, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.domain.terms import WINDOWS
from acctcli.errors import UsageError
from acctcli.model import Row
from acctcli.render.emit import check_columns
from acctcli.results import Done, Page, Table
from acctcli.store import lookup, queries
from acctcli.values.dates import say_days

noun = Noun(
    "purchase",
    "Purchases, contracts and renewals.",
    elsewhere={"reconcile": "purchase_reconcile"},
)

Purchases = Annotated[list[str], options.arguments("purchase")]
OnePurchase = Annotated[str, options.argument("purchase", "Purchase id.")]


RENEWAL_COLUMNS = (
    *("id", "account", "product", "ends_on", "days_left", "standing", "amount", "currency"),
    "renewal",
)


@noun.command(
    "add",
    examples=[
        "acct purchase add greentech 'SGD 36,000' --product support --recurring yearly",
        "acct purchase add konex 1200 --on 2026-10-03 --payment credit --deal 3f9a",
    ],
)
def add(
    session: Session,
    account: Annotated[str, options.argument("account", "Account that bought.")],
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="Amount paid.", show_default=False)
    ],
    given: Given = options.fields("purchase", skip=("account", "amount")),
) -> Done:
    """Add a purchase. With --recurring it becomes a contract with start and end dates.

    A contract that follows an earlier one of the same product renews it. If it runs beside it, add
    --renews none.
    """
    given = _none_renewed(given).plus(account=account, amount=amount)
    read = writing.read_given(session, "purchase", given)
    with session.write() as tx:
        id = writing.insert(tx, "purchase", read)
        row = queries.get(tx.con, "purchase", session.fields("purchase"), id)
        what = f"{text.safe(row['product'])} for " if row["product"] else "for "
        price = say_price(row)
        days = nouns.with_days(session, "purchase", read, "starts_on", "ends_on")
        says = f"Added purchase {what}{text.safe(row['account'])}, {price}{days}"
        says += f"{_term(row, session.clock.today)}."
        beside = purchases.says_renewed(session, tx.con, id)
        return nouns.done(session, tx, "purchase", [id], says, beside=beside)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct purchase list --account greentech",
        "acct purchase list --where 'purchased_on >= 2026-01-01' -f csv > 2026.csv",
        "acct purchase list --unreconciled --where 'payment = credit'",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        "purchase", "account", "product", "deal", "payment", "recurring", "reconciled"
    ),
    unreconciled: Annotated[
        bool,
        typer.Option(
            "--unreconciled",
            help="Only purchases that are not reconciled.",
            rich_help_panel="Filters",
        ),
    ] = False,
) -> Table:
    """List purchases, newest first."""
    if unreconciled:
        query = query.replace(filters=(*query.filters, ("reconciled", "no", "--unreconciled")))
    return nouns.table(session, "purchase", query, footer="Details: acct purchase show")


@noun.command(
    "show", reads=True, examples=["acct purchase show 3f9a", "acct purchase show 3f9a -f json"]
)
def show(session: Session, purchase: OnePurchase) -> Page:
    """Show a purchase, and the open deal that renews it."""
    with session.read() as con:
        id = session.find(con, "purchase", purchase).id
        data = purchases.page(session, con, id)
    return Page(data, "deals:purchase", session.clock.today)


@noun.command(
    "edit",
    examples=[
        "acct purchase edit 3f9a --ends 2027-01-14",
        "acct purchase list --account konex -f ids | acct purchase edit - --reconciled",
    ],
)
def edit(
    session: Session,
    purchases: Purchases,
    given: Given = options.fields("purchase", clears=True),
) -> Done:
    """Edit fields. Without options, the purchase opens as a form in your editor.

    With --lapsed-ok, a contract that ended is no longer shown as lapsed. With --renews none, it
    runs beside earlier contracts.
    """
    return nouns.edit(session, "purchase", purchases, _none_renewed(given))


@noun.command(
    "renew",
    examples=[
        "acct purchase renew 3f9a",
        "acct purchase renew 3f9a --amount 52k --until 1y",
    ],
)
def renew(
    session: Session,
    contracts: Purchases,
    amount: Annotated[
        str | None,
        typer.Option(
            "--amount",
            metavar="AMOUNT",
            help="Amount of the new contract. Default: that of the old one.",
            show_default=False,
        ),
    ] = None,
    starts: Annotated[
        str | None,
        typer.Option(
            "--starts",
            metavar="DAY",
            help="First day. Default: the day after the old one ends.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DAY",
            help="Last day, or length: 1y. Default: as long as the old one.",
            show_default=False,
        ),
    ] = None,
) -> Done:
    """Renew contracts: add a purchase for each that names it as the contract it renews."""
    typed = {"amount": amount, "starts_on": starts, "ends_on": until}
    says = {"amount": "--amount", "starts_on": "--starts", "ends_on": "--until"}
    given = Given({name: value for name, value in typed.items() if value is not None}, says)
    with session.write() as tx:
        found = session.find_all(tx.con, "purchase", contracts)
        if amount is not None and len(found) > 1:
            raise UsageError("--amount is for one contract: renew them one by one")
        named = [one.id for one in found]
        renewed = [purchases.renew(session, tx, id, given, named) for id in named]
        ids = [one.id for one in renewed]
        says_ = text.sentence_list([one.says for one in renewed], 3)
        beside = " ".join(filter(None, (one.beside for one in renewed)))
        return nouns.done(session, tx, "purchase", ids, f"Renewed {says_}.", beside=beside)


@noun.command(
    "renewals",
    reads=True,
    examples=[
        "acct purchase renewals",
        "acct purchase renewals --days 30 --where 'amount > 10k'",
        "acct purchase renewals -f json | jq '.[] | select(.renewal == null)'",
    ],
)
def renewals(
    session: Session,
    query: Query = options.listing("purchase", "account", "product", "recurring"),
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            metavar="N",
            min=0,
            max=3650,
            help=f"Days to look ahead. Default: {WINDOWS[-1]}.",
            show_default=False,
        ),
    ] = None,
) -> Table:
    """List contracts that end soon or lapsed, with their renewal deals.

    A contract that lapsed stays here until you renew it (acct purchase renew), dismiss it (acct
    purchase edit ID --lapsed-ok) or make its account a former customer.
    """
    today = session.clock.today
    ahead = WINDOWS[-1] if days is None else days
    if session.output.columns:
        check_columns(session.output.columns, purchases.RENEWAL_FIELDS)
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "purchase", query)
        rows = purchases.renewals(
            session,
            con,
            conditions,
            ahead,
            sort=query.sort,
            limit=query.limit,
            offset=query.offset,
        )
        short = lookup.short_ids(con, "purchase", [row["id"] for row in rows])
    return Table(
        *(
            "renewal",
            "renewals",
            purchases.RENEWAL_FIELDS,
            rows,
            RENEWAL_COLUMNS,
            list(purchases.RENEWAL_FIELDS),
            short,
        ),
        footer="Renew one: acct purchase renew",
        empty=f"No contracts lapsed, and none end in the next {text.plural(ahead, 'day')}.",
        today=today,
        drawing="renewals:draw",
    )


TOTAL_COLUMNS = ("month", "account", "payment", "gross", "open", "currency")


@noun.command(
    "totals",
    reads=True,
    examples=[
        "acct purchase totals --period 'this year'",
        "acct purchase totals --account greentech -f csv > greentech.csv",
        "acct purchase totals --where 'payment = credit and paid_on is empty'",
    ],
)
def totals(
    session: Session,
    query: Query = options.filters(
        *("purchase", "account", "product", "payment", "reconciled"),
        table=True,
        columns=tuple(monthly.FIELDS),
    ),
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="Only purchases of this period. Default: all.",
            show_default=False,
        ),
    ] = None,
) -> Table:
    """Sum up purchases per month, account, payment and currency, with what is still open.

    What was sold on credit is open until it has a day of payment (purchase reconcile, or purchase
    edit ID --paid-on DAY).
    """
    span = None if period is None else scope.period(session, period)
    if session.output.columns:
        check_columns(session.output.columns, monthly.FIELDS)
    with session.read() as con:
        conditions = reading.conditions_of(session, con, "purchase", query)
        rows = monthly.totals(session, con, conditions, span)
    return Table(
        *("total", "totals", monthly.FIELDS, rows, TOTAL_COLUMNS),
        *(list(monthly.FIELDS), {}),
        empty="No purchases match.",
        totals=monthly.said(rows),
        today=session.clock.today,
    )


@noun.command("delete", examples=["acct purchase delete 3f9a --yes"])
def delete(session: Session, purchases: Purchases, yes: Yes = False) -> Done:
    """Delete purchases; `undo` brings them back."""
    return nouns.delete(session, "purchase", purchases, yes=yes)


def _none_renewed(given: Given) -> Given:
    """`--renews none` says that a contract stands alone; there is no purchase of that name."""
    named = given.typed.get("renews")
    if not isinstance(named, str) or named.strip().casefold() != "none":
        return given
    typed = {name: value for name, value in given.typed.items() if name != "renews"}
    return given.replace(typed=typed).plus(standalone="yes")


def _term(row: Row, today: date) -> str:
    """Return `, term Fri 15 Jan to 14 Jan 2027`, or ""."""
    if not row["ends_on"]:
        return ""
    days = say_days(row["starts_on"], row["ends_on"], today)
    return f", term {days}" if row["starts_on"] else f", {days}"
