"""`acct report`: figures that an independent computation confirms, and every format of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.cli.report import BREAKDOWNS
from acctcli.domain.performance import KEYS

DATA = Path(__file__).parents[2] / "docs" / "data"
END = "2017-12-31"
REPORTS = ("retention", "whitespace", "activity", "performance", "sources")
HOSTILE = "\x1b[31mRed\u202e [bold]Acme[/bold]"


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answer(run: Program, *words: str | Path) -> Any:
    """Return the JSON of a report that must succeed."""
    result = run(*words, "-f", "json")
    assert result.code == 0, result.err
    return json.loads(result.out, parse_float=Decimal)


# The slice of real data, against the csv module


@pytest.fixture
def maven(run: Program, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the words that open the book of docs/data at the end of its year."""
    book = tmp_path_factory.getbasetemp() / "maven.db"
    words = ("--today", END, "--db", str(book))
    if not book.exists():
        run(*words, "db", "init")
        for file, *options in (
            ("accounts.csv", "--as", "account", "--value", "country:Philipines=PH"),
            ("products.csv", "--as", "product"),
            (
                *("sales_pipeline.csv", "--as", "deal", "--key", "opportunity_id"),
                *("--value", "stage:Engaging=needs-analysis", "--value", "product:GTXPro=GTX Pro"),
                *("--default", "account=Unassigned", "--create-accounts"),
            ),
        ):
            result = run(*words, "import", DATA / file, *options)
            assert result.code == 0, result.err
    return words


def day(written: str) -> date:
    return datetime.strptime(written, "%m/%d/%Y").date()


def quarter(written: str) -> str:
    closed = day(written)
    return f"Q{(closed.month + 2) // 3} {closed.year}"


def expected(key: str) -> dict[str, dict[str, Any]]:
    """Compute the deals of the file by a column or the quarter of closing, without our code."""
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["deal_stage"] in ("Won", "Lost")]
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        name = quarter(row["close_date"]) if key == "quarter" else row[key]
        groups[name.replace("GTXPro", "GTX Pro")].append(row)
    found = {}
    for name, members in groups.items():
        won = [row for row in members if row["deal_stage"] == "Won"]
        days = [
            (day(row["close_date"]) - day(row["engage_date"])).days
            for row in won
            if row["engage_date"]
        ]
        revenue = sum((Decimal(row["close_value"]) for row in won), Decimal(0))
        cent = Decimal("0.01")
        found[name] = {
            "won": len(won),
            "lost": len(members) - len(won),
            "win_rate": (
                float((Decimal(100 * len(won)) / len(members)).quantize(cent, ROUND_HALF_UP))
                if len(members) >= 5
                else None
            ),
            "revenue": revenue.quantize(cent),
            "average": (revenue / len(won)).quantize(cent, ROUND_HALF_UP) if won else None,
            "cycle_days": (
                float((Decimal(sum(days)) / len(days)).quantize(cent, ROUND_HALF_UP))
                if days
                else None
            ),
        }
    return found


@pytest.mark.parametrize(
    ("by", "column"), [("product", "product"), ("owner", "sales_agent"), ("quarter", "quarter")]
)
def test_figures_agree_with_the_file_to_the_cent(
    run: Program, maven: tuple[str, ...], by: str, column: str
) -> None:
    data = answer(run, *maven, "report", "performance", "--by", by, "--period", "all")
    wanted = expected(column)
    closed = [line for line in data["groups"] if line["won"] + line["lost"]]
    assert {line[by] for line in closed} == set(wanted)
    for line in closed:
        figures = wanted[line[by]]
        assert {name: line[name] for name in ("won", "lost", "revenue", "average")} == {
            name: figures[name] for name in ("won", "lost", "revenue", "average")
        }
        for name in ("win_rate", "cycle_days"):
            known = None if line[name] is None else float(line[name])
            assert known == pytest.approx(figures[name])
        assert line["currency"] == "USD"


