"""Groups of accounts: an account with everything below it, whatever the parents are."""

from __future__ import annotations

from typing import Any

from tests.store.making import add

from acctcli.model import KINDS
from acctcli.store import groups, queries
from acctcli.store.journal import Writing


def group(tx: Writing) -> tuple[str, str, str]:
    """Return the ids of three accounts, each below the one before, beside one that is alone."""
    top = add(tx, "account", name="Top")
    middle = add(tx, "account", name="Middle", parent=top)
    low = add(tx, "account", name="Low", parent=middle)
    add(tx, "account", name="Alone")
    return top, middle, low


def named(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def found(tx: Writing, kind: str, *ids: str) -> list[str]:
    """Return the titles of the records of a kind within some groups."""
    listing = queries.Listing([groups.within(kind, ids)], KINDS[kind].title)
    rows = queries.select(tx.con, kind, KINDS[kind].fields, listing, names=[KINDS[kind].title])
    return [row[KINDS[kind].title] for row in rows]


def test_families_and_who_is_in_them(tx: Writing) -> None:
    ids = top, middle, _ = group(tx)
    for id in ids:
        assert groups.top(tx.con, id) == top
    assert named(groups.below(tx.con, middle)) == ["Low", "Middle"]
    assert named(groups.families(tx.con)) == ["Low", "Middle", "Top"]
    assert named(groups.children(tx.con, top)) == ["Middle"]


def test_a_group_is_an_account_and_everything_below_it(tx: Writing) -> None:
    top, middle, low = group(tx)
    assert found(tx, "account", top) == ["Low", "Middle", "Top"]
    assert found(tx, "account", middle) == ["Low", "Middle"]
    assert found(tx, "account", low) == ["Low"]
    assert found(tx, "account") == []
    assert sorted(groups.members(tx.con, [middle, low])) == sorted([middle, low])


def test_records_are_within_the_group_of_their_account(tx: Writing) -> None:
    top, middle, low = group(tx)
    for id, title in ((top, "for the top"), (low, "for the low")):
        add(tx, "deal", account=id, title=title)
    assert found(tx, "deal", top) == ["for the low", "for the top"]
    assert found(tx, "deal", middle) == ["for the low"]


def test_people_linked_from_elsewhere_are_within_it_until_they_leave(tx: Writing) -> None:
    top, middle, low = group(tx)
    alone = tx.con.execute("SELECT id FROM account WHERE name = 'Alone'").fetchone()[0]
    add(tx, "contact", name="Own", account=low)
    for name, last in (("Linked", None), ("Gone", "2026-01-01")):
        person = add(tx, "contact", name=name, account=alone)
        add(tx, "affiliation", contact=person, account=middle, to_on=last)
    assert found(tx, "contact", top) == ["Linked", "Own"]
    assert found(tx, "contact", low) == ["Own"]


def test_a_circle_of_parents_neither_hangs_nor_counts_twice(tx: Writing) -> None:
    top, middle, low = group(tx)
    tx.con.execute("UPDATE account SET parent_id = ? WHERE id = ?", (low, top))
    for id in (top, middle, low):
        assert found(tx, "account", id) == ["Low", "Middle", "Top"]
        assert named(groups.below(tx.con, id)) == ["Low", "Middle", "Top"]
    tx.con.execute("UPDATE account SET parent_id = id WHERE id = ?", (top,))
    assert groups.top(tx.con, low) == top
    assert found(tx, "account", low) == ["Low"]


def test_a_parent_that_is_missing_ends_the_group(tx: Writing) -> None:
    top, middle, low = group(tx)
    tx.con.execute("UPDATE account SET parent_id = 'gone' WHERE id = ?", (middle,))
    assert groups.top(tx.con, low) == middle
    assert named(groups.below(tx.con, middle)) == ["Low", "Middle"]
    tx.con.execute("UPDATE account SET parent_id = ? WHERE id = ?", (top, middle))
