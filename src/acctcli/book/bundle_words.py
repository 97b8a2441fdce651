"""What came of a bundle, in sentences and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.history import machine_value, words
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field
from acctcli.store.taken import Clash, TakenBundle

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.handover import BundleOutcomeJson, ClashJson

NAMED = 8
"""How many conflicts, numbers and empty fields the sentences name; all are in the JSON."""


def counted(counts: Mapping[str, int]) -> str:
    """Return `1 account, 12 contacts and 40 interactions`."""
    said = [
        text.plural(counts[name], kind.one, kind.several)
        for name, kind in KINDS.items()
        if counts.get(name)
    ]
    return text.sentence_list(said, len(said))


class Came(Frozen):
    """What came of a bundle, and who wrote it for whom."""

    taken: TakenBundle
    sender: str
    receiver: str
    accounts: Sequence[tuple[str, str, str]]
    """Id, number and name of each account, as they are in this book now."""

    similar: Sequence[tuple[str, str]]
    """Accounts that came, each with one that was here before and may be the same."""

    conflicts: Sequence[str]
    clashes: Sequence[ClashJson]
    """What both books changed, in sentences and as data."""


def sentence(came: Came) -> str:
    """Return what came, from whom, in one sentence for the answer and the history."""
    taken = came.taken
    sender = text.safe(came.sender)
    if not taken.changes:
        return f"Nothing in the bundle from {sender} is new."
    said = []
    if taken.new:
        said.append(f"took in {counted(taken.new)}")
    if taken.changed:
        said.append(f"changed {counted(taken.changed)}")
    if taken.deleted:
        said.append(f"deleted {counted(taken.deleted)}, as {sender} did")
    if not said:
        said.append(f"took in {text.plural(taken.commands, 'command')} of the history")
    whole = "; ".join(said)
    return f"From {sender}: {whole}."


def notes(came: Came) -> Iterator[str]:
    """Yield what is not as in the other book, each with what to do about it."""
    taken = came.taken
    for one in taken.renumbered[:NAMED]:
        yield (
            f"{text.safe(one.before)} is another {KINDS[one.kind].one} here, so "
            f"{text.safe(one.name)} got the number {text.safe(one.now)}"
        )
    yield from _more(len(taken.renumbered), "new number")
    yield from came.conflicts[:NAMED]
    yield from _more(len(came.conflicts), "conflict")
    for one_ in taken.unlinked[:NAMED]:
        field = next(f for f in KINDS[one_.kind].fields.values() if f.column == one_.column)
        whose = text.safe(one_.name) or KINDS[one_.kind].one
        yield f"the {field.label} of {whose} is not in this book and stays empty here"
    yield from _more(len(taken.unlinked), "empty field")
    if taken.stays_deleted:
        yield (
            f"deleted here, and left so: {counted(taken.stays_deleted)}. To bring them back, undo "
            "their deletion (acct history) and import the bundle again"
        )
    if taken.left_out:
        yield f"left out, because what they belong to was deleted here: {counted(taken.left_out)}"
    if taken.erased:
        people = text.plural(taken.erased, "person", "people")
        were = "was" if taken.erased == 1 else "were"
        yield f"left out {people} who {were} erased in this book, with every mention of their names"
    for kind, name in taken.kept[:NAMED]:
        what = f"{KINDS[kind].one} {text.safe(name)}"
        yield (
            f"{text.safe(came.sender)} deleted {what}; it is kept, because other records here "
            "belong to it"
        )
    for kind, name in taken.elsewhere[:NAMED]:
        yield (
            f"{text.safe(came.sender)} deleted {KINDS[kind].one} {text.safe(name)}; it is kept, "
            "because it belongs to no account of the bundle here"
        )
    if taken.stepped_back:
        names = text.sentence_list([text.safe(name) for name in taken.stepped_back], 5)
        yield f"no longer primary contact, because the account had one here: {names}"
    for account, other in came.similar[:NAMED]:
        yield (
            f"{text.safe(account)} may be {text.safe(other)}, which was here before: "
            "acct account dupes"
        )


def _more(count: int, what: str) -> Iterator[str]:
    if count > NAMED:
        yield f"{text.plural(count - NAMED, f'more {what}')}: use -f json to see all"


def conflicts(con: sqlite3.Connection, taken: TakenBundle, today: date) -> list[str]:
    """Return a sentence for each cell that both books changed."""
    return [said for clash in taken.clashes for said in _clash_in_words(con, clash, today)]


def _clash_in_words(con: sqlite3.Connection, clash: Clash, today: date) -> Iterator[str]:
    of = (
        f"{KINDS[clash.kind].one} {text.quoted(clash.name)}"
        if clash.name
        else KINDS[clash.kind].one
    )
    if not clash.columns:
        yield f"conflict: {of} was deleted there and changed here later. It stays"
        return
    for column in clash.columns:
        field = _field(clash.kind, column)
        if field is None:
            here, there = str(clash.here.get(column)), str(clash.theirs.get(column))
            label = text.safe(str(clash.here.get("field") or column))
        else:
            label = field.label
            here = words(con, field, clash.here.get(column), clash.here, today) or "empty"
            there = words(con, field, clash.theirs.get(column), clash.theirs, today) or "empty"
        stands = there if clash.took else here
        yield (
            f"conflict: {label} of {of} is {text.quoted(here)} here, {text.quoted(there)} there. "
            f"The later one stands: {text.quoted(stands)}. Both: acct history"
        )


def _field(kind: str, column: str) -> Field | None:
    fields = KINDS[kind].fields.values() if kind in KINDS else ()
    return next((f for f in fields if f.column == column and not f.many and not f.derived), None)


def data(came: Came, *, written: bool) -> BundleOutcomeJson:
    """Return the outcome as data."""
    taken = came.taken
    return {
        "sender": came.sender,
        "receiver": came.receiver,
        "written": written,
        "accounts": [{"number": number, "name": name} for _, number, name in came.accounts],
        "new": dict(taken.new),
        "changed": dict(taken.changed),
        "deleted": dict(taken.deleted),
        "stays_deleted": dict(taken.stays_deleted),
        "left_out": dict(taken.left_out),
        "erased": taken.erased,
        "commands": taken.commands,
        "conflicts": list(came.clashes),
        "kept": [name for _, name in taken.kept],
        "renumbered": [
            {
                "kind": one.kind,
                "record_id": one.id,
                "record": one.name,
                "there": one.before,
                "here": one.now,
            }
            for one in taken.renumbered
        ],
        "unlinked": [
            {"kind": one.kind, "record_id": one.id, "record": one.name, "field": one.column}
            for one in taken.unlinked
        ],
        "no_longer_primary": list(taken.stepped_back),
        "similar": [{"account": one, "similar": other} for one, other in came.similar],
    }


def clashes(con: sqlite3.Connection, taken: TakenBundle) -> Iterator[ClashJson]:
    """Yield the conflicts as data, a field each."""
    for clash in taken.clashes:
        for column in clash.columns or (None,):
            field = _field(clash.kind, column) if column else None
            values = [
                None
                if column is None
                else machine_value(con, field, row.get(column), row)
                if field is not None
                else row.get(column)
                for row in (clash.here, clash.theirs)
            ]
            yield {
                "kind": clash.kind,
                "record_id": clash.id,
                "record": clash.name,
                "field": field.name if field is not None else column,
                "here": values[0],
                "there": values[1],
                "stands": "there" if clash.took else "here",
            }
