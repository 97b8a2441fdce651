"""From the filters of a query to SQL conditions, and records as JSON.

A saved list of accounts is a query that is stored under a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from acctcli import text
from acctcli.book.asked import GROUP, Query, query_of
from acctcli.book.context import Context
from acctcli.errors import AcctError, NotFound
from acctcli.model import KINDS, REF, Field, Row
from acctcli.store import filters, lookup, queries
from acctcli.store.filters import Condition
from acctcli.values.fields import Reading, all_as_json, known

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.groups import FamilyMemberJson
    from acctcli.shapes.records import AccountHeadJson
    from acctcli.store.segments import SavedSegment

T = TypeVar("T", bound=Mapping[str, Any])


def conditions_of(
    context: Context, con: sqlite3.Connection, kind: str, query: Query
) -> list[Condition]:
    """Return the SQL conditions of a list's filters, including those of its segment."""
    queries.add_functions(con)
    known = context.fields(kind)
    reading = reading_in(context, con)
    found = []
    if query.segment is not None:
        found = conditions_of_segment(context, con, _segment(con, kind, query.segment))
    if query.where:
        from acctcli.store import where_sql  # imports the parser

        found += [where_sql.compile_text(typed, kind, known, reading) for typed in query.where]
    found += _of_deals(context, query)
    by_field: dict[str, list[Condition]] = {}
    for name, typed, flag in query.filters:
        alternatives = by_field.setdefault(name, [])
        if name == GROUP:
            from acctcli.store import groups  # most lists have none

            alternatives.append(groups.within(kind, _ids_named(con, "account", typed)))
            continue
        field = known[name]
        if field.type == REF:
            ids = _ids_named(con, field.target, typed)
            alternatives += [filters.points_to(kind, field, id) for id in ids]
        else:
            alternatives += [
                filters.test(kind, field, "=", one.strip(), reading, what=flag)
                for one in typed.split(",")
            ]
    found += [filters.any_of(alternatives) for alternatives in by_field.values()]
    return found


def _of_deals(context: Context, query: Query) -> list[Condition]:
    """Return the conditions on how deals stand and when they close."""
    if not (query.standing or query.closing):
        return []
    from acctcli.store import deals
    from acctcli.values import periods

    by_word = {"open": deals.OPEN, "won": deals.WON, "lost": deals.LOST}
    found = [filters.any_of([by_word[one] for one in query.standing])] if query.standing else []
    if query.closing:
        today, fiscal = context.clock.today, context.config["fiscal.start"]
        period = periods.period(query.closing, today, "--closing", "ahead", fiscal)
        found.append(deals.closing_in(period))
    return found


def accounts_in(
    context: Context, con: sqlite3.Connection, query: Query, usual: Condition
) -> list[Condition]:
    """Return the conditions of a list of accounts: of `usual` status, unless one is given.

    A segment decides itself which accounts it has.
    """
    found = [queries.NOT_ARCHIVED, *conditions_of(context, con, "account", query)]
    if not (query.segment or any(name == "status" for name, _, _ in query.filters)):
        found.append(usual)
    return found


def _segment(con: sqlite3.Connection, kind: str, name: str) -> SavedSegment:
    from acctcli.store import segments  # most lists have none

    return segments.find(con, kind, name)


def unless_archived(kind: str) -> list[Condition]:
    """Return the condition that leaves out archived accounts, for accounts."""
    return [queries.NOT_ARCHIVED] if kind == "account" else []


def conditions_of_segment(
    context: Context, con: sqlite3.Connection, segment: SavedSegment
) -> list[Condition]:
    """Return the conditions of a saved list. Errors say which list no longer works."""
    try:
        query = query_of(segment.kind, segment.filters)
        return conditions_of(context, con, segment.kind, query)
    except AcctError as error:
        error.message = f"segment {text.safe(segment.name)}: {error.message}"
        raise


def reading_in(context: Context, con: sqlite3.Connection) -> Reading:
    """Return how filter values are read: names of records are looked up in the open book."""
    return context.reading.replace(find=lambda kind, typed: lookup.find(con, kind, typed).id)


def _ids_named(con: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """Return the ids of the records in a list of names; `Smith, Ltd` may also be one name."""
    try:
        return [lookup.find(con, kind, typed).id]
    except NotFound:
        if "," not in typed:
            raise
    return [lookup.find(con, kind, one).id for one in typed.split(",")]


def in_groups(con: sqlite3.Connection, typed: Sequence[str]) -> list[str]:
    """Return the ids of the named accounts and of all below them; a text may have several names."""
    from acctcli.store import groups

    return groups.members(con, [id for names in typed for id in _ids_named(con, "account", names)])


def whole(
    context: Context,
    con: sqlite3.Connection,
    kind: str,
    *fitting: Condition,
    limit: int | None = None,
) -> list[Any]:
    """Return the records of a kind that match, as JSON objects for a page.

    They have the shape of their kind in `shapes.records`.
    """
    known = context.fields(kind)
    listing = queries.Listing(fitting, limit=limit)
    rows = queries.select(con, kind, known, listing, as_stored=True)
    return all_as_json(known, rows)


def head(account: Row) -> AccountHeadJson:
    """Return the head of every page about one account."""
    return {
        "id": account["id"],
        "number": account["number"],
        "name": account["name"],
        "tier": account["tier"],
        "status": account["status"],
    }


def member(account: Row) -> FamilyMemberJson:
    """Return who an account of a group is."""
    return {**head(account), "archived": account["archived_at"] is not None}


def as_saved(con: sqlite3.Connection, kind: str, query: Query) -> Query:
    """Return a query with order and columns of its segment, if it names one."""
    if query.segment is None:
        return query
    kept = query_of(kind, _segment(con, kind, query.segment).filters)
    return query.replace(sort=query.sort or kept.sort, columns=query.columns or kept.columns)


def archived_at(con: sqlite3.Connection, account_id: str | None) -> str | None:
    """Return when an account was archived; None if it was not, or there is none."""
    if account_id is None:
        return None
    row = queries.get(con, "account", KINDS["account"].fields, account_id, as_stored=True)
    found: str | None = known(row["archived_at"])
    return found


def in_order(
    called: str, fields: Mapping[str, Field], rows: Iterable[T], query: Query
) -> Sequence[T]:
    """Return the rows that a query asks for of those at hand: in its order, and its page of them.

    As with records, empty values are last, and ties stay as they were. `called` is what a row is.
    """
    found = list(rows)
    if query.sort:
        for field, down in reversed(list(queries.sorted_by(called, fields, query.sort))):
            name = field.name
            empty = [row for row in found if row[name] is None]
            given = [row for row in found if row[name] is not None]
            given.sort(key=lambda row: text.key(str(row[name])), reverse=down)
            found = [*given, *empty]
    return found[query.offset :][: query.limit]
