"""iCalendar files: their events, each occurrence of a series by itself.

`icalendar` reads an event and knows the time zones, `recurring_ical_events` finds the occurrences
of a series (the extra `calendar`). Both get one event at a time, so that a calendar of any length
takes the memory of its longest series, and one bad event spoils no other.
"""

from __future__ import annotations

import re
import warnings
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from acctcli import extras
from acctcli.errors import AcctError, Invalid
from acctcli.interop import contentlines
from acctcli.interop.contentlines import Block
from acctcli.interop.textfile import TextFile
from acctcli.values import dates
from acctcli.values.repeats import read_every

if TYPE_CHECKING:
    from icalendar import Calendar as Parsed

MOST_OCCURRENCES = 1000
"""Occurrences of a series that are read."""

_LONGEST_UID = 200
_FIRST_YEAR = dates.FIRST_DAY[:4]

_OF_MANY = ("COUNT", "UNTIL", "WKST")
"""Parts of a rule that say nothing about which days it falls on."""


class Invitee(NamedTuple):
    """An attendee or the organizer: the address, a name, and whether they declined."""

    address: str
    name: str
    declined: bool


class CalendarEvent(NamedTuple):
    """An event, or one occurrence of a series; `line` is where it begins in the file.

    `uid` is that of the series, and `day` the day on which this occurrence was planned first, in
    the zone of the series ("" if it does not repeat). An event of whole days `is_all_day`: its
    times are midnights in the zone of the user. `zone` is a zone of the file that nobody knows.
    A task without a day `is_undated`: its times say nothing.
    """

    line: int
    uid: str
    day: str
    begins: datetime
    ends: datetime
    is_all_day: bool
    title: str
    body: str
    place: str
    is_cancelled: bool
    is_private: bool
    people: tuple[Invitee, ...]
    is_task: bool = False
    done_at: datetime | None = None
    zone: str = ""
    is_undated: bool = False


class OtherTask(NamedTuple):
    """A task that acct did not write, which is not read."""

    line: int


class Unread(NamedTuple):
    """An event that cannot be read, and why."""

    line: int
    reason: str


class SeriesDays(NamedTuple):
    """The days between which occurrences of a series are read, both included."""

    first: date
    last: date


def read_calendar(
    text: TextFile, window: SeriesDays, *, encoded: bool
) -> Iterator[CalendarEvent | OtherTask | Unread]:
    """Yield the events of a calendar, and tasks; occurrences of a series within the window.

    `encoded` means that the encoding of the file is known. Raises `UsageError` without the
    libraries, and `Invalid` for a file that is no calendar.
    """
    _load(text.name)
    source = text if encoded else text.by_bytes()
    raw = source is not text
    method = ""
    zones: dict[str, list[str]] = {}
    changed: dict[str, list[Block]] = {}
    latest: dict[str, tuple[int, int]] = {}
    repeating = set[str]()
    found = False
    for block in contentlines.blocks(source, ("VCALENDAR",)):
        found = True
        # A part that is cut off is one of its events, too.
        for line in block.lines:
            if line[:7].upper() == "METHOD:":
                method = line[7:].strip().upper()
    for block in contentlines.blocks(source, ("VTIMEZONE", "VEVENT"), nested=("VTIMEZONE",)):
        if block.name == "VTIMEZONE":
            if not any("FREQ" in line and "FREQ=YEARLY" not in line for line in block.lines):
                zones.setdefault(_first(block, "TZID"), list(block.lines))
            continue
        found = True
        uid = _first(block, "UID")
        if _first(block, "RECURRENCE-ID"):
            changed.setdefault(uid, []).append(block)
            continue
        version = _number(_first(block, "SEQUENCE")), block.line
        latest[uid] = max(latest.get(uid, version), version)
        if _first(block, "RRULE") or _first(block, "RDATE"):
            repeating.add(uid)
    if not found:
        raise Invalid(f"{text.name} has no calendar: BEGIN:VCALENDAR is not in it")
    read = _Reader(zones, window, raw=raw, cancelled=method == "CANCEL")
    for block in contentlines.blocks(source, ("VEVENT", "VTODO")):
        uid = _first(block, "UID")
        if block.name == "VTODO" and not uid.endswith(OWN):
            yield OtherTask(block.line)  # to-dos of others are not about an account
            continue
        is_change = bool(_first(block, "RECURRENCE-ID"))
        if is_change and uid in repeating:
            continue  # it is read with its series
        if uid and not is_change and latest.get(uid, (0, block.line))[1] != block.line:
            continue  # a later version is in the file
        together = [] if is_change else changed.get(uid, [])
        try:
            yield from read.events([block, *together])
        except AcctError as error:
            yield Unread(block.line, f"the event cannot be read: {error.message}")


