"""Lists for people: columns without frames, in words that people use, in the available width.

Drawn as plain lines, without Rich: lists are the most common output, and this way they take hardly
longer than in a pipe. Text that does not fit is clipped in the least important columns; if that is
not enough, each record becomes several lines, and nothing is lost. Nothing here may import Rich.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from acctcli import model, text
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field
from acctcli.render import theme
from acctcli.render.theme import View
from acctcli.results import Table
from acctcli.values import dates, fields, money
from acctcli.values.durations import say_duration

GAP = 2
"""Blank columns between two columns of a table."""

NARROW = 8
"""The fewest characters of a clipped column."""

FAIR = 12
"""Other columns are cut to it before the account is cut."""

NARROW_NAME = 20
"""The fewest characters of a name, or half of the terminal; columns beside it are dropped first."""

NARROW_TITLE = 16
"""The same for a title beside the name of its account."""

SQUEEZED = 12
"""The fewest characters of a title if no more columns can be dropped."""

NARROW_SENTENCE = 32
"""The same for records that are named by a sentence; the account beside it has `NARROW_TITLE`."""

_RIGHT = (model.MONEY, model.INTEGER, model.NUMBER, model.PERCENT, model.SHARE, model.MINUTES)

_DAYS = (model.DAY, model.MOMENT)

_BY_HEART = (model.CHOICE, model.TIER, model.STAGE, model.FLAG, model.CURRENCY, model.COUNTRY)
"""Words that nobody should have to guess from their first letters."""

_NEVER_CLIPPED = (*_RIGHT, *_DAYS, *_BY_HEART)

_HANDLES = ("id", "record_id", "number")
"""Fields that name a record on the next command line."""

_SENTENCES = ("log", "task", "review", "finding")
"""Kinds that are named by a sentence: what was said, what is to be done."""

_OPEN_UNLESS = {"due": "done_at", "next_step": "", "close_date": "closed_on", "closes": "closed_on"}
"""Days that must not pass, with the field that says that they no longer matter."""


class Column(Frozen):
    """A column of a table: its cells for people, not yet clipped."""

    header: str
    cells: Sequence[str]
    styles: Sequence[str]
    right: bool
    title: bool  # whether it names the record
    whose: bool  # whether it names the account that the record is about
    full: int  # the width at which nothing is clipped
    least: int  # the narrowest width
    may_go: bool  # whether it may be dropped if there is no room


def draw(table: Table, names: Sequence[str], view: View) -> Iterator[str]:
    """Yield the lines of a table, or one line per field on a terminal too narrow for columns."""
    return _drawn(columns_of(table, names, view), view)


def draw_what_fits(table: Table, view: View) -> tuple[Iterator[str], list[str]]:
    """Like `draw`, for the table's own columns that have values; also return those left out.

    The rightmost is left out first, but never a name, an amount or a day.
    """
    every = columns_of(table, table.names, view)
    columns = [c for c in every if any(c.cells)] or every[:1]
    shown = list(columns)
    while _widths(shown, view.width) is None:
        spare = [column for column in shown if column.may_go]
        if not spare:
            if _widths(shown, view.width, squeezed=True) is None:
                return _drawn(columns, view), []  # lines have room for every field
            break
        shown.remove(spare[-1])
    return _drawn(shown, view), [c.header for c in columns if c not in shown]


def _drawn(columns: Sequence[Column], view: View) -> Iterator[str]:
    widths = _widths(columns, view.width) or _widths(columns, view.width, squeezed=True)
    if widths is None:
        yield from _as_lines(columns, view)
        return
    yield _line(columns, widths, [(column.header, "quiet") for column in columns], view)
    for place in range(len(columns[0].cells)):
        cells = [(column.cells[place], column.styles[place]) for column in columns]
        yield _line(columns, widths, cells, view)


def markdown(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Yield a Markdown table; days are in ISO form, because a document outlives today."""
    columns = columns_of(table, names)
    yield _markdown_row([column.header for column in columns])
    yield f"|{'|'.join(' ---: ' if column.right else ' --- ' for column in columns)}|\n"
    for place in range(len(table.rows)):
        yield _markdown_row([column.cells[place] for column in columns])


