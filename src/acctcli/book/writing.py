"""Adding and changing records: read what was typed, resolve names, write.

Everything typed is read before any record is changed; names of other records are resolved inside
the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.errors import Conflict, Invalid, Missing, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, OWERS, REF, Field, Values
from acctcli.model import named as named_field
from acctcli.store import conflicts, lookup, queries
from acctcli.store import records as store
from acctcli.values.fields import read_field, read_values

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.lists import Lists
    from acctcli.store.journal import Writing


class Read(Frozen):
    """Typed values after reading: references are still names; custom fields are separate."""

    values: Values
    custom: Values


def read_given(
    context: Context,
    kind: str,
    given: Given,
    *,
    currency: str | None = None,
    stands: Mapping[str, Any] | None = None,
) -> Read:
    """Read what was typed for a record with this `currency`; `stands` are its stored values."""
    known = context.fields(kind)
    typed: dict[str, str | list[str]] = dict(given.typed)
    says = dict(given.says)
    for pair in given.custom_typed:
        name, equals, value = pair.partition("=")
        name = name.strip()
        field = named_field(known, name)
        if not equals:
            raise UsageError(f'--set "{text.safe(pair)}" must be written field=value')
        if field is None or not given.offers(field):
            settable = [n for n, f in known.items() if given.offers(f)]
            near = text.near(name, settable, limit=1)
            hint = text.did_you_mean(near)
            raise UsageError(
                f'--set: no {KINDS[kind].one} field "{text.safe(name)}" to set.{hint} '
                f"Fields: {', '.join(settable)}"
            )
        if field.name in typed:
            first = typed[field.name]
            first = first if isinstance(first, str) else "; ".join(first)
            by = f" ({says[field.name]})" if field.name in says else ""
            raise UsageError(
                f"{field.name} is given twice: {text.quoted(first)}{by} and "
                f"{text.quoted(value)} (--set {field.name}). Give one"
            )
        typed[field.name] = value
        says[field.name] = f"--set {field.name}"
    refuse_placeholders(typed, says)
    found = read_values(known, typed, context.reading, currency=currency, stands=stands, says=says)
    from acctcli.domain.rules import refuse_emptied  # reads do not need it

    refuse_emptied(kind, found)
    custom = {name: found.pop(name) for name in list(found) if known[name].custom}
    return Read(found, custom)


_PLACEHOLDERS = ("…", "...", "NAME", "TEXT", "TITLE", "SUMMARY", "ACCOUNT")
"""What a hint or help shows in place of the user's own words."""


def refuse_placeholders(typed: Mapping[str, str | list[str]], says: Mapping[str, str]) -> None:
    """Refuse a hint that was pasted unchanged: it would become a task called `…`.

    A `-` is refused as well. Where it means stdin, the text was read already; elsewhere the text
    that came through the pipe would be lost.
    """
    for name, value in typed.items():
        for one in [value] if isinstance(value, str) else value:
            what = says.get(name, name.replace("_", " "))
            if one.strip() in _PLACEHOLDERS:
                raise UsageError(f"{what} {text.quoted(one)} is a placeholder: replace it")
            if one.strip() == "-":
                raise UsageError(
                    f'{what} "-": this does not read from a pipe. Write the text itself, '
                    'or "$(cat)" for what comes through the pipe'
                )


def read_dated(context: Context, kind: str, typed: str, option: str) -> Values:
    """Read text and due day from `Find a champion::fri`; the day is optional.

    For a task, also who owes it, at the end: `Name their lawyer::fri::them`.
    """
    found: Values = {}
    words, mark, owner = typed.rpartition("::")
    if kind == "task" and mark and owner.strip().lower() in OWERS:
        found["owed_by"] = owner.strip().lower()
        typed = words
    words, mark, day = typed.rpartition("::")
    if not mark:
        return {"text": text.one_line(typed, option), **found}
    what = f"{option} {text.quoted(typed)}: the day"
    due = read_field(KINDS[kind].fields["due"], day, context.reading, what=what)
    return {"text": text.one_line(words, option), "due": due, **found}


def resolve(
    con: sqlite3.Connection, kind: str, found: Values, *, account_id: str | None = None
) -> None:
    """Replace the names of other records by ids, in place; records of `account_id` win."""
    # The account first: the others are looked up near it.
    for name, value in sorted(found.items(), key=lambda item: item[0] != "account"):
        field = KINDS[kind].fields.get(name)
        if field is None or field.type != REF or value in (None, ()):
            continue
        near = account_id or found.get("account")
        typed = value if field.many else (value,)
        ids = tuple(_resolve_one(con, field, one, near) for one in typed)
        found[name] = ids if field.many else ids[0]


def _resolve_one(con: sqlite3.Connection, field: Field, typed: str, near: str | None) -> str:
    if near is not None and field.target in ("contact", "deal", "log", "review"):
        return lookup.find_near_account(con, field.target, typed, near).id
    return lookup.find(con, field.target, typed).id


def owned(context: Context, read: Read) -> Read:
    """Return a new record with its owner: the user (`me.name`), unless one was given."""
    if context.own["me.name"] and "owner" not in read.values:
        read.values["owner"] = context.own["me.name"]
    return read


