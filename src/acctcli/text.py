"""Text: what may reach a terminal, what may be stored, and how names compare.

Text from a person or a file goes through `safe` before it is printed, so that data cannot move a
cursor, set a title, reorder a line or hide in one; and through `one_line` or `paragraph` before it
is stored. Storing keeps odd characters as they are; showing makes them harmless.

Columns are counted with Python's character tables, closely enough for tables to align; libraries
that know every terminal take 5 to 50 ms to import. Nothing here knows colours, styles or markup, or
prints.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category, combining, east_asian_width, name, normalize

from acctcli.errors import Invalid, UsageError

MAX_LINE = 500
"""The most characters a name or any other single line may have."""

MAX_PARAGRAPH = 2**20
"""The most bytes (UTF-8) a body may have: 1 MiB."""

_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: they drive the terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi: they reorder what is read
    "\u2028\u2029\ud800-\udfff"  # line and paragraph separators, lone surrogates
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"  # they draw nothing
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers draw nothing, although they are letters
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f"
)
_HIDDEN_PRINTABLE = frozenset("\u115f\u1160\u3164\uffa0\u180b\u180c\u180d\u180f") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""Hidden characters that `str.isprintable` accepts."""

# The alphabets of Western Europe come before it: one column per letter, nothing hidden.
_FIRST_MARK = "\u0300"
_LINE_BREAKS = frozenset("\n\v\f\x85\u2028\u2029")
_STROKED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
"""Letters that people write without their stroke, but that Unicode does not decompose."""


def safe(value: str, *, newlines: bool = False) -> str:
    r"""Return `value` for printing: characters that would act or hide become visible escapes.

    ESC becomes ``\x1b``, a right-to-left override ``\u202e``, a TAB ``\t``. The two joiners that
    scripts and emoji need are kept, and a variation selector where it selects something. With
    `newlines`, line feeds are kept.
    """
    if value.isprintable() and _HIDDEN_PRINTABLE.isdisjoint(
        value
    ):  # nearly always, and no pattern is needed
        return value
    if newlines:
        return "\n".join(_unprintable().sub(_escape, line) for line in value.split("\n"))
    return _unprintable().sub(_escape, value)


@functools.cache
def _unprintable() -> re.Pattern[str]:
    # A selector follows the character it varies; a run of them may smuggle text.
    return re.compile(rf"[{_HIDDEN}]|(?<![^\s{_SELECTORS}])[{_SELECTORS}]")


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


LINE_END = "\u21b5"
"""Shown for a line break in a text that has only one line: ↵."""


def flat(value: str) -> str:
    """Return a text as one line, with a sign for each line break. Blank lines are dropped."""
    if "\n" not in value:
        return value
    return re.sub("[ \t]*\n[ \t\n]*", f" {LINE_END} ", value).strip(" ")


def legible(stored: object) -> str:
    """Return the value of a database column as text.

    Bytes that are no UTF-8 become escapes; so does NUL, where databases end texts.
    """
    if isinstance(stored, bytes):
        return stored.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
    return "" if stored is None else str(stored).replace("\0", "\\x00")


def quoted(value: str, columns: int = 60) -> str:
    """Return `value` as an error message quotes it: safe, shortened, in double quotes."""
    return f'"{clip(safe(value), columns)}"'


def key(value: str) -> str:
    """Return the form in which names compare: two names with the same key are the same name.

    Case, accents, invisible characters, width and the amount of white space do not count. Vowel
    signs and voicing marks are not accents: they stay.
    """
    if value.isascii():
        return " ".join(value.lower().split())
    # Decomposing first reveals letters to fold (™), and folding reveals marks to drop (İ).
    letters = normalize("NFKD", normalize("NFKD", value).casefold())
    bare = "".join([char for char in letters if not _ignored(char)])
    return " ".join(normalize("NFC", bare.translate(_STROKED)).split())


