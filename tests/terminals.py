"""Running the program on a terminal of its own, of a given size."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

import pytest

needs_terminal = pytest.mark.skipif(os.name != "posix", reason="only POSIX has ptys")


class Seen(NamedTuple):
    """How a program ended, and its stdout and stderr on the terminal."""

    status: int
    text: str

    @property
    def lines(self) -> list[str]:
        """Return the same line by line."""
        return self.text.splitlines()


def on_a_terminal(
    *words: str,
    rows: int = 24,
    columns: int = 80,
    typed: str = "",
    env: Mapping[str, str] | None = None,
) -> Seen:
    """Run a command line with stdin, stdout and stderr on one terminal; colours are off."""
    import pty
    import termios

    end, begin = pty.openpty()
    termios.tcsetwinsize(begin, (rows, columns))
    with subprocess.Popen(
        [sys.executable, "-m", "acctcli", *words],
        stdin=begin,
        stdout=begin,
        stderr=begin,
        start_new_session=True,
        preexec_fn=_own_terminal,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
    ) as process:
        os.close(begin)
        os.write(end, typed.encode())
        seen = b""
        while data := read_or_end(end):
            seen += data
    os.close(end)
    return Seen(process.returncode, seen.decode().replace("\r\n", "\n"))


def _own_terminal() -> None:
    """Make stdin the terminal that a pager reads its keys from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def read_or_end(terminal: int) -> bytes:
    """Return what a program wrote to its terminal; nothing once it has exited (Linux says EIO)."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
