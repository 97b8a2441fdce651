from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.store.making import add, writing

from acctcli.domain.keeping import richest
from acctcli.model import KINDS
from acctcli.store import campaigns, merge, records, undo
from acctcli.store.campaigns import Chosen
from acctcli.store.journal import Writing


def rows(tx: Writing) -> list[dict[str, Any]]:
    names = ("id", "contact_id", "account_id", "state", "joined_on")
    found = tx.con.execute(f"SELECT {', '.join(names)} FROM campaign_member ORDER BY id")
    return [dict(zip(names, row, strict=True)) for row in found]


def joined(tx: Writing, kind: str, keep: str, other: str) -> merge.Merged:
    return merge.merge(tx, kind, KINDS[kind].fields, keep, [other], richest)


def test_a_member_has_the_same_id_on_every_machine(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        mei = add(tx, "contact", name="Mei", account=acme)
        push = add(tx, "campaign", name="Push")
        added = campaigns.add(tx, push, [Chosen("contact", mei), Chosen("account", acme)])
        assert len(added.new) == 2
        by_import = records.new_id("campaign_member", {"campaign": push, "contact": mei})
        elsewhere = {"campaign": push, "contact": mei, "account": "another account"}
        assert by_import == records.new_id("campaign_member", elsewhere)
        assert by_import == campaigns.member_id(push, Chosen("contact", mei))
        assert by_import in {row["id"] for row in rows(tx)}


def test_choosing_somebody_twice_changes_nothing(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        push = add(tx, "campaign", name="Push")
        mei = Chosen("contact", add(tx, "contact", name="Mei", account=acme))
        campaigns.add(tx, push, [mei, mei], state="replied")
        before = rows(tx)
        again = campaigns.add(tx, push, [mei])
    assert (list(again.new), list(again.there)) == ([], [mei])
    assert before[0] | {"id": ""} == {
        "id": "",
        "contact_id": mei.id,
        "account_id": acme,
        "state": "replied",
        "joined_on": "2026-11-22",
    }


@pytest.mark.parametrize("kind", ["account", "contact"])
def test_a_merge_leaves_one_member_with_the_furthest_state(book: Path, kind: str) -> None:
    with writing(book) as tx:
        push, other_push = (add(tx, "campaign", name=name) for name in ("Push", "Other"))
        keep, other = (add(tx, kind, name=name) for name in ("A", "B"))
        campaigns.add(tx, push, [Chosen(kind, keep)], state="reached")
        campaigns.add(tx, push, [Chosen(kind, other)], state="meeting")
        campaigns.add(tx, other_push, [Chosen(kind, other)])
    before = books.dump(book)
    with writing(book) as tx:
        merged = joined(tx, kind, keep, other)
        found = {row["id"]: row for row in rows(tx)}
        both = (campaigns.member_id(one, Chosen(kind, keep)) for one in (push, other_push))
        assert found.keys() == set(both)
        assert found[campaigns.member_id(push, Chosen(kind, keep))]["state"] == "meeting"
        assert merged.moved["campaign_member"] == merged.joined["campaign_member"] == 1
        assert [(one.what, one.kept, one.left) for one in merged.left] == [
            ("state", "meeting", "reached")
        ]
        assert 'in campaign "Push"' in merged.left[0].where
        tx.says = "Merged."
    with writing(book) as tx:
        undo.undo(tx, undo.last_undoable(tx.con))
    assert books.sound(book)
    after = books.dump(book)
    assert after["campaign_member"] == before["campaign_member"]


def test_people_stay_in_campaigns_when_their_account_is_merged_or_deleted(book: Path) -> None:
    with writing(book) as tx:
        keep, other, third = (add(tx, "account", name=name) for name in "ABC")
        mei = add(tx, "contact", name="Mei", account=other)
        add(tx, "affiliation", contact=mei, account=third)
        push = add(tx, "campaign", name="Push")
        campaigns.add(tx, push, [Chosen("contact", mei), Chosen("account", other)])
        member = campaigns.member_id(push, Chosen("contact", mei))
        joined(tx, "account", keep, other)
        assert [row["account_id"] for row in rows(tx)] == [keep, keep]
        records.delete(tx, "account", keep)
        assert [(row["id"], row["account_id"]) for row in rows(tx)] == [(member, third)]
    assert books.sound(book)


def test_what_is_deleted_leaves_its_campaigns_and_deals_stay(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        mei = add(tx, "contact", name="Mei", account=acme)
        push = add(tx, "campaign", name="Push")
        campaigns.add(tx, push, [Chosen("contact", mei), Chosen("account", acme)])
        deal = add(tx, "deal", account=acme, title="D", campaign=push)
        records.delete(tx, "contact", mei)
        assert [row["account_id"] for row in rows(tx)] == [acme]
        assert records.belongings(tx.con, "campaign", [push]) == {"campaign_member": 1}
        records.delete(tx, "campaign", push)
        assert rows(tx) == []
        assert (tx.read("deal", deal) or {})["campaign_id"] is None
    assert books.sound(book)
