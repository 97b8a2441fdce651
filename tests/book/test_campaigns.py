"""How far a campaign got, by what was logged and sold, through the program."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program


@pytest.fixture
def book(run: Program) -> Program:
    """The program on a book with a campaign for two people and an account."""
    do(
        run,
        ("account", "add", "Acme"),
        ("account", "add", "Zed"),
        ("contact", "add", "Mei Tan", "--account", "acme", "--email", "mei@x.example"),
        ("contact", "add", "Raj Nair", "--account", "acme", "--email", "raj@x.example"),
        ("campaign", "add", "Push", "mei", "raj", "zed"),
    )
    return run


def states(run: Program) -> dict[str, str]:
    rows = run("campaign", "member", "push", "-f", "json").json()
    return {row["contact"] or row["account"]: row["state"] for row in rows}


def page(run: Program) -> dict[str, Any]:
    found: dict[str, Any] = run("campaign", "show", "push", "-f", "json").json()
    return found


def test_everybody_is_planned_at_first(book: Program) -> None:
    assert states(book) == {"Mei Tan": "planned", "Raj Nair": "planned", "Zed": "planned"}
    assert page(book)["figures"]["reached"] == 0


def test_an_ordinary_log_that_names_the_campaign_moves_only_who_took_part(book: Program) -> None:
    do(book, "log", "email", "acme", "Offer", "--with", "mei", "--campaign", "push")
    do(book, "log", "call", "zed", "Talked", "--campaign", "push")
    assert states(book) == {"Mei Tan": "reached", "Raj Nair": "planned", "Zed": "reached"}


def test_an_answer_that_names_nothing_counts_and_goes_with_an_undo(book: Program) -> None:
    early = ("--at", "2026-11-10 09:00")
    do(book, "log", "email", "acme", "Offer", "--with", "mei", "--campaign", "push", *early)
    do(book, "log", "email", "acme", "Tell me more", "--in", "--with", "mei")
    assert states(book)["Mei Tan"] == "replied"
    do(book, "undo")
    assert states(book)["Mei Tan"] == "reached"
    do(book, "config", "set", "campaign.reply_days", "3")
    do(book, "log", "email", "acme", "Tell me more", "--in", "--with", "mei")
    assert states(book)["Mei Tan"] == "reached", "too late to be an answer"


def test_a_state_set_by_hand_stays_and_says_what_the_records_say(book: Program) -> None:
    do(book, "campaign", "member", "push", "mei", "--state", "meeting")
    do(book, "deal", "add", "acme", "Rollout", "--amount", "SGD 5", "--campaign", "push")
    assert states(book) == {"Mei Tan": "meeting", "Raj Nair": "opportunity", "Zed": "planned"}
    (mei,) = [row for row in page(book)["members"] if row["contact"] == "Mei Tan"]
    assert (mei["by_hand"], mei["follows"], mei["record"]) == ("meeting", "opportunity", "deal")
    do(book, "campaign", "member", "push", "mei", "--state", "auto")
    assert states(book)["Mei Tan"] == "opportunity"


def test_deals_that_name_it_count_and_others_are_only_listed(book: Program) -> None:
    early = ("--at", "2026-11-10 09:00")
    do(book, "deal", "add", "zed", "Before", "--amount", "SGD 9", "--opened", "2026-11-01")
    do(book, "log", "email", "zed", "Offer", "--campaign", "push", *early)
    named = ("--campaign", "push", "--source", "webinar")
    do(book, "deal", "add", "zed", "Named", "--amount", "SGD 5", *named)
    do(book, "deal", "add", "zed", "Loose", "--amount", "EUR 7")
    do(book, "deal", "win", "named", "--no-purchase")
    found = page(book)
    assert [deal["title"] for deal in found["deals"]] == ["Named"]
    assert [deal["title"] for deal in found["maybe"]] == ["Loose"]
    assert found["won_value"] == [{"currency": "SGD", "amount": 5.0}]
    assert [(one["name"], one["won"]) for one in found["sources"]] == [("webinar", 1)]
    assert states(book)["Zed"] == "customer"
    do(book, "deal", "edit", "loose", "--campaign", "push")
    assert page(book)["maybe"] == []


def test_campaigns_stand_beside_each_other_with_a_row_for_each_currency(book: Program) -> None:
    do(book, "campaign", "add", "Empty")
    do(book, "deal", "add", "zed", "A", "--amount", "SGD 5", "--campaign", "push")
    do(book, "deal", "add", "zed", "B", "--amount", "EUR 7", "--campaign", "push")
    rows = list(csv.DictReader(io.StringIO(book("campaign", "report", "-f", "csv").out)))
    assert [(row["name"], row["currency"], row["open_value"]) for row in rows] == [
        ("Empty", "", ""),
        ("Push", "EUR", "7.00"),
        ("Push", "SGD", "5.00"),
    ]
    (push,) = book("campaign", "report", "push", "-f", "json").json()["campaigns"]
    assert (push["members"], push["deals"], push["reply_rate"]) == (3, 2, None)


def test_mail_leaves_out_and_counts_who_must_not_get_it(book: Program) -> None:
    do(book, "contact", "edit", "raj", "--do-not-contact")
    do(book, "contact", "add", "Twin", "--account", "zed", "--primary")
    mail = page(book)["mail"]
    assert (mail["addresses"], mail["left_out"]) == (1, {"opted out": 1, "no email": 1})
    do(book, "contact", "edit", "mei", "--account", "zed")
    assert page(book)["mail"]["left_out"] == {"opted out": 1, "left": 1, "no email": 1}
    do(book, "contact", "delete", "twin", "--yes")
    assert page(book)["mail"]["without_primary"] == ["Zed"]


def test_the_page_of_a_person_has_their_campaigns(book: Program) -> None:
    assert book("contact", "show", "mei", "-f", "json").json()["campaigns"] == [
        {"id": page(book)["id"], "name": "Push", "state": "planned"}
    ]
    do(book, "log", "meeting", "acme", "Met", "--with", "mei", "--campaign", "push")
    assert "Push (meeting)" in do(book, "contact", "show", "mei").out
    do(book, "campaign", "member", "push", "Mei Tan", "--remove")
    assert book("contact", "show", "mei", "-f", "json").json()["campaigns"] == []
