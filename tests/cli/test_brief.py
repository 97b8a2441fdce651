from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def greentech(run: Program) -> str:
    """A customer with people, a deal, a purchase, promises and a review; its number."""
    at = ("--account", "greentech")
    do(
        run,
        (
            *("account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer"),
            *("--city", "Singapore", "--country", "SG", "--description", "Runs 58 substations"),
        ),
        (
            *("contact", "add", "Mei Tan", *at, "--title", "CFO", "--role", "economic-buyer"),
            *("--influence", "high", "--stance", "supporter"),
        ),
        ("contact", "add", "Raj Nair", *at, "--title", "CTO", "--reports-to", "mei"),
        (
            *("deal", "add", "greentech", "Rollout", "--amount", "120k", "--currency", "SGD"),
            *("--close", "2026-12-15", "--stage", "proposal", "--opened", "2026-11-02"),
        ),
        ("product", "add", "Support"),
        (
            *("purchase", "add", "greentech", "SGD 36,000", "--product", "support"),
            *("--on", "2026-01-15", "--recurring", "yearly"),
        ),
        ("log", "call", "greentech", "Pricing", "--with", "mei", "--at", "2026-11-20 10:00"),
        ("task", "add", "greentech", "Send quote", "--due", "2026-11-20"),
        ("task", "add", "greentech", "Reference call", "--owed-by", "them"),
        (
            *("review", "run", "greentech", "--summary", "On course", "--risk", "One friend"),
            *("--rating", "amber", "--held-on", "2026-11-09"),
        ),
    )
    return "A-0001"


def test_the_brief_on_a_terminal(run: Program, greentech: str) -> None:
    shown = run("review", "brief", "greentech")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "GreenTech Ltd                                      A-0001 · strategic · customer\n"
        "Singapore\n"
        "Runs 58 substations\n"
        "Health 67 of 100, amber\n"
        "  ↓ 1 promise of ours not kept on time\n"
        "  ↓ only one supporter\n"
        "\n"
        "Since the review of Mon 9 Nov\n"
        " · 1 interaction, 0 deal changes, 0 purchases, 0 promises kept, 1 late\n"
        " · summary: On course\n"
        " · risks: One friend\n"
        "\n"
        "People\n"
        " · Mei Tan, CFO: economic buyer, high influence, supporter, last contact 2 days\n"
        "   ago, strength 1.9\n"
        "   · Raj Nair, CTO: no contact yet\n"
        "\n"
        "Missing\n"
        " · no champion\n"
        " · one supporter with influence, Mei Tan (single-threaded)\n"
        "\n"
        "Deals\n"
        " · Rollout, 120,000 SGD, proposal, closes Tue 15 Dec; support green: Mei Tan\n"
        "   decides and is for us\n"
        "\n"
        "Bought\n"
        " · 36,000 SGD in 12 months, 0 SGD in the 12 months before\n"
        " · Support ends Thu 14 Jan, 36,000 SGD, no renewal deal\n"
        "\n"
        "Promises\n"
        " · Kept on time in 90 days: 0 of 1 of ours\n"
        "\n"
        "We owe\n"
        " · Send quote: Fri 20 Nov, late\n"
        "\n"
        "They owe\n"
        " · Reference call: no date\n"
        "\n"
        "Lately\n"
        " · Fri 20 Nov, call: Pricing (Mei Tan)\n"
        " · Mon 9 Nov, review: amber: On course\n"
        " · Mon 2 Nov, deal: Rollout: opened\n"
        " · 15 Jan 2026, purchase: Support, 36,000 SGD, until 14 Jan 2027\n"
    )


def test_the_brief_as_a_document_has_days_that_outlive_today(run: Program, greentech: str) -> None:
    lines = run("review", "brief", "greentech", "-f", "md").out.splitlines()
    assert lines[:3] == ["# GreenTech Ltd", "", "A-0001 · strategic · customer"]
    assert "## Since the review of 2026-11-09" in lines
    assert "- Send quote: 2026-11-20, late" in lines
    mei = "- Mei Tan, CFO: economic buyer, high influence, supporter, last contact 2026-11-20"
    mei += ", strength 1.9"
    place = lines.index(mei)
    assert lines[place + 1] == "  - Raj Nair, CTO: no contact yet"
    assert lines[-1] == "As of 2026-11-22."


def test_the_brief_as_json_has_its_parts_under_their_keys(run: Program, greentech: str) -> None:
    found = run("review", "brief", "greentech", "-f", "json").json()
    health = run("review", "health", "greentech", "-f", "json").json()
    people = run("contact", "map", "greentech", "-f", "json").json()
    assert found["health"]["score"] == health["score"]
    assert found["health"]["reasons"] == health["reasons"]
    for part in ("people", "gaps", "deals"):
        assert found[part] == people[part]
    assert found["review"]["last"]["summary"] == "On course"
    assert found["review"]["since"]["late"] == 1
    assert [task["text"] for task in found["promises"]["us"]] == ["Send quote"]
    assert len(found["timeline"]) == 4


def test_the_brief_of_an_account_with_nothing_to_it(run: Program) -> None:
    do(run, ("account", "add", "Konex"))
    shown = run("review", "brief", "konex")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "Konex                                                          A-0001 · prospect\n"
        "Health unknown: no data yet\n"
        "\n"
        "So far\n"
        " · 0 interactions, 0 deal changes, 0 purchases, 0 promises kept, 0 late\n"
        "\n"
        "Missing\n"
        " · no contacts\n"
    )
    assert "- Not known yet\n" in run("review", "brief", "konex", "-f", "md").out


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("- a list", "\\- a list"),
        ("1. first", "1\\. first"),
        ("2026-11-20 is late", "2026-11-20 is late"),
        ("---", "\\---"),
        ("*bold* _it_ `x`", "\\*bold\\* \\_it\\_ \\`x\\`"),
        ("[link](http://x)", "\\[link\\](http://x)"),
        ("<b>&amp;", "\\<b\\>\\&amp;"),
        ("a | b # c", "a \\| b \\# c"),
    ],
)
def test_text_of_the_book_shows_in_a_document_as_it_was_typed(
    run: Program, typed: str, written: str
) -> None:
    do(run, ("account", "add", "Konex"), ("task", "add", "konex", "--", typed))
    lines = run("review", "brief", "konex", "-f", "md").out.splitlines()
    assert f"- {written}: no date" in lines


def test_text_of_the_book_cannot_drive_the_terminal(run: Program) -> None:
    hostile = "Call\x1b[31m \u202e [/bold]"
    do(run, ("account", "add", "Konex"), ("task", "add", "konex", hostile))
    for format in ("table", "md", "json"):
        out = run("review", "brief", "konex", "-f", format).out
        assert "\x1b" not in out
        assert "\u202e" not in out
