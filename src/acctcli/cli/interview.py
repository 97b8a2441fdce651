"""`acct review run` without options: the questions of a review, one after the other.

No answer is ever lost: if the review cannot be saved, or is cancelled, the answers are kept in a
file, as the command line that would have given them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import health, reviews
from acctcli.book.asked import Given
from acctcli.cli.kit import questions
from acctcli.cli.kit.session import Session
from acctcli.domain import health as judging
from acctcli.model import DAY, KINDS
from acctcli.render.emit import say
from acctcli.store import lookup, queries
from acctcli.store.facts import agenda as sql
from acctcli.values import fields
from acctcli.values.dates import parse_iso_day, say_ago, say_day

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

FIELDS = KINDS["review"].fields

PROMISES = 8
"""How many open promises are shown."""

QUESTIONS = {
    "summary": "Where does the account stand?",
    "strengths": "What goes well?",
    "risks": "What could go wrong?",
    "opportunities": "What more could you sell or do?",
    "rating": "How do you rate it: red, amber or green?",
    "next_review": "When is the next review?",
}
"""The question for each field, in this order."""


class Answers:
    """The answers so far, as they would be typed on a command line."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.typed: dict[str, str | list[str]] = {}
        self.actions: list[str] = []

    @property
    def given(self) -> Given:
        """Return the answers as options."""
        return Given(self.typed, {name: FIELDS[name].options[0] for name in self.typed})

    def command(self) -> str:
        """Return the command line with these answers; "" without any."""
        if not self.typed and not self.actions:
            return ""
        words = ["acct", "review", "run", self.account]
        for name, answer in self.typed.items():
            words.append(f"{FIELDS[name].options[0]}={answer}")
        words += [f"--action={action}" for action in self.actions]
        return shlex.join(words)

    def kept_if_refused(self, session: Session) -> AbstractContextManager[None]:
        """Keep the answers in a file if the review fails, and say where."""
        broken_off = "the review was not saved"
        return questions.kept_if_refused(session, "review", broken_off, self.command)


def hold(session: Session, account: str) -> Answers:
    """Ask everything about an account, and show what happened since its last review."""
    with session.read() as con:
        found = session.find(con, "account", account)
        standing = health.one(session, con, found.id)
        background = list(_background(session, con, found, standing))
        again = reviews.by_cadence(session, con, found.id, session.clock.today)
        (name,) = lookup.handles(con, [found.id]).values()
    say("\n".join(background))
    say("Enter skips a question, or takes what is in brackets.")
    say("Ctrl-C stops, and keeps your answers in a file.")
    answers = Answers(name)
    today = session.clock.today
    due = say_day(parse_iso_day(again), today) if again else None
    defaults = {"rating": standing.health.band, "next_review": due}
    with answers.kept_if_refused(session):
        for field, question in QUESTIONS.items():
            answer = questions.ask(question, _reader(session, field), defaults.get(field))
            if answer:
                answers.typed[field] = answer
        say("What is to be done? One action per line, such as: Find a champion::fri")
        say("End it with ::them if they do it. Enter ends the list.")
        while action := questions.ask(
            "Next action?", lambda typed: reviews.read_action(session, typed)
        ):
            answers.actions.append(action)
    return answers


def _reader(session: Session, name: str) -> Callable[[str], object]:
    what = "DAY" if FIELDS[name].type == DAY else ""
    return lambda typed: fields.read_field(FIELDS[name], typed, session.reading, what=what)


def _background(
    session: Session, con: sqlite3.Connection, account: lookup.Found, standing: health.Judged
) -> Iterator[str]:
    """Yield what to remember: the last review, what happened since, and today's health."""
    today = session.clock.today
    held = queries.select(con, "review", FIELDS, reviews.last_of(account.id))
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
    words = {
        "interactions": ("interaction", "interactions"),
        "changes": ("deal change", "deal changes"),
        "purchases": ("purchase", "purchases"),
        "kept": ("promise kept", "promises kept"),
        "late": ("promise late", "promises late"),
    }
    parts = [text.plural(counts[name], *said) for name, said in words.items() if counts[name]]
    yield f"{'Since then' if held else 'So far'}: {', '.join(parts) or 'nothing'}"
    yield from _promises(con, account, today)
    now, change = standing.health, standing.change
    if now.score is not None:
        reasons = judging.strongest(now)
        moved = ""
        if change is not None and change < 0:
            reasons = standing.falls[:2] or reasons
            moved = f", down {-change} since the review"
        why = ", ".join(reason.text for reason in reasons)
        if now.band is None:
            known = f"{now.known} of {len(now.reasons)} inputs"
            yield f"Health now {now.score}, on {known}: too little to say{moved}"
        else:
            yield f"Health now {now.score}, {now.band}{moved}: {why}"


def _promises(con: sqlite3.Connection, account: lookup.Found, today: date) -> Iterator[str]:
    """Yield open promises on both sides, the first due first."""
    listing = queries.Listing(
        [queries.by_id("account_id", account.id), queries.OPEN_TASKS], sort="due", limit=PROMISES
    )
    for task in queries.select(con, "task", KINDS["task"].fields, listing):
        due = parse_iso_day(task["due"]) if task["due"] else None
        when = f", due {say_day(due, today)}" if due else ""
        late = ", late" if due and due < today else ""
        whose = "they owe" if task["owed_by"] == "them" else "we owe"
        yield f"  {whose}: {task['text']}{when}{late}"
