"""One probability for one deal: on its page, on that of its account, and in the forecast."""

from __future__ import annotations

import pytest
from tests.conftest import Program

from acctcli.book import chances
from acctcli.book.context import Context


def test_the_pages_and_the_forecast_have_one_probability(sample: Context) -> None:
    with sample.read() as con:
        by_deal = chances.of_open_deals(sample, con)
        known = chances.histories(sample, con)
    open_ones = {one.deal.id for one in known if one.deal.closed_on is None}
    assert set(by_deal) == open_ones
    assert all(0 <= chance <= 1 for chance in by_deal.values())
    assert chances.in_percent(by_deal, "nothing") is None


def test_one_probability_on_all_screens(run: Program) -> None:
    run("account", "add", "GreenTech")
    for number in range(6):
        run("deal", "add", "greentech", f"Won {number}", "--amount", "1k", "--stage", "proposal")
        run("deal", "win", f"won {number}")
    run("deal", "add", "greentech", "Rollout", "--amount", "100k", "--close", "eoq")
    run("deal", "edit", "rollout", "--stage", "proposal")
    deal = run("deal", "show", "rollout", "-f", "json").json()
    (on_account,) = run("account", "show", "greentech", "-f", "json").json()["deals"]
    forecast = run("deal", "forecast", "--period", "all", "-f", "json").json()
    (rate,) = [
        one["percent"] for one in forecast["win_rates"][0]["stages"] if one["stage"] == "proposal"
    ]
    assert deal["probability"] == 60
    assert deal["win_rate"] == on_account["win_rate"] == pytest.approx(rate)
    said = f" · {deal['win_rate']:.0f} % · best case"
    assert said in run("deal", "show", "rollout").out
    run("deal", "edit", "rollout", "--probability", "45")
    assert " · 45 % · best case" in run("deal", "show", "rollout").out
    run("deal", "win", "rollout")
    assert run("deal", "show", "rollout", "-f", "json").json()["win_rate"] is None
