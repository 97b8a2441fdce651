"""Write whole records: a row, its lists, its custom fields, and what depends on it.

Values are stored values by field name (see `values`), references are ids. All changes go through
`journal.Writing`, and every record through its rules (`domain.rules`, which come with the
transaction): wherever a record comes from, it is completed or refused here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import ids, model, text
from acctcli.errors import Invalid
from acctcli.model import KINDS, SUBJECTS, Field, Row, Values
from acctcli.store import conflicts, doubts, numbers
from acctcli.store.kinds import ABOVE, FACTS, KEYED, LOOSE, OF_DEAL, OWNED, PART_OF, told_by
from acctcli.values.fields import follow_currency, number_text

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


NO_CUSTOM: Mapping[str, Any] = {}

CHANGES_KEPT = ("stage", "amount", "close_date")
"""Fields of a deal whose every change is kept with its date."""


def insert(
    tx: Writing,
    kind: str,
    values: Mapping[str, Any],
    custom: Mapping[str, Any] = NO_CUSTOM,
    *,
    typed: bool = True,
    options: Mapping[str, str] | None = None,
) -> str:
    """Add one record; return its id.

    Required fields are only checked for what somebody typed: nobody could complete what the program
    adds by itself (`typed` false). `options` are the options of the command that fill the fields of
    a record of another kind.
    """
    (id,) = insert_all(tx, kind, [(values, custom)])
    if typed and tx.rules is not None and tx.rules.asks:
        from acctcli.store import required  # most books require nothing

        required.check(tx, kind, id, options=options)
    return id


def insert_all(
    tx: Writing,
    kind: str,
    records: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    *,
    history: bool = True,
    judged: bool = False,
    news: bool = True,
) -> list[str]:
    """Add records of one kind, given as (values, custom values); return their ids in order.

    A record from an export has its own id, number and moments, which are kept. Without `history`,
    deals imported as closed get no history entry for that. Records that were `judged` have passed
    the rules already. Records that are no `news` set off no playbook.
    """
    if tx.rules is not None and not judged:
        records = [(tx.rules.complete(kind, dict(v), {}), custom) for v, custom in records]
        if kind == "quote_line":
            for values, _ in records:
                if values.get("id") is None:  # else it comes out of an export, with its quote
                    conflicts.refuse_sealed(tx, values["quote"])
    fields = KINDS[kind].fields
    columns = [f for f in fields.values() if not (f.many or f.derived)]
    if kind == "account":
        numbers.note_accounts(tx, (values.get("number") for values, _ in records))
    rows, made = [], []
    listed: dict[str, list[Row]] = {}
    for values, custom in records:
        id = values.get("id") or new_id(kind, values)
        row: Row = {"id": id}
        for field in columns:
            row[field.column] = _stored(field, values.get(field.name, field.default))
        row |= {
            "id": id,
            "created_at": row["created_at"] or tx.now,
            "updated_at": row["updated_at"] or tx.now,
            "updated_by": tx.who,
        }
        if kind == "account" and row["number"] is None:
            row["number"] = numbers.next_account(tx)
        if kind in KEYED:
            row["name_key"] = text.key(row[KINDS[kind].title])
        rows.append(row)
        made.append(id)
        for field in fields.values():
            if field.rows and values.get(field.name):
                table, new = _list_rows(kind, id, field, values[field.name])
                listed.setdefault(table, []).extend(new)
        if custom:
            listed.setdefault("custom", []).extend(_custom_rows(kind, id, custom))
    # An item is new even if its deal is not, and so is a change of a deal.
    whole = kind not in PART_OF
    tx.insert_all(kind, rows, new=whole)
    for table, new in listed.items():
        tx.insert_all(table, new, new=whole)
    if kind == "deal" and history:
        # A deal imported as closed was open before, at an unknown stage.
        ends = [
            _change_row(tx, r["id"], r["account_id"], "stage", None, r["stage"], r["closed_on"])
            for r in rows
            if r["closed_on"] is not None
        ]
        tx.insert_all("deal_change", ends, new=whole)
    tx.touch(kind, made)
    if news and tx.rules is not None and kind in tx.rules.watched:
        for row, (values, _) in zip(rows, records, strict=True):
            tx.note_set_off(kind, {}, {**row, "tags": values.get("tags")})
    return made


def new_id(kind: str, values: Mapping[str, Any]) -> str:
    """Return the id of a new record; where only one can exist, it is the same on every machine."""
    if kind in FACTS:
        return ids.fact_id(kind, *told_by(kind, values))
    return ids.new_id()


def _stored(field: Field, value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _list_rows(kind: str, id: str, field: Field, items: Iterable[str]) -> tuple[str, list[Row]]:
    assert field.rows
    table, column = field.rows
    return table, [
        {"id": ids.fact_id(table, id, item), f"{kind}_id": id, column: item, "position": place}
        for place, item in enumerate(items)
    ]


def _custom_rows(kind: str, id: str, custom: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "id": ids.fact_id("custom", id, name),
            "kind": kind,
            "record_id": id,
            "field": name,
            "value": _custom_text(value),
        }
        for name, value in custom.items()
        if value is not None
    ]


def _custom_text(value: Any) -> str:
    return number_text(value) if isinstance(value, float) else str(value)


def update(
    tx: Writing,
    kind: str,
    id: str,
    values: Mapping[str, Any],
    custom: Mapping[str, Any] = NO_CUSTOM,
    *,
    typed: bool = True,
    follows: bool = True,
    written: str = "",
) -> dict[str, Any]:
    """Change fields of one record; return the previous values of those that really changed.

    `written` is the moment of our own export, if the values come from one.

    A deal's history gets the change as of today, or as of the closing day if that is what changed.
    A record that the change creates (the next task of a series) is added, and recorded in
    `tx.followed`; not with `follows` false, where it exists already.
    """
    fields = KINDS[kind].fields
    stands = tx.read(kind, id) or {}
    lacked: list[str] = []
    if kind == "contact" and typed and values.get("account") not in (None, stands["account_id"]):
        values = _with_link(tx, id, values)
    unread = doubts.of_row(tx.con, kind, id)
    _refuse_loose_amount(fields, values, unread)
    if tx.rules is not None:
        new = _differing(fields, stands, values, unread)
        values = tx.rules.complete(kind, new, stands, typed=typed, written=written)
        if kind == "quote_line" and values and typed:
            conflicts.refuse_sealed(tx, stands["quote_id"])
        above = ABOVE.get(kind)
        if above is not None and above in values:
            conflicts.refuse_cycle(tx, kind, above, id, values[above])
        if tx.rules.asks:
            from acctcli.store import required  # most books require nothing

            lacked = required.lacking(tx, kind, id)
    if "currency" in values:
        values = follow_currency(fields, stands, values)
    row = {
        fields[name].column: _stored(fields[name], value)
        for name, value in values.items()
        if not fields[name].many
    }
    title = KINDS[kind].title
    if kind in KEYED and title in row:
        row["name_key"] = text.key(row[title])
    by_column = {fields[name].column: name for name in values}
    before = {by_column[c]: v for c, v in tx.update(kind, id, row).items() if c in by_column}
    stamped = bool(before)
    for name, value in values.items():
        if fields[name].many:
            previous = _update_list(tx, kind, id, fields[name], value or ())
            if previous is not None:
                before[name] = previous
    before |= _update_custom(tx, kind, id, custom)
    if before and not stamped:
        # Lists and custom fields have rows of their own, so the record's row must be marked as
        # changed.
        tx.update(kind, id, {"updated_at": tx.now})
    if kind == "deal":
        _keep_changes(tx, id, before, values)
        if "account" in before:
            for table in OF_DEAL:
                for part in tx.rows(table, "deal_id", id):
                    tx.update(table, part["id"], {"account_id": values["account"]})
    if before:
        tx.touch(kind, [id])
        if tx.rules is not None:
            if follows:
                _follow(tx, kind, id, stands)
            if tx.rules.asks:
                required.check(tx, kind, id, before=lacked)
            if kind in tx.rules.watched:
                tags = {"tags": values["tags"]} if "tags" in before else {}
                tx.note_set_off(kind, {**stands, **before}, {**(tx.read(kind, id) or {}), **tags})
    return before


def _with_link(tx: Writing, person: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a person who moves to another account, with those of a link to it.

    A further link to that account becomes the current one, so its values are used.
    """
    for link in tx.rows("affiliation", "contact_id", person):
        if link["account_id"] == values["account"] and link["to_on"] is None:
            known = {"title": link["title"], "role": link["role"], "since": link["from_on"]}
            values = {n: v for n, v in known.items() if v is not None} | dict(values)
            tx.delete("affiliation", link["id"])
    return values


