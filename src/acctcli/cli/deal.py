"""`acct deal`: what may be sold, how far it has come, and what that adds up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import dates, money, text, values
from acctcli.cli import complete, deal_pages, options, records
from acctcli.cli.kernel import Noun
from acctcli.cli.options import Given, Query, Yes
from acctcli.cli.session import Session
from acctcli.domain import pipeline
from acctcli.errors import Ambiguous, Invalid, NotFound, UsageError
from acctcli.model import KINDS, ROLES
from acctcli.render.results import Done, Page, Table
from acctcli.store import deals as sql
from acctcli.store import filters, lookup, queries
from acctcli.store import records as store

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

noun = Noun("deal", "What may be sold: stages, board, forecast.")

Row = Mapping[str, Any]

Deals = Annotated[list[str], options.arguments("deal")]
OneDeal = Annotated[str, options.argument("deal", "Its title or id.")]
Competitor = Annotated[
    str | None,
    typer.Option(
        "--competitor",
        help="Against whom.",
        autocompletion=complete.values("deal", KINDS["deal"].fields["competitor"]),
    ),
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day it closed, if not today.")
]

PERIODS = ("this month", "this quarter", "next quarter", "this year", "all")
LINE_ONLY = "--quantity, --unit-price and --discount go with --add PRODUCT"


@noun.command(
    "add",
    examples=[
        'acct deal add greentech "Platform rollout" --amount 120k --currency SGD '
        "--close 2026-12-15 --stage proposal",
        'acct deal add konex "Renewal 2027" --type renewal --amount "EUR 36,000" --close "14 jan"',
    ],
)
def add(
    session: Session,
    account: Annotated[str, options.argument("account", "To whom.")],
    title: Annotated[str, typer.Argument(help="What it is called.", show_default=False)],
    given: Given = options.fields("deal", skip=("account", "title")),
    output: Any = options.output(),
) -> Done:
    """Add a deal; a stage in which deals are won or lost closes it at once."""
    read = records.read_given(session, "deal", given.plus(account=account, title=title))
    read = read.replace(values=_completed(session, read.values, {}))
    with session.write() as tx:
        records.resolve(tx.con, "deal", read.values)
        id = records.insert(session, tx, "deal", read)
        row = queries.get(tx.con, "deal", session.fields("deal"), id)
        short = lookup.short_ids(tx.con, "deal", [id])[id]
        says = f"Added deal {short} {_described(row)}, {_closing(session, row)}."
        return records.done(session, tx, "deal", [id], says)


@noun.command(
    "list",
    examples=[
        "acct deal list --open --sort -amount",
        "acct deal list --closing 'this quarter' --stage negotiation,proposal",
        'acct deal list --where "amount > 100k and next_step is empty"',
        "acct deal list --won --closing 2026 -f csv > won.csv",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        "deal", "stage", "account", "owner", "type", "category", "product", "source"
    ),
    open_: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    won: Annotated[bool, typer.Option("--won", help="Only those that are won.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Only those that are lost.")] = False,
    closing: Annotated[
        str | None,
        typer.Option("--closing", metavar="PERIOD", help="Only those that close (or closed) then."),
    ] = None,
) -> Table:
    """List deals, open and closed, by close date."""
    standing = [
        condition
        for wanted, condition in ((open_, sql.OPEN), (won, sql.WON), (lost, sql.LOST))
        if wanted
    ]
    more = [filters.any_of(standing)] if standing else []
    if closing is not None:
        more.append(sql.closing_in(dates.period(closing, session.clock.today, "--closing")))
    table = records.table(
        session, "deal", query, more=more, footer="One in full: acct deal show TITLE"
    )
    return table.replace(empty="No deal fits.") if more else table


@noun.command("show", examples=['acct deal show "platform rollout"', "acct deal show 3f9a -f json"])
def show(session: Session, deal: OneDeal, output: Any = options.output()) -> Page:
    """Show a deal: how it came this far, its items and people, what is to be done."""
    with session.read() as con:
        row = queries.get(con, "deal", session.fields("deal"), session.find(con, "deal", deal).id)
        data = deal_pages.shown(session, con, row)
    return Page(data, "deals:deal", session.clock.today)


@noun.command(
    "edit",
    examples=[
        "acct deal edit 'platform rollout' --amount 135k --close '31 jan'",
        "acct deal list --owner Kim --open -f ids | acct deal edit - --owner Lee",
        "acct deal edit 3f9a",
    ],
)
def edit(
    session: Session,
    deals: Deals,
    given: Given = options.fields("deal"),
    output: Any = options.output(),
) -> Done:
    """Change fields; without options, the deal opens as a form in your editor."""

    def adjust(tx: Writing, row: Row, found: dict[str, Any]) -> None:
        found.update(_completed(session, found, row))

    return records.edit(session, "deal", deals, given, adjust=adjust)


@noun.command(
    "move",
    examples=[
        "acct deal move 'platform rollout' negotiation",
        "acct deal list --stage prospecting --owner Kim -f ids | acct deal move - qualification",
    ],
)
def move(
    session: Session,
    deals: Deals,
    stage: Annotated[
        str,
        typer.Argument(
            help="The stage to bring them to.",
            show_default=False,
            autocompletion=complete.values("deal", KINDS["deal"].fields["stage"]),
        ),
    ],
    output: Any = options.output(),
) -> Done:
    """Bring deals to a stage; its probability and category come along."""

    def says(before: Row, after: Row) -> str:
        return f"Moved {_named(after)} from {before['stage']} to {after['stage']}."

    return _enter(session, deals, lambda con, row: {"stage": stage}, says, "Moved")


@noun.command(
    "win",
    examples=[
        "acct deal win 'platform rollout'",
        "acct deal win 3f9a --on yesterday --amount 118k",
    ],
)
def win(
    session: Session,
    deals: Deals,
    on: On = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="What it came to.")
    ] = None,
    output: Any = options.output(),
) -> Done:
    """Close deals as won, today or on the day given."""
    typed = {"stage": pipeline.won(session.config.stages).name, "closed_on": on, "amount": amount}

    def says(before: Row, after: Row) -> str:
        return f"Won {_described(after)}{_when(session, before, after)}"

    return _enter(session, deals, lambda con, row: typed, says, "Won", hint=_purchase_hint)


@noun.command(
    "lose",
    examples=[
        'acct deal lose "starter kit" --reason "Budget cut"',
        "acct deal lose 77c1 --reason Price --competitor Globex --on yesterday",
    ],
)
def lose(
    session: Session,
    deals: Deals,
    reason: Annotated[str, typer.Option("--reason", help="Why.", show_default=False)],
    competitor: Competitor = None,
    on: On = None,
    output: Any = options.output(),
) -> Done:
    """Close deals as lost, today or on the day given, and keep why."""
    if not reason.strip():
        raise UsageError("--reason is empty. Say in a word or two why the deal was lost")
    typed = {
        "stage": pipeline.lost(session.config.stages).name,
        "lost_reason": reason,
        "competitor": competitor,
        "closed_on": on,
    }

    def says(before: Row, after: Row) -> str:
        why = text.safe(after["lost_reason"])
        to = f", to {text.safe(after['competitor'])}" if after["competitor"] else ""
        what = f"Lost {_described(after)}{to}: {why.removesuffix('.')}"
        return f"{what}{_when(session, before, after)}"

    return _enter(session, deals, lambda con, row: typed, says, "Lost")


@noun.command(
    "reopen",
    examples=["acct deal reopen 'starter kit'", "acct deal reopen 77c1 --stage qualification"],
)
def reopen(
    session: Session,
    deals: Deals,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            help="Where it goes on, if not where it was before it closed.",
            autocompletion=complete.values("deal", KINDS["deal"].fields["stage"]),
        ),
    ] = None,
    output: Any = options.output(),
) -> Done:
    """Open won or lost deals again, where they were before they closed."""
    stages = session.config.stages
    open_ones = [s.name for s in stages if s.open]
    if stage is not None:
        field = KINDS["deal"].fields["stage"]
        stage = str(values.read_field(field, stage, session.reading, what="--stage"))
        if stage not in open_ones:
            raise Invalid(f"--stage {stage} is not open. Open: {', '.join(open_ones)}")

    def typed(con: sqlite3.Connection, row: Row) -> dict[str, str | None]:
        if row["closed_on"] is None:
            return {}
        left = [name for name in sql.stages_before(con, row["id"]) if name in open_ones]
        return {"stage": stage or (left[0] if left else pipeline.first_open(stages).name)}

    def says(before: Row, after: Row) -> str:
        return f"Reopened {_named(after)} at {after['stage']}."

    return _enter(session, deals, typed, says, "Reopened")


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
            autocompletion=complete.records("product"),
        ),
    ] = None,
    given: Given = options.fields("item", skip=("deal", "product")),
    remove: Annotated[
        list[str],
        typer.Option("--remove", metavar="ITEM", help="Take a line out: its id or product."),
    ] = [],  # noqa: B006 - Typer copies it
    sum_: Annotated[
        bool, typer.Option("--sum", help="Make the sum of the lines the deal's amount.")
    ] = False,
    output: Any = options.output(),
) -> Table | Done:
    """List the lines of a deal, add one or take some out."""
    if add is None and not given.empty:
        raise UsageError(LINE_ONLY)
    if add is None and not remove and not sum_:
        with session.read() as con:
            rows = deal_pages.items(con, session.find(con, "deal", deal).id)
            short = lookup.short_ids(con, "item", [row["id"] for row in rows])
        fields = deal_pages.ITEM_FIELDS
        names = [name for name in fields if name != "deal"]
        empty = f"No items yet: acct deal item {text.safe(deal)} --add PRODUCT"
        day = session.clock.today
        return Table("item", "items", fields, rows, names, list(fields), short, "", empty, day)
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        row = queries.get(tx.con, "deal", session.fields("deal"), found.id)
        says = [_remove_line(tx, row, typed) for typed in remove]
        kind, id = "deal", found.id
        if add is not None:
            kind, (id, sentence) = "item", _add_line(session, tx, row, add, given)
            says.append(sentence)
        if sum_:
            says.append(_take_sum(tx, row))
        return records.done(session, tx, kind, [id], " ".join(says))


def _add_line(
    session: Session, tx: Writing, deal: Row, typed: str, given: Given
) -> tuple[str, str]:
    """Add a line; its id and what to say."""
    found = session.find(tx.con, "product", typed)
    product = queries.get(tx.con, "product", session.fields("product"), found.id)
    there = [line["currency"] for line in deal_pages.items(tx.con, deal["id"]) if line["currency"]]
    currency = deal["currency"] or (there[0] if there else product["currency"])
    read = records.read_given(session, "item", given, currency=currency).values
    if read.get("currency", currency) != currency and currency is not None:
        raise Invalid(f"--unit-price is in {read['currency']}, but {_named(deal)} is in {currency}")
    if "unit_price" not in read and product["price"] is not None:
        if product["currency"] != currency:
            raise Invalid(
                f"{text.safe(found.name)} is priced in {product['currency']}, but {_named(deal)} "
                f"is in {currency}. Give --unit-price in {currency}"
            )
        read |= {"unit_price": product["price"], "currency": currency}
    refs = {"deal": deal["id"], "account": deal["account_id"], "product": found.id}
    id = store.insert(tx, "item", {**read, **refs})
    line = next(one for one in deal_pages.items(tx.con, deal["id"]) if one["id"] == id)
    count = values.number_text(line["quantity"])
    says = f"Added {count} {text.safe(found.name)} to {_named(deal)}"
    if line["total"] is None:
        return id, f"{says}, without a price."
    off = f" less {line['discount']} %" if line["discount"] else ""
    price = money.say(line["unit_price"], line["currency"])
    total = money.say(line["total"], line["currency"])
    return id, f"{says}: {price} each{off}, {total}."


def _remove_line(tx: Writing, deal: Row, typed: str) -> str:
    tail, name = typed.strip().lower(), text.key(typed)
    lines = [
        line
        for line in deal_pages.items(tx.con, deal["id"])
        if (len(tail) >= lookup.TAIL and line["id"].endswith(tail))
        or text.key(line["product"]) == name
    ]
    listing = f"All: acct deal item {deal['id'][-lookup.TAIL :]}"
    if not lines:
        raise NotFound(f"no item {text.quoted(typed)} in {_named(deal)}. {listing}")
    if len(lines) > 1:
        ids = [line["id"][-lookup.TAIL :] for line in lines]
        raise Ambiguous(
            f"{text.quoted(typed)} fits {len(lines)} items: {', '.join(ids)}. {listing}",
            candidates=ids,
        )
    store.delete(tx, "item", lines[0]["id"])
    return f"Took {text.safe(lines[0]['product'])} out of {_named(deal)}."


def _take_sum(tx: Writing, deal: Row) -> str:
    """Make the sum of the lines the deal's amount; what to say."""
    lines = deal_pages.items(tx.con, deal["id"])
    bare = [text.safe(line["product"]) for line in lines if line["total"] is None]
    currencies = sorted({line["currency"] for line in lines if line["currency"]})
    if bare:
        raise Invalid(f"--sum: {text.sentence_list(bare)} has no price. Add it with --unit-price")
    if len(currencies) != 1:
        what = f"in {' and '.join(currencies)}" if currencies else "not there"
        raise Invalid(f"--sum: the items of {_named(deal)} are {what}, nothing to sum")
    total = sum(line["total"] for line in lines)
    if abs(total) > money.MAX_MINOR:
        raise Invalid(f"--sum: {money.say(total, currencies[0])} is too large")
    store.update(tx, "deal", deal["id"], {"amount": total, "currency": currencies[0]})
    return f"{_named(deal)} is now {money.say(total, currencies[0])}."


