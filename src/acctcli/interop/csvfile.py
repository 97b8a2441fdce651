"""CSV: text ⇄ rows.

Reading is strict, because a wrongly read row is worse than a refused one: Python's reader in strict
mode, every record as long as the header, every problem with its line. Writing is RFC 4180. What is
written here is read back exactly, guarded or not; where the standard is ambiguous, the writer
quotes and the reader trusts the quotation marks. No cell is trimmed, converted or judged here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from acctcli.csvtext import DELIMITER_NAMES, unmarked, write_csv
from acctcli.errors import Invalid, UsageError
from acctcli.interop import headers, layout
from acctcli.interop.layout import CsvRecord, Shape
from acctcli.interop.rows import BadRow, FileRow, FileTable, cell_text, header_key
from acctcli.interop.textfile import LONGEST, TextFile, too_long
from acctcli.text import clip, plural, quoted

LONGEST_CELL = 1024 * 1024
"""In characters. A longer cell is an unclosed quotation mark, not a note."""

# Up to the first unpaired mark, written so that there is only one way to match and no backtracking.
# `*+` would say the same, but Python 3.11.2 (Debian 12) matches it wrongly.
_IN_MARKS = r'"[^"]*(?:""[^"]*)*"(?!")'


def read_csv(
    text: TextFile, *, delimiter: str | None = None, candidates: Iterable[str] = DELIMITER_NAMES
) -> FileTable:
    """Read the rows of a CSV file whose first non-empty line is its header.

    The delimiter is the one of `candidates` that the header uses, unless it is given (as a
    character or by its name). Empty rows are left out. Raises `Invalid` where the header or the end
    of the file cannot be determined.
    """
    given = None if delimiter is None else _delimiter_of(delimiter)
    # Spreadsheets write empty rows as lines of delimiters.
    nothing = " \r\n" + (given or "".join(DELIMITER_NAMES))
    skipped = 0
    lines = text.lines()
    first = next(lines, "")
    while first and not first.strip(nothing):
        skipped += 1
        first = next(lines, "")
    if not first:
        raise _empty(text.name)

    # Excel's way to declare it: a first line `sep=;`.
    said = re.fullmatch(r'sep=([^"\r\n\0])[\r\n]+', first, re.IGNORECASE)
    if said:
        given = given or said[1]
        skipped += 1
        first = next(lines, "")
    title = _header(first, lines)
    likely = [given] if given else _most_in(title, candidates)
    above = None
    if not likely or len(_cells(title, likely[0])) < layout.LEAST_COLUMNS:
        # Too few names to be sure that it is the header.
        above = layout.above_header(
            lambda separator: _records(text, skipped, separator, lines=layout.SAMPLE * 2),
            likely or candidates,
        )
    if above is not None:
        start, found = above.start, above.delimiter
    else:
        start = skipped
        found = likely[0] if len(likely) == 1 else _undecided(likely, title, text.name, start + 1)
    merged = _merged(text, start, found) if above is None else None
    if merged is not None:
        start = merged.start
    titles = (*(above.skipped if above else ()), *(merged.skipped if merged else ()))
    groups = _groups(text, start, found, titles)
    shape = _shape(text, start, found, groups)
    over = next((one.over for one in (merged, above) if one is not None), ())
    columns, again = _columns(shape, text.name, start + 1, over)
    tail = layout.Tail(shape)

    def after_header() -> Iterator[CsvRecord]:
        rest = _after_header(text, start, found)
        return groups.rows(rest) if groups else rest

    count = _look_through(after_header(), shape, tail, text.name)
    shape = shape.replace(end=tail.end, titles=frozenset(tail.titles))

    def records() -> Iterator[FileRow | BadRow]:
        return _rows(after_header(), columns, shape)

    notes = []
    if delimiter is None and found != ",":
        notes.append(f"{DELIMITER_NAMES.get(found) or quoted(found)}-separated")
    if above is not None:
        notes.append(layout.say_skipped("above the header", above.skipped))
    if merged is not None:
        notes.append(layout.say_skipped("above the header", merged.skipped))
    notes += groups.notes() if groups else []
    notes += tail.notes()
    return FileTable(columns, text.encoding, found, notes, count, records, text, again)


def _merged(text: TextFile, start: int, delimiter: str) -> layout.Above | None:
    """Return the line above the header that is none: headings of several columns, or figures.

    It has empty cells or figures among its names, and the next line has names that are known.
    """
    first, second = (*islice(_records(text, start, delimiter), 2), None, None)[:2]
    if first is None or second is None or first.problem or second.problem:
        return None
    above, names = ([unmarked(cell).strip() for cell in one.cells] for one in (first, second))
    while above and not above[-1]:
        above.pop()
    while names and not names[-1]:
        names.pop()
    # A line of data about the file, as DATEV has it.
    figures = any(re.fullmatch(r"[\d.,:/ +-]*\d[\d.,:/ +-]*", cell) for cell in above)
    headings = "" in above and len(above) <= len(names)
    if not all(names) or not (figures or headings):
        return None
    over = layout.headings(above) if headings else []
    known = headers.known_names(names)
    if known * (5 if figures else 2) < len(names) or known <= headers.known_names(above):
        return None
    return layout.Above(second.line - 1, delimiter, [next(filter(None, above))], over)


def _after_header(text: TextFile, start: int, delimiter: str) -> Iterator[CsvRecord]:
    records = _records(text, start, delimiter)
    next(records, None)
    return records


def _groups(
    text: TextFile, start: int, delimiter: str, titles: Sequence[str]
) -> layout.Groups | None:
    """Return the groups in which the rows stand, if they do."""
    header, first = (*islice(_records(text, start, delimiter), 2), None, None)[:2]
    if header is None or first is None or header.problem or first.problem:
        return None
    return layout.Groups.of([unmarked(cell) for cell in header.cells], first.cells, titles)


def _shape(text: TextFile, start: int, delimiter: str, groups: layout.Groups | None) -> Shape:
    """Return the header of the file. Raises `Invalid` if it cannot be read."""
    header = next(_records(text, start, delimiter), None)
    if header is None:
        raise _empty(text.name)
    where = f"{text.name} line {header.line}"
    if header.problem:
        raise Invalid(f"{where}: {header.problem}")
    if "\0" in header.text:
        raise Invalid(f"{where}: a NUL character in the names of the columns")
    cells = [unmarked(cell).strip() for cell in header.cells]
    places = [place for place, cell in enumerate(cells) if cell]
    if groups:
        cells = [*groups.header]
        places = [place for place, cell in enumerate(cells) if cell]
        return Shape(cells, places)
    return Shape(header.cells, places or [0])


def _look_through(records: Iterator[CsvRecord], shape: Shape, tail: layout.Tail, name: str) -> int:
    """Find the footers and count the rows; refuse a column that has cells and no name."""
    nameless = sorted(set(range(len(shape.header))) - set(shape.places))
    count = 0
    ended = 0  # the line after the last record
    for line, text, cells, _ in records:
        count += 1
        tail.look(line, cells, apart=bool(ended) and line > ended)
        ended = line + len(re.findall(r"\r\n|\r|\n", text))
        for place in nameless:
            if place < len(cells) and cells[place].strip():
                shown = quoted(clip(cells[place].strip(), 40))
                raise Invalid(
                    f"{name}: column {place + 1} has no name, and line {line} has {shown} there. "
                    "Name it, or remove it"
                )
    return count - tail.skipped


def _header(first: str, lines: Iterator[str]) -> str:
    """Return the text of the header: a quoted name may contain line breaks."""
    parts = [first]
    marks = first.count('"')
    length = len(first)
    while marks % 2 and length < LONGEST_CELL:
        line = next(lines, "")
        if not line:
            break
        parts.append(line)
        marks += line.count('"')
        length += len(line)
    return "".join(parts)


def rejects_csv(table: FileTable, reasons: Iterable[tuple[FileRow | BadRow, str]]) -> Iterator[str]:
    """Yield a CSV file of the skipped rows, record by record, to be fixed and imported again.

    It has the columns and the delimiter of `table` after a column with the reason. A row that could
    not even be read is written as it was, so it is refused again until somebody fixes it.
    """
    delimiter = table.delimiter or ","
    taken = {header_key(column) for column in table.columns}
    column, count = "reason", 1
    while column in taken:
        count += 1
        column = f"reason {count}"

    yield from write_csv([column, *table.columns], [], delimiter=delimiter)
    for row, reason in reasons:
        if isinstance(row, FileRow):
            cells = [cell_text(row.cells.get(name)) for name in table.columns]
        else:
            cells = row.cells
        if isinstance(row, FileRow) or row.text is None:
            yield from write_csv([], [[reason, *cells]], header=False, delimiter=delimiter)
        else:
            first = "".join(write_csv([], [[reason]], header=False, delimiter=delimiter))
            yield first.removesuffix("\r\n") + delimiter + row.text + "\r\n"


# Reading


def _empty(name: str) -> Invalid:
    return Invalid(f"{name} is empty. Begin it with a line that names the columns")


def _delimiter_of(typed: str) -> str:
    by_name = {name: delimiter for delimiter, name in DELIMITER_NAMES.items()}
    delimiter = by_name.get(typed.lower(), "\t" if typed == r"\t" else typed)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise UsageError(
            f"--delimiter {quoted(typed)} is not one character. "
            "Write the character, or comma, semicolon, tab or pipe"
        )
    return delimiter


def _most_in(text: str, candidates: Iterable[str]) -> list[str]:
    """Return the delimiters that occur most in the header at the start of `text`, if any."""
    cell = rf"(?<![^,;\t|]){_IN_MARKS}"  # the start of a cell
    header = re.match(rf'(?:{cell}|[^"\r\n]+|")*', text)
    names = re.sub(cell, "", header[0] if header else "")
    counts = {delimiter: names.count(delimiter) for delimiter in candidates}
    most = max(counts.values())
    return [delimiter for delimiter in counts if most and counts[delimiter] == most]


def _cells(header: str, delimiter: str) -> list[str]:
    """Return the names in a header that are not empty, as far as they can be separated."""
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell for cell in cells if cell.strip()]


def _undecided(likely: Sequence[str], header: str, name: str, line: int) -> str:
    """Return the delimiter of a file with one column. Raises `Invalid` if it is ambiguous."""
    if not likely and any(delimiter in header for delimiter in DELIMITER_NAMES):
        raise Invalid(
            f"{name} line {line}: one column found, {quoted(header.strip())}. "
            "Give the separator with --delimiter"
        )
    if not likely:
        return ","  # a list of one thing
    either = " and ".join(DELIMITER_NAMES[delimiter] for delimiter in likely)
    raise Invalid(f"{name} line {line}: {either} could both be the separator. Give --delimiter")


def _records(
    text: TextFile, start: int, delimiter: str, *, lines: int | None = None
) -> Iterator[CsvRecord]:
    """Yield the records after the first `start` lines, without empty ones.

    With `lines`, only that far into the file. Raises `Invalid` if nothing after a record can be
    relied on.
    """
    name = text.name
    taken = _Lines(islice(text.lines(), start, None if lines is None else start + lines))
    reader = csv.reader(taken, delimiter=delimiter, strict=True)
    while True:
        first = start + reader.line_num
        problem = ""
        # The limit applies to the whole process: another reader may have reset it meanwhile.
        longest_before = csv.field_size_limit(LONGEST_CELL)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = str(error)
        except _TooLong:
            raise too_long(name, first + 1) from None
        finally:
            csv.field_size_limit(longest_before)
        last = start + reader.line_num
        record = taken.taken()

        # The reader's three errors differ only in their words.
        if problem.startswith(("unexpected end", "field larger")):
            opened = first + 1 + _lines_before_last_cell(record, delimiter)
            if problem.startswith("unexpected end"):
                raise Invalid(
                    f"{name} line {opened}: a quotation mark opened here is never closed. "
                    "Close it, or double it if it is part of the text"
                )
            raise Invalid(
                f"{name} line {opened}: a cell of more than {LONGEST_CELL:,} characters "
                "begins here. Shorten it, or close its quotation mark"
            )
        if problem:
            cells = record.rstrip("\r\n").split(delimiter)
            problem = "text after a closing quotation mark"
            if last > first + 1:
                problem += f" on line {last}"
        if any(map(str.strip, cells)) or '"' in record:
            yield CsvRecord(first + 1, record, cells, problem)


class _TooLong(Exception):
    """A record is longer than any row may be."""


class _Lines:
    """Lines on their way to the reader, kept until it has made a record of them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._taken: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        self._length += len(line)
        if self._length > LONGEST:
            raise _TooLong
        return line

    def taken(self) -> str:
        """Return the lines since the last call."""
        taken = self._taken
        self._taken = []
        self._length = 0
        return taken[0] if len(taken) == 1 else "".join(taken)


