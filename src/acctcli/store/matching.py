"""Which record of the book each row of a file is about.

By our own id, by theirs where a key was named, by an account's number, by an
address that only one record should have, and at last by what tells records of
the kind apart. One row is about one record: what an earlier row has claimed, a
later one cannot claim as well. Nothing here judges what would change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence, Set
from typing import Any

from acctcli import ids, text
from acctcli.drafts import Draft
from acctcli.errors import Conflict
from acctcli.model import KINDS
from acctcli.store import lookup
from acctcli.store.journal import Row
from acctcli.store.records import FACTS, KEYED, NAMED_APART, new_id
from acctcli.store.references import References, noun

Identity = tuple[Any, ...]

IDENTITY = {
    "account": ("name",),
    "product": ("name",),
    "contact": ("name", "account"),
    "affiliation": ("contact", "account", "from_on"),
    "deal": ("account", "title"),
    "item": ("deal", "product"),
    "deal_contact": ("deal", "contact"),
    "deal_change": ("deal", "changed_on", "field", "old", "new"),
    "log": ("account", "at", "summary"),
    "review": ("account", "held_on"),
    "task": ("account", "text", "due"),
    "purchase": ("account", "product", "purchased_on", "amount"),
    "plan": ("account",),
    "objective": ("account", "text", "due"),
    "segment": ("name",),
    "distinct_account": ("account", "other"),
    "distinct_contact": ("contact", "other"),
}
"""What tells the records of a kind apart where there is no id.

