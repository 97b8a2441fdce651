"""The accounts that the words of a search name."""

from __future__ import annotations

from tests.store.making import add

from acctcli.store import whose
from acctcli.store.journal import Writing


def test_an_account_is_named_by_words_of_its_name_an_alias_or_its_number(tx: Writing) -> None:
    acme = add(tx, "account", name="Acme O'Neil", aliases=("Wile Søren",))
    beta = add(tx, "account", name="Acmeta")

    def named(word: str) -> set[str]:
        ways = whose.ways(tx.con, [word])
        called = {id for accounts in ways.values() for id in accounts.ids}
        assert ways.keys() <= {()}
        return {id for accounts in ways.values() for id in whose.ids_of(tx.con, accounts, called)}

    words = ["acm", "neil", "o'neil", "WILE", "soren", "A-0002", "cme", "x", "&"]
    assert {word: named(word) for word in words} == {
        "acm": {acme, beta},
        **{word: {acme} for word in ("neil", "o'neil", "WILE", "soren")},
        "A-0002": {beta},
        "cme": set(),
        "x": set(),
        "&": set(),
    }


def test_a_way_has_the_accounts_with_the_same_words_in_name_alias_or_number(tx: Writing) -> None:
    acme = add(tx, "account", name="Acme Pricing", aliases=("Wile",))
    other = add(tx, "account", name="Acme Pricing")
    add(tx, "account", name="Beta")
    ways = whose.ways(tx.con, ["acme", "pricing", "wile", "jane"])
    called = {id for accounts in ways.values() for id in accounts.ids}
    assert {own: set(whose.ids_of(tx.con, accounts, called)) for own, accounts in ways.items()} == {
        ("jane",): {acme},
        ("wile", "jane"): {other},
    }


def test_the_names_are_those_of_accounts_people_deals_and_products(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", aliases=("Wile",))
    add(tx, "contact", name="Mei Tan", account=account, aliases=("May",))
    add(tx, "deal", account=account, title="Rollout")
    add(tx, "product", name="Suite")
    add(tx, "task", account=account, text="Call her")
    add(tx, "log", account=account, summary="Called")
    assert sorted(whose.names(tx.con)) == ["Acme", "May", "Mei Tan", "Rollout", "Suite", "Wile"]
