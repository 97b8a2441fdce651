"""Unread conflicts and a silent machine, beside `today` and the page of an account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests import syncing
from tests.conftest import Program

from acctcli.store.sync import machine


@pytest.fixture
def ann(run: Program, tmp_path: Path) -> syncing.Machine:
    """A machine whose book has one conflict, at Acme."""
    ann, ben = syncing.shared(run, tmp_path, "ann", "ben")
    ann("account", "add", "Acme")
    ann("account", "add", "Konex")
    syncing.rest([ann, ben])
    ann("account", "edit", "acme", "--city", "Lyon")
    ben("account", "edit", "acme", "--city", "Paris")
    syncing.rest([ann, ben])
    return ann


def test_conflicts_are_said_until_they_are_read(ann: syncing.Machine) -> None:
    said = "1 conflict between machines: acct sync conflicts"
    assert said in ann("today", "-f", "table").err
    assert ann("today", "-f", "json").err == ""
    ann("sync", "dismiss", ann.conflicts()[0]["id"])
    assert ann("today", "-f", "table").err == ""


def test_the_page_of_an_account_says_its_own(ann: syncing.Machine) -> None:
    said = "1 conflict between machines here: acct sync conflicts acme"
    assert said in ann("account", "show", "acme").err
    assert ann("account", "show", "konex").err == ""
    ann("sync", "dismiss", ann.conflicts()[0]["id"])
    assert ann("account", "show", "acme").err == ""


@pytest.mark.parametrize(("days", "said"), [(2, ""), (5, "has not synced for 5 days")])
def test_a_machine_that_has_not_synced_for_days_says_so(
    ann: syncing.Machine, days: int, said: str
) -> None:
    ann("sync", "dismiss", ann.conflicts()[0]["id"])
    last = ann.clock.now.timestamp() - days * 86400
    os.utime(machine.lock_of(ann.book), (last, last))
    err = ann("today", "-f", "table").err
    assert said in err
    assert bool(err) == bool(said)


def test_who_left_hears_nothing(ann: syncing.Machine) -> None:
    ann("sync", "leave", "--yes")
    assert ann("today", "-f", "table").err == ""
    assert ann("account", "show", "acme").err == ""
