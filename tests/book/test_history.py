from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests import books, strain
from tests.store.making import account, command

from acctcli.book import history
from acctcli.domain.keeping import richest
from acctcli.model import KINDS
from acctcli.store import history as journal
from acctcli.store import merge, records
from acctcli.store import undo as going_back
from acctcli.store.journal import writing
from acctcli.store.opening import snapshot

TODAY = date(2026, 11, 22)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    books.create(tmp_path / "book.db")
    return tmp_path / "book.db"


def told(path: Path, kind: str, id: str, **asked: Any) -> list[tuple[str, str, str]]:
    """Return (kind, record, what) of each line that people would read."""
    with snapshot(path) as con:
        rows = history.changes(con, kind, id, today=TODAY, merged=True, **asked)
    return [(row["kind"], row["record"], row["what"]) for row in rows]


def fields(path: Path, kind: str, id: str) -> list[tuple[Any, ...]]:
    with snapshot(path) as con:
        rows = history.changes(con, kind, id, today=TODAY)
    return [(row["operation"], row["field"], row["old"], row["new"]) for row in rows]


def test_a_deal_from_beginning_to_end(path: Path) -> None:
    with command(path) as tx:
        greentech = account(tx)
        given = {"title": "Rollout", "stage": "proposal", "opened_on": "2026-11-01"}
        deal = records.insert(
            tx, "deal", {"account": greentech, "amount": 100_000_00, "currency": "SGD", **given}
        )
    with command(path) as tx:
        records.update(tx, "deal", deal, {"stage": "negotiation", "close_date": "2026-12-15"})
    with command(path) as tx:
        records.update(tx, "deal", deal, {"title": "Platform rollout", "amount": 120_000_50})
    with command(path) as tx:
        records.delete(tx, "deal", deal)
    assert told(path, "deal", deal) == [
        ("deal", "Platform rollout", "deleted"),
        (
            *("deal", "Platform rollout"),
            "title Rollout → Platform rollout, amount 100,000 SGD → 120,000.50 SGD",
        ),
        ("deal", "Rollout", "stage proposal → negotiation, close date set to Tue 15 Dec"),
        ("deal", "Rollout", "added"),
    ]
    assert fields(path, "deal", deal) == [
        ("deleted", None, None, None),
        ("changed", "amount", "100000.00", "120000.50"),
        ("changed", "title", "Rollout", "Platform rollout"),
        ("changed", "close_date", None, "2026-12-15"),
        ("changed", "stage", "proposal", "negotiation"),
        ("added", None, None, None),
    ]


def test_an_amount_is_said_in_the_currency_of_that_time(path: Path) -> None:
    with command(path) as tx:
        product = records.insert(tx, "product", {"name": "S", "price": 12_00, "currency": "SGD"})
    with command(path) as tx:
        records.update(tx, "product", product, {"price": 1500, "currency": "JPY"})
    assert told(path, "product", product)[0][2] == "price 12 SGD → 1,500 JPY"


def test_lists_and_custom_fields(path: Path) -> None:
    with command(path) as tx:
        mei = records.insert(tx, "contact", {"name": "Mei", "emails": ("a@x.com", "b@x.com")})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"emails": ("b@x.com", "c@x.com")}, {"size": "L"})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"do_not_contact": True}, {"size": "XL"})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"notes": "Likes orchids"}, {"size": None})
    assert [what for _, _, what in told(path, "contact", mei)] == [
        "notes added, size XL removed",
        "do not contact no → yes, size L → XL",
        "email a@x.com removed, email c@x.com added, size L added",
        "added",
    ]


def test_references_are_said_by_name_even_when_they_are_gone(path: Path) -> None:
    with command(path) as tx:
        old, new = account(tx, "Old Ltd"), account(tx, "New Ltd")
        mei = records.insert(tx, "contact", {"name": "Mei", "account": old})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"account": new})
        records.delete(tx, "account", old)
    assert told(path, "contact", mei)[0][2] == "account Old Ltd → New Ltd"


