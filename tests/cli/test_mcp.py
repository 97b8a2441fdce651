"""The server for agents, driven by the protocol's own client in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from tests.conftest import Program
from tests.promises.test_damaged_values import NOT_READING, READING

from acctcli.cli.kit import tools
from acctcli.main import root

Talk = Callable[[Client], Awaitable[None]]


def talk(book: Path, with_client: Talk, *options: str) -> None:
    """Start a server for the book, and let a client talk with it."""
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "acctcli", "--db", str(book), "mcp", *options],
        env={**os.environ},
    )

    async def run() -> None:
        with anyio.fail_after(60):
            async with Client(started) as client:
                await with_client(client)

    anyio.run(run)


async def told(client: Client, tool: str, **given: Any) -> tuple[bool, Any]:
    """Call a tool; return whether it failed, and what it said, as JSON where it is."""
    result = await client.call_tool(tool, given)
    said = [part.text for part in result.content if part.type == "text"]
    try:
        return result.is_error, json.loads(said[0]) if said else None
    except ValueError:
        return result.is_error, said[0]


@pytest.fixture
def acme(run: Program, book: Path) -> Path:
    assert run("account", "add", "Acme", "--tier", "key").code == 0
    assert run("task", "add", "acme", "Send quote", "--due", "today").code == 0
    return book


def test_a_client_lists_the_tools_and_runs_today(acme: Path) -> None:
    async def client_does(client: Client) -> None:
        offered = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {"today", "account_show", "deal_forecast", "search"} <= offered.keys()
        assert not {"account_add", "undo", "import", "db_restore", "mcp"} & offered.keys()
        schema = offered["account_show"].input_schema
        assert schema["required"] == ["account"]
        assert "html" not in schema["properties"]
        assert "force" not in schema["properties"]
        hints = offered["today"].annotations
        assert hints is not None
        assert hints.read_only_hint
        failed, lines = await told(client, "today")
        assert (failed, [line["account"] for line in lines]) == (False, ["Acme"])
        failed, page = await told(client, "account_show", account="acme")
        assert (failed, page["name"], page["tier"]) == (False, "Acme", "key")

    talk(acme, client_does)


def test_an_agent_may_only_read_unless_it_is_let(run: Program, acme: Path) -> None:
    async def client_reads(client: Client) -> None:
        assert (await told(client, "account_add", name="Beta"))[0]
        failed, said = await told(client, "account_list", save="Mine", tier="key")
        assert failed  # to save a segment is a change
        assert "save" in str(said) or "may only read" in str(said)

    before = run("history", "-f", "json").out
    talk(acme, client_reads)
    assert run("history", "-f", "json").out == before


def test_what_an_agent_changes_is_a_command_of_its_own(run: Program, acme: Path) -> None:
    async def client_writes(client: Client) -> None:
        failed, added = await told(client, "contact_add", name="-Mei Tan", account="acme")
        assert (failed, added["name"]) == (False, "-Mei Tan")
        failed, _ = await told(client, "log_call", words=["acme", "Walked through pricing"])
        assert failed  # an unknown argument is named
        failed, said = await told(client, "account_delete", accounts=["acme"])
        assert failed
        assert "--yes" in str(said)

    talk(acme, client_writes, "--allow-write", "--who", "Claude")
    last = run("history", "-f", "json").json()[0]
    assert (last["who"], last["typed"]) == (
        "Claude",
        "acct contact add --account=acme --format json -- '-Mei Tan'",
    )
    assert run("undo").code == 0
    assert run("contact", "list", "-f", "json").json() == []


def test_a_mistake_is_an_answer_that_says_what_to_do(acme: Path) -> None:
    async def client_errs(client: Client) -> None:
        for tool, given, says in (
            ("account_show", {"account": "zzz"}, 'no account "zzz"'),
            ("account_show", {"acount": "acme"}, 'unknown argument "acount"'),
            ("account_list", {"archived": "yes"}, "archived is true or false"),
            ("account_list", {"sort": ["name", "tier"]}, "sort is one value"),
            ("account_list", {"limit": 10**30}, "too large"),
            ("search", {"words": ["a\0b"]}, "cannot be run"),
            ("nonsense", {}, "there is no tool nonsense"),
        ):
            failed, said = await told(client, tool, **given)
            assert (failed, says in str(said)) == (True, True), (tool, said)

    talk(acme, client_errs)


def test_every_command_declares_whether_it_reads() -> None:
    specs = {name: command.spec for name, command in root().every()}
    reading = {name for name, spec in specs.items() if spec.reads}
    writing = {name.strip() for name in NOT_READING.split(",")}
    assert not reading & (writing - {"help"})
    # They write files, or only read with one of their options.
    other = {"account dupes", "contact dupes", "account plan", "import", "undo"}
    other |= {"db backup", "db path"}
    assert {*READING} - reading == other


def test_what_replaces_the_book_reaches_the_machine_or_needs_a_person_is_no_tool() -> None:
    offered = {" ".join(tool.words) for tool in tools.tools(root(), write=True)}
    assert {name for name, _ in root().every()} - offered == {
        *("completion", "demo", "mcp"),
        *("config edit", "config path", "db init", "db path", "db restore", "db shell"),
        # They read any file of the machine, or say which programs run on it (hooks, pager, editor).
        *("import", "purchase reconcile", "config set", "config unset"),
        # They use the network, or decide who reads the book.
        *("sync init", "sync join", "sync now", "sync status", "sync hand-over", "sync compact"),
        *("sync leave", "sync member", "sync hub-sql", "sync new-key"),
    }


def test_a_reading_run_changes_nothing(run: Program, acme: Path) -> None:
    env = {"ACCTCLI_READ_ONLY": "1"}
    assert run("account", "list", env=env).code == 0
    done = run("task", "add", "acme", "x", env=env)
    assert (done.code, "may only read" in done.err) == (4, True)
    for words in ("set me.pager less", "set hooks.pre-deal-add true", "unset me.pager"):
        done = run("config", *words.split(), env=env)
        assert (done.code, "may only read" in done.err) == (4, True)
    backup = run("db", "backup").out.strip()
    assert run("db", "restore", backup, "--yes", env=env).code == 4


def test_the_tools_are_listed_without_a_server(run: Program) -> None:
    few, all_ = (
        run("mcp", "--tools", *more, "-f", "json").json() for more in ((), ("--allow-write",))
    )
    assert not any(tool["writes"] for tool in few)
    assert len(all_) > len(few) > 40
    assert all(tool["does"] for tool in all_)
