"""Quotas in sentences: which rate is missing, and how sure a chance is."""

from __future__ import annotations

from typing import Any

import pytest

from acctcli.render import quotas


def quota(**reach: Any) -> Any:
    line = {
        "owner": None,
        "quota": "500.00",
        "closed": "400.00",
        "deals": 1,
        "share": 80.0,
        "gap": "100.00",
    }
    known = {
        **{"chance": 62.4, "weighted_open": "50.00", "coverage": 0.5, "gap_deals": 1},
        **{"to_create": "120.00"},
        **reach,
    }
    return {
        **{"currency": "SGD", "base": None, "without_rate": [], "attainment": [line]},
        **{"reach": known, "creation": None},
    }


@pytest.mark.parametrize(
    ("chance", "said"), [(0.4, "Below 1 %"), (99.7, "Above 99 %"), (62.4, "62 %"), (0, "0 %")]
)
def test_what_is_nearly_certain_is_not_called_so(chance: float, said: str) -> None:
    first, _ = quotas.opening(quota(chance=chance), "Q4 2026")
    assert first == (
        f"{said} chance to reach the quota of 500 SGD in Q4 2026: 400 closed in 1 deal (80 %), "
        "100 to go, 1 deal of the usual size."
    )


def test_what_nobody_can_say_is_left_out() -> None:
    first, second = quotas.opening(quota(gap_deals=None, to_create=None), "Q4 2026")
    assert first.endswith("100 to go.")
    assert second == "Open deals cover 0.5 times the gap: 50 weighted."
    assert quotas.opening(None, "Q4 2026") == []


def test_the_rate_that_is_missing_is_named_with_its_command() -> None:
    said = "No attainment of a quota in SGD without a rate for EUR and USD: acct config set "
    assert quotas.refused("SGD", ["EUR", "USD"], "SGD") == f"{said}rates.EUR"
    assert quotas.refused("SGD", ["EUR", "USD"], None) == f"{said}rates.base SGD"
