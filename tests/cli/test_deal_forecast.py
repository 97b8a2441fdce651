"""`acct deal forecast`: what a period brings, against quota, and what it became."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.cli.dealing import add_accounts, add_eventful, add_several, rollout
from tests.conftest import Program


@pytest.fixture(autouse=True)
def accounts(run: Program) -> None:
    add_accounts(run)


@pytest.fixture
def eventful(run: Program) -> None:
    add_eventful(run)


@pytest.fixture
def several(run: Program) -> None:
    add_several(run)


@pytest.mark.usefixtures("several")
def test_the_forecast_of_this_quarter_as_data(run: Program) -> None:
    found = run("deal", "forecast", "-f", "json").json()
    assert found["period"]["label"] == "Q4 2026"
    assert found["totals"] == [
        {"currency": "USD", "count": 2, "amount": 15000, "weighted": 9600},
        {"currency": "SGD", "count": 1, "amount": 120000, "weighted": 72000},
    ]
    assert [(c["category"], c["currency"], c["amount"]) for c in found["categories"]] == [
        ("closed", "USD", 9000),
        ("best-case", "SGD", 120000),
        ("pipeline", "USD", 6000),
    ]
    assert [s["stage"] for s in found["stages"]] == ["prospecting", "proposal", "won"]
    assert (found["by"], found["groups"], found["converted"]) == (None, [], None)
    assert found["left_out"] == {"past": [], "undated": [], "without_amount": 0}


@pytest.mark.usefixtures("several")
def test_the_forecast_by_owner_tier_and_month(run: Program) -> None:
    def groups(by: str) -> list[tuple[str | None, int]]:
        words = ("--by", by, "--period", "all", "-f", "json")
        found = run("deal", "forecast", *words).json()["groups"]
        return [(group[by], group["count"]) for group in found]

    assert groups("owner") == [("Kim", 1), (None, 2)]
    assert groups("tier") == [("strategic", 1), ("key", 2)]
    assert groups("month") == [("2026-10", 1), ("2026-11", 1), ("2026-12", 1)]
    assert groups("quarter") == [("2026-Q4", 1), ("2026-Q4", 2)]  # a line a currency


@pytest.mark.usefixtures("several")
def test_one_total_for_all_needs_every_rate(run: Program, home: Path) -> None:
    configure(home, '[rates]\nbase = "SGD"\n')
    found = run("deal", "forecast", "-f", "json").json()["converted"]
    assert (found["amount"], found["without_rate"]) == (None, ["USD"])
    assert "acct config set rates.USD RATE" in run("deal", "forecast").out
    configure(home, '[rates]\nbase = "SGD"\nUSD = 1.3\ndate = "2026-11-01"\n')
    found = run("deal", "forecast", "-f", "json").json()["converted"]
    assert found == {
        **{"currency": "SGD", "amount": 139500, "weighted": 84480},
        **{"rates_of": "2026-11-01", "without_rate": []},
    }
    page = run("deal", "forecast").out
    assert "Total 84,480 SGD weighted, of 139,500 SGD (rates of 2026-11-01)" in page


@pytest.mark.usefixtures("several")
def test_what_the_forecast_leaves_out_is_said(run: Program) -> None:
    found = run("deal", "forecast", "--period", "dec 2026", "-f", "json").json()
    assert found["left_out"]["past"] == [
        {"currency": "USD", "count": 1, "amount": 6000, "weighted": 600}
    ]
    page = run("deal", "forecast", "--period", "dec 2026", env={"COLUMNS": "200"}).out
    assert "Close date before the period: 1 deal, 6,000 USD. See: acct deal list --open" in page


def test_the_page_of_a_forecast(run: Program) -> None:
    rollout(run)
    run("deal", "add", "kan", "Done", "--amount", "40k SGD", "--stage", "won")
    page = run("deal", "forecast", env={"COLUMNS": "60"}).out
    assert page == (
        "Q4 2026 · SGD\n"
        f"closed      40,000  {'█' * 12}▋\n"
        "commit           0\n"
        f"best case  120,000  {'█' * 38}\n"
        "pipeline         0\n"
        "weighted   112,000  of 160,000 SGD in 2 deals\n"
        "likely     160,000  from 40,000 (10 %) to 160,000 (90 %)\n"
        "\n"
        "stage     deals   amount  weighted\n"
        "proposal      1  120,000    72,000\n"
        "won           1   40,000    40,000\n"
    )


@pytest.mark.usefixtures("several")
def test_the_likely_range_is_of_each_currency_and_of_learnt_rates(run: Program) -> None:
    found = run("deal", "forecast", "-f", "json").json()
    rates = {rate["stage"]: rate["percent"] for rate in found["win_rates"]}
    # Two deals came in closed, one of them won: (1 + 10 * 0.1) / (2 + 10).
    assert (rates["prospecting"], rates["proposal"]) == (16.67, 60)
    by_currency = {line.pop("currency"): line for line in found["likely"]}
    assert by_currency["USD"] == {
        **{"open": 1, "closed": 9000, "weighted": 10000, "mean": 10000.2},
        **{"p10": 9000, "p50": 9000, "p90": 15000},
    }
    assert by_currency["SGD"]["weighted"] == 72000


@pytest.mark.usefixtures("several")
def test_a_quota_has_its_attainment_and_gap(run: Program, home: Path) -> None:
    assert run("deal", "forecast", "-f", "json").json()["quota"] is None
    quota = '[quota]\ncurrency = "USD"\ntotal = "20k"\nKim = "5k"\n"Q1 2027" = {total = "1k"}\n'
    configure(home, quota)

    def attainment(*words: str) -> Any:
        found = run("deal", "forecast", "-f", "json", *words).json()["quota"]
        return found and [tuple(line.values()) for line in found["attainment"]]

    assert attainment() == [(None, 20000, 9000, 45, 11000), ("Kim", 5000, 0, 0, 5000)]
    assert attainment("--period", "next quarter")[0] == (None, 1000, 0, 0, 1000)
    assert attainment("--period", "2026")[0][:3] == (None, 80000, 9000)
    assert attainment("--owner", "kim") == [("Kim", 5000, 0, 0, 5000)]
    # A quota is for whole quarters, and for all deals.
    for words in (("--period", "nov 2026"), ("--period", "all"), ("--type", "new")):
        assert attainment(*words) is None
    page = run("deal", "forecast").out
    assert "Quota 20,000 USD: 9,000 closed, 45 %, 11,000 to go" in page


@pytest.mark.usefixtures("eventful")
def test_a_past_period_is_forecast_by_what_was_known_when_it_began(run: Program) -> None:
    words = ("--period", "2026-11-16..2026-11-21", "-f", "json")
    before = run("deal", "forecast", *words).json()["looking_back"]
    # On the first day nothing was to close that week, and Support closed all the same.
    assert before["lines"] == [
        {
            **{"currency": "SGD", "deals": 0, "estimated": 0, "forecast": 0, "became": 20000},
            **{"opened_since": 0, "error": None},
        }
    ]
    month = ("--period", "dec 2026", "-f", "json")
    then = {"ACCTCLI_TODAY": "2027-01-05"}
    found = run("deal", "forecast", *month, env=then).json()["looking_back"]
    assert found["lines"] == []  # by then it was to close in January
    late = ("--period", "jan 2027", "-f", "json")
    env = {"ACCTCLI_TODAY": "2027-02-20"}
    (line,) = run("deal", "forecast", *late, env=env).json()["looking_back"]["lines"]
    assert (line["forecast"], line["became"], line["error"]) == (100000, 0, -100)
    run("deal", "win", "rollout", "--on", "2027-01-20", "--amount", "110k", env=env)
    (line,) = run("deal", "forecast", *late, env=env).json()["looking_back"]["lines"]
    assert (line["forecast"], line["became"], line["error"]) == (100000, 110000, 10)
    page = run("deal", "forecast", "--period", "feb 2027", env=env).out
    assert "Jan 2027 on its first day: 100,000 SGD; actual: 110,000 SGD (+10 %)" in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "sometime"), "--period sometime "),
        (("--by", "colour"), 'unknown --by "colour" (use owner, tier, month or quarter)'),
        (("--where", "colour = red"), 'no deal field "colour"'),
        (("-f", "csv"), "--format csv is for lists"),
    ],
)
def test_what_the_forecast_refuses(run: Program, words: tuple[str, ...], message: str) -> None:
    done = run("deal", "forecast", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