def test_the_history_of_an_account_has_what_belongs_to_it_and_only_while_it_did(path: Path) -> None:
    with command(path) as tx:
        old, new = account(tx, "Old Ltd"), account(tx, "New Ltd")
        mei = records.insert(tx, "contact", {"name": "Mei", "account": old})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"title": "CFO"})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"account": new})
    with command(path) as tx:
        records.update(tx, "contact", mei, {"title": "CEO"})
    assert told(path, "account", old) == [
        ("contact", "Mei", "account Old Ltd → New Ltd"),
        ("contact", "Mei", "title set to CFO"),
        ("contact", "Mei", "added"),
        ("account", "Old Ltd", "added"),
    ]
    assert told(path, "account", new, kinds=["contact"]) == [("contact", "Mei", "title CFO → CEO")]


def test_since_and_limit(path: Path) -> None:
    with command(path, "2026-11-01T09:00:00Z") as tx:
        id = account(tx)
    for day in (2, 3, 4):
        with command(path, f"2026-11-0{day}T09:00:00Z") as tx:
            records.update(tx, "account", id, {"employees": day})
    assert len(told(path, "account", id, since="2026-11-03T00:00:00Z")) == 2
    assert [what for *_, what in told(path, "account", id, limit=1)] == ["employees 3 → 4"]
    with snapshot(path) as con:
        assert [row["seq"] for row in journal.commands(con, since="2026-11-03")] == [4, 3]
        assert [row["seq"] for row in journal.commands(con, limit=2)] == [4, 3]


def test_a_moment_that_is_given_belongs_to_what_is_told(path: Path) -> None:
    with command(path, "2026-11-20T09:00:00Z") as tx:
        id = account(tx)
        person = records.insert(tx, "contact", {"name": "Mei", "account": id})
    with command(path, "2026-11-21T09:00:00Z") as tx:
        records.update(tx, "account", id, {"name": "Green"})
    with command(path, "2026-11-22T09:00:00Z") as tx:
        records.update(tx, "contact", person, {"title": "CFO"})
    at = "2026-11-21T09:00:00Z"
    assert [kind for kind, *_ in told(path, "account", id, since=at)] == ["contact", "account"]
    # Lines that are left out do not count, and do not end the list.
    assert [kind for kind, *_ in told(path, "account", id, kinds=["account"], limit=2)] == [
        *("account", "account")
    ]
    assert len(told(path, "account", id, limit=1)) == 1
    assert len(told(path, "account", id, limit=9)) == 4
    with snapshot(path) as con:
        assert [row["id"] for row in journal.commands(con, since=at)] == ["3", "2"]
        assert [row["records"] for row in journal.commands(con)] == [1, 1, 2]


def test_a_merge_is_told_line_by_line_with_what_it_brought(path: Path) -> None:
    with command(path) as tx:
        one, other = (account(tx, name) for name in "AB")
        for text in ("T1", "T2"):
            records.insert(tx, "task", {"account": other, "text": text})
        bought = {"amount": 1, "currency": "SGD", "purchased_on": "2026-01-01"}
        records.insert(tx, "purchase", {"account": other, **bought})
    with command(path) as tx:
        choose = partial(richest, prefer_other=False)
        merge.merge(tx, "account", KINDS["account"].fields, one, [other], choose)
    brought = ", with 2 tasks and 1 purchase"
    moved = [
        *(("task", "T2", "account B → A"), ("task", "T1", "account B → A")),
        ("purchase", "purchase", "account B → A"),
    ]
    lines = told(path, "account", one)
    assert lines[0] == ("account", "B", f"merged into A{brought}")
    assert lines[2] == ("account", "A", "alias B added")
    assert lines[3:6] == moved
    with command(path) as tx:
        going_back.undo(tx, 2)
    assert told(path, "account", other)[0] == ("account", "B", "added by an undo")
    with command(path) as tx:
        going_back.undo(tx, going_back.last_undo(tx.con))
    lines = told(path, "account", one)
    assert lines[0] == ("account", "B", f"merged into A again{brought}")
    assert lines[3:6] == moved


