"""Many rows into the book: which record each is about, what would change, and the writing.

`judge` only reads. It finds for every draft the record that it is about (by our
id, by their id, by what tells records of its kind apart), compares the two, and
refuses what cannot be kept: a name that fits nothing or several, a missing
field, an address that is another's. `write` then adds and changes what was
judged, within the caller's transaction. What the cells of a file mean was
decided before (`drafts`); nothing here reads text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from acctcli import ids, model, text
from acctcli.config import Config
from acctcli.drafts import Draft, Recipe, amounts_in
from acctcli.errors import AcctError, Conflict, Invalid
from acctcli.model import KINDS, Field
from acctcli.store import lookup, queries, records
from acctcli.store.journal import Row, Writing
from acctcli.store.records import KEYED
from acctcli.store.references import References
from acctcli.values import Reading

Values = dict[str, Any]
Complete = Callable[[str, Values, Mapping[str, Any]], Values]
Advance = Callable[[int], None]

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
}
"""What tells the records of a kind apart where there is no id, in the order of import."""

UNIQUE = ("account", "product", "contact")
"""Kinds of which no two have the same identity; of the others, the second is another one."""

ABOVE = {"account": "parent", "contact": "reports_to"}
"""References within a kind, which must not go round in a circle."""

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
"""What no two records should share."""

_IDENTIFYING = {"account": "website", "contact": "emails"}
"""The address by which a record is found whatever its name."""

_CHUNK = 1000
_NEAR_SOUGHT = 50  # each is a look through all names


class Refusal(NamedTuple):
    """A row that cannot be written, and why."""

    line: int
    reason: str


class Source(NamedTuple):
    """The rows of one file, as far as they could be read."""

    name: str
    recipe: Recipe
    drafts: Sequence[Draft]
    refused: Sequence[Refusal] = ()


class Entry:
    """A row with its record: `before` is the record as it stands, None for a new one.

    `values` are those to write, references as ids: all of a new record, of one
    that stands those that differ.
    """

    __slots__ = ("before", "custom", "draft", "id", "values")

    def __init__(self, draft: Draft, id: str, values: Values) -> None:
        self.draft = draft
        self.id = id
        self.values = values
        self.custom: Values = {}
        self.before: Row | None = None


class Judged(NamedTuple):
    """What would become of the rows of one file.

    `given_ids` are the ids that were given to new records, those of refused rows included.
    """

    source: Source
    new: list[Entry]
    changed: list[Entry]
    same: list[Entry]
    refused: list[Refusal]
    given_ids: set[str]


class Judgement(NamedTuple):
    """What would become of all files.

    `created` are the accounts that are made up, by id, and `near` those of the book whose
    names are much like theirs; `read_as` is what was taken for a name in part.
    """

    files: list[Judged]
    created: dict[str, str]
    near: dict[str, list[str]]
    read_as: dict[str, str]


class Rules(NamedTuple):
    """What the judging depends on besides the book and the rows.

    `complete(kind, values, current)` adds what values bring along, for a deal its
    probability and closing day; `current` is empty for a new record.
    """

    reading: Reading
    complete: Complete
    create_accounts: bool = False
    duplicate: bool = False


def judge(
    con: sqlite3.Connection, sources: Sequence[Source], rules: Rules, advance: Advance
) -> Judgement:
    """Find out what the import of these files, in this order, would do."""
    references = References(con, create_accounts=rules.create_accounts)
    queries.add_functions(con)
    files = [_Judging(con, references, source, rules).judged(advance) for source in sources]
    if rules.reading.config.required:
        _require(con, files, rules.reading.config)
    if any(file.refused for file in files):
        _refuse_dangling(files)
    created = references.created
    if created:
        used = {id for file in files for e in _written(file) for id in _pointed_to(file, e)}
        created = {id: name for id, name in created.items() if id in used}
    names = list(created.values())[:_NEAR_SOUGHT]
    near = {name: found for name in names if (found := lookup.near_accounts(con, name))}
    return Judgement(files, created, near, references.read_as)


class _Judging:
    """The judging of one file: what it has claimed so far, and what the book holds of its kind."""

    def __init__(
        self, con: sqlite3.Connection, references: References, source: Source, rules: Rules
    ) -> None:
        self.con = con
        self.references = references
        self.source = source
        self.recipe = source.recipe
        self.kind = source.recipe.kind
        self.fields = source.recipe.fields
        self.rules = rules
        self.refused = list(source.refused)
        self.pointers = [name for name, field in self.fields.items() if field.target]
        self.claimed: dict[str, Draft] = {}  # id of a record → the row that is about it
        self.given_ids: set[str] = set()
        self.repeated: list[Entry] = []
        self.there = set(references.known(self.kind).account_of)
        self.theirs = self._theirs()
        self.own_ids = {
            id for draft in source.drafts if (id := draft.values.get("id")) in self.there
        } | {self.theirs[d.key] for d in source.drafts if d.key in self.theirs}
        self.identities = self._identities()
        self.addresses = {
            name: dict(con.execute(sql)) for name, sql in _ADDRESSES.get(self.kind, {}).items()
        }

    def judged(self, advance: Advance) -> Judged:
        """Match every row, then resolve what may be in a later row, then compare."""
        entries = []
        for draft in self.source.drafts:
            advance(1)
            try:
                entry = self._matched(draft)
            except AcctError as error:
                self.refused.append(Refusal(draft.line, error.message))
            else:
                entries += [entry] if entry is not None else []
        current = self._current([entry.id for entry in entries if entry.id in self.there])
        judged = Judged(self.source, [], [], self.repeated, self.refused, self.given_ids)
        for entry in entries:
            entry.before = current.get(entry.id)
            try:
                self._compare(entry)
            except AcctError as error:
                self.refused.append(Refusal(entry.draft.line, error.message))
                continue
            if entry.before is None:
                judged.new.append(entry)
            elif entry.values or entry.custom:
                judged.changed.append(entry)
            else:
                judged.same.append(entry)
        if self.kind in ABOVE:
            _refuse_circles(self.con, judged, ABOVE[self.kind])
        return judged

    # Matching

    def _theirs(self) -> dict[str | None, str]:
        """Our ids by theirs, as they were kept under the name of the key column."""
        if self.recipe.key is None:
            return {}
        sql = "SELECT value, record_id FROM external_id WHERE kind = ? AND key = ?"
        return dict(self.con.execute(sql, (self.kind, text.key(self.recipe.key))))

    def _identities(self) -> dict[tuple[Any, ...], list[str]]:
        """The records of the book that a row can be about by its identity, oldest first."""
        columns = ", ".join(
            '"name_key"' if self._is_name(name) else f'"{self.fields[name].column}"'
            for name in IDENTITY[self.kind]
        )
        found: dict[tuple[Any, ...], list[str]] = {}
        # Under this key, every record that has one of their ids is found by it.
        keyed = set(self.theirs.values())
        rows = self.con.execute(f'SELECT id, {columns} FROM "{self.kind}" ORDER BY id')
        for id, *identity in rows:
            if id not in keyed and id not in self.own_ids:
                found.setdefault(tuple(identity), []).append(id)
        return found

    def _is_name(self, name: str) -> bool:
        return self.kind in KEYED and name == KINDS[self.kind].title

    def _identity(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            text.key(values.get(name) or "") if self._is_name(name) else values.get(name)
            for name in IDENTITY[self.kind]
        )

    def _matched(self, draft: Draft) -> Entry | None:
        """The row with the id of its record; None for one that an earlier row says already."""
        values = dict(draft.values)
        resolved = self._resolve(draft, values, IDENTITY[self.kind], None)
        values |= resolved
        own_id = values.get("id")
        id, certain = self._record_of(draft, values)
        if id in self.claimed:
            first = self.claimed[id]
            if not certain and self.kind not in UNIQUE:
                id = None
            elif first.values == draft.values and first.ids == draft.ids:
                self.repeated.append(Entry(draft, id, {}))
                return None
            else:
                raise Conflict(f"the same {_noun(self.kind)} is on line {first.line} already")
        if id is None:
            id = str(own_id or ids.new_id())
            self.given_ids.add(id)
            self._add(draft, values, id, own=own_id is not None)
        elif own_id is not None and own_id != id:
            self.references.alias(str(own_id), id)
        if draft.key is not None:
            self.theirs[draft.key] = id
        self.claimed[id] = draft
        return Entry(draft, id, resolved)

    def _record_of(self, draft: Draft, values: Mapping[str, Any]) -> tuple[str | None, bool]:
        """The record that a row is about, and whether it says so by an id."""
        if values.get("id") in self.there:
            return values["id"], True
        if draft.key in self.theirs:
            return self.theirs[draft.key], True
        number = str(values.get("number") or "").lower() if not values.get("id") else ""
        if number:
            for id in self.references.known(self.kind).by_address.get(number, []):
                return id, True
        address = None if self.rules.duplicate else _IDENTIFYING.get(self.kind)
        given = values.get(address) if address else None
        for one in given if isinstance(given, tuple) else (given,):
            if one is not None and one in self.addresses[address or ""]:
                found = self.addresses[address or ""][one]
                if found not in self.own_ids:
                    return found, False
        candidates = self.identities.get(self._identity(values), [])
        if self.kind in UNIQUE:
            return next(iter(candidates), None), False
        return next((id for id in candidates if id not in self.claimed), None), False

    def _add(self, draft: Draft, values: Mapping[str, Any], id: str, *, own: bool) -> None:
        """Let later rows know of a record that is new."""
        title = values.get(KINDS[self.kind].title)
        self.references.add(self.kind, id, str(title or ""), values.get("account"))
        # Rows that have ids are told apart by them, however alike they look.
        if self.kind in UNIQUE and not own and draft.key is None:
            self.identities.setdefault(self._identity(values), []).append(id)
        if not own:
            for name, known in self.addresses.items():
                for one in _items(values.get(name)):
                    known.setdefault(one, id)

    # Resolving and comparing

    def _resolve(
        self, draft: Draft, values: Mapping[str, Any], names: Iterable[str], near: str | None
    ) -> Values:
        """The ids of the records that these fields name; the account comes before the others."""
        found: Values = {}
        wanted = [name for name in names if name in self.pointers]
        of_deal = "deal" in self.fields and "account" in self.fields
        if of_deal and "account" in wanted and not self._says(draft, values, "account"):
            wanted = ["deal", *(n for n in wanted if n not in ("account", "deal"))]
        for name in sorted(wanted, key=lambda name: name != "account"):
            if not self._says(draft, values, name):
                continue
            field = self.fields[name]
            place = found.get("account") or near
            found[name] = self._resolve_field(draft, values, field, place)
        if of_deal and found.get("deal"):
            account = self.references.known("deal").account_of.get(found["deal"])
            # A row that has our id says itself that it has no account.
            if self.fields["account"].fixed or not ("account" in found or values.get("id")):
                found["account"] = account
        return found

    def _says(self, draft: Draft, values: Mapping[str, Any], name: str) -> bool:
        return bool(values.get(name)) or name in draft.ids

    def _resolve_field(
        self, draft: Draft, values: Mapping[str, Any], field: Field, near: str | None
    ) -> Any:
        what = self._column(field)
        given_ids = draft.ids.get(field.name, ())
        if not field.many:
            id = given_ids[0] if given_ids else ""
            return self.references.resolve(field, values.get(field.name) or "", id, near, what)
        typed = draft.typed.get(field.name, "")
        listed = self.references.listed(field, typed, given_ids)
        if listed is not None:
            return listed
        named = values.get(field.name) or ()
        return tuple(self.references.resolve(field, one, "", near, what) for one in named)

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
        """Fill in what is to be written: everything of a new record, of another what differs."""
        draft, before = entry.draft, entry.before
        rest = [name for name in self.pointers if name not in entry.values]
        near = entry.values.get("account") or (before or {}).get("account_id")
        resolved = entry.values | self._resolve(draft, draft.values, rest, near)
        if before is None:
            values = self.rules.complete(self.kind, {**draft.values, **resolved}, {})
            self._refuse_missing(values)
            if "id" not in values or self._is_taken(values.get("number")):
                values.pop("number", None)
            values["id"] = entry.id
        else:
            values = self._differing(draft, before, resolved)
            if values:
                completed = self.rules.complete(self.kind, values, before)
                values = {
                    name: value
                    for name, value in completed.items()
                    if _stands(self.fields[name], before) != value or name in values
                }
        self._refuse_twin(entry, values)
        entry.custom = {n: values.pop(n) for n in list(values) if self.fields[n].custom}
        entry.values = values

    def _is_taken(self, number: object) -> bool:
        return str(number).lower() in self.references.known("account").by_address

    def _differing(self, draft: Draft, before: Row, resolved: Values) -> Values:
        """The fields that the row itself gives and that stand otherwise in the book."""
        given: Values = {name: draft.values[name] for name in draft.typed} | resolved
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
            if name in resolved and not self._says(draft, draft.typed, name):
                continue  # a default, or what another field brought along: for new records
            stands = _stands(field, before)
            if field.many and name in self.recipe.lists_added:
                value = (*stands, *(item for item in value if item not in stands))
            if value is not None and value != stands:
                differing[name] = value
        if "currency" in differing:
            differing |= {name: given[name] for name in money}
        return differing

    def _refuse_missing(self, values: Mapping[str, Any]) -> None:
        for name, field in self.fields.items():
            if field.required and not field.custom and values.get(name) in (None, "", ()):
                hint = f"fill it, or give --default {name}=…"
                if name not in self.recipe.columns:
                    hint = f"name its column with --map {name}=COLUMN, or give --default {name}=…"
                raise Invalid(f"{field.label} is missing: {hint}")

    def _refuse_twin(self, entry: Entry, values: Mapping[str, Any]) -> None:
        """Refuse an address that is another record's, unless that is meant."""
        if self.rules.duplicate:
            return
        for name, known in self.addresses.items():
            stands = _items((entry.before or {}).get(name))
            for one in _items(values.get(name)):
                holder = known.get(one, entry.id)
                if holder != entry.id and one not in stands:
                    what = f"{self._column(self.fields[name])} {text.quoted(one)}"
                    raise Conflict(
                        f"{what} is that of {self._who(holder)}. If both are meant: --duplicate"
                    )

    def _who(self, id: str) -> str:
        if id in self.there:
            return lookup.describe(self.con, self.kind, [id])[0]
        return f"line {self.claimed[id].line}"


