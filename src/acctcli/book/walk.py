"""The agenda of a day, account by account, for `acct today --interactive`.

The list is judged once, when the walk begins. Each account is judged again when the walk reaches it
and after each command, so that everything answered meanwhile is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from acctcli import text
from acctcli.book import today
from acctcli.book.context import Context
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import history, lookup, queries
from acctcli.store.filters import Condition

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.agenda_points import AgendaLine


class Stop(Frozen):
    """An account of the list, or a task without one; `key` identifies it.

    `called` is the account's name for a command line, "" for a task without an account.
    """

    key: str
    account_id: str | None
    account: str | None
    tier: str | None
    called: str


class OpenReason(Frozen):
    """A reason why a stop is on the list. `record` is the kind and id of its record, if any.

    `short` is the short id of that record, and `command` the command for the reason.
    """

    kind: str
    record: tuple[str, str] | None
    says: str
    command: str
    short: str

    @property
    def key(self) -> Key:
        """The identity of the reason among those of the account, even if its words change."""
        return self.kind, self.record

    @property
    def is_done(self) -> bool:
        """Whether its record can be marked as done."""
        return self.record is not None and self.record[0] in ("task", "objective")


Key = tuple[str, tuple[str, str] | None]


class Ran(NamedTuple):
    """A command of this walk that changed the book: its number, its words, and where it was run."""

    number: int
    words: Sequence[str]
    place: int


class Walk:
    """The list, the position in it, and what was done at each place."""

    def __init__(self, context: Context, stops: Sequence[Stop]) -> None:
        self.context = context
        self.stops = stops
        self.place = 0
        self.seen = 0
        self.answered: dict[int, dict[Key, OpenReason]] = {}
        self.snoozed: set[Key] = set()
        self.steps: list[Ran] = []

    @property
    def stop(self) -> Stop:
        """The current stop."""
        return self.stops[self.place]

    def arrive(self) -> list[OpenReason]:
        """Return the open reasons of the current stop; none if everything is answered."""
        found = self._reasons(self.place)
        if found:
            self.seen = max(self.seen, self.place + 1)
        return found

    def back(self) -> None:
        """Go to the previous account that still needs attention, if there is one."""
        before = range(self.place - 1, -1, -1)
        self.place = next((place for place in before if self._reasons(place)), self.place)

    def last_number(self) -> int:
        """Return the number of the last command that changed the book."""
        with self.context.read() as con:
            return history.last_number(con)

    def answered_by(
        self, words: Sequence[str], open_ones: Sequence[OpenReason]
    ) -> list[OpenReason]:
        """Note the command that was just run, and mark the open reasons that it answered.

        If it answered the last one, the walk continues; returns everything that was answered there.
        """
        place = self.place
        self.steps.append(Ran(self.last_number(), words, place))
        still = {reason.key for reason in self._reasons(place)}
        marked = self.answered.setdefault(place, {})
        gone = {one.key: one for one in open_ones if one.key not in still}
        marked.update(gone)
        if words[1] == "snooze":
            self.snoozed.update(gone)
        else:
            self.snoozed.difference_update(gone)
        if still:
            return []
        self.place += 1
        return list(marked.values())

    def undone(self) -> None:
        """Go back to where the last command was run, which was undone."""
        self.place = self.steps.pop().place
        self.answered.pop(self.place, None)

    def says(self) -> str:
        """Return what was done, in one sentence: `Logged 2 interactions, at 3 of 12 accounts.`."""
        seen = f"{self.seen} of {text.plural(len(self.stops), 'account')}"
        counts = Counter(_did(step.words) for step in self.steps)
        if not counts:
            return f"Looked at {seen}; nothing was changed."
        did = [
            f"{verb} {text.plural(count, one, many)}" for (verb, one, many), count in counts.items()
        ]
        sentence = text.sentence_list(did, len(did))
        return f"{sentence[0].upper()}{sentence[1:]}, at {seen}."

    def _reasons(self, place: int) -> list[OpenReason]:
        with self.context.read() as con:
            return reasons(self.context, con, self.stops[place])


_DID = {
    ("task", "done"): ("finished", "task", "tasks"),
    ("task", "add"): ("added", "next step", "next steps"),
    ("account", "plan"): ("met", "objective", "objectives"),
    ("review", "run"): ("held", "review", "reviews"),
}
"""The verb and nouns for a command, where its own words will not do."""


def _did(words: Sequence[str]) -> tuple[str, str, str]:
    """Return what a command did: its verb, and its noun in singular and plural."""
    noun, verb = words[0], words[1]
    if noun == "log":
        return "logged", "interaction", "interactions"
    past = {"add": "added", "edit": "edited", "snooze": "snoozed"}.get(verb)
    if past is not None and (noun, verb) not in _DID:
        return past, noun, KINDS[noun].plural
    return _DID.get((noun, verb), ("ran", "other command", "other commands"))


def stops(
    context: Context, con: sqlite3.Connection, conditions: Sequence[Condition], limit: int | None
) -> list[Stop]:
    """Return the accounts that need attention today, most urgent first."""
    found = today.judge(context, con, conditions, limit=limit, gather=True)
    known = {entry.account.id for entry, _ in found.ranked if entry.account}
    called = lookup.handles(con, list(known))
    return [
        Stop(entry.lines[0].key, entry.account.id, entry.account.name, entry.account.tier,
             called[entry.account.id])
        if entry.account
        else Stop(entry.lines[0].key, None, None, None, "")
        for entry, _ in found.ranked
    ]  # fmt: skip


def reasons(context: Context, con: sqlite3.Connection, stop: Stop) -> list[OpenReason]:
    """Return why a stop is on the list now, strongest reason first; none if it is not."""
    conditions = [queries.by_ids("id", [stop.account_id])] if stop.account_id else []
    found = today.judge(context, con, conditions, everything=True)
    for entry, rows in found.ranked:
        if entry.lines[0].key == stop.key:
            return [
                OpenReason(line.kind, line.named, row["reason"], row["command"], _short(con, line))
                for line, row in zip(entry.lines, rows, strict=True)
            ]
    return []


def _short(con: sqlite3.Connection, line: AgendaLine) -> str:
    if line.named is None:
        return ""
    kind, id = line.named
    return lookup.short_ids(con, kind, [id])[id]
