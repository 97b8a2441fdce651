"""Which records of a bundle are here already; the rest is in the tests of `account handover`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.store.making import add, writing
from tests.store.test_staged import ACCOUNT, ID, OTHER, STAMPS, fill

from acctcli.store import records
from acctcli.store.arriving import Arriving
from acctcli.store.journal import Writing
from acctcli.store.staged import StagedBundle
from acctcli.store.taken import TakenBundle

NewStage = Callable[[], StagedBundle]

SEATS = {"row": "product", "id": OTHER, "cells": {"name": "SEATS", "active": 1, **STAMPS}}
CALL: dict[str, Any] = {
    "row": "log",
    "id": OTHER,
    "cells": {"account_id": ID, "kind": "call", "at": STAMPS["created_at"], "summary": "Hi"}
    | STAMPS,
}


def arriving(tx: Writing, stage: StagedBundle, *lines: dict[str, Any]) -> Arriving:
    fill(stage, *lines)
    return Arriving(tx.con, stage, TakenBundle())


def test_a_product_of_the_same_name_stands_for_theirs(book: Path, new_stage: NewStage) -> None:
    with writing(book) as tx:
        seats = add(tx, "product", name="Seats")
        found = arriving(tx, new_stage(), ACCOUNT, SEATS)
        assert found.reference("product", OTHER) == seats
        assert list(found.resolved("product")) == []
        assert found.coming["account"] == {ID}


def test_what_was_deleted_here_does_not_come_nor_what_belongs_to_it(
    book: Path, new_stage: NewStage
) -> None:
    with writing(book) as tx:
        add(tx, "account", id=ID, name="Acme")
    with writing(book) as tx:
        records.delete(tx, "account", ID)
    with writing(book) as tx:
        found = arriving(tx, new_stage(), ACCOUNT, CALL)
        assert [*found.resolved("account"), *found.resolved("log")] == []
        assert found.done.stays_deleted == {"account": 1}
        assert found.done.left_out == {"log": 1}


def test_a_deletion_that_an_undo_of_an_import_made_is_none(book: Path, new_stage: NewStage) -> None:
    with writing(book) as tx:
        add(tx, "account", id=ID, name="Acme")
        tx.con.execute("INSERT INTO bundle VALUES (?, '', 'Ann', '')", (tx.command,))
        first = tx.command
    with writing(book) as tx:
        tx.undoes = first
        records.delete(tx, "account", ID)
    with writing(book) as tx:
        assert [row.id for row in arriving(tx, new_stage(), ACCOUNT).resolved("account")] == [ID]


def test_a_reference_to_what_is_nowhere_is_empty_and_named(book: Path, new_stage: NewStage) -> None:
    with writing(book) as tx:
        child = {**ACCOUNT, "cells": ACCOUNT["cells"] | {"parent_id": OTHER}}
        found = arriving(tx, new_stage(), child)
        (row,) = found.resolved("account", noting=True)
        assert row.values["parent_id"] is None
        (unlinked,) = found.done.unlinked
        assert (unlinked.name, unlinked.column) == ("Acme", "parent_id")
