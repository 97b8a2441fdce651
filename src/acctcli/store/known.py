"""The texts that identify a person: full names, addresses, numbers, handles, and private notes.

Only erasing uses this. Texts compare without case, accents and kinds of white space, and a match is
replaced in the original text. A first name alone is not searched: "Mei will call" may be any Mei.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from acctcli import text
from acctcli.frozen import Frozen

ERASED = "[erased]"
"""Replaces the name of an erased person."""

ERASING = f"acct contact delete {ERASED} --erase"
"""The command of an erasing in the history, which keeps no name."""

_BETWEEN_DIGITS = r"[\s().\-/\u00a0\u2010-\u2015\u2212]*"
_BETWEEN_WORDS = r"[\s._\-\u00a0\u2010-\u2015]+"
_SHORTEST_NATIONAL = 7  # digits by which a number is recognised without its country


class Known(Frozen):
    """The texts that identify some people."""

    names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()  # of LinkedIn addresses: mei-tan
    texts: frozenset[str] = frozenset()  # notes about them, and values that only they have

    def plus(self, other: Known) -> Known:
        """Return the union of both."""
        return Known(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    def scrub(self, value: str) -> str:
        """Return the text with `[erased]` in place of everything that identifies them."""
        if not value:
            return value
        folded, places = _folded(value)
        found = [match.span() for match in self._as_written.finditer(value)]
        for match in self._folded.finditer(folded):
            end = places[match.end() - 1] + 1
            while end < len(value) and not _fold(value[end]):
                end += 1  # combining marks and invisible characters belong to the letter before
            found.append((places[match.start()], end))
        scrubbed: list[str] = []
        at = 0
        for start, end in _merged(found):
            scrubbed += [value[at:start], ERASED]
            at = end
        return "".join((*scrubbed, value[at:]))

    def named_in(self, value: str) -> bool:
        """Whether a text identifies one of them."""
        return self.scrub(value) != value

    @functools.cached_property
    def _as_written(self) -> re.Pattern[str]:
        """The pattern for texts that must match exactly."""
        parts = [_passage(passage) for passage in self.texts]
        parts += [rf"(?<![\w.+-])(?i:{re.escape(one)})(?![\w-])" for one in self.addresses]
        parts += [form for number in self.numbers for form in _number(number)]
        parts += [_handle(handle) for handle in self.handles]
        # A single word may be a common one, so its case matters: "Will" but not "will".
        parts += [rf"(?<!\w){_quoted(name)}(?!\w)" for name in self.names if " " not in name]
        return _any(parts)

    @functools.cached_property
    def _folded(self) -> re.Pattern[str]:
        """The pattern for texts that match without case and accents."""
        parts = [
            rf"(?<!\w){form}(?!\w)"
            for name in self.names
            if " " in name
            for form in _orders(_folded(name)[0].split())
        ]
        return _any(parts)


def _any(parts: list[str]) -> re.Pattern[str]:
    # The longest first, so that no rest of a name remains.
    return re.compile("|".join(sorted(parts, key=len, reverse=True)) or r"(?!)")


def _merged(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans, with overlapping and adjacent ones joined."""
    last: tuple[int, int] | None = None
    for start, end in sorted(found):
        if last is not None and start <= last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last


def _folded(value: str) -> tuple[str, list[int]]:
    """Return the text in the form that compares, and each letter's position in the original."""
    if value.isascii():
        return value.lower(), list(range(len(value)))
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(value):
        for letter in _fold(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@functools.lru_cache(4096)
def _fold(char: str) -> str:
    return char if char.isspace() else text.key(char)


def _quoted(word: str) -> str:
    """Return a pattern for a word as a command line may quote it: Pat O'"'"'Brien."""
    return re.sub("['\u2019]", lambda _: _QUOTE, re.escape(word))


_QUOTE = """(?:'"'"'|['\u2019])"""


def _orders(words: list[str]) -> Iterator[str]:
    """Yield a name of several words as people write it: Mei Tan, mei.tan, Tan, Mei and TAN Mei."""
    between = _BETWEEN_WORDS
    quoted = [_quoted(word) for word in words]
    yield between.join(quoted)
    for cut in range(1, len(quoted)):
        last, first = between.join(quoted[cut:]), between.join(quoted[:cut])
        yield rf"{last},\s*{first}"
    if len(quoted) == 2:
        yield between.join(reversed(quoted))


def _passage(passage: str) -> str:
    """Return a pattern for a text about them: notes anywhere, a word only as a whole word."""
    end = r"(?!\w)" if passage[-1].isalnum() else ""
    begin = r"(?<!\w)" if passage[0].isalnum() else ""
    return f"{begin}{re.escape(passage)}{end}"


def _handle(handle: str) -> str:
    """Return a pattern for a LinkedIn handle; one that may be a word only with its address."""
    page = r"(?:(?:https?://)?(?:[\w-]+\.)?linkedin\.com/)?(?:in/|@)"
    optional = "?" if re.search(r"[-_0-9]", handle) else ""
    return rf"(?<![\w.-])(?i:(?:{page}){optional}{re.escape(handle)})(?![\w-])"


def _number(number: str) -> Iterator[str]:
    """Yield a phone number as people write it: international or national, however grouped."""
    digits, _, extension = number.removeprefix("+").partition(";ext=")
    country, national = _parted(digits)
    inside = _BETWEEN_DIGITS.join(national)
    between = _BETWEEN_DIGITS
    after = rf"(?:\s*(?:;?ext[.=:]?|x)\s*{extension})?" if extension else ""
    if country:
        abroad = rf"(?:\+|00)?\(?{between.join(country)}{between}(?:\(0\){between})?"
        at_home = rf"\(?0{between}"
        optional = "?" if len(national) >= _SHORTEST_NATIONAL else ""
        yield rf"(?<!\d)(?:{abroad}|{at_home}){optional}{inside}(?!\d){after}"
    else:
        yield rf"(?<!\d)\+?{inside}(?!\d){after}"


def _parted(digits: str) -> tuple[str, str]:
    """Return country code and national number; no code where the country is unknown."""
    import phonenumbers  # takes a fifth of a second to import, and only erasing needs it here

    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return "", digits
    country = str(parsed.country_code)
    return country, digits.removeprefix(country)
