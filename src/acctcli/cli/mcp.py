"""`acct mcp`: the commands as tools for an agent that speaks the Model Context Protocol.

The server reads from stdin and writes to stdout, and opens no connection. Each call runs one
ordinary command in a process of its own, so that its history, its undo and its refusals are those
of a command line.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import __version__, extras
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.tools import Tool, tools
from acctcli.cli.kit.typer_inside import get_current_context
from acctcli.errors import AcctError, UsageError
from acctcli.model import FLAG, TEXT, declare
from acctcli.model import Field as Column
from acctcli.results import Table

if TYPE_CHECKING:
    from mcp.types import CallToolResult

noun = Noun("", "")

FIELDS = declare(
    tool=Column(TEXT, "what the agent calls"),
    writes=Column(FLAG, "whether it changes the book"),
    does=Column(TEXT, "the first line of its help"),
)

LONGEST = 400_000
"""Characters of an answer; more would not fit into what an agent can read at once."""

SECONDS = 120
"""The time that one call may take."""

_ABOUT = """The book of one seller: accounts, people, conversations, promises, deals, purchases.
Each tool is a command of acct. Records are named by name, number (A-0007), address or id; where a
name means several records, the error lists them, and nothing is guessed. Days are typed as people
do (fri, 3 oct, -2w, 2027-01-31), amounts with their currency (EUR 12k). Begin with today, search or
account_show. The tool help explains a topic: dates, money, filters, naming. {change}"""

_READING = "You can read the book, and not change it."

_WRITING = (
    "What you change is one undoable command each, kept in the history under its own name; undo "
    "takes back the last one."
)


@noun.command(
    "mcp", tool=False, examples=["acct mcp", "acct mcp --allow-write", "acct mcp --tools"]
)
def serve(
    session: Session,
    allow_write: Annotated[
        bool,
        typer.Option("--allow-write", help="Let the agent change the book too."),
    ] = False,
    who: Annotated[
        str | None,
        typer.Option("--who", metavar="NAME", help="Name of the agent in the history."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--tools", help="List the tools, and start no server.")
    ] = False,
) -> Table | None:
    """Serve the book to an agent, over stdin and stdout (MCP).

    A program such as an assistant starts it. Without --allow-write the agent can only read. There
    is no network: the agent's own program decides what leaves your machine.
    """
    tree: Any = get_current_context().find_root().command
    offered = tools(tree, write=allow_write)
    if show:
        rows = [
            {"tool": tool.name, "writes": not tool.reads, "does": tool.summary} for tool in offered
        ]
        names = list(FIELDS)
        return Table("tool", "tools", FIELDS, rows, names, names, {})
    if session.interactive:
        raise UsageError(
            "acct mcp is started by an agent's program, and speaks with it over stdin and stdout. "
            "To see what it offers: acct mcp --tools"
        )
    with session.read():
        pass  # a book that cannot be read is reported before the agent begins
    named = who or f"agent of {session.who}"
    _Server(session, offered, allow_write=allow_write, who=named).run()
    return None


class _Server:
    """Answers an agent until its stdin ends."""

    def __init__(
        self, session: Session, offered: list[Tool], *, allow_write: bool, who: str
    ) -> None:
        self.tools = {tool.name: tool for tool in offered}
        self.allow_write = allow_write
        self.environment = {
            **os.environ,
            "ACCTCLI_DB": str(session.book),
            "ACCTCLI_WHO": who,
            "ACCTCLI_READ_ONLY": "" if allow_write else "1",
        }

    def run(self) -> None:
        """Serve. Raises `UsageError` if the SDK is not installed."""
        try:
            import anyio
            from mcp.server.lowlevel import Server
            from mcp.server.stdio import stdio_server
            from mcp.types import ListToolsResult, ToolAnnotations
            from mcp.types import Tool as Offered
        except ImportError:
            raise extras.missing("acct mcp needs", "mcp") from None

        offered = [
            Offered(
                name=tool.name,
                description=tool.about,
                input_schema=tool.schema,
                annotations=ToolAnnotations(
                    read_only_hint=tool.reads,
                    destructive_hint=tool.destroys,
                    open_world_hint=False,
                ),
            )
            for tool in self.tools.values()
        ]

        async def listed(context: Any, params: Any) -> ListToolsResult:
            return ListToolsResult(tools=offered)

        async def called(context: Any, params: Any) -> CallToolResult:
            return await self.call(params.name, params.arguments or {})

        server: Server[Any] = Server(
            "acct",
            version=__version__,
            instructions=_ABOUT.format(change=_WRITING if self.allow_write else _READING),
            on_list_tools=listed,
            on_call_tool=called,
        )

        async def serving() -> None:
            async with stdio_server() as (read, write):
                await server.run(read, write, server.create_initialization_options())

        anyio.run(serving)

    async def call(self, name: str, given: Mapping[str, Any]) -> CallToolResult:
        """Run the command of a tool; return its output, or its error as an answer."""
        from subprocess import DEVNULL

        import anyio

        tool = self.tools.get(name)
        if tool is None:
            return _answer([f"there is no tool {name}"], failed=True)
        try:
            words = tool.line(given)
        except AcctError as error:
            return _answer([error.message], failed=True)
        try:
            with anyio.fail_after(SECONDS):
                done = await anyio.run_process(
                    [sys.executable, "-m", "acctcli", *words],
                    stdin=DEVNULL,
                    check=False,
                    env=self.environment,
                )
        except TimeoutError:
            return _answer([f"{name} took more than {SECONDS} seconds"], failed=True)
        except (OSError, ValueError) as error:  # too long for a command line, or a NUL in it
            return _answer([f"{name} cannot be run: {error}"], failed=True)
        out, err = (part.decode(errors="replace").strip() for part in (done.stdout, done.stderr))
        if len(out) > LONGEST:
            says = f"the answer has {len(out):,} characters. Narrow it, with limit or a filter"
            return _answer([json.dumps({"error": {"message": says}})], failed=True)
        return _answer([part for part in (out, err) if part], failed=done.returncode != 0)


def _answer(parts: list[str], *, failed: bool) -> CallToolResult:
    from mcp.types import CallToolResult, TextContent

    content = [TextContent(type="text", text=part) for part in parts]
    return CallToolResult(content=list(content), is_error=failed)
