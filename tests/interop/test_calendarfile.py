"""Calendars: zones, whole days, series and their changes, and files that mean harm."""

from __future__ import annotations

import io
import sys
import time
from datetime import UTC, date, datetime
from unittest import mock

import pytest
from tests.typed import zone

from acctcli.errors import Invalid, UsageError
from acctcli.interop.calendarfile import (
    CalendarEvent,
    OtherTask,
    SeriesDays,
    Unread,
    read_calendar,
)
from acctcli.interop.textfile import TextFile

WINDOW = SeriesDays(date(2025, 11, 22), date(2027, 2, 20))


def event(*lines: str, name: str = "VEVENT") -> str:
    return "\r\n".join((f"BEGIN:{name}", *lines, f"END:{name}", ""))


def calendar(*parts: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


def read(
    data: str | bytes, *, encoding: str | None = None
) -> list[CalendarEvent | OtherTask | Unread]:
    raw = data.encode() if isinstance(data, str) else data
    text = TextFile(io.BytesIO(raw), "x.ics", encoding)
    return list(read_calendar(text, WINDOW, encoded=bool(encoding)))


def events(*parts: str) -> list[CalendarEvent]:
    found = read(calendar(*parts))
    return [one for one in found if isinstance(one, CalendarEvent)]


def one(*lines: str) -> CalendarEvent:
    (found,) = events(event(*lines))
    return found


def refusal(*lines: str) -> str:
    (found,) = read(calendar(event(*lines)))
    assert isinstance(found, Unread), found
    return found.reason


def test_an_event_has_people_texts_and_a_place() -> None:
    found = one(
        *("UID:u1", "DTSTART:20261118T020000Z", "DTEND:20261118T030000Z", "SUMMARY:Pricing\\, one"),
        "DESCRIPTION:First\\nsecond ",
        *("LOCATION:Room 4\\, HQ", "ORGANIZER;CN=Kim:MAILTO:Kim@example.com"),
        'ATTENDEE;CN="Tan, Mei";PARTSTAT=DECLINED:mailto:mei@x.sg',
        *("ATTENDEE;CUTYPE=ROOM:mailto:room@x.sg", "ATTENDEE:urn:uuid:1", "ATTENDEE:nobody"),
    )
    assert (found.line, found.uid, found.day, found.title) == (3, "u1", "", "Pricing, one")
    assert (found.body, found.place) == ("First\nsecond", "Room 4, HQ")
    assert found.people == (
        ("kim@example.com", "Kim", False),
        ("mei@x.sg", "Tan, Mei", True),
    )


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ("DTSTART:20261118T020000Z", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20261118T100000", datetime(2026, 11, 18, 9, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20260818T100000", datetime(2026, 8, 18, 8, tzinfo=UTC)),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261118T100000",
            datetime(2026, 11, 18, 9, tzinfo=UTC),
        ),
        ("DTSTART:20261118T100000", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        ("DTSTART;VALUE=DATE:20261118", datetime(2026, 11, 17, 16, tzinfo=UTC)),
    ],
)
def test_times_are_in_their_own_zone_or_in_that_of_the_user(start: str, moment: datetime) -> None:
    with zone("Asia/Singapore"):
        found = one("UID:1", start)
    assert found.begins == moment
    assert found.is_all_day == ("VALUE=DATE" in start)


def test_a_zone_of_the_file_s_own_is_read_and_an_unknown_one_is_named() -> None:
    own = event(
        "TZID:Customized", "BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0330",
        "TZOFFSETTO:+0330", "END:STANDARD", name="VTIMEZONE",
    )  # fmt: skip
    (found,) = events(own, event("UID:1", "DTSTART;TZID=Customized:20261118T100000"))
    assert (found.begins, found.zone) == (datetime(2026, 11, 18, 6, 30, tzinfo=UTC), "")
    assert one("UID:1", "DTSTART;TZID=Mars/Base:20261118T100000").zone == "Mars/Base"


def test_a_series_is_read_within_the_window_and_its_changes_with_it() -> None:
    series = event(
        "UID:w", "DTSTART;TZID=Europe/Berlin:20261020T100000", "DURATION:PT30M", "SUMMARY:Sync",
        "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20261027T100000",
    )  # fmt: skip
    moved = event(
        "UID:w", "RECURRENCE-ID:20261103T090000Z",
        "DTSTART;TZID=Europe/Berlin:20261104T120000", "SUMMARY:Moved",
    )  # fmt: skip
    found = [(one.day, one.begins.isoformat()[:16], one.title) for one in events(moved, series)]
    assert found == [
        ("2026-10-20", "2026-10-20T08:00", "Sync"),
        ("2026-11-03", "2026-11-04T11:00", "Moved"),
        ("2026-11-10", "2026-11-10T09:00", "Sync"),
    ]
    endless = events(event("UID:d", "DTSTART:20200101T000000Z", "RRULE:FREQ=DAILY"))
    assert (endless[0].day, endless[-1].day) == ("2025-11-22", "2027-02-20")
    assert len(endless) == 456


