"""Quotes: making one from a deal, its lines and its page.

A quote is made of the deal as it stands, and keeps everything that is printed on it, so that a
later change of the deal, a product or the settings changes no quote. `domain.quotes` computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import deals, outcomes, quote_lines, quote_sent, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.book.quote_versions import last_version, row_of, summed, versions
from acctcli.domain import quotes
from acctcli.domain.quotes import QuotedLine, QuoteTotals
from acctcli.errors import Conflict, Invalid
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row, Values
from acctcli.store import lookup, numbers, queries, records
from acctcli.values import addresses
from acctcli.values.dates import iso, parse_iso_day, say_day
from acctcli.values.fields import as_json, exact, known, number_text, read_field

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.quote import QuotedLineJson, QuotePage, QuoteTotalsJson
    from acctcli.shapes.records import QuoteJson, QuoteLineJson
    from acctcli.store.journal import Writing

COPIED = ("title", "contact", "recipient", "sender", "intro", "terms")
"""What a new version has from the one before, unless it is given."""

COPIED_LINE = (
    *("position", "product", "text", "quantity", "unit_price", "currency", "discount"),
    *("tax_rate", "starts_on", "ends_on", "recurring"),
)

LINE_OPTIONS = {
    "tax_rate": "--tax",
    "recurring": "--recurring",
    "starts_on": "--starts",
    "ends_on": "--ends",
}
"""The options of `acct deal quote` for all lines."""

OPEN = ("draft", "sent")
"""The statuses of a quote that nobody answered yet."""


class Quoted(Frozen):
    """A new quote: its id, a sentence about it, and what comes next."""

    id: str
    says: str
    hint: str


def add(
    context: Context,
    tx: Writing,
    deal_id: str,
    given: Given,
    of_lines: Mapping[str, str],
    *,
    copy: bool = False,
) -> Quoted:
    """Add a quote of a deal, or the next version of its quote.

    `of_lines` are the typed values for every line; with `copy`, the lines are those of the last
    version. Raises `Invalid` for a deal without amount, and for items without a price.
    """
    deal = queries.get(tx.con, "deal", context.fields("deal"), deal_id)
    if deal["closed_on"] is not None:
        raise Conflict(f"{outcomes.closed_already(context, deal)}. {outcomes.reopening(deal)}")
    last = last_version(tx.con, deal_id)
    if last is not None and (last["number"] is None or last["version"] is None):
        raise Invalid(
            f"the number of the last quote of {deals.named(deal)} cannot be read. "
            "Check with: acct db check"
        )
    if copy and last is None:
        raise Conflict(f"{deals.named(deal)} has no quote yet: leave out --copy")
    read = writing.read_given(context, "quote", given)
    typed = writing.read_given(context, "quote_line", Given(of_lines, LINE_OPTIONS)).values
    writing.resolve(tx.con, "quote", read.values, account_id=deal["account_id"])
    lines = _copied(tx.con, last, typed) if copy and last else _of_deal(context, tx, deal, typed)
    if "tax_rate" not in typed and not copy:
        usual = _usual_tax(context, tx.con, last)
        lines = [{**line, "tax_rate": usual} for line in lines]
    values: Values = {
        "title": deal["title"],
        "recipient": _address_of(context, tx.con, deal["account_id"]),
        "sender": _own_address(context),
        "terms": context.config["quote.terms"] or None,
        "valid_until": iso(
            context.clock.today + timedelta(days=context.config["quote.valid_days"])
        ),
    }
    if last is not None:
        values |= {name: last[_column(name)] for name in COPIED}
        values["sender"] = last["sender"] or _own_address(context)
    values |= read.values
    first = numbers.first_of(last["number"], last["version"]) if last else _new_number(context, tx)
    version = numbers.next_version(tx, first, last["version"]) if last else 1
    values |= {
        "number": numbers.of_version(first, version, numbers.series(tx)),
        "version": version,
        "deal": deal_id,
        "account": deal["account_id"],
        "currency": lines[0]["currency"],
    }
    id = records.insert(tx, "quote", values, read.custom)
    for place, line in enumerate(lines, 1):
        records.insert(tx, "quote_line", {**line, "quote": id, "position": place}, {}, typed=False)
    quote_lines.refresh(context, tx, id)
    before = ""
    if last is not None and last["status"] in OPEN:
        records.update(tx, "quote", last["id"], {"status": "superseded"})
        before = f" It supersedes {last['number']}."
    row = row_of(context, tx.con, id)
    until = say_day(parse_iso_day(row["valid_until"]), context.clock.today)
    valid = f", valid until {until}" if row["valid_until"] else ""
    count = text.plural(len(lines), "line")
    said = {
        quote_lines.say_term(line, context.clock.today) for line in quote_lines.rows(tx.con, id)
    }
    term = f" for {said.pop()}" if len(said) == 1 and said != {""} else ""
    says = (
        f"Quoted {deals.named(deal)} as {row['number']}: {count}{term}, {summed(row)}{valid}."
        f"{before}"
    )
    return Quoted(id, says, f"Look at it: acct quote show {row['number']}")


def _new_number(context: Context, tx: Writing) -> str:
    return numbers.next_quote(tx, context.config["quote.number"], context.clock.today.year)


def _column(name: str) -> str:
    """Return the key of a row under which the id of a reference is, or another value."""
    return f"{name}_id" if name in ("contact", "product") else name


def _address_of(context: Context, con: sqlite3.Connection, account_id: str) -> str:
    """Return the name and postal address of an account, a line each."""
    row = queries.get(con, "account", context.fields("account"), account_id)
    town = " ".join(filter(None, (row["postal_code"], row["city"])))
    country = addresses.country_name(row["country"]) if row["country"] else ""
    if town.endswith(country):
        country = ""  # 639918 Singapore
    lines = (row["name"], row["street"], town, row["region"], country)
    return "\n".join(line for line in dict.fromkeys(lines) if line)


def _own_address(context: Context) -> str | None:
    """Return the name and address of the seller from the settings, a line each."""
    config = context.config
    parts = (config["quote.sender"] or config["me.name"], *config["quote.address"].split(","))
    lines = [line.strip() for part in parts for line in part.splitlines()]
    return "\n".join(filter(None, lines)) or None


def _usual_tax(context: Context, con: sqlite3.Connection, last: Row | None) -> float | None:
    """Return the rate of every line of the last version, else that of the settings."""
    if last is not None:
        rates = {line["tax_rate"] for line in quote_lines.rows(con, last["id"])}
        return rates.pop() if len(rates) == 1 else None
    typed = context.config["quote.tax"]
    field = KINDS["quote_line"].fields["tax_rate"]
    rate = read_field(field, typed, context.reading, what="quote.tax") if typed else None
    return cast("float | None", rate)


def _of_deal(context: Context, tx: Writing, deal: Row, typed: Values) -> list[Values]:
    """Return the lines for the items of a deal; without items, one for its amount."""
    items = deals.items(tx.con, deal["id"])
    short = deal["id"][-lookup.TAIL :]
    if not items:
        if deal["amount"] is None:
            raise Invalid(
                f"{deals.named(deal)} has neither items nor an amount to quote. "
                f"Give it: acct deal edit {short} --amount"
            )
        whole = {"text": deal["title"], "unit_price": deal["amount"]}
        return [{**whole, "product": deal["product_id"], "currency": deal["currency"], **typed}]
    bare = [text.safe(item["product"]) for item in items if item["total"] is None]
    if bare:
        raise Invalid(
            f"{text.sentence_list(bare)} in {deals.named(deal)} has no price. "
            f"See the items: acct deal item {short}"
        )
    currencies = sorted({item["currency"] for item in items})
    if len(currencies) > 1:
        raise Invalid(
            f"the items of {deals.named(deal)} are in {' and '.join(currencies)}, "
            "and a quote is in one currency"
        )
    kept = ("quantity", "unit_price", "currency", "discount")
    return [
        {
            **{name: item[name] for name in kept},
            **{"text": item["product"], "product": item["product_id"]},
            **typed,
        }
        for item in items
    ]


def _copied(con: sqlite3.Connection, last: Row, typed: Values) -> list[Values]:
    return [
        {**{name: line[_column(name)] for name in COPIED_LINE}, **typed}
        for line in quote_lines.rows(con, last["id"])
    ]


def page(context: Context, con: sqlite3.Connection, id: str) -> QuotePage:
    """Return a quote with its lines, totals and versions."""
    fields = context.fields("quote")
    row = queries.get(con, "quote", fields, id, as_stored=True)
    lines = quote_lines.rows(con, id, as_stored=True)
    computed = quote_lines.computed(lines)
    today, until = context.clock.today, known(row["valid_until"])
    deal = queries.get(con, "deal", context.fields("deal"), row["deal_id"])
    return {
        **cast("QuoteJson", as_json(fields, row)),
        "standing": quotes.standing(row["status"], until, today),
        "deal_open": deal["closed_on"] is None,
        "lines": [
            _line_json(line, computed[place] if computed else None)
            for place, line in enumerate(lines)
        ],
        "sent_lines": quote_sent.otherwise(con, {**row, "sent_on": known(row["sent_on"])}),
        "totals": _totals_json(quotes.totals(computed), known(row["currency"]))
        if computed and known(row["currency"])
        else None,
        "versions": versions(context, con, row["deal_id"]),
    }


def _line_json(row: Row, line: QuotedLine | None) -> QuotedLineJson:
    currency = known(row["currency"])
    return {
        **cast("QuoteLineJson", as_json(KINDS["quote_line"].fields, row)),
        "before": exact(line.before, currency) if line else None,
        "net": exact(line.net, currency) if line else None,
    }


def _totals_json(found: QuoteTotals, currency: str) -> QuoteTotalsJson:
    return {
        "before": exact(found.before, currency),
        "discount": exact(found.discount, currency),
        "net": exact(found.net, currency),
        "taxes": [
            {
                "rate": number_text(one.rate),
                "net": exact(one.net, currency),
                "tax": exact(one.tax, currency),
            }
            for one in found.taxes
        ],
        "tax": exact(found.tax, currency),
        "gross": exact(found.gross, currency),
    }
