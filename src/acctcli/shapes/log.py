"""The page of `acct log show`."""

from __future__ import annotations

from collections.abc import Sequence

from acctcli.shapes.records import TaskJson, WholeLogJson


class LogPage(WholeLogJson):
    """An interaction with the promises made in it."""

    tasks: Sequence[TaskJson]
