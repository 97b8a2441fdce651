from __future__ import annotations

from acctcli.domain.quotes import ANSWER
from acctcli.model import KINDS, QUOTE_STATUSES, Quote, QuoteLine


def test_a_quote_begins_as_a_draft_of_version_1() -> None:
    quote = Quote(id="q", number="Q-2026-0001")
    assert (quote.status, quote.version) == ("draft", 1)
    assert quote.status in QUOTE_STATUSES


def test_what_the_program_decides_has_no_option() -> None:
    fixed = {name for name, field in Quote.fields.items() if field.fixed}
    assert {*ANSWER} - fixed == {"reason"}, "a reason may be put in other words"
    assert {"number", "version", "net", "tax", "gross", "currency"} <= fixed
    assert QuoteLine.fields["position"].fixed


def test_fields_of_quotes_came_with_version_7() -> None:
    for kind in ("quote", "quote_line"):
        own = [f.came for n, f in KINDS[kind].fields.items() if n not in ("id", *STAMPS)]
        assert set(own) == {7}


STAMPS = ("created_at", "updated_at")