def _differing(
    fields: Mapping[str, Field],
    stands: Row,
    values: Mapping[str, Any],
    unread: Mapping[str, str],
) -> Values:
    """Return the values that would change something; a new currency changes an amount too.

    A value that is `unread` (by column) reads as None, but replacing it is a change.
    """
    new = {
        name: value
        for name, value in values.items()
        if fields[name].many
        or stands[fields[name].column] != value
        or fields[name].column in unread
    }
    if "currency" in new:
        new |= {n: v for n, v in values.items() if fields[n].type == model.MONEY}
    return new


def _refuse_loose_amount(
    fields: Mapping[str, Field], values: Mapping[str, Any], unread: Mapping[str, str]
) -> None:
    """Refuse a currency for an amount whose number of decimals nobody knows."""
    if values.get("currency") is None:
        return
    for name, field in fields.items():
        if field.type == model.MONEY and name in unread and name not in values:
            raise Invalid(
                f"the {field.label} stands as {text.quoted(unread[name])}, of no currency. "
                f"Give it too: {field.options[0]} 1200"
            )


def _follow(tx: Writing, kind: str, id: str, stood: Row) -> None:
    """Add the record that this change creates, with the custom fields of this one."""
    assert tx.rules is not None
    following = tx.rules.following(kind, stood, tx.read(kind, id) or {})
    if following is None:
        return
    # Its id is made from its content: a task done on two machines has one successor.
    following["id"] = ids.fact_id(kind, id, following["due"] or "")
    if tx.read(kind, following["id"]) is None:
        custom = {row["field"]: row["value"] for row in tx.rows("custom", "record_id", id)}
        tx.followed[insert(tx, kind, following, custom, typed=False)] = id


