from __future__ import annotations

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def greentech(run: Program) -> str:
    """An account with three people in a line and a deal; its number."""
    at = ("--account", "greentech")
    do(
        run,
        ("account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer"),
        (
            *("contact", "add", "Mei Tan", *at, "--title", "CFO", "--role", "economic-buyer"),
            *("--influence", "high", "--stance", "supporter"),
        ),
        (
            *("contact", "add", "Raj Nair", *at, "--title", "CTO", "--role", "technical-buyer"),
            *("--influence", "medium", "--stance", "skeptic", "--reports-to", "mei"),
        ),
        (
            *("contact", "add", "Ana Lim", *at, "--role", "end-user", "--influence", "low"),
            *("--reports-to", "raj", "--stance", "champion"),
        ),
        (
            *("deal", "add", "greentech", "Rollout", "--amount", "120k", "--currency", "SGD"),
            *("--close", "2026-12-15"),
        ),
        ("log", "call", "greentech", "Pricing", "--with", "mei", "--at", "2026-11-20 10:00"),
        ("log", "call", "greentech", "Usage", "--with", "ana", "--at", "2026-10-13 10:00"),
        ("log", "email", "greentech", "Deck", "--with", "raj", "--at", "2026-11-10 10:00"),
    )
    return "A-0001"


def test_the_map_at_80_columns(run: Program, greentech: str) -> None:
    shown = run("contact", "map", "greentech")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "GreenTech Ltd                                      A-0001 · strategic · customer\n"
        "Mei Tan · CFO ─ economic buyer ●●● supporter, 2 days, strength 1.9\n"
        "└── Raj Nair · CTO ─ technical buyer ●●○ skeptic, no contact yet\n"
        "    └── Ana Lim ─ end user ●○○ champion, 5 weeks, strength 0.8, cooling\n"
        "Gaps: one supporter with influence, Mei Tan (single-threaded) · no contact with\n"
        "champion Ana Lim for 40 days · skeptic Raj Nair not met\n"
        "\n"
        "Deals\n"
        " green  Rollout  120,000 SGD  Tue 15 Dec  Mei Tan decides and is for us\n"
    )


def test_the_map_as_json_is_nested(run: Program, greentech: str) -> None:
    found = run("contact", "map", greentech, "-f", "json").json()
    (mei,) = found["people"]
    (raj,) = mei["reports"]
    (ana,) = raj["reports"]
    assert (mei["name"], raj["name"], ana["name"]) == ("Mei Tan", "Raj Nair", "Ana Lim")
    assert (mei["influence"], mei["spoke_on"]) == ("high", "2026-11-20")
    assert (raj["spoke_on"], ana["reports"]) == (None, [])
    assert [(gap["code"], gap["contact_id"]) for gap in found["gaps"]] == [
        ("single-threaded", mei["id"]),
        ("champion-silent", ana["id"]),
        ("blocker-not-met", raj["id"]),
    ]
    (deal,) = found["deals"]
    assert (deal["rating"], deal["supporters"], deal["everybody"]) == ("green", ["Mei Tan"], True)


def test_who_has_a_part_in_a_deal_carries_it(run: Program, greentech: str) -> None:
    do(run, ("deal", "contact", "rollout", "raj"))
    (deal,) = run("contact", "map", greentech, "-f", "json").json()["deals"]
    assert (deal["rating"], deal["reason"]) == ("red", "no supporting key player")
    assert deal["everybody"] is False


def test_a_champion_who_moved_away_is_named(run: Program, greentech: str) -> None:
    do(
        run,
        ("account", "add", "Konex"),
        ("contact", "edit", "ana", "--role", "champion"),
        ("contact", "move", "ana", "--to", "konex", "--on", "2026-11-02"),
    )
    shown = run("contact", "map", greentech)
    assert "champion Ana Lim left (Mon 2 Nov)" in shown.out
    assert "└── Ana Lim" not in shown.out
    assert shown.out.endswith(
        "If you know who it is: acct contact add --account A-0001 --role champion\n"
    )


def test_an_account_without_people_says_how_to_begin(run: Program) -> None:
    do(run, ("account", "add", "Konex"))
    assert run("contact", "map", "konex").out == (
        "Konex                                                          A-0001 · prospect\n"
        "Gaps: no contacts\n"
        "If you know who it is: acct contact add --account A-0001 --role economic-buyer\n"
    )


def test_names_cannot_drive_the_terminal(run: Program) -> None:
    do(
        run,
        ("account", "add", "Konex"),
        ("contact", "add", "Mei\x1b[31m [bold]x", "--account", "konex", "--role", "champion"),
    )
    shown = run("contact", "map", "konex")
    assert "\x1b" not in shown.out
    assert "[bold]x" in shown.out


def test_an_unknown_account_is_not_found(run: Program) -> None:
    do(run, ("account", "add", "Konex"))
    missed = run("contact", "map", "konnex")
    assert missed.code == 3
    assert missed.out == ""
