"""Playbooks: what sets one off, and the tasks that it adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from acctcli import text
from acctcli.domain import pipeline
from acctcli.frozen import Frozen
from acctcli.model import Playbook, Row, Values
from acctcli.values.dates import iso, parse_iso_day
from acctcli.values.typed_dates import moved_by


class Subject(Frozen):
    """What a playbook is started for: an account, a deal or a contract, with its names.

    `contact` is the person to deal with, if it is clear who that is; `ends_on` the last day of a
    contract.
    """

    about: str
    id: str
    account_id: str
    account: str
    deal_id: str | None = None
    deal: str | None = None
    ends_on: str | None = None
    contact_id: str | None = None
    contact: str | None = None


def is_set_off(playbook: Playbook, kind: str, before: Row, after: Row) -> bool:
    """Whether this change of a record sets off a playbook.

    A record that already was what it is now sets off nothing, such as a deal that was won before.
    """
    if playbook.about != kind:
        return False
    match playbook.event:
        case "won" | "lost":
            now, earlier = (_outcome(deal) for deal in (after, before))
            return now == playbook.event != earlier
        case "stage" | "tier" | "status":
            word = playbook.word
            return after.get(playbook.event) == word != before.get(playbook.event)
        case "tag":
            wanted = text.key(playbook.word)
            tags, before_tags = ({*map(text.key, row.get("tags") or ())} for row in (after, before))
            return wanted in tags - before_tags
    return False


def _outcome(deal: Row) -> str:
    return pipeline.outcome(deal.get("category"), deal.get("closed_on"))


def tasks(playbook: Playbook, subject: Subject, today: date) -> Iterator[Values]:
    """Yield the built-in fields of the tasks that a playbook adds for a subject."""
    for task in playbook.tasks:
        yield {
            "account": subject.account_id,
            "deal": subject.deal_id,
            "text": filled(task.text, subject),
            "due": _due(task.due, subject, today),
            "owed_by": task.owed_by,
            "every": task.every,
            "contact": subject.contact_id if "{contact}" in task.text else None,
        }


def filled(template: str, subject: Subject) -> str:
    """Return a text with the names of the subject.

    If it is unclear who the contact is, the account is named instead: nobody is chosen by chance.
    """
    names: Mapping[str, str] = {
        "account": subject.account,
        "deal": subject.deal or subject.account,
        "contact": subject.contact or subject.account,
    }
    whole = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], found[0]), template)
    return whole if len(whole) <= text.MAX_LINE else f"{whole[: text.MAX_LINE - 1]}…"


def _due(distance: str, subject: Subject, today: date) -> str | None:
    """Return the day of a task: after the start, or before the end of a contract.

    If that day has passed already, it is the day of the start.
    """
    if not distance:
        return None
    back = distance.startswith("-") and subject.ends_on is not None
    base = parse_iso_day(subject.ends_on) if back and subject.ends_on else today
    day = moved_by(base, distance, "due")
    return iso(today if day is None else max(day, today))
