"""Playbooks: tasks that something sets off, and the record of each time that one was started."""

from __future__ import annotations

from datetime import date

from acctcli.frozen import Frozen
from acctcli.model.field import DAY, TEXT, Record, Ref, choice, column, ref
from acctcli.text import plural

SUBJECTS_OF_RUNS = ("account", "deal", "purchase")
"""What a playbook is started for; a purchase is a contract."""


class PlaybookRun(Record):
    """A playbook that was started for an account, a deal or a contract."""

    account: Ref = ref("account", "account it was started at", required=True)
    about: str = choice("what it was started for", SUBJECTS_OF_RUNS, required=True)
    deal: Ref | None = ref("deal", "deal it was started for")
    purchase: Ref | None = ref("purchase", "contract it was started for")
    playbook: str = column(TEXT, "name of the playbook", required=True)
    started_on: date = column(DAY, "day it was started", required=True, past=True)
    stopped_on: date | None = column(DAY, "day it was stopped", past=True, ends=True)


class PlaybookTask(Frozen):
    """A task that a playbook adds, with its text still to be filled in.

    `due` is a signed distance: `+3d` counts from the day of the start, `-30d` is before the end of
    the contract; "" has no due day. `every` is as a task stores it.
    """

    text: str
    due: str = ""
    owed_by: str = "us"
    every: str | None = None


class Playbook(Frozen):
    """Tasks under a name, and what sets them off.

    `event` is won, lost, stage, tier, status, tag, ends, stalled, or "" for a playbook that is only
    started by hand. `word` is the stage, tier, status or tag, `days` the number of days of `ends`
    and `stalled`. `about` is the kind of its subjects, "" for accounts and deals alike.
    """

    name: str
    event: str = ""
    word: str = ""
    days: int = 0
    tasks: tuple[PlaybookTask, ...] = ()

    @property
    def about(self) -> str:
        """The kind of record that sets it off."""
        return _ABOUT.get(self.event, "")

    @property
    def timed(self) -> bool:
        """Whether a day sets it off, and not a change of a record."""
        return self.event in ("ends", "stalled")

    @property
    def when(self) -> str:
        """What sets it off, as in the settings."""
        match self.event:
            case "":
                return "by hand"
            case "ends":
                return f"contract ends in {plural(self.days, 'day')}"
            case "stalled":
                return f"deal stalled for {plural(self.days, 'day')}"
            case "won" | "lost":
                return f"deal {self.event}"
        return f"{self.event} {self.word}"


_ABOUT = {
    **dict.fromkeys(("won", "lost", "stage", "stalled"), "deal"),
    **dict.fromkeys(("tier", "status", "tag"), "account"),
    "ends": "purchase",
}
