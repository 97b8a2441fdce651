"""What the book knows of the exchange: machines, unsent changes, what waits, and conflicts.

Only what people see; nothing here merges. Conflicts are a list of this machine: each
machine finds the same ones, and dismisses them for itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.errors import Ambiguous, NotFound
from acctcli.frozen import Frozen
from acctcli.model import Row
from acctcli.model.counting import word_of
from acctcli.store import lookup
from acctcli.store.kinds import PART_OF
from acctcli.store.remembered import TABLES, current_row, name_of, row_of
from acctcli.store.sync import keeping
from acctcli.store.sync.cells import ERASED
from acctcli.store.sync.tables import BOOK, INTO, THERE, tables

if TYPE_CHECKING:
    from acctcli.store.journal import Writing


class KnownDevice(Frozen):
    """A machine as its files say: `rep` is the person, `last_at` when it last sent something."""

    device: str
    name: str
    rep: str
    series: str
    last_at: str

    @property
    def shown(self) -> str:
        """Who it is, for people: `Ann, laptop`."""
        name = self.name or self.device
        return name if self.rep in ("", name) else f"{self.rep}, {name}"


class RowsAside(Frozen):
    """How many rows are kept but not shown: they wait for a newer acct, or for their owner."""

    newer: int
    missing: int


class Clashed(Frozen):
    """A conflict: what stands in some cells of a row, and what was set aside, as stored values.

    `why` is `both` (two edits), `deleted` (deleted on one machine, edited on another) or `merged`
    (the text of a plan or custom field that a merge of accounts kept aside). `kind` and `record`
    are the record that the row is or belongs to, `account` is the id of its account, "" without
    one, and `values` is the row as it is, or was.
    """

    id: str
    table: str
    row: str
    won: Row
    lost: Row
    won_at: str
    won_by: str
    lost_at: str
    lost_by: str
    why: str
    seen_at: str | None
    kind: str
    record: str
    account: str
    values: Row


def devices(con: sqlite3.Connection) -> dict[str, KnownDevice]:
    """Return the machines that have sent something, by id."""
    rows = con.execute("SELECT dev, name, rep, series, last_at FROM main.sync_device ORDER BY dev")
    return {row[0]: KnownDevice(*row) for row in rows.fetchall()}


def unsent(con: sqlite3.Connection) -> int:
    """Return how many changed rows the others have not been sent yet."""
    state = dict(con.execute("SELECT k, v FROM main.sync_state").fetchall())
    (waiting,) = con.execute("SELECT coalesce(sum(changes), 0) FROM main.sync_out").fetchone()
    (changed,) = con.execute(
        'SELECT count(DISTINCT c."row") FROM main.change c '
        "JOIN main.command k ON k.seq = c.command WHERE c.seq > ? AND k.origin IS NULL",
        (int(state.get("captured") or 0),),
    ).fetchone()
    (added,) = con.execute(
        "SELECT coalesce(sum(json_array_length(a.rows)), 0) FROM main.added a "
        "JOIN main.command k ON k.seq = a.command "
        "WHERE a.seq > ? AND k.origin IS NULL AND json_valid(a.rows)",
        (int(state.get("captured_added") or 0),),
    ).fetchone()
    return int(waiting) + int(changed) + int(added)


def aside(con: sqlite3.Connection, books: Collection[str]) -> RowsAside:
    """Count the rows that are kept although they should be shown; `books` are this machine's."""
    known = tables(con)
    newer = missing = 0
    refused = set(json.loads(keeping.state(con, "aside", "[]")))
    for id, table, kept, book in con.execute(
        "SELECT id, tbl, kept, book FROM main.sync_row WHERE kept IS NOT NULL "
        f"""AND coalesce(json_extract(kept, '$."{THERE}"'), 1) = 1 """
        f"""AND json_extract(kept, '$."{ERASED}"') IS NULL """  # the mark of somebody erased
        # What was added to something deleted is listed as a conflict, and waits for nothing.
        """AND id NOT IN (SELECT "row" FROM main.sync_conflict WHERE why = 'deleted')"""
    ).fetchall():
        values = json.loads(kept)
        if table not in known or id in refused:
            newer += 1
        elif current_row(con, table, id):
            newer += bool(values.keys() - {THERE, INTO, BOOK, *known[table].columns})
        elif table == "account" and book is not None and book not in books:
            continue  # it was handed over to a book that this machine does not read
        else:
            owners = (one for one in known[table].references if one.owns)
            lacks = [one for one in owners if not _is_here(con, values, one.column, one.target)]
            incomplete = any(values.get(column) is None for column in known[table].needed)
            # One that has everything is shown with the next sync, as after an undo.
            missing += bool(lacks or incomplete)
    return RowsAside(newer, missing)


