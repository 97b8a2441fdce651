from __future__ import annotations

import tomllib
from typing import Any

import pytest

from acctcli.config import Config
from acctcli.configfile import from_document
from acctcli.configplaybooks import EXAMPLES, playbooks, readable
from acctcli.errors import Invalid
from acctcli.model import Playbook, PlaybookTask

TASK = 'tasks = [{ text = "Call" }]'


def config(typed: str) -> Config:
    return from_document(tomllib.loads(typed))


def one(when: str) -> Playbook:
    (found,) = playbooks(config(f'[playbook.p]\nwhen = "{when}"\n{TASK}'))
    return found


@pytest.mark.parametrize(
    ("typed", "event", "word", "days"),
    [
        ("deal won", "won", "", 0),
        ("  Deal   LOST ", "lost", "", 0),
        ("stage Proposal", "stage", "proposal", 0),
        ("tier KEY", "tier", "key", 0),
        ("status customer", "status", "customer", 0),
        ("tag Trade fair 2026", "tag", "Trade fair 2026", 0),
        ("contract ends in 90 days", "ends", "", 90),
        ("deal stalled for 1 day", "stalled", "", 1),
        ("", "", "", 0),
    ],
)
def test_what_sets_it_off(typed: str, event: str, word: str, days: int) -> None:
    found = one(typed)
    assert (found.event, found.word, found.days) == (event, word, days)


def test_a_task_has_a_signed_due_day_and_its_repetition_as_stored() -> None:
    (found,) = playbooks(
        config(
            """
            [playbook.p]
            when = "contract ends in 60 days"
            tasks = [
              { text = " Quote for {account} ", due = "-30D", owed_by = "them" },
              { text = "Check in", due = "2w", every = "monthly" },
              { text = "Some day" },
            ]
            """
        )
    )
    assert found.tasks == (
        PlaybookTask("Quote for {account}", "-30d", "them"),
        PlaybookTask("Check in", "+2w", "us", "1m"),
        PlaybookTask("Some day"),
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ('when = "deal one"', 'when "deal one" sets off nothing. Write deal won,'),
        ('when = "stage signed"', "unknown word"),
        ('when = "contract ends in 0 days"', "must be 1 to 3650"),
        ("when = 3", "must be text in quotes"),
        ('colour = "red"', "unknown setting colour"),
    ],
)
def test_a_wrong_playbook_is_refused_with_its_place(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=r"\[playbook\.p\]") as raised:
        playbooks(config(f"[playbook.p]\n{typed}\n{TASK}"))
    assert says in raised.value.message


@pytest.mark.parametrize(
    ("task", "says"),
    [
        ("{}", "text is missing"),
        ('"Call"', "must be a table"),
        ('{ text = " " }', "is empty"),
        ('{ text = "Call {boss}" }', "unknown {boss} (use {account}, {deal} or {contact})"),
        ('{ text = "Call", due = "soon" }', "is no distance"),
        ('{ text = "Call", due = "+3 fortnights" }', "is no distance"),
        ('{ text = "Call", due = "-3d" }', "is before the start"),
        ('{ text = "Call", due = "+9999999999d" }', "due"),
        ('{ text = "Call", owed_by = "me" }', "owed_by must be us or them"),
        ('{ text = "Call", due = "+1d", every = "often" }', "is not a repetition"),
        ('{ text = "Call", every = "1m" }', "needs a due day"),
        ('{ text = "Call", who = "me" }', "unknown setting who"),
    ],
)
def test_a_wrong_task_is_refused_with_its_number(task: str, says: str) -> None:
    with pytest.raises(Invalid, match=r"task 2[: ]") as raised:
        playbooks(config(f'[playbook.p]\nwhen = "deal won"\ntasks = [{{ text = "A" }}, {task}]'))
    assert says in raised.value.message


@pytest.mark.parametrize("tasks", ["tasks = []", "tasks = 3", ""])
def test_a_playbook_without_tasks_is_refused(tasks: str) -> None:
    with pytest.raises(Invalid, match="at least one task"):
        playbooks(config(f"[playbook.p]\n{tasks}"))


def test_a_text_about_the_deal_needs_a_playbook_about_deals() -> None:
    typed = '[playbook.p]\nwhen = "tier key"\ntasks = [{ text = "Close {deal}" }]'
    with pytest.raises(Invalid, match="about no deal"):
        playbooks(config(typed))


def test_two_playbooks_of_one_name_are_refused() -> None:
    with pytest.raises(Invalid, match="two playbooks are called"):
        playbooks(config(f"[playbook.p]\n{TASK}\n[playbook.P]\n{TASK}"))


def test_what_can_be_read_is_and_the_rest_is_named() -> None:
    said: list[str] = []
    settings: Any = {"good": {"tasks": [{"text": "Call"}]}, "bad": {"tasks": [{"text": 1}]}}
    found = Config()
    found.playbook_settings = settings
    assert [one.name for one in readable(found, said.append)] == ["good"]
    assert len(said) == 1
    assert said[0].startswith('playbook "bad" starts nothing.')


def test_the_second_of_two_playbooks_of_one_name_is_named() -> None:
    two = f"[playbook.One]\n{TASK}\n[playbook.one]\nwhen = 'deal won'\n{TASK}"
    said: list[str] = []
    (first,) = readable(config(two), said.append)
    assert (first.name, first.event) == ("One", "")
    assert said == ['playbook "one" starts nothing. "One" has the same name']


def test_the_examples_are_valid_and_one_waits_for_each_kind_of_subject() -> None:
    found = Config()
    found.playbook_settings = dict(EXAMPLES)
    assert [one.about for one in playbooks(found)] == ["deal", "purchase", "deal"]
