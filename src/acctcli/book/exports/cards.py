"""Contacts as vCards 3.0, for phones and address books, and for another book.

UID is our id, so that another program, and an import here, find the same person again. A card has
every field that is filled; what vCard has no property for is in properties of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from acctcli.book.context import Context
from acctcli.interop import contenttext
from acctcli.interop.cardfile import OPTED_OUT, OWN, is_opt_out
from acctcli.interop.contenttext import escaped, listed, structured
from acctcli.model import KINDS, Field
from acctcli.store import queries
from acctcli.values.fields import cell

if TYPE_CHECKING:
    import sqlite3

ContactRow = Mapping[str, Any]
WorkplaceRow = Mapping[str, Any]
"""The rows of a contact, with all its fields, and of an account, with its address."""

_OWN_FIELDS = ("role", "influence", "stance", "primary", "since")
"""Fields without a property in vCard."""


def written(context: Context, con: sqlite3.Connection, rows: Iterable[ContactRow]) -> Iterator[str]:
    """Yield the cards of people, from rows with all their fields, in parts."""
    fields = context.fields("contact")
    rows = list(rows)
    accounts = _accounts(con, {row["account_id"] for row in rows if row["account_id"]})
    for row in rows:
        lines = _lines(fields, row, accounts.get(row["account_id"], {}))
        yield "".join(contenttext.component("VCARD", lines))


def brief(con: sqlite3.Connection, row: ContactRow) -> str:
    """Return a small card: what a phone needs to know, and nothing that is only for us."""
    account = _accounts(con, {row["account_id"]} - {None}).get(row["account_id"], {})
    lines = [*_head(row, with_id=False), *_reached(row, account)]
    return "".join(contenttext.component("VCARD", lines))


def _accounts(con: sqlite3.Connection, ids: set[Any]) -> dict[str, Mapping[str, Any]]:
    if not ids:
        return {}
    listing = queries.Listing([queries.by_ids("id", sorted(ids))], "id")
    fields = KINDS["account"].fields
    names = ("name", "website", "street", "city", "region", "postal_code", "country")
    return {row["id"]: row for row in queries.select(con, "account", fields, listing, names=names)}


def _head(row: ContactRow, *, with_id: bool = True) -> Iterator[str]:
    first, _, last = row["name"].rpartition(" ")
    yield "VERSION:3.0"
    if with_id:
        yield "PRODID:-//acctcli//acct//EN"
        yield f"UID:urn:uuid:{row['id']}"
    yield f"FN:{escaped(row['name'])}"
    yield f"N:{structured([last, first, '', '', ''])}"


def _reached(row: ContactRow, account: WorkplaceRow) -> Iterator[str]:
    """Yield where a person works, and how to reach them."""
    if account:
        unit = [row["department"]] if row["department"] else []
        yield f"ORG:{structured([account['name'], *unit])}"
    elif row["department"]:
        yield f"ORG:{structured(['', row['department']])}"
    if row["title"]:
        yield f"TITLE:{escaped(row['title'])}"
    for email in row["emails"]:
        yield f"EMAIL;TYPE=WORK:{escaped(email)}"
    for phone in row["phones"]:
        yield f"TEL;TYPE=WORK:{escaped(phone)}"
    if account and account["website"]:
        yield f"URL;TYPE=WORK:https://{escaped(account['website'])}"
    if row["linkedin"]:
        handle = row["linkedin"]
        page = handle if "/" in handle else f"in/{handle}"
        yield f"X-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/{escaped(page)}"


def _lines(fields: Mapping[str, Field], row: ContactRow, account: WorkplaceRow) -> Iterator[str]:
    yield from _head(row)
    yield from _reached(row, account)
    parts = [account.get(name) or "" for name in ("street", "city", "region", "postal_code")]
    if any(parts) or account.get("country"):
        yield f"ADR;TYPE=WORK:{structured(['', '', *parts, account.get('country') or ''])}"
    for profile in row["profiles"]:
        yield f"X-SOCIALPROFILE:https://{escaped(profile)}"
    if row["aliases"]:
        yield f"NICKNAME:{listed(row['aliases'])}"
    if row["birthday"]:
        yield f"BDAY:{row['birthday']}"
    tags = [*row["tags"], *([OPTED_OUT] if row["do_not_contact"] else [])]
    if tags:
        yield f"CATEGORIES:{listed(tags)}"
    if row["notes"]:
        yield f"NOTE:{escaped(row['notes'])}"
    if row["reports_to"]:
        yield f"X-MANAGER:{escaped(row['reports_to'])}"
    if row["do_not_contact"] or any(map(is_opt_out, row["tags"])):
        yield f"{OWN}DO-NOT-CONTACT:{'yes' if row['do_not_contact'] else 'no'}"
    if row["account_id"]:
        yield f"{OWN}ACCOUNT-ID:{row['account_id']}"
    for name in (*_OWN_FIELDS, *(name for name, field in fields.items() if field.custom)):
        value = row[name]
        if value not in (None, "", (), False):
            text = cell(fields[name], value, row)
            yield f"{OWN}{name.replace('_', '-').upper()}:{escaped(text)}"
    yield f"REV:{row['updated_at']}"
