"""A helper for tests that first fill a book by commands."""

from __future__ import annotations

from tests.conftest import Program, Result

Words = tuple[str, ...]


def do(run: Program, *commands: str | Words) -> Result:
    """Run a command, or several given as tuples of words; each must succeed.

    Returns the result of the last one.
    """
    whole = [words for words in commands if isinstance(words, tuple)]
    for words in whole or [tuple(map(str, commands))]:
        result = run(*words)
        assert result.code == 0, (words, result.err)
    return result
