from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program

from acctcli.book import dossier
from acctcli.book.context import Context
from acctcli.render import dossier as drawn
from acctcli.shapes.handover import DossierPage


def page(*names: str) -> DossierPage:
    context = Context()
    with context.read() as con:
        ids = [one.id for one in context.find_all(con, "account", names)]
        return dossier.page(context, con, ids, "Ann", "Ben")


@pytest.fixture
def greentech(run: Program, book: Path) -> None:
    for words in (
        ("account", "add", "Verdant Holding"),
        ("account", "add", "GreenTech Ltd", "--parent", "Verdant Holding"),
        ("contact", "add", "Raj Nair", "--account", "greentech", "--influence", "low"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--role", "economic-buyer"),
        ("deal", "add", "greentech", "Rollout", "--amount", "120k SGD", "--close", "2026-12-15"),
        ("deal", "add", "greentech", "Pilot", "--amount", "9k SGD"),
        ("deal", "win", "Pilot", "--no-purchase"),
        ("log", "ticket", "greentech", "Login fails", "--at", "2026-11-02 09:00"),
        ("task", "add", "greentech", "Send quote", "--due", "2026-11-20"),
        ("account", "add", "Sister Ltd", "--parent", "Verdant Holding"),
    ):
        assert run(*words).code == 0, words


@pytest.mark.usefixtures("greentech")
def test_a_dossier_begins_with_three_things_to_do() -> None:
    (one,) = page("greentech")["accounts"]
    assert len(one["first"]) == dossier.FIRST_THINGS
    assert "Send quote" in one["first"][0] or "Login fails" in one["first"][0]


@pytest.mark.usefixtures("greentech")
def test_without_anything_due_the_first_thing_is_to_meet_who_signs(run: Program) -> None:
    run("task", "done", "Send quote")
    run("log", "edit", "Login fails", "--resolved")
    run("log", "meeting", "greentech", "Met", "--next", "Call again", "--due", "2026-12-10")
    (one,) = page("greentech")["accounts"]
    assert "Introduce yourself to Mei Tan" in one["first"]


@pytest.mark.usefixtures("greentech")
def test_a_dossier_says_how_old_a_ticket_is_and_who_owes_the_answer() -> None:
    data = page("greentech")
    (ticket,) = data["accounts"][0]["brief"]["tickets"]
    assert (ticket["summary"], ticket["days"], ticket["answer_by"]) == ("Login fails", 20, "us")
    written = drawn.markdown(data, Context().clock.today)
    assert "- Login fails: opened 2026-11-02 (20 days), we owe the answer" in written


@pytest.mark.usefixtures("greentech")
def test_a_dossier_says_nothing_about_other_accounts() -> None:
    data = page("greentech")
    assert data["accounts"][0]["brief"]["group"] is None
    assert "Sister" not in str(data)
    assert "Verdant" not in drawn.markdown(data, Context().clock.today)


@pytest.mark.usefixtures("greentech")
def test_the_story_has_what_was_decided_by_year() -> None:
    (one,) = page("greentech")["accounts"]
    (year,) = one["story"]
    assert (year["year"], year["interactions"], year["more"]) == ("2026", 1, 0)
    assert any("won" in event["text"] for event in year["events"])
