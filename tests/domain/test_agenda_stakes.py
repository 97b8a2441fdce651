from __future__ import annotations

from tests.domain.test_agenda import TODAY, day, deal, facts, order, term

from acctcli.config import Config
from acctcli.domain.agenda_stakes import stakes
from acctcli.domain.contracts import needs_someone

CONFIG = Config()
CONFIG.values["rates.base"] = "EUR"


def test_deals_contracts_and_late_orders_are_compared_by_their_worth() -> None:
    given = facts(
        deals=[
            deal(id="d", account_id="a", amount=200_00, currency="EUR")._replace(probability=50),
            deal(id="e", account_id="b", amount=50_00, currency="EUR")._replace(probability=100),
        ],
        contracts=[term(account_id="c", amount=25_00, currency="EUR", ends_on=day(9))],
        orders=[order(9, account_id="d", amount=75_00, currency="EUR")],
    )
    needing = [one for one in given.contracts if needs_someone(one, given.renewals, TODAY)]
    found = stakes(given, needing, CONFIG)
    assert {id: stake.share for id, stake in found.of_accounts.items()} == {
        "a": 1,
        "b": 0.5,
        "c": 0.25,
        "d": 0.75,
    }
    assert found.shares == {"d": 1, "e": 0.5}
