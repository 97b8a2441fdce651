"""Names of people: their words, and whether two names may be one person's.

Names are compared word by word, in any order: people write `Tan Mei Ling`, `Mei Ling Tan` and
`Tan, Mei Ling`. Titles are no part of a name. `jr.` and `sr.` are: they tell father and son apart.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal

from acctcli import text
from acctcli.frozen import FrozenRow
from acctcli.values import first_names
from acctcli.values.company_names import fold, latin

NamesAgree = Literal["same", "short", "nickname", "typo", ""]
"""How two names agree; `short`: `M. Tan` or `Mei` for `Mei Tan`. "" if they do not."""

_DEGREES = frozenset(["dr", "esq", "ing", "mba", "md", "msc", "phd"])

_TITLES = _DEGREES.union(
    *(
        listed.split()
        for listed in (
            "arq avv bc datuk dame dato dipl doc don dona dott dottssa dra drs eng engr frau haji",
            "herr hon ir judr lady lic lord mag me mgr miss mlle mme mr mrs ms mudr mx prof",
            "professor rev sig sigra sir sra srta tun",
        )
    )
)
"""Titles and degrees, which are no part of a name."""

BEHIND_A_COMMA = _DEGREES.union(["bsc", "cpa", "dds", "ii", "iii", "iv", "jd", "jr", "llm", "sr"])
"""What stands behind a name and a comma, and is no first name: `Tan, PhD`."""

_GENERATIONS = {
    **dict.fromkeys(("jr", "junior", "filho", "hijo", "jnr", "ii"), "junior"),
    **dict.fromkeys(("sr", "senior", "snr", "pai"), "senior"),
    **dict.fromkeys(("iii", "neto"), "third"),
    "iv": "fourth",
}
"""What is said behind a name to tell people of one family apart."""


class PersonName(FrozenRow):
    """A name ready to be compared: its words, and which of a family it is."""

    words: tuple[str, ...]
    generation: str


@functools.lru_cache(16384)
def read(name: str) -> PersonName:
    """Return the words of a name in plain Latin letters, without titles.

    >>> read("Prof. Dr.-Ing. Klaus Hoffmann").words
    ('klaus', 'hoffmann')
    """
    plain = text.key(name).replace("'", "").replace("\u2019", "")
    words = [latin(word) for word in "".join(c if c.isalnum() else " " for c in plain).split()]
    generation = ""
    while len(words) > _LEAST and words[-1] in _GENERATIONS:
        generation = _GENERATIONS[words.pop()]
    telling = [word for word in words if word not in _TITLES]
    return PersonName(tuple(telling or words) or (plain,), generation)


_LEAST = 2
"""A generation follows a first and a last name. Two words alone are the name."""


def contradict(one: PersonName, other: PersonName) -> bool:
    """Whether the names say that they are of two people of one family: `Jr.` and `Sr.`."""
    return bool(one.generation and other.generation and one.generation != other.generation)


def compare(one: PersonName, other: PersonName) -> NamesAgree:
    """Return how two names agree: how the words that only one of them has stand for others.

    At least one word is in both: many people are called Bob or Robert.
    """
    if contradict(one, other):
        return ""
    mine, theirs = _only(one.words, other.words), _only(other.words, one.words)
    if len(mine) == len(one.words):
        return "same" if _squeezed(one) == _squeezed(other) else ""
    if not mine and not theirs:
        return "same"
    if _squeezed(one) == _squeezed(other):
        return "same"
    fewer, more = sorted((mine, theirs), key=len)
    found: list[NamesAgree] = []
    rest = list(more)
    for word in fewer:
        how, meant = next(((how, w) for w in rest if (how := _stands_for(word, w))), ("", ""))
        if not how:
            return ""
        rest.remove(meant)
        found.append(how)
    if found.count("typo") > 1:
        return ""
    return next((how for how in ("typo", "nickname") if how in found), "short")


def _only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the words that the others do not have, in whichever spelling of their umlauts."""
    left = [fold(word) for word in others]
    only = []
    for word in words:
        if fold(word) in left:
            left.remove(fold(word))
        else:
            only.append(word)
    return only


def _squeezed(name: PersonName) -> str:
    return "".join(map(fold, name.words))


def _stands_for(one: str, other: str) -> NamesAgree:
    if one[0] == other[0] and 1 in (len(one), len(other)):
        return "short"
    if first_names.may_be_one(one, other):
        return "nickname"
    return "typo" if _is_slip(one, other) else ""


def _is_slip(one: str, other: str) -> bool:
    """Whether one word may be the other with a slip of the fingers, and is not another name.

    The first letter is rarely wrong, unless it sounds the same. Maria and Mario are two people.
    """
    if one[0] != other[0] and frozenset((one[0], other[0])) not in _SOUND_ALIKE:
        return False
    if _are_man_and_woman(one, other):
        return False
    if _sound(one) == _sound(other):
        return True  # Philip and Phillip, Eric and Erik
    if first_names.is_known(one) and first_names.is_known(other):
        return False
    from rapidfuzz.distance import OSA

    shorter = min(len(one), len(other))
    most = 1 if shorter < _LONG else 2
    # In a short word only swapped letters are believed: Hill and Hall are two names.
    return OSA.distance(one, other) <= most and (shorter >= _SHORT or {*one} == {*other})


_SHORT, _LONG = 5, 7
"""Letters of a word from which one slip is believed, and two."""


_HEARD = (("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("z", "s"))


def _sound(name: str) -> str:
    """Return a name spelled as it sounds, near enough: `philip` and `phillip` are `filip`."""
    for written, heard in _HEARD:
        name = name.replace(written, heard)
    bare = name[:1] + name[1:].replace("h", "")
    return "".join(char for char, after in zip(bare, bare[1:] + " ", strict=True) if char != after)


_SOUND_ALIKE = frozenset(map(frozenset, ("ck", "jy", "iy", "fp", "vw", "sz", "ij", "xj", "gj")))


def _are_man_and_woman(one: str, other: str) -> bool:
    """Whether two words differ as the names of a man and a woman: Mario and Maria, Jan and Jana."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter):
        return longer[len(shorter) :] in ("a", "e", "ia", "ina", "ine", "le", "ne", "te", "ette")
    return shorter[:-1] == longer[:-1] and {one[-1], other[-1]} == {"a", "o"}
