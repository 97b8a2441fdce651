"""Merging: what moves, what is joined, what stays above; and that nothing is ever lost."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import books
from tests.store.making import CLOCK, add, writing

from acctcli import ids, text
from acctcli.book import history
from acctcli.domain.keeping import richest
from acctcli.errors import Invalid
from acctcli.model import INTEGER, KINDS, LONG, MONEY, REF, Field
from acctcli.store import campaigns, leftovers, lookup, merge, migrations, queries, records, undo
from acctcli.store.campaigns import Chosen
from acctcli.store.journal import Writing
from acctcli.store.merge import Merged
from acctcli.store.opening import snapshot


def joined(tx: Writing, kind: str, keep: str, *others: str, prefer_other: bool = False) -> Merged:
    choose = partial(richest, prefer_other=prefer_other)
    return merge.merge(tx, kind, KINDS[kind].fields, keep, others, choose)


def row(tx: Writing, kind: str, id: str) -> dict[str, Any]:
    return queries.get(tx.con, kind, KINDS[kind].fields, id)


Values = dict[str, Any]


def links(tx: Writing) -> list[tuple[Any, ...]]:
    sql = "SELECT contact_id, account_id, title, role, from_on, to_on FROM affiliation ORDER BY id"
    return tx.con.execute(sql).fetchall()


# Fields


def test_own_values_stay_and_the_others_fill_in(tx: Writing) -> None:
    keep = add(tx, "account", name="Acme", tier="key", description="Anvils", tags=("a", "b"))
    values: Values = {"tier": "smb", "industry": "goods", "status": "customer", "tags": ("b", "c")}
    other = add(tx, "account", name="ACME GmbH", description="Anvils and rockets", **values)
    joined(tx, "account", keep, other)
    now = row(tx, "account", keep)
    assert (now["name"], now["tier"], now["industry"]) == ("Acme", "key", "goods")
    assert now["description"] == (
        "Anvils\n\nAnvils and rockets\n\n2026-11-22 merged with ACME GmbH (A-0002): tier smb"
    )
    assert now["status"] == "customer"  # a purchase stays
    assert now["tags"] == ("a", "b", "c")
    assert tx.read("account", other) is None


def test_the_other_values_can_be_preferred(tx: Writing) -> None:
    keep = add(tx, "account", name="Acme", tier="key", owner="Kim")
    other = add(tx, "account", name="ACME GmbH", tier="smb")
    joined(tx, "account", keep, other, prefer_other=True)
    now = row(tx, "account", keep)
    assert (now["name"], now["tier"], now["owner"]) == ("ACME GmbH", "smb", "Kim")
    assert now["number"] == "A-0001"


def test_an_amount_goes_with_its_currency(tx: Writing) -> None:
    keep = add(tx, "account", name="A", currency="SGD")
    other = add(tx, "account", name="B", annual_revenue=500, currency="JPY")
    joined(tx, "account", keep, other)
    now = row(tx, "account", keep)
    assert (now["annual_revenue"], now["currency"]) == (500, "JPY")


def test_custom_values_fill_in_too(tx: Writing) -> None:
    keep = add(tx, "account", name="A", custom={"region": "north"})
    other = add(tx, "account", name="B", custom={"region": "south", "seats": 7})
    joined(tx, "account", keep, other)
    sql = "SELECT record_id, field, value FROM custom ORDER BY field"
    found = tx.con.execute(sql).fetchall()
    assert found == [(keep, "region", "north"), (keep, "seats", "7")]


def test_who_asked_to_be_left_alone_stays_left_alone(tx: Writing) -> None:
    keep = add(tx, "contact", name="Mei Tan", do_not_contact=False)
    other = add(tx, "contact", name="M. Tan", do_not_contact=True)
    joined(tx, "contact", keep, other)
    assert row(tx, "contact", keep)["do_not_contact"] == 1


# Values without room


def test_a_value_that_gives_way_is_noted_with_the_day_and_whose_it_was(tx: Writing) -> None:
    keep = add(tx, "account", name="Acme", website="acme.com", annual_revenue=500, currency="SGD")
    values: Values = {"website": "acme.de", "phone": "+4930", "annual_revenue": 700}
    other = add(tx, "account", name="ACME GmbH", currency="JPY", **values)
    merged = joined(tx, "account", keep, other)
    now = row(tx, "account", keep)
    assert (now["website"], now["phone"], now["annual_revenue"]) == ("acme.com", "+4930", 500)
    line = "2026-11-22 merged with ACME GmbH (A-0002): annual revenue 700 JPY"
    assert now["description"] == line
    assert [note.text for note in merged.noted] == [line]
    told = [(one.what, one.kept, one.left) for one in merged.left]
    assert ("annual revenue", "5 SGD", "700 JPY") in told


def test_what_the_one_kept_had_before_is_noted_too(tx: Writing) -> None:
    keep = add(tx, "account", name="Acme", tier="key", industry="tools")
    other = add(tx, "account", name="ACME GmbH", tier="smb")
    joined(tx, "account", keep, other, prefer_other=True)
    assert row(tx, "account", keep)["description"].splitlines() == [
        "2026-11-22 before the merge with ACME GmbH (A-0002): tier key",
        "2026-11-22 merged with ACME GmbH (A-0002)",
    ]


def test_names_and_addresses_of_the_others_go_on(tx: Writing) -> None:
    keep = add(tx, "account", name="Acme", website="acme.com", aliases=("The Anvil",))
    values: Values = {"website": "acme.de", "phone": "+4930", "other_websites": ("acme.com",)}
    gmbh = add(tx, "account", name="ACME GmbH", aliases=("Acme Deutschland",), **values)
    shout = add(tx, "account", name="ACME", website="acme.at", phone="+43", other_phones=("+4930",))
    merged = joined(tx, "account", keep, gmbh, shout)
    now = merged.after
    assert (now["name"], now["website"], now["phone"]) == ("Acme", "acme.com", "+4930")
    assert set(now["aliases"]) == {"The Anvil", "ACME GmbH", "Acme Deutschland"}
    assert set(now["other_websites"]) == {"acme.de", "acme.at"}
    assert now["other_phones"] == ("+43",)
    assert not {"name", "website", "phone"} & {one.what for one in merged.left}
    for typed in ("acme gmbh", "acme deutschland", "acme.de", "acme.at", "+43", "acme.com"):
        assert lookup.find(tx.con, "account", typed).id == keep


def test_a_person_is_found_by_the_linkedin_page_that_gave_way(tx: Writing) -> None:
    keep = add(tx, "contact", name="Mei Tan", linkedin="meitan")
    other = add(tx, "contact", name="Mei-Ling Tan", linkedin="mei-ling-tan")
    now = joined(tx, "contact", keep, other, prefer_other=True).after
    assert (now["name"], now["linkedin"]) == ("Mei-Ling Tan", "mei-ling-tan")
    assert (now["aliases"], now["profiles"]) == (("Mei Tan",), ("linkedin.com/in/meitan",))
    for typed in ("https://www.linkedin.com/in/MeiTan", "linkedin.com/in/mei-ling-tan", "Mei Tan"):
        assert lookup.find(tx.con, "contact", typed).id == keep


def test_what_nobody_entered_is_told_but_not_noted(tx: Writing) -> None:
    keep, other = add(tx, "account", name="A"), add(tx, "account", name="B", status="customer")
    merged = joined(tx, "account", keep, other)
    assert [one.what for one in merged.left if one.default] == ["status"]
    assert row(tx, "account", keep)["description"] == "2026-11-22 merged with B (A-0002)"


def test_a_person_of_the_same_name_and_facts_needs_no_note(tx: Writing) -> None:
    keep, other = (add(tx, "contact", name="Mei", title="CFO") for _ in "ab")
    assert joined(tx, "contact", keep, other).noted == ()
    assert row(tx, "contact", keep)["notes"] is None


def test_a_custom_value_that_the_type_of_today_cannot_read_is_not_lost(tx: Writing) -> None:
    keep = add(tx, "account", name="A", custom={"seats": "many"})
    other = add(tx, "account", name="B", custom={"seats": "7"})
    fields = {**KINDS["account"].fields, "seats": Field(INTEGER, "", name="seats", custom=True)}
    merged = merge.merge(tx, "account", fields, keep, [other], richest)
    assert merged.after["seats"] == 7
    assert row(tx, "account", keep)["description"].splitlines()[0] == (
        "2026-11-22 before the merge with B (A-0002): seats many"
    )


def test_long_custom_texts_both_stay(tx: Writing) -> None:
    keep = add(tx, "account", name="A", custom={"story": "One\nday"})
    other = add(tx, "account", name="B", custom={"story": "Another"})
    fields = {**KINDS["account"].fields, "story": Field(LONG, "", name="story", custom=True)}
    merged = merge.merge(tx, "account", fields, keep, [other], richest)
    assert merged.after["story"] == "One\nday\n\nAnother"


def test_another_part_in_the_same_deal_is_noted(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    keep, other = (add(tx, "contact", name="Mei", account=account) for _ in "ab")
    deal = add(tx, "deal", account=account, title="D")
    for person, role in ((keep, "legal"), (other, "champion")):
        add(tx, "deal_contact", deal=deal, account=account, contact=person, role=role)
    joined(tx, "contact", keep, other)
    assert row(tx, "contact", keep)["notes"] == (
        '2026-11-22 merged with Mei: role champion in deal "D"'
    )


def test_what_the_links_of_one_person_say_is_noted_with_the_person(tx: Writing) -> None:
    keep, other = (add(tx, "account", name=n) for n in ("Acme", "ACME GmbH"))
    person = add(tx, "contact", name="Mei", account=keep, title="CFO", role="champion")
    add(tx, "affiliation", contact=person, account=other, title="Advisor", role="coach")
    joined(tx, "account", keep, other)
    now = row(tx, "contact", person)
    assert (now["title"], now["role"]) == ("CFO", "champion")
    assert now["notes"] == (
        "2026-11-22 Acme (A-0001) merged with ACME GmbH (A-0002): "
        "title Advisor at ACME GmbH; role coach at ACME GmbH"
    )
    assert links(tx) == []


def test_that_somebody_said_they_are_not_the_same_is_told(tx: Writing) -> None:
    keep, other, third = (add(tx, "account", name=n) for n in "ABC")
    merge.say_distinct(tx, "account", keep, other)
    merge.say_distinct(tx, "account", other, third)
    assert set(joined(tx, "account", keep, other).told_apart) == {keep, other}


def test_texts_that_are_too_long_together_stop_the_merge(tx: Writing) -> None:
    half = "x" * (text.MAX_PARAGRAPH - 5)
    keep, other = (add(tx, "account", name=n, description=n + half) for n in "AB")
    with pytest.raises(Invalid, match="description of A would be longer than 1 MiB"):
        joined(tx, "account", keep, other)


# What moves


def test_everything_of_an_account_moves(tx: Writing) -> None:
    keep, other, child = (add(tx, "account", name=n) for n in ("A", "B", "Child"))
    records.update(tx, "account", child, {"parent": other})
    person = add(tx, "contact", name="Mei", account=other)
    deal = add(tx, "deal", account=other, title="D")
    product = add(tx, "product", name="P")
    add(tx, "item", deal=deal, account=other, product=product)
    add(tx, "deal_contact", deal=deal, account=other, contact=person)
    add(tx, "quote", deal=deal, account=other, contact=person)
    add(tx, "playbook_run", account=other, **PLAYED)
    add(tx, "campaign_member", campaign=add(tx, "campaign", name="C"), account=other)
    records.update(tx, "deal", deal, {"stage": "negotiation"})
    add(tx, "log", account=other, deal=deal, contacts=(person,))
    for kind in ("purchase", "review", "task", "plan", "objective"):
        needs: Values = {"text": "T"} if kind in ("task", "objective") else {}
        add(tx, kind, account=other, **needs)
    records.remember_external(tx, "account", "Ref", [("77", other)])
    merged = joined(tx, "account", keep, other)
    tables = [r[0] for r in merge.pointing_to(tx.con, "account") if r[0] != "distinct_account"]
    for table, column in merge.pointing_to(tx.con, "account"):
        assert not tx.rows(table, column, other)
    assert row(tx, "account", child)["parent_id"] == keep
    assert tx.con.execute("SELECT record_id FROM external_id").fetchall() == [(keep,)]
    assert {t for t, count in merged.moved.items() if count == 1} == {
        *tables,
        "external_id",
    } - {"affiliation", *LISTS["account"]} | {"plan", "campaign_member"}


def test_of_two_plans_every_text_stays_in_one(tx: Writing) -> None:
    keep, other, third = (add(tx, "account", name=n) for n in "ABC")
    add(tx, "plan", account=keep, goals="Grow", needs="Speed", strategy="Wait")
    add(tx, "plan", account=other, goals="Grow, then renew", needs="Price", competitors="Konex")
    add(tx, "plan", account=third, strategy="Wait")
    aims = [add(tx, "objective", account=a, text="Same aim") for a in (keep, other, third)]
    merged = joined(tx, "account", keep, other, third)
    ((id,),) = tx.con.execute("SELECT id FROM plan").fetchall()
    assert id == records.new_id("plan", {"account": keep})
    now = row(tx, "plan", id)
    assert now["goals"] == "Grow\n\nGrow, then renew"
    assert now["needs"] == "Speed\n\nPrice"
    assert (now["strategy"], now["competitors"], now["challenges"]) == ("Wait", "Konex", None)
    assert sorted(r["id"] for r in tx.rows("objective", "account_id", keep)) == sorted(aims)
    assert (merged.moved, merged.joined) == ({"plan": 1, "objective": 2}, {"plan": 1})


@pytest.mark.parametrize(("needs", "moved"), [("Price", 1), ("Speed", 0)])
def test_a_plan_counts_as_moved_if_something_of_it_came(
    tx: Writing, needs: str, moved: int
) -> None:
    keep, other = (add(tx, "account", name=n) for n in "AB")
    add(tx, "plan", account=keep, needs="Speed")
    add(tx, "plan", account=other, needs=needs)
    merged = joined(tx, "account", keep, other)
    assert (merged.moved.get("plan", 0), merged.joined.get("plan", 0)) == (moved, 1 - moved)


def test_a_plan_that_only_the_other_has_becomes_the_plan_of_the_one_kept(tx: Writing) -> None:
    keep, other = (add(tx, "account", name=n) for n in "AB")
    theirs = add(tx, "plan", account=other, goals="Grow")
    records.remember_external(tx, "plan", "Ref", [("7", theirs)])
    joined(tx, "account", keep, other)
    ((id, goals),) = tx.con.execute("SELECT id, goals FROM plan").fetchall()
    assert (id, goals) == (records.new_id("plan", {"account": keep}), "Grow")
    assert tx.con.execute("SELECT record_id FROM external_id").fetchall() == [(id,)]


def test_a_number_of_others_at_once(tx: Writing) -> None:
    keep, *others = (add(tx, "account", name=n, tags=(n,)) for n in "ABC")
    for account in others:
        add(tx, "log", account=account)
    joined(tx, "account", keep, *others)
    assert {r["account_id"] for r in tx.rows("log", "kind", "call")} == {keep}
    assert row(tx, "account", keep)["tags"] == ("A", "B", "C")


# What is kept once


def test_a_talk_with_both_persons_has_one(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    keep, other = (add(tx, "contact", name=n, account=account) for n in ("Mei", "M. Tan"))
    both = add(tx, "log", account=account, contacts=(keep, other))
    alone = add(tx, "log", account=account, contacts=(other,))
    merged = joined(tx, "contact", keep, other)
    assert row(tx, "log", both)["contact_ids"] == row(tx, "log", alone)["contact_ids"] == (keep,)
    assert (merged.moved["log_contact"], merged.joined["log_contact"]) == (1, 1)


def test_a_deal_with_both_persons_has_one_with_their_part(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    keep, other = (add(tx, "contact", name=n, account=account) for n in ("Mei", "M. Tan"))
    deal = add(tx, "deal", account=account, title="D")
    refs: Values = {"deal": deal, "account": account}
    add(tx, "deal_contact", **refs, contact=other, role="champion")
    add(tx, "deal_contact", **refs, contact=keep)
    merged = joined(tx, "contact", keep, other)
    (part,) = tx.rows("deal_contact", "deal_id", deal)
    assert (part["contact_id"], part["role"]) == (keep, "champion")
    assert (merged.moved["deal_contact"], merged.joined["deal_contact"]) == (0, 1)


def test_addresses_are_put_together(tx: Writing) -> None:
    keep = add(tx, "contact", name="Mei", emails=("a@x.example", "b@x.example"))
    other = add(
        tx, "contact", name="Mei T", emails=("b@x.example", "c@x.example"), phones=("+651",)
    )
    joined(tx, "contact", keep, other)
    now = row(tx, "contact", keep)
    assert now["emails"] == ("a@x.example", "b@x.example", "c@x.example")
    assert now["phones"] == ("+651",)


def test_another_account_becomes_a_further_link(tx: Writing) -> None:
    here, there = (add(tx, "account", name=n) for n in "AB")
    keep = add(tx, "contact", name="Mei", account=here)
    other = add(tx, "contact", name="Mei", account=there, title="CFO", since="2025-01-01")
    merged = joined(tx, "contact", keep, other)
    now = row(tx, "contact", keep)
    assert (now["account_id"], now["title"]) == (here, None)  # CFO there, not here
    assert links(tx) == [(keep, there, "CFO", None, "2025-01-01", None)]
    assert (merged.moved, merged.joined) == ({"affiliation": 1}, {})
    made = tx.con.execute("SELECT id FROM affiliation").fetchone()[0]
    assert made == ids.fact_id("affiliation", keep, there, "CFO", "", "2025-01-01")


def test_of_two_links_that_hold_one_is_left(tx: Writing) -> None:
    here, keep, other = (add(tx, "account", name=n) for n in ("Here", "A", "B"))
    person = add(tx, "contact", name="Mei", account=here)
    add(tx, "affiliation", contact=person, account=keep, role="coach")
    add(tx, "affiliation", contact=person, account=other, title="Advisor", role="blocker")
    merged = joined(tx, "account", keep, other)
    assert links(tx) == [(person, keep, "Advisor", "coach", None, None)]
    assert (merged.moved["affiliation"], merged.joined["affiliation"]) == (0, 1)


def test_a_link_to_where_somebody_is_anyway_goes_into_it(tx: Writing) -> None:
    keep, other = (add(tx, "account", name=n) for n in "AB")
    person = add(tx, "contact", name="Mei", account=keep)
    add(tx, "affiliation", contact=person, account=other, role="coach")
    add(tx, "affiliation", contact=person, account=other, to_on="2024-12-31")
    joined(tx, "account", keep, other)
    assert row(tx, "contact", person)["role"] == "coach"
    assert links(tx) == [(person, keep, None, None, None, "2024-12-31")]  # history stays


def test_who_is_not_the_same_stays_so(tx: Writing) -> None:
    keep, other, third = (add(tx, "account", name=n) for n in "ABC")
    merge.say_distinct(tx, "account", third, other)
    merge.say_distinct(tx, "account", keep, other)  # somebody changed their mind
    joined(tx, "account", keep, other)
    assert merge.distinct_pairs(tx.con, "account") == {frozenset((keep, third))}
    merge.say_distinct(tx, "account", keep, third)
    assert len(merge.distinct_pairs(tx.con, "account")) == 1


# Parents and managers


def chain(tx: Writing, kind: str, field: str, *names: str) -> list[str]:
    """Add records, each below the one before it."""
    made: list[str] = []
    for name in names:
        above: Values = {field: made[-1]} if made else {}
        made.append(add(tx, kind, name=name, **above))
    return made


@pytest.mark.parametrize(("kind", "field"), [("account", "parent"), ("contact", "reports_to")])
@pytest.mark.parametrize(
    ("keep", "other", "above"),
    [
        ("child", "middle", "top"),  # it reported to the one it was merged with
        ("middle", "child", "top"),
        ("child", "top", None),  # what is between them cannot stay above
        ("top", "child", None),
    ],
)
def test_nobody_comes_to_stand_above_themselves(
    tx: Writing, kind: str, field: str, keep: str, other: str, above: str | None
) -> None:
    names = ("top", "middle", "child")
    ids: dict[str | None, str] = dict(zip(names, chain(tx, kind, field, *names), strict=True))
    merged = joined(tx, kind, ids[keep], ids[other])
    found = row(tx, kind, ids[keep])[f"{field}_id"]
    assert found == (ids[above] if above else None)
    (rest,) = {"top", "middle", "child"} - {keep, other}
    # Only records below the other one moved; the two themselves did not.
    assert merged.moved == ({kind: 1} if (rest, other) == ("middle", "top") else {})
    if rest != above:
        assert row(tx, kind, ids[rest])[f"{field}_id"] in (ids[keep], None)


def test_a_parent_of_the_other_fills_in(tx: Writing) -> None:
    top, other = chain(tx, "account", "parent", "Top", "B")
    keep = add(tx, "account", name="A")
    joined(tx, "account", keep, other)
    assert row(tx, "account", keep)["parent_id"] == top


# The history of both


def test_the_history_of_both_goes_on_under_one_name(book: Path) -> None:
    with writing(book) as tx:
        keep = add(tx, "account", name="Acme")
        other = add(tx, "account", name="ACME GmbH")
    with writing(book) as tx:
        records.update(tx, "account", other, {"tier": "key"})
    with writing(book) as tx:
        joined(tx, "account", keep, other)
        tx.says = "Merged."
    told = said(book, keep)
    assert ("ACME GmbH", "tier set to key") in told
    assert ("ACME GmbH", "merged into Acme") in told
    take_back(book)
    assert ("ACME GmbH", "tier set to key") not in said(book, keep)


def test_the_history_of_a_merge_says_what_was_added_where(book: Path) -> None:
    with writing(book) as tx:
        keep = add(tx, "contact", name="Mei", notes="Tea")
        account = add(tx, "account", name="Acme")
        other = add(tx, "contact", name="M. Tan", account=account, notes="Horses", title="CFO")
        add(tx, "affiliation", contact=keep, account=account, title="Advisor")
        deal = add(tx, "deal", account=account, title="D")
        for person, role in ((keep, None), (other, "champion")):
            add(tx, "deal_contact", deal=deal, account=account, contact=person, role=role)
        add(tx, "log", account=account, contacts=(other,))
        tx.says = "Made."
    with writing(book) as tx:
        joined(tx, "contact", keep, other)
        tx.says = "Merged."
    with snapshot(book) as con:
        rows = history.changes(con, "contact", keep, today=CLOCK.today, merged=True)
    assert [(r["record"], r["what"]) for r in rows if r["command"] == 2] == [
        ("M. Tan", "merged into Mei, with 1 interaction and 1 deal"),
        (
            "Mei",
            'notes: added "2026-11-22 before the merge with M. Tan: title Advisor at A…"',
        ),
        ("Mei", "affiliation Acme removed"),  # the link went into the person
        ("Mei", "alias M. Tan added"),
        ("Mei", 'notes: added "Horses", from M. Tan'),
        ("Mei", "title set to CFO, from M. Tan"),
        ("Mei", "account set to Acme, from M. Tan"),
    ]
    assert ("M. Tan", "added") in [(r["record"], r["what"]) for r in rows if r["command"] == 1]
    take_back(book)
    with writing(book) as tx:
        undo.undo(tx, undo.last_undo(tx.con))
    with snapshot(book) as con:
        told = history.changes(con, "contact", keep, today=CLOCK.today, merged=True)
    what = {(r["command"], r["record"]): r["what"] for r in reversed(told)}
    assert what[4, "M. Tan"] == "merged into Mei again, with 1 interaction and 1 deal"
    assert what[3, "M. Tan"] == "added by an undo"


def said(book: Path, account: str) -> list[tuple[str, str]]:
    with snapshot(book) as con:
        rows = history.changes(con, "account", account, today=CLOCK.today)
    return [(r["record"], r["what"]) for r in rows]


def take_back(book: Path) -> None:
    with writing(book) as tx:
        undo.undo(tx, undo.last_undoable(tx.con))


# Whatever the book holds

ACCOUNTS, PEOPLE = 4, 5

WORDS: dict[str, tuple[Any, ...]] = {
    "integer": (0, 1, 2),
    "money": (0, 1, 2),
    "currency": ("SGD", "JPY"),
    "country": ("SG", "MY", "GB"),
    "phone": ("+6561234567", "+6561234568", "+442071234567"),
    "flag": (0, 1),
    "day": ("2026-01-05", "2026-12-01"),
    "moment": ("2026-01-05T10:00:00Z", "2026-10-05T10:00:00Z"),
    "long": ("Anvils", "Anvils\nand more", "Rockets, [x]\n\nfor all", "nd mor"),
}
"""Values of each type that often meet each other; for all other types, one of three words."""


def values_of(kind: str, seed: int) -> Values:
    """Return values of one-value fields that are no references; none for seed 0."""
    chance = random.Random(seed)
    found: Values = {}
    for name, field in KINDS[kind].fields.items():
        if field.many or field.fixed or field.type == REF or name == "name":
            continue
        values = WORDS.get(field.type, field.choices or ("x", "y z", "Ü; w"))
        if seed and chance.random() < 0.6:
            found[name] = chance.choice(values)
    if kind == "account" and seed % 3 == 1:
        found["archived_at"] = chance.choice(WORDS["moment"])
    return found | ({"currency": "SGD"} if "annual_revenue" in found else {})


FEW = st.integers(0, 5)
SEED = st.integers(0, 1000)
STATE = st.sampled_from((None, "replied", "customer"))


@st.composite
def any_book(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a small book is made of: everything refers to one of a few accounts and people."""
    account, person = st.integers(0, ACCOUNTS - 1), st.integers(0, PEOPLE - 1)
    maybe_account, maybe_person = st.none() | account, st.none() | person
    few_people = st.lists(person, max_size=3, unique=True)
    role = st.sampled_from((None, "champion", "coach"))
    day = st.sampled_from((None, "2024-05-31", "2025-05-31"))
    return draw(
        st.fixed_dictionaries(
            {
                "parents": st.tuples(*(st.integers(-1, place - 1) for place in range(ACCOUNTS))),
                "managers": st.tuples(*(st.integers(-1, place - 1) for place in range(PEOPLE))),
                "accounts_of": st.tuples(*[maybe_account] * PEOPLE),
                "tags": st.tuples(*[st.sets(st.sampled_from("abc"))] * ACCOUNTS),
                "emails": st.tuples(*[st.sets(st.sampled_from("abc"))] * PEOPLE),
                "custom": st.tuples(*[st.dictionaries(st.sampled_from("xy"), FEW)] * ACCOUNTS),
                "of_people": st.tuples(*[st.dictionaries(st.sampled_from("xy"), FEW)] * PEOPLE),
                "accounts": st.tuples(*[SEED] * ACCOUNTS),
                "people": st.tuples(*[SEED] * PEOPLE),
                "plan_texts": st.tuples(*[SEED] * ACCOUNTS),
                "deals": st.lists(
                    st.tuples(account, st.lists(st.tuples(person, role))), max_size=3
                ),
                "logs": st.lists(st.tuples(account, few_people), max_size=4),
                "tasks": st.lists(st.tuples(maybe_account, maybe_person), max_size=3),
                "purchases": st.lists(account, max_size=3),
                "reviews": st.lists(account, max_size=2),
                "plans": st.lists(account, max_size=3, unique=True),
                "objectives": st.lists(account, max_size=3),
                "links": st.lists(st.tuples(person, account, role, day), max_size=5),
                "members": st.lists(st.tuples(st.booleans(), st.integers(0, 3), STATE), max_size=4),
                "distinct": st.lists(st.sets(account, min_size=2, max_size=2), max_size=3),
            }
        )
    )


