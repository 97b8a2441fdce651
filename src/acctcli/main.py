"""The program `acct`: the table of its commands, and how errors become one line and a status.

Groups are imported when they are called. Only this module turns an exception into an exit code, and
nothing here knows what a command does.
"""

from __future__ import annotations

import atexit
import functools
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer

from acctcli import __version__, files, text
from acctcli.cli.kit.root import RootGroup
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.typer_inside import (
    ClickException,
    NoArgsIsHelpError,
    get_current_context,
    get_params_convertors_ctx_param_name_from_function,
)
from acctcli.errors import AcctError, Cancelled, StorageError, UsageError
from acctcli.render import emit
from acctcli.results import Failed, Lines, Output

COMMANDS = {
    "today": ("today", "Who needs you today, and why."),
    "account": ("account", "Companies and people you sell to."),
    "contact": ("contact", "The people at your accounts."),
    "log": ("log", "Log calls, emails, meetings and notes."),
    "task": ("task", "Tasks and promises, yours and theirs."),
    "deal": ("deal", "Deals: stages, board, forecast."),
    "quote": ("quote", "Quotes of your deals, and their answers."),
    "purchase": ("purchase", "Purchases, contracts and renewals."),
    "product": ("product", "The products you sell."),
    "campaign": ("campaign", "Campaigns: people to contact, and the results."),
    "playbook": ("playbook", "Playbooks: tasks by stage, tier or event."),
    "review": ("review", "Account reviews, and which are due."),
    "report": ("report", "Reports on the whole book."),
    "search": ("search", "Search the whole book."),
    "import": ("import_", "Import records from CSV, JSON or JSONL."),
    "export": ("export", "Export records as CSV, JSON or JSONL."),
    "sync": ("sync", "One book on several machines or in a team."),
    "undo": ("history", "Undo a command, even a whole import."),
    "history": ("history", "See what was changed, and when."),
    "config": ("config", "Settings: stages, tiers, custom fields."),
    "db": ("db", "The book's file: locate, check, back up, restore."),
    "completion": ("completion", "Set up shell completion."),
    "mcp": ("mcp", "Serve the book to an agent (MCP)."),
    "demo": ("demo", "Try acct with a sample book."),
    "help": ("help", "Help on a command, or on a topic such as dates."),
}
"""All nouns and top-level commands: name → (module below acctcli.cli, one line of help)."""

HEADINGS = {
    "Every day": ("today", "log", "task", "playbook", "search"),
    "Your book": (
        *("account", "contact", "deal", "quote", "campaign", "purchase", "product"),
        *("review", "report"),
    ),
    "In and out": ("import", "export", "sync"),
    "Setup and safety": ("undo", "history", "config", "db", "completion", "mcp", "demo", "help"),
}
"""Where everything at the top stands in help."""

HELP = """Keep your book of business on your own machine, and know who needs you today.

Accounts, people, conversations, promises, deals, purchases and reviews in one
private file. Tables for you, TSV, CSV and JSON for your scripts."""

EXAMPLES = (
    'acct account add "GreenTech Ltd" --tier strategic',
    'acct log call greentech "Walked Mei through pricing" --next "Send quote" --due fri',
    "acct today",
)


def _say_version(asked: bool) -> None:
    if asked:
        emit.emit(Lines([f"acct {__version__}"]), Output())
        raise typer.Exit(0)


def _root(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option("--db", metavar="FILE", help="Book to use. Default: ACCTCLI_DB.")
    ] = None,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DAY", help="Act as if today were this day.")
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Never use a pager.")] = False,
    no_hooks: Annotated[bool, typer.Option("--no-hooks", help="Run none of your hooks.")] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_say_version
        ),
    ] = False,
) -> None:
    """Read the options before the command."""
    ctx.obj = Session(ctx.obj or (), db=db, today=today, paged=not no_pager, hooked=not no_hooks)
    ctx.obj.runner = run


@functools.cache
def root() -> RootGroup:
    """Return the command tree. Built at the top; each command is, when it is first called."""
    params, _, _ = get_params_convertors_ctx_param_name_from_function(_root)

    def callback(**given: Any) -> None:
        _root(get_current_context(), **given)  # type: ignore[arg-type]  # Click's, not Typer's

    return RootGroup(
        help=HELP,
        table=COMMANDS,
        headings=HEADINGS,
        examples=EXAMPLES,
        callback=callback,
        params=params,
    )


