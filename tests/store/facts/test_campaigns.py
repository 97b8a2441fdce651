from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.store.making import add, writing

from acctcli.store import campaigns as store
from acctcli.store.campaigns import Chosen
from acctcli.store.facts import campaigns
from acctcli.store.journal import Writing


def member(tx: Writing, campaign: str, kind: str, id: str) -> str:
    store.add(tx, campaign, [Chosen(kind, id)])
    return store.member_id(campaign, Chosen(kind, id))


def test_members_come_with_their_names_and_accounts(book: Path) -> None:
    with writing(book) as tx:
        acme, zed = add(tx, "account", name="Acme"), add(tx, "account", name="Zed")
        mei = add(tx, "contact", name="Mei", account=zed, do_not_contact=True)
        raj = add(tx, "contact", name="Raj")
        push = add(tx, "campaign", name="Push")
        for kind, id in (("contact", mei), ("account", acme), ("contact", raj)):
            member(tx, push, kind, id)
        found = campaigns.members(tx.con, [push])
        assert [(one.contact, one.account, one.do_not_contact) for one in found] == [
            ("Raj", None, False),
            (None, "Acme", False),
            ("Mei", "Zed", True),
        ]
        assert campaigns.members(tx.con, ["no campaign"]) == []


def test_what_was_said_since_counts_unless_it_names_another_campaign(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        mei = add(tx, "contact", name="Mei", account=acme)
        push, other = add(tx, "campaign", name="Push"), add(tx, "campaign", name="Other")

        def log(day: int, **more: Any) -> str:
            at = f"2026-11-{day:02}T09:00:00Z"
            return add(tx, "log", account=acme, at=at, contacts=(mei,), **more)

        log(1, kind="email", direction="in")
        sent = log(2, kind="email", direction="out", campaign=push)
        answer = log(3, kind="email", direction="in")
        log(4, kind="email", direction="in", campaign=other)
        log(5, kind="note")
        found = campaigns.touches(tx.con, [push])
        assert [(one.id, one.named, one.contact_id) for one in found] == [
            (sent, True, mei),
            (answer, False, mei),
        ]
        assert found[0].touch.id == sent


def test_deals_with_a_campaign_and_deals_without(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        push = add(tx, "campaign", name="Push")
        named = add(tx, "deal", account=acme, title="D", campaign=push)
        loose = add(tx, "deal", account=acme, title="E")
        assert [deal.id for deal in campaigns.deals(tx.con, [push])] == [named]
        assert [deal.id for deal in campaigns.deals_without(tx.con, [acme])] == [loose]


def test_mail_goes_to_people_and_to_primary_contacts_of_accounts(book: Path) -> None:
    with writing(book) as tx:
        acme, zed = add(tx, "account", name="Acme"), add(tx, "account", name="Zed")
        mei = add(tx, "contact", name="Mei", account=acme, primary=True, emails=("m@x.example",))
        add(tx, "contact", name="Other", account=acme)
        left = add(tx, "contact", name="Left", account=acme)
        push = add(tx, "campaign", name="Push")
        chosen = [
            member(tx, push, kind, id)
            for kind, id in (("account", acme), ("contact", mei), ("account", zed))
        ]
        chosen.append(member(tx, push, "contact", left))
        tx.update("contact", left, {"account_id": zed})
        found = campaigns.for_mail(tx.con, chosen)
        assert [(one.name, one.email, one.moved_on) for one in found] == [
            ("Left", None, True),
            ("Mei", "m@x.example", False),
        ]
        assert campaigns.without_primary(tx.con, chosen) == ["Zed"]
