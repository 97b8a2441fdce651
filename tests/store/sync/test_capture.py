from __future__ import annotations

import pytest
from tests.store.sync.pairing import Paired, settle

from acctcli.store.sync import changefile
from acctcli.store.sync.capture import moment_of
from acctcli.store.sync.cells import NEW
from acctcli.store.sync.changefile import ChangeFile

Two = tuple[Paired, Paired]


def sent(machine: Paired) -> ChangeFile:
    """Return the newest file of a machine."""
    found = list(machine.carrier.fetch("book", {}))
    blobs = [blob for device, _, blob in found if device == machine.me.device]
    return changefile.read(blobs[-1], "the newest")


@pytest.mark.parametrize(
    ("at", "milliseconds"),
    [
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T00:00:01.234Z", 1_234),
        ("yesterday", 0),
        ("", 0),
    ],
)
def test_a_moment_in_milliseconds(at: str, milliseconds: int) -> None:
    assert moment_of(at) == milliseconds


def test_a_new_record_goes_whole_and_says_only_what_it_has(two: Two) -> None:
    ann, _ = two
    ann.sync()
    ann("account", "add", "Acme", "--city", "Oslo")
    assert ann.sync().captured == 1
    (change,) = sent(ann).changes
    assert change.replaced == NEW
    assert change.cells["city"] == "Oslo"
    assert "region" not in change.cells
    assert "name_key" not in change.cells


def test_an_edit_sends_what_it_changed_and_which_version_that_had(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme")
    ann.sync()
    ann("account", "edit", "Acme", "--city", "Rome")
    ann.sync()
    (change,) = sent(ann).changes
    assert change.cells.keys() == {"city", "updated_at"}
    assert change.replaced.keys() == change.cells.keys()
    assert change.at > change.replaced["city"][0]
    told = sent(ann).commands
    assert [one.who for one in told.values()] == ["ann"]
    assert "Acme" in next(iter(told.values())).says


def test_what_says_one_thing_goes_together(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme")
    ann("deal", "add", "Acme", "Licence", "--amount", "1000 EUR")
    ann.sync()
    ann("deal", "edit", "Licence", "--amount", "2000 EUR")
    ann.sync()
    cells = [change.cells for change in sent(ann).changes if change.table == "deal"]
    assert [(one["amount"], one["currency"]) for one in cells] == [(200000, "EUR")]


def test_what_was_changed_and_changed_back_is_nothing(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme", "--city", "Rome")
    ann.sync()
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann("undo")
    ann.sync()
    assert "city" not in {c for change in sent(ann).changes[1:] for c in change.cells}
    ann("account", "add", "Passing")
    ann("undo")
    assert ann.sync().captured == 0


def test_a_command_from_the_future_gets_the_time_of_the_sync(two: Two) -> None:
    ann, _ = two
    ann("account", "add", "Acme")
    ann.run(
        "account", "edit", "Acme", "--city", "Rome",
        env={"ACCTCLI_DB": str(ann.book), "ACCTCLI_TODAY": "2031-01-01"},
    )  # fmt: skip
    ann.sync()
    assert max(change.at for change in sent(ann).changes) < moment_of("2026-12-01T00:00:00Z")


def test_an_import_is_captured_row_by_row(two: Two) -> None:
    ann, ben = two
    file = ann.home / "accounts.csv"
    file.write_text("name,city\n" + "".join(f"Firm {n},Rome\n" for n in range(250)))
    ann("import", str(file), "--as", "accounts")
    assert ann.sync().sent == 250
    settle(ann, ben)
    assert ben.value("SELECT count(*) FROM account WHERE city = 'Rome'") == 250


def test_only_a_full_sync_finds_what_another_program_changed(two: Two) -> None:
    ann, ben = two
    for name in ("Acme", "Globex", "Initech"):
        ann("account", "add", name)
    settle(ann, ben)
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(ann.book)) as con, con:
        con.execute("UPDATE account SET city = 'Turin' WHERE name = 'Acme'")
        con.execute("DELETE FROM account WHERE name = 'Globex'")
        con.execute("UPDATE account SET name_key = 'x' WHERE name = 'Initech'")
    assert ann.sync().captured == 0
    assert ann.sync(full=True).captured == 2
    ben.sync()
    assert ben.rows("SELECT name, city FROM account ORDER BY name") == [
        ("Acme", "Turin"),
        ("Initech", None),
    ]
    assert ann.sync(full=True).captured == 0
