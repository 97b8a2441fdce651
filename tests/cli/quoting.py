"""Helpers for the tests of quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

FIRST, SECOND = "Q-2026-0001", "Q-2026-0001-2"


@pytest.fixture
@filled_once
def deal(run: Program) -> None:
    """A lead with a deal of two items, which are 27,330 SGD."""
    do(
        run,
        ("config", "set", "quote.sender", "Northstar Software"),
        ("account", "add", "GreenTech", "--status", "lead", "--city", "Singapore"),
        ("contact", "add", "Mei Tan", "--account", "greentech"),
        ("product", "add", "Platform", "--price", "SGD 24,000"),
        ("product", "add", "Support", "--price", "SGD 1,200"),
        ("deal", "add", "greentech", "Rollout", "--amount", "SGD 30,000", "--stage", "proposal"),
        ("deal", "item", "rollout", "--add", "support", "--quantity", "3", "--discount", "7.5"),
        ("deal", "item", "rollout", "--add", "platform"),
    )


def shown(run: Program, number: str = FIRST, env: Mapping[str, str] | None = None) -> Any:
    """Return the page of a quote."""
    return run("quote", "show", number, "-f", "json", env=env).json()


def stands(run: Program) -> dict[str, str]:
    """Return the status of each quote by its number."""
    found = run("quote", "list", "-f", "json").json()
    return {one["number"]: one["status"] for one in found}
