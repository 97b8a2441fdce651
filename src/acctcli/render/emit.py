"""Write to stdout: every format of every result; and every error line.

Machine formats are written here with the standard library alone, so that a read in a pipe loads
nothing that draws. `tables` and the page modules draw what a terminal gets. Nothing here may open
the book.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from pathlib import Path
from typing import Any

from acctcli import text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import Field, named
from acctcli.results import Done, FileText, Lines, Output, Page, Result, Table
from acctcli.values.fields import Exact, cell, columns_of, machine

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "ids", "md")

SPECIAL = {"vcf": "contact list and contact show", "ics": "task list", "xlsx": "export"}
"""Formats of a few commands, which write them in other ways than tables and pages."""

STDOUT = Path("-")


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def emit(result: Result, output: Output) -> None:
    """Write a result to stdout, and its notices to stderr."""
    match result:
        case None:
            return
        case Table():
            _emit_table(result, output)
        case Page():
            _emit_page(result, output)
        case Done():
            _emit_done(result, output)
        case FileText():
            shown = _legible if is_terminal() else str
            _show((shown(part) for part in result.parts), output)
        case Lines():
            if output.format in ("json", "jsonl"):
                _show([to_json(result.data, indent=output.format == "json") + "\n"], output)
            else:
                _show((line + "\n" for line in result.lines), output)


def _legible(part: str) -> str:
    """Return a part of a file as a terminal can show it."""
    return text.safe(part.replace("\r\n", "\n"), newlines=True)


def say(message: str) -> None:
    """Write one line to stderr, with control characters made visible."""
    if sys.stderr is None:
        return
    said = text.safe(message, newlines=True)
    if sys.stderr.isatty():
        from acctcli.render import messages

        said = messages.fitted(said, messages.columns_of_stderr())
    sys.stderr.write(said + "\n")
    sys.stderr.flush()


def _write(parts: Iterable[str]) -> None:
    out = sys.stdout
    if out is None:
        raise OSError("stdout is closed")
    for part in parts:
        out.write(part)
    out.flush()


def _show(parts: Iterable[str], output: Output, foot: Sequence[str] = ()) -> None:
    """Write data; on a terminal, through a pager if it is taller than the window.

    The lines of the foot belong below it: they are in the pager too, or else written to stderr.
    """
    if output.pager is None or not is_terminal():
        _write(parts)
    else:
        from acctcli.render import messages, pager, theme

        shown = "".join(parts)
        columns, rows = theme.window()
        words = pager.command(output.pager) if pager.is_tall(shown, columns, rows) else None
        if words is not None:
            below = [messages.fitted(text.safe(line), columns) + "\n" for line in foot]
            if pager.show(shown + "".join(below), words):
                return
            where = "ACCTCLI_PAGER, the setting me.pager and PAGER"
            say(f"acct: cannot start the pager {text.quoted(words[0])}. Check {where}")
        _write([shown])
    if is_terminal():
        for line in foot:
            say(line)


def format_of(output: Output) -> str:
    """Return the format in force: the given one, else a table on a terminal and TSV in a pipe."""
    return output.format or ("table" if is_terminal() else "tsv")


def _emit_table(table: Table, output: Output) -> None:
    format = format_of(output)
    chosen = columns_asked(table, output.columns)
    match format:
        case "ids":
            if not (table.has_ids or "id" in table.fields):
                takes = "table, tsv, csv, json or md"
                raise UsageError(f"--format ids is for records; {table.plural} take {takes}")
            _show((f"{row['id']}\n" for row in table.rows), output)
        case "json" | "jsonl" | "csv":
            # In a file or a pipe, CSV is the exact text; only on a terminal is it made safe.
            shown = text.safe if is_terminal() else str
            parts = file_text(table, format, chosen, excel_safe=output.excel_safe, shown=shown)
            _show(parts, output)
        case "tsv":
            names = chosen or list(table.names)
            if not chosen and "id" not in names and "id" in table.fields:
                names.insert(0, "id")
            columns = [(name, table.fields[name]) for name in names]
            rows = (
                "\t".join(text.safe(cell(f, row.get(k), row)) for k, f in columns) + "\n"
                for row in table.rows
            )
            _show(rows, output)
        case _:
            from acctcli.render import tables, theme

            if format == "md":
                _show(tables.markdown(table, chosen or table.names), output)
            elif table.rows and table.drawing and table.today and not chosen:
                drawn = _drawn(table.drawing, {"rows": table.rows}, table.today)
                _show([drawn], output, [table.footer] if table.footer else [])
            elif table.rows:
                # A table without today has ISO days, and ignores the view's day.
                view = theme.view_of_stdout(table.today or date.min)
                left_out: list[str] = []
                if chosen:
                    lines = tables.draw(table, chosen, view)
                else:
                    lines, left_out = tables.draw_what_fits(table, view)
                notes = [table.footer] if table.footer else []
                if left_out:
                    notes.append(f"Hidden: {text.sentence_list(left_out)} (--columns)")
                foot = [theme.BETWEEN.join(part) for part in (table.totals, notes) if part]
                _show(lines, output, foot)
            else:
                say(table.empty or f"No {table.plural} found.")


def file_text(
    table: Table,
    format: str,
    chosen: Sequence[str] = (),
    *,
    rows: Iterable[Mapping[str, Any]] | None = None,
    excel_safe: bool = False,
    shown: Callable[[str], str] = str,
) -> Iterator[str]:
    """Yield the rows as text of a CSV, JSON or JSON Lines file, in parts.

    `chosen` are field names, by default all; `shown` converts a CSV cell. `rows` replace the rows
    of the table, one after the other.
    """
    rows = table.rows if rows is None else rows
    columns = columns_of(table.fields, chosen or table.all_names)
    if format in ("json", "jsonl"):
        # A column of a user's query may have any name.
        keyed = [(_json_text(key), key, field) for key, field in columns]
        if format == "json":
            return _json_array(keyed, rows)
        return (_json_row(keyed, row) + "\n" for row in rows)
    from acctcli.csvtext import write_csv

    lines = ([shown(cell(f, row.get(k), row)) for k, f in columns] for row in rows)
    return write_csv([shown(k) for k, _ in columns], lines, excel_safe=excel_safe)


def columns_asked(table: Table, asked: str | None) -> list[str]:
    """Return the names in `--columns a,b`, [] without it. Raises `UsageError` for unknown ones."""
    if asked is None:
        return []
    return check_columns(asked, table.fields)


def check_columns(asked: str, fields: Mapping[str, Field]) -> list[str]:
    """Split and check the text of `--columns` against the known fields."""
    names = []
    for name in filter(None, map(str.strip, asked.split(","))):
        field = named(fields, name)
        if field is None:
            near = text.near(name, fields, limit=1)
            hint = text.did_you_mean(near)
            raise UsageError(
                f'--columns: no column "{text.safe(name)}".{hint} Columns: {", ".join(fields)}'
            )
        names.append(field.name)
    if not names:
        raise UsageError(f"--columns needs at least one column. Columns: {', '.join(fields)}")
    return names


def _json_array(
    columns: Sequence[tuple[str, str, Field]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    yield "["
    number = -1
    for number, row in enumerate(rows):
        yield ("\n " if number == 0 else ",\n ") + _json_row(columns, row)
    yield "]\n" if number < 0 else "\n]\n"


def _json_row(columns: Sequence[tuple[str, str, Field]], row: Mapping[str, Any]) -> str:
    pairs = []
    for written, key, field in columns:
        value = row.get(key)
        # Most values are text or missing, which have the same form in every field.
        if type(value) is str:
            said = _json_text(value)
        else:
            said = "null" if value is None else to_json(machine(field, value, row))
        pairs.append(f"{written}: {said}")
    return "{" + ", ".join(pairs) + "}"


def to_json(value: Any, *, indent: bool = False, depth: int = 0) -> str:
    """Return JSON with exact amounts (`Exact`), and nothing in it that can drive a terminal.

    The standard encoder reformats floats, but money needs its exact digits.
    """
    return _json(value, indent, depth)


def _json(value: Any, indent: bool, depth: int) -> str:
    kind = type(value)  # asking `match` takes long, and a page has ten thousand values
    if kind is str:
        return _json_text(value)
    if kind is int or kind is Exact:
        return str(value)
    if value is None or kind is bool:
        return _CONSTANTS[value]
    if depth > _DEEPEST:
        return _deep_json(value, indent, depth)
    inside = depth + 1
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        parts = [
            _json_name(name)
            + (
                encode_basestring_ascii(one)
                if type(one) is str and one.isascii()
                else _json(one, indent, inside)
            )
            for name, one in value.items()
        ]
        return _joined("{", parts, "}", indent, depth)
    if isinstance(value, list | tuple):
        return _joined("[", [_json(one, indent, inside) for one in value], "]", indent, depth)
    return _json_text(value) if isinstance(value, str) else json.dumps(value)


_CONSTANTS = {None: "null", True: "true", False: "false"}


@lru_cache(maxsize=1000)
def _json_name(name: str) -> str:
    return f"{_json_text(name)}: "


_DEEPEST = 50
"""Levels up to which JSON is made by recursion and indented; a tree of accounts has no limit."""


def _deep_json(value: Any, indent: bool, depth: int) -> str:
    """Return the same without recursion, for any number of levels."""
    written: list[str] = []
    waiting: list[Any] = [value]
    while waiting:
        match waiting.pop():
            case _Done(says):
                written.append(says)
            case Mapping() as found if found:
                entries = [(_json_name(name), one) for name, one in found.items()]
                waiting += _entries("{", entries, "}", indent, depth)
            case list() | tuple() as found if found:
                waiting += _entries("[", [("", one) for one in found], "]", indent, depth)
            case single:
                written.append(to_json(single))
    return "".join(written)


class _Done(Frozen):
    """A piece of JSON that is complete."""

    says: str


def _entries(
    opening: str, entries: Sequence[tuple[str, Any]], closing: str, indent: bool, depth: int
) -> Iterator[Any]:
    """Return the pieces of a list or object, last one first: complete ones and raw values."""
    between = f",\n{'  ' * depth}" if indent else ", "
    yield _Done(closing)
    for place in reversed(range(len(entries))):
        name, one = entries[place]
        yield one
        yield _Done((between if place else opening) + name)


def _joined(opening: str, parts: list[str], closing: str, indent: bool, depth: int) -> str:
    if not indent or not parts:
        return opening + ", ".join(parts) + closing
    pad = "  " * (depth + 1)
    inner = (",\n" + pad).join(parts)
    return f"{opening}\n{pad}{inner}\n{'  ' * depth}{closing}"


def _json_text(value: str) -> str:
    if value.isascii() or text.safe(value) != value:
        # Characters that could drive a terminal become \u escapes: the same JSON value.
        return encode_basestring_ascii(value)
    return encode_basestring(value)


def _emit_page(page: Page, output: Output) -> None:
    if output.html is not None:
        _emit_html(page, output.html, force=output.force)
        return
    match output.format:
        case "csv" | "tsv" if page.table is not None:
            _emit_table(page.table, output)
        case "json":
            _show([to_json(page.data, indent=True) + "\n"], output)
        case "jsonl":
            _show([to_json(page.data) + "\n"], output)
        case "ids" if "id" in page.data:
            _write([f"{page.data['id']}\n"])
        case "md" if page.markdown:
            _show([_function(page.markdown)(page.data, page.today)], output)
        case None | "table" | "md" | "tsv":
            markdown = output.format == "md"
            drawn = _drawn(page.drawing, page.data, page.today, markdown=markdown)
            _show([drawn], output if page.paged else output.replace(pager=None))
        case other:
            takes = "csv, tsv, json or md" if page.table else "json or md"
            raise UsageError(f"--format {other} is for lists; a page takes table, {takes}")


def _emit_html(page: Page, target: Path, *, force: bool) -> None:
    """Write a page as an HTML document into a private file, or to stdout for `-`."""
    from acctcli import files

    document: str = _function(page.html)(page.data, page.today)
    if target == STDOUT:
        _write([document])
        return
    files.write_private(target, [document], force=force)
    say(f"Wrote {text.safe(str(target))}.")


def preview(page: Page) -> None:
    """Draw a page on stderr, before a question about it."""
    if sys.stderr is not None:
        sys.stderr.write(_drawn(page.drawing, page.data, page.today))
        sys.stderr.flush()


def _drawn(drawing: str, data: Mapping[str, Any], today: date, *, markdown: bool = False) -> str:
    """Return what the function named "module:function" makes of the data."""
    from acctcli.render import theme

    return theme.draw_page(_function(drawing), data, today, markdown=markdown)


def _function(named: str) -> Callable[..., Any]:
    """Return the function named "module:function" below `acctcli.render`."""
    module, _, name = named.partition(":")
    function: Callable[..., Any] = getattr(
        importlib.import_module(f"acctcli.render.{module}"), name
    )
    return function


def _emit_done(done: Done, output: Output) -> None:
    match output.format:
        case "json":
            value = done.records[0] if done.one and done.records else list(done.records)
            _write([to_json(value, indent=True) + "\n"])
        case "jsonl":
            _write(to_json(record) + "\n" for record in done.records)
        case "ids":
            _write(f"{id}\n" for id in done.ids)
        case _:
            _write(f"{done.short.get(id, id)}\n" for id in done.ids)
    if done.says:
        say(done.says)
    if done.hint and is_terminal():
        say(done.hint)


def error_line(
    kind: str, code: int, message: str, candidates: Sequence[str], as_json: bool
) -> None:
    """Write an error to stderr: one line, or one JSON object under `--format json`."""
    if sys.stderr is None:
        return
    if as_json:
        value = {
            "error": {
                "code": code,
                "kind": kind,
                "message": message,
                "candidates": list(candidates),
            }
        }
        sys.stderr.write(to_json(value) + "\n")
        sys.stderr.flush()
    else:
        say(f"acct: {message}")


def settle_streams() -> None:
    """Write UTF-8 with plain line ends to pipes and files, whatever the machine's default.

    A terminal keeps its encoding; characters that it lacks become escapes.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def silence_stdout() -> None:
    """Redirect stdout to nothing, so that the interpreter's last flush cannot fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
