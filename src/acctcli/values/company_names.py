"""Names of companies: their legal form, the words that compare, and what tells two names apart.

`company_key` is what is left of a name without its legal form. `compared` goes further, for
duplicates: abbreviations are written out, words such as *of* are left out, and other alphabets are
written in Latin letters.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

from acctcli.text import key
from acctcli.values import addresses, legal_forms
from acctcli.values.business_words import common, linking, meaning, whole


def company_key(name: str) -> str:
    """Return a name without punctuation, legal form and article, as it compares.

    >>> company_key("ACME Corp.") == company_key("Acme")
    True
    >>> company_key("PT Astra International Tbk")
    'astra international'
    """
    return " ".join(_bare(addresses.words(name))) or key(name)


def joined(name: str) -> str:
    """Return a name as it compares, without what is between its words.

    >>> joined("Green-Tech Ltd") == joined("GreenTech")
    True
    """
    return company_key(name).replace(" ", "")


def _bare(words: list[str]) -> list[str]:
    """Return words without those of a legal form before and after them; at least one is left."""
    while len(words) > 1:
        if words[0] == "the":
            del words[0]
        elif count := _form_after(words):
            del words[-count:]
        elif words[-1] == "and":
            words.pop()
        elif count := _form_before(words):
            del words[:count]
        else:
            break
    return [_without_joined(words[0])] if len(words) == 1 else words


def _form_after(words: Sequence[str]) -> int:
    """Return how many words at the end are a legal form. One word at least is the name."""
    letters = 0
    while letters < len(words) - 1 and len(words[-1 - letters]) == 1:
        letters += 1  # S. A., A/S
    if letters > 1 and ("".join(words[-letters:]),) in legal_forms.after():
        return letters
    counts = range(min(legal_forms.longest(), len(words) - 1), 0, -1)
    return next((n for n in counts if tuple(words[-n:]) in legal_forms.after()), 0)


def _form_before(words: Sequence[str]) -> int:
    """Return how many words at the start are a legal form."""
    counts = range(min(legal_forms.longest(), len(words) - 1), 0, -1)
    count = next((n for n in counts if tuple(words[:n]) in legal_forms.before()), 0)
    # Of `PT Solutions` nothing would be left that names a company.
    return 0 if common().issuperset(words[count:]) else count


def _without_joined(word: str) -> str:
    """Return a word without a legal form that is written at it: 日立製作所株式会社."""
    if word.isascii():
        return word
    for form in legal_forms.joined():
        for rest in (word.removeprefix(form), word.removesuffix(form)):
            if rest not in ("", word):
                return _without_joined(rest)
    return word


@functools.lru_cache(16384)
def compared(name: str) -> tuple[str, ...]:
    """Return the words by which two names are compared.

    >>> compared("The Intl. Paper Co") == compared("International Paper Company")
    True
    >>> compared("Univ. of Leeds")
    ('university', 'leeds')
    """
    words = [latin(word) for word in company_key(name).split()]
    telling = [word for word in words if word not in linking() or len(words) < _FEW] or words
    if len(telling) > 1:  # a word by itself is a name: Sol is not Solutions
        telling = [whole().get(word, word) for word in telling]
    return tuple(word if word in common() or meaning(word) else fold(word) for word in telling)


_FEW = 3
"""With fewer words than this, each one counts: there is nothing between them."""


def latin(word: str) -> str:
    """Return a word with Cyrillic and Greek letters as Latin ones: `ромашка` is `romashka`."""
    return word if word.isascii() else word.translate(_LATIN)


def fold(word: str) -> str:
    """Return a word in Latin letters, without umlauts written out: `mueller` is `muller`."""
    word = latin(word)
    for written, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        word = word.replace(written, letter)
    return word


_LATIN = str.maketrans(
    dict(
        zip(
            "абвгґдеєзиіїклмнопрстуфыэαβγδεζηικλμνξοπρσςτυφω",
            "abvggdeeziiiklmnoprstufyeavgdeziiklmnxoprsstyfo",
            strict=True,
        )
    )
    | {
        "ж": "zh",
        "\u0445": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
    }
    | {"й": "y", "ё": "e", "ъ": "", "ь": "", "θ": "th", "χ": "ch", "ψ": "ps"}
)
"""Cyrillic and Greek as passports write them, near enough to compare."""


def contradict(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two compared names have different countries, directions or ordinals.

    `Acme North` and `Acme South` are two companies, whatever else they share.
    """
    mine, theirs = _differing(one, other)
    ours, others = (dict(filter(None, map(meaning, words))) for words in (mine, theirs))
    return any(ours[kind] != others[kind] for kind in ours.keys() & others.keys())


def differ_in_common_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both compared names have other words, and all of those are common ones.

    `Smith Dental` and `Smith Rental` are no misspelling of each other.
    """
    mine, theirs = _differing(one, other)
    return bool(mine and theirs) and common().issuperset((*mine, *theirs))


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str]]:
    return [word for word in one if word not in other], [word for word in other if word not in one]


def are_initials(word: str, name: str) -> bool:
    """Whether a word is the initials of a name: `ibm`, International Business Machines Corp."""
    return _FEW <= len(word) < _LONGEST_INITIALS and word in initials(name)


_LONGEST_INITIALS = 8


@functools.lru_cache(16384)
def initials(name: str) -> Collection[str]:
    """Return the initials of a name of three words or more: with and without what is left out."""
    ways = (addresses.words(name), company_key(name).split(), compared(name))
    said = [[word for word in way if word not in _UNSAID] for way in ways]
    return {"".join(word[0] for word in way) for way in (*ways, *said) if len(way) >= _FEW}


_UNSAID = frozenset(("and", "de", "for", "of", "the"))
"""Words that initials leave out: UCLA has the L of Los Angeles."""
