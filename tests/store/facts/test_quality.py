"""Facts for the quality of data and the search for duplicates."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.store.making import add

from acctcli.domain.likeness import Company, Person
from acctcli.model import KINDS
from acctcli.store.facts import quality
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing

TODAY = date(2026, 11, 22)
FIELDS = {kind: KINDS[kind].fields for kind in ("account", "contact", "deal", "purchase", "review")}


def state(tx: Writing, *conditions: Condition, **required: list[str]) -> quality.State:
    return quality.state(tx.con, FIELDS, required, TODAY, conditions)


def test_companies_with_all_their_names_and_addresses(tx: Writing) -> None:
    given: dict[str, Any] = {"website": "a.com", "other_websites": ("b.com",), "country": "SG"}
    given |= {"aliases": ("AA",), "phone": "+651", "other_phones": ("+652",)}
    one = add(tx, "account", name="A", **given)
    two = add(tx, "account", name="B", parent=one)
    add(tx, "account", name="Gone", archived_at="2026-01-01T00:00:00Z")
    for name, account in (("mei", one), ("raj", one), ("ana", None)):
        add(tx, "contact", name=name, account=account, emails=(f"{name}@{name[0]}.com", "x@a.com"))
    domains = ["a.com", "m.com", "r.com"]
    found = [row._replace(domains=sorted(row.domains)) for row in quality.companies(tx.con)]
    assert found == [
        Company(one, "A", "SG", None, ["AA"], ["a.com", "b.com"], ["+651", "+652"], domains),
        Company(two, "B", None, one, (), (), (), []),
    ]


def test_people_with_all_their_names_and_addresses(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    emails = ("a@x.sg", "b@x.sg")
    mei = add(tx, "contact", name="Mei", account=account, emails=emails, aliases=("Mei-Mei",))
    raj = add(tx, "contact", name="Raj", linkedin="raj", phones=("+651",), profiles=("x.com/raj",))
    assert quality.people(tx.con) == [
        Person(mei, "Mei", account, None, ["Mei-Mei"], [*emails], (), ()),
        Person(raj, "Raj", None, "raj", (), (), ["+651"], ["x.com/raj", "linkedin.com/in/raj"]),
    ]


def test_how_much_points_to_a_record(tx: Writing) -> None:
    one, two, other = (add(tx, "account", name=name) for name in "ABC")
    for _ in "ab":
        add(tx, "task", account=one, text="T")
    add(tx, "log", account=one)
    add(tx, "log", account=other)
    assert quality.richness(tx.con, "account", [one, two, one]) == {one: 3, two: 0}


def test_of_deals_purchases_and_reviews_the_odd_ones(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    odd = [
        add(tx, "deal", account=account, title=title, opened_on="2026-10-01", closed_on=closed)
        for title, closed in (("open", None), ("early", "2026-09-30"), ("ahead", "2026-11-23"))
    ]
    for closed in ("2026-10-01", "2026-11-22"):
        add(tx, "deal", account=account, title="fine", opened_on="2026-10-01", closed_on=closed)
    term: dict[str, Any] = {"starts_on": "2026-05-01"}
    contradicting = add(tx, "purchase", account=account, ends_on="2026-04-30", **term)
    fine = add(tx, "purchase", account=account, ends_on="2026-05-01", **term)
    before = add(tx, "review", account=account, held_on="2026-05-01", next_review="2026-04-30")
    add(tx, "review", account=account, held_on="2026-05-01", next_review="2026-05-01")
    found = state(tx)
    assert {row["id"] for row in found.deals[account]} == set(odd)
    assert [row["id"] for row in found.purchases[account]] == [contradicting]
    assert [row["id"] for row in found.reviews[account]] == [before]
    asked = state(tx, purchase=["quantity"]).purchases[account]
    assert {row["id"] for row in asked} == {contradicting, fine}
    assert all("quantity" in row for row in asked)


def test_only_of_the_accounts_that_fit(tx: Writing) -> None:
    ids = {name: add(tx, "account", name=name, tier=name.lower()) for name in ("Key", "Smb")}
    gone = add(tx, "account", name="Gone", tier="key", archived_at="2026-01-01T00:00:00Z")
    for account in (*ids.values(), gone):
        add(tx, "contact", name="Mei", account=account)
        add(tx, "deal", account=account, title="D")
    found = state(tx, Condition("t.tier = ?", ["key"]))
    assert [row["id"] for row in found.accounts] == [ids["Key"]]
    assert set(found.people) == set(found.deals) == {ids["Key"]}
    assert set(state(tx).people) == set(ids.values())
    assert set(found.parents) == {*ids.values(), gone}


def test_who_bought_and_who_won(tx: Writing) -> None:
    bought, won, lost, _ = (add(tx, "account", name=name) for name in "ABCD")
    add(tx, "purchase", account=bought)
    closed: dict[str, Any] = {"title": "D", "closed_on": "2026-11-01"}
    add(tx, "deal", account=won, category="closed", **closed)
    add(tx, "deal", account=lost, category="omitted", **closed)
    found = state(tx)
    assert (found.have_bought, found.have_won) == ({bought}, {won})


def test_the_last_day_on_which_something_was_noted(tx: Writing) -> None:
    def account(name: str) -> str:
        return add(tx, "account", name=name, updated_at="2026-01-01T09:00:00Z")

    ids = {name: account(name) for name in ("none", "person", "deal", "log", "before")}
    for day in ("02", "01"):
        noted: dict[str, Any] = {"updated_at": f"2026-03-{day}T09:00:00Z"}
        add(tx, "contact", name=day, account=ids["person"], **noted)
        add(tx, "deal", title=day, account=ids["deal"], **noted)
        add(tx, "log", account=ids["log"], at=f"2026-03-{day}T09:00:00Z")
    add(tx, "log", account=ids["before"], at="2025-03-01T09:00:00Z")
    changed = state(tx).changed
    assert {name: changed[id] for name, id in ids.items()} == {
        **{"none": "2026-01-01", "before": "2026-01-01"},
        **dict.fromkeys(("person", "deal", "log"), "2026-03-02"),
    }


def test_who_has_a_part_in_an_open_deal_and_is_there(tx: Writing) -> None:
    account, other = (add(tx, "account", name=name) for name in "AB")
    here = add(tx, "contact", name="Here", account=account)
    linked = add(tx, "contact", name="Linked", account=other)
    add(tx, "affiliation", contact=linked, account=account)
    left = add(tx, "contact", name="Left", account=other)
    add(tx, "affiliation", contact=left, account=account, to_on="2026-01-01")
    elsewhere = add(tx, "contact", name="Elsewhere", account=None)
    add(tx, "affiliation", contact=elsewhere, account=other)
    for title, closed in (("Open", None), ("Won", "2026-11-01")):
        deal = add(tx, "deal", account=account, title=title, closed_on=closed)
        for person in (here, linked, left, elsewhere):
            add(tx, "deal_contact", deal=deal, account=account, contact=person)
    parts = state(tx).parts[account]
    assert [(row["title"], row["contact"], row["here"]) for row in parts] == [
        *(("Open", "Here", 1), ("Open", "Linked", 1)),
        *(("Open", "Left", 0), ("Open", "Elsewhere", 0)),
    ]
