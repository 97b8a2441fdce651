"""The parts of a file: rows of several kinds that another system exports as one table.

An export of activities holds calls that were made and tasks still to do; one of an address book,
people and companies. Each part is read as a file of its own kind, and keeps the line numbers of the
whole file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from acctcli.book.asked import ONE_OF_NOUNS, kind_named
from acctcli.book.context import Context
from acctcli.book.imports import companies, options, recipe
from acctcli.book.imports.recipe import Asked, ImportPlan
from acctcli.errors import AcctError, UsageError
from acctcli.interop import exporters
from acctcli.interop.exporters import Fitted
from acctcli.interop.rows import BadRow, FileRow, FileTable, texts
from acctcli.model import KINDS
from acctcli.text import plural, quoted, sentence_list
from acctcli.values.date_columns import column_order, read_moment_in
from acctcli.values.dates import Clock

Part = tuple[FileTable, ImportPlan]

Records = Callable[[], Iterator[FileRow | BadRow]]

Choose = Callable[[Mapping[str, str]], tuple[int, ...]]
"""Says which parts a row belongs to."""


def of(context: Context, name: str, table: FileTable, asked: Asked, *, linked: bool) -> list[Part]:
    """Return a file, or each of its parts, with how its rows are read.

    A file whose kind is given is one part. Raises what `recipe.plan` raises.
    """
    kind = kind_named(asked.kind) if asked.kind else ""
    own = recipe.own_columns(table, asked.key or None)
    tables = [] if own else exporters.recognised(table.columns, kind, asked.system)
    if asked.system and not tables and not own:
        raise UsageError(
            f"{name}: its columns are of no export of {asked.system.capitalize()} that is known. "
            f"Leave out --preset, or give --as: {ONE_OF_NOUNS}"
        )
    if kind and len(exporters.recognised(table.columns, system=asked.system)) > 1:
        tables = tables[:1]
    elif len(tables) > 1 or any(one.conditions for one in tables):
        return _several(context, name, table, asked, tables, linked=linked)
    exported = tables[0] if tables else None
    plan = recipe.plan(context, name, table, asked, linked=linked, exported=exported)
    return (
        [(table, plan)]
        if linked
        else companies.beside(*(context, name, table, plan), asked, exported)
    )


def _several(
    context: Context,
    name: str,
    table: FileTable,
    asked: Asked,
    tables: Sequence[Fitted],
    *,
    linked: bool,
) -> list[Part]:
    """Return the parts that have rows, the first of them with what is said of the whole file."""
    order = options.date_format(asked.date_format)
    is_past = _past(table, tables, order, context.clock)
    choose = exporters.chooser(tables, is_past)
    counts = [0] * (len(tables) + 1)
    for row in table.records():
        for place in (0,) if isinstance(row, BadRow) else choose(texts(row)) or (-1,):
            counts[place] += 1
    filled = [place for place in range(len(tables)) if counts[place]] or [0]
    parts = []
    for place in filled:
        part = table.replace(
            records=partial(_records, table.records, choose, place),
            count=counts[place],
            notes=table.notes if place == filled[0] else (),
        )
        one = recipe.plan(
            *(context, name, part, asked),
            linked=linked or len(filled) > 1,
            exported=tables[place],
        )
        parts.append((part, one))
    left_out = set.intersection(*({*one.left_out} for _, one in parts))
    plans = dict(zip(filled, (one for _, one in parts), strict=True))
    shares = any(tables[place].table.beside for place in filled)
    unread = _unread(table, choose, plans, shares=shares)
    said = []
    for number, (part, one) in enumerate(parts):
        columns = [c for c in one.left_out if c in left_out] if number == 0 else []
        notes = [*one.notes, *unread.get(filled[number], ())]
        if number == 0 and counts[-1]:
            column = next(column for one in tables for column, _ in one.conditions)
            rows = plural(counts[-1], "row")
            notes.append(f"skipped {rows} of another kind, by {quoted(column)}")
        said.append((part, one.replace(left_out=columns, notes=notes)))
    return said


def _records(records: Records, choose: Choose, place: int) -> Iterator[FileRow | BadRow]:
    for row in records():
        chosen = (0,) if isinstance(row, BadRow) else choose(texts(row))
        if place in chosen:
            yield row


def _unread(
    table: FileTable, choose: Choose, plans: Mapping[int, ImportPlan], *, shares: bool
) -> dict[int, list[str]]:
    """Say which cells of a part are left out although another part reads their column.

    A row may be of several parts if the parts have `shares` in it.
    """
    left_out = {place: {*plan.left_out} for place, plan in plans.items()}
    shared = set.intersection(*left_out.values())
    if all(columns == shared for columns in left_out.values()):
        return {}
    # Where each row is of one part, what is left out of a part is counted already.
    found: dict[int, dict[str, int]] = {
        place: {} if shares else {c: n for c, n in plan.filled.items() if n and c not in shared}
        for place, plan in plans.items()
    }
    for row in table.rows() if shares else ():
        cells = texts(row)
        places = choose(cells)
        if not places:
            continue
        unread = set.intersection(*(left_out[place] for place in places)) - shared
        for column in unread:
            if cells.get(column, "").strip():
                counted = found[places[0]]
                counted[column] = counted.get(column, 0) + 1
    said = {}
    for place, columns in found.items():
        what = KINDS[plans[place].recipe.kind].plural
        listed = [f"{quoted(column)} ({columns[column]:,})" for column in sorted(columns)]
        if listed:
            said[place] = [f"left out of {what}: {sentence_list(listed, len(listed))}"]
    return said


def _past(
    table: FileTable, tables: Sequence[Fitted], order: str | None, clock: Clock
) -> Callable[[str, str], bool]:
    """Return whether the moment in a cell of a column is over; cells without a moment are not."""
    columns = {column for one in tables for column, condition in one.conditions if condition.past}
    orders: dict[str, str] = {}
    for column in columns:
        seen = {texts(row).get(column, "") for row in table.rows()}
        found = column_order(
            [value for value in sorted(seen) if _is_day(value, clock)], clock.today
        )
        # A column with two readings is refused when the rows are read.
        orders[column] = order or found.order or "mdy"

    @cache
    def is_past(column: str, cell: str) -> bool:
        try:
            return read_moment_in(cell, orders[column], clock, column, "near") <= clock.now
        except AcctError:
            return False

    return is_past


def _is_day(value: str, clock: Clock) -> bool:
    found = column_order([value], clock.today)
    return bool(value.strip()) and (found.order is not None or found.ambiguous)
