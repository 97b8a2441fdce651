"""The playbooks of a book: which there are, what is due, and their runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import contracts, settings, starting
from acctcli.book.context import Context
from acctcli.book.starting import Started
from acctcli.configplaybooks import EXAMPLES, playbooks, readable
from acctcli.errors import Ambiguous, Conflict, Invalid, NotFound
from acctcli.model import KINDS, Playbook
from acctcli.store import lookup, queries, records
from acctcli.store import playbooks as sql
from acctcli.store.playbooks import RunOfPlaybook
from acctcli.store.settings import document_of, rows_of, stored, strictly_document
from acctcli.values.dates import iso

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.importing import PlaybookTasksJson
    from acctcli.shapes.playbook import PlaybookPage, PlaybookRow, PlaybookRunJson
    from acctcli.store.journal import Writing
    from acctcli.store.judgement import Judgement


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


def of_import(context: Context, judgement: Judgement) -> list[PlaybookTasksJson]:
    """Return what an import would set off: the tasks of each playbook, and for how many records."""
    rules = context.rules
    set_off: dict[str, tuple[Playbook, list[str]]] = {}
    for file in judgement.files:
        kind = file.source.recipe.kind
        if kind not in rules.watched:
            continue
        for entry in chain(() if file.source.recipe.own else file.new, file.changed):
            before = entry.before or {}
            after = {**before, **entry.values, "tags": entry.values.get("tags")}
            for playbook in rules.set_off(kind, before, after):
                set_off.setdefault(playbook.name, (playbook, []))[1].append(entry.id)
    if not set_off:
        return []
    found: list[PlaybookTasksJson] = []
    with context.read() as con:
        for playbook, subjects in set_off.values():
            left = set(subjects) - sql.started(con, playbook.name, playbook.about, subjects)
            if left:
                tasks = len(left) * len(playbook.tasks)
                found.append({"playbook": playbook.name, "records": len(left), "tasks": tasks})
    return found


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


def of_today(context: Context) -> str:
    """Return a sentence about what is due to be started; "" if nothing is.

    Reading starts nothing, and a book whose playbooks all wait for changes is not searched.
    """
    if not any(playbook.timed for playbook in all_of(context)):
        return ""
    with context.read() as con:
        found = due(context, con)
    count = sum(len(waiting) for _, waiting in found)
    if not count:
        return ""
    names = text.sentence_list([f"{p.name} ({len(waiting)})" for p, waiting in found], 3)
    return f"playbooks to start: {text.safe(names)}. To start them: acct playbook run --due"


def rows(context: Context) -> list[PlaybookRow]:
    """Return the playbooks of the settings, then those that only have runs."""
    known = all_of(context)
    with context.read() as con:
        runs = sql.runs(con)
        waiting = {playbook.name: len(left) for playbook, left in due(context, con)}
    names: dict[str, Playbook | None] = {one.name: one for one in known}
    for run in runs:
        names.setdefault(run.playbook, None)
    return [
        {
            "id": name,
            "playbook": name,
            "when": playbook.when if playbook else None,
            "tasks": len(playbook.tasks) if playbook else None,
            "open": sum(_is_open(run) for run in runs if run.playbook == name),
            "started": sum(run.playbook == name for run in runs),
            "due": waiting.get(name, 0),
        }
        for name, playbook in names.items()
    ]


def _is_open(run: RunOfPlaybook) -> bool:
    return run.stopped_on is None and run.open > 0


def page(context: Context, typed: str) -> PlaybookPage:
    """Return a playbook with its tasks and runs, also one that only its runs know."""
    with context.read() as con:
        runs = sql.runs(con)
        try:
            playbook = named(context, typed)
        except NotFound:
            names = [run.playbook for run in runs if text.key(run.playbook) == text.key(typed)]
            if not names:
                raise
            playbook = None
        name = playbook.name if playbook else names[0]
        left = next((ids for one, ids in due(context, con) if one.name == name), [])
        waiting = sql.subjects(con, playbook.about, left) if playbook and left else []
    return {
        "playbook": name,
        "when": playbook.when if playbook else None,
        "tasks": [
            {"text": t.text, "due": t.due, "owed_by": t.owed_by, "every": t.every}
            for t in (playbook.tasks if playbook else ())
        ],
        "runs": [_run_json(run) for run in runs if run.playbook == name],
        "due": [
            {"id": one.id, "account": one.account, "deal": one.deal, "ends_on": one.ends_on}
            for one in waiting
        ],
    }


def _run_json(run: RunOfPlaybook) -> PlaybookRunJson:
    return {
        "id": run.id,
        "about": run.about,
        "account": run.account,
        "account_id": run.account_id,
        "deal": run.deal,
        "deal_id": run.deal_id,
        "purchase_id": run.purchase_id,
        "ends_on": run.ends_on,
        "started_on": run.started_on,
        "stopped_on": run.stopped_on,
        "open": run.open,
        "done": run.done,
        "next": run.next,
    }


def subject(
    context: Context, con: sqlite3.Connection, playbook: Playbook, typed: str
) -> tuple[str, str]:
    """Return the kind and id of what a playbook is to be started for.

    A playbook about a deal may be started for an account as well, unless its texts name the deal;
    for a contract, its account may be typed if it has only one. Raises `NotFound` and `Ambiguous`.
    """
    if playbook.about == "purchase":
        return "purchase", _contract(context, con, typed)
    with_deal = any("{deal}" in task.text for task in playbook.tasks)
    kinds = {"deal": ("deal",) if with_deal else ("deal", "account"), "account": ("account",)}
    return _one_of(context, con, kinds.get(playbook.about, ("account", "deal")), typed)


def start_due(context: Context, tx: Writing, chosen: Playbook | None) -> list[Started]:
    """Start what a day has set off: of every playbook, or of one."""
    return [
        starting.start(tx, one, one.about, ids, context.clock.today)
        for one, ids in due(context, tx.con)
        if chosen is None or one.name == chosen.name
    ]


def start_for(
    context: Context, tx: Writing, chosen: Playbook, typed: Sequence[str], *, again: bool
) -> list[Started]:
    """Start a playbook for what was typed, once for each record."""
    subjects: dict[str, dict[str, None]] = {}
    for word in typed:
        kind, id = subject(context, tx.con, chosen, word)
        subjects.setdefault(kind, {})[id] = None
    today = context.clock.today
    return [
        starting.start(tx, chosen, kind, list(ids), today, again=again)
        for kind, ids in subjects.items()
    ]


def _one_of(
    context: Context,
    con: sqlite3.Connection,
    kinds: Sequence[str],
    typed: str,
    *,
    whole: bool = False,
) -> tuple[str, str]:
    """Return the kind and id of the only record of these kinds that is named so."""
    found: list[tuple[str, str]] = []
    missing: list[NotFound] = []
    for kind in kinds:
        try:
            (one,) = context.find_all(con, kind, [typed], whole=whole)
            found.append((kind, one.id))
        except NotFound as error:
            missing.append(error)
    if len(found) > 1:
        names = text.sentence_list(
            [f"{KINDS[kind].one} {lookup.describe(con, kind, [id])[0]}" for kind, id in found]
        )
        raise Ambiguous(f"{text.quoted(typed)} is {names}. Name it by its number or id")
    if not found:
        if len(missing) == 1:
            raise missing[0]
        all_of_them = " and ".join(f"acct {KINDS[kind].name} list" for kind in kinds)
        named = " or ".join(KINDS[kind].one for kind in kinds)
        raise NotFound(f"no {named} {text.quoted(typed)}. All: {all_of_them}")
    return found[0]


def _contract(context: Context, con: sqlite3.Connection, typed: str) -> str:
    """Return the id of a contract, named by its id or by an account that has only one."""
    kind, id = _one_of(context, con, ("purchase", "account"), typed)
    if kind == "purchase":
        row = queries.get(con, "purchase", KINDS["purchase"].fields, id)
        if row["ends_on"] is None:
            raise Invalid(f"{text.quoted(typed)} is not a contract: the purchase has no last day")
        return id
    today = context.clock.today
    own = [queries.by_ids("id", [id])]
    found = [c for c in contracts.read(con, context.config, own).known if c.to_renew(today)]
    if len(found) == 1:
        return found[0].facts.id
    name = text.safe(lookup.describe(con, "account", [id])[0])
    if not found:
        raise NotFound(f"{name} has no contract to renew")
    short = lookup.short_ids(con, "purchase", [one.facts.id for one in found])
    listed = [
        f"{text.safe(one.product or 'contract')} until {one.ends_on} ({short[one.id]})"
        for one in (contract.facts for contract in found)
    ]
    raise Ambiguous(
        f"{name} has {len(found)} contracts: {text.sentence_list(listed)}. Name one by its id",
        candidates=list(short.values()),
    )


def open_runs(
    context: Context, con: sqlite3.Connection, playbook: str, typed: str
) -> list[RunOfPlaybook]:
    """Return the open runs of a playbook at an account, or for a deal or contract.

    Everything is named in full, so that the same words never mean another record. Raises
    `NotFound` if there is no open run.
    """
    kind, id = _one_of(context, con, ("account", "deal", "purchase"), typed, whole=True)
    column = f"{kind}_id"
    runs = [run for run in sql.runs(con) if text.key(run.playbook) == text.key(playbook)]
    found = [run for run in runs if getattr(run, column) == id and _is_open(run)]
    if not found:
        name = text.safe(lookup.describe(con, kind, [id])[0])
        raise NotFound(
            f"no open run of playbook {text.quoted(playbook)} for {name}. All: acct playbook list"
        )
    return found


def stop(context: Context, tx: Writing, runs: Sequence[RunOfPlaybook], *, keep_tasks: bool) -> int:
    """Stop runs; return how many open tasks they had, which are deleted unless they are kept."""
    tasks = [task for run in runs for task in sql.open_tasks(tx.con, run.id)]
    for task in () if keep_tasks else tasks:
        records.delete(tx, "task", task)
    for run in runs:
        records.update(tx, "playbook_run", run.id, {"stopped_on": iso(context.clock.today)})
    return len(tasks)


def add_example(context: Context, tx: Writing, name: str) -> Playbook:
    """Add a playbook of the examples to the settings of the book, and return it."""
    before = stored(tx.con).rows
    document = document_of(before)
    held = document.setdefault("playbook", {})
    if any(text.key(one) == text.key(name) for one in held):
        raise Conflict(
            f"there is a playbook {text.quoted(name)} already. Change it: acct config edit"
        )
    held[name] = EXAMPLES[name]
    changed = settings.replace(tx, rows_of(document), context.file[0])
    tx.says = settings.said(tx, before, changed)
    config = strictly_document(document, context.file[0])
    return next(one for one in playbooks(config) if one.name == name)
