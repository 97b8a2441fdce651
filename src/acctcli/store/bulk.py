"""Write many judged rows to the book, within the caller's transaction."""

from __future__ import annotations

from itertools import chain, islice

from acctcli import text
from acctcli.model import KINDS, Row, Values
from acctcli.store import records
from acctcli.store.journal import Writing
from acctcli.store.judgement import Advance, Entry, JudgedFile, Judgement, when_written

_CHUNK = 1000


def write(tx: Writing, judgement: Judgement, advance: Advance) -> None:
    """Add and change what was judged; call `advance` with the number of rows done since."""
    created: list[tuple[Values, Values]]
    created = [({"id": id, "name": name}, {}) for id, name in judgement.created.items()]
    records.insert_all(tx, "account", created)
    kinds = {file.source.recipe.kind for file in judgement.files}
    for file in judgement.files:
        kind, key = file.source.recipe.kind, file.source.recipe.key
        new = ((entry.values, entry.custom) for entry in file.new)
        # What is new here out of an export of ours set off its playbooks where it was entered.
        news = not file.source.recipe.own
        while chunk := list(islice(new, _CHUNK)):
            # An imported history contains the closing of a deal itself.
            records.insert_all(
                *(tx, kind, chunk),
                history="deal_change" not in kinds,
                judged=True,
                news=news,
            )
            advance(len(chunk))
        for entry in file.changed:
            follows = kind != "task" or not _brings_following(file, entry)
            records.update(
                *(tx, kind, entry.id, entry.values, entry.custom),
                follows=follows,
                written=when_written(entry.draft),
            )
            advance(1)
        if key is not None:
            _remember(tx, file, kind, text.key(key))


def _brings_following(file: JudgedFile, entry: Entry) -> bool:
    """Whether the file also brings the next task of the series of a task that it closes.

    An export of another machine holds both; making the next task here too would double the series.
    """
    if entry.before is None or not entry.values.get("done_at"):
        return False
    before = {n: entry.before[f.column] for n, f in KINDS["task"].fields.items() if not f.derived}
    after = before | entry.values
    return any(_carries_on(new.values, after) for new in file.new)


def _carries_on(values: Values, closed: Row) -> bool:
    """Whether a new task is the next one in the series of a closed task.

    It was made when that task was done, or counts from the same first day; everything else may have
    been edited since.
    """
    if any(values.get(name) != closed[name] for name in ("account", "text")):
        return False
    if values.get("created_at") == closed["done_at"]:
        return True
    first = closed["first_due"] or closed["due"]
    due, every = values.get("due") or "", values.get("every")
    return (
        every == closed["every"]
        and values.get("first_due") == first
        and due > (closed["due"] or "")
    )


def _remember(tx: Writing, file: JudgedFile, kind: str, key: str) -> None:
    """Store which foreign ids stand for which records, unless they are stored already."""
    kept = {
        value
        for (value,) in tx.con.execute(
            "SELECT value FROM external_id WHERE kind = ? AND key = ?", (kind, key)
        )
    }
    pairs = {
        entry.draft.key: entry.id
        for entry in chain(file.new, file.changed, file.same)
        if entry.draft.key not in (None, entry.id) and entry.draft.key not in kept
    }
    left = iter(pairs.items())
    while chunk := list(islice(left, _CHUNK)):
        records.remember_external(tx, kind, key, chunk)
