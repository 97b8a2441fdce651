"""The plan of an account: its texts, its progress, and changing it.

A plan is its texts and its objectives. Options and the form both become `Changes`, which are
written in one place and one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.context import Context
from acctcli.domain import plan
from acctcli.errors import Conflict, Invalid
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LONG, Objective, Row, Values
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.values.dates import parse_iso_day, say_day
from acctcli.values.fields import as_json, decode

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.plan import PlanJson, PlanPage, PlanTextsJson
    from acctcli.shapes.records import ObjectiveJson
    from acctcli.store.journal import Writing


ACCOUNT = KINDS["account"].fields

OBJECTIVE = KINDS["objective"].fields

TEXTS = {name: field for name, field in KINDS["plan"].fields.items() if field.type == LONG}
"""The texts of a plan."""

IN_FORM = {name: OBJECTIVE[name] for name in ("text", "due", "state")}
"""The fields of an objective in the form."""

STATE_SAID = {"met": "met {}", "dropped": "dropped {}", "open": "opened {} again"}


class Changes(Frozen):
    """The changes to a plan: its texts, and its objectives by id, as stored values."""

    texts: Values
    changed: Mapping[str, Values]
    added: Sequence[Values]
    removed: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.texts or self.changed or self.added or self.removed)


def whole_page(context: Context, con: sqlite3.Connection, account_id: str) -> PlanPage:
    """Return the plan of an account with the account's head."""
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    return {**reading.head(account), **page(context, con, account_id)}


def page(context: Context, con: sqlite3.Connection, account_id: str) -> PlanJson:
    """Return the texts of a plan, its objectives by importance, and its progress."""
    today = context.clock.today
    texts, rows = stands(con, account_id)
    objectives = _ordered(rows)
    progress = plan.progress(objectives, today)
    return {
        **cast("PlanTextsJson", {name: texts[name] for name in TEXTS}),
        "objectives": [
            {
                **cast("ObjectiveJson", as_json(OBJECTIVE, rows[objective.id])),
                "overdue": plan.is_overdue(objective, today),
            }
            for objective in objectives
        ],
        "progress": {"met": progress.met, "of": progress.of, "overdue": progress.overdue},
    }


def stands(con: sqlite3.Connection, account_id: str) -> tuple[Row, dict[str, Row]]:
    """Return the texts of the plan (empty ones if there is none), and its objectives by id."""
    own = queries.Listing([queries.by_id("account_id", account_id)])
    plans = queries.select(con, "plan", KINDS["plan"].fields, own)
    objectives = queries.select(con, "objective", OBJECTIVE, own, as_stored=True)
    texts = dict(plans[0]) if plans else dict.fromkeys(TEXTS)
    return texts, {row["id"]: row for row in objectives}


def in_order(rows: Mapping[str, Row]) -> list[Row]:
    """Return the rows of objectives by importance, by id."""
    return [rows[one.id] for one in _ordered(rows)]


def _ordered(rows: Mapping[str, Row]) -> list[Objective]:
    return plan.ordered(decode(Objective, row) for row in rows.values())


def states(
    con: sqlite3.Connection, account_id: str, named: Mapping[str, Sequence[str]]
) -> dict[str, Values]:
    """Return the named objectives as changes by id, with their new states."""
    found: dict[str, Values] = {}
    for state, typed in named.items():
        for name in typed:
            # Typing the same again must not revive a dropped objective, so another one must not
            # match.
            one = _objective(con, name, account_id, whole=state == "dropped")
            if found.setdefault(one.id, {"state": state}) != {"state": state}:
                raise Invalid(f"{text.quoted(one.name)} is given two states")
    return found


def refuse_overtaken(
    con: sqlite3.Connection,
    account_id: str,
    texts: Row,
    objectives: Mapping[str, Row],
    changes: Changes,
) -> None:
    """Refuse changes if the plan, shown as `texts` and `objectives`, has changed since."""
    stand, there = stands(con, account_id)
    writing.refuse_overtaken(stand, texts, changes.texts)
    for id in (*changes.changed, *changes.removed):
        if id not in there:
            name = text.quoted(objectives[id]["text"])
            raise Conflict(f"{name} was deleted meanwhile by another command")
        # An objective is deleted only as it was shown.
        names = changes.changed.get(id, IN_FORM)
        writing.refuse_overtaken(there[id], objectives[id], names)


def _objective(
    con: sqlite3.Connection, typed: str, account_id: str, *, whole: bool
) -> lookup.Found:
    (handle,) = lookup.handles(con, [account_id]).values()
    advice = f"All: acct account plan {handle}"
    return lookup.find(con, "objective", typed, account_id=account_id, advice=advice, whole=whole)


class Written(Frozen):
    """What was done to a plan, in words, and the ids of the changed objectives."""

    said: Sequence[str]
    objectives: Sequence[str]


def write(context: Context, tx: Writing, account_id: str, changes: Changes) -> Written:
    """Write the changes of a plan."""
    today = context.clock.today
    said = _write_texts(tx, account_id, changes.texts)
    touched: list[str] = []
    for id, found in changes.changed.items():
        row = tx.read("objective", id) or {}
        before = store.update(tx, "objective", id, found)
        said += _said_changed(row["text"], found, [name for name in found if name in before])
        touched.append(id)
    for id in changes.removed:
        row = tx.read("objective", id) or {}
        store.delete(tx, "objective", id)
        said.append(f"deleted {text.quoted(row['text'])}")
    for found in changes.added:
        touched.append(store.insert(tx, "objective", {**found, "account": account_id}))
        day = found.get("due")
        due = f", due {say_day(parse_iso_day(day), today)}" if day else ""
        said.append(f"added {text.quoted(found['text'])}{due}")
    return Written(said, touched)


def _write_texts(tx: Writing, account_id: str, texts: Values) -> list[str]:
    """Change the texts of the plan, or write the first ones; return which, in words."""
    own = {"account": account_id}
    id = store.new_id("plan", own)
    if tx.read("plan", id) is None:
        verb, changed = "wrote", [name for name, value in texts.items() if value]
        if changed:
            store.insert(tx, "plan", {**own, **texts})
    else:
        changed = list(store.update(tx, "plan", id, texts))
        verb = "changed" if any(texts[name] for name in changed) else "emptied"
    if not changed:
        return []
    return [f"{verb} {text.sentence_list(changed, len(changed))}"]


def _said_changed(name: str, found: Values, changed: Sequence[str]) -> list[str]:
    """Describe the change of one objective; nothing if it is unchanged."""
    if not changed:
        return []
    if changed == ["state"]:
        return [STATE_SAID[found["state"]].format(text.quoted(name))]
    return [f"changed {text.sentence_list(changed, len(changed))} of {text.quoted(name)}"]
