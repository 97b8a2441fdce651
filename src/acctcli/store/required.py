"""The user's own rules of what a record must have: the `[required]` settings.

What a record lacked before a change is not held against the change: a rule that
is newer than the book must not stop its everyday use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import model
from acctcli.errors import Invalid, Unmet
from acctcli.model import KINDS, Field
from acctcli.store import queries

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


def check(
    tx: Writing,
    kind: str,
    id: str,
    *,
    before: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
) -> None:
    """Refuse a record that lacks what the user requires of it; `before` is what it always lacked.

    Raises `Unmet` naming the fields and the options that fill them: those of the commands of this
    kind. Where a command of another kind adds the record along, `options` has them, by field as
    they are to be written, and it is plain `Invalid`.
    """
    missing = [name for name in lacking(tx, kind, id) if name not in before]
    if not missing or tx.rules is None:
        return
    known = tx.rules.fields(kind)
    tier = _tier_of(tx, kind, queries.get(tx.con, kind, known, id))
    whose = "" if not tier else f" of tier {tier}" if kind == "account" else f" at a {tier} account"
    if options is None:
        add = [f"--set {n}=…" if known[n].custom else f"{known[n].options[0]} …" for n in missing]
    else:
        add = [options[n] for n in missing if n in options]
    advice = f"Add: {' '.join(add)}"
    if len(add) < len(missing):
        advice = f"Enter it by itself: acct {kind} add"
    article = "an" if kind[0] in "aeiou" else "a"
    message = (
        f"{article} {KINDS[kind].name}{whose} needs {', '.join(missing)} (the [required] rules of "
        f"the book). {advice}"
    )
    # What another command adds along is none of the fields that this command has options for.
    raise Unmet(message, missing[0], kind) if options is None else Invalid(message)


def lacking(tx: Writing, kind: str, id: str) -> list[str]:
    """Return the names of the fields that the user requires of a record and that are empty."""
    if tx.rules is None or not tx.rules.asks:
        return []
    fields = tx.rules.fields(kind)
    row = queries.get(tx.con, kind, fields, id)
    return missing(tx.rules.required(kind, _tier_of(tx, kind, row)), fields, row)


def missing(
    names: Iterable[str], fields: Mapping[str, Field], values: Mapping[str, Any]
) -> list[str]:
    """Return the names of required fields that are empty; a flag is never empty."""
    return [
        name
        for name in names
        if name in fields and values.get(name) in (None, "", ()) and fields[name].type != model.FLAG
    ]


def _tier_of(tx: Writing, kind: str, row: Mapping[str, Any]) -> str | None:
    """The tier of an account, or of the account that a record belongs to."""
    if kind == "account":
        tier: str | None = row["tier"]
        return tier
    account = tx.read("account", row["account_id"]) if row.get("account_id") else None
    return account["tier"] if account else None