def erased_at(con: sqlite3.Connection) -> str:
    """Return when somebody was erased here last; "" if nobody was.

    A machine that has sent nothing since still has the person: who takes an erasure in writes the
    book anew.
    """
    return keeping.state(con, "erased_at")


def _is_here(con: sqlite3.Connection, values: Row, column: str, target: str) -> bool:
    id = values.get(column)
    kind = target or values.get("kind")
    return id is None or bool(kind in TABLES and current_row(con, str(kind), id))


def conflicts(
    con: sqlite3.Connection, *, account: str = "", dismissed: bool = False
) -> list[Clashed]:
    """Return the conflicts, newest first; of one account, with everything that belongs to it.

    Those that were dismissed or taken are left out, unless `dismissed`.
    """
    found = con.execute(
        'SELECT id, tbl, "row", won, lost, won_at, won_by, lost_at, lost_by, why, seen_at '
        "FROM main.sync_conflict WHERE ? OR seen_at IS NULL ORDER BY won_at DESC, id",
        (dismissed,),
    ).fetchall()
    all_of_them = [_clashed(con, row) for row in found]
    return [one for one in all_of_them if account in ("", one.account)]


def _clashed(con: sqlite3.Connection, row: Sequence[Any]) -> Clashed:
    id, table, of_row, won, lost, won_at, won_by, lost_at, lost_by, why, seen_at = row
    values = as_known(con, table, of_row)
    kind, record = _record(table, of_row, values)
    return Clashed(
        id=id,
        table=table,
        row=of_row,
        won=row_of(won),
        lost=row_of(lost),
        won_at=won_at,
        won_by=won_by,
        lost_at=lost_at,
        lost_by=lost_by,
        why=why,
        seen_at=seen_at,
        kind=kind,
        record=record,
        account=_account(con, table, of_row, values),
        values=values,
    )


def as_known(con: sqlite3.Connection, table: str, id: str) -> Row:
    """Return a row as the book has it, as it keeps it, or as it was when it was deleted."""
    if table in TABLES and (row := current_row(con, table, id)):
        return row
    found = con.execute("SELECT kept FROM main.sync_row WHERE id = ?", (id,)).fetchone()
    if found and (kept := row_of(found[0])):
        return {"id": id, **kept}
    deleted = con.execute(
        "SELECT before FROM change WHERE tbl = ? AND \"row\" = ? AND op = 'delete' "
        "ORDER BY seq DESC LIMIT 1",
        (table, id),
    ).fetchone()
    return row_of(deleted[0]) if deleted else {}


def _record(table: str, id: str, values: Row) -> tuple[str, str]:
    """Return kind and id of the record that a row is, or is a part of."""
    column = PART_OF.get(table)
    if column is None or not values.get(column):
        return table, id
    kind = str(values.get("kind")) if column == "record_id" else column.removesuffix("_id")
    return kind, values[column]


def _account(con: sqlite3.Connection, table: str, id: str, values: Row) -> str:
    """Return the account that a row belongs to, directly or with its record; "" without one."""
    if table == "account":
        return id
    if values.get("account_id"):
        return str(values["account_id"])
    kind, record = _record(table, id, values)
    return (
        ""
        if (kind, record) == (table, id)
        else _account(con, kind, record, as_known(con, kind, record))
    )


def quotes_of_others(con: sqlite3.Connection, after: int) -> list[str]:
    """Return the quotes that commands of other machines changed after this one of the journal."""
    found = con.execute(
        "SELECT q.id FROM main.quote q WHERE EXISTS (SELECT 1 FROM main.change c "
        "JOIN main.command k ON k.seq = c.command WHERE c.record = q.id AND k.seq > :after "
        "AND k.origin IS NOT NULL) OR EXISTS (SELECT 1 FROM main.added a "
        "JOIN main.command k ON k.seq = a.command WHERE a.kind = 'quote' AND k.seq > :after "
        "AND k.origin IS NOT NULL) ORDER BY q.id",
        {"after": after},
    )
    return [id for (id,) in found]


