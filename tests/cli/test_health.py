# ruff: noqa: RUF001 - pages have dashes and minus signs of their own
from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def greentech(run: Program) -> str:
    """A customer with a broken cadence, a late promise, one friend and a review; its number."""
    do(
        run,
        ("account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer"),
        (
            *("contact", "add", "Mei Tan", "--account", "greentech"),
            *("--influence", "high", "--stance", "supporter"),
        ),
        ("log", "call", "greentech", "Pricing", "--with", "mei", "--at", "2026-11-01 10:00"),
        ("task", "add", "greentech", "Send quote", "--due", "2026-11-20"),
        (
            *("review", "run", "greentech", "--summary", "Fine", "--rating", "green"),
            *("--held-on", "2026-10-12"),
        ),
    )
    return "A-0001"


def health_of(run: Program, name: str) -> dict[str, Any]:
    shown = run("review", "health", name, "-f", "json")
    assert shown.code == 0, shown.err
    found: dict[str, Any] = shown.json()
    return found


def reason(run: Program, name: str, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in health_of(run, name)["reasons"] if one["code"] == code
    )
    return found


def test_every_input_is_explained_and_the_missing_ones_too(run: Program, greentech: str) -> None:
    shown = run("review", "health", "greentech", "--explain")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "GreenTech Ltd                                      A-0001 · strategic · customer\n"
        "Health 45 of 100, amber, on 3 of 10 inputs\n"
        "weight  score  what                 evidence\n"
        "    20     50  contact vs. cadence  last two-way touch 3 weeks ago; cadence: 14\n"
        "                                    days\n"
        "     –      –  replies              0 messages in 90 days; at least 3 are needed\n"
        "                                    (left out)\n"
        "    10      0  promises             0 of 1 of ours kept on time in 90 days\n"
        "    15     50  stakeholders         1 supporter and 0 opponents with influence\n"
        "     –      –  movement of deals    no open deal (left out)\n"
        "     –      –  purchases            nothing bought in two years (left out)\n"
        "     –      –  renewals             no contracts (left out)\n"
        "     –      –  tickets              no tickets yet (left out)\n"
        "     –      –  satisfaction         no survey in the last year (left out)\n"
        "     –      –  record               your rules require no fields (left out)\n"
        "Pulling it down: contact vs. cadence (−15), promises (−15), stakeholders (−12)\n"
        "Look at it as a whole: acct review brief A-0001\n"
    )


def test_the_change_is_that_since_the_last_review_that_kept_a_health(
    run: Program, greentech: str
) -> None:
    found = health_of(run, "greentech")
    assert (found["score"], found["last_review"], found["change"]) == (45, None, None)
    do(run, ("review", "run", "greentech", "--summary", "Silent"))
    do(
        run,
        ("contact", "add", "Ana", "--account", "greentech", "--role", "blocker"),
    )
    after = health_of(run, "greentech")
    assert after["last_review"] == {"held_on": "2026-11-22", "health": 45}
    assert after["change"] == after["score"] - 45 < 0
    assert after["trend"] == [{"held_on": "2026-11-22", "health": 45}]
    shown = run("review", "health", "greentech")
    assert f"(45 on today, down {-after['change']})" in shown.out


def test_a_review_keeps_what_the_health_rested_on_and_what_changed_it_is_told(
    run: Program, greentech: str
) -> None:
    do(run, ("review", "run", "greentech", "--summary", "Silent"))
    kept = run("review", "show", "greentech", "-f", "json").json()
    known = {r["code"]: r["score"] for r in health_of(run, "greentech")["reasons"]}
    assert kept["inputs"] == [f"{c}={s:.0f}" for c, s in known.items() if s is not None]
    assert health_of(run, "greentech")["causes"] == []
    do(run, ("log", "call", "greentech", "Spoke", "--at", "2026-11-22 01:00"))
    after = health_of(run, "greentech")
    (cause,) = after["causes"]
    assert (cause["code"], cause["was"], cause["now"]) == ("touch", 50, 100)
    assert cause["points"] == pytest.approx(after["change"], abs=1)
    assert after["change"] > 0
    shown = run("review", "health", "greentech", "--explain").out
    assert "Changed since the review of today: contact vs. cadence +15 (50 → 100)" in shown


def test_what_a_review_kept_survives_export_and_import(
    run: Program, greentech: str, tmp_path: Path
) -> None:
    do(run, ("review", "run", "greentech", "--summary", "Silent"))
    before = run("review", "list", "-f", "json").json()
    do(run, ("export", "--all", str(tmp_path / "all"), "-f", "json"))
    book = str(tmp_path / "other.db")
    done = run("--db", book, "import", str(tmp_path / "all"), "--create")
    assert done.code == 0, done.err
    assert run("--db", book, "review", "list", "-f", "json").json() == before


def test_the_page_of_an_account_and_the_list_give_the_same_health(
    run: Program, greentech: str
) -> None:
    do(
        run,
        ("account", "add", "Kan-code", "--tier", "key"),
        ("deal", "add", "kan-code", "Platform", "--amount", "9k", "--opened", "2026-03-01"),
        ("log", "ticket", "greentech", "Login fails", "--at", "2026-11-10 08:00"),
        ("product", "add", "Support"),
        (
            *("purchase", "add", "greentech", "SGD 36,000", "--product", "support"),
            *("--on", "2026-01-15", "--recurring", "yearly"),
        ),
        ("log", "survey", "greentech", "NPS", "--nps", "8"),
    )
    listed = {row["account"]: row for row in run("review", "health", "-f", "json").json()}
    assert set(listed) == {"GreenTech Ltd", "Kan-code"}
    for name, row in listed.items():
        page = run("account", "show", name, "-f", "json").json()["health"]
        alone = health_of(run, name)
        assert row["health"] == page["score"] == alone["score"]
        assert row["band"] == page["band"] == alone["band"]
        assert page["reasons"] == alone["reasons"]


