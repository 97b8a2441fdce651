"""What a command hands over to be shown: data, and how it may be drawn, not yet text.

A command returns one of these and never prints. `emit` decides, by the format
and by where stdout goes, what becomes of it. Importing this must stay free:
every command does.
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

    `html` is the file that a page goes to as an HTML document ("-": stdout), with `force`
    over one that is there. `pager` gives the person's own pager, for what is taller than the
    window; without it nothing goes through one.
    """

    format: str | None = None
    columns: str | None = None
    excel_safe: bool = False
    html: Path | None = None
    force: bool = False
    pager: Callable[[], str] | None = None


class Table(Frozen):
    """Rows of one kind. `names` are the columns shown; `all_names` what JSON and CSV hold.

    `short` gives the short id of each row's id, for people; `footer` is the
    next step, for stderr on a terminal, and `empty` what is said there of no
    rows. Without `today`, days come out in ISO form for people too. `drawing`,
    as in `Page`, draws `{"rows": rows}` for a terminal in place of columns.
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


class Page(Frozen):
    """One object with everything the page shows, each part under its own key.

    `drawing` names the function that draws it, as "module:function" below
    `acctcli.render`; it is imported only when something is drawn, and gets
    `data` and a view: the terminal, and the day that it is `today`. `table` is
    what CSV and TSV have of the page, if it has something of the kind. `markdown`
    names in the same way what gives its text as a Markdown document, from `data`
    and the day; without it, Markdown has the drawing as a block of fixed width. `html` names
    what gives it as an HTML document, from the same; without it, there is none. What fits the
    window by itself is not `paged`.
    """

    data: Mapping[str, Any]
    drawing: str
    today: date
    table: Table | None = None
    markdown: str = ""
    html: str = ""
    paged: bool = True


class Done(Frozen):
    """What a write did: ids for stdout (`short` ones), one sentence for stderr.

    `records` are the records as JSON objects, for `--format json`. `one` says
    that the command is about a single record, so that JSON is one object.
    """

    ids: Sequence[str]
    short: Mapping[str, str]
    says: str
    records: Sequence[Mapping[str, Any]] = ()
    one: bool = True
    hint: str = ""


class Lines(Frozen):
    """Plain lines for stdout, already safe; `data` is the same for JSON."""

    lines: Sequence[str]
    data: Any = None


class Failed(Frozen):
    """A table that is shown although the command failed; the error comes after it."""

    table: Table
    error: AcctError


Result = Table | Page | Done | Lines | None