_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "\xb4": "'"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def spellings(value: str) -> tuple[str, str]:
    """Return the keys that a name may be typed by: as it is, and with its umlauts written out.

    `Müller` is `muller` and `mueller`, but `Blue` is never `blu`.
    """
    plain = normalize("NFC", value).translate(_APOSTROPHES)
    return key(plain), key(plain.casefold().translate(_UMLAUTS))


@functools.lru_cache(4096)
def _ignored(char: str) -> bool:
    # Combining classes below 10 make another letter (か into が, क into क़), above they adorn one.
    adorns = combining(char) >= 10
    return adorns or category(char) == "Cf" or "VARIATION SELECTOR" in name(char, "")


def begins_word(key: str, part: str) -> bool:
    """Whether `part` occurs in a `key` as a whole word or as the start of one."""
    place = key.find(part)
    while place > 0 and key[place - 1] != " " and _joins(key[place - 1], part[0]):
        place = key.find(part, place + 1)
    return place >= 0


def _joins(before: str, after: str) -> bool:
    """Whether two adjacent characters belong to one word, as far as letters show it."""
    in_one = all(char.isalnum() or category(char)[0] == "M" for char in (before, after))
    return in_one and not (_is_unspaced(before) or _is_unspaced(after))


def _is_unspaced(char: str) -> bool:
    """Whether a character is of a script that has no spaces between its words."""
    # Thai, Lao, Burmese and Khmer; those of the Far East are the wide ones.
    south = (
        "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or "\u1780" <= char <= "\u17ff"
    )
    return south or east_asian_width(char) in "WF"


def shows(value: str) -> bool:
    """Whether there is anything to see: a letter, digit, sign or picture.

    White space, control and invisible characters, and marks without a letter are nothing by
    themselves.
    """
    return any(
        category(char) not in ("Cc", "Cf", "Cs")
        and category(char)[0] not in "ZM"
        and char not in _FILLERS
        for char in value
    )


_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs that draw nothing: Hangul fillers, and Braille without a dot."""


def one_line(value: str, what: str, *, shown: bool = True) -> str:
    """Return `value` as a name or another single line is stored: NFC, without outer white space.

    Raises `Invalid` if it shows nothing, has a line break or NUL, or is longer than `MAX_LINE`, and
    `UsageError` if it is not valid UTF-8. Other control characters are kept, even a bare CR: `safe`
    shows them. A text that is only looked up and not stored need not be `shown`.
    """
    line = _unicode(value, what).strip()
    if not line:
        raise Invalid(f"{what} is empty. Write at least one character")
    if shown and not shows(line):
        raise Invalid(f"{what} {quoted(line)} shows nothing. Write at least one letter")
    if not _LINE_BREAKS.isdisjoint(line):
        raise Invalid(f"{what} {quoted(line)} has a line break. Write it on one line")
    _refuse_nul(line, what)
    if len(line) > MAX_LINE:
        raise Invalid(
            f"{what} {quoted(line)} has {len(line):,} characters. Shorten it to {MAX_LINE} at most"
        )
    return line


def paragraph(value: str, what: str) -> str:
    """Return `value` as a body is stored: NFC, lines ending in LF, no blank lines around it.

    White space alone gives "". Raises `Invalid` for NUL and for more than `MAX_PARAGRAPH`, and
    `UsageError` if it is not valid UTF-8.
    """
    body = re.sub("\r+\n", "\n", _unicode(value, what)).strip("\n").rstrip()
    _refuse_nul(body, what)
    if body and not shows(body):
        raise Invalid(f"{what} {quoted(body)} shows nothing. Leave it empty, or write something")
    if len(body) > MAX_PARAGRAPH or len(body.encode()) > MAX_PARAGRAPH:
        raise Invalid(f"{what} {quoted(body)} is longer than 1 MiB. Shorten it")
    return body


def joined(one: str | None, other: str | None) -> str | None:
    """Return two paragraphs as one, with a blank line between them.

    Text that the other one also has in whole lines is not repeated.
    """
    if not (one and other):
        return one or other
    if f"\n{other}\n" in f"\n{one}\n":
        return one
    return other if f"\n{one}\n" in f"\n{other}\n" else f"{one}\n\n{other}"


def _unicode(value: str, what: str) -> str:
    """Return `value` in NFC; bytes of the command line that are no UTF-8 arrive as surrogates."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{what} {quoted(value)} is not valid UTF-8 from character {error.start + 1} on. "
            "Check the encoding of the terminal or the file"
        ) from None
    return normalize("NFC", value)


