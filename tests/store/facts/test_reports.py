"""What all reports share: the accounts and owners they cover."""

from __future__ import annotations

from tests.store.making import add

from acctcli.store.facts import reports as sql
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing


def test_accounts_by_name(tx: Writing) -> None:
    b = add(tx, "account", name="beta", industry="energy", tier="key", status="customer")
    a = add(tx, "account", name="Álfa")
    assert sql.accounts(tx.con, []) == [
        (a, "Álfa", None, None, "prospect"),
        (b, "beta", "energy", "key", "customer"),
    ]
    only = [Condition("t.tier = ?", ["key"])]
    assert [account.id for account in sql.accounts(tx.con, only)] == [b]


def test_owners_are_compared_as_names_are(tx: Writing) -> None:
    for owner in ("Kim", "KIM ", "Raj", None):
        add(tx, "account", name=f"Of {owner}", owner=owner)
    found = sql.accounts(tx.con, sql.owned("t.owner", ["kim"]))
    assert {account.name for account in found} == {"Of Kim", "Of KIM "}
    assert len(sql.accounts(tx.con, sql.owned("t.owner", []))) == 4
