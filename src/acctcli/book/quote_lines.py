"""The lines of a quote: reading, summing and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.book.quote_versions import summed
from acctcli.domain import quotes
from acctcli.domain.quotes import QuotedLine, QuoteTotals
from acctcli.errors import Conflict, Invalid, NotFound, UsageError
from acctcli.model import KINDS, Row, Values
from acctcli.store import conflicts, lookup, queries, records
from acctcli.values import dates
from acctcli.values.fields import known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

ALL = "all"
"""What names every line of a quote."""

SHOWN = (
    *("position", "text", "quantity", "unit_price", "discount", "tax_rate", "starts_on"),
    *("ends_on", "recurring"),
)
"""The fields that a list of lines shows."""


def rows(con: sqlite3.Connection, id: str, *, as_stored: bool = False) -> list[Row]:
    """Return the lines of a quote, in order."""
    listing = queries.Listing([queries.by_id("quote_id", id)])
    fields = KINDS["quote_line"].fields
    return queries.select(con, "quote_line", fields, listing, as_stored=as_stored)


def computed(lines: Sequence[Row]) -> list[QuotedLine] | None:
    """Return the lines for computing; None if a value of one cannot be read."""
    names = ("quantity", "unit_price", "discount", "tax_rate")
    found = []
    for line in lines:
        values = {name: known(line[name]) for name in names}
        lost = any(values[name] is None and line[name] is not None for name in names)
        if lost or values["quantity"] is None or values["unit_price"] is None:
            return None
        found.append(QuotedLine(**values))
    return found


def refresh(context: Context, tx: Writing, id: str) -> QuoteTotals:
    """Store the totals of a quote again, after a change of its lines."""
    row = queries.get(tx.con, "quote", context.fields("quote"), id)
    found = computed(rows(tx.con, id))
    if not found:
        raise Invalid(f"{row['number']} has no line that can be summed. Check with: acct db check")
    totals = quotes.totals(found)
    quotes.check(totals, row["currency"])
    values = {"net": totals.net, "tax": totals.tax, "gross": totals.gross}
    records.update(tx, "quote", id, values)
    return totals


def sum_anew(tx: Writing, id: str) -> None:
    """Store the totals that the lines of a quote add up to, and change nothing else."""
    stored = tx.read("quote", id)
    found = computed(rows(tx.con, id))
    if not stored or not found:
        return  # a quote without lines that can be summed shows none
    totals = quotes.totals(found)
    values = {"net": totals.net, "tax": totals.tax, "gross": totals.gross}
    differ = {name: value for name, value in values.items() if stored[name] != value}
    if differ:
        tx.revert("quote", id, differ)
        tx.touch("quote", [id])


def find(con: sqlite3.Connection, quote: Row, typed: str, *, whole: bool = False) -> list[Row]:
    """Return the line that is named by its place, its id or its text; `all` names every line.

    With `whole`, only by id or text: after a removal, the next line has the place.
    """
    there = rows(con, quote["id"])
    word, name = typed.strip().lower(), text.key(typed)
    if word == ALL and not whole:
        return there
    if not whole and word.isdecimal() and 0 < int(word) <= len(there):
        return [there[int(word) - 1]]
    found = [
        line
        for line in there
        if (len(word) >= lookup.TAIL and line["id"].endswith(word))
        or text.key(line["text"]) == name
    ]
    if len(found) == 1:
        return found
    number = quote["number"]
    how = f"{number} has {text.plural(len(there), 'line')}: acct quote line {number}"
    if whole and (word == ALL or word.isdecimal()):
        how = f"To remove a line, name its text or id. {how}"
    if found:
        raise Invalid(f"{text.quoted(typed)} matches {len(found)} lines. {how}")
    raise NotFound(f"no line {text.quoted(typed)}. {how}")


def change(context: Context, tx: Writing, quote: Row, found: Sequence[Row], given: Given) -> str:
    """Change lines of a draft; return a sentence, or "" if nothing changed."""
    changed: dict[str, None] = {}
    for line in found:
        values = _typed(context, tx, quote, given, stands=line)
        changed |= dict.fromkeys(records.update(tx, "quote_line", line["id"], values))
    if not changed:
        return ""
    whose = _called(found) if len(found) == 1 else text.plural(len(found), "line")
    what = ", ".join(name.replace("_", " ") for name in changed)
    days = _terms(context, tx.con, found) if {"starts_on", "ends_on"} & {*changed} else ""
    return f"Changed {what} of {whose} in {quote['number']}{days}: {_now(context, tx, quote)}."


def _terms(context: Context, con: sqlite3.Connection, found: Sequence[Row]) -> str:
    """Return the terms of some lines: ` (Fri 1 Jan to Fri 31 Dec)`."""
    ids = [line["id"] for line in found]
    listing = queries.Listing([queries.by_ids("id", ids)])
    lines = queries.select(con, "quote_line", KINDS["quote_line"].fields, listing)
    said = {say_term(line, context.clock.today): None for line in lines}
    terms = text.sentence_list([one for one in said if one], 3)
    return f" ({terms})" if terms else ""


def say_term(line: Row, today: date) -> str:
    """Return the term of a line: `Fri 1 Jan to Fri 31 Dec`; "" without one."""
    starts, ends = line["starts_on"], line["ends_on"]
    if ends:
        return dates.say_days(starts, ends, today)
    return f"from {dates.say_day(dates.parse_iso_day(starts), today)}" if starts else ""


def _called(found: Sequence[Row]) -> str:
    return text.sentence_list([text.quoted(line["text"]) for line in found], 3)


def _now(context: Context, tx: Writing, quote: Row) -> str:
    """Store the new totals; return them in words."""
    found = refresh(context, tx, quote["id"])
    return summed({**quote, "gross": found.gross, "tax": found.tax})


def add(context: Context, tx: Writing, quote: Row, given: Given) -> str:
    """Add a line to a draft; return a sentence."""
    values = _typed(context, tx, quote, given)
    if "unit_price" not in values:
        raise UsageError("a new line needs its price: give --unit-price")
    there = rows(tx.con, quote["id"])
    if "tax_rate" not in values and len({line["tax_rate"] for line in there}) == 1:
        values["tax_rate"] = there[0]["tax_rate"]
    place = max((line["position"] for line in there), default=0) + 1
    values |= {"quote": quote["id"], "position": place, "currency": quote["currency"]}
    records.insert(tx, "quote_line", values, {})
    added = text.quoted(values["text"])
    return f"Added {added} to {quote['number']}: {_now(context, tx, quote)}."


def remove(context: Context, tx: Writing, quote: Row, found: Sequence[Row]) -> str:
    """Remove lines of a draft; return a sentence. Raises `Conflict` for the last one."""
    if len(found) == len(rows(tx.con, quote["id"])):
        raise Conflict(
            f"{quote['number']} needs a line. To remove the quote: "
            f"acct quote delete {quote['number']}"
        )
    for line in found:
        records.delete(tx, "quote_line", line["id"])
    return f"Removed {_called(found)} from {quote['number']}: {_now(context, tx, quote)}."


def _typed(
    context: Context, tx: Writing, quote: Row, given: Given, stands: Row | None = None
) -> Values:
    currency = quote["currency"]
    read = writing.read_given(context, "quote_line", given, currency=currency, stands=stands)
    values = read.values
    if values.pop("currency", currency) != currency:
        raise Invalid(f"--unit-price: {quote['number']} is in {currency}")
    writing.resolve(tx.con, "quote_line", values)
    return values


def of_draft(context: Context, tx: Writing, id: str) -> Row:
    """Return a quote whose lines may change. Raises `Conflict` if it was sent."""
    conflicts.refuse_sealed(tx, id)
    return queries.get(tx.con, "quote", context.fields("quote"), id)


def purchases(con: sqlite3.Connection, quote: Row) -> list[Values]:
    """Return what each line of an accepted quote becomes as a purchase, with its term.

    Raises `Invalid` if a value cannot be read.
    """
    lines = rows(con, quote["id"])
    amounts = computed(lines)
    if not amounts or quote["currency"] is None:
        raise Invalid(f"a value of {quote['number']} cannot be read. Check with: acct db check")
    found = []
    for line, amount in zip(lines, amounts, strict=True):
        part: Values = {
            "product": line["product_id"],
            "quantity": line["quantity"],
            "amount": amount.net,
            "currency": quote["currency"],
            "tax_rate": line["tax_rate"],
        }
        if line["recurring"] != "none":
            part["recurring"] = line["recurring"]
        part |= {name: line[name] for name in ("starts_on", "ends_on") if line[name]}
        found.append(part)
    return found


def has_terms(con: sqlite3.Connection, quote: Row) -> bool:
    """Whether a line of a quote says for how long it is, or how often it recurs."""
    return any(
        line["recurring"] != "none" or line["starts_on"] or line["ends_on"]
        for line in rows(con, quote["id"])
    )
