"""Import vCards: rows of accounts, then rows of contacts.

A person works at the account that ORG names. If the book does not know it, they work at the account
with the company domain of their email. The id of a card (UID) finds the same record again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.imports import options, recipe
from acctcli.book.imports.attendees import AddressBook
from acctcli.book.imports.recipe import Asked, Loaded
from acctcli.errors import UsageError
from acctcli.interop import cardfile
from acctcli.interop.rows import FileRow, FileTable
from acctcli.store import lookup
from acctcli.store.references import KnownRecords, References

if TYPE_CHECKING:
    import sqlite3

    from acctcli.interop.textfile import TextFile

KEY = "UID"
UNFIT = ("kind", "key", "delimiter", "sheet", "unit", "date_format", "decimal")
"""Options that a file whose columns are known has no use for."""


_EXACT = frozenset(("aliases", "tags"))
"""Lists whose items a card separates itself: none of them has to be cut again."""


def refuse_unfit(name: str, asked: Asked, unfit: Sequence[str], what: str) -> None:
    """Raise `UsageError` for options that only rows of other formats have a use for."""
    said = [option for option in unfit if option in asked.given()]
    if said:
        verb, them = ("does", "it") if len(said) == 1 else ("do", "them")
        raise UsageError(
            f"{name}: {options.flags(said)} {verb} not go with {what}. Leave {them} out"
        )


def load(context: Context, path: Path | None, source: TextFile, asked: Asked) -> list[Loaded]:
    """Read the cards of a file: the companies, and the people."""
    refuse_unfit(source.name, asked, UNFIT, "cards")
    found = cardfile.read_cards(source, encoded=bool(asked.encoding))
    with known(context) as con:
        people, remarks = _placed(con, found.people, asked)
        companies = _with_named(con, found, asked)
    loaded = []
    for kind, table, columns in (
        ("account", companies, cardfile.COMPANIES),
        ("contact", people, cardfile.PEOPLE),
    ):
        if table.count:
            own = _planned(context, table, _of_cards(context, kind, table, columns, asked))
            loaded.append(Loaded(path, source.name, table, own))
    first = loaded[0]
    notes = [*found.notes, *remarks]
    loaded[0] = first.replace(plan=first.plan.replace(notes=[*notes, *first.plan.notes]))
    return loaded


@contextmanager
def known(context: Context) -> Iterator[sqlite3.Connection | None]:
    """Open the book, if there is one."""
    if not context.book.exists():
        yield None
        return
    with context.read() as con:
        yield con


def _of_cards(
    context: Context, kind: str, table: FileTable, columns: Mapping[str, str], asked: Asked
) -> Asked:
    """Return the options for one kind: the columns of its fields, unless the user names others."""
    fields = context.fields(kind)
    there = set(table.columns)
    known = {column: field for column, field in columns.items() if field and column in there}
    for column in table.columns:
        if column not in columns and column in fields and not fields[column].fixed:
            known[column] = column  # our own properties
    pairs = tuple(f"{field}={column}" for column, field in known.items())
    return recipe.of_kind(asked, fields).over({"kind": kind, "key": KEY, "map": pairs})


def _planned(context: Context, table: FileTable, asked: Asked) -> recipe.ImportPlan:
    """Return how the rows are read: notes and lists are added to, and nothing is taken away."""
    plan = recipe.plan(context, table.text.name, table, asked)
    longs = {"description", "notes"} & plan.recipe.columns.keys()
    own = plan.recipe.replace(texts_added=frozenset(longs), key_optional=True, exact=_EXACT)
    return plan.replace(recipe=own)


def _placed(
    con: sqlite3.Connection | None, table: FileTable, asked: Asked
) -> tuple[FileTable, list[str]]:
    """Return people with the account that their mail names, and what to say about the others."""
    rows = cardfile.spool()
    book = AddressBook(con) if con else None
    accounts = References(con).known("account") if con else KnownRecords()
    default = options.has_default(asked.default, "account")
    alone: list[str] = []
    domains: dict[str, str] = {}
    for row in table.records():
        if not isinstance(row, FileRow):
            rows.append(row)
            continue
        org = str(row.cells.get("ORG", ""))
        account = _account(row, accounts, book)
        if account is not None:
            domains |= {org: account} if org and text.key(org) != accounts.key_of[account] else {}
        elif not org and not (book and _is_there(book, row)):
            alone.append(str(row.cells.get("FN", "")))
        cells = {column: row.cells[column] for column in row.cells if column != "ORG id"}
        if account is not None:
            cells.pop("ORG", None)
            cells["ORG id"] = account
        rows.append(FileRow(row.line, cells))
    said = []
    if domains and con is not None:
        names = lookup.account_names(con, list(domains.values()))
        read = [f"{text.quoted(org)} as {text.safe(names[id])}" for org, id in domains.items()]
        said.append(f"companies were found by the mail domain: {text.sentence_list(read)}")
    if alone and not default:
        people = text.sentence_list([text.safe(name) for name in alone])
        said.append(
            f"{text.plural(len(alone), 'card')} with no company and no account's mail domain: "
            f"{people}. To put them at one account: --default account="
        )
    return cardfile.table_of(table.text, rows, [*cardfile.PEOPLE, *table.columns]), said


def _account(row: FileRow, accounts: KnownRecords, book: AddressBook | None) -> str | None:
    """Return the account of a card that its company's name alone does not tell.

    That is the one in a card of ours, while it still has this name, or else the one with the mail
    domain. Somebody who is in the book, and whose card names no company, stays where they are.
    """
    org, own = str(row.cells.get("ORG", "")), str(row.cells.get("ORG id", ""))
    if org and accounts.key_of.get(own) == text.key(org):
        return own
    named = {*accounts.by_name.get(text.key(org), ()), *accounts.by_address.get(org.lower(), ())}
    if len(named) == 1:
        return None
    emails = row.cells.get("EMAIL")
    if book is None or not isinstance(emails, list) or (not org and _is_there(book, row)):
        return None
    found = next(filter(None, map(book.account_by_domain, emails)), None)
    return found if not named or found in named else None  # of several of one name, its own


def _is_there(book: AddressBook, row: FileRow) -> bool:
    """Whether a person is known already, by id or by address."""
    emails = row.cells.get("EMAIL")
    found = (book.contact(email) for email in emails) if isinstance(emails, list) else ()
    return any(found) or book.contact_by_id(str(row.cells.get("UID", ""))) is not None


def _with_named(con: sqlite3.Connection | None, found: cardfile.Cards, asked: Asked) -> FileTable:
    """Return the companies; with `--create-accounts` also those that people name.

    Of these, the cards of their people have the address and the website.
    """
    if not asked.create_accounts:
        return found.companies
    known = References(con).known("account") if con else None
    rows = cardfile.spool()
    have = set[str]()
    for company in found.companies.rows():
        have.add(text.key(str(company.cells["ORG"])))
        rows.append(company)
    for person in found.people.rows():
        org = str(person.cells.get("ORG", ""))
        name = text.key(org)
        its = {column: person.cells[column] for column in _OF_COMPANY if column in person.cells}
        if not name or name in have or its.keys() <= {"Country"}:
            continue
        if known is None or not (known.by_name.get(name) or known.by_address.get(org.lower())):
            have.add(name)
            if con is not None and lookup.near_accounts(con, org):
                continue  # it is added by its name alone, which is said with the similar one
            url = its.pop("URL", None)
            site = {"URL": url[0]} if isinstance(url, list) else {}
            rows.append(FileRow(person.line, {"ORG": org, **its, **site}))
    return cardfile.table_of(found.companies.text, rows, [*cardfile.COMPANIES])


_OF_COMPANY = ("URL", "Street", "City", "Region", "Postal code", "Country")
"""Columns of a person that are their company's."""
