from __future__ import annotations

from acctcli.store.taken import TakenBundle


def test_only_what_changed_the_book_is_a_change() -> None:
    taken = TakenBundle()
    taken.stays_deleted["contact"] += 1
    assert not taken.changes
    taken.commands = 1
    assert taken.changes
