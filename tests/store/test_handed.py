from __future__ import annotations

from pathlib import Path

from tests.store.making import add, writing

from acctcli.model import KINDS, REF
from acctcli.store import handed, records
from acctcli.store.handed import HandedRecords


def test_every_kind_goes_or_stays() -> None:
    assert {*handed.GOES} | {*handed.STAYS} == {*KINDS}
    assert not {*handed.GOES} & {*handed.STAYS}


def test_what_goes_refers_to_nothing_that_stays() -> None:
    targets = {
        field.target
        for kind in handed.GOES
        for field in KINDS[kind].fields.values()
        if field.type == REF
    }
    left_out = {column for columns in handed.LEFT_OUT.values() for column in columns}
    assert targets - {*handed.GOES} == {"campaign"}
    assert left_out == {"campaign_id"}


def test_a_row_comes_after_those_that_it_refers_to() -> None:
    order = handed.tables()
    assert order.index("account") < order.index("contact") < order.index("log")
    assert order.index("deal") < order.index("item") < order.index("log_contact")
    assert order[-2:] == ["custom", "external_id"]


def test_the_lines_of_an_account_are_its_own(book: Path) -> None:
    with writing(book) as tx:
        acme, birch = (
            add(tx, "account", name="Acme", tags=("expo",)),
            add(tx, "account", name="Birch"),
        )
        mei = add(tx, "contact", name="Mei", account=acme, emails=("mei@acme.com",))
        add(tx, "log", account=birch, contacts=(mei,))
        add(tx, "log", account=acme, contacts=(mei,), summary="Ours")
        gone = add(tx, "log", account=acme, summary="Gone")
        tx.finish()
        found = HandedRecords(tx.con, [acme])
        assert found.counts() == {"account": 1, "contact": 1, "log": 2}
    with writing(book) as tx:
        records.delete(tx, "log", gone)
        tx.finish()
        lines = list(HandedRecords(tx.con, [acme]).lines())
    rows = [line["row"] for line in lines if "row" in line]
    assert rows == ["account", "contact", "log", "tag", "email", "log_contact"]
    assert [line["id"] for line in lines if "gone" in line] == [gone]
    told = {line["id"] for line in lines if "change" in line}
    assert {acme, mei, gone} <= told
    assert birch not in str(lines)


def test_the_words_of_the_settings_are_those_that_occur(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme", tier="gold", custom={"region": "north"})
        add(tx, "deal", account=acme, title="Rollout")
        add(tx, "deal", account=add(tx, "account", name="Birch"), title="x", stage="won")
        used = HandedRecords(tx.con, [acme]).used()
    assert used == (("proposal",), ("gold",), (("account", "region"),)) or used.as_dict() == {
        "stages": ("proposal",),
        "tiers": ("gold",),
        "fields": (("account", "region"),),
    }


def test_owners_are_those_of_accounts_and_deals(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme", owner="Ann")
        add(tx, "deal", account=acme, title="Rollout", owner="Zoe")
        assert handed.owners(tx.con) == ["Ann", "Zoe"]
