"""The contracts of the sample book, with its settings."""

from __future__ import annotations

from datetime import timedelta

from acctcli.book import contracts
from acctcli.book.context import Context
from acctcli.config import Config
from acctcli.domain.contracts import ContractRules, needs_someone
from acctcli.store import queries


def test_the_settings_are_the_rules() -> None:
    assert contracts.rules(Config()) == ContractRules()


def test_what_needs_somebody_is_found_among_the_few(sample: Context) -> None:
    today = sample.clock.today
    with sample.read() as con:
        whole = contracts.read(con, sample.config)
        few = contracts.ending(con, sample.config, today + timedelta(days=90))
        none = contracts.read(con, sample.config, [queries.by_id("id", "x")])
    assert none.known == []
    assert 0 < len(few.known) < len(whole.known)
    due = [one.facts.id for one in whole.known if needs_someone(one, whole.deals, today)]
    assert due
    assert due == [one.facts.id for one in few.known if needs_someone(one, few.deals, today)]
    assert all(few.deal_for(one) is None for one in few.known if one.facts.id in due)
    assert any(whole.deal_for(one) for one in whole.known)
