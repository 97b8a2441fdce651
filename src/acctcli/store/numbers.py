"""Numbers that the program gives: those of accounts and of quotes. Nothing else gives one.

They are in letters and invoices, so none is ever given again, not even that of a deleted record,
which `undo` may bring back. The next one follows the highest of its series in the book and among
the deleted ones in the journal. Other machines have series of their own. Where two records still
share one, as after an old backup, one of them gets a new number here; a bundle (`store.taking`) and
a sync (`store.sync.twins`) say which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.frozen import Frozen

if TYPE_CHECKING:
    from acctcli.model import Row
    from acctcli.store.journal import Writing

FIRST_SERIES = "A"
"""The start of account numbers on the first machine of a book: A-0001."""


class Renumbered(Frozen):
    """A record that got another number, because another record has the one it had before."""

    kind: str
    id: str
    name: str
    before: str
    now: str


_GIVEN = (
    'SELECT max(CAST(substr(number, :digits) AS INTEGER)) FROM (SELECT number FROM "{kind}" '
    "UNION ALL SELECT CASE WHEN json_valid(before) THEN json_extract(before, '$.number') END "
    "FROM change WHERE tbl = '{kind}' AND op = 'delete') "
    "WHERE substr(number, 1, length(:start)) = :start"
)


def series(tx: Writing) -> str:
    """Return the letters before account numbers on this machine; others have series of their own.

    So two machines never give the same number, even before they meet.
    """
    row = tx.con.execute("SELECT v FROM main.sync_state WHERE k = 'series'").fetchone()
    return str(row[0]) if row else FIRST_SERIES


def note_accounts(tx: Writing, brought: Iterable[str | None]) -> None:
    """Note the account numbers that new records bring: the next one follows them."""
    start = f"{series(tx)}-"
    given = [int(one[len(start) :]) for one in brought if one and one.startswith(start)]
    if given:
        tx.last_number = f"{start}{max(*given, _last_account(tx)):04d}"


def next_account(tx: Writing) -> str:
    """Return the next account number of this machine: nobody gets it again."""
    last = _last_account(tx)
    start = (tx.last_number or f"{series(tx)}-").rpartition("-")[0]
    tx.last_number = f"{start}-{last + 1:04d}"
    return tx.last_number


def _last_account(tx: Writing) -> int:
    """Return the highest account number of our series: in the book, deleted, or being added."""
    if tx.last_number is None:
        start = f"{series(tx)}-"
        tx.last_number = f"{start}{_last(tx, 'account', start):04d}"
    return int(tx.last_number.rpartition("-")[2])


def given_anew(tx: Writing, kind: str, losing: Iterable[str], form: str) -> list[Renumbered]:
    """Give records (ids) a new number, because each shares its own with a record that keeps it.

    Of quotes, `form` is that of a number; all versions of an offer get the new one.
    """
    given: list[Renumbered] = []
    for id in losing:
        row = tx.read(kind, id)
        if row is None or any(one.id == id for one in given):
            continue
        new = [(row, {"number": next_account(tx)})] if kind == "account" else []
        for one, values in new or _offer_anew(tx, row, form):
            if kind == "quote":
                values["name_key"] = text.key(values["number"])
            tx.update(kind, one["id"], values)
            name = str(one["name" if kind == "account" else "title"])
            given.append(Renumbered(kind, one["id"], name, one["number"], values["number"]))
    tx.touch(kind, [one.id for one in given])
    return given


def _offer_anew(tx: Writing, row: Row, form: str) -> list[tuple[Row, Row]]:
    """Return the rows of an offer that need another number, each with its new values."""
    root = first_of(row["number"], row["version"])
    versions = [
        one
        for one in tx.rows("quote", "deal_id", row["deal_id"])
        if first_of(one["number"], one["version"]) == root
    ]
    if [one["number"] for one in versions].count(row["number"]) > 1:
        # Two machines made the next version of one offer: this one comes after the other.
        version = next_version(tx, root, row["version"])
        number = of_version(root, version, series(tx))
        return [(row, {"number": number, "version": version})]
    new = next_quote(tx, form, int(row["created_at"][:4]))
    return [(one, {"number": new + one["number"].removeprefix(root)}) for one in versions]


def next_quote(tx: Writing, form: str, year: int) -> str:
    """Return the number of a new quote, such as Q-2026-0007, by the form in the settings.

    The form ends in `{number}`, which counts from 1 for each text before it.
    """
    start = form.removesuffix("{number}").replace("{year}", str(year)).upper()
    own = series(tx)
    if own != FIRST_SERIES:
        start += own  # Q-2026-B0007 on the second machine
    return f"{start}{_last(tx, 'quote', start) + 1:04d}"


def is_given(tx: Writing, kind: str, number: str, *, but: str) -> bool:
    """Whether another record than `but` has this number, or had it when it was deleted."""
    sql = (
        f'SELECT 1 FROM "{kind}" WHERE number = :number AND id <> :but UNION ALL SELECT 1 '
        f"FROM change WHERE tbl = '{kind}' AND op = 'delete' AND \"row\" <> :but AND CASE "
        "WHEN json_valid(before) THEN json_extract(before, '$.number') END = :number LIMIT 1"
    )
    return tx.con.execute(sql, {"number": number, "but": but}).fetchone() is not None


def before(tx: Writing, kind: str, id: str) -> str | None:
    """Return the number that a record had here when it was deleted; None if it never was."""
    row = tx.con.execute(
        "SELECT CASE WHEN json_valid(before) THEN json_extract(before, '$.number') END "
        "FROM change WHERE record = ? AND tbl = ? AND \"row\" = record AND op = 'delete' "
        "ORDER BY seq DESC LIMIT 1",
        (id, kind),
    ).fetchone()
    return row[0] if row else None


def following_quote(tx: Writing, number: str, others: Iterable[str]) -> str:
    """Return the next number of the series of a quote's number that neither these have."""
    start = number.rstrip("0123456789")
    brought = [int(one[len(start) :]) for one in others if one.startswith(start)]
    return f"{start}{max(_last(tx, 'quote', start), *brought, 0) + 1:04d}"


def next_version(tx: Writing, first: str, last: int) -> int:
    """Return the next version of the quote whose first version has this number."""
    return max(last, _last(tx, "quote", of_version(first, 0).removesuffix("0"))) + 1


def of_version(number: str, version: int, own: str = FIRST_SERIES) -> str:
    """Return the number of a version of a quote: Q-2026-0007, then Q-2026-0007-2.

    `own` is the series of this machine: the second one makes Q-2026-0007-B2 of the same quote.
    """
    letters = "" if own == FIRST_SERIES else own
    return number if version == 1 else f"{number}-{letters}{version}"


def first_of(number: str, version: int) -> str:
    """Return the number of the first version of the quote of which this is a version."""
    return number if version == 1 else re.sub(f"-[A-Z]*{version}$", "", number)


def _last(tx: Writing, kind: str, start: str) -> int:
    """Return the highest number after this start that a record of the kind has or had."""
    given = {"digits": len(start) + 1, "start": start}
    (last,) = tx.con.execute(_GIVEN.format(kind=kind), given).fetchone()
    return last or 0
