"""The text that ends a command: words without quotes, stdin, or an answer to a question.

`acct log call greentech Mei called back` needs no quotes, `acct log note greentech -` reads the
text from stdin. Without any text, a person at a terminal is asked and a script gets an error.
"""

from __future__ import annotations

import sys
from typing import Any

import typer

from acctcli.cli.kit.session import stdin_text
from acctcli.errors import Cancelled, UsageError


def argument(metavar: str, help: str) -> Any:
    """Declare the last argument of a command: one word or several."""
    return typer.Argument(metavar=f"{metavar}...", help=help, show_default=False)


def text_of(words: list[str] | None, metavar: str, question: str) -> str:
    """Return the text that was typed, read from stdin, or answered to the question.

    Raises `UsageError` if there is none and nobody to ask.
    """
    if words == ["-"]:
        typed = stdin_text().strip()
        if not typed:
            raise UsageError(f"{metavar} - reads stdin, but stdin is empty")
        return typed
    if words:
        return " ".join(words)
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageError(f"{metavar} is missing. Type it after the account, or - to read stdin")
    from acctcli.cli.kit import questions  # most commands have nobody to ask

    try:
        typed = questions.ask(question, str)
    except (KeyboardInterrupt, EOFError) as error:
        raise Cancelled("Nothing was saved") from error
    if not typed:
        raise UsageError(f"{metavar} is empty. Nothing was saved")
    return typed
