"""Asking a person on a terminal, question by question; no answer is lost.

The command decides what to ask, and what to do with the answers. If they cannot be used, they are
kept in a file, as the command line that would have given them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from acctcli import files, paths
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, Cancelled
from acctcli.render.emit import say


def ask(question: str, read: Callable[[str], object], default: str | None = None) -> str:
    """Return an answer that can be read, or ""; ask again until it can."""
    # Lines can be edited with the arrow keys if the system has the library for it.
    with suppress(ImportError):
        import readline  # noqa: F401 - input() uses it once it is loaded
    while True:
        say(f"{question} [{default}]" if default else question)
        typed = _line().strip()
        try:
            if typed:
                read(typed)
        except AcctError as error:
            say(f"acct: {error.message}")
            continue
        return typed


def _line() -> str:
    """Read a line from the terminal after a prompt. Raises `EOFError` at its end."""
    if sys.stdout is not None and sys.stdout.isatty():
        return input("> ")
    # `input` would write its prompt to a file if stdout goes there.
    sys.stderr.write("> ")
    sys.stderr.flush()
    return input("")


@contextmanager
def kept_if_refused(
    session: Session, name: str, broken_off: str, command: Callable[[], str]
) -> Iterator[None]:
    """Keep the answers in a file if what is done with them fails, and say where.

    `command` returns the command line with the answers, "" without any; `name` begins the name of
    the file, and `broken_off` says what did not happen.
    """

    def keep() -> str:
        line = command()
        if not line:
            return ""
        kept = files.keep_text(paths.kept_texts(session.book), name, ".sh", f"{line}\n")
        return f" Your answers are kept in {kept}"

    try:
        yield
    except AcctError as error:
        error.message = f"{error.message.rstrip('.')}.{keep()}"
        raise
    except (KeyboardInterrupt, EOFError) as error:
        raise Cancelled(f"{broken_off}.{keep()}") from error
