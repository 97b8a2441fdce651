"""The text of a command that is its last argument: words without quotes, stdin, or an answer.

`acct log call greentech Mei called back` needs no quotes, `acct log note greentech -` reads the
text from stdin, and without any text a person is asked while a script is refused.
"""

from __future__ import annotations

import sys
from typing import Any

import typer

from acctcli.cli.kit.session import stdin_text
from acctcli.errors import Cancelled, UsageError


def argument(metavar: str, help: str) -> Any:
    """The last argument of a command, of one word or of several."""
    return typer.Argument(metavar=f"{metavar}...", help=help, show_default=False)


def text_of(words: list[str] | None, metavar: str, question: str) -> str:
    """Return the text that was typed, came through stdin, or answers the question.

    Raises `UsageError` where there is none and nobody to ask.
    """
    if words == ["-"]:
        typed = stdin_text().strip()
        if not typed:
            raise UsageError(f"{metavar} - reads stdin, and nothing came from there")
        return typed
    if words:
        return " ".join(words)
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageError(f"{metavar} is missing. Write it behind the account, or - for stdin")
    from acctcli.cli.kit import questions  # most commands have nobody to ask

    try:
        typed = questions.ask(question, str)
    except (KeyboardInterrupt, EOFError) as error:
        raise Cancelled("Nothing was written") from error
    if not typed:
        raise UsageError(f"{metavar} is empty: nothing was written")
    return typed
