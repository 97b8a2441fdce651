"""Checks of an import that need all of its rows.

A row may put a record above itself, leave out a field that the book requires, or name a record that
is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from acctcli.config import Config
from acctcli.model import KINDS
from acctcli.store import conflicts, required
from acctcli.store.judgement import Entry, JudgedFile, Refusal
from acctcli.store.matching import items


def written(judged: JudgedFile) -> Iterator[Entry]:
    """Yield the rows that would be written."""
    return chain(judged.new, judged.changed)


def pointed_to(judged: JudgedFile, entry: Entry) -> list[str]:
    """Return the ids of the records that an entry refers to."""
    fields = judged.source.recipe.fields
    return [id for n, v in entry.values.items() if fields[n].target for id in items(v)]


def _refuse(judged: JudgedFile, refusals: Mapping[str, str]) -> None:
    """Remove entries again; `refusals` has the reason by id."""
    if not refusals:
        return
    for entries in (judged.new, judged.changed):
        found = {entry.id: entry.draft.line for entry in entries if entry.id in refusals}
        judged.refused.extend(Refusal(line, refusals[id]) for id, line in found.items())
        entries.refuse(found.keys())


def refuse_circles(con: sqlite3.Connection, judged: JudgedFile, name: str) -> None:
    """Refuse rows that would put a record above itself."""
    moved = {e.id: e.values[name] for e in written(judged) if e.values.get(name)}
    if not moved:
        return
    kind = judged.source.recipe.kind
    column = KINDS[kind].fields[name].column
    above = dict(con.execute(f'SELECT id, "{column}" FROM "{kind}"')) | moved
    refusals: dict[str, str] = {}
    done: set[str] = set()  # already visited: everything above it is known
    for id in moved:
        way: dict[str, None] = {}
        higher: str | None = id
        while higher is not None and higher not in way and higher not in done:
            way[higher] = None
            higher = above.get(higher)
        if higher in way:
            steps = list(way)
            circle = steps[steps.index(higher) :]
            refusals |= {id: conflicts.circle(kind, name) for id in circle if id in moved}
        done |= way.keys()
    _refuse(judged, refusals)


def require(con: sqlite3.Connection, files: Sequence[JudgedFile], config: Config) -> None:
    """Refuse rows that lack a required field."""
    tiers = dict(con.execute("SELECT id, tier FROM account"))
    for file in files:
        if file.source.recipe.kind == "account":
            tiers |= {e.id: e.values["tier"] for e in written(file) if "tier" in e.values}
    for file in files:
        kind, fields = file.source.recipe.kind, file.source.recipe.fields
        refusals = {}
        for entry in written(file):
            row = {**(entry.before or {}), **entry.values, **entry.custom}
            account = entry.id if kind == "account" else row.get("account")
            if entry.before is not None and kind != "account" and "account" not in entry.values:
                account = entry.before.get("account_id")
            tier = tiers.get(account or "")
            missing = required.missing(config.required_fields(kind, tier), fields, row)
            if missing:
                refusals[entry.id] = (
                    f"{', '.join(missing)} must be given (the [required] rules of the book)"
                )
        _refuse(file, refusals)


def refuse_dangling(files: Sequence[JudgedFile]) -> None:
    """Refuse rows that refer to a new record that is refused, and rows that refer to those."""
    waiting = {id for file in files for id in file.given_ids}
    waiting.difference_update(entry.id for file in files for entry in file.new)
    if not waiting:
        return
    # Id of a record → the file and id of each row that refers to it.
    pointing: dict[str, list[tuple[int, str]]] = {}
    given = {id for file in files for id in file.given_ids}
    for number, file in enumerate(files):
        for entry in written(file):
            for id in pointed_to(file, entry):
                if id in given:
                    pointing.setdefault(id, []).append((number, entry.id))
    refusals: list[dict[str, str]] = [{} for _ in files]
    while waiting:
        for number, id in pointing.pop(waiting.pop(), ()):
            refusals[number][id] = "it names a record that is refused itself"
            waiting.add(id)
    for file, refused in zip(files, refusals, strict=True):
        _refuse(file, refused)
