"""`acct review`: looking at one account as a whole, and at which accounts it is time to."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import files, paths, text, values
from acctcli.cli import options, records
from acctcli.cli.kernel import Noun
from acctcli.cli.options import Given, Query, Yes
from acctcli.cli.session import Session
from acctcli.dates import iso, parse_iso_day, say_ago, say_day
from acctcli.domain import agenda
from acctcli.errors import AcctError, Cancelled, NotFound, UsageError
from acctcli.model import DAY, INTEGER, KINDS, Field
from acctcli.render.emit import say
from acctcli.render.results import Done, Page, Table
from acctcli.store import agenda as sql
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.store.filters import Condition

if TYPE_CHECKING:
    import sqlite3

noun = Noun("review", "Account reviews, and which are due.")

Reviews = Annotated[list[str], options.arguments("review", "Their ids, or - for ids on stdin.")]
Actions = Annotated[
    list[str],
    typer.Option(
        "--action",
        metavar="TEXT[::DAY]",
        help="A task that comes out of it, ::DAY says by when. Repeat it for more.",
    ),
]

REVIEW, TASK = KINDS["review"].fields, KINDS["task"].fields
DUE_FIELDS = {
    "account": REVIEW["account"],
    "number": KINDS["account"].fields["number"],
    "tier": KINDS["account"].fields["tier"],
    "last_review": Field(DAY, "when the last one was held", name="last_review"),
    "next_review": Field(DAY, "when it is due", name="next_review"),
    "days_late": Field(INTEGER, "days since then; below zero: until then", name="days_late"),
    "rating": REVIEW["rating"],
    "health": REVIEW["health"],
}
...
