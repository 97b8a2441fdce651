"""The outcome of a merge, in words and as data: what moved, what was taken over, what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.model import KINDS, LONG, NOUNS, Field
from acctcli.model.counting import counted
from acctcli.store import further
from acctcli.store.leftovers import Left
from acctcli.store.merge import Merged
from acctcli.values.fields import machine

if TYPE_CHECKING:
    from acctcli.shapes.merging import (
        LeftValueJson,
        MergedFieldJson,
        MergeOutcomeJson,
        NamedRecordJson,
    )

NAMED = 12
"""How many of the values that were not kept the sentence names; others are counted."""

EMPTY = (None, "", (), 0)

_WIDE = 40  # columns of a value in the sentence


def compared(fields: Mapping[str, Field], merged: Merged) -> list[MergedFieldJson]:
    """Return each field with a value: what it is in each record, and what it becomes."""
    found: list[MergedFieldJson] = []
    for name, field in fields.items():
        of_each = [machine(field, row[name], row) for row in merged.rows]
        becomes = machine(field, merged.after[name], merged.after)
        if field.derived or field.fixed or all(one in (None, (), False) for one in of_each):
            continue
        found.append(
            {
                "field": name,
                "values": of_each,
                "becomes": becomes,
                "from": None if field.many else merged.chosen.get(name),
            }
        )
    return found


def data(
    kind: str, fields: Mapping[str, Field], merged: Merged, named: Mapping[str, NamedRecordJson]
) -> MergeOutcomeJson:
    """Return what moved, what the record took over, and what was not kept.

    `named` has the name and key of each merged record, by id.
    """
    return {
        "moved": _counted(merged.moved),
        "joined": _counted(merged.joined),
        "taken": [
            {"field": name, "value": value, "of": named[id]["key"]}
            for name, value, id in _taken(kind, fields, merged)
        ],
        "texts_joined": _texts_joined(fields, merged),
        "left": [_left_json(one, named) for one in merged.left],
        "noted": [
            {"id": note.id, "name": note.name, "field": note.field, "text": note.text}
            for note in merged.noted
        ],
        "no_longer_primary": list(merged.stepped_back),
        "told_apart": [named[id]["key"] for id in dict.fromkeys(merged.told_apart)],
    }


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by table, known kinds first."""
    order = {name: place for place, name in enumerate(NOUNS)}
    tables = sorted(counts, key=lambda table: (order.get(table, len(order)), table))
    return {table: counts[table] for table in tables if counts[table]}


def _taken(
    kind: str, fields: Mapping[str, Field], merged: Merged
) -> Iterator[tuple[str, Any, str]]:
    """Yield what the record took over: field, value, and the id it came from."""
    keep, *others = merged.rows
    for name, field in fields.items():
        if field.derived or field.fixed:
            continue
        if field.many:
            known = {*keep[name], *further.brought(kind, keep).get(name, ())}
            for row in others:
                brought = further.brought(kind, row).get(name) or row[name] or ()
                new = [one for one in brought if one in merged.after[name] and one not in known]
                known.update(new)
                if new:
                    yield name, new, row["id"]
        elif keep[name] in EMPTY and merged.after[name] not in EMPTY and merged.chosen.get(name):
            value = machine(field, merged.after[name], merged.after)
            yield name, value, merged.rows[merged.chosen[name]]["id"]


def _texts_joined(fields: Mapping[str, Field], merged: Merged) -> list[str]:
    """Return the texts that several records had, which are joined."""
    return [
        name
        for name, field in fields.items()
        if field.type == LONG and sum(row[name] is not None for row in merged.rows) > 1
    ]


def _left_json(one: Left, named: Mapping[str, NamedRecordJson]) -> LeftValueJson:
    return {
        "field": one.what,
        "kept": one.kept or None,
        "left": one.left,
        "where": one.where or None,
        "of": named[one.source]["key"],
        "id": one.id,
        "noted_in": None if one.default else KINDS[one.kind].notes,
    }


def moves(merged: Merged) -> str:
    """Return `: 3 contacts and 12 interactions moved`, or "": the end of the sentence."""
    said = counted(_counted(merged.moved))
    return f": {said} moved" if said else ""


def sentences(kind: str, fields: Mapping[str, Field], merged: Merged) -> str:
    """Return sentences about what happened to values, each with a space before it; may be ""."""
    return "".join(f" {part}." for part in _parts(kind, fields, merged))


def _parts(kind: str, fields: Mapping[str, Field], merged: Merged) -> Iterator[str]:
    taken = [
        fields[name].label if fields[name].type == LONG else f"{fields[name].label} {_said(value)}"
        for name, value, _ in _taken(kind, fields, merged)
    ]
    if taken:
        yield f"Taken over: {', '.join(taken)}"
    joined = [fields[name].label for name in _texts_joined(fields, merged)]
    if joined:
        yield f"Both texts stay: {', '.join(joined)}"
    yield from _gave_way(kind, merged)
    if merged.stepped_back:
        names = text.sentence_list([text.safe(name) for name in merged.stepped_back])
        yield f"No longer primary contact: {names}"
    if merged.told_apart:
        yield "They were marked as not the same; that mark is gone"


def _gave_way(kind: str, merged: Merged) -> Iterator[str]:
    """Yield which of two values stayed, for the record itself and then for linked people."""
    left = [one for one in merged.left if not one.default]
    own = [
        " ".join(
            filter(
                None,
                (one.what, _said(one.kept), text.safe(one.where), f"(not {_said(one.left)})"),
            )
        )
        for one in left
        if one.kind == kind
    ]
    where = KINDS[kind].notes
    if own:
        yield f"Kept {text.sentence_list(own, NAMED)}; what was not kept stands in the {where}"
    elif any(note.id == merged.after["id"] for note in merged.noted):
        yield f"Noted in the {where}"
    people = {one.id for one in left if one.kind != kind}
    if people:
        of = text.plural(len(people), "person", "people")
        yield f"Links of {of} said two things; what was not kept stands in their notes"


def _said(value: Any) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.clip(text.safe(said), _WIDE)
