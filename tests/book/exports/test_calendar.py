"""What is ahead as a calendar: what another program reads, and what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pytest
from tests.books import dump
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def task(run: Program) -> str:
    """Return the id of an appointment, beside two other tasks."""
    run("account", "add", "GreenTech, Ltd", "--tier", "key")
    run("contact", "add", "Mei Tan", "--account", "greentech")
    run("task", "add", "greentech", "Send; quote", "--due", "2026-12-01", "--contact", "mei")
    run("task", "add", "greentech", "Think")
    done = run(
        *("task", "add", "greentech", "Demo\\", "--at", "2026-12-02 09:00", "--duration", "45m"),
        *("--place", "Room 4, HQ", "-f", "ids"),
    )
    assert done.code == 0, done.err
    return done.out.strip()


def components(text: str) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(text)
    return {str(one["SUMMARY"]): one for one in found.walk() if "SUMMARY" in one}


def test_appointments_are_events_and_other_tasks_to_dos(run: Program, task: str) -> None:
    found = components(run("task", "list", "-f", "ics").out)
    assert list(found) == [
        *("Send; quote (GreenTech, Ltd)", "Demo\\ (GreenTech, Ltd)", "Think (GreenTech, Ltd)")
    ]
    demo, quote = found["Demo\\ (GreenTech, Ltd)"], found["Send; quote (GreenTech, Ltd)"]
    assert (demo.name, demo["UID"]) == ("VEVENT", f"task-{task}@acctcli")
    assert demo["DTSTART"].dt.isoformat() == "2026-12-02T09:00:00+00:00"
    assert (demo["DURATION"].dt.seconds, demo["LOCATION"]) == (45 * 60, "Room 4, HQ")
    assert (quote.name, quote["DUE"].dt.isoformat()) == ("VTODO", "2026-12-01")
    assert quote["DESCRIPTION"] == "GreenTech, Ltd\nMei Tan"


@pytest.mark.usefixtures("task")
def test_a_task_that_was_done_says_so(run: Program) -> None:
    run("task", "done", "Send; quote")
    found = components(run("task", "list", "--done", "-f", "ics").out)
    assert found["Send; quote (GreenTech, Ltd)"]["STATUS"] == "COMPLETED"


@pytest.mark.usefixtures("task")
def test_the_revision_grows_with_every_change(run: Program) -> None:
    def revision() -> int:
        found = components(run("task", "list", "-f", "ics").out)
        return int(found["Send; quote (GreenTech, Ltd)"]["SEQUENCE"])

    first = revision()
    later = {"ACCTCLI_TODAY": "2026-11-23"}
    run("task", "edit", "Send; quote", "--due", "2026-12-03", env=later)
    assert revision() > first


@pytest.mark.usefixtures("task")
def test_everything_ahead_is_written_with_reviews_and_renewals(
    run: Program, tmp_path: Path
) -> None:
    run("purchase", "add", "greentech", "1200", "--on", "2026-01-01", "--ends", "2026-12-31")
    run("review", "run", "greentech", "--summary", "Fine", "--next-review", "2027-01-15")
    target = tmp_path / "ahead.ics"
    done = run("export", "--calendar", str(target))
    assert (done.code, done.err) == (0, f"Wrote 3 tasks, 1 review and 1 renewal to {target}.\n")
    found = components(target.read_text())
    assert found["Review: GreenTech, Ltd"]["DTSTART"].dt.isoformat() == "2027-01-15"
    assert found["Contract ends: GreenTech, Ltd"]["DTSTART"].dt.isoformat() == "2026-12-31"
    assert run("export", "--calendar", "-").out.count("BEGIN:V") == 6
    again = run("export", "--calendar", str(target))
    assert (again.code, "--force" in again.err) == (4, True)
    assert run("export", "--calendar", str(target), "--force").code == 0
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("words", [("--as", "task"), ("--all", "x"), ("-f", "csv")])
def test_a_calendar_takes_no_other_options(run: Program, words: tuple[str, ...]) -> None:
    done = run("export", "--calendar", "x.ics", *words)
    assert (done.code, "leave out all but --force" in done.err) == (2, True)


@pytest.mark.usefixtures("task")
def test_the_way_back_changes_nothing(run: Program, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "ahead.ics"
    run("export", "--calendar", str(target))
    before = dump(book)
    done = run("import", str(target))
    assert (done.code, "Nothing to import: 3 tasks" in done.err) == (0, True)
    assert dump(book) == before


def test_what_another_program_moved_or_finished_is_moved_or_done_here(
    run: Program, tmp_path: Path, task: str
) -> None:
    text = run("task", "list", "-f", "ics").out
    text = text.replace("DTSTART:20261202T090000Z", "DTSTART:20261203T100000Z")
    text = text.replace("Room 4", "Room 5").replace("SUMMARY:Send", "SUMMARY:Sent")
    text = text.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261121T080000Z", 1)
    (tmp_path / "x.ics").write_text(text, newline="")
    assert "2 changed" in run("import", str(tmp_path / "x.ics")).err
    (moved,) = (one for one in run("task", "list", "-f", "json").json() if one["id"] == task)
    assert (moved["at"], moved["due"]) == ("2026-12-03T10:00:00Z", "2026-12-03")
    assert (moved["place"], moved["text"]) == ("Room 5, HQ", "Demo\\")
    (done,) = run("task", "list", "--done", "-f", "json").json()
    assert (done["text"], done["done_at"]) == ("Send; quote", "2026-11-21T08:00:00Z")


def test_a_task_without_a_day_comes_back_and_may_be_done_there(
    run: Program, tmp_path: Path
) -> None:
    do(run, ("account", "add", "Acme"), ("task", "add", "acme", "Some day"))
    target = tmp_path / "ahead.ics"
    assert "Wrote 1 task," in do(run, "export", "--calendar", str(target)).err
    assert "Nothing to import: 1 task, already up to date" in do(run, "import", str(target)).err
    done = "STATUS:COMPLETED\r\nCOMPLETED:20261121T080000Z"
    target.write_text(target.read_text().replace("STATUS:NEEDS-ACTION", done), newline="")
    assert "1 task: 1 changed" in do(run, "import", str(target)).err
    (task,) = do(run, "task", "list", "--done", "-f", "json").json()
    assert (task["text"], task["due"], task["done_at"]) == (
        "Some day",
        None,
        "2026-11-21T08:00:00Z",
    )


@pytest.mark.usefixtures("task")
def test_another_book_leaves_them_out_and_says_so(run: Program, tmp_path: Path) -> None:
    target = tmp_path / "ahead.ics"
    run("export", "--calendar", str(target))
    done = run("--db", str(tmp_path / "other.db"), "import", str(target), "--create")
    assert done.code == 0
    assert "left out: 2 tasks of another book" in done.err


def test_a_line_break_in_a_text_adds_no_line(run: Program, tmp_path: Path, task: str) -> None:
    run("task", "edit", task, "--place", "Room\rEND:VEVENT")
    text = run("task", "list", "-f", "ics").out
    assert text.count("\r\nEND:VEVENT") == 1
    assert len(components(text)) == 3


@pytest.mark.usefixtures("task")
def test_a_contract_that_renews_itself_is_on_the_end_of_the_term_it_is_in(
    run: Program, tmp_path: Path
) -> None:
    target = tmp_path / "ahead.ics"
    term = ("--starts", "2024-01-01", "--ends", "1y", "--recurring", "yearly", "--auto-renews")
    do(run, "purchase", "add", "greentech", "SGD 9k", *term)
    do(run, "export", "--calendar", str(target))
    found = components(target.read_text())
    day = found["Contract renews itself: GreenTech, Ltd"]["DTSTART"].dt
    assert day.isoformat() == "2026-12-31"
