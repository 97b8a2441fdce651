"""`acct account plan`: the goals for an account, how to reach them, and the progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import plan, writing
from acctcli.book.asked import Given
from acctcli.cli.account import OneAccount, noun
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.errors import Invalid, UsageError
from acctcli.model import Values
from acctcli.results import Done, Page
from acctcli.store import lookup

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


LISTED = 5
"""How many changes a sentence lists one by one."""


def _state_option(name: str, help: str) -> Any:
    return typer.Option(
        f"--{name}",
        metavar="OBJECTIVE",
        help=help,
        autocompletion=offers.records("objective"),
    )


MET = _state_option("met", "Mark an objective as met, by id or part of its text. Repeat for more.")
DROP = _state_option("drop", "Drop an objective, by id or whole text. Repeat for more.")
REOPEN = _state_option("reopen", "Reopen an objective, by id or part of its text. Repeat for more.")


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
            help="Add an objective; end with ::DAY for a due day. Repeat for more.",
        ),
    ] = [],
    met: Annotated[list[str], MET] = [],
    drop: Annotated[list[str], DROP] = [],
    reopen: Annotated[list[str], REOPEN] = [],
    edit: Annotated[
        bool, typer.Option("--edit", help="Edit the whole plan in your editor.")
    ] = False,
) -> Page | Done:
    """Show the plan of an account and its progress; with options, change it.

    Each account has one plan. Its objectives are open until they are met or dropped;
    overdue ones show up in `today`.
    """
    named = {"met": met, "dropped": drop, "open": reopen}
    asked = not given.empty or bool(objectives) or any(named.values())
    if edit and asked:
        raise UsageError("--edit opens the whole plan: leave the other options out")
    if edit or given.form:
        return _edit(session, account, given.form)
    if asked:
        return _change(session, account, given, objectives, named)
    with session.read() as con:
        data = plan.whole_page(session, con, session.find(con, "account", account).id)
    return Page(data, "plan:draw", session.clock.today)


# Changing it by options


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
        states = plan.states(tx.con, account.id, named)
        return _write(session, tx, account, plan.Changes(read.values, states, added))


# Changing it in the editor


def _edit(session: Session, typed_account: str, file: str) -> Done:
    """Let the user edit the whole plan, or take it from a form that was kept."""
    from acctcli.book import forms
    from acctcli.cli.kit import form

    with session.read() as con:
        account = session.find(con, "account", typed_account)
        texts, objectives = plan.stands(con, account.id)
        short = lookup.short_ids(con, "objective", list(objectives))
    shown = (
        forms.write(plan.TEXTS, texts, f"plan of {account.name}")
        + "\n"
        + forms.write_blocks("objective", plan.IN_FORM, plan.in_order(objectives), short)
    )

    def use(filled: form.Filled) -> Done:
        left = Done([], {}, f"Plan of {text.safe(account.name)}: nothing changed.")
        # An empty form means cancelling; objectives are deleted one by one.
        if not filled.typed.strip():
            return left
        if filled.partial:
            raise Invalid("this is not a form of a plan that acct saved. To open one: --edit")
        filled.refuse_overtaken("the plan")
        ids = {tail: id for id, tail in short.items()}
        changes = _read_form(session, shown, filled.typed, ids)
        if changes.empty:
            return left
        with session.write() as tx:
            found = session.find(tx.con, "account", account.id)
            plan.refuse_overtaken(tx.con, found.id, texts, objectives, changes)
            return _write(session, tx, found, changes)

    return form.submitted(session, shown, "plan.toml", use, file=file)


def _read_form(session: Session, shown: str, typed: str, ids: Mapping[str, str]) -> plan.Changes:
    """Return what was changed in a form; `ids` maps the short ids in it to whole ones."""
    from acctcli.book import forms

    before, after = forms.parse(shown), forms.parse(typed)
    stood = dict(forms.read_blocks(before, "objective", plan.IN_FORM))
    blocks = forms.read_blocks(after, "objective", plan.IN_FORM)
    texts = forms.differing(
        forms.read_fields(before, plan.TEXTS), forms.read_fields(after, plan.TEXTS), plan.TEXTS
    )
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
            new = forms.differing(stood[id], fields, plan.IN_FORM)
            if new:
                changed[ids[id]] = _read(session, "objective", new, says)
        elif any(fields.values()):
            found = _read(session, "objective", fields, says, new=True)
            if found.get("text") is None:
                raise Invalid(f"{says} the text is missing")
            added.append(found)
    removed = [ids[id] for id in stood if id not in kept]
    return plan.Changes(_read(session, "plan", texts, "form:"), changed, added, removed)


def _read(
    session: Session,
    kind: str,
    typed: Mapping[str, str | list[str]],
    says: str,
    *,
    new: bool = False,
) -> Values:
    """Read fields of a form; empty ones of a new record get their default."""
    given = {name: value for name, value in typed.items() if value or not new}
    labels = {name: f"{says} {name}" for name in given}
    return writing.read_given(session, kind, Given(given, labels)).values


def _write(session: Session, tx: Writing, account: lookup.Found, changes: plan.Changes) -> Done:
    """Write the changes; return a sentence with the ids of the objectives, else the account's."""
    written = plan.write(session, tx, account.id, changes)
    tx.says = nouns.UNCHANGED
    if written.said:
        more = len(written.said) - LISTED
        listed = (*written.said[:LISTED], *([f"{more:,} more"] if more > 0 else []))
        tx.says = f"Plan of {text.safe(account.name)}: {'; '.join(listed)}."
    whole = session.output.format in ("json", "jsonl")
    shown = [plan.whole_page(session, tx.con, account.id)] if whole else []
    kind, ids = "account", [account.id]
    if written.objectives:
        kind, ids = "objective", list(written.objectives)
    return Done(ids, lookup.short_ids(tx.con, kind, ids), tx.says, shown)
