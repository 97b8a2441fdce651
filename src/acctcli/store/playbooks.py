"""Runs of playbooks: what each was started for, what can be started, and which tasks are open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from acctcli.frozen import FrozenRow
from acctcli.store.columns import MOVED_ON

_AMONG = "IN (SELECT value FROM json_each(?))"


class NamedSubject(FrozenRow):
    """What a playbook may be started for, with the names for its texts."""

    id: str
    account_id: str
    account: str
    deal_id: str | None
    deal: str | None
    ends_on: str | None


class RunOfPlaybook(FrozenRow):
    """A run with its names, and how many of its tasks are open and done."""

    id: str
    playbook: str
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


def _named(about: str) -> str:
    """Return the SQL of a kind of subject: its id, its account, its deal and its end."""
    if about == "account":
        return "SELECT t.id, t.id, t.name, NULL, NULL, NULL FROM account t"
    own = "t.id, t.title, NULL" if about == "deal" else "NULL, NULL, t.ends_on"
    return f"SELECT t.id, a.id, a.name, {own} FROM {about} t JOIN account a ON a.id = t.account_id"


def subjects(con: sqlite3.Connection, about: str, ids: Sequence[str]) -> list[NamedSubject]:
    """Return the records of a kind that exist, in the order of their ids."""
    sql = f"{_named(about)} WHERE t.id {_AMONG} ORDER BY t.id"
    return [NamedSubject._make(row) for row in con.execute(sql, (json.dumps(ids),))]


def started(con: sqlite3.Connection, playbook: str, about: str, ids: Iterable[str]) -> set[str]:
    """Return those of the records that a playbook was started for, stopped runs included.

    They are found by what the runs refer to, which a merge moves, and not by the ids of the runs.
    """
    column = f"{about}_id"
    rows = con.execute(
        f"SELECT {column} FROM playbook_run WHERE playbook = ? AND about = ? AND {column} {_AMONG}",
        (playbook, about, json.dumps(list(ids))),
    )
    return {id for (id,) in rows}


def people_of_deals(con: sqlite3.Connection, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the people with a part in these deals: deal, id, name."""
    yield from con.execute(
        "SELECT d.deal_id, c.id, c.name FROM deal_contact d JOIN contact c ON c.id = d.contact_id "
        f"WHERE NOT c.do_not_contact AND d.deal_id {_AMONG} ORDER BY d.id",
        (json.dumps(ids),),
    )


def people_of_accounts(
    con: sqlite3.Connection, ids: Sequence[str]
) -> Iterator[tuple[str, str, str, int]]:
    """Yield the people of these accounts: account, id, name, and whether it is the primary one."""
    yield from con.execute(
        'SELECT account_id, id, name, "primary" FROM contact '
        f"WHERE NOT do_not_contact AND account_id {_AMONG} ORDER BY id",
        (json.dumps(ids),),
    )


def stalled(con: sqlite3.Connection, until: str) -> list[str]:
    """Return the open deals without an open task that last moved on a day or earlier."""
    rows = con.execute(
        "SELECT t.id FROM deal t JOIN account a ON a.id = t.account_id "
        "WHERE t.closed_on IS NULL AND a.archived_at IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM task WHERE deal_id = t.id AND done_at IS NULL) "
        f"AND {MOVED_ON} <= ? ORDER BY t.id",
        (until,),
    )
    return [id for (id,) in rows]


def runs(
    con: sqlite3.Connection, playbook: str | None = None, *, about: str = "", id: str = ""
) -> list[RunOfPlaybook]:
    """Return the runs, the last started first: all, those of a playbook, or those of a record."""
    conditions, parameters = ["1"], list[Any]()
    if playbook is not None:
        conditions.append("r.playbook = ?")
        parameters.append(playbook)
    if about:
        conditions.append(f"r.about = ? AND r.{about}_id = ?")
        parameters += [about, id]
    rows = con.execute(
        "SELECT r.id, r.playbook, r.about, a.name, a.id, d.title, r.deal_id, r.purchase_id, "
        "p.ends_on, r.started_on, r.stopped_on, "
        "(SELECT count(*) FROM task WHERE playbook_id = r.id AND done_at IS NULL), "
        "(SELECT count(*) FROM task WHERE playbook_id = r.id AND done_at IS NOT NULL), "
        "(SELECT min(due) FROM task WHERE playbook_id = r.id AND done_at IS NULL) "
        "FROM playbook_run r JOIN account a ON a.id = r.account_id "
        "LEFT JOIN deal d ON d.id = r.deal_id LEFT JOIN purchase p ON p.id = r.purchase_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY r.started_on DESC, r.id",
        parameters,
    )
    return [RunOfPlaybook._make(row) for row in rows]


def open_tasks(con: sqlite3.Connection, run: str) -> list[str]:
    """Return the ids of the open tasks of a run."""
    sql = "SELECT id FROM task WHERE playbook_id = ? AND done_at IS NULL ORDER BY due, id"
    return [id for (id,) in con.execute(sql, (run,))]
