"""Find the records that the rows of an import name: by the rules of `lookup`, but in bulk.

The names of a kind are read once and every answer is cached, so that ten thousand rows take no more
lookups than they have different names. Records that the same import adds can be named before they
are written.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence

from acctcli import ids, text
from acctcli.errors import Ambiguous, Conflict, NotFound
from acctcli.model import ADDRESSES, BY_ALIAS, BY_NUMBER, KINDS, Field
from acctcli.store import kinds, lookup
from acctcli.store.kinds import KEYED

_SUGGESTED = 25
"""How many unknown names get suggestions: a whole screen of them."""


class KnownRecords:
    """The known records of one kind: those of the book, and those being added."""

    def __init__(self) -> None:
        self.account_of: dict[str, str | None] = {}  # by id
        self.by_name: dict[str, list[str]] = {}  # ids by the comparable form of the name
        self.by_alias: dict[str, list[str]] = {}  # the same by other names
        self.by_address: dict[str, list[str]] = {}
        self.key_of: dict[str, str] = {}  # the comparable form of the name, by id
        self.added: dict[str, str] = {}  # how messages name records being added, by id


class References:
    """Finds the records that rows name. With `create_accounts`, unknown accounts are added.

    `created` holds those accounts, `read_as` the partial names that were read as the one record
    whose name starts with them or contains them, because that must not happen silently.
    """

    def __init__(self, con: sqlite3.Connection, *, create_accounts: bool = False) -> None:
        self._con = con
        self._create_accounts = create_accounts
        self._known: dict[str, KnownRecords] = {}
        self._answers: dict[tuple[str, str, str | None], str | NotFound | Ambiguous] = {}
        self._theirs: dict[str, dict[str, list[str]]] = {}
        self._aliases: dict[str, str] = {}
        self._names: dict[str, str] = {}  # per kind, counted up
        self._unknown = 0
        self._refused: dict[str, int] = {}  # rows of the files before, by kind
        self.created: dict[str, str] = {}  # id → name
        self.read_as: dict[str, str] = {}

    def known(self, kind: str) -> KnownRecords:
        """Return the ids, names and addresses of a kind, read on first use."""
        if kind not in self._known:
            self._known[kind] = self._load(kind)
        return self._known[kind]

    def _load(self, kind: str) -> KnownRecords:
        name = "name_key" if kind in KEYED else "NULL"
        known = KnownRecords()
        for id, key, account_id in self._con.execute(
            f'SELECT id, {name}, {kinds.account_of(kind)} FROM "{kind}" ORDER BY id'
        ):
            known.account_of[id] = account_id
            if key is not None:
                known.by_name.setdefault(key, []).append(id)
                known.key_of[id] = key
        aliases = kinds.finding(kind, (BY_ALIAS,))
        for alias, id in self._con.execute(aliases) if aliases else ():
            known.by_alias.setdefault(text.key(alias), []).append(id)
        for address, id in self._con.execute(kinds.finding(kind, (BY_NUMBER, *ADDRESSES))):
            known.by_address.setdefault(address.lower(), []).append(id)
        return known

    def add(self, kind: str, id: str, name: str, account_id: str | None, place: str = "") -> None:
        """Make a record that will be added, from some row, known to other rows."""
        known = self.known(kind)
        known.account_of[id] = id if kind == "account" else account_id
        known.added[id] = text.safe(f"{name} ({place})" if place else name)
        if kind in KEYED:
            key = known.key_of[id] = text.key(name)
            known.by_name.setdefault(key, []).append(id)

    def renamed(self, kind: str, id: str, name: str) -> None:
        """Let the rows after it name a record by the name that a row gives it."""
        named = self.known(kind).by_name.setdefault(text.key(name), [])
        if id not in named:
            named.append(id)

    def reached_at(self, kind: str, address: str, id: str) -> None:
        """Make the address of a record that will be added known to other rows."""
        holders = self.known(kind).by_address.setdefault(address.lower(), [])
        if id not in holders:
            holders.append(id)

    def judged(self, kind: str, refused: int) -> None:
        """Take note that the rows of a file are judged, and how many of them are refused."""
        self._refused[kind] = self._refused.get(kind, 0) + refused

    def alias(self, id: str, ours: str) -> None:
        """Make the id that a record has in an export of another book mean ours."""
        self._aliases[id] = ours

    def called(self, kind: str, theirs: str, ours: str) -> None:
        """Let the id that a row has in another system stand for ours in the rows after it."""
        self._load_theirs(kind).setdefault(theirs, [])
        if ours not in self._theirs[kind][theirs]:
            self._theirs[kind][theirs].append(ours)

    def resolve(self, field: Field, typed: str, id: str, account_id: str | None, what: str) -> str:
        """Return the id that a cell means: by the id beside it if that is known, else by name.

        Raises `NotFound` and `Ambiguous`, and `Conflict` if id and name belong to two records.
        """
        kind = field.target
        known = self.known(kind)
        ours = self.by_id(kind, id) if id else None
        if ours is None:
            if not typed:
                advice = self._advice(field, field.id_name)
                raise NotFound(
                    f"{what} {text.quoted(id)}: no {noun(kind)} has this id here. {advice}"
                )
            return self._find(field, typed, account_id, what)
        key = text.key(typed)
        named = known.by_name.get(key, []) + known.by_alias.get(key, []) if typed else []
        if named and ours not in named:
            raise Conflict(
                f"{what} {text.quoted(typed)} is not the {noun(kind)} with the id beside it. "
                "Clear the id, or correct the name"
            )
        return ours

    def listed(
        self, field: Field, typed: str, given: Sequence[str], *, sure: bool = False
    ) -> tuple[str, ...] | None:
        """Return the ids of a list, if all are known and the names beside them, if any, agree.

        A name may contain the separator `; `, so names are compared as one text. Nobody edits what
        another system exports: there, the ids are `sure`.
        """
        known = self.known(field.target)
        ours = [self.by_id(field.target, id) for id in given]
        found = tuple(id for id in ours if id is not None)
        if not found or len(found) < len(given):
            return None
        if sure:
            return found
        names = "; ".join(known.key_of.get(id, "") for id in found)
        return found if not typed or text.key(typed) == text.key(names) else None

    def by_id(self, kind: str, id: str) -> str | None:
        """Return our id for an id of ours, of another book, or of another system with a key."""
        own = self._aliases.get(id.lower(), id.lower())
        if own in self.known(kind).account_of:
            return own
        found = self._load_theirs(kind).get(id, [])
        return found[0] if len(found) == 1 else None

    def _load_theirs(self, kind: str) -> dict[str, list[str]]:
        if kind not in self._theirs:
            theirs: dict[str, list[str]] = {}
            rows = self._con.execute(
                "SELECT value, record_id FROM external_id WHERE kind = ?", (kind,)
            )
            for value, record_id in rows:
                theirs.setdefault(value, []).append(record_id)
            self._theirs[kind] = theirs
        return self._theirs[kind]

    def named(self, kind: str, typed: str, id: str) -> str | None:
        """Return the one record that an id or a whole name means; None if there is none."""
        ours = self.by_id(kind, id) if id else None
        if ours is None and typed:
            known = self.known(kind)
            key = text.key(typed)
            found = known.by_address.get(typed.lower(), []) or known.by_name.get(key, [])
            ours = found[0] if len(found) == 1 else None
        return ours

    def _find(self, field: Field, typed: str, account_id: str | None, what: str) -> str:
        kind = field.target
        near = account_id if kind in ("contact", "deal") else None
        question = (kind, typed, near)
        if question not in self._answers:
            try:
                self._answers[question] = self._search(kind, typed, near)
            except (NotFound, Ambiguous) as error:
                self._answers[question] = error
        answer = self._answers[question]
        if isinstance(answer, str):
            return answer
        shown = f"{what} {text.quoted(typed)}"
        candidates = text.sentence_list(answer.candidates, 5)
        if isinstance(answer, Ambiguous):
            raise Ambiguous(
                f"{shown} matches {candidates}. Write the whole name", candidates=answer.candidates
            )
        hint = text.did_you_mean(answer.candidates)
        advice = "To add missing accounts: --create-accounts"
        if kind != "account" or self._refused.get(kind):
            advice = self._advice(field, field.name)
        raise NotFound(
            f"{shown}: no such {noun(kind)}.{hint} {advice}",
            candidates=answer.candidates,
        )

    def _advice(self, field: Field, column: str) -> str:
        """Return what to do about a record that is not there, as a sentence without its point."""
        several = KINDS[field.target].several
        refused = self._refused.get(field.target)
        if refused:
            which = (
                f"among the {refused:,} {several}" if refused > 1 else f"the {noun(field.target)}"
            )
            return f"It may be {which} that this import refuses: fix the refused rows first"
        advice = f"Import its {several} in the same command"
        if refused == 0:
            advice = f"The {several} of this import do not have it either"
        return advice if field.required else f"{advice}, or leave it out with --map {column}="

    def _search(self, kind: str, typed: str, account_id: str | None) -> str:
        known = self.known(kind)
        key = text.key(typed)
        found = known.by_address.get(typed.lower(), []) or known.by_name.get(key, [])
        if not found and (aliased := known.by_alias.get(key)):
            # As in a command, `alpha` may mean Alpha GmbH too.
            alike = lookup.alike_but_for_form(self._con, typed, form=False)
            found = [*aliased, *(alike if kind == "account" else ())]
        if account_id is not None:
            own = [id for id in found if known.account_of[id] == account_id]
            # People attend other accounts' meetings, but a deal belongs to one account.
            found = own if own or kind == "deal" else found
        if len(set(found)) == 1:
            return found[0]
        if found:
            raise Ambiguous("", candidates=self._described(kind, found))
        if kind == "account" and self._create_accounts:
            id = ids.new_id()
            self.created[id] = typed
            self.add(kind, id, typed, id)
            return id
        return self._search_in_part(kind, typed, account_id)

    def _search_in_part(self, kind: str, typed: str, account_id: str | None) -> str:
        """Return the one record of the book whose name starts with, or contains, what is typed."""
        if kind not in self._names:
            self._names[kind] = "\n".join(self.known(kind).by_name)
        look = functools.partial(
            lookup.find,
            self._con,
            kind,
            typed,
            # If no name contains it, only ids and addresses can match.
            whole=text.key(typed) not in self._names[kind],
            suggest=self._unknown < _SUGGESTED,
        )
        try:
            record = look(account_id=account_id)
        except NotFound:
            self._unknown += 1
            if account_id is None or kind == "deal":
                raise
            record = look()
        self.read_as[typed] = record.name
        return record.id

    def _described(self, kind: str, found: list[str]) -> list[str]:
        known = self.known(kind)
        new = [known.added[id] for id in found if id in known.added]
        old = [id for id in found if id not in known.added]
        return [*lookup.describe(self._con, kind, old), *new]


def noun(kind: str) -> str:
    """Return a kind as a message names it: `deal change`."""
    return KINDS[kind].one
