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
from typing import NamedTuple

from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.text import clip, plural, quoted, sentence_list

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
    r"confidential information\b|copyright\b|©\s*(19|20)\d\d\b"
    r"|(generated|exported|created) (by|on|at)\b"
    r"|((accrual|cash) basis )?(mon|tues|wednes|thurs|fri|satur|sun)day, \w+ \d+, \d{4}\b"
    r"|page \d|end of (report|file|list)\b|[\d,. ]+ (records?|rows?|items?|results?)\b",
    re.IGNORECASE,
)
"""The first cell of a footer with the width of the table: a total, or a notice alone."""


_BY = re.compile(r"\bby (customer|client|account|company)\b", re.IGNORECASE)
_ARROW = re.compile(r"\s*[↑↓]$")


class CsvRecord(NamedTuple):
    """A record as it is in the file: its first line, its text, its cells, and what is wrong."""

    line: int
    text: str
    cells: list[str]
    problem: str


class Groups:
    """A report whose rows stand in groups: what names a group becomes a cell of each of its rows.

    QuickBooks writes the name on a line of its own, in a column without a name; Salesforce writes
    it with the number of rows in the first row, in columns with an arrow. Lines of sums are left
    out. `header` is the header with the names of these columns.
    """

    def __init__(self, header: Sequence[str], places: Sequence[int], *, headed: bool) -> None:
        self.header = header
        self._places = places
        self._headed = headed
        self.names: dict[str, None] = {}
        self.sums = 0

    @classmethod
    def of(
        cls, header: Sequence[str], first: Sequence[str], titles: Sequence[str]
    ) -> Groups | None:
        """Return the groups of a file with this header and first record, if it has any."""
        names = [cell.strip() for cell in header]
        if len(names) <= LEAST_COLUMNS or not all(names[1:LEAST_COLUMNS]):
            return None
        marked = [place for place, name in enumerate(names) if _ARROW.search(name)]
        if marked and marked == [*range(len(marked))]:
            return cls([_ARROW.sub("", name) for name in names], marked, headed=False)
        if names[0] or not _is_alone(first):
            return None
        by = next(filter(None, map(_BY.search, titles)), None)
        return cls([by[1].capitalize() if by else "Group", *names[1:]], [0], headed=True)

    def rows(self, records: Iterable[CsvRecord]) -> Iterator[CsvRecord]:
        """Yield the records that are rows, each with the names of its groups."""
        self.names.clear()
        self.sums = 0
        current = [""] * len(self._places)
        above: list[str] = []
        for record in records:
            names = [cell.strip() for cell in record.cells[: len(current)]]
            first = next(filter(None, names), "")
            if _TOTAL.fullmatch(first):
                self.sums += 1
                # After the sum of a part, rows are those of the whole again.
                if self._headed and above:
                    current[0] = above.pop()
                continue
            if self._headed and _is_alone(record.cells):
                above.append(current[0])
                current[0] = first
                continue
            if self._headed and record.cells[0].strip():
                yield record
                continue
            if len(record.cells) < len(current):
                yield record
                continue
            for place in self._places:
                cell = re.sub(r" \([\d,.]+\)$", "", record.cells[place].strip())
                if cell:
                    current[place:] = [cell, *[""] * (len(current) - place - 1)]
            self.names[" / ".join(current)] = None
            yield record._replace(cells=[*current, *record.cells[len(current) :]])

    def notes(self) -> list[str]:
        """Return what was read from the groups, in words."""
        columns = sentence_list([quoted(self.header[place]) for place in self._places], 9)
        count = plural(len(self.names), "group")
        sums = f"; skipped {plural(self.sums, 'line')} with sums" if self.sums else ""
        return [f"rows stand in {count}, whose names are read as {columns}{sums}"]


def _is_alone(cells: Sequence[str]) -> bool:
    """Whether only the first cell of a record is filled."""
    return bool(cells and cells[0].strip()) and not any(map(str.strip, cells[1:]))


class Above(Frozen):
    """The lines above the header: how many to skip, the separator below them, their texts.

    `over` is the heading over each column, where the last line has headings of several columns.
    """

    start: int
    delimiter: str
    skipped: Sequence[str]
    over: Sequence[str] = ()


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
        over: Sequence[str] = ()
        for line, text, cells, problem in sample:
            if problem or _filled(cells) > max(1, width // 3):
                # A header has a name in every column, and no numbers.
                rows = [one for one in sample if one[0] > line and len(one[2]) > 1]
                same = all(len(one[2]) == len(cells) for one in rows)
                if skipped and rows and same and not problem and _is_header(cells):
                    found.append((width, Above(line - 1, delimiter, skipped, over)))
                break
            skipped.append(next(filter(None, map(str.strip, cells)), text.strip()))
            over = headings(cells) if _filled(cells) > 1 else ()
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


def headings(cells: Sequence[str]) -> list[str]:
    """Return the heading over each column: one that is empty has that of the column before it."""
    over: list[str] = []
    for cell in map(str.strip, cells):
        over.append(cell or (over[-1] if over else ""))
    return over


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a record has a name in every column, and no numbers."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > LEAST_COLUMNS and not names[0]:
        names = names[1:]  # the names of groups stand below it
    return all(name and not re.fullmatch(r"[\d.,:/ +-]+", name) for name in names)