def _noun(kind: str) -> str:
    return KINDS[kind].name.replace("_", " ")


def _items(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _stands(field: Field, before: Mapping[str, Any]) -> Any:
    """The stored value of a field in a row of the book, references as ids."""
    return before.get(field.id_name if field.target else field.name)


def _written(judged: Judged) -> list[Entry]:
    return [*judged.new, *judged.changed]


def _pointed_to(judged: Judged, entry: Entry) -> list[str]:
    """The ids of the records that an entry's values point to."""
    fields = judged.source.recipe.fields
    return [id for n, v in entry.values.items() if fields[n].target for id in _items(v)]


def _refuse(judged: Judged, refusals: Mapping[str, str]) -> None:
    """Take entries out again, by id with the reason."""
    for entries in (judged.new, judged.changed):
        judged.refused.extend(
            Refusal(entry.draft.line, refusals[entry.id])
            for entry in entries
            if entry.id in refusals
        )
        entries[:] = [entry for entry in entries if entry.id not in refusals]


def _refuse_circles(con: sqlite3.Connection, judged: Judged, name: str) -> None:
    """Refuse rows that would make a record stand above itself."""
    moved = {e.id: e.values[name] for e in _written(judged) if e.values.get(name)}
    if not moved:
        return
    kind = judged.source.recipe.kind
    field = KINDS[kind].fields[name]
    above = dict(con.execute(f'SELECT id, "{field.column}" FROM "{kind}"')) | moved
    refusals = {}
    for id in moved:
        seen = {id}
        higher = above.get(id)
        while higher is not None and higher not in seen:
            seen.add(higher)
            higher = above.get(higher)
        if higher == id:
            refusals[id] = (
                f"{field.label}: no {kind} can stand above itself, directly or through others"
            )
    _refuse(judged, refusals)


def _require(con: sqlite3.Connection, files: Sequence[Judged], config: Config) -> None:
    """Refuse what lacks the fields that the user's own rules require."""
    tiers = dict(con.execute("SELECT id, tier FROM account"))
    for file in files:
        if file.source.recipe.kind == "account":
            tiers |= {e.id: e.values["tier"] for e in _written(file) if "tier" in e.values}
    for file in files:
        kind, fields = file.source.recipe.kind, file.source.recipe.fields
        refusals = {}
        for entry in _written(file):
            row = {**(entry.before or {}), **entry.values, **entry.custom}
            account = entry.id if kind == "account" else row.get("account")
            if entry.before is not None and kind != "account" and "account" not in entry.values:
                account = entry.before.get("account_id")
            tier = tiers.get(account or "")
            missing = records.required_missing(config.required_fields(kind, tier), fields, row)
            if missing:
                refusals[entry.id] = (
                    f"{', '.join(missing)} must be given (the [required] rules of config.toml)"
                )
        _refuse(file, refusals)


def _refuse_dangling(files: Sequence[Judged]) -> None:
    """Refuse what points to a new record that is refused, and what points to that in turn."""
    given = {id for file in files for id in file.given_ids}
    while True:
        gone = given - {entry.id for file in files for entry in file.new}
        dangling = 0
        for file in files:
            refusals = {
                entry.id: "it names a record that is refused itself"
                for entry in _written(file)
                if not gone.isdisjoint(_pointed_to(file, entry))
            }
            _refuse(file, refusals)
            dangling += len(refusals)
        if not dangling:
            return


def write(tx: Writing, judgement: Judgement, advance: Advance) -> None:
    """Add and change what was judged; `advance` is told how many rows are done."""
    created: list[tuple[Values, Values]]
    created = [({"id": id, "name": name}, {}) for id, name in judgement.created.items()]
    records.insert_all(tx, "account", created)
    kinds = {file.source.recipe.kind for file in judgement.files}
    for file in judgement.files:
        kind, key = file.source.recipe.kind, file.source.recipe.key
        for start in range(0, len(file.new), _CHUNK):
            chunk = [(e.values, e.custom) for e in file.new[start : start + _CHUNK]]
            # A history that comes along says itself how a deal closed.
            records.insert_all(tx, kind, chunk, history="deal_change" not in kinds)
            advance(len(chunk))
        for entry in file.changed:
            records.update(tx, kind, entry.id, entry.values, entry.custom)
            advance(1)
        if key is not None:
            _remember(tx, file, kind, text.key(key))


def _remember(tx: Writing, file: Judged, kind: str, key: str) -> None:
    """Keep which of their ids stand for which records, for those not kept yet."""
    kept = {
        value
        for (value,) in tx.con.execute(
            "SELECT value FROM external_id WHERE kind = ? AND key = ?", (kind, key)
        )
    }
    pairs = [
        (entry.draft.key, entry.id)
        for entry in (*file.new, *file.changed, *file.same)
        if entry.draft.key is not None and entry.draft.key not in kept
    ]
    records.remember_external(tx, kind, key, dict(pairs).items())