The kinds stand in the order of import: none refers to a later one.
"""

UNIQUE = ("account", "product", "contact", "segment")
"""Kinds of which no two have the same identity; of the others, the second is another one."""

_ADDRESSES = {
    "account": {
        "website": "SELECT website, id FROM account WHERE website IS NOT NULL",
        "phone": "SELECT phone, id FROM account WHERE phone IS NOT NULL",
    },
    "contact": {
        "emails": "SELECT address, contact_id FROM email",
        "phones": "SELECT number, contact_id FROM phone",
    },
}
"""Fields whose values no two records should share."""

_IDENTIFYING = {"account": "website", "contact": "emails"}
"""The address by which a record is found, whatever its name."""


class Matching:
    """The matching of one file's rows, one after the other.

    `there` are the records of the kind before the import, `given_ids` the ids
    that it gives to new ones, `holders` who has each address, by field, and
    `named` who has each name (of a person: at an account). With `duplicate`, an
    address identifies nobody.
    """

    def __init__(
        self,
        con: sqlite3.Connection,
        references: References,
        kind: str,
        key: str | None,
        drafts: Sequence[Draft],
        *,
        duplicate: bool,
    ) -> None:
        self._con = con
        self._references = references
        self._kind = kind
        self._duplicate = duplicate
        self._claimed: dict[str, Draft] = {}  # id of a record → the row that is about it
        self._theirs = self._kept_under(key)
        self.there = frozenset(references.known(kind).account_of)
        self.given_ids: set[str] = set()
        self.holders: dict[str, dict[str, str]] = {
            name: dict(con.execute(sql)) for name, sql in _ADDRESSES.get(kind, {}).items()
        }
        # Records that some row names by an id are nobody else's to find.
        own = {draft.values.get("id") for draft in drafts} & self.there
        self._reserved = own | {self._theirs[d.key] for d in drafts if d.key in self._theirs}
        self.named: dict[Identity, str] = {}
        self._identities = self._read_identities(self._reserved | set(self._theirs.values()))

    def match(self, draft: Draft, values: Mapping[str, Any]) -> tuple[str, bool]:
        """The id of the record that a row is about, and whether an earlier row says it all.

        `values` are the row's, references as ids. Raises `Conflict` if an earlier row is
        about the same record, and says otherwise.
        """
        if all(values.get(name) for name in FACTS.get(self._kind, ("",))):
            values = {**values, "id": new_id(self._kind, values)}
        own_id: str | None = values.get("id")
        id = self._by_id(draft, values)
        certain = id is not None
        if id is None:
            id = self._by_address(values) or self._by_identity(values)
        if id in self._claimed:
            first = self._claimed[id]
            if (first.values, first.ids) == (draft.values, draft.ids):
                return id, True
            both = " and --duplicate" if self._kind in NAMED_APART else ""
            advice = "" if certain else f", or tell them apart with --key{both}"
            raise Conflict(
                f"the same {noun(self._kind)} is on line {first.line} already. Take one out{advice}"
            )
        if id is None:
            id = own_id or ids.new_id()
            self.given_ids.add(id)
            self._add(draft, values, id, own=own_id is not None)
        elif own_id is not None and own_id != id:
            self._references.alias(own_id, id)
        if draft.key is not None:
            self._theirs[draft.key] = id
        self._claimed[id] = draft
        return id, False

    def who(self, id: str) -> str:
        """A record as a message names it: by its name, or by the line that adds it."""
        if id in self.there:
            return lookup.describe(self._con, self._kind, [id])[0]
        return f"line {self._claimed[id].line}"

    def _kept_under(self, key: str | None) -> dict[str | None, str]:
        """Our ids by theirs, as they were kept under the name of the key column."""
        if key is None:
            return {}
        sql = "SELECT value, record_id FROM external_id WHERE kind = ? AND key = ?"
        return dict(self._con.execute(sql, (self._kind, text.key(key))))

    def _read_identities(self, reserved: Set[Any]) -> dict[Identity, list[str]]:
        """The records that a row may be about by its identity, oldest first."""
        fields = KINDS[self._kind].fields
        columns = ", ".join(
            '"name_key"' if self._is_name(name) else f'"{fields[name].column}"'
            for name in IDENTITY[self._kind]
        )
        found: dict[Identity, list[str]] = {}
        rows = self._con.execute(f'SELECT id, {columns} FROM "{self._kind}" ORDER BY id')
        for id, *identity in rows:
            if self._kind in NAMED_APART:
                self.named.setdefault(tuple(identity), id)
            if id not in reserved:
                found.setdefault(tuple(identity), []).append(id)
        return found

    def _is_name(self, name: str) -> bool:
        return self._kind in KEYED and name == KINDS[self._kind].title

    def namesake(self, id: str, values: Mapping[str, Any], before: Row | None) -> str | None:
        """Whose name a record gets, if it is that of another one."""
        if self._kind not in NAMED_APART or values.keys().isdisjoint(NAMED_APART[self._kind]):
            return None
        stands = {name: (before or {}).get(name) for name in NAMED_APART[self._kind]}
        if before and "account" in stands:
            stands["account"] = before["account_id"]
        identity = self._identity({**stands, **values})
        holder = self.named.get(identity, id)
        return None if holder == id or (before and identity == self._identity(stands)) else holder

    def _identity(self, values: Mapping[str, Any]) -> Identity:
        return tuple(
            text.key(values.get(name) or "") if self._is_name(name) else values.get(name)
            for name in IDENTITY[self._kind]
        )

    def _by_id(self, draft: Draft, values: Mapping[str, Any]) -> str | None:
        own: str | None = values.get("id")
        if own in self.there:
            return own
        if draft.key in self._theirs:
            return self._theirs[draft.key]
        number = values.get("number")
        if number and own is None:
            found = self._references.known(self._kind).by_address.get(number.lower(), [])
            return next(iter(found), None)
        return None

    def _by_address(self, values: Mapping[str, Any]) -> str | None:
        name = _IDENTIFYING.get(self._kind)
        if name is None or self._duplicate:
            return None
        for address in items(values.get(name)):
            holder = self.holders[name].get(address)
            if holder is not None and holder not in self._reserved:
                return holder
        return None

    def _by_identity(self, values: Mapping[str, Any]) -> str | None:
        found = self._identities.get(self._identity(values), [])
        if self._kind in UNIQUE:
            return next(iter(found), None)
        # Of what looks alike, the second row is the second record.
        return next((id for id in found if id not in self._claimed), None)

    def _add(self, draft: Draft, values: Mapping[str, Any], id: str, *, own: bool) -> None:
        """Let other rows know of a record that is new."""
        title = str(values.get(KINDS[self._kind].title) or "")
        account_id = values.get("account")
        self._references.add(self._kind, id, title, account_id, f"line {draft.line}")
        if own:
            return  # rows with ids of ours are told apart by them, however alike they look
        if self._kind in UNIQUE and draft.key is None:
            self._identities.setdefault(self._identity(values), []).append(id)
        if self._kind in NAMED_APART:
            self.named.setdefault(self._identity(values), id)
        for name, known in self.holders.items():
            for address in items(values.get(name)):
                known.setdefault(address, id)


def items(value: Any) -> tuple[Any, ...]:
    """The values of a field, whether it has one, several or none."""
    return value if isinstance(value, tuple) else () if value is None else (value,)
