"""People and their accounts: the current link, further links, and earlier ones.

The contact itself holds the current link; every other link is a row of `affiliation`, which has
ended once it has a last day. This module has only what concerns these links, and what a person's
page needs beyond lists.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from acctcli.errors import Conflict, Invalid, NotFound
from acctcli.model import KINDS, Row
from acctcli.store import queries, records
from acctcli.store.columns import TWO_WAY
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing
from acctcli.text import safe
from acctcli.values.dates import FIRST_DAY, in_full

# A role at one account does not apply to the next one; a person's stance does.
_LEFT_BEHIND = {
    "title": None,
    "role": None,
    "department": None,
    "influence": None,
    "reports_to": None,
    "primary": 0,
}


def links(con: sqlite3.Connection, person: Row) -> list[Row]:
    """Return all accounts of a person (a whole row of `contact`), current ones first.

    Each has `account`, `account_id`, `role`, `title`, `from`, `to` and `current`. Links that say no
    more than another one are left out.
    """
    found: list[Row] = []
    if person["account_id"]:
        found.append(
            {
                "account": person["account"],
                "account_id": person["account_id"],
                "role": person["role"],
                "title": person["title"],
                "from": person["since"],
                "to": None,
                "current": True,
            }
        )
    condition = queries.by_id("contact_id", person["id"])
    listing = queries.Listing([condition], "-to_on,-from_on")
    fields = KINDS["affiliation"].fields
    rows = queries.select(con, "affiliation", fields, listing, as_stored=True)
    for row in sorted(rows, key=lambda row: row["to_on"] is not None):
        link = {name: row[name] for name in ("account", "account_id", "role", "title")}
        link |= {"from": row["from_on"], "to": row["to_on"], "current": row["to_on"] is None}
        if not any(_says_all(other, link) for other in found):
            found.append(link)
    return found


def _says_all(other: Row, link: Row) -> bool:
    """Whether a link says everything that another one says, about the same account and time."""
    same = all(other[name] == link[name] for name in ("account_id", "to"))
    return same and all(link[name] in (None, other[name]) for name in ("role", "title", "from"))


def spoken_with(con: sqlite3.Connection, account_id: str) -> dict[str, str]:
    """Return the last day of a two-way touch with each person, among touches of an account."""
    sql = (
        "SELECT p.contact_id, date(max(l.at), 'localtime') FROM log l "
        f"JOIN log_contact p ON p.log_id = l.id WHERE l.account_id = ? AND {TWO_WAY} GROUP BY 1"
    )
    return dict(con.execute(sql, (account_id,)).fetchall())


def who_left(con: sqlite3.Connection, account_id: str) -> list[Row]:
    """Return the people who left an account, the last to leave first.

    Each has `id`, `name`, their `role` there, their `stance` today, and the day `on`.
    """
    cursor = con.execute(
        "SELECT c.id, c.name, l.role, c.stance, max(l.to_on) FROM affiliation l "
        "JOIN contact c ON c.id = l.contact_id "
        "WHERE l.account_id = :account AND l.to_on IS NOT NULL AND c.account_id IS NOT :account "
        "AND NOT EXISTS (SELECT 1 FROM affiliation n WHERE n.contact_id = c.id "
        "AND n.account_id = :account AND n.to_on IS NULL) GROUP BY c.id "
        "HAVING max(l.to_on) > :first ORDER BY 5 DESC, c.id",
        {"account": account_id, "first": FIRST_DAY},
    )
    names = ("id", "name", "role", "stance", "on")
    return [dict(zip(names, found, strict=True)) for found in cursor]


def parts_in_deals(
    con: sqlite3.Connection, account_id: str
) -> dict[str, list[tuple[str, str | None]]]:
    """Return the people with a part in each deal of an account: by deal, person and role."""
    sql = "SELECT deal_id, contact_id, role FROM deal_contact WHERE account_id = ? ORDER BY id"
    found: dict[str, list[tuple[str, str | None]]] = {}
    for deal_id, contact_id, role in con.execute(sql, (account_id,)):
        found.setdefault(deal_id, []).append((contact_id, role))
    return found


def roles_on_deals(con: sqlite3.Connection, contact_id: str) -> dict[str, str | None]:
    """Return the deals that a person has a part in, by id, with that part."""
    sql = "SELECT deal_id, role FROM deal_contact WHERE contact_id = ?"
    return dict(con.execute(sql, (contact_id,)).fetchall())


def campaigns_of(con: sqlite3.Connection, contact_id: str) -> dict[str, str]:
    """Return the names of the campaigns that a person is in, by id, the last to start first."""
    rows = con.execute(
        "SELECT c.id, c.name FROM campaign_member m JOIN campaign c ON c.id = m.campaign_id "
        "WHERE m.contact_id = ? ORDER BY c.starts_on DESC, c.name_key, c.id",
        (contact_id,),
    )
    return dict(rows.fetchall())


def not_to_contact(con: sqlite3.Connection, contact_ids: Sequence[str]) -> list[str]:
    """Return the names of those of these people who asked not to be contacted."""
    conditions = [queries.by_ids("id", contact_ids), Condition("t.do_not_contact = 1", [])]
    listing = queries.Listing(conditions)
    fields = KINDS["contact"].fields
    return [row["name"] for row in queries.select(con, "contact", fields, listing, names=("name",))]


def elsewhere(
    con: sqlite3.Connection, contact_ids: Sequence[str], account_ids: Sequence[str]
) -> list[tuple[str, str | None]]:
    """Return those people who are at none of these accounts: each name, and where they are."""
    sql = (
        "SELECT c.name, a.name FROM json_each(:people) p JOIN contact c ON c.id = p.value "
        "LEFT JOIN account a ON a.id = c.account_id "
        "WHERE coalesce(c.account_id, '') NOT IN (SELECT value FROM json_each(:accounts)) "
        "AND NOT EXISTS (SELECT 1 FROM affiliation f WHERE f.contact_id = c.id "
        "AND f.to_on IS NULL AND f.account_id IN (SELECT value FROM json_each(:accounts))) "
        "ORDER BY p.key"
    )
    named = {"people": json.dumps(list(contact_ids)), "accounts": json.dumps(list(account_ids))}
    found: list[tuple[str, str | None]] = con.execute(sql, named).fetchall()
    return found


def take_over(tx: Writing, contact_id: str) -> list[str]:
    """Make a primary contact the only one of the account; return the names of the others.

    Does nothing for somebody who is not primary, or is at no account.
    """
    others = _other_primaries(tx, contact_id)
    for other in others:
        records.update(tx, "contact", other["id"], {"primary": False})
    return [other["name"] for other in others]


def take_over_together(tx: Writing, contact_ids: Sequence[str]) -> list[str]:
    """Make these the only primary contacts of their accounts; return the names of the others."""
    others = tx.con.execute(
        "SELECT DISTINCT o.id, o.name FROM json_each(:ids) n JOIN contact p ON p.id = n.value "
        "JOIN contact o ON o.account_id = p.account_id "
        'WHERE p."primary" = 1 AND o."primary" = 1 '
        "AND o.id NOT IN (SELECT value FROM json_each(:ids)) "
        "ORDER BY o.name_key",
        {"ids": json.dumps(list(contact_ids))},
    ).fetchall()
    for id, _ in others:
        records.update(tx, "contact", id, {"primary": False})
    return [name for _, name in others]


def step_back(tx: Writing, contact_id: str) -> list[str]:
    """Leave being primary to those who already are at the account; return their names."""
    others = _other_primaries(tx, contact_id)
    if others:
        records.update(tx, "contact", contact_id, {"primary": False})
    return [other["name"] for other in others]


def _other_primaries(tx: Writing, contact_id: str) -> list[Row]:
    """Return the other primary contacts of the account of a primary contact."""
    person = tx.read("contact", contact_id)
    if person is None or not person["primary"] or person["account_id"] is None:
        return []
    return [
        row
        for row in tx.rows("contact", "account_id", person["account_id"])
        if row["primary"] and row["id"] != contact_id
    ]


def move(
    tx: Writing, person: Row, account_id: str, *, title: str | None, role: str | None, on: str
) -> None:
    """Make another account the current one of a person; keep the previous link until day `on`.

    What the person was at the old account (title, role, manager …) stays with that link. A further
    link to the new account becomes the current one. Raises `Conflict` if they are there already and
    `Invalid` for a day before the old link began.
    """
    name = safe(person["name"])
    old = person["account_id"]
    if old == account_id:
        raise Conflict(f"{name} is at {safe(person['account'])} already. Nothing was changed")
    since = person["since"]
    if old and since and since > on:
        raise Invalid(
            f"--on {on}: {name} came to {safe(person['account'])} on {since}, after that day"
        )
    if old:
        # The start is not recorded: use the day on which the person was added, unless they left
        # before.
        entered = (person["created_at"] or "")[:10]
        earlier = {"contact": person["id"], "account": old}
        earlier |= {"title": person["title"], "role": person["role"]}
        earlier |= {"from_on": since or (entered if "" < entered <= on else None), "to_on": on}
        records.insert(tx, "affiliation", earlier)
    values: dict[str, Any] = {**_LEFT_BEHIND, "account": account_id, "since": on}
    further = open_link(tx, person["id"], account_id)
    if further is not None:
        values |= {"title": further["title"], "role": further["role"]}
        values["since"] = further["from_on"] or on
        records.delete(tx, "affiliation", further["id"])
    given = {"title": title, "role": role}
    values |= {name: value for name, value in given.items() if value is not None}
    records.update(tx, "contact", person["id"], values)


def open_link(tx: Writing, contact_id: str, account_id: str) -> Row | None:
    """Return the further link between a person and an account that has not ended, or None."""
    for row in tx.rows("affiliation", "contact_id", contact_id):
        if row["account_id"] == account_id and row["to_on"] is None:
            return row
    return None


def link(
    tx: Writing,
    person: Row,
    account_id: str,
    *,
    title: str | None,
    role: str | None,
    from_on: str | None,
    to_on: str | None,
) -> None:
    """Link a person to another account; with a last day (`to_on`), as an earlier link.

    Raises `Conflict` for a second current link to the same account.
    """
    if to_on is None and (
        person["account_id"] == account_id or open_link(tx, person["id"], account_id)
    ):
        account = tx.read("account", account_id)
        at = safe(account["name"]) if account else account_id
        raise Conflict(f"{safe(person['name'])} is linked to {at} already. Nothing was changed")
    values = {"contact": person["id"], "account": account_id, "title": title, "role": role}
    values |= {"from_on": from_on, "to_on": to_on}
    columns = {KINDS["affiliation"].fields[name].column: value for name, value in values.items()}
    if any(
        columns.items() <= row.items() for row in tx.rows("affiliation", "contact_id", person["id"])
    ):
        raise Conflict(f"that link of {safe(person['name'])} is there already. Nothing was changed")
    records.insert(tx, "affiliation", values)


def unlink(tx: Writing, person: Row, account_id: str, *, on: str) -> None:
    """End the further link to an account on a day.

    Raises `NotFound` if there is none, `Conflict` for the account where they work, and `Invalid`
    for a day before it began.
    """
    name = safe(person["name"])
    further = open_link(tx, person["id"], account_id)
    if further is None:
        if person["account_id"] == account_id:
            raise Conflict(
                f"{safe(person['account'])} is where {name} is now. If they went to another "
                "account: acct contact move; if it is a mistake: acct contact edit --account"
            )
        raise NotFound(f"{name} has no link to that account. See: acct contact show")
    if further["from_on"] and further["from_on"] > on:
        began = in_full(further["from_on"])
        raise Invalid(f"--on {in_full(on)}: the link of {name} began on {began}, after that")
    records.update(tx, "affiliation", further["id"], {"to_on": on})


def forget_links(tx: Writing, person: Row, account_id: str) -> None:
    """Delete the further and earlier links to an account.

    Raises `NotFound` if there is none.
    """
    wrong = [
        row["id"]
        for row in tx.rows("affiliation", "contact_id", person["id"])
        if row["account_id"] == account_id
    ]
    if not wrong:
        raise NotFound(
            f"{safe(person['name'])} has no link to that account. See: acct contact show"
        )
    for id in wrong:
        records.delete(tx, "affiliation", id)
