"""How a result is shown, as options: `--format`, `--columns`, `--html`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from acctcli import paths, text
from acctcli.cli.kit import offers
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.offers import Completer
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.render.emit import FORMATS, SPECIAL
from acctcli.results import Output


class OutputOptions(Bundle):
    """`--format` of a command that has no other such options; `--html` of a page that has it.

    A page with a table also has `--excel-safe`.
    """

    shows = True

    def __init__(
        self,
        *,
        html: bool = False,
        formats: Sequence[str] = (),
        usual: Sequence[str] = FORMATS,
        table: bool = False,
    ) -> None:
        self.html = html
        self.usual = usual
        self.formats = formats
        self.table = table

    def parameters(self) -> list[inspect.Parameter]:
        """Return the format, and the file for an HTML document."""
        found = [format_option(self.formats, self.usual), *(html_options() if self.html else ())]
        return [*found, excel_option()] if self.table else found

    def collect(self, given: dict[str, Any], session: Session) -> None:
        """Store the options in the session; the command itself gets nothing."""
        take_output(session, given, self.formats)


def columns_option(offered: Completer) -> inspect.Parameter:
    """Declare `--columns`, with its completion."""
    return option(
        "columns",
        ("--columns",),
        "Columns to show, in this order.",
        metavar="A,B",
        complete=offered,
        panel="Output",
    )


def format_option(special: Sequence[str] = (), usual: Sequence[str] = FORMATS) -> inspect.Parameter:
    """Declare `--format`, with the formats that only this command has beside the usual ones."""
    formats = (*usual, *special)
    return option(
        "format",
        ("--format", "-f"),
        f"One of: {', '.join(formats)}.",
        metavar="FORMAT",
        complete=offers.words(formats),
        panel="Output",
    )


def excel_option() -> inspect.Parameter:
    """Declare `--excel-safe`."""
    return option(
        "excel_safe",
        ("--excel-safe",),
        "Make CSV safe for spreadsheets: add a BOM and escape formulas.",
        type=bool,
        default=False,
        panel="Output",
    )


def html_options() -> list[inspect.Parameter]:
    """Declare `--html` and its `--force`."""
    return [
        option(
            "html",
            ("--html",),
            "Write a self-contained HTML document to FILE; - for stdout.",
            type=Path | None,
            metavar="FILE",
            panel="Output",
        ),
        option(
            "force",
            ("--force",),
            "Overwrite FILE of --html if it exists.",
            type=bool,
            default=False,
            panel="Output",
        ),
    ]


def take_output(session: Session, given: Mapping[str, Any], special: Sequence[str] = ()) -> None:
    """Store the options in the session; `special` are formats that only this command has.

    Raises `UsageError` for options that exclude each other.
    """
    format = given["format"]
    if format in SPECIAL and format not in special:
        raise UsageError(f"--format {format} is for {SPECIAL[format]}")
    if format is not None and format not in (*FORMATS, *special):
        raise UsageError(text.unknown("--format", format, (*FORMATS, *special)))
    if format in special and given.get("columns"):
        raise UsageError(f"--columns does not go with --format {format}: it has every field")
    excel_safe = bool(given.get("excel_safe"))
    if excel_safe and format != "csv":
        raise UsageError("--excel-safe goes with --format csv")
    html, force = given.get("html"), bool(given.get("force"))
    if html is not None and format is not None:
        raise UsageError("--html is a format of its own: leave out --format")
    if force and html is None:
        raise UsageError("--force goes with --html FILE")
    if html is not None:
        html = paths.typed(html)
    session.output = Output(format, given.get("columns"), excel_safe, html, force)