@noun.command(
    "contact",
    examples=[
        "acct deal contact 'platform rollout' mei --role economic-buyer",
        "acct deal contact 3f9a",
        "acct deal contact 3f9a raj --remove",
    ],
)
def contact(
    session: Session,
    deal: OneDeal,
    people: Annotated[
        list[str] | None, options.arguments("contact", "Who has a part in it, or - for stdin.")
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="Their part in this deal.",
            autocompletion=complete.words(ROLES),
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="They have no part in it.")] = False,
    output: Any = options.output(),
) -> Table | Done:
    """List the people who have a part in a deal, or give people one."""
    if not people:
        if role is not None or remove:
            raise UsageError("--role and --remove need the people they are about")
        with session.read() as con:
            rows = deal_pages.people(con, session.find(con, "deal", deal).id)
            short = lookup.short_ids(con, "contact", [row["id"] for row in rows])
        fields = deal_pages.PERSON_FIELDS
        names = list(fields)
        empty = f"Nobody yet: acct deal contact {text.safe(deal)} PERSON --role economic-buyer"
        day = session.clock.today
        return Table("contact", "contacts", fields, rows, names, names, short, "", empty, day)
    part = None
    if role is not None:
        field = KINDS["deal_contact"].fields["role"]
        part = values.read_field(field, role, session.reading, what="--role")
    named = session.names_given("contact", people)
    with session.write() as tx:
        found = session.find(tx.con, "deal", deal)
        assert found.account_id
        links = {link["contact_id"]: link for link in tx.rows("deal_contact", "deal_id", found.id)}
        says = []
        for typed in named:
            person = lookup.find_near_account(tx.con, "contact", typed, found.account_id)
            name, link = text.safe(person.name), links.get(person.id)
            if remove:
                if link is None:
                    raise NotFound(f"{name} has no part in {text.quoted(found.name)}")
                store.delete(tx, "deal_contact", link["id"])
                says.append(f"{name} has no part in {text.quoted(found.name)} any more.")
                continue
            if link is None:
                refs = {"deal": found.id, "account": found.account_id, "contact": person.id}
                store.insert(tx, "deal_contact", {**refs, "role": part})
            elif role is not None:
                store.update(tx, "deal_contact", link["id"], {"role": part})
            as_what = f" as {part}" if part else ""
            says.append(f"{name} has a part in {text.quoted(found.name)}{as_what}.")
        return records.done(session, tx, "deal", [found.id], " ".join(says))


