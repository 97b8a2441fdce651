"""The documents of reports: what is prepared for them, and how they handle odd books."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once
from tests.render.test_html import Parsed

from acctcli import text
from acctcli.domain.figures import nearest
from acctcli.render import theme
from acctcli.render.html import reports

NOTHING = {
    "pipeline": "Nothing in this period: no deal was open",
    "activity": "Nothing in this period: no interaction was logged.",
    "retention": "Nothing in this period: nothing of the kind was bought.",
    "whitespace": "Nothing to show: there are no products yet.",
    "performance": "Nothing in this period: no deal was opened or closed.",
    "sources": "Nothing in this period: no account came.",
    "winloss": "Nothing in this period: no deal closed.",
    "quality": "No accounts match.",
}
YEARLY = ("--recurring", "yearly")

AMOUNTS = {
    *("amount", "average", "per_day", "created", "revenue", "quota", "price", "spent"),
    *("start", "lost", "contraction", "expansion", "end", "before", "year", "arr", "arr_before"),
}
"""The keys of amounts in reports."""


def written(run: Program, *words: str | Path) -> str:
    """Return the document of a report."""
    done = run(*words, "--html", "-")
    assert (done.code, done.err) == (0, ""), done.err
    return done.out


def said(run: Program, *words: str | Path) -> str:
    """Return all text in the document of a report, including the titles of its drawings."""
    return spaced(Parsed(written(run, *words)))


def spaced(parsed: Parsed) -> str:
    """Return all text on one line, with a blank between two cells."""
    return " ".join(" ".join(parsed.said).split())


def settings(home: Path, content: str) -> None:
    configure(home, content)


def won(run: Program, title: str, amount: str, day: str, *more: str) -> None:
    closed = ("--stage", "won", "--close", day, "--opened", "2026-01-05", "--amount", amount)
    do(run, ("deal", "add", "greentech", title, *closed, *more))


@pytest.fixture
@filled_once
def greentech(run: Program) -> None:
    words = ("--tier", "key", "--owner", "Kim", "--source", "expo", "--industry", "energy")
    do(run, ("account", "add", "GreenTech", *words))


# Every report


@pytest.mark.parametrize("name", NOTHING)
def test_an_empty_book_has_a_document_that_says_so(name: str, run: Program) -> None:
    do(run, ("db", "init"))
    parsed = Parsed(written(run, "report", name))
    assert NOTHING[name] in parsed.words
    assert parsed.named("svg") == []


@pytest.mark.parametrize("name", NOTHING)
def test_a_report_says_what_it_was_narrowed_down_to(name: str, run: Program) -> None:
    do(run, ("account", "add", "GreenTech", "--owner", "Kim <b>", "--tier", "key"))
    asked = ("--owner", "Kim <b>", "--where", "tier = key")
    if name == "pipeline":
        asked = ("--owner", "Kim <b>", "--where", "title ~ rollout")
    assert f"Only: owner Kim <b> · {asked[3]}" in said(run, "report", name, *asked)
    assert "Only:" not in said(run, "report", name)
    assert run("report", name, *asked, "-f", "json").json()["filters"] == [
        "owner Kim <b>",
        asked[3],
    ]


def amounts(data: Any, key: str = "") -> Iterator[str]:
    match data:
        case dict():
            for name, value in data.items():
                yield from amounts(value, name)
        case list():
            for value in data:
                yield from amounts(value, key)
        case str() if key in AMOUNTS and re.fullmatch(r"[0-9.]+", data):
            yield theme.amount(data, None)


@pytest.mark.parametrize(
    ("name", "least"), [("pipeline", 10), ("retention", 50), ("performance", 50), ("sources", 20)]
)
def test_every_amount_is_said(name: str, least: int, run: Program, sample_book: Path) -> None:
    book = sample_book  # reports only read
    done = run("--db", book, "report", name, "-f", "json")
    found = set(amounts(json.loads(done.out, parse_float=str, parse_int=str)))
    words = said(run, "--db", book, "report", name)
    assert len(found) > least
    # Averages have no cents.
    whole = {amount: f"{nearest(float(amount.replace(',', ''))):,}" for amount in found}
    assert {one for one in found if one not in words and whole[one] not in words} == set()


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize("name", ["pipeline", "performance", "sources", "retention"])
def test_no_sum_crosses_a_currency(name: str, run: Program) -> None:
    won(run, "One", "5003 SGD", "2026-06-01")
    won(run, "Two", "7019 EUR", "2026-06-02")
    at = ("--close", "2027-01-31")
    do(
        run,
        ("deal", "add", "greentech", "Three", "--amount", "5003 SGD", *at),
        ("deal", "add", "greentech", "Four", "--amount", "7019 EUR", *at),
        ("purchase", "add", "greentech", "5003 SGD", "--on", "2026-06-01", *YEARLY),
        ("purchase", "add", "greentech", "7019 EUR", "--on", "2026-06-01", *YEARLY),
    )
    words = said(run, "report", name)
    assert {figure for figure in ("5,003", "7,019", "SGD", "EUR") if figure in words} == {
        *("5,003", "7,019", "SGD", "EUR")
    }
    assert "12,022" not in words


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "\"><img src=x onerror='x'>", "{{ 7 * 7 }}", "\x1b[2J\u202eoice"],
)
def test_hostile_names_of_owners_products_and_sources(payload: str, run: Program) -> None:
    of_account = ("--owner", payload, "--source", payload, "--tag", payload, "--industry", payload)
    do(
        run,
        ("account", "add", "GreenTech", *of_account),
        ("product", "add", payload, "--family", payload),
        ("purchase", "add", "greentech", "9 SGD", "--product", payload),
    )
    won(run, payload, "5 SGD", "2026-06-01", "--owner", payload, "--source", payload)
    do(run, ("log", "call", "greentech", payload, "--at", "2026-11-20"))
    where = {
        ("activity",): payload,
        ("whitespace",): payload,
        ("performance",): payload,
        ("performance", "--by", "industry"): payload,
        ("sources",): payload,
        ("winloss",): payload,
        ("quality",): "GreenTech",
        ("retention",): "GreenTech",
        ("pipeline", "--owner", payload): payload,
    }
    for report, name in where.items():
        markup = written(run, "report", *report)
        parsed = Parsed(markup)
        assert " ".join(text.safe(name).split()) in parsed.words, report
        assert not {"script", "img"} & {element for element, _ in parsed.elements}
        assert text.safe(markup, newlines=True) == markup
        assert not any(name.startswith("on") for _, found in parsed.elements for name in found)


# Pipeline


@pytest.mark.usefixtures("greentech")
def test_a_day_that_has_been_stands_beside_today(run: Program) -> None:
    won(run, "Rollout", "8000 SGD", "2026-06-01")
    markup = written(run, "report", "pipeline", "--as-of", "2026-03-31")
    words = spaced(Parsed(markup))
    assert "<h1>Pipeline as of 31 Mar 2026</h1>" in markup
    assert "Today, 22 Nov 2026" in words
    assert "Open deals 1 0 today" in words
    assert "1 deal imported as closed" in words


@pytest.mark.usefixtures("greentech")
def test_what_is_rotting_is_named_with_its_days(run: Program, home: Path) -> None:
    stages = (("open", 10, "pipeline"), ("won", 100, "closed"), ("lost", 0, "omitted"))
    found = [
        f"[[stages]]\nname = '{name}'\nprobability = {chance}\ncategory = '{category}'\n"
        for name, chance, category in stages
    ]
    settings(home, found[0] + "days = 30\n" + "".join(found[1:]))
    opened = ("--opened", "2026-09-01", "--amount", "5 SGD")
    do(run, ("deal", "add", "greentech", "Slow one", *opened))
    words = said(run, "report", "pipeline")
    assert "Slow one GreenTech open 1 Sep 2026 82 ! 30 82 days 5 SGD" in words
    assert "Rotting 1 over the norm" in words
    assert "None:" not in words


# Activity


def logged(run: Program, *days: str) -> None:
    do(run, *(("log", "call", "greentech", "hello", "--at", day) for day in days))


@pytest.mark.usefixtures("greentech")
def test_weeks_have_a_column_each_named_by_its_monday(run: Program) -> None:
    logged(run, "2026-11-02", "2026-11-08", "2026-11-09")
    words = said(run, "report", "activity")
    assert "call, 2 Nov 2026: 2" in words
    assert "call, 9 Nov 2026: 1" in words
    assert "2 Nov: 2" in words
    assert "2 Nov 2026 2 2" in words  # the week, all, calls


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize(
    ("period", "heading", "cell"),
    [
        ("2025", "By week", "call, 30 Dec 2024: 0"),
        ("2025-01-01..2026-11-22", "By month", "call, Nov 2025: 3"),
        ("2019-01-01..2026-11-22", "By year", "call, 2025: 4"),
    ],
)
def test_many_weeks_grow_into_months_and_years(
    period: str, heading: str, cell: str, run: Program
) -> None:
    logged(run, "2025-02-10", "2025-11-03", "2025-11-05", "2025-11-24", "2026-11-02")
    words = said(run, "report", "activity", "--period", period)
    assert heading in words
    assert cell in words


def test_a_month_stands_above_its_first_week_where_there_is_room() -> None:
    weeks = [date(2026, 8, 31), *(date(2026, 9, day) for day in (7, 14, 21))]
    assert reports.marks(weeks) == ["Aug", "", "", ""]
    later = [*weeks, date(2026, 9, 28), date(2026, 10, 5)]
    assert reports.marks(later) == ["Aug", "", "", "", "", "Oct"]


@pytest.mark.usefixtures("greentech")
def test_a_long_name_leaves_room_for_the_drawing(run: Program) -> None:
    do(
        run,
        ("account", "add", "Betatech", "--owner", "Maximiliane von und zu Hohenstein-Lauterbach"),
    )
    do(run, ("log", "call", "betatech", "hello", "--at", "2026-11-10"))
    logged(run, "2026-11-10")
    words = said(run, "report", "activity")
    assert "Maximiliane von und zu Hohenstein-Lauterbach 1" in words
    assert "Maximiliane von und zu Hohe…, 9 Nov 2026: 1" in words


# Retention


@pytest.mark.usefixtures("greentech")
def test_the_way_from_year_to_year(run: Program) -> None:
    do(
        run,
        ("purchase", "add", "greentech", "1000 SGD", "--on", "2025-06-01", *YEARLY),
        ("purchase", "add", "greentech", "600 SGD", "--on", "2026-06-01", *YEARLY),
        ("purchase", "add", "greentech", "70 SGD", "--on", "2025-06-01"),
    )
    words = said(run, "report", "retention")
    assert "No percentages for fewer than 5 customers" in words
    assert "NRR, net revenue retention \N{EN DASH}" in words
    do(run, ("config", "set", "retention.least", "1"))
    words = said(run, "report", "retention")
    assert "NRR, net revenue retention 60.0 %" in words
    assert "a year ago 1,000" in words
    assert "contracted \N{MINUS SIGN}400" in words
    assert "expanded 0" in words
    assert "Kept: 1 customer" in words
    assert "SGD 1 0 70 0 0.0 %" in words


@pytest.mark.usefixtures("greentech")
def test_months_of_a_currency_without_customers_are_gaps(run: Program) -> None:
    do(
        run,
        ("purchase", "add", "greentech", "900 SGD", "--on", "2024-12-10", *YEARLY),
        ("purchase", "add", "greentech", "100 EUR", "--on", "2025-09-10", *YEARLY),
    )
    assert "Sep 2026" in said(run, "report", "retention")


# Whitespace


def test_the_grid_has_a_sign_for_each_state(run: Program) -> None:
    buyers = [f"Firm {number}" for number in range(1, 7)]
    others = [f"Other {number}" for number in range(1, 5)]
    for name in buyers:
        do(run, ("account", "add", name, "--industry", "energy"))
    for name in others:
        do(run, ("account", "add", name, "--industry", "food"))
    do(run, *(("product", "add", name) for name in ("Pump", "Valve", "Pipe")))
    do(run, *(("purchase", "add", name, "5 SGD", "--product", "pump") for name in buyers[:5]))
    do(run, *(("purchase", "add", name, "5 SGD", "--product", "valve") for name in others))
    do(run, ("purchase", "add", "Firm 6", "5 SGD", "--product", "valve"))
    do(run, ("deal", "add", "Firm 1", "Pipes", "--product", "pipe", "--amount", "5 SGD"))
    parsed = Parsed(written(run, "report", "whitespace"))
    states = [cell["class"] for cell in parsed.named("td") if cell.get("title")]
    assert states.count("bought") == 10
    assert states.count("open") == 1
    assert states.count("candidate") == 1
    assert "Firm 6 energy · ◆ ●" in spaced(parsed)  # Pipe, Pump, Valve
    assert "5 of 5 of industry energy" in spaced(parsed)


@pytest.mark.usefixtures("greentech")
def test_many_products_stand_in_several_grids(run: Program) -> None:
    names = [f"Product {number:02}" for number in range(12)]
    do(run, *(("product", "add", name) for name in names), ("account", "add", "Betatech"))
    do(run, *(("purchase", "add", "greentech", "5 SGD", "--product", name) for name in names))
    do(run, ("purchase", "add", "betatech", "5 SGD", "--product", "Product 00"))
    markup = written(run, "report", "whitespace")
    grids = markup.split('<div class="grid">')[1:]
    assert len(grids) == 2
    assert "Product 08" in grids[0]
    assert "Betatech" in grids[0]
    assert "Product 09" in grids[1].split("</table>")[0]
    assert "Betatech" not in grids[1].split("</table>")[0]  # bought nothing of these


# Performance


@pytest.mark.usefixtures("greentech")
def test_quarters_of_another_currency_are_columns_without_height(run: Program) -> None:
    won(run, "One", "5000 SGD", "2026-02-01")
    won(run, "Two", "7000 EUR", "2026-05-01")
    words = said(run, "report", "performance")
    assert "Q1 2026: 5,000 Q2 2026: 0" in words
    assert "Q1 2026: 0 Q2 2026: 7,000" in words


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize(
    ("amount", "caption", "column"),
    [
        ("999999 JPY", "in JPY", "Q2 2026: 999,999"),
        ("2500000 JPY", "in thousands of JPY", "Q2 2026: 2,500"),
        ("3000000000 JPY", "in millions of JPY", "Q2 2026: 3,000"),
    ],
)
def test_a_scale_has_room_for_its_figures(
    amount: str, caption: str, column: str, run: Program
) -> None:
    won(run, "One", amount, "2026-02-01")
    won(run, "Two", amount, "2026-05-01")
    words = said(run, "report", "performance")
    assert f"Revenue won by quarter, {caption}" in words
    assert column in words


@pytest.mark.usefixtures("greentech")
def test_a_quota_that_is_met_says_so(run: Program, home: Path) -> None:
    settings(home, "[rates]\nbase = 'SGD'\nEUR = 1.5\n[quota]\ncurrency = 'SGD'\ntotal = 1000\n")
    won(run, "One", "900 SGD", "2026-02-01")
    won(run, "Two", "800 EUR", "2026-05-01")
    words = said(run, "report", "performance")
    assert "Q1 2026 total 900 1,000 90.0 % 1 total" in words
    assert "Q2 2026 total 1,200 1,000 120.0 % 1 met" in words
    assert "Total won 2,100 SGD (rates without a date)." in words


@pytest.mark.usefixtures("greentech")
def test_deals_without_an_amount_have_a_part_of_their_own(run: Program) -> None:
    do(run, ("deal", "add", "greentech", "Undated"))
    assert "Without an amount" in said(run, "report", "performance")


# Quality


def test_the_worst_are_told_one_by_one_and_the_others_in_a_line(run: Program) -> None:
    last = reports.WORST + 3
    do(run, *(("account", "add", f"Firm {number}") for number in range(last)))
    deals = [("deal", "add", "Firm 7", f"Deal {number}") for number in range(9)]
    do(run, *deals)
    parsed = Parsed(written(run, "report", "quality"))
    spans = [int(cell["rowspan"] or 0) for cell in parsed.named("th") if "rowspan" in cell]
    assert len(spans) == reports.WORST
    assert max(spans) == reports.FLAWS + 1
    assert re.search(r"and \d+ more", spaced(parsed))
    assert "Other accounts with flaws" in spaced(parsed)
    assert all(f"Firm {number} " in spaced(parsed) for number in range(last))


def test_a_long_list_says_what_it_leaves_out(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "LONG", 2)
    for number in range(4):
        do(run, ("account", "add", f"Firm {number}", "--source", f"source {number}"))
    words = said(run, "report", "sources")
    assert "The first 2 of 4 lines; all of them: acct report sources -f csv" in words
    assert "source 3" not in words


@pytest.mark.usefixtures("greentech")
def test_renewals_by_quarter_and_by_contract(run: Program) -> None:
    assert "Nothing to renew" in said(run, "report", "renewals")
    term = ("--recurring", "yearly", "--starts", "2026-03-01", "--ends", "2027-02-28")
    run("purchase", "add", "greentech", "1,200 SGD", "--on", "2026-03-01", *term)
    words = said(run, "report", "renewals")
    assert "Renewal rate 85.0 % assumed: none was due yet" in words
    assert "Q1 2027 1 1,200 Q1 2027: 1,200 SGD 1,020 180" in words
    assert "28 Feb 2027 GreenTech 1,200 SGD 85.0 %" in words
