"""Fields that hold a list: what an edit adds to them, and what it removes.

An item to remove must be there, or a typing error would pass for a change. If an edit has many
records, one of them is enough: the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.asked import Given, ListChange
from acctcli.errors import Ambiguous, NotFound, UsageError
from acctcli.model import KINDS, REF, TEXT, Field
from acctcli.store import lookup
from acctcli.values import fields

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.context import Context

_SHOWN = 5
"""How many items of a list a message names."""

Items = dict[str, str]
"""Items of a list by stored value, as a message shows them."""


class Lists:
    """The changes of lists by one command, over all its records."""

    def __init__(self, context: Context, kind: str, given: Given) -> None:
        self.context = context
        self.kind = kind
        self.fields = KINDS[kind].fields
        self.changes = [change.replace(removed=self._split(change)) for change in given.lists]
        self.names: list[str] = []  # how many records were looked at
        self.there: dict[str, Items] = {}  # what their lists hold, by field
        self.added: dict[str, Items] = {}
        self.removed: dict[str, Items] = {}
        self.was: dict[str, Items] = {}
        self.missed: dict[tuple[str, str], bool] = {}  # (field, typed) → not in any record so far
        for change in given.lists:
            by_flag = {change.add_flag: change.added, change.remove_flag: change.removed}
            for flag, typed in by_flag.items():
                if any(not one.strip() for one in typed):
                    raise UsageError(f"{flag} is empty. Write what it is about")

    def _split(self, change: ListChange) -> tuple[str, ...]:
        """Return the items to remove, one by one: each must be there."""
        field = self.fields[change.name]
        parts = (one.strip() for typed in change.removed for one in fields.split(field, typed))
        return tuple(dict.fromkeys(part for part in parts if part))

    def change(
        self,
        con: sqlite3.Connection,
        record: lookup.Found,
        row: Mapping[str, Any],
        found: dict[str, Any],
    ) -> None:
        """Put the new lists of a record into `found`."""
        self.names.append(record.name)
        near = found.get("account") or record.account_id
        for change in self.changes:
            field = self.fields[change.name]
            if change.name in found:
                flags = [change.add_flag] * bool(change.added)
                flags += [change.remove_flag] * bool(change.removed)
                raise UsageError(
                    f"the {field.label} are set anew by {field.options[0]} or --set: "
                    f"leave out {' and '.join(flags)}"
                )
            stands = _items(field, row)
            self.there.setdefault(change.name, {}).update(stands)
            gone: Items = {}
            for typed in change.removed:
                mark = (change.name, typed)
                taken = self._held(con, field, typed, stands, near, change.remove_flag)
                self.missed[mark] = self.missed.get(mark, True) and not taken
                gone |= taken
            new = self._read(con, field, change, near)
            # An item that is both removed and added ends up at the end.
            kept = {_key(field, item): item for item in stands if item not in gone}
            for item in new:
                kept.setdefault(_key(field, item), item)
            found[change.name] = tuple(kept.values())
            there = set(stands)
            self.added.setdefault(change.name, {}).update(
                {item: new[item] for item in kept.values() if item not in there}
            )
            self.removed.setdefault(change.name, {}).update(
                {item: shown for item, shown in gone.items() if item not in found[change.name]}
            )

    def _read(
        self, con: sqlite3.Connection, field: Field, change: ListChange, near: str | None
    ) -> Items:
        read = fields.read_list(field, change.added, self.context.reading, change.add_flag)
        added = read if isinstance(read, tuple) else ()
        if field.type != REF:
            return {item: item for item in added}
        return {one.id: one.name for one in (_find(con, field, name, near) for name in added)}

    def _held(
        self,
        con: sqlite3.Connection,
        field: Field,
        typed: str,
        stands: Items,
        near: str | None,
        flag: str,
    ) -> Items:
        """Return the items of the list that are meant; none if the list does not have it."""
        wanted = text.key(typed)
        exact = {item: shown for item, shown in stands.items() if text.key(shown) == wanted}
        if len(exact) > 1:
            named = lookup.describe(con, field.target, list(exact))
            raise Ambiguous(
                f"{flag} {text.quoted(typed)} matches {', '.join(named)}. Use the id",
                candidates=named,
            )
        if exact:
            return exact
        try:
            if field.type == REF:
                items: Any = (_find(con, field, typed, near, whole=True).id,)
            else:
                items = fields.read_list(field, [typed], self.context.reading, flag)
        except NotFound:
            return {}
        keys = {_key(field, item) for item in items}
        return {item: shown for item, shown in stands.items() if _key(field, item) in keys}

    def replaced(self, row: Mapping[str, Any], before: Iterable[str]) -> None:
        """Note the previous lists of a record that are replaced."""
        for name in before:
            field = self.fields.get(name)
            if field is not None and field.many and name not in self.added:
                self.was.setdefault(name, {}).update(_items(field, row))

    def refuse_absent(self) -> None:
        """Raise `NotFound` for items to remove that no record has, naming those they have."""
        for change in self.changes:
            for typed in change.removed:
                if not self.missed[change.name, typed]:
                    continue
                there = [text.safe(shown) for shown in self.there[change.name].values()]
                has = f"There: {text.sentence_list(there, _SHOWN)}" if there else "There is none"
                raise NotFound(
                    f"{change.remove_flag} {text.quoted(typed)}: {self._nobody()} this "
                    f"{self.fields[change.name].word}. {has}",
                    candidates=there[:_SHOWN],
                )

    def _nobody(self) -> str:
        if len(self.names) == 1:
            return f"{text.safe(self.names[0])} does not have"
        return f"none of the {len(self.names):,} {KINDS[self.kind].several} has"

    @staticmethod
    def new(stands: Any, becomes: Any) -> Any:
        """Return the new items of a list; any other value as it is."""
        if not isinstance(becomes, tuple):
            return becomes
        return tuple(item for item in becomes if item not in stands)

    def says(self, name: str) -> str:
        """Describe the change of a list: `was a@x.sg`, `added expo, removed vip`; or ""."""
        parts = {
            "was": self.was.get(name),
            "added": self.added.get(name),
            "removed": self.removed.get(name),
        }
        return "; ".join(
            f"{verb} {text.sentence_list([text.safe(one) for one in items.values()], _SHOWN)}"
            for verb, items in parts.items()
            if items
        )


def _find(
    con: sqlite3.Connection, field: Field, typed: str, near: str | None, *, whole: bool = False
) -> lookup.Found:
    if near is None:
        return lookup.find(con, field.target, typed, whole=whole)
    return lookup.find_near_account(con, field.target, typed, near, whole=whole)


def _items(field: Field, row: Mapping[str, Any]) -> Items:
    shown: Sequence[str] = row[field.name]
    stored: Sequence[str] = row[field.id_name] if field.type == REF else shown
    return dict(zip(stored, shown, strict=True))


def _key(field: Field, item: str) -> str:
    """Return the form in which two items of a list are the same."""
    return text.key(item) if field.type == TEXT else item
