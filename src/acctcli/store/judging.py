"""Plan an import: which record each row is about, and what is refused.

`judge` only reads. For every draft it finds the record it is about (`matching`) and the records it
names (`references`), compares it with the book, and refuses what cannot be stored: an unknown or
ambiguous name, a missing field, an address of another record. `drafts` has read the cells before,
and `bulk` writes the result.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import Any, Protocol

from acctcli import model, text
from acctcli.drafts import Draft, amounts_in
from acctcli.errors import AcctError, Conflict, Invalid, Missing, NotFound
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field, Row, Values
from acctcli.spool import Spool
from acctcli.store import conflicts, further, lookup, queries, together
from acctcli.store.judgement import (
    Advance,
    Entry,
    JudgedFile,
    Judgement,
    Refusal,
    Source,
    when_written,
)
from acctcli.store.kinds import ABOVE
from acctcli.store.matching import Match, Matching, items
from acctcli.store.references import References
from acctcli.values import identity
from acctcli.values.fields import Reading

_CHUNK = 1000
_NEAR_SOUGHT = 50  # each takes a search through all names


class Complete(Protocol):
    """Checks and completes the values of one record."""

    def __call__(self, kind: str, values: Values, current: Row, /, *, written: str = "") -> Values:
        """Return what to store; `written` is the moment at which our own export was made."""


class ImportRules(Frozen):
    """What judging depends on besides the book and the rows.

    `complete(kind, values, current)` adds what values imply, for a deal its probability and closing
    day; `current` is empty for a new record.
    """

    reading: Reading
    complete: Complete
    create_accounts: bool = False
    duplicate: bool = False


def judge(
    con: sqlite3.Connection, sources: Sequence[Source], rules: ImportRules, advance: Advance
) -> Judgement:
    """Return what the import of these files, in this order, would do."""
    references = References(con, create_accounts=rules.create_accounts)
    queries.add_functions(con)
    pointed_at = _pointed_at(sources)
    files = [
        _Judging(con, references, source, rules, pointed_at).judged(advance) for source in sources
    ]
    if rules.reading.config.required:
        together.require(con, files, rules.reading.config)
    if any(file.refused for file in files):
        together.refuse_dangling(files)
    created = references.created
    if created:
        used = {
            id
            for file in files
            for entry in together.written(file)
            for id in together.pointed_to(file, entry)
            if id in created
        }
        created = {id: name for id, name in created.items() if id in used}
    names = list(created.values())[:_NEAR_SOUGHT]
    near = {name: found for name in names if (found := lookup.near_accounts(con, name))}
    near |= _near_products(con, files)
    return Judgement(files, created, near, references.read_as)


def _near_products(con: sqlite3.Connection, files: Iterable[JudgedFile]) -> dict[str, list[str]]:
    """Return the products of the book that new ones are called like, but for spaces and signs."""
    names = [
        str(entry.values["name"])
        for file in files
        if file.source.recipe.kind == "product"
        for entry in islice(file.new, _NEAR_SOUGHT)
    ]
    return {name: found for name in names if (found := lookup.near_products(con, name))}


class _Judging:
    """Judges the rows of one file."""

    def __init__(
        self,
        con: sqlite3.Connection,
        references: References,
        source: Source,
        rules: ImportRules,
        pointed_at: Set[str],
    ) -> None:
        recipe = source.recipe
        self.con = con
        self.references = references
        self.source = source
        self.recipe = recipe
        self.kind = recipe.kind
        self.fields = recipe.fields
        self.rules = rules
        self.reasons: dict[str, str] = {}
        self.is_named = recipe.kind in pointed_at
        self.matching = Matching(
            con,
            references,
            recipe,
            source.drafts,
            duplicate=rules.duplicate,
            named=self.is_named,
        )
        self.pointers = [
            n for n, field in self.fields.items() if field.target and not field.derived
        ]
        self.of_deal = {"account", "deal"} <= self.fields.keys()
        self.person = "contacts" if self.kind == "log" else "contact"

    def judged(self, advance: Advance) -> JudgedFile:
        """Match every row, then resolve references to later rows, then compare."""
        refused = list(self.source.refused)
        given_ids = self.matching.given_ids
        judged = JudgedFile(self.source, refused, given_ids)
        matches = Spool[tuple[str, Match, Values] | None](_itself, _itself)
        for draft in self.source.drafts:
            advance(1)
            try:
                # Only the fields that identify it: other references may be to later rows.
                found = self._resolve(draft, KINDS[self.kind].identity, None)
                matches.append((*self.matching.match(draft, {**draft.values, **found}), found))
            except AcctError as error:
                refused.append(self._refusal(draft, error))
                matches.append(None)
        pairs = zip(self.source.drafts, matches, strict=True)
        while chunk := list(islice(pairs, _CHUNK)):
            self._compare_all(chunk, judged)
        if self.kind in ABOVE:
            together.refuse_circles(self.con, judged, ABOVE[self.kind])
        self.references.judged(self.kind, len(refused))
        return judged

    def _compare_all(
        self, chunk: Sequence[tuple[Draft, tuple[str, Match, Values] | None]], judged: JudgedFile
    ) -> None:
        """Compare all rows with the book, after all rows are matched."""
        there = [match[0] for _, match in chunk if match and match[1] == "there"]
        current = self._current(there)
        for draft, match in chunk:
            if match is None:
                continue
            id, how, found = match
            entry = Entry(draft, id, found)
            if how == "repeated":
                judged.same.append(entry)
                continue
            entry.before = current.get(id)
            try:
                self._compare(entry)
            except AcctError as error:
                judged.refused.append(self._refusal(draft, error))
            else:
                judged.take(entry)

    def _refusal(self, draft: Draft, error: AcctError) -> Refusal:
        # Many rows are refused for the same reason, which is stored once.
        return Refusal(draft.line, self.reasons.setdefault(error.message, error.message))

    def _resolve(self, draft: Draft, names: Iterable[str], near: str | None) -> Values:
        """Return the ids of the records in these fields; people and deals are looked up at `near`.

        A row that names a deal but no account belongs to the account of the deal.
        """
        wanted = {name for name in names if name in self.pointers}
        if self.of_deal and "account" in wanted and not _gives(draft, "account"):
            wanted.add("deal")
            if not _gives(draft, "deal"):
                wanted.add(self.person)
        found: Values = {}
        for name in sorted(wanted, key=lambda name: (name != "account", name != "deal")):
            if not _gives(draft, name):
                continue
            if name == "account" and self.recipe.about and self._is_about(draft, found):
                near = found["account"]
                continue
            try:
                found[name] = self._resolve_field(draft, self.fields[name], near)
            except NotFound as error:
                if not self.recipe.lenient or self.fields[name].required:
                    raise
                said = f"{self.fields[name].label} that are not in the book were left out"
                self.source.remarks.add(said, draft.line, error.message.partition(":")[0])
                for part in (draft.values, draft.typed, draft.ids):
                    part.pop(name, None)
                continue
            if name == "account":
                near = found[name]
            elif name == "deal" and self.of_deal:
                account = self.references.known("deal").account_of.get(found[name])
                # A row with our id says that it has no account on purpose.
                if self.fields["account"].fixed or not (near or draft.values.get("id")):
                    near = found["account"] = account
        ours = bool(draft.values.get("id")) and self.kind != "log"  # without account on purpose
        if self.person in found and self.person not in names and not ours:
            people = found[self.person] if self.person == "contacts" else [found[self.person]]
            of = {self.references.known("contact").account_of.get(id) for id in people}
            if len(of) == 1 and (account := of.pop()):
                found["account"] = account
        return found

    def _is_about(self, draft: Draft, found: Values) -> bool:
        """Whether the column of the account names something of it; then fill in both.

        Some systems have one column for what an activity is about: a company, a deal or a person.
        """
        typed = str(draft.values.get("account") or "")
        id = next(iter(draft.ids.get("account", ())), "")
        for kind in ("account", "deal", "contact"):
            name = kind if kind in self.recipe.about else f"{kind}s"
            if name not in self.recipe.about:
                continue
            ours = self.references.named(kind, typed, id)
            if ours is None:
                continue
            of = ours if kind == "account" else self.references.known(kind).account_of.get(ours)
            if of is None:
                continue
            found["account"] = of
            if kind != "account" and name in self.fields:
                found[name] = (ours,) if self.fields[name].many else ours
            return True
        return False

    def _resolve_field(self, draft: Draft, field: Field, near: str | None) -> Any:
        what = self._column(field)
        given_ids = draft.ids.get(field.name, ())
        if not field.many:
            typed = str(draft.values.get(field.name) or "")
            id = given_ids[0] if given_ids else ""
            return self.references.resolve(field, typed, id, near, what)
        typed = draft.typed.get(field.name, "")
        sure = bool(self.recipe.exported)
        listed = self.references.listed(field, typed, given_ids, sure=sure)
        if listed is not None:
            return listed
        named = items(draft.values.get(field.name))
        return tuple(self.references.resolve(field, one, "", near, what) for one in named)

    def _is_shared(self, field: Field, address: str, holder: str, entry: Entry) -> bool:
        """Whether an address may be that of several: an office's mailbox, a switchboard."""
        if not identity.identifies(field.type, address):
            return True
        if field.type != model.PHONE or self.kind != "contact":
            return False
        account = entry.values.get("account") or (entry.before or {}).get("account_id")
        return bool(account) and self.references.known("contact").account_of.get(holder) == account

    def _column(self, field: Field) -> str:
        columns = self.recipe.columns.get(field.name) or self.recipe.columns.get(field.id_name)
        return columns[0] if columns else field.label

    def _current(self, matched: Sequence[str]) -> dict[str, Row]:
        if not matched:
            return {}
        listing = queries.Listing([queries.by_ids("id", matched)], "created_at")
        names = [name for name, field in self.fields.items() if not field.derived]
        rows = queries.select(self.con, self.kind, self.fields, listing, names=names)
        return {row["id"]: row for row in rows}

    def _compare(self, entry: Entry) -> None:
        """Fill in the values to write: all of a new record, only differing ones of another."""
        draft, before = entry.draft, entry.before
        rest = [name for name in self.pointers if name not in entry.values]
        near = entry.values.get("account") or (before or {}).get("account_id")
        resolved = entry.values | self._resolve(draft, rest, near)
        if before is None:
            values = self._complete({**draft.values, **resolved}, {})
            foreign = "id" not in values or self._is_taken(values.get("number"))
            if self.kind == "account" and foreign:
                values.pop("number", None)
            values["id"] = entry.id
        else:
            values = self._differing(draft, before, resolved)
            if values:
                completed = self._complete(values, before, when_written(draft))
                values = {
                    name: value
                    for name, value in completed.items()
                    if _stands(self.fields[name], before) != value or name in values
                }
        self._refuse_twin(entry, values)
        self._say_renamed(entry, values)
        entry.custom = {n: values.pop(n) for n in list(values) if self.fields[n].custom}
        entry.values = values

    def _say_renamed(self, entry: Entry, values: Values) -> None:
        """Say that a record found by its address or id gets another name."""
        title = KINDS[self.kind].title
        before = str((entry.before or {}).get(title) or "")
        if before and title in values and text.key(values[title] or "") != text.key(before):
            if self.is_named:
                self.references.renamed(self.kind, entry.id, str(values[title]))
            self.source.remarks.add(
                f"{text.quoted(before)} is now called {text.quoted(values[title])}",
                entry.draft.line,
                "",
            )

    def _complete(self, values: Values, before: Row, written: str = "") -> Values:
        """Apply the rules to a row; a refusal says how the file can provide what is missing."""
        try:
            return self.rules.complete(self.kind, values, before, written=written)
        except Missing as error:
            raise self._missing(error.field, new=not before) from None

    def _is_taken(self, number: object) -> bool:
        return str(number).lower() in self.references.known("account").by_address

    def _differing(self, draft: Draft, before: Row, resolved: Values) -> Values:
        """Return the fields that the row sets and whose value in the book differs."""
        given: Values = {name: draft.values[name] for name in draft.typed} | resolved
        if draft.part and "name" in given:
            given["name"] = _with_part(str(before["name"]), str(given["name"]), draft.part)
        money = [name for name in draft.typed if self.fields[name].type == model.MONEY]
        if money:
            given["currency"] = draft.values["currency"]
            if before["currency"] and before["currency"] != given["currency"]:
                reading = self.rules.reading
                given |= amounts_in(self.recipe, draft, before["currency"], reading)
        differing = {}
        for name, value in given.items():
            field = self.fields[name]
            if field.fixed and name not in ("account", "currency"):
                continue
            if name in self.recipe.only_new:
                continue
            if name in resolved and not (name in draft.typed or name in draft.ids):
                continue  # defaults and implied values are only for new records
            stands = _stands(field, before)
            if self.recipe.only_empty and stands not in (None, "", ()):
                continue
            if field.many and name in self.recipe.lists_added:
                value = (*stands, *(item for item in value if item not in stands))
            if name in self.recipe.texts_added:
                value = text.joined(stands, value)
            if "id" not in draft.values and further.has(self.kind, before, name, value):
                continue  # a further name or address of it, which stays one
            if value is not None and value != stands:
                differing[name] = value
        if "currency" in differing:
            differing |= {name: given[name] for name in money}
        return differing

    def _missing(self, name: str, *, new: bool = True) -> Invalid:
        """Return the error for a row that lacks a field, and how the file can provide it.

        A default fills a field of a new record only.
        """
        if name in self.recipe.columns:
            ways = ["fill it"]
        else:
            # A column that nobody reads, of a similar name, may be the one.
            column = next(iter(text.near(name, self.recipe.unused, limit=1)), None)
            named = f"name its column, such as --map {shlex.quote(f'{name}={column}')}"
            ways = [named if column else "add a column for it"]
        if new:
            word = next(iter(self.fields[name].choices), "")
            ways.append(f"or give --default {name}={word}")
        return Invalid(f"{self.fields[name].label} is missing: {', '.join(ways)}")

    def _refuse_alias(self, entry: Entry, values: Mapping[str, Any]) -> None:
        """Refuse another name that would also mean another record.

        An export of ours has the names that its book had, and they come back as they were.
        """
        if self.recipe.own:
            return
        before = entry.before or {}
        account = values.get("account", before.get("account_id"))
        for name in conflicts.ALIASES.get(self.kind, ()):
            for alias in items(values.get(name)):
                if alias in items(before.get(name)):
                    continue
                found = conflicts.called_so(self.con, self.kind, alias, entry.id, account)
                line = None if found else self.matching.line_that_adds(alias, entry.id, values)
                if found or line:
                    who = self.matching.who(found[0][0]) if found else f"line {line}"
                    raise Conflict(
                        f"{self._column(self.fields[name])} {text.quoted(alias)} is already a name "
                        f"of {who}. To keep both: --duplicate"
                    )

    def _refuse_twin(self, entry: Entry, values: Mapping[str, Any]) -> None:
        """Refuse an address or name of another record, unless duplicates are allowed."""
        if self.rules.duplicate:
            return
        namesake = self.matching.namesake(entry.id, values, entry.before)
        if namesake is not None and self.matching.is_somebody_else(namesake, values):
            self.source.remarks.add(
                "another person of this name is here", entry.draft.line, values["name"]
            )
        elif namesake is not None:
            name = text.quoted(values.get("name") or (entry.before or {})["name"])
            raise Conflict(
                f"{self._column(self.fields['name'])} {name} is that of "
                f"{self.matching.who(namesake)}. To keep both: --duplicate"
            )
        self._refuse_alias(entry, values)
        for name, holders in self.matching.holders.items():
            field = self.fields[name]
            stands = items((entry.before or {}).get(name))
            for one in items(values.get(name)):
                holder = holders.get(one, entry.id)
                if (
                    holder == entry.id
                    or one in stands
                    or self._is_shared(field, one, holder, entry)
                ):
                    continue
                else:
                    what = f"{self._column(self.fields[name])} {text.quoted(one)}"
                    raise Conflict(
                        f"{what} already belongs to {self.matching.who(holder)}. "
                        "To keep both: --duplicate"
                    )


def _with_part(name: str, part: str, which: str) -> str:
    """Return a person's name with another first or last name, and the rest unchanged."""
    if " " not in name:
        return name if name.casefold() == part.casefold() else f"{part} {name}".strip()
    if which == "first":
        return f"{part} {name.partition(' ')[2]}"
    return f"{name.rpartition(' ')[0]} {part}"


def _gives(draft: Draft, name: str) -> bool:
    """Whether a row, or a default, names a record in this field."""
    return bool(draft.values.get(name)) or name in draft.ids


def _stands(field: Field, before: Mapping[str, Any]) -> Any:
    """Return the stored value of a field in a row of the book; references are ids."""
    return before.get(field.id_name if field.target else field.name)


def _pointed_at(sources: Iterable[Source]) -> frozenset[str]:
    """Return the kinds that rows of these files refer to."""
    return frozenset(
        field.target
        for source in sources
        for name, field in source.recipe.fields.items()
        if field.target
        and (
            name in source.recipe.columns
            or field.id_name in source.recipe.columns
            or name in source.recipe.defaults
            or name in source.recipe.about
        )
    )


def _itself(packed: Any) -> Any:
    return packed