def test_a_change_alone_keeps_its_day_and_a_later_version_replaces_an_earlier_one() -> None:
    (found,) = events(event("UID:w", "RECURRENCE-ID:20261103T090000Z", "DTSTART:20261104T090000Z"))
    assert found.day == "2026-11-03"
    old = event("UID:1", "SEQUENCE:1", "DTSTART:20261118T020000Z", "SUMMARY:Old")
    new = event("UID:1", "SEQUENCE:2", "DTSTART:20261118T020000Z", "SUMMARY:New")
    assert [one.title for one in events(new, old)] == ["New"]


def test_what_is_cancelled_or_private_says_so() -> None:
    start = "DTSTART:20261118T020000Z"
    assert one("UID:1", start, "STATUS:CANCELLED").is_cancelled
    assert one("UID:1", start, "SUMMARY:Canceled: Sync").is_cancelled
    assert one("UID:1", start, "CLASS:CONFIDENTIAL").is_private
    assert events("METHOD:CANCEL\r\n", event("UID:1", start))[0].is_cancelled
    assert not one("UID:1", start, "SUMMARY:Cancelled orders").is_cancelled


def test_to_dos_of_others_are_left_out() -> None:
    assert read(calendar(event("UID:1", "DUE:20261118T020000Z", name="VTODO"))) == [OtherTask(3)]
    (own,) = events(event("UID:task-1@acctcli", "DUE;VALUE=DATE:20261118", name="VTODO"))
    assert own.is_task


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1,2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYSETPOS=300;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=400",
        "FREQ=NEVER",
        "COUNT=3",
        "FREQ=WEEKLY;UNTIL=soon",
    ],
)
def test_a_hostile_rule_is_refused_in_no_time(rule: str) -> None:
    began = time.process_time()
    assert "cannot be read" in refusal("UID:1", "DTSTART:20261118T020000Z", f"RRULE:{rule}")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "lines",
    [
        ("UID:1",),
        ("UID:1", "DTSTART:2026"),
        ("UID:1", "DTSTART:99990101T000000Z"),
        ("UID:1", "DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY"),
        ("UID:1", "DTSTART:20261118T020000Z", "DURATION:soon"),
        ("UID:1", "DTSTART:20261118T020000Z", "DTEND;VALUE=DATE:20261119", "RRULE:FREQ=DAILY;X"),
        ("UID:1", "DTSTART;VALUE=DATE:20261118", "DURATION:P99999999W"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_alone(lines: tuple[str, ...]) -> None:
    good = event("UID:2", "DTSTART:20261118T020000Z")
    bad, after = read(calendar(event(*lines), good))
    assert isinstance(bad, Unread)
    assert isinstance(after, CalendarEvent)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"BEGIN:VCARD\nFN:x\nEND:VCARD\n", bytes(range(256)) * 9],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises((Invalid, UsageError)):
        read(data)


def test_a_calendar_that_is_cut_off_says_so_and_keeps_the_rest() -> None:
    whole = calendar(event("UID:1", "DTSTART:20261118T020000Z"), event("UID:2", "DTSTART:2026"))
    first, second = read(whole[: whole.index("UID:2") + 5])
    assert isinstance(first, CalendarEvent)
    assert isinstance(second, Unread)
    assert "cut off" in second.reason


def test_another_encoding_is_refused_until_it_is_named() -> None:
    data = calendar(event("UID:1", "DTSTART:20261118T020000Z", "SUMMARY:Müller")).encode("cp1252")
    (bad,) = read(data)
    assert isinstance(bad, Unread)
    assert "0xfc" in bad.reason
    (good,) = read(data, encoding="cp1252")
    assert isinstance(good, CalendarEvent)
    assert good.title == "Müller"


def test_deep_nesting_and_many_properties_take_no_stack_and_no_memory() -> None:
    deep = "BEGIN:VEVENT\r\n" + "BEGIN:VALARM\r\n" * 50_000
    many = event("UID:1", *["ATTENDEE:mailto:x@y.sg"] * 100_000)
    assert sys.getrecursionlimit() < 50_000
    assert all(isinstance(one, Unread) for one in read(calendar(many, deep)))


def test_without_the_libraries_the_way_to_install_them_is_said() -> None:
    with (
        mock.patch.dict(sys.modules, {"icalendar": None}),
        pytest.raises(UsageError, match="\n  pipx inject acctcli icalendar recurring-ical-events"),
    ):
        read(calendar())
