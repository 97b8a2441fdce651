"""`acct review run` without options: the questions of a review, asked one after the other.

What was answered is never lost: if the review cannot be saved, or is broken off,
the answers are kept in a file, as the command line that would have given them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from acctcli import files, paths, text, values
from acctcli.cli import review
from acctcli.cli.options import Given
from acctcli.cli.session import Session
from acctcli.dates import parse_iso_day, say_ago, say_day
from acctcli.errors import AcctError, Cancelled
from acctcli.model import KINDS
from acctcli.render.emit import say
from acctcli.store import agenda as sql
from acctcli.store import lookup, queries

if TYPE_CHECKING:
    import sqlite3

FIELDS = KINDS["review"].fields

QUESTIONS = {
    "summary": "Where does it stand?",
    "strengths": "What goes well?",
    "risks": "What could go wrong?",
    "opportunities": "What more could be done?",
    "rating": "Rating: red, amber or green",
    "next_review": "Review again when?",
}
"""What is asked for each field, in this order."""


class Answers:
    """What was answered so far, as it would be typed on a command line."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.typed: dict[str, str | list[str]] = {}
        self.actions: list[str] = []

    @property
    def given(self) -> Given:
        """The answers as options."""
        return Given(self.typed, {name: FIELDS[name].options[0] for name in self.typed})

    def command(self) -> str:
        """The command line that gives the same answers."""
        words = ["acct", "review", "run", self.account]
        for name, answer in self.typed.items():
            words.append(f"{FIELDS[name].options[0]}={answer}")
        words += [f"--action={action}" for action in self.actions]
        return shlex.join(words)

    @contextmanager
    def kept_if_refused(self, session: Session) -> Iterator[None]:
        """Keep the answers in a file if what is done with them fails, and say where."""
        try:
            yield
        except AcctError as error:
            error.message = f"{error.message.rstrip('.')}.{self._keep(session)}"
            raise
        except (KeyboardInterrupt, EOFError) as error:
            raise Cancelled(f"the review was not saved.{self._keep(session)}") from error

    def _keep(self, session: Session) -> str:
        if not self.typed and not self.actions:
            return ""
        folder = paths.kept_texts(session.book)
        kept = files.keep_text(folder, "review", ".sh", self.command() + "\n")
        return f" Your answers are kept in {kept}"


def hold(session: Session, account: str) -> Answers:
    """Ask everything about an account, with what happened since its last review in view."""
    with session.read() as con:
        found = session.find(con, "account", account)
        health = review.health_of(session, con, found.id)
        background = list(_background(session, con, found, health))
        again = review.by_rhythm(session, con, found.id, session.clock.today)
        (name,) = lookup.handles(con, [found.id]).values()
    say("\n".join(background))
    say("Enter leaves a question out; Ctrl-C stops, and keeps what you answered.")
    answers = Answers(name)
    # Lines can be corrected with the arrow keys where the system has the library for it.
    with suppress(ImportError):
        import readline  # noqa: F401

    defaults = {"rating": health["band"], "next_review": again}
    with answers.kept_if_refused(session):
        for field, question in QUESTIONS.items():
            answer = _asked(question, _reader(session, field), defaults.get(field))
            if answer:
                answers.typed[field] = answer
        say("What comes out of it, one action a line; ::fri at the end says by when.")
        while action := _asked("Action", lambda typed: review.read_action(session, typed)):
            answers.actions.append(action)
    return answers


def _reader(session: Session, name: str) -> Callable[[str], object]:
    return lambda typed: values.read_field(FIELDS[name], typed, session.reading)


def _asked(question: str, read: Callable[[str], object], default: str | None = None) -> str:
    """An answer that can be read, or empty; asked again until it can."""
    while True:
        say(f"{question} [{default}]" if default else question)
        typed = input("> ").strip()
        try:
            if typed:
                read(typed)
        except AcctError as error:
            say(f"acct: {error.message}")
            continue
        return typed


def _background(
    session: Session, con: sqlite3.Connection, account: lookup.Found, health: Mapping[str, Any]
) -> Iterator[str]:
    """What one should have in mind: the last review, what happened since, and health now."""
    today = session.clock.today
    held = queries.select(con, "review", FIELDS, review.last_of(account.id))
    if held:
        last = held[0]
        day = parse_iso_day(last["held_on"])
        score = f"health {last['health']}" if last["health"] is not None else None
        outcome = ", ".join(part for part in (last["rating"], score) if part)
        ago = f", {say_ago(day, today)}" if (today - day).days > 1 else ""
        outcome = f" ({outcome})" if outcome else ""
        yield f"{account.name}: last review {say_day(day, today)}{ago}{outcome}"
        for name in ("summary", "risks", "opportunities"):
            if last[name]:
                yield f"  {name}: {last[name]}"
    else:
        day = parse_iso_day("1900-01-01")
        yield f"{account.name}: no review yet"
    counts = sql.happened_since(con, account.id, day, today)
    parts = [
        text.plural(counts["interactions"], "interaction"),
        text.plural(counts["changes"], "change of a deal", "changes of deals"),
        text.plural(counts["purchases"], "purchase"),
        text.plural(counts["kept"], "promise kept", "promises kept"),
        f"{counts['late']} late",
    ]
    yield f"{'Since then' if held else 'So far'}: {', '.join(parts)}"
    if health["score"] is not None:
        said = {reason["code"]: reason["text"] for reason in health["reasons"]}
        strongest = ", ".join(said[code] for code in health["strongest"])
        yield f"Health now {health['score']}, {health['band']}: {strongest}"
