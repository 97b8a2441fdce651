"""Two-way touches with people, by person: what relationships and the risk of deals rest on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from acctcli.domain.strength import Touch
from acctcli.store.columns import TWO_WAY
from acctcli.store.facts.reading import columns, read
from acctcli.values.dates import iso
from acctcli.values.fields import bounds_of_day


def with_people(con: sqlite3.Connection, ids: Sequence[str], since: date) -> list[Touch]:
    """The two-way touches with these people since a day, at whatever account."""
    chosen = columns(Touch, "w", kind="t.kind", day="date(t.at, 'localtime')")
    return read(
        con,
        Touch,
        f"SELECT {chosen} FROM log_contact w JOIN log t ON t.id = w.log_id "
        "WHERE w.contact_id IN (SELECT value FROM json_each(?)) "
        f"AND t.at >= ? AND {TWO_WAY}",
        (json.dumps(ids), iso(bounds_of_day(since)[0])),
    )
