"""What a customer got with a quote: the interaction of its sending keeps the lines as they were.

On another machine somebody may have changed the lines of the draft before they heard that it was
sent. No machine can tell that from the quote itself; all of them can from this text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from acctcli import ids, text
from acctcli.book import quote_lines
from acctcli.model import Row
from acctcli.store import remembered
from acctcli.values import money
from acctcli.values.fields import number_text

if TYPE_CHECKING:
    import sqlite3


def proposal_id(quote: Row, day: str) -> str:
    """Return the id of the interaction that says that a quote was sent on a day.

    It is made of both, so a quote that two machines sent on one day is one proposal.
    """
    return ids.fact_id("log", quote["id"], day)


def printed(con: sqlite3.Connection, quote: Row) -> str:
    """Return the lines of a quote as the interaction keeps them, a line of text each.

    Older interactions are compared with it, so its form must not change.
    """
    return "\n".join(
        f"{place}. {_line(line)}"
        for place, line in enumerate(quote_lines.rows(con, quote["id"]), 1)
    )


def _line(line: Row) -> str:
    price = line["unit_price"]
    said = [text.safe(line["text"])]
    if line["quantity"] is not None and price is not None and line["currency"]:
        said = [
            f"{said[0]}: {number_text(line['quantity'])} x {money.say(price, line['currency'])}"
        ]
    said += [f"less {number_text(line['discount'])} %"] if line["discount"] else []
    said += [f"tax {number_text(line['tax_rate'])} %"] if line["tax_rate"] is not None else []
    said += [line["recurring"]] if line["recurring"] not in (None, "none") else []
    days = [f"from {line['starts_on']}"] if line["starts_on"] else []
    days += [f"until {line['ends_on']}"] if line["ends_on"] else []
    return ", ".join([*said, *filter(None, [" ".join(days)])])


def otherwise(con: sqlite3.Connection, quote: Row) -> list[str]:
    """Return the lines that the customer got if the quote has others now, else none."""
    if quote["status"] == "draft" or not quote["sent_on"]:
        return []
    log = remembered.current_row(con, "log", proposal_id(quote, quote["sent_on"]))
    got = str(log["body"] or "") if log else ""
    return got.split("\n") if got and got != printed(con, quote) else []


def late(con: sqlite3.Connection, quotes: Iterable[str]) -> Iterator[str]:
    """Say which of some quotes (ids) have other lines than the customer got."""
    for id in quotes:
        quote = remembered.current_row(con, "quote", id)
        if quote and otherwise(con, quote):
            number = text.safe(quote["number"])
            yield (
                f"{number} was sent, and has other lines than the customer got: one machine "
                f"changed them while another sent it. Compare: acct quote show {number}"
            )
