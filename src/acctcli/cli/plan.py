"""`acct account plan`: what is wanted with an account, how, and what it has come to.

A plan is its texts and its objectives. Options and the form come down to the same
`Changes`, which are written in one place and one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import writing
from acctcli.book.asked import Given
from acctcli.cli.account import OneAccount, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.domain import plan
from acctcli.errors import Conflict, Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LONG, Objective
from acctcli.results import Done, Page
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.values.dates import parse_iso_day, say_day
from acctcli.values.fields import Json, Row, as_json, decode

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.writing import Values
    from acctcli.store.journal import Writing

ACCOUNT = KINDS["account"].fields
OBJECTIVE = KINDS["objective"].fields

TEXTS = {name: field for name, field in KINDS["plan"].fields.items() if field.type == LONG}
"""What a plan says in words."""

IN_FORM = {name: OBJECTIVE[name] for name in ("text", "due", "state")}
"""What the form has of an objective."""

TOLD = 5
"""Changes that a sentence tells one by one."""

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


def _state_option(name: str, help: str) -> Any:
    return typer.Option(
        f"--{name}",
        metavar="OBJECTIVE",
        help=help,
        autocompletion=offers.records("objective"),
    )


MET = _state_option("met", "Reached: its id, or part of its text. Repeat it for more.")
DROP = _state_option("drop", "Given up: its id, or its whole text. Repeat it for more.")
REOPEN = _state_option("reopen", "Open again: its id, or part of its text. Repeat it for more.")


@noun.command(
    "plan",
    examples=[
        "acct account plan greentech",
        'acct account plan greentech --goal "Second team by June" --objective "Pilot signed::eoq"',
        'acct account plan greentech --met "pilot" --drop 3f9a',
        "acct account plan greentech --edit",
    ],
)
def plan_(
    session: Session,
    account: OneAccount,
    given: Given = options.fields("plan", skip=("account",), clears=True),
    objectives: Annotated[
        list[str],
        typer.Option(
            "--objective",
            metavar="TEXT[::DAY]",
            help="A result to reach; ::DAY says by when. Repeat it for more.",
        ),
    ] = [],
    met: Annotated[list[str], MET] = [],
    drop: Annotated[list[str], DROP] = [],
    reopen: Annotated[list[str], REOPEN] = [],
    edit: Annotated[
        bool, typer.Option("--edit", help="Open the whole plan as a form in your editor.")
    ] = False,
) -> Page | Done:
    """Show the plan of an account, and how far it has come; with options, change it.

    An account has one plan. Its objectives are open until they are met or dropped; those
    that are overdue are in `today`.
    """
    named = {"met": met, "dropped": drop, "open": reopen}
    asked = not given.empty or bool(objectives) or any(named.values())
    if edit and asked:
        raise UsageError("--edit opens the whole plan: leave the other options out")
    if edit:
        return _edit(session, account)
    if asked:
        return _change(session, account, given, objectives, named)
    with session.read() as con:
        data = whole_page(session, con, session.find(con, "account", account).id)
    return Page(data, "plan:draw", session.clock.today)


# Showing


def whole_page(session: Session, con: sqlite3.Connection, account_id: str) -> Json:
    """The plan of an account under the account's own name."""
    account = queries.get(con, "account", ACCOUNT, account_id, as_stored=True)
    own = {name: account[name] for name in ("id", "number", "name", "tier", "status")}
    return {**own, **page(session, con, account_id)}


def page(session: Session, con: sqlite3.Connection, account_id: str) -> Json:
    """The texts of a plan, its objectives in the order they matter, how far it has come."""
    today = session.clock.today
    texts, rows = _stands(con, account_id)
    objectives = plan.ordered(decode(Objective, row) for row in rows.values())
    return {
        **{name: texts[name] for name in TEXTS},
        "objectives": [
            {
                **as_json(OBJECTIVE, rows[objective.id]),
                "overdue": plan.is_overdue(objective, today),
            }
            for objective in objectives
        ],
        "progress": plan.progress(objectives, today).as_dict(),
    }


def _stands(con: sqlite3.Connection, account_id: str) -> tuple[Row, dict[str, Row]]:
    """The texts of the plan, empty ones where there is none yet, and its objectives by id."""
    own = queries.Listing([queries.by_id("account_id", account_id)])
    plans = queries.select(con, "plan", KINDS["plan"].fields, own)
    objectives = queries.select(con, "objective", OBJECTIVE, own, as_stored=True)
    texts = dict(plans[0]) if plans else dict.fromkeys(TEXTS)
    return texts, {row["id"]: row for row in objectives}


# Changing by options


def _change(
    session: Session,
    typed_account: str,
    given: Given,
    objectives: Sequence[str],
    named: Mapping[str, Sequence[str]],
) -> Done:
    read = writing.read_given(session, "plan", given)
    added = [writing.read_dated(session, "objective", one, "--objective") for one in objectives]
    with session.write() as tx:
        account = session.find(tx.con, "account", typed_account)
        states: dict[str, Values] = {}
        for state, typed in named.items():
            for one in typed:
                # Given up is not taken back by typing the same again: nothing else may fit then.
                found = _objective(tx.con, one, account.id, whole=state == "dropped")
                if states.setdefault(found.id, {"state": state}) != {"state": state}:
                    raise Invalid(f"{text.quoted(found.name)} is given two states")
        return _write(session, tx, account, Changes(read.values, states, added))


