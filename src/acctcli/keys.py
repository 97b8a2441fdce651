"""Single keys of a terminal, without Enter."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress

ENTER = "\n"


def pressed(show: Callable[[], None]) -> str:
    """Return the next key, after `show` has drawn the choices.

    A special key, such as an arrow, is its whole sequence. Raises `EOFError` if the terminal is
    gone or Ctrl-D is pressed, `KeyboardInterrupt` for Ctrl-C.
    """
    if os.name == "nt":
        import typer

        show()
        return typer.getchar().replace("\r", ENTER)
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        # Before anything is drawn, and without discarding typed keys.
        tty.setcbreak(terminal, termios.TCSADRAIN)
        show()
        key = _key(terminal)
    except OSError:  # the terminal hung up
        raise EOFError from None
    finally:
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    if key in ("", "\x04"):
        raise EOFError
    return key


def _key(terminal: int) -> str:
    """Return a byte, or all bytes of one key."""
    import select

    found = os.read(terminal, 1)
    while found[:1] == b"\x1b" or found[:1] >= b"\x80":
        if not select.select([terminal], [], [], 0.02)[0]:
            break
        found += os.read(terminal, 1)
    return found.decode(errors="replace").replace("\r", ENTER)