def make(tx: Writing, made: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Write such a book; return the ids of its accounts and of its people."""
    accounts: list[str] = []
    for place in range(ACCOUNTS):
        above = made["parents"][place]
        values = values_of("account", made["accounts"][place])
        values |= {"parent": accounts[above]} if above >= 0 else {}
        tags = tuple(sorted(made["tags"][place]))
        custom = made["custom"][place]
        values["aliases"] = values["links"] = tags
        values["other_websites"] = tuple(f"{tag}.example" for tag in tags)
        values["other_phones"] = tuple(f"+65{ord(tag)}" for tag in tags)
        accounts.append(add(tx, "account", name=f"A{place}", tags=tags, custom=custom, **values))
    people: list[str] = []
    for place in range(PEOPLE):
        above, at = made["managers"][place], made["accounts_of"][place]
        values = values_of("contact", made["people"][place])
        values |= {"reports_to": people[above]} if above >= 0 else {}
        values["account"] = None if at is None else accounts[at]
        letters = sorted(made["emails"][place])
        values["emails"] = tuple(f"{letter}@x.example" for letter in letters)
        values["phones"] = tuple(f"+65{ord(letter)}" for letter in letters)
        values["aliases"] = values["tags"] = tuple(letters)
        values["profiles"] = tuple(f"x.com/{letter}" for letter in letters)
        custom = made["of_people"][place]
        people.append(add(tx, "contact", name=f"P{place}", custom=custom, **values))
    product = add(tx, "product", name="Thing")
    for number, (account, parts) in enumerate(made["deals"]):
        refs = {"account": accounts[account]}
        refs["deal"] = add(tx, "deal", **refs, title=f"D{number}")
        add(tx, "item", **refs, product=product)
        add(tx, "quote", **refs, contact=people[0], number=f"Q-{number}")
        records.update(tx, "deal", refs["deal"], {"amount": 5, "currency": "SGD"})
        for person, role in dict(parts).items():
            add(tx, "deal_contact", **refs, contact=people[person], role=role)
    for account, some in made["logs"]:
        add(tx, "log", account=accounts[account], contacts=tuple(people[p] for p in some))
    for at, with_ in made["tasks"]:
        account_id = None if at is None else accounts[at]
        contact_id = None if with_ is None else people[with_]
        add(tx, "task", account=account_id, contact=contact_id, text="T")
    for kind in ("purchase", "review"):
        for account in made[f"{kind}s"]:
            add(tx, kind, account=accounts[account])
    for account in made["plans"]:
        add(tx, "plan", account=accounts[account], **values_of("plan", made["plan_texts"][account]))
    for account in made["objectives"]:
        add(tx, "objective", account=accounts[account], text="O")
        add(tx, "playbook_run", account=accounts[account], **PLAYED)
    for person, account, role, to_on in made["links"]:
        refs = {"contact": people[person], "account": accounts[account]}
        add(tx, "affiliation", **refs, role=role, to_on=to_on)
    campaign = add(tx, "campaign", name="C")
    for is_person, place, state in made["members"]:
        who = Chosen("contact", people[place]) if is_person else Chosen("account", accounts[place])
        campaigns.add(tx, campaign, [who], state=state)
    for pair in made["distinct"]:
        one, other = pair
        merge.say_distinct(tx, "account", accounts[one], accounts[other])
        merge.say_distinct(tx, "contact", people[one], people[other])
    for id in (*accounts, *people):
        kind = "account" if id in accounts else "contact"
        records.remember_external(tx, kind, "Ref", [(id, id)])
    return accounts, people


def pairs(path: Path, sql: str) -> set[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as con:
        return set(con.execute(sql))


def ids_of(dump: books.Dump, table: str) -> list[str]:
    return [row[0] for row in dump[table]]


def mapped(found: set[tuple[Any, ...]], keep: str, others: Sequence[str]) -> set[tuple[Any, ...]]:
    """Return rows as they should be afterwards: the kept record replaces the others."""
    return {tuple(keep if value in others else value for value in row) for row in found}


def gave_way(kind: str, table: str, merged: Merged) -> set[tuple[Any, ...]]:
    """Return the names and addresses that a table has of records that are gone."""
    fields = KINDS[kind].fields
    keep = merged.rows[0]["id"]
    for name, listed in KINDS[kind].further:
        rows = fields[listed].rows
        assert rows is not None
        if rows[0] == table:
            said = {row[name] for row in merged.rows} - {None, merged.after[name]}
            return {(keep, f"linkedin.com/in/{one}" if name == "linkedin" else one) for one in said}
    return set()


def no_circles(path: Path, table: str, column: str) -> bool:
    above = dict(pairs(path, f"SELECT id, {column} FROM {table}"))
    for start in above:
        at, steps = above[start], 0
        while at is not None and steps <= len(above):
            at, steps = above[at], steps + 1
        if steps > len(above):
            return False
    return True


def lost(
    kind: str, id: str, keep: str, path: Path, before: books.Dump, after: books.Dump, merged: Merged
) -> list[str]:
    """Return what one of the merged records had, and that is in no field and no text afterwards.

    A field must have the value, or the description (the notes) must name it; a part in a deal or a
    link may be in the notes of the person.
    """
    was = next(row for row in merged.rows if row["id"] == id)
    gone = {one["id"] for one in merged.rows}
    now = merged.after
    notes = now["description" if kind == "account" else "notes"] or ""
    missing = []
    for name, field in KINDS[kind].fields.items():
        value = was[field.id_name if field.type == REF else name]
        if name in ("id", "created_at", "updated_at") or field.derived or value in (None, 0, ()):
            continue
        stands = now[field.id_name if field.type == REF else name]
        if name == "number":
            found = value == stands or f"({value})" in notes
        elif name in (further := dict(KINDS[kind].further)):
            item = f"linkedin.com/in/{value}" if name == "linkedin" else value
            found = value == stands or item in now[further[name]]
        elif field.many:
            main = {now[name] for name, listed in KINDS[kind].further if listed == field.name}
            found = set(value) <= {*stands, *main}
        elif field.type == LONG:
            found = f"\n{value}\n" in f"\n{stands}\n"
        elif field.type == MONEY:
            words = leftovers.said(field, was)
            found = (value, was["currency"]) == (stands, now["currency"]) or words in notes
        else:
            words = leftovers.said(field, was)
            told = (field.label, words) in {(one.what, one.left) for one in merged.left}
            found = value == stands or value == field.default or (told and words in notes)
        found = found or (field.type == REF and value in gone)
        found = found or (name == "currency" and was["annual_revenue"] is not None)
        if kind == "contact" and name in ("account", "title", "role", "since"):
            found = found or in_a_link(path, keep, was, name)
        if not found:
            missing.append(name)
    custom = [(r[3], r[4]) for r in before["custom"] if r[2] == id]
    now_custom = {r[3]: r[4] for r in after["custom"] if r[2] == keep}
    missing += [n for n, v in custom if now_custom[n] != v and f"{n} {v}" not in notes]
    return missing


def in_a_link(path: Path, keep: str, was: dict[str, Any], name: str) -> bool:
    """Whether a link of the person to the old account says this, or their notes do."""
    column = {"account": "account_id", "since": "from_on"}.get(name, name)
    said = pairs(path, f"SELECT account_id, {column}, contact_id FROM affiliation")
    value = was["account_id"] if name == "account" else was[name]
    (notes,) = pairs(path, f"SELECT notes FROM contact WHERE id = '{keep}'")
    return (was["account_id"], value, keep) in said or f"{name} {value}" in (notes[0] or "")


def said_of_links(path: Path) -> set[tuple[Any, ...]]:
    """Return person, account and what is said about the person there, by the contact or a link."""
    sql = (
        "SELECT contact_id, account_id, title FROM affiliation WHERE to_on IS NULL UNION "
        "SELECT contact_id, account_id, role FROM affiliation WHERE to_on IS NULL UNION "
        "SELECT id, account_id, title FROM contact WHERE account_id IS NOT NULL UNION "
        "SELECT id, account_id, role FROM contact WHERE account_id IS NOT NULL"
    )
    return {found for found in pairs(path, sql) if found[2] is not None}


PLAYED: Values = {"playbook": "onboarding", "about": "account", "started_on": "2026-11-20"}

LISTS = {
    "account": {
        "tag": "account_id, tag",
        "account_website": "account_id, website",
        "account_phone": "account_id, number",
        "account_alias": "account_id, alias",
        "account_link": "account_id, link",
        "custom": "record_id, field",
        "plan": "account_id",
        "campaign_member": "campaign_id, coalesce(contact_id, account_id)",
    },
    "contact": {
        "email": "contact_id, address",
        "phone": "contact_id, number",
        "contact_alias": "contact_id, alias",
        "contact_profile": "contact_id, profile",
        "contact_tag": "contact_id, tag",
        "log_contact": "log_id, contact_id",
        "deal_contact": "deal_id, contact_id",
        "campaign_member": "campaign_id, coalesce(contact_id, account_id)",
    },
}
"""Tables of which a merge keeps the union, by the content of their rows."""

OPEN_LINKS = (
    "SELECT contact_id, account_id FROM affiliation WHERE to_on IS NULL UNION "
    "SELECT id, account_id FROM contact WHERE account_id IS NOT NULL"
)
PAST_LINKS = "SELECT contact_id, account_id, role, to_on FROM affiliation WHERE to_on IS NOT NULL"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["account", "contact"])
@settings(max_examples=20)
@given(made=any_book(), chosen=st.permutations(range(ACCOUNTS)), count=st.integers(2, 3))
def test_no_row_is_ever_lost_and_undo_is_exact(
    kind: str, made: dict[str, Any], chosen: list[int], count: int, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.mktemp("merge") / "book.db"
    books.create(path)
    with writing(path) as tx:
        everybody = dict(zip(("account", "contact"), make(tx, made), strict=True))
    keep, *others = (everybody[kind][place] for place in chosen[:count])
    before = books.dump(path)
    facts = {t: pairs(path, f"SELECT {c} FROM {t}") for t, c in LISTS[kind].items()}
    held, past = pairs(path, OPEN_LINKS), pairs(path, PAST_LINKS)
    parts = pairs(path, "SELECT deal_id, contact_id, role FROM deal_contact WHERE role IS NOT NULL")
    roles = said_of_links(path)

    with writing(path) as tx:
        merged = joined(tx, kind, keep, *others)
        tx.says = "Merged."
    after = books.dump(path)

    assert sorted(ids_of(before, kind)) == sorted((*ids_of(after, kind), *others))
    united = {*LISTS[kind], kind, "affiliation", f"distinct_{kind}", "custom"}
    for table in before.keys() - united:
        assert ids_of(after, table) == ids_of(before, table), table
    for table, columns in LISTS[kind].items():
        left = pairs(path, f"SELECT {columns} FROM {table}")
        assert left == mapped(facts[table], keep, others) | gave_way(kind, table, merged), table
        assert len(after[table]) == len(left), table
    assert pairs(path, OPEN_LINKS) == mapped(held, keep, others)
    assert pairs(path, PAST_LINKS) == mapped(past, keep, others)
    with snapshot(path) as con:
        pointing = merge.pointing_to(con, kind)
    for table, column in pointing:
        assert pairs(path, f"SELECT {column} FROM {table}").isdisjoint((id,) for id in others)
    for id in (keep, *others):
        assert not lost(kind, id, keep, path, before, after, merged)
    notes = dict(pairs(path, "SELECT id, notes FROM contact"))
    left = pairs(path, "SELECT deal_id, contact_id, role FROM deal_contact")
    for deal, person, role in mapped(parts, keep, others) - left:
        assert f"role {role} in deal" in notes[person], (deal, person)
    for person, _, said in mapped(roles, keep, others) - said_of_links(path):
        assert said in (notes[person] or ""), (person, said)
    texts = {row[0]: row[4:] for row in after["plan"]}
    for plan in before["plan"]:
        owner = keep if plan[4] in others else plan[4]
        (stands,) = [row for row in texts.values() if row[0] == owner]
        for value, whole in zip(plan[5:], stands[1:], strict=True):
            assert value is None or f"\n{value}\n" in f"\n{whole}\n"
    assert no_circles(path, "account", "parent_id")
    assert no_circles(path, "contact", "reports_to_id")
    assert books.sound(path)

    take_back(path)
    assert books.dump(path) == before
    with writing(path) as tx:
        undo.undo(tx, undo.last_undo(tx.con))
    assert books.dump(path) == after
    assert books.sound(path)


def test_every_table_that_points_to_accounts_or_people_is_in_the_random_book() -> None:
    """A table that is added later must be in the random book, or the test above misses it."""
    with closing(sqlite3.connect(":memory:")) as con:
        migrations.migrate(con)
        pointing = {t for kind in ("account", "contact") for t, _ in merge.pointing_to(con, kind)}
    assert pointing == {
        *("account", "contact", "affiliation", "deal", "deal_change", "deal_contact", "email"),
        *("distinct_account", "distinct_contact", "item", "log", "log_contact", "phone"),
        *("purchase", "review", "tag", "task", "plan", "objective", "quote"),
        *("playbook_run", "campaign_member"),
        *("account_website", "account_phone", "account_alias", "account_link"),
        *("contact_alias", "contact_profile", "contact_tag"),
    }


def test_of_merged_accounts_the_first_keeps_its_primary_contact(tx: Writing) -> None:
    one, other, third = (add(tx, "account", name=name) for name in ("A", "B", "C"))
    for name, account in (("Mei", one), ("Raj", other), ("Kim", third)):
        add(tx, "contact", name=name, account=account, primary=True)

    def primaries(account: str) -> list[str]:
        rows = tx.rows("contact", "account_id", account)
        return sorted(row["name"] for row in rows if row["primary"])

    assert joined(tx, "account", one, other).stepped_back == ("Raj",)
    assert primaries(one) == ["Mei"]
    new = add(tx, "account", name="D")
    assert joined(tx, "account", new, third).stepped_back == ()
    assert primaries(new) == ["Kim"]