def last_command(con: sqlite3.Connection) -> int:
    """Return the number of the newest command of the journal."""
    return int(con.execute("SELECT coalesce(max(seq), 0) FROM main.command").fetchone()[0])


def unread(con: sqlite3.Connection) -> int:
    """Return how many conflicts were neither taken nor dismissed."""
    sql = "SELECT count(*) FROM main.sync_conflict WHERE seen_at IS NULL"
    return int(con.execute(sql).fetchone()[0])


def short_ids(con: sqlite3.Connection) -> dict[str, str]:
    """Return the shortest tail of each conflict's id that no other conflict has."""
    ids = [id for (id,) in con.execute("SELECT id FROM main.sync_conflict")]
    short: dict[str, str] = {}
    length = lookup.TAIL
    while ids:
        tails: dict[str, list[str]] = {}
        for id in ids:
            tails.setdefault(id[-length:], []).append(id)
        short |= {these[0]: tail for tail, these in tails.items() if len(these) == 1}
        ids = [id for these in tails.values() if len(these) > 1 for id in these]
        length += 1
    return short


def find(con: sqlite3.Connection, typed: Iterable[str]) -> list[Clashed]:
    """Return the conflicts that these ids or tails of ids name, each once.

    Raises `NotFound` or `Ambiguous`.
    """
    known = {one.id: one for one in conflicts(con, dismissed=True)}
    return list({one.id: one for tail in typed for one in [_find(known, tail)]}.values())


def _find(known: Mapping[str, Clashed], typed: str) -> Clashed:
    tail = typed.strip().lower()
    found = [id for id in known if len(tail) >= lookup.TAIL and id.endswith(tail)]
    if len(found) > 1:
        raise Ambiguous(
            f"{text.quoted(typed)} is the end of {len(found)} ids: "
            f"{text.sentence_list(found, 5)}. Write more of it",
            candidates=found,
        )
    if not found:
        raise NotFound(f"no conflict {text.quoted(typed)}. All of them: acct sync conflicts")
    return known[found[0]]


def dismiss(tx: Writing, ids: Iterable[str]) -> int:
    """Mark conflicts as read; return how many were not before."""
    marked = tx.con.executemany(
        "UPDATE main.sync_conflict SET seen_at = ? WHERE id = ? AND seen_at IS NULL",
        [(tx.now, id) for id in ids],
    )
    _unjournalled(tx)
    return marked.rowcount


def offers(con: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield what completion offers for a conflict: its short id, and what it is about."""
    short = short_ids(con)
    for one in conflicts(con):
        named = name_of(con, one.kind, one.record) if one.kind in TABLES else one.record
        cells = [cell for cell in {**one.lost, **one.won} if cell != THERE]
        yield short[one.id], f"{word_of(one.kind)} {named}: {', '.join(cells) or 'deleted'}"


def has_records(con: sqlite3.Connection) -> bool:
    """Whether the book has accounts, people or tasks."""
    kinds = ("account", "contact", "task")
    return any(con.execute(f"SELECT 1 FROM {kind} LIMIT 1").fetchone() for kind in kinds)


def numbered(con: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of all accounts and quotes of the book."""
    return frozenset(
        id for (id,) in con.execute("SELECT id FROM account UNION SELECT id FROM quote")
    )


def forget(tx: Writing) -> None:
    """Empty the tables of the exchange: the book is as one that was never shared."""
    names = tx.con.execute(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name LIKE 'sync\\_%' "
        "ESCAPE '\\'"
    ).fetchall()
    for (name,) in names:
        tx.con.execute(f'DELETE FROM main."{name}"')
    _unjournalled(tx)


def _unjournalled(tx: Writing) -> None:
    """Let the next command know that no other program wrote: nothing here is in the journal."""
    if tx.command is None:
        (tx.first,) = tx.con.execute("SELECT max(seq) FROM main.command").fetchone()
