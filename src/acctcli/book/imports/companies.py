"""What rows about people say about their companies: website, industry, size, address.

A list of leads has both in one row. The facts go to the account that the row names, into fields
that are empty there; what an account has is never overwritten. Accounts that are not in the book
get them only if they are added (`--create-accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.book.imports import cards, recipe
from acctcli.book.imports.recipe import Asked, ImportPlan
from acctcli.cellforms import without_page
from acctcli.interop import headers
from acctcli.interop.headers import squeezed
from acctcli.interop.rows import FileRow, FileTable, texts
from acctcli.store import lookup
from acctcli.store.references import KnownRecords, References
from acctcli.values import identity

if TYPE_CHECKING:
    from acctcli.interop.exporters import Fitted

FACTS = ("website", "industry", "employees", "annual_revenue", "currency")
"""Fields that only a company has."""

PLACE = ("street", "city", "region", "postal_code", "country")
"""Fields that are the company's if the row has another fact of it, or if their column says so."""

_NAMED_AFTER = ("company", "business", "organization", "organisation", "account", "office", "main")
"""Beginnings of columns that are about a company."""


def beside(
    context: Context,
    name: str,
    table: FileTable,
    plan: ImportPlan,
    asked: Asked,
    exported: Fitted | None,
) -> list[tuple[FileTable, ImportPlan]]:
    """Return the companies of rows about people, and the people without the columns of those.

    The first part is missing if the rows say nothing about an account in the book.
    """
    company = plan.recipe.columns.get("account", ())
    people = [(table, plan)]
    if plan.recipe.kind != "contact" or plan.recipe.own or len(company) != 1:
        return people
    columns = _facts(context, plan, exported)
    if not columns:
        return people
    rows, said = _rows(context, table, company[0], columns, asked)
    if not rows:
        return people
    of_companies = table.replace(
        columns=[company[0], *columns.values()],
        notes=(),
        count=len(rows),
        records=lambda: iter(rows),
        again={},
    )
    pairs = (f"name={company[0]}", *(f"{target}={column}" for target, column in columns.items()))
    how = Asked(kind="account", map=pairs, decimal=asked.decimal, lenient=True)
    own = recipe.plan(context, name, of_companies, how)
    taken = text.sentence_list([text.quoted(column) for column in columns.values()], len(columns))
    note = f"{taken} of people's companies: taken where the account has none"
    own = own.replace(recipe=own.recipe.replace(only_empty=True), notes=[note, *said, *own.notes])
    left_out = [column for column in plan.left_out if column not in columns.values()]
    rest = plan.replace(left_out=left_out, recipe=plan.recipe.replace(unused=tuple(left_out)))
    return [(of_companies, own), (table, rest)]


def _facts(context: Context, plan: ImportPlan, exported: Fitted | None) -> dict[str, str]:
    """Return the column of each field of the account that the rows have."""
    filled = [column for column in plan.left_out if plan.filled.get(column)]
    # Beside people, Outlook's office location is a room.
    filled = [column for column in filled if squeezed(column) != "officelocation"]
    found = headers.match("account", context.fields("account"), filled).columns
    columns = {target: names[0] for target, names in found.items() if len(names) == 1}
    # A link beside a person is rather their own page.
    if squeezed(columns.get("website", "")) in ("url", "link", "web", "webpage"):
        del columns["website"]
    facts = {target: columns[target] for target in FACTS if target in columns}
    if set(facts) == {"currency"}:
        facts = {}
    is_lead = exported is not None and "lead" in exported.table.object.lower()
    for target in (*PLACE, "phone"):
        column = columns.get(target, "")
        says_so = squeezed(column).startswith(_NAMED_AFTER)
        if says_so or (column and target in PLACE and (is_lead or facts)):
            facts[target] = column
    return facts


def _rows(
    context: Context, table: FileTable, company: str, columns: Mapping[str, str], asked: Asked
) -> tuple[list[FileRow], list[str]]:
    """Return a row for each company, with the first cell that is filled of each column.

    The second list says which are similar to accounts in the book, and what was left out.
    """
    said: list[str] = []
    refused: list[str] = []
    found: dict[str, FileRow] = {}
    with cards.known(context) as con:
        known = References(con).known("account") if con else KnownRecords()
        skipped = set[str]()
        for row in table.rows():
            cells = texts(row)
            org = without_page(cells.get(company, "").strip())
            key = text.key(org)
            if not org or key in skipped:
                continue
            if key not in found:
                if not _is_one(known, org, asked):
                    skipped.add(key)
                    continue
                if con and not known.by_name.get(key) and (near := lookup.near_accounts(con, org)):
                    said.append(f"{text.quoted(org)} is similar to {text.sentence_list(near)}")
                found[key] = FileRow(
                    row.line, {company: org, **dict.fromkeys(columns.values(), "")}
                )
            ours = found[key].cells
            for target, column in columns.items():
                cell = cells.get(column, "").strip()
                if not cell or ours[column]:
                    continue
                if _may_have(known, target, cell, key):
                    ours[column] = cell
                else:
                    refused.append(cell)
    rows = [row for row in found.values() if any(row.cells[one] for one in columns.values())]
    if refused:
        seen = list(dict.fromkeys(refused))
        first = text.quoted(text.clip(seen[0], 40))
        them = text.plural(len(seen), "website")
        said.append(f"{them} left out, which cannot be the company's own: {first}")
    return rows, said


def _is_one(known: KnownRecords, org: str, asked: Asked) -> bool:
    """Whether a name is that of one account, or of one that is to be added."""
    there = known.by_name.get(text.key(org), ())
    if there or not asked.create_accounts:
        return len(set(there)) == 1
    return not known.by_address.get(org.lower()) and "\n" not in org


def _may_have(known: KnownRecords, target: str, cell: str, key: str) -> bool:
    """Whether an address identifies somebody, and no other account."""
    if target != "website":
        return True
    from acctcli.errors import AcctError
    from acctcli.values import addresses

    try:
        website = addresses.website(cell)
    except AcctError:
        return False
    holders = known.by_address.get(website, ())
    return identity.identifies("website", website) and all(
        known.key_of.get(one) == key for one in holders
    )
