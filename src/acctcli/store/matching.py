"""Match each row of a file with a record of the book.

By our own id, by a foreign id if a key was named, by account number, by an address that only one
record should have, and last by the fields that identify records of the kind. Each record is matched
by one row: a later row cannot claim it too. Nothing here decides what would change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal, TypeGuard

from acctcli import ids, text
from acctcli.drafts import Draft
from acctcli.errors import Conflict
from acctcli.model import ADDRESSES, BY_ALIAS, BY_MAIN_ADDRESS, KINDS, Row
from acctcli.recipes import Recipe
from acctcli.store import kinds, lookup, queries
from acctcli.store.kinds import FACTS, KEYED, NAMED_APART, told_by
from acctcli.store.records import new_id
from acctcli.store.references import References, noun
from acctcli.values import identity

Identity = tuple[Any, ...]

Match = Literal["new", "there", "repeated"]
"""A match: a new record, one of the book, or one that an earlier row describes identically."""

_ID = 36  # characters of an id of ours

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
        self._key, self._key_found = recipe.key, recipe.key_found
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
        self._aliases = self._by_alias()
        self._is_empty = not con.execute(f'SELECT 1 FROM "{self._kind}" LIMIT 1').fetchone()

    def match(self, draft: Draft, values: Mapping[str, Any]) -> tuple[str, Match]:
        """Return the id of the record that a row is about, and how it matched.

        `values` are the row's, with references as ids. Raises `Conflict` if an earlier row is about
        the same record and says something else.
        """
        if self._kind in FACTS and told_by(self._kind, values):
            values = {**values, "id": new_id(self._kind, values)}
        own_id: str | None = values.get("id")
        id = self._by_id(draft, values)
        certain = id is not None
        if id is None:
            id = self._by_address(draft, values) or self._by_identity(draft, values)
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
            self._references.called(self._kind, draft.key, id)
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

    def _is_ours(self, key: str | None) -> TypeGuard[str]:
        """Whether a foreign id is the id of a record of the book: another program kept it."""
        return key is not None and len(key) == _ID and key[8] == "-" and self._is_there(key)

    def _named_by_id(self, recipe: Recipe, drafts: Iterable[Draft]) -> Iterator[str]:
        """Yield the records of the book that rows name by our id or a foreign id."""
        if recipe.key is None and "id" not in recipe.columns:
            return
        for draft in drafts:
            id = draft.values.get("id")
            if isinstance(id, str) and self._is_there(id):
                yield id
            if self._is_ours(draft.key):
                yield draft.key
            elif draft.key in self._theirs:
                yield self._theirs[draft.key]

    def _kept_under(self, key: str | None) -> dict[str | None, str]:
        """Return our ids by foreign id, as stored under the name of the key column."""
        if key is None:
            return {}
        return dict(queries.foreign_ids(self._con, self._kind, key).items())

    def _looking_up(self) -> str:
        """Return the SQL that finds the records with given identifying values."""
        columns = [self._column(name) for name in self._identified_by]
        sought = " AND ".join(f"{column} IS ?" for column in columns[: self._indexed])
        return f'SELECT id, {", ".join(columns)} FROM "{self._kind}" WHERE {sought} ORDER BY id'

    def _column(self, name: str) -> str:
        return '"name_key"' if self._is_name(name) else f'"{KINDS[self._kind].fields[name].column}"'

    def _alike(self, sought: Identity) -> list[str]:
        """Return the records of the book with this identity, oldest first."""
        if self._is_empty:
            return []
        indexed = sought[: self._indexed]
        if indexed not in self._groups:
            if self._remembered > _REMEMBERED:
                self._groups.clear()
                self._remembered = 0
            group = self._groups[indexed] = {}
            for id, *found in self._con.execute(self._sql, indexed):
                group.setdefault(tuple(found), []).append(id)
            self._remembered += 1 + len(group)
        return self._groups[indexed].get(sought, [])

    def _by_alias(self) -> dict[Identity, list[str]]:
        """Return the records of the book by the identity that they have under another name."""
        aliases = kinds.finding(self._kind, (BY_ALIAS,)) if self._is_unique else ""
        found: dict[Identity, list[str]] = {}
        for alias, id in self._con.execute(aliases) if aliases else ():
            rest = [self._column(name) for name in self._identified_by[1:]]
            sql = f'SELECT {", ".join(["id", *rest])} FROM "{self._kind}" WHERE id = ?'
            row = self._con.execute(sql, (id,)).fetchone()
            if row is None:
                continue  # another program gave its record another id
            _, *others = row
            found.setdefault((text.key(alias), *others), []).append(id)
        return found

    def _aliased(self, sought: Identity) -> list[str]:
        """Return the record with this alias. Raises `Conflict` if several have it."""
        found = self._aliases.get(sought, [])
        if len(found) > 1:
            holders = text.sentence_list(lookup.describe(self._con, self._kind, found))
            raise Conflict(f"the name is an alias of {holders}. Write the whole name of one")
        return list(found)

    def _is_name(self, name: str) -> bool:
        return self._kind in KEYED and name == KINDS[self._kind].title

    def namesake(self, id: str, values: Mapping[str, Any], before: Row | None) -> str | None:
        """Return whose name a record would get, if another record has it."""
        if self._kind not in NAMED_APART or values.keys().isdisjoint(NAMED_APART[self._kind]):
            return None
        stands = {name: (before or {}).get(name) for name in NAMED_APART[self._kind]}
        if before and "account" in stands:
            stands["account"] = before["account_id"]
        named = self._identity({**stands, **values})
        holder = next(iter(self._alike(named)), None) or self._named.get(named, id)
        return None if holder == id or (before and named == self._identity(stands)) else holder

    def line_that_adds(self, name: str, id: str, values: Mapping[str, Any]) -> int | None:
        """Return the line of an earlier row that adds a record of this name, at the account."""
        title = KINDS[self._kind].title
        holder = self._named.get(self._identity({**values, title: name}), id)
        return None if holder == id or holder not in self._claimed else self._claimed[holder][0]

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
        if self._is_ours(draft.key):
            return draft.key
        if draft.key in self._theirs:
            holder = self._theirs[draft.key]
            if self._key_found:
                self._refuse_other_key(draft, values, holder)
            return holder
        number = values.get("number")
        if number and own is None:
            found = self._references.known(self._kind).by_address.get(number.lower(), [])
            return next(iter(found), None)
        return None

    def _by_address(self, draft: Draft, values: Mapping[str, Any]) -> str | None:
        """Return the record with an address of the row. Raises `Conflict` for a different name."""
        for name, holders in self.holders.items():
            field = KINDS[self._kind].fields[name]
            if field.finds != BY_MAIN_ADDRESS or self._duplicate:
                continue
            for address in items(values.get(name)):
                holder = holders.get(address)
                if holder is None or holder in self._reserved:
                    continue
                if identity.identifies(field.type, address):
                    self._refuse_other_name(draft, field.label, address, holder)
                    return holder
        return None

    def _refuse_other_name(self, draft: Draft, label: str, address: str, holder: str) -> None:
        named = str(draft.values.get("name") or "")
        if draft.part or not named:
            return
        known = self._names_of(holder)
        if known and all(identity.clearly_different(self._kind, named, name) for name in known):
            raise Conflict(
                f"{label} {text.quoted(address)} belongs to {self.who(holder)}, and the row names "
                f"{text.quoted(named)}. Correct one of them. To keep both: --duplicate"
            )

    def _refuse_other_key(self, draft: Draft, values: Mapping[str, Any], holder: str) -> None:
        """Refuse a row under the id of a record with another name: many systems count from 1."""
        named = str(values.get(KINDS[self._kind].title) or "")
        known = self._names_of(holder)
        if draft.part or not known or not named:
            return
        if all(identity.clearly_different(self._kind, named, name) for name in known):
            key = f"{self._key} {text.quoted(draft.key or '')}"
            raise Conflict(
                f"{key} is that of {self.who(holder)}, and the row names {text.quoted(named)}. "
                "If they are the same, import this file alone with its --key"
            )

    def _names_of(self, id: str) -> list[str]:
        """Return the names of a record of the book: its own and its aliases."""
        sql = f'SELECT "{KINDS[self._kind].title}" FROM "{self._kind}" WHERE id = ?'
        found = self._con.execute(sql, (id,)).fetchone()
        if found is None:
            return []
        if "aliases" not in KINDS[self._kind].fields:
            return [found[0] or ""]
        table = f"{self._kind}_alias"
        aliases = self._con.execute(
            f"SELECT alias FROM {table} WHERE {self._kind}_id = ?", (id,)
        ).fetchall()
        return [found[0], *(alias for (alias,) in aliases)]

    def _by_identity(self, draft: Draft, values: Mapping[str, Any]) -> str | None:
        sought = self._identity(values)
        found = self._alike(sought)
        if draft.part and not found:
            return None  # a first name alone identifies nobody who has more than that
        found = found or self._aliased(sought)
        if self._is_unique:
            mine = [id for id in found if id not in self._reserved and id not in self._kept]
            there = next((id for id in mine if not self.is_somebody_else(id, values)), None)
            added = self._added.get(sought)
            return there or (
                added if added and not self._differs_from_added(added, values) else None
            )
        if self._kind == "deal":
            found = [id for id in found if self._may_change(id, values)]
        # For two identical rows, the second one matches the second record.
        while found and (
            found[0] in self._claimed or found[0] in self._reserved or found[0] in self._kept
        ):
            del found[0]
        return found[0] if found else None

    def is_somebody_else(self, id: str, values: Mapping[str, Any]) -> bool:
        """Whether a person of the book or of an earlier row has other addresses than the row."""
        if self._kind != "contact":
            return False
        if not self._is_there(id):
            return self._differs_from_added(id, values)
        return _apart(values, lambda name: self._addresses_of(id, name))

    def _addresses_of(self, id: str, name: str) -> set[str]:
        rows = KINDS[self._kind].fields[name].rows
        assert rows is not None, name  # a list of addresses is in a table of its own
        table, column = rows
        sql = f'SELECT "{column}" FROM "{table}" WHERE {self._kind}_id = ?'
        return {address for (address,) in self._con.execute(sql, (id,))}

    def _differs_from_added(self, id: str, values: Mapping[str, Any]) -> bool:
        """Return the same for a person whom an earlier row adds."""
        if self._kind != "contact":
            return False
        return _apart(
            values,
            lambda name: {
                one for one, holder in self.holders.get(name, {}).items() if holder == id
            },
        )

    def _may_change(self, id: str, values: Mapping[str, Any]) -> bool:
        """Whether a row without an id may be about a deal: open ones, or what it says already."""
        sql = "SELECT stage, amount, close_date, closed_on FROM deal WHERE id = ?"
        stage, amount, close_date, closed_on = self._con.execute(sql, (id,)).fetchone()
        if closed_on is None:
            return True
        said = (values.get("stage", stage), values.get("amount", amount))
        day = values.get("close_date") or values.get("closed_on")
        return said == (stage, amount) and day in (None, close_date, closed_on)

    def _add(self, draft: Draft, values: Mapping[str, Any], id: str, *, own: bool) -> None:
        """Make a new record known to other rows."""
        if self._is_named:
            title = str(values.get(KINDS[self._kind].title) or "")
            account_id = values.get("account")
            self._references.add(self._kind, id, title, account_id, f"line {draft.line}")
        if own:
            return  # rows with our own ids are distinct, however similar they look
        own_identity = self._identity(values)  # one object for both: there may be millions
        if self._is_unique and draft.key is None:
            self._added.setdefault(own_identity, id)
        if self._kind in NAMED_APART:
            self._named.setdefault(own_identity, id)
        for name, known in self.holders.items():
            for address in items(values.get(name)):
                known.setdefault(address, id)
                if self._is_named:
                    self._references.reached_at(self._kind, address, id)


def _apart(values: Mapping[str, Any], stands: Callable[[str], set[str]]) -> bool:
    """Whether the person of a row and one of the same name have addresses, and none in common."""
    return identity.are_apart(
        *((items(values.get(name)), stands(name)) for name in ("emails", "phones"))
    )


def _said_by(draft: Draft) -> bytes:
    """Return a digest of a row: two rows with the same digest say the same.

    `hash` would not do: -1 and -2 have the same hash, and a different row would be lost.
    """
    said = (sorted(draft.values.items()), sorted(draft.ids.items()))
    return blake2b(repr(said).encode(), digest_size=16).digest()


def items(value: Any) -> tuple[Any, ...]:
    """Return the values of a field, whether it has one, several or none."""
    return value if isinstance(value, tuple) else () if value is None else (value,)
