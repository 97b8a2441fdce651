"""The week in words: one page for a terminal, or a Markdown note to send.

Made from the JSON of `acct report week` and nothing else; nothing here may judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from acctcli import text
from acctcli.render import figures, parts, prose, theme
from acctcli.render.prose import Days, ProseLine, Section
from acctcli.render.theme import View
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.shapes.week import (
        AccountTalksJson,
        AheadJson,
        ClosedDealJson,
        DealOfAccountJson,
        DuePromiseJson,
        FieldChangeJson,
        MovedDealJson,
        NewJson,
        OpenedDealJson,
        PromiseOutcome,
        PromisesJson,
        WeekPage,
    )

LONG = 12
"""Lines per section; further ones are counted."""

NAMES = 5
"""Names per line; further ones are counted."""

OUTCOMES: Sequence[tuple[PromiseOutcome, str]] = (
    ("missed", "Promises missed"),
    ("late", "Promises kept late"),
    ("kept", "Promises kept"),
)


def draw(data: WeekPage, view: View) -> RenderableType:
    """Draw the week for a terminal."""
    days = Days(view.today, view.today)
    found: list[RenderableType] = [parts.heading(title(data), _span(data, days), view)]
    found += [theme.cell(f"Only: {parts.dotted(data['filters'])}", "quiet")] * bool(data["filters"])
    found += [theme.cell(sentence) for sentence in summary(data)]
    found += prose.drawn(sections(data, days))
    return Group(*found, *figures.note("Every line: acct report week -f csv"))


def markdown(data: WeekPage, today: date) -> str:
    """Return the week as a Markdown note."""
    days = Days(today, None)
    lines = [f"# {title(data)}: {_span(data, days)}", ""]
    if data["filters"]:
        lines += [prose.escaped(f"Only: {parts.dotted(data['filters'])}"), ""]
    lines += [prose.escaped(" ".join(summary(data)))]
    lines += prose.markdown(sections(data, days))
    return "\n".join(lines) + "\n"


def title(data: WeekPage) -> str:
    """Return the title of the page."""
    start, end = (date.fromisoformat(data["period"][name]) for name in ("start", "end"))
    return "Week" if (end - start).days == 6 else "Period"


def _span(data: WeekPage, days: Days) -> str:
    """Return the days of the period, which outlive the day: never `today to Sun 4 Oct`."""
    start, end = data["period"]["start"], data["period"]["end"]
    if days.today is None:
        return f"{days.day(start)} to {days.day(end)}"
    said = (dates.say_calendar_day(date.fromisoformat(day), days.today) for day in (start, end))
    return " to ".join(said)


def summary(data: WeekPage) -> Iterator[str]:
    """Yield the week in a few sentences."""
    yield _talked_in_all(data)
    if deals := _deals_in_all(data):
        yield deals
    if promises := _promises_in_all(data["promises"]):
        yield promises
    counts = (("account", data["new"]["accounts"]), ("contact", data["new"]["contacts"]))
    new = [text.plural(len(found), noun) for noun, found in counts if found]
    if new:
        yield f"New: {text.sentence_list(new)}."


def _talked_in_all(data: WeekPage) -> str:
    """Return `Talked to 14 accounts: 22 interactions, 15 two-way (the week before: 18)`."""
    talked = data["talked"]
    same = "" if data["is_over"] else ", same days"
    before = f"the {title(data).lower()} before{same}: {talked['before']['interactions']:,}"
    attempts = ""
    if talked["attempts"]:
        attempts = f" {text.plural(talked['attempts'], 'attempt')} without an answer."
    if not talked["interactions"]:
        return f"No conversations logged ({before}).{attempts}"
    accounts = text.plural(talked["accounts"], "account")
    said = f"{text.plural(talked['interactions'], 'interaction')}, {talked['two_way']:,} two-way"
    return f"Talked to {accounts}: {said} ({before}).{attempts}"


def _deals_in_all(data: WeekPage) -> str:
    """Return `Won 1 deal (48,000 GBP), lost 2, opened 3, moved 4`."""
    counts = (
        ("won", len(data["won"]), data["totals"]["won"]),
        ("lost", len(data["lost"]), data["totals"]["lost"]),
        ("opened", len(data["new"]["deals"]), ()),
        ("moved", len(data["moved"]), ()),
    )
    said: list[str] = []
    for verb, count, totals in counts:
        if count:
            noun = f" {'deal' if count == 1 else 'deals'}" if not said else ""
            worth = text.sentence_list([theme.amount(t["amount"], t["currency"]) for t in totals])
            said.append(f"{verb} {count:,}{noun}{f' ({worth})' if worth else ''}")
    together = ", ".join(said)
    return f"{_first(together)}." if said else ""


def _promises_in_all(promises: PromisesJson) -> str:
    """Return `Kept 6 of 8 promises on time; 1 late, 1 missed`."""
    if not promises["due"]:
        return ""
    rest = [f"{len(promises[name])} {name}" for name in ("late", "missed") if promises[name]]
    of = text.plural(promises["due"], "promise")
    after = f"; {', '.join(rest)}" if rest else ""
    return f"Kept {len(promises['kept'])} of {of} on time{after}."


def sections(
    data: WeekPage, days: Days, *, most: int = LONG, names: int = NAMES
) -> Iterator[Section]:
    """Yield the sections that have lines: `most` lines each, and `names` names per line."""
    next = data["next"]
    promises = data["promises"]
    ahead = f"Coming up, {days.day(next['start'])} to {days.day(next['end'])}"
    found: tuple[tuple[str, Iterable[ProseLine]], ...] = (
        ("Won", (_won(one) for one in data["won"])),
        ("Lost", (_lost(one) for one in data["lost"])),
        ("Moved", (_moved(one, days) for one in data["moved"])),
        ("New deals", (_new_deal(one) for one in data["new"]["deals"])),
        ("Talked to", (_talked(one, days) for one in data["talked"]["by_account"])),
        *((heading, _promises(promises[name], days, name)) for name, heading in OUTCOMES),
        ("They still owe us", _promises(promises["owed_to_us"], days, "missed")),
        ("New", _new(data["new"], names)),
        (
            "At risk now",
            (ProseLine(f"{r['account']}: {r['reason']}", "risk") for r in data["at_risk"]),
        ),
        (ahead, _ahead(next, days)),
    )
    for heading, lines in found:
        if every := list(lines):
            shown = every[:most]
            if len(every) > most:
                shown = [
                    *every[: most - 1],
                    ProseLine(f"and {len(every) - most + 1:,} more", "quiet"),
                ]
            yield heading, shown


def _named(one: DealOfAccountJson) -> str:
    """Return `Platform rollout, GreenTech Ltd, 120,000 SGD`."""
    amount = theme.amount(one["amount"], one["currency"])
    return ", ".join(filter(None, (one["deal"], one["account"], amount)))


def _quoted(note: str | None) -> str:
    return f" ({text.flat(note)})" if note else ""


def _won(one: ClosedDealJson) -> ProseLine:
    opened, closed = (theme.day_of(one[name]) for name in ("opened_on", "closed_on"))
    took = text.plural((closed - opened).days, "day") if opened and closed else ""
    return ProseLine(f"{_named(one)}{f', in {took}' if took else ''}{_quoted(one['note'])}", "good")


def _lost(one: ClosedDealJson) -> ProseLine:
    why = one["lost_reason"] or "no reason kept"
    to = f", to {one['competitor']}" if one["competitor"] else ""
    return ProseLine(f"{_named(one)}: {why}{to}{_quoted(one['note'])}")


def _moved(one: MovedDealJson, days: Days) -> ProseLine:
    said = [_change(change, one["currency"], days) for change in one["changes"]]
    notes = "; ".join(map(text.flat, one["notes"]))
    return ProseLine(f"{_named(one)}: {'; '.join(said)}{_quoted(notes)}")


def _change(change: FieldChangeJson, currency: str | None, days: Days) -> str:
    """Return `proposal → negotiation`, `closes Tue 15 Dec → Wed 20 Jan`, `90,000 → 120,000 SGD`."""
    old, new = change["old"], change["new"]
    match change["field"]:
        case "close_date":
            was, is_now = days.day(old) or "no date", days.day(new) or "no date"
            return f"closes {was} {theme.ARROW} {is_now}"
        case "amount":
            return f"{_money(old, currency)} {theme.ARROW} {_money(new, currency)}"
    return f"{old or 'none'} {theme.ARROW} {new or 'none'}"


def _money(digits: str | None, currency: str | None) -> str:
    return theme.amount(digits, currency) if digits else "no amount"


def _new_deal(one: OpenedDealJson) -> ProseLine:
    return ProseLine(f"{_named(one)}, {one['stage']}")


def _talked(one: AccountTalksJson, days: Days) -> ProseLine:
    """Return `GreenTech Ltd: 2 calls with Mei Tan. Thu 26 Nov: Walked Mei through pricing`."""
    ways = ", ".join(text.plural(way["count"], way["kind"]) for way in one["kinds"])
    people = f" with {text.sentence_list(one['people'], 3)}" if one["people"] else ""
    last = one["last"]
    return ProseLine(
        f"{one['account']}: {ways}{people}. {_first(days.day(last['day']))}: {last['summary']}"
    )


def _promises(found: Sequence[DuePromiseJson], days: Days, outcome: str) -> Iterator[ProseLine]:
    for one in found:
        whose = ", ".join(filter(None, (one["account"], one["contact"])))
        says = f"{one['text']} ({whose})" if whose else one["text"]
        if outcome == "kept":
            yield ProseLine(says)
        elif outcome == "late":
            yield ProseLine(f"{says}: due {days.day(one['due'])}, done {days.day(one['done_on'])}")
        else:
            yield ProseLine(f"{says}: due {days.day(one['due'])}", "overdue")


def _new(new: NewJson, most: int) -> Iterator[ProseLine]:
    """Yield one line for the accounts and one for the people: an import brings hundreds."""
    accounts = [one["account"] for one in new["accounts"]]
    people = [f"{one['contact']} ({one['account']})" for one in new["contacts"]]
    for noun, names in (("account", accounts), ("contact", people)):
        if names:
            yield ProseLine(f"{text.plural(len(names), noun)}: {text.sentence_list(names, most)}")


def _ahead(next: AheadJson, days: Days) -> Iterator[ProseLine]:
    """Yield appointments, due tasks, closing deals, ending contracts and due reviews."""
    for appointment in next["appointments"]:
        at = dates.local(dates.parse_iso_moment(appointment["at"]))
        day = _first(days.day(appointment["due"]))
        yield ProseLine(f"{day} {at:%H:%M}: {_task(appointment)}")
    for task in next["tasks"]:
        owes = "they owe" if task["owed_by"] == "them" else ""
        yield ProseLine(f"{_first(days.day(task['due']))}: {_task(task, owes)}")
    for deal in next["closing"]:
        closes = _first(days.day(deal["close_date"]))
        yield ProseLine(f"{closes}: {_named(deal)} to close, {deal['stage']}")
    for term in next["ending"]:
        amount = theme.amount(term["amount"], term["currency"])
        what = ", ".join(filter(None, (term["account"], term["product"], amount)))
        renewal = f"renewal deal: {term['renewal']}" if term["renewal"] else "no renewal deal"
        yield ProseLine(f"{_first(days.day(term['ends_on']))}: contract ends: {what}; {renewal}")
    for review in next["reviews"]:
        yield ProseLine(f"{_first(days.day(review['day']))}: review of {review['account']}")


def _first(said: str) -> str:
    """Return a word or two as a sentence begins with them: `Today`, `Fri 27 Nov`."""
    return f"{said[:1].upper()}{said[1:]}"


def _task(one: DuePromiseJson, owes: str = "") -> str:
    beside = ", ".join(filter(None, (one["account"], one["contact"], owes)))
    return f"{one['text']} ({beside})" if beside else one["text"]
