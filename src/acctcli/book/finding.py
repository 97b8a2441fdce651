"""Messages for a search that found nothing: which word has no match, and what may be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from acctcli import text
from acctcli.store import search, whose

if TYPE_CHECKING:
    import sqlite3

Count: TypeAlias = Callable[[Sequence[str]], int]
"""Returns how many records match some words."""

_MOST_WORDS = 8
"""In longer searches the word is not looked for: each word takes two more searches."""

_LEAST_LETTERS = 4
"""The fewest letters of a word that gets a suggestion. A name may have one letter less."""

_NEAR_ENOUGH = 75
"""How similar two words must be, 0 to 100: one typing error in a word of five letters."""


def why_empty(
    con: sqlite3.Connection, typed: str, *, kind: str | None = None, account_id: str | None = None
) -> str:
    """Return the sentences on a search without hits.

    `No matches for "greentehc". Did you mean greentech?`, or
    `No matches for "jane blub": nothing matches "blub"; without it: 3.`
    """
    words = search.words_of(typed)

    def count(these: Sequence[str]) -> int:
        return search.count(con, these, kind=kind, account_id=account_id)

    says = f"No matches for {text.quoted(typed)}"
    lost = [word for word in words if count([word]) == 0] if len(words) <= _MOST_WORDS else []
    if 1 < len(words) <= _MOST_WORDS:
        says += _emptied(words, lost, count)
    says += "."
    if (kind or account_id) and (elsewhere := search.count(con, words)):
        return f"{says} In the whole book: {elsewhere:,}."
    near = _near(con, lost)
    return f"{says}{text.did_you_mean([one for one in near if count([one])])}"


def _emptied(words: Sequence[str], lost: Sequence[str], count: Count) -> str:
    """Return `: nothing matches "blub"; without it: 3`, or which word excludes all others."""
    kept = [word for word in words if word not in lost]
    if lost:
        named = text.one_of([text.quoted(word) for word in lost])
        if not kept:
            return f": nothing matches {named}"
        it = "it" if len(lost) == 1 else "them"
        return f": nothing matches {named}; without {it}: {count(kept):,}"
    without = {word: count([one for one in words if one != word]) for word in words}
    word = max(without, key=lambda one: without[one])
    if not without[word]:
        return ": each word is somewhere, but not together"
    return f": no record has all of them; without {text.quoted(word)}: {without[word]:,}"


def _near(con: sqlite3.Connection, lost: Sequence[str]) -> list[str]:
    """Return words of names in the book that are similar to the typed ones, best match first."""
    wanted = [word for word in lost if len(word) >= _LEAST_LETTERS]
    if not wanted:
        return []
    from rapidfuzz import fuzz, process  # only a search without hits needs it

    known: dict[str, str] = {}
    for name in whose.names(con):
        for word in re.findall(r"[^\W_]+", name):
            if len(word) >= _LEAST_LETTERS - 1:
                known.setdefault(text.key(word), word)
    found = []
    for word in wanted:
        best = process.extract(
            text.key(word), list(known), scorer=fuzz.ratio, limit=2, score_cutoff=_NEAR_ENOUGH
        )
        as_typed = str.lower if word.islower() else str
        found += [as_typed(text.safe(known[key])) for key, _, _ in best]
    return list(dict.fromkeys(found))
