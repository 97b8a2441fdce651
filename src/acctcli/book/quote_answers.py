"""Sending a quote, and its answer: accepted or declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import outcomes, quote_sent, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.book.quote_versions import last_version, row_of, summed
from acctcli.domain.pipeline import LOST
from acctcli.errors import Conflict, Invalid
from acctcli.model import KINDS, Row, Values
from acctcli.store import queries, records
from acctcli.values import dates
from acctcli.values.dates import in_full, iso, parse_iso_day, say_day
from acctcli.values.fields import read_field

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


def send(context: Context, tx: Writing, id: str, on: str | None, valid: str | None) -> str:
    """Mark a draft as sent, and log it; return a sentence. Raises `Conflict` for others."""
    quote = row_of(context, tx.con, id)
    if quote["status"] != "draft":
        raise Conflict(f"{quote['number']} is {_stands(context, quote)}: only a draft can be sent")
    today = context.clock.today
    typed = {"at": on} if on is not None else {}
    at = writing.read_given(context, "log", Given(typed, {"at": "--on"})).values.get("at", tx.now)
    sent_on = dates.day_of(dates.parse_iso_moment(at))
    if valid is not None:
        given = Given({"valid_until": valid}, {"valid_until": "--valid"})
        until = writing.read_given(context, "quote", given, stands=quote).values
        records.update(tx, "quote", id, until)
        quote = row_of(context, tx.con, id)
    until = quote["valid_until"]
    if until is not None and until < iso(max(sent_on, today)):
        raise Invalid(
            f"{quote['number']} was valid until {in_full(until)}. Give it another day: "
            f"acct quote send {quote['number']} --valid 30d"
        )
    records.update(tx, "quote", id, {"status": "sent", "sent_on": iso(sent_on)})
    ends = f", valid until {say_day(parse_iso_day(until), today)}" if until else ""
    log: Values = {
        "body": quote_sent.printed(tx.con, quote),
        "account": quote["account_id"],
        "kind": "proposal",
        "direction": "out",
        "at": at,
        "summary": f"Sent quote {quote['number']}: {summed(quote)}"
        + (f", valid until {until}" if until else ""),
        "deal": quote["deal_id"],
        "contacts": (quote["contact_id"],) if quote["contact_id"] else (),
    }
    _log(tx, log, quote_sent.proposal_id(quote, iso(sent_on)))
    when = "" if sent_on == today else f" {_on(sent_on, today)}"
    to = f" to {text.safe(quote['contact'])}" if quote["contact"] else ""
    return f"Sent {quote['number']}{to}{when}: {summed(quote)}{ends}. Logged as a proposal."


def _log(tx: Writing, log: Values, id: str) -> None:
    """Log the sending; one that was kept when the status of the quote was undone says it anew."""
    if tx.read("log", id) is not None:
        records.update(tx, "log", id, log)
        return
    if tx.rules is not None:
        log = tx.rules.complete("log", log, {})  # with an id it would pass for one of long ago
    records.insert(tx, "log", {**log, "id": id}, {})


def answerable(context: Context, con: sqlite3.Connection, id: str) -> Row:
    """Return a quote that waits for an answer. Raises `Conflict` for any other."""
    quote = row_of(context, con, id)
    number = quote["number"]
    match quote["status"]:
        case "sent":
            return quote
        case "draft":
            raise Conflict(f"{number} was not sent yet. Send it first: acct quote send {number}")
        case "superseded":
            newest = last_version(con, quote["deal_id"])
            by = f" by {newest['number']} ({newest['status']})" if newest else ""
            raise Conflict(f"{number} was superseded{by}")
    raise Conflict(f"{number} is {_stands(context, quote)}")


def acceptable(context: Context, con: sqlite3.Connection, id: str) -> tuple[Row, Row]:
    """Return a quote that waits for an answer, and its deal. Raises `Conflict` if that was lost."""
    quote = answerable(context, con, id)
    deal = queries.get(con, "deal", context.fields("deal"), quote["deal_id"])
    if outcomes.outcome(deal) == LOST:
        raise Conflict(f"{outcomes.closed_already(context, deal)}. {outcomes.reopening(deal)}")
    if quote["net"] is None or quote["currency"] is None:
        raise Invalid(f"the total of {quote['number']} cannot be read. Check with: acct db check")
    return quote, deal


def _stands(context: Context, quote: Row) -> str:
    """Return `accepted already, on Fri 27 Nov`."""
    day = quote["answered_on"] or quote["sent_on"]
    on = f" ({_on(parse_iso_day(day), context.clock.today)})" if day else ""
    return f"{quote['status']} already{on}"


def _on(day: date, today: date) -> str:
    """Return `on Fri 20 Nov`, or `yesterday`."""
    said = say_day(day, today)
    return said if said in ("today", "yesterday") else f"on {said}"


def answer(
    context: Context,
    tx: Writing,
    quote: Row,
    status: str,
    *,
    on: str | None = None,
    reason: str | None = None,
) -> str:
    """Store the answer to a quote; return its day. Raises `Invalid` for a day that cannot be."""
    today = context.clock.today
    day = iso(today)
    if on is not None:
        field = KINDS["quote"].fields["answered_on"]
        day = str(read_field(field, on, context.reading, what="--on"))
    if quote["sent_on"] and day < quote["sent_on"]:
        sent = say_day(parse_iso_day(quote["sent_on"]), today)
        said = say_day(parse_iso_day(day), today)
        raise Invalid(f"--on: {said} is before {quote['number']} was sent ({sent})")
    values = {"status": status, "answered_on": day, "reason": reason}
    records.update(tx, "quote", quote["id"], values)
    return day


def though_expired(context: Context, quote: Row, day: str) -> str:
    """Return `, although it was valid only until Fri 20 Nov`; empty for an answer in time."""
    until = quote["valid_until"]
    if until is None or day <= until:
        return ""
    said = say_day(parse_iso_day(until), context.clock.today)
    return f", although it was valid only until {said}"


def though_changed(con: sqlite3.Connection, quote: Row) -> str:
    """Return a sentence about a quote whose lines are not those that the customer got, or ""."""
    got = quote_sent.otherwise(con, quote)
    if not got:
        return ""
    return (
        "Its lines are not those that the customer got. Those were: "
        f"{text.sentence_list(got, len(got))}."
    )


def deal_of(con: sqlite3.Connection, id: str) -> str:
    """Return the id of the deal of a quote."""
    row = queries.get(con, "quote", KINDS["quote"].fields, id)
    return str(row["deal_id"])


def bring_back(context: Context, tx: Writing, deal_ids: Sequence[str]) -> list[str]:
    """Undo what deleted versions superseded; return the numbers that are open again."""
    back = []
    for deal_id in dict.fromkeys(deal_ids):
        last = last_version(tx.con, deal_id)
        if last is not None and last["status"] == "superseded":
            status = "sent" if last["sent_on"] else "draft"
            records.update(tx, "quote", last["id"], {"status": status})
            back.append(str(last["number"]))
    return back
