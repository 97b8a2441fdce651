"""The pager: on a terminal, output taller than the window goes through it, as in git and gh.

The first of `ACCTCLI_PAGER`, the setting `me.pager` and `PAGER` names it, else it is `less` if
installed. `off` and `cat` mean none. `PAGER` is the pager of manual pages; the other two are for
people who want a different one here, or none.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from acctcli.errors import AcctError

USUAL = "less"

NONE = ("off", "cat", "none", "no")

SURROUNDINGS = {"LESS": "FRX", "LV": "-c"}
"""Defaults of pagers: quit if all fits, show colours, and leave the text on the screen."""

_STYLED = re.compile(r"\x1b\[[0-9;]*m")


def is_tall(shown: str, columns: int, rows: int) -> bool:
    """Whether a text takes more than `rows` lines of a window."""
    taken = 0
    for line in shown.splitlines():
        taken += max(-(-len(_STYLED.sub("", line)) // max(columns, 1)), 1)
        if taken > rows:
            return True
    return False


def command(own: Callable[[], str]) -> list[str] | None:
    """Return the words that start the pager; None for no pager.

    `own` returns the user's setting; it is only called if no variable decides.
    """
    if os.environ.get("TERM") in ("dumb", "unknown") or not _on_a_terminal():
        return None
    typed = os.environ.get("ACCTCLI_PAGER")
    if typed is None:
        try:
            typed = own() or os.environ.get("PAGER")
        except AcctError:  # the error has been reported, and the output can be shown anyway
            typed = os.environ.get("PAGER")
    if typed is None:
        return [USUAL] if shutil.which(USUAL) else None
    import shlex

    try:
        words = shlex.split(typed)
    except ValueError:  # an unclosed quotation mark
        words = [typed]
    return words if words and words[0] not in NONE else None


def _on_a_terminal() -> bool:
    """Whether a child process would write to the same terminal."""
    try:
        return sys.stdout is not None and os.isatty(sys.stdout.fileno())
    except (OSError, ValueError):
        return False


def show(shown: str, words: Sequence[str]) -> bool:
    """Show a text in the pager; False if it cannot be started.

    Quitting it early is no error, and Ctrl-C goes to the pager until it ends.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        reader = subprocess.Popen(words, stdin=subprocess.PIPE, env=SURROUNDINGS | os.environ)
    except OSError:
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        reader.communicate(shown.encode(encoding, "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return True