def _refuse_nul(value: str, what: str) -> None:
    if "\0" in value:
        raise Invalid(f"{what} {quoted(value)} has a NUL character. Leave it out")


def width(value: str) -> int:
    """Return how many terminal columns a safe `value` takes."""
    if value.isascii() or max(value) < _FIRST_MARK:
        return len(value)
    return sum(columns for _, columns in _clusters(value))


def clip(value: str, columns: int) -> str:
    """Return `value` in at most `columns` terminal columns; `…` replaces what was left out."""
    if width(value) <= columns:
        return value
    kept = []
    room = columns - 1
    for cluster, taken in _clusters(value):
        room -= taken
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…" if columns > 0 else ""


def told_once(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return sentences without the last part that several of them share, and those parts.

    `no account "A". To add it: X` and `no account "B". To add it: X` share `To add it: X`.
    """
    parts = [_without_last(said) for said in sentences]
    count: dict[str, int] = {}
    for begin, end in parts:
        if begin:
            count[end] = count.get(end, 0) + 1
    shared = [end for end, times in count.items() if times > 1]
    said = zip(sentences, parts, strict=True)
    return [part[0] if part[0] and part[1] in shared else whole for whole, part in said], shared


def _without_last(said: str) -> tuple[str, str]:
    """Return a text without its last sentence, and that sentence; nothing if it is the only one."""
    place = max(said.rfind(f"{stop} ") for stop in ".?!")
    if place < 0:
        return "", said
    return said[: place + (said[place] != ".")], said[place + 2 :]


def wrapped(value: str, columns: int, *, break_words: bool = True) -> list[str]:
    """Return `value` in lines of at most `columns`, broken at spaces, and in longer words.

    Runs of spaces become one, and only an empty text gives an empty line. Without `break_words`, a
    longer word has a line that is too long.
    """
    lines: list[str] = []
    room = 0
    for word in _words_of(value, columns):
        taken = width(word)
        if lines and taken < room:
            lines[-1] += f" {word}"
            room -= taken + 1
            continue
        for part in _parts(word, columns) if break_words else [word]:
            lines.append(part)
            room = columns - width(part)
    return lines or [""]


_GLUE = "\x01"
"""Stands for a space at which no line is broken, while words are counted."""

_TOGETHER = re.compile(
    r"(?<=[0-9]) (?=%)"  # 24 %
    r"|(?<=[0-9]) (?=[A-Z]{3}\b)|(?<=[0-9](?:k|m)) (?=[A-Z]{3}\b)|(?<=[0-9]bn) (?=[A-Z]{3}\b)"
    r"|(?<=\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)) (?=[0-9]{1,2} [A-Z][a-z]{2}\b)"
    r"|(?<=[0-9]) (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)"
    r"|(?<=\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)) (?=[0-9]{4}\b)"
)
"""The spaces within a percentage, an amount and a day."""


def held_together(value: str, columns: int, glue: str) -> str:
    """Return text where `glue` stands for the spaces at which no line of that width is broken."""
    glued = _TOGETHER.sub(_GLUE, value)
    return " ".join(
        word.replace(_GLUE, glue if width(word.replace(_GLUE, " ")) <= columns else " ")
        for word in glued.split(" ")
    )


def _words_of(value: str, columns: int) -> Iterator[str]:
    """Yield words; a percentage, an amount and a day are one, if they fit on a line."""
    for word in _TOGETHER.sub(_GLUE, value).split():
        whole = word.replace(_GLUE, " ")
        if width(whole) <= columns:
            yield whole
        else:
            yield from whole.split()


def _parts(word: str, columns: int) -> Iterator[str]:
    """Yield a word, in pieces if it is wider than a line."""
    if width(word) <= columns:
        yield word
        return
    part, room = "", columns
    for cluster, taken in _clusters(word):
        if part and taken > room:
            yield part
            part, room = "", columns
        part += cluster
        room -= taken
    yield part


def _clusters(value: str) -> Iterator[tuple[str, int]]:
    """Yield what a terminal draws as one sign, with the columns it takes."""
    cluster = ""
    taken = 0
    for char in value:
        columns = _columns(char)
        if cluster and (columns == 0 or cluster[-1] == "\u200d"):
            if char == "\ufe0f":  # asks for the picture, which is wide
                taken = 2
        elif _is_flag_half(char) and len(cluster) == 1 and _is_flag_half(cluster):
            taken += columns
        else:
            if cluster:
                yield cluster, taken
            cluster = ""
            taken = columns
        cluster += char
    if cluster:
        yield cluster, taken


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


@functools.lru_cache(4096)
def _columns(char: str) -> int:
    """Return the columns of one character by itself: 0 for one that joins the previous one."""
    if category(char) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return 0
    if "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff":
        return 0  # vowels and finals that complete a Hangul syllable
    # New pictures are added to the last block each year, and older versions of Python lack them.
    if east_asian_width(char) in "WF" or "\U0001fa70" <= char <= "\U0001faff":
        return 2
    return 1


def near(word: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return the names that `word` may have meant, most similar first; none if none is similar."""
    from rapidfuzz import fuzz, process

    wanted = key(word)
    # Part of a name may stand for it, but one or two letters are part of any name.
    scorer = fuzz.WRatio if len(wanted) > 2 else fuzz.ratio
    keys = {name: key(name) for name in names}
    if len(wanted) > 3:
        keys = {name: known for name, known in keys.items() if len(known) > 2}
    found = process.extract(wanted, keys, scorer=scorer, limit=limit, score_cutoff=75)
    return [name for _, _, name in found]


def ended(sentence: str) -> str:
    """Return a sentence with its full stop, unless the text that it ends with has one."""
    stopped = sentence.endswith((".", "?", "!", "\N{HORIZONTAL ELLIPSIS}"))
    return sentence if stopped else f"{sentence}."


def megabytes(count: int) -> str:
    """Return the size of a file for people: `1.6 MB`."""
    return f"{count / 1_000_000:,.1f} MB"


def plural(n: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 account`, `1,200 accounts`, `3 people`."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def shell_word(value: str, otherwise: str = "") -> str:
    """Return `value` as a word of a shell command; `otherwise` if it cannot be pasted there.

    It cannot if it looks like an option or has characters that are shown escaped.
    """
    if not value or value.startswith("-") or safe(value) != value or "\n" in value:
        return otherwise
    import shlex  # few screens name a command with a word of the book

    return shlex.quote(value)


def sentence_list(names: Sequence[str], limit: int = 3) -> str:
    """Return names for a sentence, in at most `limit` parts: `A, B and 4 more`."""
    parts = list(names)
    if len(parts) > limit:
        shown = max(limit - 1, 1)
        parts[shown:] = [f"{len(parts) - shown:,} more"]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def ordinal(n: int) -> str:
    """Return `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th") if n // 10 % 10 != 1 else "th"
    return f"{n:,}{ending}"


def one_of(names: Iterable[str]) -> str:
    """Return names as alternatives: `a, b or c`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(near: Sequence[str]) -> str:
    """Return ` Did you mean a or b?` to follow a sentence, or nothing if nothing is near."""
    return f" Did you mean {one_of(near)}?" if near else ""


def unknown(what: str, typed: str, known: Sequence[str]) -> str:
    """Return `unknown tier "grwth". Did you mean growth?`, or the choices if none is near."""
    near_ones = near(typed, known, limit=1)
    advice = f".{did_you_mean(near_ones)}" if near_ones else f" (use {one_of(known)})"
    return f"unknown {what} {quoted(typed)}{advice}"
