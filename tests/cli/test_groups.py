"""`--group`: lists, pages and reports of an account with everything below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.books import change
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.cli.kit import options
from acctcli.main import root
from acctcli.model import KINDS

NORTHGATE = ("Northgate Holdings", "Northgate UK", "Northgate Wales")
"""Each below the one before; beside them there is an account that is alone."""

LISTS = {
    "account list": "name",
    "contact list": "account",
    "deal list": "account",
    "log list": "account",
    "task list": "account",
    "purchase list": "account",
    "purchase renewals": "account",
    "purchase totals": "account",
    "review list": "account",
    "review health": "account",
    "account score": "account",
    "account timeline": "account",
    "deal changes": "account",
    "today --all": "account",
    "report retention": "customers.account",
    "report whitespace": "accounts.account",
    "report renewals": "contracts.account",
    "report quality": "accounts.account",
    "deal board": "stages.deals.account",
}
"""Commands, with the path to the names of accounts in their JSON."""


@pytest.fixture
@filled_once
def book_of_groups(run: Program) -> None:
    """Fill a book: each account has one record of everything."""
    parent = ""
    do(run, "product", "add", "Support")
    for name in (*NORTHGATE, "Westbridge"):
        below = ("--parent", parent) if parent and name != "Westbridge" else ()
        do(run, "account", "add", name, "--status", "customer", "--tier", "key", *below)
        parent = name
        do(
            run,
            ("contact", "add", f"Ann of {name}", "--account", name),
            ("deal", "add", name, f"Deal of {name}", "--amount", "1000 GBP", "--close", "1 dec"),
            ("log", "call", name, "Spoke", "--next", "Send it", "--due", "today"),
            (
                *("purchase", "add", name, "1200 GBP", "--product", "support"),
                *("--recurring", "yearly", "--on", "2025-12-20"),
            ),
            ("review", "run", name, "--summary", "Fine", "--rating", "green"),
        )


def names(data: Any, path: str) -> set[str]:
    """Return the values at the end of a path through objects and lists."""
    key, _, rest = path.partition(".")
    rows = data if isinstance(data, list) else [data]
    found = [row[key] for row in rows]
    if not rest:
        return set(found)
    return {name for value in found for name in names(value, rest)}


@pytest.mark.usefixtures("book_of_groups")
@pytest.mark.parametrize("command", LISTS)
def test_a_list_of_a_group_has_its_accounts_and_no_others(run: Program, command: str) -> None:
    words = (*command.split(), "-f", "json")
    path = LISTS[command]
    for asked, accounts in (
        ("Northgate Holdings", NORTHGATE),
        ("Northgate UK", NORTHGATE[1:]),
        ("Northgate Wales", NORTHGATE[2:]),
        ("Westbridge,Northgate Wales", ("Westbridge", "Northgate Wales")),
    ):
        found = run(*words, "--group", asked)
        assert found.code == 0, found.err
        assert names(found.json(), path) == set(accounts)
    if command != "account timeline":  # which needs an account or a group
        assert names(run(*words).json(), path) == {*NORTHGATE, "Westbridge"}


@pytest.mark.usefixtures("book_of_groups")
def test_the_group_of_a_leaf_is_that_account_alone(run: Program) -> None:
    of_group = run("deal", "list", "--group", "westbridge", "-f", "csv").out
    assert of_group == run("deal", "list", "--account", "westbridge", "-f", "csv").out


@pytest.mark.usefixtures("book_of_groups")
def test_a_forecast_of_a_group_says_nothing_about_the_quota_of_all(run: Program) -> None:
    whole = run("deal", "forecast", "-f", "json").json()
    group = run("deal", "forecast", "--group", "northgate uk", "-f", "json").json()
    assert whole["totals"][0]["count"] == 4
    assert group["totals"][0]["count"] == 2
    assert group["quota"] is None


@pytest.mark.usefixtures("book_of_groups")
def test_a_segment_keeps_its_group(run: Program) -> None:
    do(run, "contact", "list", "--group", "northgate uk", "--save", "UK")
    shown = run("contact", "list", "--segment", "uk", "-f", "json").json()
    assert {row["account"] for row in shown} == set(NORTHGATE[1:])
    do(run, "account", "edit", "westbridge", "--parent", "northgate wales")
    shown = run("contact", "list", "--segment", "uk", "-f", "json").json()
    assert "Westbridge" in {row["account"] for row in shown}


@pytest.mark.usefixtures("book_of_groups")
def test_an_unknown_group_is_no_empty_list(run: Program) -> None:
    for command in LISTS:
        found = run(*command.split(), "--group", "southgate")
        assert (found.code, found.out) == (3, "")
        assert 'no account "southgate"' in found.err


@pytest.mark.usefixtures("book_of_groups")
def test_a_timeline_is_of_an_account_or_of_a_group(run: Program) -> None:
    neither = run("account", "timeline")
    assert (neither.code, "ACCOUNT is missing" in neither.err) == (2, True)
    both = run("account", "timeline", "westbridge", "--group", "northgate uk")
    assert (both.code, "give one of them" in both.err) == (2, True)
    shown = run("account", "timeline", "--group", "northgate uk", "-f", "table").out
    assert "Northgate Wales" in shown
    assert "Northgate Holdings" not in shown
    limited = run("account", "timeline", "--group", "northgate uk", "--limit", "3", "-f", "json")
    assert len(limited.json()) == 3


@pytest.mark.usefixtures("book_of_groups")
def test_a_circle_of_parents_is_a_group_like_any_other(run: Program, book: Path) -> None:
    change(
        book,
        "UPDATE account SET parent_id = (SELECT id FROM account WHERE name = 'Northgate Wales') "
        "WHERE name = 'Northgate Holdings'",
    )
    for command, path in LISTS.items():
        found = run(*command.split(), "-f", "json", "--group", "northgate uk")
        assert names(found.json(), path) == set(NORTHGATE), command


def narrowed() -> list[str]:
    """Return all commands that have `--group`."""
    return [name for name, one in root().every() if any("--group" in p.opts for p in one.params)]


@pytest.mark.usefixtures("book_of_groups")
@pytest.mark.parametrize("command", narrowed())
def test_no_command_ignores_its_group(run: Program, command: str) -> None:
    found = run(*command.split(), "--group", "southgate", "-f", "json")
    assert (found.code, found.out) == (3, ""), found.err
    assert run(*command.split(), "--group", "northgate uk", "-f", "json").code == 0


def test_every_list_of_what_belongs_to_accounts_can_be_narrowed_to_a_group() -> None:
    for kind in KINDS.values():
        bundle = options.FilterOptions(kind.name, ())
        offered = "group" in {option.name for option in bundle.parameters()}
        assert offered == (kind.name == "account" or "account" in kind.fields)
