"""How a record is added or changed: what was typed is read, names are resolved, the store writes.

Everything typed is read before a record is touched; names of other records are resolved
inside the transaction.
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
    """Typed values after reading: references are still text, custom fields stand apart."""

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
    """Read what was typed for one record; `currency` is the one it has, `stands` all it has."""
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
                f'--set: no {kind} field "{text.safe(name)}" to set.{hint} '
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
    _refuse_placeholders(typed, says)
    found = read_values(known, typed, context.reading, currency=currency, stands=stands, says=says)
    from acctcli.domain.rules import refuse_emptied  # a read does without

    refuse_emptied(kind, found)
    custom = {name: found.pop(name) for name in list(found) if known[name].custom}
    return Read(found, custom)


_PLACEHOLDERS = ("…", "...", "NAME", "TEXT", "TITLE", "SUMMARY", "ACCOUNT")
"""What stands in a hint or in help where the user's own words go."""


def _refuse_placeholders(typed: Mapping[str, str | list[str]], says: Mapping[str, str]) -> None:
    """Refuse a hint that was pasted as it stood: it would be a task called `…`."""
    for name, value in typed.items():
        for one in [value] if isinstance(value, str) else value:
            if one.strip() in _PLACEHOLDERS:
                what = says.get(name, name.replace("_", " "))
                raise UsageError(f"{what} {text.quoted(one)} is a placeholder: replace it")


def read_dated(context: Context, kind: str, typed: str, option: str) -> Values:
    """The text and the day it is due in `Find a champion::fri`; the day may be left out.

    Of a task also whose it is, at the end: `Name their lawyer::fri::them`.
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
    """Turn the names of other records into their ids, in place; those of `account_id` win."""
    # The account first: the others are looked for near it.
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


def insert(
    tx: Writing,
    kind: str,
    read: Read,
    *,
    duplicate: bool = False,
    options: Mapping[str, str] | None = None,
) -> str:
    """Add one record, unless another one has its address; returns its id.

    Names of other records in `read.values` become their ids there. `options` says by field
    which options of a command of another kind fill it. Raises `NotFound` or `Ambiguous` for
    a name, `Conflict` for an address or name that is taken.
    """
    resolve(tx.con, kind, read.values)
    if not duplicate:
        conflicts.refuse_twin(tx, kind, read.values)
    return store.insert(tx, kind, read.values, read.custom, options=options)


class Edited(Frozen):
    """What an edit did: the records it was about, and what it changed in each.

    `changed` has the fields that were not so before, by the record's id; `lists` can say
    what went into a list field, and what came out of it. `values` are those that were written
    last: but for what was typed as a change of the old value, all records got the same.
    """

    found: Sequence[lookup.Found]
    changed: Mapping[str, tuple[str, ...]]
    lists: Lists
    values: Mapping[str, Any]
    also: Sequence[str] = ()  # sentences on what else it did, or left as it was


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

    `shown` is what a form showed of the record before; what somebody else changed since
    then is not written over.
    """
    from acctcli.book.lists import Lists  # a list or a page does without

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
        if before:
            lists.replaced(row, before)
            changed[record.id] = tuple(before)
            values = {**read.values, **read.custom}
    lists.refuse_absent()
    also: Sequence[str] = ()
    if kind == "contact" and any({"account", "primary"} & {*names} for names in changed.values()):
        from acctcli.book import places  # most edits move nobody

        also = places.after_edit(tx, changed, values)
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
    """Read what was typed for a record that exists, unless another one has the new address."""
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
    """Have an error say which of several records it is about."""
    try:
        yield
    except Invalid as error:
        if len(among) > 1:
            error.message = f"{text.safe(record.name or record.id)}: {error.message}"
        raise


@contextmanager
def lacking(kind: str, given: Given, *, form: bool = False) -> Iterator[None]:
    """Have the refusal of a record that lacks a field name the way to give it."""
    try:
        yield
    except Missing as error:
        flag = given.says.get(error.field) or KINDS[kind].fields[error.field].options[0]
        error.message += f". {'Fill in ' + error.field if form else f'Give {flag}'}"
        raise


def refuse_overtaken(
    row: Mapping[str, Any], shown: Mapping[str, Any], names: Iterable[str]
) -> None:
    """Refuse a form if somebody else changed one of these fields while it was open."""
    for name in names:
        if shown and shown.get(name) != row.get(name):
            raise Conflict(f"{name.replace('_', ' ')} was changed meanwhile by another command")


def _as_row(row: Mapping[str, Any], kind: str, name: str) -> Any:
    field = KINDS[kind].fields[name]
    return row.get(field.id_name if field.type == REF else name)
