"""`acct report pipeline` and the past forecasts of `acct deal forecast`, against the csv module.

The book is the slice of a real pipeline that the project ships (docs/data): what the program finds
in its history is computed here again from the dates in the file.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple

import pytest
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

FILE = Path(__file__).parents[3] / "docs" / "data" / "sales_pipeline.csv"
LAST_DAY = "2017-12-31"
STAGES = {"Prospecting": "prospecting", "Engaging": "needs-analysis"}


class Line(NamedTuple):
    """A deal of the file; one without a day was opened when it was imported."""

    stage: str
    opened: date
    closed: date | None
    amount: int | None


def american(text: str) -> date | None:
    if not text:
        return None
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def lines() -> list[Line]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return [
            Line(
                stage=row["deal_stage"],
                opened=american(row["engage_date"]) or date.fromisoformat(LAST_DAY),
                closed=american(row["close_date"]),
                amount=int(row["close_value"]) if row["close_value"] else None,
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture
def imported(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCTCLI_TODAY", LAST_DAY)
    done = run(
        *("import", FILE, "--as", "deal", "--key", "opportunity_id", "--create-accounts"),
        *("--value", "stage:Engaging=needs-analysis", "--map", "product="),
        *("--default", "account=Unassigned", "--default", "currency=USD"),
    )
    assert done.code == 0, done.err


def report(run: Program, *words: str, **env: str) -> Any:
    done = run("report", "pipeline", *words, "-f", "json", env=env)
    assert done.code == 0, done.err
    return done.json()


def by_stage(found: Any) -> dict[str, int]:
    return {stage["stage"]: stage["deals"] for stage in found["stages"] if stage["deals"]}


def the_days_between(first: date, last: date, step: int) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=step)


@pytest.mark.usefixtures("imported")
def test_the_pipeline_of_any_day_is_what_the_dates_imply(run: Program) -> None:
    book = lines()
    for day in (date(2017, 6, 30), *the_days_between(date(2016, 10, 1), date(2017, 12, 31), 75)):
        there = [line for line in book if line.opened <= day]
        open_then = [line for line in there if line.closed is None or line.closed > day]
        stages = Counter(STAGES.get(line.stage, "prospecting") for line in open_then)
        found = report(run, "--as-of", day.isoformat())
        assert by_stage(found) == stages
        assert found["came_in_closed"] == sum(line.closed is not None for line in open_then)
        amount = sum(line.amount or 0 for line in open_then)
        assert sum(total["amount"] for total in found["totals"]) == amount


@pytest.mark.usefixtures("imported")
def test_conversion_and_velocity_are_those_of_the_file(run: Program) -> None:
    day = date(2017, 6, 30)
    book = [line for line in lines() if line.opened <= day]
    closed = [line for line in book if line.closed and line.closed <= day]
    won = [line for line in closed if line.stage == "Won"]
    days = [(line.closed - line.opened).days for line in closed if line.closed]
    won_days = [(line.closed - line.opened).days for line in won if line.closed]
    found = report(run, "--as-of", day.isoformat())
    first = found["stages"][0]
    share = round(100 * len(won) / len(closed), 2)
    assert first["passage"] == {
        **{"entered": len(closed) + first["deals"], "onward": len(won), "still": first["deals"]},
        **{"lost": len(closed) - len(won), "conversion": share, "win_rate": share},
        **{"won": len(won), "closed": len(closed)},
        "median_days": median(days),
    }
    assert (first["norm_days"], first["norm_from"]) == (median(won_days), "won deals")
    (velocity,) = found["velocity"]
    assert (velocity["won"], velocity["closed"]) == (len(won), len(closed))
    average = mean(line.amount or 0 for line in won)
    per_day = found["deals"] * len(won) / len(closed) * average / mean(won_days)
    assert abs(velocity["average"] - average) <= 0.005
    assert abs(velocity["per_day"] - per_day) <= 0.005
    too_long = [
        line
        for line in book
        if line.stage != "Engaging" and not (line.closed and line.closed <= day)
        if (day - line.opened).days > median(won_days)
    ]
    assert len(found["rotting"]) == len(too_long)
    longest = max((day - line.opened).days for line in too_long)
    assert found["rotting"][0]["days"] == longest


@pytest.mark.usefixtures("imported")
def test_the_forecast_of_a_past_quarter_is_made_of_what_was_known_then(run: Program) -> None:
    start, end = date(2017, 7, 1), date(2017, 9, 30)
    before = start - timedelta(days=1)
    book = [(line, line.closed) for line in lines() if line.closed]
    known = [(line, closed) for line, closed in book if closed < start]
    won = [(line, (closed - line.opened).days) for line, closed in known if line.stage == "Won"]
    # Of the ten deals' weight that the settings have, four are won: 40 % are their average.
    rate = (len(won) + 4) / (len(known) + 10)
    average = mean(line.amount or 0 for line, _ in won)
    forecast, estimated = 0.0, 0
    for line, closed in book:
        if line.opened < start <= closed:
            age = (before - line.opened).days
            longer = [days for _, days in won if days > age]
            in_time = [days for days in longer if days <= age + (end - before).days]
            if in_time:
                forecast += rate * average * len(in_time) / len(longer)
                estimated += 1
    in_quarter = [line for line, closed in book if line.stage == "Won" and start <= closed <= end]
    became = sum(line.amount or 0 for line in in_quarter if line.opened < start)
    since = [line.amount or 0 for line in in_quarter if line.opened >= start]
    done = run("deal", "forecast", "--period", "Q3 2017", "-f", "json")
    (found,) = done.json()["looking_back"]["lines"]
    assert abs(found["forecast"] - forecast) <= 0.005
    assert found["became"] == became
    assert found["estimated"] == estimated
    assert found["opened_since"] == {"count": len(since), "amount": sum(since)}
    assert abs(found["error"] - 100 * (became - forecast) / forecast) < 0.01
    assert abs(found["accuracy"] - 100 * (1 - abs(forecast - became) / became)) < 0.01


# A book of one's own


@pytest.fixture
@filled_once
def few(run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--owner", "Kim")
    for on, *words in (
        (
            "2026-09-01",
            "add",
            "greentech",
            "Rollout",
            "--amount",
            "120k SGD",
            "--stage",
            "proposal",
        ),
        ("2026-09-10", "add", "greentech", "Support", "--amount", "5000 EUR", "--owner", "Lee"),
        ("2026-10-05", "move", "rollout", "negotiation"),
        ("2026-10-06", "edit", "rollout", "--amount", "90k"),
        ("2026-11-02", "lose", "support", "--reason", "Price"),
    ):
        done = run("deal", *words, env={"ACCTCLI_TODAY": on})
        assert done.code == 0, done.err


@pytest.mark.usefixtures("few")
def test_then_stands_beside_today(run: Program) -> None:
    found = report(run, "--as-of", "2026-10-04")
    assert by_stage(found) == {"prospecting": 1, "proposal": 1}
    assert found["totals"] == [
        {"currency": "EUR", "amount": 5000},
        {"currency": "SGD", "amount": 120000},
    ]
    assert found["now"] == {"deals": 1, "totals": [{"currency": "SGD", "amount": 90000}]}
    of_kim = report(run, "--as-of", "2026-10-04", "--owner", "lee")
    assert by_stage(of_kim) == {"prospecting": 1}


@pytest.mark.usefixtures("few")
def test_as_of_today_it_is_the_board(run: Program) -> None:
    found = report(run)
    board = run("deal", "board", "-f", "json").json()["stages"]
    held = {s["stage"]: s["count"] for s in board if s["count"] and s["stage"] != "lost"}
    assert by_stage(found) == held
    assert found["now"] == {"deals": found["deals"], "totals": found["totals"]}


@pytest.mark.usefixtures("few")
def test_what_is_rotting_and_what_a_planned_step_says(run: Program, home: Path) -> None:
    stages = [("proposal", 60, "best-case", 30), ("negotiation", 80, "commit", 40)]
    text = "".join(
        f'[[stages]]\nname = "{n}"\nprobability = {p}\ncategory = "{c}"\ndays = {d}\n'
        for n, p, c, d in stages
    )
    for name, category in (("won", "closed"), ("lost", "omitted")):
        text += f'[[stages]]\nname = "{name}"\nprobability = 0\ncategory = "{category}"\n'
    configure(home, text)
    (one,) = report(run)["rotting"]
    assert (one["title"], one["stage"], one["days"]) == ("Rollout", "negotiation", 48)
    assert (one["norm_days"], one["amount"]) == (40, 90000)
    page = run("report", "pipeline").out
    assert "48 days !  negotiation  GreenTech Ltd  Rollout  quiet 82  90,000 SGD" in page
    run("task", "add", "greentech", "Call them", "--deal", "rollout", "--due", "2026-11-27")
    assert report(run)["rotting"] == []
    # Yesterday nobody had planned it; after its day it plans nothing.
    assert len(report(run, "--as-of", "2026-11-21")["rotting"]) == 1
    assert len(report(run, ACCTCLI_TODAY="2026-11-28")["rotting"]) == 1


@pytest.mark.usefixtures("few")
def test_the_page_fits_a_terminal_and_the_table_a_spreadsheet(run: Program) -> None:
    for width in ("80", "40", "20"):
        page = run("report", "pipeline", "--as-of", "2026-10-04", env={"COLUMNS": width}).out
        assert max(map(len, page.splitlines())) <= int(width)
    page = run("report", "pipeline", "--as-of", "2026-10-04", env={"COLUMNS": "80"}).out
    assert page.startswith("Pipeline as of Sun 4 Oct")
    rows = list(csv.DictReader(run("report", "pipeline", "-f", "csv").out.splitlines()))
    assert [row["stage"] for row in rows if row["deals"] == "1"] == ["negotiation"]
    assert {row["amount"] for row in rows} == {"", "90000.00", "0.00"} - {"0.00"}


def test_an_empty_book_has_an_empty_pipeline(run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    found = report(run)
    assert (found["deals"], found["velocity"], found["rotting"]) == (0, [], [])
    assert "0 open deals" in run("report", "pipeline").out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--as-of", "tomorrow"), 2, "--as-of tomorrow is Mon 23 Nov 2026, in the future"),
        (("--as-of", "someday"), 2, "--as-of someday is not a date"),
        (("--account", "grentech"), 3, 'no account "grentech"'),
        (("--where", "colour = red"), 2, 'no deal field "colour"'),
    ],
)
@pytest.mark.usefixtures("few")
def test_what_the_report_refuses(
    run: Program, words: tuple[str, ...], code: int, message: str
) -> None:
    done = run("report", "pipeline", *words)
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    as_json = run("report", "pipeline", *words, "-f", "json")
    assert json.loads(as_json.err)["error"]["code"] == code


def test_hostile_text_is_shown_as_typed(run: Program, home: Path) -> None:
    run("account", "add", "\x1b[31mRed\u202e [/bold]")
    env = {"ACCTCLI_TODAY": "2026-01-01"}
    assert run("deal", "add", "bold", "[/bold]:100: \x07", env=env).code == 0
    days = '[[stages]]\nname = "prospecting"\nprobability = 10\ncategory = "pipeline"\ndays = 5\n'
    for name, category in (("won", "closed"), ("lost", "omitted")):
        days += f'[[stages]]\nname = "{name}"\nprobability = 0\ncategory = "{category}"\n'
    configure(home, days)
    page = run("report", "pipeline").out
    assert "[/bold]:100: " in page
    assert not {"\x1b", "\x07", "\u202e"} & set(page)


def test_new_deals_beside_those_before_and_what_the_quota_needs(run: Program) -> None:
    run("account", "add", "Acme")
    for title, day in (("New", "2026-11-10"), ("Today", "2026-11-22"), ("Before", "2026-10-20")):
        run("deal", "add", "Acme", title, "--amount", "10k SGD", "--opened", day)
    found = run("report", "pipeline", "-f", "json").json()["creation"]
    assert (found["days"], found["deals"], found["before"]["deals"]) == (30, 2, 1)
    assert found["totals"] == [{"currency": "SGD", "amount": 20000}]
    assert found["quota"] is None
    for n in range(3):
        for outcome in ("won", "lost"):
            words = ("--amount", "5k SGD", "--stage", outcome, "--opened", "2026-05-01")
            run("deal", "add", "Acme", f"{outcome} {n}", *words, "--closed", "2026-06-01")
    run("config", "set", "quota.currency", "SGD")
    run("config", "set", "quota.total", "9200")
    # 100 a day for 30 days, at a base rate of (3 + 4) in (6 + 10): 2 deals of 5,000.
    quota = run("report", "pipeline", "-f", "json").json()["creation"]["quota"]
    assert (quota["needed"], quota["needed_deals"]) == (6857.14, 2)
    shown = run("report", "pipeline", "-f", "table").out
    assert "for the quota       2 deals  6,857 SGD, at the usual win rate" in shown
    assert "needs 6,857 SGD" in run("report", "pipeline", "--html", "-").out
    narrowed = run("report", "pipeline", "--type", "new", "-f", "json").json()["creation"]
    assert narrowed["quota"] is None
    past = run("report", "pipeline", "--as-of", "2026-10-31", "-f", "json").json()["creation"]
    assert (past["deals"], past["before"]["deals"]) == (1, 0)
