"""What comes up at an account while it is snoozed is named when it is snoozed."""

from __future__ import annotations

import pytest
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def acme(run: Program) -> None:
    run("account", "add", "Acme")
    for title, day in (("Rollout", "2026-12-01"), ("Later", "2026-12-31")):
        run("deal", "add", "Acme", title, "--amount", "12k SGD", "--close", day)


@pytest.mark.usefixtures("acme")
def test_a_deal_that_closes_inside_the_snooze_is_named(run: Program) -> None:
    done = run("account", "snooze", "Acme", "2026-12-05")
    assert (
        'While Acme is snoozed: deal "Rollout" 12k SGD closes Tue 1 Dec. '
        "See: acct account show acme\n" in done.err
    )
    # On the day it comes back, today says it.
    assert "While" not in run("account", "snooze", "Acme", "2026-12-01").err


@pytest.mark.usefixtures("acme")
def test_contracts_and_promises_are_named_by_their_day(run: Program) -> None:
    term = ("--recurring", "yearly", "--starts", "2025-12-04", "--ends", "2026-12-03")
    run("purchase", "add", "Acme", "900 SGD", "--on", "2025-12-04", *term)
    run("task", "add", "Acme", "Send it", "--due", "2026-11-20")
    found = run("account", "edit", "Acme", "--snoozed-until", "2026-12-05").err
    assert 'promise "Send it" was due Fri 20 Nov, deal "Rollout"' in found
    assert "contract ends Thu 3 Dec" in found
    run("task", "add", "Acme", "Two", "--due", "2026-12-02", "--owed-by", "them")
    assert "and 2 more. See" in run("account", "snooze", "Acme", "2026-12-06").err


@pytest.mark.usefixtures("acme")
def test_an_edit_that_snoozes_nothing_says_nothing(run: Program) -> None:
    assert "While" not in run("account", "edit", "Acme", "--tier", "key").err
    assert "While" not in run("account", "edit", "Acme", "--snoozed-until", "").err


def test_of_many_accounts_the_first_are_named(run: Program) -> None:
    for n in range(7):
        run("account", "add", f"Acme {n}")
        run("task", "add", f"Acme {n}", "Send it", "--due", "2026-11-25")
    ids = [f"A-{n:04}" for n in range(1, 8)]
    found = run("account", "snooze", *ids, "2026-12-05").err
    assert found.count("is snoozed:") == 5
    assert "The same at 2 more accounts." in found
