"""Starting playbooks: the run, its tasks, and what is said about them.

It runs inside the transaction that set them off, at the end of a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from acctcli import ids, text
from acctcli.domain import playbooks as domain
from acctcli.domain.playbooks import Subject
from acctcli.frozen import Frozen
from acctcli.model import Playbook, Values
from acctcli.store import playbooks as sql
from acctcli.store import records
from acctcli.values.dates import iso, parse_iso_day, say_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.importing import PlaybookTasksJson
    from acctcli.store.journal import Writing

_CHUNK = 1000


class Started(Frozen):
    """What starting a playbook added; `subjects` are the names of what it was started for."""

    playbook: str
    about: str
    subjects: Sequence[str]
    runs: Sequence[str]
    tasks: int
    first: str | None

    @property
    def as_json(self) -> PlaybookTasksJson:
        """How many tasks it added, and for how many records."""
        return {"playbook": self.playbook, "records": len(self.runs), "tasks": self.tasks}

    def says(self, today: date) -> str:
        """Return `Playbook onboarding: 3 tasks, the first due Mon 30 Nov.`."""
        records = text.plural(
            len(self.subjects), "contract" if self.about == "purchase" else self.about
        )
        of_each = f" for {records}" if len(self.subjects) > 1 else ""
        return f"Playbook {text.safe(self.playbook)}: {self._added(today, of_each)}."

    def says_of(self, today: date) -> str:
        """Return `onboarding for GreenTech Ltd: 3 tasks, the first due Mon 30 Nov.`."""
        names = text.sentence_list([text.safe(name) for name in self.subjects], 3)
        return f"{text.safe(self.playbook)} for {names}: {self._added(today)}."

    def _added(self, today: date, of_each: str = "") -> str:
        what = f"{text.plural(self.tasks, 'task')}{of_each}"
        if self.first is None:
            return what
        day = say_day(parse_iso_day(self.first), today)
        return f"{what}, due {day}" if self.tasks == 1 else f"{what}, the first due {day}"


def start_set_off(tx: Writing, today: date) -> list[Started]:
    """Start what the command set off so far."""
    waiting, tx.set_off = tx.set_off, {}
    found = [
        start(tx, playbook, playbook.about, list(subjects), today)
        for playbook, subjects in waiting.values()
    ]
    return [one for one in found if one.runs]


def said(started: Iterable[Started], today: date) -> str:
    """Return a sentence about each playbook that was started."""
    return " ".join(one.says(today) for one in started)


def start(
    tx: Writing,
    playbook: Playbook,
    about: str,
    subjects: Sequence[str],
    today: date,
    *,
    again: bool = False,
) -> Started:
    """Add a run with its tasks for each of these records that the playbook was not started for.

    With `again`, also for those that it was.
    """
    names: list[str] = []
    runs: list[str] = []
    tasks, first = 0, None
    left = iter(subjects)
    while chunk := list(islice(left, _CHUNK)):
        there = set[str]() if again else sql.started(tx.con, playbook.name, about, chunk)
        found = list(_subjects(tx.con, about, [id for id in chunk if id not in there]))
        made = [(_run(playbook, one, again=again), one) for one in found]
        records.insert_all(
            tx,
            "playbook_run",
            [({**run, "started_on": iso(today)}, {}) for run, _ in made],
        )
        added = [
            ({**values, "id": ids.fact_id("task", run["id"], str(place)), "playbook": run["id"]})
            for run, one in made
            for place, values in enumerate(domain.tasks(playbook, one, today))
        ]
        records.insert_all(tx, "task", [(values, {}) for values in added])
        names += [one.deal or one.account for one in found]
        runs += [run["id"] for run, _ in made]
        tasks += len(added)
        days = [values["due"] for values in added if values["due"]]
        first = min(days if first is None else [first, *days], default=None)
    return Started(playbook.name, about, names, runs, tasks, first)


def _run(playbook: Playbook, subject: Subject, *, again: bool) -> Values:
    # Two machines that start it for the same record make the same run, with the same tasks.
    made = ids.fact_id("playbook_run", playbook.name, subject.about, subject.id)
    return {
        "id": ids.new_id() if again else made,
        "playbook": playbook.name,
        "about": subject.about,
        "account": subject.account_id,
        "deal": subject.deal_id,
        "purchase": subject.id if subject.about == "purchase" else None,
    }


def _subjects(con: sqlite3.Connection, about: str, wanted: Sequence[str]) -> Iterator[Subject]:
    """Yield the records with the names for the texts of their tasks."""
    found = sql.subjects(con, about, wanted)
    of_deals: dict[str, list[tuple[str, str]]] = {}
    if about == "deal":
        for deal, id, name in sql.people_of_deals(con, [one.id for one in found]):
            of_deals.setdefault(deal, []).append((id, name))
    of_accounts: dict[str, list[tuple[str, str]]] = {}
    primary: dict[str, list[tuple[str, str]]] = {}
    accounts = list({one.account_id for one in found})
    for account, id, name, is_primary in sql.people_of_accounts(con, accounts):
        of_accounts.setdefault(account, []).append((id, name))
        if is_primary:
            primary.setdefault(account, []).append((id, name))
    for one in found:
        of_account = primary.get(one.account_id) or of_accounts.get(one.account_id) or []
        people = of_deals.get(one.id) or of_account
        person = people[0] if len(people) == 1 else (None, None)
        yield Subject(
            about, one.id, one.account_id, one.account, one.deal_id, one.deal, one.ends_on, *person
        )
