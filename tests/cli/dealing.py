"""Helpers for the tests of deal commands: two accounts, deals, and their sentences."""

from __future__ import annotations

import re
from typing import Any

from tests.conftest import Program, Result

SHORT = r"[0-9a-f]{4,}"
Json = dict[str, Any]


def add_accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--tier", "strategic", "--owner", "Kim")
    run("account", "add", "Kan-code", "--tier", "key")


def add(run: Program, *words: str, **env: str) -> Json:
    """Add a deal; return the record."""
    done = run("deal", "add", *words, "-f", "json", env=env)
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def rollout(run: Program, *words: str) -> Json:
    """Return the deal of most tests."""
    asked = ("--amount", "120k", "--currency", "SGD", "--close", "2026-12-15")
    return add(run, "greentech", "Platform rollout", *asked, "--stage", "proposal", *words)


def shown(run: Program, name: str = "platform", **env: str) -> Json:
    done = run("deal", "show", name, "-f", "json", env=env)
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def said(result: Result) -> str:
    """Return the sentence of a successful write, with its short ids made equal."""
    assert result.code == 0, result.err
    return re.sub(rf"\b{SHORT}\b(?= \")", "ID", result.err)


def titles(run: Program, *words: str) -> list[str]:
    done = run("deal", "list", "--columns", "title", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()


def add_several(run: Program) -> None:
    rollout(run, "--owner", "Kim", "--type", "new")
    add(run, "kan", "Starter", "--amount", "6k", "--close", "2026-11-12", "--type", "renewal")
    add(run, "kan", "Undated")
    add(run, "kan", "Done", "--amount", "9k", "--stage", "won", "--close", "2026-10-03")
    add(run, "kan", "Gone", "--amount", "5000 EUR", "--stage", "lost", "--close", "2026-08-01")


def add_eventful(run: Program) -> None:
    for on, *words in (
        (
            "2026-10-01",
            "add",
            "greentech",
            "Rollout",
            "--amount",
            "120k SGD",
            "--close",
            "2026-12-15",
        ),
        ("2026-10-02", "add", "kan", "Support", "--amount", "20k SGD"),
        ("2026-10-02", "add", "kan", "Training", "--amount", "9k SGD"),
        ("2026-11-18", "move", "rollout", "negotiation"),
        ("2026-11-18", "edit", "rollout", "--close", "2026-12-31", "--amount", "130k"),
        ("2026-11-20", "edit", "rollout", "--close", "2027-01-31", "--amount", "125k"),
        ("2026-11-20", "win", "support"),
        ("2026-11-20", "lose", "training", "--reason", "Price"),
        ("2026-11-21", "add", "kan", "More", "--amount", "5000 EUR"),
    ):
        done = run("deal", *words, env={"ACCTCLI_TODAY": on})
        assert done.code == 0, done.err
