"""The words around a match, for the hits of a search.

SQLite's full-text index has a function for this, but it compares every match in a text with every
other one, which takes seconds on a note of 100 KB. Here a text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from acctcli import text

_WORDS = 12  # in an excerpt
_MATCHES = 64  # checked per text: more repetitions of a word add nothing
_PARTS = 4  # parts of a word with signs in it (`a-b-c`) that must follow each other

_TOKEN = re.compile(r"[^\W_]+")


def around(wanted: Sequence[str], texts: Sequence[str]) -> str:
    """Return up to 12 words around the place with the most wanted words close together.

    On a tie, the earlier text wins. A word matches where a word of the text begins with it,
    compared as names are. Without a match, returns the start of the first text.
    """
    forms = [form for word in wanted if (form := _parts(word))]
    best: tuple[int, str] = (0, _cut(texts[0], [m.span() for m in _first(texts[0])], 0))
    for whole in texts:
        if whole.isascii() and not any(form[0] in whole.lower() for form in forms):
            continue
        found = _best_place(forms, whole)
        if found is not None and found[0] > best[0]:
            best = found
    return best[1]


def _parts(word: str) -> tuple[str, ...]:
    return tuple(text.key(part) for part in _TOKEN.findall(word)[:_PARTS])


def _first(whole: str) -> Iterator[re.Match[str]]:
    for count, match in enumerate(_TOKEN.finditer(whole)):
        if count > _WORDS:
            return
        yield match


def _best_place(forms: Sequence[tuple[str, ...]], whole: str) -> tuple[int, str] | None:
    """Return how many wanted words are at the best place of a text, and its excerpt."""
    spans: list[tuple[int, int]] = []
    matches: list[tuple[int, int]] = []  # number of the token, number of the wanted word
    last = _WORDS
    for token in _TOKEN.finditer(whole):
        number = len(spans)
        spans.append(token.span())
        if len(matches) < _MATCHES:
            folded = _folded(token[0])
            matches += [
                (number, which)
                for which, form in enumerate(forms)
                if _matches(form, folded, whole, token.end())
            ]
            last = number + 2 * _WORDS
        elif number > last:
            break
    if not matches:
        return None
    most, first, end = 0, 0, 0
    start = 0
    for place, (number, _) in enumerate(matches):
        while number - matches[start][0] >= _WORDS:
            start += 1
        together = len({which for _, which in matches[start : place + 1]})
        if together > most:
            most, first, end = together, matches[start][0], number
    # The matches are in the middle, as far as the text allows.
    begin = max(0, first - (_WORDS - (end - first + 1)) // 2)
    return most, _cut(whole, spans, begin)


def _matches(form: Sequence[str], folded: str, whole: str, end: int) -> bool:
    if len(form) == 1:
        return folded.startswith(form[0])
    if folded != form[0]:
        return False
    for part in form[1:-1]:
        following = _TOKEN.search(whole, end)
        if following is None or _folded(following[0]) != part:
            return False
        end = following.end()
    following = _TOKEN.search(whole, end)
    return following is not None and _folded(following[0]).startswith(form[-1])


@lru_cache(4096)
def _folded(token: str) -> str:
    return text.key(token)


def _cut(whole: str, spans: Sequence[tuple[int, int]], begin: int) -> str:
    """Return the words from number `begin` on, with dots where the text continues."""
    end = begin + _WORDS
    start = spans[begin][0] if begin else 0
    stop = spans[end - 1][1] if end < len(spans) else len(whole)
    return ("…" if begin else "") + whole[start:stop] + ("…" if end < len(spans) else "")