def insert(
    tx: Writing,
    kind: str,
    read: Read,
    *,
    duplicate: bool = False,
    options: Mapping[str, str] | None = None,
) -> str:
    """Add one record, unless another one has its address; return its id.

    Names of other records in `read.values` are replaced by ids. `options` has by field the options
    of a command of another kind. Raises `NotFound` or `Ambiguous` for a name, `Conflict` for an
    address or name that is taken.
    """
    resolve(tx.con, kind, read.values)
    if not duplicate:
        conflicts.refuse_twin(tx, kind, read.values)
    return store.insert(tx, kind, read.values, read.custom, options=options)


class Edited(Frozen):
    """The result of an edit: its records, and what changed in each.

    `changed` has the changed fields by record id; `lists` knows what was added to a list field and
    removed from it. `values` are those written last: except for relative values, all records got
    the same.
    """

    found: Sequence[lookup.Found]
    changed: Mapping[str, tuple[str, ...]]
    lists: Lists
    values: Mapping[str, Any]
    also: Sequence[str] = ()  # sentences about what else it did, or did not change


def edit(
    context: Context,
    tx: Writing,
    kind: str,
    named: Sequence[str],
    given: Given,
    *,
    duplicate: bool = False,
    shown: Mapping[str, Any] = {},
) -> Edited:
    """Change the same fields of one or several records.

    `shown` are the values that a form showed; a field that somebody else changed since is not
    overwritten.
    """
    from acctcli.book.lists import Lists  # lists and pages do not need it

    lists = Lists(context, kind, given)
    changed: dict[str, tuple[str, ...]] = {}
    values: dict[str, Any] = {}
    found = context.find_all(tx.con, kind, named)
    for record in found:
        row = queries.get(tx.con, kind, context.fields(kind), record.id)
        refuse_overtaken(row, shown, given.typed)
        with said_of(record, among=found), lacking(kind, given, form=bool(shown)):
            read = _read_anew(context, tx, kind, record, row, given, lists, duplicate=duplicate)
            before = store.update(tx, kind, record.id, read.values, read.custom)
        if kind == "deal" and "stage" in before:
            from acctcli.book import outcomes  # most edits close no deal

            after = queries.get(tx.con, kind, KINDS[kind].fields, record.id)
            outcomes.refuse_turned(context, row, after)
        if before:
            lists.replaced(row, before)
            changed[record.id] = tuple(before)
            values = {**read.values, **read.custom}
    lists.refuse_absent()
    also: Sequence[str] = ()
    if kind == "contact" and any({"account", "primary"} & {*names} for names in changed.values()):
        from acctcli.book import places  # most edits move nobody

        also = places.after_edit(tx, changed, values)
    if kind == "deal":
        from acctcli.book import outcomes

        also = outcomes.after_edit(context, tx, changed)
    if kind == "purchase" and len(changed) == 1:
        from acctcli.book import contracts  # neither does most of them change a contract

        also = contracts.after_edit(context, tx, changed)
    return Edited(found, changed, lists, values, also)


def _read_anew(
    context: Context,
    tx: Writing,
    kind: str,
    record: lookup.Found,
    row: Mapping[str, Any],
    given: Given,
    lists: Lists,
    *,
    duplicate: bool,
) -> Read:
    """Read what was typed for an existing record, unless another one has the new address."""
    read = read_given(context, kind, given, currency=row.get("currency"), stands=row)
    resolve(tx.con, kind, read.values, account_id=record.account_id)
    lists.change(tx.con, record, row, read.values)
    if not duplicate:
        stands = {n: _as_row(row, kind, n) for n in read.values}
        new = {n: lists.new(stands[n], v) for n, v in read.values.items() if stands[n] != v}
        conflicts.refuse_twin(tx, kind, new, own_id=record.id)
    return read


@contextmanager
def said_of(record: lookup.Found, *, among: Sequence[lookup.Found]) -> Iterator[None]:
    """Make an error name the record it is about, if there are several."""
    try:
        yield
    except Invalid as error:
        if len(among) > 1:
            error.message = f"{text.safe(record.name or record.id)}: {error.message}"
        raise


@contextmanager
def lacking(kind: str, given: Given, *, form: bool = False) -> Iterator[None]:
    """Make the error for a missing field name the option that fills it."""
    try:
        yield
    except Missing as error:
        flag = given.says.get(error.field) or KINDS[kind].fields[error.field].options[0]
        error.message += f". {'Fill in ' + error.field if form else f'Give {flag}'}"
        raise


def refuse_overtaken(
    row: Mapping[str, Any], shown: Mapping[str, Any], names: Iterable[str]
) -> None:
    """Refuse a form if somebody else changed one of its fields while it was open."""
    for name in names:
        if shown and shown.get(name) != row.get(name):
            raise Conflict(f"{name.replace('_', ' ')} was changed meanwhile by another command")


def _as_row(row: Mapping[str, Any], kind: str, name: str) -> Any:
    field = KINDS[kind].fields[name]
    return row.get(field.id_name if field.type == REF else name)
