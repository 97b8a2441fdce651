"""Numbers that the program gives, each once."""

from __future__ import annotations

import pytest
from tests.store.making import add

from acctcli.store import numbers, records
from acctcli.store.journal import Writing

FORM = "Q-{year}-{number}"


@pytest.fixture
def refs(tx: Writing) -> dict[str, str]:
    account = add(tx, "account", name="Acme")
    return {"account": account, "deal": add(tx, "deal", account=account, title="Rollout")}


def test_a_quote_follows_the_last_of_its_year_and_form(tx: Writing, refs: dict[str, str]) -> None:
    assert numbers.next_quote(tx, FORM, 2026) == "Q-2026-0001"
    for number in ("Q-2026-0009", "Q-2026-0009-3", "Q-2025-0077", "X-2026-0100"):
        add(tx, "quote", number=number, custom=None, **refs)
    assert numbers.next_quote(tx, FORM, 2026) == "Q-2026-0010"
    assert numbers.next_quote(tx, FORM, 2027) == "Q-2027-0001"
    assert numbers.next_quote(tx, "{number}", 2026) == "0001"


def test_the_number_of_a_deleted_quote_is_not_given_again(
    tx: Writing, refs: dict[str, str]
) -> None:
    last = add(tx, "quote", number="Q-2026-0009-2", custom=None, **refs)
    records.delete(tx, "quote", last)
    assert numbers.next_quote(tx, FORM, 2026) == "Q-2026-0010"
    assert numbers.next_version(tx, "Q-2026-0009", 1) == 3
    assert numbers.next_version(tx, "Q-2026-0008", 4) == 5


def test_a_version_has_its_number_at_the_end() -> None:
    assert numbers.of_version("Q-2026-0001", 1) == "Q-2026-0001"
    assert numbers.of_version("Q-2026-0001", 12) == "Q-2026-0001-12"


def test_a_search_for_deleted_quotes_uses_an_index(tx: Writing) -> None:
    plan = " ".join(
        row[3]
        for row in tx.con.execute(
            "EXPLAIN QUERY PLAN SELECT before FROM change WHERE tbl = 'quote' AND op = 'delete'"
        )
    )
    assert "change_of_gone_quote" in plan


def test_the_first_number_of_a_quote_is_that_of_any_version() -> None:
    for own, said in (("A", "Q-2026-0007-2"), ("B", "Q-2026-0007-B2"), ("AB", "Q-2026-0007-AB2")):
        assert numbers.of_version("Q-2026-0007", 2, own) == said
        assert numbers.first_of(said, 2) == "Q-2026-0007"
    assert numbers.of_version("Q-2026-B0007", 1, "B") == "Q-2026-B0007"
    assert numbers.first_of("Q-2026-B0007", 1) == "Q-2026-B0007"
