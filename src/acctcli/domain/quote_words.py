"""A quote without an answer in words, for the agenda."""

from __future__ import annotations

from datetime import date

from acctcli.domain.agenda_facts import QuoteFacts
from acctcli.values import money
from acctcli.values.dates import say_day


def reason(quote: QuoteFacts, until: date, today: date) -> str:
    """Return `Quote Q-2026-0001 for 12k SGD has no answer, valid until Fri 4 Dec`."""
    return f"Quote {quote.number}{_worth(quote)} has no answer, {_valid(until, today)}"


def brief(quote: QuoteFacts, until: date, today: date) -> tuple[str, str, str]:
    """Return the same in few words: what may be clipped, what may not, and the days."""
    return f"Quote {quote.number}", f"{_worth(quote)}, no answer", _valid(until, today)


def _worth(quote: QuoteFacts) -> str:
    if quote.gross is None or quote.currency is None:
        return ""
    return f" for {money.short(quote.gross, quote.currency)} {quote.currency}"


def _valid(until: date, today: date) -> str:
    verb = "expired" if until < today else "valid until"
    return f"{verb} {say_day(until, today)}"
