"""A quote as a document to print or to send, in the words of the seller."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from acctcli.render import quotes as words
from acctcli.render.html import document

if TYPE_CHECKING:
    from acctcli.shapes.quote import QuoteDocument


def quote(data: QuoteDocument, today: date) -> str:
    """Return the quote as it was sent; a draft has the day `today`."""
    totals = list(words.sums(data["totals"])) if data["totals"] else []
    logo = data.get("logo")
    return document.made(
        "quote.html",
        data,
        today,
        data["title"],
        f"Quote {data['number']}",
        day=data["sent_on"] or today.isoformat(),
        totals=totals,
        no_totals=words.NO_TOTALS,
        logo=Markup(logo) if logo else None,
        money=words.money,
        term=words.term,
        discount=words.discount,
    )
