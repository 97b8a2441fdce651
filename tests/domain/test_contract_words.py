from __future__ import annotations

from datetime import date
from typing import Any

from acctcli.domain import contract_words
from acctcli.domain.contracts import ContractFacts, RenewalDeal, contracts

TODAY = date(2026, 11, 22)
WORDS: dict[str, Any] = {
    **{"id": "c", "account_id": "a", "product_id": "p", "product": "Seats", "amount": 4_800_000},
    **{"currency": "GBP", "starts_on": date(2025, 11, 17), "ends_on": date(2026, 11, 16)},
    **{"recurring": "yearly", "renews_id": None, "alone": False, "notice_days": None},
    **{"auto_renews": False, "closed": False},
}
FACTS = ContractFacts(**WORDS)


def test_a_contract_that_lapsed_asks_to_be_renewed() -> None:
    (one,) = contracts([FACTS])
    said = "48k GBP contract for Seats lapsed since Mon 16 Nov (6 days), 1 more"
    assert contract_words.reason(one, 6, ["1 more"], TODAY) == said
    said = "48k GBP contract lapsed since Mon 16 Nov"
    assert contract_words.brief(one, 6, TODAY) == (said, "", "6 days")
    asked = contract_words.command(one, "Acme", "acme", {"c": "3f9a"}, TODAY)
    assert asked == "acct purchase renew 3f9a"


def test_a_contract_whose_renewal_was_lost_asks_to_be_dismissed() -> None:
    deal = RenewalDeal("d", "Renewal", "a", None, None, "2026-11-10", lost=True)
    (one,) = contracts([FACTS], deals={"a": [deal]})
    said = "48k GBP contract for Seats ended Mon 16 Nov (6 days ago), its renewal was lost"
    assert contract_words.reason(one, 6, [], TODAY) == said
    said = "48k GBP contract ended Mon 16 Nov"
    assert contract_words.brief(one, 6, TODAY) == (said, "", "its renewal was lost")
    asked = contract_words.command(one, "Acme", "acme", {"c": "3f9a"}, TODAY)
    assert asked == "acct purchase edit 3f9a --lapsed-ok"