def columns_of(table: Table, names: Sequence[str], view: View | None = None) -> list[Column]:
    """Return the columns for people; the currency moves to the amounts beside it.

    Without a view they are for a document: unclipped, and without today.
    """
    has_money = any(table.fields[name].type == model.MONEY for name in names)
    return [
        _column(table, table.fields[name], view)
        for name in names
        if not (has_money and table.fields[name].type == model.CURRENCY)
    ]


def _column(table: Table, field: Field, view: View | None) -> Column:
    header = text.safe(field.label)
    rows = table.rows
    today = table.today if view else None
    if field.type == model.MONEY:
        currency = _one_currency(rows, field)
        header = f"{header} {currency}" if currency else header
        cells = _amounts(rows, field, code=not currency)
    elif field.name in ("id", "record_id"):
        ids = [row[field.name] for row in rows]
        cells = [theme.as_it_stands(table.short.get(id, id)) for id in ids]
    else:
        time = next((name for name, f in table.fields.items() if f.day == field.name), "")
        cells = [_words(field, row.get(field.name), today) + _time(row.get(time)) for row in rows]
    styles = [_style(field, row, today) for row in rows]
    # The sign says the same as the colour.
    cells = [theme.flagged(c) if s == "overdue" else c for c, s in zip(cells, styles, strict=True)]
    if view and not view.unicode:
        cells = [theme.shown(cell, view) for cell in cells]
    full = max(map(text.width, (header, *cells)))
    right = field.type in _RIGHT and not field.many
    title = field.name == _title_of(table)
    whose = not title and field.name == "account" and field.type == model.REF
    least = full
    if title or whose:
        least = min(full, _least_of_name(table, whose=whose))
    elif field.many or (field.type not in _NEVER_CLIPPED and field.name not in _HANDLES):
        least = min(full, NARROW)
    kept = (model.MONEY, model.STAGE, *_DAYS)
    stays = title or whose or field.name in _HANDLES or field.type in kept
    return Column(header, cells, styles, right, title, whose, full, least, not stays)


def _least_of_name(table: Table, *, whose: bool) -> int:
    """Return the least width of the column with the record's name, or with its account."""
    if table.noun in _SENTENCES:
        return NARROW_TITLE if whose else NARROW_SENTENCE
    return NARROW_TITLE if table.noun == "deal" and not whose else NARROW_NAME


def _title_of(table: Table) -> str:
    """Return the field that names a row; for rows that are no records, usually the account."""
    kind = KINDS.get(table.noun)
    title = kind.title if kind else "name"
    return next((name for name in (title, "account") if name in table.fields), "what")


def _one_currency(rows: Sequence[Mapping[str, Any]], field: Field) -> str | None:
    """Return the currency of all amounts of a column, if they have the same one."""
    found = {row["currency"] for row in rows if fields.known(row.get(field.name)) is not None}
    return found.pop() if len(found) == 1 else None


def _amounts(rows: Sequence[Mapping[str, Any]], field: Field, *, code: bool) -> list[str]:
    """Return amounts to be aligned: all with decimals as soon as one has some."""
    amounts = [(row.get(field.name), row.get("currency") or "") for row in rows]
    whole = all(
        fields.known(minor) is None or minor % 10 ** money.digits(c) == 0 for minor, c in amounts
    )
    cells = []
    for minor, currency in amounts:
        if minor is None or isinstance(minor, fields.Unreadable):
            cells.append(theme.as_it_stands(minor))
            continue
        digits, dot, decimals = money.plain(minor, currency).partition(".")
        said = f"{int(digits):,}" if int(digits) else digits  # -0.50 keeps its sign
        said += "" if whole else dot + decimals
        cells.append(f"{said} {currency}" if code else said)
    return cells