def test_the_default_period_has_the_same_quarter_a_year_ago(
    run: Program, maven: tuple[str, ...]
) -> None:
    data = answer(run, *maven, "report", "performance")
    assert (data["period"]["start"], data["period"]["end"]) == ("2016-10-01", END)
    assert data["quarters"][0]["quarter"] == "Q4 2016"
    (total,) = data["totals"]
    wanted = expected("quarter")
    assert total["won"] == sum(figures["won"] for figures in wanted.values())
    assert total["revenue"] == sum(figures["revenue"] for figures in wanted.values())
    last = answer(run, *maven, "report", "performance", "--period", "last quarter")
    assert last["totals"][0]["revenue"] == wanted["Q3 2017"]["revenue"]
    assert last["totals"][0]["won"] == wanted["Q3 2017"]["won"]


def test_an_owner_is_the_deals_own(run: Program, maven: tuple[str, ...]) -> None:
    wanted = expected("sales_agent")["Anna Snelling"]
    data = answer(
        run, *maven, "report", "performance", "--owner", "anna snelling", "--period", "all"
    )
    assert [line["owner"] for line in data["groups"]] == ["Anna Snelling"]
    assert data["totals"][0]["revenue"] == wanted["revenue"]
    assert data["comparison"]["best"] is None


def test_the_best_are_those_with_most_revenue(run: Program, maven: tuple[str, ...]) -> None:
    found = answer(run, *maven, "report", "performance", "--period", "all")["comparison"]
    agents = {n: f for n, f in expected("sales_agent").items() if f["won"] + f["lost"] >= 5}
    ranked = sorted(agents, key=lambda name: -agents[name]["revenue"])
    assert found["compared"] == len(ranked)
    best = found["best"]["owners"]
    assert best == ranked[: len(best)]
    assert len(best) == -(-len(ranked) // 4)
    won = sum(agents[name]["won"] for name in best)
    closed = sum(agents[name]["won"] + agents[name]["lost"] for name in best)
    assert float(found["best"]["win_rate"]) == pytest.approx(round(100 * won / closed, 2))
    assert found["best"]["touches"] is None


def test_won_deals_stand_for_purchases_where_there_are_none(
    run: Program, maven: tuple[str, ...]
) -> None:
    data = answer(run, *maven, "report", "retention")
    assert (data["cohorts"], data["repeat"]) == ([], [])
    assert {row["standing"] for row in data["customers"]} == {"new"}
    won = sum(figures["revenue"] for figures in expected("quarter").values())
    assert sum(row["year"] for row in data["customers"]) == won
    assert "No recurring revenue" in run(*maven, "report", "retention", "-f", "table").out


def test_one_purchase_does_not_hide_the_won_deals(run: Program, book: None) -> None:
    run("account", "add", "Other")
    for title, day in (("First", "2025-06-01"), ("Second", "2026-06-01")):
        run("deal", "add", "other", title, "--amount", "5k", "--opened", "2025-01-01")
        assert run("deal", "win", title, "--on", day).code == 0
    data = answer(run, "report", "retention")
    assert {row["account"]: row["standing"] for row in data["customers"]} == {
        **{"Konex": "lost", "GreenTech": "kept", "Other": "kept"},
    }
    (repeat,) = data["repeat"]
    assert (repeat["customers"], repeat["again"]) == (2, 2)


def test_the_grid_is_what_the_file_says(run: Program, maven: tuple[str, ...]) -> None:
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        bought = {
            (row["account"] or "Unassigned", row["product"].replace("GTXPro", "GTX Pro"))
            for row in csv.DictReader(file)
            if row["deal_stage"] == "Won"
        }
    data = answer(run, *maven, "report", "whitespace")
    assert {(a["account"], p) for a in data["accounts"] for p in a["bought"]} == bought
    assert data["customers"] == len({account for account, _ in bought})
    with (DATA / "accounts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sector = {row["account"]: row["sector"] for row in rows}
    top = {row["account"]: row["subsidiary_of"] or row["account"] for row in rows}
    customers = {account for account, _ in bought}
    sisters = [offer for offer in data["candidates"] if offer["bought_by"]]
    assert sisters == data["candidates"][: len(sisters)] != []
    for offer in sisters:
        assert set(offer["bought_by"]) == {
            account
            for account, product in bought
            if product == offer["product"] and top.get(account) == top[offer["account"]]
        }
        assert (offer["account"], offer["product"]) not in bought
    for offer in data["candidates"]:
        if offer["by"] is None:
            continue
        alike = {
            a for a in customers - {offer["account"]} if sector.get(a) == sector[offer["account"]]
        }
        buyers = {a for a in alike if (a, offer["product"]) in bought}
        everybody = {a for a in customers if (a, offer["product"]) in bought}
        assert (offer["peers"], offer["buyers"]) == (len(alike), len(buyers))
        base = len(everybody) / (len(customers) - 1)
        assert float(offer["base_rate"]) == pytest.approx(base, abs=1e-4)
        assert float(offer["lower"]) > base
        assert (offer["account"], offer["product"]) not in bought


def test_sources_count_every_account(run: Program, maven: tuple[str, ...]) -> None:
    data = answer(run, *maven, "report", "sources")
    (line,) = data["sources"]
    assert (line["name"], line["leads"]) == (None, 86)
    wanted = expected("quarter").values()
    assert line["value"] == [{"currency": "USD", "amount": sum(f["revenue"] for f in wanted)}]


# A small book


@pytest.fixture
@filled_once
def book(run: Program, home: Path) -> None:
    """Two customers of two owners, one lost; a deal with a touch, people and a discount."""
    configure(home, '[me]\ncurrency = "SGD"\n[quota]\ntotal = 100_000\nKim = "50k"\n')
    for words in (
        ["account", "add", "GreenTech", "--tier", "key", "--owner", "Kim", "--source", "expo"],
        ["account", "edit", "greentech", "--status", "customer"],
        ["account", "tag", "greentech", "--add", "vip"],
        ["account", "add", "Konex", "--tier", "smb", "--owner", "Lee", "--status", "former"],
        ["account", "add", "Rivus", "--status", "lead", "--source", "Expo"],
        ["product", "add", "Platform", "--price", "1000"],
        ["purchase", "add", "greentech", "1000", "--on", "2025-03-01"],
        ["purchase", "add", "greentech", "1500", "--on", "2026-03-01", "--product", "platform"],
        ["purchase", "add", "konex", "400", "--on", "2025-03-01", "--recurring", "yearly"],
        ["contact", "add", "Mei Tan", "--account", "greentech"],
        [
            *("deal", "add", "greentech", "Rollout", "--amount", "30k", "--stage", "proposal"),
            *("--opened", "2026-10-02", "--product", "platform"),
        ],
        ["log", "call", "greentech", "Pricing", "--with", "mei", "--deal", "rollout"],
        ["log", "email", "konex", "Hello?", "--at", "2026-11-10 10:00"],
        ["deal", "win", "rollout", "--on", "2026-11-01"],
    ):
        result = run(*words)
        assert result.code == 0, (words, result.err)


def test_retention_names_who_was_lost(run: Program, book: None) -> None:
    data = answer(run, "report", "retention")
    (cohort,) = data["cohorts"]
    assert (cohort["start"], cohort["end"]) == (Decimal("400.00"), Decimal("0.00"))
    assert (cohort["customers"], cohort["kept"], cohort["nrr"]) == (1, 0, None)
    (repeat,) = data["repeat"]
    # A won deal that no purchase points to is a sale like any other.
    assert (repeat["before"], repeat["year"]) == (Decimal("1000.00"), Decimal("31500.00"))
    assert data["year"] == {"start": "2025-11-23", "end": "2026-11-22"}
    standings = {row["account"]: row["standing"] for row in data["customers"]}
    assert standings == {"Konex": "lost", "GreenTech": "kept"}
    drawn = run("report", "retention", "-f", "table").out
    assert "Lost: 1 customer" in drawn
    assert "Konex" in drawn
    assert "1 customer: 400 → 0" in drawn


def test_retention_of_a_year_that_is_over(run: Program, book: None) -> None:
    data = answer(run, "report", "retention", "--period", "2025")
    assert data["year"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert {row["standing"] for row in data["customers"]} == {"new"}
    recurring = answer(run, "report", "retention", "--recurring")
    assert [row["account"] for row in recurring["customers"]] == ["Konex"]
    assert recurring["repeat"] == []


def test_renewals_by_window_with_and_without_a_deal(run: Program, book: None) -> None:
    for starts, ends in (
        ("2025-12-02", "2026-12-01"),
        ("2026-11-15", "2027-01-01"),
        ("2026-12-20", "2027-06-01"),
    ):
        run("purchase", "add", "greentech", "100", "--starts", starts, "--ends", ends)
        run("product", "add", f"Until {ends}")
    found = answer(run, "report", "retention")["renewals"]
    windows = [(line["within_days"], line["terms"], line["without_deal"]) for line in found]
    assert windows == [
        (30, 0, 0),
        (60, 0, 0),
        (90, 0, 0),
        (180, 0, 0),
    ]  # each renews the one before
    for ends in ("2026-12-01", "2027-01-01"):
        run(
            *("purchase", "add", "greentech", "100", "--product", f"Until {ends}"),
            *("--starts", "2026-06-01", "--ends", ends),
        )
    run("deal", "add", "greentech", "Again", "--type", "renewal", "--product", "Until 2026-12-01")
    found = answer(run, "report", "retention")["renewals"]
    windows = [(line["within_days"], line["terms"], line["without_deal"]) for line in found]
    assert windows == [(30, 1, 0), (60, 1, 1), (90, 0, 0), (180, 0, 0)]
    assert found[0]["value"] == [{"currency": "SGD", "amount": Decimal("100.00")}]
    assert "1 without a renewal deal" in run("report", "retention").out


def test_rates_put_all_currencies_together(run: Program, book: None, home: Path) -> None:
    again = ("--on", "2026-03-01", "--recurring", "yearly")
    run("purchase", "add", "konex", "EUR 100", *again)
    run("account", "edit", "konex", "--status", "customer")
    run("config", "set", "rates.base", "SGD")
    lacking = answer(run, "report", "retention")
    assert lacking["converted"]["without_rate"] == ["EUR"]
    assert [cohort["currency"] for cohort in lacking["cohorts"]] == ["SGD", "EUR"]
    run("config", "set", "rates.EUR", "1.5")
    found = answer(run, "report", "retention")
    assert found["converted"] == {"currency": "SGD", "rates_of": ANY, "without_rate": []}
    (together,) = found["cohorts"]
    assert (together["start"], together["end"]) == (Decimal("400.00"), Decimal("150.00"))
    assert (together["kept"], together["customers"]) == (1, 1)
    assert "Recurring revenue in SGD, rates" in run("report", "retention", "-f", "table").out


def test_open_deals_and_contracts_have_one_total_too(run: Program, book: None) -> None:
    run("account", "edit", "konex", "--status", "customer")
    run("deal", "add", "konex", "Pilot", "--amount", "EUR 200", "--close", "2027-01-31")
    run("deal", "add", "greentech", "Rollout", "--amount", "SGD 1000", "--close", "2027-01-31")
    for account, amount in (("konex", "EUR 100"), ("greentech", "SGD 300")):
        lasts = ("--starts", "2026-03-01", "--ends", "2027-02-28", "--recurring", "yearly")
        run("purchase", "add", account, amount, *lasts)
    assert answer(run, "report", "pipeline")["converted"] is None
    run("config", "set", "rates.base", "SGD")
    for report in ("pipeline", "renewals"):
        lacking = " ".join(run("report", report, "-f", "table").out.split())
        assert "No total in SGD without a rate for EUR: acct config set rates.EUR" in lacking
    run("config", "set", "rates.EUR", "1.5")
    assert answer(run, "report", "pipeline")["converted"]["amount"] == Decimal("1300.00")
    assert "Total open 1,300 SGD (rates" in run("report", "pipeline", "-f", "table").out
    found = answer(run, "report", "renewals")
    rates = {"SGD": Decimal(1), "EUR": Decimal("1.5")}
    assert {one["currency"] for one in found["quarters"]} == set(rates)
    for name in ("arr", "churn"):
        whole = sum(Decimal(one[name]) * rates[one["currency"]] for one in found["quarters"])
        assert found["converted"][name]["amount"] == whole
    assert "Total ARR 450 SGD, " in run("report", "renewals", "-f", "table").out


def test_thresholds_of_the_marks_are_the_users(run: Program, book: None) -> None:
    def segments() -> dict[str, str]:
        rows = answer(run, "report", "retention")["customers"]
        return {row["account"]: row["group"] for row in rows}

    run("deal", "delete", "rollout", "--yes")
    assert segments() == {"Konex": "hibernating", "GreenTech": "hibernating"}
    run("config", "set", "rfm.recency", "300, 400, 500, 600")
    run("config", "set", "rfm.frequency", "1, 2, 3, 4")
    assert segments()["GreenTech"] == "recent"
    run("config", "set", "rfm.monetary", "100, 200, 300, 400")
    assert segments()["GreenTech"] == "champion"


def test_activity_by_week_kind_and_owner(run: Program, book: None) -> None:
    data = answer(run, "report", "activity")
    assert (data["period"]["start"], data["period"]["end"]) == ("2026-08-24", "2026-11-22")
    assert (len(data["weeks"]), data["weeks"][-1]) == (13, "2026-11-16")
    assert {line["kind"]: line["by_week"][-2:] for line in data["kinds"]} == {
        "call": [0, 1],
        "email": [1, 0],
    }
    assert [(line["owner"], line["two_way"]) for line in data["owners"]] == [("Kim", 1), ("Lee", 0)]
    tiers = {
        line["tier"]: (line["touched"], line["accounts"]) for line in data["coverage"]["tiers"]
    }
    assert tiers == {"key": (1, 1)}  # a former customer needs no touch, a lead has no tier
    assert data["coverage"]["without_cadence"] == 1


def test_activity_of_another_time_looks_at_what_was_covered_then(run: Program, book: None) -> None:
    data = answer(run, "report", "activity", "--period", "2026-10-01..2026-11-10")
    assert data["total"]["interactions"] == 1
    assert data["coverage"]["day"] == "2026-11-10"
    assert data["coverage"]["tiers"][0]["never"] == 1
    mine = answer(run, "report", "activity", "--owner", "kim", "--tier", "key")
    assert [line["owner"] for line in mine["owners"]] == ["Kim"]


def test_attainment_is_against_the_quota(run: Program, book: None) -> None:
    quota = answer(run, "report", "performance", "--period", "2026-Q4")["quota"]
    assert [(line["owner"], float(line["share"])) for line in quota["attainment"]] == [
        (None, 30.0),
        ("Kim", 60.0),
    ]
    assert quota["currency"] == "SGD"
    own = answer(run, "report", "performance", "--period", "2026-Q4", "--owner", "Kim")["quota"]
    assert [line["owner"] for line in own["attainment"]] == ["Kim"]
    assert answer(run, "report", "performance", "--tier", "key")["quota"] is None
    assert "60 %, 1 deal" in run("report", "performance", "-f", "table").out


def test_whitespace_says_that_the_book_is_too_small(run: Program, book: None) -> None:
    data = answer(run, "report", "whitespace")
    assert data["book_too_small"]
    assert [(a["account"], a["bought"]) for a in data["accounts"]] == [("GreenTech", ["Platform"])]
    assert "too few to compare" in run("report", "whitespace", "-f", "table").out


def test_sources_and_tags(run: Program, book: None) -> None:
    data = answer(run, "report", "sources")
    found = {line["name"]: (line["leads"], line["customers"]) for line in data["sources"]}
    assert found == {"expo": (2, 1), None: (1, 1)}
    (tag,) = data["tags"]
    assert (tag["name"], tag["value"]) == (
        "vip",
        [{"currency": "SGD", "amount": Decimal("30000.00")}],
    )
    assert answer(run, "report", "sources", "--period", "2024")["total"]["leads"] == 0


# Every report in every format


@pytest.mark.parametrize("report", REPORTS)
def test_every_format(run: Program, book: None, report: str) -> None:
    page = run("report", report)
    assert (page.code, page.err) == (0, "")
    assert page.out == run("report", report, "-f", "table").out
    rows = cells(run("report", report, "-f", "csv").out)
    lines = run("report", report, "-f", "tsv").out.splitlines()
    assert len(rows) == len(lines) > 0
    assert all(None not in row for row in rows)
    assert isinstance(json.loads(run("report", report, "-f", "jsonl").out), dict)
    assert run("report", report, "-f", "md").out.startswith("```text\n")
    assert run("report", report, "-f", "ids").code == 2
    safe = run("report", report, "-f", "csv", "--excel-safe")
    assert (safe.code, safe.out[0]) == (0, "\ufeff")


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("columns", ["20", "40", "80", "200"])
def test_every_width(run: Program, book: None, report: str, columns: str) -> None:
    result = run("report", report, env={"COLUMNS": columns})
    assert result.code == 0, result.err
    # A single word may be longer than the narrowest terminal; nothing else may be wider.
    if int(columns) >= 80:
        assert all(len(line) <= int(columns) for line in result.out.splitlines())


@pytest.mark.parametrize("report", REPORTS)
def test_an_empty_book_says_how_to_begin(run: Program, report: str) -> None:
    run("db", "init")
    result = run("report", report)
    assert (result.code, result.err) == (0, "")
    assert len(result.out.splitlines()) >= 2
    assert isinstance(answer(run, "report", report), dict)
    assert run("report", report, "-f", "csv").code == 0


def test_tables_and_pages_tell_the_same(run: Program, book: None) -> None:
    data = answer(run, "report", "performance", "--by", "product")
    (row,) = cells(run("report", "performance", "--by", "product", "-f", "csv").out)
    assert (row["product"], row["revenue"], row["created"]) == ("Platform", "30000.00", "30000.00")
    assert data["groups"][0]["revenue"] == Decimal(row["revenue"])
    grid = cells(run("report", "whitespace", "-f", "csv").out)
    assert [(cell["account"], cell["product"], cell["state"]) for cell in grid] == [
        ("GreenTech", "Platform", "bought")
    ]
    weeks = cells(run("report", "activity", "-f", "csv").out)
    assert [(row["week"], row["owner"], row["kind"]) for row in weeks] == [
        ("2026-11-09", "Lee", "email"),
        ("2026-11-16", "Kim", "call"),
    ]


@pytest.mark.parametrize("report", REPORTS)
def test_hostile_text_is_shown_but_does_nothing(run: Program, book: None, report: str) -> None:
    run("account", "add", HOSTILE, "--owner", HOSTILE, "--source", HOSTILE, "--tag", HOSTILE)
    run("account", "edit", HOSTILE, "--industry", HOSTILE, "--tier", "key", "--status", "customer")
    run("product", "add", HOSTILE, "--price", "10")
    for words in (
        ["purchase", "add", HOSTILE, "10", "--product", HOSTILE, "--on", "2026-01-01"],
        ["deal", "add", HOSTILE, "x", "--amount", "5", "--owner", HOSTILE, "--product", HOSTILE],
        ["deal", "win", "x"],
        ["log", "call", HOSTILE, "x"],
    ):
        result = run(*words)
        assert result.code == 0, result.err
    for format in ("table", "md", "tsv"):
        result = run("report", report, "-f", format)
        assert result.code == 0, result.err
        assert not {"\x1b", "\u202e"} & set(result.out)
        assert r"\x1b[31mRed" in result.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["performance", "--by", "colour"], 2),
        (["performance", "--period", "soon"], 2),
        (["retention", "--tier", "gold"], 4),
        (["activity", "--where", "colour = red"], 2),
        (["sources", "-f", "xml"], 2),
    ],
)
def test_mistakes_are_one_line(run: Program, book: None, words: list[str], code: int) -> None:
    result = run("report", *words)
    assert result.code == code
    assert result.out == ""
    assert result.err.startswith("acct: ")


def test_help_names_every_key_of_the_figures() -> None:
    assert tuple(KEYS) == BREAKDOWNS


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_in_a_pipe_loads_no_other_and_nothing_that_draws(
    run: Program, book: None, report: str
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from acctcli.main import run; run(sys.argv[1:]); "
            "print(*({'rich', 'decimal', 'dataclasses'} & set(sys.modules)), "
            "*(name for name in sys.modules if name.startswith('acctcli.book.reports.') and "
            "not name.endswith('scope')), file=sys.stderr)",
            *("report", report, "-f", "json"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == f"acctcli.book.reports.{report}\n"


def test_the_book_sets_what_flaws_cost(run: Program) -> None:
    run("account", "add", "Acme")
    before = run("report", "quality", "-f", "json").json()["accounts"][0]
    run("config", "set", "quality.people", "20")
    after = run("report", "quality", "-f", "json").json()["accounts"][0]
    cost = {flaw["code"]: flaw["points"] for flaw in after["flaws"]}
    assert cost["people"] == 20
    assert after["score"] == before["score"] - 12
