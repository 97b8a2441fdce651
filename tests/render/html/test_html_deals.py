from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import Program


@pytest.fixture
def sample(sample_book: Path, book: Path) -> None:
    book.parent.mkdir(parents=True)
    shutil.copy(sample_book, book)


@pytest.mark.usefixtures("sample")
def test_the_board_has_every_deal_under_its_stage(run: Program) -> None:
    made = run("deal", "board", "--html", "-").out
    stages = run("deal", "board", "-f", "json").json()["stages"]
    filled = [stage for stage in stages if stage["count"]]
    places = [made.index(f"<h2>{stage['stage']}</h2>") for stage in filled]
    assert places == sorted(places)
    assert all(deal["title"] in made for stage in filled for deal in stage["deals"])


@pytest.mark.usefixtures("sample")
def test_the_forecast_opens_with_the_quota_and_explains_when_asked(run: Program) -> None:
    made = run("deal", "forecast", "--html", "-").out
    assert "chance to reach the quota of" in made.partition("<h2>")[0]
    assert "Assumed for new business, none seen to close yet:" in made
    assert "<h2>Win rates, new business</h2>" not in made
    explained = run("deal", "forecast", "--explain", "--by", "owner", "--html", "-").out
    assert "<h2>Win rates, new business</h2>" in explained
    assert "Owner" in explained


def test_a_few_deals_have_their_outcomes(run: Program) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Big", "--amount", "EUR 10k", "--close", "today")
    made = run("deal", "forecast", "--html", "-").out
    assert "Likely: " in made
    assert (
        "No deal closes in this period."
        in run("deal", "forecast", "--period", "2031", "--html", "-").out
    )
