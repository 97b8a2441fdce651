"""`account handover`, and its bundle in another book and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.conftest import Program
from tests.handing import Seller

PRIVATE = 0o077


@pytest.fixture
def ann(run: Program, tmp_path: Path) -> Seller:
    """Ann, with an account that has something of everything."""
    ann = Seller(run, tmp_path, "Ann")
    ann.starts_with(everything)
    return ann


def everything(ann: Seller) -> None:
    ann("product", "add", "Seats", "--price", "100 SGD")
    account = ("account", "add", "GreenTech Ltd", "--tier", "key", "--owner", "Ann")
    ann(*account, "--tag", "expo", "--website", "greentech.sg", "--link", "https://x.example/a")
    ann("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.sg")
    ann("contact", "add", "Raj Nair", "--account", "greentech", "--reports-to", "Mei Tan")
    ann("deal", "add", "greentech", "Rollout", "--amount", "120k SGD", "--close", "2026-12-15")
    ann("deal", "item", "Rollout", "--add", "Seats", "--quantity", "3", "--unit-price", "100 SGD")
    ann("deal", "contact", "Rollout", "Mei Tan", "--role", "economic-buyer")
    ann("deal", "edit", "Rollout", "--stage", "proposal")
    ann("deal", "add", "greentech", "Pilot", "--amount", "9k SGD")
    ann("deal", "win", "Pilot", "--no-purchase")
    ann("purchase", "add", "greentech", "500 SGD", "--product", "Seats")
    call = ("log", "call", "greentech", "Walked Mei through pricing", "--with", "Mei Tan")
    ann(*call, "--next", "Send phased quote", "--due", "2026-11-27")
    ann("log", "ticket", "greentech", "Login fails")
    ann("task", "add", "greentech", "Send us the contract", "--owed-by", "them", "--due", "fri")
    ann("review", "run", "greentech", "--summary", "On track", "--next-review", "2026-12-01")
    ann("account", "plan", "greentech", "--goal", "Grow", "--objective", "Pilot signed")


@pytest.fixture
def ben(run: Program, tmp_path: Path) -> Seller:
    return Seller(run, tmp_path, "Ben")


def shown(seller: Seller, *words: str) -> Any:
    return seller(*words, "-f", "json").json()


# In one book


def test_the_owner_changes_and_the_log_says_so(ann: Seller) -> None:
    done = ann("account", "handover", "greentech", "--to", "Ben")
    assert done.err == (
        "Handed over GreenTech Ltd from Ann to Ben. 1 open deal and 2 open promises go along.\n"
    )
    assert shown(ann, "account", "show", "greentech")["owner"] == "Ben"
    (entry,) = shown(ann, "log", "list", "--kind", "note")
    assert entry["summary"] == "Handed over from Ann to Ben"
    assert entry["body"] == (
        "Deal Rollout, 120,000 SGD goes along\n1 open promise of ours goes along\n"
        "1 open promise of theirs goes along"
    )


def test_a_closed_deal_stays_with_who_won_it(ann: Seller) -> None:
    ann("account", "handover", "greentech", "--to", "Ben")
    owners = {deal["title"]: deal["owner"] for deal in shown(ann, "deal", "list", "--all")}
    assert owners == {"Pilot": "Ann", "Rollout": None}  # of the account, which is Ben's now


def test_open_deals_stay_on_request(ann: Seller) -> None:
    done = ann("account", "handover", "greentech", "--to", "Ben", "--keep-deals")
    assert "2 open promises go along. 1 open deal stays with the owner so far." in done.err
    owners = {deal["title"]: deal["owner"] for deal in shown(ann, "deal", "list", "--all")}
    assert owners == {"Pilot": "Ann", "Rollout": "Ann"}


def test_a_promise_stays_with_a_deal_that_stays(ann: Seller) -> None:
    ann("task", "add", "greentech", "Revise the offer", "--deal", "Rollout", "--due", "fri")
    done = ann("account", "handover", "greentech", "--to", "Ben", "--keep-deals")
    assert "2 open promises go along" in done.err
    (entry,) = shown(ann, "log", "list", "--kind", "note")
    assert "1 open promise of ours goes along" in entry["body"]
    ann("undo")
    assert "3 open promises go along" in ann("account", "handover", "greentech", "--to", "Ben").err


def test_a_deal_of_somebody_else_stays_theirs(ann: Seller) -> None:
    ann("deal", "edit", "Rollout", "--owner", "Zoe")
    ann("account", "handover", "greentech", "--to", "Ben")
    (deal,) = shown(ann, "deal", "list")
    assert deal["owner"] == "Zoe"
    (entry,) = shown(ann, "log", "list", "--kind", "note")
    assert "Deal Rollout, 120,000 SGD stays with Zoe" in entry["body"]


def test_one_undo_takes_back_everything_but_the_files(ann: Seller) -> None:
    before = books.dump(ann.book)
    bundle = ann.hands_over("greentech", to="Ben")
    assert books.dump(ann.book) != before
    ann("undo")
    assert books.dump(ann.book) == before
    assert bundle.exists()


def test_the_same_handover_again_changes_nothing(ann: Seller) -> None:
    ann("account", "handover", "greentech", "--to", "Ben")
    before = books.dump(ann.book)
    again = ann("account", "handover", "greentech", "--to", "ben")
    assert again.err == "Ben already owns it.\n"
    assert books.dump(ann.book) == before


def test_a_name_that_is_none_is_refused(ann: Seller) -> None:
    for typed in ("", " ", "two\nlines"):
        refused = ann.tries("account", "handover", "greentech", "--to", typed)
        assert refused.code in (2, 4), typed
    assert shown(ann, "account", "show", "greentech")["owner"] == "Ann"


# The pack


def test_the_pack_is_private_and_not_overwritten(ann: Seller) -> None:
    pack = ann.hands_over("greentech", to="Ben").parent
    assert pack.stat().st_mode & PRIVATE == 0
    assert not any(path.stat().st_mode & PRIVATE for path in pack.iterdir())
    names = {path.name for path in pack.iterdir()}
    assert names >= {"contacts.vcf", "calendar.ics", "accounts.csv", "deals.csv", "handover.acct"}
    words = ("account", "handover", "greentech", "--to", "Ben", "--pack", str(pack))
    refused = ann.tries(*words)
    assert refused.code == 4
    assert "--force" in refused.err
    ann(*words, "--force")


def test_a_pack_that_cannot_be_written_changes_nothing(ann: Seller, tmp_path: Path) -> None:
    before = books.dump(ann.book)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    words = ("account", "handover", "greentech", "--to", "Ben", "--pack", tmp_path / "taken" / "x")
    assert ann.tries(*words).code == 6
    assert books.dump(ann.book) == before


def test_the_calendar_and_the_cards_are_those_of_the_account(ann: Seller) -> None:
    ann("account", "add", "Birch")
    ann("task", "add", "birch", "Call Birch", "--due", "2026-11-30")
    ann("contact", "add", "Zed Birch", "--account", "birch", "--email", "zed@birch.com")
    pack = ann.hands_over("greentech", to="Ben").parent
    calendar = (pack / "calendar.ics").read_text("utf-8")
    assert "Send phased quote" in calendar
    assert "Review: GreenTech Ltd" in calendar
    for path in pack.iterdir():
        assert "Birch" not in path.read_text("utf-8"), path.name


# Another book


def test_there_and_back_both_books_export_the_same(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("greentech", to="Ben"))
    assert ben.exports() == ann.exports()
    ben("log", "meeting", "greentech", "Met everybody", "--with", "Raj Nair")
    ben("task", "done", "Send phased quote")
    ben("deal", "edit", "Rollout", "--stage", "negotiation", "--amount", "130k SGD")
    ben("account", "tag", "greentech", "--add", "vip", "--remove", "expo")
    back = ben.hands_over("greentech", to="Ann")
    ann.takes(back)
    assert ann.exports() == ben.exports()
    assert shown(ann, "account", "show", "greentech")["owner"] == "Ann"
    assert books.sound(ann.book)
    assert books.sound(ben.book)


def test_a_second_import_changes_nothing(ann: Seller, ben: Seller) -> None:
    bundle = ann.hands_over("greentech", to="Ben")
    first = ben.takes(bundle)
    assert "From Ann: took in 1 account, 2 contacts, 3 interactions" in first.err
    before = books.dump(ben.book)
    commands = ben("history", "-f", "json").json()
    again = ben.takes(bundle)
    assert again.err == "Nothing in the bundle from Ann is new.\n"
    assert books.dump(ben.book) == before
    assert ben("history", "-f", "json").json() == commands


def test_one_undo_takes_back_an_import_and_the_next_brings_it_again(
    ann: Seller, ben: Seller
) -> None:
    ben("account", "add", "Own")
    bundle = ann.hands_over("greentech", to="Ben")
    before = books.dump(ben.book)
    ben.takes(bundle)
    taken = books.dump(ben.book)
    ben("undo")
    assert books.dump(ben.book) == before
    ben.takes(bundle)
    assert books.dump(ben.book) == taken


def test_a_dry_run_changes_nothing(ann: Seller, ben: Seller) -> None:
    ben("account", "add", "Own")
    before = books.dump(ben.book)
    shown_ = ben("import", ann.hands_over("greentech", to="Ben"), "--dry-run", "-f", "json").json()
    assert (shown_["written"], shown_["new"]["account"]) == (False, 1)
    assert books.dump(ben.book) == before


def test_the_history_comes_along(ann: Seller, ben: Seller) -> None:
    ann("account", "edit", "greentech", "--industry", "energy")
    ben.takes(ann.hands_over("greentech", to="Ben"))
    told = shown(ben, "history", "greentech")
    owner = next(one for one in told if one["field"] == "owner")
    assert (owner["who"], owner["old"], owner["new"]) == ("Ann", "Ann", "Ben")
    assert any(one["what"] == "industry set to energy" and one["who"] == "Ann" for one in told)
    assert any(one["what"] == "added, from Ann" and one["who"] == "Ben" for one in told)


def test_a_number_that_is_taken_becomes_the_next_one_and_says_so(ann: Seller, ben: Seller) -> None:
    ben("account", "add", "Own")
    done = ben.takes(ann.hands_over("greentech", to="Ben"))
    said = "A-0001 is another account here, so GreenTech Ltd got the number A-0002"
    assert said in done.err
    there = shown(ben, "account", "show", "greentech")
    assert there["number"] == "A-0002"
    assert there["id"] == shown(ann, "account", "show", "greentech")["id"]
    # On the way back, the account keeps the number that it has there.
    ann.takes(ben.hands_over("greentech", to="Ann"))
    assert shown(ann, "account", "show", "greentech")["number"] == "A-0001"


def test_the_later_change_stands_and_both_are_named(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("greentech", to="Ben", day="2026-11-22 09:00"), day="2026-11-22 10:00")
    ben("account", "edit", "greentech", "--city", "Paris", day="2026-11-23 10:00")
    ann("account", "edit", "greentech", "--city", "Lyon", day="2026-11-24 10:00")
    ann("account", "edit", "greentech", "--industry", "energy", day="2026-11-24 10:01")
    back = ben.hands_over("greentech", to="Ann", day="2026-11-25 10:00")
    done = ann.takes(back, day="2026-11-25 11:00")
    assert (
        'acct: conflict: city of account "GreenTech Ltd" is "Lyon" here, "Paris" there. '
        'The later one stands: "Lyon". Both: acct history' in done.err
    )
    here = shown(ann, "account", "show", "greentech")
    assert (here["city"], here["industry"], here["owner"]) == ("Lyon", "energy", "Ann")
    # Ben's book has not seen it: there the later one comes.
    there = ben.takes(ann.hands_over("greentech", to="Ben", day="2026-11-26 10:00"))
    assert "conflict" not in there.err  # Ann had seen what Ben wrote
    assert shown(ben, "account", "show", "greentech")["city"] == "Lyon"


def test_an_amount_and_its_currency_come_together(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("greentech", to="Ben", day="2026-11-22 09:00"), day="2026-11-22 10:00")
    ben("deal", "edit", "Rollout", "--amount", "5 EUR", day="2026-11-23 10:00")
    ann("deal", "edit", "Rollout", "--amount", "2000 SGD", day="2026-11-24 10:00")
    ann.takes(ben.hands_over("greentech", to="Ann", day="2026-11-25 10:00"), day="2026-11-25 11:00")
    (deal,) = shown(ann, "deal", "list")
    assert (deal["amount"], deal["currency"]) == (2000, "SGD")


def test_what_was_deleted_stays_deleted(ann: Seller, ben: Seller) -> None:
    bundle = ann.hands_over("greentech", to="Ben")
    ben.takes(bundle)
    ben("contact", "delete", "Raj Nair", "--yes")
    again = ben.takes(bundle)
    assert "deleted here, and left so: 1 contact" in again.err
    assert len(shown(ben, "contact", "list")) == 1
    # The other book hears of it.
    done = ann.takes(ben.hands_over("greentech", to="Ann"))
    assert "deleted 1 contact, as Ben did" in done.err
    assert [one["name"] for one in shown(ann, "contact", "list")] == ["Mei Tan"]
    ann("undo")
    assert len(shown(ann, "contact", "list")) == 2


def test_what_was_deleted_there_and_changed_here_later_stays(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("greentech", to="Ben", day="2026-11-22 09:00"), day="2026-11-22 10:00")
    ben("contact", "delete", "Raj Nair", "--yes", day="2026-11-23 10:00")
    ann("contact", "edit", "Raj Nair", "--title", "CTO", day="2026-11-24 10:00")
    back = ben.hands_over("greentech", to="Ann", day="2026-11-25 10:00")
    done = ann.takes(back, day="2026-11-25 11:00")
    assert 'conflict: contact "Raj Nair" was deleted there and changed here later' in done.err
    assert len(shown(ann, "contact", "list")) == 2


def test_an_account_that_has_something_new_is_not_deleted_with_it(ann: Seller, ben: Seller) -> None:
    ben.takes(ann.hands_over("greentech", to="Ben"))
    ben("deal", "delete", "Rollout", "--yes")
    ann("deal", "item", "Rollout", "--add", "Seats", "--quantity", "1", "--unit-price", "1 SGD")
    done = ann.takes(ben.hands_over("greentech", to="Ann"))
    assert "Ben deleted deal Rollout; it is kept" in done.err
    assert [deal["title"] for deal in shown(ann, "deal", "list")] == ["Rollout"]


def test_a_merged_account_gets_what_was_added_to_its_other_self(ann: Seller, ben: Seller) -> None:
    bundle = ann.hands_over("greentech", to="Ben")
    ben("account", "add", "Green Tech")
    ben.takes(bundle)
    ben("account", "merge", "Green Tech", "GreenTech Ltd", "--yes")
    ann("log", "call", "greentech", "One more call")
    ben.takes(ann.hands_over("greentech", to="Ben"))
    (account,) = shown(ben, "account", "list")
    assert account["name"] == "Green Tech"
    assert "One more call" in [one["summary"] for one in shown(ben, "log", "list")]
    assert books.sound(ben.book)


def test_an_erased_person_never_comes_back(ann: Seller, ben: Seller) -> None:
    bundle = ann.hands_over("greentech", to="Ben")
    ben.takes(bundle)
    ben("contact", "delete", "Mei Tan", "--erase", "--yes")
    ann("log", "call", "greentech", "Mei Tan called back", "--with", "Mei Tan")
    ann("log", "note", "greentech", "Ask Mei Tan")
    for one in (bundle, ann.hands_over("greentech", to="Ben")):
        done = ben.takes(one)
        assert "left out 1 person who was erased" in done.err
    assert [one["name"] for one in shown(ben, "contact", "list")] == ["Raj Nair"]
    ben("db", "check")
    whole = ben.book.read_bytes()
    assert b"Mei" not in whole.replace(b"Walked Mei", b"")
    assert b"mei@greentech" not in whole


def test_a_person_who_is_elsewhere_goes_by_name_only(ann: Seller, ben: Seller) -> None:
    ann("account", "add", "Birch Secrets", "--website", "birch.com")
    words = ("contact", "add", "Zed", "--account", "birch", "--title", "Chief Secret Officer")
    ann(*words, "--email", "zed@birch.com", "--notes", "Loves gossip", "--stance", "opponent")
    ann("contact", "add", "Lee", "--account", "birch", "--email", "lee@birch.com")
    ann("contact", "link", "Lee", "--account", "greentech", "--role", "coach")
    ann("log", "meeting", "greentech", "All of us", "--with", "Zed")
    ann("contact", "move", "Raj Nair", "--to", "birch", "--title", "Head of Secrets")
    bundle = ann.hands_over("greentech", to="Ben")
    written = bundle.read_text("utf-8")
    for private in ("Birch", "zed@", "gossip", "Secret", "opponent"):
        assert private not in written, private
    ben.takes(bundle)
    people = {one["name"]: one for one in shown(ben, "contact", "list")}
    assert people.keys() == {"Mei Tan", "Raj Nair", "Zed", "Lee"}
    assert [people[name]["account"] for name in ("Raj Nair", "Zed", "Lee")] == [None] * 3
    assert people["Lee"]["emails"] == ["lee@birch.com"]
    # In the book that knows where they are, they stay there.
    ann.takes(ben.hands_over("greentech", to="Ann"))
    accounts = {one["name"]: one["account"] for one in shown(ann, "contact", "list")}
    assert accounts["Raj Nair"] == accounts["Zed"] == accounts["Lee"] == "Birch Secrets"
    assert books.sound(ann.book)


def test_campaigns_stay(ann: Seller, ben: Seller) -> None:
    ann("campaign", "add", "Secret push", "greentech", "Mei Tan")
    ann("deal", "edit", "Rollout", "--set", "campaign=Secret push")
    pack = ann.folder / "pack"
    done = ann("account", "handover", "greentech", "--to", "Ben", "--pack", pack)
    assert "not in the bundle: 2 campaign memberships. Campaigns stay in this book" in done.err
    written = (pack / "handover.acct").read_text("utf-8")
    assert "Secret push" not in written
    assert "campaign_id" not in written
    ben.takes(pack / "handover.acct")
    assert shown(ben, "campaign", "list") == []
    ann.takes(ben.hands_over("greentech", to="Ann"))
    deals = {deal["title"]: deal["campaign"] for deal in shown(ann, "deal", "list")}
    assert deals == {"Rollout": "Secret push"}


def test_a_parent_that_is_not_here_stays_empty_and_keeps_its_place_there(
    ann: Seller, ben: Seller
) -> None:
    ann("account", "add", "Verdant Holding")
    ann("account", "edit", "greentech", "--parent", "verdant")
    done = ben.takes(ann.hands_over("greentech", to="Ben"))
    assert "the parent of GreenTech Ltd is not in this book and stays empty here" in done.err
    ann.takes(ben.hands_over("greentech", to="Ann"))
    assert shown(ann, "account", "show", "greentech")["parent"] == "Verdant Holding"
    # With the parent it is there.
    ben.takes(ann.hands_over("greentech", "verdant", to="Ben"))
    assert shown(ben, "account", "show", "greentech")["parent"] == "Verdant Holding"


def test_a_product_of_the_same_name_is_the_same(ann: Seller, ben: Seller) -> None:
    ben("product", "add", "seats")
    ben.takes(ann.hands_over("greentech", to="Ben"))
    assert [one["name"] for one in shown(ben, "product", "list")] == ["seats"]
    (purchase,) = shown(ben, "purchase", "list")
    assert purchase["product"] == "seats"


def test_a_stage_and_a_field_of_another_book_are_refused_or_called_otherwise(
    ann: Seller, ben: Seller, home: Path
) -> None:
    books.configure(home, _OWN_WORDS, book=ann.book)
    ann("account", "edit", "greentech", "--set", "area=north")
    ann("deal", "edit", "Rollout", "--stage", "trial")
    ben("account", "add", "Own")
    before = books.dump(ben.book)
    bundle = ann.hands_over("greentech", to="Ben")
    refused = ben.tries("import", bundle)
    assert refused.code == 4
    assert 'this book has no field "area" of accounts (text)' in refused.err
    assert 'this book has no stage "trial" (45 %, pipeline)' in refused.err
    assert "--value stage:trial=" in refused.err
    assert books.dump(ben.book) == before
    books.configure(home, '[fields.account]\nzone = { type = "text" }\n', book=ben.book)
    ben.takes(bundle, "--map", "zone=area", "--value", "stage:trial=proposal")
    assert shown(ben, "account", "show", "greentech")["zone"] == "north"
    assert [deal["stage"] for deal in shown(ben, "deal", "list")] == ["proposal"]
    for wrong in ("zone=nothing", "zone"):
        assert ben.tries("import", bundle, "--map", wrong).code == 2


def test_a_hundred_accounts_in_one_go(ann: Seller, ben: Seller) -> None:
    rows = "".join(f"Company {n},c{n}.example,key\n" for n in range(99))
    listed = ann.folder / "companies.csv"
    listed.write_text(f"name,website,tier\n{rows}", encoding="utf-8")
    ann("import", listed, "--as", "account")
    ids = ann("account", "list", "-f", "ids").out.split()
    assert len(ids) == 100
    done = ben.takes(ann.hands_over(*ids, to="Ben"))
    assert "took in 100 accounts" in done.err
    assert ben.exports() == ann.exports()


_OWN_WORDS = """
stages = [
    {name = "proposal", probability = 60, category = "best-case"},
    {name = "trial", probability = 45, category = "pipeline"},
    {name = "won", probability = 100, category = "closed"},
    {name = "lost", probability = 0, category = "omitted"},
]
[fields.account]
area = { type = "text" }
"""


# What is refused


@pytest.fixture
def bundle(ann: Seller) -> Path:
    return ann.hands_over("greentech", to="Ben")


def resealed(bundle: Path, lines: list[str]) -> Path:
    """Write a bundle whose checksum fits, whatever its lines say."""
    from acctcli.interop.bundle import parts

    head, *rest = (json.loads(line) for line in lines)
    del head["acct"]
    format = head.pop("format")
    text = "".join(parts(head, rest))
    bundle.write_text(text.replace('"format":1', f'"format":{format}', 1), encoding="utf-8")
    return bundle


def test_a_changed_byte_is_refused(bundle: Path, ben: Seller) -> None:
    whole = bundle.read_bytes()
    for place in (20, len(whole) // 2, len(whole) - 30):
        changed = bytearray(whole)
        changed[place] ^= 1
        bundle.write_bytes(bytes(changed))
        refused = ben.tries("import", bundle, "--create")
        assert refused.code in (4, 6), (place, refused.err)
        assert not ben.book.exists() or "account" not in ben("account", "list").out


def test_a_bundle_that_was_cut_off_is_refused(bundle: Path, ben: Seller) -> None:
    whole = bundle.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 5):
        bundle.write_bytes(whole[:size])
        refused = ben.tries("import", bundle, "--create")
        assert refused.code == 4, (size, refused.err)
        assert refused.err.count("\n") == 1


def test_a_newer_bundle_is_refused_with_what_to_do(bundle: Path, ben: Seller) -> None:
    lines = bundle.read_text("utf-8").splitlines()[:-1]
    head = json.loads(lines[0])
    for name in ("format", "schema"):
        newer = json.dumps({**head, name: head[name] + 1})
        refused = ben.tries("import", resealed(bundle, [newer, *lines[1:]]), "--create")
        assert refused.code == 6
        assert "newer acct" in refused.err
        assert "Upgrade acct" in refused.err


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"row": "setting", "id": "x", "cells": {}}, "not a kind of record"),
        ({"row": "account", "id": "x", "cells": {}}, "its id is none"),
        ({"row": "account", "cells": {}}, "something is missing"),
        ({"row": "account", "id": "ID", "cells": {"nome": "x"}}, "has no column"),
        ({"row": "account", "id": "ID", "cells": {"name": ["x"]}}, "several values"),
        ({"row": "log", "id": "ID", "cells": {"account_id": "ID"}}, "is missing"),
        ({"what": "ever"}, "of no known sort"),
        ({"change": "command", "id": "ID"}, "changes what no bundle has"),
        ({"gone": "setting", "id": "ID", "at": ["", ""]}, "deletes what no bundle has"),
    ],
)
def test_a_line_of_a_strangers_shape_is_refused(
    bundle: Path, ben: Seller, line: dict[str, Any], why: str
) -> None:
    id = "0190a1b2-0000-7000-8000-000000000001"
    typed = json.dumps(line).replace('"ID"', f'"{id}"')
    lines = bundle.read_text("utf-8").splitlines()[:-1]
    refused = ben.tries("import", resealed(bundle, [*lines, typed]), "--create")
    assert refused.code == 4
    assert why in refused.err
    assert f"line {len(lines) + 1}" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("kind", "castle", "a value is not one that a book can hold"),
        ("snoozed_until", "2026-02-30", "is not a real day"),
        ("employees", -5, "is below zero"),
        ("employees", "many", "a value is not one that a book can hold"),
        ("currency", "XXZ", "is not a currency"),
        ("name", "\ud800", "a value is not one that a book can hold"),
    ],
)
def test_a_value_that_no_book_holds_is_refused(
    bundle: Path, ben: Seller, column: str, value: object, why: str
) -> None:
    lines = bundle.read_text("utf-8").splitlines()[:-1]
    place = next(n for n, line in enumerate(lines) if line.startswith('{"row":"account"'))
    row = json.loads(lines[place])
    row["cells"][column] = value
    lines[place] = json.dumps(row)
    if value == "\ud800":
        text = "\n".join(lines) + "\n"
        from hashlib import sha256

        end = {"end": {"lines": len(lines) - 1, "sha256": sha256(text.encode()).hexdigest()}}
        bundle.write_text(f"{text}{json.dumps(end, separators=(',', ':'))}\n", encoding="utf-8")
    else:
        resealed(bundle, lines)
    refused = ben.tries("import", bundle, "--create")
    assert refused.code == 4
    assert why in refused.err


def test_a_bundle_takes_few_options_and_comes_alone(bundle: Path, ben: Seller) -> None:
    for words in (("--as", "account"), ("--skip-invalid",), (str(bundle),), ("--value", "x=y")):
        assert ben.tries("import", bundle, "--create", *words).code == 2, words


def test_a_bundle_that_is_none_is_said_to_be_none(tmp_path: Path, ben: Seller) -> None:
    for content in (
        "name\nAcme\n",
        "[1]\n",
        '{"acct":"bundle"}\n',
        '{"acct":"bundle","format":"x"}\n',
    ):
        other = tmp_path / "other.acct"
        other.write_text(content, encoding="utf-8")
        refused = ben.tries("import", other, "--create")
        assert refused.code == 4
        assert "is not a bundle of acct" in refused.err
    assert ben.tries("import", tmp_path / "missing.acct", "--create").code == 3
    assert ben.tries("import", tmp_path, "--create").code != 0