def test_a_merge_says_from_whom_each_value_came(path: Path) -> None:
    with command(path) as tx:
        one = account(tx, "A", website="a.com", description="Anvils")
        given = {"website": "b.com", "phone": "+651", "tags": ("vip",), "tier": "key"}
        other = account(tx, "B", aliases=("Bee",), description="Rockets", **given)
        third = account(tx, "C", other_phones=("+652",))
    with command(path) as tx:
        choose = partial(richest, prefer_other=False)
        merge.merge(tx, "account", KINDS["account"].fields, one, [other, third], choose)
    said = {what for kind, name, what in told(path, "account", one) if name == "A"}
    assert said >= {
        "tier set to key, from B",
        "phone set to +651, from B",
        "other website b.com added, from B",
        "other phone +652 added, from C",
        "tag vip added, from B",
        "alias B added",
        "alias Bee added, from B",
        "alias C added",
        'description: added "Rockets", from B',
    }


def test_that_two_are_not_the_same_and_may_be_again(path: Path) -> None:
    with command(path) as tx:
        one, other = (account(tx, name) for name in "AB")
    with command(path) as tx:
        merge.say_distinct(tx, "account", one, other)
    with command(path) as tx:
        (pair,) = tx.rows("distinct_account", "account_id", one)
        tx.delete("distinct_account", pair["id"])
    assert [what for *_, what in told(path, "account", one)] == [
        *("may be the same as B", "not the same as B", "added")
    ]


def test_what_became_of_a_long_text(path: Path) -> None:
    with command(path) as tx:
        id = account(tx)
    texts = ("One.\nTwo.", "One.\nTwo.\nThree.", "Two.\nThree.", "Other", None)
    for text in texts:
        with command(path) as tx:
            records.update(tx, "account", id, {"description": text})
    assert [what for *_, what in told(path, "account", id)] == [
        "description removed",
        "description rewritten",
        'description: removed "One."',
        'description: added "Three."',
        "description added",
        "added",
    ]
    assert [(old, new) for _, _, old, new in fields(path, "account", id)[:-1]] == [
        *zip(reversed(texts[:-1]), reversed(texts[1:]), strict=True),
        (None, texts[0]),
    ]


def test_what_only_passed_by_is_not_told(path: Path) -> None:
    with command(path) as tx:
        id = account(tx, tags=("before",))
    with command(path) as tx:
        tx.insert("tag", {"id": "t", "account_id": id, "tag": "passing", "position": 0})
        tx.delete("tag", "t")
        records.update(tx, "account", id, {"tags": ("after",)})
    assert told(path, "account", id)[0][2] == "tag before removed, tag after added"


def test_the_lines_of_a_deal(path: Path) -> None:
    with command(path) as tx:
        one, other = (account(tx, name) for name in "AB")
        given = {"title": "Rollout", "stage": "proposal", "opened_on": "2026-11-01"}
        deal = records.insert(tx, "deal", {"account": one, **given})
        support = records.insert(tx, "product", {"name": "Support"})
        item = records.insert(tx, "item", {"deal": deal, "account": one, "product": support})
    with command(path) as tx:
        records.update(tx, "deal", deal, {"account": other})  # the line goes along
    with command(path) as tx:
        records.update(tx, "item", item, {"quantity": 3})
    with command(path) as tx:
        records.delete(tx, "item", item)
    assert [what for *_, what in told(path, "deal", deal)] == [
        *("item Support removed", "item Support: quantity 1 → 3", "account A → B", "added")
    ]


