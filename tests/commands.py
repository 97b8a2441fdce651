"""What tests share that first write a book by commands."""

from __future__ import annotations

from tests.conftest import Program


def do(run: Program, *commands: tuple[str, ...]) -> None:
    """Run one command after the other; each must succeed."""
    for words in commands:
        done = run(*words)
        assert done.code == 0, (words, done.err)