def _objective(
    con: sqlite3.Connection, typed: str, account_id: str, *, whole: bool
) -> lookup.Found:
    (handle,) = lookup.handles(con, [account_id]).values()
    advice = f"All: acct account plan {handle}"
    return lookup.find(con, "objective", typed, account_id=account_id, advice=advice, whole=whole)


# Changing in the editor


def _edit(session: Session, typed_account: str) -> Done:
    """Let the user edit the whole plan; a form that is refused is kept."""
    from acctcli.cli.kit import form

    with session.read() as con:
        account = session.find(con, "account", typed_account)
        texts, objectives = _stands(con, account.id)
        short = lookup.short_ids(con, "objective", list(objectives))
    in_order = [
        objectives[one.id]
        for one in plan.ordered(decode(Objective, row) for row in objectives.values())
    ]
    shown = (
        form.write(TEXTS, texts, f"plan of {account.name}")
        + "\n"
        + form.write_blocks("objective", IN_FORM, in_order, short)
    )
    typed = form.in_editor(session, shown, "plan.toml")
    left = Done([], {}, f"The plan of {text.safe(account.name)} was left as it was.")
    # Whoever empties a form breaks off; all of a plan is deleted piece by piece.
    if not typed.strip():
        return left
    with form.kept_if_refused(session, "plan", typed):
        changes = _read_form(session, shown, typed, {tail: id for id, tail in short.items()})
        if changes.empty:
            return left
        with session.write() as tx:
            account = session.find(tx.con, "account", account.id)
            stand, there = _stands(tx.con, account.id)
            writing.refuse_overtaken(stand, texts, changes.texts)
            for id in (*changes.changed, *changes.removed):
                name = text.quoted(objectives[id]["text"])
                if id not in there:
                    raise Conflict(f"{name} was deleted meanwhile by another command")
                # What is deleted is deleted as it was shown, with all it says.
                names = changes.changed.get(id, IN_FORM)
                writing.refuse_overtaken(there[id], objectives[id], names)
            return _write(session, tx, account, changes)


def _read_form(session: Session, shown: str, typed: str, ids: Mapping[str, str]) -> Changes:
    """What was changed in a form; `ids` are the ids of objectives by those that it shows."""
    from acctcli.cli.kit import form

    before, after = form.parse(shown), form.parse(typed)
    stood = dict(form.read_blocks(before, "objective", IN_FORM))
    blocks = form.read_blocks(after, "objective", IN_FORM)
    texts = form.differing(form.read_fields(before, TEXTS), form.read_fields(after, TEXTS), TEXTS)
    kept = [id for id, _ in blocks if id]
    for place, id in enumerate(kept):
        if id not in stood:
            raise Invalid(f"form: no objective has the id {text.quoted(id)}. A new one has none")
        if id in kept[:place]:
            raise Invalid(f"form: two objectives have the id {id}. A new one has none")
    changed, added = {}, []
    for place, (id, fields) in enumerate(blocks, 1):
        says = f"form: objective {place}:"
        if id:
            new = form.differing(stood[id], fields, IN_FORM)
            if new:
                changed[ids[id]] = _read(session, "objective", new, says)
        elif any(fields.values()):
            found = _read(session, "objective", fields, says, new=True)
            if found.get("text") is None:
                raise Invalid(f"{says} the text is missing")
            added.append(found)
    removed = [ids[id] for id in stood if id not in kept]
    return Changes(_read(session, "plan", texts, "form:"), changed, added, removed)


def _read(
    session: Session,
    kind: str,
    typed: Mapping[str, str | list[str]],
    says: str,
    *,
    new: bool = False,
) -> Values:
    """Read fields of a form; what a new record leaves empty is left to its default."""
    given = {name: value for name, value in typed.items() if value or not new}
    labels = {name: f"{says} {name}" for name in given}
    return writing.read_given(session, kind, Given(given, labels)).values


# Writing


def _write(session: Session, tx: Writing, account: lookup.Found, changes: Changes) -> Done:
    """Save what is to change. Says what was done, and the ids of the objectives it was done to."""
    today = session.clock.today
    said = _write_texts(tx, account.id, changes.texts)
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
        touched.append(store.insert(tx, "objective", {**found, "account": account.id}))
        day = found.get("due")
        due = f", due {say_day(parse_iso_day(day), today)}" if day else ""
        said.append(f"added {text.quoted(found['text'])}{due}")
    return _done(session, tx, account, touched, said)


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


def _done(
    session: Session, tx: Writing, account: lookup.Found, touched: list[str], said: list[str]
) -> Done:
    """The result: ids of the objectives it was about, or of the account whose plan it is."""
    says = nouns.UNCHANGED
    if said:
        more = [f"{len(said) - TOLD:,} more"] if len(said) > TOLD else []
        says = f"Plan of {text.safe(account.name)}: {'; '.join((*said[:TOLD], *more))}."
    tx.says = says
    whole = session.output.format in ("json", "jsonl")
    shown = [whole_page(session, tx.con, account.id)] if whole else []
    ids, kind = (touched, "objective") if touched else ([account.id], "account")
    return Done(ids, lookup.short_ids(tx.con, kind, ids), says, shown)
