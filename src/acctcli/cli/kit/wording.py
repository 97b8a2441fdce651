"""The question for a missing argument, and the text at the end of a command.

`acct log call greentech Mei called back` needs no quotes, `acct log note greentech -` reads the
text from stdin. `asking` asks the questions.
"""

from __future__ import annotations

from typing import Any

import typer

from acctcli.cli.kit.session import stdin_text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen


class Question(Frozen):
    """How to ask on a terminal for a required argument or option, beside its declaration.

    `field`, a kind and the name of a field, says how the answer is read, and which words are
    allowed; `from_stdin` tells a script how to pass the text. Without a `Question`, an argument is
    asked for by its help, and a record by its kind.
    """

    question: str
    field: tuple[str, str] | None = None
    from_stdin: str = ""


def argument(metavar: str, help: str) -> Any:
    """Declare the last argument of a command: one word or several."""
    return typer.Argument(metavar=f"{metavar}...", help=help, show_default=False)


def asked(question: str) -> Question:
    """Declare how such a text is asked for, and the error for a script without it."""
    return Question(question, from_stdin="Type it after the account, or - to read stdin")


def text_of(words: list[str], metavar: str) -> str:
    """Return the text that was typed, or read from stdin.

    Raises `UsageError` if there is none.
    """
    if words != ["-"]:
        joined = " ".join(words)
        if not joined.strip():
            raise UsageError(f"{metavar} is empty. Nothing was saved")
        return joined
    typed = stdin_text().strip()
    if not typed:
        raise UsageError(f"{metavar} - reads stdin, but stdin is empty")
    return typed