def main() -> NoReturn:
    """Run the command line of this process, and end the process with its exit status.

    Everything is written and closed by then. Python would still take its objects apart, one by
    one, which is a seventh of the time of `acct today`; so what was registered for the exit is
    called, and the process ends.
    """
    status = run()
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(status)  # Python says what became of the output
    os._exit(status)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line; return the exit status of the output contract."""
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = _wants_json(words)
    before = files.standing()
    emit.settle_streams()
    try:
        _refuse_bytes(words)
        result = _invoke(words)
    except AcctError as error:
        emit.error_line(error.kind, error.exit_code, error.message, error.candidates, as_json)
        return error.exit_code
    except NoArgsIsHelpError as error:
        # Typer's way of saying "a group without a command": help, and a usage error.
        if sys.stderr is not None:
            sys.stderr.write(error.format_message() + "\n")
        return 2
    except ClickException as error:
        from acctcli.cli.kit import mistakes

        message, near = mistakes.said(error)
        emit.error_line("usage", 2, message, near, as_json)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        says = "interrupted; nothing was changed"
        if files.standing() > before:
            says = "interrupted; changes made before that were saved. To see them: acct history"
        emit.error_line("interrupted", 130, says, (), as_json)
        return Cancelled.exit_code
    except BrokenPipeError:
        # `acct … | head`: the reader has enough.
        emit.silence_stdout()
        return 0
    except OSError as error:
        why = error.strerror or error
        if error.filename is not None:  # a path that the system refuses, or a name that is too long
            path = text.clip(text.safe(str(error.filename)), _LONGEST_PATH)
            emit.error_line(
                StorageError.kind, StorageError.exit_code, f"{path}: {why}", (), as_json
            )
            return StorageError.exit_code
        emit.error_line("unexpected", 1, f"cannot write the output: {why}", (), as_json)
        if sys.stdout is not None:
            emit.silence_stdout()
        return 1
    except Exception as error:  # the last resort: an error of ours never shows a traceback
        if os.environ.get("ACCTCLI_DEBUG"):
            raise
        fault = f"{type(error).__name__}: {error}".partition("\n")[0]
        emit.error_line("unexpected", 1, f"this is a bug in acct: {fault}. {_DEBUG}", (), as_json)
        return 1
    return result if isinstance(result, int) else 0


_LONGEST_PATH = 200  # columns of a path in a message

_DEBUG = "Please report it, with the output of ACCTCLI_DEBUG=1"


def _invoke(words: list[str]) -> Any:
    """Parse, run and show; return an exit status only if Typer asked for one."""
    tree = root()
    shell = os.environ.get("_ACCT_COMPLETE")
    if shell:
        from acctcli.cli import completion

        emit.emit(Lines(completion.answer(tree, shell, words)), Output())
        return 0
    try:
        outcome = tree.main(args=words, prog_name="acct", standalone_mode=False, obj=words)
    except SystemExit:
        # Typer exits like this if nobody reads the help any more: `acct --help | head`.
        raise BrokenPipeError from None
    if isinstance(outcome, int):
        if outcome == Cancelled.exit_code:
            raise KeyboardInterrupt  # Typer turns it into a bare status
        if sys.stdout is None:
            raise OSError("stdout is closed")  # it was going to be the help
        return outcome
    result, output = outcome if outcome is not None else (None, Output())
    try:
        emit.emit(result.shown if isinstance(result, Failed) else result, output)
    except KeyboardInterrupt:
        raise Cancelled("interrupted while printing; the changes were saved") from None
    if isinstance(result, Failed):
        raise result.error
    return 0


def _refuse_bytes(words: Sequence[str]) -> None:
    """Refuse words that are not UTF-8: they could be neither looked up nor stored."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"the argument {text.quoted(word)} is not valid UTF-8. "
                "Check the encoding of the terminal or the script"
            ) from None


def _wants_json(words: Sequence[str]) -> bool:
    """Whether errors go out as JSON: found before the options are parsed, because that may fail."""
    for place, word in enumerate(words):
        if word == "--":
            break
        if word in ("--format=json", "-fjson"):
            return True
        if word in ("--format", "-f") and words[place + 1 : place + 2] == ["json"]:
            return True
    return False
