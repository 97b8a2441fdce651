"""The two-way touches with people."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.store.facts import touches
from acctcli.store.journal import Writing


def test_the_touches_with_people_since_a_day(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    mei, raj = (add(tx, "contact", name=name, account=account) for name in ("Mei", "Raj"))
    for at, kind, more in (
        ("2026-11-01", "call", {}),
        ("2026-11-02", "call", {"attempt": 1}),
        ("2026-11-03", "email", {"direction": "out"}),
        ("2026-11-04", "email", {"direction": "in"}),
        ("2026-10-31", "meeting", {}),
    ):
        values: dict[str, Any] = {"at": f"{at}T09:00:00Z", "kind": kind, **more}
        add(tx, "log", account=account, contacts=(mei, raj), **values)
    found = touches.with_people(tx.con, [mei], date(2026, 11, 1))
    assert sorted(found) == [
        (mei, "call", date(2026, 11, 1)),
        (mei, "email", date(2026, 11, 4)),
    ]
    assert len(touches.with_people(tx.con, [mei, raj], date(2026, 10, 1))) == 6
    assert touches.with_people(tx.con, [], date(2026, 10, 1)) == []