def _lines_before_last_cell(text: str, delimiter: str) -> int:
    """Return how many lines of `text` end before the cell at which the reader gave up."""
    end = re.escape(delimiter)
    complete = re.match(rf'(?:(?:{_IN_MARKS}|(?!")[^{end}\r\n]*){end})*', text)
    return len(re.findall(r"\r\n|\r|\n", complete[0])) if complete else 0


def _columns(
    shape: Shape, name: str, line: int, over: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    """Return the names of the columns, repeated ones as `Phone (2)`, and the repeated ones.

    Repeated ones below headings, which are `over` them, are called after both: `Contact Name`.
    """
    names = Counter(unmarked(cell).strip() for cell in shape.header)
    found: dict[str, None] = {}
    again: dict[str, str] = {}
    times: dict[str, int] = {}
    for place in shape.places:
        column = unmarked(shape.header[place]).strip()
        if not column:
            raise Invalid(
                f"{name} line {line}: column {place + 1} has no name. Name it, or remove it"
            )
        if names[column] > 1 and place < len(over) and over[place]:
            column = f"{over[place]} {column}"
        once = column
        while column in found:
            times[once] = times.get(once, 1) + 1
            column = f"{once} ({times[once]})"
        found[column] = None
        if column != once:
            again[column] = once
    return list(found), again


def _rows(
    records: Iterable[CsvRecord], columns: list[str], shape: Shape
) -> Iterator[FileRow | BadRow]:
    """Yield the records after the header, those that can be relied on and those that cannot."""
    # If the quotation marks of a broken row do not pair, the next lines may be the rest of that
    # row. The rest of a cell ends in an unpaired mark, and can have the right length by chance.
    unpaired_at = 0
    width = len(shape.header)
    whole = width == len(shape.places)
    for line, text, cells, problem in records:
        if shape.end is not None and line >= shape.end:
            return
        if shape.is_header(cells) or line in shape.titles:
            continue
        if not whole and shape.least <= len(cells) <= width:
            cells = [cells[place] for place in shape.places]
        reason = problem
        if len(cells) != len(columns):
            reason = reason or f"{plural(len(cells), 'cell')}, but the header has {width}"
        elif "\0" in text:
            holders = [
                quoted(column) for column, cell in zip(columns, cells, strict=True) if "\0" in cell
            ]
            reason = reason or f"a NUL character in {', '.join(holders)}"

        if problem or unpaired_at:
            unpaired = text.count('"') % 2 == 1
            if not problem and unpaired:
                reason = reason or f"may be the rest of the broken row on line {unpaired_at}"
            if problem and unpaired:
                unpaired_at = line
            elif unpaired or not reason:
                unpaired_at = 0

        if reason:
            yield BadRow(line, reason, cells, text.removesuffix("\n").removesuffix("\r"))
            continue
        if "'" in text:
            cells = [unmarked(cell) for cell in cells]
        yield FileRow(line, dict(zip(columns, cells, strict=True)))
