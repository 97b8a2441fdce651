"""Answers that a test types at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from acctcli.cli.kit.session import Session


def typing(
    monkeypatch: pytest.MonkeyPatch, answers: Sequence[str | BaseException]
) -> Iterator[str | BaseException]:
    """Answer the questions of the next command, in order; an exception is raised in its turn.

    Returns the answers that are left.
    """
    left = iter(answers)

    def prompt(_: str) -> str:
        one = next(left)
        if isinstance(one, BaseException):
            raise one
        return one

    monkeypatch.setattr("builtins.input", prompt)
    monkeypatch.setattr(Session, "interactive", True)
    return left
