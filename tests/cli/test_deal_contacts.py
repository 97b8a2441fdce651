"""`acct deal contact`: people get a part in a deal, another one, or none."""

from __future__ import annotations

import pytest
from tests.cli.dealing import add_accounts, rollout, said
from tests.conftest import Program


@pytest.fixture(autouse=True)
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
