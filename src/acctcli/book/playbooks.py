"""Starting playbooks: the run, its tasks, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from acctcli import ids, text
from acctcli.book import contracts
from acctcli.book.context import Context
from acctcli.configplaybooks import readable
from acctcli.domain import playbooks as domain
from acctcli.domain.playbooks import Subject
from acctcli.errors import NotFound
from acctcli.frozen import Frozen
from acctcli.model import Playbook, Values
from acctcli.store import playbooks as sql
from acctcli.store import records
from acctcli.values.dates import iso, parse_iso_day, say_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

_CHUNK = 1000

_CALLED = {"account": "account", "deal": "deal", "purchase": "contract"}


class Started(Frozen):
    """What starting a playbook added: `subjects` by the names of what it was started for."""

    playbook: str
    about: str
    subjects: Sequence[str]
    runs: Sequence[str]
    tasks: int
    first: str | None

    def says(self, context: Context) -> str:
        """Return `Playbook onboarding: 3 tasks, the first due Mon 30 Nov.`."""
        what = text.plural(self.tasks, "task")
        if len(self.subjects) > 1:
            what += f" for {text.plural(len(self.subjects), _CALLED[self.about])}"
        due = ""
        if self.first is not None:
            day = say_day(parse_iso_day(self.first), context.clock.today)
            due = f", due {day}" if self.tasks == 1 else f", the first due {day}"
        return f"Playbook {text.safe(self.playbook)}: {what}{due}."


def all_of(context: Context) -> tuple[Playbook, ...]:
    """Return the playbooks of the settings; one that cannot be read is named in a notice."""
    return readable(context.config, context.notice)


def named(context: Context, typed: str) -> Playbook:
    """Return the playbook of a name. Raises `NotFound` naming similar ones."""
    known = all_of(context)
    for one in known:
        if text.key(one.name) == text.key(typed):
            return one
    names = [one.name for one in known]
    near = text.near(typed, names, limit=1)
    hint = (
        f"{text.did_you_mean(near)} All: acct playbook list"
        if known
        else (" There are none yet. Begin with: acct playbook add --example onboarding")
    )
    raise NotFound(f"unknown playbook {text.quoted(typed)}.{hint}", candidates=near)


def start_set_off(context: Context, tx: Writing) -> str:
    """Start what the command set off; return a sentence about it, or ""."""
    waiting, tx.set_off = tx.set_off, {}
    found = [
        start(context, tx, playbook, playbook.about, list(subjects))
        for playbook, subjects in waiting.values()
    ]
    return " ".join(one.says(context) for one in found if one.runs)


def start(
    context: Context,
    tx: Writing,
    playbook: Playbook,
    about: str,
    subjects: Sequence[str],
    *,
    again: bool = False,
) -> Started:
    """Add a run with its tasks for each of these records that the playbook was not started for.

    With `again`, also for those that it was.
    """
    names: list[str] = []
    runs: list[str] = []
    tasks, first = 0, None
    today = context.clock.today
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


def due(context: Context, con: sqlite3.Connection) -> list[tuple[Playbook, list[str]]]:
    """Return the playbooks that a day sets off, each with the records it is due for."""
    found = []
    for playbook in all_of(context):
        if playbook.timed:
            waiting = _waiting(context, con, playbook)
            there = sql.started(con, playbook.name, playbook.about, waiting)
            left = [id for id in waiting if id not in there]
            if left:
                found.append((playbook, left))
    return found


def _waiting(context: Context, con: sqlite3.Connection, playbook: Playbook) -> Iterable[str]:
    """Return the records that meet the condition of a playbook today."""
    today, within = context.clock.today, timedelta(days=playbook.days)
    if playbook.event == "stalled":
        return sql.stalled(con, iso(today - within))
    ending = contracts.ending(con, context.config, today + within)
    return [
        one.facts.id
        for one in ending.known
        if one.to_renew(today) and today <= one.ends <= today + within
    ]
