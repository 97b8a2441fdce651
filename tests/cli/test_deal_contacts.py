"""`acct deal contact`: giving people a part in a deal, changing it, removing it."""

from __future__ import annotations

import pytest
from tests.cli.dealing import add, add_accounts, rollout, said
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def accounts(run: Program) -> None:
    add_accounts(run)


def test_people_have_parts_in_a_deal(run: Program) -> None:
    for name in ("Mei Tan", "Raj Nair"):
        run("contact", "add", name, "--account", "greentech")
    run("contact", "add", "Mei Wong", "--account", "kan")
    rollout(run)
    done = run("deal", "contact", "platform", "mei", "raj", "--role", "evaluator")
    assert said(done) == (
        'Mei Tan has a part in "Platform rollout" as evaluator. '
        'Raj Nair has a part in "Platform rollout" as evaluator.\n'
    )
    run("deal", "contact", "platform", "mei", "--role", "economic buyer")
    found = run("deal", "contact", "platform", "-f", "json").json()
    assert [(p["contact"], p["role"]) for p in found] == [
        ("Mei Tan", "economic-buyer"),
        ("Raj Nair", "evaluator"),
    ]
    done = run("deal", "contact", "platform", "raj nair", "--remove")
    assert said(done) == 'Raj Nair is no longer on "Platform rollout".\n'
    again = run("deal", "contact", "platform", "raj nair", "--remove")
    assert (again.code, again.err) == (
        3,
        'acct: Raj Nair is not on "Platform rollout"\n',
    )
    ids = run("deal", "contact", "platform", "-f", "ids").out
    assert run("contact", "show", ids.strip(), "-f", "json").json()["name"] == "Mei Tan"


def test_a_part_needs_somebody(run: Program) -> None:
    rollout(run)
    assert run("deal", "contact", "platform", "--role", "coach").code == 2
    unknown = run("deal", "contact", "platform", "mei", "--role", "boss")
    assert unknown.code == 4
    assert unknown.err.startswith('acct: unknown role "boss"')


def test_somebody_named_twice_is_one_person(run: Program) -> None:
    mei = run("contact", "add", "Mei Tan", "--account", "greentech", "-f", "ids").out.strip()
    rollout(run)
    for named in (("mei tan", "Mei Tan"), ("mei tan", mei)):
        done = run("deal", "contact", "platform", *named, "--role", "coach")
        assert said(done) == 'Mei Tan has a part in "Platform rollout" as coach.\n'
        assert len(run("deal", "contact", "platform", "-f", "json").json()) == 1
        done = run("deal", "contact", "platform", *named, "--remove")
        assert said(done) == 'Mei Tan is no longer on "Platform rollout".\n'
        assert run("deal", "contact", "platform", "-f", "json").json() == []


def test_a_part_is_not_taken_away_along_with_a_role(run: Program) -> None:
    run("contact", "add", "Mei Tan", "--account", "greentech")
    rollout(run)
    run("deal", "contact", "platform", "mei")
    refused = run("deal", "contact", "platform", "Mei Tan", "--role", "coach", "--remove")
    assert (refused.code, refused.err) == (
        2,
        "acct: --role and --remove contradict each other: give only one\n",
    )
    assert len(run("deal", "contact", "platform", "-f", "json").json()) == 1


# Deals by person


def titles(run: Program, *words: str) -> list[str]:
    listed = run("deal", "list", *words, "-f", "json")
    assert listed.code == 0, listed.err
    return [row["title"] for row in listed.json()]


def test_deals_are_listed_by_the_people_on_them(run: Program) -> None:
    for name in ("Mei Tan", "Raj Nair"):
        run("contact", "add", name, "--account", "greentech")
    rollout(run)
    add(run, "greentech", "Starter kit")
    run("deal", "contact", "platform", "mei", "raj", "--role", "champion")
    run("deal", "contact", "starter", "raj")
    assert titles(run, "--contact", "mei tan") == ["Platform rollout"]
    assert titles(run, "--where", "contact = mei") == ["Platform rollout"]
    assert titles(run, "--where", "contact = raj and not contact = mei") == ["Starter kit"]
    assert titles(run, "--where", "contact in (mei, raj)", "--sort", "title") == [
        *("Platform rollout", "Starter kit")
    ]
    assert titles(run, "--where", "contacts ~ tan") == ["Platform rollout"]
    named = run("deal", "list", "--columns", "title,contacts", "--contact", "mei")
    assert named.out == "Platform rollout\tMei Tan; Raj Nair\n"
    nobody = run("deal", "list", "--contact", "nobody")
    assert (nobody.code, nobody.err) == (3, 'acct: no contact "nobody". All: acct contact list\n')
    run("deal", "contact", "platform", "Mei Tan", "--remove")
    assert titles(run, "--where", "contact = mei") == []
    assert titles(run, "--where", "contacts is empty") == []


def test_the_people_of_a_deal_are_set_by_its_own_command(run: Program) -> None:
    rollout(run)
    refused = run("deal", "edit", "platform", "--set", "contacts=mei")
    assert refused.code == 2
    assert 'no deal field "contacts" to set' in refused.err
    assert "contacts" not in run("deal", "list", "-f", "json").json()[0]


def test_deals_are_tagged(run: Program) -> None:
    rollout(run)
    add(run, "greentech", "Starter kit")
    tagged = run("deal", "tag", "platform", "starter", "--add", "q4,flagship")
    assert tagged.err == (
        "Changed tags of Platform rollout, Starter kit (added q4 and flagship).\n"
    )
    run("deal", "tag", "starter", "--remove", "q4")
    assert titles(run, "--tag", "q4") == ["Platform rollout"]
    assert run("deal", "tag", "platform").code == 2