def test_a_purchase_is_called_by_its_product(path: Path) -> None:
    with command(path) as tx:
        id, support = account(tx), records.insert(tx, "product", {"name": "Support"})
        given = {"account": id, "amount": 1, "currency": "SGD", "purchased_on": "2026-01-01"}
        named = records.insert(tx, "purchase", {**given, "product": support})
        nameless = records.insert(tx, "purchase", given)
    assert told(path, "purchase", named) == [("purchase", "Support", "added")]
    assert told(path, "purchase", nameless) == [("purchase", "purchase", "added")]
    with command(path) as tx:
        records.delete(tx, "purchase", named)
    assert told(path, "purchase", named)[0] == ("purchase", "Support", "deleted")


def test_an_undo_is_told_as_one(path: Path) -> None:
    with command(path) as tx:
        id = account(tx)
    with command(path) as tx:
        records.delete(tx, "account", id)
    with command(path) as tx:
        going_back.undo(tx, 2)
    assert [what for *_, what in told(path, "account", id)] == [
        "added by an undo",
        "deleted",
        "added",
    ]


def test_what_was_changed_by_hand_does_not_break_the_telling(path: Path) -> None:
    with command(path) as tx:
        id = account(tx, tags=("a",))
    with command(path) as tx:
        records.update(tx, "account", id, {"name": "B", "tags": ("a", "b")}, {"x": "1"})
    with command(path) as tx:
        records.update(tx, "account", id, {}, {"x": "2"})
    for table in ("tag", "custom", "account"):
        books.change(path, f"DELETE FROM {table}")
    assert [kind for kind, *_ in told(path, "account", id)] == ["account", "account"]


def test_nothing_is_cut_out_of_machine_values(path: Path) -> None:
    long = "word " * 80
    with command(path) as tx:
        id = account(tx)
    with command(path) as tx:
        records.update(tx, "account", id, {"industry": long})
    assert fields(path, "account", id)[0] == ("changed", "industry", None, long)
    assert len(told(path, "account", id)[0][2]) < 100


def test_the_last_changes_do_not_wait_for_all_to_be_read(path: Path) -> None:
    def reading(logs: int) -> tuple[int, int]:
        book = path.with_name(f"{logs}.db")
        books.create(book)
        with command(book) as tx:
            greentech = account(tx)
            call = {"account": greentech, "kind": "call", "at": "2026-11-01T09:00:00Z"}
            records.insert_all(tx, "log", [({**call, "summary": "Talked"}, {})] * logs)
        with command(book) as tx:
            records.update(tx, "account", greentech, {"tier": "key"})

        def commands() -> None:
            with snapshot(book) as con:
                assert len(journal.commands(con, limit=20, counted=False)) == 2

        def changes() -> None:
            with snapshot(book) as con:
                (row,) = history.changes(con, "account", greentech, today=TODAY, limit=1)
                assert row["what"] == "tier set to key"

        return strain.work(commands), strain.work(changes)

    small, large = reading(100), reading(3200)
    assert large[0] < small[0] * 1.2
    # The numbers of the changes are collected; reading and wording them took ten times as long.
    assert large[1] - small[1] < 100 * 3100


def test_a_command_has_its_milliseconds_and_is_told_by_the_second(path: Path) -> None:
    moment = "2026-11-22T00:00:00Z"
    exact = "2026-11-22T00:00:00.250Z"
    with writing(
        path, now=moment, at=exact, today="2026-11-22", who="kim", typed="acct …", notice=print
    ) as tx:
        id = account(tx)
    assert books.value(path, "SELECT at FROM command") == exact
    assert books.value(path, "SELECT created_at FROM account") == moment
    with snapshot(path, notice=print) as con:
        (said,) = journal.commands(con, since=moment)
        assert said["at"] == moment
        assert (
            history.changes(con, "account", id, today=date(2026, 11, 22), since=moment)[0]["at"]
            == moment
        )
    assert books.sound(path)