@noun.command(
    "board", examples=["acct deal board", "acct deal board --owner Kim -f json | jq '.stages[]'"]
)
def board(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product"),
) -> Page:
    """Show open deals by stage, and what was won and lost this quarter."""
    with session.read() as con:
        conditions = records.conditions_of(session, con, "deal", query)
        data = deal_pages.board(session, con, conditions)
    return Page(data, "deals:board", session.clock.today)


@noun.command(
    "changes",
    examples=[
        "acct deal changes",
        "acct deal changes --since '2w ago' --owner Kim",
        "acct deal changes --since 2026-10-01 -f csv > changes.csv",
    ],
)
def changes(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product", table=True),
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DAY", help="From that day on; the last 7 days unless given."
        ),
    ] = None,
) -> Table:
    """Show what happened to deals since a day: won, lost, new, moved, pushed, grown.

    The net of it: a close date that was moved out and back is no news.
    """
    from acctcli.domain import movement

    today = session.clock.today
    first = today - timedelta(days=7) if since is None else dates.read_day(since, today, "--since")
    if first > today:
        raise UsageError(f"--since {since} is {first}, still to come. Write 2w ago for the past")
    with session.read() as con:
        conditions = records.conditions_of(session, con, "deal", query)
        known = deal_pages.histories(session, con, conditions)
        rows = [deal_pages.change_row(found) for found in movement.since(known, first, today)]
        short = lookup.short_ids(con, "deal", [row["id"] for row in rows])
    if session.output.format == "ids":
        rows = [{"id": id} for id in dict.fromkeys(row["id"] for row in rows)]
    fields = deal_pages.CHANGE_FIELDS
    names = ["what", "day", "account", "title", "old", "new", "amount", "currency", "pushes"]
    return Table(
        *("change", "changes", fields, rows, names, list(fields), short),
        footer="One in full: acct deal show TITLE",
        empty=f"Nothing happened to deals since {dates.say_day(first, today)}.",
        today=today,
        drawing="deals:changes",
    )


