"""Calendars into the book: whose meeting it is, what a second import does, what is left out."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books import configure, dump
from tests.conftest import TODAY, Program, Result
from tests.filling import filled_once
from tests.interop.test_calendarfile import calendar, event

from acctcli.book.context import Context
from acctcli.book.imports import bring_in
from acctcli.book.imports.recipe import Asked

PAST, FUTURE = "DTSTART:20261118T020000Z", "DTSTART:20261201T020000Z"
MEI, RAJ = "ATTENDEE;CN=Mei Tan:mailto:mei@greentech.sg", "ATTENDEE:mailto:raj@condax.com"
ME = "ATTENDEE:mailto:kim@example.com"


@pytest.fixture(autouse=True)
@filled_once
def _people(run: Program, home: Path) -> None:
    configure(home, '[me]\nemails = ["kim@example.com"]')
    run("account", "add", "GreenTech Ltd", "--website", "greentech.sg")
    run("account", "add", "Condax", "--website", "condax.com")
    run("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.sg")


def bring(run: Program, folder: Path, *parts: str, options: tuple[str, ...] = ()) -> Result:
    (folder / "x.ics").write_text(calendar(*parts), encoding="utf-8")
    return run("import", str(folder / "x.ics"), *options)


def logs(run: Program) -> list[Any]:
    found: list[Any] = run("log", "list", "--sort", "at", "-f", "json").json()
    return found


def tasks(run: Program) -> list[Any]:
    found: list[Any] = run("task", "list", "--all", "--sort", "at", "-f", "json").json()
    return found


def test_a_past_meeting_is_an_interaction_and_a_future_one_an_appointment(
    run: Program, tmp_path: Path
) -> None:
    done = bring(
        *(run, tmp_path),
        event("UID:1", PAST, "DURATION:PT1H", "SUMMARY:Pricing", "DESCRIPTION:Agenda", MEI, ME),
        event("UID:2", FUTURE, "DURATION:PT45M", "SUMMARY:Demo", "LOCATION:Room 4", MEI),
        event("UID:3", "DTSTART;VALUE=DATE:20261203", "SUMMARY:Fair", RAJ),
        event("UID:4", "DTSTART;VALUE=DATE:20261103", "SUMMARY:Offsite", RAJ),
    )
    assert (done.code, done.err) == (0, "Imported 2 interactions: 2 new; 2 tasks: 2 new.\n")
    offsite, pricing = logs(run)
    assert (pricing["kind"], pricing["at"], pricing["duration"]) == (
        *("meeting", "2026-11-18T02:00:00Z", 60),
    )
    assert (pricing["account"], pricing["contacts"]) == ("GreenTech Ltd", ["Mei Tan"])
    assert (pricing["summary"], pricing["body"]) == ("Pricing", "Agenda")
    assert (offsite["at"], offsite["account"]) == ("2026-11-03T12:00:00Z", "Condax")
    fair, demo = sorted(tasks(run), key=lambda task: task["at"] or "")
    assert (demo["text"], demo["at"], demo["duration"]) == ("Demo", "2026-12-01T02:00:00Z", 45)
    assert (demo["place"], demo["contact"]) == ("Room 4", "Mei Tan")
    assert (fair["due"], fair["at"], fair["account"]) == ("2026-12-03", None, "Condax")


def test_a_meeting_of_two_companies_is_in_the_history_of_both(run: Program, tmp_path: Path) -> None:
    parts = event("UID:1", PAST, "SUMMARY:All", MEI, RAJ)
    assert "2 new" in bring(run, tmp_path, parts).err
    assert {log["account"] for log in logs(run)} == {"GreenTech Ltd", "Condax"}
    assert "Nothing to import" in bring(run, tmp_path, parts).err


def test_what_moved_is_moved_and_what_is_over_is_done(run: Program, tmp_path: Path) -> None:
    bring(run, tmp_path, event("UID:1", FUTURE, "DURATION:PT1H", "SUMMARY:Demo", MEI))
    moved = event("UID:1", "DTSTART:20261202T090000Z", "DURATION:PT2H", "SUMMARY:Big demo", MEI)
    assert "1 task: 1 changed" in bring(run, tmp_path, moved).err
    (task,) = tasks(run)
    assert (task["at"], task["duration"], task["text"]) == ("2026-12-02T09:00:00Z", 120, "Big demo")
    later = {"ACCTCLI_TODAY": "2026-12-03"}
    done = run("import", str(tmp_path / "x.ics"), env=later)
    assert "1 interaction: 1 new; 1 task: 1 changed" in done.err
    (task,) = tasks(run)
    assert task["done_at"] == "2026-12-02T11:00:00Z"
    assert "Nothing to import" in run("import", str(tmp_path / "x.ics"), env=later).err


def test_what_was_written_here_stays(run: Program, tmp_path: Path) -> None:
    text = event("UID:1", PAST, "SUMMARY:Sync", "DESCRIPTION:Agenda", MEI)
    bring(run, tmp_path, text)
    (log,) = logs(run)
    run("contact", "add", "Ana", "--account", "greentech")
    edits = ("--summary", "They want it", "--body", "Notes", "--kind", "demo", "--with", "Ana")
    run("log", "edit", log["id"], *edits)
    assert "Imported" in bring(run, tmp_path, text.replace("0200", "0300")).err
    (log,) = logs(run)
    assert (log["summary"], log["body"], log["kind"]) == ("They want it", "Notes", "demo")
    assert (log["contacts"], log["at"]) == (["Ana", "Mei Tan"], "2026-11-18T03:00:00Z")


def test_a_meeting_stays_where_it_was_after_its_people_move(run: Program, tmp_path: Path) -> None:
    text = event("UID:1", PAST, "SUMMARY:Sync", MEI)
    bring(run, tmp_path, text)
    run("contact", "edit", "Mei Tan", "--account", "condax")
    assert "Nothing to import" in bring(run, tmp_path, text).err
    assert [log["account"] for log in logs(run)] == ["GreenTech Ltd"]


def test_the_days_of_a_series_are_found_again_when_it_moves(run: Program, tmp_path: Path) -> None:
    series = event("UID:w", "DTSTART:20261119T020000Z", "RRULE:FREQ=WEEKLY;COUNT=4", RAJ)
    done = bring(run, tmp_path, series)
    assert "1 interaction: 1 new; 3 tasks: 3 new" in done.err
    assert "repeating meetings are read from 22 Nov 2025 to 20 Feb 2027" in done.err
    done = bring(run, tmp_path, series.replace("T02", "T04").replace("COUNT=4", "COUNT=3"))
    assert "1 interaction: 1 changed; 2 tasks: 2 changed" in done.err
    tail = tasks(run)[-1]["id"][-4:]
    assert f'no longer in the calendar: "Meeting". To delete here too: acct task delete {tail}' in (
        done.err
    )


def test_a_cancelled_meeting_is_left_out_and_its_appointment_named(
    run: Program, tmp_path: Path
) -> None:
    text = event("UID:1", FUTURE, "SUMMARY:Demo", MEI)
    bring(run, tmp_path, text)
    done = bring(run, tmp_path, text.replace("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY"))
    assert "left out: 1 cancelled" in done.err
    assert 'no longer in the calendar: "Demo". To delete here too: acct task delete' in done.err
    command = done.err.partition("acct task delete ")[2].split()[0]
    assert run("task", "delete", command, "--yes").code == 0
    assert (
        "no longer" not in bring(run, tmp_path, text.replace("UID", "STATUS:CANCELLED\r\nUID")).err
    )


def test_what_is_nobody_s_business_is_left_out_and_counted(run: Program, tmp_path: Path) -> None:
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:kim@example.com"
    done = bring(
        *(run, tmp_path),
        event("UID:1", PAST, "CLASS:PRIVATE", MEI),
        event("UID:2", PAST, declined, MEI),
        event("UID:3", PAST, ME),
        event("UID:4", PAST),
        event("UID:5", "DUE:20261118T020000Z", name="VTODO"),
    )
    left_out = "1 declined, 1 private, 1 task of another program and 2 without anybody else"
    assert f"left out: {left_out}" in done.err
    assert logs(run) == []


def test_strangers_are_counted_with_the_command_that_adds_one(run: Program, tmp_path: Path) -> None:
    bob = "ATTENDEE;CN=Bob Li:mailto:bob@gmail.com"
    done = bring(run, tmp_path, event("UID:1", PAST, bob), event("UID:2", PAST, bob, ME))
    assert "2 meetings with nobody of the book: bob@gmail.com (2)." in done.err
    assert "acct contact add 'Bob Li' --email bob@gmail.com --account" in done.err
    done = bring(run, tmp_path, event("UID:1", PAST, "ATTENDEE:mailto:x@new.example"))
    assert "acct account add new.example --website new.example" in done.err


def test_one_s_own_address_is_proposed_if_it_is_not_set(
    run: Program, tmp_path: Path, home: Path
) -> None:
    configure(home, "")
    parts = [event(f"UID:{n}", PAST, ME, f"ATTENDEE:mailto:x{n}@new.example") for n in range(4)]
    done = bring(run, tmp_path, *parts)
    assert "kim@example.com is in 4 of 4 meetings" in done.err
    assert "acct config set me.emails kim@example.com" in done.err


def test_a_command_in_a_dry_run_is_on_one_line(run: Program, tmp_path: Path) -> None:
    lea = "ATTENDEE;CN=Lea Roth:mailto:lea.roth@gmail.com"
    done = bring(run, tmp_path, event("UID:1", PAST, lea), options=("--dry-run",))
    command = "acct contact add 'Lea Roth' --email lea.roth@gmail.com"
    assert any(command in line for line in done.out.splitlines())


def test_a_default_account_takes_events_without_anybody(run: Program, tmp_path: Path) -> None:
    done = bring(
        *(run, tmp_path, event("UID:1", PAST, "SUMMARY:Call with Mei")),
        options=("--default", "account=greentech"),
    )
    assert (done.code, logs(run)[0]["account"]) == (0, "GreenTech Ltd")


def test_an_unknown_zone_is_said(run: Program, tmp_path: Path) -> None:
    done = bring(run, tmp_path, event("UID:1", "DTSTART;TZID=Mars:20261118T100000", MEI))
    assert '1 event in the unknown zone "Mars", taken as in your own zone' in done.err


def test_a_dry_run_changes_nothing_and_one_undo_reverses_all(
    run: Program, book: Path, tmp_path: Path
) -> None:
    before = dump(book)
    parts = event("UID:1", PAST, MEI), event("UID:2", FUTURE, MEI)
    assert bring(run, tmp_path, *parts, options=("--dry-run",)).code == 0
    assert dump(book) == before
    bring(run, tmp_path, *parts)
    assert dump(book) != before
    assert run("undo").code == 0
    assert dump(book) == before


def test_bad_events_are_refused_together_or_skipped(run: Program, tmp_path: Path) -> None:
    parts = (
        event("UID:1", "DTSTART:2026", MEI),
        event("UID:2", PAST, "SUMMARY:a\0b", MEI),
        event("UID:3", PAST, "SUMMARY:Good", MEI),
    )
    done = bring(run, tmp_path, *parts)
    assert (done.code, "2 of 3 rows are refused" in done.err) == (4, True)
    assert "1 interaction: 1 new" in bring(run, tmp_path, *parts, options=("--skip-invalid",)).err


def test_text_cannot_drive_the_terminal(run: Program, tmp_path: Path) -> None:
    name = "\x1b]0;x\x07\u202eSync"
    cancelled = event("UID:2", FUTURE, f"SUMMARY:{name}", MEI)
    bring(run, tmp_path, event("UID:1", PAST, f"SUMMARY:{name}", MEI), cancelled)
    done = bring(
        *(run, tmp_path, cancelled.replace("UID", "STATUS:CANCELLED\r\nUID")),
        event("UID:3", PAST, f'ATTENDEE;CN="{name}":mailto:{name}@gmail.com'),
        event("UID:4", f"DTSTART;TZID={name}:20261118T100000", MEI),
    )
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


# Whatever is in a calendar, a second import changes nothing

starts = st.sampled_from(
    ["20261118T020000Z", "20261201T020000Z", "20261122T000000", "20261029T013000", "20261119"]
).map(lambda day: f"DTSTART{'' if 'T' in day else ';VALUE=DATE'}:{day}")
lines = st.sampled_from(
    [
        *("SUMMARY:Sync", "SUMMARY:Other", "DESCRIPTION:a\\nb", "LOCATION:Room", "DURATION:PT1H"),
        *("RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=DAILY;INTERVAL=9;COUNT=4", "RRULE:FREQ=HOURLY"),
        *("RECURRENCE-ID:20261119T020000Z", "STATUS:CANCELLED", "CLASS:PRIVATE", "SEQUENCE:3"),
        *("DURATION:-PT1H", "DTEND:20261118T030000Z", "EXDATE:20261125T020000Z", "UID:2"),
        *("ATTENDEE:mailto:mei@greentech.sg", "ATTENDEE:mailto:x@condax.com", ME, "ATTENDEE:x"),
        *("ORGANIZER:mailto:mei@greentech.sg", "ATTENDEE:mailto:bob@gmail.com"),
    ]
)
uids = st.sampled_from(["UID:1", "UID:2", "UID:task-1@acctcli", "UID:review-1@acctcli"])
parts = st.tuples(uids, starts, st.lists(lines, max_size=6)).map(
    lambda found: event(found[0], found[1], *found[2])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(parts, min_size=1, max_size=4))
def test_importing_twice_changes_nothing(book: Path, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(book, folder / "book.db")
        (folder / "x.ics").write_text(calendar(*texts), encoding="utf-8")

        def bring_twice() -> tuple[int, object]:
            context = Context(db=str(folder / "book.db"), today=TODAY)
            loaded = bring_in.load(context, [str(folder / "x.ics")], Asked())
            done = bring_in.write(context, loaded, Asked(), skip_invalid=True)
            return done.judgement.writes, dump(folder / "book.db")

        _, first = bring_twice()
        writes, second = bring_twice()
        assert (writes, second) == (0, first)


def test_a_colleague_is_nobody_of_another_company_as_in_mail(run: Program, tmp_path: Path) -> None:
    colleague = "ATTENDEE:mailto:lee+cal@example.com"
    done = bring(run, tmp_path, event("UID:1", PAST, ME, colleague))
    assert "left out: 1 without anybody else" in done.err
    bring(run, tmp_path, event("UID:2", PAST, ME, colleague, MEI))
    (log,) = logs(run)
    assert log["contacts"] == ["Mei Tan"]
