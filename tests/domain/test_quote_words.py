from __future__ import annotations

from datetime import date

import pytest

from acctcli.domain import quote_words
from acctcli.domain.agenda_facts import QuoteFacts

TODAY = date(2026, 11, 22)
QUOTE = QuoteFacts("q", "a", "Q-2026-0001", "2026-11-26", 2_978_970, "SGD")


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 11, 26), "valid until Thu 26 Nov"),
        (TODAY, "valid until today"),
        (date(2026, 11, 21), "expired yesterday"),
    ],
)
def test_a_quote_is_said_with_its_last_day(until: date, said: str) -> None:
    reason = quote_words.reason(QUOTE, until, TODAY)
    assert reason == f"Quote Q-2026-0001 for 29.8k SGD has no answer, {said}"
    assert quote_words.brief(QUOTE, until, TODAY) == (
        *("Quote Q-2026-0001", " for 29.8k SGD, no answer", said),
    )


def test_without_a_total_none_is_said() -> None:
    bare = QuoteFacts("q", "a", "Q-2026-0001", "2026-11-26", None, "SGD")
    assert quote_words.reason(bare, TODAY, TODAY) == (
        "Quote Q-2026-0001 has no answer, valid until today"
    )
