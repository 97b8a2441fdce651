"""Read `[playbook.NAME]` of the settings into playbooks, or raise an error that names the place.

Playbooks are read when something is written or when they are shown, and not with every command:
`configfile` keeps the section as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import model, text
from acctcli.configvalues import of_type, within
from acctcli.errors import AcctError, Invalid
from acctcli.model import Playbook, PlaybookTask
from acctcli.values.repeats import read_every
from acctcli.values.typed_dates import moved_by

if TYPE_CHECKING:
    from acctcli.config import Config

WHENS = (
    *("deal won", "deal lost", "stage NAME", "tier NAME", "status NAME", "tag NAME"),
    *("contract ends in 90 days", "deal stalled for 30 days"),
)
"""What can set off a playbook, as it is written."""

PLACEHOLDERS = ("account", "deal", "contact")

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "onboarding": {
        "when": "deal won",
        "tasks": [
            {"text": "Thank {contact} and hand {account} over to delivery", "due": "+1d"},
            {"text": "Kick-off meeting with {account}", "due": "+7d"},
            {"text": "Names and email addresses of the users", "due": "+7d", "owed_by": "them"},
            {"text": "Ask {contact} how the first weeks went", "due": "+30d"},
        ],
    },
    "renewal": {
        "when": "contract ends in 90 days",
        "tasks": [
            {"text": "Review with {contact} what {account} got out of it", "due": "-80d"},
            {"text": "Send the renewal quote to {account}", "due": "-60d"},
            {"text": "Signed renewal", "due": "-30d", "owed_by": "them"},
        ],
    },
    "stalled-deal": {
        "when": "deal stalled for 30 days",
        "tasks": [
            {"text": "Ask {contact} what changed since we last spoke", "due": "+1d"},
            {"text": "Agree on a next step for {deal}, or close it as lost", "due": "+14d"},
        ],
    },
}
"""Playbooks to begin with, by name, as the settings hold them."""

_MOST_DAYS = 3_650
_TIMED = {
    "ends": r"contract ends in ([0-9]{1,5}) days?",
    "stalled": r"deal stalled for ([0-9]{1,5}) days?",
}


def playbooks(config: Config, where: str = "settings of the book") -> tuple[Playbook, ...]:
    """Return the playbooks of the settings, in order. Raises `Invalid` naming the place."""
    found = tuple(_playbook(config, name, where) for name in config.playbook_settings)
    names = [text.key(one.name) for one in found]
    for one, name in zip(found, names, strict=True):
        if names.count(name) > 1:
            raise Invalid(f"{where}: two playbooks are called {text.quoted(one.name)}")
    return found


def readable(config: Config, notice: Callable[[str], None]) -> tuple[Playbook, ...]:
    """Return the playbooks that can be read; those that cannot are named to `notice`.

    Another program may have written anything, and no command may fail for it.
    """
    try:
        return playbooks(config)
    except AcctError:
        pass
    found: dict[str, Playbook] = {}
    for name in config.playbook_settings:
        try:
            one = _playbook(config, name, "settings of the book")
            first = found.setdefault(text.key(one.name), one)
            if first is not one:
                raise Invalid(f"{text.quoted(first.name)} has the same name")
        except AcctError as error:
            notice(f"playbook {text.quoted(name)} starts nothing. {text.safe(error.message)}")
    return tuple(found.values())


def _playbook(config: Config, name: str, where: str) -> Playbook:
    place = f"{where}: [playbook.{name}]"
    called = text.one_line(name, f"{where}: a playbook's name")
    entry = config.playbook_settings[name]
    if not isinstance(entry, Mapping):
        raise Invalid(f"{place} must be a section with tasks")
    unknown = entry.keys() - {"when", "tasks"}
    if unknown:
        raise Invalid(f"{place}: unknown setting {min(unknown)}. Settings: when, tasks")
    event, word, days = _when(config, entry.get("when", ""), f"{place}: when")
    empty = Playbook(called, event, word, days)
    tasks = entry.get("tasks")
    if not isinstance(tasks, list) or not tasks:
        example = 'tasks = [{ text = "Call {contact}", due = "+3d" }]'
        raise Invalid(f"{place}: tasks must be a list with at least one task: {example}")
    return empty.replace(
        tasks=tuple(
            _task(empty, task, f"{place}: task {number}") for number, task in enumerate(tasks, 1)
        )
    )


def _when(config: Config, value: Any, place: str) -> tuple[str, str, int]:
    """Return the event, its word and its days."""
    typed = " ".join(of_type(value, str, place).split())
    if typed == "":
        return "", "", 0
    for event, pattern in _TIMED.items():
        if match := re.fullmatch(pattern, typed, re.IGNORECASE):
            return event, "", within(int(match[1]), 1, _MOST_DAYS, place)
    first, _, rest = typed.partition(" ")
    match first.lower():
        case "deal" if rest.lower() in ("won", "lost"):
            return rest.lower(), "", 0
        case "stage" if rest:
            return "stage", _one_of(rest, [stage.name for stage in config.stages], place), 0
        case "tier" if rest:
            return "tier", _one_of(rest, config.tiers, place), 0
        case "status" if rest:
            return "status", _one_of(rest, model.STATUSES, place), 0
        case "tag" if rest:
            return "tag", text.one_line(rest, place), 0
    raise Invalid(f"{place} {text.quoted(typed)} sets off nothing. Write {text.one_of(WHENS)}")


def _one_of(typed: str, known: Any, place: str) -> str:
    for name in known:
        if text.key(name) == text.key(typed):
            return str(name)
    raise Invalid(f"{place}: {text.unknown('word', typed, list(known))}")


def _task(playbook: Playbook, entry: Any, place: str) -> PlaybookTask:
    if not isinstance(entry, Mapping):
        raise Invalid(f'{place} must be a table, such as {{ text = "Call them", due = "+3d" }}')
    unknown = entry.keys() - {"text", "due", "owed_by", "every"}
    if unknown:
        raise Invalid(
            f"{place}: unknown setting {min(unknown)}. Settings: text, due, owed_by, every"
        )
    what = text.one_line(of_type(entry.get("text"), str, f"{place}: text"), f"{place}: text")
    for placeholder in re.findall(r"\{(\w+)\}", what):
        if placeholder not in PLACEHOLDERS:
            names = text.one_of([f"{{{name}}}" for name in PLACEHOLDERS])
            raise Invalid(f"{place}: text has an unknown {{{placeholder}}} (use {names})")
        if placeholder == "deal" and playbook.about != "deal":
            raise Invalid(f"{place}: text has {{deal}}, and {playbook.when!r} is about no deal")
    owed_by = of_type(entry.get("owed_by", "us"), str, f"{place}: owed_by")
    if owed_by not in model.OWERS:
        raise Invalid(f"{place}: owed_by must be {text.one_of(model.OWERS)}")
    every = of_type(entry.get("every", ""), str, f"{place}: every")
    try:
        repeats = read_every(every, f"{place}: every") if every else None
    except AcctError as error:
        raise Invalid(error.message) from None
    due = _due(playbook, entry.get("due", ""), f"{place}: due")
    if repeats and not due:
        raise Invalid(f"{place}: a task that repeats needs a due day")
    return PlaybookTask(what, due, owed_by, repeats)


def _due(playbook: Playbook, value: Any, place: str) -> str:
    """Return a signed distance; a number without a sign counts ahead."""
    typed = " ".join(of_type(value, str, place).split()).lower()
    if not typed:
        return ""
    signed = typed if typed[0] in "+-" else f"+{typed}"
    try:
        known = moved_by(date(2026, 1, 1), signed, place) is not None
    except AcctError as error:
        raise Invalid(error.message) from None
    if not known:
        raise Invalid(
            f'{place} {text.quoted(typed)} is no distance. Write "+3d", "+2w" or "+1m", or "-30d" '
            "for days before a contract ends"
        )
    if signed[0] == "-" and playbook.event != "ends":
        raise Invalid(
            f"{place} {text.quoted(typed)} is before the start. Only a playbook with "
            '"contract ends in … days" counts back, from the end'
        )
    return signed
