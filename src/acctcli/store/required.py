"""Required fields: the `[required]` settings.

A change is not refused for what the record lacked before: a rule that is newer than the book must
not stop everyday use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import model, text
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
    """Refuse a record that lacks a required field; `before` is what it lacked before the change.

    Raises `Unmet` naming the fields and the options of this kind's commands that fill them. Where a
    command of another kind adds the record, `options` has its options by field, and it raises plain
    `Invalid`.
    """
    missing = [name for name in lacking(tx, kind, id) if name not in before]
    if not missing or tx.rules is None:
        return
    known = tx.rules.fields(kind)
    tier = _tier_of(tx, kind, queries.get(tx.con, kind, known, id))
    whose = "" if not tier else f" of tier {tier}" if kind == "account" else f" at a {tier} account"
    if options is None:
        add = [f"--set {n}=" if known[n].custom else known[n].options[0] for n in missing]
    else:
        add = [options[n] for n in missing if n in options]
    advice = f"Add {text.sentence_list(add, len(add))}"
    if len(add) < len(missing):
        advice = f"Enter it by itself: acct {kind} add"
    one = KINDS[kind].one
    article = "an" if one[0] in "aeiou" else "a"
    message = (
        f"{article} {one}{whose} needs {', '.join(missing)} (the [required] rules of "
        f"the book). {advice}"
    )
    # A record added by another command has fields that its options cannot name.
    raise Unmet(message, missing[0], kind) if options is None else Invalid(message)


def lacking(tx: Writing, kind: str, id: str) -> list[str]:
    """Return the names of a record's required fields that are empty."""
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
    """Return the tier of an account, or of the account that a record belongs to."""
    if kind == "account":
        tier: str | None = row["tier"]
        return tier
    account = tx.read("account", row["account_id"]) if row.get("account_id") else None
    return account["tier"] if account else None
