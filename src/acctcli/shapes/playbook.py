"""Playbooks: the list of them, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class PlaybookRow(TypedDict):
    """A playbook: what sets it off, how many tasks it adds, and how many runs it has.

    `when` is None for one that only its runs know: it was taken out of the settings, or renamed.
    `id` is its name.
    """

    id: str
    playbook: str
    when: str | None
    tasks: int | None
    open: int
    started: int
    due: int


class PlaybookTaskJson(TypedDict):
    """A task as the settings have it."""

    text: str
    due: str
    owed_by: str
    every: str | None


class PlaybookRunJson(TypedDict):
    """A run, with how many of its tasks are open and done; `next` is the next due day."""

    id: str
    about: str
    account: str
    account_id: str
    deal: str | None
    deal_id: str | None
    purchase_id: str | None
    ends_on: str | None
    started_on: str
    stopped_on: str | None
    open: int
    done: int
    next: str | None


class DuePlaybookJson(TypedDict):
    """What a playbook could be started for today."""

    id: str
    account: str
    deal: str | None
    ends_on: str | None


class PlaybookPage(TypedDict):
    """A playbook: what sets it off, its tasks, its runs, and what it is due for."""

    playbook: str
    when: str | None
    tasks: Sequence[PlaybookTaskJson]
    runs: Sequence[PlaybookRunJson]
    due: Sequence[DuePlaybookJson]