@noun.command(
    "forecast",
    examples=[
        "acct deal forecast",
        "acct deal forecast --period 'next quarter' --by owner",
        "acct deal forecast --period 'Q2 2026' --by month",
        "acct deal forecast --period all -f json | jq '.totals'",
    ],
)
def forecast(
    session: Session,
    query: Query = options.filters("deal", "owner", "account", "type", "product"),
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="What closes then: this quarter unless given; Q1 2027, nov 2026, A..B, all.",
            autocompletion=complete.words(PERIODS),
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help=f"Also by one of: {', '.join(deal_pages.GROUPS)}.",
            autocompletion=complete.words(list(deal_pages.GROUPS)),
        ),
    ] = None,
) -> Page:
    """Show what a period will bring: by category and stage, weighted, likely, against quota.

    Likely is what 10,000 draws give, with the win rates that your own deals had. Of a
    past period it says what was forecast when it began, and what it became.
    """
    today = session.clock.today
    if by is not None and by not in deal_pages.GROUPS:
        known = ", ".join(deal_pages.GROUPS)
        raise UsageError(f"--by {text.quoted(by)} is not known. Known: {known}")
    span = dates.quarter_of(today) if period is None else None
    if period is not None and period.strip().lower() != "all":
        span = dates.period(period, today, "--period")
    with session.read() as con:
        conditions = records.conditions_of(session, con, "deal", query)
        data = deal_pages.forecast(session, con, conditions, span, by, _quota_owners(query))
    return Page(data, "deals:forecast", today)


