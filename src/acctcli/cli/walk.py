"""`acct today --interactive`: walk through the list one account at a time, with single keys.

Each key becomes an ordinary command, which is shown and run as if it had been typed: it has its own
line in the history and its own undo, and its errors are its own.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

from acctcli import text
from acctcli.book import walk
from acctcli.book.walk import OpenReason, Stop, Walk
from acctcli.cli.kit import questions
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, Cancelled, UsageError
from acctcli.keys import ENTER, pressed
from acctcli.model import KINDS
from acctcli.render import emit, theme
from acctcli.render import walk as drawing
from acctcli.results import Done, Lines, Output
from acctcli.store.filters import Condition
from acctcli.values import dates
from acctcli.values.fields import read_field
from acctcli.values.times import has_time

TASK = KINDS["task"].fields

KEYS = {
    "l": ("log", "log a call, an email or anything else that happened"),
    "d": ("done", "mark the task, or the objective, as done"),
    "s": ("snooze", "leave the task, or the account, out of today until a day"),
    "n": ("next step", "add a task for the account"),
    "r": ("run", "run the command that is shown"),
    "o": ("open", "show the page of the account"),
    "k": ("skip", "go on to the next account; Enter and the space bar do, too"),
    "b": ("back", "go back to the account before"),
    "u": ("undo", "undo the last command of this walk"),
    "?": ("help", "show this list"),
    "q": ("quit", "stop here; what was done stays done"),
}
"""The keys: what the foot of the screen says, and what the help says."""

SKIPS = ("k", ENTER, " ")


def through(
    session: Session, conditions: Callable[..., list[Condition]], limit: int | None
) -> Done:
    """Walk through the accounts that match, until the list ends or the user stops.

    Raises `UsageError` without a terminal, `Cancelled` for Ctrl-C and if the terminal is gone.
    """
    if not (session.interactive and session.can_ask):
        raise UsageError(
            "--interactive needs a terminal. In a script: acct today -f json, and the commands "
            "that its lines name"
        )
    with session.read() as con:
        stops = walk.stops(session, con, conditions(con), limit)
    if not stops:
        return Done([], {}, "Nobody needs you today.")
    going = Walk(session, stops)
    try:
        while going.place < len(stops):
            _stop(session, going)
    except (KeyboardInterrupt, EOFError) as error:
        raise Cancelled(f"stopped. {going.says()}") from error
    except AcctError as error:  # the book cannot be read any more
        error.message = f"{error.message.rstrip('.')}. {going.says()}"
        raise
    return Done([], {}, going.says())


def _stop(session: Session, going: Walk) -> None:
    """Show the current stop, and do what the next key says."""
    open_ones = going.arrive()
    if not open_ones:
        going.place += 1
        return
    key = pressed(lambda: _show(session, going, open_ones)).lower()
    while key not in KEYS and key not in SKIPS:
        key = pressed(lambda: None).lower()
    if key in SKIPS:
        going.place += 1
    elif key == "q":
        going.place = len(going.stops)
    elif key == "b":
        going.back()
    elif key == "u":
        _undo(session, going)
    elif key == "?":
        _print(drawing.help_of({k: says for k, (_, says) in KEYS.items()}, _view(session)))
    else:
        _act(session, going, key, open_ones)


def _act(session: Session, going: Walk, key: str, open_ones: Sequence[OpenReason]) -> None:
    """Run the command of a key, and mark what it answered."""
    try:
        words = _COMMANDS[key](session, going.stop, open_ones[0])
    except AcctError as error:
        emit.say(f"acct: {error.message}")
        return
    if not words:
        return
    before = going.last_number()
    _run(session, words)
    if going.last_number() == before:
        return
    answered = going.answered_by(words, open_ones)
    if answered:
        shown = [_answered(going, one) for one in answered]
        _print(drawing.reasons(shown, _view(session)))


def _undo(session: Session, going: Walk) -> None:
    """Undo the last command of this walk, and go back to where it was run."""
    if not going.steps:
        emit.say("Nothing was done yet. To undo an earlier command: acct undo")
    elif _run(session, ["undo", str(going.steps[-1].number)]) == 0:
        going.undone()


def _run(session: Session, words: Sequence[str]) -> int:
    """Show a command and run it; returns its exit status."""
    _print([text.safe(f"$ {shlex.join(['acct', *words])}")])
    status = session.run(words)
    if status == Cancelled.exit_code:
        raise KeyboardInterrupt
    return status


def _view(session: Session) -> theme.View:
    return theme.view_of_stdout(session.clock.today)


def _print(lines: Sequence[str]) -> None:
    emit.emit(Lines(lines), Output())


def _show(session: Session, going: Walk, open_ones: Sequence[OpenReason]) -> None:
    """Draw the account, its reasons, and the keys that do something here."""
    stop = going.stop
    shown = [_answered(going, one) for one in going.answered.get(going.place, {}).values()]
    for number, one in enumerate(open_ones):
        shown.append(_shown(one, drawing.OPEN if number else drawing.CURRENT))
    left_out = {"b"}  # it is rarely needed; the help names it
    left_out |= set() if open_ones[0].is_done else {"d"}
    left_out |= set() if stop.called else {"l", "n", "o"}
    left_out |= set() if going.steps else {"u"}
    keys = [f"{key} {label}" for key, (label, _) in KEYS.items() if key not in left_out]
    place = (going.place + 1, len(going.stops))
    screen = drawing.Screen(*place, stop.account, stop.tier, stop.called, shown, keys)
    _print(drawing.screen(screen, _view(session)))


def _answered(going: Walk, reason: OpenReason) -> drawing.ShownReason:
    """Return an answered reason: a snoozed one is not done."""
    return _shown(reason, drawing.SNOOZED if reason.key in going.snoozed else drawing.ANSWERED)


def _shown(reason: OpenReason, mark: str) -> drawing.ShownReason:
    return drawing.ShownReason(reason.kind, reason.says, reason.command, mark)


# The questions of the keys, and their commands


def _log(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    field = KINDS["log"].fields["kind"]
    _refuse_nobody(stop)
    kinds = ", ".join(field.choices)
    typed = questions.ask(f"Kind? ({kinds})", _reader(session, "log", "kind"), "call") or "call"
    kind = str(read_field(field, typed, session.reading))
    said = questions.ask("What was said?", str)
    who = ["--with", reason.short] if reason.kind == "champion" else []
    return ["log", kind, stop.called, *who, *_text(said)] if said else _nothing()


def _done(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    if not reason.is_done:
        raise UsageError("this line has no task. Log, snooze or run the command shown")
    return shlex.split(reason.command)[1:]


def _snooze(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    what = "task" if reason.record is not None and reason.record[0] == "task" else "account"
    if what == "task" and stop.called:
        what = _which({"t": "task", "a": "account"})
        if not what:
            return _nothing()
    until = questions.ask(f"Until which day does the {what} stay out of today?", _later(session))
    name = reason.short if what == "task" else stop.called
    return [what, "snooze", name, until] if until else _nothing()


def _which(answers: Mapping[str, str]) -> str:
    """Return the answer to a question of one key; "" for any other key."""
    offered = theme.BETWEEN.join(f"{key} the {what}" for key, what in answers.items())
    key = pressed(lambda: emit.say(f"Snooze what? {offered}"))
    return answers.get(key.lower(), "")


def _next_step(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    _refuse_nobody(stop)
    step = questions.ask("What is to be done?", str)
    if not step:
        return _nothing()
    when = questions.ask("When? A day, or a day and a time; Enter for none", _day_or_time(session))
    about = ["--deal", reason.short] if reason.record and reason.record[0] == "deal" else []
    due = [TASK[_name(when)].options[0], when] if when else []
    return ["task", "add", stop.called, *about, *due, *_text(step)]


def _shown_command(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    return shlex.split(reason.command)[1:]


def _open(session: Session, stop: Stop, reason: OpenReason) -> list[str]:
    _refuse_nobody(stop)
    return ["account", "show", stop.called]


_COMMANDS: dict[str, Callable[[Session, Stop, OpenReason], list[str]]] = {
    "l": _log,
    "d": _done,
    "s": _snooze,
    "n": _next_step,
    "r": _shown_command,
    "o": _open,
}


def _text(typed: str) -> list[str]:
    """Return a text as words at the end of a command, even if it begins with a dash."""
    return ["--", typed] if typed.startswith("-") else [typed]


def _nothing() -> list[str]:
    emit.say("Nothing was saved.")
    return []


def _refuse_nobody(stop: Stop) -> None:
    if not stop.called:
        raise UsageError("this task belongs to no account. Mark it as done, snooze it or skip it")


def _reader(session: Session, kind: str, name: str) -> Callable[[str], object]:
    field = session.fields(kind)[name]
    return lambda typed: read_field(field, typed, session.reading)


def _later(session: Session) -> Callable[[str], object]:
    """Return the reader of a future day: snoozing until today would do nothing."""

    def read(typed: str) -> object:
        day = read_field(TASK["snoozed_until"], typed, session.reading, what="the day")
        if str(day) <= dates.iso(session.clock.today):
            raise UsageError(f"{text.quoted(typed)} is not later than today")
        return day

    return read


def _day_or_time(session: Session) -> Callable[[str], object]:
    return lambda typed: read_field(TASK[_name(typed)], typed, session.reading, what="the day")


def _name(typed: str) -> str:
    """Return the field of a text: `at` if it has a time of day, else `due`."""
    return "at" if has_time(typed) else "due"
