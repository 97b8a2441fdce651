"""The files of a handover, besides the dossier: cards, a calendar, CSV files, and the bundle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from acctcli.book import bundles
from acctcli.book.context import Context
from acctcli.book.exports import calendar, cards, records
from acctcli.book.exports.records import TextOf
from acctcli.model import KINDS, NOUNS
from acctcli.store import queries

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing

BUNDLE = "handover.acct"

DOSSIER = ("dossier.md", "dossier.html")

OF_AN_ACCOUNT = tuple(kind for kind in (*NOUNS, "quote", "objective") if kind != "product")
"""The kinds that get a CSV file each, if the accounts have any."""


def names() -> list[str]:
    """Return the names that the files of a pack may have."""
    tables = [f"{KINDS[kind].plural}.csv" for kind in OF_AN_ACCOUNT]
    return [*DOSSIER, "contacts.vcf", "calendar.ics", *tables, BUNDLE]


def files(
    context: Context, tx: Writing, ids: Sequence[str], to: str, text_of: TextOf
) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield name and text, in parts, of the files; they show what this command leaves behind."""
    con = tx.con
    tx.finish()
    yield "contacts.vcf", _cards(context, con, ids)
    yield "calendar.ics", calendar.of_accounts(context, con, ids).text()
    for kind in OF_AN_ACCOUNT:
        own = queries.by_ids("id" if kind == "account" else "account_id", ids)
        if queries.count(con, kind, [own]):
            rows = queries.each(
                con, kind, context.fields(kind), queries.Listing([own]), as_stored=True
            )
            yield f"{KINDS[kind].plural}.csv", text_of(records.columns(context, kind), rows)
    yield BUNDLE, bundles.written(context, tx, ids, to)


def _cards(context: Context, con: sqlite3.Connection, ids: Sequence[str]) -> Iterator[str]:
    fields = context.fields("contact")
    listing = queries.Listing([queries.by_ids("account_id", ids)])
    names = [name for name, field in fields.items() if not field.derived]
    return cards.written(context, con, queries.select(con, "contact", fields, listing, names=names))