def _load(name: str) -> None:
    try:
        import icalendar
        import recurring_ical_events
    except ImportError:
        raise extras.missing(f"{name}: calendars need", "calendar") from None
    assert icalendar is not None
    assert recurring_ical_events is not None


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _first(block: Block, name: str) -> str:
    """Return the raw value of the first property of a name, or ""."""
    size = len(name)
    for line in block.lines:
        if line[:size].upper() == name and line[size : size + 1] in (":", ";"):
            found = contentlines.read(line, raw=False)
            return found.value.strip() if found else ""
    return ""


class _Reader:
    """Reads events; `zones` are the definitions of zones in the file."""

    def __init__(
        self, zones: Mapping[str, list[str]], window: SeriesDays, *, raw: bool, cancelled: bool
    ) -> None:
        self._zones = zones
        self._window = window
        self._raw = raw
        self._cancelled = cancelled
        self._known = zoneinfo.available_timezones()

    def events(self, blocks: Sequence[Block]) -> list[CalendarEvent]:
        """Return the occurrences of one event, or of a series with its changed ones."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of the libraries are for programmers
            return list(self._events(blocks))

    def _events(self, blocks: Sequence[Block]) -> Iterator[CalendarEvent]:
        for block in blocks:
            if block.fault:
                raise Invalid(block.fault)
        first = blocks[0]
        rules = [line for line in first.lines if _rule_of(line)]
        for rule in rules:
            _refuse_endless(rule, _first(first, "DTSTART")[:4])
        repeats = bool(rules) or bool(_first(first, "RDATE"))
        if repeats and not _first(first, "DTSTART"):
            raise Invalid("it has no DTSTART")
        calendar, zone = self._parsed(blocks)
        try:
            if repeats:
                components: Iterator[Any] = self._occurrences(calendar)
            else:
                components = iter(calendar.walk(first.name))
            for component in components:
                yield self._event(component, first, zone)
        except AcctError:
            raise
        except Exception as error:  # noqa: BLE001 - the libraries raise what they came across
            raise Invalid(f"{type(error).__name__} in one of its properties") from None

    def _parsed(self, blocks: Sequence[Block]) -> tuple[Parsed, str]:
        """Return the events as a calendar of their own, and the unknown time zone, or ""."""
        from icalendar import Calendar
        from icalendar.timezone import tzp

        lines: list[str] = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        unknown = ""
        named = {zone for block in blocks for line in block.lines for zone in _zones_of(line)}
        for zone in sorted(named):
            if zone in self._known:
                continue
            if zone in self._zones:
                lines += ["BEGIN:VTIMEZONE", *self._zones[zone], "END:VTIMEZONE"]
            elif tzp.timezone(zone) is None:
                unknown = zone
        for block in blocks:
            lines += [f"BEGIN:{block.name}", *block.lines, f"END:{block.name}"]
        whole = "\r\n".join([*lines, "END:VCALENDAR", ""])
        if self._raw:
            try:
                whole = whole.encode("latin-1").decode()
            except UnicodeDecodeError as error:
                raise Invalid(
                    f"byte 0x{error.object[error.start]:02x} is not UTF-8. Give --encoding; for a "
                    "file from Windows it is often cp1252"
                ) from None
        try:
            parsed = Calendar.from_ical(whole)
        except Exception as error:  # noqa: BLE001 - it raises whatever it came across
            raise Invalid(f"{type(error).__name__} in one of its lines") from None
        if not isinstance(parsed, Calendar):
            raise Invalid(f"it is a {type(parsed).__name__}, and no event")
        return parsed, unknown

    def _occurrences(self, calendar: Parsed) -> Iterator[Any]:
        import recurring_ical_events

        query = recurring_ical_events.of(calendar)
        first, last = self._window
        yield from islice(
            query.between(_midnight(first), _midnight(last) + timedelta(days=1)), MOST_OCCURRENCES
        )

    def _event(self, component: Any, block: Block, zone: str) -> CalendarEvent:
        is_task = component.name == "VTODO"
        uid = "".join(filter(str.isprintable, str(component.get("UID", ""))))[:_LONGEST_UID]
        begins_at = component.get("DTSTART") or (component.get("DUE") if is_task else None)
        is_undated = begins_at is None and is_task
        if begins_at is None and not is_undated:
            raise Invalid("it has no DTSTART")
        if isinstance(begins_at, list):
            raise Invalid("it has more than one DTSTART")
        start = self._window.first if begins_at is None else begins_at.dt
        is_all_day = not isinstance(start, datetime)
        begins = _moment(start)
        ends = max(begins, _moment(self._end(component, start, is_all_day=is_all_day)))
        planned = component.get("RECURRENCE-ID")
        status = str(component.get("STATUS", "")).upper()
        title = " ".join(str(component.get("SUMMARY", "")).split())
        return CalendarEvent(
            line=block.line,
            uid=uid,
            day="" if planned is None else _day_in(planned.dt, start),
            begins=begins,
            ends=ends,
            is_all_day=is_all_day,
            title=title,
            body=_text(component.get("DESCRIPTION", "")),
            place=" ".join(str(component.get("LOCATION", "")).split()),
            is_cancelled=self._cancelled
            or status == "CANCELLED"
            or bool(re.match(r"cancell?ed: ", title, re.IGNORECASE)),
            is_private=str(component.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"),
            people=tuple(_people(component)),
            is_task=is_task,
            done_at=_moment(component["COMPLETED"].dt)
            if status == "COMPLETED" and "COMPLETED" in component
            else None,
            zone=zone if isinstance(start, datetime) and start.tzinfo is None else "",
            is_undated=is_undated,
        )

    def _end(self, component: Any, start: date, *, is_all_day: bool) -> date:
        end = component.get("DTEND")
        if end is not None:
            return cast("date", end.dt)
        length = component.get("DURATION")
        if length is not None:
            return start + cast("timedelta", length.dt)
        return start + timedelta(days=1) if is_all_day else start


OWN = "@acctcli"
"""Ends the UIDs of the events and tasks that acct writes."""


def _midnight(day: date) -> datetime:
    """Return the first moment of a day in the zone of the user."""
    return dates.local(datetime.combine(day, time()))


def _moment(at: date) -> datetime:
    """Return when something begins or ends, in UTC; a day begins at midnight of the user's zone.

    A time without a zone is in that of the user.
    """
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    if not 1971 <= at.year <= 2999:
        raise dates.outside(f"the day {at.date()}", 1971)
    return dates.in_utc(at, str(at))


def _day_in(planned: date, start: date) -> str:
    """Return the day of a moment in the zone of the event itself."""
    if isinstance(planned, datetime):
        zone: tzinfo | None = start.tzinfo if isinstance(start, datetime) else None
        if planned.tzinfo is not None and zone is not None:
            planned = planned.astimezone(zone)
        return planned.date().isoformat()
    return planned.isoformat()


def _people(component: Any) -> Iterator[Invitee]:
    """Yield the attendees and the organizer, without rooms and things."""
    for name in ("ORGANIZER", "ATTENDEE"):
        found = component.get(name, [])
        for one in found if isinstance(found, list) else [found]:
            params = getattr(one, "params", {})
            address = re.sub("^mailto:", "", str(one).strip(), flags=re.IGNORECASE)
            kind = str(params.get("CUTYPE", "")).upper()
            if "@" not in address and "@" in str(params.get("EMAIL", "")):
                address = str(params["EMAIL"])  # what Exchange adds to its own names
            if "@" in address and kind not in ("ROOM", "RESOURCE"):
                declined = str(params.get("PARTSTAT", "")).upper() == "DECLINED"
                yield Invitee(
                    address.lower(), " ".join(str(params.get("CN", "")).split()), declined
                )


def _text(value: object) -> str:
    lines = str(value).replace("\r\n", "\n").replace("\r", "\n").strip("\n").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def _zones_of(line: str) -> Iterator[str]:
    """Yield the zone that a line names."""
    if ";TZID=" in line.upper():
        found = contentlines.read(line, raw=False)
        if found is not None and found.params.get("TZID"):
            yield found.params["TZID"]


def _rule_of(line: str) -> str:
    """Return the rule of a line, without blanks; "" if the line has none."""
    if line[:5].upper() != "RRULE":
        return ""
    return "".join(line.partition(":")[2].upper().split())


def _refuse_endless(rule: str, first_year: str) -> None:
    """Refuse a rule that takes long to follow: more often than daily, or without any day."""
    if first_year < _FIRST_YEAR:
        raise Invalid(f"it repeats since before {_FIRST_YEAR}. Let it begin later")
    parts = [part.rstrip(",") for part in _rule_of(rule).split(";")]
    days = [part for part in parts if part and part.partition("=")[0] not in _OF_MANY]
    try:
        read_every(";".join(days), "RRULE")
    except AcctError as error:
        # The advice of a command line is none for a file.
        raise Invalid(error.message.partition(" Write 3d")[0].rstrip(".")) from None
