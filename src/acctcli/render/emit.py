"""The one door to stdout: every format of every result, and every error line.

Machine formats are written here with the standard library alone, so that a
read in a pipe loads nothing that draws. What a terminal gets is drawn by
`tables` and the page modules. Nothing here may open the book.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from acctcli import text, values
from acctcli.errors import UsageError
from acctcli.model import Field, named
from acctcli.render.results import Done, Lines, Output, Page, Result, Table
from acctcli.values import Exact

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "ids", "md")


def is_terminal() -> bool:
    """Whether a person is looking at stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


def emit(result: Result, output: Output) -> None:
    """Write a result to stdout, and what is only said to stderr."""
    match result:
        case None:
            return
        case Table():
            _emit_table(result, output)
        case Page():
            _emit_page(result, output)
        case Done():
            _emit_done(result, output)
        case Lines():
            if output.format in ("json", "jsonl"):
                _write([to_json(result.data, indent=output.format == "json") + "\n"])
            else:
                _write(line + "\n" for line in result.lines)


def say(message: str) -> None:
    """One line for the person, beside the data: on stderr, control characters made visible."""
    if sys.stderr is not None:
        sys.stderr.write(text.safe(message, newlines=True) + "\n")
        sys.stderr.flush()


def _write(parts: Iterable[str]) -> None:
    out = sys.stdout
    if out is None:
        raise OSError("stdout is closed")
    for part in parts:
        out.write(part)
    out.flush()


def format_of(output: Output) -> str:
    """The format in force: what was asked for, else a table for people and TSV for pipes."""
    return output.format or ("table" if is_terminal() else "tsv")


def _emit_table(table: Table, output: Output) -> None:
    format = format_of(output)
    chosen = columns_asked(table, output.columns)
    match format:
        case "ids":
            _write(f"{row['id']}\n" for row in table.rows)
        case "json":
            _write(_json_array(table, chosen))
        case "jsonl":
            columns = values.columns_of(table.fields, chosen or table.all_names)
            _write(_json_row(columns, row) + "\n" for row in table.rows)
        case "csv":
            from acctcli.csvtext import write_csv

            columns = values.columns_of(table.fields, chosen or table.all_names)
            # In a file or a pipe CSV is the exact text; only on a terminal is it made safe.
            shown = text.safe if is_terminal() else str
            rows = (
                [shown(values.cell(f, row.get(k), row)) for k, f in columns] for row in table.rows
            )
            _write(write_csv([k for k, _ in columns], rows, excel_safe=output.excel_safe))
        case "tsv":
            names = chosen or [n for n in table.names if n != "id"]
            lead = [] if chosen else [("id", table.fields["id"])] if "id" in table.fields else []
            columns = [*lead, *((n, table.fields[n]) for n in names)]
            _write(
                "\t".join(text.safe(values.cell(f, row.get(k), row)) for k, f in columns) + "\n"
                for row in table.rows
            )
        case _:
            from acctcli.render import tables

            names = chosen or list(table.names)
            if format == "md":
                _write(tables.markdown(table, names))
            else:
                tables.draw(table, names)
                if table.footer and is_terminal():
                    say(table.footer)


def columns_asked(table: Table, asked: str | None) -> list[str]:
    """The field names of `--columns a,b`; empty if not given. Unknown ones list the legal ones."""
    if asked is None:
        return []
    return check_columns(asked, table.fields)


def check_columns(asked: str, fields: Mapping[str, Field]) -> list[str]:
    """Split and check a `--columns` text against the known fields."""
    names = []
    for name in filter(None, map(str.strip, asked.split(","))):
        field = named(fields, name)
        if field is None:
            near = text.near(name, fields, limit=1)
            hint = f" Near: {near[0]}." if near else ""
            raise UsageError(
                f'--columns: there is no column "{text.safe(name)}".{hint} '
                f"Known: {', '.join(fields)}"
            )
        names.append(field.name)
    if not names:
        raise UsageError(f"--columns needs at least one column. Known: {', '.join(fields)}")
    return names


def _json_array(table: Table, chosen: Sequence[str]) -> Iterator[str]:
    columns = values.columns_of(table.fields, chosen or table.all_names)
    yield "["
    for number, row in enumerate(table.rows):
        yield ("\n " if number == 0 else ",\n ") + _json_row(columns, row)
    yield "\n]\n" if table.rows else "]\n"


def _json_row(columns: Sequence[tuple[str, Any]], row: Mapping[str, Any]) -> str:
    pairs = [
        f'"{key}": {to_json(values.machine(field, row.get(key), row))}' for key, field in columns
    ]
    return "{" + ", ".join(pairs) + "}"


def to_json(value: Any, *, indent: bool = False, depth: int = 0) -> str:
    """JSON with exact amounts (`Exact`), and nothing in it that can drive a terminal.

    The standard encoder writes floats in its own way; money needs its digits as they are.
    """
    match value:
        case Exact():
            return str(value)
        case str():
            return _json_text(value)
        case Mapping():
            parts = [
                f"{_json_text(k)}: {to_json(v, indent=indent, depth=depth + 1)}"
                for k, v in value.items()
            ]
            return _joined("{", parts, "}", indent, depth)
        case list() | tuple():
            parts = [to_json(v, indent=indent, depth=depth + 1) for v in value]
            return _joined("[", parts, "]", indent, depth)
        case _:
            return json.dumps(value)


def _joined(opening: str, parts: list[str], closing: str, indent: bool, depth: int) -> str:
    if not indent or not parts:
        return opening + ", ".join(parts) + closing
    pad = "  " * (depth + 1)
    inner = (",\n" + pad).join(parts)
    return f"{opening}\n{pad}{inner}\n{'  ' * depth}{closing}"


def _json_text(value: str) -> str:
    if value.isascii():
        return json.dumps(value)
    if text.safe(value) == value:
        return json.dumps(value, ensure_ascii=False)
    # Characters that could drive a terminal go as \u escapes: the same JSON value.
    return json.dumps(value, ensure_ascii=True)


def _emit_page(page: Page, output: Output) -> None:
    match output.format:
        case "json":
            _write([to_json(page.data, indent=True) + "\n"])
        case "jsonl":
            _write([to_json(page.data) + "\n"])
        case "ids":
            _write([f"{page.data['id']}\n"])
        case None | "table" | "md" | "tsv":
            module, _, function = page.drawing.partition(":")
            drawing = getattr(importlib.import_module(f"acctcli.render.{module}"), function)
            from acctcli.render import theme

            theme.draw_page(drawing, page.data, markdown=output.format == "md")
        case other:
            raise UsageError(f"--format {other} is for lists; a page takes table, json or md")


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


def silence_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush has nobody to complain to."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