def _update_list(
    tx: Writing, kind: str, id: str, field: Field, items: Iterable[str]
) -> tuple[str, ...] | None:
    table, wanted = _list_rows(kind, id, field, items)
    assert field.rows
    column = field.rows[1]
    stands = sorted(tx.rows(table, f"{kind}_id", id), key=lambda r: (r["position"], r["id"]))
    previous = tuple(r[column] for r in stands)
    if previous == tuple(r[column] for r in wanted):
        return None
    keep = {r["id"]: r for r in wanted}
    for row in stands:
        if row["id"] not in keep:
            tx.delete(table, row["id"])
    there = {r["id"] for r in stands}
    for row in wanted:
        if row["id"] in there:
            tx.update(table, row["id"], {"position": row["position"]})
        else:
            tx.insert(table, row)
    return previous


def _update_custom(tx: Writing, kind: str, id: str, custom: Mapping[str, Any]) -> dict[str, Any]:
    if not custom:
        return {}
    before: dict[str, Any] = {}
    stands = {row["field"]: row for row in tx.rows("custom", "record_id", id)}
    for name, value in custom.items():
        row = stands.get(name)
        if value is None and row is not None:
            before[name] = tx.delete("custom", row["id"])["value"]
        elif value is not None and row is None:
            before[name] = None
            tx.insert_all("custom", _custom_rows(kind, id, {name: value}))
        elif row is not None and tx.update("custom", row["id"], {"value": _custom_text(value)}):
            before[name] = row["value"]
    return before