def _quota_owners(query: Query) -> Sequence[str] | None:
    """The owners that a forecast is about, none for everybody; None where it is about less."""
    if query.where or any(field != "owner" for field, _, _ in query.filters):
        return None
    return [name.strip() for _, names, _ in query.filters for name in names.split(",")]


@noun.command("delete", examples=["acct deal delete 77c1 --yes"])
def delete(
    session: Session, deals: Deals, yes: Yes = False, output: Any = options.output()
) -> Done:
    """Delete deals with their items and history; `undo` brings them back."""
    return records.delete(session, "deal", deals, yes=yes)


Typed = Callable[["sqlite3.Connection", Row], Mapping[str, str | None]]
Says = Callable[[Row, Row], str]


def _enter(
    session: Session,
    deals: Sequence[str],
    typed: Typed,
    says: Says,
    verb: str,
    *,
    hint: Callable[[str, Row], str] | None = None,
) -> Done:
    """Bring deals into a stage, with what it decides.

    `typed` gives the fields of one deal as if they had been typed, `says` its
    sentence from how it was and how it is, `verb` the start of that of many.
    """
    names = session.names_given("deal", deals)
    known = session.fields("deal")
    with session.write() as tx:
        found = session.find_all(tx.con, "deal", names)
        sentences, hinted = [], ""
        for deal in found:
            row = queries.get(tx.con, "deal", known, deal.id)
            given = Given({}, {"closed_on": "--on", "amount": "--amount"}).plus(
                **typed(tx.con, row)
            )
            read = records.read_given(session, "deal", given, currency=row["currency"])
            if not store.update(tx, "deal", deal.id, _completed(session, read.values, row)):
                continue
            records.check_required(session, tx.con, "deal", deal.id)
            now = queries.get(tx.con, "deal", known, deal.id)
            sentences.append(says(row, now))
            if hint is not None:
                hinted = hint(lookup.short_ids(tx.con, "deal", [deal.id])[deal.id], now)
        sentence = " ".join(sentences) or "Nothing to change: it is so already."
        if len(sentences) > 3:
            sentence = f"{verb} {text.plural(len(sentences), 'deal')}."
        one = hinted if len(sentences) == 1 else ""
        return records.done(session, tx, "deal", [d.id for d in found], sentence, hint=one)


