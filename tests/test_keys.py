"""Single keys, read from a terminal of the test's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from unittest import mock

import pytest

from acctcli.keys import pressed

if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)

import pty
import termios


@pytest.fixture
def terminal() -> Iterator[int]:
    """Yield the end of a terminal at which a person types; the program has the other as stdin."""
    typing, end = pty.openpty()
    with os.fdopen(end, "r") as stdin, mock.patch.object(sys, "stdin", stdin):
        yield typing
    os.close(typing)


def write(terminal: int, typed: bytes) -> None:
    os.write(terminal, typed)


@pytest.mark.parametrize(
    ("typed", "key"), [(b"d", "d"), (b"\r", "\n"), (b"\x1b[A", "\x1b[A"), ("é".encode(), "é")]
)
def test_a_key_is_read_without_enter(terminal: int, typed: bytes, key: str) -> None:
    assert pressed(lambda: write(terminal, typed)) == key


def test_keys_that_are_typed_ahead_are_not_lost(terminal: int) -> None:
    os.write(terminal, b"ab")
    assert [pressed(lambda: None), pressed(lambda: None)] == ["a", "b"]


def test_the_terminal_is_left_as_it_was(terminal: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())
    pressed(lambda: write(terminal, b"x"))
    assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_ctrl_d_is_the_end(terminal: int) -> None:
    with pytest.raises(EOFError):
        pressed(lambda: write(terminal, b"\x04"))


def test_a_terminal_that_is_gone_is_the_end() -> None:
    typing, end = pty.openpty()
    with (
        os.fdopen(end, "r") as stdin,
        mock.patch.object(sys, "stdin", stdin),
        pytest.raises(EOFError),
    ):
        pressed(lambda: os.close(typing))
