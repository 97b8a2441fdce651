from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.store.making import add, writing

from acctcli.book.starting import Started, said, start, start_set_off
from acctcli.model import Playbook, PlaybookTask

TODAY = date(2026, 11, 22)
TASKS = (PlaybookTask("Call {contact}", "+3d"), PlaybookTask("Some day"))
PLAYBOOK = Playbook("onboarding", "won", tasks=TASKS)


@pytest.mark.parametrize(
    ("started", "says"),
    [
        (Started("p", "deal", ["A"], ["1"], 1, None), "Playbook p: 1 task."),
        (Started("p", "deal", ["A"], ["1"], 1, "2026-11-23"), "Playbook p: 1 task, due tomorrow."),
        (
            Started("p", "purchase", ["A", "B"], ["1", "2"], 1_200, "2026-11-22"),
            "Playbook p: 1,200 tasks for 2 contracts, the first due today.",
        ),
    ],
)
def test_what_was_added_is_said_with_its_first_day(started: Started, says: str) -> None:
    assert said([started], TODAY) == says


def test_many_records_are_started_in_parts_and_each_once(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        deals = [add(tx, "deal", account=acme, title=f"Deal {n}") for n in range(1_100)]
        first = start(tx, PLAYBOOK, "deal", deals, TODAY)
        assert (len(first.runs), first.tasks, first.first) == (1_100, 2_200, "2026-11-25")
        again = start(tx, PLAYBOOK, "deal", deals, TODAY)
        assert (again.runs, again.tasks) == ([], 0)
        assert len(start(tx, PLAYBOOK, "deal", deals[:1], TODAY, again=True).runs) == 1


@pytest.mark.parametrize(("people", "expected"), [(0, "Acme"), (1, "Person 0"), (2, "Acme")])
def test_a_contact_is_named_only_if_it_is_clear_who_it_is(
    book: Path, people: int, expected: str
) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        deal = add(tx, "deal", account=acme, title="Rollout")
        for n in range(people):
            add(tx, "contact", account=acme, name=f"Person {n}")
        start(tx, PLAYBOOK, "deal", [deal], TODAY)
        texts = [row["text"] for row in tx.rows("task", "deal_id", deal)]
        assert f"Call {expected}" in texts


def test_the_person_with_a_part_in_the_deal_comes_before_the_primary_contact(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        deal = add(tx, "deal", account=acme, title="Rollout")
        add(tx, "contact", account=acme, name="Primary", primary=True)
        raj = add(tx, "contact", account=acme, name="Raj")
        add(tx, "deal_contact", deal=deal, account=acme, contact=raj)
        start(tx, PLAYBOOK, "deal", [deal], TODAY)
        assert "Call Raj" in [row["text"] for row in tx.rows("task", "deal_id", deal)]


def test_what_is_gone_when_the_command_ends_starts_nothing(book: Path) -> None:
    with writing(book) as tx:
        tx.set_off["onboarding"] = (PLAYBOOK, {"no such deal": None})
        assert start_set_off(tx, TODAY) == []
        assert tx.set_off == {}
