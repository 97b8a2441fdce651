"""Numbers that the program gives: those of accounts and of quotes.

They are in letters and invoices, so none is ever given again, not even that of a deleted record,
which `undo` may bring back. The next one follows the highest of its series in the book and among
the deleted ones in the journal. Other machines have series of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acctcli.store.journal import Writing

FIRST_SERIES = "A"
"""The start of account numbers on the first machine of a book: A-0001."""

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


def last_account(tx: Writing, records: Iterable[tuple[Mapping[str, Any], object]]) -> int:
    """Return the highest account number of our series: in the book, deleted, or being added."""
    start = f"{series(tx)}-"
    if tx.last_number is None:
        tx.last_number = _last(tx, "account", start)
    brought = (
        int(values["number"][len(start) :])
        for values, _ in records
        if (values.get("number") or "").startswith(start)
    )
    tx.last_number = max(tx.last_number, *brought, 0)
    return tx.last_number


def given_anew(tx: Writing, ours: Iterable[str]) -> list[tuple[str, str, str]]:
    """Give those of our accounts (ids) a new number whose number another account has as well.

    Return the name of each, and its number before and now.
    """
    found = tx.con.execute(
        "SELECT id, name, number FROM account WHERE id IN (SELECT value FROM json_each(?)) AND "
        "number IN (SELECT number FROM account GROUP BY number HAVING count(*) > 1) "
        "ORDER BY number, id",
        (json.dumps(list(ours)),),
    ).fetchall()
    last = last_account(tx, ()) if found else 0
    given = []
    for count, (id, name, number) in enumerate(found, 1):
        new = f"{series(tx)}-{last + count:04d}"
        tx.update("account", id, {"number": new})
        given.append((name, number, new))
    tx.touch("account", [id for id, _, _ in found])
    return given


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
