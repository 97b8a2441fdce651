from __future__ import annotations

from datetime import date

import pytest

from acctcli.domain.playbooks import Subject, filled, is_set_off, tasks
from acctcli.model import Playbook, PlaybookTask, Row
from acctcli.text import MAX_LINE

OPEN = {"stage": "proposal", "category": "best-case", "closed_on": None}
WON = {"stage": "won", "category": "closed", "closed_on": "2026-11-22"}
LOST = {"stage": "lost", "category": "omitted", "closed_on": "2026-11-22"}
LEFT_OUT = {"stage": "proposal", "category": "omitted", "closed_on": None}

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("event", "word", "before", "after", "expected"),
    [
        ("won", "", OPEN, WON, True),
        ("won", "", {}, WON, True),
        ("won", "", LOST, WON, True),
        ("won", "", WON, WON, False),
        ("won", "", OPEN, LOST, False),
        ("lost", "", OPEN, LOST, True),
        ("lost", "", OPEN, LEFT_OUT, False),
        ("stage", "proposal", {}, OPEN, True),
        ("stage", "proposal", WON, OPEN, True),
        ("stage", "proposal", OPEN, {**OPEN, "category": "commit"}, False),
    ],
)
def test_what_a_deal_sets_off(
    event: str, word: str, before: Row, after: Row, expected: bool
) -> None:
    assert is_set_off(Playbook("p", event, word), "deal", before, after) is expected
    assert not is_set_off(Playbook("p", event, word), "account", before, after)


@pytest.mark.parametrize(
    ("event", "word", "before", "after", "expected"),
    [
        ("tier", "key", {"tier": None}, {"tier": "key"}, True),
        ("tier", "key", {"tier": "key"}, {"tier": "key"}, False),
        ("status", "customer", {"status": "lead"}, {"status": "customer"}, True),
        ("tag", "VIP", {}, {"tags": ("expo", "vip")}, True),
        ("tag", "vip", {"tags": ("Vip",)}, {"tags": ("vip", "expo")}, False),
        ("tag", "vip", {}, {"tags": None}, False),
    ],
)
def test_what_an_account_sets_off(
    event: str, word: str, before: Row, after: Row, expected: bool
) -> None:
    assert is_set_off(Playbook("p", event, word), "account", before, after) is expected


def subject(**more: str | None) -> Subject:
    return Subject("account", "1", "1", "Acme").replace(**more)


@pytest.mark.parametrize(
    ("due", "ends_on", "day"),
    [
        ("", None, None),
        ("+3d", None, "2026-11-25"),
        ("+1m", None, "2026-12-22"),
        ("-30d", "2027-01-31", "2027-01-01"),
        ("+3d", "2027-01-31", "2026-11-25"),
        ("-90d", "2027-01-31", "2026-11-22"),  # that day is over: at once
    ],
)
def test_a_task_is_due_after_the_start_or_before_the_end(
    due: str, ends_on: str | None, day: str | None
) -> None:
    playbook = Playbook("p", tasks=(PlaybookTask("Call", due),))
    (found,) = tasks(playbook, subject(ends_on=ends_on), TODAY)
    assert found["due"] == day


def test_a_task_is_for_the_contact_that_its_text_names() -> None:
    playbook = Playbook("p", tasks=(PlaybookTask("Call {contact}"), PlaybookTask("Plan")))
    found = list(tasks(playbook, subject(contact_id="7", contact="Mei Tan"), TODAY))
    assert [(task["text"], task["contact"]) for task in found] == [
        ("Call Mei Tan", "7"),
        ("Plan", None),
    ]


def test_where_nobody_is_clearly_the_contact_the_account_stands_in() -> None:
    assert filled("Call {contact} of {account}", subject()) == "Call Acme of Acme"


def test_a_name_is_never_read_as_a_placeholder() -> None:
    hostile = subject(account="{contact} {deal} \\1", contact="{account}")
    assert filled("{account}|{contact}", hostile) == "{contact} {deal} \\1|{account}"


def test_a_text_that_grows_too_long_is_cut_with_a_sign() -> None:
    long = filled("Call {account} today", subject(account="A" * MAX_LINE))
    assert len(long) == MAX_LINE
    assert long.endswith("…")