def _completed(session: Session, found: Mapping[str, Any], row: Row) -> dict[str, Any]:
    return pipeline.deal_values(found, row, session.config.stages, session.clock.today)


def _named(row: Row) -> str:
    return f'"{text.safe(row["title"])}"'


def _described(row: Row) -> str:
    """`"Platform rollout", 120,000 SGD`."""
    if row["amount"] is None:
        return _named(row)
    return f"{_named(row)}, {money.say(row['amount'], row['currency'])}"


def _closing(session: Session, row: Row) -> str:
    if row["closed_on"] is not None:
        outcome = "won" if row["category"] == "closed" else "lost"
        return f"{outcome} {_day(session, row['closed_on'])}"
    if row["close_date"] is not None:
        return f"closes {_day(session, row['close_date'])}"
    return f"at {row['stage']}, no close date"


def _when(session: Session, before: Row, after: Row) -> str:
    """The end of a sentence: `, Fri 20 Nov.`, if it was not today."""
    day = _day(session, after["closed_on"])
    ending = "." if day == "today" else f", {day}."
    moved = before["opened_on"] != after["opened_on"]
    return f"{ending} It counts as opened on that day." if moved else ending


def _day(session: Session, stored: str) -> str:
    return dates.say_day(dates.parse_iso_day(stored), session.clock.today)


def _purchase_hint(short: str, row: Row) -> str:
    import shlex

    amount = "AMOUNT"
    if row["amount"] is not None:
        currency = row["currency"]
        amount = f"{money.plain(row['amount'], currency)} --currency {currency}"
    account = shlex.quote(text.safe(row["account"]))
    return f"What they bought: acct purchase add {account} {amount} --deal {short}"
