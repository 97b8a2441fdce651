from __future__ import annotations

from pathlib import Path

from tests.store.making import add, writing

from acctcli.store import happened, records


def test_a_row_that_changed_twice_is_told_once_as_it_was_and_as_it_is(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme", city="Bonn")
        gone = add(tx, "account", name="Gone")
    with writing(book) as tx:
        records.update(tx, "account", acme, {"city": "Oslo"})
        records.update(tx, "account", acme, {"city": "Rome", "industry": "energy"})
        records.delete(tx, "account", gone)
        new = add(tx, "account", name="New")
        passing = add(tx, "account", name="Passing")
        records.delete(tx, "account", passing)
        found, count = happened.changes(tx.con, tx.number(), 100)
    told = {change["id"]: change for change in found}
    assert count == len(found) == 3
    before, after = told[acme]["before"], told[acme]["after"]
    assert before is not None
    assert after is not None
    assert (before["city"], before["industry"], before["name"]) == ("Bonn", None, "Acme")
    assert (after["city"], after["industry"]) == ("Rome", "energy")
    assert (told[new]["before"], told[gone]["after"]) == (None, None)


def test_new_rows_in_bulk_are_told_up_to_the_limit(book: Path) -> None:
    with writing(book) as tx:
        records.insert_all(tx, "account", [({"name": f"A {n}"}, {}) for n in range(300)])
        tx.keep_waiting()
        found, count = happened.changes(tx.con, tx.number(), 50)
    assert (len(found), count) == (50, 300)
    assert all(change["before"] is None and change["after"] for change in found)


def test_many_changed_rows_are_cut_at_the_limit_in_order(book: Path) -> None:
    with writing(book) as tx:
        ids = [add(tx, "account", name=f"A {n}", city="Bonn") for n in range(30)]
    with writing(book) as tx:
        for id in ids:
            records.update(tx, "account", id, {"city": "Oslo"})
        records.update(tx, "account", ids[0], {"city": "Rome"})
        found, count = happened.changes(tx.con, tx.number(), 10)
    assert ([change["id"] for change in found], count) == (ids[:10], 30)
    assert found[0]["after"] is not None
    assert found[0]["after"]["city"] == "Rome"
