"""One total of several currencies: exact, and none at all while a rate is missing."""

from __future__ import annotations

from acctcli.domain.rates import Total, total


def test_a_total_is_in_the_base_currency() -> None:
    found = total({"SGD": 1000, "EUR": 1000, "JPY": 1000}, "SGD", {"EUR": "1.45", "JPY": "0.009"})
    assert found == Total("SGD", 1000 + 1450 + 900, [])


def test_while_a_rate_is_missing_there_is_none() -> None:
    found = total({"SGD": 1, "USD": 1, "EUR": 1}, "SGD", {"EUR": "1.45"})
    assert found == Total("SGD", None, ["USD"])


def test_where_there_is_nothing_to_convert_nothing_is_said() -> None:
    assert total({"SGD": 1}, "SGD", {}) is None
    assert total({"SGD": 1, "EUR": 1}, "", {}) is None
    assert total({}, "SGD", {}) is None
