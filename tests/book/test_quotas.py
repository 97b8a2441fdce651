"""Which currencies a quota needs a rate for, and whose chance is asked."""

from __future__ import annotations

import pytest

from acctcli.book import quotas
from acctcli.config import Config, Quota
from acctcli.domain.targets import Target


def config(base: str, **rates: str) -> Config:
    found = Config()
    found.values["rates.base"] = base
    found.rates = rates
    found.quota = Quota("SGD", {None: 500})
    return found


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        (config("SGD", EUR="1.5"), ["USD"]),
        (config("SGD", EUR="1.5", USD="1.3"), []),
        # Rates into another currency do not help with the quota's.
        (config("USD", EUR="1.1", SGD="0.7"), ["EUR", "USD"]),
        (config(""), ["EUR", "USD"]),
    ],
)
def test_a_quota_needs_a_rate_for_every_other_currency(
    settings: Config, missing: list[str]
) -> None:
    assert quotas.without_rate(settings, ["SGD", "USD", "EUR", None]) == missing


def test_the_chance_is_of_everybody_or_of_the_one_owner_asked_for() -> None:
    def target(*lines: Target) -> tuple[int, str] | None:
        return quotas.target_of(quotas.Held("SGD", None, [], lines, None, None))

    everybody, kim, lee = Target(None, 500, 0), Target("Kim", 200, 0), Target("Lee", 300, 0)
    assert target(everybody, kim, lee) == (500, "SGD")
    assert target(kim) == (200, "SGD")
    assert target(kim, lee) is None
    assert target() is None
