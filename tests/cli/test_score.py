# ruff: noqa: RUF001 - pages have dashes of their own
from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

PROFILE = """
[icp.industry]
weight = 5
match = { energy = 10, retail = 6 }

[icp.size]
field = "employees"
at_least = [[50, 4], [200, 7], [1000, 10]]
"""


@pytest.fixture
@filled_once
def book(run: Program, home: Path) -> None:
    """Add a profile, a customer who fits and talks, a lead who asked, and one without any data.

    Three have a deal, so that it can be ranked.
    """
    configure(home, PROFILE)
    do(
        run,
        (
            *("account", "add", "GreenTech Ltd", "--tier", "strategic", "--industry", "energy"),
            *("--employees", "1200", "--status", "customer"),
        ),
        ("account", "add", "Konex", "--status", "lead", "--industry", "retail"),
        ("account", "add", "Kan-code", "--tier", "growth"),
        ("account", "add", "Old Friend", "--status", "former"),
        ("contact", "add", "Mei Tan", "--account", "greentech"),
        ("log", "meeting", "greentech", "Pricing", "--with", "mei", "--at", "2026-11-20 10:00"),
        ("log", "email", "konex", "How much is it?", "--in", "--at", "2026-11-10 10:00"),
        (
            *("deal", "add", "greentech", "Platform rollout", "--amount", "120k"),
            *("--currency", "SGD", "--stage", "proposal"),
        ),
        ("deal", "add", "konex", "Pilot", "--amount", "10k", "--currency", "SGD"),
        ("deal", "add", "old friend", "Again", "--amount", "500k", "--currency", "SGD"),
    )


def score_of(run: Program, name: str) -> dict[str, Any]:
    shown = run("account", "score", name, "-f", "json")
    assert shown.code == 0, shown.err
    found: dict[str, Any] = shown.json()
    return found


def reason(run: Program, name: str, code: str) -> dict[str, Any]:
    return next(
        reason
        for part in score_of(run, name)["parts"]
        for reason in part["reasons"]
        if reason["code"] == code
    )


@pytest.mark.usefixtures("book")
def test_every_input_is_explained_and_the_missing_ones_too(run: Program) -> None:
    shown = run("account", "score", "greentech", "--explain")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "GreenTech Ltd                                      A-0001 · strategic · customer\n"
        "Score 84 of 100: fit 100, value 100, engagement 37\n"
        "weight  score  what            evidence\n"
        "    40    100  fit             2 of 2 criteria known\n"
        "     5    100    industry      industry energy: 10 of 10\n"
        "     3    100    size          employees 1,200: 10 of 10\n"
        "    35    100  value           1 of 3 inputs known\n"
        "     –      –    spending      nothing bought yet (left out)\n"
        "    40    100    pipeline      weighted pipeline: 72,000 SGD; 1st of 3 in your\n"
        "                               book\n"
        "     –      –    potential     no annual revenue (left out)\n"
        "    25     37  engagement      5 of 7 inputs known\n"
        "    25     17    touches       1 two-way touch in 90 days; 6 are enough\n"
        "    15     33    people        1 person spoken with in 90 days; 3 are enough\n"
        "    15      0    inbound       no contact from them in 90 days; 3 are enough\n"
        "    15     50    meetings      1 meeting or demo in 90 days; 2 are enough\n"
        '    15    100    movement      "Platform rollout" moved today\n'
        "     –      –    growth        nothing bought in two years (left out)\n"
        "     –      –    satisfaction  no survey answered in a year (left out)\n"
        "Suggested tier: strategic, same as now (score 84 is within 80 to 100 for\n"
        "strategic)\n"
    )


@pytest.mark.usefixtures("book")
def test_the_page_of_one_account_says_what_counts_most(run: Program) -> None:
    assert run("account", "score", "konex").out == (
        "Konex                                                              A-0002 · lead\n"
        "Score 44 of 100: fit 60, value 33, engagement 35\n"
        "  weighted pipeline: 3rd of 3\n"
        "  industry retail: 6 of 10\n"
        "Suggested tier: growth (score 44 is within 40 to 59 for growth; no tier yet)\n"
        "Why: acct account score A-0002 --explain\n"
    )


