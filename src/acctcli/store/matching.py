"""Match each row of a file with a record of the book.

By our own id, by a foreign id if a key was named, by account number, by an address that only one
record should have, and last by the fields that identify records of the kind. Each record is matched
by one row: a later row cannot claim it too. Nothing here decides what would change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal

from acctcli import ids, text
from acctcli.drafts import Draft, Recipe
from acctcli.errors import Conflict
from acctcli.model import ADDRESSES, BY_MAIN_ADDRESS, KINDS, Row
from acctcli.store import kinds, lookup
from acctcli.store.kinds import FACTS, KEYED, NAMED_APART
from acctcli.store.records import new_id
from acctcli.store.references import References, noun

Identity = tuple[Any, ...]

Match = Literal["new", "there", "repeated"]
"""A match: a new record, one of the book, or one that an earlier row describes identically."""

_REMEMBERED = 10_000  # records of the book, by what was looked up


class Matching:
    """Matches the rows of one file, in order.

    `given_ids` are the ids of new records that other rows may refer to; `holders` has the owner of
    each address, by field. With `duplicate`, addresses identify nobody; `named` says that rows of
    this import refer to records of the kind.
    """

    def __init__(
        self,
        con: sqlite3.Connection,
        references: References,
        recipe: Recipe,
        drafts: Iterable[Draft],
        *,
        duplicate: bool,
        named: bool = True,
    ) -> None:
        self._con = con
        self._references = references
        kind = KINDS[recipe.kind]
        self._kind = recipe.kind
        self._identified_by = kind.identity
        self._indexed = kind.indexed
        self._is_unique = kind.unique
        self._duplicate = duplicate
        self._is_named = named
        self._claimed: dict[str, tuple[int, bytes]] = {}  # id → line and digest of its row
        self._theirs = self._kept_under(recipe.key)
        self._kept = set(self._theirs.values())
        # Records that some row names by id cannot be matched by other rows.
        self._reserved = set(self._named_by_id(recipe, drafts))
        self.given_ids: set[str] = set()
        self.holders: dict[str, dict[str, str]] = {
            name: dict(con.execute(kinds.finding(self._kind, ADDRESSES, field.type)))
            for name, field in KINDS[self._kind].fields.items()
            if field.finds in ADDRESSES
        }
        self._groups: dict[Identity, dict[Identity, list[str]]] = {}
        self._remembered = 0
        self._added: dict[Identity, str] = {}  # new records without an id, by identity
        self._named: dict[Identity, str] = {}  # new records, by name
        self._sql = self._looking_up()
        self._is_empty = not con.execute(f'SELECT 1 FROM "{self._kind}" LIMIT 1').fetchone()

    def match(self, draft: Draft, values: Mapping[str, Any]) -> tuple[str, Match]:
        """Return the id of the record that a row is about, and how it matched.

        `values` are the row's, with references as ids. Raises `Conflict` if an earlier row is about
        the same record and says something else.
        """
        if all(values.get(name) for name in FACTS.get(self._kind, ("",))):
            values = {**values, "id": new_id(self._kind, values)}
        own_id: str | None = values.get("id")
        id = self._by_id(draft, values)
        certain = id is not None
        if id is None:
            id = self._by_address(values) or self._by_identity(values)
        if id in self._claimed:
            line, says = self._claimed[id]
            if says == _said_by(draft):
                return id, "repeated"
            both = " and --duplicate" if self._kind in NAMED_APART else ""
            advice = "" if certain else f", or tell them apart with --key{both}"
            raise Conflict(
                f"the same {noun(self._kind)} is already on line {line}. Remove one{advice}"
            )
        how: Match = "there"
        if id is None:
            id = own_id or ids.new_id()
            how = "new"
            if self._is_named:
                self.given_ids.add(id)
            self._add(draft, values, id, own=own_id is not None)
        elif own_id is not None and own_id != id:
            self._references.alias(own_id, id)
        if draft.key is not None:
            self._theirs[draft.key] = id
        if how == "there" or own_id is not None or draft.key is not None or self._is_unique:
            self._claimed[id] = draft.line, _said_by(draft)  # a later row may match it
        return id, how

    def who(self, id: str) -> str:
        """Return a record as a message names it: by its name, or by the line that adds it."""
        if self._is_there(id):
            return lookup.describe(self._con, self._kind, [id])[0]
        return f"line {self._claimed[id][0]}"

    def _is_there(self, id: str | None) -> bool:
        """Whether a record was in the book before the import."""
        sql = f'SELECT 1 FROM "{self._kind}" WHERE id = ?'
        return bool(id) and self._con.execute(sql, (id,)).fetchone() is not None

    def _named_by_id(self, recipe: Recipe, drafts: Iterable[Draft]) -> Iterator[str]:
        """Yield the records of the book that rows name by our id or a foreign id."""
        if recipe.key is None and "id" not in recipe.columns:
            return
        for draft in drafts:
            id = draft.values.get("id")
            if isinstance(id, str) and self._is_there(id):
                yield id
            if draft.key in self._theirs:
                yield self._theirs[draft.key]

    def _kept_under(self, key: str | None) -> dict[str | None, str]:
        """Return our ids by foreign id, as stored under the name of the key column."""
        if key is None:
            return {}
        sql = "SELECT value, record_id FROM external_id WHERE kind = ? AND key = ?"
        return dict(self._con.execute(sql, (self._kind, text.key(key))))

    def _looking_up(self) -> str:
        """Return the SQL that finds the records with given identifying values."""
        columns = [self._column(name) for name in self._identified_by]
        sought = " AND ".join(f"{column} IS ?" for column in columns[: self._indexed])
        return f'SELECT id, {", ".join(columns)} FROM "{self._kind}" WHERE {sought} ORDER BY id'

    def _column(self, name: str) -> str:
        return '"name_key"' if self._is_name(name) else f'"{KINDS[self._kind].fields[name].column}"'

    def _alike(self, identity: Identity) -> list[str]:
        """Return the records of the book with these identifying values, oldest first."""
        if self._is_empty:
            return []
        sought = identity[: self._indexed]
        if sought not in self._groups:
            if self._remembered > _REMEMBERED:
                self._groups.clear()
                self._remembered = 0
            group = self._groups[sought] = {}
            for id, *found in self._con.execute(self._sql, sought):
                group.setdefault(tuple(found), []).append(id)
            self._remembered += 1 + len(group)
        return self._groups[sought].get(identity, [])

    def _is_name(self, name: str) -> bool:
        return self._kind in KEYED and name == KINDS[self._kind].title

    def namesake(self, id: str, values: Mapping[str, Any], before: Row | None) -> str | None:
        """Return whose name a record would get, if another record has it."""
        if self._kind not in NAMED_APART or values.keys().isdisjoint(NAMED_APART[self._kind]):
            return None
        stands = {name: (before or {}).get(name) for name in NAMED_APART[self._kind]}
        if before and "account" in stands:
            stands["account"] = before["account_id"]
        identity = self._identity({**stands, **values})
        holder = next(iter(self._alike(identity)), None) or self._named.get(identity, id)
        return None if holder == id or (before and identity == self._identity(stands)) else holder

    def _identity(self, values: Mapping[str, Any]) -> Identity:
        return tuple(
            text.key(values.get(name) or "")
            if self._is_name(name)
            else values.get(name, KINDS[self._kind].fields[name].default)
            for name in self._identified_by
        )

    def _by_id(self, draft: Draft, values: Mapping[str, Any]) -> str | None:
        own: str | None = values.get("id")
        if own in self._claimed or self._is_there(own):
            return own  # of the book, or of an earlier row
        if draft.key in self._theirs:
            return self._theirs[draft.key]
        number = values.get("number")
        if number and own is None:
            found = self._references.known(self._kind).by_address.get(number.lower(), [])
            return next(iter(found), None)
        return None

    def _by_address(self, values: Mapping[str, Any]) -> str | None:
        for name, holders in self.holders.items():
            if KINDS[self._kind].fields[name].finds != BY_MAIN_ADDRESS or self._duplicate:
                continue
            for address in items(values.get(name)):
                holder = holders.get(address)
                if holder is not None and holder not in self._reserved:
                    return holder
        return None

    def _by_identity(self, values: Mapping[str, Any]) -> str | None:
        identity = self._identity(values)
        found = self._alike(identity)
        if self._is_unique:
            mine = (id for id in found if id not in self._reserved and id not in self._kept)
            return next(mine, None) or self._added.get(identity)
        # For two identical rows, the second one matches the second record.
        while found and (
            found[0] in self._claimed or found[0] in self._reserved or found[0] in self._kept
        ):
            del found[0]
        return found[0] if found else None

    def _add(self, draft: Draft, values: Mapping[str, Any], id: str, *, own: bool) -> None:
        """Make a new record known to other rows."""
        if self._is_named:
            title = str(values.get(KINDS[self._kind].title) or "")
            account_id = values.get("account")
            self._references.add(self._kind, id, title, account_id, f"line {draft.line}")
        if own:
            return  # rows with our own ids are distinct, however similar they look
        if self._is_unique and draft.key is None:
            self._added.setdefault(self._identity(values), id)
        if self._kind in NAMED_APART:
            self._named.setdefault(self._identity(values), id)
        for name, known in self.holders.items():
            for address in items(values.get(name)):
                known.setdefault(address, id)


def _said_by(draft: Draft) -> bytes:
    """Return a digest of a row: two rows with the same digest say the same.

    `hash` would not do: -1 and -2 have the same hash, and a different row would be lost.
    """
    said = (sorted(draft.values.items()), sorted(draft.ids.items()))
    return blake2b(repr(said).encode(), digest_size=16).digest()


def items(value: Any) -> tuple[Any, ...]:
    """Return the values of a field, whether it has one, several or none."""
    return value if isinstance(value, tuple) else () if value is None else (value,)