def _keep_changes(
    tx: Writing, deal_id: str, before: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    changed = [name for name in CHANGES_KEPT if name in before]
    if not changed:
        return
    account_id, last = tx.con.execute(
        "SELECT account_id, (SELECT max(changed_on) FROM deal_change WHERE deal_id = t.id) "
        "FROM deal t WHERE id = ?",
        (deal_id,),
    ).fetchone()
    ended = values["closed_on"] if {"stage", "closed_on"} <= before.keys() else None
    # Never before the previous change: the history must be consistent when read backwards.
    day = max(ended or tx.today, last or "")
    rows = [
        _change_row(tx, deal_id, account_id, name, before[name], values[name], day)
        for name in changed
    ]
    tx.insert_all("deal_change", rows)


def _change_row(
    tx: Writing, deal_id: str, account_id: str, field: str, old: Any, new: Any, on: str
) -> Row:
    """Return one change of a deal for its history; amounts are in minor units."""
    return {
        "id": ids.new_id(),
        "created_at": tx.now,
        "updated_at": tx.now,
        "updated_by": tx.who,
        "deal_id": deal_id,
        "account_id": account_id,
        "changed_on": on,
        "field": field,
        "old": None if old is None else str(old),
        "new": None if new is None else str(new),
        "note": tx.note,
    }


def delete(tx: Writing, kind: str, id: str) -> dict[str, int]:
    """Delete a record with everything it owns; return the number of deleted rows by table.

    Rows that only refer to it lose the reference. People of a deleted account who are linked to
    another one move there.
    """
    gone: dict[str, int] = {}
    if kind == "account":
        _send_on(tx, id)
    for table, column in LOOSE.get(kind, ()):
        for row in tx.rows(table, column, id):
            tx.update(table, row["id"], {column: None})
    for table, column in OWNED.get(kind, ()):
        for row in tx.rows(table, column, id):
            # An owned row may be deleted already, as a part of another owned row.
            if tx.read(table, row["id"]) is not None:
                for name, count in delete(tx, table, row["id"]).items():
                    gone[name] = gone.get(name, 0) + count
    for table in ("custom", "external_id"):
        for row in tx.rows(table, "record_id", id):
            tx.delete(table, row["id"])
    tx.delete(kind, id)
    gone[kind] = gone.get(kind, 0) + 1
    if kind in KINDS:
        tx.touch(kind, [id])
    return gone


COUNTED = (
    *dict.fromkeys(("contact", "deal", *SUBJECTS)),
    *("item", "affiliation", "deal_contact", "campaign_member"),
)
"""Tables whose rows are counted in the question before a deletion, in this order."""

_MOVES_ON = (
    "EXISTS (SELECT 1 FROM affiliation o WHERE o.contact_id = t.id AND o.to_on IS NULL "
    "AND o.account_id NOT IN (SELECT value FROM json_each(:ids)))"
)
"""The condition that a person of deleted accounts is linked to another one: see `_send_on`."""


def belongings(con: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, int]:
    """Return how many rows of each table would be deleted with these records."""
    counts = {}
    columns = dict(OWNED.get(kind, ()))
    if kind == "deal":
        del columns["deal_contact"]  # people with a part in it stay
    for table in COUNTED:
        if table in columns:
            stays = f" AND NOT {_MOVES_ON}" if (kind, table) == ("account", "contact") else ""
            if (kind, table) == ("account", "campaign_member"):
                # Its people who move on stay in their campaigns.
                moves = _MOVES_ON.replace("t.id", "t.contact_id")
                stays = f" AND (t.contact_id IS NULL OR NOT {moves})"
            (counts[table],) = con.execute(
                f'SELECT count(*) FROM "{table}" t WHERE "{columns[table]}" IN '
                f"(SELECT value FROM json_each(:ids)){stays}",
                {"ids": json.dumps(list(ids))},
            ).fetchone()
    return {table: count for table, count in counts.items() if count}


def _send_on(tx: Writing, account_id: str) -> None:
    """Move people of a deleted account to the oldest other account they are linked to."""
    for person in tx.rows("contact", "account_id", account_id):
        links = [
            link
            for link in tx.rows("affiliation", "contact_id", person["id"])
            if link["to_on"] is None and link["account_id"] != account_id
        ]
        if links:
            link = min(links, key=lambda link: (link["from_on"] or "", link["id"]))
            there = {name: link[name] for name in ("account_id", "title", "role")}
            there |= {"since": link["from_on"], "primary": 0}
            tx.update("contact", person["id"], there)
            for member in tx.rows("campaign_member", "contact_id", person["id"]):
                if member["account_id"] == account_id:  # they stay in campaigns, too
                    to = {"account_id": link["account_id"]}
                    tx.update("campaign_member", member["id"], to)
            tx.delete("affiliation", link["id"])
            tx.touch("contact", [person["id"]])


def remember_external(tx: Writing, kind: str, key: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Store which record (id) belongs to which foreign id, under the key column's name."""
    tx.insert_all(
        "external_id",
        [
            {
                "id": ids.fact_id("external_id", kind, key, theirs),
                "kind": kind,
                "key": key,
                "value": theirs,
                "record_id": ours,
            }
            for theirs, ours in pairs
        ],
    )
