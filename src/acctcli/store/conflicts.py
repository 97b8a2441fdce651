"""What only the book can refuse: a second record with the same address or name, and a circle.

The rules of a kind (`domain.rules`) see one record; these checks look at the other records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from acctcli import model, text
from acctcli.errors import Conflict, Invalid
from acctcli.model import ADDRESSES, BY_ALIAS, KINDS, LINKEDIN, PHONE, PROFILE, Field
from acctcli.store import further
from acctcli.store.kinds import NAMED_APART, found_by
from acctcli.store.lookup import alike_but_for_form
from acctcli.values import identity

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


def refuse_twin(
    tx: Writing, kind: str, values: Mapping[str, Any], *, own_id: str | None = None
) -> None:
    """Refuse a record with the address or name of another one (`--duplicate` skips this call).

    Accounts are compared by website, phone and name, products by name, contacts by email and phone,
    and by name within one account: there are many Mei Tans in the world, but at one company the
    second one is usually the same person. Raises `Conflict` naming the first match.
    """
    for field in KINDS[kind].fields.values():
        given = values.get(field.name) if field.finds in ADDRESSES else None
        for value in given if isinstance(given, tuple) else (given,):
            if value is None or not identity.identifies(field.type, value):
                continue
            theirs = found_by(kind, ADDRESSES, ":value", field.type)
            if field.type == LINKEDIN:
                theirs += f" UNION {found_by(kind, ADDRESSES, ':page', PROFILE)}"
            found = tx.con.execute(
                f"{_called(kind)} WHERE id IN ({theirs}) AND id <> :own ORDER BY id",
                {
                    "value": value,
                    "page": further.as_item(kind, field.name, str(value)),
                    "own": own_id or "",
                },
            ).fetchone()
            if found and not _is_switchboard(tx, kind, field, values, own_id, found[0]):
                what = (field.flag or field.label).removeprefix("other-")
                raise _is_taken(found, what, value)
    if kind in NAMED_APART and not values.keys().isdisjoint(NAMED_APART[kind]):
        _refuse_namesake(tx, kind, values, own_id)
    aliases = [alias for name in ALIASES.get(kind, ()) for alias in values.get(name) or ()]
    if aliases:
        stands = (tx.read(kind, own_id) if own_id else None) or {}
        account = values.get("account", stands.get("account_id")) if kind == "contact" else None
        for alias in aliases:
            if holder := called_so(tx.con, kind, alias, own_id, account):
                raise _is_taken(*holder, alias, _there(tx, account))


def _is_switchboard(
    tx: Writing,
    kind: str,
    field: Field,
    values: Mapping[str, Any],
    own_id: str | None,
    holder: str,
) -> bool:
    """Whether a phone is that of a colleague at the same account."""
    if kind != "contact" or field.type != PHONE:
        return False
    stands = (tx.read(kind, own_id) if own_id else None) or {}
    account = values.get("account", stands.get("account_id"))
    colleague = tx.read(kind, holder) or {}
    return bool(account) and colleague.get("account_id") == account


def _refuse_namesake(tx: Writing, kind: str, values: Mapping[str, Any], own_id: str | None) -> None:
    stands = (tx.read(kind, own_id) if own_id else None) or {}
    name = values.get("name", stands.get("name"))
    account = values.get("account", stands.get("account_id")) if kind == "contact" else None
    if not name:
        return  # an empty name matches nobody; it is refused elsewhere
    at = " AND account_id IS :account" if kind == "contact" else ""
    found = tx.con.execute(
        f"{_called(kind)} WHERE name_key = :key AND id <> :own{at} ORDER BY id",
        {"key": text.key(name), "own": own_id or "", "account": account},
    ).fetchone()
    there = _there(tx, account)
    if found:
        raise _is_taken(found, "name", name, there)
    aliases = found_by(kind, (BY_ALIAS,), ":name COLLATE NOCASE")
    if not aliases or "name" not in values:
        return
    found = tx.con.execute(
        f"{_called(kind)} WHERE id IN ({aliases}) AND id <> :own{at} ORDER BY id",
        {"name": name, "own": own_id or "", "account": account},
    ).fetchone()
    if found:
        raise _is_taken(found, "alias", name, there)


def _there(tx: Writing, account: str | None) -> str:
    """Return at which account a person is, for a message; "" for all other records."""
    place = tx.read("account", account) if account else None
    return f" at {text.safe(place['name'])}" if place else ""


ALIASES = {
    kind: [field.name for field in KINDS[kind].fields.values() if field.finds == BY_ALIAS]
    for kind in NAMED_APART
}
"""The fields with other names of a record, by kind."""


def called_so(
    con: sqlite3.Connection, kind: str, alias: str, own_id: str | None, account_id: str | None
) -> tuple[tuple[str, str, str], str] | None:
    """Return which other record an alias would also mean, and whether by its name or its alias.

    The record is its id, name, and number or tail. A company is called by its name without the
    legal form too: who types `acme` means Acme Ltd, and not the account with the alias Acme. People
    are compared at one account.
    """
    at = " AND account_id IS :account" if kind == "contact" else ""
    key = text.key(alias)
    named = {"own": own_id or "", "account": account_id, "alias": alias, "key": key}
    others = f"{_called(kind)} WHERE id <> :own{at}"
    found = con.execute(f"{others} AND name_key = :key ORDER BY id", named).fetchone()
    if found is None and kind == "account":
        alike = json.dumps(alike_but_for_form(con, alias))
        theirs = f"{others} AND id IN (SELECT value FROM json_each(:alike)) ORDER BY id"
        found = con.execute(theirs, {**named, "alike": alike}).fetchone()
    if found is not None:
        return found, "name"
    holders = found_by(kind, (BY_ALIAS,), ":alias COLLATE NOCASE")
    found = con.execute(f"{others} AND id IN ({holders}) ORDER BY id", named).fetchone()
    return (found, "alias") if found is not None else None


def _called(kind: str) -> str:
    """Return the start of a query for what a message names a record by: id, name, number or id."""
    number = "number" if "number" in KINDS[kind].fields else "substr(id, -4)"
    return f'SELECT id, {KINDS[kind].title}, {number} FROM "{kind}"'


def _is_taken(found: tuple[str, str, str], what: str, value: str, place: str = "") -> Conflict:
    id, name, key = found
    return Conflict(
        f"{text.safe(name)}{place} ({key}) already has the {what} {text.safe(value)}. "
        "To keep both: --duplicate",
        candidates=(id,),
    )


def refuse_sealed(tx: Writing, quote_id: str) -> None:
    """Refuse to change the lines of a quote that is no draft any more. Raises `Conflict`."""
    if why := model.sealed(tx.read("quote", quote_id) or {}):
        raise Conflict(why)


def refuse_cycle(tx: Writing, kind: str, field_name: str, id: str, target: str | None) -> None:
    """Refuse a parent (or manager) that is the record itself or is below it."""
    column = KINDS[kind].fields[field_name].column
    above = target
    seen = set()
    while above is not None and above not in seen:
        if above == id:
            raise Invalid(circle(kind, field_name))
        seen.add(above)
        row = tx.read(kind, above)
        above = row[column] if row else None


def circle(kind: str, field_name: str) -> str:
    """Return the error for a parent or manager that would close a circle."""
    if kind == "purchase":
        return "renews: a purchase cannot renew itself, directly or through others"
    article = "an" if kind == "account" else "a"
    label = KINDS[kind].fields[field_name].label
    return f"{label}: {article} {kind} cannot be above itself, directly or through others"
