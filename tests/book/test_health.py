"""The health of accounts, read from the sample book and judged."""

from __future__ import annotations

from typing import Any

from acctcli.book import health
from acctcli.book.context import Context
from acctcli.store import queries, records
from acctcli.store.facts.health import Past
from acctcli.store.queries import SOLD_TO


def test_one_account_is_judged_as_among_all(sample: Context) -> None:
    with sample.read() as con:
        every = health.several(sample, con, [SOLD_TO])
        for judged in every[:5]:
            alone = health.one(sample, con, judged.account.id)
            assert alone.facts == judged.facts
            assert alone.health == judged.health
            assert alone.change == judged.change


def test_the_list_has_the_worst_first_and_the_unknown_last(sample: Context) -> None:
    with sample.write() as tx:
        records.insert(tx, "account", {"name": "AAA", "status": "prospect"}, {})
    with sample.read() as con:
        rows = health.rows(health.several(sample, con, [queries.NOT_ARCHIVED, SOLD_TO]))
    scores = [row["health"] for row in rows]
    known = [score for score in scores if score is not None]
    assert known == sorted(known)
    assert scores == [*known, *[None] * (len(scores) - len(known))]
    assert all(row.keys() == {"id", "account_id", *health.FIELDS} for row in rows)


def test_the_page_has_what_the_reviews_kept(sample: Context) -> None:
    with sample.read() as con:
        judged = health.one(sample, con, sample.find(con, "account", "greentech ltd").id)
    page: Any = health.page(judged)
    assert page["name"] == "GreenTech Ltd"
    assert page["last_review"] == page["trend"][-1]
    assert page["change"] == judged.change == page["score"] - page["last_review"]["health"]


def test_what_a_review_keeps_is_read_again() -> None:
    past = Past("1", "2026-11-01", 70, "touch=62 promises=100 made=up none")
    assert past.scores == {"touch": 62, "promises": 100}


def test_contracts_count_by_what_they_bring_a_year(sample: Context) -> None:
    """Three years that were paid at once are a third each year, and no growth after that."""
    with sample.write() as tx:
        account = records.insert(tx, "account", {"name": "Zenith", "status": "customer"}, {})
        contract: dict[str, Any] = {"account": account, "currency": "SGD", "recurring": "yearly"}
        contract |= {"amount": 3_000_000, "purchased_on": "2025-01-01"}
        contract |= {"starts_on": "2025-01-01", "ends_on": "2027-12-31"}
        records.insert(tx, "purchase", contract, {})
    with sample.read() as con:
        facts = health.one(sample, con, account).facts
    assert [(one.year, one.before) for one in facts.spending] == [(1_000_000, 1_000_000)]
    assert [(term.window, term.renewing) for term in facts.terms] == [(None, False)]


def test_a_contract_that_lapsed_is_remembered_until_it_is_let_go(sample: Context) -> None:
    with sample.write() as tx:
        account = records.insert(tx, "account", {"name": "Zenith", "status": "customer"}, {})
        contract: dict[str, Any] = {"account": account, "currency": "SGD", "recurring": "yearly"}
        contract |= {"amount": 1_000, "purchased_on": "2025-03-01"}
        contract |= {"starts_on": "2025-03-01", "ends_on": "2026-02-28"}
        id = records.insert(tx, "purchase", contract, {})

    def scores() -> dict[str, float | None]:
        with sample.read() as con:
            reasons = health.one(sample, con, account).health.reasons
        return {reason.code: reason.score for reason in reasons}

    assert (scores()["renewals"], scores()["purchases"]) == (0, 0)
    with sample.write() as tx:
        records.update(tx, "purchase", id, {"lapsed_ok": 1})
    assert (scores()["renewals"], scores()["purchases"]) == (None, 0)
