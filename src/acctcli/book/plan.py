"""The plan of an account: what it says, how far it has come, and what is changed in it.

A plan is its texts and its objectives. Options and the form come down to the same
`Changes`, which are written in one place and one transaction.
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
"""What a plan says in words."""

IN_FORM = {name: OBJECTIVE[name] for name in ("text", "due", "state")}
"""What the form has of an objective."""

STATE_SAID = {"met": "met {}", "dropped": "dropped {}", "open": "opened {} again"}


class Changes(Frozen):
    """What is to become of a plan: its texts, and its objectives by id; stored values."""

    texts: Values
    changed: Mapping[str, Values]
    added: Sequence[Values]
    removed: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to change."""
        return not (self.texts or self.changed or self.added or self.removed)


def whole_page(context: Context, con: sqlite3.Connection, account_id: str) -> PlanPage:
    """The plan of an account under the account's own name."""
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    return {**reading.head(account), **page(context, con, account_id)}


def page(context: Context, con: sqlite3.Connection, account_id: str) -> PlanJson:
    """The texts of a plan, its objectives in the order they matter, how far it has come."""
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
    """The texts of the plan, empty ones where there is none yet, and its objectives by id."""
    own = queries.Listing([queries.by_id("account_id", account_id)])
    plans = queries.select(con, "plan", KINDS["plan"].fields, own)
    objectives = queries.select(con, "objective", OBJECTIVE, own, as_stored=True)
    texts = dict(plans[0]) if plans else dict.fromkeys(TEXTS)
    return texts, {row["id"]: row for row in objectives}


def in_order(rows: Mapping[str, Row]) -> list[Row]:
    """The rows of objectives, by their ids, in the order they matter."""
    return [rows[one.id] for one in _ordered(rows)]


def _ordered(rows: Mapping[str, Row]) -> list[Objective]:
    return plan.ordered(decode(Objective, row) for row in rows.values())


def states(
    con: sqlite3.Connection, account_id: str, named: Mapping[str, Sequence[str]]
) -> dict[str, Values]:
    """The objectives that are named for each state, as changes by their ids."""
    found: dict[str, Values] = {}
    for state, typed in named.items():
        for name in typed:
            # Given up is not taken back by typing the same again: nothing else may fit then.
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
    """Refuse changes of a plan that was shown as `texts` and `objectives` and changed since."""
    stand, there = stands(con, account_id)
    writing.refuse_overtaken(stand, texts, changes.texts)
    for id in (*changes.changed, *changes.removed):
        if id not in there:
            name = text.quoted(objectives[id]["text"])
            raise Conflict(f"{name} was deleted meanwhile by another command")
        # What is deleted is deleted as it was shown, with all it says.
        names = changes.changed.get(id, IN_FORM)
        writing.refuse_overtaken(there[id], objectives[id], names)


def _objective(
    con: sqlite3.Connection, typed: str, account_id: str, *, whole: bool
) -> lookup.Found:
    (handle,) = lookup.handles(con, [account_id]).values()
    advice = f"All: acct account plan {handle}"
    return lookup.find(con, "objective", typed, account_id=account_id, advice=advice, whole=whole)


class Written(Frozen):
    """What was done to a plan, in words, and the ids of the objectives it was done to."""

    said: Sequence[str]
    objectives: Sequence[str]


def write(context: Context, tx: Writing, account_id: str, changes: Changes) -> Written:
    """Save what is to change."""
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
    """Change the texts of the plan, or write the first ones; says which."""
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
    """What became of one objective, in words; nothing if it was so already."""
    if not changed:
        return []
    if changed == ["state"]:
        return [STATE_SAID[found["state"]].format(text.quoted(name))]
    return [f"changed {text.sentence_list(changed, len(changed))} of {text.quoted(name)}"]
