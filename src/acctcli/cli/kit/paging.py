"""The order of a list and how much of it is shown, as options; lists whose rows are no records."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from acctcli.book.asked import Query
from acctcli.cli.kit import offers
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.output import columns_option, excel_option, format_option, take_output
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import Field


class RowOptions(Bundle):
    """The options of a list whose rows are not the records of a kind: columns, order, page, format.

    `fields` are those of a row.
    """

    shows = True

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def parameters(self) -> list[inspect.Parameter]:
        """Return the options that every list has."""
        columns = offers.words(list(self.fields))
        return [*order_and_page(columns), format_option(), excel_option()]

    def collect(self, given: dict[str, Any], session: Session) -> Query:
        """Return the query; the session gets the options for output."""
        take_output(session, given)
        return in_order(Query((), (), "", None, 0), given)


def order_and_page(columns: offers.Completer) -> list[inspect.Parameter]:
    """Return the options of every list for its columns, its order and how much of it is shown."""
    return [
        columns_option(columns),
        option(
            "sort",
            ("--sort",),
            "Fields to sort by; prefix with - to sort descending.",
            metavar="-A,B",
            complete=columns,
            panel="Output",
        ),
        option(
            "limit",
            ("--limit", "-n"),
            "Show at most N.",
            type=int | None,
            metavar="N",
            panel="Output",
        ),
        option(
            "offset",
            ("--offset",),
            "Skip the first N.",
            type=int,
            default=0,
            metavar="N",
            panel="Output",
        ),
    ]


def in_order(query: Query, given: Mapping[str, Any]) -> Query:
    """Return a query with the order and page that were given."""
    for name in ("limit", "offset"):
        if given[name] is not None and given[name] < 0:
            raise UsageError(f"--{name} {given[name]} is negative")
    return query.replace(
        sort=given["sort"] or "",
        limit=given["limit"],
        offset=given["offset"],
        columns=given["columns"] or "",
    )


def rows(fields: Mapping[str, Field]) -> Any:
    """Declare a parameter for a list of rows with these fields, with its order and page."""
    return RowOptions(fields)
