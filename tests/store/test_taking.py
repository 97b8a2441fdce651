"""What two books together can contradict; more is in the tests of `account handover`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.handing import Seller

from acctcli.interop import bundle
from acctcli.store import journal


@pytest.fixture
def ann(run: Program, tmp_path: Path) -> Seller:
    ann = Seller(run, tmp_path, "Ann")
    ann("account", "add", "Acme", "--owner", "Ann")
    return ann


@pytest.fixture
def ben(run: Program, tmp_path: Path) -> Seller:
    return Seller(run, tmp_path, "Ben")


def test_offers_get_a_number_of_this_book_with_all_their_versions(ann: Seller, ben: Seller) -> None:
    for seller, account in ((ann, "Acme"), (ben, "Own")):
        if seller is ben:
            ben("account", "add", "Own")
        seller("deal", "add", account, f"Deal of {account}", "--amount", "9k SGD")
        seller("deal", "quote", f"Deal of {account}")
    ann("quote", "send", "Q-2026-0001")
    ann("deal", "quote", "Deal of Acme")
    done = ben.takes(ann.hands_over("Acme", to="Ben"))
    assert "Q-2026-0001 is another quote here, so Deal of Acme got the number Q-2026-0002" in (
        done.err
    )
    numbers = {one["number"] for one in ben("quote", "list", "-f", "json").json()}
    assert numbers == {"Q-2026-0001", "Q-2026-0002", "Q-2026-0002-2"}
    assert books.sound(ben.book)


def test_two_books_never_make_a_circle(ann: Seller, ben: Seller) -> None:
    ann("account", "add", "Birch", "--owner", "Ann")
    ben.takes(ann.hands_over("Acme", "Birch", to="Ben"))
    ann("account", "edit", "Acme", "--parent", "Birch")
    ben("account", "edit", "Birch", "--parent", "Acme")
    done = ann.takes(ben.hands_over("Acme", "Birch", to="Ann"))
    assert "stays empty here" in done.err
    assert books.sound(ann.book)


def test_an_account_has_one_primary_contact(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("Acme", to="Ben"))
    ann("contact", "add", "Mei", "--account", "Acme", "--primary")
    ben("contact", "add", "Raj", "--account", "Acme", "--primary")
    done = ann.takes(ben.hands_over("Acme", to="Ann"))
    assert "no longer primary contact, because the account had one here: Raj" in done.err
    people = ann("contact", "list", "-f", "json").json()
    assert {one["name"]: one["primary"] for one in people} == {"Mei": True, "Raj": False}


def test_an_account_that_may_be_here_already_is_named(ann: Seller, ben: Seller) -> None:
    ben("account", "add", "ACME")
    done = ben.takes(ann.hands_over("Acme", to="Ben"))
    assert "Acme (A-0002) may be ACME (A-0001), which was here before" in done.err


def test_the_search_finds_what_came_by_its_lists_too(
    ann: Seller, ben: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann("contact", "add", "Mei", "--account", "Acme", "--email", "mei@acme.com")
    bundle = ann.hands_over("Acme", to="Ben")
    monkeypatch.setattr(journal, "_INDEXED_AT_ONCE", 0)
    ben.takes(bundle)
    assert books.sound(ben.book)


def test_items_of_lists_come_and_go(ann: Seller, ben: Seller) -> None:
    ann("account", "tag", "Acme", "--add", "expo,vip")
    ben.takes(ann.hands_over("Acme", to="Ben"))
    ben("account", "tag", "Acme", "--add", "new", "--remove", "expo")
    ann("account", "tag", "Acme", "--add", "own")
    ann.takes(ben.hands_over("Acme", to="Ann"))
    assert set(ann("account", "show", "Acme", "-f", "json").json()["tags"]) == {"vip", "new", "own"}


def test_a_person_who_stays_keeps_what_they_took_part_in(ann: Seller, ben: Seller) -> None:
    ann("contact", "add", "Mei", "--account", "Acme")
    ann("contact", "add", "Raj", "--account", "Acme", "--reports-to", "Mei")
    ann("log", "call", "Acme", "Asked for a price", "--with", "Mei")
    ann("task", "add", "Acme", "Send the price", "--contact", "Mei")
    ann("deal", "add", "Acme", "Rollout")
    ann("deal", "contact", "Rollout", "Mei")
    ben.takes(ann.hands_over("Acme", to="Ben"))
    ann("contact", "delete", "Mei", "--yes")
    ben("contact", "edit", "Mei", "--title", "CFO")
    bundle = ann.hands_over("Acme", to="Ben")
    said = "From Ann: took in 1 command of the history"
    for answer in (said, "Nothing in the bundle from Ann is new"):
        assert f"{answer}." in ben.takes(bundle).err
        logs = ben("log", "list", "--with", "Mei", "-f", "json").json()
        assert [one["summary"] for one in logs] == ["Asked for a price"]
        [task] = ben("task", "list", "-f", "json").json()
        assert task["contact"] == "Mei"
        assert ben("contact", "show", "Raj", "-f", "json").json()["reports_to"] == "Mei"
        [person] = ben("deal", "show", "Rollout", "-f", "json").json()["contacts"]
        assert person["contact"] == "Mei"
    assert books.sound(ben.book)


def test_a_bundle_deletes_nothing_of_another_account(ann: Seller, ben: Seller) -> None:
    ann("contact", "add", "Mei", "--account", "Acme")
    ben.takes(ann.hands_over("Acme", to="Ben"))
    ben("account", "add", "Own")
    ben("contact", "add", "Raj", "--account", "Own")
    ben("contact", "move", "Mei", "--to", "Own")
    theirs = {kind: ben(kind, "list", "-f", "ids").out.split() for kind in ("account", "contact")}
    head, *lines, _ = ann.hands_over("Acme", to="Ben").read_text("utf-8").splitlines()
    lines += [
        json.dumps({"gone": kind, "id": id, "at": ["2026-11-22T23:59:00.000Z", "Ann"]})
        for kind in theirs
        for id in theirs[kind]
        if id not in head + "".join(lines)
    ]
    made = bundle.parts(
        {k: v for k, v in json.loads(head).items() if k not in ("acct", "format")},
        map(json.loads, lines),
    )
    crafted = ben.folder / "crafted.acct"
    crafted.write_text("".join(made), encoding="utf-8")
    done = ben.takes(crafted)
    assert "Ann deleted contact Raj; it is kept" in done.err
    for kind, ids in theirs.items():
        assert set(ben(kind, "list", "-f", "ids").out.split()) == set(ids)
    assert books.sound(ben.book)
