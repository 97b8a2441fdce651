"""Primary contacts, and what stays when a contact moves to another account by an edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.model import DAY, KINDS
from acctcli.store import people
from acctcli.values import dates

if TYPE_CHECKING:
    from acctcli.store.journal import Writing

OF_THE_PLACE = ("title", "department", "role", "since")
"""Fields that may differ between a person's accounts."""

_FIELDS = KINDS["contact"].fields


def only_primary(tx: Writing, contact_id: str) -> str:
    """Make a primary contact the only one of the account; return a sentence, or ""."""
    others = [text.safe(name) for name in people.take_over(tx, contact_id)]
    person = tx.read("contact", contact_id)
    if not others or person is None:
        return ""
    name = text.safe(person["name"])
    return f"{name} takes over as primary contact from {text.sentence_list(others)}."


def _no_longer_primary(tx: Writing, contact_id: str) -> str:
    others = [text.safe(name) for name in people.step_back(tx, contact_id)]
    person = tx.read("contact", contact_id)
    if not others or person is None:
        return ""
    stay = "stays" if len(others) == 1 else "stay"
    account = tx.read("account", person["account_id"]) or {"name": ""}
    return f"{text.sentence_list(others)} {stay} primary contact of {text.safe(account['name'])}."


def after_edit(
    tx: Writing, changed: Mapping[str, Collection[str]], values: Mapping[str, Any]
) -> list[str]:
    """Return sentences about the side effects of an edit of people, and what it left unchanged.

    `changed` has the names of the changed fields, by the person's id.
    """
    said = []
    for id, names in changed.items():
        # Who was primary at the old account is not so at the next one, if somebody else is.
        brought = "account" in names and "primary" not in values
        said.append(_no_longer_primary(tx, id) if brought else only_primary(tx, id))
    for id, names in changed.items():
        person = tx.read("contact", id)
        if "account" not in names or person is None or person["account_id"] is None:
            continue
        kept = [
            f"{_FIELDS[name].label} {_said(name, person[name], tx.today)}"
            for name in OF_THE_PLACE
            if name not in values and person[name] is not None
        ]
        if kept:
            said.append(
                f"{text.safe(person['name'])} keeps {text.sentence_list(kept, len(kept))}. "
                "For a new job, use acct contact move instead."
            )
    return [sentence for sentence in said if sentence]


def _said(name: str, value: str, today: str) -> str:
    if _FIELDS[name].type != DAY:
        return text.safe(value)
    return dates.say_day(dates.parse_iso_day(value), dates.parse_iso_day(today))
