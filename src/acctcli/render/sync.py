"""The machines of a shared book, what is waiting, and conflicts.

Drawn from the JSON of the page and nothing else; nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from acctcli import text
from acctcli.model.counting import word_of
from acctcli.render import parts, theme
from acctcli.render.hints import Hint
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.sync import MachineJson, SyncStatusPage

SAID_CLOCK = 120
"""Seconds that a clock may be wrong before a person hears of it."""


def status(data: SyncStatusPage, view: View) -> RenderableType:
    """Draw how this machine stands with the others, and what to do next."""
    listed = text.sentence_list(data["books"], len(data["books"]))
    several = len(data["books"]) > 1
    called = "Shared books" if several else "Shared book"
    found: list[RenderableType] = [parts.heading(f"{called}: {listed}", data["where"], view)]
    last, unsent = data["last_sync"], data["unsent"]
    found.append(
        parts.facts(
            [
                ("This machine", f"{data['name']} ({data['device']})"),
                ("New records in", data["home"] if several else ""),
                ("Products in", data["common"] if several else ""),
                ("Last sync", theme.moment(last, view.today) if last else "never"),
                ("Not sent yet", text.plural(unsent, "change") if unsent else "nothing"),
                ("Sealed", "yes, with a key file" if data["sealed"] else ""),
            ],
            view,
        )
    )
    rows = [_machine(one, view) for one in data["machines"]]
    found.append(parts.section("Machines", rows, view))
    found += [theme.cell(f"{theme.FLAG} {said}", "overdue") for said in _wrong(data)]
    found.append(Text(""))
    if data["conflicts"]:
        count = text.plural(data["conflicts"], "conflict")
        found.append(Hint(f"{count}: acct sync conflicts"))
    found.append(Hint("To send and take in: acct sync now"))
    return Group(*found)


def _machine(one: MachineJson, view: View) -> parts.TextRow:
    name = one["name"] or one["device"]
    who = one["rep"] if one["rep"] != name else ""
    if one["here"]:
        state = "this machine"
    elif one["last_at"]:
        state = f"last seen {theme.moment(one['last_at'], view.today)}"
    else:
        state = "nothing sent yet"
    files = f"{text.plural(one['files'], 'file')} to take in" if one["files"] else ""
    series = f"{one['series']}-0001{theme.MORE}" if one["series"] else ""
    return (
        theme.cell(name),
        theme.cell(who, "quiet"),
        theme.cell(series, "quiet"),
        theme.cell(parts.dotted([state, files]), "" if files else "quiet"),
    )


def _wrong(data: SyncStatusPage) -> Iterator[str]:
    if data["problem"]:
        yield data["problem"]
    if data["unreadable"]:
        yield data["unreadable"]
    if data["refused"]:
        yield f"{data['refused']}: what you changed there stays on this machine"
    if data["newer"]:
        waits = "waits" if data["newer"] == 1 else "wait"
        has = "has" if data["newer"] == 1 else "have"
        yield (
            f"{text.plural(data['newer'], 'record')} {waits} for a newer acct, or {has} values "
            "that no command stores: upgrade it here, or run acct db check on the others"
        )
    if data["not_erased"]:
        named = text.sentence_list(data["not_erased"])
        yield f"somebody who was erased here is still on {named}, until the next sync there"
    if data["missing"]:
        needs = "waits for what it belongs" if data["missing"] == 1 else "wait for what they belong"
        yield (
            f"{text.plural(data['missing'], 'record')} {needs} to: deleted on another machine, or "
            "not here yet"
        )
    ahead = data["clock_ahead"]
    if ahead is not None and abs(ahead) > SAID_CLOCK:
        way = "ahead of" if ahead > 0 else "behind"
        minutes = text.plural(round(abs(ahead) / 60), "minute")
        yield f"the clock of this machine is {minutes} {way} that of {data['where']}"


def conflicts(data: Mapping[str, Any], view: View) -> RenderableType:
    """Draw conflicts: of each the record, what stands, and what was set aside."""
    found: list[RenderableType] = []
    for row in data["rows"]:
        if found:
            found.append(Text(""))
        found += _conflict(row, view)
    return Group(*found)


def _conflict(row: Mapping[str, Any], view: View) -> Sequence[RenderableType]:
    kind = word_of(str(row["kind"]))
    name = row["record"]
    whose = "" if row["account"] in (None, name) else f"{row['account']}: "
    about = "" if row["kind"] == "account" else f"{kind} "
    fields = ", ".join(row["fields"])
    title = f"{whose}{about}{name}" + (f", {fields}" if fields else "")
    beside = row["short"] + ("" if row["seen_at"] is None else " (read)")
    lines = [
        _side("stands", row["stands"], row["stands_by"], row["stands_at"], view),
        _side("set aside", row["set_aside"], row["set_aside_by"], row["set_aside_at"], view),
    ]
    return [parts.heading(title, beside, view), parts.grid(lines, view)]


def _side(label: str, value: str, who: str, at: str, view: View) -> parts.TextRow:
    return (
        theme.cell(f"  {label}", "quiet"),
        theme.cell(value),
        theme.cell(f"{who}, {theme.moment(at, view.today)}", "quiet"),
    )