def _words(field: Field, value: Any, today: date | None) -> str:
    """Return one value for people."""
    if value is None or isinstance(value, fields.Unreadable):
        return theme.as_it_stands(value)
    if field.type == model.PHONE:
        value = [theme.phone(one) for one in value] if field.many else theme.phone(value)
    if field.many:
        return theme.listed(value)
    match field.type:
        case model.DAY:
            return theme.day(value, today)
        case model.MOMENT if field.derived:
            return theme.short_ago(value, today) if today else theme.day_of_moment(value, None)
        case model.MOMENT:
            return theme.day_of_moment(value, today)
        case model.FLAG:
            return "yes" if value else theme.NONE
        case model.PERCENT | model.SHARE:
            return f"{value} %"
        case model.INTEGER if field.name == "bytes":
            return text.megabytes(value)
        case model.INTEGER:
            return f"{value:,}"
        case model.NUMBER:
            return fields.number_text(value)
        case model.MINUTES:
            return say_duration(value)
        case model.LONG:
            return theme.line(value.replace("\t", " "))
        case _:
            return theme.line(value)


def _time(moment: Any) -> str:
    """` 14:30`: the time of a day that has one."""
    at = fields.known(moment)
    return f" {dates.local(dates.parse_iso_moment(at)):%H:%M}" if at else ""


def _style(field: Field, row: Mapping[str, Any], today: date | None) -> str:
    """Return the style: a day that should not have passed is overdue."""
    done = _OPEN_UNLESS.get(field.name)
    value = fields.known(row.get(field.name))
    if done is None or value is None or today is None or (done and done not in row):
        return ""
    return "overdue" if value < dates.iso(today) and not row.get(done) else ""


def _widths(columns: Sequence[Column], room: int, *, squeezed: bool = False) -> list[int] | None:
    """Return widths that fit, from full width down; None if even the narrowest do not.

    All columns are cut to the same width, so the widest lose most; only the title may be wider.
    The account is cut last: it is whom the record is about. With `squeezed`, names may become
    narrower still.
    """
    if room <= theme.NARROWEST:
        return None
    half = room // 2
    room -= GAP * (len(columns) - 1)
    longest = max((c.full for c in columns if c.whose), default=0)

    def widths(cap: int, name: int) -> list[int] | None:
        found = [_width(column, cap, name, half, squeezed=squeezed) for column in columns]
        return found if sum(found) <= room else None

    # As wide as the account may be while the others need not be too narrow, then as they may be.
    name = next((n for n in range(longest, NARROW, -1) if widths(FAIR, n)), min(longest, NARROW))
    widest = min(max(NARROW, *(c.full for c in columns)), max(room, NARROW))
    return next(
        (found for cap in range(widest, NARROW - 1, -1) if (found := widths(cap, name))), None
    )


def _width(column: Column, cap: int, name: int, half: int, *, squeezed: bool) -> int:
    """The width of a column where all are cut to `cap`, and accounts, if any, to `name`."""
    least = min(column.least, half)
    if squeezed and (column.title or column.whose):
        least = min(least, SQUEEZED if column.title else NARROW)
    if column.whose:
        return max(min(column.full, name), least)
    if column.title:
        wide = least + 2 * (cap - FAIR) if name else 2 * cap
        return max(min(column.full, wide), least)
    return max(min(column.full, cap), column.least)


def _as_lines(columns: Sequence[Column], view: View) -> Iterator[str]:
    """Yield each record as `field: value` lines, with a blank line between two records."""
    for place in range(len(columns[0].cells) if columns else 0):
        if place:
            yield "\n"
        for column in columns:
            if column.cells[place]:
                header = theme.paint(f"{column.header}:", "quiet", view)
                painted = theme.paint(column.cells[place], column.styles[place], view)
                yield f"{header} {painted}\n"


def _line(
    columns: Sequence[Column],
    widths: Sequence[int],
    cells: Sequence[tuple[str, str]],
    view: View,
) -> str:
    """Return one line of a table, from (text, style) for each column."""
    parts = []
    for column, width, (value, style) in zip(columns, widths, cells, strict=True):
        clipped = text.clip(value, width)
        blanks = " " * (width - text.width(clipped))
        painted = theme.paint(theme.shown(clipped, view), style, view)
        parts.append(blanks + painted if column.right else painted + blanks)
    return (" " * GAP).join(parts).rstrip() + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |\n"


def _escaped(value: str) -> str:
    """Return text that Markdown shows literally, within a cell."""
    for sign in "\\`*_<[|~":
        value = value.replace(sign, f"\\{sign}")
    return value
