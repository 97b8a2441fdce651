"""Where the table of a CSV file begins and ends, if there are other lines around it.

Reports have a title and filters above the header, and a total or a notice below the rows;
spreadsheets leave empty columns at the right; concatenated files repeat their header. All of that
is skipped and reported. Rows that could be records are never skipped: a footer is at the end and
has the form of one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.text import clip, plural, quoted

SAMPLE = 60
"""How many records are read to find the header."""

LEAST_COLUMNS = 3
"""With fewer columns than this, a title looks like a header."""

_TOTAL = re.compile(
    r"((grand |sub ?)?totals?( for .*)?|sum|count|summe|gesamt|gesamtsumme|totaal|totale|somme"
    r"|total g[ée]n[ée]ral)\s*(\(.*\))?\s*:?",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"[A-Z]{3}|[^\W\d_]{0,3}[\d.,'\s()%+$€£¥-]*\d[\d.,'\s()%+$€£¥-]*[^\W\d_]{0,3}"
)
_NOTICE = re.compile(
    r"confidential information\b|copyright\b|©|(generated|exported|created) (by|on|at)\b"
    r"|page \d|end of (report|file|list)\b|[\d,. ]+ (records?|rows?|items?|results?)\b",
    re.IGNORECASE,
)
"""The first cell of a footer with the width of the table: a total, or a notice alone."""


class Above(Frozen):
    """The lines above the header: how many to skip, the separator below them, their texts."""

    start: int
    delimiter: str
    skipped: Sequence[str]


class Shape(Frozen):
    """How the records after the header become rows.

    `header` is the header as read; `places` are those of its columns that have a name. Records from
    line `end` on are footers (None: there are none). `titles` are the lines between two groups of
    rows, above a header that is repeated: sums, and the name of a group.
    """

    header: Sequence[str]
    places: Sequence[int]
    end: int | None = None
    titles: frozenset[int] = frozenset()

    @property
    def least(self) -> int:
        """The fewest cells of a complete row: empty columns at the right may be missing."""
        return self.places[-1] + 1

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a record repeats the header."""
        return len(self.header) > 1 and [*cells] == [*self.header]


class Tail:
    """The footers at the end of a file, found while its records are read once."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._footers: list[tuple[int, str]] = []
        self.repeated = 0
        self.titles: dict[int, str] = {}
        # Sums of a group, and the name of the next one: they belong to the header that follows.
        self._before: list[tuple[int, str]] = []
        self._named = False

    def look(self, line: int, cells: Sequence[str], *, apart: bool) -> None:
        """Take one more record into account; `apart` if an empty line precedes it."""
        filled = [cell for cell in map(str.strip, cells) if cell]
        wide = len(self._shape.places) >= LEAST_COLUMNS
        if self._shape.is_header(cells):
            self.repeated += 1
            # Only below the name of a group: without one, what is above may be a row.
            if self._named:
                self.titles.update(self._before)
            self._before, self._named = [], False
            self._footers.clear()
            return
        if wide and not cells[0].strip() and all(map(_FIGURES.fullmatch, filled)):
            sums = (line, filled[0] if filled else "")
            self._before.append(sums)
            if not filled or self.titles:
                self._footers.append(sums)
            return
        self._named = wide and apart and len(filled) == 1 and bool(cells[0].strip())
        self._before = [*self._before, (line, filled[0])] if self._named else []
        if self._is_footer(cells, apart=apart):
            self._footers.append((line, filled[0]))
        else:
            self._footers.clear()

    def _is_footer(self, cells: Sequence[str], *, apart: bool) -> bool:
        filled = [cell for cell in map(str.strip, cells) if cell]
        if len(self._shape.places) < LEAST_COLUMNS or not filled:
            return False
        if len(cells) == 1 and (apart or self._footers):
            return True
        first = cells[0].strip()
        alone = len(filled) == 1 and bool(_NOTICE.match(first))
        # A company may be called Total: of a total, only figures stand beside the word.
        is_total = len(filled) > 1 and bool(_TOTAL.fullmatch(first))
        return alone or (is_total and all(map(_FIGURES.fullmatch, filled[1:])))

    @property
    def _is_ended(self) -> bool:
        """Whether there are footers: empty rows alone are none."""
        return any(text for _, text in self._footers)

    @property
    def end(self) -> int | None:
        """Return the line from which on there are only footers."""
        return self._footers[0][0] if self._is_ended else None

    @property
    def skipped(self) -> int:
        """Return how many records are no rows: repeated headers and footers."""
        return self.repeated + len(self.titles) + (len(self._footers) if self._is_ended else 0)

    def notes(self) -> list[str]:
        """Return what was skipped, in words."""
        found = []
        if self.repeated:
            found.append(
                f"skipped the header where it stands again ({plural(self.repeated, 'time')})"
            )
        titles = [text for text in self.titles.values() if text]
        if titles:
            found.append(say_skipped("above these headers", titles))
        footers = [text for _, text in self._footers if text]
        if footers:
            found.append(say_skipped("after the rows", footers))
        return found


def say_skipped(where: str, texts: Sequence[str]) -> str:
    """Return the sentence about skipped lines, with the text of the first one."""
    return f"skipped {plural(len(texts), 'line')} {where}: {quoted(clip(texts[0], 60))}"


def above_header(
    records: Callable[[str], Iterable[tuple[int, str, list[str], str]]], delimiters: Iterable[str]
) -> Above | None:
    """Find the header below other lines; None if the first record is the header.

    `records` returns the records of the file for a delimiter, as (line, text, cells, problem).
    """
    found: list[tuple[int, Above]] = []
    for delimiter in delimiters:
        sample = _sample(records(delimiter))
        widths = Counter(_filled(cells) for _, _, cells, problem in sample if not problem)
        width = max(widths, default=0)
        if width < LEAST_COLUMNS or len(sample) < 2:
            continue
        skipped: list[str] = []
        for line, text, cells, problem in sample:
            if problem or _filled(cells) > max(1, width // 3):
                # A header has a name in every column, and no numbers.
                rows = [one for one in sample if one[0] > line and len(one[2]) > 1]
                same = all(len(one[2]) == len(cells) for one in rows)
                if skipped and rows and same and not problem and _is_header(cells):
                    found.append((width, Above(line - 1, delimiter, skipped)))
                break
            skipped.append(next(filter(None, map(str.strip, cells)), text.strip()))
    if not found:
        return None
    return max(found, key=lambda one: one[0])[1]


def _sample(
    records: Iterable[tuple[int, str, list[str], str]],
) -> list[tuple[int, str, list[str], str]]:
    def readable() -> Iterator[tuple[int, str, list[str], str]]:
        try:
            yield from records
        except Invalid:
            return  # it is refused, with its line, once the delimiter is known

    return list(islice(readable(), SAMPLE))


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_header(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return all(name and not re.fullmatch(r"[\d.,:/ +-]+", name) for name in names)
