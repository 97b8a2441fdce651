"""What a command returns: data, and how it may be drawn, but no text yet.

A command returns one of these and never prints. `emit` decides what becomes of it, by the format
and by where stdout goes. Importing this must take no time, because every command does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from acctcli.errors import AcctError
from acctcli.frozen import Frozen
from acctcli.model import Field


class Output(Frozen):
    """How the user wants a result: the format (None: table or TSV by terminal) and its details.

    `html` is the file for a page as an HTML document ("-": stdout); with `force` it replaces an
    existing file. `pager` returns the user's own pager, for output taller than the window; without
    it there is no pager.
    """

    format: str | None = None
    columns: str | None = None
    excel_safe: bool = False
    html: Path | None = None
    force: bool = False
    pager: Callable[[], str] | None = None


class Table(Frozen):
    """Rows of one kind. `names` are the columns shown; `all_names` those in JSON and CSV.

    `short` has the short id of each row's id, for people; `totals` says how many there are and
    `footer` is the next step, both on stderr of a terminal, and `empty` is shown there without
    rows. Without `today`, days are in ISO form for people too. `drawing`, as in `Page`, draws
    `{"rows": rows}` on a terminal instead of columns. With `has_ids`, each row has an `id` although
    no column shows it.
    """

    noun: str
    plural: str
    fields: Mapping[str, Field]
    rows: Sequence[Mapping[str, Any]]
    names: Sequence[str]
    all_names: Sequence[str]
    short: Mapping[str, str]
    footer: str = ""
    empty: str = ""
    today: date | None = None
    drawing: str = ""
    totals: Sequence[str] = ()
    has_ids: bool = False


class Page(Frozen):
    """One object with everything the page shows, each part under its own key.

    `drawing` names the function that draws it, as "module:function" below `acctcli.render`; it is
    imported only when something is drawn, and gets `data` and a view (the terminal, and the day
    `today`). `table` is the page's table for CSV and TSV, if it has one. `markdown` names a
    function from `data` and day to a Markdown document; without it, Markdown has the drawing as a
    block of fixed width. `html` names one that returns an HTML document; without it, there is none.
    A page that always fits the window is not `paged`.
    """

    data: Mapping[str, Any]
    drawing: str
    today: date
    table: Table | None = None
    markdown: str = ""
    html: str = ""
    paged: bool = True


class Done(Frozen):
    """The result of a write: ids for stdout (`short` ones), one sentence for stderr.

    `records` are the records as JSON objects, for `--format json`. `one` means that the command is
    about a single record, so that JSON is one object.
    """

    ids: Sequence[str]
    short: Mapping[str, str]
    says: str
    records: Sequence[Mapping[str, Any]] = ()
    one: bool = True
    hint: str = ""


class Lines(Frozen):
    """Plain lines for stdout, already safe; `data` is their JSON."""

    lines: Sequence[str]
    data: Any = None


class FileText(Frozen):
    """The text of a file for another program, in parts; a terminal shows it made safe."""

    parts: Sequence[str]


class Failed(Frozen):
    """What is shown although the command failed; the error comes after it."""

    shown: Table | Done
    error: AcctError


Result = Table | Page | Done | Lines | FileText | None
