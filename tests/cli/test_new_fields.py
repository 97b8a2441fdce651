"""Fields that came after the first version: option, filter, file, page, search, history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def book(run: Program) -> None:
    run("account", "add", "GreenTech", "--website", "greentech.sg", "--phone", "+6561234567")
    run("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.sg")
    run("deal", "add", "greentech", "Rollout", "--amount", "5k", "--currency", "SGD")
    run("purchase", "add", "greentech", "SGD 100", "--on", "2026-01-05")


def one(run: Program, kind: str) -> dict[str, Any]:
    (row,) = run(kind, "list", "-f", "json").json()
    found: dict[str, Any] = row
    return found


GIVEN = [
    (
        "account",
        "other_websites",
        ["--other-website", "https://www.greentech.com/a"],
        ["greentech.com"],
    ),
    ("account", "other_phones", ["--other-phone", "+65 6123 4568"], ["+6561234568"]),
    ("account", "aliases", ["--alias", "GT; Green"], ["GT", "Green"]),
    ("account", "links", ["--link", "Plan https://a.example/1"], ["Plan https://a.example/1"]),
    ("contact", "aliases", ["--alias", "M. Tan"], ["M. Tan"]),
    ("contact", "profiles", ["--profile", "https://X.com/MeiTan?lang=en"], ["x.com/meitan"]),
    ("contact", "birthday", ["--birthday", "1980-02-03"], "1980-02-03"),
    ("contact", "tags", ["--add-tag", "golf"], ["golf"]),
    ("deal", "tags", ["--tag", "big"], ["big"]),
    ("deal", "links", ["--set", "links=https://a.example/q"], ["https://a.example/q"]),
    ("purchase", "notice_days", ["--notice-days", "90"], 90),
    ("purchase", "auto_renews", ["--auto-renews"], True),
]


@pytest.mark.parametrize(("kind", "field", "words", "kept"), GIVEN)
def test_it_is_set_filtered_shown_exported_and_told(
    run: Program, tmp_path: Path, kind: str, field: str, words: list[str], kept: Any
) -> None:
    id = one(run, kind)["id"]
    assert run(kind, "edit", id, *words).code == 0
    assert one(run, kind)[field] == kept
    asked = kept[0] if isinstance(kept, list) else "yes" if kept is True else str(kept)
    where = f"{field} = '{asked}'"
    assert [row["id"] for row in run(kind, "list", "--where", where, "-f", "json").json()] == [id]
    assert run(kind, "show", id, "-f", "json").json()[field] == kept
    history = run("history", "-f", "json").out
    assert history
    file = tmp_path / "out.csv"
    file.write_text(run(kind, "list", "-f", "csv").out)
    again = tmp_path / "again.db"
    run("db", "init", "--db", again)
    assert run("undo").code == 0
    assert one(run, kind)[field] != kept
    assert run("import", file, "--as", kind).code == 0
    assert one(run, kind)[field] == kept


def test_further_addresses_and_other_names_find_the_account(run: Program) -> None:
    words = ("--other-website", "greentech.com", "--other-phone", "+6561234568", "--alias", "GT")
    run("account", "edit", "greentech", *words)
    for typed in ("greentech.com", "+6561234568", "gt"):
        assert run("account", "show", typed, "-f", "json").json()["name"] == "GreenTech"
    for option, value in (("--website", "greentech.com"), ("--other-phone", "+6561234567")):
        refused = run("account", "add", "Another", option, value)
        assert (refused.code, "GreenTech (A-0001) already has the" in refused.err) == (4, True)
    assert "GreenTech" in run("search", "gt").out


def test_a_person_is_found_by_another_name_and_tag(run: Program) -> None:
    run("contact", "edit", "mei", "--alias", "Matron", "--tag", "golf")
    assert run("contact", "show", "matron", "-f", "json").json()["name"] == "Mei Tan"
    assert "Mei Tan" in run("search", "golf").out
    page = run("contact", "show", "mei").out
    assert "Matron" in page
    assert "golf" in page


def test_an_appointment_is_due_on_its_day_and_moves_with_it(run: Program) -> None:
    words = ("--at", "2026-12-01 14:30", "--duration", "1h", "--place", "Room 4")
    assert run("task", "add", "greentech", "Demo", *words).code == 0
    task = one(run, "task")
    assert (task["due"], task["duration"], task["place"]) == ("2026-12-01", 60, "Room 4")
    assert "Room 4" in run("account", "show", "greentech").out
    run("task", "edit", "demo", "--due", "2026-12-03")
    moved = one(run, "task")
    assert (moved["due"], moved["at"][:10]) == ("2026-12-03", "2026-12-03")
    refused = run("task", "edit", "demo", "--at", "2026-12-05 9am", "--due", "2026-12-06")
    assert refused.code == 4
    assert "the appointment is on Sat 5 Dec 2026. Give one of the two" in refused.err
    run("task", "edit", "demo", "--every", "1w")
    run("task", "done", "demo")
    again = one(run, "task")
    assert again["at"][:10] == again["due"] != "2026-12-03"


def test_a_time_alone_is_meant_of_the_day_it_is_due(run: Program) -> None:
    done = run("task", "add", "greentech", "Demo", "--due", "2026-12-04", "--at", "2:30pm")
    assert done.err == 'Added appointment "Demo" with GreenTech, Fri 4 Dec 14:30.\n'
    assert one(run, "task")["at"][:10] == "2026-12-04"
    run("task", "edit", "demo", "--at", "16:00")
    moved = one(run, "task")
    assert (moved["due"], moved["at"][:10]) == ("2026-12-04", "2026-12-04")
    run("task", "edit", "demo", "--due", "2026-12-08", "--at", "9am")
    assert one(run, "task")["at"][:10] == "2026-12-08"


def test_a_time_alone_in_a_file_is_meant_of_its_row(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    rows = "GreenTech,One,2026-12-04,14:30\nGreenTech,Two,2026-12-05,14:30\n"
    file.write_text(f"account,text,due,at\n{rows}")
    assert run("import", file, "--as", "task").code == 0
    found = {row["text"]: row for row in run("task", "list", "-f", "json").json()}
    assert {name: row["at"][:10] for name, row in found.items()} == {
        "One": "2026-12-04",
        "Two": "2026-12-05",
    }


def test_a_time_without_a_day_in_a_file_is_not_taken_for_today(
    run: Program, tmp_path: Path
) -> None:
    file = tmp_path / "logs.csv"
    file.write_text("account,kind,at,summary\nGreenTech,call,14:30,Pricing\n")
    refused = run("import", file, "--as", "log")
    assert refused.code == 4
    assert 'at "14:30" has no day. Write 2026-12-15 14:30' in refused.err


def test_an_attempt_is_no_contact(run: Program) -> None:
    done = run("log", "call", "greentech", "No answer", "--with", "mei", "--no-answer")
    assert done.err == "Logged call attempt with GreenTech (Mei Tan).\n"
    assert run("account", "list", "--columns", "last_touch").out == "\n"
    assert run("log", "list", "--where", "attempt = yes", "-f", "ids").out
    run("log", "edit", run("log", "list", "-f", "ids").out.strip(), "--answer")
    assert run("account", "list", "--columns", "last_touch").out != "\n"
    refused = run("log", "note", "greentech", "Heard", "--no-answer")
    assert (refused.code, "only a call or meeting" in refused.err) == (4, True)


def test_a_score_has_its_scale(run: Program) -> None:
    for words in (("--csat", "9"), ("--nps", "11")):
        assert run("log", "survey", "greentech", "Answered", *words).code == 4
    assert run("log", "survey", "greentech", "Fine", "--csat", "4").code == 0
    assert run("log", "add", "greentech", "Fine", "--kind", "call", "--score", "9").code == 4
    shown = run("account", "show", "greentech", "-f", "json").out
    assert "4 of 5" in shown


def test_a_change_of_a_deal_has_a_note(run: Program) -> None:
    assert run("deal", "move", "rollout", "proposal", "--note", "They asked").code == 0
    assert run("deal", "edit", "rollout", "--amount", "6k", "--note", "One site more").code == 0
    changes = run("deal", "show", "rollout", "-f", "json").json()["changes"]
    assert [change["note"] for change in changes] == ["They asked", "One site more"]
    assert "One site more" in run("deal", "show", "rollout").out
    assert run("deal", "edit", "rollout", "--note", "Why").code == 2
    assert run("deal", "win", "rollout", "--note", " ").code == 2


def test_a_purchase_renews_another_one_and_never_itself(run: Program) -> None:
    first = one(run, "purchase")["id"]
    second = run("purchase", "add", "greentech", "SGD 120", "--renews", first, "-f", "json").json()
    assert second["renews_id"] == first
    assert run("purchase", "edit", first, "--renews", second["id"]).code == 4
    assert run("purchase", "delete", first, "--yes").code == 0
    assert one(run, "purchase")["renews_id"] is None


def test_who_is_erased_is_not_left_under_another_name(run: Program, tmp_path: Path) -> None:
    run("contact", "edit", "mei", "--alias", "Matron Lee", "--profile", "x.com/meitan")
    run("account", "edit", "greentech", "--alias", "House of Matron Lee")
    assert run("contact", "delete", "Mei Tan", "--erase", "--yes").code == 0
    assert one(run, "account")["aliases"] == []


def test_a_deal_takes_its_tags_to_another_account(run: Program) -> None:
    run("account", "add", "Konex")
    run("deal", "edit", "rollout", "--tag", "big", "--link", "https://a.example/q")
    assert run("deal", "edit", "rollout", "--account", "konex").code == 0
    deal = one(run, "deal")
    assert (deal["account"], deal["tags"]) == ("Konex", ["big"])