@pytest.mark.usefixtures("book")
def test_the_list_has_the_best_first_and_what_is_not_known_last(run: Program) -> None:
    shown = run("account", "score", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert [(row["account"], row["score"], row["suggested_tier"]) for row in rows] == [
        ("GreenTech Ltd", "84", "strategic"),
        ("Konex", "44", "growth"),
        ("Kan-code", "", ""),
    ]
    assert rows[0]["why"] == "weighted pipeline: 1st of 3"
    assert rows[2]["tier_reason"] == (
        "too little known about fit, value and engagement to suggest a tier"
    )


@pytest.mark.usefixtures("book")
def test_filters_narrow_the_list_and_leave_the_scores_as_they_are(run: Program) -> None:
    whole = {row["account"]: row for row in run("account", "score", "-f", "json").json()}
    leads = run("account", "score", "--status", "lead", "-f", "json").json()
    assert leads == [whole["Konex"]]
    fitting = run("account", "score", "--where", "employees > 1000", "-f", "json").json()
    assert fitting == [whole["GreenTech Ltd"]]
    former = run(
        "account", "score", "--status", "former", "--columns", "account,value", "-f", "csv"
    )
    assert former.out.splitlines() == ["account,account_id,value", former.out.splitlines()[1]]
    assert former.out.splitlines()[1].endswith(",67")
    for name, row in whole.items():
        alone = score_of(run, name)
        assert all(
            row[key] == alone[key] for key in ("score", "fit", "value", "engagement", "tier_reason")
        )


@pytest.mark.usefixtures("book")
def test_the_list_on_a_terminal_has_a_reason_below_each_line(run: Program) -> None:
    shown = run("account", "score", "-f", "table")
    assert shown.out == (
        "score  account        fit  value  engagement  tier\n"
        "   84  GreenTech Ltd  100    100          37  strategic\n"
        "       weighted pipeline: 1st of 3\n"
        "   44  Konex           60     33          35  – → growth\n"
        "       weighted pipeline: 3rd of 3\n"
        "    –  Kan-code         –      –           –  growth\n"
    )
    narrow = run("account", "score", "-f", "table", "--status", "lead", env={"COLUMNS": "40"})
    assert narrow.out.splitlines() == [
        "44 Konex",
        "  fit 60, value 33, engagement 35",
        "  – → growth",
        "  weighted pipeline: 3rd of 3",
    ]


@pytest.mark.usefixtures("book")
def test_a_contract_counts_with_what_it_brings_a_year(run: Program) -> None:
    term = ("--recurring", "yearly", "--starts", "2025-01-01", "--ends", "2027-12-31")
    do(
        run,
        ("purchase", "add", "greentech", "SGD 9,000", "--on", "2025-01-01", *term),
        ("purchase", "add", "greentech", "SGD 500", "--on", "2026-10-01"),
        ("purchase", "add", "konex", "SGD 4,000", "--on", "2026-10-01"),
        ("purchase", "add", "kan-code", "SGD 3,600", "--on", "2026-10-01"),
    )
    found = reason(run, "greentech", "spending")
    assert found["evidence"].startswith("spending in a year: 3,500 SGD")
    assert found["text"] == "spending in a year: 3rd of 3"
    assert reason(run, "greentech", "growth")["text"] == "purchases up 17 %"


@pytest.mark.usefixtures("book")
def test_purchases_and_surveys_count(run: Program) -> None:
    do(
        run,
        ("purchase", "add", "greentech", "SGD 1,000", "--on", "2025-10-01"),
        ("purchase", "add", "greentech", "SGD 1,500", "--on", "2026-10-01"),
        ("purchase", "add", "konex", "SGD 9,000", "--on", "2026-10-01"),
        ("purchase", "add", "kan-code", "SGD 10", "--on", "2026-10-01"),
        ("log", "survey", "greentech", "NPS", "--nps", "8"),
    )
    assert reason(run, "greentech", "spending")["text"] == "spending in a year: 2nd of 3"
    growth = reason(run, "greentech", "growth")
    assert (growth["score"], growth["text"]) == (75, "purchases up 50 %")
    assert reason(run, "konex", "growth")["text"] == "new purchases"
    assert reason(run, "greentech", "satisfaction")["score"] == 70


@pytest.mark.usefixtures("book")
def test_a_note_is_no_sign_of_life(run: Program) -> None:
    do(run, ("log", "note", "kan-code", "New plant"))
    assert reason(run, "kan-code", "touches")["score"] is None
    do(run, ("log", "email", "kan-code", "Hello?"))
    assert reason(run, "kan-code", "touches")["score"] == 0
    assert reason(run, "kan-code", "inbound")["score"] == 0


@pytest.mark.usefixtures("book")
def test_weights_and_bounds_are_the_users(run: Program, home: Path) -> None:
    do(run, ("config", "set", "score.engagement", "0"))
    assert score_of(run, "greentech")["score"] == 100
    configure(home, PROFILE + "[score]\nengagement = 0\n[score.tiers]\nkey = 99\ngrowth = 0\n")
    found = score_of(run, "greentech")
    assert (found["suggested_tier"], found["tier_differs"]) == ("key", True)
    assert found["tier_reason"] == "score 100 is within 99 to 100 for key; now strategic"
    assert "To apply it: acct account edit A-0001 --tier key\n" in (
        run("account", "score", "greentech", "--explain").out
    )


def test_custom_fields_can_be_in_the_profile(run: Program, home: Path) -> None:
    configure(
        home,
        '[fields.account.segment]\ntype = "choice"\nchoices = ["north", "south"]\n'
        '[fields.account.sites]\ntype = "integer"\n[fields.account.partner]\ntype = "flag"\n'
        "[icp.segment]\nmatch = { north = 10, south = 4 }\n"
        "[icp.sites]\nat_least = [[2, 5]]\n[icp.partner]\nmatch = { yes = 10 }\n"
        "[icp.tags]\nmatch = { expo = 10 }\n",
    )
    do(run, ("account", "add", "Konex", "--set", "segment=south", "--set", "sites=3"))
    found = score_of(run, "konex")
    assert found["fit"] == 45
    assert found["suggested_tier"] is None
    do(run, ("account", "edit", "konex", "--set", "partner=yes", "--tag", "vip"))
    by_code = {r["code"]: r["score"] for r in score_of(run, "konex")["parts"][0]["reasons"]}
    assert by_code == {"segment": 40, "sites": 50, "partner": 100, "tags": 0}


def test_nothing_known_is_said(run: Program) -> None:
    do(run, ("account", "add", "Konex"))
    assert run("account", "score", "konex").out == (
        "Konex                                                          A-0001 · prospect\n"
        "Score unknown: no data yet\n"
        "Too little known about fit, value and engagement to suggest a tier\n"
        "Why: acct account score A-0001 --explain\n"
    )
    explained = run("account", "score", "konex", "--explain").out
    assert "no ideal customer profile set: [icp] in" in explained


def test_texts_of_the_book_cannot_drive_the_terminal(run: Program) -> None:
    hostile = "\x1b[31m[bold]Red"
    do(
        run,
        ("account", "add", f"Konex {hostile}"),
        ("deal", "add", "konex", hostile, "--amount", "1k"),
    )
    for words in (("konex",), ("konex", "--explain"), ("-f", "table")):
        shown = run("account", "score", *words)
        assert shown.code == 0
        assert "\x1b" not in shown.out
        assert "[bold]Red" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--explain",), 2, "--explain needs an account"),
        (("konex", "--tier", "key"), 2, "filters, columns and --limit are for the list"),
        (("nobody",), 3, 'no account "nobody"'),
        (("--columns", "scor", "-f", "csv"), 2, "scor"),
    ],
)
def test_what_is_refused(run: Program, words: tuple[str, ...], code: int, says: str) -> None:
    do(run, ("account", "add", "Konex"))
    done = run("account", "score", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


@pytest.mark.parametrize(
    ("words", "code", "points"),
    [
        (("meeting", "Kick-off", "--at", "2026-08-24 00:00"), "meetings", 50),
        (("meeting", "Kick-off", "--at", "2026-08-23 23:59"), "meetings", 0),
        (("demo", "Historian"), "touches", 17),
        (("email", "Offer"), "touches", 0),
        (("email", "Question", "--in"), "touches", 17),
        (("call", "They rang", "--in"), "inbound", 33),
        (("call", "We rang"), "inbound", 0),
        (("ticket", "Broken"), "inbound", 0),
        (("survey", "NPS", "--nps", "9"), "inbound", 0),
        (("call", "Nobody named"), "people", None),
        (("email", "Offer", "--with", "mei"), "people", None),
        (("call", "Both", "--with", "mei", "--with", "raj"), "people", 67),
    ],
)
def test_what_counts_as_a_signal(
    run: Program, words: tuple[str, ...], code: str, points: int | None
) -> None:
    kind, summary, *given = words
    do(
        run,
        ("account", "add", "Konex"),
        ("contact", "add", "Mei Tan", "--account", "konex"),
        ("contact", "add", "Raj Nair", "--account", "konex"),
        ("log", kind, "konex", summary, *given),
    )
    assert reason(run, "konex", code)["score"] == points


def test_the_profile_stands_in_the_list_of_settings(run: Program, home: Path) -> None:
    configure(home, PROFILE)
    shown = run("config", "list")
    assert "icp industry: industry, weight 5\nicp size: employees, weight 3\n" in shown.out
    listed = run("config", "list", "-f", "json").json()["icp"]
    assert [one["match"] for one in listed] == [{"energy": 10, "retail": 6}, {}]


def test_an_archived_account_can_be_looked_at_and_is_not_listed(run: Program) -> None:
    do(run, ("account", "add", "Konex"), ("log", "call", "konex", "Hello"))
    do(run, ("account", "archive", "konex"))
    assert score_of(run, "konex")["score"] is not None
    assert run("account", "score", "-f", "json").json() == []


# On a terminal


def shown(run: Program, *words: str, columns: int = 80) -> list[str]:
    found = run("account", "score", "-f", "table", *words, env={"COLUMNS": str(columns)})
    assert found.code == 0, found.err
    return found.out.splitlines()


@pytest.mark.parametrize("columns", [60, 70, 72, 80, 100])
def test_a_suggested_tier_stands_on_the_line_of_its_account(
    run: Program, home: Path, columns: int
) -> None:
    configure(home, "[score]\nfit = 0\nspending = 0\npipeline = 0\n[score.tiers]\nstrategic = 50\n")
    worth = ("--annual-revenue", "9m", "--status", "customer", "--tier", "maintenance")
    for number in range(1, 4):
        name = f"Consolidated Lighthouse Maintenance and Supply {number}"
        do(run, ("account", "add", name, *worth, "--duplicate"))
        do(run, ("log", "meeting", name, "Kick-off"))
    lines = shown(run, columns=columns)
    assert max(map(len, lines)) <= columns
    assert sum(line.endswith("maintenance → strategic") for line in lines) == 3


def test_a_long_reason_goes_on_below_its_beginning(run: Program) -> None:
    do(run, ("account", "add", "Konex"), ("deal", "add", "konex", "Pilot " * 20))
    head, line, *reason = shown(run)
    assert (head.split()[0], line.split()[1]) == ("score", "Konex")
    assert len(reason) == 3
    assert all(part.startswith(" " * 7) and not part.startswith(" " * 8) for part in reason)


def test_a_score_that_rests_on_little_says_so(run: Program) -> None:
    do(run, ("account", "add", "Konex"), ("deal", "add", "konex", "Pilot"))
    assert shown(run)[-1].endswith('"Pilot" moved today, on 1 of 10 inputs')
    assert (
        "Score 100 of 100, on 1 of 10 inputs: fit unknown" in run("account", "score", "konex").out
    )
    (row,) = run("account", "score", "-f", "json").json()
    assert (row["known"], row["inputs"]) == (1, 10)


@pytest.mark.usefixtures("book")
def test_a_place_in_one_of_several_currencies_says_in_which(run: Program) -> None:
    do(run, ("deal", "add", "kan-code", "Elsewhere", "--amount", "5k", "--currency", "EUR"))
    assert reason(run, "konex", "pipeline")["text"] == "weighted pipeline: 3rd of 3 (SGD)"


@pytest.mark.usefixtures("book")
def test_the_next_step_stands_below_the_list(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acctcli.render.emit.is_terminal", lambda: True)
    listed = run("account", "score", "-f", "table")
    assert re.fullmatch(r"Why: acct account score A-\d{4} --explain\n", listed.err)


@pytest.mark.usefixtures("book")
def test_the_first_of_them(run: Program) -> None:
    rows = run("account", "score", "--limit", "2", "-f", "json").json()
    assert [row["account"] for row in rows] == ["GreenTech Ltd", "Konex"]
    assert run("account", "score", "konex", "--limit", "2").code == 2
    assert len(run("review", "health", "--limit", "1", "-f", "json").json()) == 1


@pytest.mark.usefixtures("book")
def test_a_segment_says_itself_who_is_in_it(run: Program) -> None:
    do(run, ("account", "list", "--status", "former", "--save", "gone"))
    rows = run("account", "score", "--segment", "gone", "-f", "json").json()
    assert [row["account"] for row in rows] == ["Old Friend"]
    assert run("account", "score", "konex", "--segment", "gone").code == 2


# Odd amounts


def test_what_is_dated_after_today_is_not_bought_yet(run: Program) -> None:
    do(
        run,
        ("account", "add", "Konex", "--tier", "key"),
    )
    later = {"ACCTCLI_TODAY": "2027-05-01"}
    assert run("purchase", "add", "konex", "5k", env=later).code == 0
    assert reason(run, "konex", "spending")["text"] == "nothing bought yet"
    assert reason(run, "konex", "growth")["score"] is None
    health = run("review", "health", "konex", "-f", "json").json()
    assert {one["code"]: one["score"] for one in health["reasons"]}["purchases"] is None
    page = run("account", "show", "konex", "-f", "json").json()
    assert page["purchases"]["totals"] == []


def test_amounts_that_are_too_large_to_add_up_stop_nothing(run: Program) -> None:
    most = "92233720368547758.07"
    for name in ("Konex", "Kan-code", "Condax"):
        do(run, ("account", "add", name, "--status", "customer"))
        for part in ("one", "two"):
            do(run, ("purchase", "add", name, most, "--ends", "2027-01-15"))
            do(run, ("deal", "add", name, part, "--amount", most, "--stage", "negotiation"))
    assert [row["value"] for row in run("account", "score", "-f", "json").json()] == [100] * 3
    assert run("review", "health").code == 0
    assert run("account", "show", "konex").code == 0


def test_a_country_may_be_written_as_people_write_it(run: Program, home: Path) -> None:
    configure(home, "[icp.country]\nmatch = { UK = 10, Singapore = 4 }\n")
    for name, code in (("Thames Ltd", "GB"), ("Orchard Pte", "SG"), ("Rhein AG", "DE")):
        assert run("account", "add", name, "--country", code).code == 0
    fits = {row["account"]: row["fit"] for row in run("account", "score", "-f", "json").json()}
    assert fits == {"Thames Ltd": 100, "Orchard Pte": 40, "Rhein AG": 0}
    configure(home, "[icp.country]\nmatch = { Atlantis = 10 }\n")
    refused = run("account", "score")
    assert (refused.code, "[icp.country]" in refused.err) == (4, True)
