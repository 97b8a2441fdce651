"""What `acct sync now` and `acct sync status` say, and the rows of `acct sync conflicts`."""

from __future__ import annotations

from typing import TypedDict


class TakenJson(TypedDict):
    """How many changes came from a machine."""

    device: str
    name: str
    rep: str
    changes: int


class SyncedJson(TypedDict):
    """What a sync did; `quiet` if there was nothing to do on either side.

    `taken` counts the changes of all machines, `waiting` files that came before what they rest on
    or are not whole yet, and `aside` records that wait for a newer acct.
    """

    sent: int
    taken: int
    machines: list[TakenJson]
    conflicts: int
    waiting: int
    aside: int
    refused: str
    quiet: bool


class MachineJson(TypedDict):
    """A machine of a shared book. `files` are those of it that this machine has not taken in yet.

    `here` if it is this machine; `files` is null if the carrier cannot be reached.
    """

    device: str
    name: str
    rep: str
    series: str
    last_at: str | None
    files: int | None
    here: bool


class SyncStatusPage(TypedDict):
    """How this machine stands with the others.

    `where` is the carrier, and `problem` says why it cannot be reached, if so. `newer` records wait
    for a newer acct, `missing` ones for what they belong to. `not_erased` are machines that
    still have somebody who was erased here. `unreadable` says which file the last sync could not
    read, if so. `clock_ahead` is by how many seconds the clock of this
    machine is ahead of the carrier's, null if nobody knows.
    """

    where: str
    books: list[str]
    home: str
    common: str
    sealed: bool
    device: str
    name: str
    series: str
    last_sync: str | None
    unsent: int
    conflicts: int
    newer: int
    missing: int
    not_erased: list[str]
    refused: str
    unreadable: str
    problem: str
    clock_ahead: int | None
    machines: list[MachineJson]


class ConflictRow(TypedDict):
    """Two edits of the same fields: what stands and what was set aside, as people see values.

    `why` is `both` (two edits), `deleted` (deleted on one machine, edited on another) or `merged`
    (the text that a merge of accounts kept aside). The machines are ids; `stands_by` and
    `set_aside_by` say who it was.
    """

    id: str
    account: str | None
    kind: str
    record: str
    record_id: str
    fields: list[str]
    stands: str
    set_aside: str
    stands_by: str
    stands_at: str
    stands_device: str
    set_aside_by: str
    set_aside_at: str
    set_aside_device: str
    why: str
    seen_at: str | None
