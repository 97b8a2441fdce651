"""Facts about the quality of the book: possible duplicates, and what is missing or wrong.

One query per kind of fact, over the whole book. `domain` judges what they mean.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from acctcli.domain.likeness import Company, Person
from acctcli.frozen import Frozen
from acctcli.model import ADDRESSES, EMAIL, LINKEDIN, PHONE, PROFILE, WEBSITE, Field, Row
from acctcli.store import queries
from acctcli.store.columns import WON
from acctcli.store.facts.reading import columns, read
from acctcli.store.filters import Condition
from acctcli.store.kinds import finding
from acctcli.store.merge import pointing_to
from acctcli.store.queries import Listing
from acctcli.values.addresses import linkedin_page
from acctcli.values.dates import iso


def companies(con: sqlite3.Connection) -> list[Company]:
    """Return every account that is not archived, with the email domains of its people."""
    domains = _listed(
        con,
        "SELECT DISTINCT c.account_id, substr(e.address, instr(e.address, '@') + 1) "
        "FROM email e JOIN contact c ON c.id = e.contact_id WHERE c.account_id IS NOT NULL",
    )
    aliases = _listed(con, "SELECT account_id, alias FROM account_alias")
    websites = _addresses(con, "account", WEBSITE)
    phones = _addresses(con, "account", PHONE)
    none = {"aliases": "NULL", "websites": "NULL", "phones": "NULL", "domains": "NULL"}
    found = read(
        con,
        Company,
        f"SELECT {columns(Company, **none)} FROM account t "
        "WHERE t.archived_at IS NULL ORDER BY t.id",
    )
    return [
        company._replace(
            aliases=aliases.get(company.id, ()),
            websites=websites.get(company.id, ()),
            phones=phones.get(company.id, ()),
            domains=domains.get(company.id, ()),
        )
        for company in found
    ]


def people(con: sqlite3.Connection) -> list[Person]:
    """Return every contact, with their addresses."""
    aliases = _listed(con, "SELECT contact_id, alias FROM contact_alias")
    emails = _addresses(con, "contact", EMAIL)
    phones = _addresses(con, "contact", PHONE)
    profiles = _addresses(con, "contact", PROFILE)
    for handle, id in con.execute(finding("contact", ADDRESSES, LINKEDIN)):
        profiles.setdefault(id, []).append(linkedin_page(handle))
    none = {"aliases": "NULL", "emails": "NULL", "phones": "NULL", "profiles": "NULL"}
    found = read(con, Person, f"SELECT {columns(Person, **none)} FROM contact t ORDER BY t.id")
    return [
        person._replace(
            aliases=aliases.get(person.id, ()),
            emails=emails.get(person.id, ()),
            phones=phones.get(person.id, ()),
            profiles=profiles.get(person.id, ()),
        )
        for person in found
    ]


def _addresses(con: sqlite3.Connection, kind: str, type: str) -> dict[str, list[str]]:
    """Return the addresses of one type by the id of their record, main ones and others."""
    found: dict[str, list[str]] = {}
    for address, id in con.execute(finding(kind, ADDRESSES, type)):
        found.setdefault(id, []).append(address)
    return found


def _listed(con: sqlite3.Connection, sql: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id, item in con.execute(sql):
        found.setdefault(id, []).append(item)
    return found


def richness(con: sqlite3.Connection, kind: str, ids: Iterable[str]) -> dict[str, int]:
    """Return how many rows of the book refer to each of these records."""
    wanted = json.dumps(sorted(set(ids)))
    counts = dict.fromkeys(json.loads(wanted), 0)
    for table, column in pointing_to(con, kind):
        for id, count in con.execute(
            f'SELECT "{column}", count(*) FROM "{table}" '
            f'WHERE "{column}" IN (SELECT value FROM json_each(?)) GROUP BY 1',
            (wanted,),
        ):
            counts[id] += count
    return counts


class State(Frozen):
    """The accounts that match, and what belongs to them, by account id.

    `changed` is the last day on which something was recorded. `deals` are open ones and those
    closed on an impossible day, `parts` the people on open deals. `purchases` and `reviews` are
    those whose days contradict each other; all purchases if required fields apply to them.
    """

    accounts: Sequence[Row]
    changed: Mapping[str, str]
    people: Mapping[str, Sequence[Row]]
    deals: Mapping[str, Sequence[Row]]
    parts: Mapping[str, Sequence[Row]]
    purchases: Mapping[str, Sequence[Row]]
    reviews: Mapping[str, Sequence[Row]]
    have_won: Collection[str]
    have_bought: Collection[str]
    parents: Mapping[str, str | None]


_READ = {
    "account": "number name kind status tier phone country industry website source cadence_days "
    "snoozed_until",
    "contact": "name account emails phones role primary do_not_contact",
    "deal": "title account category amount close_date opened_on closed_on",
    "purchase": "product account starts_on ends_on",
    "review": "account held_on next_review",
}
"""The fields that are read of each kind, beside the required ones."""


def state(
    con: sqlite3.Connection,
    fields: Mapping[str, Mapping[str, Field]],
    required: Mapping[str, Sequence[str]],
    today: date,
    conditions: Sequence[Condition] = (),
) -> State:
    """Return what the quality of accounts is judged by; `required` are field names by kind."""
    queries.add_functions(con)
    where = " AND ".join(("t.archived_at IS NULL", *(c.sql for c in conditions)))
    parameters = [p for c in conditions for p in c.parameters]
    theirs = Condition(f"t.account_id IN (SELECT t.id FROM account t WHERE {where})", parameters)

    def rows(kind: str, *fitting: Condition) -> list[Row]:
        names = dict.fromkeys((*_READ[kind].split(), *required.get(kind, ())))
        return queries.select(con, kind, fields[kind], Listing(fitting), names=names)

    odd = "t.closed_on IS NULL OR t.closed_on < t.opened_on OR t.closed_on > ?"
    every_purchase = "1" if required.get("purchase") else "t.ends_on < t.starts_on"
    return State(
        accounts=rows("account", Condition(where, parameters)),
        changed=_changed(con),
        people=_by_account(rows("contact", theirs)),
        deals=_by_account(rows("deal", theirs, Condition(f"({odd})", [iso(today)]))),
        parts=_by_account(_parts(con)),
        purchases=_by_account(rows("purchase", theirs, Condition(every_purchase, []))),
        reviews=_by_account(rows("review", theirs, Condition("t.next_review < t.held_on", []))),
        have_won=_ids(con, f"SELECT DISTINCT account_id FROM deal d WHERE {WON}"),
        have_bought=_ids(con, "SELECT DISTINCT account_id FROM purchase"),
        parents=dict(con.execute("SELECT id, parent_id FROM account").fetchall()),
    )


def _by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row)
    return found


def _ids(con: sqlite3.Connection, sql: str) -> set[str]:
    return {row[0] for row in con.execute(sql)}


def _changed(con: sqlite3.Connection) -> dict[str, str]:
    """Return the last day on which an account, its people or deals changed, or was talked to."""
    rows = con.execute(
        "SELECT id, date(max(at), 'localtime') FROM ("
        "SELECT id, updated_at AS at FROM account "
        "UNION ALL SELECT account_id, max(updated_at) FROM contact GROUP BY account_id "
        "UNION ALL SELECT account_id, max(updated_at) FROM deal GROUP BY account_id "
        "UNION ALL SELECT account_id, max(at) FROM log GROUP BY account_id) GROUP BY id"
    )
    return dict(rows.fetchall())


def _parts(con: sqlite3.Connection) -> list[Row]:
    """Return the people with a part in an open deal, and whether they are at its account."""
    cursor = con.execute(
        "SELECT d.account_id AS account_id, d.id AS deal_id, d.title AS title, "
        "c.id AS contact_id, c.name AS contact, c.account_id IS d.account_id "
        "OR EXISTS (SELECT 1 FROM affiliation a WHERE a.contact_id = c.id "
        "AND a.account_id = d.account_id AND a.to_on IS NULL) AS here "
        "FROM deal d JOIN deal_contact p ON p.deal_id = d.id JOIN contact c ON c.id = p.contact_id "
        "WHERE +d.closed_on IS NULL ORDER BY d.id, c.id"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
