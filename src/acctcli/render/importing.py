"""The dry run of an import, and the progress bar of a long one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from acctcli import text
from acctcli.csvtext import DELIMITER_NAMES
from acctcli.model import KINDS
from acctcli.render import messages, theme
from acctcli.render.theme import View

if TYPE_CHECKING:
    from acctcli.shapes.importing import ImportFileJson, ImportPage

REFUSALS_SHOWN = 20
CHANGES_SHOWN = 10
VALUE_COLUMNS = 30
STRANGERS_SHOWN = 10


def dry_run(data: ImportPage, view: View) -> RenderableType:
    """Draw what would be added, changed, unchanged and refused, and what to type next."""
    parts: list[RenderableType] = []
    for file in data["files"]:
        if parts:
            parts.append(theme.cell(""))
        parts += [_heading(file), _counts(file), *_notes(file, view), *_strangers(file)]
        parts += [*_changes(file), *_conflicts(file), *_refusals(file)]
    for typed, name in data["read_as"].items():
        parts.append(theme.cell(f"{text.quoted(typed)} is read as {name}"))
    added = data["accounts_added"]
    if added:
        names = text.sentence_list(added, 5)
        parts.append(theme.cell(f"{text.plural(len(added), 'account')} would be added: {names}"))
    for name, found in data["near"].items():
        parts.append(theme.cell(f"   {name} beside {text.sentence_list(found)}"))
    for started in data["playbooks"]:
        tasks, records = (
            text.plural(started["tasks"], "task"),
            text.plural(started["records"], "record"),
        )
        says = f"Playbook {started['playbook']} would add {tasks} for {records}. Without: "
        parts.append(theme.cell(f"{says}--no-playbooks"))
    parts.append(theme.cell(_next_step(data), "quiet"))
    return Group(*parts)


def _heading(file: ImportFileJson) -> RenderableType:
    delimiter = file["delimiter"]
    form = file["encoding"]
    if delimiter is not None:
        form += f", {DELIMITER_NAMES.get(delimiter, delimiter)}"
    kind = KINDS[file["kind"]]
    columns = f"{text.plural(len(file['columns_read']), 'column')} read"
    left_out = file["columns_left_out"]
    if left_out:
        columns += f", {len(left_out)} left out ({', '.join(left_out)})"
    facts = [f"{text.plural(file['rows'], 'row')} of {kind.several}", form, columns]
    mail = file["mail"]
    if mail is not None:
        facts = [form, text.plural(mail["messages"], "message")]
    elif file["encoding"] == "mail":
        facts = [f"{kind.several} that the messages name"]
    heading = theme.cell(file["file"], "heading")
    heading.append_text(theme.cell(theme.BETWEEN + theme.BETWEEN.join(facts)))
    return heading


def _counts(file: ImportFileJson) -> RenderableType:
    counts = (
        (file["new"], "new", "good"),
        (file["changed"], "changed", ""),
        (file["same"], "the same", "quiet"),
        (file["refused"], "refused", "overdue"),
    )
    said = [theme.cell(f"{n:,} {word}", style if n else "quiet") for n, word, style in counts]
    return Padding(Text("     ").join(said), (0, 0, 0, 3))


def _notes(file: ImportFileJson, view: View) -> list[RenderableType]:
    """Draw what is said about a file; a command in it is not broken."""
    room = max(view.width - 3, 1)
    return [
        Padding(theme.cell(line), (0, 0, 0, 3))
        for note in file["notes"]
        for line in messages.fitted(theme.line(note), room).split("\n")
    ]


def _strangers(file: ImportFileJson) -> list[RenderableType]:
    """Draw whose mail belongs to no account, each with the command that adds them."""
    strangers = file["mail"]["strangers"] if file["mail"] else []
    if not strangers:
        return []
    of = text.plural(len(strangers), "sender or recipient", "senders and recipients")
    says = f"mail of {of} belongs to no account. Add one, or all companies: --create-accounts"
    lines = []
    for one in strangers[:STRANGERS_SHOWN]:
        lines.append(theme.cell(f"{text.plural(one['messages'], 'message')}: {one['address']}"))
        command = theme.cell(f"   {one['command']}", "quiet")
        command.no_wrap, command.overflow = True, "ignore"  # a command is never broken
        lines.append(command)
    hidden = len(strangers) - STRANGERS_SHOWN
    if hidden > 0:
        lines.append(theme.cell(f"{theme.MORE} and {hidden:,} more", "quiet"))
    return [Padding(theme.cell(says), (0, 0, 0, 3)), Padding(Group(*lines), (0, 0, 0, 3))]


def _changes(file: ImportFileJson) -> list[RenderableType]:
    """Draw the first records that would change: the stored value, and the one of the file."""
    rows = []
    for change in file["changes"][:CHANGES_SHOWN]:
        for name, sides in change["fields"].items():
            ours, theirs = (
                text.clip(theme.line(sides[side]), VALUE_COLUMNS) or "nothing"
                for side in ("ours", "theirs")
            )
            label = name.replace("_", " ")
            who = str(change["name"] or KINDS[file["kind"]].one)
            rows.append(
                (
                    f"{file['place']} {change['line']}",
                    who,
                    f"{label}: {ours} {theme.ARROW} {theirs}",
                )
            )
    hidden = len(file["changes"]) - CHANGES_SHOWN
    return _table(rows, hidden, "changed")


def _conflicts(file: ImportFileJson) -> list[RenderableType]:
    """Draw the first values that stay: as exported, as it is now, and as the file has it."""
    found = file["conflicts"]
    if not found:
        return []
    rows = []
    for one in found[:CHANGES_SHOWN]:
        exported, ours, theirs = (
            text.clip(theme.line(value), VALUE_COLUMNS) or "nothing"
            for value in (one["exported"], one["ours"], one["theirs"])
        )
        said = f"{one['field']}: exported {exported}, now {ours}, in the file {theirs}"
        rows.append((f"{file['place']} {one['line']}", one["name"], said))
    what = text.plural(len(found), "value")
    head = f"{what} changed here after the export, and kept. To take the file's: --theirs"
    table = _table(rows, len(found) - CHANGES_SHOWN, "kept")
    return [Padding(theme.cell(head, "risk"), (0, 0, 0, 3)), *table]


def _refusals(file: ImportFileJson) -> list[RenderableType]:
    """Draw the first reasons for refusals, each with its lines."""
    by_reason: dict[str, list[str]] = {}
    for refusal in file["refusals"]:
        by_reason.setdefault(refusal["reason"], []).append(str(refusal["line"]))
    reasons, advice = text.told_once(list(by_reason))
    rows = [
        (f"{file['place']}{'s' * (len(lines) > 1)} {text.sentence_list(lines)}", reason)
        for reason, lines in zip(reasons, by_reason.values(), strict=True)
    ]
    shown = _table(rows[:REFUSALS_SHOWN], len(rows) - REFUSALS_SHOWN, "refused")
    return [*shown, *(Padding(theme.cell(one), (0, 0, 0, 3)) for one in advice)]


def _table(rows: Sequence[Sequence[str]], hidden: int, what: str) -> list[RenderableType]:
    if not rows:
        return []
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*map(theme.cell, row))
    more = [theme.cell(f"{theme.MORE} and {hidden:,} more {what}", "quiet")] if hidden > 0 else []
    return [Padding(Group(table, *more), (0, 0, 0, 3))]


def _next_step(data: ImportPage) -> str:
    if data["refused"]:
        rows = text.plural(data["refused"], "row")
        return (
            "Nothing was imported. Fix the rows and run it without --dry-run, or add "
            f"--skip-invalid to skip {rows}."
        )
    if data["new"] or data["changed"]:
        return "Nothing was imported. To import, run it without --dry-run."
    if any(file["mail"] and file["mail"]["strangers"] for file in data["files"]):
        known = "already has the other messages" if data["same"] else "has none of the accounts"
        return f"Nothing to import: the book {known}. To add companies: --create-accounts"
    if data["same"]:
        return "Nothing to import: everything is already in the book."
    return "Nothing to import: no rows."


@contextmanager
def progress(total: int, name: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr; yields a function that takes the number of steps done."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(text.safe(name), total=total)
        yield lambda count: bar.advance(task, count)
