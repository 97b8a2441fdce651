"""Repeating tasks: what follows a task that was done.

Pure: a task and a day in, the next task out. The command adds it, and reports it.
"""

from __future__ import annotations

from datetime import date

from acctcli.model import Task
from acctcli.values.repeats import next_due


def next_in_series(task: Task, done_on: date) -> Task | None:
    """The open task that follows one that was done on `done_on`; None unless it repeats.

    The step counts from completion; months and years keep the day of the month on which
    the series first fell due (31 January, 28 February, 31 March). One that was done early is
    due later than it was. Raises `Invalid` for a repetition that has no day left.
    """
    if task.every is None:
        return None
    first_due = task.first_due or task.due
    return task.replace(
        due=next_due(task.every, done_on, first_due, task.due),
        first_due=first_due,
        done_at=None,
        snoozed_until=None,
    )
