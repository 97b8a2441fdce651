"""The pager: on a terminal, what is taller than the window is read through it, as in git and gh.

Which one it is: `ACCTCLI_PAGER`, the setting `me.pager`, `PAGER`, else `less` where there is
one. `off` and `cat` mean none. `PAGER` is what manual pages are read with; whoever wants
another one here, or none, has the other two.
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
"""What pagers go by where the person has said nothing: quit if all fits, show colours, and leave
what was read on the screen."""

_STYLED = re.compile(r"\x1b\[[0-9;]*m")


def is_tall(shown: str, columns: int, rows: int) -> bool:
    """Whether a text takes more than so many lines of a window."""
    taken = 0
    for line in shown.splitlines():
        taken += max(-(-len(_STYLED.sub("", line)) // max(columns, 1)), 1)
        if taken > rows:
            return True
    return False


def command(own: Callable[[], str]) -> list[str] | None:
    """The words that start the pager; None where there is to be none.

    `own` gives the person's setting, which is asked only where no variable says more.
    """
    if os.environ.get("TERM") in ("dumb", "unknown") or not _on_a_terminal():
        return None
    typed = os.environ.get("ACCTCLI_PAGER")
    if typed is None:
        try:
            typed = own() or os.environ.get("PAGER")
        except AcctError:  # it has been said, and what was asked for can be shown all the same
            typed = os.environ.get("PAGER")
    if typed is None:
        return [USUAL] if shutil.which(USUAL) else None
    import shlex

    try:
        words = shlex.split(typed)
    except ValueError:  # a quote that is not closed
        words = [typed]
    return words if words and words[0] not in NONE else None


def _on_a_terminal() -> bool:
    """Whether a program that is started would write to the terminal that we write to."""
    try:
        return sys.stdout is not None and os.isatty(sys.stdout.fileno())
    except (OSError, ValueError):
        return False


def show(shown: str, words: Sequence[str]) -> bool:
    """Have a text read through the pager; False if it cannot be started.

    Leaving it early is no error, and Ctrl-C is the pager's until it has ended.
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