def test_the_list_has_the_worst_first_and_what_is_not_known_last(
    run: Program, greentech: str
) -> None:
    do(
        run,
        ("account", "add", "Aaa Unknown"),
        ("account", "add", "A Lead", "--status", "lead"),
        ("account", "add", "Happy", "--status", "customer"),
        ("log", "survey", "happy", "NPS", "--nps", "10"),
    )
    shown = run("review", "health", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert [(row["account"], row["health"], row["band"]) for row in rows] == [
        ("GreenTech Ltd", "45", "amber"),
        ("Happy", "68", ""),
        ("Aaa Unknown", "", ""),
    ]
    assert rows[0]["reason"] == "no contact for 21 days (cadence: 14)"
    leads = run("review", "health", "--status", "lead", "-f", "csv", "--columns", "number,status")
    assert leads.out.split() == ["number,status", "A-0003,lead"]


def test_answers_to_messages_count(run: Program, greentech: str) -> None:
    for day in ("02", "05", "09"):
        do(run, ("log", "email", "greentech", "Hello?", "--at", f"2026-11-{day} 09:00"))
    unanswered = reason(run, "greentech", "replies")
    assert unanswered["evidence"] == "1 message in 90 days; at least 3 are needed"
    for day in ("10", "12", "14"):
        do(run, ("log", "email", "greentech", "Yes", "--in", "--at", f"2026-11-{day} 10:00"))
        do(run, ("log", "email", "greentech", "And?", "--at", f"2026-11-{day} 11:00"))
    replies = reason(run, "greentech", "replies")
    assert replies["evidence"] == "3 of 4 messages answered, in 1.7 days"
    assert replies["score"] == 97


def test_the_users_weights_bounds_and_required_fields(
    run: Program, greentech: str, home: Path
) -> None:
    configure(
        home,
        "[health]\ntouch = 0\nrecord = 40\nred = 60\namber = 90\n"
        '[required.all]\naccount = ["industry", "tier"]\n',
    )
    found = health_of(run, "greentech")
    weights = {one["code"]: one["weight"] for one in found["reasons"]}
    assert (weights["touch"], weights["record"], weights["promises"]) == (0, 40, 10)
    record = reason(run, "greentech", "record")
    assert (record["score"], record["text"]) == (50, "no industry entered")
    assert (found["score"], found["band"]) == (46, "red")
    assert "touch" not in found["lost"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--explain",), "--explain needs an account"),
        (("greentech", "--tier", "key"), "filters, columns and --limit are for the list"),
        (("greentech", "--columns", "health"), "columns and --limit are for the list"),
        (("--columns", "helth"), "Did you mean health?"),
    ],
)
def test_what_does_not_go_together_is_refused(
    run: Program, greentech: str, words: tuple[str, ...], says: str
) -> None:
    refused = run("review", "health", *words)
    assert refused.code == 2
    assert says in refused.err
    assert refused.out == ""


def test_bounds_in_the_wrong_order_are_refused(run: Program) -> None:
    refused = run("config", "set", "health.red", "80")
    assert refused.code == 4
    assert "health.red (80) must not be above health.amber (70)" in refused.err


@pytest.mark.parametrize("inputs", ["touch=²", "touch=1e5", "touch=101; =3; stakeholders; x=5"])
def test_inputs_that_no_review_kept_are_passed_over(
    run: Program, greentech: str, inputs: str
) -> None:
    assert run("log", "call", greentech, "Kick-off").code == 0
    held = f"account,held_on,health,inputs\nGreenTech Ltd,2026-11-01,99,{inputs}\n"
    assert run("import", "-", "--as", "review", input=held).code == 0
    found = run("review", "health", greentech, "-f", "json")
    assert (found.code, found.json()["causes"]) == (0, [])


def test_the_list_on_a_terminal_has_the_whole_reason_below_each_line(
    run: Program, greentech: str
) -> None:
    del greentech
    do(
        run,
        ("account", "add", "Consolidated Lighthouse and Supply [bold]", "--tier", "key"),
        ("log", "call", "consolidated", "Kick-off"),
        ("account", "add", "Konex"),
    )
    listed = run("review", "health", "-f", "table", env={"COLUMNS": "60"})
    assert listed.out == (
        "health  account                      band  change  tier\n"
        "    45  GreenTech Ltd               amber       –  strategic\n"
        "        no contact for 21 days (cadence: 14)\n"
        "    80  Consolidated Lighthouse a…      –       –  key\n"
        "        last contact today\n"
        "     –  Konex                           –       –  –\n"
    )
    narrow = run("review", "health", "-f", "table", "--tier", "key", env={"COLUMNS": "30"})
    assert narrow.out.splitlines()[-3:] == ["Supply [bold]", "  key", "  last contact today"]
    do(run, ("review", "run", "greentech", "--summary", "Silent"))
    again = run("review", "health", "-f", "table", "--tier", "strategic")
    assert "  amber       0  strategic\n" in again.out
    do(run, ("contact", "add", "Ana", "--account", "greentech", "--role", "blocker"))
    fallen = run("review", "health", "-f", "table", "--tier", "strategic")
    assert "  amber      −4  strategic\n" in fallen.out
